//! Somebody is forgotten: what stands in the way, what goes from every table and from the bytes of the file, what stays, and
//! that whoever comes back is a stranger.

use std::path::Path;

use anshin::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Receipt, Side, Stage, Text, Whom,
};
use anshin::domain::case::{Closed, Outcome, Trouble};
use anshin::domain::decision::Purpose;
use anshin::domain::details::{Contact, Details, LINE_CHARS_MAX, Line, NOTE_CHARS_MAX, Phone};
use anshin::domain::event::{Act, Chat, Upkeep};
use anshin::domain::fact::Fact;
use anshin::domain::group::{Group, Participant};
use anshin::domain::id::{Address, BulletinId, CaseId, GroupId, OutboxId, StaffId, TeamId};
use anshin::domain::invitation::{Code, CodeKind, Invitation};
use anshin::domain::mail::MailAddress;
use anshin::domain::opinion::Opinion;
use anshin::domain::page::{PageLink, PageSession};
use anshin::domain::person::{Mail, Person};
use anshin::domain::press::Press;
use anshin::domain::record::{Finding, Means, Next, Note, Party, Record};
use anshin::domain::round::{Ending, PastRound, Round};
use anshin::domain::team::{Member, Policy, Role};
use anshin::store::{Row, Store};
use tempfile::TempDir;

use super::*;

/// What was kept about the one who is forgotten: each is found nowhere else.
const NAME: &str = "かなりやよしこ";
const ADDRESS: &str = "U0badc0de0badc0de0badc0de0badc0de";
const MAIL: &str = "canary@example.jp";
const SESSION: [u8; 32] = [0xC7; 32];
const WORDS: [&str; 15] = [
    "金糸雀 良子",
    "かなりあ よしこ",
    "かなりや町1-2-3",
    "0283-77-1111",
    "090-7777-2222",
    "金糸雀 長女子",
    "0283-77-3333",
    "鳥かごのうらに、かぎ",
    "かなりや不動産",
    "雨戸がしまっていたが、お元気だった",
    "金糸雀さんの長女に、夕方また電話する",
    "かなりやさんへ、こちらだけのお知らせ",
    "わたしの小鳥のことも聞いてほしい",
    "かなりやばあちゃん",
    "かなりや町の住民です",
];

fn line(text: &str) -> Line {
    Line::read(text, NOTE_CHARS_MAX).unwrap().unwrap()
}

fn phone(text: &str) -> Phone {
    Phone::read(text).unwrap().unwrap()
}

/// Which of the words are in some bytes.
fn found_in(bytes: &[u8]) -> Vec<String> {
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    let words = WORDS.iter().chain([&NAME, &ADDRESS, &MAIL]);
    let mut found: Vec<String> =
        words.filter(|word| has(word.as_bytes())).map(|word| (*word).to_owned()).collect();
    found.extend(has(&SESSION).then(|| "a session".to_owned()));
    found
}

/// Which of them stand in any table, in a key or in a record.
fn found_in_tables(store: &Store) -> Vec<String> {
    let mut found = Vec::new();
    let look = |table: &str, key: &[u8], value: &[u8]| {
        for word in found_in(key).into_iter().chain(found_in(value)) {
            found.push(format!("{table}: {word}"));
        }
    };
    store.read().unwrap().every_record(look).unwrap();
    found
}

fn found_in_file(path: &Path) -> Vec<String> {
    found_in(&std::fs::read(path).unwrap())
}

