//! The log: one line an event on standard output, for the journal of the system. Ids only; never a
//! name, a text or a whole LINE id.

use tracing::level_filters::LevelFilter;

use super::LogFormat;

/// Starts the log of this process.
pub(super) fn start(format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_writer(std::io::stdout)
        .with_ansi(false)
        .with_target(false);
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
