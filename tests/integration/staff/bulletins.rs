//! The pages on which staff say something to many, or to one: written, looked at, sent, taken back, and what came of it.

use anshin::domain::bulletin::{
    Audience, Bulletin, Delivery, Draft, End, Kind, Receipt, Side, Stage, Text, Whom, Word,
};
use anshin::domain::id::{BulletinId, TeamId};
use anshin::domain::quota::Quota;

use super::*;

const LIST: &str = "/staff/bulletins";
const NEW: &str = "/staff/bulletins/new";

/// A district: よしこ and うめこ (whom LINE does not reach) are asked, けんじ watches; another family looks after itself.
struct District {
    house: House,
    browser: Browser,
    yoshiko: PersonId,
    umeko: PersonId,
    kenji: PersonId,
    family: PersonId,
    team: TeamId,
}

impl District {
    async fn new(role: StaffRole) -> Self {
        let house = House::new();
        let (browser, _) = house.member("山田", role).await;
        let mut town = Town::new(&house);
        let yoshiko = town.person("よしこ", None, true);
        let umeko = town.person("うめこ", None, false);
        let kenji = town.person("けんじ", None, true);
        let family = town.person("かぞくさん", None, true);
        town.family("かぞくさん", family);
        town.team("ひまわり町会", yoshiko);
        let team = house.store.read().unwrap().places(yoshiko).unwrap()[0].0;
        town.member(team, umeko);
        town.manager(team, kenji);
        Self { house, browser, yoshiko, umeko, kenji, family, team }
    }

    /// The fields of the form, with some of them changed.
    async fn post(&mut self, fields: &[(&str, &str)]) -> Page {
        let usual =
            [("kind", "0"), ("text", "台風が近づいています。"), ("to", "all"), ("side", "2")];
        let usual = usual.into_iter().filter(|(name, _)| fields.iter().all(|(n, _)| n != name));
        let all: Vec<(&str, &str)> = usual.chain(fields.iter().copied()).collect();
        self.browser.get(&self.house, NEW).await;
        self.browser.post(&self.house, NEW, &all).await
    }

    fn bulletins(&self) -> Vec<Bulletin> {
        self.house.store.read().unwrap().newest_bulletins(9).unwrap()
    }

    /// A bulletin as the rules would have left it.
    fn sent(
        &self,
        kind: Kind,
        stage: Stage,
        receipts: &[(PersonId, Delivery, Option<Word>)],
    ) -> String {
        let (id, now) = (BulletinId(777), self.house.now());
        let draft = Draft {
            shown_at: now,
            kind,
            text: Text::read("地震がありました。").unwrap(),
            audience: Audience::Everyone,
            side: Side::Both,
            urgent: false,
        };
        let by = self.house.staff("山田").id;
        let bulletin = Bulletin {
            id,
            by,
            since: now,
            draft,
            run: 0,
            whom: Whom::Everyone,
            stage,
            on_their_way: 0,
        };
        Town::new(&self.house).write(|tables| {
            tables.put_bulletin(&bulletin).unwrap();
            for (to, delivery, word) in receipts {
                let word = word.map(|word| (word, now));
                tables.put_receipt(id, to.0, &Receipt { delivery: *delivery, word }).unwrap();
            }
        });
        format!("{LIST}/{id}")
    }

    fn set_quota(&self, limit: Option<u32>, used: u32, forecast: u32) {
        let mut service = self.house.store.read().unwrap().service().unwrap();
        service.quota = Quota { forecast, ..Quota::default() };
        service.quota.tell(limit, used, self.house.now());
        service.quota.forecast = forecast;
        Town::new(&self.house).write(|tables| tables.put_service(&service).unwrap());
    }
}

