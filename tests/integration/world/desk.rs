//! The desk of the world: somebody of the office, with a mailbox.

use anshin::domain::event::Event;
use anshin::domain::id::StaffId;
use anshin::domain::mail::MailAddress;
use anshin::domain::name::Name;
use anshin::domain::rules::Rules;
use anshin::domain::staff::{
    Deed, DeskAct, FactorSecret, Failures, PasswordHash, SecondFactor, Staff, StaffAct, StaffRole,
};

use super::World;

/// Who sits at the desk.
const DESK: StaffId = StaffId(900_000);

/// Where the office gets its letters.
pub(crate) const OFFICE: &str = "welfare@example.jp";

impl World {
    /// A world in which somebody sits at the desk, and the office has a mailbox.
    pub(crate) fn with_desk() -> Self {
        let office_mail = vec![MailAddress::parse(OFFICE).unwrap()];
        let mut world = Self::at("2026-11-23T08:00:00", Rules { office_mail, ..Rules::default() });
        let staff = Staff {
            id: DESK,
            name: Name::of_person("山田").unwrap(),
            role: StaffRole::Worker,
            mail: None,
            since: world.now,
            active: true,
            password: Some(PasswordHash("x".to_owned())),
            second_factor: Some(SecondFactor { secret: FactorSecret([1; 20]), last_step: 1 }),
            invitation: None,
            recovery: Vec::new(),
            failures: Failures::default(),
        };
        world.edit(|tables| tables.put_staff(&staff).unwrap());
        world
    }

    /// Does something at the desk.
    pub(crate) fn desk(&mut self, act: DeskAct) {
        let act = StaffAct { at: self.now, deed: Deed::Desk { by: DESK, act } };
        self.happen(&[Event::Staff(act)]);
    }
}
