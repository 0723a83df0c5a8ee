//! The register of everyone who is the office's business: how somebody is found there, what leaves it as a file, and
//! the page of one person.

use std::time::Duration;

use anshin::domain::case::{Closed, Outcome, Trouble};
use anshin::domain::details::{Contact, Details, LINE_CHARS_MAX, Line, Phone, Sex};
use anshin::domain::id::TeamId;
use anshin::domain::person::Reach;
use anshin::domain::round::{Ending, PastRound, Round, Stage};
use anshin::domain::team::{Policy, TeamKind};
use jiff::civil::{Date, date};

use super::*;

const PATH: &str = "/staff/people";

fn line(text: &str) -> Option<Line> {
    Line::read(text, LINE_CHARS_MAX).unwrap()
}

fn phone(text: &str) -> Option<Phone> {
    Phone::read(text).unwrap()
}

/// What is known about somebody who has a daughter.
fn details(name: &str, reading: &str, born_on: Date, home: &str) -> Details {
    let daughter = Contact {
        name: line("鈴木けいこ").unwrap(),
        relation: line("長女"),
        phone: phone("090-0000-7788").unwrap(),
        note: None,
        address: None,
        told: true,
    };
    Details {
        full_name: line(name),
        reading: line(reading),
        born_on: Some(born_on),
        sex: Some(Sex::Female),
        address: line("みどり市中央1-2-3"),
        phone: phone(home),
        contacts: vec![daughter],
        ..Details::default()
    }
}

/// A district with a few people, each in another condition.
struct District {
    house: House,
    browser: Browser,
    yoshiko: PersonId,
    hana: PersonId,
    umeko: PersonId,
    family: PersonId,
    team: TeamId,
}

impl District {
    async fn new(role: StaffRole) -> Self {
        let house = House::new();
        let (browser, _) = house.member("山田", role).await;
        let mut town = Town::new(&house);
        let yoshiko = town.person("よしこ", None, true);
        let hana = town.person("はな", Some(Stage::Reported), true);
        let umeko = town.person("うめこ", None, false);
        let family = town.person("かぞくさん", None, true);
        town.family("かぞくさん", family);
        town.team("ひまわり町会", yoshiko);
        let reading = house.store.read().unwrap();
        let team = reading.places(yoshiko).unwrap()[0].0;
        let made = reading.team(team).unwrap().unwrap();
        drop(reading);
        for person in [hana, umeko] {
            town.member(team, person);
        }
        town.case(hana, Trouble::NoAnswer, |_| {});
        let made = anshin::domain::team::Team { policy: Policy::Full, wants_form: true, ..made };
        let suzuki = details("鈴木 良子", "スズキ ヨシコ", date(1940, 3, 2), "0283-00-1234");
        let sato = details("佐藤 花", "さとう はな", date(1963, 11, 24), "0283-00-5678");
        let suzuki = Details { form_on: Some(date(2026, 11, 2)), ..suzuki };
        town.write(|tables| {
            tables.put_team(&made).unwrap();
            tables.put_details(yoshiko, &suzuki).unwrap();
            tables.put_details(hana, &sato).unwrap();
            // Her family wrote this down for themselves.
            let own = details("家族 静", "かぞく しずか", date(1950, 1, 1), "0283-00-9999");
            tables.put_details(family, &own).unwrap();
        });
        Self { house, browser, yoshiko, hana, umeko, family, team }
    }

    async fn list(&mut self, query: &str) -> Page {
        self.browser.get(&self.house, &format!("{PATH}?{query}")).await
    }

    /// Who is on the list, in its order.
    async fn found(&mut self, query: &str) -> Vec<&'static str> {
        let page = self.list(query).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let links = [(self.yoshiko, "よしこ"), (self.hana, "はな"), (self.umeko, "うめこ")];
        let place = |person: &PersonId| page.text.find(&format!("\"/staff/people/{person}\""));
        let mut found: Vec<_> =
            links.iter().filter_map(|(person, name)| Some((place(person)?, *name))).collect();
        found.sort_unstable();
        assert!(!page.has(&format!("\"/staff/people/{}\"", self.family)));
        found.into_iter().map(|(_, name)| name).collect()
    }
}

