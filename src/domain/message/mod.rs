//! Everything the system can say, as meaning: words are in `locale/`, shape in `line/render`. Only nicknames travel.

mod bulletin;
mod group;
mod membership;
mod office;
mod parts;
mod practice;
mod rest;
mod weight;

pub use bulletin::BulletinMessage;
pub use group::GroupMessage;
use jiff::civil::DateTime;
pub use membership::MembershipNotice;
pub use office::{Daily, OfficeNotice};
pub use parts::{
    AlertTime, Hears, InviteTeam, MyPage, OpenCase, Silence, Standing, State, TeamSettings,
    WatchedBy, Watchers, Who,
};
pub use practice::PracticeMessage;
pub use rest::{Leave, Rest};

use super::case::{Mark, Outcome, Trouble};
use super::details::Line;
use super::id::{CaseId, PersonId, TeamId};
use super::invitation::{Code, CodeKind};
use super::name::{Name, NameFault};
use super::page::PageLink;
use super::schedule::{Hour, Interval, Zone};
use super::team::{Policy, Role, TeamName};
use super::time::Moment;

/// A message. `さん` is added by the words, not by the names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// The greeting, with the three ways to begin.
    Greeting,
    /// Back after a block: the watch goes on.
    WelcomeBack {
        /// The next question.
        next: Option<DateTime>,
    },
    /// Please read and agree.
    AskConsent,
    /// How shall we call you?
    AskName,
    /// That name cannot be used.
    NameRefused(NameFault),
    /// What is the team called?
    AskTeamName,
    /// Family or organization? With how many may watch in a family.
    AskTeamKind(Name, usize),
    /// How often? With the team's proposal, if there is one.
    AskInterval {
        /// What the team proposes, and when an alert would come.
        proposal: Option<(Interval, Hour, AlertTime)>,
    },
    /// At what hour? Each hour with the time of an alert.
    AskHour {
        /// The interval chosen.
        interval: Interval,
        /// Every hour instead of the recommended ones.
        all: bool,
        /// For each offered hour, when an alert would come.
        alerts: Vec<(Hour, AlertTime)>,
    },
    /// Registration is complete: the first question comes then.
    Ready {
        /// How the person is called.
        name: Name,
        /// Interval and hour.
        interval: Interval,
        /// The hour.
        hour: Hour,
        /// The first question.
        first: DateTime,
        /// When an alert would come.
        alert: AlertTime,
        /// Who watches.
        watched_by: WatchedBy,
    },
    /// The practice question.
    Practice(Name),
    /// In a round of practice of whoever sets the service up.
    Practising(PracticeMessage),
    /// The practice press arrived.
    Practised {
        /// The next real question.
        next: Option<DateTime>,
    },
    /// A team was made by someone who watches.
    TeamMade {
        /// The team.
        team: TeamId,
        /// Its name.
        name: TeamName,
        /// Whether it is a family's.
        personal: bool,
    },
    /// Whom do you want to invite, and into which team?
    InviteChoice(Vec<InviteTeam>),
    /// An invitation, to be passed on.
    Invitation {
        /// Who invites.
        inviter: Name,
        /// Into which team.
        team: TeamName,
        /// What it allows.
        kind: CodeKind,
        /// The code.
        code: Code,
        /// Until when it works.
        expires: Option<DateTime>,
    },
    /// Please send the code.
    AskCode,
    /// This code does not work.
    CodeRefused,
    /// Too many wrong codes; try again later.
    CodeLater,
    /// You are in this team already.
    AlreadyIn(TeamName),
    /// This team has as many managers as it can have.
    TeamFull(TeamName),
    /// Do you want to join?
    ConfirmJoin {
        /// The code.
        code: Code,
        /// The team.
        team: TeamName,
        /// Who invites.
        inviter: Who,
        /// What the code lets this person become.
        roles: Vec<Role>,
        /// How much of a member the office may write down.
        policy: Policy,
        /// Whom the team is for, if not for everyone.
        statement: Option<Line>,
    },
    /// All right, nothing was done.
    Declined,
    /// You watch over this team now; press that you receive this.
    TestAlert {
        /// The team.
        team: TeamId,
        /// Its name.
        name: TeamName,
        /// Members whose nicknames are known, at most a few.
        members: Watchers,
    },
    /// Thank you, alerts will arrive.
    ReceivesThanks(TeamName),
    /// A member joined (to managers).
    MemberJoined {
        /// Who.
        name: Name,
        /// Where.
        team: TeamName,
        /// The next question.
        next: Option<DateTime>,
    },
    /// Somebody watches over you now (to members).
    ManagerJoined {
        /// Who.
        name: Name,
    },
    /// The question.
    Ask {
        /// Who is asked.
        name: Name,
        /// The round.
        round: (PersonId, Moment),
        /// The person's date, for the quote, and hour, for the greeting.
        local: DateTime,
        /// Whether the day's quote stands under it.
        quote: bool,
    },
    /// The second call.
    Resend {
        /// Who is asked.
        name: Name,
        /// The round.
        round: (PersonId, Moment),
        /// When somebody will be told.
        alert: DateTime,
        /// Who that is.
        told: Hears,
        /// Whether an answer may have been lost on our side.
        sorry: bool,
    },
    /// Thank you.
    Thanks {
        /// The next question.
        next: Option<DateTime>,
        /// Lets the answer of this moment be taken back, and the end of the case that it ended.
        undo: Option<(Moment, Option<CaseId>)>,
        /// It was no button of ours that was pressed: a text, a sticker, a photo.
        by_other: bool,
    },
    /// The answer was taken back.
    Undone,
    /// Answered before it was asked: the coming question is left out.
    EarlyThanks {
        /// The question that is left out.
        left_out: DateTime,
        /// The next one.
        next: Option<DateTime>,
    },
    /// In trouble: what shall we do?
    AskHelp {
        /// Whether somebody can be told.
        watched: bool,
    },
    /// Those who watch are told; nobody is sure to come.
    HelpSent {
        /// Who is told.
        told: Watchers,
    },
    /// All right, nobody is troubled.
    HelpCancelled,
    /// Somebody says that they will look (to the one who asked for help).
    HelpTaken {
        /// Who.
        who: Who,
    },
    /// Not well: shall we tell those who watch?
    AskUnwell,
    /// Those who watch will hear of it, in office hours.
    SoftNoted(Trouble),
    /// Somebody does not feel well, or would like to talk (to managers).
    SoftAlert {
        /// The case.
        case: CaseId,
        /// Who.
        name: Name,
        /// What.
        trouble: Trouble,
        /// When, in the reader's time.
        at: DateTime,
    },
    /// A manager has spoken to the person (to the others).
    SoftDoneBy {
        /// Who.
        who: Who,
        /// To whom.
        name: Name,
    },
    /// Thank you; today's answer was there already. The next question.
    Already(Option<DateTime>),
    /// Glad to hear it, though nothing was asked.
    GladAnyway,
    /// Thank you; those who worried were told.
    LateThanks {
        /// Who was told.
        told: Watchers,
        /// As with [`Self::Thanks`].
        undo: Option<(Moment, Option<CaseId>)>,
        /// It was no button.
        by_other: bool,
    },
    /// The alert.
    Alert {
        /// The case.
        case: CaseId,
        /// Why.
        trouble: Trouble,
        /// Who and when.
        silence: Silence,
        /// What to know about how it came about.
        mark: Mark,
        /// The reader is told as the next step, because nobody else took it.
        next_step: bool,
    },
    /// Nobody has taken the alert yet.
    AlertAgain {
        /// The case.
        case: CaseId,
        /// Why.
        trouble: Trouble,
        /// Who and when.
        silence: Silence,
        /// Who had said that they would look, and was not heard of again.
        lapsed: Option<Who>,
    },
    /// You said that you would look: how does it stand?
    Nudge {
        /// The case.
        case: CaseId,
        /// Whom it is about.
        name: Name,
    },
    /// What is open still, once a day.
    Digest {
        /// The first few.
        cases: Vec<OpenCase>,
        /// How many more there are.
        more: usize,
    },
    /// You said that you will look.
    ClaimedByYou {
        /// The case.
        case: CaseId,
        /// Who is to be looked after.
        name: Name,
        /// Leads to the numbers to phone.
        link: PageLink,
    },
    /// Somebody else will look.
    ClaimedBy {
        /// Who goes.
        who: Who,
        /// For whom.
        name: Name,
    },
    /// Too late: somebody else will look already.
    ClaimedAlready {
        /// Who goes.
        who: Who,
    },
    /// How things stand.
    Standing {
        /// The case.
        case: CaseId,
        /// Who and when.
        silence: Silence,
        /// Who goes.
        claimer: Option<Who>,
        /// Whether the reader may still claim.
        open: bool,
        /// Leads to the page of the case; nothing in what is pushed, which may be read much later.
        link: Option<PageLink>,
    },
    /// The person answered (to those alerted).
    AllClear {
        /// Who.
        name: Name,
        /// When, in the reader's time.
        at: DateTime,
        /// The answer says that they are not well.
        unwell: bool,
    },
    /// A manager found the person well (to the others).
    FoundWell {
        /// Who found.
        who: Who,
        /// Whom.
        name: Name,
        /// When.
        at: DateTime,
    },
    /// Thank you; why was there no answer?
    AskReason {
        /// The case.
        case: CaseId,
        /// Whom it was about.
        name: Name,
    },
    /// Noted.
    ReasonThanks(Outcome),
    /// Could not be reached: what now (to the one who pressed)?
    NoContactAdvice {
        /// The case.
        case: CaseId,
        /// Whom it is about.
        name: Name,
    },
    /// A manager could not reach the person (to the others).
    NoContactBy {
        /// The case.
        case: CaseId,
        /// Who tried.
        who: Who,
        /// Whom.
        name: Name,
    },
    /// Ambulance or police: noted (to the one who pressed).
    EmergencyNoted {
        /// The case.
        case: CaseId,
        /// Whom it is about.
        name: Name,
    },
    /// A manager called ambulance or police (to the others).
    EmergencyBy {
        /// Who called.
        who: Who,
        /// For whom.
        name: Name,
    },
    /// What it turned out to be (to the others).
    ClosedBy {
        /// Who says so.
        who: Who,
        /// Whom it was about.
        name: Name,
        /// What it was.
        outcome: Outcome,
        /// When.
        at: DateTime,
    },
    /// Further outcomes to choose from.
    MoreReasons {
        /// The case.
        case: CaseId,
        /// Whom it is about.
        name: Name,
    },
    /// This ends the watch: sure?
    ConfirmEnd {
        /// The case.
        case: CaseId,
        /// Whom it is about.
        name: Name,
        /// What is to be recorded.
        outcome: Outcome,
    },
    /// We could not hear you: please press again.
    Sorry {
        /// Who is asked.
        name: Name,
        /// The round.
        round: (PersonId, Moment),
        /// When the managers would be told, where that is the next step.
        alert: Option<DateTime>,
    },
    /// This matter is closed already.
    CaseOver {
        /// Whom it was about.
        name: Name,
    },
    /// One who watches can no longer be reached (to the others).
    ManagerUnreachable {
        /// Who.
        who: Name,
        /// In which team.
        team: TeamName,
        /// LINE cannot bring it; else nobody knows whether it arrives.
        blocked: bool,
    },
    /// Nobody who watches can be reached any more (to a family's members).
    NobodyWatches {
        /// In which team.
        team: TeamName,
    },
    /// A person can be reached again (to managers).
    ReachableAgain {
        /// Who.
        name: Name,
    },
    /// About rests.
    Rest(Rest),
    /// About stopping.
    Leave(Leave),
    /// To the office.
    Office(OfficeNotice),
    /// From the office to many, or to one.
    Bulletin(BulletinMessage),
    /// What is the mail address?
    AskMail {
        /// The address known so far.
        known: bool,
    },
    /// No letters can be sent from here.
    MailClosed,
    /// That is no address that can be used.
    MailRefused,
    /// The number that proves that letters arrive (by mail).
    MailCode(u32),
    /// Which number stands in the letter?
    AskMailCode,
    /// That is not the number.
    MailCodeRefused,
    /// Letters arrive.
    MailThanks,
    /// No letters any more.
    MailGone,
    /// Where do you live? With the IANA name of the present zone.
    AskZone(Zone),
    /// That place is not known.
    ZoneRefused,
    /// From now on by that clock.
    ZoneSet(Zone),
    /// Interval and hour are changed.
    Retimed {
        /// Interval.
        interval: Interval,
        /// Hour.
        hour: Hour,
        /// The next question.
        next: DateTime,
        /// When an alert would come.
        alert: AlertTime,
    },
    /// Interval and hour of somebody are changed (to managers).
    MemberRetimed {
        /// Who.
        name: Name,
        /// Interval.
        interval: Interval,
        /// Hour.
        hour: Hour,
        /// The next question.
        next: DateTime,
    },
    /// How everyone is whom the reader watches.
    Overview {
        /// The first few, those who need somebody first.
        people: Vec<Standing>,
        /// How many more there are.
        more: usize,
        /// Leads to the page with everyone.
        link: PageLink,
    },
    /// How one is.
    PersonCard {
        /// Who and how.
        standing: Standing,
        /// Interval.
        interval: Interval,
        /// Hour.
        hour: Hour,
        /// The next question.
        next: Option<DateTime>,
        /// Whether the reader may answer for them now.
        may_answer: bool,
        /// Leads to their page.
        link: PageLink,
    },
    /// Thank you for answering for somebody.
    ProxyThanks {
        /// For whom.
        name: Name,
    },
    /// What is known about the reader.
    MyPage(Box<MyPage>),
    /// Noted.
    Noted,
    /// What a team can decide.
    TeamSettings(TeamSettings),
    /// Somebody is called otherwise from here on (to managers).
    Renamed {
        /// How they were called.
        before: Name,
        /// How they are called.
        name: Name,
    },
    /// Somebody of a family agreed that more may be written down (to managers).
    Allowed {
        /// Who.
        name: Name,
        /// How much.
        policy: Policy,
    },
    /// Something that is said into a group.
    Group(GroupMessage),
    /// Something about the end of a membership.
    Membership(MembershipNotice),
    /// A family is asked whether the office may be told.
    AskOffice(TeamId),
    /// A manager has to agree first.
    WaitApproval(TeamName),
    /// May this person watch (to managers)?
    AskApproval {
        /// The team.
        team: TeamId,
        /// Its name.
        name: TeamName,
        /// Who asks.
        who: PersonId,
        /// How they are called.
        called: Name,
    },
    /// The wish to watch was not granted.
    NotApproved(TeamName),
    /// We read it; here is whom to phone.
    Unknown,
    /// That button is not for you, or could not be read.
    TryAgain,
    /// You head an organization from here on, or no longer.
    HeadOf {
        /// Which.
        organization: Name,
        /// Whether you do.
        heads: bool,
    },
    /// How this works.
    Usage {
        /// The next question to the reader.
        next: Option<DateTime>,
        /// Whether the reader has a place in a team.
        placed: bool,
        /// Whether the reader watches over somebody.
        watches: bool,
        /// Whether the reader can invite.
        can_invite: bool,
    },
}
