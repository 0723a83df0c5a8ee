//! `anshin config check`: reads the configuration as `serve` would, and says what it finds.

use std::io::Write;
use std::path::Path;

use super::complaint::Complaint;
use super::https;
use super::serve::read_config;
use crate::config::Tls;
use crate::domain::rules::Rules;
use crate::locale::cli::{self as words, Tongue};

/// Runs the command.
pub(super) fn run(path: Option<&Path>, tongue: Tongue) -> Result<(), Complaint> {
    let config = read_config(path, tongue)?;
    if let Tls::Files(files) = &config.tls {
        https::good(files, tongue)?;
    }
    let mut lines = Vec::new();
    let standard = Rules::default();
    if config.rules.resend_after != standard.resend_after {
        lines.push(words::unusual("check.resend_after", "24h", tongue));
    }
    if config.rules.alert_after != standard.alert_after {
        lines.push(words::unusual("check.alert_after", "3h", tongue));
    }
    lines.push(words::config_good(tongue));
    let mut out = std::io::stdout();
    lines
        .iter()
        .try_for_each(|line| writeln!(out, "{line}"))
        .map_err(|fault| Complaint::failed(fault.to_string()))
}
