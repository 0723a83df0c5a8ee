//! The data came out of a copy: whatever happened since the copy was made is lost, and nobody may be harmed by that.

use anshin::domain::bulletin::{Audience, Draft, Kind, Side, Text};
use anshin::domain::case::Trouble;
use anshin::domain::erasure::Forgotten;
use anshin::domain::event::{Event, Upkeep};
use anshin::domain::fact::Fact;
use anshin::domain::mail::MailAddress;
use anshin::domain::rules::Rules;
use anshin::domain::staff::DeskAct;
use anshin::engine::Engine;
use anshin::store::{Row, Store};
use serde_json::json;

use crate::world::{OFFICE, Watchful, World, hours, minutes, tokyo};

const ASK: &str = "げんきですか？ ボタン";
const AFRESH: &str = "申し訳ありません";
const ALERT: &str = "お返事がありません：";
const AGAIN: &str = "まだ";
const NUDGE: &str = "よしこさんのようすは、どうでしたか";

/// A family of which Yoshiko is asked every day at nine, and an office with a mailbox.
fn world() -> (World, [String; 3]) {
    let office_mail = vec![MailAddress::parse(OFFICE).unwrap()];
    let mut world = World::at("2026-11-23T08:00:00", Rules { office_mail, ..Rules::default() });
    world.watchful = Watchful::ByItself;
    let family = world.family("毎日", "9時");
    (world, family)
}

fn copy(world: &World) -> Store {
    world.store.read().unwrap().copy_in_memory().unwrap()
}

/// The server is gone with its disk; on another one, the copy becomes the data.
fn lose_all_but(world: &mut World, copy: Store) {
    world.stop();
    copy.begin_again(world.now).unwrap();
    world.store = copy;
    world.start();
}

