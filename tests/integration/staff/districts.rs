//! Teams and organizations as staff set them up, page by page.

use anshin::domain::id::{OrganizationId, TeamId};
use anshin::domain::invitation::CodeKind;
use anshin::domain::organization::Organization;
use anshin::domain::team::{Role, Team, TeamKind};

use super::*;

const TEAM: [(&str, &str); 5] =
    [("name", "中央町会"), ("kind", "0"), ("organization", "0"), ("interval", "2"), ("hour", "8")];

fn teams(house: &House) -> Vec<Team> {
    house.store.read().unwrap().teams_from(0, 100).unwrap()
}

async fn made(house: &House, browser: &mut Browser, fields: &[(&str, &str)]) -> TeamId {
    browser.get(house, "/staff/teams").await;
    let page = browser.post(house, "/staff/teams", fields).await;
    assert_eq!((page.status, page.header("location")), (303, "/staff/teams"), "{}", page.text);
    teams(house).last().unwrap().id
}

#[tokio::test]
async fn a_team_is_made_with_its_proposal_and_a_leaflet_that_can_be_printed() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    assert!(browser.get(&house, "/staff/teams").await.has("まだチームがありません"));
    let id = made(&house, &mut browser, &TEAM).await;
    let team = teams(&house).pop().unwrap();
    assert_eq!(team.kind, TeamKind::Organization);
    assert_eq!((team.interval.as_days(), team.hour.get()), (3, 8));
    let list = browser.get(&house, "/staff/teams").await;
    for words in [&id.to_string(), "中央町会", "3日ごと 8時", "0人（見守る方 0人）"]
    {
        assert!(list.has(words), "{words}: {}", list.text);
    }
    let codes = house.store.read().unwrap().invitations_into(id).unwrap();
    assert_eq!(codes.len(), 1);
    let leaflet = browser.get(&house, &format!("/staff/teams/{id}/leaflet")).await;
    assert!(leaflet.has(&codes[0].code.to_string()), "{}", leaflet.text);
    assert!(leaflet.has(&format!("/i/{}/qr.svg", codes[0].code.plain())));
    assert!(leaflet.has("0120-000-000") && leaflet.has("救急のサービスではありません"));
}

#[tokio::test]
async fn a_team_without_a_name_is_refused_and_what_was_chosen_stays() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    browser.get(&house, "/staff/teams").await;
    let fields = [("name", "  "), ("kind", "1"), ("interval", "4"), ("hour", "7")];
    let page = browser.post(&house, "/staff/teams", &fields).await;
    assert_eq!(page.status, 422);
    assert!(page.has("名前を書いてください"), "{}", page.text);
    assert!(
        page.has("<option value=\"4\" selected>毎週") && page.has("<option value=\"7\" selected>")
    );
    assert!(teams(&house).is_empty());
}

#[tokio::test]
async fn codes_for_those_who_watch_are_single_and_a_new_leaflet_code_takes_the_old_ones_place() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let id = made(&house, &mut browser, &TEAM).await;
    let path = format!("/staff/teams/{id}");
    let codes = || house.store.read().unwrap().invitations_into(id).unwrap();
    let old = codes()[0].code;
    browser.get(&house, &path).await;
    for act in ["invite", "invite", "renew"] {
        assert_eq!(browser.post(&house, &path, &[("act", act)]).await.status, 303);
    }
    let of = |kind| codes().iter().filter(|code| code.kind == kind).count();
    assert_eq!((of(CodeKind::Manager), of(CodeKind::Leaflet)), (2, 1));
    assert!(codes().iter().all(|code| code.code != old));
    let page = browser.get(&house, &path).await;
    assert!(page.has("11月30日（月）午前8時まで"), "{}", page.text);
    assert_eq!(browser.get(&house, &format!("/i/{}", old.plain())).await.status, 404);
}

