//! How the service presents itself: the council's name, number and colours, the picture on top of its pages, and the
//! terms that people agree to. What is not set here comes from the configuration.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::details::{Line, Phone};
use super::time::Moment;

/// Largest picture, in bytes.
pub const PICTURE_BYTES_MAX: usize = 512 * 1024;

/// Longest text of the terms, and of the privacy text, in characters.
pub const TERMS_CHARS_MAX: usize = 20_000;

/// The contrast that text needs with what is behind it (WCAG 2.2, 1.4.3).
const CONTRAST_MIN: f64 = 4.5;

/// The darkest ground on which links of the council's colour stand: a choice that is pointed at, in the style sheet. The
/// grey at the foot of a page is lighter.
const GROUND: Colour = Colour { red: 0xe8, green: 0xf1, blue: 0xfe };

/// How the service presents itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Face {
    /// The name of the council or service.
    pub name: Option<Line>,
    /// The number to phone.
    pub phone: Option<Phone>,
    /// When and whom to phone: section, extension, hours.
    pub hours: Option<Line>,
    /// The colour of buttons and links.
    pub colour: Option<Colour>,
    /// The picture on top of the pages of those who are asked and who watch.
    pub banner: Option<PictureId>,
    /// Grows with each change: whoever changes an older one is told.
    pub version: u32,
}

/// A colour on which white can be read, and which can be read on every ground of the pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// Why a colour was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColourFault {
    /// It is none.
    Unreadable,
    /// White cannot be read on it; this one, a little darker, is nearest.
    TooPale(Colour),
}

impl Colour {
    /// Reads `#0017c1`, in any width, with or without `#`; `None` if nothing was typed.
    pub fn read(text: &str) -> Result<Option<Self>, ColourFault> {
        let folded: String = text.chars().take(32).nfkc().filter(|c| !c.is_whitespace()).collect();
        if folded.is_empty() {
            return Ok(None);
        }
        let digits = folded.strip_prefix('#').unwrap_or(&folded);
        let hex = digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit());
        let number = hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten();
        let [_, red, green, blue] = number.ok_or(ColourFault::Unreadable)?.to_be_bytes();
        let colour = Self { red, green, blue };
        if colour.is_readable() {
            Ok(Some(colour))
        } else {
            Err(ColourFault::TooPale(colour.darkened()))
        }
    }

    /// A colour read back from the data file.
    #[must_use]
    pub fn stored([red, green, blue]: [u8; 3]) -> Self {
        Self { red, green, blue }
    }

    /// Its parts.
    #[must_use]
    pub fn parts(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }

    /// `0017c1`
    #[must_use]
    pub fn hex(self) -> String {
        format!("{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Whether text of this colour has contrast enough on every ground of the pages, and so white text on it.
    fn is_readable(self) -> bool {
        (GROUND.luminance() + 0.05) / (self.luminance() + 0.05) >= CONTRAST_MIN
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The same hue, as dark as it has to be.
    fn darkened(self) -> Self {
        let at = |percent: u16| {
            let part = |part: u8| u8::try_from(u16::from(part) * percent / 100).unwrap_or(u8::MAX);
            Self { red: part(self.red), green: part(self.green), blue: part(self.blue) }
        };
        (0..100).rev().map(at).find(|colour| colour.is_readable()).unwrap_or(at(0))
    }

    /// The same a little darker, for what is pointed at.
    #[must_use]
    pub fn deeper(self) -> Self {
        let part = |part: u8| u8::try_from(u16::from(part) * 3 / 4).unwrap_or(u8::MAX);
        Self { red: part(self.red), green: part(self.green), blue: part(self.blue) }
    }
}

/// What a picture is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PictureKind {
    /// Portable network graphics.
    Png,
    /// A photo.
    Jpeg,
}

impl PictureKind {
    /// All kinds, in the order in which they are stored; new ones go to the end.
    pub const ALL: [Self; 2] = [Self::Png, Self::Jpeg];

    /// The end of a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// What a browser calls it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// Which picture: its kind, and the begin of its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PictureId {
    /// Its kind.
    pub kind: PictureKind,
    /// The begin of its SHA-256.
    pub hash: [u8; 8],
}

impl PictureId {
    /// The name of its file.
    #[must_use]
    pub fn file(self) -> String {
        let hash: String = self.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("banner-{hash}.{}", self.kind.extension())
    }
}

/// A picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Which.
    pub id: PictureId,
    /// Its file.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.id.file(), self.bytes.len())
    }
}

