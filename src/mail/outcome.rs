//! What the answers of a mail server mean. Pure.
//!
//! Decides by the stage of the talk and by codes. Texts are not looked at: servers word them as they
//! like, and they may name the receiver.

use std::fmt;

use crate::outbox::Outcome;

/// How far the talk with the server had come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Finding the server, connecting, TLS.
    Dial,
    /// Its greeting and what it can do.
    Greeting,
    /// User and password.
    Login,
    /// The sender.
    Sender,
    /// The receiver.
    Receiver,
    /// Announcing the letter.
    Announce,
    /// The letter itself.
    Letter,
}

/// What a server answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The reply code of RFC 5321.
    pub code: u16,
    /// Class, subject and detail of RFC 3463, where the server gave them.
    pub status: Option<(u16, u16, u16)>,
}

/// Why an attempt failed. What it prints holds no address and no text of the server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// Where.
    pub stage: Stage,
    /// The server's answer, if one came.
    pub answer: Option<Answer>,
    /// What else is known, for the log.
    pub cause: String,
}

impl Trouble {
    /// A failure without an answer of the server.
    #[must_use]
    pub fn silent(stage: Stage, cause: impl fmt::Display) -> Self {
        Self { stage, answer: None, cause: cause.to_string() }
    }

    /// The wait for the server was as long as it may be.
    #[must_use]
    pub fn late(stage: Stage) -> Self {
        Self::silent(stage, "no answer in time")
    }

    /// A refusal of the server.
    #[must_use]
    pub fn refused(stage: Stage, code: u16, text: &str) -> Self {
        Self { stage, answer: Some(Answer { code, status: status(text) }), cause: String::new() }
    }

    /// What follows.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.answer {
            Some(answer @ Answer { code: 500..=599, .. }) => refusal(self.stage, answer),
            // Busy, greylisted, or cut off: the letter may come again.
            Some(_) | None => Outcome::Unavailable,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.stage)?;
        if let Some(Answer { code, status }) = self.answer {
            write!(f, " {code}")?;
            if let Some((class, subject, detail)) = status {
                write!(f, " {class}.{subject}.{detail}")?;
            }
        }
        if !self.cause.is_empty() {
            write!(f, ": {}", self.cause)?;
        }
        Ok(())
    }
}

/// What a permanent refusal means.
fn refusal(stage: Stage, answer: Answer) -> Outcome {
    match stage {
        // The server talks to nobody, or not to us. No letter is at fault; it may change its mind.
        Stage::Dial | Stage::Greeting => Outcome::Forbidden,
        Stage::Login => Outcome::Unauthorized,
        Stage::Sender | Stage::Receiver | Stage::Announce | Stage::Letter
            if wants_login(answer) =>
        {
            Outcome::Unauthorized
        }
        Stage::Receiver if is_about_receiver(answer) => Outcome::UnknownReceiver,
        Stage::Sender | Stage::Receiver | Stage::Announce | Stage::Letter => Outcome::Refused,
    }
}

/// RFC 4954: authentication required, invalid, too weak, or only over TLS.
fn wants_login(answer: Answer) -> bool {
    matches!(answer.code, 530 | 534 | 535 | 538)
}

/// Whether a refusal at the receiver's name is about the mailbox. Servers refuse us at that stage as
/// well, most often with 5.7.1 because they relay nothing for us: that says nothing about anybody.
fn is_about_receiver(answer: Answer) -> bool {
    match answer.status {
        Some((_, subject, _)) => matches!(subject, 1 | 2),
        // Commands and parameters that the server does not understand.
        None => !matches!(answer.code, 500..=504 | 555),
    }
}

/// The status of RFC 3463 at the beginning of a server's text.
fn status(text: &str) -> Option<(u16, u16, u16)> {
    let word = text.split_whitespace().next()?;
    let mut numbers = word.split('.').map(|part| part.parse().ok().filter(|_| part.len() <= 3));
    let status = (numbers.next()??, numbers.next()??, numbers.next()??);
    (numbers.next().is_none() && matches!(status.0, 2 | 4 | 5)).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_its_meaning_at_its_stage() {
        use Outcome as O;
        use Stage as S;
        for (stage, code, text, outcome) in [
            (S::Greeting, 421, "too busy", O::Unavailable),
            (S::Greeting, 554, "5.7.1 go away", O::Forbidden),
            (S::Login, 535, "5.7.8 wrong", O::Unauthorized),
            (S::Login, 454, "4.7.0 later", O::Unavailable),
            (S::Sender, 530, "5.7.0 log in first", O::Unauthorized),
            (S::Sender, 550, "5.7.1 not your address", O::Refused),
            (S::Sender, 452, "4.3.1 disk full", O::Unavailable),
            (S::Receiver, 550, "5.1.1 <k@example.jp>: unknown", O::UnknownReceiver),
            (S::Receiver, 550, "no such user here", O::UnknownReceiver),
            (S::Receiver, 553, "5.1.3 bad syntax", O::UnknownReceiver),
            (S::Receiver, 550, "5.2.1 mailbox disabled", O::UnknownReceiver),
            (S::Receiver, 554, "5.7.1 relay access denied", O::Refused),
            (S::Receiver, 501, "syntax error", O::Refused),
            (S::Receiver, 530, "5.7.0 log in first", O::Unauthorized),
            (S::Receiver, 451, "4.7.1 greylisted", O::Unavailable),
            (S::Receiver, 450, "4.2.0 try again", O::Unavailable),
            (S::Announce, 554, "no valid recipients", O::Refused),
            (S::Announce, 421, "closing", O::Unavailable),
            (S::Letter, 554, "5.7.1 looks like spam", O::Refused),
            (S::Letter, 552, "5.3.4 too large", O::Refused),
            (S::Letter, 451, "4.3.0 later", O::Unavailable),
        ] {
            assert_eq!(Trouble::refused(stage, code, text).outcome(), outcome, "{stage:?} {code}");
        }
        for stage in [S::Dial, S::Greeting, S::Login, S::Sender, S::Receiver, S::Letter] {
            assert_eq!(Trouble::late(stage).outcome(), O::Unavailable, "{stage:?}");
        }
    }

    #[test]
    fn what_is_printed_holds_codes_and_no_text_of_the_server() {
        let trouble = Trouble::refused(Stage::Receiver, 550, "5.1.1 <kenji@example.jp>: unknown");
        assert_eq!(trouble.to_string(), "Receiver 550 5.1.1");
        let trouble = Trouble::refused(Stage::Receiver, 550, "kenji@example.jp is unknown");
        assert_eq!(trouble.to_string(), "Receiver 550");
        assert_eq!(Trouble::late(Stage::Dial).to_string(), "Dial: no answer in time");
    }

    #[test]
    fn a_status_is_read_only_where_it_is_one() {
        assert_eq!(status("5.1.1 unknown"), Some((5, 1, 1)));
        assert_eq!(status("4.7.123"), Some((4, 7, 123)));
        for text in ["", "5.1", "5.1.1.1 x", "192.0.2.1 is blocked", "5.1.1111 x", "6.1.1", "5..1"]
        {
            assert_eq!(status(text), None, "{text}");
        }
    }
}
