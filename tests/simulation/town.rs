//! The town: LINE's model, the people, the server and what happens to it, all on one clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anshin::clock::{Anchor, Clock, ScaledClock};
use anshin::demo::standin::{StandIn, free_port};
use anshin::domain::schedule::Zone;
use anshin::domain::time::Moment;
use anshin::platform::{Dice, Host, Platform, Settings};
use anshin::store::Store;

use crate::courier::Courier;
use crate::killer::{Killer, Strike};
use crate::people::{self, Human};
use crate::server::Server;

/// Shown milliseconds in a real one: a day takes 2.9 s, the three hours before an alert a third
/// of a second, which is several starts of a debug build.
const SPEED: u32 = 30_000;

/// Monday, 23 November 2026, 08:00 in Tokyo.
const BEGIN: Moment = Moment::from_seconds(1_795_388_400);

/// Real time until a server that ended is started again, as a service manager does.
const START_AGAIN_REAL_MS: i64 = 30;

/// Between two looks at the phones, the server and the clock.
const TICK: Duration = Duration::from_millis(2);

/// LINE redelivers until the server is back; how often it really does is its secret.
const REDELIVERIES_MAX: u32 = 10_000;

/// How late LINE's answers come, at most: the window in which a message is out and nobody knows.
const ANSWER_DELAY_REAL_MS: u64 = 6;

/// LINE's token lives a minute, a few thousandths of a second here: so long it is in real time.
const TOKEN_LIFE: Duration = Duration::from_secs(1200);

/// Who joins while the server is being killed, and who is there before.
const LATER_MEMBERS: [&str; 6] = ["うめ", "もも", "ふじ", "きく", "すみれ", "つばき"];
const FIRST_MEMBERS: [&str; 2] = ["さくら", "かえで"];

/// At this hour of the day nobody is asked, asked again or reported, if all went in time.
const QUIET_HOURS: std::ops::RangeInclusive<i8> = 16..=22;

/// How long the town may take to come to rest.
const REST_MAX: Duration = Duration::from_secs(4 * 24 * 3600);

/// A time without an answering server, in shown milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outage {
    pub(crate) from_ms: i64,
    /// `None` until it answers again.
    pub(crate) to_ms: Option<i64>,
}

pub(crate) struct Town {
    pub(crate) standin: StandIn,
    pub(crate) clock: Arc<ScaledClock>,
    pub(crate) server: Server,
    pub(crate) courier: Courier,
    pub(crate) members: Vec<Human>,
    pub(crate) managers: Vec<Human>,
    pub(crate) outages: Arc<Mutex<Vec<Outage>>>,
    pub(crate) counts: Counts,
    /// When the stopped, the full and the ended server get on: shown milliseconds.
    stopped_until: Option<i64>,
    full_until: Option<i64>,
    start_at: Option<i64>,
    dice: Dice,
}

/// What happened to the server.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Counts {
    pub(crate) kills: u32,
    pub(crate) stops: u32,
    pub(crate) fills: u32,
    /// How often it ended by itself, because nothing could be committed.
    pub(crate) ends: u32,
}

impl Town {
    /// LINE, and a server that starts for the first time on a data file whose training clock is
    /// anchored now: both read the same clock without talking about it.
    pub(crate) async fn new(mut dice: Dice) -> Self {
        let settings = Settings {
            redelivery: true,
            quota_messages: None,
            seed: dice.below(1 << 40),
            ..Settings::default()
        };
        let mut platform = Platform::new(settings);
        platform.faults.redeliveries_max = Some(REDELIVERIES_MAX);
        platform.faults.reply_token_life_ms = Some(i64::try_from(TOKEN_LIFE.as_millis()).unwrap());
        let anchor = Anchor::now(BEGIN, SPEED);
        let clock = Arc::new(ScaledClock::new(anchor));
        let standin = StandIn::new(platform, Arc::<ScaledClock>::clone(&clock)).unwrap();
        let mut bases = Vec::new();
        for host in [Host::Api, Host::Data] {
            let (listener, address) = free_port().await.unwrap();
            standin.serve(host, listener);
            bases.push(format!("http://{address}"));
        }
        let server = Server::new([&bases[0], &bases[1]], SPEED);
        anchor_file(&server, anchor);
        let (line, url) = (standin.clone(), server.url("/line/webhook"));
        let courier = Courier::start(line, Arc::clone(&clock), url);
        let (members, managers, outages) = (Vec::new(), Vec::new(), Arc::default());
        Self {
            standin,
            clock,
            server,
            courier,
            members,
            managers,
            outages,
            counts: Counts::default(),
            stopped_until: None,
            full_until: None,
            start_at: None,
            dice,
        }
    }

    fn now(&self) -> Moment {
        self.clock.now()
    }

