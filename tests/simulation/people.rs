//! People with their habits. Each goes by what stands on the own phone, and tries again when
//! nothing comes back, as people do.

use anshin::platform::{ChatItem, Dice, From as Side, Platform, Pressed};

use crate::courier::without_seal;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// After so long without an answer people do it again.
const PATIENCE: i64 = 4 * HOUR;

/// What every question's, resend's and alert's first words are.
pub(crate) const QUESTION: &str = "げんきですか？ ボタン";
pub(crate) const RESEND: &str = "お返事がまだです";
pub(crate) const ALERT: &str = "お返事がありません";
pub(crate) const NOT_SENT: &str = "未確認です";
const CLAIMED: &str = "ありがとうございます。お願いします";

/// Something a person does.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Follow,
    Say(String),
    /// The newest button with this in its label.
    Press(&'static str),
    /// Registered.
    Done,
}

/// What a newcomer does about a message that begins so.
pub(crate) type Way = Vec<(&'static str, Deed)>;

pub(crate) fn way_of_member(name: &str, hour: u64, code: &str) -> Way {
    let mut way = way_of_joiner(name, code);
    way.extend([
        ("何日ごと", Deed::Say("毎日".to_owned())),
        ("何時に聞きますか", Deed::Say(format!("{hour}時"))),
        ("準備ができました", Deed::Done),
        // The answer to the last step was lost: whoever says something again learns that all is set.
        ("読みました", Deed::Done),
        ("もう参加しています", Deed::Done),
        ("使い方", Deed::Done),
        (QUESTION, Deed::Done),
    ]);
    way
}

pub(crate) fn way_of_watcher(name: &str, code: &str) -> Way {
    let mut way = way_of_joiner(name, code);
    way.extend([
        ("ためしのお知らせ", Deed::Press("受け取れます")),
        ("ありがとうございます", Deed::Done),
    ]);
    way
}

pub(crate) fn way_of_founder(name: &str, team: &str) -> Way {
    vec![
        ("どちらで使いますか", Deed::Press("見守る")),
        ("はじめる前に", Deed::Press("同意")),
        ("お名前", Deed::Say(name.to_owned())),
        ("チームの名前", Deed::Say(team.to_owned())),
        ("どんなチーム", Deed::Press("町会")),
        ("ためしのお知らせ", Deed::Press("受け取れます")),
        ("ありがとうございます", Deed::Done),
    ]
}

fn way_of_joiner(name: &str, code: &str) -> Way {
    vec![
        ("どちらで使いますか", Deed::Say(format!("招待コード {code}"))),
        ("参加しますか", Deed::Press("参加する")),
        ("はじめる前に", Deed::Press("同意")),
        ("お名前", Deed::Say(name.to_owned())),
    ]
}

/// How a person takes a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Habit {
    /// Presses on the question.
    Prompt,
    /// Waits for the second call.
    Slow,
    /// Presses when the managers are worried already.
    Late,
    /// Does not press.
    Silent,
}

/// A press that is going to happen.
#[derive(Clone, Debug)]
struct Plan {
    at_ms: i64,
    item: String,
    label: &'static str,
}

#[derive(Debug)]
pub(crate) struct Human {
    pub(crate) user: String,
    dice: Dice,
    /// Empty once registered.
    way: Way,
    seen_seq: u64,
    acted: Option<(i64, Deed)>,
    habit: Habit,
    plans: Vec<Plan>,
}

impl Human {
    pub(crate) fn new(user: String, dice: Dice, way: Way) -> Self {
        let (seen_seq, plans) = (0, Vec::new());
        Self { user, dice, way, seen_seq, acted: None, habit: Habit::Prompt, plans }
    }

    pub(crate) fn is_registered(&self) -> bool {
        self.way.is_empty()
    }

    /// Looks at the phone and acts.
    pub(crate) fn step(&mut self, platform: &mut Platform, now_ms: i64) {
        let news = self.news(platform);
        if self.is_registered() {
            self.live(platform, now_ms, &news);
        } else {
            self.register(platform, now_ms, &news);
        }
    }

    /// What the account sent since the last look.
    fn news(&mut self, platform: &Platform) -> Vec<ChatItem> {
        let items = &platform.phone(&self.user).expect("a known person").items;
        let seen_seq = self.seen_seq;
        let newer = items.iter().rev().take_while(|item| item.seq > seen_seq);
        let mut news: Vec<ChatItem> = newer.cloned().collect();
        news.reverse();
        self.seen_seq = news.last().map_or(seen_seq, |item| item.seq);
        news.retain(|item| item.from == Side::Bot);
        news
    }

