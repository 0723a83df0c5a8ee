//! The configuration: every way to get it wrong is one sentence that names the key, and no way
//! lets a secret out. The sample file is held against the table of keys.

mod sample;
mod sentences;

use std::path::Path;
use std::time::Duration;

use anshin::config::smtp::SmtpFault;
use anshin::config::{self, Config, ConfigError, Expected, KEYS, Kind, Surroundings, Tls};
use anshin::domain::mail::MailFault;
use tempfile::TempDir;

/// What must never be seen anywhere.
const CANARIES: [&str; 4] = ["canary-secret", "canary-before", "canary-token", "canary-smtp"];

/// All that has to be set, with a canary in it.
const GOOD: &str = r#"
[server]
public_url = "https://mimamori.example.jp"
[line]
channel_id = "2008123456"
channel_secret = "canary-secret"
"#;

/// A folder with a configuration file in it.
struct Place(TempDir);

impl Place {
    fn new(text: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("anshin.toml"), text).unwrap();
        Self(folder)
    }

    fn file(&self) -> std::path::PathBuf {
        self.0.path().join("anshin.toml")
    }
}

fn read(text: &str) -> Result<Config, ConfigError> {
    read_in(text, &Surroundings::default())
}

fn read_in(text: &str, around: &Surroundings) -> Result<Config, ConfigError> {
    config::read(Some(&Place::new(text).file()), around)
}

fn variables(pairs: &[(&str, &str)]) -> Surroundings {
    let variables = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Surroundings { variables: variables.collect(), credentials: None }
}

/// All that has to be set, with one key set to a value in TOML, or left out with an empty one.
fn with(key: &str, value: &str) -> String {
    let required = [
        ("server.public_url", "\"https://mimamori.example.jp\""),
        ("line.channel_id", "\"2008123456\""),
        ("line.channel_secret", "\"canary-secret\""),
    ];
    let others = required.into_iter().filter(|(name, _)| *name != key);
    let all = others.chain((!value.is_empty()).then_some((key, value)));
    all.map(|(key, value)| format!("{key} = {value}\n")).collect()
}

#[test]
fn with_the_required_keys_alone_every_other_has_its_documented_default() {
    let config = read(GOOD).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url, "https://mimamori.example.jp");
    assert!(config.trusted_proxies.is_empty());
    assert_eq!(config.store_path, Path::new("/var/lib/anshin/anshin.redb"));
    assert_eq!(config.cache_bytes, 32 << 20);
    assert_eq!(config.line.channel_id, "2008123456");
    assert_eq!(config.line.secret, "canary-secret");
    assert_eq!((config.line.previous_secret, config.line.token), (None, None));
    assert_eq!(config.line.api_base, "https://api.line.me");
    assert_eq!(config.rules.resend_after, Duration::from_secs(24 * 3600));
    assert_eq!(config.rules.alert_after, Duration::from_secs(3 * 3600));
    assert!(config.rules.any_sign_counts);
    assert_eq!(config.clock_speed, 1);
    assert_eq!((config.office_name.as_str(), config.office_phone), ("", None));
    assert!(config.mail.is_none());
}

#[test]
fn a_heartbeat_needs_an_address_that_can_be_called_and_is_never_shown() {
    let text = format!("heartbeat.url = \"https://beat.example.jp/canary-1f2e\"\n{GOOD}");
    let config = read(&text).unwrap();
    assert!(!format!("{config:?}").contains("canary"), "{config:?}");
    let heartbeat = config.heartbeat.unwrap();
    assert_eq!(heartbeat.url.as_str(), "https://beat.example.jp/canary-1f2e");
    assert_eq!(heartbeat.every, Duration::from_secs(300));
    assert!(read(GOOD).unwrap().heartbeat.is_none());
    for bad in ["beat.example.jp", "ftp://beat.example.jp/", "https://", "file:///etc/passwd"] {
        let fault = read(&format!("heartbeat.url = \"{bad}\"\n{GOOD}")).unwrap_err();
        let expected = ConfigError::Bad { key: "heartbeat.url", expected: Expected::Page };
        assert_eq!(fault, expected, "{bad}");
    }
}

