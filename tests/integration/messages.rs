//! Every message there is, as LINE gets it: valid by LINE's rules, the act first on a locked
//! screen, and nothing but nicknames of anyone.

use std::time::Duration;

use anshin::domain::bulletin::{Kind, Text, Word};
use anshin::domain::case::{Mark, Outcome, Trouble};
use anshin::domain::details::Line;
use anshin::domain::id::{Address, BulletinId, CaseId, GroupId, PersonId, TeamId};
use anshin::domain::invitation::{Code, CodeKind, Mint};
use anshin::domain::message::{
    AlertTime, BulletinMessage as B, GroupMessage as G, Hears, InviteTeam, Leave, MembershipNotice,
    Message as M, MyPage, OpenCase, PracticeMessage as P, Rest, Silence, Standing, State,
    TeamSettings, WatchedBy, Watchers, Who,
};
use anshin::domain::name::{Name, NameFault};
use anshin::domain::page::{Page, PageLink};
use anshin::domain::pause::Why;
use anshin::domain::person::EndReason;
use anshin::domain::schedule::{Hour, Interval, Zone};
use anshin::domain::team::{Policy, Role, TeamName};
use anshin::domain::time::Moment;
use anshin::line::render;
use anshin::locale::{Speech, Voice, say};
use anshin::platform::{ApiRequest, Host, Platform, Settings};
use jiff::civil::{DateTime, date};

mod office;

const CASE: CaseId = CaseId(u32::MAX);
const TEAM: TeamId = TeamId(u32::MAX);

/// As long as a name can be.
fn name() -> Name {
    Name::of_person(&"龍".repeat(20)).unwrap()
}

/// The longest link.
fn link() -> PageLink {
    let (person, page) = (PersonId(u32::MAX), Page::Person(PersonId(u32::MAX)));
    PageLink { person, page, at: Moment::from_millis(i64::MIN) }
}

fn team() -> TeamName {
    TeamName::Given(Name::of_team(&"町".repeat(30)).unwrap())
}

fn at() -> DateTime {
    date(2026, 12, 22).at(23, 59, 0, 0)
}

fn watchers() -> Watchers {
    Watchers { names: vec![name(), name(), name()], more: 27 }
}

fn by_people() -> WatchedBy {
    WatchedBy::People(watchers())
}

fn silence() -> Silence {
    Silence {
        name: name(),
        teams: vec![team(), TeamName::Of(name())],
        asked_at: Some(at()),
        resent_at: Some(at()),
        last_answer_at: Some(at()),
    }
}

