//! What the program says about a configuration, in both languages.

use super::{CANARIES, GOOD, Place};
use crate::program::{Said, anshin, run};

/// The file, environment variables, and what the sentence has to name.
type Fault = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const SERVER: (&str, &str) = ("ANSHIN_MAIL__SMTP_URL", "smtps://u:canary-smtp@a");
const FROM: (&str, &str) = ("ANSHIN_MAIL__FROM", "anshin@example.jp");

const PLAIN_URL: (&str, &str) = ("ANSHIN_SERVER__PUBLIC_URL", "http://mimamori.example.jp");
const ADDRESS_URL: (&str, &str) = ("ANSHIN_SERVER__PUBLIC_URL", "https://192.0.2.7");

const TWENTY_ONE: &str = "a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,\
    a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp,a@b.jp";

/// One of every kind of error.
const FAULTS: &[Fault] = &[
    ("[server\n", &[], "anshin.toml"),
    ("line.channel_secret = canary-secret\n", &[], "1"),
    ("line.channel_secrets = \"canary-secret\"\n", &[], "line.channel_secret"),
    (GOOD, &[("ANSHIN_LINE__CHANEL_ID", "1")], "line.chanel_id"),
    ("", &[], "ANSHIN_"),
    (GOOD, &[("ANSHIN_LINE__CHANNEL_SECRET", "")], "line.channel_secret"),
    (GOOD, &[("ANSHIN_SERVER__PUBLIC_URL", "")], "ANSHIN_SERVER__PUBLIC_URL"),
    ("office.name = 1\n", &[], "office.name"),
    ("line.channel_secret = [\"canary-secret\"]\n", &[], "line.channel_secret"),
    (GOOD, &[("ANSHIN_STORE__CACHE_MIB", "0")], "store.cache_mib"),
    (GOOD, &[("ANSHIN_CHECK__ALERT_AFTER", "3")], "check.alert_after"),
    ("server.trusted_proxies = 1\n", &[], "server.trusted_proxies"),
    (GOOD, &[("ANSHIN_SERVER__TRUSTED_PROXIES", "all")], "server.trusted_proxies"),
    (GOOD, &[("ANSHIN_SERVER__LISTEN", "localhost:80")], "server.listen"),
    (GOOD, &[("ANSHIN_LINE__API_BASE", "api.line.me")], "line.api_base"),
    (GOOD, &[("ANSHIN_CHECK__SIGN_OF_LIFE", "none")], "check.sign_of_life"),
    (GOOD, &[("ANSHIN_LINE__EXTRA_CA", "/nowhere/ca.pem")], "line.extra_ca"),
    (GOOD, &[("ANSHIN_MAIL__EXTRA_CA", "/nowhere/ca.pem")], "mail.extra_ca"),
    (GOOD, &[("ANSHIN_MAIL__SMTP_URL", "smtp://u:canary-smtp@a")], "ANSHIN_MAIL__FROM"),
    (GOOD, &[("ANSHIN_MAIL__FROM", "anshin@example.jp")], "ANSHIN_MAIL__SMTP_URL"),
    (GOOD, &[("ANSHIN_MAIL__SMTP_URL", "u:canary-smtp@a"), FROM], "smtps://"),
    (GOOD, &[("ANSHIN_MAIL__SMTP_URL", "smtp://:canary-smtp@a"), FROM], "user:password@"),
    (GOOD, &[("ANSHIN_MAIL__SMTP_URL", "smtp://u:canary-smtp%@a"), FROM], "%25"),
    (GOOD, &[("ANSHIN_MAIL__SMTP_URL", "smtp://u:canary-smtp@a_b"), FROM], "mail.example.jp"),
    (GOOD, &[("ANSHIN_MAIL__SMTP_URL", "smtp://u:canary-smtp@a:x"), FROM], "65535"),
    (GOOD, &[("ANSHIN_MAIL__SMTP_URL", "smtp://u:canary-smtp@a/b"), FROM], "mail.smtp_url"),
    (GOOD, &[SERVER, ("ANSHIN_MAIL__FROM", "Anshin <canary-smtp@a.jp>")], "anshin@example.jp"),
    (GOOD, &[SERVER, ("ANSHIN_MAIL__FROM", "canary-smtp")], "@"),
    (GOOD, &[SERVER, ("ANSHIN_MAIL__FROM", "canary-smtp@a")], "example.jp"),
    (GOOD, &[SERVER, ("ANSHIN_MAIL__FROM", ".canary-smtp@a.jp")], "mail.from"),
    (GOOD, &[SERVER, ("ANSHIN_MAIL__FROM", "ｃanary-smtp@a.jp")], "mail.from"),
    (GOOD, &[("ANSHIN_OFFICE__MAIL", "みどり")], "office.mail"),
    (GOOD, &[("ANSHIN_OFFICE__PAYMENT_URL", "http://pay.example.jp/")], "office.payment_url"),
    (GOOD, &[("ANSHIN_OFFICE__PAYMENT_URL", "みどり")], "office.payment_url"),
    (GOOD, &[("ANSHIN_OFFICE__MAIL", "a@example.jp")], "ANSHIN_MAIL__SMTP_URL"),
    (GOOD, &[SERVER, FROM, ("ANSHIN_OFFICE__MAIL", TWENTY_ONE)], "20"),
    (GOOD, &[("ANSHIN_TRAINING__CLOCK_SPEED", "60")], "training.clock_speed"),
    (
        GOOD,
        &[
            SERVER,
            FROM,
            ("ANSHIN_TRAINING__CLOCK_SPEED", "60"),
            ("ANSHIN_LINE__API_BASE", "http://127.0.0.1:9"),
        ],
        "mail.smtp_url",
    ),
    (GOOD, &[("ANSHIN_TLS__MODE", "on")], "tls.mode"),
    (GOOD, &[("ANSHIN_TLS__MODE", "files")], "ANSHIN_TLS__CERTIFICATE"),
    (GOOD, &[("ANSHIN_TLS__MODE", "files"), ("ANSHIN_TLS__CERTIFICATE", "/x")], "ANSHIN_TLS__KEY"),
    (GOOD, &[("ANSHIN_TLS__MODE", "acme"), ("ANSHIN_TLS__DOMAIN", "a.jp")], "tls.domain"),
    (GOOD, &[("ANSHIN_TLS__MODE", "acme"), ("ANSHIN_TLS__CONTACT", "みどり")], "tls.contact"),
    (GOOD, &[("ANSHIN_TLS__MODE", "acme"), PLAIN_URL], "server.public_url"),
    (GOOD, &[("ANSHIN_TLS__MODE", "acme"), ADDRESS_URL], "server.public_url"),
];

