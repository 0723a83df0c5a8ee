//! The one source of chance in the model: a small seeded generator, so that a run can be repeated exactly.
//!
//! It must never be used for real secrets: whoever knows the seed knows every number.

const HEX: &[u8; 16] = b"0123456789abcdef";
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const WORD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// SplitMix64: tiny, well spread, and the same on every machine.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// A generator that this seed decides.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// A number in `start..end`; `start` when there is none.
    pub fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end.saturating_sub(start))
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// True once in `sides` throws on average.
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    /// An index into a list of `len` items; 0 for an empty list.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    fn string(&mut self, alphabet: &[u8], chars: usize) -> String {
        let mut drawn = String::with_capacity(chars);
        drawn.extend((0..chars).map(|_| char::from(alphabet[self.index(alphabet.len())])));
        drawn
    }

    /// `chars` lower-case hexadecimal digits.
    pub(super) fn hex(&mut self, chars: usize) -> String {
        self.string(HEX, chars)
    }

    /// `chars` characters that need no escaping in a URL: opaque tokens.
    pub(super) fn word(&mut self, chars: usize) -> String {
        self.string(WORD, chars)
    }

    /// A version 4 UUID, as `x-line-request-id` carries.
    pub(super) fn uuid(&mut self) -> String {
        // Groups are drawn in their order, but for the variant, which comes after the group that it begins.
        let mut drawn = self.hex(18);
        let variant = char::from(b"89ab"[self.index(4)]);
        drawn.push_str(&self.hex(12));
        let [a, b, c, d, e] = [0..8, 8..12, 12..15, 15..18, 18..30].map(|digits| &drawn[digits]);
        format!("{a}-{b}-4{c}-{variant}{d}-{e}")
    }

    /// A ULID whose time part is `at_ms` (Unix milliseconds; times before 1970 count as 0).
    pub(super) fn ulid(&mut self, at_ms: i64) -> String {
        let time = u64::try_from(at_ms).unwrap_or(0) & 0xffff_ffff_ffff;
        let head = (0..10u32)
            .rev()
            .map(|digit| char::from(CROCKFORD[((time >> (5 * digit)) & 31) as usize]));
        let tail = self.string(CROCKFORD, 16);
        head.chain(tail.chars()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_numbers() {
        let (mut a, mut b) = (Dice::new(7), Dice::new(7));
        assert_eq!(a.uuid(), b.uuid());
        assert_ne!(a.hex(32), Dice::new(8).hex(32));
    }

    #[test]
    fn a_ulid_carries_its_time_and_sorts_by_it() {
        // 01FZ74A0TD... is the id in LINE's own sample; its first ten characters are 2022-03-28.
        let at_ms = 1_648_449_999_693;
        let id = Dice::new(1).ulid(at_ms);
        assert_eq!(id.len(), 26);
        let back = id.chars().take(10).fold(0_i64, |sum, c| {
            sum * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".find(c).unwrap() as i64
        });
        assert_eq!(back, at_ms);
        assert!(Dice::new(9).ulid(at_ms + 1) > id);
        assert_eq!(&Dice::new(1).ulid(-5)[..10], "0000000000");
    }

    #[test]
    fn a_uuid_has_the_five_groups_of_version_four() {
        let id = Dice::new(3).uuid();
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(id.as_bytes()[14], b'4');
    }
}
