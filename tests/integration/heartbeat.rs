//! Who watches the watcher: what the service notices of itself, and the address that is called only while
//! nothing ails.

use std::sync::{Arc, Mutex};

use anshin::domain::certificate::Concern;
use anshin::domain::event::{Event, TimeLook, Upkeep};
use anshin::domain::mail::MailAddress;
use anshin::domain::rules::Rules;
use anshin::domain::schedule::Zone;
use anshin::domain::vitals::Ailment;
use anshin::heartbeat::{Beat, Heartbeat};
use anshin::keeper::vitals::{Ailing, Outside, look};
use anshin::outbox::Outcome;
use anshin::platform::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::world::{Refusal, Watchful, World, days, minutes, tokyo};

fn ailments(world: &World) -> Vec<Ailment> {
    let outside = Outside {
        busy: minutes(0),
        real_time: true,
        backup_life: None,
        space: None,
        running_since: world.now,
        certificate: world.certificate,
    };
    look(&world.store.read().unwrap(), outside, world.now).unwrap()
}

/// Two people who watch, one who is asked at nine, and a server that looks after itself.
fn world() -> (World, [String; 3]) {
    let mut world = World::new();
    world.watchful = Watchful::ByItself;
    let family = world.family("5日", "9時");
    world.until_wall("2026-11-23T08:50:00");
    (world, family)
}

#[test]
fn nothing_ails_while_people_are_asked_and_answer() {
    let (mut world, [yoshiko, ..]) = world();
    for hour in 0..40 {
        world.wait(minutes(60));
        assert_eq!(ailments(&world), [], "hour {hour}");
    }
    world.press(&yoshiko, "げんきです");
    world.wait(minutes(60));
    assert_eq!(ailments(&world), []);
}

#[test]
fn line_that_takes_nothing_for_more_than_ten_minutes_is_noticed_and_so_is_its_return() {
    let (mut world, [yoshiko, ..]) = world();
    world.refusal = Some(Refusal::Unavailable(vec![yoshiko]));
    world.until_wall("2026-11-23T09:10:00");
    assert_eq!(ailments(&world), []);
    world.until_wall("2026-11-23T09:11:00");
    assert_eq!(ailments(&world), [Ailment::Line]);
    world.refusal = None;
    world.until_wall("2026-11-23T09:40:00");
    assert_eq!(ailments(&world), []);
}

/// Lets minutes pass, and looks in each of them as the keeper does: what was seen in several looks is told to the office.
fn wait_and_look(world: &mut World, ailing: &mut Ailing, count: u32, outside: Outside) {
    for _ in 0..count {
        world.wait(minutes(1));
        let seen = look(&world.store.read().unwrap(), outside, world.now).unwrap();
        let today = Zone::default().local(world.now).date();
        let news = ailing.note(&seen, today).into_iter();
        let news: Vec<Event> = news.map(|ailment| Event::Upkeep(Upkeep::Ails(ailment))).collect();
        world.happen(&news);
    }
}

#[test]
fn what_keeps_us_from_hearing_sending_or_going_on_is_written_to_the_office_within_fifteen_minutes()
{
    let office = "welfare@example.jp";
    let office_mail = vec![MailAddress::parse(office).unwrap()];
    let mut world = World::at("2026-11-23T08:00:00", Rules { office_mail, ..Rules::default() });
    world.watchful = Watchful::ByItself;
    let [yoshiko, ..] = world.family("毎日", "9時");
    let mut ailing = Ailing::default();
    let well = Outside {
        busy: minutes(0),
        real_time: true,
        backup_life: None,
        space: Some((9_000, 20_000)),
        running_since: world.now,
        certificate: None,
    };
    let written = |world: &World| -> Vec<String> {
        let letters = world.letters(office).into_iter().map(|letter| letter.subject.clone());
        letters.filter(|subject| !subject.contains("のようす")).collect()
    };
    wait_and_look(&mut world, &mut ailing, 20, well);
    let mut told = written(&world).len();
    let lost = Some(Concern::Lost(None));
    for (ailment, outside) in [
        (Ailment::Deaf, well),
        (Ailment::Disk, Outside { space: Some((400, 20_000)), ..well }),
        (Ailment::Certificate, Outside { certificate: lost, ..well }),
    ] {
        world.deaf = ailment == Ailment::Deaf;
        wait_and_look(&mut world, &mut ailing, 15, outside);
        assert_eq!(written(&world).len(), told + 1, "{ailment:?}: {:?}", written(&world));
        world.deaf = false;
        wait_and_look(&mut world, &mut ailing, 15, well);
        told = written(&world).len();
    }
    world.press(&yoshiko, "げんきです");
    world.refusal = Some(Refusal::Unavailable(vec![yoshiko]));
    world.until_wall("2026-11-24T09:00:00");
    told = written(&world).len();
    wait_and_look(&mut world, &mut ailing, 15, well);
    assert_eq!(written(&world).len(), told + 1, "{:?}", written(&world));
}

#[test]
fn letters_that_do_not_leave_are_noticed_after_half_an_hour_because_many_servers_let_one_wait_a_while()
 {
    let office_mail = vec![MailAddress::parse("welfare@example.jp").unwrap()];
    let rules = Rules { office_mail, ..Rules::default() };
    let mut world = World::with("2026-11-23T08:00:00", rules, Settings::default());
    world.watchful = Watchful::ByItself;
    // A wrong password: nothing leaves, and nothing else says so for a day.
    world.post.answer = Outcome::Unauthorized;
    world.until_wall("2026-11-23T09:25:00");
    assert_eq!(ailments(&world), []);
    world.until_wall("2026-11-23T09:31:00");
    assert_eq!(ailments(&world), [Ailment::Mail]);
    world.post.answer = Outcome::Accepted;
    world.until_wall("2026-11-23T11:00:00");
    assert_eq!(ailments(&world), []);
}