/// An office with a data file of its own, and somebody who was with it for years.
struct Place {
    folder: TempDir,
    house: House,
    browser: Browser,
    person: PersonId,
    case: CaseId,
    team: TeamId,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anshin.redb");
        let store = Store::open(&path, Store::CACHE_BYTES_MIN, [42; 32]).unwrap();
        let house = House::over(store, HTTPS, tokyo("2026-11-23T08:00:00"));
        let (browser, _) = house.member("山田", StaffRole::Admin).await;
        let mut town = Town::new(&house);
        let person = town.person(NAME, None, true);
        let other = town.person("はな", None, true);
        town.team("ひまわり町会", person);
        let team = house.store.read().unwrap().places(person).unwrap()[0].0;
        town.member(team, other);
        town.family(NAME, person);
        let case = town.case(person, Trouble::NoAnswer, |case| {
            let by = anshin::domain::case::Actor::Staff(StaffId(1));
            case.closed =
                Some(Closed { at: case.opened_at, by: Some(by), outcome: Outcome::Forgot });
        });
        let place = Self { folder, house, browser, person, case, team };
        place.write_down(other);
        place
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("anshin.redb")
    }

    fn write_down(&self, other: PersonId) {
        let (house, id) = (&self.house, self.person);
        let now = house.now();
        let known = house.person(id);
        let address = Address::new(ADDRESS).unwrap();
        let mail = Mail { address: MailAddress::parse(MAIL).unwrap(), confirmed_at: now };
        let old = known.address.clone();
        let town = Town::new(house);
        town.write(|tables| {
            tables
                .put_person(&Person { address: Some(address), mail: Some(mail), ..known })
                .unwrap();
            assert!(old.is_some());
            tables.put_details(id, &details()).unwrap();
            for days in 1..40 {
                let round = Round::asking(now - Duration::from_secs(days * 86_400));
                let past = PastRound { round, ending: Ending::Answered, ended_at: now, by: None };
                tables.put_past(id, &past).unwrap();
            }
            tables.add_record(self.case, &record(now)).unwrap();
            let text = line("わたしの小鳥のことも聞いてほしい");
            tables.add_opinion(&Opinion { at: now, by: id, text }).unwrap();
            let token = TokenHash(SESSION);
            tables
                .put_page_session(&PageSession { token, person: id, since: now, seen_at: now })
                .unwrap();
            let mut member = tables.member((self.team, Role::Member, id)).unwrap().unwrap();
            member.declared = Some(line("かなりや町の住民です"));
            tables.put_member(&member).unwrap();
            let code = Code::read("KANARAYA").unwrap();
            let by = anshin::domain::case::Actor::Person(id);
            let kind = CodeKind::Manager;
            let invitation =
                Invitation { code, kind, team: self.team, by, since: now, used_by: None };
            tables.put_invitation(&invitation).unwrap();
        });
        self.write_to_them(other);
    }

    /// A group, and bulletins: one to them alone, one to everyone.
    fn write_to_them(&self, other: PersonId) {
        let (house, id) = (&self.house, self.person);
        let now = house.now();
        let bulletin = |number: u32, audience: Audience, text: &str| Bulletin {
            id: BulletinId(number),
            by: StaffId(1),
            since: now,
            draft: Draft {
                shown_at: now,
                kind: Kind::Notice,
                text: Text::read(text).unwrap(),
                audience,
                side: Side::Both,
                urgent: false,
            },
            run: 1,
            whom: Whom::Everyone,
            stage: Stage::Over(now, End::Complete),
            on_their_way: 0,
        };
        let group = GroupId(7001);
        Town::new(house).write(|tables| {
            let alone =
                bulletin(7002, Audience::Person(id), "かなりやさんへ、こちらだけのお知らせ");
            tables.put_bulletin(&alone).unwrap();
            tables.put_bulletin(&bulletin(7003, Audience::Everyone, "みなさんへ")).unwrap();
            let receipt = Receipt { delivery: Delivery::Arrived, word: None };
            for (bulletin, to) in [(7002, id), (7003, id), (7003, other)] {
                tables.put_receipt(BulletinId(bulletin), to.0, &receipt).unwrap();
            }
            let address = Address::new("C00000000000000000000000000000001").unwrap();
            let mut met = Group::met(group, address, now);
            met.leader = Some(id);
            tables.put_group(&met).unwrap();
            for (person, name) in [(id, "かなりやばあちゃん"), (other, "はなさん")] {
                let name = Some(Name::stored(name.to_owned()));
                let participant = Participant { group, person, name, since: now };
                tables.put_participant(&participant).unwrap();
            }
            let mut service = tables.service().unwrap();
            service.breaker.hold(Name::stored(NAME.to_owned()));
            tables.put_service(&service).unwrap();
            tables.put_row(&row(house, id, Purpose::Notice(id))).unwrap();
        });
    }

    fn at(&self, what: &str) -> String {
        format!("/staff/people/{}/{what}", self.person)
    }

    async fn end_watch(&mut self) {
        let path = format!("/staff/people/{}", self.person);
        self.browser.get(&self.house, &path).await;
        let fields = [("act", "end"), ("why", "0"), ("sure", "1")];
        let page = self.browser.post(&self.house, &path, &fields).await;
        assert_eq!(page.status, 303, "{}", page.text);
        // What tells of it has left.
        self.deliver();
    }

    /// Everything that was to be said to others has left.
    fn deliver(&self) {
        Town::new(&self.house).write(|tables| {
            let rows = self.house.store.read().unwrap().rows().unwrap();
            for row in rows.iter().filter(|row| row.purpose.receiver() != Some(self.person)) {
                tables.remove_row(row.id).unwrap();
            }
        });
    }

    async fn erase(&mut self, number: &str) -> Page {
        let path = self.at("erase");
        self.browser.get(&self.house, &format!("{path}?next")).await;
        let fields = [("number", number), ("reason", "1")];
        self.browser.post(&self.house, &path, &fields).await
    }

    async fn erased() -> Self {
        let mut place = Self::new().await;
        place.end_watch().await;
        let number = place.person.to_string();
        let page = place.erase(&number).await;
        let receipt = format!("/staff/erasures/{}", place.person);
        assert_eq!(
            (page.status, page.header("location")),
            (303, receipt.as_str()),
            "{}",
            page.text
        );
        place
    }

    async fn receipt(&mut self) -> Page {
        let page = self.browser.get(&self.house, &format!("/staff/erasures/{}", self.person)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page
    }
}

