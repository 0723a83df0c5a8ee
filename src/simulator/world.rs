//! The world of a run: server, LINE, people and faults on one virtual time, in one thread. Whatever happens, happens in
//! the same order for the same seed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::clock::{Clocks, is_about};
use super::ears::Said;
use super::folk::{Deed, Human};
use super::groups::Meeting;
use super::letters::Letter;
use super::lost::Disk;
use super::office::Office;
use super::server::Server;
use super::standstill::Standstill;
use super::states::Marks;
use super::swarm::{Episode, Trouble};
use super::truth::{Brought, Truth};
use crate::domain::decision::Purpose;
use crate::domain::event::{Event, TimeLook};
use crate::domain::id::{Address, BulletinId, PersonId, Way};
use crate::domain::round::Stage;
use crate::domain::time::Moment;
use crate::line::call;
use crate::locale::simulator as words;
use crate::outbox::{Outcome, Row};
use crate::platform::{
    Answer, ApiRequest, ApiResponse, Delivery, Dice, From as Side, Host, Platform, Settings,
};
use crate::store::StoreError;

/// Rounds of work at one moment before it is a fault that they do not end.
const ROUNDS_MAX: usize = 100_000;

/// After a trouble the keeper goes by its own plan for so long; else it wakes whenever something else happens.
pub(super) const WATCHFUL_FOR: Duration = Duration::from_secs(4 * 3600);

/// Everybody's timer is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(6 * 3600);

/// Something that happens at a moment.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Begin(Episode),
    End(Trouble),
    Fuse(u32),
    Does(usize, Deed),
    Look,
    Desk,
    NoRest(PersonId),
    NoNews(BulletinId),
    /// Somebody is on a page, with this chance.
    Page(u64),
    LargerPlan,
    Copies,
    LosesItsDisk,
    Restores,
    ComesRight,
    Drifts,
}

/// See the module.
pub(super) struct World {
    pub(super) now: Moment,
    pub(super) server: Server,
    pub(super) platform: Platform,
    pub(super) truth: Truth,
    pub(super) dice: Dice,
    pub(super) folk: Vec<Human>,
    /// The place of everybody among [`World::folk`], by what LINE calls them.
    pub(super) who: BTreeMap<String, usize>,
    pub(super) meetings: Vec<Meeting>,
    pub(super) office: Option<Office>,
    pub(super) agenda: BTreeMap<(Moment, u64), Act>,
    acts: u64,
    pub(super) on: Vec<Trouble>,
    pub(super) watchful_until: Moment,
    pub(super) standstill: Standstill,
    pub(super) disk: Disk,
    seen: u64,
    pub(super) clocks: Clocks,
    /// How often the server began.
    pub(super) starts: u64,
    pub(super) fuse: Option<u32>,
    pub(super) revive: bool,
    pub(super) cuts: u64,
    pub(super) started_at: Moment,
    /// The month's messages, and until when they are used up.
    pub(super) quota: Option<u64>,
    pub(super) dry_until: Moment,
    /// What LINE brought and the server has.
    pub(super) heard_ids: BTreeSet<String>,
    /// How much of the journal was held against what is true, and after how many commits.
    pub(super) read_up_to: u64,
    judged_commits: u64,
    /// How often the power was cut where.
    pub(super) marks: Marks,
    /// What happened, for whoever has to find out why.
    pub(super) trace: Vec<(Moment, String)>,
}

pub(super) type Done<T = ()> = Result<T, StoreError>;