    fn human(&mut self, name: &str, way: people::Way) -> Human {
        let user = self.standin.platform().add_user(name);
        let dice = Dice::new(self.dice.below(u64::MAX));
        Human::new(user, dice, way)
    }

    fn member(&mut self, name: &str, code: &str) {
        let way = people::way_of_member(name, self.dice.between(6, 10), code);
        let human = self.human(name, way);
        self.members.push(human);
    }

    // --- time --------------------------------------------------------------------------------

    /// Everyone looks at their phone.
    fn look(&mut self) {
        let now_ms = self.now().millis();
        let delay =
            i64::try_from(self.dice.below(ANSWER_DELAY_REAL_MS * u64::from(SPEED))).unwrap();
        let mut platform = self.standin.platform();
        platform.faults.delay_ms = delay;
        for human in self.members.iter_mut().chain(&mut self.managers) {
            human.step(&mut platform, now_ms);
        }
    }

    /// Lets time pass until `done`.
    async fn until(&mut self, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            self.tend();
            self.look();
            tokio::time::sleep(TICK).await;
        }
    }

    // --- the story ---------------------------------------------------------------------------

    /// けんじ founds a team, みちこ watches too, and two members join, all in peace.
    pub(crate) async fn found(&mut self) {
        self.start().await;
        let kenji = self.human("けんじ", people::way_of_founder("けんじ", "ひまわり町会"));
        self.managers.push(kenji);
        self.until(|town| town.managers[0].is_registered()).await;
        let leaflet = self.code("見守られる方").expect("an invitation for members");
        self.act(|platform, now_ms, kenji| platform.say(now_ms, kenji, "招待"));
        self.until(|town| town.has("どなたを招待しますか")).await;
        self.act(|platform, now_ms, kenji| {
            assert!(people::press_newest(platform, now_ms, kenji, "見守る方を招待"));
        });
        self.until(|town| town.code("（見守る方）").is_some()).await;
        let code = self.code("（見守る方）").unwrap();
        let michiko = self.human("みちこ", people::way_of_watcher("みちこ", &code));
        self.managers.push(michiko);
        self.until(|town| town.has("みちこさんが、見守る方になりたい")).await;
        self.act(|platform, now_ms, kenji| {
            assert!(people::press_newest(platform, now_ms, kenji, "承認する"));
        });
        self.until(|town| town.managers[1].is_registered()).await;
        for name in FIRST_MEMBERS {
            self.member(name, &leaflet);
        }
        self.until(|town| town.members.iter().all(Human::is_registered)).await;
    }

    /// Life goes on while the server is killed, stopped and left without room again and again; more
    /// members join meanwhile.
    pub(crate) async fn live_and_suffer(&mut self, kills: u32) {
        let leaflet = self.code("見守られる方").unwrap();
        let dice = Dice::new(self.dice.below(u64::MAX));
        let mut killer = Killer::new(dice, SPEED, kills, self.now());
        let mut newcomers = LATER_MEMBERS.iter();
        while !killer.is_done() || self.is_struck() {
            self.look();
            tokio::time::sleep(TICK).await;
            self.tend();
            let now = self.now();
            if self.start_at.is_some() || self.stopped_until.is_some() {
                continue;
            }
            let Some(strike) = killer.strikes(now, self.is_busy(now)) else { continue };
            self.suffer(strike);
            if matches!(strike, Strike::Kill { .. }) && self.counts.kills % 4 == 1 {
                newcomers.next().into_iter().for_each(|name| self.member(name, &leaflet));
            }
        }
        for name in newcomers {
            self.member(name, &leaflet);
        }
        self.until(|town| town.members.iter().all(Human::is_registered)).await;
        // Two more days, so that rounds that the kills met come to their end.
        let end = self.now() + Duration::from_secs(2 * 24 * 3600);
        self.until(|town| town.now() >= end).await;
    }

    /// Nobody acts any more, nothing is on its way: the server is stopped on a file at rest. After
    /// some days it is stopped as it is, and the audit says what is left.
    pub(crate) async fn come_to_rest(&mut self) {
        let end = self.now() + REST_MAX;
        while self.now() < end {
            self.tend();
            let quiet = QUIET_HOURS.contains(&Zone::default().local(self.now()).hour());
            if quiet && self.courier.is_idle() && self.has_sent_everything().await {
                self.server.kill();
                if self.store().read().unwrap().row_count().unwrap() == 0 {
                    return;
                }
                self.start().await;
            }
            tokio::time::sleep(TICK).await;
        }
        self.server.kill();
    }

    /// The data file of a stopped server.
    pub(crate) fn store(&self) -> Store {
        Store::open(&self.server.data_path(), Store::CACHE_BYTES_MIN, [0; 32]).unwrap()
    }

    async fn start(&mut self) {
        self.server.start();
        let ready = self.server.wait_until_ready().await;
        assert!(ready.is_ok(), "it does not start: {}", self.server.last_words());
    }

    fn suffer(&mut self, strike: Strike) {
        let now_ms = self.now().millis();
        match strike {
            Strike::Kill { down_ms } => {
                self.server.kill();
                self.counts.kills += 1;
                self.start_at = Some(now_ms + down_ms);
                self.note_outage();
            }
            Strike::Stop { ms } => {
                self.server.stand_still();
                self.counts.stops += 1;
                self.stopped_until = Some(now_ms + ms);
                self.note_outage();
            }
            Strike::Fill { ms, room } => {
                self.server.fill_disk(room);
                self.counts.fills += 1;
                self.full_until = Some(now_ms + ms);
            }
        }
    }

    /// Time mends: there is room again, what stood still goes on, what ended is started.
    fn tend(&mut self) {
        let now_ms = self.now().millis();
        let is_over = |until: &mut Option<i64>| until.take_if(|until| *until <= now_ms).is_some();
        if is_over(&mut self.full_until) {
            self.server.free_disk();
        }
        if is_over(&mut self.stopped_until) {
            self.server.go_on();
            self.watch_for_an_answer();
        }
        if self.server.has_ended() {
            self.counts.ends += 1;
            // What ended of itself, as it does on a full disk, just before it was to stand still, does not go on.
            self.stopped_until = None;
            self.start_at = Some(now_ms + START_AGAIN_REAL_MS * i64::from(SPEED));
            self.note_outage();
        }
        if is_over(&mut self.start_at) {
            self.server.start();
            self.watch_for_an_answer();
        }
    }

    fn is_struck(&self) -> bool {
        [self.stopped_until, self.full_until, self.start_at].iter().any(Option::is_some)
    }

    /// Nobody answers from now on; one who did not answer anyway goes on doing so.
    fn note_outage(&self) {
        let mut outages = self.outages.lock().unwrap();
        if outages.iter().all(|outage| outage.to_ms.is_some()) {
            outages.push(Outage { from_ms: self.now().millis(), to_ms: None });
        }
    }

    /// Notes when the server answers again, in the background.
    fn watch_for_an_answer(&self) {
        let (answering, clock) = (self.server.answering(), Arc::clone(&self.clock));
        let outages = Arc::clone(&self.outages);
        tokio::spawn(async move {
            answering.await;
            let now_ms = clock.now().millis();
            let mut outages = outages.lock().unwrap();
            outages
                .iter_mut()
                .filter(|outage| outage.to_ms.is_none())
                .for_each(|outage| outage.to_ms = Some(now_ms));
        });
    }

    /// Whether something is on its way between LINE and the server, or was a moment ago.
    fn is_busy(&self, now: Moment) -> bool {
        let last = self.standin.platform().requests().last().map_or(0, |request| request.at_ms);
        let moment = i64::try_from(TICK.as_millis()).unwrap() * i64::from(SPEED) * 2;
        now.millis() - last < moment || !self.courier.is_idle()
    }

    async fn has_sent_everything(&self) -> bool {
        let health = self.server.health().await;
        health.is_some_and(|h| h["outbox_pending"] == 0 && h["overdue_timers"] == 0)
    }

    fn act(&self, act: impl FnOnce(&mut Platform, i64, &str)) {
        let now_ms = self.now().millis();
        act(&mut self.standin.platform(), now_ms, &self.managers[0].user);
    }

    /// Whether けんじ received a message that begins so.
    fn has(&self, begin: &str) -> bool {
        let platform = self.standin.platform();
        let phone = platform.phone(&self.managers[0].user).unwrap();
        phone.items.iter().any(|item| people::words(item).starts_with(begin))
    }

    /// The code of けんじ's newest invitation with this in its text.
    fn code(&self, mark: &str) -> Option<String> {
        let platform = self.standin.platform();
        let phone = platform.phone(&self.managers[0].user).unwrap();
        let texts = phone.items.iter().rev().map(people::words).filter(|text| text.contains(mark));
        let mut codes = texts.filter_map(|text| text.split("招待コード ").nth(1));
        codes.next().map(|code| code.chars().take(9).collect())
    }
}

/// Makes the data file and stores the anchor of its clock.
fn anchor_file(server: &Server, anchor: Anchor) {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).unwrap();
    let store = Store::open(&server.data_path(), Store::CACHE_BYTES_MIN, secret).unwrap();
    let writing = store.write().unwrap();
    let moments = (anchor.real.millis(), anchor.shown.millis());
    writing.tables().set_training(moments).unwrap();
    writing.commit().unwrap();
}
