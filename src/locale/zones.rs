//! Places that people name when they say where they live, and the time zones they mean. A table and how it is looked
//! up; what a zone does to a schedule is the domain's business.
//!
//! A country with several clocks (アメリカ, カナダ, オーストラリア, ブラジル …) is not here by its name alone: a wrong guess would
//! ask at four in the morning, so the question is asked again instead.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::words::CLOSING_MARKS;

/// Characters of a text that are looked at; no place has a longer name.
const TEXT_CHARS_MAX: usize = 60;

/// What may stand behind a place: "日本時間", "Tokyo time".
const ENDINGS: [&str; 2] = ["時間", "time"];

/// Zones that are offered as buttons; all others may be typed.
pub const CHOICES: [&str; 12] = [
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Taipei",
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Toronto",
    "America/Vancouver",
    "Australia/Sydney",
    "Europe/London",
];

/// A zone on each line: its IANA name, how it is shown, and what people type for it. By continent, from east to west.
const PLACES: &str = "\
Asia/Tokyo | 東京（日本） | 日本, にほん, にっぽん, 東京, とうきょう, 大阪, 沖縄, Japan, Tokyo, JST
Asia/Seoul | ソウル（韓国） | 韓国, かんこく, ソウル, 釜山, プサン, Korea, South Korea, Seoul, KST
Asia/Taipei | 台北（台湾） | 台湾, たいわん, 台北, 高雄, Taiwan, Taipei
Asia/Shanghai | 上海（中国） | 中国, ちゅうごく, 上海, 北京, 大連, China, Shanghai, Beijing
Asia/Hong_Kong | 香港 | 香港, ほんこん, Hong Kong
Asia/Macau | マカオ | マカオ, Macau, Macao
Asia/Ulaanbaatar | ウランバートル（モンゴル） | モンゴル, ウランバートル, Mongolia, Ulaanbaatar
Asia/Manila | マニラ（フィリピン） | フィリピン, マニラ, セブ, Philippines, Manila, Cebu
Asia/Makassar | バリ（インドネシア中部） | バリ, バリ島, デンパサール, インドネシア中部, Bali, Denpasar
Asia/Singapore | シンガポール | シンガポール, Singapore
Asia/Kuala_Lumpur | クアラルンプール（マレーシア） | マレーシア, クアラルンプール, ペナン, Malaysia, Kuala Lumpur
Asia/Jakarta | ジャカルタ（インドネシア西部） | ジャカルタ, インドネシア西部, Jakarta
Asia/Bangkok | バンコク（タイ） | タイ, バンコク, チェンマイ, Thailand, Bangkok
Asia/Ho_Chi_Minh | ホーチミン（ベトナム） | ベトナム, ホーチミン, ハノイ, Vietnam, Ho Chi Minh, Hanoi
Asia/Phnom_Penh | プノンペン（カンボジア） | カンボジア, プノンペン, Cambodia, Phnom Penh
Asia/Yangon | ヤンゴン（ミャンマー） | ミャンマー, ヤンゴン, Myanmar, Yangon
Asia/Kathmandu | カトマンズ（ネパール） | ネパール, カトマンズ, Nepal, Kathmandu
Asia/Kolkata | デリー（インド） | インド, デリー, ニューデリー, ムンバイ, India, Delhi, New Delhi, Mumbai
Asia/Dubai | ドバイ（アラブ首長国連邦） | ドバイ, アラブ首長国連邦, UAE, Dubai
Europe/Istanbul | イスタンブール（トルコ） | トルコ, イスタンブール, Turkey, Istanbul
Europe/Moscow | モスクワ（ロシア西部） | モスクワ, ロシア西部, Moscow
Europe/Helsinki | ヘルシンキ（フィンランド） | フィンランド, ヘルシンキ, Finland, Helsinki
Europe/Stockholm | ストックホルム（スウェーデン） | スウェーデン, ストックホルム, Sweden, Stockholm
Europe/Vienna | ウィーン（オーストリア） | オーストリア, ウィーン, Austria, Vienna
Europe/Rome | ローマ（イタリア） | イタリア, ローマ, ミラノ, Italy, Rome, Milan
Europe/Berlin | ベルリン（ドイツ） | ドイツ, ベルリン, デュッセルドルフ, ミュンヘン, フランクフルト, Germany, Berlin, Munich
Europe/Zurich | チューリッヒ（スイス） | スイス, チューリッヒ, ジュネーブ, Switzerland, Zurich, Zürich, Geneva
Europe/Amsterdam | アムステルダム（オランダ） | オランダ, アムステルダム, Netherlands, Amsterdam
Europe/Brussels | ブリュッセル（ベルギー） | ベルギー, ブリュッセル, Belgium, Brussels
Europe/Paris | パリ（フランス） | フランス, パリ, France, Paris
Europe/Madrid | マドリード（スペイン） | マドリード, バルセロナ, スペイン本土, Madrid, Barcelona
Europe/London | ロンドン（イギリス） | イギリス, 英国, ロンドン, UK, England, Great Britain, London
Europe/Dublin | ダブリン（アイルランド） | アイルランド, ダブリン, Ireland, Dublin
Africa/Nairobi | ナイロビ（ケニア） | ケニア, ナイロビ, Kenya, Nairobi
Africa/Cairo | カイロ（エジプト） | エジプト, カイロ, Egypt, Cairo
Africa/Johannesburg | ヨハネスブルグ（南アフリカ） | 南アフリカ, ヨハネスブルグ, ケープタウン, South Africa, Johannesburg, Cape Town
America/Sao_Paulo | サンパウロ（ブラジル東部） | サンパウロ, ブラジル東部, Sao Paulo, São Paulo
America/Argentina/Buenos_Aires | ブエノスアイレス（アルゼンチン） | アルゼンチン, ブエノスアイレス, Argentina, Buenos Aires
America/Asuncion | アスンシオン（パラグアイ） | パラグアイ, アスンシオン, Paraguay, Asuncion
America/La_Paz | ラパス（ボリビア） | ボリビア, ラパス, Bolivia, La Paz
America/Lima | リマ（ペルー） | ペルー, リマ, Peru, Lima
America/Halifax | ハリファックス（カナダ大西洋岸） | ハリファックス, カナダ大西洋岸, Halifax
America/Toronto | トロント（カナダ東部） | トロント, カナダ東部, オタワ, モントリオール, Toronto, Ottawa, Montreal
America/New_York | ニューヨーク（アメリカ東部） | ニューヨーク, アメリカ東部, 米国東部, ボストン, ワシントンDC, アトランタ, マイアミ, New York, Boston, US Eastern
America/Winnipeg | ウィニペグ（カナダ中部） | ウィニペグ, カナダ中部, Winnipeg
America/Chicago | シカゴ（アメリカ中部） | シカゴ, アメリカ中部, 米国中部, ダラス, ヒューストン, Chicago, Dallas, Houston, US Central
America/Mexico_City | メキシコシティ | メキシコシティ, メキシコシティー, Mexico City
America/Edmonton | カルガリー（カナダ山岳部） | カルガリー, エドモントン, カナダ山岳部, Calgary, Edmonton
America/Denver | デンバー（アメリカ山岳部） | デンバー, アメリカ山岳部, アメリカ山地, 米国山岳部, Denver, US Mountain
America/Phoenix | フェニックス（アリゾナ） | フェニックス, アリゾナ, アリゾナ州, Phoenix, Arizona
America/Vancouver | バンクーバー（カナダ西部） | バンクーバー, カナダ西部, Vancouver
America/Los_Angeles | ロサンゼルス（アメリカ西部） | ロサンゼルス, ロス, アメリカ西部, 米国西部, サンフランシスコ, シアトル, サンディエゴ, ラスベガス, Los Angeles, LA, San Francisco, Seattle, US Pacific
America/Anchorage | アンカレジ（アラスカ） | アラスカ, アンカレジ, アンカレッジ, Alaska, Anchorage
Pacific/Honolulu | ホノルル（ハワイ） | ハワイ, ホノルル, Hawaii, Honolulu
Pacific/Guam | グアム | グアム, サイパン, Guam, Saipan
Pacific/Auckland | オークランド（ニュージーランド） | ニュージーランド, オークランド, New Zealand, Auckland
Australia/Sydney | シドニー（オーストラリア東部） | シドニー, キャンベラ, Sydney, Canberra
Australia/Melbourne | メルボルン（オーストラリア南東部） | メルボルン, Melbourne
Australia/Brisbane | ブリスベン（オーストラリア北東部） | ブリスベン, ブリスベーン, ケアンズ, ゴールドコースト, Brisbane, Cairns, Gold Coast
Australia/Adelaide | アデレード（オーストラリア南部） | アデレード, Adelaide
Australia/Darwin | ダーウィン（オーストラリア北部） | ダーウィン, Darwin
Australia/Perth | パース（オーストラリア西部） | パース, Perth";