fn joining() -> Vec<M> {
    let (interval, hour) = (Interval::ALL[6], Hour::new(21).unwrap());
    let (alert, code) = (AlertTime { days: 2, hour: 0 }, Code::read("ABCD2345").unwrap());
    let alerts: Vec<_> = (0..24).filter_map(Hour::new).map(|hour| (hour, alert)).collect();
    let all = [CodeKind::Manager, CodeKind::Leaflet, CodeKind::Either];
    let choice = InviteTeam { team: TEAM, name: team(), kinds: all.to_vec() };
    let mut messages = vec![
        M::Greeting,
        M::WelcomeBack { next: Some(at()) },
        M::AskConsent,
        M::AskName,
        M::NameRefused(NameFault::Empty),
        M::NameRefused(NameFault::TooLong(20)),
        M::AskTeamName,
        M::AskTeamKind(name(), 10),
        M::AskInterval { proposal: None },
        M::AskInterval { proposal: Some((interval, hour, alert)) },
        M::AskHour { interval, all: true, alerts: alerts.clone() },
        M::AskHour { interval, all: false, alerts: alerts[6..10].to_vec() },
        M::Ready { name: name(), interval, hour, first: at(), alert, watched_by: by_people() },
        M::Ready {
            name: name(),
            interval,
            hour,
            first: at(),
            alert,
            watched_by: WatchedBy::Office,
        },
        M::Practice(name()),
        M::Practised { next: Some(at()) },
        M::Practising(P::Ask(u32::MAX)),
        M::Practising(P::AskAgain(u32::MAX)),
        M::Practising(P::StillSilent(u32::MAX)),
        M::Practising(P::Alert(u32::MAX)),
        M::Practising(P::Claimed(u32::MAX)),
        M::Practising(P::Over),
        M::Practising(P::NotNow),
        M::Practising(P::NotForYou),
        M::TeamMade { team: TEAM, name: team(), personal: true },
        M::InviteChoice(vec![choice.clone()]),
        M::InviteChoice(vec![choice; 12]),
        M::AskCode,
        M::CodeRefused,
        M::CodeLater,
        M::AlreadyIn(team()),
        M::TeamFull(team()),
        M::Declined,
        M::TestAlert { team: TEAM, name: team(), members: watchers() },
        M::ReceivesThanks(team()),
        M::MemberJoined { name: name(), team: team(), next: Some(at()) },
        M::ManagerJoined { name: name() },
    ];
    let roles = vec![Role::Member, Role::Manager];
    let inviter = Who::Named(name());
    for policy in Policy::ALL {
        let (inviter, roles) = (inviter.clone(), roles.clone());
        let statement = Line::read(&"み".repeat(60), 60).unwrap();
        messages.push(M::ConfirmJoin { code, team: team(), inviter, roles, policy, statement });
    }
    messages.push(M::HeadOf { organization: name(), heads: true });
    messages.push(M::HeadOf { organization: name(), heads: false });
    messages.extend(all.map(|kind| {
        let expires = Some(at());
        M::Invitation { inviter: name(), team: team(), kind, code, expires }
    }));
    messages
}

fn checking() -> Vec<M> {
    let round = (PersonId(u32::MAX), Moment::from_millis(i64::MAX));
    let mut messages = vec![
        M::Ask { name: name(), round, local: at(), quote: true },
        M::Ask { name: name(), round, local: at(), quote: false },
        M::Resend { name: name(), round, alert: at(), told: Hears::Office, sorry: true },
        M::Resend { name: name(), round, alert: at(), told: Hears::Nobody, sorry: false },
        M::Sorry { name: name(), round, alert: Some(at()) },
        M::Sorry { name: name(), round, alert: None },
        M::Thanks { next: Some(at()), undo: Some((round.1, None)), by_other: false },
        M::Thanks { next: Some(at()), undo: Some((round.1, None)), by_other: true },
        M::Undone,
        M::EarlyThanks { left_out: at(), next: Some(at()) },
        M::AskHelp { watched: true },
        M::AskHelp { watched: false },
        M::HelpSent { told: watchers() },
        M::HelpSent { told: Watchers::default() },
        M::HelpCancelled,
        M::HelpTaken { who: Who::Named(name()) },
        M::AskUnwell,
        M::SoftNoted(Trouble::Unwell),
        M::SoftNoted(Trouble::WantsTalk),
        M::Noted,
        M::Already(None),
        M::GladAnyway,
        M::LateThanks {
            told: watchers(),
            undo: Some((Moment::from_millis(i64::MAX), Some(CaseId(u32::MAX)))),
            by_other: true,
        },
        M::Unknown,
        M::TryAgain,
        M::Usage { next: Some(at()), placed: true, watches: true, can_invite: true },
        M::Usage { next: None, placed: false, watches: false, can_invite: false },
    ];
    messages.extend(Outcome::ALL.map(M::ReasonThanks));
    messages
}

