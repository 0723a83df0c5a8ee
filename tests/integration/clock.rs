//! When the time that we go by is not the world's: the machine began with a wrong clock and LINE could not be asked, or it
//! was suspended and did not notice. Nobody is called silent for that, and once we have found out, nobody is forgotten.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anshin::cli::serve::live;
use anshin::clock::{Clock, Wait, real_now};
use anshin::config::{self, Surroundings};
use anshin::domain::event::TimeLook;
use anshin::domain::fact::Fact;
use anshin::domain::pause::Why;
use anshin::domain::press::Press;
use anshin::domain::time::Moment;
use anshin::locale::cli::Tongue;
use anshin::store::Store;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::json;
use tokio::time::timeout;

use crate::program::serving;
use crate::world::{OFFICE, Watchful, World, days, hours, minutes, tokyo};

const ASK: &str = "げんきですか？ ボタン";
const SORRY: &str = "もう一度押してください。申し訳ありません";
const ALERT: &str = "お返事がありません：";

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const YEAR_MS: i64 = 365 * DAY_MS;

/// よしこ is asked every day at nine, and has answered on Monday.
fn answered() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-23T09:10:00");
    world.press(&family[0], "げんきです");
    (world, family)
}

/// Stops it and starts it later with a wrong time, while LINE cannot be reached.
fn starts_ahead(world: &mut World, at: &str, ahead_ms: i64) {
    world.stop();
    world.until_wall(at);
    world.platform.faults.drop_connection = true;
    world.start_ahead(ahead_ms);
}

fn finds_out(world: &mut World) {
    world.platform.faults.drop_connection = false;
    world.finds_out();
    // Everyone is counted once we have settled.
    world.wait(hours(1));
    world.watchful = Watchful::Lazily;
}

#[test]
fn a_machine_that_begins_years_ahead_asks_nobody_and_forgets_nobody() {
    for ahead_ms in [3 * HOUR_MS, DAY_MS, 10 * YEAR_MS] {
        let (mut world, [yoshiko, kenji, _]) = answered();
        starts_ahead(&mut world, "2026-11-23T20:00:00", ahead_ms);
        world.until_wall("2026-11-23T20:40:00");
        assert_eq!(world.count(&yoshiko, ASK), 1, "the time is doubted");
        finds_out(&mut world);
        // Whatever was decided by that time is not relied on: she is asked afresh, once.
        assert_eq!(world.times(&yoshiko, SORRY), [tokyo("2026-11-23T20:50:00")]);
        world.press(&yoshiko, "げんきです");
        world.until_wall("2026-11-24T09:05:00");
        assert_eq!(world.times(&yoshiko, ASK)[1..], [tokyo("2026-11-24T09:00:00")]);
        world.press(&yoshiko, "げんきです");
        world.until_wall("2026-11-26T11:59:00");
        assert_eq!(world.count(&kenji, ALERT), 0);
        assert_eq!(world.times(&yoshiko, ASK).len(), 3, "{ahead_ms}");
    }
}

#[test]
fn a_machine_that_goes_on_years_ahead_for_days_forgets_nobody_either() {
    for ahead_ms in [DAY_MS, 10 * YEAR_MS] {
        let (mut world, [yoshiko, kenji, _]) = answered();
        starts_ahead(&mut world, "2026-11-23T20:00:00", ahead_ms);
        // Longer than any doubt: rounds are opened, and cases, of days to come.
        world.until_wall("2026-11-24T20:00:00");
        world.hush();
        finds_out(&mut world);
        assert_eq!(world.times(&yoshiko, SORRY).last(), Some(&tokyo("2026-11-24T20:10:00")));
        world.press(&yoshiko, "げんきです");
        world.until_wall("2026-11-25T09:05:00");
        assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-25T09:00:00")));
        world.press(&yoshiko, "げんきです");
        world.until_wall("2026-11-26T10:00:00");
        assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-26T09:00:00")));
        // And silence is told in time again.
        let before = world.count(&kenji, ALERT);
        world.until_wall("2026-11-27T12:00:30");
        assert_eq!(world.count(&kenji, ALERT), before + 1, "{ahead_ms}");
    }
}

