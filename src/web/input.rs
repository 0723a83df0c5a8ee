//! Fields of forms: lines, numbers to phone, notes, days, choices. What is wrong with one stands below it,
//! and what was typed stays.

use std::fmt::Display;

use jiff::civil::Date;
use maud::{Markup, html};

/// What a field takes; decides keyboard and size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A line of at most so many characters.
    Line(usize),
    /// A few lines of at most so many characters.
    Note(usize),
    /// A number to phone.
    Phone,
    /// A day and an hour.
    When,
    /// A day between two.
    Day(Date, Date),
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its name in the form, and its id on the page.
    pub name: &'a str,
    /// What it takes.
    pub shape: Shape,
    /// Its label.
    pub label: &'a str,
    /// A helping word; empty for none.
    pub help: &'a str,
    /// What stands in it.
    pub value: &'a str,
    /// What is wrong with what was typed.
    pub fault: Option<&'a str>,
    /// Said beside the label, where it has to be filled in.
    pub required: Option<&'a str>,
}

impl<'a> Input<'a> {
    /// An empty field.
    #[must_use]
    pub fn new(name: &'a str, shape: Shape, label: &'a str, help: &'a str) -> Self {
        Self { name, shape, label, help, value: "", fault: None, required: None }
    }

    /// With what stands in it.
    #[must_use]
    pub fn with(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// With what is wrong.
    #[must_use]
    pub fn faulty(mut self, fault: Option<&'a str>) -> Self {
        self.fault = fault;
        self
    }

    /// With the word that it has to be filled in.
    #[must_use]
    pub fn required(mut self, word: Option<&'a str>) -> Self {
        self.required = word;
        self
    }

    /// The field on the page.
    #[must_use]
    pub fn markup(&self) -> Markup {
        let Self { name, shape, label, help, value, fault, required } = *self;
        let (help_id, fault_id) = (format!("{name}-help"), format!("{name}-fault"));
        let described: Vec<&str> =
            [(!help.is_empty()).then_some(help_id.as_str()), fault.map(|_| fault_id.as_str())]
                .into_iter()
                .flatten()
                .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let invalid = fault.map(|_| "true");
        html! {
            div.field {
                label for=(name) {
                    (label)
                    @if let Some(word) = required { " " span.must { (word) } }
                }
                @if !help.is_empty() { p.help id=(help_id) { (help) } }
                @match shape {
                    Shape::Note(most) => textarea id=(name) name=(name) rows="3" maxlength=(most)
                        aria-describedby=[described] aria-invalid=[invalid] { (value) },
                    Shape::Line(most) => input id=(name) name=(name) type="text" value=(value)
                        maxlength=(most) autocomplete="off"
                        aria-describedby=[described] aria-invalid=[invalid];,
                    Shape::Phone => input id=(name) name=(name) type="tel" value=(value)
                        maxlength="40" autocomplete="off"
                        aria-describedby=[described] aria-invalid=[invalid];,
                    Shape::Day(first, last) => input id=(name) name=(name) type="date" value=(value)
                        min=(first) max=(last)
                        aria-describedby=[described] aria-invalid=[invalid];,
                    Shape::When => input id=(name) name=(name) type="datetime-local" value=(value)
                        aria-describedby=[described] aria-invalid=[invalid];,
                }
                @if let Some(fault) = fault { p.fault id=(fault_id) { "＊" (fault) } }
            }
        }
    }
}

/// One of several, from a list that opens; each goes by its place in it.
#[must_use]
pub fn choice(
    name: &str,
    label: &str,
    options: &[&str],
    chosen: Option<usize>,
    fault: Option<&str>,
) -> Markup {
    let options: Vec<(usize, &str)> = options.iter().copied().enumerate().collect();
    select(name, label, &options, chosen, fault)
}

/// One of several, from a list that opens; each with what it goes by.
#[must_use]
pub fn select<V: Copy + PartialEq + Display>(
    name: &str,
    label: &str,
    options: &[(V, &str)],
    chosen: Option<V>,
    fault: Option<&str>,
) -> Markup {
    let fault_id = format!("{name}-fault");
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) aria-invalid=[fault.map(|_| "true")]
                aria-describedby=[fault.map(|_| fault_id.as_str())] {
                @for (value, option) in options {
                    option value=(value) selected[chosen == Some(*value)] { (option) }
                }
            }
            @if let Some(fault) = fault { p.fault id=(fault_id) { "＊" (fault) } }
        }
    }
}

/// What stood in a form when it was shown, as a short mark that travels with it: whoever saves over what somebody else
/// changed meanwhile is told.
pub(super) fn seen(shown: &impl std::fmt::Debug) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{shown:?}"));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A form of nothing but a button: what it does, how it looks, what stands on it. `word` shows that the form is ours.
pub(super) fn button(word: &Markup, act: &str, class: &str, label: &str) -> Markup {
    html! {
        form method="post" {
            (word)
            input type="hidden" name="act" value=(act);
            button class=(class) type="submit" { (label) }
        }
    }
}