#[tokio::test]
async fn an_organization_has_teams_and_heads_who_are_chosen_among_those_who_watch_there() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    browser.get(&house, "/staff/organizations").await;
    browser.post(&house, "/staff/organizations", &[("name", "中央地区")]).await;
    let id = house.store.read().unwrap().organizations().unwrap()[0].id;
    let organization = id.to_string();
    let mut fields = TEAM;
    fields[2] = ("organization", &organization);
    let team = made(&house, &mut browser, &fields).await;
    let mut town = Town::new(&house);
    let kenji = town.person("けんじ", None, true);
    town.manager(team, kenji);
    let stranger = town.person("はな", None, true);
    let path = format!("/staff/organizations/{id}");
    let page = browser.get(&house, &path).await;
    assert!(
        page.has("中央町会") && page.has("けんじさん") && !page.has("はなさん"),
        "{}",
        page.text
    );
    let heads = || house.store.read().unwrap().organization(id).unwrap().unwrap().heads;
    let (kenji_id, stranger_id) = (kenji.to_string(), stranger.to_string());
    let choose = [("act", "appoint"), ("person", stranger_id.as_str())];
    assert_eq!(browser.post(&house, &path, &choose).await.status, 404, "nobody from elsewhere");
    browser.get(&house, &path).await;
    let choose = [("act", "appoint"), ("person", kenji_id.as_str())];
    assert_eq!(browser.post(&house, &path, &choose).await.status, 303);
    assert_eq!(heads(), [kenji]);
    browser.get(&house, &path).await;
    browser.post(&house, &path, &[("act", "dismiss"), ("person", &kenji_id)]).await;
    assert!(heads().is_empty());
}

fn write(house: &House, put: impl FnOnce(&mut anshin::store::Tables<'_>)) {
    let writing = house.store.write().unwrap();
    put(&mut writing.tables());
    writing.commit().unwrap();
}

#[tokio::test]
async fn where_nobody_more_can_watch_the_page_says_so_instead_of_offering_a_code() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let id = made(&house, &mut browser, &TEAM).await;
    let path = format!("/staff/teams/{id}");
    let mut town = Town::new(&house);
    for n in 1..=30 {
        assert!(browser.get(&house, &path).await.has("見守る方の招待コードを作る"), "{n}");
        let manager = town.person("けんじ", None, true);
        town.manager(id, manager);
    }
    let page = browser.get(&house, &path).await;
    assert!(page.has("見守る方は30人までです"), "{}", page.text);
    assert!(!page.has("見守る方の招待コードを作る"));
}

#[tokio::test]
async fn what_is_full_says_so_and_what_was_typed_stays() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    browser.get(&house, "/staff/organizations").await;
    browser.post(&house, "/staff/organizations", &[("name", "中央地区")]).await;
    let mut full = house.store.read().unwrap().organizations().unwrap().pop().unwrap();
    let (id, path) = (full.id.to_string(), format!("/staff/organizations/{}", full.id));
    let mut fields = TEAM;
    fields[2] = ("organization", &id);
    let team = made(&house, &mut browser, &fields).await;
    let mut town = Town::new(&house);
    let kenji = town.person("けんじ", None, true);
    town.manager(team, kenji);
    assert!(browser.get(&house, &path).await.has("代表にする</button>"));
    full.teams = std::iter::once(team).chain((5000..5199).map(TeamId)).collect();
    full.heads = (0..10).map(|_| town.person("かしら", None, true)).collect();
    write(&house, |tables| tables.put_organization(&full).unwrap());

    let page = browser.get(&house, &path).await;
    assert!(page.has("代表は10人までです") && !page.has("代表にする</button>"), "{}", page.text);
    browser.get(&house, "/staff/teams").await;
    let page = browser.post(&house, "/staff/teams", &fields).await;
    assert_eq!(page.status, 422);
    assert!(page.has("チームは200までです") && page.has("value=\"中央町会\""), "{}", page.text);
    assert!(page.has(&format!("<option value=\"{id}\" selected>中央地区")), "{}", page.text);
    assert_eq!(teams(&house).len(), 1);
    // One that belongs to it already stays in it.
    let path = format!("/staff/teams/{team}");
    browser.get(&house, &path).await;
    let change = [("act", "change"), ("name", "中央一町会"), ("organization", id.as_str())];
    assert_eq!(browser.post(&house, &path, &change).await.status, 303);
    assert_eq!(teams(&house)[0].organization, Some(full.id));
}

