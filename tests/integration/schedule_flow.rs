//! When people are asked: every interval and hour, the interval-1 rule, month ends, other zones.

use anshin::domain::rules::Rules;
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use anshin::platform::Settings;

use crate::world::{World, days, hours, minutes, tokyo};

const ASK: &str = "げんきですか？ ボタン";
const RESEND: &str = "お返事がまだです";
const ALERT: &str = "お返事がありません：";

fn unlimited(wall: &str) -> World {
    let settings = Settings { quota_messages: None, ..Settings::default() };
    World::with(wall, Rules::default(), settings)
}

#[test]
fn every_interval_asks_on_its_days_of_the_calendar_and_answers_do_not_move_them() {
    let choices =
        [("毎日", 1), ("2日", 2), ("3日", 3), ("5日", 5), ("毎週", 7), ("隔週", 14), ("30日", 30)];
    for (word, interval) in choices {
        let mut world = unlimited("2026-11-23T08:00:00");
        let [yoshiko, ..] = world.family(word, "9時");
        let first = tokyo("2026-11-23T09:00:00");
        for n in 0..4 {
            let due = first + days(interval * n);
            world.until(due);
            assert_eq!(world.times(&yoshiko, ASK).last(), Some(&due), "{word} {n}");
            world.wait(minutes(17 * (n + 1)));
            world.press(&yoshiko, "げんきです");
        }
        assert_eq!(world.count(&yoshiko, ASK), 4, "{word}");
        assert_eq!(world.count(&yoshiko, RESEND), 0, "{word}");
    }
}

#[test]
fn at_every_hour_the_alert_comes_27_hours_later_as_the_choice_had_said() {
    for hour in 0..24_u64 {
        // Half past ten in the evening: every hour of the next day is at least an hour away.
        let mut world = unlimited("2026-11-22T22:30:00");
        let [yoshiko, kenji, _] = world.family("5日", &format!("{hour}時"));
        let day = if (hour + 27) / 24 == 2 { "翌々日の" } else { "次の日の" };
        let promised = format!("{day}{}時ごろ", (hour + 27) % 24);
        assert!(world.has(&yoshiko, &promised), "{hour}: {promised}");
        world.wait(days(3));
        let asked = world.times(&yoshiko, ASK)[0];
        assert_eq!(asked, tokyo("2026-11-23T00:00:00") + hours(hour), "{hour}");
        assert_eq!(world.times(&yoshiko, RESEND), [asked + hours(24)], "{hour}");
        assert_eq!(world.times(&kenji, ALERT), [asked + hours(27)], "{hour}");
    }
}

#[test]
fn a_question_at_21_alerts_two_days_later_at_midnight() {
    let mut world = World::new();
    let [_, kenji, michiko] = world.family("毎日", "21時");
    world.until_wall("2026-11-25T06:00:00");
    for manager in [&kenji, &michiko] {
        assert_eq!(world.times(manager, ALERT), [tokyo("2026-11-25T00:00:00")]);
    }
}

#[test]
fn the_first_question_is_at_least_an_hour_away() {
    for (wall, first) in [
        ("2026-11-23T08:00:00", "2026-11-23T09:00:00"),
        ("2026-11-23T08:00:01", "2026-11-24T09:00:00"),
    ] {
        let mut world = World::at(wall, Rules::default());
        let [yoshiko, ..] = world.family("毎日", "9時");
        assert_eq!(world.timer(&yoshiko), Some(tokyo(first)));
    }
}

#[test]
fn with_daily_questions_the_resend_is_that_days_check() {
    let mut world = unlimited("2026-11-23T08:00:00");
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-24T10:00:00");
    assert_eq!(world.times(&yoshiko, ASK), [tokyo("2026-11-23T09:00:00")]);
    assert_eq!(world.times(&yoshiko, RESEND), [tokyo("2026-11-24T09:00:00")]);
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-25T09:30:00");
    let asked = world.times(&yoshiko, ASK);
    assert_eq!(asked, [tokyo("2026-11-23T09:00:00"), tokyo("2026-11-25T09:00:00")]);
}

#[test]
fn questions_go_on_while_a_case_is_open_and_open_no_second_one() {
    let mut world = unlimited("2026-11-23T08:00:00");
    let [yoshiko, kenji, _] = world.family("2日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    let case = world.open_case(&yoshiko).unwrap().id;
    world.until_wall("2026-12-03T13:00:00");
    assert_eq!(world.count(&yoshiko, ASK), 6);
    assert_eq!(world.open_case(&yoshiko).unwrap().id, case);
    assert_eq!(world.count(&kenji, ALERT), 1);
    world.press(&yoshiko, "げんきです");
    assert_eq!(world.open_case(&yoshiko), None);
    assert_eq!(world.count(&kenji, "無事です："), 1);
}

#[test]
fn there_is_never_more_than_one_open_round() {
    let mut world = unlimited("2026-11-23T08:00:00");
    let [yoshiko, ..] = world.family("毎日", "9時");
    let id = world.id(&yoshiko);
    for _ in 0..20 {
        world.wait(days(1));
        let past = world.store.read().unwrap().past_rounds(id, 100).unwrap();
        let open = world.round(&yoshiko).map(|round| round.due_at);
        assert!(past.iter().all(|past| Some(past.round.due_at) != open));
        assert_eq!(world.timer_count(), 1);
    }
}

#[test]
fn thirty_days_are_thirty_days_through_month_ends_and_a_leap_day() {
    let mut world = unlimited("2028-01-29T08:00:00");
    let [yoshiko, ..] = world.family("30日", "9時");
    for wall in ["2028-01-29T09:00:00", "2028-02-28T09:00:00", "2028-03-29T09:00:00"] {
        world.until_wall(wall);
        assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo(wall)));
        world.press(&yoshiko, "げんきです");
    }
}

