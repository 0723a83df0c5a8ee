//! A round of practice that whoever sets the service up lives through on their own phone: question, answer, silence, alert,
//! "I will look", outcome. Nobody else hears of it, nothing of it stays, and nobody is in it in earnest.

use anshin::domain::fact::Fact;
use anshin::domain::practice::{Practice, PracticeStage};
use anshin::domain::service::Service;
use anshin::domain::staff::{DeskAct, PracticeAct, StaffRole};
use anshin::domain::time::Moment;
use expect_test::expect;

use crate::world::{World, days, hours, minutes};

fn service(world: &World) -> Service {
    world.store.read().unwrap().service().unwrap()
}

fn under_way(world: &World) -> Option<Practice> {
    service(world).practice
}

fn stage(world: &World) -> PracticeStage {
    under_way(world).expect("a practice is under way").stage
}

/// The text that opens a practice from a phone.
fn code(world: &World) -> String {
    let number = under_way(world).expect("a practice is under way").number;
    format!("招待コード {}", world.mint().code(number))
}

fn staff_are(world: &mut World, role: StaffRole) {
    let all = world.store.read().unwrap().all_staff().unwrap();
    world.edit(|tables| {
        for staff in all {
            tables.put_staff(&anshin::domain::staff::Staff { role, ..staff }).unwrap();
        }
    });
}

/// A world with an administrator who has begun a practice.
fn begun() -> World {
    let mut world = World::with_desk();
    staff_are(&mut world, StaffRole::Admin);
    world.desk(DeskAct::Practice(PracticeAct::Begin));
    world
}

/// The same with a phone that takes part.
fn joined() -> (World, String) {
    let mut world = begun();
    let phone = world.friend("やまだ");
    let code = code(&world);
    world.hush();
    world.say(&phone, &code);
    (world, phone)
}

