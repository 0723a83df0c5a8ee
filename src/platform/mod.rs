//! LINE's side of the Messaging API, modelled: accounts, friends, groups, tokens, retry keys, limits, quota, faults.
//!
//! For demonstrations, tests and simulation. It is pure and deterministic: no IO, no clock, no async, no randomness
//! from the system; every call takes `now_ms` (Unix milliseconds) and the same calls give the same answers. It must
//! not know anything about the product: it imports nothing of ours, and everything LINE would refuse it refuses.
//!
//! How to drive it:
//! 1. people do something (`add_friend`, `say`, `press`): an event is queued;
//! 2. `next_webhook_at` says when the next webhook is due; `take_webhook` hands it over at that moment;
//! 3. the shell posts it to the server and reports the status with `webhook_done` (`None`: no answer within 2 s);
//! 4. requests of the server go through `answer` (or `request`, when faults do not matter);
//! 5. `phone` shows what each person sees, `violations` what the server must never do.

mod account;
mod act;
mod action;
mod api;
mod button;
mod calendar;
mod dice;
mod fault;
mod flex;
mod group;
mod imagemap;
mod measure;
mod message;
mod quota;
mod rate;
mod record;
mod reply_token;
mod retry;
mod richmenu;
mod schema;
mod send;
mod template;
mod text;
mod token;
mod webhook;

pub use account::{ChatItem, From, Phone};
pub use act::{PressError, Pressed};
pub use api::{Answer, ApiRequest, ApiResponse, Host};
pub use button::ActionView;
pub use dice::Dice;
pub use fault::{Faults, Trouble};
pub use group::{GroupChat, GroupItem};
pub use record::RequestRecord;
pub use richmenu::{Area, RichMenu};
pub use webhook::{Delivery, sign};

use std::collections::{BTreeMap, BTreeSet};

use account::Person;
use quota::Quota;
use rate::Buckets;
use record::Log;
use reply_token::ReplyTokens;
use retry::RetryKeys;
use richmenu::RichMenus;
use token::Tokens;
use webhook::Webhooks;

/// How the channel is set up at LINE: what an operator would see in the console.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Decimal channel id, needed to issue tokens.
    pub channel_id: String,
    /// 32 hexadecimal digits; signs webhooks and issues tokens.
    pub channel_secret: String,
    /// The token issued in the console, if there is one. It never expires.
    pub long_lived_token: Option<String>,
    /// `@` and the short name under which people find the account.
    pub basic_id: String,
    /// The account's display name.
    pub bot_name: String,
    /// Messages per calendar month (Japan time); `None` is unlimited.
    pub quota_messages: Option<u64>,
    /// The console's switch for webhook redelivery; off at LINE by default.
    pub redelivery: bool,
    /// The console's switch that lets the account into groups; off at LINE by default.
    pub groups_allowed: bool,
    /// Everything drawn at random follows from this number.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            channel_id: "2008123456".to_owned(),
            channel_secret: "5f0e2c9a1b7d43f6a8e4c0d2b6917f35".to_owned(),
            long_lived_token: Some("model-long-lived-token-not-a-secret".to_owned()),
            basic_id: "@123abcde".to_owned(),
            bot_name: "Anshin".to_owned(),
            quota_messages: Some(200),
            redelivery: false,
            groups_allowed: true,
            seed: 1,
        }
    }
}

/// The modelled platform with one channel, its people and their groups.
pub struct Platform {
    /// What goes wrong from now on; see [`Faults`].
    pub faults: Faults,
    settings: Settings,
    bot_id: String,
    /// Drawn from by answers and events.
    dice: Dice,
    /// Drawn from by people and groups alone, so that their ids do not depend on the traffic.
    births: Dice,
    people: BTreeMap<String, Person>,
    /// In the order in which they came.
    order: Vec<String>,
    groups: BTreeMap<String, GroupChat>,
    tokens: Tokens,
    buckets: Buckets,
    replies: ReplyTokens,
    retry_keys: RetryKeys,
    quota: Quota,
    webhooks: Webhooks,
    menus: RichMenus,
    log: Log,
    last_message_id: u64,
    last_seq: u64,
    /// Chats in which something appeared since somebody last asked.
    with_news: BTreeSet<String>,
}

impl Platform {
    /// A platform with one channel, nobody in it, and a webhook address set to an example.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut births = Dice::new(settings.seed ^ 0x00b1_47b5);
        let bot_id = format!("U{}", births.hex(32));
        Self {
            faults: Faults::default(),
            bot_id,
            dice: Dice::new(settings.seed),
            births,
            people: BTreeMap::new(),
            order: Vec::new(),
            groups: BTreeMap::new(),
            tokens: Tokens::default(),
            buckets: Buckets::default(),
            replies: ReplyTokens::default(),
            retry_keys: RetryKeys::default(),
            quota: Quota::default(),
            webhooks: Webhooks::default(),
            menus: RichMenus::default(),
            log: Log::default(),
            // Real ids are decimal numbers above 2^53: whoever reads them as a float loses digits.
            last_message_id: 610_830_548_529_053_697,
            last_seq: 0,
            with_news: BTreeSet::new(),
            settings,
        }
    }

    /// How the channel is set up now.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The account's own user id, the `destination` of every webhook.
    #[must_use]
    pub fn bot_id(&self) -> &str {
        &self.bot_id
    }

    /// Messages counted in the month of the last counted message.
    #[must_use]
    pub fn usage(&self) -> u64 {
        self.quota.used()
    }

    /// Messages counted in the month of `now_ms`.
    pub fn usage_at(&mut self, now_ms: i64) -> u64 {
        self.quota.used_at(now_ms)
    }

    /// The operator takes another plan: messages per month, `None` is unlimited.
    pub fn set_quota(&mut self, messages: Option<u64>) {
        self.settings.quota_messages = messages;
    }

    /// Somebody else uses up what is left of the month with the same account. Does nothing without a limit.
    pub fn use_up_quota(&mut self, now_ms: i64) {
        if let Some(limit) = self.settings.quota_messages {
            self.quota.use_up(now_ms, limit);
        }
    }

    /// Takes back what [`Platform::use_up_quota`] used.
    pub fn give_back_quota(&mut self) {
        self.quota.give_back();
    }

    /// The operator turns the console's switch for redelivery. Events that wait already keep what they were given.
    pub fn set_redelivery(&mut self, on: bool) {
        self.settings.redelivery = on;
    }

    /// Everything the server did that a correct server must never do, in order; at most 10,000 sentences.
    #[must_use]
    pub fn violations(&self) -> &[String] {
        self.log.violations()
    }

    /// The last 10,000 requests, oldest first.
    #[must_use]
    pub fn requests(&self) -> &[RequestRecord] {
        self.log.requests()
    }

    /// A new message id: strictly rising, as LINE's are.
    fn next_message_id(&mut self) -> String {
        self.last_message_id = self.last_message_id.saturating_add(1 + self.dice.below(10_000));
        self.last_message_id.to_string()
    }

    /// A number that rises with every bubble, over all phones.
    fn next_seq(&mut self) -> u64 {
        self.last_seq += 1;
        self.last_seq
    }
}

impl Default for Platform {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
