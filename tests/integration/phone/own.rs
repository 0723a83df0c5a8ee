//! One's own page: what stands there, and what can be changed.

use std::time::Duration;

use anshin::domain::details::{Details, Line, Phone};
use anshin::domain::fact::Fact;
use anshin::domain::membership::Membership;
use anshin::domain::name::Name;
use anshin::domain::person::{Consent, EndReason, Watch};
use anshin::domain::schedule::{Hour, Interval};
use anshin::domain::staff::StaffRole;
use anshin::domain::team::{TeamKind, TeamName};

use super::*;

fn watch(family: &Family) -> Watch {
    family.house.person(family.yoshiko).watch.unwrap()
}

fn details(family: &Family) -> Details {
    family.house.store.read().unwrap().details(family.yoshiko).unwrap().unwrap_or_default()
}

#[tokio::test]
async fn the_own_page_says_when_the_next_question_comes_who_watches_and_what_is_registered() {
    let family = Family::new(None);
    let mut browser = entered(&family.house, family.yoshiko).await;
    let page = browser.get(&family.house, "/u").await;
    for text in [
        "<h1>よしこさんのページ</h1>",
        "11月23日（月）午前9時",
        "毎日 9時",
        "けんじさん",
        "お知らせが届くか、まだ確かめていません",
        "知らせが届く方が、まだいません",
        "2026年11月23日 8:00:00",
        "無料会員",
        &format!("<dd>{}</dd>", family.yoshiko),
    ] {
        assert!(page.has(text), "{text}: {}", page.text);
    }
    assert!(!page.has("いまのようす"), "who watches nobody has no way there: {}", page.text);
    let mut browser = entered(&family.house, family.kenji).await;
    let page = browser.get(&family.house, "/u").await;
    assert!(page.has("いまのようす") && page.has("よしこさんのチーム"), "{}", page.text);
    assert!(!page.has("お休みする"), "who is not asked cannot rest: {}", page.text);
}

#[tokio::test]
async fn a_membership_with_an_end_says_until_when_and_that_nothing_stops_when_it_is_over() {
    let family = Family::new(None);
    let mut person = family.house.person(family.yoshiko);
    let mut browser = entered(&family.house, family.yoshiko).await;
    for (until, said) in [
        (jiff::civil::date(2026, 11, 23), "<dd>会員</dd>"),
        (jiff::civil::date(2026, 11, 22), "有効期間がすぎています（確認はつづいています）"),
    ] {
        person.membership = Some(Membership::ending(until));
        family.write(|tables| tables.put_person(&person).unwrap());
        let page = browser.get(&family.house, "/u").await;
        assert!(page.has(said) && !page.has("無料会員"), "{}", page.text);
        assert!(page.has("2026年11月2"), "{}", page.text);
    }
}

#[tokio::test]
async fn nothing_that_is_done_on_a_page_is_a_sign_of_life() {
    let family = Family::new(Some(Stage::Asked));
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    browser.get(house, "/u").await;
    browser.post(house, "/u", &[("act", "quotes"), ("on", "0")]).await;
    browser.post(house, "/u/time", &[("interval", "3"), ("hour", "7")]).await;
    browser.post(house, "/u/about", &[("act", "name"), ("name", "よしちゃん")]).await;
    let watch = watch(&family);
    assert_eq!(watch.round.map(|round| round.stage), Some(Stage::Asked));
    assert_eq!(watch.last_answer_at, None);
    let answered = |fact: &Fact| matches!(fact, Fact::Answered(..) | Fact::WellAnyway(_));
    assert!(!house.journal().iter().any(answered));
}

