//! The list of those to phone, the form for somebody without LINE, and the list of them that comes from a file.

use anshin::domain::case::Trouble;
use anshin::domain::details::{Details, LINE_CHARS_MAX, Line, Phone};
use anshin::domain::id::TeamId;
use anshin::domain::round::{Round, Stage};
use anshin::domain::staff::Scope;
use anshin::domain::team::Policy;
use anshin::domain::team::TeamKind;
use anshin::http::StatusCode;

use super::*;

const CALLS: &str = "/staff/calls";
const NEW: &str = "/staff/people/new";
const IMPORT: &str = "/staff/people/import";

/// A house with a team of the office, made on its page.
async fn house(role: StaffRole) -> (House, Browser, TeamId) {
    let house = House::new();
    let (mut maker, _) = house.member("鈴木", StaffRole::Worker).await;
    maker.get(&house, "/staff/teams").await;
    let fields =
        [("name", "電話見守り"), ("kind", "1"), ("policy", "3"), ("interval", "4"), ("hour", "10")];
    assert_eq!(maker.post(&house, "/staff/teams", &fields).await.status, 303);
    let team = house.store.read().unwrap().teams_from(0, 9).unwrap()[0].clone();
    assert_eq!((team.kind, team.policy), (TeamKind::Office, Policy::Full));
    let (browser, _) = house.member("山田", role).await;
    (house, browser, team.id)
}

