//! The report of a month, as the journal tells it.

use anshin::domain::case::{Actor, Outcome, Trouble};
use anshin::domain::fact::Fact;
use anshin::domain::id::{CaseId, GroupId, StaffId, TeamId};
use anshin::domain::person::{EndReason, Ended};
use anshin::domain::record::{Finding, Means, Note, Party, Record};
use anshin::domain::team::Role;
use anshin::domain::time::Moment;

use super::*;

const PATH: &str = "/staff/report";

/// What stands behind a label.
fn number(page: &Page, label: &str) -> String {
    let row = page.text.split(&format!("<th scope=\"row\">{label}</th>")).nth(1);
    let row = row.unwrap_or_else(|| panic!("{label}: {}", page.text));
    let cell = row.split("<td class=\"number\">").nth(1).unwrap();
    cell.split('<').next().unwrap().to_owned()
}

/// A district whose journal has an October and a November.
async fn district() -> (House, Browser) {
    let house = House::new();
    let (browser, _) = house.member("山田", StaffRole::Viewer).await;
    let mut town = Town::new(&house);
    let [old, new, gone] = ["むかし", "いま", "さった"].map(|name| town.person(name, None, true));
    let october = tokyo("2026-10-05T09:00:00");
    let mut since = house.person(old);
    since.watch.as_mut().unwrap().since = october;
    let mut left = house.person(gone);
    (left.watch, left.ended) = (None, Some(Ended { at: house.now(), why: EndReason::Moved }));
    let (team, staff, group) = (TeamId(1), StaffId(1), GroupId(9));
    let at = |text: &str| tokyo(text);
    let note = |means| Record {
        at: at("2026-11-10T10:30:00"),
        by: staff,
        note: Note { means, party: Party::Person, result: Finding::Absent, text: None, next: None },
    };
    let entries: Vec<(Moment, Fact)> = vec![
        (october, Fact::Joined(old, team, Role::Member)),
        (october, Fact::Joined(gone, team, Role::Member)),
        (at("2026-10-20T09:00:00"), Fact::Asked(old, october)),
        (at("2026-10-31T23:59:59"), Fact::Answered(old, october)),
        (at("2026-11-01T00:00:00"), Fact::Asked(old, october)),
        (at("2026-11-02T09:00:00"), Fact::Asked(old, october)),
        (at("2026-11-02T09:10:00"), Fact::Answered(old, october)),
        (at("2026-11-03T09:00:00"), Fact::Resent(old, october)),
        (at("2026-11-03T12:00:00"), Fact::CaseOpened(CaseId(70), old, Trouble::NoAnswer)),
        (at("2026-11-03T12:20:00"), Fact::Claimed(CaseId(70), Actor::Person(new))),
        (at("2026-11-03T13:00:00"), Fact::Closed(CaseId(70), Actor::Person(new), Outcome::Forgot)),
        // A Sunday.
        (at("2026-11-08T12:00:00"), Fact::CaseOpened(CaseId(71), old, Trouble::Help)),
        (at("2026-11-10T10:30:00"), Fact::Staff(StaffFact::Recorded(staff, CaseId(71)))),
        (at("2026-11-11T09:00:00"), Fact::PauseBegan(old, Actor::Person(old))),
        (at("2026-11-12T09:00:00"), Fact::WatchEnded(gone, EndReason::Moved)),
        (at("2026-11-13T09:00:00"), Fact::GroupAsked(group, october)),
        (at("2026-11-14T08:00:00"), Fact::GroupReported(group, 2)),
        (at("2026-11-20T09:00:00"), Fact::Joined(new, team, Role::Member)),
    ];
    town.write(|tables| {
        tables.put_person(&since).unwrap();
        tables.put_person(&left).unwrap();
        entries.into_iter().for_each(|(at, fact)| tables.journal(at, &[fact]).unwrap());
        for means in [Means::Phone, Means::Phone, Means::Visit] {
            tables.add_record(CaseId(71), &note(means)).unwrap();
        }
        let before = Record { at: october, ..note(Means::Visit) };
        tables.add_record(CaseId(71), &before).unwrap();
    });
    (house, browser)
}

#[tokio::test]
async fn a_month_is_counted_from_its_first_to_its_last_moment_and_names_nobody() {
    let (house, mut browser) = district().await;
    let page = browser.get(&house, PATH).await;
    assert!(page.has("月次報告　2026年11月") && page.has("2026年11月23日（月）までの数です"));
    for (label, count) in [
        ("月のはじめ", "2"),
        ("新しい方", "1"),
        ("終了：転出", "1"),
        ("終了：死亡", "0"),
        ("いま", "2"),
        ("送った回数", "2"),
        ("お返事", "1"),
        ("お返事の割合", "50.0%"),
        ("再送（24時間お返事なし）", "1"),
        ("お休みのはじまり", "1"),
        ("つながり：グループに聞いた回数", "1"),
        ("つながり：まだの方がいた回数", "1"),
        ("対応の件数", "2"),
        ("うち夜間・土日", "1"),
        ("はじめの対応までの時間（中央値）", "46時間30分"),
        ("押し忘れ", "1"),
        ("電話", "2"),
        ("訪問", "1"),
    ] {
        assert_eq!(number(&page, label), count, "{label}");
    }
    for name in ["むかし", "さった"] {
        assert!(!page.has(name), "{name}");
    }
}

#[tokio::test]
async fn earlier_months_are_reckoned_back_and_those_to_come_are_not_there() {
    let (house, mut browser) = district().await;
    let page = browser.get(&house, &format!("{PATH}?month=2026-10")).await;
    for (label, count) in [
        ("月のはじめ", "0"),
        ("新しい方", "2"),
        ("月のおわり", "2"),
        ("送った回数", "1"),
        ("お返事", "1"),
        ("対応の件数", "0"),
        ("はじめの対応までの時間（中央値）", "―"),
    ] {
        assert_eq!(number(&page, label), count, "{label}");
    }
    assert!(page.has("month=2026-09") && page.has("month=2026-11") && !page.has("LINEの通数"));
    for month in ["2026-12", "2026-13", "x", "1990-01"] {
        let page = browser.get(&house, &format!("{PATH}?month={month}")).await;
        assert_eq!(page.status, 404, "{month}");
    }
}

#[tokio::test]
async fn the_report_can_be_saved_as_a_file() {
    let (house, mut browser) = district().await;
    let file = browser.get(&house, "/staff/report.csv?month=2026-11").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(file.text.contains("2026/11/01,安否確認,送った回数,2\r\n"), "{}", file.text);
}
