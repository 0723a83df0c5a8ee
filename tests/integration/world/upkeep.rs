//! The keeper of the world: the same plan and walks as the server's, carried out at the moments at
//! which something happens anyway. A test that is about hearing lets it wake by itself.

use anshin::domain::event::{Event, GroupNews, TimeLook, Upkeep};
use anshin::domain::time::Moment;
use anshin::keeper::plan::{Chore, Plan};
use anshin::keeper::walk;
use anshin::line::call;
use anshin::outbox::Inquiry;
use anshin::platform::{Answer, ApiRequest, ApiResponse, Host};
use anshin::timer::task as timer;
use serde_json::Value;

use super::World;

/// How the keeper is woken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Watchful {
    /// Whenever something else happens.
    Lazily,
    /// By its own plan.
    ByItself,
    /// As lazily, and our hearing is not tested at all.
    WithoutTests,
}

/// Who is the first to go on after a standstill.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Quicker {
    /// The timers, who notice it.
    Timers,
    /// The keeper, who says that we live.
    Keeper,
    /// What LINE brought meanwhile, and waited at the door.
    Webhooks,
}

impl World {
    /// The process stands still until then, and nobody gives up at its door. The timers have not said so yet.
    fn freeze(&mut self, until: Moment, quicker: Quicker) -> Moment {
        let since = self.now;
        self.now = until;
        match quicker {
            Quicker::Timers => {}
            Quicker::Keeper => {
                let (alive_at, time) = (since, TimeLook::Steady);
                let webhook_at = None;
                self.commit(&[Event::Upkeep(Upkeep::Beat { alive_at, webhook_at, time })]);
            }
            Quicker::Webhooks => while self.one_webhook() {},
        }
        since
    }

    /// Stands still until then, and goes on.
    pub(crate) fn stand_still(&mut self, until: Moment, quicker: Quicker) {
        let since = self.freeze(until, quicker);
        let now = self.now;
        let mut events = vec![Event::Upkeep(Upkeep::StoodStill(since))];
        events.extend(timer::due(&mut self.running.as_mut().unwrap().wheel, now));
        self.commit(&events);
        self.settle();
    }

    /// Stands still until then, and is killed before the timers noticed it.
    pub(crate) fn stand_still_and_die(&mut self, until: Moment, quicker: Quicker) {
        self.freeze(until, quicker);
        self.running = None;
        self.start();
        self.settle();
    }

    /// Carries out what is due.
    pub(super) fn upkeep(&mut self) {
        let now = self.shown();
        let service = self.store.read().unwrap().service().unwrap();
        let Some(running) = self.running.as_mut() else { return };
        for chore in running.plan.due(now, &service) {
            self.carry_out(chore);
        }
    }

    fn carry_out(&mut self, chore: Chore) {
        let events = match chore {
            Chore::Beat => self.beat(),
            Chore::Probe if self.watchful == Watchful::WithoutTests => Vec::new(),
            Chore::Probe => self.probe().into_iter().collect(),
            Chore::Quota => self.quota().into_iter().collect(),
            Chore::Time | Chore::Anew => Vec::new(),
            Chore::MakeGood => {
                let mut events = walk::make_good(&self.store.read().unwrap()).unwrap();
                events.push(Event::Upkeep(Upkeep::MadeGood));
                events
            }
            Chore::Sweep(until) => {
                let mut events = walk::sweep(&self.store.read().unwrap()).unwrap();
                events.push(Event::Upkeep(Upkeep::Swept(until)));
                events
            }
            Chore::Audit => {
                walk::audit(&self.store.read().unwrap(), self.shown(), &self.rules).unwrap()
            }
            Chore::Groups => self.groups(),
            Chore::Reach => self.reach(),
            Chore::Report => walk::report(
                &self.store.read().unwrap(),
                (self.shown(), &self.rules),
                self.certificate,
            )
            .unwrap(),
        };
        if self.running.is_some() {
            self.commit(&events);
        }
    }

    fn beat(&mut self) -> Vec<Event> {
        let time = std::mem::take(&mut self.time_looks);
        let beat = Upkeep::Beat { alive_at: self.shown(), webhook_at: None, time };
        let outage = walk::outage(&self.store.read().unwrap(), self.shown()).unwrap();
        [Event::Upkeep(beat)].into_iter().chain(outage).collect()
    }

