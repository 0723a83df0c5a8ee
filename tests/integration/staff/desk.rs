//! What staff do about a case and write down about a person, and what comes of it for everyone else.

use anshin::domain::case::{Actor, Outcome, Receiver, Told, Trouble};
use anshin::domain::id::CaseId;
use anshin::domain::person::EndReason;
use anshin::domain::record::{Finding, Means, Party};
use anshin::domain::round::Stage;

use super::*;

/// A house with よしこ silent and けんじ told, in a neighbourhood's team, and 山田 at the desk.
struct Desk {
    house: House,
    browser: Browser,
    yoshiko: PersonId,
    kenji: PersonId,
    case: CaseId,
}

impl Desk {
    async fn new(role: StaffRole) -> Self {
        let house = House::new();
        let (browser, _) = house.member("山田", role).await;
        let mut town = Town::new(&house);
        let yoshiko = town.person("よしこ", Some(Stage::Reported), true);
        let kenji = town.person("けんじ", None, true);
        town.team("ひまわり町会", yoshiko);
        let team = house.store.read().unwrap().places(yoshiko).unwrap()[0].0;
        town.manager(team, kenji);
        let case = town.case(yoshiko, Trouble::NoAnswer, |case| {
            case.receivers = vec![Receiver { person: kenji, told: Told::Accepted }];
        });
        Self { house, browser, yoshiko, kenji, case }
    }

    fn path(&self) -> String {
        format!("/staff/cases/{}", self.case)
    }

    fn people(&self) -> String {
        format!("/staff/people/{}/contacts", self.yoshiko)
    }

    async fn page(&mut self) -> Page {
        let path = self.path();
        self.browser.get(&self.house, &path).await
    }

    async fn post(&mut self, fields: &[(&str, &str)]) -> Page {
        let path = self.path();
        self.page().await;
        self.browser.post(&self.house, &path, fields).await
    }

    fn case(&self) -> anshin::domain::case::Case {
        self.house.store.read().unwrap().case(self.case).unwrap().unwrap()
    }

    fn watch(&self) -> Option<anshin::domain::person::Watch> {
        self.house.store.read().unwrap().person(self.yoshiko).unwrap().unwrap().watch
    }

    fn waiting_for(&self, person: PersonId) -> Vec<String> {
        self.house.waiting_for(person)
    }
}

#[tokio::test]
async fn the_board_leads_to_the_case_and_who_takes_it_there_is_told_to_those_who_watch() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let board = desk.browser.get(&desk.house, "/staff").await;
    assert!(board.has(&desk.path()), "{}", board.text);
    let page = desk.post(&[("act", "claim")]).await;
    assert_eq!((page.status, page.header("location")), (303, desk.path().as_str()));
    assert!(matches!(desk.case().claimer(), Some(Actor::Staff(_))));
    assert!(desk.waiting_for(desk.kenji).iter().any(|body| body.contains("事務局が対応します")));
    let page = desk.page().await;
    assert!(page.has("事務局（山田）"), "{}", page.text);
    assert!(page.has("見守る方にもう一度お願いする"));
}

#[tokio::test]
async fn a_case_that_is_given_back_is_asked_of_everyone_again() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    desk.post(&[("act", "claim")]).await;
    desk.post(&[("act", "release")]).await;
    assert_eq!(desk.case().claim, None);
    assert!(desk.page().await.has("まだ決まっていません"));
}

#[tokio::test]
async fn closing_a_case_answers_for_the_person_and_tells_what_it_was() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let page = desk.post(&[("act", "close")]).await;
    assert_eq!(page.status, 422, "nothing was chosen");
    assert!(page.has("わかったことを1つ選んでください"));
    assert!(desk.case().is_open());
    desk.post(&[("act", "close"), ("outcome", "1")]).await;
    let closed = desk.case().closed.unwrap();
    assert_eq!(closed.outcome, Outcome::Forgot);
    assert!(matches!(closed.by, Some(Actor::Staff(_))));
    assert!(desk.watch().unwrap().round.is_none());
    assert!(desk.waiting_for(desk.kenji).iter().any(|body| body.contains("よしこさん")));
    let page = desk.page().await;
    assert!(page.has("この対応は終わりました") && page.has("押し忘れ"), "{}", page.text);
    assert!(!desk.browser.get(&desk.house, "/staff").await.has("よしこ"));
}

#[tokio::test]
async fn whoever_turns_out_to_be_away_is_offered_a_rest() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    desk.post(&[("act", "close"), ("outcome", "3")]).await;
    let page = desk.page().await;
    assert!(page.has(&format!("/staff/people/{}/rest", desk.yoshiko)), "{}", page.text);
}

