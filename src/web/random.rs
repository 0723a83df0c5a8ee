//! Random bytes and tokens from the kernel. Nobody guesses them, and they are stored as hashes only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::trouble::Trouble;

/// Random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Trouble::NoRandom)?;
    Ok(bytes)
}

/// A token of 256 bits, in characters that may stand in an address, a cookie or a form.
pub fn token() -> Result<String, Trouble> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// Whether a text has the form of a token; others need not be looked up.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_and_never_comes_twice() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert!(is_token(&one) && is_token(&other) && one != other);
        assert!(!is_token("") && !is_token(&one[1..]) && !is_token(&one.replace(&one[..1], "/")));
    }
}