/// A line of the table.
#[derive(Clone, Copy)]
struct Place {
    zone: &'static str,
    label: &'static str,
    typed: &'static str,
}

impl Place {
    /// Everything that stands for the place: what people type, and what is shown.
    fn names(self) -> impl Iterator<Item = &'static str> {
        self.typed.split(", ").chain([self.label])
    }
}

fn places() -> impl Iterator<Item = Place> {
    PLACES.lines().filter_map(|line| {
        let mut parts = line.split(" | ");
        Some(Place { zone: parts.next()?, label: parts.next()?, typed: parts.next()? })
    })
}

/// All zones of the built-in data that name a place. What is left out (`Etc/GMT+9`, `EST`) means something else than
/// it seems to say.
static IANA: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    names.filter(|name| name.contains('/') && !name.starts_with("Etc/")).collect()
});

/// The zone of a place that somebody typed or chose: a place of the table in any width, case and kana, or the name of
/// any IANA zone in any case.
#[must_use]
pub fn find(text: &str) -> Option<&'static str> {
    if text.chars().nth(TEXT_CHARS_MAX).is_some() {
        return None;
    }
    let key = key(text);
    let bare = ENDINGS.iter().find_map(|ending| key.strip_suffix(ending));
    let in_table = |key: &str| TABLE.get(key).copied();
    in_table(&key).or_else(|| in_table(bare?)).or_else(|| IANA_KEYS.get(&key).copied())
}

