//! The data of a button, its seal put right: whatever words get that far mean nothing, or one press that is written
//! back as the same, short enough for LINE.

use std::sync::LazyLock;

use anshin::domain::invitation::Mint;
use anshin::line::postback;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

static MINT: LazyLock<Mint> = LazyLock::new(|| Mint::new(&[42; 32]));

/// The words as a button of this data file would carry them.
fn sealed(words: &str) -> String {
    let seal = URL_SAFE_NO_PAD.encode(MINT.seal(words));
    format!("{words}~{seal}")
}

pub(crate) fn run(bytes: &[u8]) {
    let Ok(words) = std::str::from_utf8(bytes) else { return };
    assert_eq!(postback::read(words, &MINT), None, "a button without its seal");
    let Some(press) = postback::read(&sealed(words), &MINT) else { return };
    let written = postback::write(press, &MINT);
    assert_eq!(postback::read(&written, &MINT), Some(press));
    // Numbers may be spelled in several ways, the word that says what is meant may not.
    let meant = |data: &str| data.split(['.', '~']).next().map(str::to_owned);
    assert_eq!(meant(&written), meant(words));
    assert!(written.chars().count() <= postback::DATA_CHARS_MAX);
    assert_eq!(postback::read(&written, &Mint::new(&[43; 32])), None, "a button of another file");
}