#[tokio::test]
async fn before_it_is_sent_it_is_seen_with_how_many_get_it_and_what_it_costs() {
    let mut district = District::new(StaffRole::Worker).await;
    assert!(district.browser.get(&district.house, LIST).await.has("まだお知らせを送っていません"));
    district.set_quota(Some(200), 20, 30);
    let page = district.post(&[("step", "preview")]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for said in [
        "台風が近づいています。",
        "読みました",
        "3人に送る",
        "ほかに1人には、LINEが届きません",
        "180通",
        "30通",
        "20通",
    ] {
        assert!(page.has(said), "{said}: {}", page.text);
    }
    assert!(district.bulletins().is_empty(), "looking sends nothing");
    let team = format!("team.{}", district.team);
    for (to, side, people) in [
        ("all", "0", "2人に送る"),
        ("all", "1", "1人に送る"),
        (team.as_str(), "0", "1人に送る"),
        (team.as_str(), "2", "2人に送る"),
    ] {
        let page = district.post(&[("to", to), ("side", side), ("step", "preview")]).await;
        assert!(page.has(people), "{to} {side}: {}", page.text);
    }
    let page = district.post(&[("to", "age.60.199"), ("step", "preview")]).await;
    assert!(page.has("いま届く方が1人もいません") && !page.has("人に送る<"), "{}", page.text);
}

#[tokio::test]
async fn it_is_sent_once_waits_a_minute_and_can_be_taken_back() {
    let mut district = District::new(StaffRole::Worker).await;
    let page = district.post(&[("step", "preview")]).await;
    let shown_at = page.text.split("name=\"shown_at\" value=\"").nth(1).unwrap();
    let shown_at = shown_at.split('"').next().unwrap().to_owned();
    let fields = [("step", "send"), ("shown_at", shown_at.as_str())];
    let first = district.post(&fields).await;
    let again = district.post(&fields).await;
    assert_eq!((first.status, again.status), (303, 303), "{}", first.text);
    assert_eq!(first.header("location"), again.header("location"), "a second press sends nothing");
    assert_eq!(district.bulletins().len(), 1);
    let path = first.header("location").to_owned();
    let page = district.browser.get(&district.house, &path).await;
    assert!(page.has("あと60秒で送りはじめます") && page.has("取り消す"), "{}", page.text);
    assert_eq!(
        page.header("refresh"),
        format!("5; url={path}?auto"),
        "a page left open does not keep the log-in"
    );
    district.house.wait_seconds(20);
    assert!(district.browser.get(&district.house, &path).await.has("あと40秒"));
    let page = district.browser.post(&district.house, &path, &[("act", "stop")]).await;
    assert_eq!(page.status, 303);
    let page = district.browser.get(&district.house, &path).await;
    assert!(page.has("取り消しました") && page.header("refresh").is_empty(), "{}", page.text);
    assert!(matches!(district.bulletins()[0].stage, Stage::Over(_, End::TakenBack)));
    let by = district.house.staff("山田").id;
    let id = district.bulletins()[0].id;
    let facts = district.house.facts();
    assert!(facts.contains(&StaffFact::BulletinMade(by, id)));
    assert!(facts.contains(&StaffFact::BulletinStopped(by, id)));
}

#[tokio::test]
async fn what_is_missing_or_unfit_is_said_at_its_field_and_what_was_typed_stays() {
    let mut district = District::new(StaffRole::Worker).await;
    let long = "あ".repeat(401);
    for (fields, said) in [
        (vec![("text", " \n ")], "文面を書いてください"),
        (vec![("text", long.as_str())], "400字より長い"),
        (vec![("to", "team.99999")], "送り先をえらび直して"),
        (vec![("to", "")], "送り先をえらび直して"),
        (vec![("to", "one"), ("number", "99999")], "この番号の会員はいません"),
        (vec![("to", "one"), ("number", "よしこ")], "この番号の会員はいません"),
        (vec![("to", "group.1")], "送り先をえらび直して"),
    ] {
        for step in ["preview", "send", "test"] {
            let fields: Vec<_> = fields.iter().copied().chain([("step", step)]).collect();
            let page = district.post(&fields).await;
            assert_eq!(page.status, 422, "{fields:?}");
            assert!(page.has(said), "{fields:?} {}", page.text);
        }
    }
    let page = district.post(&[("text", "一行目\n二行目"), ("to", ""), ("step", "preview")]).await;
    assert!(page.has("一行目\n二行目</textarea>"), "{}", page.text);
    let page = district.post(&[("text", "一行目\n二行目"), ("step", "back")]).await;
    assert!(page.status == 200 && page.has("一行目\n二行目</textarea>"));
    assert!(district.bulletins().is_empty());
}

#[tokio::test]
async fn where_the_months_messages_are_short_it_needs_a_word_and_what_is_kept_for_alerts_is_never_spent()
 {
    let mut district = District::new(StaffRole::Worker).await;
    // Forty are left: twenty for alerts, thirty for the questions of this month.
    district.set_quota(Some(200), 160, 30);
    let page = district.post(&[("step", "preview")]).await;
    assert!(page.has("安否確認の分が足りなくなる見込み") && page.has("name=\"urgent\""));
    let page = district.post(&[("step", "send")]).await;
    assert!(page.status == 422 && page.has("印をつけてください"), "{}", page.text);
    let page = district.post(&[("step", "send"), ("urgent", "1")]).await;
    assert_eq!(page.status, 303);
    assert!(district.bulletins()[0].draft.urgent);
    district.set_quota(Some(200), 178, 30);
    let page = district.post(&[("step", "preview")]).await;
    assert!(page.has("今月の残りが足りないので、送れません") && !page.has("人に送る<"));
    let page = district.post(&[("step", "send"), ("urgent", "1")]).await;
    assert_eq!(page.status, 422);
    assert_eq!(district.bulletins().len(), 1);
}

#[tokio::test]
async fn whoever_writes_it_sees_it_on_their_own_telephone_first() {
    let mut district = District::new(StaffRole::Worker).await;
    let (kenji, umeko) = (district.kenji.to_string(), district.umeko.to_string());
    let page = district.post(&[("step", "test"), ("me", &kenji)]).await;
    assert!(page.status == 200 && page.has("自分に送りました"), "{}", page.text);
    assert!(district.house.waiting_for(district.kenji)[0].contains("ためし"));
    for me in ["", "999999", umeko.as_str()] {
        let page = district.post(&[("step", "test"), ("me", me)]).await;
        assert!(page.status == 422 && page.has("この番号の会員がいないか"), "{me}");
    }
    assert!(district.house.waiting_for(district.yoshiko).is_empty());
    assert!(district.bulletins().is_empty());
}

#[tokio::test]
async fn after_a_disaster_those_who_need_help_stand_first_and_families_are_only_counted() {
    let mut district = District::new(StaffRole::Worker).await;
    let over = Stage::Over(district.house.now(), End::Complete);
    let path = district.sent(
        Kind::Check,
        over,
        &[
            (district.yoshiko, Delivery::Arrived, Some(Word::Help)),
            (district.kenji, Delivery::Arrived, None),
            (district.family, Delivery::Arrived, None),
            (district.umeko, Delivery::Unreachable, None),
        ],
    );
    let page = district.browser.get(&district.house, &path).await;
    let places = ["助けがいる</h2>", "お返事がまだ</h2>", "LINEが届かない方</h2>"]
        .map(|title| page.text.find(title).unwrap_or_else(|| panic!("{title}: {}", page.text)));
    assert!(places.is_sorted());
    assert!(page.has(&format!("/staff/people/{}", district.yoshiko)));
    assert!(page.has("けんじさん") && page.has("うめこさん"));
    assert!(page.has("家族だけで見守っている方：1人") && !page.has("かぞくさん"));
    assert!(
        page.has("お返事のない2人に、もう一度聞く") && page.has("届いていない1人に、もう一度送る")
    );
    let sent = district.browser.post(&district.house, &path, &[("act", "silent")]).await;
    assert_eq!(sent.status, 303);
    let again = &district.bulletins()[0];
    assert_eq!((again.run, again.whom, again.stage), (1, Whom::Silent, Stage::Waiting));
    let list = district.browser.get(&district.house, LIST).await;
    assert!(list.has("無事0・けが0・助け1") && list.has("3人（届かない1人）"), "{}", list.text);
}

#[tokio::test]
async fn how_far_it_is_survives_closing_the_page_and_whoever_only_looks_changes_nothing() {
    let mut district = District::new(StaffRole::Viewer).await;
    let arrived = [(district.yoshiko, Delivery::Arrived, None)];
    let path = district.sent(Kind::Notice, Stage::Sending(district.yoshiko.0), &arrived);
    let page = district.browser.get(&district.house, &path).await;
    assert!(page.has("4人のうち1人まで終わりました") && page.has("<progress"), "{}", page.text);
    assert!(!page.has("止める"));
    let refused = district.browser.post(&district.house, &path, &[("act", "stop")]).await;
    assert_eq!(refused.status, 403);
    assert_eq!(district.browser.get(&district.house, NEW).await.status, 403);
    assert!(!district.browser.get(&district.house, LIST).await.has("お知らせを書く"));
    for path in [format!("{LIST}/1"), format!("{LIST}/x")] {
        assert_eq!(district.browser.get(&district.house, &path).await.status, 404);
    }
}

#[tokio::test]
async fn the_numbers_of_members_can_be_tried_out_and_give_no_name_of_a_family_away() {
    let mut district = District::new(StaffRole::Worker).await;
    let page =
        district.browser.get(&district.house, &format!("{NEW}?person={}", district.yoshiko)).await;
    assert!(
        page.has("value=\"one\" selected") && page.has(&format!("value=\"{}\"", district.yoshiko))
    );
    for (person, name, shown) in
        [(district.yoshiko, "よしこさん", true), (district.family, "かぞくさん", false)]
    {
        let number = person.to_string();
        let page = district.post(&[("to", "one"), ("number", &number), ("step", "preview")]).await;
        assert_eq!(page.has(name), shown, "{}", page.text);
        assert!(page.has("1人に送る"));
    }
}

#[tokio::test]
async fn a_group_gets_a_notice_in_its_chat_and_no_question() {
    let mut district = District::new(StaffRole::Worker).await;
    let group = anshin::domain::group::Group {
        size: 12,
        ..anshin::domain::group::Group::met(
            anshin::domain::id::GroupId(5000),
            anshin::domain::id::Address::line("Cgroup").unwrap(),
            district.house.now(),
        )
    };
    Town::new(&district.house).write(|tables| tables.put_group(&group).unwrap());
    let page = district.post(&[("to", "group.5000"), ("step", "preview")]).await;
    assert!(page.has("グループ（12人）に送る") && !page.has("読みました"), "{}", page.text);
    let page = district.post(&[("to", "group.5000"), ("kind", "1"), ("step", "preview")]).await;
    assert!(page.status == 422 && page.has("LINEグループには送れません"));
}
