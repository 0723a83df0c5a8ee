//! Mailboxes of those who watch: whom LINE does not reach is told by letter, of a case when it is opened and how it ended.

use std::collections::{BTreeMap, BTreeSet};

use super::truth::Truth;
use crate::domain::case::Case;
use crate::domain::decision::Purpose;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::time::Moment;

/// Letters to those who watch.
#[derive(Clone, Default)]
pub(super) struct Post {
    /// Who gave an address, and typed what the first letter to it says.
    pub(super) mailboxes: BTreeSet<PersonId>,
    /// By case and reader: when a letter that tells of it first left.
    told: BTreeMap<(CaseId, PersonId), Moment>,
    /// By reader: when any letter left.
    written: BTreeMap<PersonId, Vec<Moment>>,
}

impl Post {
    /// The mail server took a letter.
    pub(super) fn leaves(&mut self, purpose: Purpose, now: Moment) {
        if let Purpose::Alert(case, to) | Purpose::Raise(case, to) = purpose {
            self.told.entry((case, to)).or_insert(now);
        }
        if let Some(to) = purpose.receiver() {
            self.written.entry(to).or_default().push(now);
        }
    }

    fn wrote_within(&self, to: PersonId, from: Moment, until: Moment) -> bool {
        let written = self.written.get(&to).map_or(&[][..], Vec::as_slice);
        written.iter().any(|at| *at >= from && *at <= until)
    }
}

impl Truth {
    /// I13: whom LINE has not reached for so long that it is known, and who gave an address, is told of a case by letter.
    pub(super) fn letter_tells(&mut self, reader: PersonId, case: &Case, over_at: Moment) {
        let opened_at = case.opened_at;
        let Some(by) = self.posted_by(opened_at).filter(|by| *by < over_at) else { return };
        let has_mailbox = self.post.mailboxes.contains(&reader);
        if !has_mailbox || !self.is_long_gone(reader, opened_at) {
            return;
        }
        let told_at = self.post.told.get(&(case.id, reader)).copied();
        if told_at.is_none_or(|at| at > by + self.apart) {
            let what = format!(
                "LINE does not reach {reader}, and no letter told of {} by {by}: {told_at:?}, {case:?}",
                case.id
            );
            self.violation("I13", by, what);
        }
    }

    /// I8: whoever was told by letter hears by letter how it ended.
    pub(super) fn letter_tells_the_end(
        &mut self,
        now: Moment,
        case: &Case,
        (at, by_person): (Moment, Option<PersonId>),
    ) {
        let Some(by) = self.posted_by(at).filter(|by| *by <= now) else { return };
        let told = self
            .post
            .told
            .iter()
            .filter(|((id, _), told)| *id == case.id && **told + self.apart <= at);
        let told: Vec<PersonId> = told.map(|((_, to), _)| *to).collect();
        for to in told {
            let is_gone = self.is_long_gone(to, at) && self.is_long_gone(to, by);
            if !is_gone || Some(to) == by_person || self.has_gone(to, case.person, by) {
                continue;
            }
            if !self.post.wrote_within(to, at - self.apart, by) {
                let what = format!(
                    "{to} was told of {} by letter, and not by {by} how it ended at {at}: {case:?}",
                    case.id
                );
                self.violation("I8", by, what);
            }
        }
    }
}
