//! What comes of teams and organizations that staff set up, for the people in them: told on LINE, asked,
//! and looked after by whoever is responsible.

use anshin::domain::details::Line;
use anshin::domain::id::{OrganizationId, TeamId};
use anshin::domain::invitation::{CodeKind, Invitation};
use anshin::domain::name::Name;
use anshin::domain::pause::Why;
use anshin::domain::record::{Finding, Means, Note, Party};
use anshin::domain::schedule::{Hour, Interval};
use anshin::domain::staff::{DeskAct, TeamPlan, Told};
use anshin::domain::team::{Policy, Role};
use expect_test::expect;

use crate::world::{OFFICE, World, hours, minutes};

pub(crate) fn team(
    world: &mut World,
    office: bool,
    organization: Option<OrganizationId>,
) -> TeamId {
    let plan = TeamPlan {
        name: Name::of_team("中央町会").unwrap(),
        office,
        organization,
        interval: Interval::DAILY,
        hour: Hour::new(9).unwrap(),
        policy: if office { Policy::Full } else { Policy::Nothing },
        statement: Line::read("みどり市に住んでいる方", 60).unwrap(),
        wants_form: false,
    };
    world.desk(DeskAct::MakeTeam(plan));
    world.store.read().unwrap().teams_from(0, 100).unwrap().pop().unwrap().id
}

fn code(world: &World, team: TeamId, kind: CodeKind) -> String {
    let codes = world.store.read().unwrap().invitations_into(team).unwrap();
    let open = |code: &&Invitation| code.kind == kind && code.used_by.is_none();
    codes.iter().find(open).unwrap().code.to_string()
}

pub(crate) fn join(world: &mut World, team: TeamId, kind: CodeKind, name: &str) -> String {
    let code = code(world, team, kind);
    let user = world.friend(name);
    world.say(&user, &code);
    world.press(&user, "参加する");
    world.press(&user, "同意");
    world.say(&user, name);
    if kind == CodeKind::Leaflet {
        world.say(&user, "毎日");
        world.say(&user, "9時");
    }
    user
}

#[test]
fn whoever_joins_a_team_of_the_office_by_its_leaflet_comes_to_the_desk_at_once_when_silent() {
    let mut world = World::with_desk();
    let team = team(&mut world, true, None);
    world.hush();
    let yoshiko = join(&mut world, team, CodeKind::Leaflet, "よしこ");
    let confirm = world.texts(&yoshiko).into_iter().find(|text| text.contains("参加しますか"));
    let confirm = confirm.unwrap();
    assert!(confirm.contains("氏名・住所・電話・近親者を見られます"), "{confirm}");
    assert!(confirm.contains("「みどり市に住んでいる方」のためのチームです"), "{confirm}");
    let key = (team, Role::Member, world.id(&yoshiko));
    let member = world.store.read().unwrap().member(key).unwrap().unwrap();
    assert_eq!(member.declared.unwrap().as_str(), "みどり市に住んでいる方");
    world.say(&yoshiko, "マイページ");
    assert!(world.last(&yoshiko).contains("事務局"), "{}", world.last(&yoshiko));
    assert!(!world.last(&yoshiko).contains("見守る方が、まだいません"));
    assert!(world.last(&yoshiko).contains("氏名・住所・電話・近親者を見られます"));
    world.until_wall("2026-11-24T12:00:00");
    assert!(world.on_the_board(&yoshiko));
    assert!(!world.open_case(&yoshiko).unwrap().nobody, "the office is somebody");
    let letters = world.letters(OFFICE);
    let told = letters.iter().filter(|letter| letter.subject.contains("よしこさん")).count();
    assert_eq!(told, 1, "by letter too: {letters:?}");
}

#[test]
fn the_office_is_asked_how_it_stands_an_hour_after_it_took_a_case_and_a_record_begins_the_hour_anew()
 {
    let mut world = World::with_desk();
    let team = team(&mut world, true, None);
    let yoshiko = join(&mut world, team, CodeKind::Leaflet, "よしこ");
    world.until_wall("2026-11-24T12:00:00");
    let case = world.open_case(&yoshiko).unwrap().id;
    world.desk(DeskAct::Claim(case));
    let nudges = |world: &World| {
        let letters = world.letters(OFFICE);
        letters.iter().filter(|letter| letter.subject.contains("どうでしたか")).count()
    };
    world.wait(minutes(50));
    let note = Note {
        means: Means::Phone,
        party: Party::Person,
        result: Finding::Absent,
        text: None,
        next: None,
    };
    world.desk(DeskAct::Record(case, note));
    world.wait(minutes(50));
    assert_eq!(nudges(&world), 0);
    world.wait(minutes(10));
    assert_eq!(nudges(&world), 1);
    world.wait(hours(3));
    assert_eq!(world.open_case(&yoshiko).unwrap().claim, None, "and then it lapses");
}

