//! The second factor: numbers of an authenticator app (RFC 6238, SHA-1, six digits, half a minute, one
//! step early or late), and recovery codes for the day when the telephone is lost.

use maud::{Markup, html};
use totp_rs::{Builder, Secret, Totp};
use unicode_normalization::UnicodeNormalization;

use crate::domain::staff::{Factor, FactorSecret, RECOVERY_CODES, SecondFactor, Staff, TokenHash};
use crate::domain::time::Moment;
use crate::locale::percent;
use crate::web::public::qr;
use crate::web::random;
use crate::web::trouble::Trouble;

/// Digits of a number.
const DIGITS: u8 = 6;

/// How long a number is shown, in seconds.
const STEP_SECONDS: u64 = 30;

/// Numbers before and after the present one that are taken as well: clocks differ, people are slow.
const SKEW: u16 = 1;

/// Characters of the name of the office that an app shows: a longer one makes the code too fine.
const ISSUER_CHARS: usize = 16;

/// The characters of a recovery code: none that look alike. 24 of them are 120 bits.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const RECOVERY_CHARS: usize = 24;

/// More than this is neither a number nor a code.
const TYPED_CHARS_MAX: usize = 100;

fn totp(secret: FactorSecret) -> Totp {
    let builder = Builder::new().with_digits(DIGITS).with_step_duration(STEP_SECONDS);
    // Unchecked, because nothing is left to check: the secret has its full length by its type.
    builder.with_skew(SKEW).with_secret(Secret::new_stack(secret.0)).build_noncompliant()
}

/// A fresh secret.
pub(super) fn fresh() -> Result<FactorSecret, Trouble> {
    random::bytes().map(FactorSecret)
}

/// What was typed, in one width and case, without what people put between groups.
fn tidy(typed: &str) -> String {
    let folded = typed.chars().take(TYPED_CHARS_MAX).nfkc().flat_map(char::to_uppercase);
    folded.filter(char::is_ascii_alphanumeric).collect()
}

/// The step whose number was typed, if it is one of now.
#[must_use]
pub(super) fn confirmed(secret: FactorSecret, typed: &str, now: Moment) -> Option<SecondFactor> {
    let seconds = u64::try_from(now.seconds()).unwrap_or(0);
    let last_step = totp(secret).check(&tidy(typed), seconds)?;
    Some(SecondFactor { secret, last_step })
}

/// The factor of an account that was typed: a number that was not used yet, or a recovery code.
/// Without an account the same is computed in vain.
#[must_use]
pub(super) fn shown(staff: Option<&Staff>, typed: &str, now: Moment) -> Option<Factor> {
    let known = staff.and_then(|staff| staff.second_factor);
    let secret = known.map_or(FactorSecret([0; 20]), |factor| factor.secret);
    let number = confirmed(secret, typed, now);
    let fresh =
        number.filter(|number| known.is_some_and(|known| known.last_step < number.last_step));
    let code = TokenHash::of(&tidy(typed));
    let is_code = staff.is_some_and(|staff| staff.recovery.contains(&code));
    fresh.map(Factor::Number).or_else(|| is_code.then_some(Factor::Recovery(code)))
}

/// Fresh recovery codes, as they are shown, and as they are stored.
pub(super) fn recovery_codes() -> Result<(Vec<String>, Vec<TokenHash>), Trouble> {
    let mut shown = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let random: [u8; RECOVERY_CHARS] = random::bytes()?;
        let code: String =
            random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        shown.push(grouped(&code));
    }
    let stored = shown.iter().map(|code| TokenHash::of(&tidy(code))).collect();
    Ok((shown, stored))
}

