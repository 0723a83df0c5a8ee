//! Staff take somebody who watches out of a team: what they and the others hear, and what becomes of what was in their hands.

use anshin::domain::fact::Fact;
use anshin::domain::id::{PersonId, StaffId};
use anshin::domain::invitation::Code;
use anshin::domain::person::EndReason;
use anshin::domain::staff::{DeskAct, Staff, StaffFact, StaffRole, TakingOut};
use anshin::domain::team::{Role, TeamKind};

use crate::world::{OFFICE, World, days, hours, minutes};

const ALERT: &str = "お返事がありません：よしこさん";
const AGAIN: &str = "対応する方がいません：よしこさん";
const FAREWELL: &str = "見守る方の役目が終わりました";

/// よしこ of a neighbourhood, asked every day at nine; けんじ and みちこ watch.
fn neighbourhood() -> (World, [String; 3]) {
    let mut world = World::with_desk();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    world.edit_team(&yoshiko, |team| team.kind = TeamKind::Organization);
    (world, [yoshiko, kenji, michiko])
}

fn out(world: &mut World, member: &str, manager: &str, why: EndReason, hand_over: bool) {
    let (team, manager) = (world.team(member).id, world.id(manager));
    world.desk(DeskAct::TakeOut(TakingOut { team, manager, why, hand_over }));
}

fn watches(world: &World, member: &str, manager: &str) -> bool {
    let (team, manager) = (world.team(member).id, world.id(manager));
    world.store.read().unwrap().member((team, Role::Manager, manager)).unwrap().is_some()
}

fn facts(world: &World) -> Vec<Fact> {
    let reading = world.store.read().unwrap();
    reading.journal_after(0, 10_000).unwrap().into_iter().map(|entry| entry.fact).collect()
}

/// What the journal says of it: who, whom, why.
fn noted(world: &World) -> Vec<(StaffId, PersonId, EndReason)> {
    let noted = facts(world).into_iter().filter_map(|fact| match fact {
        Fact::Staff(StaffFact::TookOut(by, person, _, why)) => Some((by, person, why)),
        _ => None,
    });
    noted.collect()
}

#[test]
fn whoever_is_taken_out_is_thanked_once_hears_of_no_silence_any_more_and_the_others_know() {
    let (mut world, [yoshiko, kenji, michiko]) = neighbourhood();
    for _ in 0..2 {
        out(&mut world, &yoshiko, &kenji, EndReason::Moved, false);
    }
    assert_eq!(world.count(&kenji, FAREWELL), 1, "{:?}", world.texts(&kenji));
    assert!(world.last(&kenji).contains("ありがとうございました"));
    assert!(world.has(&michiko, "けんじさんは、見守る方ではなくなりました"));
    assert!(world.has(&michiko, "事務局が、チームから外しました"));
    let [(by, whom, why)] = noted(&world)[..] else { panic!("{:?}", noted(&world)) };
    assert_eq!((by, whom, why), (StaffId(900_000), world.id(&kenji), EndReason::Moved));
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&michiko, ALERT)), (0, 1));
}

#[test]
fn to_the_telephone_of_one_who_has_died_nothing_is_said_nor_where_line_does_not_reach() {
    for (why, blocks) in [(EndReason::Died, false), (EndReason::Moved, true)] {
        let (mut world, [yoshiko, kenji, michiko]) = neighbourhood();
        if blocks {
            world.block(&kenji);
        }
        let before = world.pushes(&kenji);
        out(&mut world, &yoshiko, &kenji, why, false);
        assert!(!watches(&world, &yoshiko, &kenji));
        assert_eq!(world.pushes(&kenji), before, "{why:?}");
        assert!(world.has(&michiko, "けんじさんは、見守る方ではなくなりました"));
    }
}

#[test]
fn a_case_that_they_had_taken_is_nobodys_again_and_its_ladder_goes_on() {
    let (mut world, [yoshiko, kenji, michiko]) = neighbourhood();
    world.until_wall("2026-11-24T12:00:30");
    world.press(&kenji, "対応します");
    let case = world.open_case(&yoshiko).unwrap();
    assert!(case.claim.is_some());
    out(&mut world, &yoshiko, &kenji, EndReason::Died, false);
    let case = world.case(case.id).unwrap();
    assert!(case.is_open() && case.claim.is_none());
    assert!(facts(&world).iter().any(|fact| matches!(fact, Fact::ClaimLapsed(..))));
    assert_eq!(world.count(&michiko, AGAIN), 1);
    // An hour later again, and three hours later the office hears of it.
    let silent_since = world.pushes(&kenji);
    world.wait(minutes(61));
    assert_eq!(world.count(&michiko, AGAIN), 2);
    world.wait(hours(2));
    assert!(world.on_the_board(&yoshiko));
    world.wait(days(2));
    assert_eq!(world.pushes(&kenji), silent_since, "nothing more comes to them, no digest either");
    let claim = world.mint();
    let press = anshin::domain::press::Press::Claim(case.id);
    let data = anshin::line::postback::write(press, &claim);
    let postback = serde_json::json!({"postback": {"data": data}});
    let event = world.event("F1", &kenji, "postback", &postback);
    world.post(&[event]);
    assert!(world.case(case.id).unwrap().claim.is_none(), "the old button is kept, not the right");
}

