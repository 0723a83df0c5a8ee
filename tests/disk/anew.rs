//! The data file written anew onto a disk that fails: before it gets the name of the data, everything of it is there; and
//! where it could not be written, the data is as it was.

use anshin::platform::Dice;

use crate::check::{guarded, open};
use crate::disk::{Disk, Errno, Fault};
use crate::image::Image;
use crate::power::{Cut, Loss};
use crate::server::dump;

/// Images of each kind at each moment.
const IMAGES: u64 = 4;

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) files: u64,
    pub(crate) images: u64,
    pub(crate) violations: Vec<String>,
}

/// Writes a file anew and cuts the power after each operation from the moment on at which it would get its name.
pub(crate) fn cut(data: &Image, state: &[u8], tally: &mut Tally) {
    let old = open(&Disk::new(data.clone())).unwrap();
    let disk = Disk::new(Image::default());
    let anew = old.write_anew_over(disk.clone()).unwrap();
    let named = disk.op_count();
    drop(anew);
    let ops = disk.ops();
    let mut medium = Cut::new(Image::default());
    ops[..named].iter().for_each(|op| medium.step(op));
    let mut dice = Dice::new(tally.files + 1);
    for done in named..=ops.len() {
        for loss in Loss::KINDS {
            for _ in 0..IMAGES {
                judge(&medium.image(loss, &mut dice), state, &format!("{loss:?} at {done}"), tally);
            }
        }
        if let Some(op) = ops.get(done) {
            medium.step(op);
        }
    }
    tally.files += 1;
}

fn judge(image: &Image, state: &[u8], what: &str, tally: &mut Tally) {
    tally.images += 1;
    let found = guarded(|| open(&Disk::new(image.clone())).and_then(|store| dump(&store)));
    let wrong = match found {
        Ok(Ok(found)) if found == state => return,
        Ok(Ok(_)) => "something else".to_owned(),
        Ok(Err(fault)) => fault.to_string(),
        Err(panic) => panic,
    };
    tally.violations.push(format!("{what}: {wrong}"));
}

/// Lets one access in so many fail, each alone: the file is refused, or it is whole.
pub(crate) fn fail(data: &Image, state: &[u8], one_in: u64, tally: &mut Tally) {
    let old = open(&Disk::new(data.clone())).unwrap();
    for at in (0..).step_by(usize::try_from(one_in).unwrap()) {
        let disk = Disk::new(Image::default());
        disk.arm(Fault { at, sticky: at % 2 == 0, errno: Errno::Enospc, silent: false });
        let written = guarded(|| old.write_anew_over(disk.clone()).map(|anew| dump(&anew)));
        disk.disarm();
        match written {
            Err(panic) => tally.violations.push(format!("at {at}: {panic}")),
            Ok(Ok(Ok(found))) if found != state => {
                tally.violations.push(format!("at {at}: something else"));
            }
            Ok(_) => {}
        }
        if disk.struck().is_none() {
            break;
        }
        tally.files += 1;
    }
    if dump(&old).unwrap() != state {
        tally.violations.push("the data is not as it was".to_owned());
    }
}
