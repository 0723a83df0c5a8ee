//! Words of the demonstration: names, what happens next, what happened and why, the story.

pub mod trouble;

use crate::domain::case::{Actor, Outcome, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::PersonId;
use crate::domain::team::Role;

/// The council of the demonstration.
pub const OFFICE: &str = "みどり市社会福祉協議会（練習）";

/// Its telephone number; it belongs to nobody.
pub const OFFICE_PHONE: &str = "0000-00-0000";

/// The people of the story: who is asked, and two who watch.
pub const PEOPLE: [&str; 3] = ["よしこ", "けんじ", "みちこ"];

/// Labels of the buttons that the story presses, and words that it types.
pub mod acts {
    /// Begin as someone who is asked.
    pub const BE_WATCHED: &str = "見守ってもらう";
    /// Agree to the terms.
    pub const AGREE: &str = "同意";
    /// Every day.
    pub const DAILY: &str = "毎日";
    /// At nine.
    pub const NINE: &str = "9時";
    /// Ask for an invitation.
    pub const INVITE: &str = "招待";
    /// For someone who watches.
    pub const INVITE_MANAGER: &str = "見守る方を招待";
    /// Join.
    pub const JOIN: &str = "参加する";
    /// A test alert arrived.
    pub const RECEIVES: &str = "受け取れます";
    /// Try the button.
    pub const PRACTISE: &str = "ためし";
    /// The one button.
    pub const WELL: &str = "げんきです";
    /// I will look.
    pub const CLAIM: &str = "対応します";
    /// Begin as someone who watches.
    pub const KEEP_WATCH: &str = "見守る";
    /// A family's team.
    pub const FAMILY: &str = "個人";
    /// The name of that team.
    pub const TEAM_NAME: &str = "田中家";
    /// As the team proposes.
    pub const AS_PROPOSED: &str = "ではじめる";
    /// Who joins that team.
    pub const SECOND_MEMBER: &str = "はな";
    /// A group.
    pub const GROUP_NAME: &str = "ひだまり会";
    /// Lead it.
    pub const LEAD: &str = "代表者になる";
    /// Take part in it.
    pub const TAKE_PART: &str = "参加します";
    /// Call those who are missing.
    pub const CALL_THEM: &str = "わたしが連絡します";
}

/// The next timer asks.
#[must_use]
pub fn next_ask(name: &str) -> String {
    format!("{name}さんに「げんきですか」と聞きます")
}

/// The next timer asks again.
#[must_use]
pub fn next_resend(name: &str) -> String {
    format!("{name}さんに、もう一度聞きます")
}

/// The next timer tells the managers.
#[must_use]
pub fn next_alert(name: &str) -> String {
    format!("{name}さんを見守る方に知らせます")
}

/// The next timer reports what could not be sent.
#[must_use]
pub fn next_not_sent(name: &str) -> String {
    format!("{name}さんは未確認、と知らせます")
}

/// The next timer is not about the question of a person.
pub const NEXT_OTHER: &str = "決まった時刻の仕事をします";

/// What a person is, under the name on the phone.
#[must_use]
pub fn role(member: bool, manager: bool) -> &'static str {
    match (member, manager) {
        (true, true) => "見守られる方・見守る方",
        (true, false) => "見守られる方",
        (false, true) => "見守る方",
        (false, false) => "まだ登録していません",
    }
}

/// One line of the timeline: its kind, what happened, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happened {
    /// One of the kinds that the page colours.
    pub kind: &'static str,
    /// What.
    pub text: String,
    /// Why, or what follows.
    pub why: String,
}

/// A fact of the journal as a line of the timeline; inner steps have none.
#[must_use]
pub fn happened(fact: Fact, name: impl Fn(PersonId) -> String) -> Option<Happened> {
    let name = &name;
    let told = joining(fact, name).or_else(|| checking(fact, name));
    told.or_else(|| looking(fact, name)).or_else(|| troubled(fact, name))
}

fn line(kind: &'static str, text: String, why: &str) -> Option<Happened> {
    Some(Happened { kind, text, why: why.to_owned() })
}