#[test]
fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    for (text, key, nearest) in [
        ("line.channel_secrets = \"x\"", "line.channel_secrets", "line.channel_secret"),
        ("server.Listen = \"x\"", "server.Listen", "server.listen"),
        ("check.resend = \"24h\"", "check.resend", "check.resend_after"),
        ("trainig.clock_speed = 2", "trainig.clock_speed", "training.clock_speed"),
    ] {
        let fault = read(text).unwrap_err();
        assert_eq!(fault, ConfigError::Unknown { key: key.to_owned(), nearest }, "{text}");
    }
    for (text, key) in [("listen = \"x\"", "listen"), ("server = 1", "server")] {
        let fault = read(text).unwrap_err();
        assert!(matches!(fault, ConfigError::Unknown { key: named, .. } if named == key));
    }
    let fault = read_in(GOOD, &variables(&[("ANSHIN_LINE__CHANNEL", "1")])).unwrap_err();
    assert!(matches!(fault, ConfigError::Unknown { key, .. } if key == "line.channel"));
}

#[test]
fn a_required_key_that_is_missing_or_empty_is_named() {
    for key in ["server.public_url", "line.channel_id", "line.channel_secret"] {
        assert_eq!(read(&with(key, "")).unwrap_err(), ConfigError::Missing { key });
        assert_eq!(read(&with(key, "\"\"")).unwrap_err(), ConfigError::Missing { key });
    }
    assert!(matches!(
        config::read(None, &Surroundings::default()),
        Err(ConfigError::Missing { .. })
    ));
}

#[test]
fn a_value_of_the_wrong_type_is_refused_by_the_name_of_its_key() {
    for (key, kind, ..) in KEYS {
        let wrong: &[&str] = match kind {
            Kind::Text | Kind::Secret | Kind::Length => {
                &["7", "true", "[\"x\"]", "{ a = 1 }", "2026-11-23", "1.5"]
            }
            Kind::Number => &["\"7\"", "true", "[7]", "{ a = 1 }", "1.5", "nan"],
            Kind::List => &["7", "\"10.0.0.0/8\"", "[1]", "[\"10.0.0.0/8\", 1]", "[[]]"],
        };
        for value in wrong {
            let fault = read(&with(key, value)).unwrap_err();
            assert!(
                matches!(fault, ConfigError::Bad { key: named, .. } if named == *key),
                "{key} = {value}: {fault:?}"
            );
        }
    }
}

#[test]
fn a_value_out_of_range_is_refused_by_the_name_of_its_key() {
    let cases: &[(&str, &[&str])] = &[
        ("store.cache_mib", &["0", "-1", "4097", "9223372036854775807"]),
        ("training.clock_speed", &["0", "-1", "100001"]),
        ("quota.alert_reserve_percent", &["91", "-1"]),
        (
            "server.listen",
            &["\"localhost:8080\"", "\"127.0.0.1\"", "\":8080\"", "\"127.0.0.1:65536\""],
        ),
        (
            "server.trusted_proxies",
            &["[\"10.0.0.0/33\"]", "[\"proxy\"]", "[\"10.0.0.0/8 \", \"x\"]"],
        ),
        ("check.sign_of_life", &["\"all\"", "\"ANY\""]),
        ("line.extra_ca", &["\"/nowhere/ca.pem\"", "\"/\""]),
        ("mail.extra_ca", &["\"/nowhere/ca.pem\"", "\"/\""]),
    ];
    for (key, values) in cases {
        for value in *values {
            let fault = read(&with(key, value)).unwrap_err();
            assert!(
                matches!(fault, ConfigError::Bad { key: named, .. } if named == *key),
                "{key} = {value}: {fault:?}"
            );
        }
    }
}

#[test]
fn every_length_takes_positive_seconds_minutes_hours_and_days_and_nothing_else() {
    let lengths = KEYS.iter().filter(|(_, kind, ..)| *kind == Kind::Length);
    for (key, ..) in lengths {
        for value in ["1s", "90s", "60m", "24h", "7d", "0007d"] {
            assert!(read(&with(key, &format!("{value:?}"))).is_ok(), "{key} = {value}");
        }
        for value in [
            "0s",
            "-1h",
            "24",
            "h",
            "24H",
            "1.5h",
            "24 h",
            "1w",
            "١h",
            "99999999999999999999d",
            " ",
        ] {
            let fault = read(&with(key, &format!("{value:?}"))).unwrap_err();
            assert_eq!(fault, ConfigError::Bad { key, expected: Expected::Length }, "{value}");
        }
    }
}

