//! A configuration file: it is taken whole, or refused with a sentence; what is taken is within the limits that the
//! sample names, and nothing that is shown of it holds a secret.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anshin::config::{self, CLOCK_SPEED_MAX, Surroundings};
use anshin::domain::schedule::Hour;

/// The one way in is a path.
static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("anshin-fuzz-{}.toml", std::process::id())));

pub(crate) fn run(bytes: &[u8]) {
    if std::fs::write(&*FILE, bytes).is_err() {
        return;
    }
    let around = Surroundings::default();
    let premises = config::read_premises(Some(&FILE), &around);
    let config = match config::read(Some(&FILE), &around) {
        Ok(config) => config,
        Err(fault) => {
            assert!(!format!("{fault:?}").is_empty());
            return;
        }
    };
    let premises = premises.expect("whoever needs less must find it too");
    assert_eq!(premises.public_url, config.public_url);
    assert_eq!(premises.rules, config.rules);
    assert!(!config.public_url.ends_with('/'));
    assert!((1..=CLOCK_SPEED_MAX).contains(&config.clock_speed));
    assert_ne!(premises.store_path, Path::new(""));
    // No wait is so long that reckoning with it ends in a panic.
    let rules = &config.rules;
    assert!(rules.not_sent_after() >= rules.resend_after);
    let latest = Hour::new(23).expect("an hour");
    assert!(rules.alert_time(latest).hour < 24);
    let secret = config.line.secret.as_str();
    assert!(secret.len() < 20 || !format!("{config:?}").contains(secret));
}