#[tokio::test]
async fn day_and_hour_are_chosen_with_the_time_of_an_alert_and_told_to_those_who_watch() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    let page = browser.get(house, "/u/time").await;
    assert!(page.has("9時（知らせは次の日12時）"), "{}", page.text);
    assert!(page.has("21時（知らせは翌々日0時）"), "{}", page.text);
    for (interval, hour) in [("4", "7"), ("3", "24"), ("", ""), ("x", "7")] {
        let page = browser.post(house, "/u/time", &[("interval", interval), ("hour", hour)]).await;
        assert_eq!(page.status, 422, "{interval} {hour}");
        assert!(page.has("日と時刻を選んでください"), "{}", page.text);
    }
    assert_eq!(watch(&family).schedule.hour, Hour::new(9).unwrap());
    let page = browser.post(house, "/u/time", &[("interval", "3"), ("hour", "7")]).await;
    assert_eq!((page.status, page.header("location")), (303, "/u?done"));
    let schedule = watch(&family).schedule;
    assert_eq!(
        (schedule.interval, schedule.hour),
        (Interval::days(3).unwrap(), Hour::new(7).unwrap())
    );
    let page = browser.get(house, "/u?done").await;
    assert!(page.has("変えました") && page.has("11月24日（火）午前7時"), "{}", page.text);
    let told = house.waiting_for(family.kenji);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("よしこさんに聞く日と時刻が変わりました"));
    // Saved again as it is: the days are not counted anew, and nobody is told.
    browser.post(house, "/u/time", &[("interval", "3"), ("hour", "7")]).await;
    assert_eq!(watch(&family).schedule, schedule);
    assert_eq!(house.waiting_for(family.kenji).len(), 1);
}

#[tokio::test]
async fn a_rest_is_asked_for_twice_has_an_end_and_is_told() {
    let family = Family::new(Some(Stage::Asked));
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    let page = browser.get(house, "/u/rest").await;
    assert!(page.has("1週間（11月29日（日）まで）"), "{}", page.text);
    for fields in [
        &[("until", "")][..],
        &[("until", "day"), ("day", "")],
        &[("until", "day"), ("day", "2026-11-22")],
        &[("until", "day"), ("day", "2026-12-23")],
        &[("until", "day"), ("day", "２月３０日")],
        &[("until", "0")],
        &[("until", "200")],
    ] {
        let page = browser.post(house, "/u/rest", fields).await;
        assert_eq!(page.status, 422, "{fields:?}");
        assert!(page.has("きょうから30日までの日を選んでください"), "{}", page.text);
    }
    let fields = [("until", "day"), ("day", "2026-12-22"), ("why", "1")];
    let page = browser.post(house, "/u/rest", &fields).await;
    assert_eq!(page.status, 200);
    assert!(
        page.has("12月22日（火）までお休みします。次の確認は12月23日（水）午前9時です"),
        "{}",
        page.text
    );
    assert_eq!(watch(&family).pause, None, "asked once more first");
    let page =
        browser.post(house, "/u/rest", &[fields.as_slice(), &[("sure", "1")]].concat()).await;
    assert_eq!(page.status, 303);
    let pause = watch(&family).pause.unwrap();
    assert_eq!(pause.last_day, jiff::civil::date(2026, 12, 22));
    assert!(house.waiting_for(family.kenji)[0].contains("よしこさん"));
    let page = browser.get(house, "/u").await;
    assert!(
        page.has("12月22日（火）までお休みです") && page.has("12月23日（水）午前9時"),
        "{}",
        page.text
    );
    browser.get(house, "/u/rest").await;
    browser.post(house, "/u/rest", &[("act", "end")]).await;
    assert_eq!(watch(&family).pause, None);
    assert_eq!(house.waiting_for(family.kenji).len(), 2, "told that it is over");
}

#[tokio::test]
async fn another_nickname_is_told_to_those_who_watch_and_the_familys_name_goes_with_it() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    browser.get(house, "/u/about").await;
    for (name, said) in [("  ", "呼び名を書いてください"), (&"長".repeat(21), "20文字まで")]
    {
        let page = browser.post(house, "/u/about", &[("act", "name"), ("name", name)]).await;
        assert_eq!(page.status, 422);
        assert!(page.has(said), "{}", page.text);
    }
    browser.post(house, "/u/about", &[("act", "name"), ("name", "よしちゃん")]).await;
    let name = Name::of_person("よしちゃん").unwrap();
    assert_eq!(house.person(family.yoshiko).name, Some(name.clone()));
    let team = house.store.read().unwrap().team(family.team).unwrap().unwrap();
    assert_eq!(team.name, TeamName::Of(name));
    let told = house.waiting_for(family.kenji);
    assert!(told[0].contains("これからは「よしちゃんさん」です"), "{told:?}");
    browser.post(house, "/u/about", &[("act", "name"), ("name", "よしちゃん")]).await;
    assert_eq!(house.waiting_for(family.kenji).len(), 1, "the same name is no news");
}

