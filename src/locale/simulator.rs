//! What `anshin simulate` says, and what people in it type.

use super::cli::Tongue;

/// Asks for an invitation.
pub const INVITE: &str = "招待";
/// Stands before the code of an invitation.
pub const CODE: &str = "招待コード ";
/// Asks for a rest.
pub const REST: &str = "お休み";
/// Asks for the settings.
pub const SETTINGS: &str = "設定";
/// Lives elsewhere.
pub const ELSEWHERE: &str = "時差";
/// Gives a mail address.
pub const MAIL: &str = "メール";
/// Wants to stop: to be watched over, or to watch.
pub const LEAVE: &str = "やめる";
/// Cries for help.
pub const HELP: &str = "助けて";
/// Who works in the office.
pub const WORKER: &str = "しょくいん";
/// The team of those whom the office phones.
pub const PHONE_TEAM: &str = "でんわの見守り";
/// The team of those whom the office asks over LINE.
pub const LINE_TEAM: &str = "LINEの見守り";
/// The telephone of whoever has no LINE, and its end, by which the office knows them.
pub const PHONE: &str = "03-0000-0000";
/// See [`PHONE`].
pub const PHONE_END: &str = "0000";
/// Asks how those are whom one watches.
pub const OVERVIEW: &str = "ようす";
/// What the office says to everyone.
pub const NEWS: &str = "あすは大雨です。早めにひなんしてください。";
/// Says that one is well.
pub const WELL: &str = "げんきです";

/// The name of somebody who is asked.
#[must_use]
pub fn person(n: usize) -> String {
    // Numbers like 110 call for help.
    if n < 100 { format!("ひと{n}") } else { format!("かた{}と{}", n / 100, n % 100) }
}

/// The name of somebody who watches.
#[must_use]
pub fn watcher(n: usize, m: u64) -> String {
    if n < 100 {
        return format!("みまもり{n}{m}");
    }
    format!("つきそい{}と{}の{m}", n / 100, n % 100)
}

/// The mail address of whoever has this number in the world.
#[must_use]
pub fn mailbox(n: usize) -> String {
    format!("mimamori{n}@example.jp")
}

/// The name of a group.
#[must_use]
pub fn group(n: usize) -> String {
    format!("ご近所{n}")
}

/// The name of an association.
#[must_use]
pub fn association(n: usize) -> String {
    format!("みどり町会{n}")
}

/// The name of somebody who watches in an association.
#[must_use]
pub fn warden(n: usize, m: usize) -> String {
    format!("せわやく{n}の{m}")
}

/// The name of somebody who is asked in an association.
#[must_use]
pub fn resident(n: usize, m: usize) -> String {
    format!("じゅうみん{n}の{m}")
}

/// The name of somebody in a group.
#[must_use]
pub fn neighbour(n: usize, m: u64) -> String {
    format!("なかま{n}の{m}")
}

/// The name of somebody whom the office phones.
#[must_use]
pub fn phoned(n: usize) -> String {
    format!("でんわ{n}")
}

/// The name of somebody whom the office asks over LINE.
#[must_use]
pub fn tenant(n: usize) -> String {
    format!("かいいん{n}")
}

/// An hour as it is typed.
#[must_use]
pub fn hour(hour: u64) -> String {
    format!("{hour}時")
}

/// Everything that was played.
#[derive(Clone, Copy, Default, Debug)]
pub struct Sum {
    /// Runs.
    pub runs: u64,
    /// People who were asked, times days.
    pub member_days: u64,
    /// Signs of life that were heard.
    pub answers: u64,
    /// Questions that nobody answered.
    pub silences: u64,
    /// Alerts on phones.
    pub alerts: u64,
    /// Notices that all is well.
    pub all_clears: u64,
    /// Power cuts.
    pub cuts: u64,
}

impl Sum {
    /// Adds what others played.
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.member_days += other.member_days;
        self.answers += other.answers;
        self.silences += other.silences;
        self.alerts += other.alerts;
        self.all_clears += other.all_clears;
        self.cuts += other.cuts;
    }
}

/// Every promise was kept.
#[must_use]
pub fn held(sum: &Sum, tongue: Tongue) -> String {
    let Sum { runs, member_days, answers, silences, alerts, all_clears, cuts } = *sum;
    let years = member_days / 365;
    tongue.pick(
        format!(
            "{runs}回、のべ{years}人年をためしました。お返事{answers}、お返事なし{silences}、お知らせ{alerts}、「無事」{all_clears}、停電{cuts}。約束は、すべて守られました。"
        ),
        format!(
            "{runs} runs, {years} member-years: {answers} answers, {silences} silences, {alerts} alerts, {all_clears} all-clears, {cuts} power cuts; no promise was broken"
        ),
    )
}

/// Some of the states that a run has to have been in were not reached.
#[must_use]
pub fn unreached(count: usize, tongue: Tongue) -> String {
    tongue.pick(
        format!("ためせなかった状態が{count}つあります。--years をふやしてください。"),
        format!("{count} of the rare states were not reached; play more with --years"),
    )
}

/// Command lines that play a run again.
#[derive(Clone, Debug)]
pub struct Again {
    /// As it was played.
    pub whole: String,
    /// With as little as it needs.
    pub small: String,
}

/// A promise was broken.
#[must_use]
pub fn broken(promise: &str, again: &Again, tongue: Tongue) -> String {
    let Again { whole, small } = again;
    if whole == small {
        return tongue.pick(
            format!("守られなかった約束があります（{promise}）。もう一度ためすには：{whole}"),
            format!("a promise was broken ({promise}); to repeat it: {whole}"),
        );
    }
    tongue.pick(
        format!("守られなかった約束があります（{promise}）。もう一度ためすには：{small}（小さくする前は：{whole}）"),
        format!("a promise was broken ({promise}); to repeat it: {small} (before it was made small: {whole})"),
    )
}