#[tokio::test]
async fn an_outcome_that_ends_the_watch_is_asked_twice_with_more_than_a_nickname() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let people = desk.people();
    desk.browser.get(&desk.house, &people).await;
    desk.browser
        .post(&desk.house, &people, &[("version", "0"), ("full_name", "田中 よし子")])
        .await;
    let page = desk.post(&[("act", "close"), ("outcome", "12")]).await;
    assert_eq!(page.status, 200);
    assert!(page.has("見守りを終わりにしますか") && page.has("死亡"), "{}", page.text);
    assert!(page.has("田中 よし子") && page.has(&desk.yoshiko.to_string()));
    assert!(desk.watch().is_some(), "one press ends nothing");
    let path = desk.path();
    let sure = [("act", "close"), ("outcome", "12"), ("sure", "1")];
    desk.browser.post(&desk.house, &path, &sure).await;
    let person = desk.house.store.read().unwrap().person(desk.yoshiko).unwrap().unwrap();
    assert_eq!(person.ended.map(|end| end.why), Some(EndReason::Died));
    assert_eq!(desk.case().closed.map(|closed| closed.outcome), Some(Outcome::Died));
}

#[tokio::test]
async fn what_was_done_is_written_down_once_and_read_in_the_order_of_time() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let note = [
        ("act", "record"),
        ("means", "0"),
        ("party", "0"),
        ("result", "2"),
        ("text", "2回かけた。<b>出ない</b>"),
        ("next", "訪問する"),
        ("due", "2026-11-23T15:00"),
    ];
    desk.post(&note).await;
    desk.post(&note).await;
    let records = desk.house.store.read().unwrap().records(desk.case, 10).unwrap();
    assert_eq!(records.len(), 1, "the same note sent twice is one");
    let written = &records[0].note;
    assert_eq!(
        (written.means, written.party, written.result),
        (Means::Phone, Party::Person, Finding::Absent)
    );
    let due_at = written.next.as_ref().unwrap().due_at;
    assert_eq!(due_at, Some(tokyo("2026-11-23T15:00:00")));
    let page = desk.page().await;
    assert!(page.has("電話 ／ 本人 ／ 出ない・不在"), "{}", page.text);
    assert!(page.has("次：訪問する（11月23日（月）午後3時まで）"), "{}", page.text);
    assert!(page.has("&lt;b&gt;出ない&lt;/b&gt;"), "what was typed stays text");
    assert!(desk.house.facts().iter().any(|fact| matches!(fact, StaffFact::Recorded(..))));
}

#[tokio::test]
async fn the_board_says_what_is_to_be_done_next_and_when_that_is_overdue() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let note = [
        ("act", "record"),
        ("result", "2"),
        ("next", "となりの人に電話する"),
        ("due", "2026-11-23T08:10"),
    ];
    desk.post(&note).await;
    let board = desk.browser.get(&desk.house, "/staff").await;
    assert!(
        board.has("次：となりの人に電話する（11月23日（月）午前8時10分まで）"),
        "{}",
        board.text
    );
    assert!(!board.has("期限がすぎています"));
    desk.house.wait_seconds(11 * 60);
    let board = desk.browser.get(&desk.house, "/staff").await;
    assert!(board.has("期限がすぎています"), "{}", board.text);
}

#[tokio::test]
async fn a_note_that_cannot_be_read_names_its_field_and_keeps_what_was_typed() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let long = "あ".repeat(1001);
    let page =
        desk.post(&[("act", "record"), ("text", &long), ("next", "訪問"), ("due", "x")]).await;
    assert_eq!(page.status, 422);
    for words in ["長すぎます", "日時が読めませんでした", "結果をえらんでください"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert!(page.has(&long) && page.has("value=\"訪問\""));
    assert!(desk.house.store.read().unwrap().records(desk.case, 10).unwrap().is_empty());
}

#[tokio::test]
async fn a_time_without_what_is_to_be_done_then_is_asked_about_and_kept() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let fields = [("act", "record"), ("result", "1"), ("next", " "), ("due", "2026-11-24T09:00")];
    let page = desk.post(&fields).await;
    assert_eq!(page.status, 422);
    assert!(page.has("次にすることも書いてください"), "{}", page.text);
    assert!(page.has("value=\"2026-11-24T09:00\""), "{}", page.text);
    assert!(desk.house.store.read().unwrap().records(desk.case, 10).unwrap().is_empty());
}

#[tokio::test]
async fn the_numbers_to_phone_stand_in_their_order_and_can_be_dialled() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    assert!(desk.page().await.has("電話番号が登録されていません"));
    let people = desk.people();
    desk.browser.get(&desk.house, &people).await;
    let fields = [
        ("version", "0"),
        ("full_name", "田中 よし子"),
        ("born_on", "昭和15年3月2日"),
        ("phone", "０３ー１２３４ー５６７８"),
        ("contact_name_0", "田中 一郎"),
        ("contact_relation_0", "長男"),
        ("contact_phone_0", "090-1111-2222"),
        ("contact_note_0", "夜だけ"),
        ("landlord", "みどり荘"),
        ("landlord_phone", "03-9999-0000"),
    ];
    let page = desk.browser.post(&desk.house, &people, &fields).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let page = desk.page().await;
    let at =
        |words: &str| page.text.find(words).unwrap_or_else(|| panic!("{words}: {}", page.text));
    assert!(at("tel:0312345678") < at("田中 一郎（長男）"));
    assert!(at("tel:09011112222") < at("tel:0399990000"));
    assert!(page.has("夜だけ") && page.has("家主・管理会社（みどり荘）"));
}