fn joining(fact: Fact, name: &impl Fn(PersonId) -> String) -> Option<Happened> {
    match fact {
        Fact::Joined(p, _, role) => {
            let why = match role {
                Role::Member => "見守られる方です。",
                Role::Manager => "見守る方です。お返事がないとき、知らせが届きます。",
                Role::Applicant => "見守る方になりたい方です。チームの方の承認を待ちます。",
            };
            line("join", format!("{}さんが参加しました", name(p)), why)
        }
        Fact::Receives(p, _) => line(
            "join",
            format!("{}さんに、知らせが届くことを確かめました", name(p)),
            "ためしのお知らせで「受け取れます」を押しました。",
        ),
        Fact::WrongCode(p) => line(
            "info",
            format!("{}さんのコードは使えませんでした", name(p)),
            "1時間に10回までです。",
        ),
        _ => None,
    }
}

fn checking(fact: Fact, name: &impl Fn(PersonId) -> String) -> Option<Happened> {
    match fact {
        Fact::Asked(p, _) => line(
            "ask",
            format!("{}さんに「げんきですか」と聞きました", name(p)),
            "決めた日と時刻になりました。24時間、お返事を待ちます。",
        ),
        Fact::Resent(p, _) => line(
            "resend",
            format!("{}さんに、もう一度聞きました", name(p)),
            "24時間、お返事がありませんでした。あと3時間待ちます。",
        ),
        Fact::Answered(p, _) => line(
            "answer",
            format!("{}さんからお返事がありました", name(p)),
            "次の確認まで、何も送りません。",
        ),
        Fact::WellAnyway(p) => line(
            "info",
            format!("{}さんがボタンを押しました", name(p)),
            "聞いていないときや、もう受け取ったときは、何も変わりません。",
        ),
        _ => None,
    }
}

fn looking(fact: Fact, name: &impl Fn(PersonId) -> String) -> Option<Happened> {
    match fact {
        Fact::CaseOpened(_, p, trouble) => {
            line("alert", opened(&name(p), trouble), "見守る方の全員に、同時に知らせます。")
        }
        Fact::Alerted(_, p) => line(
            "alert",
            format!("{}さんに知らせました", name(p)),
            "「対応します」を押すまで、だれが行くかは決まっていません。",
        ),
        Fact::Claimed(_, p) => line(
            "claim",
            format!("{}が対応します", actor(p, name)),
            "はじめに押した方です。ほかの方には、待ってもらいます。",
        ),
        Fact::NoContact(_, p) => line(
            "alert",
            format!("{}さんも連絡がつきません", name(p)),
            "ほかの見守る方にも知らせました。",
        ),
        Fact::EmergencyCalled(_, p) => line(
            "alert",
            format!("{}が救急・警察に連絡しました", actor(p, name)),
            "ほかの見守る方にも知らせました。",
        ),
        Fact::AllClear(_, 0) => line(
            "clear",
            "お返事がありました".to_owned(),
            "知らせた方がいないので、「無事」は送りません。",
        ),
        Fact::AllClear(_, count) => line(
            "clear",
            format!("知らせを受けた{count}人に「無事」と伝えました"),
            "知らせた方に、1回ずつ送ります。",
        ),
        Fact::Closed(_, p, outcome) => closed(&actor(p, name), outcome),
        _ => climbing(fact, name),
    }
}

fn actor(actor: Actor, name: &impl Fn(PersonId) -> String) -> String {
    match actor {
        Actor::Person(person) => format!("{}さん", name(person)),
        Actor::Staff(_) => "事務局".to_owned(),
    }
}

fn climbing(fact: Fact, name: &impl Fn(PersonId) -> String) -> Option<Happened> {
    match fact {
        Fact::Reminded(_) => line(
            "alert",
            "もう一度、全員にお願いしました".to_owned(),
            "1時間たっても、対応する方がいません。",
        ),
        Fact::Escalated(_) => line(
            "alert",
            "次の段階に知らせました".to_owned(),
            "3時間たっても、対応する方がいません。これからは毎日知らせます。",
        ),
        Fact::OfficeTold(_) => {
            line("alert", "事務局の一覧にのせました".to_owned(), "終わるまで、一覧から消えません。")
        }
        Fact::ClaimLapsed(_, by) => line(
            "alert",
            format!("{}から結果がありません", actor(by, name)),
            "もう一度、全員にお願いしました。",
        ),
        Fact::Nudged(_) => line(
            "info",
            "対応する方に、ようすを聞きました".to_owned(),
            "3時間のうちに結果がないと、もう一度全員にお願いします。",
        ),
        Fact::Digested(_) => {
            line("alert", "まだ終わっていない件を知らせました".to_owned(), "1日に1回、知らせます。")
        }
        _ => None,
    }
}

