//! What is learnt of a group without anybody's doing: how many are in it, under which names they see each other,
//! and that it would have been forgotten.

use super::{Step, astray, group};
use crate::domain::event::GroupNews;
use crate::domain::id::{GroupId, PersonId};
use crate::domain::name::{NICKNAME_CHARS_MAX, Name};

/// Something is learnt of a group.
pub(super) fn learn(step: &mut Step<'_>, news: &GroupNews) {
    match news {
        GroupNews::Counted(id, size) => counted(step, *id, *size),
        GroupNews::Called(id, person, name) => called(step, *id, *person, name.as_deref()),
        GroupNews::NamedAll(id, asked) => named_all(step, *id, asked),
        GroupNews::Behind(id) => astray::group_waits_as_long(step, *id),
        GroupNews::Stray(id) => astray::group(step, *id),
    }
}

/// LINE said how many people are in a group; `None`: we are not in it.
fn counted(step: &mut Step<'_>, id: GroupId, size: Option<u32>) {
    let now = step.now;
    match size {
        Some(size) => {
            if let Some(group) = step.scene.groups.change(&id) {
                group.size = size;
                group.counted_at = Some(now);
            }
        }
        None => group::lost(step, id),
    }
}

/// LINE said what the people of a group see as somebody's name; `None`: they are not in it any more.
fn called(step: &mut Step<'_>, id: GroupId, person: PersonId, name: Option<&str>) {
    let key = (id, person);
    match name {
        Some(name) => {
            let name = Name::of_person(name).or_else(|_| {
                let short: String = name.chars().take(NICKNAME_CHARS_MAX).collect();
                Name::of_person(&short)
            });
            if let (Ok(name), Some(participant)) = (name, step.scene.participants.change(&key)) {
                participant.name = Some(name);
            }
        }
        None => group::gone(step, id, person),
    }
}

/// These people of a group have been asked for. Whoever of them has no name has none that can be written; whoever came
/// in the meantime is still to be asked for.
fn named_all(step: &mut Step<'_>, id: GroupId, asked: &[PersonId]) {
    let came_since = step.scene.participants.iter().any(|((group, person), participant)| {
        *group == id && participant.name.is_none() && !asked.contains(person)
    });
    if let Some(group) = step.scene.groups.change(&id) {
        group.nameless = came_since;
    }
}