/// What those who watch are told.
fn caring() -> Vec<M> {
    let who = || Who::Named(name());
    let open = OpenCase {
        case: CASE,
        name: name(),
        trouble: Trouble::NotSent,
        since: at(),
        claimer: Some(who()),
    };
    let mut messages = vec![
        M::ClaimedByYou { case: CASE, name: name(), link: link() },
        M::ClaimedBy { who: who(), name: name() },
        M::ClaimedBy { who: Who::Office, name: name() },
        M::ClaimedAlready { who: who() },
        M::Standing {
            case: CASE,
            silence: silence(),
            claimer: Some(who()),
            open: true,
            link: Some(link()),
        },
        M::AllClear { name: name(), at: at(), unwell: false },
        M::AllClear { name: name(), at: at(), unwell: true },
        M::FoundWell { who: who(), name: name(), at: at() },
        M::AskReason { case: CASE, name: name() },
        M::NoContactAdvice { case: CASE, name: name() },
        M::NoContactBy { case: CASE, who: who(), name: name() },
        M::EmergencyNoted { case: CASE, name: name() },
        M::EmergencyBy { who: who(), name: name() },
        M::CaseOver { name: name() },
        M::ReachableAgain { name: name() },
        M::ManagerUnreachable { who: name(), team: team(), blocked: true },
        M::ManagerUnreachable { who: name(), team: team(), blocked: false },
        M::NobodyWatches { team: team() },
        M::Nudge { case: CASE, name: name() },
        M::Digest { cases: vec![open; 5], more: 195 },
        M::MoreReasons { case: CASE, name: name() },
        M::ConfirmEnd { case: CASE, name: name(), outcome: Outcome::Died },
    ];
    for trouble in Trouble::ALL {
        let (case, next_step) = (CASE, true);
        for mark in Mark::ALL {
            messages.push(M::Alert { case, trouble, silence: silence(), mark, next_step });
        }
        for lapsed in [None, Some(who())] {
            messages.push(M::AlertAgain { case, trouble, silence: silence(), lapsed });
        }
    }
    messages.extend(Outcome::ALL.map(|outcome| M::ClosedBy {
        who: who(),
        name: name(),
        outcome,
        at: at(),
    }));
    messages
}

/// What is known about somebody: everything, and hardly anything.
fn pages() -> Vec<M> {
    let (interval, hour) = (Interval::ALL[6], Hour::new(21).unwrap());
    let page = MyPage {
        id: PersonId(u32::MAX),
        name: name(),
        since: at(),
        schedule: Some((interval, hour)),
        zone: Some("America/Argentina/ComodRivadavia".to_owned()),
        next: Some(at()),
        resting: Some(date(2026, 12, 22)),
        member_until: Some(date(2027, 12, 31)),
        last_answer_at: Some(at()),
        watchers: watchers(),
        policy: Some(Policy::Full),
        office: true,
        someone_receives: false,
        quotes: true,
        watches: vec![(TEAM, team()); 30],
        mail: Some(false),
        link: link(),
    };
    let bare = MyPage {
        schedule: None,
        resting: None,
        member_until: None,
        watchers: Watchers::default(),
        quotes: false,
        watches: Vec::new(),
        ..page.clone()
    };
    [page, bare].map(|page| M::MyPage(Box::new(page))).to_vec()
}

/// Rests, leaving, how people are, settings.
fn living() -> Vec<M> {
    let (day, who) = (date(2026, 12, 22), || Who::Named(name()));
    let (interval, hour) = (Interval::ALL[6], Hour::new(21).unwrap());
    let person = PersonId(u32::MAX);
    let standing = |state| Standing { person, name: name(), state, last_answer_at: Some(at()) };
    let states = [
        State::Open(Trouble::NoAnswer),
        State::Unreachable,
        State::CalledAgain,
        State::Waiting,
        State::Resting(day),
        State::Well,
        State::New,
    ];
    let mut messages = vec![
        M::Overview { people: states.map(standing).to_vec(), more: 290, link: link() },
        M::Overview { people: Vec::new(), more: 0, link: link() },
        M::ProxyThanks { name: name() },
        M::Renamed { before: name(), name: name() },
        M::Membership(MembershipNotice::WriteDown { link: link() }),
        M::Membership(MembershipNotice::Ends { until: day, over: false }),
        M::Membership(MembershipNotice::Ends { until: day, over: true }),
        M::Membership(MembershipNotice::Set { until: Some(day) }),
        M::Membership(MembershipNotice::Set { until: None }),
        M::Membership(MembershipNotice::Expired { name: name(), until: day }),
        M::Retimed { interval, hour, next: at(), alert: AlertTime { days: 2, hour: 0 } },
        M::MemberRetimed { name: name(), interval, hour, next: at() },
        M::AskOffice(TEAM),
        M::WaitApproval(team()),
        M::AskApproval { team: TEAM, name: team(), who: person, called: name() },
        M::NotApproved(team()),
        M::SoftDoneBy { who: who(), name: name() },
    ];
    for trouble in [Trouble::Unwell, Trouble::WantsTalk] {
        messages.push(M::SoftAlert { case: CASE, name: name(), trouble, at: at() });
    }
    messages.extend(states.map(|state| {
        let next = Some(at());
        let (standing, may_answer, link) = (standing(state), true, link());
        M::PersonCard { standing, interval, hour, next, may_answer, link }
    }));
    for office in [None, Some(true), Some(false)] {
        let (proposal, quiet, quotes) = ((interval, hour), true, false);
        let (team, name, link) = (TEAM, team(), link());
        messages.push(M::TeamSettings(TeamSettings {
            team,
            name,
            proposal,
            quiet,
            office,
            quotes,
            link,
            changed_by: Some(self::name()),
        }));
    }
    messages.extend(Policy::ALL.map(|policy| M::Allowed { name: name(), policy }));
    messages
}

