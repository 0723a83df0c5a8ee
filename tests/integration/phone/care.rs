//! The pages of those who watch: everyone at a glance, one person, and what to do when somebody does not answer.

use std::time::Duration;

use anshin::domain::case::{Actor, Outcome, Receiver, Told, Trouble};
use anshin::domain::details::{Contact, Details, Line, Phone};
use anshin::domain::fact::Fact;
use anshin::domain::id::CaseId;
use anshin::domain::person::EndReason;
use anshin::domain::round::{Ending, PastRound, Round};
use anshin::domain::staff::StaffRole;

use super::*;

fn line(text: &str) -> Line {
    Line::read(text, 100).unwrap().unwrap()
}

/// What is known about よしこ.
fn known() -> Details {
    Details {
        full_name: Some(line("鈴木 よし子")),
        phone: Phone::read("03-1234-5678").unwrap(),
        address: Some(line("みどり町1-2-3")),
        contacts: vec![Contact {
            name: line("となりの林さん"),
            relation: None,
            phone: Phone::read("090-9876-5432").unwrap().unwrap(),
            note: Some(line("夜だけ")),
            address: None,
            told: false,
        }],
        version: 1,
        ..Details::default()
    }
}

impl Family {
    /// A case of which けんじ was told.
    fn case(&self, trouble: Trouble) -> CaseId {
        let told = Told::Accepted;
        Town::new(&self.house).case(self.yoshiko, trouble, |case| {
            case.receivers = vec![Receiver { person: self.kenji, told }];
            case.office_since = None;
        })
    }

    fn closed(&self, case: CaseId) -> Option<Outcome> {
        let case = self.house.store.read().unwrap().case(case).unwrap().unwrap();
        case.closed.map(|closed| closed.outcome)
    }

    fn is_known(&self) {
        self.write(|tables| tables.put_details(self.yoshiko, &known()).unwrap());
    }
}

#[tokio::test]
async fn everyone_is_listed_with_those_first_who_need_somebody() {
    let family = Family::new(Some(Stage::Reported));
    let house = &family.house;
    let mut town = Town::new(house);
    for (name, stage, reachable) in [
        ("あきこ", None, true),
        ("いちろう", Some(Stage::Asked), true),
        ("うめ", Some(Stage::Resent), true),
        ("えいじ", None, false),
    ] {
        let person = town.person(name, stage, reachable);
        town.member(family.team, person);
    }
    family.case(Trouble::NoAnswer);
    let mut browser = entered(house, family.kenji).await;
    let page = browser.get(house, "/m").await;
    let places = ["よしこ", "えいじ", "うめ", "いちろう", "あきこ"]
        .map(|name| page.text.find(&format!("{name}さん")).unwrap());
    assert!(places.is_sorted(), "{}", page.text);
    for text in [
        "お返事がありません",
        "LINEが届きません",
        "もう一度聞きました",
        "お返事を待っています",
        "<dt>対応が必要</dt><dd>2</dd>",
        "<dt>返事待ち</dt><dd>2</dd>",
    ] {
        assert!(page.has(text), "{text}: {}", page.text);
    }
}

#[tokio::test]
async fn who_claims_finds_the_numbers_to_phone_in_their_order_as_far_as_was_agreed() {
    let family = Family::new(Some(Stage::Reported));
    let house = &family.house;
    family.is_known();
    let case = family.case(Trouble::NoAnswer);
    let path = format!("/m/cases/{case}");
    let mut browser = entered(house, family.kenji).await;
    let page = browser.get(house, &path).await;
    assert!(page.has("電話番号は書いてありません") && !page.has("5678"), "{}", page.text);
    assert!(page.has("わからないときは、事務局に聞いてください") && page.has("0120-000-000"));
    family.agree(Policy::Full);
    let page = browser.get(house, &path).await;
    let places =
        ["tel:0312345678", "tel:09098765432"].map(|number| page.text.find(number).unwrap());
    assert!(places.is_sorted(), "{}", page.text);
    assert!(
        page.has("みどり町1-2-3") && page.has("夜だけ") && page.has("tel:119"),
        "{}",
        page.text
    );
    family.agree(Policy::Name);
    assert!(!browser.get(house, &path).await.has("5678"));
}

