//! Teams that want quiet nights: from 22 to 6, by the clock of whoever is told, an alert waits for the morning, and so does
//! asking again. What follows an alert is counted from the moment at which somebody was asked. Cries for help wait for nothing.

use anshin::domain::case::Case;

use crate::world::{World, hours, minutes, tokyo};

const ALERT: &str = "お返事がありません：";
const AGAIN: &str = "対応する方がいません：";

/// よしこ is asked at this hour every five days, and those who watch want quiet nights. She will be silent.
fn quiet(hour: &str) -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("5日", hour);
    world.edit_team(&family[0], |team| team.quiet = true);
    (world, family)
}

fn case(world: &World, yoshiko: &str) -> Case {
    world.open_case(yoshiko).expect("an open case")
}

#[test]
fn a_team_that_wants_quiet_hears_at_six_in_the_morning_and_cries_for_help_at_once() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "20時");
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.until_wall("2026-11-24T23:00:00");
    assert!(world.open_case(&yoshiko).is_some());
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-25T05:59:59");
    assert_eq!(world.count(&kenji, ALERT) + world.count(&kenji, AGAIN), 0);
    world.until_wall("2026-11-25T06:00:00");
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-25T06:00:00")]);
    // From there on as after any alert: nobody says in the night that nobody takes it.
    assert_eq!(case(&world, &yoshiko).office_since, None);
    world.until_wall("2026-11-25T07:00:00");
    assert_eq!(world.times(&kenji, AGAIN), [tokyo("2026-11-25T07:00:00")]);
    world.until_wall("2026-11-25T09:00:00");
    assert_eq!(case(&world, &yoshiko).office_since, Some(tokyo("2026-11-25T09:00:00")));
}

#[test]
fn an_alert_late_in_a_quiet_night_is_asked_again_an_hour_after_the_morning() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "19時");
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.edit_team(&yoshiko, |team| team.office_agreed = false);
    world.until_wall("2026-11-25T09:00:00");
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-25T06:00:00")]);
    assert_eq!(world.times(&kenji, AGAIN), [tokyo("2026-11-25T07:00:00")]);
}

#[test]
fn an_answer_in_a_quiet_night_takes_the_alert_back_before_anyone_was_woken() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("5日", "20時");
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.until_wall("2026-11-25T05:00:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-25T12:00:00");
    assert_eq!(world.count(&kenji, ALERT) + world.count(&kenji, "無事です"), 0);
}

#[test]
fn whoever_watches_from_overseas_sleeps_by_their_own_clock() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.say(&kenji, "時差");
    world.say(&kenji, "ニューヨーク");
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&michiko, ALERT)), (0, 1));
    // Six in the morning in New York.
    world.until_wall("2026-11-24T20:00:00");
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-24T20:00:00")]);
    assert_eq!(world.count(&michiko, ALERT), 1);
}

#[test]
fn what_follows_an_alert_is_counted_from_whoever_was_awake_whenever_another_wakes() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "10時");
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.say(&kenji, "時差");
    world.say(&kenji, "ロンドン");
    // Six in the morning in London, two hours after it was told in Tokyo.
    world.until_wall("2026-11-24T15:00:00");
    assert_eq!(world.times(&michiko, ALERT), [tokyo("2026-11-24T13:00:00")]);
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-24T15:00:00")]);
    world.until_wall("2026-11-24T17:00:00");
    assert_eq!(world.times(&michiko, AGAIN), [tokyo("2026-11-24T14:00:00")]);
    assert_eq!(case(&world, &yoshiko).office_since, Some(tokyo("2026-11-24T16:00:00")));
}

#[test]
fn the_word_of_the_day_waits_until_those_overseas_are_awake() {
    let mut world = World::new();
    let [yoshiko, kenji, michiko] = world.family("5日", "9時");
    world.edit_team(&yoshiko, |team| team.quiet = true);
    world.say(&michiko, "時差");
    world.say(&michiko, "ロンドン");
    world.until_wall("2026-11-27T12:00:00");
    // Nine in the morning is midnight in London.
    for watcher in [&kenji, &michiko] {
        let told = ["2026-11-25T15:00:00", "2026-11-26T15:00:00"].map(tokyo);
        assert_eq!(world.times(watcher, "まだ終わっていない件"), told);
    }
}

#[test]
fn in_a_quiet_night_the_office_is_not_told_before_the_family_is() {
    let (mut world, [yoshiko, kenji, michiko]) = quiet("20時");
    world.until_wall("2026-11-25T05:59:59");
    let told = world.count(&kenji, ALERT) + world.count(&michiko, ALERT);
    assert_eq!((told, case(&world, &yoshiko).office_since), (0, None));
    assert!(!world.on_the_board(&yoshiko));
}

#[test]
fn where_nobody_else_is_there_the_office_is_told_in_a_quiet_night_too() {
    let (mut world, [yoshiko, kenji, michiko]) = quiet("20時");
    world.block(&kenji);
    world.block(&michiko);
    world.until_wall("2026-11-24T23:00:00");
    assert_eq!(case(&world, &yoshiko).office_since, Some(tokyo("2026-11-24T23:00:00")));
}

