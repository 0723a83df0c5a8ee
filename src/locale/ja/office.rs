//! Letters to the office: each says what is the matter, what it means and what to do now. The
//! nickname is the only personal thing in them.

use super::super::{Speech, Tone, staff};
use super::{card, case, membership, team, when, who};
use crate::domain::case::{Outcome, Trouble};
use crate::domain::certificate::Concern;
use crate::domain::id::{GroupId, PersonId};
use crate::domain::message::{Daily, OfficeNotice, Who};
use crate::domain::name::Name;
use crate::domain::person::EndReason;
use crate::domain::service::BackupFault;
use crate::domain::team::TeamName;
use jiff::civil::{Date, DateTime};

pub(super) fn say(notice: &OfficeNotice) -> Speech {
    match notice {
        OfficeNotice::Case { name, teams, trouble, since, nobody } => {
            on_board(name, teams, *trouble, *since, *nobody)
        }
        OfficeNotice::CaseAgain { name, trouble, since, lapsed } => {
            again(name, *trouble, *since, *lapsed)
        }
        OfficeNotice::CaseOver { name, who, outcome, at } => {
            over(name, who.as_ref(), *outcome, *at)
        }
        OfficeNotice::WatchEnded { name, number, why, who } => {
            watch_ended(name, *number, *why, who.as_ref())
        }
        OfficeNotice::Rests { name, last_day, who } => rests(name, *last_day, who.as_ref()),
        OfficeNotice::HandedOver { team, by, people, by_office } => {
            handed_over(team, by, *people, *by_office)
        }
        OfficeNotice::GroupNotAsked(id) => group_not_asked(*id),
        OfficeNotice::SetAside(person) => set_aside(*person),
        OfficeNotice::NeedsHelp { name, number, hurt } => needs_help(name.as_ref(), *number, *hurt),
        OfficeNotice::GroupLost(id) => group_lost(*id),
        OfficeNotice::Expired { name, number, until } => {
            membership::expired_at_office(name, *number, *until)
        }
        OfficeNotice::Restored { from, until, forgotten } => restored(*from, *until, *forgotten),
        OfficeNotice::Trial => good(
            "ためしのメールです",
            &[
                "「準備と点検」のページで「ためしのメールを送る」を押した方に届きます。",
                "このメールが読めたら、メールの準備はよしです。することはありません。",
            ],
        ),
        OfficeNotice::NotBackedUp { why, last } => not_backed_up(*why, *last),
        OfficeNotice::Ails(ailment) => alarm(
            staff::ailment(*ailment),
            &[
                staff::remedy(*ailment),
                "よくなるまで、1日に1回、この知らせが届きます。ようすは、対応ボードのいちばん下に出ます。",
            ],
        ),
        OfficeNotice::CannotSend(since) => cannot_send(*since),
        OfficeNotice::SendsAgain => good(
            "LINEで送れるようになりました",
            &["待っていたメッセージも送りました。することはありません。"],
        ),
        OfficeNotice::Deaf(since) => deaf(*since),
        OfficeNotice::HearsAgain => good(
            "お返事を受け取れるようになりました",
            &["待たせていた方には、もう一度聞きます。することはありません。"],
        ),
        OfficeNotice::TimeDoubted => time_doubted(),
        OfficeNotice::ManyAlerts => many_alerts(),
        OfficeNotice::AlertsLeave(names) => alerts_leave(names),
        OfficeNotice::Strays(count) => strays(*count),
        OfficeNotice::Quota { percent, used, limit, forecast, stopped } => {
            quota(*percent, *used, *limit, *forecast, *stopped)
        }
        OfficeNotice::TeamUnwatched(name) => team_unwatched(name),
        OfficeNotice::Nudge { name, since } => nudge(name, *since),
        OfficeNotice::StillResting { name, since, last_day } => {
            still_resting(name, *since, *last_day)
        }
        OfficeNotice::Daily(daily) => report(daily),
    }
}

