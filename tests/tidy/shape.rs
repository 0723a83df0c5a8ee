//! How long files and functions are, and how a file begins.

use crate::lexer::Piece;
use crate::tree::{Complaint, Source, end_of_item};

/// The longest a file may be, in lines.
pub(crate) const FILE_LINES_MAX: usize = 600;
/// The longest a function may be, in lines, from `fn` to its closing brace.
pub(crate) const FUNCTION_LINES_MAX: usize = 70;

/// Complains about a file that is too long.
pub(crate) fn check_file_length(path: &str, text: &str) -> Vec<Complaint> {
    let lines = text.lines().count();
    if lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    let advice = format!("{lines} lines, over {FILE_LINES_MAX}; split it at its seams, by noun");
    vec![Complaint { path: path.into(), line: FILE_LINES_MAX + 1, advice }]
}

/// Complains about every function that is too long.
pub(crate) fn check_function_lengths(source: &Source) -> Vec<Complaint> {
    let long = functions(&source.lexed.tokens).into_iter();
    let long = long.filter(|(_, _, lines)| *lines > FUNCTION_LINES_MAX);
    let advice = |name, lines| {
        format!("fn {name} has {lines} lines, over {FUNCTION_LINES_MAX}; give its parts names")
    };
    long.map(|(line, name, lines)| source.complain(line, advice(name, lines))).collect()
}

/// Complains about a file that does not begin with what it is for.
pub(crate) fn check_header(source: &Source) -> Vec<Complaint> {
    if source.text.starts_with("//!") {
        return Vec::new();
    }
    vec![source.complain(1, "begin with `//!`: what the file is for and what it must not do")]
}

/// Functions with a body: line, name, length in lines.
fn functions(tokens: &[Piece]) -> Vec<(usize, &str, usize)> {
    let mut out = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let is_named = pair[1].text.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if pair[0].text != "fn" || !is_named {
            continue; // `fn(u32)` is a type.
        }
        if let Some(end) = tokens.get(end_of_item(tokens, at)) {
            out.push((pair[0].line, pair[1].text.as_str(), end.line - pair[0].line + 1));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function_of(lines: usize) -> String {
        let body = "    step('{', \"}\");\n".repeat(lines - 2);
        format!(
            "//! x\nstruct S {{ f: fn(u32) }}\nfn sample(a: [u8; 4]) {{\n{body}}}\nfn b() {{}}\n"
        )
    }

    #[test]
    fn a_function_of_the_limit_passes_and_one_more_line_fails() {
        let at_limit = Source::new("src/a.rs", &function_of(FUNCTION_LINES_MAX));
        assert_eq!(check_function_lengths(&at_limit), []);
        let over = Source::new("src/a.rs", &function_of(FUNCTION_LINES_MAX + 1));
        let complaints = check_function_lengths(&over);
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].to_string().starts_with("src/a.rs:3: fn sample has 71 lines"));
    }

    #[test]
    fn a_declaration_without_a_body_has_no_length() {
        let text = format!("trait T {{ fn a(&self);{}fn b(&self); }}", "\n".repeat(90));
        assert_eq!(check_function_lengths(&Source::new("src/a.rs", &text)), []);
    }

    #[test]
    fn a_file_over_the_limit_fails() {
        assert_eq!(check_file_length("src/a.rs", &"x\n".repeat(FILE_LINES_MAX)), []);
        assert_eq!(check_file_length("src/a.rs", &"x\n".repeat(FILE_LINES_MAX + 1)).len(), 1);
    }

    #[test]
    fn a_file_without_a_header_fails() {
        assert_eq!(check_header(&Source::new("src/a.rs", "//! What it is for.\n")), []);
        assert_eq!(check_header(&Source::new("src/a.rs", "// What\n")).len(), 1);
        assert_eq!(check_header(&Source::new("src/a.rs", "")).len(), 1);
    }
}