    fn register(&mut self, platform: &mut Platform, now_ms: i64, news: &[ChatItem]) {
        let next = news.iter().rev().find_map(|item| {
            let words = words(item);
            self.way.iter().find(|(begin, _)| words.starts_with(begin)).map(|(_, deed)| deed)
        });
        let again = match &self.acted {
            None => Some(Deed::Follow),
            Some((at_ms, deed)) => (now_ms - at_ms > PATIENCE).then(|| deed.clone()),
        };
        let Some(deed) = next.cloned().or(again) else { return };
        match &deed {
            Deed::Follow => platform.add_friend(now_ms, &self.user),
            Deed::Say(text) => platform.say(now_ms, &self.user, text),
            Deed::Press(label) => {
                press_newest(platform, now_ms, &self.user, label);
            }
            Deed::Done => {
                self.way.clear();
                return self.live(platform, now_ms, news);
            }
        }
        self.acted = Some((now_ms, deed));
    }

    fn live(&mut self, platform: &mut Platform, now_ms: i64, news: &[ChatItem]) {
        for item in news {
            self.plan(item);
        }
        let (due, later) = self.plans.drain(..).partition(|plan| plan.at_ms <= now_ms);
        self.plans = later;
        let due: Vec<Plan> = due;
        for plan in due {
            press(platform, now_ms, &self.user, &plan.item, plan.label);
        }
    }

    fn plan(&mut self, item: &ChatItem) {
        let words = words(item);
        let mut wait = |from: i64, to: i64| {
            let drawn = self.dice.between(u64::try_from(from).unwrap(), u64::try_from(to).unwrap());
            item.at_ms + i64::try_from(drawn).unwrap()
        };
        let mut presses: Vec<(i64, &'static str)> = Vec::new();
        if words.starts_with(QUESTION) {
            let at_ms = wait(MINUTE, 20 * HOUR);
            self.habit = match self.dice.below(100) {
                0..45 => Habit::Prompt,
                45..60 => Habit::Slow,
                60..88 => Habit::Late,
                _ => Habit::Silent,
            };
            if self.habit == Habit::Prompt {
                presses.push((at_ms, "げんきです"));
            }
        } else if words.starts_with(RESEND) {
            match self.habit {
                Habit::Prompt | Habit::Silent => {}
                Habit::Slow => presses.push((wait(MINUTE, 150 * MINUTE), "げんきです")),
                Habit::Late => presses.push((wait(200 * MINUTE, 14 * HOUR), "げんきです")),
            }
        } else if words.starts_with(ALERT) || words.starts_with(NOT_SENT) {
            let at_ms = wait(5 * MINUTE, 3 * HOUR);
            if self.dice.percent(70) {
                presses.push((at_ms, "対応します"));
            }
        } else if words.starts_with(CLAIMED) {
            let at_ms = wait(30 * MINUTE, 5 * HOUR);
            if self.dice.percent(30) {
                presses.push((at_ms, "無事でした"));
            }
        }
        // Some press twice, to be sure.
        if let Some((at_ms, label)) = presses.first().copied()
            && self.dice.percent(20)
        {
            presses.push((at_ms + HOUR / 4, label));
        }
        let item = &item.id;
        self.plans.extend(presses.into_iter().map(|(at_ms, label)| Plan {
            at_ms,
            item: item.clone(),
            label,
        }));
    }
}

/// How a message begins: its text, or what stands in its place in the list of chats, behind the mark of a
/// training server.
pub(crate) fn words(item: &ChatItem) -> &str {
    let content = &item.content;
    let words = content["text"].as_str().or(content["altText"].as_str()).unwrap_or_default();
    words.strip_prefix(anshin::locale::PRACTICE).unwrap_or(words).trim_start()
}

/// What the first button of a message carries, without its seal.
pub(crate) fn first_button(platform: &Platform, user: &str, item: &ChatItem) -> Option<String> {
    let actions = platform.actions(user, &item.id);
    actions.iter().find_map(|view| view.action["data"].as_str()).map(without_seal)
}

fn press(platform: &mut Platform, now_ms: i64, user: &str, item: &str, label: &str) -> bool {
    let actions = platform.actions(user, item);
    let Some(view) = actions.iter().find(|view| view.label.contains(label)) else { return false };
    matches!(platform.press(now_ms, user, item, view.index), Ok(Pressed::Posted | Pressed::Said))
}

/// Presses the newest button with `label` in its label; `false` when there is none.
pub(crate) fn press_newest(platform: &mut Platform, now_ms: i64, user: &str, label: &str) -> bool {
    let items = &platform.phone(user).expect("a known person").items;
    let items: Vec<String> = items.iter().rev().map(|item| item.id.clone()).collect();
    items.iter().any(|item| press(platform, now_ms, user, item, label))
}