fn encoded(text: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", text).finish()
}

#[tokio::test]
async fn those_of_whom_somebody_is_needed_stand_first_and_families_are_only_counted() {
    let mut district = District::new(StaffRole::Viewer).await;
    assert_eq!(district.found("").await, ["はな", "うめこ", "よしこ"]);
    let page = district.list("").await;
    assert!(page.has("鈴木 良子（スズキ ヨシコ）") && page.has("ひまわり町会"), "{}", page.text);
    assert!(page.has("家族だけで見守っている方が1人います"));
    assert!(!page.has("かぞくさん") && !page.has("家族 静"));
    assert!(!page.has(".csv"), "whoever only looks takes nothing along");
}

#[tokio::test]
async fn somebody_is_found_by_name_reading_in_any_kana_end_of_a_number_and_member_number() {
    let mut district = District::new(StaffRole::Worker).await;
    let (yoshiko, hana) = (district.yoshiko, district.hana);
    for words in ["よしこ", "鈴木良子", "すずき", "ｽｽﾞｷ　ﾖｼ", "1234", "０２８３－００－１２３４"]
    {
        assert_eq!(district.found(&encoded(words)).await, ["よしこ"], "{words}");
    }
    for words in [format!("#{hana}"), format!("＃{hana}"), hana.to_string()] {
        assert_eq!(district.found(&encoded(&words)).await, ["はな"], "{words}");
    }
    // The daughter calls, or somebody asks in her name.
    for words in ["7788", "けいこ"] {
        assert_eq!(district.found(&encoded(words)).await, ["はな", "よしこ"], "{words}");
        assert!(district.list(&encoded(words)).await.has("連絡先：鈴木けいこ（長女）"));
    }
    for words in ["234", "家族", "9999", "かぞくさん", "#999999", "<script>", "%00"] {
        let page = district.list(&encoded(words)).await;
        assert!(page.has("あてはまる方はいません") && page.has("全員を表示する"), "{words}");
        assert!(!page.has("<script>"));
    }
    assert_eq!(district.found(&format!("#{yoshiko}")).await.len(), 3, "a mark is no search");
}

#[tokio::test]
async fn the_list_is_narrowed_by_condition_team_age_silence_and_the_missing_form() {
    let mut district = District::new(StaffRole::Worker).await;
    for (query, found) in [
        ("state=needed", vec!["はな"]),
        ("state=unreachable", vec!["うめこ"]),
        ("state=resting", vec![]),
        ("age=80", vec!["よしこ"]),
        // Sixty-three years old tomorrow.
        ("age=elderly", vec!["はな", "よしこ"]),
        ("age=unknown", vec!["うめこ"]),
        ("form=missing", vec!["はな", "うめこ"]),
        ("silent=3", vec![]),
        ("state=needed&age=60&form=missing", vec!["はな"]),
        ("state=nonsense&age=x&silent=5&page=77", vec!["はな", "うめこ", "よしこ"]),
        ("team=1", vec![]),
    ] {
        assert_eq!(district.found(query).await, found, "{query}");
    }
    let team = district.team;
    assert_eq!(district.found(&format!("team={team}")).await.len(), 3);
    let page = district.list(&format!("team={team}&age=80")).await;
    assert!(page.has("3人のうち1人"), "{}", page.text);
    assert!(page.has(&format!("value=\"{team}\" selected")) && page.has("<details open"));
    district.house.wait(Duration::from_secs(3 * 24 * 3600));
    let (mut browser, _) = district.house.member("鈴木", StaffRole::Worker).await;
    let page = browser.get(&district.house, "/staff/people?silent=3").await;
    assert!(page.has("3人"), "{}", page.text);
}

