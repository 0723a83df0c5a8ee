//! What the office is written: of every case over which it watches itself or of which nobody else can be told, at once
//! (I13), again as long as nobody takes it (I12), and how it ended (I8); of each step once (I6); of a family, only once its
//! own do not come or ask for help (I19). The letters are those that left; what has to be in them follows from what people
//! did.

use std::time::Duration;

use super::swarm::Trouble as Fault;
use super::told::{ESCALATED, GIVEN_UP, NUDGED, REMINDED, SOON, Story, Stretch, first};
use super::truth::{DAY, MINUTE, Truth, overlap};
use crate::domain::case::{Actor, Case, Outcome, Trouble};
use crate::domain::fact::Fact;
use crate::domain::id::{OutboxId, PersonId};
use crate::domain::message::OfficeNotice;
use crate::domain::name::Name;
use crate::domain::schedule::Zone;
use crate::domain::time::Moment;

/// Whoever pressed that they are in trouble has two minutes before anybody is told.
const CALLED: Duration = Duration::from_secs(3 * 60);

/// Nobody is told twice within half a day, once the steps of the first hours are over.
const HALF_A_DAY: Duration = Duration::from_secs(12 * 3600);

/// Whose watchers were all there for so long before a case is looked after by them.
const ALL_THERE: Duration = Duration::from_secs(40 * 24 * 3600);

/// A letter to the office that left.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) id: OutboxId,
    pub(super) written_at: Moment,
    pub(super) left_at: Moment,
    pub(super) notice: OfficeNotice,
}

/// The letters about one case.
#[derive(Debug)]
struct Post {
    told: Vec<Letter>,
    again: Vec<Letter>,
    over: Vec<Letter>,
}

impl Truth {
    /// A letter left; `known`: the server knows that it did.
    pub(super) fn letter_leaves(&mut self, letter: Letter, known: bool) {
        let now = letter.left_at;
        if self.delivered.contains(&letter.id) {
            self.violation("I6", now, format!("a letter left again: {:?}", letter.notice));
        }
        if known {
            self.delivered.insert(letter.id);
        }
        // After a power cut one letter may come twice.
        if !self.letters.iter().any(|before| before.id == letter.id) {
            self.letters.push(letter);
        }
    }

    /// At the end: what the office was written of one case.
    pub(super) fn office_is_written(
        &mut self,
        now: Moment,
        (case, story): (&Case, &Story),
        stretches: &[Stretch],
    ) {
        let Some(name) = self.names.get(&case.person).cloned() else { return };
        let post = self.post((case, story), &name);
        self.each_step_once(case, &post, stretches);
        self.office_hears_the_end(now, (case, story), &post);
        let theirs = self.is_the_offices(case);
        let due = match theirs {
            true => Some(case.opened_at),
            false if case.trouble.is_soft() => None,
            false => family_asks(story, stretches.iter().filter(|stretch| !stretch.sleeps)),
        };
        // Whoever calls for help by what the office asked everyone calls the office.
        let told_at = post.told.first().map_or(case.opened_at, |letter| letter.written_at);
        // LINE's clock and ours may be a little apart.
        let begun_at = case.round_due_at;
        let calls = self.board.calls(case.person, begun_at.min(told_at), begun_at.max(told_at));
        if !calls {
            self.stays_in_the_family(case, due, &post);
        }
        if !theirs && !calls {
            self.stays_where_it_was_not_agreed(case, due, &post);
        }
        // Whoever takes it just as we are back is quicker than the letter.
        let lasting = |stretch: &Stretch| {
            !stretch.may_sleep && stretch.until > self.step_by(stretch.from + ESCALATED + MINUTE)
        };
        let at_once = calls && case.trouble == Trouble::Help && post.told.is_empty();
        let due = match theirs || case.trouble.is_soft() {
            true => due,
            false if at_once => Some(case.opened_at),
            false => family_asks(story, stretches.iter().filter(|stretch| lasting(stretch)))
                .and_then(|due| self.agreed_from(case.person, due)),
        };
        self.office_is_told(now, (case, story), due, &post);
        if !theirs {
            return;
        }
        for stretch in stretches {
            match stretch.taken_by {
                _ if case.trouble.is_soft() => {}
                None => self.office_is_told_again(now, case, stretch, &post.again),
                Some(Actor::Staff(_)) => self.office_is_asked(now, &name, stretch),
                Some(Actor::Person(_)) => {}
            }
        }
    }

