//! The first story: people join from both sides; a question is answered; the next is not, those who watch are told, one
//! of them goes, and the late answer tells everyone that all is well.

use std::io::Write;

use super::super::stage::Stage;
use super::super::story::{self, Cast, Missing};
use super::Teller;
use super::watching::{EVENTS_MAX, check, counts, others_answer, until_seen};
use crate::locale::demo::{acts, chapters};

/// Plays the story on an empty stage.
pub(super) async fn play(teller: &mut Teller<'_, impl Write>) -> Result<(), Missing> {
    let (stage, cast) = (teller.stage, teller.cast);
    teller.chapter(chapters::JOIN);
    story::join(stage, cast).await?;
    teller.show();
    for user in [&cast.member, &cast.watchers[0], &cast.watchers[1]] {
        check(stage.person(user)?.is_some_and(|person| person.name.is_some()), chapters::JOIN)?;
    }

    teller.chapter(chapters::OTHER_SIDE);
    other_side(stage, cast).await?;
    teller.show();

    teller.chapter(chapters::ANSWER);
    until_seen(stage, &cast.member, acts::WELL).await?;
    others_answer(stage, cast).await;
    story::press(stage, &cast.member, acts::WELL).await?;
    teller.show();
    let answered = stage.person(&cast.member)?.and_then(|person| person.watch);
    let answered =
        answered.is_some_and(|watch| watch.round.is_none() && watch.last_answer_at.is_some());
    check(answered, chapters::ANSWER)?;

    silence(teller).await
}

/// けんじ makes a team of his own, and はな joins it without ever following the account.
async fn other_side(stage: &Stage, cast: &Cast) -> Result<(), Missing> {
    let kenji = &cast.watchers[0];
    stage.say(kenji, acts::KEEP_WATCH).await;
    stage.say(kenji, acts::TEAM_NAME).await;
    story::press(stage, kenji, acts::FAMILY).await?;
    story::press(stage, kenji, acts::RECEIVES).await?;
    let invitation = story::newest_invitation(stage, kenji).ok_or(Missing::Button(acts::INVITE))?;
    let hana = stage.standin.platform().add_user(acts::SECOND_MEMBER);
    stage.say(&hana, &invitation).await;
    story::press(stage, &hana, acts::JOIN).await?;
    story::press(stage, &hana, acts::AGREE).await?;
    stage.say(&hana, acts::SECOND_MEMBER).await;
    story::press(stage, &hana, acts::AS_PROPOSED).await?;
    let watched = stage.person(&hana)?.is_some_and(|person| person.watch.is_some());
    check(watched, chapters::OTHER_SIDE)
}

/// Silence, resend, alert, claim, late answer, all-clear.
async fn silence(teller: &mut Teller<'_, impl Write>) -> Result<(), Missing> {
    let (stage, cast) = (teller.stage, teller.cast);
    teller.chapter(chapters::SILENCE);
    let before = counts(stage, cast);
    for _ in 0..EVENTS_MAX {
        if counts(stage, cast).alerts == before.alerts + 2 {
            break;
        }
        stage.jump().await?;
        others_answer(stage, cast).await;
    }
    teller.show();
    check(counts(stage, cast).questions == before.questions + 2, chapters::SILENCE)?;

    teller.chapter(chapters::ALERT);
    story::press(stage, &cast.watchers[0], acts::CLAIM).await?;
    teller.show();

    teller.chapter(chapters::LATE);
    story::press(stage, &cast.member, acts::WELL).await?;
    teller.show();
    check(counts(stage, cast).clears == before.clears + 2, chapters::LATE)?;
    story::press(stage, &cast.member, acts::WELL).await?;
    check(counts(stage, cast).clears == before.clears + 2, chapters::LATE)
}
