//! Splits Rust text into tokens, comments and string literals, well enough for the checks: a banned
//! name inside a comment or a string is not a use of it. No parser; it never rejects a file.

/// A token, a comment or a literal, and the line it starts on, counted from 1.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// One file, taken apart. A token is a word (name, keyword or number) or one character.
#[derive(Default)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Piece>,
    pub(crate) comments: Vec<Piece>,
    pub(crate) literals: Vec<Piece>,
}

/// Takes `text` apart.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { chars: text.chars().collect(), at: 0, line: 1, out: Lexed::default() };
    while lexer.peek(0).is_some() {
        lexer.step();
    }
    lexer.out
}

/// The texts of the tokens of `pattern`, for [`find`].
pub(crate) fn words(pattern: &str) -> Vec<String> {
    lex(pattern).tokens.into_iter().map(|token| token.text).collect()
}

/// The lines on which the token sequence `pattern` begins, whatever space or line breaks it holds.
pub(crate) fn find(tokens: &[Piece], pattern: &str) -> Vec<usize> {
    let pattern = words(pattern);
    let windows = tokens.windows(pattern.len());
    let hits = windows.filter(|window| window.iter().map(|token| &token.text).eq(&pattern));
    hits.map(|window| window[0].line).collect()
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    out: Lexed,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn bump(&mut self) {
        if self.peek(0) == Some('\n') {
            self.line += 1;
        }
        self.at += 1;
    }

    fn bump_by(&mut self, count: usize) {
        (0..count).for_each(|_| self.bump());
    }

    fn piece(&self, start: usize, end: usize, line: usize) -> Piece {
        let end = end.min(self.chars.len());
        Piece { text: self.chars[start.min(end)..end].iter().collect(), line }
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            (Some('/'), Some('/')) => self.line_comment(),
            (Some('/'), Some('*')) => self.block_comment(),
            (Some('"'), _) => self.string(),
            (Some('\''), _) => self.quote(),
            (Some(c), _) if is_word(c) => self.word(),
            (Some(c), _) if c.is_whitespace() => self.bump(),
            _ => {
                let token = self.piece(self.at, self.at + 1, self.line);
                self.out.tokens.push(token);
                self.bump();
            }
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.bump();
        }
        let comment = self.piece(start, self.at, self.line);
        self.out.comments.push(comment);
    }

    /// Block comments nest in Rust.
    fn block_comment(&mut self) {
        let (start, line) = (self.at, self.line);
        let mut depth = 0;
        while self.peek(0).is_some() {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                _ => {
                    self.bump();
                    continue;
                }
            }
            self.bump_by(2);
            if depth == 0 {
                break;
            }
        }
        let comment = self.piece(start, self.at, line);
        self.out.comments.push(comment);
    }

    fn string(&mut self) {
        let (start, line) = (self.at + 1, self.line);
        self.bump();
        while self.peek(0).is_some_and(|c| c != '"') {
            self.bump_by(if self.peek(0) == Some('\\') { 2 } else { 1 });
        }
        let literal = self.piece(start, self.at, line);
        self.out.literals.push(literal);
        self.bump();
    }

    /// From the first `#` or quote after the `r`.
    fn raw_string(&mut self, hashes: usize) {
        let (start, line) = (self.at + hashes + 1, self.line);
        self.bump_by(hashes + 1);
        while self.peek(0).is_some() {
            let closes = (1..=hashes).all(|n| self.peek(n) == Some('#'));
            if self.peek(0) == Some('"') && closes {
                break;
            }
            self.bump();
        }
        let literal = self.piece(start, self.at, line);
        self.out.literals.push(literal);
        self.bump_by(hashes + 1);
    }

    /// A character literal is skipped; of a lifetime only the quote is.
    fn quote(&mut self) {
        if self.peek(1) == Some('\\') {
            self.bump_by(3);
            while self.peek(0).is_some_and(|c| c != '\'') {
                self.bump();
            }
            self.bump();
        } else if self.peek(2) == Some('\'') {
            self.bump_by(3);
        } else {
            self.bump();
        }
    }

    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(is_word) {
            self.bump();
        }
        let word = self.piece(start, self.at, self.line);
        let hashes = (0..).take_while(|n| self.peek(*n) == Some('#')).count();
        let raw = matches!(word.text.as_str(), "r" | "br" | "cr");
        if raw && self.peek(hashes) == Some('"') {
            self.raw_string(hashes);
        } else {
            self.out.tokens.push(word);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_no_tokens() {
        let lexed =
            lex("a(\"b \\\" c\"); // d\n/* e /* f */ g */ r#\"h \" i\"#; 'x'; '\\''; &'j k");
        let tokens: Vec<&str> = lexed.tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(tokens, ["a", "(", ")", ";", ";", ";", ";", "&", "j", "k"]);
        let literals: Vec<&str> = lexed.literals.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(literals, ["b \\\" c", "h \" i"]);
        assert_eq!(lexed.comments[0], Piece { text: "// d".into(), line: 1 });
        assert_eq!(lexed.comments[1], Piece { text: "/* e /* f */ g */".into(), line: 2 });
    }

    #[test]
    fn an_unfinished_literal_does_not_hang() {
        for text in ["\"abc", "r#\"abc\"", "/* abc", "'\\", "\"\\", "r###"] {
            lex(text);
        }
    }

    #[test]
    fn a_pattern_is_found_across_line_breaks_and_not_inside_other_names() {
        let tokens = lex("x\n  .unwrap( )\n  .unwrap_or(1); my_todo!(); todo!()").tokens;
        assert_eq!(find(&tokens, ".unwrap()"), [2]);
        assert_eq!(find(&tokens, "todo!"), [3]);
    }
}