async fn check(text: &str, variables: &[(&str, &str)], tongue: &[(&str, &str)]) -> Said {
    let place = Place::new(text);
    let file = place.file();
    let mut command = anshin(&["config", "check", "--config", file.to_str().unwrap()]);
    command.envs(variables.iter().copied()).envs(tongue.iter().copied());
    run(&mut command).await
}

fn is_japanese(text: &str) -> bool {
    text.contains(['。', 'を', 'は', 'の'])
}

#[tokio::test]
async fn every_fault_is_one_sentence_that_names_the_key_in_the_language_of_the_terminal() {
    for (text, variables, named) in FAULTS {
        for (lang, japanese) in [("ja_JP.UTF-8", true), ("C", false), ("en_GB.UTF-8", false)] {
            let said = check(text, variables, &[("LANG", lang)]).await;
            let sentence = said.assert_failed(2);
            assert!(sentence.contains(named), "{named}: {sentence}");
            assert_eq!(is_japanese(sentence), japanese, "{lang}: {sentence}");
            assert_eq!(said.out, "", "{sentence}");
            assert!(CANARIES.iter().all(|canary| !sentence.contains(canary)), "{sentence}");
        }
    }
}

#[tokio::test]
async fn serve_refuses_a_bad_configuration_in_the_same_words_and_touches_nothing() {
    let place = Place::new(GOOD);
    let file = place.file();
    let data = place.0.path().join("anshin.redb");
    for (command, said) in [("serve", &["serve"][..]), ("check", &["config", "check"][..])] {
        let mut arguments = said.to_vec();
        arguments.extend(["--config", file.to_str().unwrap()]);
        let mut program = anshin(&arguments);
        program.env("ANSHIN_STORE__PATH", &data).env("ANSHIN_TLS__MODE", "on");
        let said = run(&mut program).await;
        assert!(said.assert_failed(2).contains("tls.mode"), "{command}");
        assert!(!data.exists());
    }
}

#[tokio::test]
async fn lc_all_goes_before_lang() {
    let said = check("", &[], &[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")]).await;
    assert!(!is_japanese(said.assert_failed(2)));
    let said = check("", &[], &[("LANG", "C"), ("LC_ALL", "ja_JP.UTF-8")]).await;
    assert!(is_japanese(said.assert_failed(2)));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    for lang in ["ja", "C"] {
        let mut command = anshin(&["config", "check", "--config", "/nowhere/anshin.toml"]);
        let said = run(command.env("LANG", lang)).await;
        assert!(said.assert_failed(2).contains("/nowhere/anshin.toml"));
    }
}

#[tokio::test]
async fn a_good_configuration_is_called_good_and_what_is_unusual_is_told() {
    let said = check(GOOD, &[], &[]).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert_eq!(said.out, "the configuration is in order\n");
    let unusual = [("ANSHIN_CHECK__ALERT_AFTER", "1h"), SERVER, FROM];
    for (lang, last) in [("C", "the configuration is in order"), ("ja", "設定に問題はありません。")]
    {
        let said = check(GOOD, &unusual, &[("LANG", lang)]).await;
        assert_eq!(said.code, Some(0));
        let lines: Vec<&str> = said.out.lines().collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("check.alert_after"));
        assert_eq!(lines[1], last);
        assert!(!said.out.contains("canary"), "{}", said.out);
    }
}
