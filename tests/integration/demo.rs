//! The stage of the demonstration without its page: what becomes of people's messages when LINE fails in its several
//! ways, and when the server is cut off and started again. The clock is moved, nothing waits for it.
//!
//! The server may answer an outage with more care than these tests ask for (wait a while, apologise and ask again), so
//! they look for the message itself and for what must never happen, not for the number of everything.

use std::collections::BTreeSet;
use std::time::Duration;

use anshin::clock::Clock;
use anshin::demo::stage::Stage;
use anshin::demo::standin::free_port;
use anshin::demo::story::{self, Cast};
use anshin::demo::trouble::Fault;
use anshin::http::{Limits, Server};
use anshin::locale::cli::Tongue;
use anshin::platform::From;

/// The button of every question.
const WELL: &str = "げんきです";

/// Events after which something that had to happen has not.
const EVENTS_MAX: usize = 60;

/// A stage on which the cast has joined, a little before the first question.
async fn morning() -> (Stage, Cast) {
    let (listener, address) = free_port().await.unwrap();
    let url = format!("http://{address}");
    let stage = Stage::set(&url, address, None, 1, Tongue::En).await.unwrap();
    let server = Server::new(stage.handler(), Limits::default());
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    stage.connect(address);
    let cast = Cast::enter(&stage);
    story::join(&stage, &cast).await.unwrap();
    stage.to_morning().await.unwrap();
    (stage, cast)
}

/// How many of our messages on a phone have text `text` on the locked screen or in themselves.
fn seen(stage: &Stage, user: &str, text: &str) -> usize {
    let platform = stage.standin.platform();
    let items = platform.phone(user).unwrap().items.iter().filter(|item| item.from == From::Bot);
    items.filter(|item| item.content.to_string().contains(text)).count()
}

/// Moves on, event by event, until it holds.
async fn until(stage: &Stage, what: &str, holds: impl Fn() -> bool) {
    for _ in 0..EVENTS_MAX {
        if holds() {
            return;
        }
        stage.jump().await.unwrap();
    }
    panic!("{what} has not happened after {EVENTS_MAX} events");
}

fn kept_lines_rules(stage: &Stage) {
    assert_eq!(stage.standin.platform().violations(), [""; 0]);
}

const QUESTION: &str = "おはようございます";
const ALERT: &str = "お返事がありません";
const UNKNOWN: &str = "未確認";

#[tokio::test]
async fn a_question_that_falls_into_an_outage_of_line_arrives_once_after_it() {
    for fault in [Fault::LineDown, Fault::RateLimited, Fault::QuotaOut] {
        let (stage, cast) = morning().await;
        let before = seen(&stage, &cast.member, QUESTION);
        stage.turn(fault, true).unwrap();
        stage.jump().await.unwrap();
        let due_at = stage.clock.now();
        assert_eq!(seen(&stage, &cast.member, QUESTION), before, "{fault:?}");
        stage.turn(fault, false).unwrap();
        until(&stage, "the question", || seen(&stage, &cast.member, QUESTION) > before).await;
        let late = stage.clock.now().since(due_at);
        assert!(late < Duration::from_secs(3600), "{fault:?}: it came {late:?} later");
        stage.jump().await.unwrap();
        assert_eq!(seen(&stage, &cast.member, QUESTION), before + 1, "{fault:?}");
        kept_lines_rules(&stage);
    }
}

#[tokio::test]
async fn a_message_whose_answer_is_lost_arrives_once_and_goes_on_from_there() {
    let (stage, cast) = morning().await;
    let before = seen(&stage, &cast.member, QUESTION);
    stage.turn(Fault::AnswersLost, true).unwrap();
    stage.jump().await.unwrap();
    stage.jump().await.unwrap();
    assert_eq!(seen(&stage, &cast.member, QUESTION), before + 1);
    stage.turn(Fault::AnswersLost, false).unwrap();
    let answered = || stage.person(&cast.member).unwrap().unwrap().watch.unwrap().round.is_none();
    assert!(!answered());
    stage.press(&cast.member, WELL).await;
    until(&stage, "the answer", answered).await;
    assert_eq!(seen(&stage, &cast.member, QUESTION), before + 1);
    kept_lines_rules(&stage);
}

#[tokio::test]
async fn what_people_do_while_line_is_down_arrives_after_it_at_the_time_of_the_act() {
    let (stage, cast) = morning().await;
    stage.jump().await.unwrap();
    stage.turn(Fault::LineDown, true).unwrap();
    let pressed_at = stage.clock.now();
    stage.press(&cast.member, WELL).await;
    let watch = || stage.person(&cast.member).unwrap().unwrap().watch.unwrap();
    assert!(watch().round.is_some());
    stage.clock.jump_to(pressed_at + Duration::from_secs(1800));
    stage.turn(Fault::LineDown, false).unwrap();
    stage.rest().await;
    assert!(watch().round.is_none());
    let answered_at = watch().last_answer_at.unwrap();
    assert!(answered_at.since(pressed_at) < Duration::from_secs(60));
}

