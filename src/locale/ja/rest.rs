//! Rests, and stopping for good.

use jiff::civil::{Date, DateTime};

use super::super::{Act, Button, Look, Speech, Tone, Voice};
use super::{card, case, shortened, team, when, who};
use crate::domain::id::{PersonId, TeamId};
use crate::domain::invitation::CodeKind;
use crate::domain::message::{Leave, Rest, Who};
use crate::domain::name::Name;
use crate::domain::pause::Why;
use crate::domain::person::EndReason;
use crate::domain::press::Press;
use crate::domain::rules::PAUSE_DAYS_MAX;
use crate::domain::team::TeamName;

pub(super) fn say(rest: &Rest) -> Speech {
    match rest {
        Rest::Ask { today, latest } => ask(*today, *latest),
        Rest::TooLong => too_long(),
        Rest::Confirm { last_day, next, why } => confirm(*last_day, *next, *why),
        Rest::Agreed { last_day, next } => agreed(*last_day, *next),
        Rest::Ending { next } => ending(*next),
        Rest::Back { next, by } => back(*next, by.as_ref()),
        Rest::AgreedBy { who, last_day } => agreed_by(who, *last_day),
        Rest::MemberRests { name, last_day, why } => member_rests(name, *last_day, *why),
        Rest::Ping { person, name, since, last_day } => ping(*person, name, *since, *last_day),
        Rest::MemberBack { name, next } => member_back(name, *next),
        Rest::Offer { person, name, why } => offer(*person, name, *why),
    }
}

fn ask(today: Date, latest: Date) -> Speech {
    let mut card = card(
        "いつまでお休みしますか？",
        &["お休みの間は「げんきですか」を送りません。", "見守る方にも知らせます。"],
    );
    card.buttons = vec![
        Button::choice("きょうだけ", Press::PauseDays(1, Why::Unsaid)),
        Button::choice("3日", Press::PauseDays(3, Why::Unsaid)),
        Button::choice("1週間", Press::PauseDays(7, Why::Unsaid)),
        Button {
            label: "日を選ぶ".to_owned(),
            act: Act::PickDay(Press::PausePick(Why::Unsaid), today, latest),
            look: Look::Choice,
            note: None,
        },
        Button::choice("入院（終わりは未定）", Press::PauseDays(PAUSE_DAYS_MAX, Why::Hospital)),
        Button::small("お休みしない", Press::Stay),
    ];
    Speech::Card(card)
}

fn too_long() -> Speech {
    Speech::Card(card(
        format!("お休みは{PAUSE_DAYS_MAX}日までです"),
        &["長くなるときは、終わるころに、もう一度「お休み」を押してください。"],
    ))
}

fn confirm(last_day: Date, next: DateTime, why: Why) -> Speech {
    let until = when::day(last_day);
    let mut card = card(
        format!("{until}まで、お休みにしますか？"),
        &[&format!("次は{}に聞きます。", when::date_time(next))],
    );
    if why == Why::Hospital {
        card.body.push("1週間ごとに、まだお休みか、見守る方に聞きます。".to_owned());
    }
    card.buttons = vec![
        Button::main("お休みにする", Press::PauseSure(last_day, why)),
        Button::small("やめておく", Press::Stay),
    ];
    Speech::Card(card)
}

fn agreed(last_day: Date, next: DateTime) -> Speech {
    let mut card = card(
        format!("{}までお休みです", when::day(last_day)),
        &["見守る方にも知らせました。", &format!("次は{}に聞きます。", when::date_time(next))],
    );
    card.tone = Tone::Good;
    card.buttons = vec![Button::choice("お休みを終わる", Press::PauseEnd)];
    Speech::Card(card)
}

fn ending(next: DateTime) -> Speech {
    let mut card = card(
        "もうすぐ、お休みが終わります",
        &[&format!("次は{}に聞きます。", when::date_time(next))],
    );
    card.buttons = vec![
        Button::choice("お休みを終わる", Press::PauseEnd),
        Button::small("もう少し休む", Press::Pause),
    ];
    Speech::Card(card)
}