/// How a zone is shown, where the table has it.
#[must_use]
pub fn label(iana: &str) -> Option<&'static str> {
    places().find(|place| place.zone == iana).map(|place| place.label)
}

/// Zones by folded name; every text that somebody types is looked up here. Of two the first one counts.
type Keys = BTreeMap<String, &'static str>;

fn keys(names: impl Iterator<Item = (&'static str, &'static str)>) -> Keys {
    let mut keys = Keys::new();
    for (name, zone) in names {
        keys.entry(key(name)).or_insert(zone);
    }
    keys
}

static TABLE: LazyLock<Keys> =
    LazyLock::new(|| keys(places().flat_map(|p| p.names().map(move |name| (name, p.zone)))));

static IANA_KEYS: LazyLock<Keys> =
    LazyLock::new(|| keys(IANA.iter().map(|name| (name.as_str(), name.as_str()))));

/// Folds what makes no difference: width, case, accents that compose, spaces, marks, long vowels, and the two kana.
fn key(text: &str) -> String {
    let folded: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '・' | 'ー' | '\'' | '‐' | '−'))
        .flat_map(char::to_lowercase)
        .map(katakana)
        .collect();
    folded.trim_end_matches(CLOSING_MARKS).to_owned()
}

/// Hiragana as katakana; everything else as it is.
fn katakana(c: char) -> char {
    let is_hiragana = ('\u{3041}'..='\u{3096}').contains(&c);
    if is_hiragana { char::from_u32(u32::from(c) + 0x60).unwrap_or(c) } else { c }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::domain::schedule::Zone;
    use proptest::prelude::*;

    /// Longest label of a button at LINE.
    const BUTTON_CHARS_MAX: usize = 20;

    #[test]
    fn every_line_is_whole_and_names_a_known_zone_once_under_one_label() {
        assert_eq!(places().count(), PLACES.lines().count());
        let labels: BTreeMap<_, _> = places().map(|place| (place.label, place.zone)).collect();
        let zones: BTreeSet<_> = places().map(|place| place.zone).collect();
        assert_eq!((labels.len(), zones.len()), (places().count(), places().count()));
        for place in places() {
            assert!(Zone::named(place.zone).is_some(), "{}", place.zone);
            assert!(
                place
                    .names()
                    .all(|name| name.trim() == name && !name.is_empty() && !name.contains('|'))
            );
        }
    }

    #[test]
    fn every_name_means_one_zone() {
        let mut seen = BTreeMap::new();
        for place in places() {
            for key in place.names().map(key).collect::<BTreeSet<_>>() {
                assert_eq!(seen.insert(key.clone(), place.zone), None, "{key}");
            }
            for name in place.names() {
                assert_eq!(find(name), Some(place.zone), "{name}");
                let key = key(name);
                assert!(!key.is_empty() && !ENDINGS.iter().any(|end| key.ends_with(end)), "{name}");
            }
        }
    }

    #[test]
    fn every_choice_can_be_shown_on_a_button_and_is_offered_once() {
        for (place, zone) in CHOICES.iter().enumerate() {
            let label = label(zone).unwrap();
            assert!(label.chars().count() <= BUTTON_CHARS_MAX, "{label}");
            assert_eq!(find(label), Some(*zone));
            assert!(!CHOICES[..place].contains(zone), "{zone}");
        }
        assert_eq!(CHOICES[0], Zone::DEFAULT);
    }

    #[test]
    fn people_type_as_they_like() {
        for (text, zone) in [
            ("ハワイ", "Pacific/Honolulu"),
            ("はわい", "Pacific/Honolulu"),
            ("ﾊﾜｲ", "Pacific/Honolulu"),
            (" ハワイ時間 ", "Pacific/Honolulu"),
            ("Ｎｅｗ　Ｙｏｒｋ", "America/New_York"),
            ("newyork", "America/New_York"),
            ("ﾆｭｰﾖｰｸ", "America/New_York"),
            ("アメリカ・東部", "America/New_York"),
            ("Tokyo time", "Asia/Tokyo"),
            ("韓国。", "Asia/Seoul"),
            ("トロント（カナダ東部）", "America/Toronto"),
            ("sao paulo", "America/Sao_Paulo"),
        ] {
            assert_eq!(find(text), Some(zone), "{text}");
        }
    }

    #[test]
    fn a_country_with_several_clocks_is_not_guessed() {
        for text in [
            "アメリカ",
            "米国",
            "USA",
            "カナダ",
            "オーストラリア",
            "ブラジル",
            "ロシア",
            "メキシコ",
            "海外",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn any_iana_name_is_taken_in_any_case_and_comes_back_as_iana_writes_it() {
        for (text, name) in [
            ("America/Indiana/Knox", "America/Indiana/Knox"),
            ("america/indiana/knox", "America/Indiana/Knox"),
            ("ASIA/TASHKENT", "Asia/Tashkent"),
            ("Ａｓｉａ／Ｔｏｋｙｏ", "Asia/Tokyo"),
        ] {
            assert_eq!(find(text), Some(name), "{text}");
        }
        for text in ["EST", "Etc/GMT+9", "Asia/Atlantis", "UTC", "posixrules"] {
            assert_eq!(find(text), None, "{text}");
        }
        assert_eq!(label("America/Indiana/Knox"), None);
        assert!(IANA.len() > 400, "{}", IANA.len());
    }

    #[test]
    fn no_two_iana_names_are_the_same_once_folded() {
        let mut seen = BTreeMap::new();
        for name in IANA.iter() {
            assert_eq!(seen.insert(key(name), name), None, "{name}");
        }
    }

    fn full_width(c: char) -> char {
        if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c) } else { c }
    }

    proptest! {
        #[test]
        fn width_case_and_spaces_make_no_difference(
            place in 0..PLACES.lines().count(), wide in any::<bool>(), loud in any::<bool>(), gap in "[ 　\t]{0,3}",
        ) {
            let place = places().nth(place).unwrap();
            for name in place.names().chain([place.zone]) {
                let text = if loud { name.to_uppercase() } else { name.to_lowercase() };
                let text: String = if wide { text.chars().map(full_width).collect() } else { text };
                let text: String = text.chars().flat_map(|c| [c.to_string(), gap.clone()]).collect();
                if text.chars().count() <= TEXT_CHARS_MAX {
                    prop_assert_eq!(find(&text), Some(place.zone), "{}", text);
                }
            }
        }

        #[test]
        fn whatever_is_found_is_a_zone(text in "\\PC{0,80}") {
            prop_assert!(find(&text).is_none_or(|zone| Zone::named(zone).is_some()));
        }
    }
}
