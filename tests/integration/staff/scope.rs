//! Somebody of the office who looks after one organization only: what is outside does not exist for them, on no page
//! and by no form, and the rules hold to it as well.

use anshin::domain::bulletin::{Audience, Draft, Kind, Side, Text, Whom};
use anshin::domain::case::{Outcome, Trouble};
use anshin::domain::id::{BulletinId, CaseId, OrganizationId, TeamId};
use anshin::domain::invitation::CodeKind;
use anshin::domain::membership::{Membership, Told};
use anshin::domain::name::Name;
use anshin::domain::organization::Organization;
use anshin::domain::pause::{Pause, Why};
use anshin::domain::record::{Finding, Means, Note, Party};
use anshin::domain::staff::{DeskAct, Scope, Told as Proof};
use anshin::domain::team::Team;

use super::*;

/// One side of the district: an organization with a team, somebody who is asked there, their case and a bulletin.
#[derive(Clone, Copy)]
struct Part {
    organization: OrganizationId,
    team: TeamId,
    person: PersonId,
    case: CaseId,
    bulletin: BulletinId,
}

/// Two organizations; 山田 looks after the first, 鈴木 after everything.
struct District {
    house: House,
    limited: Browser,
    whole: Browser,
    own: Part,
    other: Part,
}

impl District {
    async fn new() -> Self {
        let house = House::new();
        let (whole, _) = house.member("鈴木", StaffRole::Worker).await;
        let (limited, _) = house.member("山田", StaffRole::Worker).await;
        let own = side(&house, 7001, "ひがし地区", "ひがし町会", "よしこ").await;
        let other = side(&house, 8001, "にし地区", "にし町会", "うめこ").await;
        let mut staff = house.staff("山田");
        staff.scope = Scope::Only(vec![own.organization]);
        Town::new(&house).write(|tables| tables.put_staff(&staff).unwrap());
        Self { house, limited, whole, own, other }
    }

    async fn get(&mut self, path: &str) -> Page {
        self.limited.get(&self.house, path).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.limited.get(&self.house, "/staff/me").await;
        self.limited.post(&self.house, path, fields).await
    }
}

async fn side(house: &House, id: u32, area: &str, team_name: &str, name: &str) -> Part {
    let mut town = Town::new(house);
    let person = town.person(name, None, true);
    town.team(team_name, person);
    let team = house.store.read().unwrap().places(person).unwrap()[0].0;
    let case = town.case(person, Trouble::NoAnswer, |_| {});
    let organization = OrganizationId(id);
    let (name, now) = (Name::of_team(area).unwrap(), house.now());
    let known = house.store.read().unwrap().team(team).unwrap().unwrap();
    let mut resting = house.person(person);
    resting.membership =
        Some(Membership { until: jiff::civil::date(2027, 3, 31), told: Told::Nothing });
    town.write(|tables| {
        let teams = vec![team];
        let made = Organization { id: organization, name, since: now, heads: Vec::new(), teams };
        tables.put_organization(&made).unwrap();
        tables.put_team(&Team { organization: Some(organization), ..known }).unwrap();
        tables.put_person(&resting).unwrap();
    });
    house.wait_seconds(1);
    let draft = draft(house, Audience::Team(team));
    house.act(Deed::Desk { by: house.staff("鈴木").id, act: DeskAct::SendBulletin(draft) }).await;
    let bulletin = house.store.read().unwrap().newest_bulletins(1).unwrap()[0].id;
    Part { organization, team, person, case, bulletin }
}

fn draft(house: &House, audience: Audience) -> Box<Draft> {
    let text = Text::read("台風が近づいています。").unwrap();
    let (kind, side, shown_at) = (Kind::Notice, Side::Both, house.now());
    Box::new(Draft { shown_at, kind, text, audience, side, urgent: false })
}

