//! The groups, as staff see them: who leads, how the newest round stands, what it costs.

use anshin::domain::group::{Answer, Group, GroupRound, Participant};
use anshin::domain::id::{Address, GroupId};
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use jiff::civil::date;

use super::*;

/// A group of `size` people, asked every three days, in which three take part.
fn put(house: &House, id: u32, size: u32, change: impl FnOnce(&mut Group)) {
    let now = house.now();
    let address = Address::new(&format!("C{id:032x}")).unwrap();
    let schedule =
        Schedule::starting(Interval::ALL[2], Hour::new(9).unwrap(), Zone::default(), now);
    let mut group = Group {
        leader: Some(PersonId(1)),
        schedule: Some(schedule),
        size,
        ..Group::met(GroupId(id), address, now)
    };
    change(&mut group);
    let writing = house.store.write().unwrap();
    let mut tables = writing.tables();
    for (person, name) in [(1, "さちこ"), (2, "はなこ"), (3, "じろう")] {
        let name = Some(Name::stored(name.to_owned()));
        let participant =
            Participant { group: group.id, person: PersonId(person), name, since: now };
        tables.put_participant(&participant).unwrap();
    }
    tables.put_group(&group).unwrap();
    drop(tables);
    writing.commit().unwrap();
}

fn round(house: &House, answered: &[u32]) -> GroupRound {
    let at = house.now();
    let answers = answered.iter().map(|id| Answer { person: PersonId(*id), at }).collect();
    GroupRound { asked_at: Some(at), answers, ..GroupRound::asking(at) }
}

#[tokio::test]
async fn without_a_group_the_page_says_how_one_begins() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let page = browser.get(&house, "/staff/groups").await;
    assert!(page.has("グループは、まだありません"), "{}", page.text);
    assert!(page.has("このアカウントを招待します"));
}

#[tokio::test]
async fn groups_are_listed_with_what_they_cost_and_those_with_somebody_missing_first() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    put(&house, 900, 36, |group| group.round = Some(round(&house, &[1, 2, 3])));
    put(&house, 901, 4, |group| {
        group.round = Some(GroupRound { reported_at: Some(house.now()), ..round(&house, &[2]) });
    });
    put(&house, 902, 3, |group| {
        group.round = Some(GroupRound { reported_at: Some(house.now()), ..round(&house, &[1, 2]) });
        group.round.as_mut().unwrap().caller = Some(PersonId(1));
    });
    put(&house, 903, 5, |group| (group.schedule, group.leader) = (None, None));
    put(&house, 904, 3, |group| group.rests_until = Some(date(2026, 12, 1)));
    put(&house, 905, 50, |group| group.left_at = Some(house.now()));
    put(&house, 906, 0, |group| group.round = Some(GroupRound::asking(house.now())));
    let page = browser.get(&house, "/staff/groups").await;
    let states = [
        "まだの方2人</td>",
        "まだ送れていません",
        "まだの方1人（連絡する方がいます）",
        "3人中3人がお返事",
        "12月1日（火）までお休み",
        "日と時刻がまだ決まっていません",
        "グループから外れました",
    ];
    let places = states.map(|state| page.text.find(state).unwrap_or_else(|| panic!("{state}")));
    assert!(places.is_sorted(), "{}", page.text);
    assert!(page.has("さちこさん") && !page.has("はなこ"), "who leads, and nobody else");
    assert!(page.has("3人／36人") && page.has("約360通") && page.has("3日ごと 9時"));
    assert!(page.has("3人／わかりません"), "nobody said how many there are");
    // 36, 4, 3 and 3 people, ten times each; a group that we left costs nothing.
    assert!(page.has("1か月に約460通"), "{}", page.text);
}