#[test]
fn whom_the_office_invites_to_watch_needs_no_further_word_and_is_alerted() {
    let mut world = World::with_desk();
    let team = team(&mut world, false, None);
    let yoshiko = join(&mut world, team, CodeKind::Leaflet, "よしこ");
    for name in ["けんじ", "みちこ"] {
        world.desk(DeskAct::Invite(team, CodeKind::Manager));
        let user = join(&mut world, team, CodeKind::Manager, name);
        world.press(&user, "受け取れます");
    }
    world.hush();
    world.until_wall("2026-11-24T12:00:00");
    world.expect(expect![[r#"
        11-23 09:00 welfare@example.jp ✉ 【見守り】11月23日（月）のようす
        11-23 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 09:00 welfare@example.jp ✉ 【見守り】11月24日（火）のようす
        11-24 09:00 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです] [すこし調子が悪い] [話したい]
        11-24 12:00 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 12:00 みちこ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
    "#]]);
    assert!(!world.on_the_board(&yoshiko), "those who watch come first");
}

#[test]
fn who_heads_an_organization_is_told_so_hears_of_what_nobody_takes_and_may_invite() {
    let mut world = World::with_desk();
    world.desk(DeskAct::MakeOrganization(Name::of_team("中央地区").unwrap()));
    let organization = world.store.read().unwrap().organizations().unwrap()[0].id;
    let [first, second] = [(), ()].map(|()| team(&mut world, false, Some(organization)));
    let yoshiko = join(&mut world, first, CodeKind::Leaflet, "よしこ");
    let mut watchers = Vec::new();
    for (team, name) in [(first, "けんじ"), (second, "みちこ")] {
        world.desk(DeskAct::Invite(team, CodeKind::Manager));
        let user = join(&mut world, team, CodeKind::Manager, name);
        world.press(&user, "受け取れます");
        watchers.push(user);
    }
    let [kenji, michiko] = [&watchers[0], &watchers[1]];
    let id = world.id(michiko);
    world.desk(DeskAct::Head(organization, id, true));
    assert!(world.has(michiko, "あなたは「中央地区」の代表です"), "{:?}", world.texts(michiko));
    world.until_wall("2026-11-24T12:00:00");
    assert_eq!(world.count(kenji, "お返事がありません：よしこさん"), 1);
    assert_eq!(world.count(michiko, "お返事がありません：よしこさん"), 0);
    world.wait(hours(3));
    assert_eq!(world.count(michiko, "お返事がありません：よしこさん"), 1);
    world.press(michiko, "対応します");
    world.press(&yoshiko, "げんきです");
    // A head may invite into every team, and nobody there has to agree.
    world.say(michiko, "招待");
    world.press_nth(michiko, "見守る方を招待", 0);
    let code = world.code(michiko);
    let taro = world.friend("たろう");
    world.say(&taro, &code);
    world.press(&taro, "参加する");
    world.press(&taro, "同意");
    world.say(&taro, "たろう");
    assert!(world.has(&taro, "ためしのお知らせ"), "{:?}", world.texts(&taro));
}

#[test]
fn a_head_who_was_told_is_asked_again_with_the_others_when_a_claim_lapses() {
    let mut world = World::with_desk();
    world.desk(DeskAct::MakeOrganization(Name::of_team("中央地区").unwrap()));
    let organization = world.store.read().unwrap().organizations().unwrap()[0].id;
    let [first, second] = [(), ()].map(|()| team(&mut world, false, Some(organization)));
    join(&mut world, first, CodeKind::Leaflet, "よしこ");
    let [kenji, michiko] = [(first, "けんじ"), (second, "みちこ")].map(|(team, name)| {
        world.desk(DeskAct::Invite(team, CodeKind::Manager));
        let user = join(&mut world, team, CodeKind::Manager, name);
        world.press(&user, "受け取れます");
        user
    });
    let id = world.id(&michiko);
    world.desk(DeskAct::Head(organization, id, true));
    world.until_wall("2026-11-24T15:05:00");
    assert_eq!(world.count(&michiko, "お返事がありません：よしこさん"), 1);
    world.press(&kenji, "対応します");
    world.until_wall("2026-11-24T18:04:00");
    let again = "対応する方がいません：よしこさん";
    let before = [&kenji, &michiko].map(|user| world.count(user, again));
    world.until_wall("2026-11-24T18:06:00");
    let after = [&kenji, &michiko].map(|user| world.count(user, again));
    assert_eq!(after, before.map(|count| count + 1));
}

#[test]
fn a_familys_rest_is_not_the_offices_to_agree_or_to_end() {
    let mut world = World::with_desk();
    let [yoshiko, ..] = world.family("毎日", "9時");
    let person = world.id(&yoshiko);
    let told = Told::Number(person.0);
    world.desk(DeskAct::Rest { person, days: 7, why: Why::Unsaid, told });
    assert!(world.person(&yoshiko).unwrap().watch.unwrap().pause.is_none());
    world.say(&yoshiko, "お休み");
    world.press(&yoshiko, "3日");
    world.press(&yoshiko, "お休みにする");
    world.desk(DeskAct::EndRest(person));
    assert!(world.person(&yoshiko).unwrap().watch.unwrap().pause.is_some());
}

#[test]
fn somebody_of_the_offices_team_who_rests_is_asked_about_by_letter_every_week() {
    let mut world = World::with_desk();
    let team = team(&mut world, true, None);
    let yoshiko = join(&mut world, team, CodeKind::Leaflet, "よしこ");
    let person = world.id(&yoshiko);
    let told = Told::Number(person.0);
    world.desk(DeskAct::Rest { person, days: 90, why: Why::Hospital, told });
    assert!(world.last(&yoshiko).contains("お休み"), "{}", world.last(&yoshiko));
    world.until_wall("2026-12-14T10:00:00");
    let letters = world.letters(OFFICE);
    let asked = letters.iter().filter(|letter| letter.subject.contains("まだお休みですか")).count();
    assert_eq!(asked, 3, "{letters:?}");
}