#[tokio::test]
async fn lists_show_what_is_within_and_nothing_of_the_rest() {
    let mut district = District::new().await;
    for (path, own, other) in [
        ("/staff", "よしこさん", "うめこさん"),
        ("/staff/people", "よしこさん", "うめこさん"),
        ("/staff/teams", "ひがし町会", "にし町会"),
        ("/staff/organizations", "ひがし地区", "にし地区"),
        ("/staff/bulletins", "ひがし町会", "にし町会"),
        ("/staff/bulletins/new", "ひがし町会", "にし町会"),
        ("/staff/memberships", "よしこさん", "うめこさん"),
    ] {
        let page = district.get(path).await;
        assert!(page.has(own) && !page.has(other), "{path}: {}", page.text);
        let all = district.whole.get(&district.house, path).await;
        assert!(all.has(own) && all.has(other), "{path}: {}", all.text);
    }
    let board = district.get("/staff").await;
    assert!(board.has("<strong>1</strong>") && !board.has("<strong>2</strong>"), "{}", board.text);
    let numbers = district.get("/staff/statistics").await;
    assert!(numbers.has("担当する団体・地区のチームだけ"), "{}", numbers.text);
    let file = district.get("/staff/people.csv").await;
    assert!(file.has("よしこ") && !file.has("うめこ"), "{}", file.text);
}

#[tokio::test]
async fn what_is_outside_is_not_found_whatever_its_number() {
    let mut district = District::new().await;
    let paths = |side: Part| {
        let Part { organization, team, person, case, bulletin } = side;
        [
            format!("/staff/organizations/{organization}"),
            format!("/staff/teams/{team}"),
            format!("/staff/teams/{team}/form"),
            format!("/staff/people/{person}"),
            format!("/staff/people/{person}/contacts"),
            format!("/staff/people/{person}/rest"),
            format!("/staff/cases/{case}"),
            format!("/staff/bulletins/{bulletin}"),
        ]
    };
    for (own, other) in paths(district.own).iter().zip(paths(district.other)) {
        assert_eq!(district.get(own).await.status, 200, "{own}");
        assert_eq!(district.get(&other).await.status, 404, "{other}");
        let page = district.post(&other, &[("act", "claim")]).await;
        assert!(matches!(page.status, 404 | 405), "{other}: {}", page.status);
    }
    // What is about everyone at once is refused by a page that says so.
    for path in ["/staff/groups", "/staff/report", "/staff/report.csv"] {
        assert_eq!(district.get(path).await.status, 403, "{path}");
        assert_eq!(district.whole.get(&district.house, path).await.status, 200, "{path}");
    }
    let board = district.get("/staff").await;
    assert!(!board.has("href=\"/staff/groups\"") && !board.has("href=\"/staff/report\""));
}

#[tokio::test]
async fn forms_reach_only_what_is_within() {
    let mut district = District::new().await;
    let (own, other) = (district.own, district.other);
    let number = other.person.to_string();
    let page =
        district.post("/staff/memberships", &[("number", &number), ("until", "2028-01-01")]).await;
    assert!(page.status == 422 && page.has("この番号の会員はいません"), "{}", page.text);
    for to in [
        "all",
        "age.60.199",
        &format!("team.{}", other.team),
        &format!("area.{}", other.organization),
    ] {
        let fields =
            [("kind", "0"), ("text", "こんにちは"), ("to", to), ("side", "2"), ("step", "preview")];
        assert_eq!(district.post("/staff/bulletins/new", &fields).await.status, 422, "{to}");
    }
    let fields = [
        ("kind", "0"),
        ("text", "こんにちは"),
        ("to", "one"),
        ("number", &number),
        ("step", "preview"),
    ];
    assert_eq!(district.post("/staff/bulletins/new", &fields).await.status, 422);
    let to = format!("area.{}", own.organization);
    let fields =
        [("kind", "0"), ("text", "こんにちは"), ("to", &to), ("side", "2"), ("step", "preview")];
    assert_eq!(district.post("/staff/bulletins/new", &fields).await.status, 200);
    // A team is made in an organization of theirs, and moves to no other.
    let elsewhere = other.organization.to_string();
    for organization in ["0", elsewhere.as_str()] {
        let fields = [("name", "みなみ町会"), ("organization", organization), ("hour", "8")];
        let page = district.post("/staff/teams", &fields).await;
        assert!(page.status == 422 && page.has("団体・地区を選んでください"), "{}", page.text);
    }
    let here = own.organization.to_string();
    let fields = [("name", "みなみ町会"), ("organization", here.as_str()), ("hour", "8")];
    assert_eq!(district.post("/staff/teams", &fields).await.status, 303);
    assert_eq!(district.post("/staff/organizations", &[("name", "みなみ地区")]).await.status, 403);
}

