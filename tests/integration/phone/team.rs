//! The page of a team: invitations to pass on, who watches, and what the team decides.

use anshin::domain::fact::Fact;
use anshin::domain::id::OrganizationId;
use anshin::domain::invitation::CodeKind;
use anshin::domain::name::Name;
use anshin::domain::organization::Organization;
use anshin::domain::schedule::{Hour, Interval};
use anshin::domain::team::{Member, Team, TeamKind};

use super::*;

fn team(family: &Family) -> Team {
    family.house.store.read().unwrap().team(family.team).unwrap().unwrap()
}

fn path(family: &Family) -> String {
    format!("/m/teams/{}", family.team)
}

#[tokio::test]
async fn an_invitation_is_made_on_the_page_with_picture_link_and_words_to_pass_on() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.kenji).await;
    let page = browser.get(house, &path(&family)).await;
    assert!(!page.has("class=\"code\""), "{}", page.text);
    browser.post(house, &path(&family), &[("act", "invite-manager")]).await;
    let page = browser.get(house, &path(&family)).await;
    let code = page.between("<p class=\"code\"><strong>", "</strong>").unwrap().to_owned();
    let plain = code.replace('-', "");
    for text in [
        format!("/i/{plain}/qr.svg"),
        format!("href=\"/i/{plain}/qr.png\" download=\"anshin-{plain}.png\""),
        "けんじさんから、見守りサービスへの招待です（見守る方）".to_owned(),
        format!("{HTTPS}/i/{plain}"),
        format!("招待コード {code}"),
        "11月30日（月）まで、1人だけ使えます".to_owned(),
    ] {
        assert!(page.has(&text), "{text}: {}", page.text);
    }
    assert!(browser.get(house, &format!("/i/{plain}")).await.has(&code));
    browser.post(house, &path(&family), &[("act", "invite-member")]).await;
    let page = browser.get(house, &path(&family)).await;
    assert!(page.has("何人でも使えます"), "{}", page.text);
    // A code for one is shown to whoever made it; who else watches sees the leaflet's alone.
    let mut other = entered(house, family.yoshiko).await;
    let page = other.get(house, &path(&family)).await;
    assert!(!page.has(&code) && page.has("何人でも使えます"), "{}", page.text);
    let manager = Fact::Invited(family.kenji, family.team, CodeKind::Manager);
    assert!(house.journal().contains(&manager));
}

#[tokio::test]
async fn a_leaflets_code_that_went_astray_is_replaced_and_works_no_longer() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.kenji).await;
    browser.get(house, &path(&family)).await;
    browser.post(house, &path(&family), &[("act", "invite-member")]).await;
    let code =
        |page: &Page| page.between("<p class=\"code\"><strong>", "</strong>").unwrap().to_owned();
    let before = code(&browser.get(house, &path(&family)).await);
    browser.post(house, &path(&family), &[("act", "new-leaflet")]).await;
    let after = code(&browser.get(house, &path(&family)).await);
    assert_ne!(before, after);
    let public = |code: &str| format!("/i/{}", code.replace('-', ""));
    assert!(browser.get(house, &public(&after)).await.has(&after));
    assert!(!browser.get(house, &public(&before)).await.has(&before));
}

#[tokio::test]
async fn a_family_with_two_who_watch_invites_no_third() {
    let family = Family::new(None);
    let house = &family.house;
    Town::new(house).manager(family.team, family.michiko);
    let mut browser = entered(house, family.kenji).await;
    let page = browser.get(house, &path(&family)).await;
    assert!(
        page.has("見守る方は、もういっぱいです") && !page.has("invite-manager"),
        "{}",
        page.text
    );
    browser.post(house, &path(&family), &[("act", "invite-manager")]).await;
    assert!(!house.journal().iter().any(|fact| matches!(fact, Fact::Invited(..))));
}

#[tokio::test]
async fn what_a_team_decides_is_changed_with_one_press_each() {
    let family = Family::new(None);
    let house = &family.house;
    let mut browser = entered(house, family.yoshiko).await;
    browser.get(house, &path(&family)).await;
    for act in ["quiet", "quotes", "office"] {
        for on in ["1", "0", "1"] {
            let page = browser.post(house, &path(&family), &[("act", act), ("on", on)]).await;
            assert_eq!(page.status, 303, "{act}");
            let team = team(&family);
            let now = match act {
                "quiet" => team.quiet,
                "quotes" => team.quotes,
                _ => team.office_agreed,
            };
            assert_eq!(now, on == "1", "{act}");
        }
    }
    let proposal = [("act", "proposal"), ("interval", "7"), ("hour", "8")];
    browser.post(house, &path(&family), &proposal).await;
    let known = team(&family);
    assert_eq!((known.interval, known.hour), (Interval::days(7).unwrap(), Hour::new(8).unwrap()));
    for act in ["x", "proposal"] {
        let page = browser.post(house, &path(&family), &[("act", act)]).await;
        assert_eq!(page.status, 404, "{act}");
    }
}