fn of_ourselves(fact: Fact, name: &impl Fn(PersonId) -> String) -> Option<Happened> {
    match fact {
        Fact::Deaf(_) => line(
            "trouble",
            "お返事を受け取れなくなりました".to_owned(),
            "受け取れない間は、「お返事がない」とは言いません。",
        ),
        Fact::HearsAgain(_) => line(
            "info",
            "お返事を受け取れることを確かめました".to_owned(),
            "遅れて届くお返事を、少し待ちます。",
        ),
        Fact::Apologised(p, _) => line(
            "resend",
            format!("{}さんに、おわびをして、もう一度聞きました", name(p)),
            "受け取れなかった間に、押したかもしれません。",
        ),
        Fact::BreakerHolds => line(
            "trouble",
            "お知らせが多すぎるので、少し待ちます".to_owned(),
            "こちらの不具合でないか、先に確かめます。",
        ),
        Fact::Started(_) => line(
            "info",
            "サーバーが動きはじめました".to_owned(),
            "止まっていた間のことを確かめます。",
        ),
        Fact::OutageTold(_) => {
            line("trouble", "LINEに送れません".to_owned(), "LINEが受け付けるまで、送りつづけます。")
        }
        Fact::OutageOver(_) => {
            line("info", "LINEに、また送れます".to_owned(), "待っていたものを送りました。")
        }
        _ => None,
    }
}

fn troubled(fact: Fact, name: &impl Fn(PersonId) -> String) -> Option<Happened> {
    match fact {
        Fact::NobodyToTell(_) => line(
            "trouble",
            "知らせる相手がいません".to_owned(),
            "見守る方がいないか、みなさんに届きません。",
        ),
        Fact::Unreachable(p) => line(
            "trouble",
            format!("{}さんに届かなくなりました", name(p)),
            "ブロックなどです。「お返事がない」とは別に扱います。",
        ),
        Fact::ReachableAgain(p) => {
            line("info", format!("{}さんに、また届きます", name(p)), "確認を続けます。")
        }
        Fact::Undelivered(p, _) => line(
            "trouble",
            format!("{}さんに送れませんでした", name(p)),
            "LINEが受け付けませんでした。",
        ),
        _ => of_ourselves(fact, name),
    }
}

fn opened(name: &str, trouble: Trouble) -> String {
    match trouble {
        Trouble::NoAnswer => format!("{name}さんのお返事がありません"),
        Trouble::NotSent => format!("{name}さんは未確認です（送信できません）"),
        Trouble::Unreachable => format!("{name}さんに届かなくなりました"),
        Trouble::Unheard => format!("{name}さんは未確認です（お返事を受け取れません）"),
        Trouble::Help => format!("{name}さんが「こまった」と知らせました"),
        Trouble::Unwell => format!("{name}さんは、すこし調子が悪いそうです"),
        Trouble::WantsTalk => format!("{name}さんが、話したいそうです"),
        Trouble::Called => format!("{name}さんが「こまった」を押しました。2分だけ続きを待ちます"),
        Trouble::NotPhoned => format!("{name}さんは未確認です（まだ電話していません）"),
    }
}

fn closed(name: &str, outcome: Outcome) -> Option<Happened> {
    let (text, why) = match outcome {
        Outcome::Answered => return None,
        Outcome::Well
        | Outcome::Forgot
        | Outcome::PhoneTrouble
        | Outcome::Travel
        | Outcome::Other => (format!("{name}が無事を確かめました"), "この件は終わりです。"),
        _ => (format!("{name}が結果を記録しました"), "この件は終わりです。"),
    };
    Some(Happened { kind: "clear", text, why: why.to_owned() })
}