/// Rests and leaving.
fn stopping() -> Vec<M> {
    let (day, who) = (date(2026, 12, 22), || Who::Named(name()));
    let person = PersonId(u32::MAX);
    let mut messages = Vec::new();
    for why in Why::ALL {
        messages.push(M::Rest(Rest::Confirm { last_day: day, next: at(), why }));
        messages.push(M::Rest(Rest::MemberRests { name: name(), last_day: day, why }));
        messages.push(M::Rest(Rest::Offer { person, name: name(), why }));
    }
    let rests = [
        Rest::Ask { today: day, latest: day },
        Rest::TooLong,
        Rest::Agreed { last_day: day, next: at() },
        Rest::Ending { next: at() },
        Rest::Back { next: Some(at()), by: Some(who()) },
        Rest::AgreedBy { who: who(), last_day: day },
        Rest::Ping { person, name: name(), since: day, last_day: day },
        Rest::MemberBack { name: name(), next: Some(at()) },
    ];
    messages.extend(rests.map(M::Rest));
    let leaves = [
        Leave::Ask { watched: true, teams: vec![(TEAM, team()); 8] },
        Leave::ConfirmTeam { team: TEAM, name: team() },
        Leave::LastManager { team: TEAM, name: team() },
        Leave::Bye,
        Leave::ByeManager { name: team(), handed_over: true },
        Leave::MemberLeft { name: name() },
        Leave::WatchEnded { name: name(), who: Who::Named(name()), why: EndReason::CareHome },
        Leave::NoLongerWatched { who: Who::Named(name()), why: EndReason::CareHome },
        Leave::ManagerLeft { name: name(), team: team(), handed_over: true, by_office: false },
        Leave::ManagerLeft { name: name(), team: team(), handed_over: true, by_office: true },
        Leave::TakenOut { team: team() },
    ];
    messages.extend(leaves.map(M::Leave));
    messages
}

/// Mail addresses, and letters to the office.
fn mail() -> Vec<M> {
    let mut messages = vec![
        M::AskMail { known: true },
        M::AskMail { known: false },
        M::MailClosed,
        M::MailRefused,
        M::MailCode(999_999),
        M::AskMailCode,
        M::MailCodeRefused,
        M::MailThanks,
        M::MailGone,
        M::AskZone(Zone::default()),
        M::ZoneRefused,
        M::ZoneSet(Zone::named("America/Argentina/ComodRivadavia").unwrap()),
    ];
    messages.extend(office::all().into_iter().map(M::Office));
    messages
}