#[tokio::test]
async fn where_the_list_of_organizations_is_full_no_more_are_made() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let since = house.now();
    write(&house, |tables| {
        for id in 5000..6000 {
            let (id, name) = (OrganizationId(id), Name::of_team("地区").unwrap());
            let (heads, teams) = (Vec::new(), Vec::new());
            let organization = Organization { id, name, since, heads, teams };
            tables.put_organization(&organization).unwrap();
        }
    });
    let page = browser.get(&house, "/staff/organizations").await;
    assert!(page.has("団体・地区は1000までです") && !page.has("作る</button>"), "{}", page.text);
    let page = browser.post(&house, "/staff/organizations", &[("name", "ひがし")]).await;
    assert_eq!(page.status, 303, "back to the list, which says why");
    let made = house.facts().iter().any(|fact| matches!(fact, StaffFact::OrganizationMade(..)));
    assert!(!made);
}

#[tokio::test]
async fn a_team_moves_to_another_organization_and_is_renamed_and_keeps_its_people() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    browser.get(&house, "/staff/organizations").await;
    for name in ["東", "西"] {
        browser.post(&house, "/staff/organizations", &[("name", name)]).await;
    }
    let all = house.store.read().unwrap().organizations().unwrap();
    let (east, west) = (all[0].id.to_string(), all[1].id.to_string());
    let mut fields = TEAM;
    fields[2] = ("organization", &east);
    let team = made(&house, &mut browser, &fields).await;
    let path = format!("/staff/teams/{team}");
    browser.get(&house, &path).await;
    let change = [
        ("act", "change"),
        ("name", "西町会"),
        ("organization", west.as_str()),
        ("interval", "0"),
        ("hour", "9"),
    ];
    assert_eq!(browser.post(&house, &path, &change).await.status, 303);
    let of =
        |id: OrganizationId| house.store.read().unwrap().organization(id).unwrap().unwrap().teams;
    assert_eq!((of(all[0].id), of(all[1].id)), (Vec::new(), vec![team]));
    let page = browser.get(&house, &path).await;
    assert!(page.has("西町会") && page.has("毎日 9時"), "{}", page.text);
}

#[tokio::test]
async fn a_familys_team_is_shown_as_one_and_nothing_of_it_can_be_changed() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    let mut town = Town::new(&house);
    let hana = town.person("はな", None, true);
    let team = town.family("はな", hana);
    let path = format!("/staff/teams/{team}");
    let page = browser.get(&house, &path).await;
    assert!(page.has("家族のチームです") && !page.has("招待コード"), "{}", page.text);
    assert!(!page.has(&format!("/staff/people/{hana}")));
    browser.get(&house, "/staff/teams").await;
    for act in ["invite", "renew", "change"] {
        browser.post(&house, &path, &[("act", act), ("name", "x")]).await;
    }
    let reading = house.store.read().unwrap();
    assert!(reading.invitations_into(team).unwrap().is_empty());
    assert_eq!(reading.member_count(team, Role::Member).unwrap(), 1);
    drop(reading);
    assert_eq!(browser.get(&house, &format!("{path}/leaflet")).await.status, 404);
}

