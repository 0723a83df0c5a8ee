//! A closed file is damaged: a few bits turn over, an end is missing, a stretch of it is nought or something else, or it is
//! another file altogether. It is refused in plain words, or it is what it was.

use std::collections::BTreeMap;

use anshin::platform::Dice;

use crate::check::{Found, guarded, judge, open};
use crate::disk::Disk;
use crate::image::Image;
use crate::server::{Server, Step, dump};
use crate::walk::{account, dice_of};

/// What happens to a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Harm {
    Flips,
    Truncated,
    Zeros,
    Garbage,
    WrongFile,
}

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) counts: BTreeMap<(Harm, Found), u64>,
    /// Files that went on being written to and were right.
    pub(crate) went_on: u64,
    pub(crate) violations: Vec<String>,
}

impl Tally {
    pub(crate) fn images(&self, harm: Harm) -> u64 {
        self.counts.iter().filter(|((of, _), _)| *of == harm).map(|(_, count)| count).sum()
    }
}

/// A closed file and what it holds, now and after one more step.
pub(crate) struct Closed {
    pub(crate) image: Image,
    pub(crate) state: Vec<u8>,
    later: Vec<u8>,
}

impl Closed {
    /// The file that a disk holds, closed.
    pub(crate) fn new(image: &Image) -> Self {
        let disk = Disk::new(image.clone());
        let state = dump(&open(&disk).unwrap()).unwrap();
        let image = disk.image();
        let later = go_on(&disk).unwrap();
        Self { image, state, later }
    }
}

/// Takes one more step and opens the file once more.
fn go_on(disk: &Disk) -> Result<Vec<u8>, String> {
    let told = |fault: anshin::store::StoreError| fault.to_string();
    let mut server = Server::new(open(disk).map_err(told)?).map_err(told)?;
    server.take(&Step::Remember(account())).map_err(told)?;
    drop(server);
    dump(&open(disk).map_err(told)?).map_err(told)
}

/// Damages a file in one way, which the number decides.
pub(crate) fn harm(file: &Closed, seed: u64, number: u64, tally: &mut Tally) {
    let mut dice = dice_of(seed, number);
    let mut image = file.image.clone();
    // Most of it bits: that is what disks do.
    let harm = match dice.below(10) {
        0 => Harm::Truncated,
        1 => Harm::Zeros,
        2 => Harm::Garbage,
        _ => Harm::Flips,
    };
    match harm {
        Harm::Truncated => image.set_len(dice.below(image.len())),
        Harm::Zeros | Harm::Garbage => overwrite(&mut image, harm == Harm::Zeros, &mut dice),
        _ => (0..=dice.below(4)).for_each(|_| image.flip(&mut dice)),
    }
    let whence = format!("ANSHIN_SEED={seed} ANSHIN_IMAGE={number} ({harm:?})");
    note(file, &image, harm, &whence, dice.one_in(4), tally);
}

fn overwrite(image: &mut Image, zeros: bool, dice: &mut Dice) {
    let most = [64, 512, 4096, 65_536][dice.index(4)];
    let len = 1 + dice.index(most);
    let mut bytes = vec![0; len];
    if !zeros {
        bytes.fill_with(|| u8::try_from(dice.below(256)).unwrap());
    }
    let place = match dice.below(4) {
        0 => dice.below(4096),
        _ => dice.below(image.len()),
    };
    image.write(place, &bytes);
}

/// A file that is none of ours.
pub(crate) fn wrong(file: &Closed, bytes: &[u8], tally: &mut Tally) {
    note(file, &Image::of(bytes), Harm::WrongFile, "a wrong file", false, tally);
}

fn note(file: &Closed, image: &Image, harm: Harm, whence: &str, goes_on: bool, tally: &mut Tally) {
    let found = judge(image, &file.state, None);
    if goes_on && found == Ok(Found::Acknowledged) {
        match guarded(|| go_on(&Disk::new(image.clone()))).and_then(|later| later) {
            Ok(later) if later == file.later => tally.went_on += 1,
            Ok(_) => tally.violations.push(format!("{whence}: went on to another state")),
            Err(what) => tally.violations.push(format!("{whence}: went on: {what}")),
        }
    }
    match found {
        Ok(found) => *tally.counts.entry((harm, found)).or_default() += 1,
        Err(what) => tally.violations.push(format!("{whence}: {what}")),
    }
}