fn restored(from: DateTime, until: DateTime, forgotten: usize) -> Speech {
    let (from, until) = (when::date_time(from), when::date_time(until));
    let again = format!(
        "この間に削除した方が{forgotten}人もどっていたので、もう一度削除しました。この方たちには聞きません。見守る方がいなくなったチームは、これから事務局が見守ります。"
    );
    let again = (forgotten > 0).then_some(again.as_str());
    let body = [
        &format!("{from}のようすに、もどっています。"),
        &format!(
            "{from}から{until}までのことは、残っていません。参加、お返事、「こまった」、対応の記録などです。"
        ),
        "見守られている全員に、もう一度聞きます（夜は、朝になってから）。対応の途中の方は、見守る方にもう一度知らせます。",
        "この間に参加した方、やめた方、亡くなった方がいないか、手元の記録とくらべてください。",
    ];
    let body: Vec<&str> = body.into_iter().chain(again).collect();
    alarm("データを、控えから元にもどしました", &body)
}

fn not_backed_up(why: BackupFault, last: Option<DateTime>) -> Speech {
    let cause = match why {
        BackupFault::Disk => {
            "書けませんでした。サーバーの担当の人に、ディスクの空きと、設定ファイルの [backup] の folder を見てもらってください。"
        }
        BackupFault::Damaged => {
            "作った控えが、元のデータと同じになりませんでした。ディスクがこわれかけているかもしれません。"
        }
        BackupFault::Seal => {
            "暗号にできませんでした。サーバーの担当の人に、age というプログラムと、設定ファイルの [backup] の recipients を見てもらってください。"
        }
        BackupFault::Upload => {
            "サーバーの中には作れましたが、外に送れませんでした。サーバーの担当の人に、設定ファイルの [backup] の upload に書いたプログラムを見てもらってください。"
        }
    };
    let last = match last {
        Some(last) => format!("いちばん新しい控えは、{}のものです。", when::date_time(last)),
        None => "控えは、まだ一つもありません。".to_owned(),
    };
    alarm(
        "データの控え（バックアップ）を作れません",
        &[cause, &last, "見守りは動いています。1時間ごとに、もう一度ためします。"],
    )
}

fn cannot_send(since: DateTime) -> Speech {
    alarm(
        "LINEで送れなくなっています",
        &[
            &format!("{}から、LINEにメッセージを送れません。", when::date_time(since)),
            "送れなかったものは、届くまで送り直します。急ぐ知らせは、メールのわかる方にはメールでも送ります。",
            "心配な方には、電話で確認をお願いします。",
        ],
    )
}

fn deaf(since: DateTime) -> Speech {
    alarm(
        "お返事を受け取れなくなっています",
        &[
            &format!("{}から、LINEのお返事を受け取れていません。", when::date_time(since)),
            "「お返事がない」という知らせは、受け取れるようになるまで、長くて1時間待ちます。",
            "サーバーとインターネットのつながり、LINEのWebhookの設定を確かめてください。",
        ],
    )
}

fn time_doubted() -> Speech {
    alarm(
        "サーバーの時計が合っているか、わかりません",
        &[
            "LINEに時刻を聞いて確かめています。確かめるまで、質問と「お返事がない」という知らせを、長くて1時間待ちます。",
            "続くときは、サーバーの時刻合わせ（NTP）を確かめてください。",
        ],
    )
}

fn strays(count: u32) -> Speech {
    alarm(
        format!("{count}人の予定がぬけていました"),
        &[
            "見つけて、元にもどしました。いま聞きなおしています。",
            "二度あるときは、プログラムの不具合です。開発元に知らせてください。",
        ],
    )
}

fn team_unwatched(name: &TeamName) -> Speech {
    alarm(
        format!("{}に、知らせの届く方がいません", team(name)),
        &[
            "見守る方の全員に、届かなくなりました。",
            "これからこのチームの知らせは、事務局に届きます。見守る方をさがしてください。",
        ],
    )
}

fn many_alerts() -> Speech {
    alarm(
        "一度にたくさんの方のお返事がありません",
        &[
            "こちらの不具合かもしれません。確かめるまで、残りの知らせを待たせています（長くて1時間）。",
            "LINEの障害や停電がないか、確かめてください。",
        ],
    )
}

fn alerts_leave(names: &[Name]) -> Speech {
    let names: Vec<String> = names.iter().map(|name| format!("{name}さん")).collect();
    alarm(
        "待たせていた知らせを送ります",
        &[
            "こちらの不具合は見つかりませんでした。ほんとうに、たくさんの方のお返事がありません。",
            &names.join("、"),
            "地震や停電など、地域で何か起きていないか、確かめてください。見守る方には、おひとりずつ知らせます。",
        ],
    )
}

