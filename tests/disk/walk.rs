//! Cuts the power after every operation of a recording, in every way, and judges what is left. Every image has a
//! number of its own and follows from the seed and that number alone.

use std::collections::{BTreeMap, BTreeSet};

use anshin::platform::Dice;
use anshin::store::Account;

use crate::check::{Found, guarded, judge_whole, open};
use crate::disk::{Disk, Op};
use crate::image::Image;
use crate::power::{Cut, Loss};
use crate::record::Recording;
use crate::server::{Server, Step, dump};

/// Every so many images the power fails once more while the file is recovered and written to.
const DOUBLE_EVERY: u64 = 4;

/// What was judged.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) losses: BTreeMap<(Loss, Found), u64>,
    pub(crate) doubles: BTreeMap<Found, u64>,
    /// Images that were the same as one before.
    pub(crate) repeated: u64,
    pub(crate) violations: Vec<String>,
}

impl Tally {
    pub(crate) fn images(&self) -> u64 {
        self.losses.values().sum()
    }

    fn note(&mut self, loss: Loss, found: Result<Found, String>, whence: &str) {
        match found {
            Ok(found) => *self.losses.entry((loss, found)).or_default() += 1,
            Err(what) => self.violations.push(format!("{whence}: {what}")),
        }
    }
}

/// Which images of a recording are judged.
#[derive(Clone, Copy)]
pub(crate) enum Choice {
    All,
    OneIn(u64),
    Only(u64),
}

impl Choice {
    fn takes(self, number: u64, dice: &mut Dice) -> bool {
        match self {
            Self::All => true,
            Self::OneIn(sides) => dice.one_in(sides),
            Self::Only(one) => number == one,
        }
    }
}

/// Chance that belongs to one image alone.
pub(crate) fn dice_of(seed: u64, number: u64) -> Dice {
    let mut first = Dice::new(seed ^ number.rotate_left(32));
    Dice::new(first.next())
}

/// Walks over a recording.
pub(crate) fn walk(recording: &Recording, seed: u64, choice: Choice, tally: &mut Tally) {
    let mut cut = Cut::new(recording.base.clone());
    let mut seen = BTreeSet::new();
    let mut number = 0;
    for (done, op) in (1..).zip(&recording.ops) {
        cut.step(op);
        for loss in Loss::KINDS {
            number += 1;
            let mut dice = dice_of(seed, number);
            if !choice.takes(number, &mut dice) {
                continue;
            }
            let image = cut.image(loss, &mut dice);
            if !seen.insert((recording.acknowledged(done), image.digest())) {
                tally.repeated += 1;
                continue;
            }
            let whence = format!("ANSHIN_SEED={seed} ANSHIN_IMAGE={number} ({loss:?})");
            let (acknowledged, under_way) = recording.allowed(done);
            let found = judge_whole(&image, acknowledged, under_way);
            if let Ok(found) = found
                && dice.one_in(DOUBLE_EVERY)
            {
                let step = recording.acknowledged(done) + usize::from(found == Found::UnderWay);
                match double(&image, recording, step, &mut dice) {
                    Ok(found) => *tally.doubles.entry(found).or_default() += 1,
                    Err(what) => tally.violations.push(format!("{whence}, second cut: {what}")),
                }
            }
            tally.note(loss, found, &whence);
        }
    }
}

/// Opens an image, takes the next step on it, closes it, and cuts the power somewhere in that.
fn double(
    image: &Image,
    recording: &Recording,
    step: usize,
    dice: &mut Dice,
) -> Result<Found, String> {
    let next = recording.spans.get(step).map(|span| &span.step);
    let next = next.filter(|step| !matches!(step, Step::Restart)).cloned();
    let next = next.unwrap_or_else(|| Step::Remember(account()));
    let disk = Disk::new(image.clone());
    let told = |fault: anshin::store::StoreError| fault.to_string();
    let (states, begun, acknowledged) = guarded(|| {
        let mut server = Server::new(open(&disk).map_err(told)?).map_err(told)?;
        let before = dump(&server.store).map_err(told)?;
        let begun = disk.op_count();
        server.take(&next).map_err(told)?;
        let acknowledged = disk.op_count();
        let after = dump(&server.store).map_err(told)?;
        Ok::<_, String>(([before, after], begun, acknowledged))
    })??;
    let ops = disk.ops();
    // Half of them before the step is acknowledged, for that is when most can go wrong.
    let done = match dice.below(2) {
        0 => begun + dice.index(acknowledged - begun + 1),
        _ => dice.index(ops.len() + 1),
    };
    let mut cut = Cut::new(image.clone());
    ops[..done].iter().for_each(|op| cut.step(op));
    let loss = Loss::KINDS[dice.index(Loss::KINDS.len())];
    let again = cut.image(loss, dice);
    let [before, after] = &states;
    if done >= acknowledged {
        judge_whole(&again, after, None)
    } else {
        judge_whole(&again, before, (done > begun).then_some(after.as_slice()))
    }
}

pub(crate) fn account() -> Account {
    Account { basic_id: "@999zzzzz".to_owned(), name: "もういちど".to_owned() }
}

/// A disk that lies: what it says is safe may not be.
#[derive(Clone, Copy)]
pub(crate) enum Lie {
    /// It does nothing at one sync in so many.
    Ignores(u64),
    /// It keeps back what it was given before a sync until the next.
    Lags,
}

/// Walks over a recording on a lying disk; only where the lie can show.
pub(crate) fn walk_lying(recording: &Recording, seed: u64, lie: Lie, choice: Choice) -> Tally {
    let mut tally = Tally::default();
    let mut lies = Dice::new(seed);
    let (mut cut, mut kept, mut number) = (Cut::new(recording.base.clone()), Vec::new(), 0);
    let mut lying = false;
    for (done, op) in (1..).zip(&recording.ops) {
        match (lie, op) {
            (Lie::Ignores(sides), Op::Sync) => {
                lying = lies.one_in(sides);
                if !lying {
                    cut.sync();
                }
            }
            (Lie::Lags, Op::Sync) => {
                cut.sync();
                lying = true;
                kept.drain(..).for_each(|op: Op| cut.step(&op));
            }
            (Lie::Ignores(_), op) => cut.step(op),
            (Lie::Lags, op) => kept.push(op.clone()),
        }
        if !lying {
            continue;
        }
        let mut all = cut.clone();
        kept.iter().for_each(|op| all.step(op));
        for loss in [Loss::All, Loss::Subset, Loss::Reordered] {
            number += 1;
            let mut dice = dice_of(seed, number);
            if choice.takes(number, &mut dice) {
                let image = all.image(loss, &mut dice);
                let (acknowledged, under_way) = recording.allowed(done);
                tally.note(loss, judge_whole(&image, acknowledged, under_way), "a lying disk");
            }
        }
    }
    tally
}
