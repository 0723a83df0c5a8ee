//! The form in which staff write down what they did about a case.

use jiff::civil::DateTime;
use maud::{Markup, html};

use super::Visit;
use crate::domain::details::{LINE_CHARS_MAX, Line, NOTE_CHARS_MAX};
use crate::domain::record::{Finding, Means, Next, Note, Party};
use crate::domain::schedule::Zone;
use crate::locale::desk::{self as words, case as labels};
use crate::web::form::Form;
use crate::web::input::{Input, Shape, choice};

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct NoteForm {
    means: Option<usize>,
    party: Option<usize>,
    result: Option<usize>,
    text: String,
    next: String,
    due: String,
    result_fault: Option<&'static str>,
    text_fault: Option<&'static str>,
    next_fault: Option<&'static str>,
    due_fault: Option<&'static str>,
}

impl NoteForm {
    /// Reads the form; what is wrong comes back with what was typed.
    pub(super) fn of(form: &Form) -> Result<Note, Box<Self>> {
        let number = |name: &str| form.text(name).parse::<usize>().ok();
        let mut typed = Self {
            means: number("means"),
            party: number("party"),
            result: number("result"),
            text: form.text("text").to_owned(),
            next: form.text("next").to_owned(),
            due: form.text("due").to_owned(),
            ..Self::default()
        };
        let text = Line::read(&typed.text, NOTE_CHARS_MAX);
        let next = Line::read(&typed.next, LINE_CHARS_MAX);
        let due_at = moment(&typed.due);
        typed.text_fault = text.as_ref().err().map(|fault| words::fault(*fault));
        typed.next_fault = next.as_ref().err().map(|fault| words::fault(*fault));
        typed.due_fault = due_at.is_err().then_some(labels::BAD_WHEN);
        // A time that stands alone says nothing to whoever reads it.
        let alone = matches!((&next, &due_at), (Ok(None), Ok(Some(_))));
        if alone {
            typed.next_fault = Some(labels::NEXT_FAULT);
        }
        // Before them stands "please choose": a result that nobody chose would be a wrong one.
        let result = typed.result.and_then(|n| Finding::ALL.get(n.checked_sub(1)?).copied());
        typed.result_fault = result.is_none().then_some(labels::UNCHOSEN_FAULT);
        let (Ok(text), Ok(next), Ok(due_at), Some(result), false) =
            (text, next, due_at, result, alone)
        else {
            return Err(Box::new(typed));
        };
        let pick = |n: Option<usize>| n.unwrap_or_default();
        Ok(Note {
            means: Means::ALL.get(pick(typed.means)).copied().unwrap_or(Means::Phone),
            party: Party::ALL.get(pick(typed.party)).copied().unwrap_or(Party::Other),
            result,
            text,
            next: next.map(|what| Next { what, due_at }),
        })
    }
}

/// A moment on the office's wall, as browsers send it; `None` if nothing was chosen.
fn moment(text: &str) -> Result<Option<crate::domain::time::Moment>, ()> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wall: DateTime = text.trim().parse().map_err(|_| ())?;
    Zone::default().at(wall).map(Some).ok_or(())
}

/// The form.
pub(super) fn note(visit: &Visit<'_>, typed: &NoteForm) -> Markup {
    let means = Means::ALL.map(words::means);
    let parties = Party::ALL.map(words::party);
    let results: Vec<&str> =
        std::iter::once(labels::UNCHOSEN).chain(Finding::ALL.map(words::finding)).collect();
    let text = Input::new("text", Shape::Note(NOTE_CHARS_MAX), labels::TEXT, labels::TEXT_HELP);
    let next = Input::new("next", Shape::Line(LINE_CHARS_MAX), labels::NEXT, "");
    let due = Input::new("due", Shape::When, labels::NEXT_AT, "");
    html! {
        h2 { (labels::RECORD) }
        form.entry method="post" {
            (visit.word())
            input type="hidden" name="act" value="record";
            div.row {
                (choice("means", labels::MEANS, &means, typed.means, None))
                (choice("party", labels::PARTY, &parties, typed.party, None))
                (choice("result", labels::RESULT, &results, typed.result, typed.result_fault))
            }
            (text.with(&typed.text).faulty(typed.text_fault).markup())
            div.row {
                (next.with(&typed.next).faulty(typed.next_fault).markup())
                (due.with(&typed.due).faulty(typed.due_fault).markup())
            }
            button.button type="submit" { (labels::SAVE) }
        }
    }
}
