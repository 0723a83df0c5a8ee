//! The check-in cycle: ask, resend, alert, claim, answer, all-clear.

use std::time::Duration;

use expect_test::expect;

use crate::world::World;

#[test]
fn an_answer_closes_the_round_and_names_the_next_question() {
    let mut world = World::new();
    let [yoshiko, ..] = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:05:00");
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-24T08:59:59");
    world.expect(expect![[r#"
        11-23 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです]
        11-23 09:05 よしこ → げんきです
        11-23 09:05 よしこ ← ありがとうございます
    "#]]);
}

#[test]
fn silence_is_asked_again_then_told_to_every_manager_and_a_late_answer_clears_it() {
    let mut world = World::new();
    let [yoshiko, kenji, _] = world.family("3日", "9時");
    world.until_wall("2026-11-24T12:30:00");
    world.press(&kenji, "対応します");
    world.wait(Duration::from_secs(600));
    world.press(&yoshiko, "げんきです");
    world.until_wall("2026-11-26T09:00:00");
    world.expect(expect![[r#"
        11-23 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです]
        11-24 09:00 よしこ ⇐ お返事がまだです。げんきですか？（よしこさん） [げんきです]
        11-24 12:00 けんじ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 12:00 みちこ ⇐ お返事がありません：よしこさん。確認をお願いします [対応します] [ようすを見る]
        11-24 12:30 けんじ → 対応します
        11-24 12:30 けんじ ← ありがとうございます。お願いします [無事でした] [連絡がつきません] [救急・警察に連絡]
        11-24 12:30 みちこ ⇐ けんじさんが対応します
        11-24 12:40 よしこ → げんきです
        11-24 12:40 よしこ ← お返事ありがとうございます
        11-24 12:40 けんじ ⇐ 無事です：よしこさんからお返事がありました
        11-24 12:40 みちこ ⇐ 無事です：よしこさんからお返事がありました
        11-26 09:00 よしこ ⇐ げんきですか？ ボタンを押してください（よしこさん） [げんきです]
    "#]]);
}