fn back(next: Option<DateTime>, by: Option<&Who>) -> Speech {
    let mut card = card("お休みが終わりました", &[]);
    if let Some(by) = by {
        card.body.push(format!("{}が、お休みは終わったと知らせました。", who(by)));
    }
    if let Some(next) = next {
        card.body.push(format!("次は{}に聞きます。", when::date_time(next)));
    }
    card.tone = Tone::Good;
    Speech::Card(card)
}

fn agreed_by(by: &Who, last_day: Date) -> Speech {
    let mut card = card(
        format!("{}までお休みです", when::day(last_day)),
        &[&format!("{}がお休みにしました。", who(by)), "ちがうときは、下を押してください。"],
    );
    card.buttons = vec![Button::choice("お休みを終わる", Press::PauseEnd)];
    Speech::Card(card)
}

fn reason(why: Why) -> Option<&'static str> {
    match why {
        Why::Unsaid => None,
        Why::Travel => Some("旅行だそうです。"),
        Why::Hospital => Some("入院だそうです。"),
    }
}

fn member_rests(name: &Name, last_day: Date, why: Why) -> Speech {
    let until = when::day(last_day);
    let mut card = card(
        format!("{name}さんは{until}までお休みです"),
        &["その間は「げんきですか」を送りません。"],
    );
    card.body.extend(reason(why).map(str::to_owned));
    card.body.push("終わったら、お知らせします。".to_owned());
    Speech::Card(card)
}

fn ping(person: PersonId, name: &Name, since: Date, last_day: Date) -> Speech {
    let mut card = card(
        format!("{name}さんは、まだお休みですか？"),
        &[
            &format!("{}から{}までの予定です。", when::day(since), when::day(last_day)),
            "この間は、お返事がなくても知らせが届きません。",
        ],
    );
    card.buttons = vec![
        Button::choice("まだお休みです", Press::StillPaused(person)),
        Button::choice("もう終わりました", Press::PauseOver(person)),
    ];
    Speech::Card(card)
}

fn member_back(name: &Name, next: Option<DateTime>) -> Speech {
    let mut card = card(format!("{name}さんのお休みが終わりました"), &[]);
    if let Some(next) = next {
        card.body.push(format!("次の確認は{}です。", when::date_time(next)));
    }
    card.tone = Tone::Good;
    Speech::Card(card)
}

fn offer(person: PersonId, name: &Name, why: Why) -> Speech {
    let mut card = card(
        format!("{name}さんを、お休みにしますか？"),
        &["お休みの間は「げんきですか」を送りません。", "ご本人とほかの方にも知らせます。"],
    );
    card.buttons = vec![
        Button::choice("1週間お休みにする", Press::PauseFor(person, 7, why)),
        Button::choice("30日お休みにする", Press::PauseFor(person, PAUSE_DAYS_MAX, why)),
        Button::small("お休みにしない", Press::Stay),
    ];
    Speech::Card(card)
}

pub(super) fn leave(leave: &Leave, voice: &Voice) -> Speech {
    match leave {
        Leave::Ask { watched, teams } => ask_leave(*watched, teams),
        Leave::ConfirmTeam { team, name } => confirm_team(*team, name),
        Leave::LastManager { team, name } => last_manager(*team, name),
        Leave::Bye => bye(),
        Leave::ByeManager { name, handed_over } => bye_manager(name, *handed_over),
        Leave::MemberLeft { name } => member_left(name),
        Leave::WatchEnded { name, who, why } => watch_ended(name, who, *why),
        Leave::NoLongerWatched { who, why } => no_longer_watched(who, *why),
        Leave::ManagerLeft { name, team, handed_over, by_office } => {
            manager_left(name, team, *handed_over, *by_office)
        }
        Leave::TakenOut { team } => taken_out(team, voice),
    }
}