#[tokio::test]
async fn the_last_one_who_watches_hands_over_to_the_office_and_any_other_leaves_after_a_question() {
    let family = Family::new(None);
    let house = &family.house;
    Town::new(house).manager(family.team, family.michiko);
    let mut michiko = entered(house, family.michiko).await;
    michiko.get(house, &path(&family)).await;
    let page = michiko.post(house, &path(&family), &[("act", "leave")]).await;
    assert!(page.has("このチームの見守る方をやめますか"), "{}", page.text);
    let page = michiko.post(house, &path(&family), &[("act", "leave"), ("sure", "1")]).await;
    assert_eq!((page.status, page.header("location")), (303, "/u?done"));
    assert!(house.journal().contains(&Fact::ManagerLeft(family.michiko, family.team)));
    let mut kenji = entered(house, family.kenji).await;
    let page = kenji.get(house, &path(&family)).await;
    assert!(page.has("見守る方は、あなただけです"), "{}", page.text);
    // The rules hold also for who asks for it all the same.
    kenji.post(house, &path(&family), &[("act", "leave"), ("sure", "1")]).await;
    let watches = |person| {
        let key = (family.team, Role::Manager, person);
        house.store.read().unwrap().member(key).unwrap().is_some()
    };
    assert!(watches(family.kenji));
    kenji.post(house, &path(&family), &[("act", "hand-over"), ("sure", "1")]).await;
    assert!(!watches(family.kenji) && team(&family).handed_over_at.is_some());
}

#[tokio::test]
async fn who_would_like_to_watch_is_approved_there_and_a_head_may_invite_but_not_decide() {
    let family = Family::new(None);
    let house = &family.house;
    let mut town = Town::new(house);
    town.team("ひまわり町会", family.yoshiko);
    let places = house.store.read().unwrap().places(family.yoshiko).unwrap();
    let id = places.iter().map(|(team, ..)| *team).find(|team| *team != family.team).unwrap();
    town.manager(id, family.kenji);
    let applicant = town.person("ごろう", None, true);
    let mut hill = house.store.read().unwrap().team(id).unwrap().unwrap();
    hill.organization = Some(OrganizationId(4000));
    let organization = Organization {
        id: OrganizationId(4000),
        name: Name::of_team("みどり地区").unwrap(),
        since: house.now(),
        heads: vec![family.michiko],
        teams: vec![id],
    };
    family.write(|tables| {
        let member = Member::joining(id, Role::Applicant, applicant, house.now());
        tables.put_member(&member).unwrap();
        tables.put_organization(&organization).unwrap();
        tables.put_team(&hill).unwrap();
    });
    assert_eq!(hill.kind, TeamKind::Organization);
    let path = format!("/m/teams/{id}");
    let mut head = entered(house, family.michiko).await;
    let page = head.get(house, "/m").await;
    assert!(page.has("代表をしている団体のチーム") && page.has("ひまわり町会"), "{}", page.text);
    let page = head.get(house, &path).await;
    assert!(page.has("見守る方を招待する"), "{}", page.text);
    assert!(!page.has("チームの設定") && !page.has("ごろう"), "{}", page.text);
    assert!(!page.has("/m/people/"), "{}", page.text);
    head.post(house, &path, &[("act", "quiet"), ("on", "1")]).await;
    head.post(house, &path, &[("act", "approve"), ("person", &applicant.to_string())]).await;
    let now = house.store.read().unwrap().team(id).unwrap().unwrap();
    assert!(!now.quiet, "heads invite; the team decides");
    let watches = |house: &House| {
        let key = (id, Role::Manager, applicant);
        house.store.read().unwrap().member(key).unwrap().is_some()
    };
    assert!(!watches(house));
    let mut kenji = entered(house, family.kenji).await;
    assert!(kenji.get(house, &path).await.has("ごろうさん 承認する"));
    kenji.post(house, &path, &[("act", "approve"), ("person", &applicant.to_string())]).await;
    assert!(watches(house));
}
