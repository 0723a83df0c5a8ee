//! The power fails: what may then be on the medium. Whatever was synced is there; of everything
//! since, anything may be, in any order, down to single sectors.

use anshin::platform::Dice;

use crate::disk::Op;
use crate::image::{Image, SECTOR};

/// What becomes of what was not synced.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Loss {
    /// None of it arrived.
    All,
    /// The first of it arrived.
    Prefix,
    /// Some of it arrived.
    Subset,
    /// Some of it arrived, in another order.
    Reordered,
    /// Of each write some sectors arrived, or even smaller pieces.
    Torn,
    /// Everything but one operation arrived, or nothing but one, or everything but the lengths.
    One,
}

impl Loss {
    pub(crate) const KINDS: [Self; 6] =
        [Self::All, Self::Prefix, Self::Subset, Self::Reordered, Self::Torn, Self::One];
}

/// A disk at a moment: what is on the medium for certain, and what may be.
#[derive(Clone, Default)]
pub(crate) struct Cut {
    durable: Image,
    pending: Vec<Op>,
}

impl Cut {
    pub(crate) fn new(durable: Image) -> Self {
        Self { durable, pending: Vec::new() }
    }

    /// One operation later.
    pub(crate) fn step(&mut self, op: &Op) {
        match op {
            Op::Sync => self.sync(),
            other => self.pending.push(other.clone()),
        }
    }

    /// Everything arrives.
    pub(crate) fn sync(&mut self) {
        let mut image = std::mem::take(&mut self.durable);
        self.pending.drain(..).for_each(|op| apply(&mut image, &op));
        self.durable = image;
    }

    /// What is there when the power comes back.
    pub(crate) fn image(&self, loss: Loss, dice: &mut Dice) -> Image {
        let mut image = self.durable.clone();
        let count = self.pending.len();
        match loss {
            Loss::All => {}
            Loss::Prefix => {
                let arrived = dice.index(count + 1);
                self.pending[..arrived].iter().for_each(|op| apply(&mut image, op));
            }
            Loss::Subset => {
                let sides = 2 + dice.below(3);
                for op in &self.pending {
                    if !dice.one_in(sides) {
                        apply(&mut image, op);
                    }
                }
            }
            Loss::Reordered => {
                let mut order: Vec<&Op> = self.pending.iter().collect();
                (1..count).for_each(|last| order.swap(last, dice.index(last + 1)));
                let arrived = count - dice.index(count / 2 + 1);
                order[..arrived].iter().for_each(|op| apply(&mut image, op));
            }
            Loss::Torn => {
                let sides = [2, 2, 4, 10][dice.index(4)];
                let often = dice.one_in(2);
                let piece = [SECTOR, SECTOR, SECTOR, 16][dice.index(4)];
                for op in &self.pending {
                    tear(&mut image, op, piece, |dice| dice.one_in(sides) != often, dice);
                }
            }
            Loss::One => {
                let (one, how) = (dice.index(count), dice.below(3));
                for (n, op) in self.pending.iter().enumerate() {
                    let arrives = match how {
                        0 => n != one,
                        1 => n == one,
                        _ => !matches!(op, Op::SetLen(_)),
                    };
                    if arrives {
                        apply(&mut image, op);
                    }
                }
            }
        }
        image
    }
}

fn apply(image: &mut Image, op: &Op) {
    match op {
        Op::Write(offset, bytes) => image.write(*offset, bytes),
        Op::SetLen(len) => image.set_len(*len),
        Op::Sync => {}
    }
}

/// Lets pieces of an operation arrive.
fn tear(
    image: &mut Image,
    op: &Op,
    piece: usize,
    arrives: impl Fn(&mut Dice) -> bool,
    dice: &mut Dice,
) {
    let Op::Write(offset, bytes) = op else {
        if arrives(dice) {
            apply(image, op);
        }
        return;
    };
    let mut done = 0;
    while done < bytes.len() {
        let place = offset + done as u64;
        let within = usize::try_from(place).unwrap() % piece;
        let count = (piece - within).min(bytes.len() - done);
        if arrives(dice) {
            image.write(place, &bytes[done..done + count]);
        }
        done += count;
    }
}