/// The fields for somebody new, with some of them changed.
async fn register(
    house: &House,
    browser: &mut Browser,
    team: TeamId,
    fields: &[(&str, &str)],
) -> Page {
    browser.get(house, NEW).await;
    let team = team.to_string();
    let usual = [
        ("name", "うめ"),
        ("team", team.as_str()),
        ("interval", "0"),
        ("hour", "9"),
        ("version", "0"),
        ("full_name", "架空 うめ"),
        ("phone", "03-0000-1111"),
        ("note", "耳が遠い"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| fields.iter().all(|(other, _)| name != other));
    let all: Vec<(&str, &str)> = kept.chain(fields.iter().copied()).collect();
    browser.post(house, NEW, &all).await
}

fn members(house: &House, team: TeamId) -> Vec<PersonId> {
    let members = house.store.read().unwrap().members(team, anshin::domain::team::Role::Member, 99);
    members.unwrap().into_iter().map(|member| member.person).collect()
}

/// Lets somebody be due, with a call in vain or without.
fn due(house: &House, id: PersonId, stage: Stage) {
    let mut person = house.person(id);
    let now = house.now();
    let called = (stage == Stage::Resent).then_some(now);
    let round = Round { stage, asked_at: called, resent_at: called, ..Round::asking(now) };
    person.watch.as_mut().unwrap().round = Some(round);
    Town::new(house).write(|tables| tables.put_person(&person).unwrap());
}

#[tokio::test]
async fn somebody_without_line_is_written_down_and_stands_on_the_list_of_calls_when_due() {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    assert!(browser.get(&house, CALLS).await.has("まだ登録されていません"));
    let form = browser.get(&house, NEW).await;
    assert!(
        form.has("<option value=\"4\" selected>毎週") && form.has("<option value=\"10\" selected>")
    );
    let page = register(&house, &mut browser, team, &[]).await;
    let id = members(&house, team)[0];
    assert_eq!(
        (page.status, page.header("location")),
        (303, format!("/staff/people/{id}").as_str()),
        "{}",
        page.text
    );
    let own = browser.get(&house, &format!("/staff/people/{id}")).await;
    assert!(
        own.has("電話（LINEを使わない方）") && own.has("登録のたりないところ：ふりがな、住所"),
        "{}",
        own.text
    );
    assert!(browser.get(&house, CALLS).await.has("今、電話する方はいません"));
    due(&house, id, Stage::Asking);
    let list = browser.get(&house, CALLS).await;
    for words in
        ["うめさん", "架空 うめ", "tel:0300001111", "耳が遠い", "お元気でした", "出ませんでした"]
    {
        assert!(list.has(words), "{words}: {}", list.text);
    }
    assert!(browser.get(&house, "/staff").await.has("今日電話する方：1人"));
    let person = id.to_string();
    let fields = [("act", "vain"), ("person", person.as_str())];
    let page = browser.post(&house, CALLS, &fields).await;
    assert_eq!(page.header("location"), "/staff/calls?noted");
    let list = browser.get(&house, "/staff/calls?noted").await;
    assert!(
        list.has("に出ませんでした。11月23日（月）午前11時") && list.has("記録しました"),
        "{}",
        list.text
    );
    browser.post(&house, CALLS, &[("act", "well"), ("person", &person)]).await;
    assert!(browser.get(&house, CALLS).await.has("今、電話する方はいません"));
    let by = house.staff("山田").id;
    assert!(house.facts().contains(&StaffFact::PhonedInVain(by, id)));
}

#[tokio::test]
async fn whoever_is_on_the_board_stands_on_the_list_with_their_numbers_in_order() {
    let (house, mut browser, team) = house(StaffRole::Viewer).await;
    let mut town = Town::new(&house);
    let hana = town.person("はな", None, true);
    town.member(team, hana);
    let details = Details {
        phone: Phone::read("03-0000-2222").unwrap(),
        landlord: Line::read("見本不動産", LINE_CHARS_MAX).unwrap(),
        landlord_phone: Phone::read("03-0000-9999").unwrap(),
        ..Details::default()
    };
    town.write(|tables| tables.put_details(hana, &details).unwrap());
    let case = town.case(hana, Trouble::NoAnswer, |_| {});
    let list = browser.get(&house, CALLS).await;
    let own = list.text.find("03-0000-2222").unwrap();
    assert!(list.text.find("03-0000-9999").unwrap() > own, "{}", list.text);
    assert!(list.has(&format!("/staff/cases/{case}")) && list.has("お返事がありません"));
    assert!(!list.has("name=\"act\""), "who may only look presses nothing");
}

#[tokio::test]
async fn what_is_wrong_with_somebody_new_is_said_and_what_was_typed_stays() {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    for (fields, reason) in [
        (&[("name", " ")][..], "名前を書いてください"),
        (&[("phone", "")], "電話番号を書いてください"),
        (&[("phone", "12")], "電話番号が読めません"),
        (&[("born_on", "きのう")], "この日付はありません"),
    ] {
        let page = register(&house, &mut browser, team, fields).await;
        assert_eq!(page.status, 422, "{fields:?}");
        assert!(page.has(reason) && page.has("架空 うめ"), "{reason}: {}", page.text);
    }
    assert!(members(&house, team).is_empty());
    register(&house, &mut browser, team, &[]).await;
    let page =
        register(&house, &mut browser, team, &[("name", "たろう"), ("full_name", "架空 太郎")])
            .await;
    assert!(page.status == 422 && page.has("同じ電話番号の方が"), "{}", page.text);
    let fields = [("name", "たろう"), ("full_name", "架空 太郎"), ("other", "1")];
    assert_eq!(register(&house, &mut browser, team, &fields).await.status, 303);
    assert_eq!(members(&house, team).len(), 2);
}

#[tokio::test]
async fn without_a_team_of_the_office_the_pages_say_what_to_do_first() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    for path in [NEW, IMPORT] {
        let page = browser.get(&house, path).await;
        assert!(page.has("先に、見守りのチーム") && page.has("/staff/teams"), "{}", page.text);
    }
}

#[tokio::test]
async fn the_page_of_somebody_without_line_changes_their_days_and_ends_the_watch_after_a_second_question()
 {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    register(&house, &mut browser, team, &[]).await;
    let id = members(&house, team)[0];
    let path = format!("/staff/people/{id}");
    browser.get(&house, &path).await;
    let fields = [("act", "retime"), ("interval", "4"), ("hour", "14")];
    assert_eq!(browser.post(&house, &path, &fields).await.status, 303);
    assert!(browser.get(&house, &path).await.has("毎週 14時"));
    let wrong = [("act", "retime"), ("interval", "99"), ("hour", "14")];
    assert_eq!(browser.post(&house, &path, &wrong).await.status, 404);
    let page = browser.post(&house, &path, &[("act", "end"), ("why", "2")]).await;
    assert!(
        page.status == 200 && page.has("もとには戻せません") && page.has("架空 うめ"),
        "{}",
        page.text
    );
    assert!(house.person(id).watch.is_some(), "asked first");
    let fields = [("act", "end"), ("why", "2"), ("sure", "1")];
    assert_eq!(browser.post(&house, &path, &fields).await.header("location"), "/staff/people");
    assert!(house.person(id).watch.is_none());
    assert_eq!(browser.get(&house, &path).await.status, 404);
}

