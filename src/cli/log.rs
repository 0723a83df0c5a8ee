//! The log: one line an event on standard output, for the journal of the system. Ids only; never a
//! name, a text or a whole LINE id.

use tracing::level_filters::LevelFilter;

use super::LogFormat;

/// Starts the log of a service: everything that happens, on standard output.
pub(super) fn start(format: LogFormat) {
    init(format, LevelFilter::INFO, std::io::stdout);
}

/// Starts the log of a command that has words of its own: only what is wrong, on standard error.
pub(super) fn start_quiet(format: LogFormat) {
    init(format, LevelFilter::ERROR, std::io::stderr);
}

fn init<W, F>(format: LogFormat, level: LevelFilter, writer: F)
where
    W: std::io::Write,
    F: Fn() -> W + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(writer)
        .with_ansi(false)
        .with_target(false);
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
