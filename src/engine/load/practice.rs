//! The round of practice, where an event may be about it.

use super::Loader;
use crate::store::StoreError;

impl Loader<'_, '_> {
    /// Its timer, if one is under way: whoever ends it takes that back.
    pub(super) fn practice(&mut self) -> Result<(), StoreError> {
        self.scene.service.practice.map_or(Ok(()), |practice| self.due(practice.number))
    }

    /// The timer of whatever has this number.
    pub(super) fn due(&mut self, number: u32) -> Result<(), StoreError> {
        if let Some(due_at) = self.tables.timer(number)? {
            self.scene.timers.load(number, due_at);
        }
        Ok(())
    }

    /// Whose phone takes part in the one with this number.
    pub(super) fn practice_of(&mut self, number: u32) -> Result<(), StoreError> {
        let practice = self.scene.service.practice.filter(|practice| practice.number == number);
        practice.and_then(|practice| practice.person).map_or(Ok(()), |person| self.around(person))
    }
}