#[tokio::test]
async fn staff_who_phone_somebody_on_line_may_write_down_that_they_are_well() {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    let mut town = Town::new(&house);
    let hana = town.person("はな", Some(Stage::Asked), true);
    town.member(team, hana);
    let path = format!("/staff/people/{hana}");
    browser.get(&house, &path).await;
    assert_eq!(browser.post(&house, &path, &[("act", "well")]).await.status, 303);
    assert!(house.person(hana).watch.unwrap().round.is_none());
    // A call in vain is no silence on LINE.
    browser.post(&house, &path, &[("act", "vain")]).await;
    assert!(!house.facts().iter().any(|fact| matches!(fact, StaffFact::PhonedInVain(..))));
}

const LIST: &str = "呼び名,氏名,電話（家）,住所,血液型\r\nまつ,見本 まつ,03-0000-3333,みどり市北1,A\r\nきく,見本 きく,03-0000-4444,,B\r\n";

/// Sends a file, as a browser does.
async fn send(
    house: &House,
    browser: &mut Browser,
    fields: &[(&str, &str)],
    file: Option<&[u8]>,
) -> Page {
    browser.get(house, IMPORT).await;
    let word = browser.word.clone();
    let mut body = Vec::new();
    let all = [("form_token", word.as_str())].into_iter().chain(fields.iter().copied());
    for (name, value) in all {
        body.extend_from_slice(
            format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    if let Some(file) = file {
        body.extend_from_slice(b"--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n");
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xyz--\r\n");
    let request = browser
        .dress(Request::build("POST", IMPORT))
        .header("content-type", "multipart/form-data; boundary=xyz")
        .header("origin", HTTPS);
    Page::of(&house.routes.answer(request.body(body)).await)
}

#[tokio::test]
async fn a_list_from_a_file_is_shown_first_then_written_down_and_can_be_taken_back() {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    let team_text = team.to_string();
    let choice = [("team", team_text.as_str()), ("interval", "4"), ("hour", "10")];
    let look: Vec<_> = choice.iter().copied().chain([("step", "look")]).collect();
    let shift_jis = encoding_rs::SHIFT_JIS.encode(LIST).0.into_owned();
    for bytes in [LIST.as_bytes(), &shift_jis] {
        let page = send(&house, &mut browser, &look, Some(bytes)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for words in
            ["見本 まつ", "03-0000-4444", "みどり市北1", "2人を登録する", "使わない列：血液型"]
        {
            assert!(page.has(words), "{words}: {}", page.text);
        }
        assert!(members(&house, team).is_empty(), "looked at, not written down");
    }
    let run: Vec<_> = choice.iter().copied().chain([("step", "run"), ("list", LIST)]).collect();
    let page = send(&house, &mut browser, &run, None).await;
    let people = members(&house, team);
    assert_eq!(people.len(), 2, "{}", page.text);
    let done = format!("{IMPORT}?done={}.2", people[0]);
    assert_eq!(page.header("location"), done);
    assert!(browser.get(&house, &done).await.has("2人を登録しました"));
    let schedule = house.person(people[1]).watch.unwrap().schedule;
    assert_eq!((schedule.interval.as_days(), schedule.hour.get()), (7, 10));
    let again = send(&house, &mut browser, &run, None).await;
    assert!(again.status == 422 && again.has("もう登録されています"), "{}", again.text);
    let made = format!("{}.2", people[0]);
    let undo = [("step", "undo"), ("made", made.as_str())];
    let page = send(&house, &mut browser, &undo, None).await;
    assert!(page.status == 200 && page.has("取り消しました"), "{}", page.text);
    assert!(members(&house, team).is_empty());
    assert_eq!(browser.get(&house, &format!("/staff/people/{}", people[0])).await.status, 404);
}

#[tokio::test]
async fn one_fault_in_a_list_means_that_nobody_is_written_down_and_says_where_it_is() {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    let team_text = team.to_string();
    let fields = [("team", team_text.as_str()), ("interval", "4"), ("hour", "10"), ("step", "run")];
    let list = "呼び名,電話（家）,生年月日\nまつ,03-0000-3333,\nきく,0300004444,昭和99年99月9日\nまつ,03-0000-3333,\n";
    let page = send(&house, &mut browser, &fields, Some(list.as_bytes())).await;
    assert_eq!(page.status, 422);
    assert!(
        page.has("<td class=\"number\">3</td><td>生年月日</td><td>昭和99年99月9日</td>"),
        "{}",
        page.text
    );
    assert!(members(&house, team).is_empty());
    let twice = "呼び名,電話（家）\nまつ,03-0000-3333\nまつ,0300003333\n";
    let page = send(&house, &mut browser, &fields, Some(twice.as_bytes())).await;
    assert!(page.status == 422 && page.has("2行目と同じ方"), "{}", page.text);
    for (file, reason) in
        [(&b"\x81\xff\x00"[..], "文字が読めません"), (b"", "ファイルを選ぶか、表を貼ってください")]
    {
        let page = send(&house, &mut browser, &fields, Some(file)).await;
        assert!(page.status == 422 && page.has(reason), "{reason}: {}", page.text);
    }
    let large = vec![b'a'; 2 * 1024 * 1024];
    let page = send(&house, &mut browser, &fields, Some(&large)).await;
    assert!(page.status == 422 && page.has("1000人、1MBまで"), "{}", page.text);
    let huge = vec![b'a'; 5 * 1024 * 1024];
    let page = send(&house, &mut browser, &fields, Some(&huge)).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE.as_u16());
}

#[tokio::test]
async fn the_file_that_the_register_saves_can_be_read_again() {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    let contact = [
        ("contact_name_0", "見本 けいこ"),
        ("contact_phone_0", "090-0000-2222"),
        ("contact_address_0", "みどり市南"),
    ];
    register(&house, &mut browser, team, &contact).await;
    let first = members(&house, team)[0];
    let saved = browser.get(&house, "/staff/people.csv").await;
    let made = format!("{first}.1");
    send(&house, &mut browser, &[("step", "undo"), ("made", &made)], None).await;
    assert!(members(&house, team).is_empty());
    let team_text = team.to_string();
    let fields = [("team", team_text.as_str()), ("interval", "0"), ("hour", "9"), ("step", "run")];
    let page = send(&house, &mut browser, &fields, Some(saved.text.as_bytes())).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let again = members(&house, team)[0];
    let details = house.store.read().unwrap().details(again).unwrap().unwrap();
    assert_eq!(details.full_name.unwrap().as_str(), "架空 うめ");
    assert_eq!(details.contacts[0].address.as_ref().unwrap().as_str(), "みどり市南");
    let sample = browser.get(&house, "/staff/people/sample.csv").await;
    let page = send(&house, &mut browser, &fields, Some(sample.text.as_bytes())).await;
    assert_eq!(page.status, 303, "the example is read as it is: {}", page.text);
    assert_eq!(members(&house, team).len(), 3);
}

#[tokio::test]
async fn who_looks_after_one_organization_writes_nobody_down_elsewhere() {
    let (house, mut browser, team) = house(StaffRole::Worker).await;
    register(&house, &mut browser, team, &[]).await;
    let id = members(&house, team)[0];
    due(&house, id, Stage::Asking);
    let mut staff = house.staff("山田");
    staff.scope = Scope::Only(vec![anshin::domain::id::OrganizationId(4711)]);
    Town::new(&house).write(|tables| tables.put_staff(&staff).unwrap());
    assert!(browser.get(&house, NEW).await.has("先に、見守りのチーム"));
    assert!(!browser.get(&house, CALLS).await.has("うめさん"));
    assert!(!browser.get(&house, "/staff").await.has("今日電話する方"));
    let person = id.to_string();
    let page = browser.post(&house, CALLS, &[("act", "well"), ("person", &person)]).await;
    assert_eq!(page.status, 404);
    let page =
        register(&house, &mut browser, team, &[("name", "まつ"), ("phone", "03-0000-7777")]).await;
    assert_eq!(page.status, 422);
    assert_eq!(members(&house, team).len(), 1);
}