#[tokio::test]
async fn the_file_has_what_was_found_with_what_the_office_may_know_and_is_written_down() {
    let mut district = District::new(StaffRole::Worker).await;
    let page = district.list("age=elderly").await;
    assert!(page.has("/staff/people.csv?age=elderly") && page.has("この2人をCSVで書き出す"));
    let file = district.browser.get(&district.house, "/staff/people.csv?age=elderly").await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").starts_with("attachment"));
    let lines: Vec<&str> = file.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("会員番号,呼び名,管理番号,氏名,ふりがな,生年月日"));
    let columns = lines[0].split(',').count();
    assert!(lines.iter().all(|line| line.split(',').count() == columns), "{lines:?}");
    assert!(lines[2].contains("鈴木 良子") && lines[2].contains("1940/03/02,86,女性"));
    assert!(
        lines[2].contains("0283-00-1234") && lines[2].contains("鈴木けいこ,長女,090-0000-7788")
    );
    assert!(lines[2].contains("毎日 9時") && lines[2].contains("2026/11/02"));
    assert!(!file.text.contains("家族"));
    assert!(district.house.facts().iter().any(|f| matches!(f, StaffFact::Exported(_, 2))));
}

#[tokio::test]
async fn whoever_only_looks_gets_no_file_and_a_list_with_names_is_written_down() {
    let mut district = District::new(StaffRole::Viewer).await;
    let file = district.browser.get(&district.house, "/staff/people.csv").await;
    assert_eq!(file.status, 403);
    district.list("").await;
    let noted = async {
        while !district.house.facts().iter().any(|f| matches!(f, StaffFact::Listed(_, 2))) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), noted).await.unwrap();
}

#[tokio::test]
async fn what_the_team_did_not_agree_to_is_neither_found_nor_shown_nor_saved() {
    let mut district = District::new(StaffRole::Worker).await;
    let reading = district.house.store.read().unwrap();
    let made = reading.team(district.team).unwrap().unwrap();
    drop(reading);
    let named = anshin::domain::team::Team { policy: Policy::Name, ..made };
    Town::new(&district.house).write(|tables| tables.put_team(&named).unwrap());
    assert_eq!(district.found(&encoded("1234")).await.len(), 0);
    assert_eq!(district.found(&encoded("鈴木良子")).await, ["よしこ"]);
    let file = district.browser.get(&district.house, "/staff/people.csv?q=yoshiko").await;
    assert_eq!(file.text.lines().count(), 1);
    let all = district.browser.get(&district.house, "/staff/people.csv").await;
    assert!(all.text.contains("鈴木 良子") && !all.text.contains("0283-00-1234"), "{}", all.text);
    // はな has a case that has come to the office: there it may know everything.
    assert!(all.text.contains("0283-00-5678"));
    let page = district.browser.get(&district.house, &format!("{PATH}/{}", district.yoshiko)).await;
    assert!(page.has("鈴木 良子") && !page.has("0283-00-1234") && page.has("約束になっていません"));
}

#[tokio::test]
async fn more_than_a_page_of_people_can_be_leafed_through_with_the_filter_kept() {
    let mut district = District::new(StaffRole::Worker).await;
    let mut town = Town::new(&district.house);
    for n in 0..150 {
        let person = town.person(&format!("ひと{n:03}"), None, true);
        town.member(district.team, person);
    }
    let query = encoded("ひと");
    let first = district.list(&query).await;
    assert!(first.has("ひと000さん") && first.has("ひと099さん") && !first.has("ひと100さん"));
    assert!(first.has("2ページのうち1ページ目") && first.has("153人のうち150人"), "{}", first.text);
    assert!(first.has(&format!("{query}&amp;page=2")), "{}", first.text);
    let second = district.list(&format!("{query}&page=2")).await;
    assert!(!second.has("ひと099さん") && second.has("ひと100さん") && second.has("ひと149さん"));
    let beyond = district.list(&format!("{query}&page=99")).await;
    assert!(beyond.has("2ページのうち2ページ目"));
    let file = district.browser.get(&district.house, &format!("{PATH}.csv?{query}")).await;
    assert_eq!(file.text.lines().count(), 151);
}

