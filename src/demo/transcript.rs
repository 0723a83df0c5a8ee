//! The whole story without a browser: played on the real server over real HTTP, printed as it
//! appears on the phones, and checked.

use std::io::Write;

use crate::domain::schedule::Zone;
use crate::domain::time::Moment;
use crate::locale::demo::{PEOPLE, acts, chapters, terminal};
use crate::locale::words::CODE_MARK;
use crate::platform::{ChatItem, From};

use super::stage::Stage;
use super::story::{self, Cast, Missing};

/// Plays and prints the story. An error names what did not happen.
pub async fn play(stage: &Stage, cast: &Cast, out: &mut impl Write) -> Result<(), Missing> {
    let mut printer = Printer { out, seq: 0 };
    printer.chapter(chapters::JOIN);
    story::join(stage, cast).await?;
    printer.show(stage);
    for user in [&cast.member, &cast.watchers[0], &cast.watchers[1]] {
        check(stage.person(user)?.is_some_and(|person| person.name.is_some()), chapters::JOIN)?;
    }

    printer.chapter(chapters::OTHER_SIDE);
    other_side(stage, cast).await?;
    printer.show(stage);

    printer.chapter(chapters::ANSWER);
    until_seen(stage, &cast.member, acts::WELL).await?;
    others_answer(stage, cast).await;
    story::press(stage, &cast.member, acts::WELL).await?;
    printer.show(stage);
    let answered = stage.person(&cast.member)?.and_then(|person| person.watch);
    let answered =
        answered.is_some_and(|watch| watch.round.is_none() && watch.last_answer_at.is_some());
    check(answered, chapters::ANSWER)?;

    silence(stage, cast, &mut printer).await
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
    check(watched, chapters::OTHER_SIDE)?;
    Ok(())
}

/// Silence, resend, alert, claim, late answer, all-clear.
async fn silence(
    stage: &Stage,
    cast: &Cast,
    printer: &mut Printer<'_, impl Write>,
) -> Result<(), Missing> {
    printer.chapter(chapters::SILENCE);
    let before = counts(stage, cast);
    for _ in 0..EVENTS_MAX {
        if counts(stage, cast).alerts == before.alerts + 2 {
            break;
        }
        stage.jump().await?;
        others_answer(stage, cast).await;
    }
    printer.show(stage);
    let now = counts(stage, cast);
    check(now.questions == before.questions + 2, chapters::SILENCE)?;

    printer.chapter(chapters::ALERT);
    story::press(stage, &cast.watchers[0], acts::CLAIM).await?;
    printer.show(stage);
    printer.chapter(chapters::LATE);
    story::press(stage, &cast.member, acts::WELL).await?;
    printer.show(stage);
    check(counts(stage, cast).clears == before.clears + 2, chapters::LATE)?;
    story::press(stage, &cast.member, acts::WELL).await?;
    check(counts(stage, cast).clears == before.clears + 2, chapters::LATE)?;
    let platform = stage.standin.platform();
    let violations = platform.violations();
    violations.iter().for_each(|violation| tracing::error!(violation, "LINE's rules were broken"));
    check(violations.is_empty(), chapters::LATE)
}

/// Everyone but よしこ who has a question open answers it.
async fn others_answer(stage: &Stage, cast: &Cast) {
    let users = stage.standin.platform().users().to_vec();
    let watched = [&cast.member, &cast.watchers[0], &cast.watchers[1]];
    for user in users.iter().filter(|user| !watched.contains(user)) {
        let open = stage.person(user).ok().flatten().and_then(|p| p.watch).and_then(|w| w.round);
        if open.is_some() {
            stage.standin.act(|platform, now_ms| platform.send_sticker(now_ms, user));
            stage.rest().await;
        }
    }
}

/// What was seen so far.
struct Counts {
    questions: usize,
    alerts: usize,
    clears: usize,
}