#[tokio::test]
async fn the_rules_refuse_every_act_outside_whatever_was_sent() {
    let district = District::new().await;
    let (house, other) = (&district.house, district.other);
    let by = house.staff("山田").id;
    let note = Note {
        means: Means::Phone,
        party: Party::Person,
        result: Finding::Absent,
        text: None,
        next: None,
    };
    let told = Proof::Number(other.person.0);
    let plan = |team: &Team| anshin::domain::staff::TeamPlan {
        name: Name::of_team("あたらしい町会").unwrap(),
        office: false,
        organization: team.organization,
        interval: team.interval,
        hour: team.hour,
        policy: team.policy,
        statement: None,
        wants_form: false,
    };
    let team = house.store.read().unwrap().team(other.team).unwrap().unwrap();
    let own_team = house.store.read().unwrap().team(district.own.team).unwrap().unwrap();
    let before = house.journal().len();
    for act in [
        DeskAct::Claim(other.case),
        DeskAct::Release(other.case),
        DeskAct::Emergency(other.case),
        DeskAct::Close(other.case, Outcome::Well),
        DeskAct::Record(other.case, note),
        DeskAct::Details(other.person, Box::default()),
        DeskAct::Rest { person: other.person, days: 3, why: Why::Travel, told },
        DeskAct::EndRest(other.person),
        DeskAct::MakeTeam(plan(&team)),
        DeskAct::ChangeTeam(other.team, plan(&team)),
        DeskAct::ChangeTeam(district.own.team, plan(&team)),
        DeskAct::ChangeTeam(other.team, plan(&own_team)),
        DeskAct::Invite(other.team, CodeKind::Leaflet),
        DeskAct::MakeOrganization(Name::of_team("みなみ地区").unwrap()),
        DeskAct::RenameOrganization(other.organization, Name::of_team("みなみ地区").unwrap()),
        DeskAct::Head(other.organization, other.person, true),
        DeskAct::Membership(other.person, None),
        DeskAct::SendBulletin(draft(house, Audience::Everyone)),
        DeskAct::SendBulletin(draft(house, Audience::Age(60, 199))),
        DeskAct::SendBulletin(draft(house, Audience::Team(other.team))),
        DeskAct::SendBulletin(draft(house, Audience::Person(other.person))),
        DeskAct::SendBulletin(draft(house, Audience::Organization(other.organization))),
        DeskAct::TestBulletin(district.own.person, draft(house, Audience::Everyone)),
        DeskAct::StopBulletin(other.bulletin),
        DeskAct::BulletinAgain(other.bulletin, Whom::Unreached),
    ] {
        let said = format!("{act:?}");
        house.act(Deed::Desk { by, act }).await;
        assert_eq!(house.journal().len(), before, "{said}");
    }
    // The same acts within do something.
    house.act(Deed::Desk { by, act: DeskAct::Claim(district.own.case) }).await;
    house.act(Deed::Desk { by, act: DeskAct::Details(district.own.person, Box::default()) }).await;
    house.act(Deed::Desk { by, act: DeskAct::StopBulletin(district.own.bulletin) }).await;
    assert!(house.journal().len() >= before + 3);
}

#[tokio::test]
async fn somebody_in_teams_of_two_organizations_is_the_business_of_both() {
    let mut district = District::new().await;
    let path = format!("/staff/people/{}", district.other.person);
    assert_eq!(district.get(&path).await.status, 404);
    Town::new(&district.house).member(district.own.team, district.other.person);
    assert_eq!(district.get(&path).await.status, 200);
    let page = district.get(&format!("/staff/cases/{}", district.other.case)).await;
    assert_eq!(page.status, 200);
    // Whoever rests is listed under the same rule.
    let mut person = district.house.person(district.other.person);
    let day = jiff::civil::date(2026, 11, 23);
    let by = anshin::domain::case::Actor::Person(person.id);
    let now = district.house.now();
    let watch = person.watch.as_mut().unwrap();
    watch.pause = Some(Pause {
        since: now,
        first_day: day,
        last_day: day,
        why: Why::Travel,
        by,
        pings: 0,
        announced: false,
    });
    Town::new(&district.house).write(|tables| tables.put_person(&person).unwrap());
    assert!(district.get("/staff/rests").await.has("うめこさん"));
}
