//! The data file on a disk that fails.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]
#![expect(clippy::print_stdout, reason = "the counts are what the run is for")]

mod check;
mod disk;
mod image;
mod power;
mod record;
mod server;
mod story;
mod town;

#[test]
fn probe() {
    let r = record::Recording::new(1);
    println!("steps {} ops {} len {} state {}", r.spans.len(), r.ops.len(), r.spans.last().unwrap().before.len(), r.states.last().unwrap().len());
    let mut names = std::collections::BTreeMap::new();
    for s in &r.states { *names.entry(s.len()).or_insert(0) += 1; }
    let mut dice = anshin::platform::Dice::new(1);
    let mut cut = power::Cut::new(r.base.clone());
    let mut n = 0;
    let mut bad = 0;
    let mut found = std::collections::BTreeMap::new();
    for (i, op) in r.ops.iter().enumerate() {
        cut.step(op);
        if i % 20 != 0 { continue; }
        for loss in power::Loss::KINDS {
            let (a, u) = r.allowed(i + 1);
            match check::judge_whole(&cut.image(loss, &mut dice), a, u) {
                Ok(f) => *found.entry(f).or_insert(0) += 1,
                Err(e) => { bad += 1; if bad < 10 { println!("{i} {loss:?} {e}"); } }
            }
            n += 1;
        }
    }
    println!("{n} images, bad {bad}, {found:?}");
}