#[tokio::test]
async fn a_person_of_a_family_decides_how_much_is_written_down_and_less_erases_the_rest() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    let page = browser.get(house, "/u/about").await;
    assert!(
        page.has("呼び名のほかは、なにも書いていません") && !page.has("name=\"phone\""),
        "{}",
        page.text
    );
    let written = [("act", "write"), ("version", "0"), ("phone", "03-1234-5678")];
    let page = browser.post(house, "/u/about", &written).await;
    assert_eq!(page.status, 409, "nothing was agreed to");
    assert!(page.has("03-1234-5678"), "what was typed stays: {}", page.text);
    assert_eq!(details(&family), Details::default());

    let team = family.team.to_string();
    let allow = |n| [("act", "allow"), ("team", team.as_str()), ("policy", n)];
    browser.post(house, "/u/about", &allow("3")).await;
    let told = house.waiting_for(family.kenji);
    assert!(told[0].contains("氏名・住所・電話・近親者を書いてよい"), "{told:?}");
    let page = browser.get(house, "/u/about").await;
    assert!(page.has("name=\"phone\"") && !page.has("name=\"form_on\""), "{}", page.text);
    let full = [
        ("act", "write"),
        ("version", "0"),
        ("full_name", "鈴木 よし子"),
        ("phone", "03-1234-5678"),
        ("form_on", "2026-11-02"),
    ];
    let page = browser.post(house, "/u/about", &full).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let known = details(&family);
    assert_eq!(known.phone, Phone::read("03-1234-5678").unwrap());
    assert_eq!(
        (known.form_on, known.version),
        (None, 1),
        "what is the office's stays the office's"
    );

    browser.post(house, "/u/about", &allow("2")).await;
    let known = details(&family);
    assert_eq!(known.phone, None, "less than before: the rest is gone");
    assert_eq!(known.full_name, Line::read("鈴木 よし子", 100).unwrap());
    browser.post(house, "/u/about", &allow("0")).await;
    assert_eq!(details(&family).needs(), Policy::Nothing);
    assert_eq!(house.waiting_for(family.kenji).len(), 1, "less is no call to write");
    for fields in [[("act", "allow"), ("team", "x"), ("policy", "1")], allow("9")] {
        assert_eq!(browser.post(house, "/u/about", &fields).await.status, 404);
    }
}

#[tokio::test]
async fn in_a_team_of_the_office_the_team_decides_and_the_person_may_write() {
    let family = Family::new(None);
    let house = &family.house;
    let mut town = Town::new(house);
    town.team("ひまわり町会", family.michiko);
    let key = house.store.read().unwrap().places(family.michiko).unwrap()[0];
    let mut team = house.store.read().unwrap().team(key.0).unwrap().unwrap();
    (team.policy, team.kind) = (Policy::Name, TeamKind::Organization);
    family.write(|tables| tables.put_team(&team).unwrap());
    let mut browser = entered(house, family.michiko).await;
    let page = browser.get(house, "/u/about").await;
    assert!(page.has("氏名まで") && page.has("name=\"full_name\""), "{}", page.text);
    assert!(!page.has("name=\"policy\"") && !page.has("name=\"phone\""), "{}", page.text);
    // What it does not agree to is not taken from a person's own hand either.
    let id = key.0.to_string();
    let allow = [("act", "allow"), ("team", id.as_str()), ("policy", "3")];
    browser.post(house, "/u/about", &allow).await;
    let written =
        [("act", "write"), ("version", "0"), ("full_name", "佐藤"), ("phone", "03-1234-5678")];
    let page = browser.post(house, "/u/about", &written).await;
    assert_eq!(page.status, 409);
    assert_eq!(house.store.read().unwrap().details(family.michiko).unwrap(), None);
}

