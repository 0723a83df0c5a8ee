//! Turns one change on at a time, and asks the tests that meet it, the quickest first, and then the simulator.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::copy::Copy;
use crate::plant::Mutant;

/// A test that takes longer is not asked.
const SLOW: Duration = Duration::from_secs(8);

/// One that takes longer than this with a change on has noticed it: nothing comes to an end.
const ENDLESS: Duration = Duration::from_secs(40);

/// So many of the quickest are asked before the simulator.
const FIRST: usize = 40;

/// A test: where it is, and how long it takes.
#[derive(Clone, Serialize, Deserialize)]
struct Test {
    binary: PathBuf,
    name: String,
    takes: Duration,
}

/// Looks for every change whether anybody notices, and says which nobody did.
pub fn look(copy: &Copy, mutants: Vec<Mutant>) {
    let (tests, met) = meetings(copy);
    println!("{} tests", tests.len());
    let count = mutants.len();
    let work = Mutex::new(mutants.into_iter());
    let unnoticed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers() {
            scope.spawn(|| {
                loop {
                    let next = work.lock().unwrap().next();
                    let Some(mutant) = next else { return };
                    let by = notices(copy, &mutant, &tests, &met);
                    let Mutant { id, file, line, what, .. } = &mutant;
                    match by {
                        Some(by) => println!("{id} {file}:{line} {what}: noticed by {by}"),
                        None => {
                            println!("{id} {file}:{line} {what}: NOT NOTICED");
                            unnoticed.lock().unwrap().push(mutant);
                        }
                    }
                }
            });
        }
    });
    let mut unnoticed = unnoticed.into_inner().unwrap();
    unnoticed.sort_by_key(|mutant| mutant.id);
    println!("\n{} of {count} were noticed by nobody", unnoticed.len());
    for Mutant { id, file, line, what, .. } in unnoticed {
        println!("{id} {file}:{line} {what}");
    }
}

fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// All tests, and by which of them each change is met; noted beside the copy, for the next time.
fn meetings(copy: &Copy) -> (Vec<Test>, BTreeMap<u32, Vec<usize>>) {
    let mut all = Vec::new();
    for binary in &copy.tests {
        let said = Command::new(binary)
            .args(["--list", "--format=terse"])
            .current_dir(&copy.place)
            .output();
        let said = String::from_utf8_lossy(&said.unwrap().stdout).into_owned();
        let names = said.lines().filter_map(|line| line.strip_suffix(": test"));
        all.extend(names.map(|name| (binary.clone(), name.to_owned())));
    }
    let notes = copy.place.join("../met");
    let known = notes.join("known.json");
    if is_newer(&known, &copy.tests)
        && let Ok(text) = fs::read_to_string(&known)
        && let Ok(found) = serde_json::from_str::<Vec<(Test, Vec<u32>)>>(&text)
    {
        return sorted(found);
    }
    let _ = fs::remove_dir_all(&notes);
    fs::create_dir_all(&notes).unwrap();
    let work = Mutex::new(all.into_iter().enumerate());
    let found: Mutex<Vec<(Test, Vec<u32>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers() {
            scope.spawn(|| {
                loop {
                    let next = work.lock().unwrap().next();
                    let Some((number, (binary, name))) = next else { return };
                    let note = notes.join(number.to_string());
                    let mut test = Test { binary, name, takes: Duration::ZERO };
                    let begun = Instant::now();
                    let passed = passes(copy, &test, &[("ANSHIN_MET", note.to_str().unwrap())]);
                    test.takes = begun.elapsed();
                    let met = fs::read_to_string(&note).unwrap_or_default();
                    let met: Vec<u32> = met.lines().filter_map(|id| id.parse().ok()).collect();
                    // What fails by itself, or takes too long, says nothing.
                    if passed && test.takes < SLOW && !met.is_empty() {
                        found.lock().unwrap().push((test, met));
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(test, _)| test.takes);
    fs::write(&known, serde_json::to_string(&found).unwrap()).unwrap();
    sorted(found)
}

fn is_newer(path: &Path, others: &[PathBuf]) -> bool {
    let written = |path: &Path| path.metadata().and_then(|known| known.modified()).ok();
    others.iter().all(|other| written(other) < written(path))
}

/// The tests, and by which of them each change is met.
fn sorted(found: Vec<(Test, Vec<u32>)>) -> (Vec<Test>, BTreeMap<u32, Vec<usize>>) {
    let mut met: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, (_, ids)) in found.iter().enumerate() {
        for id in ids {
            met.entry(*id).or_default().push(place);
        }
    }
    (found.into_iter().map(|(test, _)| test).collect(), met)
}

fn passes(copy: &Copy, test: &Test, env: &[(&str, &str)]) -> bool {
    let mut command = Command::new(&test.binary);
    command.args(["--exact", &test.name, "--quiet", "--include-ignored"]).current_dir(&copy.place);
    command.env("CARGO_MANIFEST_DIR", &copy.place);
    ends_well(command, env, ENDLESS)
}

fn ends_well(mut command: Command, env: &[(&str, &str)], within: Duration) -> bool {
    command
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    let begun = Instant::now();
    let mut wait = Duration::from_millis(2);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return status.success();
        }
        if begun.elapsed() > within {
            let _ = child.kill();
            let _ = child.wait();
            return false;
        }
        std::thread::sleep(wait);
        wait = (wait * 2).min(Duration::from_millis(50));
    }
}

/// Who notices a change first.
fn notices(
    copy: &Copy,
    mutant: &Mutant,
    tests: &[Test],
    met: &BTreeMap<u32, Vec<usize>>,
) -> Option<String> {
    let id = mutant.id.to_string();
    let env = [("ANSHIN_MUTANT", id.as_str())];
    let theirs = met.get(&mutant.id).map_or(&[][..], Vec::as_slice);
    let (some, others) = theirs.split_at(theirs.len().min(FIRST));
    let ask = |places: &[usize]| {
        let asked: Vec<&Test> = places.iter().map(|place| &tests[*place]).collect();
        first_to_fail(copy, &asked, &env)
    };
    ask(some)
        .or_else(|| simulates(copy, &env).then(|| "the simulator".to_owned()))
        .or_else(|| ask(others))
}

/// The first of many tests to fail, all of them in as few processes as they have binaries.
fn first_to_fail(copy: &Copy, tests: &[&Test], env: &[(&str, &str)]) -> Option<String> {
    for binary in &copy.tests {
        let theirs: Vec<&str> = tests
            .iter()
            .filter(|test| test.binary == *binary)
            .map(|test| test.name.as_str())
            .collect();
        if theirs.is_empty() {
            continue;
        }
        let mut command = Command::new(binary);
        command.args(["--exact", "--test-threads=1", "--include-ignored"]).args(&theirs);
        command.current_dir(&copy.place).env("CARGO_MANIFEST_DIR", &copy.place);
        command.envs(env.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let said = child.stdout.take().unwrap();
        let (tell, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let mut failed = None;
        loop {
            match heard.recv_timeout(ENDLESS) {
                Ok(line) => {
                    let name = line.strip_prefix("test ").and_then(|line| line.split(' ').next());
                    if line.ends_with("FAILED")
                        && let Some(name) = name.filter(|n| *n != "result:")
                    {
                        failed = Some(name.to_owned());
                        break;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    failed = Some("a test without an end".to_owned());
                    break;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let _ = child.kill();
        let status = child.wait();
        // Whatever ends the process of the tests is noticed too.
        if failed.is_none()
            && !status.is_ok_and(|status| status.success() || status.signal() == Some(9))
        {
            failed = Some("the end of all tests".to_owned());
        }
        if failed.is_some() {
            return failed;
        }
    }
    None
}

/// Whether the simulator notices.
fn simulates(copy: &Copy, env: &[(&str, &str)]) -> bool {
    let years = std::env::var("ANSHIN_MUTANTS_YEARS").unwrap_or_else(|_| "20".to_owned());
    let mut command = Command::new(Path::new(&copy.program));
    command.args(["simulate", "--as-is", "--seed", "1", "--years", &years]);
    !ends_well(command, env, Duration::from_secs(240))
}
