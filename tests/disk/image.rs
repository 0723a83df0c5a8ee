//! What a disk holds, as pages that images share: thousands of images that differ in a few pages
//! cost little more than one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::{Arc, LazyLock};

use anshin::platform::Dice;

pub(crate) const PAGE: usize = 4096;

/// What a disk is said to write whole or not at all.
pub(crate) const SECTOR: usize = 512;

type Page = Arc<[u8; PAGE]>;

static ZERO: LazyLock<Page> = LazyLock::new(|| Arc::new([0; PAGE]));

/// The bytes of a file. A clone shares its pages until one of the two is written to.
#[derive(Clone, Default)]
pub(crate) struct Image {
    pages: Vec<Page>,
    len: u64,
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap()
}

/// The pieces of a span: page, first byte in it, and length.
fn pieces(offset: u64, len: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let (mut place, mut left) = (size(offset), len);
    std::iter::from_fn(move || {
        let piece = (place / PAGE, place % PAGE, left.min(PAGE - place % PAGE));
        place += piece.2;
        left -= piece.2;
        (piece.2 > 0).then_some(piece)
    })
}

impl Image {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut image = Self::default();
        image.set_len(bytes.len() as u64);
        image.write(0, bytes);
        image
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn set_len(&mut self, len: u64) {
        self.pages.resize(size(len).div_ceil(PAGE), ZERO.clone());
        let rest = size(len) % PAGE;
        if len < self.len && rest > 0 {
            Arc::make_mut(self.pages.last_mut().unwrap())[rest..].fill(0);
        }
        self.len = len;
    }

    pub(crate) fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if offset.checked_add(out.len() as u64).is_none_or(|end| end > self.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut done = 0;
        for (page, within, count) in pieces(offset, out.len()) {
            out[done..done + count].copy_from_slice(&self.pages[page][within..within + count]);
            done += count;
        }
        Ok(())
    }

    /// What lies beyond the end is lost, as on a disk that never heard of the greater length.
    pub(crate) fn write(&mut self, offset: u64, bytes: &[u8]) {
        let inside = size(self.len.saturating_sub(offset)).min(bytes.len());
        let mut done = 0;
        for (page, within, count) in pieces(offset, inside) {
            let new = &bytes[done..done + count];
            match <&[u8; PAGE]>::try_from(new) {
                Ok(whole) => self.pages[page] = Arc::new(*whole),
                Err(_) => Arc::make_mut(&mut self.pages[page])[within..within + count]
                    .copy_from_slice(new),
            }
            done += count;
        }
    }

    /// A number that differs where the bytes do. Pages that images share are told by where they lie, so that it is
    /// worth something only while whatever it is compared with still lives.
    pub(crate) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.len.hash(&mut hasher);
        for page in &self.pages {
            match Arc::strong_count(page) {
                1 => page.hash(&mut hasher),
                _ => Arc::as_ptr(page).hash(&mut hasher),
            }
        }
        hasher.finish()
    }

    pub(crate) fn flip(&mut self, dice: &mut Dice) {
        let at = size(dice.below(self.len));
        Arc::make_mut(&mut self.pages[at / PAGE])[at % PAGE] ^= 1 << dice.below(8);
    }
}