#[tokio::test]
async fn of_two_who_write_at_once_the_second_is_told_and_keeps_what_was_typed() {
    let family = Family::new(None);
    let house = &family.house;
    family.agree(Policy::Full);
    let mut yoshiko = entered(house, family.yoshiko).await;
    let mut kenji = entered(house, family.kenji).await;
    let contacts = format!("/m/people/{}/contacts", family.yoshiko);
    yoshiko.get(house, "/u/about").await;
    kenji.get(house, &contacts).await;
    let page = kenji.post(house, &contacts, &[("version", "0"), ("phone", "03-1111-1111")]).await;
    assert_eq!(page.status, 303);
    let theirs = [("act", "write"), ("version", "0"), ("mobile", "090-2222-2222")];
    let page = yoshiko.post(house, "/u/about", &theirs).await;
    assert_eq!(page.status, 409);
    assert!(page.has("ほかの人が先に変更しました") && page.has("090-2222-2222"), "{}", page.text);
    assert_eq!(details(&family).phone, Phone::read("03-1111-1111").unwrap());
    let bad =
        [("act", "write"), ("version", "1"), ("mobile", "でんわ"), ("address", "みどり町1-2")];
    let page = yoshiko.post(house, "/u/about", &bad).await;
    assert_eq!(page.status, 422);
    assert!(page.has("電話番号が読めません") && page.has("みどり町1-2"), "{}", page.text);
}

#[tokio::test]
async fn who_leaves_is_asked_once_more_and_those_who_watch_are_told() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    let page = browser.get(house, "/u/leave").await;
    assert!(page.has("見守りをやめますか") && page.has("/u/rest"), "{}", page.text);
    let page = browser.post(house, "/u/leave", &[]).await;
    assert!(page.has("やめました"), "{}", page.text);
    assert!(house.person(family.yoshiko).watch.is_none());
    assert!(house.journal().contains(&Fact::WatchEnded(family.yoshiko, EndReason::OwnWish)));
    assert!(house.waiting_for(family.kenji)[0].contains("よしこさん"));
    for path in ["/u/leave", "/u/time", "/u/rest"] {
        assert_eq!(browser.get(house, path).await.status, 404, "{path}");
    }
    assert_eq!(browser.get(house, "/u").await.status, 200);
}

#[tokio::test]
async fn the_office_sees_what_a_family_wrote_only_once_a_case_has_come_to_it() {
    let family = Family::new(None);
    let house = &family.house;
    family.agree(Policy::Full);
    let mut browser = entered(house, family.yoshiko).await;
    browser.get(house, "/u/about").await;
    let written = [("act", "write"), ("version", "0"), ("phone", "03-1234-5678")];
    assert_eq!(browser.post(house, "/u/about", &written).await.status, 303);
    let (mut staff, _) = house.member("山田", StaffRole::Worker).await;
    let path = format!("/staff/people/{}/contacts", family.yoshiko);
    assert_eq!(staff.get(house, &path).await.status, 404);
    let mut town = Town::new(house);
    town.case(family.yoshiko, anshin::domain::case::Trouble::NoAnswer, |_| {});
    assert!(staff.get(house, &path).await.has("03-1234-5678"));
    house.wait(Duration::from_secs(1));
}

#[tokio::test]
async fn newer_terms_are_offered_on_the_own_page_and_stop_nothing() {
    let family = Family::new(None);
    let house = &family.house;
    let mut person = house.person(family.yoshiko);
    person.consent = Some(Consent { version: 1, at: house.now() });
    family.write(|tables| tables.put_person(&person).unwrap());
    let mut browser = entered(house, family.yoshiko).await;
    assert!(!browser.get(house, "/u").await.has("利用規約が新しくなりました"));
    let mut service = house.store.read().unwrap().service().unwrap();
    service.terms_version = 2;
    family.write(|tables| tables.put_service(&service).unwrap());
    let page = browser.get(house, "/u").await;
    assert!(
        page.has("利用規約が新しくなりました") && page.has("確認は止まりません"),
        "{}",
        page.text
    );
    browser.post(house, "/u", &[("act", "agree")]).await;
    assert_eq!(house.person(family.yoshiko).consent.unwrap().version, 2);
    assert!(!browser.get(house, "/u").await.has("利用規約が新しくなりました"));
}

