//! What is said into a group: short, because everyone reads it, and gentle, because everyone sees who is meant.

use std::time::Duration;

use jiff::civil::{Date, DateTime};

use super::super::{Button, Card, Speech, Tone, Voice, quotes, words};
use super::{card, when};
use crate::domain::id::GroupId;
use crate::domain::message::GroupMessage;
use crate::domain::name::Name;
use crate::domain::page::PageLink;
use crate::domain::press::Press;
use crate::domain::schedule::{Hour, Interval};
use crate::domain::time::Moment;

/// Hours that are offered first; the others stand behind a button.
const HOURS: [u8; 6] = [6, 7, 8, 9, 10, 17];

/// Rests that are offered with one press, in days.
const RESTS: [u8; 3] = [3, 7, 30];

pub(super) fn say(message: &GroupMessage, voice: &Voice) -> Speech {
    use GroupMessage as M;
    Speech::Card(match message {
        M::Intro { group, wait } => intro(*group, *wait),
        M::AskInterval { group, leader } => ask_interval(*group, leader.as_ref()),
        M::AskHour { group, interval, all, size, wait } => {
            ask_hour(*group, *interval, *all, *size, *wait)
        }
        M::Ready { group, .. } => ready(*group, message),
        M::TakesPart { count, next } => takes_part(*count, *next),
        M::Ask { round, local, leaderless } => ask(*round, *local, *leaderless),
        M::Nth { name, place, left } => nth(name.as_ref(), *place, *left),
        M::Half { answered, of } => card(format!("{of}人中{answered}人がそろいました"), &[]),
        M::All => good("全員そろいました。よい一日を。"),
        M::Late { name, left } => late(name.as_ref(), *left),
        M::Stale { next } => stale(*next),
        M::Missing { round, names, more, unknown, deaf } => {
            missing(*round, names, (*more, *unknown), *deaf)
        }
        M::Calls { name } => calls(name.as_ref()),
        M::Welcome(group) => welcome(*group),
        M::Settings { group, schedule, resting, words_count } => {
            settings(*group, *schedule, *resting, *words_count)
        }
        M::People { names, more, unknown } => people(names, *more, *unknown),
        M::LeaderOnly { leader, open } => leader_only(leader.as_ref(), *open),
        M::HandOver(group) => hand_over(*group),
        M::Leads { name } => leads(name.as_ref()),
        M::Rests { last_day, next } => rests(*last_day, *next),
        M::Back { next } => {
            card("お休みを終わりました", &[&format!("次は{}です。", when::date_time(*next))])
        }
        M::WhoAreYou => who_are_you(voice),
        M::Removed => removed(),
        M::Pages { link } => pages(*link),
    })
}

fn good(title: &str) -> Card {
    let mut card = card(title, &[]);
    card.tone = Tone::Good;
    card
}

fn called(name: Option<&Name>) -> String {
    name.map(|name| format!("{name}さん")).unwrap_or_default()
}

/// 「けんじさんが」, or nothing to begin the sentence with.
fn subject(name: Option<&Name>) -> String {
    name.map_or_else(|| "おひとりが".to_owned(), |name| format!("{name}さんが"))
}

fn intro(group: GroupId, wait: Duration) -> Card {
    let mut card = card(
        "見守りのおてつだいをします",
        &[
            "決まった日と時刻に「みなさん、げんきですか？」と聞きます。",
            &format!(
                "お返事のない方がいるときは、{}後に、このグループでお知らせします。",
                when::length(wait)
            ),
            "①まず、代表の方を1人決めてください。日と時刻を決める方です。②参加する方は、それぞれ押してください。",
            "トークの中身は残しません。電話番号や住所も聞きません。",
        ],
    );
    card.buttons = vec![
        Button::choice("代表者になる", Press::GroupLead(group)),
        Button::main("参加します", Press::GroupTakePart(group)),
    ];
    card
}

fn ask_interval(group: GroupId, leader: Option<&Name>) -> Card {
    let who = leader.map_or("代表の方".to_owned(), |name| format!("代表：{name}さん"));
    let mut card = card("何日ごとに聞きますか？", &["代表の方が選んでください。"]);
    card.head = Some(who);
    card.buttons = Interval::ALL
        .iter()
        .map(|interval| {
            Button::choice(words::interval(*interval), Press::GroupInterval(group, *interval))
        })
        .collect();
    card
}

