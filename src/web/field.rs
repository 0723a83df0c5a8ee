//! One field of a form: its label, a helping word above, the field, and what is wrong with it below,
//! all tied together for those who cannot see the page.

use maud::{Markup, html};

use crate::locale::staff::field as words;

/// Longest text of a field without a limit of its own, in characters.
const CHARS_MAX: usize = 200;

/// What a field takes; decides keyboard, and what browsers and password safes fill in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The name to log in with.
    LoginName,
    /// The same where it cannot be chosen: stands there so that a password safe keeps it.
    FixedName,
    /// The present password.
    Password,
    /// A password to come.
    NewPassword,
    /// The number of the second factor, or a recovery code.
    Number,
}

impl Kind {
    fn input_type(self) -> &'static str {
        match self {
            Self::LoginName | Self::FixedName | Self::Number => "text",
            Self::Password | Self::NewPassword => "password",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::LoginName | Self::FixedName => "username",
            Self::Password => "current-password",
            Self::NewPassword => "new-password",
            Self::Number => "one-time-code",
        }
    }
}

/// A field; it has to be filled in.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name in the form.
    pub name: &'static str,
    /// Its id on the page; the name, where the page has no other field of that name.
    pub id: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Its label.
    pub label: &'static str,
    /// A helping word; empty for none.
    pub help: &'static str,
    /// What stands in it.
    pub value: &'a str,
    /// What is wrong with what was typed.
    pub fault: Option<&'static str>,
}

impl<'a> Field<'a> {
    /// An empty field.
    #[must_use]
    pub fn new(name: &'static str, kind: Kind, label: &'static str, help: &'static str) -> Self {
        Self { name, id: name, kind, label, help, value: "", fault: None }
    }

    /// Under an id of its own.
    #[must_use]
    pub fn called(mut self, id: &'static str) -> Self {
        self.id = id;
        self
    }

    /// With what was typed before.
    #[must_use]
    pub fn with(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// With what is wrong.
    #[must_use]
    pub fn faulty(mut self, fault: Option<&'static str>) -> Self {
        self.fault = fault;
        self
    }

    /// The field on the page.
    #[must_use]
    pub fn markup(&self) -> Markup {
        let (help_id, fault_id) = (format!("{}-help", self.id), format!("{}-fault", self.id));
        let described: Vec<&str> = [
            (!self.help.is_empty()).then_some(help_id.as_str()),
            self.fault.map(|_| fault_id.as_str()),
        ]
        .into_iter()
        .flatten()
        .collect();
        let fixed = self.kind == Kind::FixedName;
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(self.id) {
                    (self.label)
                    @if !fixed { " " span.must { (words::MUST) } }
                }
                @if !self.help.is_empty() { p.help id=(help_id) { (self.help) } }
                input id=(self.id) name=(self.name) type=(self.kind.input_type())
                    value=(self.value) autocomplete=(self.kind.autocomplete())
                    autocapitalize="none" spellcheck="false" maxlength=(CHARS_MAX) required[!fixed] readonly[fixed]
                    aria-describedby=[described] aria-invalid=[self.fault.map(|_| "true")];
                @if let Some(fault) = self.fault { p.fault id=(fault_id) { "＊" (fault) } }
            }
        }
    }
}