#[tokio::test]
async fn what_is_wrong_about_a_person_is_named_at_its_field_and_nothing_is_lost() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let people = desk.people();
    desk.browser.get(&desk.house, &people).await;
    let fields = [
        ("version", "0"),
        ("full_name", "田中 よし子"),
        ("born_on", "昭和15年2月31日"),
        ("phone", "でんわ"),
        ("contact_name_0", "田中 一郎"),
        ("contact_phone_1", "090-1111-2222"),
    ];
    let page = desk.browser.post(&desk.house, &people, &fields).await;
    assert_eq!(page.status, 422);
    for words in ["この日付はありません", "電話番号が読めません", "電話番号も", "名前も"]
    {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    for typed in ["田中 よし子", "昭和15年2月31日", "でんわ", "田中 一郎"] {
        assert!(page.has(&format!("value=\"{typed}\"")), "{typed}");
    }
    assert_eq!(desk.house.store.read().unwrap().details(desk.yoshiko).unwrap(), None);
}

#[tokio::test]
async fn of_two_who_change_a_person_at_once_the_second_is_told_and_keeps_what_was_typed() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let (mut other, _) = desk.house.member("鈴木", StaffRole::Worker).await;
    let people = desk.people();
    other.get(&desk.house, &people).await;
    desk.browser.get(&desk.house, &people).await;
    desk.browser.post(&desk.house, &people, &[("version", "0"), ("address", "みどり町1")]).await;
    let page = other.post(&desk.house, &people, &[("version", "0"), ("address", "あお町2")]).await;
    assert_eq!(page.status, 409);
    assert!(
        page.has("ほかの人が先に変更しました") && page.has("value=\"あお町2\""),
        "{}",
        page.text
    );
    let known = |desk: &Desk| desk.house.store.read().unwrap().details(desk.yoshiko).unwrap();
    assert_eq!(known(&desk).unwrap().address.unwrap().as_str(), "みどり町1");
    let again = [("version", "1"), ("address", "あお町2")];
    assert_eq!(other.post(&desk.house, &people, &again).await.status, 303);
    assert_eq!(known(&desk).unwrap().address.unwrap().as_str(), "あお町2");
}

#[tokio::test]
async fn what_was_typed_about_a_person_is_shown_again_when_their_case_has_ended_meanwhile() {
    let mut desk = Desk::new(StaffRole::Worker).await;
    let people = desk.people();
    let page = desk.browser.get(&desk.house, &people).await;
    assert!(page.has("name=\"address\""), "while a case is here, everything helps");
    desk.post(&[("act", "close"), ("outcome", "0")]).await;
    let fields = [("version", "0"), ("address", "みどり町1"), ("contact_note_0", "夜だけ")];
    desk.browser.get(&desk.house, &people).await;
    let page = desk.browser.post(&desk.house, &people, &fields).await;
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(page.has("value=\"みどり町1\"") && page.has("value=\"夜だけ\""), "{}", page.text);
    let fields = [("version", "0"), ("address", "みどり町1")];
    let page = desk.browser.post(&desk.house, &people, &fields).await;
    assert_eq!(page.status, 422);
    assert!(page.has("ここまで記録する約束になっていません"), "{}", page.text);
    assert!(page.has("value=\"みどり町1\""), "{}", page.text);
    assert!(page.has("<strong>なにも記録しない（呼び名だけ）"), "{}", page.text);
}

#[tokio::test]
async fn who_may_only_look_sees_everything_and_changes_nothing() {
    let mut desk = Desk::new(StaffRole::Viewer).await;
    let page = desk.page().await;
    assert_eq!(page.status, 200);
    assert!(!page.has("事務局で対応します") && !page.has("終わりにする"), "{}", page.text);
    let (path, people) = (desk.path(), desk.people());
    for (path, fields) in [(&path, ("act", "claim")), (&people, ("version", "0"))] {
        desk.browser.get(&desk.house, "/staff/me").await;
        assert_eq!(desk.browser.post(&desk.house, path, &[fields]).await.status, 403);
    }
    assert_eq!(desk.case().claim, None);
}

#[tokio::test]
async fn a_family_that_looks_after_itself_is_none_of_the_offices_business() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    let mut town = Town::new(&house);
    let hana = town.person("はな", Some(Stage::Reported), true);
    let case = town.case(hana, Trouble::NoAnswer, |case| case.office_since = None);
    for path in [format!("/staff/cases/{case}"), format!("/staff/people/{hana}")] {
        assert_eq!(browser.get(&house, &path).await.status, 404, "{path}");
    }
    for path in ["/staff/cases/0", "/staff/cases/x", "/staff/people/999999"] {
        assert_eq!(browser.get(&house, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn looking_at_personal_data_is_written_down() {
    let mut desk = Desk::new(StaffRole::Viewer).await;
    let people = desk.people();
    desk.browser.get(&desk.house, &people).await;
    let noted = async {
        while !desk.house.facts().iter().any(|fact| matches!(fact, StaffFact::Viewed(..))) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), noted).await.unwrap();
}