/// Why a picture was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PictureFault {
    /// It is neither PNG nor JPEG.
    Kind,
    /// It is larger than [`PICTURE_BYTES_MAX`].
    TooLarge,
}

impl Picture {
    /// Takes a picture for what its first bytes say that it is, whatever its file was called.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureFault> {
        if bytes.len() > PICTURE_BYTES_MAX {
            return Err(PictureFault::TooLarge);
        }
        let kind = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            PictureKind::Png
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            PictureKind::Jpeg
        } else {
            return Err(PictureFault::Kind);
        };
        let digest = Sha256::digest(bytes);
        let mut hash = [0; 8];
        hash.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Ok(Self { id: PictureId { kind, hash }, bytes: bytes.to_vec() })
    }
}

/// The terms of use and the privacy text, as people agree to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Which version: 1 is what the program brings along.
    pub version: u16,
    /// Since when they hold.
    pub since: Moment,
    /// The terms of use.
    pub terms: Passage,
    /// The privacy text.
    pub privacy: Passage,
}

/// A text of several paragraphs, cleaned of what could disturb a screen; never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passage(String);

/// Why a text was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PassageFault {
    /// Nothing readable was left.
    Empty,
    /// More characters than this.
    TooLong(usize),
}

impl Passage {
    /// Cleans and takes a text.
    pub fn read(text: &str) -> Result<Self, PassageFault> {
        let text = text.replace("\r\n", "\n");
        let kept: String = text.nfc().filter(|c| *c == '\n' || !c.is_control()).collect();
        let kept = kept.trim();
        match kept.chars().count() {
            0 => Err(PassageFault::Empty),
            count if count > TERMS_CHARS_MAX => Err(PassageFault::TooLong(TERMS_CHARS_MAX)),
            _ => Ok(Self(kept.to_owned())),
        }
    }

    /// A text read back from the data file.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_colour_on_which_white_cannot_be_read_is_refused_with_the_nearest_that_can() {
        let blue = Colour::read("＃0017C1").unwrap().unwrap();
        assert_eq!(blue.hex(), "0017c1");
        assert_eq!(Colour::read(" "), Ok(None));
        for wrong in ["red", "#12345", "#1234567", "#12345g"] {
            assert_eq!(Colour::read(wrong), Err(ColourFault::Unreadable), "{wrong}");
        }
        // The green of LINE with white has a contrast of 2.3.
        let Err(ColourFault::TooPale(nearest)) = Colour::read("#06C755") else { panic!("taken") };
        assert_eq!(Colour::read(&nearest.hex()), Ok(Some(nearest)));
        // On white, #767676 would do; links stand on pale grey and pale blue too.
        assert!(Colour::read("#6d6d6d").is_ok() && Colour::read("#6e6e6e").is_err());
    }

    proptest! {
        #[test]
        fn what_is_proposed_is_always_taken(red in 0_u8.., green in 0_u8.., blue in 0_u8..) {
            let colour = Colour { red, green, blue };
            prop_assert!(colour.is_readable() || colour.darkened().is_readable());
            prop_assert!(!colour.is_readable() || colour.deeper().is_readable());
        }
    }

    #[test]
    fn a_picture_is_what_its_first_bytes_say() {
        let png = Picture::read(b"\x89PNG\r\n\x1a\n...").unwrap();
        assert!(png.id.file().starts_with("banner-") && png.id.file().ends_with(".png"));
        assert_eq!(Picture::read(&[0xff, 0xd8, 0xff, 1]).unwrap().id.kind, PictureKind::Jpeg);
        assert_eq!(Picture::read(b"<svg onload=x>"), Err(PictureFault::Kind));
        let large = [&b"\x89PNG\r\n\x1a\n"[..], &vec![0; PICTURE_BYTES_MAX]].concat();
        assert_eq!(Picture::read(&large), Err(PictureFault::TooLarge));
    }

    #[test]
    fn a_text_keeps_its_paragraphs_and_nothing_else_that_is_unseen() {
        let text = Passage::read(" # 約束\r\n\r\n一つ\u{7}め ").unwrap();
        assert_eq!(text.as_str(), "# 約束\n\n一つめ");
        assert_eq!(Passage::read("\n \r\n"), Err(PassageFault::Empty));
        let long = "あ".repeat(TERMS_CHARS_MAX + 1);
        assert_eq!(Passage::read(&long), Err(PassageFault::TooLong(TERMS_CHARS_MAX)));
    }
}
