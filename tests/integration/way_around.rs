//! Finding one's way in the chat: whatever can be typed is also reached by buttons, from the menu that is
//! always there.

use expect_test::expect;

use crate::world::World;

fn world() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:05:00");
    world.press(&family[0], "げんきです");
    world.hush();
    (world, family)
}

#[test]
fn the_card_behind_other_things_leads_everyone_to_what_concerns_them() {
    let (mut world, [yoshiko, kenji, _]) = world();
    let stranger = world.friend("はじめ");
    world.hush();
    for user in [&yoshiko, &kenji, &stranger] {
        world.say(user, "使い方");
    }
    world.expect(expect![[r#"
        11-23 09:05 よしこ → 使い方
        11-23 09:05 よしこ ← 使い方をお送りします。「げんきです」を押すだけです [招待する] [マイページ] [ためしに押してみる] [招待コードがある]
        11-23 09:05 けんじ → 使い方
        11-23 09:05 けんじ ← 使い方をお送りします。「げんきです」を押すだけです [いまのようす] [招待する] [マイページ] [招待コードがある]
        11-23 09:05 はじめ → 使い方
        11-23 09:05 はじめ ← 使い方をお送りします。「げんきです」を押すだけです [見守ってもらう] [見守る] [招待コードがある]
    "#]]);
}

#[test]
fn who_is_watched_over_reaches_own_page_time_place_and_leaving_by_buttons_alone() {
    let (mut world, [yoshiko, ..]) = world();
    for (label, title) in [
        ("日と時刻を変える", "何日ごと"),
        ("お休みする", "いつまでお休みしますか"),
        ("海外にくらしている", "どこにお住まいですか"),
        ("やめる", "やめますか"),
    ] {
        world.say(&yoshiko, "ほかのこと");
        world.press(&yoshiko, "マイページ");
        world.press(&yoshiko, label);
        assert!(world.last(&yoshiko).contains(title), "{label}: {}", world.last(&yoshiko));
    }
}

#[test]
fn who_watches_reaches_everyone_and_their_own_settings_by_buttons_alone() {
    let (mut world, [_, kenji, _]) = world();
    world.say(&kenji, "ほかのこと");
    world.press(&kenji, "いまのようす");
    assert!(world.last(&kenji).contains("いまのようす"));
    world.press(&kenji, "よしこさんのようす");
    assert!(world.last(&kenji).contains("よしこさんのようす"));
    for (label, title) in [
        ("の設定", "の設定"),
        ("メールを登録・変更する", "メールアドレスを送って"),
        ("やめる", "やめ"),
    ] {
        world.say(&kenji, "ほかのこと");
        world.press(&kenji, "マイページ");
        world.press(&kenji, label);
        assert!(world.last(&kenji).contains(title), "{label}: {}", world.last(&kenji));
    }
}