/// In groups: with as many names as are listed, and with nobody known by name.
fn in_groups() -> Vec<M> {
    let (group, wait) = (GroupId(u32::MAX), Duration::from_secs(23 * 3600));
    let (round, interval, hour) =
        ((group, Moment::from_millis(i64::MAX)), Interval::ALL[6], Hour::new(21).unwrap());
    let mut said = vec![
        G::Intro { group, wait },
        G::All,
        G::Half { answered: 250, of: 500 },
        G::Welcome(group),
        G::HandOver(group),
        G::LeaderOnly { leader: None, open: Some(group) },
        G::Rests { last_day: at().date(), next: at() },
        G::Back { next: at() },
        G::WhoAreYou,
        G::Removed,
    ];
    for known in [true, false] {
        let name = known.then(name);
        let (next, names) = (known.then(at), vec![self::name(); if known { 20 } else { 0 }]);
        let (size, monthly) = (known.then_some(500), known.then_some(15_500));
        said.extend([
            G::AskInterval { group, leader: name.clone() },
            G::AskHour { group, interval, all: known, size, wait },
            G::Ready { group, interval, hour, next: at(), participants: 500, monthly },
            G::TakesPart { count: 500, next },
            G::Ask { round, local: at(), leaderless: known },
            G::Nth { name: name.clone(), place: 12, left: 3 },
            G::Nth { name: name.clone(), place: 1, left: 0 },
            G::Late { name: name.clone(), left: 0 },
            G::Late { name: name.clone(), left: 7 },
            G::Stale { next },
            G::Missing { round, names: names.clone(), more: 480, unknown: 300, deaf: known },
            G::Calls { name: name.clone() },
            G::Settings {
                group,
                schedule: known.then_some((interval, hour)),
                resting: None,
                words_count: known,
            },
            G::Settings {
                group,
                schedule: Some((interval, hour)),
                resting: known.then(|| at().date()),
                words_count: known,
            },
            G::People { names, more: 480, unknown: 300 },
            G::LeaderOnly { leader: name.clone(), open: None },
            G::Leads { name },
            G::Pages { link: link() },
        ]);
    }
    said.into_iter().map(M::Group).collect()
}

/// The name of a message's kind, with what it is about where there are many of it.
fn bulletins() -> Vec<M> {
    let text = Text::read(&"龍".repeat(400)).unwrap();
    let ids = [Some(BulletinId(u32::MAX)), None];
    let posts = Kind::ALL.into_iter().flat_map(|kind| ids.map(|id| (kind, id)));
    let posts =
        posts.map(|(kind, id)| B::Post { id, kind, text: text.clone(), test: id.is_none() });
    let heard = Word::ALL.into_iter().flat_map(|word| [true, false].map(|drill| (word, drill)));
    posts.chain(heard.map(|(word, drill)| B::Heard { word, drill })).map(M::Bulletin).collect()
}

fn kind(message: &M) -> String {
    let word = |text: String| text.chars().take_while(|c| c.is_alphanumeric()).collect::<String>();
    match message {
        M::Bulletin(said) => format!("Bulletin::{}", word(format!("{said:?}"))),
        M::Group(said) => format!("Group::{}", word(format!("{said:?}"))),
        M::Practising(said) => format!("Practising::{}", word(format!("{said:?}"))),
        M::Office(notice) => format!("Office::{}", word(format!("{notice:?}"))),
        _ => word(format!("{message:?}")),
    }
}

fn all() -> Vec<M> {
    joining()
        .into_iter()
        .chain(checking())
        .chain(caring())
        .chain(living())
        .chain(pages())
        .chain(stopping())
        .chain(mail())
        .chain(in_groups())
        .chain(bulletins())
        .collect()
}

fn voice() -> Voice {
    Voice {
        org: "みどり市社会福祉協議会".to_owned(),
        phone: Some("0120-000-000".to_owned()),
        public_url: "https://mimamori.example.jp".to_owned(),
        basic_id: Some("@123abcde".to_owned()),
        payment_url: Some("https://pay.example.jp/mimamori".to_owned()),
        training: false,
        ..Voice::default()
    }
}

/// The kinds that an enum declares.
fn declared<'a>(source: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let body = source.split(&format!("pub enum {name} {{")).nth(1).unwrap();
    let body = body.split("\n}").next().unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let kinds = lines.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap());
    kinds.filter(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()))
}