#[tokio::test]
async fn a_case_is_taken_and_closed_on_its_page_as_in_the_chat() {
    let family = Family::new(Some(Stage::Reported));
    let house = &family.house;
    let case = family.case(Trouble::NoAnswer);
    let path = format!("/m/cases/{case}");
    let mut browser = entered(house, family.kenji).await;
    let page = browser.get(house, &path).await;
    assert!(page.has("まだ決まっていません") && page.has("対応します"), "{}", page.text);
    assert_eq!(browser.post(house, &path, &[("act", "claim")]).await.status, 303);
    assert!(house.journal().contains(&Fact::Claimed(case, Actor::Person(family.kenji))));
    let page = browser.get(house, &path).await;
    assert!(page.has("けんじさんが対応しています"), "{}", page.text);
    assert!(house.waiting_for(family.kenji).is_empty(), "what the page shows is not sent as well");
    browser.post(house, &path, &[("act", "no-contact")]).await;
    assert!(house.journal().contains(&Fact::NoContact(case, family.kenji)));
    browser.post(house, &path, &[("act", "emergency")]).await;
    let called = Fact::EmergencyCalled(case, Actor::Person(family.kenji));
    assert!(house.journal().contains(&called));
    let page = browser.post(house, &path, &[("act", "close")]).await;
    assert_eq!(page.status, 422);
    assert!(page.has("わかったことを1つ選んでください"), "{}", page.text);
    assert_eq!(family.closed(case), None);
    browser.post(house, &path, &[("act", "close"), ("outcome", "0")]).await;
    assert_eq!(family.closed(case), Some(Outcome::Forgot));
    let page = browser.get(house, &path).await;
    assert!(page.has("この件は終わりました：押し忘れ"), "{}", page.text);
    assert!(!page.has("name=\"outcome\""), "{}", page.text);
    assert!(house.person(family.yoshiko).watch.unwrap().round.is_none());
}

#[tokio::test]
async fn found_well_closes_a_case_and_spoken_to_a_soft_one() {
    for (trouble, said) in [(Trouble::NoAnswer, "無事でした"), (Trouble::Help, "無事でした")]
    {
        let family = Family::new(Some(Stage::Reported));
        let case = family.case(trouble);
        let path = format!("/m/cases/{case}");
        let mut browser = entered(&family.house, family.kenji).await;
        assert!(browser.get(&family.house, &path).await.has(said));
        browser.post(&family.house, &path, &[("act", "close"), ("outcome", "well")]).await;
        assert_eq!(family.closed(case), Some(Outcome::Well), "{trouble:?}");
    }
    let family = Family::new(None);
    let case = family.case(Trouble::WantsTalk);
    let path = format!("/m/cases/{case}");
    let mut browser = entered(&family.house, family.kenji).await;
    let page = browser.get(&family.house, &path).await;
    assert!(page.has("話しました") && !page.has("押し忘れ"), "{}", page.text);
    assert!(!page.has("連絡がつきません"), "a soft case has no ladder: {}", page.text);
    browser.post(&family.house, &path, &[("act", "close"), ("outcome", "well")]).await;
    assert_eq!(family.closed(case), Some(Outcome::Well));
}

#[tokio::test]
async fn an_outcome_that_ends_the_watch_is_asked_twice() {
    let family = Family::new(Some(Stage::Reported));
    let house = &family.house;
    let case = family.case(Trouble::NoAnswer);
    let path = format!("/m/cases/{case}");
    let mut browser = entered(house, family.kenji).await;
    browser.get(house, &path).await;
    let died = [("act", "close"), ("outcome", "10")];
    let page = browser.post(house, &path, &died).await;
    assert!(page.has("見守りを終わりにしますか") && page.has("よしこさん 死亡"), "{}", page.text);
    assert_eq!(family.closed(case), None);
    browser.post(house, &path, &[died.as_slice(), &[("sure", "1")]].concat()).await;
    assert_eq!(family.closed(case), Some(Outcome::Died));
    assert!(house.journal().contains(&Fact::WatchEnded(family.yoshiko, EndReason::Died)));
    // The case can still be read; there is nobody to watch any more.
    assert_eq!(browser.get(house, &path).await.status, 404, "the place in the team has ended");
}