fn ask_hour(
    group: GroupId,
    interval: Interval,
    all: bool,
    size: Option<u32>,
    wait: Duration,
) -> Card {
    let mut card = card("何時に聞きますか？", &[]);
    card.head = Some(words::interval(interval).to_owned());
    card.body.push(format!("お返事のない方のお知らせは、聞いてから{}後です。", when::length(wait)));
    card.body.extend(size.map(|size| {
        format!("このグループは{size}人です。1回聞くと、LINEの通数を{size}通使います。")
    }));
    let hours: Vec<Hour> = if all {
        (0..24).filter_map(Hour::new).collect()
    } else {
        HOURS.into_iter().filter_map(Hour::new).collect()
    };
    card.buttons = hours
        .into_iter()
        .map(|hour| Button::choice(when::hour(hour), Press::GroupHour(group, interval, hour)))
        .collect();
    if !all {
        card.buttons.push(Button::small("ほかの時刻", Press::GroupHours(group, interval)));
    }
    card
}

fn ready(group: GroupId, message: &GroupMessage) -> Card {
    let GroupMessage::Ready { interval, hour, next, participants, monthly, .. } = message else {
        return Card::default();
    };
    let mut card = good("準備ができました");
    card.body = vec![
        format!("{} {}に聞きます。", words::interval(*interval), when::hour(*hour)),
        format!("はじめは{}です。", when::date_time(*next)),
        format!("いま{participants}人が参加しています。まだの方は、押してください。"),
    ];
    card.body
        .extend(monthly.map(|monthly| format!("1か月に、LINEの通数を約{monthly}通使います。")));
    card.buttons = vec![Button::main("参加します", Press::GroupTakePart(group))];
    card.body.push("変えるときは、このグループで「安否」と送ってください。".to_owned());
    card
}

fn takes_part(count: usize, next: Option<DateTime>) -> Card {
    let mut card = good("参加を受け付けました");
    card.body.push(format!("いま{count}人が参加しています。"));
    match next {
        Some(next) => card.body.push(format!("次は{}に聞きます。", when::date_time(next))),
        None => card.body.push("日と時刻は、代表の方が決めます。".to_owned()),
    }
    card
}

fn ask((group, due_at): (GroupId, Moment), local: DateTime, leaderless: bool) -> Card {
    let greeting = if (4..11).contains(&local.hour()) {
        "おはようございます"
    } else if (11..18).contains(&local.hour()) {
        "こんにちは"
    } else {
        "こんばんは"
    };
    let mut card = card("げんきですか？", &[]);
    card.alt = "げんきですか？ ボタンを押してください（グループのみなさん）".to_owned();
    card.head = Some(format!("みなさん、{greeting}。"));
    card.big = true;
    card.quote = quotes::of_day(local.date()).map(str::to_owned);
    card.buttons = vec![Button::main("げんきです", Press::GroupWell(group, due_at))];
    if leaderless {
        card.body.push("代表の方がいません。なってくださる方は、押してください。".to_owned());
        card.buttons.push(Button::small("代表者になる", Press::GroupLead(group)));
    }
    card
}

fn nth(name: Option<&Name>, place: usize, left: usize) -> Card {
    let who = name.map(|name| format!("{name}さん ")).unwrap_or_default();
    let rest = if left == 0 {
        "（みなさんそろいました）".to_owned()
    } else {
        format!("（あと{left}人）")
    };
    card(format!("{who}{place}番目です{rest}"), &[])
}

fn late(name: Option<&Name>, left: usize) -> Card {
    let thanks = match name {
        Some(name) => format!("{name}さん、お返事ありがとう。"),
        None => "お返事ありがとう。".to_owned(),
    };
    match left {
        0 => good(&format!("{thanks}全員そろいました。")),
        left => card(format!("{thanks}あと{left}人です。"), &[]),
    }
}

fn stale(next: Option<DateTime>) -> Card {
    let mut card = card("このボタンは、前の回のものです", &[]);
    card.body.extend(next.map(|next| format!("次は{}に聞きます。", when::date_time(next))));
    card
}

fn missing(
    (group, due_at): (GroupId, Moment),
    names: &[Name],
    (more, unknown): (usize, u32),
    deaf: bool,
) -> Card {
    let mut card = card("まだお返事のない方がいます", &[]);
    card.alt = "まだお返事のない方がいます。声をかけてください".to_owned();
    let listed: Vec<String> = names.iter().map(|name| format!("{name}さん")).collect();
    let line = match (listed.is_empty(), more) {
        (true, more) => format!("まだの方：{more}人"),
        (false, 0) => format!("まだの方：{}", listed.join("、")),
        (false, more) => format!("まだの方：{}、ほか{more}人", listed.join("、")),
    };
    card.body.push(line);
    if deaf {
        card.body.push(
            "申し訳ありません。こちらの不具合で、受け取れなかったお返事があるかもしれません。"
                .to_owned(),
        );
    }
    card.body.push("お近くの方、電話などで声をかけてください。".to_owned());
    if unknown > 0 {
        card.body
            .push(format!("名前のわからない方：{unknown}人（「参加します」を押していない方）"));
    }
    card.buttons = vec![
        Button::main("わたしが連絡します", Press::GroupCall(group, due_at)),
        Button::choice("げんきです", Press::GroupWell(group, due_at)),
    ];
    card
}