#[test]
fn a_press_counts_by_whatever_clock_we_go() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    world.until_wall("2026-11-24T09:10:00");
    starts_ahead(&mut world, "2026-11-24T10:00:00", 10 * YEAR_MS);
    // LINE reaches us, if we do not reach LINE.
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T10:30:00");
    let watch = world.person(&yoshiko).unwrap().watch.unwrap();
    assert_eq!(watch.round, None);
    assert_eq!(watch.last_answer_at, Some(tokyo("2026-11-24T10:00:00")));
    finds_out(&mut world);
    world.until_wall("2026-11-25T08:59:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn how_a_case_ended_is_told_though_the_machine_begins_years_ahead_before_line_took_it() {
    let (mut world, [_, kenji, michiko]) = answered();
    world.until_wall("2026-11-25T12:10:00");
    world.press(&kenji, "対応します");
    world.platform.faults.drop_connection = true;
    world.press(&kenji, "無事でした");
    world.wait(minutes(10));
    starts_ahead(&mut world, "2026-11-25T13:00:00", 3 * YEAR_MS);
    world.until_wall("2026-11-25T14:00:00");
    finds_out(&mut world);
    assert_eq!(world.count(&michiko, "無事でした："), 1, "{:?}", world.texts(&michiko));
    assert_eq!(world.platform.violations(), [""; 0]);
}

#[test]
fn whoever_may_have_seen_an_alert_before_a_start_by_a_wrong_time_hears_that_all_is_well() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    world.until_wall("2026-11-25T11:59:00");
    world.platform.faults.lose_all_answers = true;
    world.until_wall("2026-11-25T12:10:00");
    assert_eq!(world.count(&kenji, ALERT), 1, "it is shown, and LINE did not say so");
    starts_ahead(&mut world, "2026-11-25T12:20:00", 3 * YEAR_MS);
    world.platform.faults.lose_all_answers = false;
    world.platform.faults.drop_connection = false;
    world.finds_out();
    // Nobody is asked or told afresh before the late presses had their time.
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(5));
    assert_eq!(world.count(&kenji, "無事です："), 1, "{:?}", world.texts(&kenji));
}

#[test]
fn a_suspended_machine_waits_as_long_as_any_once_it_knows_how_long_it_slept() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    // It sleeps for half an hour in the night, and LINE cannot be asked until after the question.
    world.until_wall("2026-11-24T02:00:00");
    world.platform.faults.drop_connection = true;
    world.ahead_ms = -HOUR_MS / 2;
    world.now = world.now + minutes(30);
    world.time_looks = TimeLook::Stepped;
    // It is asked for the time an hour after it could be.
    world.until_wall("2026-11-24T09:00:00");
    world.platform.faults.drop_connection = false;
    world.until_wall("2026-11-24T10:01:00");
    let asked_at = *world.times(&yoshiko, ASK).last().unwrap();
    world.finds_out();
    world.until(asked_at + hours(26) + minutes(55));
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until(asked_at + hours(27) + minutes(10));
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_start_after_a_long_stop_believes_the_machines_clock_only_where_lines_agrees() {
    for (stopped_for, is_doubted) in [(minutes(30), false), (hours(2), true)] {
        let (mut world, [yoshiko, ..]) = answered();
        world.until_wall("2026-11-24T08:55:00");
        world.now = world.now - stopped_for;
        world.stop();
        world.until_wall("2026-11-24T08:55:00");
        world.start_ahead(0);
        world.until_wall("2026-11-24T09:01:00");
        assert_eq!(world.count(&yoshiko, ASK), if is_doubted { 1 } else { 2 });
        let journal = world.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
        let doubted = journal.iter().any(|entry| entry.fact == Fact::TimeDoubted);
        assert_eq!(doubted, is_doubted);
    }
}