#[test]
fn an_address_of_a_site_is_scheme_and_host_and_nothing_behind() {
    for key in ["server.public_url", "line.api_base", "line.data_api_base"] {
        for value in ["http://127.0.0.1:8080", "https://a.example", "https://a.example/"] {
            assert!(read(&with(key, &format!("{value:?}"))).is_ok(), "{key} = {value}");
        }
        for value in [
            "a.example",
            "ftp://a.example",
            "https://",
            "https://a.example/x",
            "https://a.example?x",
            "https://a.example#x",
            "https://user@a.example",
            "https://a example",
            "https://a.example:99999",
            "https://みどり.example",
            "//a.example",
            "javascript:x",
        ] {
            let fault = read(&with(key, &format!("{value:?}"))).unwrap_err();
            assert_eq!(fault, ConfigError::Bad { key, expected: Expected::Url }, "{value}");
        }
    }
}

#[test]
fn what_is_no_toml_is_told_with_file_and_line() {
    for (text, line) in [
        ("[server]\nlisten = \n", 2),
        ("[server\n", 1),
        ("[server]\n\n# みどり\nlisten = 127.0.0.1\n", 4),
        ("[line]\nchannel_secret = \"canary-secret\n", 2),
        ("\n\n\nx y", 4),
    ] {
        let place = Place::new(text);
        let fault = config::read(Some(&place.file()), &Surroundings::default()).unwrap_err();
        let ConfigError::Syntax { path, line: told, cause } = fault else { panic!("{fault:?}") };
        assert_eq!((path, told), (place.file(), line), "{text:?}");
        assert!(!cause.contains("canary") && !cause.contains('\n'), "{cause}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let place = Place::new([0xff, 0xfe, 0x00]);
    let folder = place.0.path();
    for path in [place.file(), folder.to_owned(), folder.join("none.toml"), folder.join("a/b.toml")]
    {
        let fault = config::read(Some(&path), &Surroundings::default()).unwrap_err();
        assert!(matches!(fault, ConfigError::Unreadable { path: named, .. } if named == path));
    }
}

#[test]
fn the_environment_overrides_a_credential_and_a_credential_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let credential =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    credential("line.channel_secret", "from-credential\n");
    credential("line.channel_access_token", "token-from-credential");
    credential("something.else", "is not ours");
    let around = Surroundings {
        variables: variables(&[("ANSHIN_LINE__CHANNEL_ACCESS_TOKEN", "token-from-environment")])
            .variables,
        credentials: Some(folder.path().to_owned()),
    };
    let config = read_in(GOOD, &around).unwrap();
    assert_eq!(config.line.secret, "from-credential");
    assert_eq!(config.line.token.as_deref(), Some("token-from-environment"));
    assert_eq!(config.line.channel_id, "2008123456");
}

#[test]
fn every_key_can_come_from_the_environment_and_is_checked_as_strictly() {
    let config = config::read(
        None,
        &variables(&[
            ("ANSHIN_SERVER__PUBLIC_URL", "https://mimamori.example.jp/"),
            ("ANSHIN_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1/32"),
            ("ANSHIN_LINE__CHANNEL_ID", "1"),
            ("ANSHIN_LINE__CHANNEL_SECRET", "s"),
            ("ANSHIN_CHECK__RESEND_AFTER", "90s"),
            ("ANSHIN_STORE__CACHE_MIB", "8"),
            ("ANSHIN_WITHOUT_TWO_LINES", "is not ours"),
            ("XANSHIN_LINE__NOTHING", "is not ours"),
        ]),
    )
    .unwrap();
    assert_eq!(config.public_url, "https://mimamori.example.jp");
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.rules.resend_after, Duration::from_secs(90));
    assert_eq!(config.cache_bytes, 8 << 20);
    for (name, value, key) in [
        ("ANSHIN_STORE__CACHE_MIB", "much", "store.cache_mib"),
        ("ANSHIN_CHECK__ALERT_AFTER", "3", "check.alert_after"),
        ("ANSHIN_SERVER__LISTEN", "here", "server.listen"),
    ] {
        let fault = read_in(GOOD, &variables(&[(name, value)])).unwrap_err();
        assert!(matches!(fault, ConfigError::Bad { key: named, .. } if named == key), "{name}");
    }
}