#[tokio::test]
async fn a_larger_plan_lets_messages_go_that_the_used_up_month_held_back() {
    let (stage, cast) = morning().await;
    let before = seen(&stage, &cast.member, QUESTION);
    stage.turn(Fault::QuotaOut, true).unwrap();
    stage.jump().await.unwrap();
    assert_eq!(seen(&stage, &cast.member, QUESTION), before);
    // A reply costs nothing.
    let replies = seen(&stage, &cast.member, "使い方");
    stage.say(&cast.member, "使い方").await;
    assert!(seen(&stage, &cast.member, "使い方") > replies);
    stage.set_quota(Some(5_000));
    until(&stage, "the question", || seen(&stage, &cast.member, QUESTION) > before).await;
}

#[tokio::test]
async fn a_power_cut_loses_what_is_pressed_meanwhile_unless_line_delivers_again() {
    for redelivery in [false, true] {
        let (stage, cast) = morning().await;
        stage.turn(Fault::Redelivery, redelivery).unwrap();
        stage.jump().await.unwrap();
        assert!(stage.machine.stop().await);
        assert!(!stage.machine.stop().await, "it was off already");
        stage.press(&cast.member, WELL).await;
        let unheard = stage.standin.take_unheard();
        assert_eq!(unheard.len(), 1);
        assert_eq!((unheard[0].user.as_str(), unheard[0].again), (&*cast.member, redelivery));
        let open = || stage.person(&cast.member).unwrap().unwrap().watch.unwrap().round.is_some();
        assert!(open(), "nobody heard it");
        assert!(stage.machine.start().await.unwrap());
        assert!(!stage.machine.start().await.unwrap(), "it was on already");
        stage.clock.jump_to(stage.clock.now() + Duration::from_secs(60));
        stage.rest().await;
        assert_eq!(open(), !redelivery);
        // Whoever presses again is heard in any case.
        stage.press(&cast.member, WELL).await;
        assert!(!open());
        kept_lines_rules(&stage);
    }
}

#[tokio::test]
async fn a_question_that_came_due_while_the_server_was_off_is_asked_after_its_start() {
    let (stage, cast) = morning().await;
    let before = seen(&stage, &cast.member, QUESTION);
    stage.machine.stop().await;
    for _ in 0..3 {
        stage.jump().await.unwrap();
    }
    assert_eq!(seen(&stage, &cast.member, QUESTION), before, "a stopped server asks nobody");
    stage.machine.start().await.unwrap();
    until(&stage, "the question", || seen(&stage, &cast.member, WELL) > before).await;
}

#[tokio::test]
async fn power_cuts_at_every_turn_of_a_silence_do_not_keep_it_from_those_who_watch() {
    let (stage, cast) = morning().await;
    let is_told = |user: &String| seen(&stage, user, ALERT) + seen(&stage, user, UNKNOWN) > 0;
    let all_told = || cast.watchers.iter().all(is_told);
    for _ in 0..EVENTS_MAX {
        if all_told() {
            break;
        }
        // The clock moves, and the power goes while the server is at work on what is due.
        // After a start it would listen for ten minutes, so time goes on by an hour at least.
        let next = stage.upcoming().unwrap().unwrap();
        stage.clock.jump_to(next.at.max(stage.clock.now() + Duration::from_secs(3600)));
        tokio::task::yield_now().await;
        stage.machine.stop().await;
        stage.machine.start().await.unwrap();
        stage.rest().await;
    }
    assert!(all_told(), "nobody was told");
    for user in &cast.watchers {
        assert!(seen(&stage, user, ALERT) <= 1, "told twice");
    }
    kept_lines_rules(&stage);
}

#[tokio::test]
async fn what_the_server_acknowledged_before_a_power_cut_is_there_after_it() {
    const CROWD: usize = 20;
    let (stage, _) = morning().await;
    for heard_first in [0, 1, 7, 19] {
        let users: Vec<String> =
            (0..CROWD).map(|_| stage.standin.platform().add_user("はな")).collect();
        for user in &users {
            stage.standin.act(|platform, now_ms| platform.add_friend(now_ms, user));
        }
        let known = |user: &&String| stage.person(user).unwrap().is_some();
        while users.iter().filter(known).count() < heard_first {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stage.machine.stop().await;
        stage.rest().await;
        let unheard: BTreeSet<String> =
            stage.standin.take_unheard().into_iter().map(|unheard| unheard.user).collect();
        stage.machine.start().await.unwrap();
        stage.rest().await;
        for user in &users {
            assert!(known(&user) || unheard.contains(user), "acknowledged, and lost");
        }
        assert!(users.iter().filter(known).count() >= heard_first);
    }
}
