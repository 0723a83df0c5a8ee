//! The pages of a LINE group: the order of presses for everyone who takes part, and what whoever leads can change.

use anshin::domain::fact::Fact;
use anshin::domain::group::{Answer, Group, GroupRound, Participant};
use anshin::domain::id::{Address, GroupId};
use anshin::domain::name::Name;
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};

use super::*;

const GROUP: GroupId = GroupId(7007);

/// A group that けんじ leads and in which よしこ takes part; けんじ has answered the round of this morning.
fn grouped(family: &Family) {
    let now = family.house.now();
    let interval = Interval::days(3).unwrap();
    let schedule = Schedule::starting(interval, Hour::new(8).unwrap(), Zone::default(), now);
    let mut round = GroupRound::asking(now);
    round.asked_at = Some(now);
    round.answers.push(Answer { person: family.kenji, at: now });
    let group = Group {
        leader: Some(family.kenji),
        schedule: Some(schedule),
        size: 5,
        round: Some(round),
        ..Group::met(GROUP, Address::line("Cgroup").unwrap(), now)
    };
    family.write(|tables| {
        tables.put_group(&group).unwrap();
        for (person, name) in [(family.kenji, "けん"), (family.yoshiko, "よっちゃん")] {
            let name = Some(Name::stored(name.to_owned()));
            tables
                .put_participant(&Participant { group: GROUP, person, name, since: now })
                .unwrap();
        }
    });
}

fn group(house: &House) -> Group {
    house.store.read().unwrap().group(GROUP).unwrap().unwrap()
}

#[tokio::test]
async fn everyone_who_takes_part_sees_the_order_of_presses_and_who_has_not_yet() {
    let family = Family::new(None);
    grouped(&family);
    let mut browser = entered(&family.house, family.yoshiko).await;
    let page = browser.get(&family.house, "/g").await;
    assert_eq!(page.header("location"), "/g/7007", "the only one opens at once");
    let page = browser.get(&family.house, "/g/7007").await;
    for words in [
        "1番目 <strong>けんさん</strong>",
        "3日ごと 8時",
        "1か月に約50通",
        "まだの方",
        "よっちゃんさん",
        "5人中2人が参加",
    ] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let pressed = page.text.find("<strong>けんさん</strong>").unwrap();
    assert!(pressed < page.text.find("まだの方").unwrap());
    assert!(!page.has("代表の設定") && page.has("代表の方だけ"), "{}", page.text);
    let own = browser.get(&family.house, "/u").await;
    assert!(own.has("href=\"/g/7007\""), "{}", own.text);
}

#[tokio::test]
async fn whoever_leads_changes_days_rests_and_words_and_hands_over_without_a_post_into_the_group() {
    let family = Family::new(None);
    grouped(&family);
    let mut browser = entered(&family.house, family.kenji).await;
    let path = "/g/7007";
    let page = browser.get(&family.house, path).await;
    assert!(page.has("グループには知らせません"));
    assert!(page.has("9時（知らせは次の日8時）"), "{}", page.text);
    let times = [("act", "times"), ("interval", "7"), ("hour", "10")];
    let page = browser.post(&family.house, path, &times).await;
    assert_eq!(page.header("location"), "/g/7007?done", "{}", page.text);
    let schedule = group(&family.house).schedule.unwrap();
    assert_eq!((schedule.interval.as_days(), schedule.hour.get()), (7, 10));
    browser.post(&family.house, path, &[("act", "rest"), ("days", "7")]).await;
    assert!(group(&family.house).rests_until.is_some());
    assert!(browser.get(&family.house, path).await.has("お休みを終わる"));
    browser.post(&family.house, path, &[("act", "back")]).await;
    assert!(group(&family.house).rests_until.is_none());
    browser.post(&family.house, path, &[("act", "words-on")]).await;
    assert!(group(&family.house).words_count);
    browser.post(&family.house, path, &[("act", "hand-over")]).await;
    assert_eq!(group(&family.house).leader, None);
    let rows = family.house.store.read().unwrap().rows().unwrap();
    assert!(rows.is_empty(), "nobody's message is spent: {rows:?}");
    for wrong in [
        &[("act", "times"), ("interval", "4"), ("hour", "10")][..],
        &[("act", "rest"), ("days", "200")],
        &[("act", "x")],
    ] {
        assert_eq!(browser.post(&family.house, path, wrong).await.status, 404);
    }
}

#[tokio::test]
async fn who_does_not_lead_changes_nothing_and_who_takes_no_part_finds_nothing() {
    let family = Family::new(None);
    grouped(&family);
    let before = group(&family.house);
    let mut browser = entered(&family.house, family.yoshiko).await;
    browser.get(&family.house, "/u").await;
    let page = browser.post(&family.house, "/g/7007", &[("act", "hand-over")]).await;
    assert!(page.status == 403 && page.has("代表の方だけ"), "{}", page.text);
    assert_eq!(group(&family.house), before);
    let mut stranger = entered(&family.house, family.michiko).await;
    assert_eq!(stranger.get(&family.house, "/g/7007").await.status, 404);
    stranger.get(&family.house, "/u").await;
    assert_eq!(stranger.post(&family.house, "/g/7007", &[("act", "hand-over")]).await.status, 404);
    let page = stranger.get(&family.house, "/g").await;
    assert!(page.has("参加しているグループはありません"), "{}", page.text);
    assert!(!family.house.journal().iter().any(|fact| matches!(fact, Fact::GroupRests(_))));
}