#[test]
fn what_was_agreed_by_a_clock_that_ran_ahead_holds_from_today_on() {
    let (mut world, [yoshiko, ..]) = answered();
    starts_ahead(&mut world, "2026-11-23T20:00:00", 10 * YEAR_MS);
    world.say(&yoshiko, "おやすみ");
    world.until_wall("2026-11-24T20:00:00");
    finds_out(&mut world);
    world.until_wall("2026-11-24T21:00:00");
    let watch = world.person(&yoshiko).unwrap().watch.unwrap();
    assert!(watch.pause.is_none_or(|pause| pause.since <= world.now));
    assert!(watch.schedule.next_after(world.now) < world.now + days(2));
}

#[test]
fn a_group_is_not_asked_by_a_clock_that_may_be_wrong() {
    let mut world = World::new();
    world.watchful = Watchful::ByItself;
    let people = ["さちこ", "はなこ"].map(|name| world.stranger(name));
    let group = world.group("なかよし会", &people.each_ref().map(String::as_str));
    for (who, label) in [(0, "代表者になる"), (0, "毎日"), (0, "9時"), (1, "参加します")]
    {
        world.press_in(&group, &people[who], label);
    }
    world.until_wall("2026-11-23T20:00:00");
    let asked = |world: &World| world.pushes_into(&group);
    let before = asked(&world);
    starts_ahead(&mut world, "2026-11-24T00:00:00", 9 * DAY_MS);
    world.wait(minutes(30));
    finds_out(&mut world);
    assert_eq!(asked(&world), before);
    // The word about who has not answered is due at eight, the next question at nine.
    world.until_wall("2026-11-24T08:59:00");
    assert_eq!(asked(&world), before + 1);
    world.until_wall("2026-11-24T09:01:00");
    assert_eq!(asked(&world), before + 2);
}

/// Somebody who gives a token to whoever asks for anything, and whose clock is that far ahead.
fn another_clock(ahead: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // It may have gone again.
            let _ = stream.read(&mut [0; 4096]);
            let theirs = Timestamp::from_millisecond((real_now() + ahead).millis()).unwrap();
            let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&theirs).unwrap();
            let body =
                json!({"access_token": "a token", "expires_in": 2_592_000, "token_type": "Bearer"});
            let body = body.to_string();
            let head = format!("HTTP/1.1 200 OK\r\nDate: {date}\r\nConnection: close");
            let head = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn the_program_goes_by_lines_time_where_the_machines_is_wrong_and_by_the_machines_where_they_agree()
 {
    for (apart, gone_by) in [(hours(3), hours(3)), (minutes(1), Duration::ZERO)] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("anshin.redb");
        let (program, _) = serving(&data, &another_clock(apart)).await;
        let now = real_now();
        program.terminate();
        assert_eq!(program.said().await.code, Some(0));
        let store = Store::open(&data, 1 << 20, [0; 32]).unwrap();
        let alive_at = store.read().unwrap().service().unwrap().alive_at.unwrap();
        let shown = now + gone_by;
        let off = alive_at.since(shown).max(shown.since(alive_at));
        assert!(off < minutes(1), "{alive_at} instead of {shown}");
    }
}

/// A clock that a test moves, which shows what the machine's does and so much more.
struct Moved {
    ahead_ms: AtomicI64,
}

impl Clock for Moved {
    fn now(&self) -> Moment {
        real_now() + Duration::from_millis(self.ahead_ms.load(Ordering::Relaxed).unsigned_abs())
    }

