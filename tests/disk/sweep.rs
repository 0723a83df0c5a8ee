//! Every access to the disk fails once, or from then on: nothing is acknowledged that is not safe, nothing panics, and
//! the next start finds what was acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use anshin::platform::Dice;
use anshin::store::StoreError;

use crate::check::{guarded, judge_whole, open};
use crate::disk::{Access, Disk, Errno, Fault};
use crate::image::Image;
use crate::power::{Cut, Loss};
use crate::record::{Recording, Span};
use crate::server::{Server, Step, dump};
use crate::walk::account;

/// More accesses than any step makes.
const ACCESSES_MAX: u64 = 5_000;

/// How a disk fails.
pub(crate) const WAYS: [(bool, Errno); 4] =
    [(false, Errno::Eio), (true, Errno::Eio), (false, Errno::Enospc), (true, Errno::Enospc)];

#[derive(Default)]
pub(crate) struct Tally {
    /// By the access that failed: steps refused, steps that went well nevertheless.
    pub(crate) faults: BTreeMap<Access, (u64, u64)>,
    pub(crate) steps: u64,
    pub(crate) opens: u64,
    pub(crate) violations: Vec<String>,
}

/// What a step is, in a word.
pub(crate) fn kind(step: &Step) -> String {
    let text = match step {
        Step::Decide(_, events) => format!("{:?}", events.first()),
        other => format!("{other:?}"),
    };
    let text = text.trim_start_matches("Some(");
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn name(span: &Span) -> String {
    format!("{} after operation {}", kind(&span.step), span.ops.0)
}

/// One step of each kind, and the one that writes most.
pub(crate) fn samples(recording: &Recording) -> Vec<&Span> {
    let steps = || recording.spans.iter().filter(|span| !matches!(span.step, Step::Restart));
    let mut kinds = BTreeSet::new();
    let mut spans: Vec<&Span> = steps().filter(|span| kinds.insert(kind(&span.step))).collect();
    spans.extend(steps().max_by_key(|span| recording.bytes_of(span)));
    spans
}

/// Which accesses fail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Each,
    /// Each of the first, then ever fewer.
    Fewer,
}

impl Which {
    fn after(self, at: u64) -> u64 {
        match self {
            Self::Each => at + 1,
            Self::Fewer => at + 1 + at / 20,
        }
    }
}

/// Fails the accesses of a step in turn. A `silent` disk says that all went well.
pub(crate) fn step(
    span: &Span,
    ways: &[(bool, Errno)],
    which: Which,
    silent: bool,
    tally: &mut Tally,
) {
    tally.steps += 1;
    let Ok(states) = unharmed(span) else {
        tally.violations.push(format!("{}: fails by itself", name(span)));
        return;
    };
    for (sticky, errno) in ways {
        let mut next = 0;
        while next < ACCESSES_MAX {
            let at = next;
            next = which.after(at);
            let fault = Fault { at, sticky: *sticky, errno: *errno, silent };
            match one(span, fault, &states, tally) {
                Ok(true) => {}
                Ok(false) => break,
                Err(what) => {
                    tally.violations.push(format!("{} {fault:?}: {what}", name(span)));
                }
            }
        }
    }
}

/// What the file holds before and after a step on a disk that works.
fn unharmed(span: &Span) -> Result<[Vec<u8>; 2], StoreError> {
    let mut server = Server::new(open(&Disk::new(span.before.clone()))?)?;
    let before = dump(&server.store)?;
    server.take(&span.step)?;
    Ok([before, dump(&server.store)?])
}

/// Whether the fault was met at all.
fn one(
    span: &Span,
    fault: Fault,
    [before, after]: &[Vec<u8>; 2],
    tally: &mut Tally,
) -> Result<bool, String> {
    let disk = Disk::new(span.before.clone());
    let mut server = Server::new(open(&disk).unwrap()).unwrap();
    disk.arm(fault);
    let result = guarded(|| server.take(&span.step).is_ok())?;
    let struck = disk.struck();
    if !fault.sticky {
        disk.disarm();
    }
    let Some(access) = struck else {
        return if result { Ok(false) } else { Err("fails without a fault".to_owned()) };
    };
    let counts = tally.faults.entry(access).or_default();
    if result {
        counts.1 += 1;
        on_medium(&span.before, &disk, after, None).map_err(|what| format!("said Ok: {what}"))?;
    } else {
        counts.0 += 1;
        on_medium(&span.before, &disk, before, Some(after))?;
        let shown = guarded(|| dump(&server.store))?;
        if shown.is_ok_and(|shown| shown != *before && shown != *after) {
            return Err("shows a state that never was".to_owned());
        }
        let syncs = disk.sync_count();
        // The disk may work again; this handle does not know what is on it, and may not go on.
        if guarded(|| server.take(&Step::Remember(account())).is_ok())? {
            return Err("went on after a fault".to_owned());
        }
        if disk.sync_count() != syncs {
            return Err("synced after a fault".to_owned());
        }
    }
    guarded(move || drop(server))?;
    disk.disarm();
    let (known, may) = if result { (after, None) } else { (before, Some(after.as_slice())) };
    on_medium(&span.before, &disk, known, may).map_err(|what| format!("once closed: {what}"))?;
    Ok(true)
}

/// What the next start finds, if the power fails and if it does not.
fn on_medium(
    before: &Image,
    disk: &Disk,
    acknowledged: &[u8],
    under_way: Option<&[u8]>,
) -> Result<(), String> {
    let ops = disk.ops();
    let mut cut = Cut::new(before.clone());
    ops.iter().for_each(|op| cut.step(op));
    let mut dice = Dice::new(ops.len() as u64);
    for image in [cut.image(Loss::All, &mut dice), cut.image(Loss::Subset, &mut dice)] {
        judge_whole(&image, acknowledged, under_way)?;
    }
    judge_whole(&disk.image(), acknowledged, under_way).map(drop)
}

/// Fails every access while a file is opened and closed.
pub(crate) fn opening(
    image: &Image,
    state: &[u8],
    (ways, which): (&[(bool, Errno)], Which),
    tally: &mut Tally,
) {
    for (sticky, errno) in ways {
        let mut next = 0;
        while next < ACCESSES_MAX {
            let at = next;
            next = which.after(at);
            let fault = Fault { at, sticky: *sticky, errno: *errno, silent: false };
            let disk = Disk::new(image.clone());
            disk.arm(fault);
            let read = guarded(|| open(&disk).and_then(|store| dump(&store)));
            let struck = disk.struck();
            disk.disarm();
            let judged = read.and_then(|read| match (read, struck) {
                (Ok(read), _) if read != state => Err("another state".to_owned()),
                (Err(fault), None) => Err(format!("fails without a fault: {fault}")),
                _ => on_medium(image, &disk, state, None),
            });
            if let Err(what) = judged {
                tally.violations.push(format!("opening {fault:?}: {what}"));
            }
            let Some(_) = struck else { break };
            tally.opens += 1;
        }
    }
}