#[test]
fn whoever_had_the_alert_still_hears_that_all_is_well_and_nothing_in_between() {
    let (mut world, [yoshiko, kenji, michiko]) = neighbourhood();
    world.until_wall("2026-11-24T12:00:30");
    out(&mut world, &yoshiko, &kenji, EndReason::OwnWish, false);
    world.press(&michiko, "対応します");
    assert!(!world.has(&kenji, "みちこさんが対応します"), "{:?}", world.texts(&kenji));
    world.press(&yoshiko, "げんきです");
    for watcher in [&kenji, &michiko] {
        assert_eq!(world.count(watcher, "よしこさんからお返事がありました"), 1);
    }
}

#[test]
fn what_waited_to_leave_for_them_is_taken_back() {
    let (mut world, [yoshiko, kenji, michiko]) = neighbourhood();
    world.until_wall("2026-11-24T11:59:00");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-24T12:01:00");
    let id = world.id(&kenji);
    let waiting = |world: &World| {
        let rows = world.store.read().unwrap().rows().unwrap();
        rows.iter().filter(|row| row.purpose.receiver() == Some(id)).count()
    };
    assert!(waiting(&world) > 0);
    out(&mut world, &yoshiko, &kenji, EndReason::Died, false);
    assert_eq!(waiting(&world), 0);
    world.platform.faults.refuse_all_5xx_before = false;
    world.wait(minutes(30));
    assert_eq!((world.count(&kenji, ALERT), world.count(&michiko, ALERT)), (0, 1));
}

#[test]
fn where_nobody_else_watches_nothing_is_done_until_the_office_says_that_it_does() {
    let (mut world, [yoshiko, kenji, michiko]) = neighbourhood();
    out(&mut world, &yoshiko, &michiko, EndReason::Moved, false);
    world.until_wall("2026-11-24T12:00:30");
    out(&mut world, &yoshiko, &kenji, EndReason::Died, false);
    assert!(watches(&world, &yoshiko, &kenji), "nobody is left without anyone");
    assert_eq!(noted(&world).len(), 1);
    assert!(!world.on_the_board(&yoshiko));
    out(&mut world, &yoshiko, &kenji, EndReason::Died, true);
    assert!(!watches(&world, &yoshiko, &kenji));
    assert!(world.team(&yoshiko).handed_over_at.is_some());
    assert!(world.on_the_board(&yoshiko), "what was open comes to the office at once");
    let letters = world.letters(OFFICE);
    let told = letters.iter().find(|letter| letter.text.contains("見守る方から外しました"));
    assert!(told.is_some_and(|letter| letter.text.contains("見守られる方は1人です")));
    // The next silence is the office's from the start.
    world.press(&yoshiko, "げんきです");
    assert!(world.open_case(&yoshiko).is_none());
    world.until_wall("2026-11-26T12:01:00");
    assert!(world.on_the_board(&yoshiko));
}

#[test]
fn a_family_is_helped_by_an_administrator_alone_and_hears_of_it() {
    let mut world = World::with_desk();
    let [yoshiko, kenji, michiko] = world.family("毎日", "9時");
    out(&mut world, &yoshiko, &kenji, EndReason::Died, false);
    assert!(watches(&world, &yoshiko, &kenji), "a family looks after its own");
    let worker = world.store.read().unwrap().staff(StaffId(900_000)).unwrap().unwrap();
    let admin = Staff { role: StaffRole::Admin, ..worker };
    world.edit(|tables| tables.put_staff(&admin).unwrap());
    out(&mut world, &yoshiko, &kenji, EndReason::Died, false);
    assert!(!watches(&world, &yoshiko, &kenji));
    for reader in [&yoshiko, &michiko] {
        assert!(world.has(reader, "けんじさんは、見守る方ではなくなりました"));
    }
}

#[test]
fn a_code_of_theirs_lets_nobody_in_any_more() {
    let (mut world, [yoshiko, kenji, _]) = neighbourhood();
    world.say(&kenji, "招待");
    world.press(&kenji, "見守る方を招待");
    let code = Code::read(&world.code(&kenji)).unwrap();
    let known = |world: &World| world.store.read().unwrap().invitation(code).unwrap().is_some();
    assert!(known(&world));
    out(&mut world, &yoshiko, &kenji, EndReason::Moved, false);
    assert!(!known(&world));
}

#[test]
fn in_another_team_they_go_on_watching_the_same_person() {
    let (mut world, [yoshiko, kenji, michiko]) = neighbourhood();
    let first = world.team(&yoshiko).id;
    let chair = world.organization();
    let member = world.member(&chair, "はなこ", "30日", "18時");
    let second = world.team(&member).id;
    let (person, manager, now) = (world.id(&yoshiko), world.id(&kenji), world.now);
    world.edit(|tables| {
        use anshin::domain::team::Member;
        tables.put_member(&Member::joining(second, Role::Member, person, now)).unwrap();
        tables.put_member(&Member::joining(second, Role::Manager, manager, now)).unwrap();
    });
    world.until_wall("2026-11-24T12:00:30");
    world.press(&kenji, "対応します");
    assert!(world.open_case(&yoshiko).unwrap().claim.is_some());
    world.desk(DeskAct::TakeOut(TakingOut {
        team: first,
        manager,
        why: EndReason::OwnWish,
        hand_over: false,
    }));
    let case = world.open_case(&yoshiko).unwrap();
    assert!(case.claim.is_some(), "what they took is theirs as before");
    world.press(&michiko, "ようすを見る");
    assert!(world.last(&michiko).contains("けんじさん"), "{}", world.last(&michiko));
}