    /// The server says that it lives: as close to a stop as the real one's beat every minute.
    pub(super) fn last_beat(&mut self) {
        let (alive_at, time) = (self.shown(), TimeLook::Steady);
        let events = [Event::Upkeep(Upkeep::Beat { alive_at, webhook_at: None, time })];
        if self.running.is_some() {
            self.commit(&events);
        }
    }

    fn probe(&mut self) -> Option<Event> {
        let answer = self.ask_line(&call::webhook_test());
        let outcome = match answer {
            Some(answer) => call::webhook_test_outcome(answer.status, &answer.body),
            None => anshin::domain::hearing::Probe::Unanswered,
        };
        Some(Event::Upkeep(Upkeep::Probed(outcome)))
    }

    fn quota(&mut self) -> Option<Event> {
        let body = |answer: Option<ApiResponse>| -> Value {
            answer.and_then(|a| serde_json::from_slice(&a.body).ok()).unwrap_or_default()
        };
        let quota = body(self.ask_line(&call::quota()));
        let consumption = body(self.ask_line(&call::consumption()));
        call::quota_outcome(&quota, &consumption).map(Event::Upkeep)
    }

    fn reach(&mut self) -> Vec<Event> {
        let people = walk::reach(&self.store.read().unwrap()).unwrap();
        let asked_at = self.shown();
        let count = people.len();
        let ask = |(person, address)| {
            let answer = self.ask_line(&call::profile(&address))?;
            let reachable = call::profile_outcome(answer.status)?;
            Some(Event::Upkeep(Upkeep::Reach { person, reachable, asked_at }))
        };
        let found: Vec<Event> = people.into_iter().filter_map(ask).collect();
        if let Some(running) = self.running.as_mut().filter(|_| found.len() < count) {
            running.plan.reach_again(asked_at);
        }
        found
    }

    fn groups(&mut self) -> Vec<Event> {
        let questions = walk::groups(&self.store.read().unwrap(), self.shown()).unwrap();
        let mut events = Vec::new();
        for asked in questions {
            let found: Vec<Option<Event>> =
                asked.inquiries.iter().map(|inquiry| self.ask_of_group(inquiry)).collect();
            let answered = found.iter().all(Option::is_some);
            events.extend(found.into_iter().flatten());
            let news = GroupNews::NamedAll(asked.group, asked.people());
            events.extend(answered.then_some(Event::GroupNews(news)));
        }
        events
    }

    fn ask_of_group(&mut self, inquiry: &Inquiry) -> Option<Event> {
        let news = match inquiry {
            Inquiry::GroupSize(id, group) => {
                let answer = self.ask_line(&call::group_count(group))?;
                GroupNews::Counted(*id, call::group_count_outcome(answer.status, &answer.body)?)
            }
            Inquiry::GroupName(id, group, person, user) => {
                let answer = self.ask_line(&call::group_member(group, user))?;
                let name = call::group_member_outcome(answer.status, &answer.body)?;
                GroupNews::Called(*id, *person, name)
            }
            _ => return None,
        };
        Some(Event::GroupNews(news))
    }

    /// LINE posts a test to the server, and hears what it answered.
    pub(super) fn test_webhook(&mut self, answer: Answer) -> Option<ApiResponse> {
        let Answer::TestWebhook { delivery, .. } = answer else { return None };
        let named = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("x-line-signature").then(|| value.clone())
        };
        let signature = delivery.headers.iter().find_map(named).unwrap();
        let taken = !self.deaf && self.webhook(&delivery.body, &signature);
        Some(self.platform.webhook_tested(self.now.millis(), taken.then_some(200)))
    }

    /// Tells LINE where the server is, as whoever sets it up would.
    pub(super) fn register_endpoint(&mut self) {
        let token = self.platform.settings().long_lived_token.clone().unwrap();
        let request = ApiRequest {
            host: Host::Api,
            method: "PUT".to_owned(),
            path: "/v2/bot/channel/webhook/endpoint".to_owned(),
            query: String::new(),
            headers: vec![
                ("authorization".to_owned(), format!("Bearer {token}")),
                ("content-type".to_owned(), "application/json".to_owned()),
            ],
            body: br#"{"endpoint":"https://mimamori.example.jp/line/webhook"}"#.to_vec(),
        };
        self.platform.answer(self.now.millis(), &request);
    }

    /// The plan of a server that starts now.
    pub(super) fn plan(&self) -> Plan {
        Plan::new(self.shown())
    }
}