#[test]
fn the_last_day_of_a_month_is_a_day_like_any_other() {
    let mut world = unlimited("2026-12-30T08:00:00");
    let [yoshiko, kenji, _] = world.family("2日", "9時");
    world.until_wall("2026-12-31T12:00:00");
    assert_eq!(world.times(&kenji, ALERT), [tokyo("2026-12-31T12:00:00")]);
    world.until_wall("2027-01-01T09:00:00");
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2027-01-01T09:00:00")));
}

/// Puts a person into another zone, as staff will be able to.
fn move_to(world: &mut World, user: &str, zone: &str) {
    let mut person = world.person(user).unwrap();
    person.zone = Zone::named(zone).unwrap();
    let (interval, hour) = (Interval::DAILY, Hour::new(9).unwrap());
    let schedule = Schedule::starting(interval, hour, person.zone.clone(), world.now);
    let due_at = schedule.first_due();
    person.watch.as_mut().unwrap().schedule = schedule;
    world.edit(|tables| {
        tables.put_person(&person).unwrap();
        tables.put_timer(person.id.0, Some(due_at)).unwrap();
    });
}

#[test]
fn a_person_overseas_is_asked_by_their_own_clock_through_daylight_saving() {
    let mut world = unlimited("2026-10-30T08:00:00");
    let [yoshiko, ..] = world.family("毎日", "9時");
    move_to(&mut world, &yoshiko, "America/Toronto");
    let zone = Zone::named("America/Toronto").unwrap();
    for _ in 0..4 {
        let due = world.timer(&yoshiko).unwrap();
        world.until(due);
        world.press(&yoshiko, "げんきです");
    }
    let asked = world.times(&yoshiko, ASK).into_iter();
    let walls: Vec<String> = asked.map(|at| zone.local(at).to_string()).collect();
    assert_eq!(
        walls,
        ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"].map(|d| format!("{d}T09:00:00"))
    );
}

#[test]
fn the_alert_of_a_person_overseas_speaks_the_time_of_its_reader() {
    let mut world = unlimited("2026-11-23T08:00:00");
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    move_to(&mut world, &yoshiko, "America/Toronto");
    // 9:00 in Toronto is 23:00 in Tokyo.
    world.until_wall("2026-11-25T03:00:00");
    let alert = world.last(&kenji);
    assert!(alert.contains("11月23日（月）午後11時"), "{alert}");
}

#[test]
fn a_family_with_both_a_case_not_sent_and_then_silence_hears_of_the_silence() {
    let mut world = World::new();
    let [_, kenji, _] = world.family("毎日", "9時");
    world.platform.faults.refuse_all_5xx_before = true;
    world.until_wall("2026-11-24T11:00:00");
    world.platform.faults.refuse_all_5xx_before = false;
    world.until_wall("2026-11-24T12:10:00");
    assert!(world.has(&kenji, "未確認"));
    world.until_wall("2026-11-28T12:10:00");
    assert!(world.has(&kenji, "お返事がありません"), "the managers believe that it was LINE");
}

#[test]
fn somebody_who_lives_elsewhere_chooses_or_types_the_place_and_is_asked_by_its_clock() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("毎日", "9時");
    world.say(&yoshiko, "時差");
    world.say(&yoshiko, "どこかの村");
    assert!(world.last(&yoshiko).contains("その場所がわかりませんでした"));
    world.say(&yoshiko, "ロサンゼルス");
    assert!(world.has(&yoshiko, "の時刻にしました"));
    assert!(world.has(&kenji, "よしこさんに聞く日と時刻が変わりました"));
    // Nine in Los Angeles is two in the morning in Tokyo.
    world.until_wall("2026-11-25T01:59:00");
    assert!(!world.has(&yoshiko, "げんきですか？（よしこさん）"));
    world.until_wall("2026-11-25T02:01:00");
    assert!(world.times(&yoshiko, "げんきですか").contains(&tokyo("2026-11-25T02:00:00")));
    world.say(&yoshiko, "時差");
    world.press(&yoshiko, "東京（日本）");
    world.say(&yoshiko, "マイページ");
    assert!(!world.last(&yoshiko).contains("の時刻）"));
}
