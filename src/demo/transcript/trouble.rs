//! The second story: the server stops while somebody answers, LINE goes down over a question, and a phone is blocked.
//! Nobody is told that somebody is silent who is not.

use std::io::Write;
use std::time::Duration;

use super::super::story::{self, Missing};
use super::super::trouble::Fault;
use super::Teller;
use super::watching::{check, counts, others_answer, until_seen};
use crate::clock::Clock;
use crate::locale::demo::{acts, chapters};

/// So long the server stands still.
const STOP: Duration = Duration::from_secs(3 * 3600);

/// Plays the story behind the first one.
pub(super) async fn play(teller: &mut Teller<'_, impl Write>) -> Result<(), Missing> {
    stopped(teller).await?;
    line_down(teller).await?;
    blocked(teller).await
}

/// The press is lost with the server; an apology asks again, and nobody is alarmed.
async fn stopped(teller: &mut Teller<'_, impl Write>) -> Result<(), Missing> {
    let (stage, cast) = (teller.stage, teller.cast);
    teller.chapter(chapters::STOPPED);
    until_seen(stage, &cast.member, acts::WELL).await?;
    others_answer(stage, cast).await;
    let before = counts(stage, cast);
    stage.machine.stop().await;
    story::press(stage, &cast.member, acts::WELL).await?;
    stage.clock.jump_to(stage.clock.now() + STOP);
    let started = stage.machine.start().await.unwrap_or(false);
    check(started, chapters::STOPPED)?;
    stage.rest().await;
    stage.jump().await?;
    check(counts(stage, cast).questions == before.questions + 1, chapters::STOPPED)?;
    story::press(stage, &cast.member, acts::WELL).await?;
    teller.show();
    check(counts(stage, cast).alerts == before.alerts, chapters::STOPPED)
}

/// A question that LINE does not take leaves once it does.
async fn line_down(teller: &mut Teller<'_, impl Write>) -> Result<(), Missing> {
    let (stage, cast) = (teller.stage, teller.cast);
    teller.chapter(chapters::LINE_DOWN);
    let before = counts(stage, cast);
    let turned = stage.turn(Fault::LineDown, true);
    check(turned.is_ok(), chapters::LINE_DOWN)?;
    stage.jump().await?;
    check(counts(stage, cast).questions == before.questions, chapters::LINE_DOWN)?;
    check(stage.turn(Fault::LineDown, false).is_ok(), chapters::LINE_DOWN)?;
    until_seen(stage, &cast.member, acts::WELL).await?;
    others_answer(stage, cast).await;
    story::press(stage, &cast.member, acts::WELL).await?;
    teller.show();
    check(counts(stage, cast).alerts == before.alerts, chapters::LINE_DOWN)
}

/// A block is told at once, as what it is, and its end too.
async fn blocked(teller: &mut Teller<'_, impl Write>) -> Result<(), Missing> {
    let (stage, cast) = (teller.stage, teller.cast);
    teller.chapter(chapters::BLOCKED);
    let before = counts(stage, cast);
    stage.standin.act(|platform, now_ms| platform.block(now_ms, &cast.member));
    stage.rest().await;
    teller.show();
    check(counts(stage, cast).alerts == before.alerts + 2, chapters::BLOCKED)?;

    teller.chapter(chapters::BACK);
    stage.standin.act(|platform, now_ms| platform.unblock(now_ms, &cast.member));
    stage.rest().await;
    teller.show();
    let reachable = stage.person(&cast.member)?.is_some_and(|person| person.is_reachable());
    check(reachable, chapters::BACK)
}