#[test]
fn time_that_runs_fast_is_refused_with_the_real_line() {
    let fast = format!("{GOOD}[training]\nclock_speed = 60\n");
    assert_eq!(read(&fast).unwrap_err(), ConfigError::TrainingOnLine);
    for base in
        ["https://api.line.me", "https://api.line.me/", "http://api.line.me:443", "https://line.me"]
    {
        let around = variables(&[("ANSHIN_LINE__API_BASE", base)]);
        assert_eq!(read_in(&fast, &around).unwrap_err(), ConfigError::TrainingOnLine, "{base}");
    }
    let around = variables(&[("ANSHIN_LINE__API_BASE", "http://127.0.0.1:9000")]);
    let practice = read_in(&fast, &around).unwrap();
    assert_eq!(practice.clock_speed, 60);
    assert_eq!(
        practice.line.data_api_base, practice.line.api_base,
        "nothing goes to the real LINE"
    );
    assert_eq!(read_in(GOOD, &variables(&[])).unwrap().clock_speed, 1);
}

/// All that has to be set, and mail.
fn with_mail(url: &str, from: &str) -> String {
    format!("{GOOD}[mail]\nsmtp_url = {url:?}\nfrom = {from:?}\n")
}

#[test]
fn mail_needs_a_server_and_a_sender_and_without_either_there_is_none() {
    let config = read(&with_mail("smtps://u:p@mail.example.jp", "anshin@Example.JP")).unwrap();
    let mail = config.mail.unwrap();
    assert_eq!((mail.server.host.as_str(), mail.server.port), ("mail.example.jp", 465));
    assert_eq!(mail.from.as_str(), "anshin@example.jp");
    assert!(mail.extra_roots.is_none());
    assert!(read(&with_mail("", "")).unwrap().mail.is_none());
    let fault = read(&with_mail("smtps://mail.example.jp", "")).unwrap_err();
    assert_eq!(fault, ConfigError::Missing { key: "mail.from" });
    let fault = read(&with_mail("", "anshin@example.jp")).unwrap_err();
    assert_eq!(fault, ConfigError::Missing { key: "mail.smtp_url" });
    let fault = read(&with_mail("mail.example.jp", "anshin@example.jp")).unwrap_err();
    assert_eq!(fault, ConfigError::Smtp(SmtpFault::Scheme));
    let fault = read(&with_mail("smtps://mail.example.jp", "みどり <a@example.jp>")).unwrap_err();
    let fault_of_from = MailFault::MoreThanAddress;
    assert_eq!(fault, ConfigError::MailAddress { key: "mail.from", fault: fault_of_from });
}

#[test]
fn time_that_runs_fast_sends_mail_to_this_machine_alone() {
    let around = variables(&[
        ("ANSHIN_LINE__API_BASE", "http://127.0.0.1:9000"),
        ("ANSHIN_TRAINING__CLOCK_SPEED", "60"),
    ]);
    for (url, refused) in [
        ("smtps://mail.example.jp", true),
        ("smtp://localhost", true),
        ("smtps://127.0.0.1", true),
        ("smtp://127.0.0.1:1025", false),
    ] {
        let fault = read_in(&with_mail(url, "anshin@example.jp"), &around).err();
        assert_eq!(fault, refused.then_some(ConfigError::TrainingOnMail), "{url}");
    }
}

#[test]
fn a_mode_of_tls_that_does_not_exist_is_refused() {
    for mode in ["on", "OFF", "file", "auto"] {
        let fault = read(&format!("{GOOD}[tls]\nmode = \"{mode}\"\n")).unwrap_err();
        assert!(matches!(fault, ConfigError::Bad { key: "tls.mode", .. }), "{fault:?}");
    }
}

