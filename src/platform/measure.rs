//! Colours, lengths and sizes of flex components: keywords, pixels, percentages.
//!
//! Each function is one `Check`; none looks beyond its own string.

use serde_json::Value;

use super::schema::{Issues, Place, Wrong};

const GAPS: &[&str] = &["none", "xs", "sm", "md", "lg", "xl", "xxl"];
const FONTS: &[&str] = &["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"];
const BORDERS: &[&str] = &["none", "light", "normal", "medium", "semi-bold", "bold"];

fn number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |part: &str| (1..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction)
}

fn is_pixels(text: &str) -> bool {
    // Offsets may point outwards, hence the sign.
    text.strip_suffix("px").is_some_and(|part| number(part.strip_prefix('-').unwrap_or(part)))
}

fn is_percent(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|part| number(part.strip_prefix('-').unwrap_or(part)))
}

fn check(value: &Value, place: &Place, issues: &mut Issues, fits: impl Fn(&str) -> bool) {
    if !value.as_str().is_some_and(fits) {
        issues.add(place, Wrong::text("invalid property"));
    }
}

/// `#RRGGBB` or `#RRGGBBAA`.
pub(super) fn color(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| {
        let digits = text.strip_prefix('#').unwrap_or_default();
        matches!(digits.len(), 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit())
    });
}

/// Margins, spacing and corner radius: a keyword or pixels.
pub(super) fn gap(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| GAPS.contains(&text) || is_pixels(text));
}

/// Padding and offsets: a keyword, pixels or a percentage.
pub(super) fn padding(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| GAPS.contains(&text) || is_pixels(text) || is_percent(text));
}

/// Width and height of a box: pixels or a percentage.
pub(super) fn length(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| is_pixels(text) || is_percent(text));
}

/// Pixels only.
pub(super) fn pixels(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, is_pixels);
}

/// A percentage only.
pub(super) fn percentage(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, is_percent);
}

/// Border widths.
pub(super) fn border(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| BORDERS.contains(&text) || is_pixels(text));
}

/// Font sizes: a keyword or pixels.
pub(super) fn font_size(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| FONTS.contains(&text) || is_pixels(text));
}

/// Icon sizes: the same words as font sizes.
pub(super) fn icon_size(value: &Value, place: &Place, issues: &mut Issues) {
    font_size(value, place, issues);
}

/// Image sizes: a font keyword, `full`, pixels or a percentage.
pub(super) fn image_size(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| {
        FONTS.contains(&text) || text == "full" || is_pixels(text) || is_percent(text)
    });
}

/// The angle of a gradient: `90deg`.
pub(super) fn angle(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| text.strip_suffix("deg").is_some_and(number));
}

/// `{width}:{height}`, each 1 to 100000, the height at most three times the width.
pub(super) fn ratio(value: &Value, place: &Place, issues: &mut Issues) {
    check(value, place, issues, |text| {
        let part = |text: &str| if number(text) { text.parse::<f64>().ok() } else { None };
        let sides = text.split_once(':').and_then(|(width, height)| part(width).zip(part(height)));
        let fits = |side: f64| (1.0..=100_000.0).contains(&side);
        sides.is_some_and(|(width, height)| fits(width) && fits(height) && height <= width * 3.0)
    });
}

#[cfg(test)]
mod tests {
    use super::super::schema::Check;
    use super::super::schema::tests::verdict;
    use super::*;
    use serde_json::json;

    fn each(check: Check, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(verdict(&json!(text), check), "", "{text}");
        }
        for text in bad {
            assert!(verdict(&json!(text), check).contains("invalid property"), "{text}");
        }
        assert!(!verdict(&json!(5), check).is_empty());
    }

    #[test]
    fn colours_are_six_or_eight_hex_digits() {
        each(color, &["#06C755", "#06c75580"], &["06C755", "#06C75", "#06C75G", "red", ""]);
    }

    #[test]
    fn measures_are_keywords_pixels_or_percentages() {
        each(gap, &["none", "xxl", "5px", "5.5px"], &["5", "5em", "px", "50%", "3xl"]);
        each(padding, &["md", "5px", "50%", "-4px"], &["huge", "%"]);
        each(length, &["100px", "30%"], &["md"]);
        each(font_size, &["3xl", "20px"], &["full", "20%"]);
        each(image_size, &["full", "20%", "5xl"], &["none"]);
        each(border, &["semi-bold", "2px"], &["thick"]);
        each(angle, &["0deg", "90.5deg"], &["90", "deg"]);
    }

    #[test]
    fn a_ratio_is_at_most_three_times_as_high_as_wide() {
        each(ratio, &["1:1", "20:13", "1:3", "1.91:1"], &["1:3.1", "0:1", "1", "100001:1", "a:b"]);
    }
}
