//! Mail's outbox beside LINE's: what one of them waits for, the other does not.

use std::sync::{Arc, Mutex};

use anshin::clock::{Anchor, Clock, ScaledClock, stopwatch_ms};
use anshin::config::{self, Surroundings};
use anshin::domain::event::{Event, Failure};
use anshin::domain::fact::Fact;
use anshin::domain::person::Person;
use anshin::domain::rules::Rules;
use anshin::engine::{self, Engine, Handle, RowNews, Sinks};
use anshin::locale::cli::Tongue;
use anshin::outbox::{self, Pace, Sending};
use anshin::store::Store;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::program::wait_for;
use crate::world::{World, hours, minutes};

/// Waits between two attempts shrink to nothing.
const SPEED: u32 = 1_000;

/// A LINE that answers every push the same way, and remembers to whom it was.
struct Line {
    outcome: Outcome,
    pushed: Mutex<Vec<OutboxId>>,
}

impl Transport for Line {
    fn pace(&self) -> Pace {
        anshin::line::client::PACE
    }

    fn push<'a>(&'a self, row: &'a Row) -> Sending<'a, Outcome> {
        self.pushed.lock().unwrap().push(row.id);
        Box::pin(async { self.outcome })
    }
}

fn line(outcome: Outcome) -> Arc<Line> {
    Arc::new(Line { outcome, pushed: Mutex::default() })
}

fn clock() -> Arc<ScaledClock> {
    Arc::new(ScaledClock::new(Anchor::now(noon(), SPEED)))
}

/// A writer over a data file with these rows, and what it publishes for each way out.
struct Desk {
    store: Store,
    engine: Handle,
    line: UnboundedReceiver<RowNews>,
    mail: UnboundedReceiver<RowNews>,
}

fn desk(clock: Arc<ScaledClock>, rows: &[Row], persons: &[Person]) -> Desk {
    let store = Store::in_memory([42; 32]).unwrap();
    put(&store, rows, persons);
    let (timers, _) = unbounded_channel();
    let (replies, _) = unbounded_channel();
    let (line, line_news) = unbounded_channel();
    let (mail, mail_news) = unbounded_channel();
    let render = Box::new(|_: &Outgoing, _: Moment| b"rendered".to_vec());
    let engine = Engine::new(store.clone(), Rules::default(), render).unwrap();
    let sinks = Sinks { timers, line, mail, replies };
    let (engine, _) = engine::start(engine, move || clock.now(), stopwatch_ms, sinks);
    Desk { store, engine, line: line_news, mail: mail_news }
}

fn put(store: &Store, rows: &[Row], persons: &[Person]) {
    let writing = store.write().unwrap();
    let mut tables = writing.tables();
    rows.iter().for_each(|row| tables.put_row(row).unwrap());
    persons.iter().for_each(|person| tables.put_person(person).unwrap());
    drop(tables);
    writing.commit().unwrap();
}

fn to_line(n: u8) -> Row {
    let address = Address::new(&format!("U{n:032x}")).unwrap();
    Row { to: address, ..alert(n, "nobody@example.jp") }
}

/// Somebody who is reached by mail alone.
fn kenji() -> Person {
    let address = Address::new("mailto:kenji@example.jp").unwrap();
    Person::met(PersonId(7), address, noon())
}

/// An event after which something that matters has to be sent to Kenji.
fn something_for_kenji() -> Event {
    let to = kenji().address.unwrap();
    Event::ReplyRefused { to, cause: "x".to_owned(), messages: vec![Message::AskName] }
}

async fn emptied(store: &Store, rows: u64) {
    wait_for(|| (store.read().unwrap().row_count().unwrap() == rows).then_some(())).await;
}

