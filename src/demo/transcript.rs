//! Whole stories without a browser: played on the real server over real HTTP, printed as they appear on the phones, and
//! checked. Each story has a file; each begins where the one before left the stage.

mod check_in;
mod group;
mod printer;
mod trouble;
mod watching;

use std::io::Write;

use super::stage::Stage;
use super::story::{Cast, Missing};
use crate::locale::demo::{chapters, terminal};
use printer::Printer;
use watching::check;

/// Plays and prints the stories. An error names what did not happen.
pub async fn play(stage: &Stage, cast: &Cast, out: &mut impl Write) -> Result<(), Missing> {
    let mut teller = Teller { stage, cast, printer: Printer::new(out) };
    check_in::play(&mut teller).await?;
    trouble::play(&mut teller).await?;
    group::play(&mut teller).await?;
    check(kept_lines_rules(stage), chapters::RULES)
}

/// Prints the last word of a transcript.
pub fn end(out: &mut impl Write) {
    Printer::new(out).line(&format!("\n{}", terminal::GOOD));
}

/// What a story is played on, and told with.
struct Teller<'s, W> {
    stage: &'s Stage,
    cast: &'s Cast,
    printer: Printer<'s, W>,
}

impl<W: Write> Teller<'_, W> {
    /// Begins a chapter.
    fn chapter(&mut self, title: &str) {
        self.printer.chapter(title);
    }

    /// Prints what appeared on the phones since the last time.
    fn show(&mut self) {
        self.printer.show(self.stage);
    }
}

fn kept_lines_rules(stage: &Stage) -> bool {
    let platform = stage.standin.platform();
    let violations = platform.violations();
    violations.iter().for_each(|violation| tracing::error!(violation, "LINE's rules were broken"));
    violations.is_empty()
}