fn details() -> Details {
    Details {
        full_name: Some(line("金糸雀 良子")),
        reading: Some(line("かなりあ よしこ")),
        address: Some(line("かなりや町1-2-3")),
        phone: Some(phone("0283-77-1111")),
        mobile: Some(phone("090-7777-2222")),
        contacts: vec![Contact {
            name: Line::read("金糸雀 長女子", LINE_CHARS_MAX).unwrap().unwrap(),
            relation: Some(line("長女")),
            phone: phone("0283-77-3333"),
            note: None,
            address: None,
            told: true,
        }],
        landlord: Some(line("かなりや不動産")),
        note: Some(line("鳥かごのうらに、かぎ")),
        ..Details::default()
    }
}

fn record(at: Moment) -> Record {
    let what = line("金糸雀さんの長女に、夕方また電話する");
    let note = Note {
        means: Means::Visit,
        party: Party::Person,
        result: Finding::ALL[0],
        text: Some(line("雨戸がしまっていたが、お元気だった")),
        next: Some(Next { what, due_at: None }),
    };
    Record { at, by: StaffId(1), note }
}

/// Something that waits to leave and has their name in it.
fn row(house: &House, to: PersonId, purpose: Purpose) -> Row {
    Row {
        id: OutboxId([7; 16]),
        to: house.person(to).address.unwrap(),
        purpose,
        body: format!("{{\"messages\":[\"{NAME}さん\"]}}").into_bytes(),
        queued_at: house.now(),
        first_try_at: None,
    }
}