#[tokio::test]
async fn a_letter_leaves_its_outbox_when_the_server_took_it_and_not_before() {
    let (_place, office, mailer) = open(Security::Tls, true).await;
    let clock = clock();
    let rows = [alert(1, "grey@example.jp"), alert(2, "kenji@example.jp")];
    let desk = desk(clock.clone(), &rows, &[]);
    let gauge =
        outbox::start((&rows, false), desk.mail, Arc::new(mailer), desk.engine.clone(), clock);
    emptied(&desk.store, 0).await;
    wait_for(|| (gauge.pending() == 0).then_some(())).await;
    let mut ids: Vec<Value> = office.letters().iter().map(|l| l["letter"].clone()).collect();
    ids.sort_by_key(ToString::to_string);
    assert_eq!(
        ids,
        [
            "<01010101-0101-0101-0101-010101010101@example.jp>",
            "<02020202-0202-0202-0202-020202020202@example.jp>",
        ]
    );
}

#[tokio::test]
async fn a_receiver_that_does_not_exist_is_told_to_the_rules() {
    let (_place, office, mailer) = open(Security::StartTls, true).await;
    let clock = clock();
    let rows = [alert(1, "unknown@example.jp")];
    let desk = desk(clock.clone(), &rows, &[]);
    let _gauge =
        outbox::start((&rows, false), desk.mail, Arc::new(mailer), desk.engine.clone(), clock);
    emptied(&desk.store, 0).await;
    let journal = desk.store.read().unwrap().journal_after(0, 10).unwrap();
    let facts: Vec<Fact> = journal.into_iter().map(|entry| entry.fact).collect();
    assert!(facts.contains(&Fact::Undelivered(PersonId(1), Failure::UnknownReceiver)), "{facts:?}");
    assert_eq!(office.letters().len(), 0);
}

#[tokio::test]
async fn letters_leave_while_everything_to_line_is_held() {
    for held in [Outcome::MonthlyLimit, Outcome::Unauthorized, Outcome::RateLimited] {
        let (_place, office, mailer) = open(Security::Tls, true).await;
        // LINE's hold lasts for ever on a clock that stands still; the letter must not need time.
        let clock = Arc::new(ScaledClock::new(Anchor::now(noon(), 0)));
        let (lines, mails) = ([to_line(1), to_line(2)], [alert(3, "kenji@example.jp")]);
        let desk = desk(clock.clone(), &[&lines[..], &mails[..]].concat(), &[]);
        let (line, engine) = (line(held), desk.engine.clone());
        let held =
            outbox::start((&lines, false), desk.line, line.clone(), engine.clone(), clock.clone());
        wait_for(|| (line.pushed.lock().unwrap().len() == 2).then_some(())).await;
        let gauge =
            outbox::start((&mails, false), desk.mail, Arc::new(mailer), engine, clock).and(held);
        emptied(&desk.store, 2).await;
        assert_eq!(office.letters().len(), 1);
        wait_for(|| (gauge.pending() == 2).then_some(())).await;
        assert_eq!(line.pushed.lock().unwrap().len(), 2, "the hold is on");
    }
}

#[tokio::test]
async fn what_is_decided_goes_to_the_outbox_of_its_address_and_what_is_taken_back_to_both() {
    let clock = clock();
    let on_its_way = to_line(1);
    let mut desk = desk(clock, std::slice::from_ref(&on_its_way), &[kenji()]);
    desk.engine.decide(vec![something_for_kenji()]).await.unwrap();
    let news = desk.mail.recv().await.unwrap();
    assert_eq!((news.rows.len(), news.withdrawn.len()), (1, 0));
    assert_eq!(news.rows[0].to, kenji().address.unwrap());
    let accepted = Event::Accepted { message: on_its_way.id, at: noon() };
    desk.engine.decide(vec![accepted]).await.unwrap();
    for news in [&mut desk.line, &mut desk.mail] {
        let RowNews { rows, withdrawn, doubts_time } = news.recv().await.unwrap();
        assert_eq!((rows.len(), withdrawn, doubts_time), (0, vec![on_its_way.id], None));
        assert!(news.try_recv().is_err(), "LINE's outbox never heard of the letter");
    }
}

#[tokio::test]
async fn a_reply_to_somebody_reached_by_mail_alone_is_certainly_not_delivered() {
    let token = "x".to_owned();
    let messages = vec![Message::AskName];
    let reply = anshin::domain::decision::Reply {
        to: kenji().address.unwrap(),
        cause: String::new(),
        token,
        messages,
    };
    assert!(!mailer(&setting("smtps://127.0.0.1:9")).reply(&reply).await);
    assert!(!anshin::mail::Closed.reply(&reply).await);
}