#[tokio::test]
async fn what_may_be_written_down_about_a_member_is_what_their_team_agreed_to() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let id = made(&house, &mut browser, &TEAM).await;
    let mut town = Town::new(&house);
    let yoshiko = town.person("よしこ", None, true);
    town.member(id, yoshiko);
    let (path, team) = (format!("/staff/people/{yoshiko}/contacts"), format!("/staff/teams/{id}"));
    let known = || house.store.read().unwrap().details(yoshiko).unwrap();
    for (policy, field, shown) in [
        ("0", "number", false),
        ("1", "number", true),
        ("1", "full_name", false),
        ("2", "full_name", true),
        ("2", "address", false),
        ("3", "address", true),
    ] {
        browser.get(&house, &team).await;
        let change = [("act", "change"), ("name", "中央町会"), ("policy", policy)];
        assert_eq!(browser.post(&house, &team, &change).await.status, 303);
        let version = known().map_or(0, |details| details.version).to_string();
        let page = browser.get(&house, &path).await;
        assert_eq!(
            page.has(&format!("name=\"{field}\"")),
            shown,
            "{policy} {field}: {}",
            page.text
        );
        // And a form that says more than it shows changes nothing.
        let before = known();
        let fields = [("version", version.as_str()), (field, "みどり")];
        let status = browser.post(&house, &path, &fields).await.status;
        assert_eq!(status, if shown { 303 } else { 422 }, "{policy} {field}");
        assert_eq!(known() == before, !shown);
        // Taken out again, or the next step would still see it.
        if shown {
            let version = known().unwrap().version.to_string();
            browser.get(&house, &path).await;
            browser.post(&house, &path, &[("version", &version)]).await;
        }
    }
}

#[tokio::test]
async fn the_form_on_paper_asks_for_what_the_team_agreed_to_and_for_no_more() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let (mut worker, _) = house.member("鈴木", StaffRole::Worker).await;
    for (policy, name, address) in [("0", false, false), ("2", true, false), ("3", true, true)] {
        let mut fields = TEAM.to_vec();
        fields.extend([("policy", policy), ("statement", "みどり市に住んでいる方")]);
        let id = made(&house, &mut worker, &fields).await;
        let page = browser.get(&house, &format!("/staff/teams/{id}/form")).await;
        assert_eq!((page.has("氏名"), page.has("住所")), (name, address), "{policy}");
        assert!(page.has("わたしは「みどり市に住んでいる方」にあてはまります。"), "{}", page.text);
        assert!(page.has("署名"));
    }
}

#[tokio::test]
async fn a_form_that_is_wanted_and_has_not_come_is_listed_and_never_keeps_anyone_out() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let mut fields = TEAM.to_vec();
    fields.push(("wants_form", "1"));
    let id = made(&house, &mut browser, &fields).await;
    let mut town = Town::new(&house);
    let yoshiko = town.person("よしこ", None, true);
    town.member(id, yoshiko);
    let path = format!("/staff/teams/{id}");
    let page = browser.get(&house, &path).await;
    assert!(page.has("使用申出書がまだの方：1人"), "{}", page.text);
    let people = format!("/staff/people/{yoshiko}/contacts");
    browser.get(&house, &people).await;
    let received = [("version", "0"), ("form_on", "令和8年11月20日")];
    assert_eq!(browser.post(&house, &people, &received).await.status, 303);
    assert!(!browser.get(&house, &path).await.has("使用申出書がまだの方"));
}

#[tokio::test]
async fn of_two_who_change_a_team_or_an_organization_the_second_is_told_and_keeps_what_was_typed() {
    let house = House::new();
    let (mut first, _) = house.member("山田", StaffRole::Worker).await;
    let (mut second, _) = house.member("鈴木", StaffRole::Worker).await;
    let team = made(&house, &mut first, &TEAM).await;
    first.get(&house, "/staff/organizations").await;
    first.post(&house, "/staff/organizations", &[("name", "中央地区")]).await;
    let id = house.store.read().unwrap().organizations().unwrap()[0].id;
    for (path, act) in [
        (format!("/staff/teams/{team}"), "change"),
        (format!("/staff/organizations/{id}"), "rename"),
    ] {
        first.get(&house, &path).await;
        second.get(&house, &path).await;
        let fields = [("act", act), ("name", "はじめの名前"), ("hour", "8"), ("interval", "0")];
        assert_eq!(first.post(&house, &path, &fields).await.status, 303, "{path}");
        let fields = [("act", act), ("name", "あとの名前"), ("hour", "8"), ("interval", "0")];
        let page = second.post(&house, &path, &fields).await;
        assert!(page.status == 409 && page.has("ほかの人が先に変更しました"), "{}", page.text);
        assert!(page.has("あとの名前") && page.has("はじめの名前"), "{}", page.text);
        assert_eq!(
            second.post(&house, &path, &fields).await.status,
            303,
            "saved again, it is meant"
        );
    }
}