impl World {
    /// A world in which nobody is yet.
    pub(super) fn new(seed: u64, redb: bool, now: Moment) -> Done<Self> {
        let mut dice = Dice::new(seed);
        let redelivery = dice.one_in(2);
        let quota_messages = None;
        let settings = Settings { seed, redelivery, quota_messages, ..Settings::default() };
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&seed.to_le_bytes());
        let server = Server::new(&settings, secret, redb)?;
        let mut platform = Platform::new(settings);
        platform.set_webhook_endpoint(Some("https://anshin.example.jp/line/webhook".to_owned()));
        let mut world = Self {
            now,
            server,
            platform,
            truth: Truth::default(),
            dice,
            folk: Vec::new(),
            who: BTreeMap::new(),
            meetings: Vec::new(),
            office: None,
            agenda: BTreeMap::new(),
            acts: 0,
            on: Vec::new(),
            watchful_until: now,
            standstill: Standstill::default(),
            disk: Disk::default(),
            seen: 0,
            clocks: Clocks::default(),
            starts: 0,
            fuse: None,
            revive: false,
            cuts: 0,
            started_at: now,
            quota: None,
            dry_until: now,
            heard_ids: BTreeSet::new(),
            read_up_to: 0,
            judged_commits: 0,
            marks: Marks::default(),
            trace: Vec::new(),
        };
        world.server.start(now, TimeLook::Proven)?;
        world.settle()?;
        Ok(world)
    }

    pub(super) fn note(&mut self, line: String) {
        self.trace.push((self.now, line));
    }

    pub(super) fn plan(&mut self, at: Moment, act: Act) {
        self.acts += 1;
        self.agenda.insert((at, self.acts), act);
    }

    // --- phones --------------------------------------------------------------------------------

    pub(super) fn person(&self, user: &str) -> Done<Option<PersonId>> {
        let Some(address) = Address::new(user) else { return Ok(None) };
        self.server.store.read()?.person_at(&address)
    }

    /// Everybody looks at what is new on their phone.
    fn look(&mut self) {
        let newest = self.platform.bubble_count() as u64;
        if newest == self.seen {
            return;
        }
        let chats = self.platform.take_news();
        // In the order in which they came: chance is drawn in it.
        let who: BTreeSet<usize> =
            chats.iter().filter_map(|user| self.who.get(user)).copied().collect();
        let mut plans = Vec::new();
        for who in who {
            let human = &self.folk[who];
            let Some(phone) = self.platform.phone(&human.user) else { continue };
            let news = phone.items.iter().rev().take_while(|item| item.seq > self.seen);
            for item in news.filter(|item| item.from == Side::Bot) {
                let deeds = human.react(item, &mut self.dice).into_iter();
                plans.extend(deeds.map(|(after, deed)| (after, who, deed)));
            }
        }
        for meeting in self.meetings.iter().filter(|meeting| chats.contains(&meeting.line_id)) {
            let Some(chat) = self.platform.group(&meeting.line_id) else { continue };
            let news = chat.items.iter().rev().take_while(|shown| shown.item.seq > self.seen);
            for shown in news.filter(|shown| shown.member.is_none()) {
                for (who, human) in self.folk.iter().enumerate() {
                    if chat.members.contains(&human.user) {
                        let deed = human.react_in(&meeting.line_id, &shown.item, &mut self.dice);
                        plans.extend(deed.map(|(after, deed)| (after, who, deed)));
                    }
                }
            }
        }
        self.seen = newest;
        for (after, who, deed) in plans {
            self.plan(self.now + after, Act::Does(who, deed));
        }
    }

    fn does(&mut self, who: usize, deed: &Deed) -> Done {
        let Some(human) = self.folk.get(who).cloned() else { return Ok(()) };
        let is_dead = human.ends_at.is_some_and(|at| at <= self.now);
        if human.is_gone || (is_dead && *deed != Deed::Unblock) {
            return Ok(());
        }
        // What days are offered while our time is wrong, nobody can say.
        if *deed == Deed::Say(words::REST) && !self.truth.is_right(self.now) {
            return Ok(());
        }
        let (now, user) = (self.now.millis(), human.user.as_str());
        let person = self.person(user)?;
        self.note(match person {
            Some(person) => format!("{person:?} {deed:?}"),
            None => format!("{user} {deed:?}"),
        });
        match deed {
            Deed::Press(item, index) => {
                let _ = self.platform.press(now, user, item, *index);
            }
            Deed::PressIn(group, item, index) => {
                let _ = self.platform.press_in(now, group, user, item, *index);
            }
            Deed::Sticker => self.platform.send_sticker(now, user),
            Deed::Say(text) => self.platform.say(now, user, text),
            Deed::Block => self.platform.block(now, user),
            Deed::Unblock => self.platform.unblock(now, user),
            Deed::Vanish => {
                self.platform.delete_account(user);
                self.folk[who].is_gone = true;
            }
        }
        let Some(person) = person else { return Ok(()) };
        match deed {
            Deed::Block => self.truth.blocks(person, self.now),
            Deed::Vanish => {
                self.truth.vanished.insert(person.0);
                self.truth.blocks(person, self.now);
            }
            Deed::Unblock => self.truth.unblocks(person, self.now),
            _ => {}
        }
        Ok(())
    }

    // --- LINE ----------------------------------------------------------------------------------

    fn hear(&mut self, delivery: &Delivery) -> Done<bool> {
        if self.on.contains(&Trouble::Deaf) {
            return Ok(false);
        }
        self.take_in(delivery)
    }

    /// What has reached the server.
    pub(super) fn take_in(&mut self, delivery: &Delivery) -> Done<bool> {
        let said = Said::of(delivery);
        let before = self.heard_before(&said).then(|| self.server.footprint()).transpose()?;
        let heard = self.server.hear(self.shown(), delivery)?;
        if before.is_some() && before != Some(self.server.footprint()?) && self.server.is_up() {
            let what = format!("{} came again, and something followed", delivery.id);
            self.truth.violation("I7", self.now, what);
        }
        // From here on the server may not lose it, whether LINE learns that or not.
        if heard {
            self.write_down(&said)?;
        }
        Ok(heard && !self.burn("a webhook was decided")?)
    }

    fn one_webhook(&mut self) -> Done<bool> {
        let Some(delivery) = self.platform.take_webhook(self.now.millis()) else {
            return Ok(false);
        };
        if self.is_frozen() {
            self.waits(delivery);
            return Ok(true);
        }
        self.burn("a webhook arrives")?;
        let taken = self.hear(&delivery)?;
        self.platform.webhook_done(self.now.millis(), delivery.id, taken.then_some(200));
        Ok(true)
    }

    pub(super) fn ask(&mut self, call: &call::Call) -> Done<Option<ApiResponse>> {
        if self.believes_nobody() {
            return Ok(None);
        }
        let token = self.platform.settings().long_lived_token.clone().unwrap_or_default();
        let headers = call.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let request = ApiRequest {
            host: Host::Api,
            method: call.method.to_owned(),
            path: call.path.clone(),
            query: String::new(),
            headers: headers
                .chain([("authorization".to_owned(), format!("Bearer {token}"))])
                .collect(),
            body: call.body.clone(),
        };
        match self.platform.answer(self.now.millis(), &request) {
            Answer::Now(response) | Answer::Delayed { response, .. } => Ok(Some(response)),
            Answer::Dropped => Ok(None),
            Answer::TestWebhook { delivery, .. } => {
                let taken = self.hear(&delivery)?;
                Ok(Some(self.platform.webhook_tested(self.now.millis(), taken.then_some(200))))
            }
        }
    }

    /// Asks LINE to bring a message; what LINE answered, whether it took it, and whether it appeared.
    fn push(&mut self, row: &Row) -> Done<(Outcome, Brought)> {
        let reading = self.server.store.read()?;
        self.truth.leaves(self.now, row, &reading)?;
        self.truth.report_leaves(self.now, row, &self.meetings);
        self.news_leaves(row.purpose);
        self.truth.leaves_for_the_gone(self.now, row);
        let before = self.platform.bubble_count();
        let complaints = self.platform.violations().len();
        let answer = self.ask(&call::push(row))?;
        if let Some(what) = self.platform.violations().get(complaints) {
            let what = format!("{what}: {:?}", row.purpose);
            self.truth.violation("LINE", self.now, what);
        }
        let last = self.platform.requests().last().filter(|_| !self.believes_nobody());
        let accepted = last.is_some_and(|last| last.accepted);
        let shown = self.platform.bubble_count() > before;
        let outcome = match answer {
            Some(answer) => call::push_outcome(answer.status, &answer.body),
            None => Outcome::Unavailable,
        };
        Ok((outcome, Brought { accepted, shown, known: false }))
    }

    fn one_reply(&mut self) -> Done<bool> {
        let Some((reply, call)) = self.server.reply() else { return Ok(false) };
        if self.burn("a reply waits")? {
            return Ok(true);
        }
        let replied = match self.ask(&call)? {
            Some(answer) => call::reply_outcome(answer.status),
            None => call::Replied::Unknown,
        };
        if replied == call::Replied::Refused {
            let refused =
                Event::ReplyRefused { to: reply.to, cause: reply.cause, messages: reply.messages };
            self.server.commit(self.shown(), &[refused])?;
        }
        Ok(true)
    }

    fn send(&mut self, way: Way) -> Done<bool> {
        let (busy, rows) = self.server.turn(self.shown(), way)?;
        for row in rows {
            let [begins, is_out, is_taken] = match row.purpose {
                Purpose::Ask(..) => {
                    ["a question begins", "a question is out", "a question is taken"]
                }
                Purpose::Alert(..) => ["an alert begins", "an alert is out", "an alert is taken"],
                _ => ["a message begins", "a message is out", "a message is taken"],
            };
            if self.burn(begins)? {
                return Ok(true);
            }
            let (outcome, mut brought) = match way {
                Way::Line => self.push(&row)?,
                Way::Mail if self.on.contains(&Trouble::NoMail) => {
                    (Outcome::Unavailable, Brought::default())
                }
                Way::Mail => (Outcome::Accepted, Brought::default()),
            };
            let is_taken = if outcome == Outcome::Accepted { is_taken } else { is_out };
            let is_cut = self.burn(is_taken)?;
            // What is only known by a later answer counts from the first attempt.
            let known = outcome == Outcome::Accepted && !is_cut;
            let tried_at = self.truth.is_tried(row.id, self.now);
            let first_try_at = row
                .first_try_at
                .filter(|noted| self.truth.is_of_right_time(*noted) || is_about(*noted, tried_at));
            let counts_from = if known { self.now } else { first_try_at.unwrap_or(self.now) };
            let learns = matches!(outcome, Outcome::Accepted | Outcome::AcceptedBefore);
            brought.known = learns && !is_cut;
            if outcome == Outcome::MonthlyLimit {
                self.is_used_up();
            }
            if outcome == Outcome::Accepted
                && let Some(notice) = self.server.notice(row.id)
            {
                let (id, written_at, left_at) = (row.id, row.queued_at, self.now);
                self.truth.letter_leaves(Letter { id, written_at, left_at, notice }, !is_cut);
            }
            if outcome == Outcome::Accepted && way == Way::Mail {
                self.truth.post.leaves(row.purpose, self.now);
            }
            self.truth.left(self.now, &row, brought, counts_from);
            self.truth.left_for_group(&row, brought, counts_from);
            if is_cut {
                return Ok(true);
            }
            self.server.done(self.shown(), &row, outcome)?;
        }
        Ok(busy)
    }

    /// Whether a cut here would fall on the end of somebody's last wait.
    fn ends_a_wait(&self, events: &[Event]) -> Done<bool> {
        if self.fuse.is_none_or(|steps| steps > 1) {
            return Ok(false);
        }
        let reading = self.server.store.read()?;
        for event in events {
            let Event::Timer { id, .. } = event else { continue };
            let person = reading.person(PersonId(*id))?;
            let round = person.and_then(|person| person.watch).and_then(|watch| watch.round);
            if round.is_some_and(|round| round.stage == Stage::Resent) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn due(&mut self) -> Done<bool> {
        let events = self.server.due(self.shown());
        if events.is_empty() {
            return Ok(false);
        }
        let [is_due, was_decided] = match self.ends_a_wait(&events)? {
            true => ["a wait is over", "the end of a wait was decided"],
            false => ["a timer is due", "a timer was decided"],
        };
        if self.burn(is_due)? {
            return Ok(true);
        }
        self.server.commit(self.shown(), &events)?;
        self.burn(was_decided)?;
        Ok(true)
    }

    // --- time ----------------------------------------------------------------------------------

    /// Holds what was decided since the last look against what is true.
    pub(super) fn judge(&mut self) -> Done {
        let commits = self.server.commits;
        if commits == self.judged_commits {
            return Ok(());
        }
        self.judged_commits = commits;
        let reading = self.server.store.read()?;
        let entries = reading.journal_after(self.read_up_to, usize::MAX)?;
        if let Some(last) = entries.last() {
            self.read_up_to = last.number;
            self.spares_the_reserve(&entries);
            self.truth.decided(self.now, &entries, &reading)?;
        }
        Ok(())
    }

    /// Lets everything happen that can happen now.
    pub(super) fn settle(&mut self) -> Done {
        if self.is_frozen() {
            while self.one_webhook()? {}
            return Ok(());
        }
        self.upkeep()?;
        self.judge()?;
        for _ in 0..ROUNDS_MAX {
            let busy = self.one_webhook()?
                || self.one_reply()?
                || self.send(Way::Line)?
                || self.send(Way::Mail)?
                || self.due()?;
            // Where the power is away for longer, its return starts the server.
            if std::mem::take(&mut self.revive) && !self.on.contains(&Trouble::Down) {
                self.server_starts()?;
            }
            self.judge()?;
            self.look();
            if !busy {
                return Ok(());
            }
        }
        self.truth.restless(self.now);
        Ok(())
    }

    fn happen(&mut self, act: Act) -> Done {
        match act {
            Act::Begin(episode) => self.begin(episode),
            Act::End(trouble) => self.end(trouble),
            Act::Fuse(steps) => {
                if self.acts() {
                    self.keeps_up()?;
                    self.fuse = Some(steps);
                }
                Ok(())
            }
            Act::Does(who, deed) => self.does(who, &deed),
            Act::Desk => self.works(),
            Act::NoRest(person) => self.undoes_a_rest(person),
            Act::NoNews(bulletin) => self.has_no_news(bulletin),
            Act::Page(chance) => self.is_on_a_page(chance),
            Act::Copies => self.copies(),
            Act::LosesItsDisk => {
                self.loses_its_disk();
                Ok(())
            }
            Act::Restores => self.restores(),
            Act::ComesRight => self.rests_are_known(),
            Act::Drifts => self.drifts(),
            Act::LargerPlan => {
                self.note("a larger plan".to_owned());
                self.quota = None;
                self.platform.set_quota(None);
                Ok(())
            }
            Act::Look => {
                self.plan(self.now + LOOK_EVERY, Act::Look);
                if !self.acts() {
                    return Ok(());
                }
                self.settle()?;
                let reading = self.server.store.read()?;
                if !self.truth.is_right(self.now) {
                    return Ok(());
                }
                self.truth.everybody_has_a_timer(self.now, &reading)
            }
        }
    }

    fn next_moment(&mut self) -> Option<Moment> {
        let webhook = self.platform.next_webhook_at().map(Moment::from_millis);
        let agenda = self.agenda.first_key_value().map(|((at, _), _)| *at);
        let watchful = self.is_watchful();
        let server = self.acts().then(|| self.server.wake_at(watchful)).flatten();
        let server = server.map(|shown| self.truly(shown));
        [webhook, agenda, server].into_iter().flatten().min()
    }

    /// Lets time pass.
    pub(super) fn until(&mut self, end: Moment) -> Done {
        while let Some(next) = self.next_moment().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            while let Some(entry) = self.agenda.first_entry().filter(|e| e.key().0 <= self.now) {
                let act = entry.remove();
                self.happen(act)?;
                self.judge()?;
            }
            self.settle()?;
        }
        self.now = self.now.max(end);
        self.settle()
    }
}
