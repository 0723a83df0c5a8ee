//! A fixed set of small numbers that finds its next member fast: which of the wheel's slots hold a
//! list. Knows nothing about time.

use std::ops::Range;

/// One bit a slot, and above it one bit a word, so that the next set bit among 200,000 is found in a
/// few dozen steps.
pub(super) struct Bitmap {
    words: Vec<u64>,
    summary: Vec<u64>,
}

impl Bitmap {
    pub(super) fn new(bits: usize) -> Bitmap {
        let words = bits.div_ceil(64);
        Bitmap { words: vec![0; words], summary: vec![0; words.div_ceil(64)] }
    }

    pub(super) fn insert(&mut self, bit: usize) {
        self.words[bit / 64] |= 1 << (bit % 64);
        self.summary[bit / 64 / 64] |= 1 << (bit / 64 % 64);
    }

    pub(super) fn remove(&mut self, bit: usize) {
        let word = bit / 64;
        self.words[word] &= !(1 << (bit % 64));
        if self.words[word] == 0 {
            self.summary[word / 64] &= !(1 << (word % 64));
        }
    }

    /// The lowest set bit within `range`.
    pub(super) fn first_in(&self, range: Range<usize>) -> Option<usize> {
        if range.is_empty() {
            return None;
        }
        let word = range.start / 64;
        let bit = next_in_word(&self.words, range.start).or_else(|| {
            let word = next_set_word(&self.summary, word + 1)?;
            Some(word * 64 + self.words[word].trailing_zeros() as usize)
        })?;
        (bit < range.end).then_some(bit)
    }
}

/// The lowest set bit at or after `bit` within the word that holds `bit`.
fn next_in_word(words: &[u64], bit: usize) -> Option<usize> {
    let rest = words.get(bit / 64)? & (u64::MAX << (bit % 64));
    (rest != 0).then(|| bit / 64 * 64 + rest.trailing_zeros() as usize)
}

/// The lowest set bit of the summary at or after `word`.
fn next_set_word(summary: &[u64], word: usize) -> Option<usize> {
    next_in_word(summary, word).or_else(|| {
        let later = summary.iter().enumerate().skip(word / 64 + 1);
        let (index, bits) = later.into_iter().find(|(_, bits)| **bits != 0)?;
        Some(index * 64 + bits.trailing_zeros() as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn finds_bits_across_words_and_summary_words() {
        let mut bitmap = Bitmap::new(200_000);
        for bit in [0, 63, 64, 4_095, 4_096, 199_999] {
            bitmap.insert(bit);
        }
        assert_eq!(bitmap.first_in(1..200_000), Some(63));
        assert_eq!(bitmap.first_in(65..200_000), Some(4_095));
        assert_eq!(bitmap.first_in(4_097..200_000), Some(199_999));
        assert_eq!(bitmap.first_in(4_097..199_999), None);
        assert_eq!(bitmap.first_in(63..63), None);
        bitmap.remove(63);
        assert_eq!(bitmap.first_in(1..200_000), Some(64));
    }

    proptest! {
        #[test]
        fn behaves_like_a_sorted_set(
            bits in prop::collection::vec(0..9_000usize, 0..40),
            removed in prop::collection::vec(0..9_000usize, 0..40),
            (start, end) in (0..9_000usize, 0..=9_000usize),
        ) {
            let mut bitmap = Bitmap::new(9_000);
            let mut model: BTreeSet<usize> = bits.iter().copied().collect();
            bits.iter().for_each(|bit| bitmap.insert(*bit));
            for bit in removed.iter().chain(bits.iter().step_by(2)) {
                bitmap.remove(*bit);
                model.remove(bit);
            }
            let expected = if start < end { model.range(start..end).next().copied() } else { None };
            prop_assert_eq!(bitmap.first_in(start..end), expected);
        }
    }
}