    fn sleep_until(&self, at: Moment) -> Wait<'_> {
        Box::pin(async move {
            while self.now() < at {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
    }

    fn look(&self) -> TimeLook {
        TimeLook::Steady
    }

    fn at_start(&self) -> TimeLook {
        TimeLook::Steady
    }

    fn is_real(&self) -> bool {
        true
    }
}

/// LINE gives no answer when the program begins with a clock that is three hours ahead, and then does.
#[tokio::test]
async fn the_program_ends_itself_when_its_time_is_wrong_and_not_within_its_first_minute() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [
        ("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp".to_owned()),
        ("ANSHIN_STORE__PATH", folder.path().join("anshin.redb").to_str().unwrap().to_owned()),
        ("ANSHIN_LINE__CHANNEL_ID", "2008123456".to_owned()),
        ("ANSHIN_LINE__CHANNEL_SECRET", "5f0e2c9a1b7d43f6a8e4c0d2b6917f35".to_owned()),
        ("ANSHIN_LINE__API_BASE", another_clock(Duration::ZERO)),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    let surroundings = Surroundings { variables: variables.into(), credentials: None };
    let config = config::read(None, &surroundings).unwrap();
    let clock = Arc::new(Moved { ahead_ms: AtomicI64::new(3 * HOUR_MS) });
    let store = Store::open(&config.store_path, 1 << 20, [0; 32]).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let parts = (Arc::clone(&clock) as Arc<dyn Clock>, store.clone());
    let live = live(&config, parts, (listener, address), std::future::pending(), Tongue::En);
    tokio::pin!(live);
    let doubts = async || {
        while store.read().unwrap().service().unwrap().time_doubted.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        ended = &mut live => panic!("ended within its first minute: {ended:?}"),
        () = doubts() => (),
    }
    let early = timeout(Duration::from_millis(200), &mut live).await;
    assert!(early.is_err(), "ended within its first minute: {early:?}");
    // What is doubted is asked about again after two minutes.
    clock.ahead_ms.fetch_add(130_000, Ordering::Relaxed);
    let ended = timeout(Duration::from_secs(30), live).await.expect("it ends by itself");
    let complaint = ended.expect_err("it does not end well");
    assert_eq!(complaint.code, 1);
    assert!(complaint.sentence.contains("check the server's clock"), "{}", complaint.sentence);
}

#[test]
fn no_message_leaves_again_after_its_key_is_forgotten_because_our_time_went_back() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    world.until_wall("2026-11-24T08:59:00");
    // LINE takes everything, and no answer arrives, for two days; ours is the only clock there is.
    world.platform.faults.lose_all_answers = true;
    world.until_wall("2026-11-24T20:00:00");
    world.stop();
    world.start_ahead(-10 * HOUR_MS);
    world.until_wall("2026-11-25T12:00:00");
    assert_eq!(world.platform.violations(), [""; 0]);
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-24T09:00:00")));
    world.platform.faults.lose_all_answers = false;
    world.finds_out();
    world.until_wall("2026-11-27T12:00:00");
    assert_eq!(world.platform.violations(), [""; 0]);
    assert!(world.count(&kenji, ALERT) > 0, "she has not answered for days");
}

#[test]
fn what_was_tried_by_a_wrong_time_has_no_key_any_more_when_that_time_has_come_round() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    world.say(&yoshiko, "設定");
    world.press(&yoshiko, "日と時刻を変える");
    world.say(&yoshiko, "2日");
    world.stop();
    world.until_wall("2026-11-23T10:00:00");
    world.platform.faults.lose_all_answers = true;
    world.start_ahead(8 * HOUR_MS);
    // What those who watch are told of this is tried at six in the evening, by our time.
    world.say(&yoshiko, "10時");
    world.until_wall("2026-11-23T12:00:00");
    // Somebody sets the clock right and starts it anew; LINE says nothing until that evening is long over.
    world.stop();
    world.start_ahead(0);
    world.until_wall("2026-11-24T12:00:00");
    world.platform.faults.lose_all_answers = false;
    world.finds_out();
    world.until_wall("2026-11-24T14:00:00");
    assert_eq!(world.platform.violations(), [""; 0]);
    assert!(world.has(&kenji, "よしこさんに聞く日と時刻が変わりました"));
}

#[test]
fn a_start_by_the_right_time_that_nobody_proves_after_one_by_a_wrong_time_is_sorted_out_once_it_is_proven()
 {
    let (mut world, [yoshiko, kenji, _]) = answered();
    starts_ahead(&mut world, "2026-11-23T10:00:00", 3 * DAY_MS);
    world.until_wall("2026-11-23T12:00:00");
    // Somebody sets the clock right and starts it anew; LINE still gives no answer.
    world.stop();
    world.start_ahead(0);
    world.until_wall("2026-11-23T12:30:00");
    let service = world.store.read().unwrap().service().unwrap();
    assert_eq!(service.contradicted.map(|at| at > tokyo("2026-11-26T11:59:00")), Some(true));
    finds_out(&mut world);
    assert_eq!(world.store.read().unwrap().service().unwrap().contradicted, None);
    assert_eq!(world.count(&yoshiko, SORRY), 1, "she is asked afresh");
    world.press(&yoshiko, "げんきです");
    for day in ["24", "25", "26", "27"] {
        world.until_wall(&format!("2026-11-{day}T09:05:00"));
        assert_eq!(
            world.times(&yoshiko, ASK).last(),
            Some(&tokyo(&format!("2026-11-{day}T09:00:00")))
        );
        world.press(&yoshiko, "げんきです");
    }
    assert_eq!(world.count(&kenji, ALERT), 0);
}