#[tokio::test]
async fn nothing_about_whoever_was_forgotten_is_in_any_table_or_in_the_bytes_of_a_file_written_anew()
 {
    let mut place = Place::new().await;
    place.end_watch().await;
    // Else the test could not fail.
    let mut before = found_in_file(&place.path());
    before.sort();
    assert_eq!(before.len(), WORDS.len() + 4, "{before:?}");
    let number = place.person.to_string();
    place.erase(&number).await;
    assert_eq!(found_in_tables(&place.house.store), Vec::<String>::new());
    assert!(!found_in_file(&place.path()).is_empty(), "redb clears what it frees by now");
    let store = place.house.store.clone();
    let anew = store.write_anew().unwrap().unwrap();
    // The service goes on while the copy is made.
    place.house.act(Deed::LogInFailed { staff: place.house.staff("山田").id }).await;
    let extent = place.house.store.read().unwrap();
    place.house.engine.take_over(anew).await.unwrap().unwrap();
    assert_eq!(found_in_file(&place.path()), Vec::<String>::new());
    let now = place.house.store.read().unwrap();
    assert_eq!(now.extent().unwrap(), extent.extent().unwrap(), "nothing else was lost");
    drop((extent, now));
    // What is done now is in the new file.
    let clean = Event::Upkeep(Upkeep::FileClean(place.person));
    place.house.engine.decide(vec![clean]).await.unwrap();
    let left: Vec<_> = std::fs::read_dir(place.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left beside the data");
    let page = place.receipt().await;
    assert!(page.has("あとも残らないように"), "{}", page.text);
    assert!(place.house.journal().contains(&Fact::FileClean(place.person)));
}

#[tokio::test]
async fn a_file_written_anew_that_cannot_take_its_place_leaves_the_service_as_it_was() {
    let mut place = Place::erased().await;
    let anew = place.house.store.write_anew().unwrap().unwrap();
    let half = std::fs::read_dir(place.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let half: Vec<_> = half.filter(|path| *path != place.path()).collect();
    assert_eq!(half.len(), 1);
    std::fs::remove_file(&half[0]).unwrap();
    let refused = place.house.engine.take_over(anew).await.unwrap();
    assert!(refused.is_err());
    assert!(place.receipt().await.has("今夜の午前4時ごろ"), "the mark stays");
    // Days later somebody has to look.
    place.house.wait(Duration::from_secs(3600));
    let (mut browser, _) = place.house.member("佐藤", StaffRole::Admin).await;
    let page = browser.get(&place.house, "/staff/erasures").await;
    assert!(page.has("今夜消えます"), "{}", page.text);
}

#[tokio::test]
async fn in_the_night_the_file_is_written_anew_by_itself() {
    let mut place = Place::erased().await;
    assert!(place.receipt().await.has("今夜の午前4時ごろ"));
    place.house.wait(Duration::from_secs(21 * 3600));
    let clean = async {
        loop {
            let receipt = place.house.store.read().unwrap().erasure(place.person).unwrap();
            if receipt.unwrap().file_clean_at.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), clean).await.unwrap();
    assert_eq!(found_in_file(&place.path()), Vec::<String>::new());
    let facts = place.house.journal();
    assert_eq!(facts.iter().filter(|fact| matches!(fact, Fact::FileClean(_))).count(), 1);
}

#[tokio::test]
async fn until_the_watch_and_every_case_have_ended_one_sentence_says_what_comes_first() {
    let mut place = Place::new().await;
    let (house, id) = (&place.house, place.person);
    let mut town = Town::new(house);
    let open = town.case(id, Trouble::Unreachable, |_| {});
    let manager = town.person("けんじ", None, true);
    town.manager(place.team, manager);
    let path = place.at("erase");
    let page = place.browser.get(&place.house, &path).await;
    assert!(page.has("終わっていない対応") && page.has(&format!("/staff/cases/{open}")));
    assert!(!page.has("erase?next"), "{}", page.text);
    let number = id.to_string();
    let refused = place.erase(&number).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(place.house.store.read().unwrap().person(id).unwrap().is_some());
    // The case ends with the watch; what tells those who watch of it is still to leave then.
    let path = format!("/staff/people/{id}");
    place.browser.get(&place.house, &path).await;
    let fields = [("act", "end"), ("why", "0"), ("sure", "1")];
    place.browser.post(&place.house, &path, &fields).await;
    let page = place.browser.get(&place.house, &place.at("erase")).await;
    assert!(page.has("いま送っています"), "{}", page.text);
    assert_eq!(place.erase(&number).await.status, 409);
    place.deliver();
    let page = place.browser.get(&place.house, &place.at("erase")).await;
    assert!(page.has("消えるもの") && page.has("残るもの") && page.has("erase?next"));
    assert_eq!(place.erase(&number).await.status, 303);
}

#[tokio::test]
async fn whoever_watches_over_others_or_heads_an_organization_has_to_hand_that_over_first() {
    let mut place = Place::new().await;
    place.end_watch().await;
    let town = Town::new(&place.house);
    let manager = Member::joining(place.team, Role::Manager, place.person, place.house.now());
    town.write(|tables| tables.put_member(&manager).unwrap());
    let page = place.browser.get(&place.house, &place.at("erase")).await;
    let team = format!("{}?team={}", place.at("watching"), place.team);
    assert!(page.has("チームの見守る方です") && page.has(&team), "{}", page.text);
    let number = place.person.to_string();
    assert_eq!(place.erase(&number).await.status, 409);
}

#[tokio::test]
async fn where_others_records_name_them_is_shown_before_because_that_stays() {
    let mut place = Place::new().await;
    place.end_watch().await;
    let page = place.browser.get(&place.house, &place.at("erase")).await;
    assert!(!page.has("見つかったところ"), "{}", page.text);
    let mut town = Town::new(&place.house);
    let neighbour = town.person("となり", None, true);
    town.write(|tables| {
        let note = Some(line("むかいの金糸雀良子さんが、かぎを持っている"));
        tables.put_details(neighbour, &Details { note, ..Details::default() }).unwrap();
    });
    let page = place.browser.get(&place.house, &place.at("erase")).await;
    assert!(page.has("見つかったところ"), "{}", page.text);
    assert!(page.has(&format!("/staff/people/{neighbour}/contacts")));
}

#[tokio::test]
async fn the_number_has_to_be_typed_and_workers_cannot_do_it() {
    let mut place = Place::new().await;
    place.end_watch().await;
    let page = place.erase("1").await;
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(page.has("会員番号がちがいます"));
    assert!(place.house.store.read().unwrap().person(place.person).unwrap().is_some());
    let (mut worker, _) = place.house.member("佐藤", StaffRole::Worker).await;
    assert_eq!(worker.get(&place.house, &place.at("erase")).await.status, 403);
    let typed = format!("#{}", place.person);
    assert_eq!(place.erase(&typed).await.status, 303);
}

#[tokio::test]
async fn the_receipt_says_what_went_when_and_from_where_and_not_who_it_was() {
    let mut place = Place::erased().await;
    let page = place.receipt().await;
    for said in
        ["山田", "ご家族の希望", "2026年11月23日", "質問とお返事", "39件", "対応の記録のことば"]
    {
        assert!(page.has(said), "{said}: {}", page.text);
    }
    // By default copies are made each day, and kept for a week of days and four weeks.
    assert!(page.has("2026年12月22日"), "{}", page.text);
    assert_eq!(found_in(page.text.as_bytes()), Vec::<String>::new());
    let list = place.browser.get(&place.house, "/staff/erasures").await;
    assert!(list.has(&format!("/staff/erasures/{}", place.person)) && list.has("今夜消えます"));
    let log = place.browser.get(&place.house, "/staff/log").await;
    assert!(log.has(&format!("会員{}番の情報を削除した", place.person)), "{}", log.text);
}

#[tokio::test]
async fn cases_and_numbers_stay_without_a_name_and_every_page_that_shows_them_copes() {
    let mut place = Place::erased().await;
    let case = format!("/staff/cases/{}", place.case);
    let page = place.browser.get(&place.house, &case).await;
    assert_eq!(page.status, 200);
    assert!(page.has("削除済み") && page.has("訪問"), "{}", page.text);
    assert_eq!(found_in(page.text.as_bytes()), Vec::<String>::new());
    let fields = [
        ("act", "record"),
        ("means", "0"),
        ("party", "0"),
        ("result", "0"),
        ("text", "あとから書いたこと"),
    ];
    place.browser.post(&place.house, &case, &fields).await;
    let records = place.house.store.read().unwrap().records(place.case, 10).unwrap();
    assert_eq!(records.len(), 1, "nothing is written about them any more");
    for path in [
        "/staff",
        "/staff/people",
        "/staff/calls",
        "/staff/rests",
        "/staff/teams",
        "/staff/groups",
        "/staff/bulletins",
        "/staff/bulletins/7003",
        "/staff/statistics",
        "/staff/report",
        "/staff/opinions",
        "/staff/memberships",
        "/staff/line",
    ] {
        let page = place.browser.get(&place.house, path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        assert_eq!(found_in(page.text.as_bytes()), Vec::<String>::new(), "{path}");
    }
    assert_eq!(place.browser.get(&place.house, "/staff/bulletins/7002").await.status, 404);
    assert_eq!(place.browser.get(&place.house, &place.at("erase")).await.status, 404);
    let page = place.browser.get(&place.house, &format!("/staff/people/{}", place.person)).await;
    assert_eq!(page.status, 404);
    let again = place.erase(&place.person.to_string()).await;
    assert_eq!(again.status, 404, "a second press finds nobody");
}

#[tokio::test]
async fn whoever_comes_back_under_the_same_account_is_a_stranger() {
    let place = Place::erased().await;
    let house = &place.house;
    let address = Address::new(ADDRESS).unwrap();
    let chat = |id: &str, act: Act| {
        let (at, id, from) = (house.now(), id.to_owned(), address.clone());
        Event::Chat(Chat { id, at, from, reply_token: None, act })
    };
    // A late block of theirs, a timer and an answer of LINE that were under way say nothing.
    house.engine.decide(vec![chat("block", Act::Blocked)]).await.unwrap();
    let stale = [
        Event::Timer { id: place.person.0, due_at: house.now() },
        Event::Accepted { message: OutboxId([7; 16]), at: house.now() },
        Event::Upkeep(Upkeep::Reach {
            person: place.person,
            reachable: true,
            asked_at: house.now(),
        }),
        Event::Upkeep(Upkeep::Stray(place.person)),
    ];
    house.engine.decide(stale.to_vec()).await.unwrap();
    assert_eq!(found_in_tables(&house.store), Vec::<String>::new());
    // An old button of theirs, which is as well sealed as ever.
    let press = Press::Well(place.person, house.now());
    house.engine.decide(vec![chat("press", Act::Pressed(press))]).await.unwrap();
    let reading = house.store.read().unwrap();
    assert!(reading.person(place.person).unwrap().is_none());
    let met = reading.person_at(&address).unwrap().expect("somebody new");
    assert_ne!(met, place.person);
    let stranger = reading.person(met).unwrap().unwrap();
    assert!(stranger.name.is_none() && stranger.watch.is_none());
    assert!(reading.places(met).unwrap().is_empty());
    assert_eq!(reading.details(met).unwrap(), None);
    assert_eq!(Policy::Nothing, Policy::of(anshin::domain::team::TeamKind::Personal));
}

#[tokio::test]
async fn a_link_of_theirs_opens_nothing_and_their_browser_is_out() {
    let mut place = Place::new().await;
    let mint = place.house.store.read().unwrap().mint().unwrap();
    let link = |at| PageLink { person: place.person, page: anshin::domain::page::Page::Own, at };
    let path = format!("/u/enter/{}", link(place.house.now()).token(&mint));
    let mut phone = Browser::new(HTTPS);
    phone.get(&place.house, &path).await;
    assert_eq!(phone.post(&place.house, &path, &[]).await.status, 303);
    assert_eq!(phone.get(&place.house, "/u").await.status, 200);
    place.house.wait_seconds(5);
    let fresh = format!("/u/enter/{}", link(place.house.now()).token(&mint));
    place.end_watch().await;
    let number = place.person.to_string();
    assert_eq!(place.erase(&number).await.status, 303);
    let page = phone.get(&place.house, "/u").await;
    assert!(page.status == 403 && !page.has(NAME), "{}", page.text);
    let mut other = Browser::new(HTTPS);
    other.get(&place.house, &fresh).await;
    let page = other.post(&place.house, &fresh, &[]).await;
    assert_eq!(page.status, 410, "{}", page.text);
    assert!(place.house.store.read().unwrap().page_sessions_of(place.person).unwrap().is_empty());
    assert_eq!(found_in_tables(&place.house.store), Vec::<String>::new());
}