fn ask_leave(watched: bool, teams: &[(TeamId, TeamName)]) -> Speech {
    let mut card = card("やめますか？", &[]);
    if watched {
        card.body.push("やめると「げんきですか」は届きません。見守る方にも知らせます。".to_owned());
        card.buttons.push(Button::choice("見守りをやめる", Press::LeaveSure));
        card.buttons.push(Button::choice("お休みにする", Press::Pause));
    }
    for (id, name) in teams {
        let label = shortened(&format!("{}を見守るのをやめる", team(name)), 30);
        card.buttons.push(Button::choice(label, Press::LeaveTeam(*id)));
    }
    card.buttons.push(Button::small("やめない", Press::Stay));
    Speech::Card(card)
}

fn confirm_team(id: TeamId, name: &TeamName) -> Speech {
    let mut card = card(
        "見守る方をやめますか？",
        &[&format!("チーム：{}", team(name)), "お返事がないときの知らせは、もう届きません。"],
    );
    card.buttons = vec![
        Button::choice("見守る方をやめる", Press::LeaveTeamSure(id)),
        Button::small("やめない", Press::Stay),
    ];
    Speech::Card(card)
}

fn last_manager(id: TeamId, name: &TeamName) -> Speech {
    let mut card = card(
        "見守る方は、あなただけです",
        &[
            &format!("チーム：{}", team(name)),
            "やめるには、次の方を招待するか、事務局に引き継いでください。",
        ],
    );
    card.buttons = vec![
        Button::choice("見守る方を招待", Press::Invite(id, CodeKind::Manager)),
        Button::choice("事務局に引き継ぐ", Press::HandOver(id)),
        Button::small("やめない", Press::Stay),
    ];
    Speech::Card(card)
}

fn bye() -> Speech {
    Speech::Card(card(
        "見守りをやめました",
        &["ありがとうございました。", "また始めるときは「はじめる」と送ってください。"],
    ))
}

fn bye_manager(name: &TeamName, handed_over: bool) -> Speech {
    let mut card = card("見守る方をやめました", &[&format!("チーム：{}", team(name))]);
    if handed_over {
        card.body.push("これからは、事務局が見守ります。".to_owned());
    }
    card.body.push("ありがとうございました。".to_owned());
    Speech::Card(card)
}

fn member_left(name: &Name) -> Speech {
    Speech::Card(card(
        format!("{name}さんが、見守りをやめました"),
        &["これからは「げんきですか」を送りません。", "気になるときは、声をかけてみてください。"],
    ))
}

fn watch_ended(name: &Name, by: &Who, why: EndReason) -> Speech {
    Speech::Card(card(
        format!("{name}さんの見守りが終わりました"),
        &[
            &format!("理由：{}", case::end_word(why)),
            &format!("{}からの知らせです。", who(by)),
            "これからは「げんきですか」を送りません。",
        ],
    ))
}

fn no_longer_watched(by: &Who, why: EndReason) -> Speech {
    let mut card = card(
        "見守りが終わりました",
        &[
            &format!("{}が「{}」と知らせました。", who(by), case::end_word(why)),
            "これからは「げんきですか」は届きません。お返事がなくても、だれにも知らせません。",
            "まちがいのときは「はじめる」を押してください。",
        ],
    );
    card.buttons = vec![Button::choice("はじめる", Press::BeWatched)];
    Speech::Card(card)
}

fn taken_out(of: &TeamName, voice: &Voice) -> Speech {
    let mut card = card(
        "見守る方の役目が終わりました",
        &[
            &format!("チーム：{}", team(of)),
            "これまで見守ってくださり、ありがとうございました。",
            "事務局が、このチームの見守る方から外しました。お返事がないときの知らせは、もう届きません。",
        ],
    );
    if let Some(phone) = &voice.phone {
        card.body.push(format!("まちがいのときは、{phone}へどうぞ。"));
    }
    Speech::Card(card)
}

fn manager_left(name: &Name, of: &TeamName, handed_over: bool, by_office: bool) -> Speech {
    let title = if by_office {
        format!("{name}さんは、見守る方ではなくなりました")
    } else {
        format!("{name}さんが、見守る方をやめました")
    };
    let mut card = card(title, &[&format!("チーム：{}", team(of))]);
    if by_office {
        card.body.push("事務局が、チームから外しました。".to_owned());
    }
    if handed_over {
        card.body.push("これからは、事務局が見守ります。".to_owned());
    }
    Speech::Card(card)
}