/// One step of the story: title, what to look at, what to press.
#[derive(Clone, Copy, Debug)]
pub struct StoryStep {
    /// Up to eight characters.
    pub title: &'static str,
    /// What to do.
    pub text: &'static str,
}

/// The story, in order; the last step stands at its end.
pub const STORY: [StoryStep; 6] = [
    StoryStep {
        title: "朝の確認",
        text: "朝9時に、よしこさんへ「げんきですか？」が届きます。「次の出来事まで」を押すと、9時になります。",
    },
    StoryStep {
        title: "返事がない",
        text: "よしこさんは押しません。「次の出来事まで」を押すと、24時間たって、もう一度聞きます。",
    },
    StoryStep {
        title: "もう3時間",
        text: "それでもお返事がありません。「次の出来事まで」を押すと、見守る方の全員に知らせます。",
    },
    StoryStep {
        title: "だれが行く",
        text: "けんじさんのスマホで「対応します」を押します。みちこさんには、待ってもらいます。",
    },
    StoryStep {
        title: "おそい返事",
        text: "よしこさんのスマホで「げんきです」を押します。知らせを受けた全員に「無事」と届きます。",
    },
    StoryStep {
        title: "無事",
        text: "全員に「無事」と届きました。ここからは、自由にさわってください。",
    },
];

/// What the terminal says.
pub mod terminal {
    use crate::locale::cli::Tongue;

    /// Where to look.
    #[must_use]
    pub fn open_here(url: &str, tongue: Tongue) -> String {
        match tongue {
            Tongue::Ja => format!(
                "練習を始めました。ブラウザーで開いてください： {url}\n終わるときは Ctrl+C を押します。"
            ),
            Tongue::En => format!(
                "The demonstration is running. Open this in a browser: {url}\nPress Ctrl+C to end it."
            ),
        }
    }

    /// A step of the transcript did not happen.
    #[must_use]
    pub fn missing(what: &str, tongue: Tongue) -> String {
        match tongue {
            Tongue::Ja => format!("起きるはずのことが起きませんでした：{what}"),
            Tongue::En => format!("something that had to happen did not happen: {what}"),
        }
    }

    /// The transcript is complete.
    pub const GOOD: &str = "すべて、約束のとおりでした。";
}

/// Headings of the transcript.
pub mod chapters {
    /// Joining as someone who is asked.
    pub const JOIN: &str = "よしこさんが登録して、見守る方を招待します";
    /// Joining from the other side.
    pub const OTHER_SIDE: &str = "けんじさんがチームを作り、はなさんを招待します";
    /// A day with an answer.
    pub const ANSWER: &str = "朝の確認に、よしこさんが返事をします";
    /// Days without.
    pub const SILENCE: &str = "次の朝、返事がありません";
    /// The alert.
    pub const ALERT: &str = "見守る方に知らせます";
    /// The late answer.
    pub const LATE: &str = "おそい返事と「無事」";
    /// Our own stop.
    pub const STOPPED: &str = "サーバーが3時間止まり、よしこさんの返事が届きません";
    /// LINE's.
    pub const LINE_DOWN: &str = "LINEが止まり、朝の確認を送れません";
    /// A block.
    pub const BLOCKED: &str = "よしこさんの電話に届かなくなりました";
    /// Its end.
    pub const BACK: &str = "よしこさんに、また届くようになりました";
    /// A group.
    pub const GROUP: &str = "LINEのグループで、お互いに見守りはじめます";
    /// Its question.
    pub const GROUP_ASKED: &str = "グループのみなさんに聞きます";
    /// Its word about who is missing.
    pub const GROUP_MISSING: &str = "23時間後、まだの方をグループに知らせます";
    /// How it ends.
    pub const GROUP_COMPLETE: &str = "全員そろいました";
    /// What LINE asks of a server, looked at when all stories are over.
    pub const RULES: &str = "LINEの決まりを守ります";
    /// How an all-clear begins on a locked screen.
    pub const ALL_CLEAR: &str = "無事です";
}