#[test]
fn whoever_was_told_in_the_evening_is_not_asked_again_in_a_quiet_night_but_at_six_in_the_morning() {
    let (mut world, [yoshiko, kenji, michiko]) = quiet("18時");
    world.until_wall("2026-11-25T05:59:59");
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-24T21:00:00")]);
    assert_eq!(world.count(&kenji, AGAIN) + world.count(&michiko, AGAIN), 0);
    // The family was asked, and nobody came: that is the office's affair at night as well.
    assert_eq!(case(&world, &yoshiko).office_since, Some(tokyo("2026-11-25T00:00:00")));
    world.until_wall("2026-11-25T10:00:00");
    let again = [tokyo("2026-11-25T06:00:00"), tokyo("2026-11-25T07:00:00")];
    assert_eq!(world.times(&kenji, AGAIN), again);
    assert_eq!(world.times(&michiko, AGAIN), again);
}

#[test]
fn a_claim_that_lapses_in_a_quiet_night_wakes_nobody_and_is_told_in_the_morning() {
    let (mut world, [_, kenji, michiko]) = quiet("18時");
    world.until_wall("2026-11-24T21:30:00");
    world.press(&kenji, "対応します");
    world.until_wall("2026-11-25T05:59:59");
    for watcher in [&kenji, &michiko] {
        assert_eq!(world.count(watcher, AGAIN), 0);
    }
    world.until_wall("2026-11-25T06:00:00");
    assert_eq!(world.times(&michiko, AGAIN), [tokyo("2026-11-25T06:00:00")]);
}

#[test]
fn an_answer_in_a_quiet_night_leaves_nothing_to_ask_in_the_morning() {
    let (mut world, [yoshiko, kenji, _]) = quiet("18時");
    world.until_wall("2026-11-25T01:00:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-25T12:00:00");
    assert_eq!(world.count(&kenji, AGAIN), 0);
    assert_eq!(world.times(&kenji, "無事です"), [tokyo("2026-11-25T01:00:00")]);
}

#[test]
fn whoever_hears_in_the_morning_hears_who_has_taken_it_in_the_night() {
    let (mut world, [_, kenji, michiko]) = quiet("20時");
    world.say(&kenji, "時差");
    world.say(&kenji, "ニューヨーク");
    world.until_wall("2026-11-25T05:30:00");
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-24T23:00:00")]);
    world.press(&kenji, "対応します");
    world.until_wall("2026-11-25T06:00:00");
    let six = [tokyo("2026-11-25T06:00:00")];
    assert_eq!(world.times(&michiko, ALERT), six);
    assert_eq!(world.times(&michiko, "けんじさんが対応します"), six);
}

#[test]
fn whoever_does_not_want_quiet_nights_any_more_is_told_at_once_of_what_waits() {
    let (mut world, [yoshiko, kenji, michiko]) = quiet("20時");
    world.until_wall("2026-11-25T01:00:00");
    world.say(&kenji, "設定");
    world.press(&kenji, "よしこさんのチームの設定");
    world.press(&kenji, "夜もすぐ知らせる");
    world.wait(minutes(1));
    for watcher in [&kenji, &michiko] {
        assert_eq!(world.times(watcher, ALERT), [tokyo("2026-11-25T01:00:00")]);
    }
    world.wait(hours(3));
    assert_eq!(world.count(&michiko, AGAIN), 1);
    assert_eq!(case(&world, &yoshiko).office_since, Some(tokyo("2026-11-25T04:00:00")));
}

#[test]
fn what_our_own_stop_kept_from_the_morning_is_told_when_we_are_back_also_at_night() {
    let (mut world, [_, kenji, _]) = quiet("20時");
    world.until_wall("2026-11-25T05:00:00");
    world.stop();
    world.until_wall("2026-11-25T22:30:00");
    world.start();
    world.until_wall("2026-11-25T23:00:00");
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-11-25T22:40:00")], "after ten minutes");
}

#[test]
fn a_reminder_that_waits_since_before_the_morning_is_taken_back_by_an_answer() {
    let (mut world, [yoshiko, kenji, michiko]) = quiet("1時");
    world.say(&kenji, "時差");
    world.say(&kenji, "ニューヨーク");
    world.until_wall("2026-11-25T04:30:00");
    assert_eq!((world.count(&kenji, ALERT), world.count(&michiko, ALERT)), (1, 0));
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-25T06:10:00");
    world.press(&yoshiko, "げんきです");
    world.platform.faults.refuse_all_5xx_before = false;
    world.wait(hours(1));
    assert_eq!((world.count(&kenji, AGAIN), world.count(&michiko, ALERT)), (0, 0));
    assert_eq!(world.count(&kenji, "無事です：よしこさんからお返事がありました"), 1);
}