    /// The letters about a case: they name the person, the trouble and the moment at which it began, or at which it ended.
    fn post(&self, (case, story): (&Case, &Story), of: &Name) -> Post {
        let wall = |at: Moment| Zone::default().local(at);
        let (begun, ended) = (wall(case.opened_at), case.closed.map(|closed| wall(closed.at)));
        let ends_as = |outcome: Outcome| {
            story.iter().any(|(_, fact)| matches!(fact, Fact::Closed(_, _, as_) if *as_ == outcome))
        };
        let ends_with = |at: Moment, letter: &Letter| {
            let written_at = letter.written_at;
            at <= written_at && written_at.since(at) < MINUTE
        };
        let mut post = Post { told: Vec::new(), again: Vec::new(), over: Vec::new() };
        for letter in &self.letters {
            match &letter.notice {
                OfficeNotice::Case { name, trouble, since, .. }
                    if name == of && *trouble == case.trouble && *since == begun =>
                {
                    post.told.push(letter.clone());
                }
                OfficeNotice::CaseAgain { name, trouble, since, .. }
                    if name == of && *trouble == case.trouble && *since == begun =>
                {
                    post.again.push(letter.clone());
                }
                OfficeNotice::CaseOver { name, at, outcome, .. }
                    if name == of && Some(*at) == ended && ends_as(*outcome) =>
                {
                    post.over.push(letter.clone());
                }
                OfficeNotice::WatchEnded { number, .. }
                    if *number == case.person
                        && case.closed.is_some_and(|closed| ends_with(closed.at, letter)) =>
                {
                    post.over.push(letter.clone());
                }
                _ => {}
            }
        }
        post
    }

    /// Whether the office is the one that has to look: it watches itself, or nobody else could be told from the beginning.
    pub(super) fn is_the_offices(&self, case: &Case) -> bool {
        self.is_the_offices_at(case, case.opened_at)
    }

    fn is_the_offices_at(&self, case: &Case, at: Moment) -> bool {
        let is_gone = |watcher: &PersonId| self.is_long_gone(*watcher, at);
        self.tenants.contains(&case.person)
            || self.watchers.contains_key(&case.person)
                && self.watchers_at(case.person, at).iter().all(is_gone)
    }

    /// By when a letter that is written at a moment has to have left; `None` if it may have been given up.
    pub(super) fn posted_by(&self, written_at: Moment) -> Option<Moment> {
        let by =
            self.troubles.clear_for(&[Fault::Down, Fault::Frozen, Fault::NoMail], SOON, written_at);
        (by.since(written_at) < GIVEN_UP).then_some(by)
    }

    /// Whether a letter that was written within a span left, or may have been given up, or may still leave.
    fn is_posted(&self, now: Moment, letters: &[Letter], (from, until): (Moment, Moment)) -> bool {
        let Some(by) = self.posted_by(until).filter(|by| *by <= now) else { return true };
        if self.posted_by(from).is_none() {
            return true;
        }
        let fits = |letter: &Letter| letter.written_at >= from && letter.written_at <= until;
        letters.iter().any(|letter| fits(letter) && letter.left_at <= by)
    }

    /// I13: the office is told at once when it is its turn; of small troubles by the next morning.
    fn office_is_told(
        &mut self,
        now: Moment,
        (case, story): (&Case, &Story),
        due: Option<Moment>,
        post: &Post,
    ) {
        let Some(due) = due else { return };
        let wait = match case.trouble {
            Trouble::Called if due == case.opened_at => CALLED,
            trouble if trouble.is_soft() => DAY,
            _ => MINUTE,
        };
        // What is due while we are away is told when we are back.
        let by = self.step_by(due + wait);
        let closed = |fact| matches!(fact, Fact::Closed(..));
        let over_at = first(story, case.opened_at, closed).unwrap_or(now);
        // Of a small trouble whoever watches by then is told, also one who was away when it came up.
        if wait == DAY && !self.is_the_offices_at(case, by) {
            return;
        }
        let at_once = wait == MINUTE && due == case.opened_at;
        if (at_once || over_at > by) && !self.is_posted(now, &post.told, (case.opened_at, by)) {
            let what = format!("no letter about {} left by {by}: {case:?}", case.id);
            self.violation("I13", by, what);
        }
    }