fn counts(stage: &Stage, cast: &Cast) -> Counts {
    let platform = stage.standin.platform();
    let seen = |user: &str, has: &dyn Fn(&ChatItem) -> bool| {
        let items = platform.phone(user).map_or(&[][..], |phone| &phone.items);
        items.iter().filter(|item| item.from == From::Bot && has(item)).count()
    };
    let button = |label: &'static str| {
        move |item: &ChatItem| labels(item).iter().any(|found| found.contains(label))
    };
    let clear = |item: &ChatItem| {
        let alt = item.content["altText"].as_str().unwrap_or_default();
        alt.starts_with(chapters::ALL_CLEAR) && labels(item).is_empty()
    };
    Counts {
        questions: seen(&cast.member, &button(acts::WELL)),
        alerts: cast.watchers.iter().map(|user| seen(user, &button(acts::CLAIM))).sum(),
        clears: cast.watchers.iter().map(|user| seen(user, &clear)).sum(),
    }
}

fn labels(item: &ChatItem) -> Vec<String> {
    item.actions().into_iter().map(|view| view.label).collect()
}

/// Events after which a story has gone astray.
const EVENTS_MAX: usize = 100;

/// Moves on, event by event, until a person sees a fresh button.
async fn until_seen(stage: &Stage, user: &str, label: &'static str) -> Result<(), Missing> {
    let count = |stage: &Stage| {
        let platform = stage.standin.platform();
        let items = platform.phone(user).map_or(&[][..], |phone| &phone.items);
        items.iter().filter(|item| labels(item).iter().any(|found| found.contains(label))).count()
    };
    let before = count(stage);
    for _ in 0..EVENTS_MAX {
        if count(stage) > before {
            return Ok(());
        }
        stage.jump().await?;
    }
    Err(Missing::Button(label))
}

fn check(holds: bool, what: &'static str) -> Result<(), Missing> {
    if holds { Ok(()) } else { Err(Missing::Button(what)) }
}

struct Printer<'o, W> {
    out: &'o mut W,
    seq: u64,
}

impl<W: Write> Printer<'_, W> {
    fn chapter(&mut self, title: &str) {
        self.line(&format!("\n■ {title}"));
    }

    /// Prints what appeared since the last look.
    fn show(&mut self, stage: &Stage) {
        let mut news = Vec::new();
        {
            let platform = stage.standin.platform();
            for user in platform.users() {
                let Some(phone) = platform.phone(user) else { continue };
                let fresh = phone.items.iter().filter(|item| item.seq > self.seq);
                news.extend(fresh.map(|item| (item.seq, line(&phone.name, item))));
            }
        }
        news.sort();
        for (seq, text) in news {
            self.seq = seq;
            self.line(&text);
        }
    }

    /// Prints the last word.
    pub(super) fn end(&mut self) {
        self.line(&format!("\n{}", terminal::GOOD));
    }

    fn line(&mut self, text: &str) {
        // A reader who closed the pipe has seen enough.
        let _ = writeln!(self.out, "{text}");
    }
}

/// Prints the last word of a transcript.
pub fn end(out: &mut impl Write) {
    Printer { out, seq: 0 }.end();
}

fn line(name: &str, item: &ChatItem) -> String {
    let wall = Zone::default().local(Moment::from_millis(item.at_ms)).strftime("%m/%d %H:%M");
    let width = PEOPLE.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let pad = "\u{3000}".repeat(width.saturating_sub(name.chars().count()));
    let mark = if item.from == From::Me { "→" } else { "←" };
    let labels: String = labels(item).iter().map(|label| format!(" [{label}]")).collect();
    format!("{wall}  {name}{pad} {mark} {}{labels}", words(item))
}

fn words(item: &ChatItem) -> String {
    let content = &item.content;
    let text = content["altText"].as_str().or_else(|| content["text"].as_str());
    match text {
        Some(text) => shortened(text),
        None => format!("({})", content["type"].as_str().unwrap_or_default()),
    }
}

/// The first line of a text, and the code in an invitation.
fn shortened(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let code = text.lines().skip(1).find(|line| line.starts_with(CODE_MARK));
    code.map_or(first.to_owned(), |code| format!("{first} … {code}"))
}