#[test]
fn no_kind_of_message_is_left_out_here() {
    let sampled: Vec<String> = all().iter().map(kind).collect();
    let messages = include_str!("../../src/domain/message/mod.rs");
    let office = include_str!("../../src/domain/message/office.rs");
    let group = include_str!("../../src/domain/message/group.rs");
    let bulletin = include_str!("../../src/domain/message/bulletin.rs");
    let practice = include_str!("../../src/domain/message/practice.rs");
    let many = ["Office", "Group", "Bulletin", "Practising"];
    let kinds = declared(messages, "Message").filter(|kind| !many.contains(kind));
    let kinds = kinds.map(str::to_owned);
    let kinds = kinds.chain(declared(office, "OfficeNotice").map(|k| format!("Office::{k}")));
    let kinds = kinds.chain(declared(group, "GroupMessage").map(|k| format!("Group::{k}")));
    let kinds =
        kinds.chain(declared(bulletin, "BulletinMessage").map(|k| format!("Bulletin::{k}")));
    let kinds =
        kinds.chain(declared(practice, "PracticeMessage").map(|k| format!("Practising::{k}")));
    let kinds: Vec<String> = kinds.collect();
    assert!(kinds.len() > 100, "{}", kinds.len());
    for kind in kinds {
        assert!(sampled.contains(&kind), "{kind} is never tried");
    }
}

#[test]
fn line_takes_every_message_even_with_the_longest_names() {
    let settings = Settings { quota_messages: None, ..Settings::default() };
    let mut platform = Platform::new(settings);
    let token = platform.settings().long_lived_token.clone().unwrap();
    let (mint, voice) = (Mint::new(&[5; 32]), voice());
    let user = platform.add_user("a");
    platform.add_friend(0, &user);
    let to = Address::new(&user).unwrap();
    for message in all() {
        let body = render::push_body(&to, std::slice::from_ref(&message), &voice, &mint);
        let headers = [
            ("authorization".to_owned(), format!("Bearer {token}")),
            ("content-type".to_owned(), "application/json".to_owned()),
        ];
        let request = ApiRequest {
            host: Host::Api,
            method: "POST".to_owned(),
            path: "/v2/bot/message/push".to_owned(),
            query: String::new(),
            headers: headers.to_vec(),
            body,
        };
        let answer = platform.request(0, &request);
        let said = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "{}: {said}", kind(&message));
    }
}

#[test]
fn a_locked_screen_shows_the_act_before_any_name() {
    for message in all() {
        let alt = match say(&message, &voice()) {
            Speech::Text(_) => continue,
            Speech::Card(card) => card.alt,
            Speech::Cards { alt, .. } => alt,
        };
        let act = match &message {
            M::Ask { .. } | M::Practice(_) | M::Group(G::Ask { .. }) => "げんきですか",
            M::Group(G::Missing { .. }) => "お返事のない方がいます",
            M::Resend { .. } => "お返事がまだです",
            M::Alert { trouble: Trouble::NoAnswer, .. } => "お返事がありません",
            M::Alert { trouble: Trouble::NotSent, .. } => "未確認",
            M::Alert { trouble: Trouble::Unreachable, .. } => "届かなくなりました",
            M::Alert { trouble: Trouble::Unheard, .. } => "未確認です（受け取れず）",
            M::Alert { trouble: Trouble::Help, .. } => "「こまった」が押されました",
            M::AlertAgain { .. } => "対応する方がいません",
            M::Sorry { .. } => "もう一度押してください",
            M::Digest { .. } => "終わっていない件",
            M::AllClear { unwell: false, .. } => "無事です",
            M::AllClear { unwell: true, .. } => "お返事がありました",
            M::FoundWell { .. } => "無事でした",
            M::ConfirmJoin { .. } => "参加しますか",
            M::NoContactBy { .. } => "連絡がつきません",
            M::EmergencyBy { .. } => "救急・警察に連絡しました",
            _ => continue,
        };
        let first: String = alt.chars().take(20).collect();
        assert!(first.contains(act), "{}: {first}", kind(&message));
    }
}
