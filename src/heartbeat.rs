//! Calls an address of somebody else's while all is well, so that somebody else notices when it is
//! not: the service, its machine or its way to the world. It decides nothing and knows nothing but
//! whether something ails; it must not use the writer, the outbox or the clock of the rules.

use std::time::Duration;

use reqwest::Url;

use crate::domain::vitals::Ailment;
use crate::net::client::{self, NoClient};

/// Longest wait for an answer. The next call comes soon enough.
const ANSWER_WAIT: Duration = Duration::from_secs(10);

/// What became of one beat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beat {
    /// The address was called, and answered that it heard.
    Heard,
    /// The address was called in vain.
    Unheard,
    /// Something ails now, or nobody looked yet: silence is what says so.
    Withheld,
}

/// Says what ails, as last seen; `None` before the first look.
pub type Ask = Box<dyn Fn() -> Option<Vec<Ailment>> + Send + Sync>;

/// The one who calls.
pub struct Heartbeat {
    http: reqwest::Client,
    url: Url,
    ailments: Ask,
    last: Option<Beat>,
}

impl Heartbeat {
    /// Calls `url` where `ailments` says that there are none but warnings.
    pub fn new(url: Url, ailments: Ask) -> Result<Self, NoClient> {
        Ok(Self { http: client::http(None, ANSWER_WAIT)?, url, ailments, last: None })
    }

    /// Beats for ever. `every` is real time, also where practice runs faster: whoever is called lives in
    /// the world. Until the first look, and after a beat that was held back, it looks again soon.
    pub async fn run(mut self, every: Duration) {
        let soon = every.min(Duration::from_secs(15));
        loop {
            let beat = self.beat().await;
            tokio::time::sleep(if beat == Beat::Heard { every } else { soon }).await;
        }
    }

    /// One beat. A change is logged; the address is not, because knowing it is all it takes to call it.
    pub async fn beat(&mut self) -> Beat {
        let ailments = (self.ailments)();
        let beat = match &ailments {
            Some(found) if !found.iter().any(|ailment| ailment.harms_the_watch()) => {
                self.call().await
            }
            Some(_) | None => Beat::Withheld,
        };
        if self.last != Some(beat) {
            match beat {
                Beat::Heard => tracing::info!("the heartbeat is heard"),
                Beat::Unheard => tracing::warn!("heartbeat.url does not answer with success"),
                Beat::Withheld => tracing::warn!(?ailments, "no heartbeat while something ails"),
            }
        }
        self.last = Some(beat);
        beat
    }

    async fn call(&self) -> Beat {
        match self.http.get(self.url.clone()).send().await {
            Ok(answer) if answer.status().is_success() => Beat::Heard,
            Ok(_) | Err(_) => Beat::Unheard,
        }
    }
}
