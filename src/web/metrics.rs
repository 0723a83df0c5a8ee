//! `GET /metrics` on an address of its own: figures about the machinery in the text form of Prometheus. Numbers only; no
//! name, no number of a person, nothing that a page for staff would have to guard.

use std::fmt::Write;

use super::health::{self, Pulse};
use crate::domain::id::Way;
use crate::domain::time::Moment;
use crate::domain::vitals::Ailment;
use crate::http::{Response, StatusCode};
use crate::store::{Reading, StoreError};

/// The figures as they are now.
pub fn page(pulse: &Pulse, reading: &Reading) -> Result<Response, StoreError> {
    let mut text = Text::default();
    machinery(&mut text, pulse);
    data(&mut text, pulse.now, reading)?;
    Ok(Response::text(StatusCode::OK, &text.0)
        .header("content-type", "text/plain; version=0.0.4; charset=utf-8"))
}

/// Lines in the making.
#[derive(Default)]
struct Text(String);

impl Text {
    /// What a figure is.
    fn describe(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a text never fails.
        let _ = write!(self.0, "# HELP anshin_{name} {help}\n# TYPE anshin_{name} {kind}\n");
    }

    fn value(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "anshin_{name}{labels} {value}");
    }

    /// A figure that goes up and down, with what it is.
    fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.describe(name, "gauge", help);
        self.value(name, "", value);
    }
}

fn machinery(text: &mut Text, pulse: &Pulse) {
    text.describe("build_info", "gauge", "The version that runs; always 1.");
    let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    text.value("build_info", &version, 1);
    text.gauge(
        "writer_busy_seconds",
        "How long the writer has been busy with one group.",
        seconds(pulse.engine_lag_ms),
    );
    text.gauge("timers_overdue", "Timers that are due and not decided yet.", pulse.overdue_timers);
    text.describe("ailment", "gauge", "1 while this keeps the service from its work.");
    for ailment in Ailment::ALL {
        let ails = u8::from(pulse.ailments.contains(&ailment));
        text.value("ailment", &format!("{{what=\"{}\"}}", health::word(ailment)), ails);
    }
    if let Some(at) = pulse.last_webhook_at {
        text.gauge(
            "last_webhook_age_seconds",
            "Since the last signed webhook.",
            age(pulse.now, at),
        );
    }
}

fn data(text: &mut Text, now: Moment, reading: &Reading) -> Result<(), StoreError> {
    let service = reading.service()?;
    let waiting = reading.waiting()?;
    let waiting = |way: Way| waiting.get(&way).copied().unwrap_or_default();
    text.describe("outbox_waiting", "gauge", "Messages that have not left.");
    for (way, label) in [(Way::Line, "line"), (Way::Mail, "mail")] {
        text.value("outbox_waiting", &format!("{{way=\"{label}\"}}"), waiting(way).count);
    }
    text.describe("outbox_oldest_seconds", "gauge", "How long the oldest of them waits.");
    for (way, label) in [(Way::Line, "line"), (Way::Mail, "mail")] {
        let waits = waiting(way).since.map_or(0, |at| age(now, at));
        text.value("outbox_oldest_seconds", &format!("{{way=\"{label}\"}}"), waits);
    }
    text.gauge("people_watched", "People who are asked, as counted last night.", service.watched);
    let open = reading.open_case_ids(usize::MAX)?.len();
    text.gauge("cases_open", "Cases in which nobody has said how it ended.", open);
    text.gauge(
        "messages_used",
        "Messages of this month that LINE counted.",
        service.quota.used_now(now),
    );
    if let Some(limit) = service.quota.limit {
        text.gauge("messages_limit", "Messages that LINE allows this month.", limit);
    }
    text.gauge(
        "messages_forecast",
        "Messages that the schedules still need.",
        service.quota.forecast,
    );
    text.gauge(
        "deaf",
        "1 while answers cannot be heard.",
        u8::from(service.hearing.deaf_since.is_some()),
    );
    if let Some(at) = service.backup_at {
        text.gauge("copy_age_seconds", "Since the newest copy of the data.", age(now, at));
    }
    if let Some((used, whole)) = memory() {
        text.gauge("memory_bytes", "Memory that the process holds.", used);
        text.gauge("memory_virtual_bytes", "Memory that it has asked for.", whole);
    }
    Ok(())
}

fn age(now: Moment, at: Moment) -> u64 {
    now.since(at).as_secs()
}

fn seconds(millis: i64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// Pages of memory, as the kernel counts them for this process.
fn memory() -> Option<(u64, u64)> {
    const PAGE_BYTES: u64 = 4096;
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let mut pages = text.split(' ').filter_map(|part| part.parse::<u64>().ok());
    let (whole, held) = (pages.next()?, pages.next()?);
    Some((held.saturating_mul(PAGE_BYTES), whole.saturating_mul(PAGE_BYTES)))
}