#[tokio::test]
async fn without_anybody_the_page_says_how_it_begins() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let page = browser.get(&house, PATH).await;
    assert!(page.has("まだ利用者がいません") && page.has("href=\"/staff/teams\""));
    assert!(!page.has(".csv"));
}

#[tokio::test]
async fn a_persons_page_says_how_they_are_whom_to_phone_who_watches_and_what_was_before() {
    let mut district = District::new(StaffRole::Viewer).await;
    let yoshiko = district.yoshiko;
    let mut town = Town::new(&district.house);
    let [kenji, michiko] = ["けんじ", "みちこ"].map(|name| town.person(name, None, true));
    town.manager(district.team, kenji);
    town.manager(district.team, michiko);
    let now = district.house.now();
    town.case(yoshiko, Trouble::NoAnswer, |case| {
        case.closed = Some(Closed { at: now, by: None, outcome: Outcome::Forgot });
    });
    let mut gone = district.house.person(michiko);
    gone.reach = Reach { reachable: false, ..gone.reach };
    let round = Round { asked_at: Some(now), ..Round::asking(now) };
    let past = PastRound { round, ending: Ending::Superseded, ended_at: now, by: None };
    town.write(|tables| {
        tables.put_person(&gone).unwrap();
        tables.put_past(yoshiko, &past).unwrap();
    });
    let page = district.browser.get(&district.house, &format!("{PATH}/{yoshiko}")).await;
    for said in [
        "よしこさん",
        "1940年3月2日（86歳）",
        "tel:0283001234",
        "鈴木けいこ（長女）",
        "見守る方：けんじさん",
        "見守る方：みちこさん",
        "毎日 9時",
        "11月23日（月） お返事なし",
        "押し忘れ",
        "無料会員",
        "2026年11月2日（月）",
    ] {
        assert!(page.has(said), "{said}: {}", page.text);
    }
    assert!(!page.has("お休みにする"), "whoever only looks is offered nothing to do");
    let page = district.browser.get(&district.house, &format!("{PATH}/{}", district.hana)).await;
    assert!(page.has("対応のページへ") && page.has("まだの方"), "{}", page.text);
    for path in [format!("{PATH}/{}", district.family), format!("{PATH}/0"), format!("{PATH}/x")] {
        assert_eq!(district.browser.get(&district.house, &path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn slow_answers_are_shown_where_the_office_itself_watches_and_nowhere_else() {
    let mut district = District::new(StaffRole::Worker).await;
    let (yoshiko, now) = (district.yoshiko, district.house.now());
    let town = Town::new(&district.house);
    town.write(|tables| {
        for n in 0..40_u32 {
            let due = now - Duration::from_secs(u64::from(n + 1) * 24 * 3600);
            let wait = if n < 10 { 4 * 3600 } else { 600 };
            let round = Round { asked_at: Some(due), ..Round::asking(due) };
            let ended_at = due + Duration::from_secs(wait);
            let past = PastRound { round, ending: Ending::Answered, ended_at, by: None };
            tables.put_past(yoshiko, &past).unwrap();
        }
    });
    let path = format!("{PATH}/{yoshiko}");
    assert!(!district.browser.get(&district.house, &path).await.has("返事が遅め"));
    let made = district.house.store.read().unwrap().team(district.team).unwrap().unwrap();
    let office = anshin::domain::team::Team { kind: TeamKind::Office, ..made };
    town.write(|tables| tables.put_team(&office).unwrap());
    let page = district.browser.get(&district.house, &path).await;
    assert!(page.has("最近、返事が遅めです") && page.has("約4時間"), "{}", page.text);
}
