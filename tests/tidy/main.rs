//! The project's style as tests: they read the tree and say, file by file, what to do instead. The
//! rules stand here as data; how a rule is checked stands in the module of its kind, with samples
//! that must fail. Nothing here builds or runs the program.

mod arrows;
mod bans;
mod documents;
mod language;
mod lexer;
mod planted;
mod shape;
mod tree;

use arrows::{Arrow, Uses};
use bans::Ban;
use tree::{Complaint, Source};

/// Which module may use which. What is not in a row is not allowed; a new module needs a row.
const ARROWS: &[Arrow] = &[
    Arrow {
        module: "domain",
        uses: Uses::Only(&[]),
        instead: "the domain is pure; take what it needs as an argument, give back a decision",
    },
    Arrow {
        module: "http",
        uses: Uses::Only(&[]),
        instead: "http knows no feature; let routes.rs hand it a handler",
    },
    Arrow {
        module: "platform",
        uses: Uses::Only(&[]),
        instead: "the platform is the other side; it learns of us over HTTP or its arguments alone",
    },
    Arrow {
        module: "tripwire",
        uses: Uses::Only(&[]),
        instead: "the tripwire stands alone; put the code elsewhere",
    },
    Arrow {
        module: "net",
        uses: Uses::Only(&[]),
        instead: "net knows names and roots alone; let the caller say whom it calls",
    },
    Arrow {
        module: "heartbeat",
        uses: Uses::Only(&["domain", "net"]),
        instead: "the heartbeat only asks whether something ails; let the keeper find that out",
    },
    Arrow {
        module: "backup",
        uses: Uses::Only(&["domain", "engine", "store", "clock", "config"]),
        instead: "copies know nothing of people; what follows from one is decided in domain/decide/upkeep.rs",
    },
    Arrow {
        module: "doctor",
        uses: Uses::Only(&[
            "domain", "engine", "store", "clock", "backup", "keeper", "line", "outbox", "locale",
        ]),
        instead: "the doctor looks and does what a page asks for; what a look means is judged in domain/checkup.rs",
    },
    Arrow {
        module: "clock",
        uses: Uses::Only(&["domain"]),
        instead: "the clock only tells the time; let the caller pass settings",
    },
    Arrow {
        module: "config",
        uses: Uses::Only(&["domain", "http", "tls"]),
        instead: "config only describes settings; let cli build things from them",
    },
    Arrow {
        module: "tls",
        uses: Uses::Only(&["domain", "net", "clock"]),
        instead: "tls keeps a certificate in service; let cli hand in settings and show how it stands",
    },
    Arrow {
        module: "store",
        uses: Uses::Only(&["domain"]),
        instead: "the store keeps what it is given; move the rule to domain or the step to engine",
    },
    Arrow {
        module: "locale",
        uses: Uses::Only(&["domain"]),
        instead: "locale only words things; pass it the values to word",
    },
    Arrow {
        module: "engine",
        uses: Uses::Only(&["domain", "store"]),
        instead: "the engine commits; let the task that needs it hold an engine::Handle",
    },
    Arrow {
        module: "timer",
        uses: Uses::Only(&["domain", "engine", "store", "clock"]),
        instead: "a timer only becomes an event; send it through engine::Handle",
    },
    Arrow {
        module: "outbox",
        uses: Uses::Only(&["domain", "engine", "store", "clock"]),
        instead: "the outbox knows the Transport trait; implement that in the other module",
    },
    Arrow {
        module: "keeper",
        uses: Uses::Only(&["domain", "engine", "store", "outbox", "clock"]),
        instead: "the keeper looks and reports; what follows is a rule of domain/decide/upkeep",
    },
    Arrow {
        module: "mail",
        uses: Uses::Only(&["outbox", "domain", "locale", "config", "net"]),
        instead: "mail is one outbox::Transport; report the outcome through it",
    },
    Arrow {
        module: "line",
        uses: Uses::Only(&["domain", "engine", "outbox", "locale", "http", "clock", "net"]),
        instead: "LINE's side turns messages into domain events; send those to engine::Handle",
    },
    Arrow {
        module: "web",
        uses: Uses::Only(&["domain", "engine", "store", "locale", "http", "clock", "config"]),
        instead: "a page reads the store and sends events to engine::Handle",
    },
    Arrow {
        module: "routes",
        uses: Uses::Only(&["http", "line", "web", "engine", "timer", "outbox"]),
        instead: "the route table only joins paths to handlers of line and web",
    },
    Arrow {
        module: "simulator",
        uses: Uses::AllBut(&["line::client"]),
        instead: "the simulator has no network; deliver to platform through outbox::Transport",
    },
    Arrow { module: "demo", uses: Uses::AllBut(&[]), instead: "" },
    Arrow {
        module: "cli",
        uses: Uses::AllBut(&["platform"]),
        instead: "reach the platform through demo or simulator; the product does not know it",
    },
    Arrow { module: "main", uses: Uses::Only(&["cli"]), instead: "main.rs only calls cli" },
];

const READ_CLOCK: &str =
    "time is an argument; take it from the caller, who reads it through clock.rs";
/// A measurement needs a stopwatch.
const MAY_READ_CLOCK: &[&str] =
    &["src/clock.rs", "tests/bench/", "tests/planted/", "tests/mutants/"];