    /// I12: as long as nobody takes it the office hears of it again: when it is given back, after an hour, after three,
    /// and then every day.
    fn office_is_told_again(
        &mut self,
        now: Moment,
        case: &Case,
        stretch: &Stretch,
        letters: &[Letter],
    ) {
        let Stretch { from, until, .. } = *stretch;
        let mut steps = Vec::new();
        if from > case.opened_at {
            steps.push((from, from + MINUTE));
        }
        let (remind_at, escalate_at) = (from + REMINDED, from + ESCALATED);
        let by = self.step_by(remind_at);
        // One that is late is passed over if the next is due as well.
        if until > by && by < escalate_at {
            steps.push((remind_at - MINUTE, by));
        }
        let (mut due, mut by) = (escalate_at - MINUTE, self.step_by(escalate_at));
        while until > by {
            steps.push((due, by));
            let mut written = letters.iter().map(|letter| letter.written_at);
            let Some(last) = written.find(|at| *at >= due && *at <= by) else { break };
            due = last + HALF_A_DAY;
            by = self.step_by(last + self.told_again_within(case.person, last));
        }
        for step in steps {
            if !self.is_posted(now, letters, step) {
                let what = format!(
                    "{} is nobody's since {from}, and no letter was written from {} on: {case:?}",
                    case.id, step.0
                );
                self.violation("I12", step.1, what);
            }
        }
    }

    /// I12: the office took it, and is asked how it went.
    fn office_is_asked(&mut self, now: Moment, of: &Name, stretch: &Stretch) {
        let nudge_at = stretch.from + NUDGED;
        let by = self.step_by(nudge_at);
        let asks = |letter: &&Letter| matches!(&letter.notice, OfficeNotice::Nudge { name, .. } if name == of);
        let letters: Vec<Letter> = self.letters.iter().filter(asks).cloned().collect();
        if stretch.until > by && !self.is_posted(now, &letters, (nudge_at - MINUTE, by)) {
            let what = format!("the office took {of} at {}, and was not asked", stretch.from);
            self.violation("I12", by, what);
        }
    }

    /// I8: the office hears the end of what it was told of, unless that is its own doing or goes on as another case.
    fn office_hears_the_end(&mut self, now: Moment, (case, story): (&Case, &Story), post: &Post) {
        let closing = story.iter().find_map(|(at, fact)| match fact {
            Fact::Closed(_, by, outcome) => Some((*at, *by, *outcome)),
            _ => None,
        });
        let Some((at, by, outcome)) = closing else { return };
        let own = matches!(by, Actor::Staff(_)) || outcome == Outcome::HandedOn;
        // A small trouble gave way to another one.
        let own = own || case.trouble.is_soft() && by == Actor::Person(case.person);
        // Whoever has left is spoken of once more.
        let near = |left_at: Moment| left_at <= at + self.apart && left_at + self.apart >= at;
        let says_goodbye = self.left_at(case.person).is_some_and(near);
        let own = match self.ended_by_office.contains(&case.person) {
            // Who was reached on the telephone a moment before has answered.
            true => own || says_goodbye && outcome != Outcome::Answered,
            false => own && !says_goodbye,
        };
        let told = post.told.iter().any(|letter| letter.written_at <= at);
        if own && !post.over.is_empty() {
            let what = format!("the office heard the end of {}: {outcome:?} by {by:?}", case.id);
            self.violation("I8", at, what);
        }
        if !own && told && !self.is_posted(now, &post.over, (at, at + MINUTE)) {
            let what = format!("the office was not told how {} ended at {at}: {case:?}", case.id);
            self.violation("I8", at, what);
        }
    }

