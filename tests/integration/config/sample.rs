//! The documented sample, `packaging/anshin.toml`, against the table of keys.

use anshin::config::{KEYS, Kind};

use super::{Place, read};

/// A key in the sample, as it stands there.
struct Listed<'t> {
    key: String,
    value: &'t str,
    commented_out: bool,
    /// The lines of explanation above it.
    words: Vec<&'t str>,
}

fn sample() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/anshin.toml");
    std::fs::read_to_string(path).unwrap()
}

/// Explanations begin with `# `, settings that are commented out with `#` alone.
fn listed(text: &str) -> Vec<Listed<'_>> {
    let (mut section, mut words, mut found) = ("", Vec::new(), Vec::new());
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.strip_suffix(']').unwrap();
            words.clear();
        } else if line.is_empty() || line == "#" {
            words.clear();
        } else if let Some(explanation) = line.strip_prefix("# ") {
            words.push(explanation);
        } else {
            let (name, value) = line.trim_start_matches('#').split_once(" = ").unwrap();
            let key = format!("{section}.{name}");
            let commented_out = line.starts_with('#');
            found.push(Listed { key, value, commented_out, words: std::mem::take(&mut words) });
        }
    }
    found
}

/// The sample with some of what is commented out set.
fn uncommented(wanted: impl Fn(&str) -> bool) -> String {
    let text = sample();
    let listed = listed(&text).into_iter().filter(|l| !l.commented_out || wanted(&l.key));
    listed.map(|l| format!("{} = {}\n", l.key, l.value)).collect()
}

fn is_required(key: &str) -> bool {
    key == "server.public_url"
}

#[test]
fn it_lists_every_key_in_the_order_of_the_table_and_nothing_else() {
    let text = sample();
    let listed: Vec<String> = listed(&text).into_iter().map(|listed| listed.key).collect();
    let known: Vec<&str> = KEYS.iter().map(|(key, ..)| *key).collect();
    assert_eq!(listed, known);
}

#[test]
fn it_shows_every_default_and_sets_nothing_else() {
    let text = sample();
    for (listed, (key, kind, default)) in listed(&text).iter().zip(KEYS) {
        let shown = default.map(|default| match kind {
            Kind::Number => default.to_owned(),
            _ => format!("{default:?}"),
        });
        if let Some(shown) = &shown {
            assert_eq!(listed.value, shown, "{key}");
        }
        assert_eq!(listed.commented_out, shown.is_none(), "{key}");
    }
}

#[test]
fn it_explains_every_key_in_a_line_or_two() {
    let text = sample();
    for (listed, (key, ..)) in listed(&text).iter().zip(KEYS) {
        assert!((1..=2).contains(&listed.words.len()), "{key}: {:?}", listed.words);
        let words = listed.words.join(" ");
        assert!(words.is_ascii() && words.len() > 20, "{key}: {words}");
        assert_eq!(words.starts_with("Required."), is_required(key), "{key}: {words}");
    }
}

#[test]
fn it_is_read_once_what_is_required_is_filled_in_and_says_no_more_than_that() {
    let config = read(&uncommented(is_required)).unwrap();
    let place = Place::new(sample());
    let bare = anshin::config::read(Some(&place.file()), &Default::default()).unwrap_err();
    assert!(matches!(bare, anshin::config::ConfigError::Missing { .. }), "{bare:?}");
    let least = read(super::GOOD).unwrap();
    assert_eq!(config.rules, least.rules);
    assert_eq!(config.store_path, least.store_path);
    assert_eq!(config.cache_bytes, least.cache_bytes);
    assert_eq!((config.listen, config.clock_speed), (least.listen, least.clock_speed));
    assert_eq!(config.line.api_base, least.line.api_base);
}

#[test]
fn its_examples_are_values_that_work() {
    // The examples that must name a file that is there.
    let config = read(&uncommented(|key| !key.ends_with(".extra_ca"))).unwrap();
    assert_eq!(config.trusted_proxies.len(), 1);
    assert_eq!(config.mail.unwrap().from.as_str(), "anshin@example.jp");
}