/// In groups of four, as one copies them.
fn grouped(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// The secret as one types it into an app.
#[must_use]
pub(super) fn as_text(secret: FactorSecret) -> String {
    grouped(&Secret::new_stack(secret.0).to_base32()).replace('-', " ")
}

/// What the QR code holds.
fn address(secret: FactorSecret, account: &str, office: &str) -> String {
    let issuer: String = office.chars().take(ISSUER_CHARS).collect();
    let secret = Secret::new_stack(secret.0).to_base32();
    format!(
        "otpauth://totp/{}?secret={secret}&issuer={}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
        percent(account),
        percent(&issuer)
    )
}

/// The QR code that an app reads.
#[must_use]
pub(super) fn picture(secret: FactorSecret, account: &str, office: &str, alt: &str) -> Markup {
    html! {
        @if let Some(picture) = qr::inline(&address(secret, account, office), alt) { (picture) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::StaffId;
    use crate::domain::name::Name;
    use crate::domain::staff::{Failures, PasswordHash, Scope, StaffRole};

    /// The secret of RFC 6238, appendix B, and the last six digits of its table.
    const SECRET: FactorSecret = FactorSecret(*b"12345678901234567890");

    fn staff(last_step: u64) -> Staff {
        Staff {
            id: StaffId(1),
            name: Name::of_person("山田").unwrap(),
            role: StaffRole::Worker,
            scope: Scope::Everything,
            mail: None,
            since: Moment::EPOCH,
            active: true,
            password: Some(PasswordHash(String::new())),
            second_factor: Some(SecondFactor { secret: SECRET, last_step }),
            invitation: None,
            recovery: Vec::new(),
            failures: Failures::default(),
        }
    }

    #[test]
    fn the_numbers_of_the_standard_are_taken_however_they_are_typed() {
        for (seconds, number) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
            (59, "２８７０８２"),
            (59, " 287 082 "),
            (59, "287-082"),
        ] {
            let confirmed = confirmed(SECRET, number, Moment::from_seconds(seconds)).unwrap();
            assert_eq!(confirmed.last_step, seconds as u64 / 30, "{number}");
        }
        for wrong in ["", "287083", "28708", "2870821", "+28708", "二八七〇八二"] {
            assert_eq!(confirmed(SECRET, wrong, Moment::from_seconds(59)), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_is_taken_one_step_early_or_late_and_no_more() {
        let number = totp(SECRET).generate(3_000_000_000).to_string();
        for (seconds, taken) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            let now = Moment::from_seconds(3_000_000_000 + seconds);
            assert_eq!(confirmed(SECRET, &number, now).is_some(), taken, "{seconds}");
        }
    }

    #[test]
    fn a_number_counts_once_and_an_older_one_not_at_all() {
        let now = Moment::from_seconds(59);
        assert!(shown(Some(&staff(0)), "287082", now).is_some());
        assert!(shown(Some(&staff(1)), "287082", now).is_none());
        assert!(shown(Some(&staff(2)), "287082", now).is_none());
        let of_zeros = totp(FactorSecret([0; 20])).generate(59).to_string();
        assert!(shown(None, &of_zeros, now).is_none(), "nobody has no number");
    }

    #[test]
    fn recovery_codes_are_ten_of_120_bits_and_read_back_as_typed() {
        let (codes, stored) = recovery_codes().unwrap();
        assert_eq!((codes.len(), stored.len()), (10, 10));
        let owner = Staff { recovery: stored.clone(), ..staff(0) };
        for (code, hash) in codes.iter().zip(stored) {
            assert_eq!(code.len(), RECOVERY_CHARS + 5);
            let typed = code.to_lowercase().replace('-', " ");
            let shown = shown(Some(&owner), &typed, Moment::from_seconds(59));
            assert_eq!(shown, Some(Factor::Recovery(hash)));
        }
        assert!(!codes.contains(&recovery_codes().unwrap().0[0]));
    }

    #[test]
    fn an_app_gets_names_in_any_language() {
        let address = address(SECRET, "山田 花子", "みどり市");
        assert!(address.starts_with("otpauth://totp/%E5%B1%B1%E7%94%B0%20"), "{address}");
        assert!(address.contains("?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E3%81%BF"));
        assert_eq!(as_text(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
