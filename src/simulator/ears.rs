//! What the server of the simulated world has heard: what it said that it has, it may not lose, may not do twice (I7), and
//! has to believe (I8).

use serde::Deserialize;
use serde_json::Value;

use super::world::{Done, World};
use crate::domain::id::PersonId;
use crate::locale::simulator as words;
use crate::platform::Delivery;

impl World {
    /// Whether everything that LINE brings here was on our disk before.
    pub(super) fn heard_before(&self, delivery: &Delivery) -> bool {
        let ids = ids_of(delivery);
        !ids.is_empty() && ids.iter().all(|id| self.heard_ids.contains(id))
    }

    pub(super) fn write_down(&mut self, delivery: &Delivery) -> Done {
        self.heard_ids.extend(ids_of(delivery));
        let body: Value = serde_json::from_slice(&delivery.body).unwrap_or_default();
        for event in body["events"].as_array().into_iter().flatten() {
            let acts = matches!(event["type"].as_str(), Some("postback" | "message"));
            let user = event["source"]["userId"].as_str().filter(|_| acts);
            let Some(person) = user.map(|user| self.person(user)).transpose()?.flatten() else {
                continue;
            };
            if event["source"]["groupId"].is_string() {
                self.write_down_in_group(event, person);
                continue;
            }
            if let Some(data) = event["postback"]["data"].as_str() {
                self.truth.heard_of_rest(self.now, person, data);
                self.truth.heard_of_leaving(self.now, person, data);
            }
            // Who cries for help is alive, and has not said that all is well.
            if event["message"]["text"] == words::HELP {
                continue;
            }
            let is_asked = self.truth.asked.iter().any(|asked| asked.person == person);
            if let Some(at_ms) = event["timestamp"].as_i64().filter(|_| is_asked) {
                self.truth.heard(person, at_ms, self.now);
                if event["message"]["text"] == words::WELL {
                    self.truth.heard_early(person, at_ms);
                }
                self.is_believed(person, at_ms)?;
            }
        }
        Ok(())
    }

    /// I8: whoever was heard is not waited for any more.
    pub(super) fn is_believed(&mut self, person: PersonId, at_ms: i64) -> Done {
        if !self.truth.is_right(self.now) {
            return Ok(());
        }
        let reading = self.server.store.read()?;
        let watch = reading.person(person)?.and_then(|person| person.watch);
        let Some(case) = watch.and_then(|watch| watch.case) else { return Ok(()) };
        let Some(case) = reading.case(case)? else { return Ok(()) };
        let ends = case.trouble.ends_with_answer() && !case.called_emergency;
        if ends && case.is_open() && at_ms >= case.round_due_at.millis() {
            let what = format!("{person} was heard at {at_ms}, and {case:?} is still open");
            self.truth.violation("I8", self.now, what);
        }
        Ok(())
    }
}

/// The names of a webhook's events, and nothing else of it.
#[derive(Deserialize, Default)]
struct Names {
    events: Vec<NameOf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NameOf {
    webhook_event_id: Option<String>,
}

/// What LINE calls the events of a webhook, as far as they have names.
fn ids_of(delivery: &Delivery) -> Vec<String> {
    let names: Names = serde_json::from_slice(&delivery.body).unwrap_or_default();
    names.events.into_iter().filter_map(|event| event.webhook_event_id).collect()
}