#[tokio::test]
async fn one_who_watches_may_answer_for_the_person_by_name() {
    let family = Family::new(Some(Stage::Asked));
    let house = &family.house;
    let path = format!("/m/people/{}", family.yoshiko);
    let mut browser = entered(house, family.kenji).await;
    let page = browser.get(house, &path).await;
    assert!(page.has("会いました、無事です") && page.has("お返事を待っています"), "{}", page.text);
    house.wait(Duration::from_secs(1));
    browser.post(house, &path, &[("act", "proxy")]).await;
    let fact = Fact::AnsweredFor(family.yoshiko, Actor::Person(family.kenji));
    assert!(house.journal().contains(&fact));
    let page = browser.get(house, &path).await;
    assert!(
        !page.has("会いました、無事です") && page.has("けんじさんが確かめました"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn one_who_watches_lets_somebody_rest_only_after_a_second_look_at_who_it_is() {
    let family = Family::new(None);
    let house = &family.house;
    family.is_known();
    family.agree(Policy::Name);
    let path = format!("/m/people/{}", family.yoshiko);
    let mut browser = entered(house, family.kenji).await;
    browser.get(house, &path).await;
    for days in ["0", "31", "", "x"] {
        let page = browser.post(house, &path, &[("act", "rest"), ("days", days)]).await;
        assert_eq!(page.status, 422, "{days}");
        assert!(page.has("1から30までの数字にしてください"), "{}", page.text);
    }
    let rest = [("act", "rest"), ("days", "5"), ("why", "2")];
    let page = browser.post(house, &path, &rest).await;
    assert!(
        page.has("鈴木 よし子") && page.has("11月27日（金）まで") && page.has("入院"),
        "{}",
        page.text
    );
    assert!(house.person(family.yoshiko).watch.unwrap().pause.is_none());
    browser.post(house, &path, &[rest.as_slice(), &[("sure", "1")]].concat()).await;
    let pause = house.person(family.yoshiko).watch.unwrap().pause.unwrap();
    assert_eq!(pause.by, Actor::Person(family.kenji));
    assert!(!house.waiting_for(family.yoshiko).is_empty(), "the person is told");
    let page = browser.get(house, &path).await;
    assert!(page.has("11月23日（月）から11月27日（金）までお休みです"), "{}", page.text);
    browser.post(house, &path, &[("act", "still")]).await;
    assert!(house.journal().contains(&Fact::PauseHolds(family.yoshiko, family.kenji)));
    browser.post(house, &path, &[("act", "over")]).await;
    assert!(house.person(family.yoshiko).watch.unwrap().pause.is_none());
}

#[tokio::test]
async fn what_is_looked_at_and_written_is_in_the_journal_and_bounded_by_what_was_agreed() {
    let family = Family::new(None);
    let house = &family.house;
    family.is_known();
    let contacts = format!("/m/people/{}/contacts", family.yoshiko);
    let mut browser = entered(house, family.kenji).await;
    let page = browser.get(house, &contacts).await;
    assert!(page.has("呼び名だけの約束です") && !page.has("鈴木"), "{}", page.text);
    family.agree(Policy::Name);
    let page = browser.get(house, &contacts).await;
    assert!(page.has("鈴木 よし子") && !page.has("5678"), "{}", page.text);
    let seen = Fact::DetailsSeen(family.yoshiko, family.kenji);
    for _ in 0..1000 {
        if house.journal().contains(&seen) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(house.journal().contains(&seen));
    let written = [("version", "1"), ("full_name", "鈴木 佳子")];
    assert_eq!(browser.post(house, &contacts, &written).await.status, 303);
    let now = house.store.read().unwrap().details(family.yoshiko).unwrap().unwrap();
    assert_eq!(now.full_name, Some(line("鈴木 佳子")));
    assert_eq!(now.phone, known().phone, "what the writer may not know stays as it was");
    assert!(house.journal().contains(&Fact::DetailsWritten(family.yoshiko, family.kenji)));
    let more = [("version", "2"), ("full_name", "鈴木 佳子"), ("phone", "03-9999-9999")];
    let page = browser.post(house, &contacts, &more).await;
    assert_eq!(page.status, 409);
    let now = house.store.read().unwrap().details(family.yoshiko).unwrap().unwrap();
    assert_eq!(now.phone, known().phone);
}

#[tokio::test]
async fn answers_that_have_become_slow_are_shown_to_those_who_watch_and_to_nobody_else() {
    let family = Family::new(None);
    let house = &family.house;
    let day = Duration::from_secs(24 * 3600);
    family.write(|tables| {
        for n in 1..=40_u32 {
            let due_at = house.now() - day * n;
            let wait = if n <= 10 { 5 * 3600 } else { 600 };
            let round = Round { asked_at: Some(due_at), ..Round::asking(due_at) };
            let ended_at = due_at + Duration::from_secs(wait);
            let past = PastRound { round, ending: Ending::Answered, ended_at, by: None };
            tables.put_past(family.yoshiko, &past).unwrap();
        }
    });
    let mut kenji = entered(house, family.kenji).await;
    let page = kenji.get(house, &format!("/m/people/{}", family.yoshiko)).await;
    assert!(page.has("最近、返事が遅めです"), "{}", page.text);
    assert!(page.has("この10回は約5時間、その前は約10分です"), "{}", page.text);
    let mut yoshiko = entered(house, family.yoshiko).await;
    assert!(!yoshiko.get(house, "/u").await.has("遅めです"));
    let (mut staff, _) = house.member("山田", StaffRole::Worker).await;
    assert!(!staff.get(house, "/staff").await.has("遅めです"));
}
