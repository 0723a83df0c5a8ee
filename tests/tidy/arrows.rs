//! Which top-level module may use which. The table is in main.rs; this file only reads paths.

use crate::lexer::{Piece, find};
use crate::tree::{Complaint, Source};

/// What a module may use of the others.
pub(crate) enum Uses {
    /// These and itself.
    Only(&'static [&'static str]),
    /// All but these; an entry may name a part, as in `line::client`.
    AllBut(&'static [&'static str]),
}

/// One row of the table.
pub(crate) struct Arrow {
    pub(crate) module: &'static str,
    pub(crate) uses: Uses,
    /// What to do instead of the import that is not allowed.
    pub(crate) instead: &'static str,
}

/// Complains about every path of a file in src/ that goes against the table.
pub(crate) fn check(source: &Source, table: &[Arrow], modules: &[String]) -> Vec<Complaint> {
    let Some(own) = own_module(source) else {
        return Vec::new();
    };
    let Some(arrow) = table.iter().find(|arrow| arrow.module == own) else {
        let advice = format!("{own} has no row in ARROWS of tests/tidy/main.rs; add one");
        return vec![source.complain(1, advice)];
    };
    let mut lines = match &arrow.uses {
        Uses::Only(_) => Vec::new(),
        Uses::AllBut(banned) => partial_bans(source, banned),
    };
    lines.extend(used_modules(source).into_iter().filter_map(|(line, used)| {
        let known = modules.contains(&used) && used != own;
        (known && !allows(&arrow.uses, &used)).then_some((line, used))
    }));
    lines.sort();
    lines.dedup();
    let advice = |used| format!("{own} must not use {used}: {}", arrow.instead);
    lines.into_iter().map(|(line, used)| source.complain(line, advice(used))).collect()
}

/// The top-level module a file belongs to; none for files outside src/ and for lib.rs, which only
/// lists the modules.
fn own_module(source: &Source) -> Option<String> {
    match source.path.strip_prefix("src/")? {
        "lib.rs" => None,
        "main.rs" => Some("main".into()),
        _ => source.modules().into_iter().next(),
    }
}

fn allows(uses: &Uses, used: &str) -> bool {
    match uses {
        Uses::Only(list) => list.contains(&used),
        Uses::AllBut(list) => !list.contains(&used),
    }
}

/// Uses of `module::part` entries, however the module came into scope.
fn partial_bans(source: &Source, banned: &[&str]) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for part in banned.iter().filter(|entry| entry.contains("::")) {
        let through_lists = paths(source).into_iter().filter(|(_, path)| {
            path.join("::") == **part || path.join("::").starts_with(&format!("{part}::"))
        });
        let lines = through_lists.map(|(line, _)| line).chain(find(&source.lexed.tokens, part));
        out.extend(lines.map(|line| (line, part.to_string())));
    }
    out
}

fn used_modules(source: &Source) -> Vec<(usize, String)> {
    let first = |(line, path): (usize, Vec<String>)| Some((line, path.into_iter().next()?));
    paths(source).into_iter().filter_map(first).collect()
}

/// Every path that starts at `crate`, `anshin` or `super`, as seen from the crate's root.
fn paths(source: &Source) -> Vec<(usize, Vec<String>)> {
    let tokens = &source.lexed.tokens;
    let mut out = Vec::new();
    let mut inline: Vec<Option<String>> = Vec::new();
    for at in 0..tokens.len() {
        match text(tokens, at) {
            "{" => inline.push(inline_module(tokens, at)),
            "}" => drop(inline.pop()),
            "crate" | "anshin" if is_path_start(tokens, at) => {
                read_tree(tokens, at + 3, Vec::new(), &mut out);
            }
            "super" if is_path_start(tokens, at) => {
                let mut base = source.modules();
                base.extend(inline.iter().flatten().cloned());
                let mut at = at;
                while text(tokens, at) == "super" {
                    base.pop();
                    at += 3;
                }
                read_tree(tokens, at, base, &mut out);
            }
            _ => {}
        }
    }
    out
}

fn text(tokens: &[Piece], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.text.as_str())
}