#[test]
fn a_moment_that_comes_a_second_time_because_our_time_was_behind_is_asked_about_anew() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    world.until_wall("2026-11-24T09:10:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-25T20:00:00");
    world.press(&yoshiko, "げんきです");
    // A machine that is two days behind, and LINE reaches us all the while: she lets us write to her again, and will be
    // asked at what is nine on Tuesday for us.
    world.block(&yoshiko);
    world.stop();
    world.platform.faults.drop_connection = true;
    world.start_ahead(-2 * DAY_MS);
    world.wait(minutes(1));
    world.unblock(&yoshiko);
    world.until_wall("2026-11-26T08:00:00");
    world.platform.faults.drop_connection = false;
    world.finds_out();
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-26T08:00:00")));
    assert_eq!(world.platform.violations(), [""; 0]);
    world.until_wall("2026-11-27T10:50:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-27T11:10:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_question_of_a_moment_that_is_lived_again_is_seen_again() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    world.until_wall("2026-11-24T03:45:00");
    world.stop();
    // LINE hears us, and we do not hear LINE: nobody tells us that we are twenty hours behind.
    world.platform.faults.lose_all_answers = true;
    world.start_ahead(-20 * HOUR_MS);
    let id = world.id(&yoshiko);
    for press in [Press::PauseFor(id, 1, Why::Travel), Press::PauseOver(id)] {
        let data = anshin::line::postback::write(press, &world.mint());
        let name = format!("{press:?}");
        let event = world.event(&name, &kenji, "postback", &json!({"postback": {"data": data}}));
        world.post(&[event]);
    }
    // By our time it is nine on Monday, when she was asked before.
    world.until_wall("2026-11-24T05:05:00");
    assert_eq!(world.count(&yoshiko, ASK), 2);
}

#[test]
fn a_restart_by_the_right_time_after_one_that_was_behind_makes_no_wait_shorter_either() {
    let (mut world, [yoshiko, kenji, _]) = answered();
    world.until_wall("2026-11-24T08:00:00");
    world.stop();
    world.platform.faults.drop_connection = true;
    // Three hours behind: she is asked at noon.
    world.start_ahead(-3 * HOUR_MS);
    world.until_wall("2026-11-24T11:50:00");
    world.platform.faults.drop_connection = false;
    world.until_wall("2026-11-24T12:30:00");
    assert_eq!(world.times(&yoshiko, ASK).last(), Some(&tokyo("2026-11-24T12:00:00")));
    // Somebody restarts the machine, and this time LINE is asked ahead of everything.
    world.stop();
    world.ahead_ms = 0;
    world.start();
    world.until_wall("2026-11-25T14:55:00");
    assert_eq!(world.count(&kenji, ALERT), 0);
    world.until_wall("2026-11-25T19:00:00");
    assert_eq!(world.count(&kenji, ALERT), 1);
}

#[test]
fn a_start_by_a_clock_that_was_corrected_by_a_minute_reports_the_day_once() {
    let mut world = World::with_desk();
    world.watchful = Watchful::ByItself;
    world.until_wall("2026-11-24T09:00:10");
    world.stop();
    world.start_ahead(-60_000);
    world.until_wall("2026-11-24T09:30:00");
    let reports = world.letters(OFFICE).into_iter().filter(|l| l.text.contains("見守られる方："));
    let days: Vec<_> = reports.map(|letter| letter.at).collect();
    assert_eq!(days, ["2026-11-23T09:00:00", "2026-11-24T09:00:00"].map(tokyo));
}