/// The whole server on a data file with these rows, with settings of mail or without.
fn server(rows: &[Row], mail: &[(&str, &str)]) -> anshin::cli::serve::Assembly {
    let store = Store::in_memory([42; 32]).unwrap();
    put(&store, rows, &[kenji()]);
    let settings = [
        ("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp:8443"),
        ("ANSHIN_LINE__CHANNEL_ID", "2008123456"),
        ("ANSHIN_LINE__CHANNEL_SECRET", "5f0e2c9a1b7d43f6a8e4c0d2b6917f35"),
        ("ANSHIN_LINE__API_BASE", "http://127.0.0.1:9"),
        ("ANSHIN_OFFICE__NAME", "みどり市社協"),
    ];
    let variables = settings.iter().chain(mail);
    let variables =
        variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let config = config::read(None, &Surroundings { variables, credentials: None }).unwrap();
    anshin::cli::serve::assemble(&config, clock(), store, Tongue::En).unwrap()
}

#[tokio::test]
async fn without_a_mail_server_every_letter_fails_at_once_and_the_rules_hear_of_it() {
    let server = server(&[alert(1, "old@example.jp"), to_line(2)], &[]);
    server.engine.decide(vec![something_for_kenji()]).await.unwrap();
    emptied(&server.store, 1).await;
    let rows = server.store.read().unwrap().rows().unwrap();
    assert_eq!(rows[0].to, to_line(2).to, "what goes to LINE waits for LINE");
    let journal = server.store.read().unwrap().journal_after(0, 10).unwrap();
    let mut facts: Vec<Fact> = journal.into_iter().map(|entry| entry.fact).collect();
    facts.sort_by_key(|fact| format!("{fact:?}"));
    let failed = |person| Fact::Undelivered(PersonId(person), Failure::Refused);
    assert_eq!(facts, [failed(1), failed(7)]);
}

#[tokio::test]
async fn the_whole_server_sends_what_it_decides_and_what_was_left_from_before() {
    let place = Place::new(Security::StartTls, true);
    let office = place.open().await;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, &place.root).unwrap();
    let url = format!("smtp://anshin%40example.jp:p%40ss%3Aw%2Frd%25@localhost:{}", office.port);
    let server = server(
        &[alert(1, "old@example.jp")],
        &[
            ("ANSHIN_MAIL__SMTP_URL", &url),
            ("ANSHIN_MAIL__FROM", "mimamori@example.jp"),
            ("ANSHIN_MAIL__EXTRA_CA", root.to_str().unwrap()),
        ],
    );
    server.engine.decide(vec![something_for_kenji()]).await.unwrap();
    emptied(&server.store, 0).await;
    let letters = office.letters();
    let letter = letters.iter().find(|l| l["envelope"][1] == "kenji@example.jp").unwrap();
    assert_eq!(letters.len(), 2);
    assert_eq!(letter["envelope"][0], "mimamori@example.jp");
    assert_eq!(letter["hello"], "mimamori.example.jp");
    assert_eq!(letter["headers"]["From"], "みどり市社協 <mimamori@example.jp>");
    assert!(
        letter["headers"]["Date"].as_str().unwrap().starts_with("Mon, 23 Nov 2026"),
        "{letter}"
    );
}

#[test]
fn the_world_of_the_other_tests_takes_letters_too() {
    let mut world = World::new();
    world.edit(|tables| tables.put_person(&kenji()).unwrap());
    world.hush();
    world.post.answer = Outcome::Unavailable;
    world.happen(&[something_for_kenji()]);
    assert!(world.letters("kenji@example.jp").is_empty());
    world.post.answer = Outcome::Accepted;
    world.wait(minutes(1));
    world.expect(expect![[r#"
        11-23 08:00 kenji@example.jp ✉ 【見守り】お名前（呼び名）を送ってください
    "#]]);
    let letter = world.letters("kenji@example.jp")[0];
    assert!(letter.text.contains("0120-000-000"), "{}", letter.text);
    assert!(letter.at > noon() - hours(4));
}