fn calls(name: Option<&Name>) -> Card {
    card(
        format!("{}連絡してくれます", subject(name)),
        &["ようすがわかったら、このグループで教えてください。"],
    )
}

fn welcome(group: GroupId) -> Card {
    let mut card = card(
        "ようこそ。このグループでは、お互いに見守っています",
        &["決まった日に「げんきですか？」と聞きます。参加する方は、押してください。"],
    );
    card.buttons = vec![Button::main("参加します", Press::GroupTakePart(group))];
    card
}

fn settings(
    group: GroupId,
    schedule: Option<(Interval, Hour)>,
    resting: Option<Date>,
    words_count: bool,
) -> Card {
    let mut card = card("このグループの見守り", &[]);
    match schedule {
        Some((interval, hour)) => {
            card.body.push(format!(
                "{} {}に聞いています。",
                words::interval(interval),
                when::hour(hour)
            ));
        }
        None => card.body.push("日と時刻が、まだ決まっていません。".to_owned()),
    }
    card.body.extend(resting.map(|day| format!("{}までお休みです。", when::day(day))));
    card.body.push("「日と時刻を変える」から下は、代表の方だけが押せます。".to_owned());
    card.buttons = vec![
        Button::main("参加します", Press::GroupTakePart(group)),
        Button::choice("参加している人", Press::GroupPeople(group)),
        Button::choice("代表者になる", Press::GroupLead(group)),
        Button::small("日と時刻を変える", Press::GroupTimes(group)),
    ];
    if resting.is_some() {
        card.buttons.push(Button::small("お休みを終わる", Press::GroupBack(group)));
    } else if schedule.is_some() {
        card.buttons.extend(RESTS.map(|days| {
            Button::small(format!("{days}日間お休みする"), Press::GroupRest(group, days))
        }));
    }
    let (label, to) = if words_count {
        ("ボタンだけを、お返事と数える", false)
    } else {
        ("トークで話した人も、お返事と数える", true)
    };
    card.buttons.push(Button::small(label, Press::GroupWords(group, to)));
    card.buttons.push(Button::small("代表を、ほかの人にゆずる", Press::GroupHandOver(group)));
    card
}

fn people(names: &[Name], more: usize, unknown: u32) -> Card {
    let count = names.len() + more;
    let mut card = card(format!("参加している人：{count}人"), &[]);
    let listed: Vec<String> = names.iter().map(|name| format!("{name}さん")).collect();
    if !listed.is_empty() {
        card.body.push(listed.join("、"));
    }
    if more > 0 && !listed.is_empty() {
        card.body.push(format!("ほか{more}人"));
    }
    if unknown > 0 {
        card.body.push(format!("「参加します」を押していない方：{unknown}人"));
    }
    card
}

fn leader_only(leader: Option<&Name>, open: Option<GroupId>) -> Card {
    match open {
        Some(group) => {
            let mut card = card("代表の方が決めます", &["代表の方がまだいません。"]);
            card.buttons = vec![Button::choice("代表者になる", Press::GroupLead(group))];
            card
        }
        None => match leader {
            Some(name) => card(format!("代表の{name}さんだけができます"), &[]),
            None => card("代表の方だけができます", &[]),
        },
    }
}

fn hand_over(group: GroupId) -> Card {
    let mut card = card("代表をゆずります", &["引き受けてくださる方は、押してください。"]);
    card.buttons = vec![Button::main("代表者になる", Press::GroupLead(group))];
    card
}

fn leads(name: Option<&Name>) -> Card {
    let mut card = good("代表が決まりました");
    if name.is_some() {
        card.body.push(format!("{}、よろしくお願いします。", called(name)));
    }
    card.body
        .push("日と時刻は、これまでどおりです。変えるときは「安否」と送ってください。".to_owned());
    card
}

fn rests(last_day: Date, next: DateTime) -> Card {
    card(
        format!("{}までお休みにしました", when::day(last_day)),
        &[&format!("次は{}に聞きます。", when::date_time(next))],
    )
}

fn who_are_you(voice: &Voice) -> Card {
    let mut card = card(
        "どなたが押したのか、わかりませんでした",
        &["友だちに追加してから、もう一度押してください。"],
    );
    card.buttons.extend(voice.account_link().map(|link| Button::link("友だちに追加する", link)));
    card
}

fn pages(link: PageLink) -> Card {
    let mut card = card(
        "つながりグループのページ",
        &["お返事のようすを見られます。代表の方は、日と時刻を変えたり、お休みにしたりできます。"],
    );
    card.buttons = vec![Button::page("ページを開く", link)];
    card
}

fn removed() -> Card {
    card(
        "グループから外れました",
        &["グループでの見守りを終わりました。つづけるときは、もう一度グループに招待してください。"],
    )
}
