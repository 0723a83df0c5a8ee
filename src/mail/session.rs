//! A talk with the mail server on one connection, step by step, each with a limit to its wait.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};

use super::mailer::Waits;
use super::outcome::{Answer, Stage, Trouble};
use super::wire::Wire;
use crate::config::smtp::Login;

/// Longest wait for a goodbye, and for a sign that a kept connection still lives.
const COURTESY_WAIT: Duration = Duration::from_secs(5);

/// A talk that has come as far as the login.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    waits: Waits,
}

impl Session {
    /// Greets on a connection and logs in.
    pub(super) async fn begin(
        wire: Wire,
        hello: &ClientId,
        login: Option<&Login>,
        waits: Waits,
    ) -> Result<Self, Trouble> {
        let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(wire), hello);
        let connection = within(waits.answer, Stage::Greeting, greeted).await?;
        let mut session = Self { connection, waits };
        if let Some(login) = login {
            session.log_in(login).await?;
        }
        Ok(session)
    }

    async fn log_in(&mut self, login: &Login) -> Result<(), Trouble> {
        let info = self.connection.server_info();
        if info.get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
            // Nobody can log in there; as if the password had been refused.
            let answer = Some(Answer { code: 504, status: None });
            let cause = "the server offers neither PLAIN nor LOGIN".to_owned();
            return Err(Trouble { stage: Stage::Login, answer, cause });
        }
        let credentials = Credentials::new(login.user.clone(), login.password.clone());
        let logged_in = self.connection.auth(DEFAULT_MECHANISMS, &credentials);
        within(self.waits.answer, Stage::Login, logged_in).await.map(drop)
    }

    /// Hands over one letter.
    pub(super) async fn send(
        &mut self,
        from: &Address,
        to: &Address,
        letter: &[u8],
    ) -> Result<(), Trouble> {
        let sender = Mail::new(Some(from.clone()), Vec::new());
        self.step(Stage::Sender, sender, Severity::PositiveCompletion).await?;
        let receiver = Rcpt::new(to.clone(), Vec::new());
        self.step(Stage::Receiver, receiver, Severity::PositiveCompletion).await?;
        self.step(Stage::Announce, Data, Severity::PositiveIntermediate).await?;
        let sent = self.connection.message(letter);
        let answer = within(self.waits.letter, Stage::Letter, sent).await?;
        expect(Stage::Letter, Severity::PositiveCompletion, &answer)
    }

    async fn step(
        &mut self,
        stage: Stage,
        command: impl Display,
        expected: Severity,
    ) -> Result<(), Trouble> {
        let answer = within(self.waits.answer, stage, self.connection.command(command)).await?;
        expect(stage, expected, &answer)
    }

    /// Whether the server is still there.
    pub(super) async fn lives(&mut self) -> bool {
        tokio::time::timeout(COURTESY_WAIT, self.connection.test_connected()).await == Ok(true)
    }

    /// Says goodbye, as far as anybody listens.
    pub(super) async fn end(mut self) {
        let _ = tokio::time::timeout(COURTESY_WAIT, self.connection.quit()).await;
    }
}

/// An answer that is good, but not to what was said, shows that we and the server talk past each other:
/// taking it for the last "accepted" would lose a letter.
fn expect(stage: Stage, expected: Severity, answer: &Response) -> Result<(), Trouble> {
    if answer.code().severity == expected {
        Ok(())
    } else {
        Err(Trouble::silent(stage, "an answer to something else"))
    }
}

/// Waits for a step at most so long.
async fn within<T>(
    wait: Duration,
    stage: Stage,
    step: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(wait, step).await {
        Ok(done) => done.map_err(|fault| trouble(stage, &fault)),
        Err(_) => Err(Trouble::late(stage)),
    }
}

/// Keeps the codes of an answer, and the cause where there was none.
fn trouble(stage: Stage, fault: &smtp::Error) -> Trouble {
    let text = std::error::Error::source(fault).map(ToString::to_string).unwrap_or_default();
    match fault.status() {
        Some(code) => Trouble::refused(stage, code.into(), &text),
        // What it was, the library would print, and with it what the server wrote.
        None if fault.is_response() => Trouble::silent(stage, "an answer that is no SMTP"),
        None => Trouble::silent(stage, text),
    }
}
