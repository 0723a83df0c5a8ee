//! Dates and times as one says them.

use std::time::Duration;

use jiff::civil::{Date, DateTime};

use crate::domain::message::AlertTime;
use crate::domain::schedule::{Hour, Interval};
use crate::locale::words;

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// 「11月22日（日）午前9時5分」
pub(in crate::locale) fn date_time(at: DateTime) -> String {
    format!("{}{}", date(at), time(at))
}

/// 「毎日 9時」
pub(in crate::locale) fn schedule(interval: Interval, of_day: Hour) -> String {
    format!("{} {}", words::interval(interval), hour(of_day))
}

/// 「23時間」, 「90分」: whole hours as such, anything else in minutes.
pub(super) fn length(length: Duration) -> String {
    let minutes = length.as_secs().div_ceil(60);
    if minutes >= 60 && minutes.is_multiple_of(60) {
        format!("{}時間", minutes / 60)
    } else {
        format!("{minutes}分")
    }
}

/// 「11月22日（日）」
pub(super) fn date(at: DateTime) -> String {
    let weekday = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or(0);
    format!("{}月{}日（{}）", at.month(), at.day(), WEEKDAYS.get(weekday).unwrap_or(&""))
}

/// 「11月22日（日）」, of a day alone.
pub(in crate::locale) fn day(day: Date) -> String {
    date(day.at(0, 0, 0, 0))
}

/// 「2027年3月31日（水）」
pub(in crate::locale) fn full_day(at: Date) -> String {
    format!("{}年{}", at.year(), day(at))
}

/// 「午前9時5分」, full hours without minutes, 「正午」.
pub(in crate::locale) fn time(at: DateTime) -> String {
    if (at.hour(), at.minute()) == (12, 0) {
        return "正午".to_owned();
    }
    let (half, hour) =
        if at.hour() < 12 { ("午前", at.hour()) } else { ("午後", at.hour() - 12) };
    match at.minute() {
        0 => format!("{half}{hour}時"),
        minute => format!("{half}{hour}時{minute}分"),
    }
}

/// 「9時」
pub(in crate::locale) fn hour(hour: Hour) -> String {
    format!("{}時", hour.get())
}

/// 「次の日の12時ごろ」
pub(in crate::locale) fn alert(alert: AlertTime) -> String {
    let day = match alert.days {
        0 => "その日の".to_owned(),
        1 => "次の日の".to_owned(),
        2 => "翌々日の".to_owned(),
        days => format!("{days}日後の"),
    };
    format!("{day}{}時ごろ", alert.hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_as_on_a_calendar() {
        let at: DateTime = "2026-11-22T09:00:00".parse().unwrap();
        assert_eq!(date_time(at), "11月22日（日）午前9時");
        let at: DateTime = "2026-11-24T12:05:00".parse().unwrap();
        assert_eq!(date_time(at), "11月24日（火）午後0時5分");
        let at: DateTime = "2026-11-24T12:00:00".parse().unwrap();
        assert_eq!(date_time(at), "11月24日（火）正午");
    }

    #[test]
    fn a_late_question_alerts_two_days_later_at_midnight() {
        assert_eq!(alert(AlertTime { days: 2, hour: 0 }), "翌々日の0時ごろ");
        assert_eq!(alert(AlertTime { days: 1, hour: 12 }), "次の日の12時ごろ");
    }
}
