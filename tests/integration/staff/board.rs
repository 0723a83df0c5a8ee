//! What the board shows, and how it says that there is nothing to do.

use anshin::domain::case::{Actor, Claim, Closed, Mark, Outcome, Receiver, Told, Trouble};
use anshin::domain::event::Upkeep;
use anshin::domain::hearing::Probe;
use anshin::domain::id::{Address, PersonId};
use anshin::domain::person::Person;
use anshin::domain::round::Stage;

use super::*;

fn numbers(page: &Page) -> Vec<String> {
    let list = page.between("<dl class=\"numbers\">", "</dl>").unwrap();
    let values = list.split("<strong>").skip(1);
    values.map(|rest| rest.split("</strong>").next().unwrap().replace("</span>", "")).collect()
}

#[tokio::test]
async fn with_nothing_to_do_the_board_says_so_with_the_time() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    house.wait_seconds(72 * 60);
    // The log-in has ended meanwhile.
    assert_eq!(browser.get(&house, "/staff").await.status, 303);
    let (mut browser, _) = house.member("鈴木", StaffRole::Viewer).await;
    let page = browser.get(&house, "/staff").await;
    assert!(page.has("対応が必要な方はいません（午前9時12分 時点）"), "{}", page.text);
    assert_eq!(numbers(&page), ["0", "0", "0"]);
    assert!(page.has("11月23日（月）午前9時12分 時点"));
    assert!(page.has("<title>対応ボード"));
}

#[tokio::test]
async fn the_board_says_what_ails_the_service_and_what_to_do_about_it() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let deaf = Event::Upkeep(Upkeep::Probed(Probe::Deaf));
    house.engine.decide(vec![deaf]).await.unwrap();
    // The keeper looks once a minute by the clock of the rules, and a second of ours apart.
    house.wait_seconds(61);
    let shown = async {
        loop {
            let page = browser.get(&house, "/staff?auto").await;
            if page.has("LINEからの返事が届きません") {
                break page;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let page = tokio::time::timeout(Duration::from_secs(20), shown).await.unwrap();
    assert!(page.has("気になる方には電話をしてください"), "{}", page.text);
    assert!(!page.has("すべて動いています"));
}

#[tokio::test]
async fn what_has_not_come_to_the_office_is_not_on_the_board() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let mut town = Town::new(&house);
    let yoshiko = town.person("よしこ", Some(Stage::Reported), true);
    town.case(yoshiko, Trouble::NoAnswer, |case| case.office_since = None);
    let page = browser.get(&house, "/staff").await;
    assert!(!page.has("よしこ"), "{}", page.text);
    assert_eq!(numbers(&page)[0], "0");
}

#[tokio::test]
async fn the_board_says_where_nobody_could_be_told_and_what_is_late_for_our_own_fault() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let mut town = Town::new(&house);
    let yoshiko = town.person("よしこ", Some(Stage::Reported), true);
    town.case(yoshiko, Trouble::NoAnswer, |case| {
        case.nobody = true;
        case.mark = Mark::Late;
    });
    let page = browser.get(&house, "/staff").await;
    assert!(page.has("通知先なし") && page.has("停止のため遅延"), "{}", page.text);
}

#[tokio::test]
async fn the_three_numbers_count_cases_waits_and_those_who_cannot_be_reached() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let mut town = Town::new(&house);
    town.person("送っている途中", Some(Stage::Asking), true);
    for stage in [Stage::Asked, Stage::Resending, Stage::Resent] {
        town.person("待っている", Some(stage), true);
    }
    let reported = town.person("知らせた", Some(Stage::Reported), true);
    town.person("返事ずみ", None, true);
    town.person("届かない", None, false);
    town.person("届かない", Some(Stage::Asked), false);
    town.case(reported, Trouble::NoAnswer, |_| {});
    let closed = Closed { at: house.now(), by: None, outcome: Outcome::Answered };
    town.case(reported, Trouble::NotSent, |case| case.closed = Some(closed));
    let page = browser.get(&house, "/staff").await;
    assert_eq!(numbers(&page), ["1", "3", "2"]);
    assert!(page.has("<title>（1）対応ボード"), "the tab shows it");
    assert!(!page.has("いません（"));
}