#[tokio::test]
async fn where_the_office_phones_the_page_says_what_is_still_to_be_written_down() {
    let family = Family::new(None);
    let house = &family.house;
    let mut team = house.store.read().unwrap().team(family.team).unwrap().unwrap();
    team.kind = TeamKind::Office;
    team.policy = Policy::Full;
    family.write(|tables| tables.put_team(&team).unwrap());
    let mut browser = entered(house, family.yoshiko).await;
    let page = browser.get(house, "/u").await;
    assert!(
        page.has("登録がまだ終わっていません。のこり：氏名、ふりがな、住所、電話、近親者・連絡先"),
        "{}",
        page.text
    );
    assert!(page.has("href=\"/p/office.vcf\"") && page.has("0120-000-000"), "{}", page.text);
    let form = browser.get(house, "/u/about").await;
    assert!(form.has("※必須") && form.has("連絡先にしたことを伝えました"), "{}", form.text);
    let fields = [
        ("act", "write"),
        ("version", "0"),
        ("full_name", "架空 よし子"),
        ("reading", "かくう よしこ"),
        ("address", "みどり市中央1-2"),
        ("phone", "03-0000-1111"),
        ("contact_name_0", "架空 一郎"),
        ("contact_phone_0", "090-0000-2222"),
        ("contact_address_0", "みどり市南3"),
    ];
    assert_eq!(
        browser.post(house, "/u/about", &fields).await.status,
        303,
        "nothing is refused for what is left out"
    );
    let page = browser.get(house, "/u").await;
    assert!(page.has("のこり：近親者・連絡先の方に伝えること</p>"), "{}", page.text);
    let told: Vec<_> = fields
        .iter()
        .copied()
        .filter(|(n, _)| *n != "version")
        .chain([("version", "1"), ("contact_told_0", "1")])
        .collect();
    assert_eq!(browser.post(house, "/u/about", &told).await.status, 303);
    assert!(!browser.get(house, "/u").await.has("登録がまだ終わっていません"));
    let card = Browser::new(HTTPS).get(house, "/p/office.vcf").await;
    assert_eq!(card.header("content-type"), "text/vcard; charset=utf-8");
    assert!(card.has("TEL;TYPE=WORK,VOICE:0120-000-000"), "{}", card.text);
}

#[tokio::test]
async fn what_people_say_of_the_service_is_read_by_the_office_a_few_times_a_day() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    assert!(browser.get(house, "/u").await.has("声をきかせてください"));
    let long = "あ".repeat(501);
    for text in [" ", long.as_str()] {
        let page = browser.post(house, "/u", &[("act", "opinion"), ("text", text)]).await;
        assert!(page.status == 422 && page.has("1文字から500文字"), "{}", page.text);
    }
    for text in ["毎朝たのしみです。", "字が大きくてよい。", "=ありがとう"] {
        let page = browser.post(house, "/u", &[("act", "opinion"), ("text", text)]).await;
        assert!(page.status == 200 && page.has("ありがとうございました"), "{}", page.text);
    }
    let page = browser.post(house, "/u", &[("act", "opinion"), ("text", "もう一つ")]).await;
    assert!(page.status == 429 && page.has("もう3回送っています"), "{}", page.text);
    let (mut staff, _) = house.member("山田", StaffRole::Worker).await;
    let list = staff.get(house, "/staff/opinions").await;
    assert!(list.has("毎朝たのしみです。") && !list.has("もう一つ"), "{}", list.text);
    assert!(
        list.has("家族の見守りの方") && !list.has("よしこ"),
        "a family stays unnamed: {}",
        list.text
    );
    let file = staff.get(house, "/staff/lists/opinions.csv").await;
    assert!(file.has("'=ありがとう"), "{}", file.text);
    house.wait(Duration::from_secs(24 * 3600));
    let mut browser = entered(house, family.yoshiko).await;
    browser.get(house, "/u").await;
    let page = browser.post(house, "/u", &[("act", "opinion"), ("text", "あしたの声")]).await;
    assert_eq!(page.status, 200);
}