    /// I6: a letter for each step, and no more.
    fn each_step_once(&mut self, case: &Case, post: &Post, stretches: &[Stretch]) {
        // Of two cases that end with one press each is told.
        let same = |letters: &[Letter]| {
            let said =
                |n: usize| letters[..n].iter().any(|before| before.notice == letters[n].notice);
            (0..letters.len()).any(said)
        };
        let mut twice = post.told.len() > 1 || same(&post.over);
        for letter in &post.again {
            let at = letter.written_at;
            let nobodys = |stretch: &&Stretch| {
                stretch.taken_by.is_none() && stretch.from <= at && at <= stretch.until
            };
            let Some(stretch) = stretches.iter().rev().find(nobodys) else {
                let what =
                    format!("{} is somebody's at {at}, and the office hears it is not", case.id);
                self.violation("I4", at, what);
                continue;
            };
            // The step that a letter belongs to: given back, after an hour, after three, or a day.
            let step = |at: Moment| match at.since(stretch.from) {
                since if since + MINUTE < REMINDED => 0,
                since if since + MINUTE < ESCALATED => 1,
                _ => 2,
            };
            let before = post.again.iter().filter(|before| {
                before.id != letter.id
                    && before.written_at >= stretch.from
                    && before.written_at <= at
            });
            let last = before.map(|before| before.written_at).max();
            twice |= last.is_some_and(|last| step(last) == step(at))
                && (step(at) < 2 || last.is_some_and(|last| at.since(last) < HALF_A_DAY));
        }
        if twice {
            let what = format!("the office hears one thing of {} twice: {post:?}", case.id);
            self.violation("I6", case.opened_at, what);
        }
    }

    /// I19: of a family whose own are there and look after it, the office hears nothing.
    fn stays_in_the_family(&mut self, case: &Case, due: Option<Moment>, post: &Post) {
        let Some(letter) = post.told.first() else { return };
        let at = letter.written_at;
        let is_there = |watcher: &PersonId| self.is_there(*watcher, at);
        let watchers = self.watchers_at(case.person, at);
        let is_early = due.is_none_or(|due| at + MINUTE < due);
        if is_early && watchers.iter().any(is_there) {
            let what = format!("the office is told of a family's {} already: {case:?}", case.id);
            self.violation("I19", at, what);
        }
    }

    /// I19: where a family said no the office hears nothing, as long as somebody of it is there.
    fn stays_where_it_was_not_agreed(&mut self, case: &Case, due: Option<Moment>, post: &Post) {
        let (Some(letter), Some(due)) = (post.told.first(), due) else { return };
        let at = letter.written_at;
        let watchers = self.watchers_at(case.person, at);
        let is_there = |watcher: &PersonId| self.is_there(*watcher, at);
        if !self.may_have_agreed(case.person, due, at) && watchers.iter().any(is_there) {
            let what = format!("a family said no, and the office is told of {case:?}");
            self.violation("I19", at, what);
        }
    }

    fn is_there(&self, watcher: PersonId, at: Moment) -> bool {
        let unproven = self.unproven.get(&watcher).map_or(&[][..], Vec::as_slice);
        !self.is_away(watcher, at - ALL_THERE, at + MINUTE)
            && overlap(unproven, at, at + MINUTE).is_zero()
    }
}

/// When a family needs the office: nobody took a case for three hours, or whoever did asks for help. Small troubles stay
/// in the family.
fn family_asks<'a>(
    story: &Story,
    mut stretches: impl Iterator<Item = &'a Stretch>,
) -> Option<Moment> {
    let asks = |fact| matches!(fact, Fact::NoContact(..) | Fact::EmergencyCalled(..));
    let nobodys = stretches
        .find(|stretch| stretch.taken_by.is_none() && stretch.until >= stretch.from + ESCALATED);
    let nobodys = nobodys.map(|stretch| stretch.from + ESCALATED);
    [nobodys, first(story, Moment::EPOCH, asks)].into_iter().flatten().min()
}
