//! LINE's signature: base64 of HMAC-SHA256 over the raw body bytes, keyed with the channel secret
//! as text. Checked before anything is parsed.
//!
//! Source: LINE Developers, "Verify webhook signature".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// The secrets of the channel: the present one, and during a rotation the one before.
#[derive(Clone)]
pub struct Secrets(Vec<Vec<u8>>);

impl Secrets {
    /// Takes the secrets as LINE's console shows them. Empty ones are left out.
    #[must_use]
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let kept = secrets.into_iter().filter(|secret| !secret.is_empty());
        Self(kept.map(|secret| secret.as_bytes().to_vec()).collect())
    }

    /// Whether `signature` is LINE's signature of `body`. Takes the same time wherever the first
    /// difference lies, and whichever secret matches.
    #[must_use]
    pub fn verify(&self, body: &[u8], signature: &str) -> bool {
        let mut given = [0_u8; 32];
        let decoded = STANDARD.decode_slice(signature.trim(), &mut given);
        if !matches!(decoded, Ok(32)) {
            return false;
        }
        let matches = self
            .0
            .iter()
            .fold(Choice::from(0), |found, secret| found | digest(secret, body).ct_eq(&given));
        matches.into()
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

fn digest(secret: &[u8], body: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(body);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
    const BODY: &[u8] = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    const SIGNATURE: &str = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";

    #[test]
    fn the_documented_example_verifies() {
        assert!(Secrets::new([SECRET]).verify(BODY, SIGNATURE));
    }

    #[test]
    fn during_a_rotation_both_secrets_count() {
        assert!(Secrets::new(["new-secret", SECRET]).verify(BODY, SIGNATURE));
        assert!(!Secrets::new(["new-secret", ""]).verify(BODY, SIGNATURE));
        assert!(!Secrets::new([]).verify(BODY, SIGNATURE));
    }

    #[test]
    fn a_secret_that_is_given_as_the_present_one_and_the_one_before_counts() {
        assert!(Secrets::new([SECRET, SECRET]).verify(BODY, SIGNATURE));
    }

    #[test]
    fn a_log_says_how_many_secrets_there_are_and_none_of_them() {
        assert_eq!(format!("{:?}", Secrets::new([SECRET, "", "new-secret"])), "2 secrets");
    }

    #[test]
    fn no_single_changed_byte_passes() {
        let secrets = Secrets::new([SECRET]);
        for place in 0..BODY.len() {
            for bit in 0..8 {
                let mut body = BODY.to_vec();
                body[place] ^= 1 << bit;
                assert!(!secrets.verify(&body, SIGNATURE));
            }
        }
    }

    #[test]
    fn a_malformed_signature_is_no_signature() {
        let secrets = Secrets::new([SECRET]);
        for bad in
            ["", "=", "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDL", "あ", &SIGNATURE.repeat(3)]
        {
            assert!(!secrets.verify(BODY, bad), "{bad}");
        }
    }
}