fn needs_help(name: Option<&Name>, number: PersonId, hurt: bool) -> Speech {
    let who = name.map_or_else(|| "名前のない方".to_owned(), |name| format!("{name}さん"));
    let what = if hurt { "けがをしました" } else { "助けがいる" };
    alarm(
        format!("{who}から「{what}」とお返事がありました"),
        &[
            &format!("災害時の一斉確認へのお返事です（会員番号 {number}）。"),
            "見守られる方ではないので、対応ボードには出ません。すぐに連絡してください。",
        ],
    )
}

fn group_lost(id: GroupId) -> Speech {
    Speech::Card(card(
        format!("グループ {id} から外れました"),
        &[
            "グループの方が、このアカウントを退会させました。確認は止まっています。",
            "つづけたいという相談があったら、もう一度グループに招待してもらってください。",
        ],
    ))
}

fn on_board(
    name: &Name,
    teams: &[TeamName],
    trouble: Trouble,
    since: DateTime,
    nobody: bool,
) -> Speech {
    let why = if nobody {
        "この方には、知らせの届く見守る方がいません。"
    } else {
        "対応する方が、まだいません。"
    };
    let names: Vec<String> = teams.iter().map(team).collect();
    alarm(
        format!("{name}さん：{}", case::short(trouble)),
        &[
            &format!("チーム：{}", names.join("、")),
            &format!("{}からです。", when::date_time(since)),
            why,
            "事務局での確認をお願いします。",
        ],
    )
}

fn again(name: &Name, trouble: Trouble, since: DateTime, lapsed: bool) -> Speech {
    let why = if lapsed {
        "「対応します」のあと、結果の知らせがありません。"
    } else {
        "まだ、だれも対応していません。"
    };
    alarm(
        format!("{name}さん：{}（もう一度）", case::short(trouble)),
        &[&format!("{}からです。", when::date_time(since)), why, "事務局での確認をお願いします。"],
    )
}

fn over(name: &Name, by: Option<&Who>, outcome: Outcome, at: DateTime) -> Speech {
    let at = when::date_time(at);
    let what = match by {
        Some(by) => format!("{}が確かめました（{at}）。", who(by)),
        None => format!("ご本人からお返事がありました（{at}）。"),
    };
    let result = match outcome {
        Outcome::Answered => "無事です".to_owned(),
        _ => format!("結果：{}", case::reason_word(outcome)),
    };
    good(
        format!("{name}さんの件は、終わりました"),
        &[&result, &what, "事務局ですることは、もうありません。"],
    )
}

fn watch_ended(name: &Name, number: PersonId, why: EndReason, by: Option<&Who>) -> Speech {
    let by = by.map_or_else(|| "ご本人".to_owned(), who);
    Speech::Card(card(
        format!("{name}さんの見守りが終わりました"),
        &[
            &format!("会員番号 {number}。理由：{}。", case::end_word(why)),
            &format!("{by}からの知らせです。"),
            "これからは聞きません。心あたりのないときは、電話で確かめてください。",
        ],
    ))
}

fn rests(name: &Name, last_day: Date, by: Option<&Who>) -> Speech {
    let by = by.map_or_else(|| "ご本人".to_owned(), who);
    Speech::Card(card(
        format!("{name}さんが、お休みになりました"),
        &[
            &format!("{}までです。{by}が決めました。", when::day(last_day)),
            "お休みのあいだは「げんきですか？」を送りません。",
            "「お休みの一覧」で見られます。",
        ],
    ))
}

fn handed_over(of: &TeamName, by: &Name, people: usize, by_office: bool) -> Speech {
    let how = if by_office {
        format!("職員が、{by}さんを見守る方から外しました。見守られる方は{people}人です。")
    } else {
        format!("{by}さんが、見守る方をやめました。見守られる方は{people}人です。")
    };
    alarm(
        format!("{}が、事務局に引き継がれました", team(of)),
        &[&how, "これからこのチームの知らせは、事務局に届きます。"],
    )
}

fn group_not_asked(id: GroupId) -> Speech {
    alarm(
        format!("グループ {id} に、今日は聞いていません"),
        &[
            "今月のLINEの通数が足りないので、グループへの確認を止めています。残りは、知らせのために取ってあります。",
            "LINE公式アカウントのプランを上げると、また聞きます。",
        ],
    )
}