/// `word::`, with no `::` before it.
fn is_path_start(tokens: &[Piece], at: usize) -> bool {
    let goes_on = text(tokens, at + 1) == ":" && text(tokens, at + 2) == ":";
    goes_on && (at == 0 || text(tokens, at - 1) != ":")
}

/// The name of the module whose body opens at `at`, if it is one.
fn inline_module(tokens: &[Piece], at: usize) -> Option<String> {
    (at >= 2 && text(tokens, at - 2) == "mod").then(|| text(tokens, at - 1).to_string())
}

/// Reads `a::b`, `a::{b, c::d}` and `*` from `at` on; returns where it ended.
fn read_tree(
    tokens: &[Piece],
    mut at: usize,
    mut path: Vec<String>,
    out: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let line = tokens.get(at).map_or(0, |token| token.line);
    while is_name(text(tokens, at)) {
        path.push(text(tokens, at).to_string());
        at += 1;
        if text(tokens, at) != ":" || text(tokens, at + 1) != ":" {
            break;
        }
        at += 2;
    }
    if text(tokens, at) != "{" {
        out.push((line, path));
        return at;
    }
    while !matches!(text(tokens, at), "}" | "") {
        at = read_tree(tokens, at + 1, path.clone(), out);
        while !matches!(text(tokens, at), "," | "}" | "") {
            at += 1; // `as name`, `*`
        }
    }
    at + 1
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Arrow] = &[
        Arrow { module: "domain", uses: Uses::Only(&[]), instead: "take it as an argument" },
        Arrow { module: "engine", uses: Uses::Only(&["domain"]), instead: "ask the domain" },
        Arrow { module: "cli", uses: Uses::AllBut(&["platform", "line::client"]), instead: "no" },
    ];

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let modules = ["domain", "engine", "cli", "platform", "store", "line"].map(String::from);
        let complaints = check(&Source::new(path, text), TABLE, &modules);
        complaints.into_iter().map(|complaint| complaint.line).collect()
    }

    #[test]
    fn an_arrow_against_the_table_is_found_in_every_spelling() {
        for text in [
            "use crate::store::Store;",
            "use crate::{domain::time, store};",
            "use crate::{domain::{time, id as key}, store::{self, codec}};",
            "fn f() { crate::store::open() }",
            "use anshin::store;",
            "use super::super::store;",
            "mod inner { use super::super::super::store; }",
            "#[cfg(test)] mod tests { use crate::store::Store; }",
        ] {
            assert_eq!(lines("src/domain/time.rs", text), [1], "{text}");
        }
    }

    #[test]
    fn an_arrow_along_the_table_passes() {
        for text in [
            "use crate::domain::Time; use crate::engine::Handle; use super::handle;",
            "use std::sync::{Arc, store}; // crate::store",
            "let text = \"crate::store\"; pub(crate) fn f() {}",
            "use crate::CONSTANT;",
        ] {
            assert_eq!(lines("src/engine/task.rs", text), [0usize; 0], "{text}");
        }
    }

    #[test]
    fn the_line_is_the_one_of_the_name_and_the_advice_is_given() {
        let source = Source::new("src/engine/mod.rs", "use crate::{\n  domain,\n  store,\n};");
        let complaints = check(&source, TABLE, &["store".into(), "domain".into()]);
        assert_eq!(
            complaints[0].to_string(),
            "src/engine/mod.rs:3: engine must not use store: ask the domain"
        );
        assert_eq!(complaints.len(), 1);
    }

    #[test]
    fn a_ban_of_a_part_leaves_the_rest() {
        assert_eq!(lines("src/cli/serve.rs", "use crate::line::{render, client::Client};"), [1]);
        assert_eq!(
            lines("src/cli/serve.rs", "use crate::line;\nfn f() { line::client::x() }"),
            [2]
        );
        assert_eq!(lines("src/cli/serve.rs", "use crate::line::render; use crate::store;"), []);
        assert_eq!(lines("src/cli/serve.rs", "use crate::platform::World;"), [1]);
    }

    #[test]
    fn a_module_without_a_row_is_a_complaint() {
        assert_eq!(lines("src/extra.rs", ""), [1]);
        assert_eq!(lines("src/lib.rs", "pub use crate::store::X;"), []);
        assert_eq!(lines("tests/simulation/main.rs", "use anshin::platform::World;"), []);
    }
}
