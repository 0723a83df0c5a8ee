//! The clock of the simulated machine, which somebody sets, or which was wrong when the machine began. The server goes by
//! its own time; where that is not the world's, what it decides is judged by the world's alone (I14), and once it has found
//! out, everything has to come right.

use std::time::Duration;

use super::swarm::{Episode, Trouble};
use super::truth::{EARLY, HOUR, MINUTE, Truth, WAIT};
use super::world::{Act, Done, World};
use crate::domain::case::{Case, Mark, Trouble as Cause};
use crate::domain::event::{Event, TimeLook, Upkeep};
use crate::domain::id::OutboxId;
use crate::domain::time::Moment;
use crate::line::call;
use crate::platform::Dice;

const DAY_MS: i64 = 86_400_000;

/// Certificates are good for some weeks more or less: with a clock that is further off nobody is believed.
const BELIEVES_MS: i64 = 60 * DAY_MS;

/// A smaller difference is none.
const STEP_MS: i64 = 120_000;

/// Whoever began with a wrong time although LINE told it does not begin again at once.
const RUNS_AT_LEAST: Duration = Duration::from_secs(60);

/// A doubt is over so soon where LINE answers; where it does not, that is a trouble of its own.
const DOUBT_FOR: Duration = Duration::from_secs(10 * 60);

/// Everyone is counted a quarter of an hour after a start, and whoever is being waited for then is waited for no longer
/// than a day and some hours.
const COMES_RIGHT: Duration = Duration::from_secs(32 * 3600);

/// Clocks of the world, in milliseconds before or behind the true time.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Clocks {
    /// The machine's.
    pub(super) wall_ms: i64,
    /// The server's.
    pub(super) ours_ms: i64,
    /// By how much an hour of the machine is too short.
    pub(super) drift_ms: i64,
    /// It is wrong, or was and nobody has told the server since that it is not.
    is_in_question: bool,
    /// Whether they may be wrong at all.
    pub(super) may_lie: bool,
}

impl Clocks {
    /// Whether the server's is so far off that it is wrong.
    pub(super) fn is_off(&self) -> bool {
        self.ours_ms.abs() > STEP_MS
    }
}

/// Whether what the server noted of a moment is the moment itself, by whatever clock.
pub(super) fn is_about(noted: Moment, at: Moment) -> bool {
    noted.millis().abs_diff(at.millis()) <= STEP_MS.unsigned_abs()
}

impl World {
    /// What time the server believes it is.
    pub(super) fn shown(&self) -> Moment {
        self.ours(self.now)
    }

    /// A moment, as the server counts it.
    pub(super) fn ours(&self, at: Moment) -> Moment {
        Moment::from_millis(at.millis().saturating_add(self.clocks.ours_ms))
    }

    /// When something comes about that the server plans for a moment of its own time.
    pub(super) fn truly(&self, shown: Moment) -> Moment {
        Moment::from_millis(shown.millis().saturating_sub(self.clocks.ours_ms))
    }

    /// Whether the machine's clock is too far off for anybody to be believed.
    pub(super) fn believes_nobody(&self) -> bool {
        self.clocks.wall_ms.abs() > BELIEVES_MS
    }

    /// Somebody sets the machine's clock; in half of the cases the machine begins with it.
    pub(super) fn clock_is_set(&mut self, episode: Episode) -> Done {
        // What came to the world later has dice of its own, so that older runs stay as they were.
        let mut own = Dice::new(self.dice.clone().below(u64::MAX));
        let far_ms =
            [1_000, 600_000, 3 * 3_600_000, DAY_MS, 10 * DAY_MS, 365 * DAY_MS, 3_650 * DAY_MS];
        let far = u64::try_from(far_ms[own.index(far_ms.len())]).unwrap_or(1);
        let far_ms = i64::try_from(far + own.below(3 * far)).unwrap_or(0);
        let before_ms = self.clocks.wall_ms;
        self.clocks.wall_ms = if own.one_in(2) { far_ms } else { -far_ms };
        self.note(format!("the clock is {} minutes ahead", self.clocks.wall_ms / 60_000));
        if self.believes_nobody() {
            self.truth.troubles.begins(Trouble::Unconnected, self.now, episode.until);
        }
        if own.one_in(2) && self.acts() {
            *self.marks.entry("a start by a wrong clock".to_owned()).or_default() += 1;
            self.begins_anew()
        } else {
            self.is_noticed(self.clocks.wall_ms - before_ms)
        }
    }

    /// Somebody sets it right.
    pub(super) fn clock_is_right(&mut self) -> Done {
        let step_ms = std::mem::take(&mut self.clocks.wall_ms);
        self.is_noticed(-step_ms)
    }

    /// The timers notice a step ahead of what is due. A small one is followed.
    fn is_noticed(&mut self, step_ms: i64) -> Done {
        if step_ms.abs() <= STEP_MS {
            return self.follows(step_ms);
        }
        if !self.acts() {
            return Ok(());
        }
        *self.marks.entry("the clock was set".to_owned()).or_default() += 1;
        self.truth.troubles.begins(Trouble::Clock, self.now, self.now + DOUBT_FOR);
        let stepped = Event::Upkeep(Upkeep::Time(TimeLook::Stepped));
        self.server.commit(self.shown(), &[stepped])
    }