const CLOCK: &[Ban] = &[
    clock("Utc::now"),
    clock("Local::now"),
    clock("SystemTime::now"),
    clock("Instant::now"),
    clock("thread::sleep"),
];

const LEFTOVERS: &[Ban] = &[
    everywhere("todo!", "write it, or leave out what is not there yet"),
    everywhere("unimplemented!", "write it, or leave out what is not there yet"),
    everywhere("dbg!", "remove it, or log with tracing"),
    everywhere("#[ignore", "a test runs or is deleted; nothing is skipped in silence"),
    everywhere("allow(clippy", "use #[expect(.., reason = \"..\")], which goes stale loudly"),
    everywhere("allow(dead_code", "delete the dead code"),
    Ban {
        pattern: ".unwrap()",
        instead: "handle the error, or expect(\"why it cannot fail\")",
        allowed_in: &[],
        allowed_in_tests: true,
    },
];

const UNSAFE: &[Ban] = &[Ban {
    pattern: "unsafe",
    instead: "find a safe way; src/tripwire.rs is the one exception",
    allowed_in: &["src/tripwire.rs"],
    allowed_in_tests: false,
}];

const fn clock(pattern: &'static str) -> Ban {
    Ban { pattern, instead: READ_CLOCK, allowed_in: MAY_READ_CLOCK, allowed_in_tests: false }
}

const fn everywhere(pattern: &'static str, instead: &'static str) -> Ban {
    Ban { pattern, instead, allowed_in: &[], allowed_in_tests: false }
}

/// Fails with one line for each complaint.
fn expect_none(complaints: Vec<Complaint>) {
    let lines: Vec<String> = complaints.iter().map(Complaint::to_string).collect();
    assert!(lines.is_empty(), "{} to mend:\n{}\n", lines.len(), lines.join("\n"));
}

fn expect_none_in_sources(check: impl Fn(&Source) -> Vec<Complaint>) {
    expect_none(tree::sources().iter().flat_map(check).collect());
}

#[test]
fn modules_use_each_other_only_along_the_arrows() {
    let sources = tree::sources();
    let in_src = sources.iter().filter(|source| source.path.starts_with("src/"));
    let modules: Vec<String> =
        in_src.filter_map(|source| source.modules().first().cloned()).collect();
    expect_none(
        sources.iter().flat_map(|source| arrows::check(source, ARROWS, &modules)).collect(),
    );
}

#[test]
fn only_the_clock_reads_the_clock() {
    expect_none_in_sources(|source| bans::check(source, CLOCK));
}

#[test]
fn files_are_short() {
    let files =
        ["src", "tests"].iter().flat_map(|folder| tree::files(folder, &[".rs", ".js", ".mjs"]));
    expect_none(files.flat_map(|(path, text)| shape::check_file_length(&path, &text)).collect());
}

#[test]
fn functions_are_short() {
    expect_none_in_sources(shape::check_function_lengths);
}

#[test]
fn every_file_says_what_it_is_for() {
    expect_none_in_sources(shape::check_header);
}

#[test]
fn japanese_text_lives_in_locale_and_assets() {
    expect_none_in_sources(language::check);
}

#[test]
fn architecture_md_names_only_what_is_there() {
    let text = tree::read("ARCHITECTURE.md");
    expect_none(documents::check_paths("ARCHITECTURE.md", &text, tree::exists));
}

/// Whether an integration test exists, by the path of its module and its name.
fn has_test(module: &str, test: &str) -> bool {
    let file = format!("tests/integration/{}.rs", module.replace("::", "/"));
    tree::exists(&file) && tree::read(&file).contains(&format!("fn {test}()"))
}

#[test]
fn every_rule_names_a_test_that_is_there() {
    let text = tree::read("tests/RULES.md");
    expect_none(documents::check_tests("tests/RULES.md", &text, has_test));
}

#[test]
fn every_feature_of_the_mission_is_listed_once_and_names_a_test_that_is_there() {
    let text = tree::read("tests/FEATURES.md");
    expect_none(documents::check_tests("tests/FEATURES.md", &text, has_test));
    let rows: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("| S")).collect();
    for number in 1..=86 {
        let named = rows.iter().filter(|row| row.starts_with(&format!("{number} |"))).count();
        assert_eq!(named, 1, "S{number}");
    }
    let says =
        |row: &&str| row.contains('`') || row.contains("not yet") || row.contains("no test:");
    assert!(rows.iter().all(says), "each row names a test, or says what is missing");
}

#[test]
fn nothing_unfinished_is_left_behind() {
    let instead = "do it now, or write down elsewhere why not";
    let marks = ["FIXME", "XXX", "TODO"];
    expect_none_in_sources(|source| {
        let mut complaints = bans::check(source, LEFTOVERS);
        complaints.extend(bans::check_marks(source, &marks, instead));
        complaints
    });
}

#[test]
fn unsafe_code_stands_only_in_the_tripwire() {
    expect_none_in_sources(|source| bans::check(source, UNSAFE));
}

#[test]
fn every_dependency_outside_the_base_gives_its_reason() {
    expect_none(documents::check_reasons("Cargo.toml", &tree::read("Cargo.toml")));
}