#[test]
fn an_authority_is_asked_for_the_name_of_our_pages_and_lets_encrypt_is_the_usual_one() {
    let acme = |more: &str| read(&format!("{GOOD}[tls]\nmode = \"acme\"\n{more}"));
    let Tls::Acme(usual) = acme("").unwrap().tls else { panic!("another mode") };
    assert_eq!(usual.domain, "mimamori.example.jp");
    assert_eq!(usual.directory_url, "https://acme-v02.api.letsencrypt.org/directory");
    assert_eq!((usual.contact, usual.directory_roots), (None, None));
    for contact in ["office@example.jp", "mailto:office@example.jp"] {
        let Tls::Acme(told) = acme(&format!("contact = \"{contact}\"")).unwrap().tls else {
            panic!("another mode")
        };
        assert_eq!(told.contact.as_deref(), Some("mailto:office@example.jp"));
    }
    assert!(acme("domain = \"Mimamori.example.JP\"").is_ok());
    for (more, named) in [
        ("domain = \"other.example.jp\"", "tls.domain"),
        ("directory_url = \"http://acme.example.jp/\"", "tls.directory_url"),
        ("directory_url = \"acme\"", "tls.directory_url"),
        ("directory_ca = \"/nowhere/ca.pem\"", "tls.directory_ca"),
    ] {
        let fault = acme(more).unwrap_err();
        assert!(matches!(fault, ConfigError::Bad { key, .. } if key == named), "{fault:?}");
    }
    let fault = acme("contact = \"everyone\"").unwrap_err();
    assert!(matches!(fault, ConfigError::MailAddress { key: "tls.contact", .. }), "{fault:?}");
}

#[test]
fn our_own_https_needs_an_https_address_and_an_authority_a_name() {
    let tls = |url: &str| {
        read(&with("server.public_url", &format!("\"{url}\"\ntls.mode = \"acme\""))).err()
    };
    assert_eq!(tls("http://mimamori.example.jp"), Some(ConfigError::TlsWithoutHttps));
    for url in ["https://192.0.2.7", "https://[2001:db8::1]:8443", "https://mimamori"] {
        let expected = ConfigError::Bad { key: "server.public_url", expected: Expected::Domain };
        assert_eq!(tls(url), Some(expected), "{url}");
    }
    assert_eq!(tls("https://mimamori.example.jp:8443"), None);
}

#[test]
fn no_secret_shows_in_the_configuration_as_a_programmer_prints_it() {
    let text = format!(
        "{GOOD}channel_access_token = \"canary-token\"\nprevious_channel_secret = \"canary-before\"\n\
         [mail]\nsmtp_url = \"smtp://canary-smtp:canary-smtp@a\"\nfrom = \"anshin@example.jp\"\n"
    );
    let config = read(&text).unwrap();
    assert_eq!(config.line.previous_secret.as_deref(), Some("canary-before"));
    for printed in [format!("{config:?}"), format!("{config:#?}"), format!("{:?}", config.line)] {
        for canary in CANARIES {
            assert!(!printed.contains(canary), "{printed}");
        }
    }
}

#[test]
fn no_secret_shows_in_an_error_about_any_key() {
    let secrets = "line.channel_secret = \"canary-secret\"\n\
         line.channel_access_token = \"canary-token\"\n\
         line.previous_channel_secret = \"canary-before\"\n\
         mail.smtp_url = \"smtp://u:canary-smtp@a\"\n\
         mail.from = \"anshin@example.jp\"\n";
    let mut faults = Vec::new();
    for (key, kind, ..) in KEYS.iter().filter(|(key, ..)| !secrets.contains(key)) {
        let wrong = if *kind == Kind::Number { "\"canary-smtp\"" } else { "0" };
        faults.push(read(&format!("{secrets}{key} = {wrong}\n")).unwrap_err());
    }
    for key in ["line.channel_secret", "mail.smtp_url"] {
        faults.push(read(&format!("{key} = [\"canary-secret\"]\n")).unwrap_err());
        faults.push(read(&format!("{key} = \"canary-secret\" canary-token\n")).unwrap_err());
        faults.push(read(&format!("{key} = canary-secret\n")).unwrap_err());
        faults.push(read(&format!("{key}s = \"canary-secret\"\n")).unwrap_err());
    }
    for fault in faults {
        let printed = format!("{fault:?}");
        assert!(CANARIES.iter().all(|canary| !printed.contains(canary)), "{printed}");
    }
}