#[test]
fn a_receiver_that_line_cannot_reach_is_noticed_with_the_next_test() {
    let (mut world, _) = world();
    world.deaf = true;
    world.wait(minutes(6));
    assert_eq!(ailments(&world), [Ailment::Deaf]);
    world.deaf = false;
    world.wait(minutes(6));
    assert_eq!(ailments(&world), []);
}

#[test]
fn a_server_that_stands_still_or_forgets_a_timer_is_noticed() {
    let (mut world, [yoshiko, ..]) = world();
    let id = world.id(&yoshiko).0;
    let long_ago = world.now - minutes(6);
    world.edit(|tables| tables.put_timer(id, Some(long_ago)).unwrap());
    assert_eq!(ailments(&world), [Ailment::Timers]);
    world.stop();
    world.wait(minutes(4));
    assert_eq!(ailments(&world), [Ailment::Writer, Ailment::Timers]);
}

#[test]
fn a_clock_that_stays_in_doubt_is_noticed() {
    let (mut world, _) = world();
    world.time_looks = TimeLook::Stepped;
    world.wait(minutes(5));
    assert_eq!(ailments(&world), []);
    world.wait(minutes(7));
    assert_eq!(ailments(&world), [Ailment::Clock]);
    world.time_looks = TimeLook::Proven;
    world.wait(minutes(2));
    assert_eq!(ailments(&world), []);
}

#[test]
fn a_certificate_that_nobody_renews_is_noticed_and_stands_in_the_letter_of_each_morning() {
    let office = "welfare@example.jp";
    let office_mail = vec![MailAddress::parse(office).unwrap()];
    let rules = Rules { office_mail, ..Rules::default() };
    let mut world = World::with("2026-11-23T08:00:00", rules, Settings::default());
    let until = tokyo("2026-12-13T12:00:00");
    for (concern, ailment, words) in [
        (Concern::Ageing(until), Ailment::Renewal, "期限は12月13日"),
        (Concern::Refused(until), Ailment::Renewal, "新しいHTTPSの証明書が使えません"),
        (Concern::Lost(Some(until)), Ailment::Certificate, "すぐ連絡してください"),
        (Concern::Lost(None), Ailment::Certificate, "HTTPSの証明書がありません"),
    ] {
        world.certificate = Some(concern);
        assert_eq!(ailments(&world), [ailment]);
        world.wait(days(1));
        let letters = world.letters(office);
        let daily = letters.last().unwrap();
        assert!(daily.text.contains(words), "{concern:?}: {}", daily.text);
    }
    world.certificate = None;
    assert_eq!(ailments(&world), []);
    world.wait(days(1));
    assert!(!world.letters(office).last().unwrap().text.contains("証明書"));
}

/// Somebody who is called, and answers each call with the same status.
async fn called(status: u16) -> (reqwest::Url, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ping/anshin?town=1", listener.local_addr().unwrap());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = vec![0; 4096];
            let length = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            seen.lock().unwrap().push(head.lines().next().unwrap().to_owned());
            let answer =
                format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (reqwest::Url::parse(&url).unwrap(), calls)
}

#[tokio::test]
async fn the_address_is_called_only_while_somebody_looked_and_found_nothing() {
    let (url, calls) = called(200).await;
    let found = Arc::new(Mutex::new(None));
    let shown = Arc::clone(&found);
    let mut heartbeat =
        Heartbeat::new(url, Box::new(move || shown.lock().unwrap().clone())).unwrap();
    assert_eq!(heartbeat.beat().await, Beat::Withheld, "nobody looked yet");
    *found.lock().unwrap() = Some(Vec::new());
    assert_eq!(heartbeat.beat().await, Beat::Heard);
    for ailment in [Ailment::Unseen, Ailment::Writer, Ailment::Deaf, Ailment::Line] {
        *found.lock().unwrap() = Some(vec![ailment]);
        assert_eq!(heartbeat.beat().await, Beat::Withheld, "{ailment:?}");
    }
    *found.lock().unwrap() = Some(Vec::new());
    assert_eq!(heartbeat.beat().await, Beat::Heard);
    // What is weeks away must not use up the alarm.
    *found.lock().unwrap() = Some(vec![Ailment::Renewal]);
    assert_eq!(heartbeat.beat().await, Beat::Heard);
    *found.lock().unwrap() = Some(vec![Ailment::Certificate, Ailment::Renewal]);
    assert_eq!(heartbeat.beat().await, Beat::Withheld);
    let line = "GET /ping/anshin?town=1 HTTP/1.1";
    assert_eq!(*calls.lock().unwrap(), [line, line, line]);
}

#[tokio::test]
async fn an_address_that_does_not_answer_well_is_not_taken_for_one_that_heard() {
    for status in [302, 404, 500] {
        let (url, calls) = called(status).await;
        let mut heartbeat = Heartbeat::new(url, Box::new(|| Some(Vec::new()))).unwrap();
        assert_eq!(heartbeat.beat().await, Beat::Unheard, "{status}");
        assert_eq!(calls.lock().unwrap().len(), 1);
    }
    let nobody = reqwest::Url::parse("http://127.0.0.1:9/").unwrap();
    let mut heartbeat = Heartbeat::new(nobody, Box::new(|| Some(Vec::new()))).unwrap();
    assert_eq!(heartbeat.beat().await, Beat::Unheard);
}