fn set_aside(person: Option<PersonId>) -> Speech {
    let who = person.map_or_else(
        || "どなたのことかは、わかりません。".to_owned(),
        |number| format!("番号 {number} のことです。ようすを、電話などで確かめてください。"),
    );
    alarm(
        "プログラムが、ひとつの処理に失敗しました",
        &[&who, "ほかの方の見守りは、つづいています。", "開発元に、ログを送ってください。"],
    )
}

fn nudge(name: &Name, since: DateTime) -> Speech {
    let since = when::date_time(since);
    alarm(
        format!("{name}さんのようすは、どうでしたか"),
        &[
            &format!("{since}に、事務局が「対応します」を押しました。結果がまだです。"),
            "「対応ボード」で、結果を記録してください。このままだと、見守る方にもう一度お願いします。",
        ],
    )
}

fn still_resting(name: &Name, since: Date, last_day: Date) -> Speech {
    let (since, last_day) = (when::day(since), when::day(last_day));
    alarm(
        format!("{name}さんは、まだお休みですか？"),
        &[
            &format!("{since}から{last_day}まで、お休みになっています。"),
            "お休みのあいだは「げんきですか？」を送りません。電話などで、ようすを確かめてください。",
            "もう終わっていたら、「お休みの一覧」で終わりにしてください。",
        ],
    )
}

fn quota(percent: u8, used: u32, limit: u32, forecast: u32, stopped: bool) -> Speech {
    let next = if stopped {
        "朝の確認を止めました。残りは、知らせのために取ってあります。聞けなかった方は、見守る方に「未確認（送信できず）」と知らせます。"
    } else {
        "なくなる前に、LINE公式アカウントのプランを上げてください。"
    };
    alarm(
        format!("今月のLINEの通数が{percent}％になりました"),
        &[
            &format!("今月は{limit}通のうち、{used}通を使いました。"),
            &format!("月末までに、あと{forecast}通ほど必要です。"),
            next,
        ],
    )
}

fn report(daily: &Daily) -> Speech {
    let heard = daily.heard_at.map_or_else(|| "まだありません".to_owned(), when::date_time);
    let used = match daily.quota {
        (used, Some(limit)) => format!("{used}通（今月の上限 {limit}通）"),
        (used, None) => format!("{used}通（上限なし）"),
    };
    let mut lines = vec![
        format!("見守られる方：{}人", daily.watched),
        format!("対応中の知らせ：{}件（うち事務局 {}件）", daily.open, daily.board),
        format!("届かない方：{}人", daily.unreachable),
        format!("見守る方に知らせが届かない方：{}人", daily.unwatched),
        format!("お休みの方：{}人", daily.resting),
        format!("LINEから最後に受け取ったとき：{heard}"),
        format!("今月のLINE：{used}。月末までに、あと{}通ほど必要です。", daily.forecast),
    ];
    lines.extend(daily.certificate.map(|(concern, day)| certificate(concern, day)));
    lines.push("このメールが届かない日は、サーバーが動いているか確かめてください。".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    Speech::Card(card(format!("{}のようす", when::day(daily.day)), &lines))
}

/// What is wrong with the certificate of our pages, and what to do.
fn certificate(concern: Concern, day: Option<Date>) -> String {
    let until = day.map(when::day).unwrap_or_default();
    match concern {
        Concern::Lost(Some(_)) => format!(
            "HTTPSの証明書の期限は{until}です。切れるとLINEからの返事が届きません。サーバーの担当の人に、すぐ連絡してください。"
        ),
        Concern::Lost(None) => "HTTPSの証明書がありません。LINEからの返事が届きません。サーバーの担当の人に、すぐ連絡してください。".to_owned(),
        Concern::Ageing(_) => format!(
            "HTTPSの証明書の期限は{until}です。まだ新しくなっていません。サーバーの担当の人に見てもらってください。"
        ),
        Concern::Refused(_) => format!(
            "新しいHTTPSの証明書が使えません。前のものを{until}まで使います。サーバーの担当の人に見てもらってください。"
        ),
    }
}

fn alarm(title: impl Into<String>, body: &[&str]) -> Speech {
    let mut card = card(title, body);
    card.tone = Tone::Alarm;
    Speech::Card(card)
}

fn good(title: impl Into<String>, body: &[&str]) -> Speech {
    let mut card = card(title, body);
    card.tone = Tone::Good;
    Speech::Card(card)
}