#[test]
fn a_whole_round_is_lived_through_in_minutes_and_nothing_of_it_stays() {
    let (mut world, phone) = joined();
    world.wait(minutes(1));
    world.press(&phone, "げんきです");
    world.wait(minutes(2));
    world.press(&phone, "対応します");
    world.press(&phone, "押し忘れでした");
    let ended_at = world.now;
    world.wait(days(2));
    world.expect(expect![[r#"
        11-23 08:00 やまだ → 招待コード LABV-FSQ4
        11-23 08:00 やまだ ← 【れんしゅう】げんきですか？ [げんきです]
        11-23 08:01 やまだ → げんきです
        11-23 08:01 やまだ ← 【れんしゅう】げんきですか？ [げんきです]
        11-23 08:03 やまだ ⇐ 【れんしゅう】お返事がありません [対応します]
        11-23 08:03 やまだ → 対応します
        11-23 08:03 やまだ ← 【れんしゅう】ありがとうございます。お願いします [押し忘れでした] [スマートフォンの不調でした] [ほかのわけでした]
        11-23 08:03 やまだ → 押し忘れでした
        11-23 08:03 やまだ ← 【れんしゅう】練習は終わりです
        11-25 08:03 welfare@example.jp ✉ 【見守り】11月25日（水）のようす
    "#]]);
    let service = service(&world);
    assert_eq!((service.practice, service.practised_at), (None, Some(ended_at)));
    let reading = world.store.read().unwrap();
    let person = world.person(&phone).unwrap();
    assert_eq!((&person.watch, reading.places(person.id).unwrap().len()), (&None, 0));
    assert!(
        reading.board(10).unwrap().cases.is_empty() && reading.teams_from(0, 9).unwrap().is_empty()
    );
    assert_eq!(reading.standing(|_| Ok(true)).unwrap().waiting, 0);
    let facts = reading.journal_after(0, usize::MAX).unwrap().into_iter().map(|entry| entry.fact);
    assert!(facts.clone().any(|fact| fact == Fact::Rehearsed(person.id)));
    assert!(!facts.clone().any(|fact| matches!(fact, Fact::CaseOpened(..) | Fact::Asking(..))));
    let mut timers = 0;
    reading.timers(|_, _| timers += 1).unwrap();
    assert_eq!(timers, 0, "no timer is left");
}

#[test]
fn whoever_answers_too_early_waits_anew_and_the_menus_button_counts_as_well() {
    let (mut world, phone) = joined();
    world.say(&phone, "げんきです");
    let PracticeStage::Silent(until) = stage(&world) else { panic!("{:?}", stage(&world)) };
    assert_eq!(until, world.now + minutes(2));
    world.wait(minutes(1));
    world.press(&phone, "げんきです");
    world.wait(minutes(1));
    assert!(matches!(stage(&world), PracticeStage::Silent(until) if until > world.now));
    assert!(!world.has(&phone, "お返事がありません"));
    world.wait(minutes(1));
    assert_eq!(stage(&world), PracticeStage::Alerted);
    assert_eq!(world.count(&phone, "お返事がありません"), 1);
    // Old buttons say what is to be done now.
    world.press_nth(&phone, "げんきです", 0);
    assert!(world.last(&phone).contains("お返事がありません"), "{}", world.last(&phone));
    assert_eq!(stage(&world), PracticeStage::Alerted);
    let said = world.texts(&phone).join("\n");
    assert!(!said.contains("やまだ"), "it names nobody: {said}");
}

#[test]
fn there_is_one_phone_and_no_second_one_and_nobody_who_is_in_it_in_earnest() {
    let mut world = begun();
    world.edit_rules(|rules| rules.family_managers_max = 9);
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    let code = code(&world);
    for user in [&yoshiko, &kenji] {
        world.say(user, &code);
        assert!(world.last(user).contains("参加できません"), "{}", world.last(user));
        assert_eq!(stage(&world), PracticeStage::Invited);
    }
    let (phone, other) = (world.friend("やまだ"), world.friend("さとう"));
    world.say(&phone, &code);
    assert_eq!(stage(&world), PracticeStage::Asked);
    world.say(&other, &code);
    assert!(world.last(&other).contains("使えませんでした"), "{}", world.last(&other));
    assert_eq!(under_way(&world).unwrap().person, Some(world.id(&phone)));
    // Somebody who takes a place in earnest meanwhile practises no more, and hears of no alert that is none.
    world.press(&phone, "げんきです");
    world.say(&yoshiko, "招待");
    world.press(&yoshiko, "見守る方を招待");
    let invited = world.code(&yoshiko);
    world.say(&phone, &format!("招待コード {invited}"));
    world.press(&phone, "参加する");
    world.press(&phone, "同意");
    world.say(&phone, "やまだ");
    world.wait(minutes(3));
    assert_eq!(under_way(&world), None);
    assert!(!world.has(&phone, "お返事がありません"));
    assert_eq!(service(&world).practised_at, None);
}

#[test]
fn a_real_alert_comes_in_the_middle_of_a_practice_as_it_always_does() {
    let mut world = begun();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T11:30:00");
    world.desk(DeskAct::Practice(PracticeAct::Begin));
    let phone = world.friend("やまだ");
    let code = code(&world);
    world.say(&phone, &code);
    world.press(&phone, "げんきです");
    world.until_wall("2026-11-25T12:30:00");
    assert!(world.open_case(&yoshiko).is_some());
    assert!(world.has(&kenji, "よしこさんのお返事がありません"));
    assert_eq!(world.count(&phone, "よしこ"), 0, "and nobody else hears of it");
    assert_eq!(world.count(&kenji, "れんしゅう"), 0);
}

#[test]
fn one_that_nobody_ends_is_over_after_an_hour_and_one_that_is_stopped_at_once() {
    let (mut world, phone) = joined();
    world.press(&phone, "げんきです");
    world.wait(minutes(2));
    assert_eq!(stage(&world), PracticeStage::Alerted);
    world.wait(hours(1));
    assert_eq!(under_way(&world), None);
    world.press(&phone, "対応します");
    assert!(world.last(&phone).contains("終わったか、先に進んでいます"), "{}", world.last(&phone));
    world.desk(DeskAct::Practice(PracticeAct::Begin));
    let first = under_way(&world);
    world.desk(DeskAct::Practice(PracticeAct::Begin));
    assert_eq!(under_way(&world), first, "there is one at a time");
    world.desk(DeskAct::Practice(PracticeAct::Stop));
    assert_eq!((under_way(&world), service(&world).practised_at), (None, None));
    staff_are(&mut world, StaffRole::Worker);
    world.desk(DeskAct::Practice(PracticeAct::Begin));
    assert_eq!(under_way(&world), None, "it is begun by whoever sets the service up");
}

#[test]
fn a_practice_goes_on_after_a_restart_and_ends_with_a_copy_that_is_put_back() {
    let (mut world, phone) = joined();
    world.press(&phone, "げんきです");
    world.stop();
    world.start();
    world.wait(minutes(3));
    assert_eq!(stage(&world), PracticeStage::Alerted);
    let mut restored = service(&world);
    restored.restore(Moment::from_seconds(2_000_000_000));
    assert_eq!(restored.practice, None);
}
