//! What `anshin simulate` says, and what people in it type.

use super::cli::Tongue;

/// Asks for an invitation.
pub const INVITE: &str = "招待";
/// Stands before the code of an invitation.
pub const CODE: &str = "招待コード ";
/// Says that one is well.
pub const WELL: &str = "げんきです";

/// The name of somebody who is asked.
#[must_use]
pub fn person(n: usize) -> String {
    format!("ひと{n}")
}

/// The name of somebody who watches.
#[must_use]
pub fn watcher(n: usize, m: u64) -> String {
    format!("みまもり{n}{m}")
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

/// A promise was broken.
#[must_use]
pub fn broken(seed: u64, tongue: Tongue) -> String {
    tongue.pick(
        format!("守られなかった約束があります。もう一度ためすには：anshin simulate --seed {seed} --years 0"),
        format!("a promise was broken; to repeat it: anshin simulate --seed {seed} --years 0"),
    )
}
