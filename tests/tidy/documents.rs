//! Files beside the code that must keep step with it: the paths that ARCHITECTURE.md names, and the
//! reasons for dependencies in Cargo.toml.

use crate::tree::Complaint;

/// Chosen once for the whole project; every other dependency gives its reason.
pub(crate) const BASE_DEPENDENCIES: &[&str] = &[
    "tokio", "hyper", "redb", "serde", "bincode", "reqwest", "hmac", "sha2", "chrono", "clap",
    "maud",
];

/// What a name without a slash must end in to be taken for a file.
const FILE_ENDINGS: &[&str] = &[".rs", ".toml", ".md", ".service", ".lock", ".css", ".js", ".sh"];

/// Complains about paths in backticks that are not in the tree. A path counts from the root or from
/// src/, and may leave out `.rs`.
pub(crate) fn check_paths(
    document: &str,
    text: &str,
    exists: impl Fn(&str) -> bool,
) -> Vec<Complaint> {
    let is_there = |path: &str| {
        let path = path.trim_end_matches('/');
        let places = [path.to_string(), format!("src/{path}")];
        places.iter().any(|place| exists(place) || exists(&format!("{place}.rs")))
    };
    let missing = spans(text).into_iter().filter(|(_, path)| looks_like_path(path));
    let missing = missing.filter(|(_, path)| !is_there(path));
    let complain = |(line, path)| Complaint {
        path: document.into(),
        line,
        advice: format!("`{path}` is not in the tree; name what is, or leave out the backticks"),
    };
    missing.map(complain).collect()
}

/// Complains about tests in backticks, `module::test`, that do not exist.
pub(crate) fn check_tests(
    document: &str,
    text: &str,
    has: impl Fn(&str, &str) -> bool,
) -> Vec<Complaint> {
    let named = spans(text).into_iter().filter_map(|(line, span)| {
        let (module, test) = span.rsplit_once("::")?;
        Some((line, module, test))
    });
    let missing = named.filter(|(_, module, test)| !has(module, test));
    let complain = |(line, module, test)| Complaint {
        path: document.into(),
        line,
        advice: format!("{module} has no test {test}; name one that breaks when the rule does"),
    };
    missing.map(complain).collect()
}

/// What stands between backticks on one line, outside fenced blocks.
fn spans(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            out.extend(line.split('`').skip(1).step_by(2).map(|span| (index + 1, span)));
        }
    }
    out
}

fn looks_like_path(span: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let has_letter = span.contains(|c: char| c.is_ascii_alphabetic());
    let names_file = span.contains('/') || FILE_ENDINGS.iter().any(|end| span.ends_with(end));
    span.chars().all(plain) && has_letter && names_file && !span.starts_with('/')
}

/// Complains about dependencies outside the base that do not say why they are there, in a comment on
/// the line above or on the same line.
pub(crate) fn check_reasons(manifest: &str, text: &str) -> Vec<Complaint> {
    let mut out = Vec::new();
    let (mut in_dependencies, mut above_is_comment) = (false, false);
    for (index, line) in text.lines().map(str::trim).enumerate() {
        if line.starts_with('[') {
            in_dependencies = line.trim_matches(['[', ']']).ends_with("dependencies");
        } else if let Some(name) = dependency(line).filter(|_| in_dependencies) {
            let has_reason = above_is_comment || line.contains('#');
            if !has_reason && !BASE_DEPENDENCIES.contains(&name) {
                let advice = format!("{name}: say above it why it is there, or do without it");
                out.push(Complaint { path: manifest.into(), line: index + 1, advice });
            }
        }
        above_is_comment = line.starts_with("# ") && !line.starts_with("# ---");
    }
    out
}

fn dependency(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    let name = name.split('.').next()?.trim().trim_matches('"');
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_whose_test_is_gone_is_found() {
        let text = "| rule | `here::is` |\n| rule | `here::gone` |\n`no test`";
        let complaints =
            check_tests("RULES.md", text, |module, test| (module, test) == ("here", "is"));
        let lines: Vec<usize> = complaints.iter().map(|complaint| complaint.line).collect();
        assert_eq!(lines, [2]);
    }

    fn missing(text: &str) -> Vec<usize> {
        let tree = ["src/domain", "src/domain/ladder.rs", "tests/run", "Cargo.toml"];
        let found = check_paths("ARCHITECTURE.md", text, |path| tree.contains(&path));
        found.into_iter().map(|complaint| complaint.line).collect()
    }

    #[test]
    fn a_path_that_is_gone_is_found() {
        assert_eq!(missing("`server/src/domain/` and\n`domain/steps.rs`\n`deny.toml`"), [1, 2, 3]);
    }

    #[test]
    fn paths_of_the_tree_and_other_code_words_pass() {
        assert_eq!(missing("`domain/` `src/domain` `domain/ladder` `tests/run` `Cargo.toml`"), []);
        assert_eq!(missing("`/line/webhook` `decide` `engine::Handle` `24/7` `cargo run`"), []);
        assert_eq!(missing("```\nsrc/gone.rs `src/gone.rs`\n```\n"), []);
    }

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\ntokio = \"1\"\n# Why.\na = \"1\"\n\
                        b = { version = \"1\" }\n# --- Others ---\nc.workspace = true\n\
                        d = \"1\" # Why.\n[dev-dependencies]\ne = \"1\"\n[lints]\nf = \"1\"\n";
        let found = check_reasons("Cargo.toml", manifest);
        let lines: Vec<usize> = found.iter().map(|complaint| complaint.line).collect();
        assert_eq!(lines, [7, 9, 12]);
    }
}