#[test]
fn an_answer_that_the_copy_does_not_know_leads_to_no_alert_but_to_another_question() {
    let (mut world, [yoshiko, kenji, _]) = world();
    world.until_wall("2026-11-23T09:30:00");
    let copied = copy(&world);
    world.press(&yoshiko, "げんきです");
    // By the copy, she has been silent for 27 hours.
    world.until_wall("2026-11-24T12:30:00");
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-24T13:00:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
    assert_eq!(world.count(&yoshiko, AFRESH), 1, "{:?}", world.texts(&yoshiko));
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-25T08:50:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn what_waits_in_an_old_copy_does_not_leave_under_a_key_that_line_has_forgotten() {
    let (mut world, [yoshiko, kenji, _]) = world();
    world.until_wall("2026-11-23T10:00:00");
    world.say(&yoshiko, "日と時刻");
    world.press(&yoshiko, "毎日");
    world.platform.faults.rate_limited = true;
    world.say(&yoshiko, "15時");
    let copied = copy(&world);
    // The copy is of the moment before they were tried.
    let waits = copied.read().unwrap().rows().unwrap();
    let writing = copied.write().unwrap();
    for row in waits {
        writing.tables().put_row(&Row { first_try_at: None, ..row }).unwrap();
    }
    writing.commit().unwrap();
    world.platform.faults.rate_limited = false;
    world.wait(minutes(30));
    assert_eq!(world.count(&kenji, "午後3時"), 1, "{:?}", world.texts(&kenji));
    world.until_wall("2026-11-26T12:00:00");
    lose_all_but(&mut world, copied);
    world.wait(minutes(30));
    assert_eq!(world.platform.violations(), [""; 0]);
}

/// The same, where somebody was forgotten since the copy was made.
fn lose_all_but_forgetting(world: &mut World, copy: Store, users: &[&String]) {
    let forgotten: Vec<Event> = users
        .iter()
        .map(|user| {
            let known = world.person(user).unwrap();
            let (person, met_at, at) = (known.id, known.since, world.now);
            Event::Upkeep(Upkeep::EraseAgain(Forgotten { person, met_at, at }))
        })
        .collect();
    world.stop();
    copy.begin_again(world.now).unwrap();
    let render = Box::new(|_: &_, _| Vec::new());
    let mut engine = Engine::new(copy.clone(), Rules::default(), render).unwrap();
    engine.commit(world.now, &forgotten).unwrap();
    drop(engine);
    world.store = copy;
    world.start();
}

fn pushes_of_all(world: &World, users: &[String; 3]) -> Vec<usize> {
    users.iter().map(|user| world.pushes(user)).collect()
}

#[test]
fn whoever_was_forgotten_after_the_copy_is_never_asked_and_nobody_is_alerted_about_them() {
    let (mut world, family) = world();
    let [yoshiko, kenji, _] = &family;
    // In the copy she is being waited for, and soon there would be an alert.
    world.until_wall("2026-11-24T11:30:00");
    let copied = copy(&world);
    let before = pushes_of_all(&world, &family);
    world.press(yoshiko, "げんきです");
    let id = world.id(yoshiko);
    lose_all_but_forgetting(&mut world, copied, &[yoshiko]);
    world.until_wall("2026-12-04T12:00:00");
    assert_eq!(pushes_of_all(&world, &family), before, "{:?}", world.texts(kenji));
    let letters = world.letters(OFFICE);
    let told = letters.iter().find(|letter| letter.subject.contains("元にもどしました")).unwrap();
    assert!(told.text.contains("1人もどっていたので、もう一度削除しました"), "{}", told.text);
    let reading = world.store.read().unwrap();
    assert!(reading.person(id).unwrap().is_none() && reading.timer(id.0).unwrap().is_none());
    assert!(reading.places(id).unwrap().is_empty());
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn who_needs_help_by_a_bulletin_that_is_gone_with_the_disk_is_asked_what_to_do_and_those_who_watch_are_told()
 {
    let mut world = World::with_desk();
    let [yoshiko, kenji, _] = world.family("3日ごと", "9時");
    let copied = copy(&world);
    let check = Draft {
        shown_at: world.now,
        kind: Kind::Check,
        text: Text::read("大きな地震がありました。").unwrap(),
        audience: Audience::Everyone,
        side: Side::Asked,
        urgent: true,
    };
    world.desk(DeskAct::SendBulletin(Box::new(check)));
    world.wait(minutes(2));
    let data = world.data(&yoshiko, "助けがいる");
    lose_all_but(&mut world, copied);
    let press = json!({"postback": {"data": data}});
    assert!(world.post(&[world.event("after", &yoshiko, "postback", &press)]));
    assert!(world.sees_button(&yoshiko, "見守る方に知らせる"), "{}", world.last(&yoshiko));
    // Nothing further comes of her.
    world.wait(minutes(3));
    assert!(
        world.has(&kenji, "「こまった」のあと、操作がありません：よしこさん"),
        "{:?}",
        world.texts(&kenji)
    );
}

#[test]
fn a_case_of_theirs_that_is_open_in_the_copy_ends_without_a_word() {
    let (mut world, family) = world();
    let [yoshiko, kenji, _] = &family;
    world.until_wall("2026-11-24T12:00:30");
    world.press(kenji, "対応します");
    let case = world.open_case(yoshiko).unwrap().id;
    let copied = copy(&world);
    let before = pushes_of_all(&world, &family);
    lose_all_but_forgetting(&mut world, copied, &[yoshiko]);
    world.until_wall("2026-12-04T12:00:00");
    assert_eq!(pushes_of_all(&world, &family), before, "{:?}", world.texts(kenji));
    assert!(!world.case(case).unwrap().is_open());
    assert!(world.store.read().unwrap().open_case_ids(9).unwrap().is_empty());
}

#[test]
fn where_the_last_who_watched_was_forgotten_the_office_watches_and_what_they_had_taken_is_nobodys()
{
    let (mut world, family) = world();
    let [yoshiko, kenji, michiko] = &family;
    world.until_wall("2026-11-24T12:00:30");
    world.press(kenji, "対応します");
    let copied = copy(&world);
    lose_all_but_forgetting(&mut world, copied, &[kenji, michiko]);
    let case = world.open_case(yoshiko).unwrap();
    assert!(case.claim.is_none() && world.team(yoshiko).handed_over_at.is_some());
    world.until_wall("2026-11-24T16:00:00");
    assert!(world.on_the_board(yoshiko), "the ladder goes on, and ends at the office");
    world.press(yoshiko, "げんきです");
    assert!(world.open_case(yoshiko).is_none());
    world.until_wall("2026-11-26T12:30:00");
    assert!(world.on_the_board(yoshiko), "the next silence is the office's from the start");
}

#[test]
fn whoever_has_the_number_and_was_met_at_another_moment_is_somebody_else() {
    let (mut world, family) = world();
    let [yoshiko, ..] = &family;
    world.until_wall("2026-11-23T09:30:00");
    let copied = copy(&world);
    let known = world.person(yoshiko).unwrap();
    world.stop();
    copied.begin_again(world.now).unwrap();
    let render = Box::new(|_: &_, _| Vec::new());
    let mut engine = Engine::new(copied.clone(), Rules::default(), render).unwrap();
    let met_at = known.since + std::time::Duration::from_millis(1);
    let other = Forgotten { person: known.id, met_at, at: world.now };
    engine.commit(world.now, &[Event::Upkeep(Upkeep::EraseAgain(other))]).unwrap();
    drop(engine);
    world.store = copied;
    world.start();
    assert!(world.person(yoshiko).is_some_and(|person| person.watch.is_some()));
    world.until_wall("2026-11-23T10:00:00");
    assert_eq!(world.count(yoshiko, AFRESH), 1);
}

#[test]
fn who_does_not_answer_afresh_is_reported_by_the_waits_of_every_question() {
    let (mut world, [yoshiko, kenji, _]) = world();
    world.until_wall("2026-11-23T09:30:00");
    let copied = copy(&world);
    world.until_wall("2026-11-23T12:00:00");
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-26T12:00:00");
    let [asked] = world.times(&yoshiko, AFRESH)[..] else { panic!("{:?}", world.texts(&yoshiko)) };
    assert!(asked >= tokyo("2026-11-23T12:10:00"), "not before late presses have arrived");
    assert!(asked <= tokyo("2026-11-23T12:15:00"), "{asked}");
    assert_eq!(world.times(&kenji, ALERT).first(), Some(&(asked + hours(27))));
}

#[test]
fn a_question_that_waited_to_leave_in_the_copy_is_not_told_as_one_that_never_left() {
    let (mut world, [yoshiko, kenji, _]) = world();
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-23T09:30:00");
    let copied = copy(&world);
    world.platform.faults.refuse_all_5xx_before = false;
    world.until_wall("2026-11-23T10:00:00");
    world.press(&yoshiko, "げんきです");
    // By the copy nothing left for 27 hours.
    world.until_wall("2026-11-24T12:30:00");
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-24T13:00:00");
    assert_eq!(world.open_case(&yoshiko), None, "{:?}", world.texts(&kenji));
    assert_eq!(world.count(&yoshiko, AFRESH), 1, "{:?}", world.texts(&yoshiko));
}

#[test]
fn whoever_rests_is_left_in_peace_and_whose_rest_is_over_is_asked_although_the_next_question_is_far()
 {
    for (until, asked) in [("きょうだけ", 1), ("3日", 0)] {
        let (mut world, _) = world();
        let [hanako, ..] = world.family("30日", "9時");
        world.until_wall("2026-11-23T10:00:00");
        world.say(&hanako, "お休み");
        world.press(&hanako, until);
        world.press(&hanako, "お休みにする");
        world.until_wall("2026-11-24T20:00:00");
        let copied = copy(&world);
        lose_all_but(&mut world, copied);
        // By night everybody is asked in the morning.
        world.until_wall("2026-11-25T08:00:00");
        assert_eq!(world.count(&hanako, AFRESH), asked, "{:?}", world.texts(&hanako));
    }
}

#[test]
fn whoever_was_still_to_be_asked_in_the_copy_is_asked_once_and_waited_for_from_now_on() {
    let (mut world, [yoshiko, ..]) = world();
    let copied = copy(&world);
    world.until_wall("2026-11-25T12:30:00");
    lose_all_but(&mut world, copied);
    let before = world.count(&yoshiko, ASK) + world.count(&yoshiko, AFRESH);
    world.until_wall("2026-11-25T14:00:00");
    assert_eq!(world.count(&yoshiko, ASK) + world.count(&yoshiko, AFRESH), before + 1);
    let round = world.person(&yoshiko).unwrap().watch.unwrap().round.unwrap();
    assert!(round.due_at >= tokyo("2026-11-25T12:30:00"), "{round:?}");
}

#[test]
fn by_night_nobody_is_woken_for_it() {
    let (mut world, [yoshiko, ..]) = world();
    world.until_wall("2026-11-23T09:30:00");
    let copied = copy(&world);
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T02:00:00");
    let before = world.pushes(&yoshiko);
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-24T05:59:00");
    assert_eq!(world.pushes(&yoshiko), before);
    world.until_wall("2026-11-24T09:10:00");
    assert_eq!(world.pushes(&yoshiko), before + 1);
}

#[test]
fn a_question_that_left_after_the_copy_was_made_is_seen_again_on_the_phone() {
    let (mut world, [yoshiko, ..]) = world();
    world.until_wall("2026-11-23T08:50:00");
    let copied = copy(&world);
    world.until_wall("2026-11-23T09:05:00");
    assert_eq!(world.count(&yoshiko, ASK), 1);
    // Under the identity that it had before, LINE would say that it has it, and show nothing.
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-23T09:06:00");
    assert_eq!(world.count(&yoshiko, ASK), 2);
    assert_eq!(world.platform.violations(), [] as [String; 0]);
}

#[test]
fn a_case_that_is_open_in_the_copy_is_told_again_and_her_answer_ends_it() {
    let (mut world, [yoshiko, kenji, _]) = world();
    world.until_wall("2026-11-24T12:00:30");
    assert_eq!(world.count(&kenji, ALERT), 1);
    let copied = copy(&world);
    world.press(&kenji, "対応します");
    world.press(&kenji, "無事でした");
    world.until_wall("2026-11-24T12:30:00");
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-24T12:38:00");
    assert_eq!(world.count(&kenji, AGAIN), 0, "late presses are waited for");
    world.until_wall("2026-11-24T12:45:00");
    assert_eq!(world.count(&kenji, AGAIN), 1, "{:?}", world.texts(&kenji));
    assert_eq!(world.open_case(&yoshiko).map(|case| case.trouble), Some(Trouble::NoAnswer));
    assert_eq!(world.count(&yoshiko, AFRESH), 1);
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(1));
    assert_eq!(world.open_case(&yoshiko), None);
}

#[test]
fn a_case_that_nobody_takes_after_it_climbs_from_the_beginning_and_each_step_is_seen() {
    let (mut world, [_, kenji, michiko]) = world();
    world.until_wall("2026-11-24T12:30:00");
    let copied = copy(&world);
    lose_all_but(&mut world, copied);
    for [at, said] in [["12:45:00", "1"], ["13:30:00", "1"], ["13:45:00", "2"], ["14:45:00", "2"]] {
        world.until_wall(&format!("2026-11-24T{at}"));
        for watcher in [&kenji, &michiko] {
            assert_eq!(world.count(watcher, AGAIN).to_string(), said, "{at}");
        }
    }
}

#[test]
fn whoever_takes_a_case_just_after_it_is_asked_in_an_hour_and_not_in_minutes() {
    let (mut world, [_, kenji, _]) = world();
    world.until_wall("2026-11-24T12:30:00");
    let copied = copy(&world);
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-24T12:33:00");
    world.press(&kenji, "対応します");
    world.until_wall("2026-11-24T13:32:00");
    assert_eq!(world.count(&kenji, NUDGE), 0, "{:?}", world.texts(&kenji));
    world.until_wall("2026-11-24T13:34:00");
    assert_eq!(world.count(&kenji, NUDGE), 1);
}

#[test]
fn whoever_had_taken_a_case_and_was_asked_before_the_copy_is_asked_again_after_it() {
    let (mut world, [_, kenji, _]) = world();
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.until_wall("2026-11-24T13:40:00");
    assert_eq!(world.count(&kenji, NUDGE), 1);
    let copied = copy(&world);
    // What was said of it since then is lost with the disk.
    world.until_wall("2026-11-24T14:00:00");
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-24T14:15:00");
    assert_eq!(world.count(&kenji, NUDGE), 2, "{:?}", world.texts(&kenji));
    world.until_wall("2026-11-24T15:29:00");
    assert_eq!(world.count(&kenji, AGAIN), 0, "it is theirs as long as it was");
}

#[test]
fn whoever_had_called_an_ambulance_is_not_hurried_by_it() {
    let (mut world, [yoshiko, kenji, michiko]) = world();
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.press(&kenji, "救急・警察に連絡");
    let copied = copy(&world);
    world.until_wall("2026-11-24T13:40:00");
    lose_all_but(&mut world, copied);
    let heard = [&kenji, &michiko].map(|watcher| world.pushes(watcher));
    world.until_wall("2026-11-25T08:59:00");
    assert_eq!([&kenji, &michiko].map(|watcher| world.pushes(watcher)), heard);
    assert!(world.open_case(&yoshiko).unwrap().claim.is_some());
    world.until_wall("2026-11-25T09:01:00");
    assert_eq!(world.count(&kenji, "まだ終わっていない件"), 1);
}

#[test]
fn whoever_had_taken_a_case_is_asked_about_it_once_although_it_takes_an_hour_until_we_hear() {
    let (mut world, [_, kenji, _]) = world();
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    let copied = copy(&world);
    world.until_wall("2026-11-24T13:20:00");
    world.deaf = true;
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-24T13:31:00");
    assert_eq!(world.count(&kenji, NUDGE), 1, "an hour after they took it");
    world.until_wall("2026-11-24T14:30:00");
    assert_eq!(world.count(&kenji, NUDGE), 1, "{:?}", world.texts(&kenji));
}

#[test]
fn the_office_hears_which_hours_are_lost_once() {
    let (mut world, _) = world();
    world.until_wall("2026-11-23T08:30:00");
    let copied = copy(&world);
    world.until_wall("2026-11-23T12:00:00");
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-23T12:20:00");
    world.stop();
    world.start();
    world.wait(minutes(20));
    let letters = world.letters(OFFICE).into_iter();
    let letters: Vec<_> = letters.filter(|letter| letter.subject.contains("控えから")).collect();
    let [letter] = letters[..] else { panic!("{letters:?}") };
    assert!(letter.text.contains("8時30分") && letter.text.contains("正午"), "{letter:?}");
    let facts = world.store.read().unwrap().journal_after(0, 10_000).unwrap();
    let restored = facts.iter().filter(|entry| matches!(entry.fact, Fact::Restored(_))).count();
    let made_good = facts.iter().filter(|entry| entry.fact == Fact::MadeGood).count();
    assert_eq!((restored, made_good), (1, 1));
}

#[test]
fn who_joins_after_it_gets_a_number_that_nobody_had() {
    let (mut world, _) = world();
    let copied = copy(&world);
    let before = {
        let writing = world.store.write().unwrap();
        writing.tables().next_id().unwrap()
    };
    lose_all_but(&mut world, copied);
    let writing = world.store.write().unwrap();
    assert!(writing.tables().next_id().unwrap() >= before + 1_000_000);
}

#[test]
fn restoring_twice_does_no_harm() {
    let (mut world, [yoshiko, kenji, _]) = world();
    world.until_wall("2026-11-23T09:30:00");
    let copied = copy(&world);
    world.until_wall("2026-11-23T10:00:00");
    lose_all_but(&mut world, copied);
    world.until_wall("2026-11-23T10:30:00");
    let again = copy(&world);
    world.until_wall("2026-11-23T11:00:00");
    lose_all_but(&mut world, again);
    world.until_wall("2026-11-23T12:00:00");
    assert_eq!(world.count(&yoshiko, AFRESH), 2);
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T08:50:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
}