    /// Compares with LINE's clock, as the keeper does.
    pub(super) fn compares_clocks(&mut self) -> Done<Vec<Event>> {
        if self.ask(&call::bot_info())?.is_none() {
            return Ok(Vec::new());
        }
        let time = |look| Event::Upkeep(Upkeep::Time(look));
        let is_right = !self.clocks.is_off();
        if is_right && self.server.store.read()?.service()?.contradicted.is_none() {
            self.is_put_right()?;
            return Ok(vec![time(TimeLook::Proven)]);
        }
        let look = if is_right { TimeLook::Proven } else { TimeLook::Wrong(self.now) };
        self.server.commit(self.shown(), &[time(look)])?;
        if self.now.since(self.started_at) >= RUNS_AT_LEAST {
            self.begins_anew()?;
        }
        Ok(Vec::new())
    }

    fn begins_anew(&mut self) -> Done {
        self.judge()?;
        self.cut();
        self.truth.troubles.begins(Trouble::Down, self.now, self.now);
        self.server_starts()
    }

    /// The time by which a server begins: LINE's, where it answers.
    pub(super) fn takes_the_time(&mut self) -> Done<TimeLook> {
        let is_told = self.ask(&call::bot_info())?.is_some();
        let wall_ms = self.clocks.wall_ms;
        self.goes_by(if is_told && wall_ms.abs() > STEP_MS { 0 } else { wall_ms }, is_told)?;
        Ok(if is_told { TimeLook::Proven } else { TimeLook::Steady })
    }

    /// A machine that was suspended by whoever runs it does not know that time went by, but for its clock.
    pub(super) fn was_suspended(&mut self, since: Moment) -> Done<bool> {
        let slept_ms = self.now.millis() - since.millis();
        let mut own = Dice::new(self.dice.clone().below(u64::MAX));
        if !self.clocks.may_lie || slept_ms <= STEP_MS || !own.one_in(3) {
            return Ok(false);
        }
        self.goes_by(self.clocks.ours_ms - slept_ms, false)?;
        self.is_noticed(slept_ms)?;
        Ok(true)
    }

    /// A rest that was over by a wrong time is over, and one that was agreed by it holds: who rests is as the server has it.
    pub(super) fn rests_are_known(&mut self) -> Done {
        let reading = self.server.store.read()?;
        for person in reading.persons_from(0, usize::MAX)? {
            let pause = person.watch.as_ref().and_then(|watch| watch.pause.as_ref());
            match pause {
                Some(pause) => self.truth.begins_to_rest(person.id, self.now, pause.last_day),
                None => self.truth.ends_rest(person.id, self.now),
            }
        }
        Ok(())
    }

    pub(super) fn goes_by(&mut self, ours_ms: i64, is_told: bool) -> Done {
        let was_wrong = self.clocks.is_in_question;
        self.clocks.ours_ms = ours_ms;
        if self.clocks.may_lie {
            self.are_apart();
        }
        let is_wrong = self.clocks.is_off() || was_wrong && !is_told;
        self.clocks.is_in_question = is_wrong;
        if self.clocks.is_off() {
            *self.marks.entry("the time was wrong".to_owned()).or_default() += 1;
            self.note(format!("the time is wrong by {} minutes", ours_ms / 60_000));
        }
        if is_wrong {
            self.truth.troubles.begins(Trouble::Clock, self.now, Moment::from_millis(i64::MAX));
            self.truth.right_from = Some(Moment::from_millis(i64::MAX));
        } else if was_wrong {
            self.note("the time is right again".to_owned());
            self.truth.troubles.ends(Trouble::Clock, self.now);
            self.truth.right_from = Some(self.now + COMES_RIGHT);
            self.plan(self.now + COMES_RIGHT, Act::ComesRight);
        }
        if was_wrong || is_wrong {
            // What was written of a day may be written of it again when it comes a second time.
            self.truth.delivered.clear();
            let open = self.server.store.read()?.open_case_ids(usize::MAX)?;
            self.truth.odd_cases.extend(open);
        }
        Ok(())
    }
}

impl Truth {
    /// Whether what is decided at a moment, or about one, follows from the right time alone.
    pub(super) fn is_right(&self, at: Moment) -> bool {
        self.right_from.is_none_or(|from| at >= from)
    }

    /// Whether a moment that the server noted is one of the right time: it goes by it again, since before that moment.
    pub(super) fn is_of_right_time(&self, noted: Moment) -> bool {
        self.right_from.is_none_or(|from| noted + COMES_RIGHT >= from)
    }

    /// A message is tried; when it was tried first.
    pub(super) fn is_tried(&mut self, id: OutboxId, now: Moment) -> Moment {
        *self.tries.entry(id).or_insert(now)
    }

    /// I14: whatever time we go by, silence is silence only after as long a wait as was promised, as the world measures it.
    pub(super) fn is_waited_for(&mut self, now: Moment, case: &Case) {
        if case.trouble != Cause::NoAnswer || case.mark == Mark::TimeUnproven {
            return;
        }
        let key = (case.person.0, case.round_due_at.millis());
        let Some(asked_at) = self.questions.get(&key).copied() else { return };
        if now.since(asked_at) + EARLY < WAIT {
            let what =
                format!("{} is silent for {}, asked at {asked_at}", case.person, case.round_due_at);
            self.violation("I14", now, what);
        }
    }

    /// I14: in the end we go by the right time.
    pub(super) fn time_at_the_end(&mut self, now: Moment) {
        if self.right_from.is_some_and(|from| from > now + HOUR + MINUTE) {
            self.violation("I14", now, "the time is still wrong".to_owned());
        }
    }
}