#[tokio::test]
async fn cases_stand_oldest_first_with_who_what_since_when_and_who_goes() {
    let house = House::new();
    let mut town = Town::new(&house);
    let kenji = town.person("けんじ", None, true);
    let michiko = town.person("みちこ", None, true);
    let yoshiko = town.person("よしこ", Some(Stage::Reported), true);
    town.team("さくら町会", yoshiko);
    let receivers = vec![
        Receiver { person: kenji, told: Told::Accepted },
        Receiver { person: michiko, told: Told::Failed },
    ];
    town.case(yoshiko, Trouble::NoAnswer, |case| case.receivers = receivers);
    house.wait_seconds(2 * 3600);
    let claim = Claim { by: Actor::Person(kenji), at: house.now() };
    let taro = town.person("たろう", None, false);
    town.case(taro, Trouble::Unreachable, |case| {
        case.claim = Some(claim);
        case.no_contact = true;
        case.nobody = true;
    });
    house.wait_seconds(5 * 60);
    let hana = town.person("はな", None, true);
    town.case(hana, Trouble::NotSent, |case| case.called_emergency = true);
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let page = browser.get(&house, "/staff").await;
    let cases: Vec<&str> = page.text.split("<li class=\"case\">").skip(1).collect();
    let [first, second, third] = cases[..] else { panic!("three cases: {}", page.text) };
    for (case, words) in [
        (
            first,
            &[
                "よしこさん",
                "お返事がありません",
                "11月23日（月）午前8時",
                "2時間前",
                "さくら町会",
                "まだ決まっていません",
                "けんじさん（送りました）",
                "みちこさん（送れませんでした）",
            ][..],
        ),
        (
            second,
            &[
                "たろうさん",
                "LINEが届かなくなりました",
                "5分前",
                "けんじさん<span class=\"item\">（11月23日（月）午前10時から）",
                "連絡がつかないと報告がありました",
                "通知先なし",
            ],
        ),
        (
            third,
            &["はなさん", "未確認です", "たった今", "救急・警察に連絡しました", "<dd>事務局</dd>"],
        ),
    ] {
        for word in words {
            assert!(case.contains(word), "{word} is missing: {case}");
        }
    }
}

#[tokio::test]
async fn what_people_are_called_cannot_change_the_page() {
    let house = House::new();
    let mut town = Town::new(&house);
    let name = "<b onmouseover=x>\"'&";
    let evil = town.person(name, None, true);
    town.team("</li><script>", evil);
    let receivers = vec![Receiver { person: evil, told: Told::Queued }];
    let claim = Claim { by: Actor::Person(evil), at: house.now() };
    town.case(evil, Trouble::NoAnswer, |case| {
        case.receivers = receivers;
        case.claim = Some(claim);
    });
    let (mut browser, _) = house.member("<i>山田", StaffRole::Admin).await;
    for path in ["/staff", "/staff/me", "/staff/accounts"] {
        let page = browser.get(&house, path).await;
        assert!(!page.has("<b onm") && !page.has("<script>") && !page.has("<i>"), "{path}");
    }
    assert!(browser.get(&house, "/staff").await.has("&lt;b onmouseover=x&gt;"));
}

#[tokio::test]
async fn many_receivers_are_counted_and_many_cases_cut_with_a_word() {
    let house = House::new();
    let mut town = Town::new(&house);
    let person = town.person("よしこ", None, true);
    let receiver = Receiver { person, told: Told::Accepted };
    town.case(person, Trouble::NoAnswer, |case| case.receivers = vec![receiver; 30]);
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let page = browser.get(&house, "/staff").await;
    assert!(page.has("ほか24人") && !page.has("すべては出ていません"));
    for _ in 0..200 {
        town.case(person, Trouble::NoAnswer, |_| {});
    }
    let page = browser.get(&house, "/staff").await;
    assert_eq!(page.text.matches("<li class=\"case\">").count(), 200);
    assert!(page.has("すべては出ていません"));
    assert_eq!(numbers(&page)[0], "200<span>以上");
}

#[tokio::test]
async fn the_board_renews_itself_until_somebody_wants_it_to_stand_still() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    for path in ["/staff", "/staff?auto"] {
        let page = browser.get(&house, path).await;
        assert_eq!(page.header("refresh"), "60; url=/staff?auto");
        assert!(page.has("href=\"/staff?still\""));
    }
    let page = browser.get(&house, "/staff?still").await;
    assert_eq!(page.header("refresh"), "");
    assert!(page.has("自動で新しくする"));
}

#[tokio::test]
async fn somebody_without_a_name_is_on_the_board_too() {
    let house = House::new();
    let mut town = Town::new(&house);
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let person = Person::met(PersonId(2000), Address::new("U2000").unwrap(), house.now());
    town.write(|tables| tables.put_person(&person).unwrap());
    town.case(person.id, Trouble::NoAnswer, |_| {});
    // And of somebody whose record is gone.
    town.case(PersonId(2001), Trouble::NoAnswer, |_| {});
    let page = browser.get(&house, "/staff").await;
    assert_eq!(page.text.matches(">名前のない方</a></h3>").count(), 2, "{}", page.text);
}
