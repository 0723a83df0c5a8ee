//! The validated configuration. Every key stands in one table; a typo, a wrong type or a missing
//! value is one clear error that names the key.
//!
//! Precedence: environment (`ANSHIN_LINE__CHANNEL_SECRET`) over systemd credentials
//! (`$CREDENTIALS_DIRECTORY/line.channel_secret`) over the file over the default.

pub mod backup;
mod fault;
pub mod heartbeat;
mod mail;
mod office;
pub mod smtp;
mod tls;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::mail::MailAddress;
use crate::domain::rules::Rules;
use backup::Backup;
pub use fault::{ConfigError, Expected};
use heartbeat::Heartbeat;
use smtp::{Security, SmtpServer};
pub use tls::Tls;

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// Text that must not appear in any output.
    Secret,
    /// A whole number.
    Number,
    /// A length of time such as `90s`, `60m`, `24h`, `7d`.
    Length,
    /// A list of texts.
    List,
}

/// Every key: name, kind, default (`None`: empty).
pub const KEYS: &[(&str, Kind, Option<&str>)] = &[
    ("server.listen", Kind::Text, Some("127.0.0.1:8080")),
    ("server.public_url", Kind::Text, None),
    ("server.trusted_proxies", Kind::List, None),
    ("tls.mode", Kind::Text, Some("off")),
    ("tls.domain", Kind::Text, None),
    ("tls.contact", Kind::Text, None),
    ("tls.directory_url", Kind::Text, Some(tls::LETS_ENCRYPT)),
    ("tls.directory_ca", Kind::Text, None),
    ("tls.certificate", Kind::Text, None),
    ("tls.key", Kind::Text, None),
    ("store.path", Kind::Text, Some("/var/lib/anshin/anshin.redb")),
    ("store.cache_mib", Kind::Number, Some("32")),
    ("backup.folder", Kind::Text, Some("backup")),
    ("backup.every", Kind::Length, Some("24h")),
    ("backup.keep_days", Kind::Number, Some("7")),
    ("backup.keep_weeks", Kind::Number, Some("4")),
    ("backup.recipients", Kind::List, None),
    ("backup.upload", Kind::List, None),
    ("line.channel_id", Kind::Text, None),
    ("line.channel_secret", Kind::Secret, None),
    ("line.channel_access_token", Kind::Secret, None),
    ("line.previous_channel_secret", Kind::Secret, None),
    ("line.api_base", Kind::Text, Some("https://api.line.me")),
    ("line.data_api_base", Kind::Text, Some("https://api-data.line.me")),
    ("line.extra_ca", Kind::Text, None),
    ("office.name", Kind::Text, None),
    ("office.phone", Kind::Text, None),
    ("office.mail", Kind::List, None),
    ("office.payment_url", Kind::Text, None),
    ("check.resend_after", Kind::Length, Some("24h")),
    ("check.alert_after", Kind::Length, Some("3h")),
    ("check.group_report_after", Kind::Length, Some("23h")),
    ("check.sign_of_life", Kind::Text, Some("any")),
    ("team.family_managers_max", Kind::Number, Some("2")),
    ("ladder.remind_after", Kind::Length, Some("60m")),
    ("ladder.escalate_after", Kind::Length, Some("3h")),
    ("ladder.claim_lapses_after", Kind::Length, Some("3h")),
    ("ladder.settle_after_start", Kind::Length, Some("10m")),
    ("ladder.hold_max", Kind::Length, Some("60m")),
    ("quota.alert_reserve_percent", Kind::Number, Some("10")),
    ("mail.smtp_url", Kind::Secret, None),
    ("mail.from", Kind::Text, None),
    ("mail.extra_ca", Kind::Text, None),
    ("heartbeat.url", Kind::Text, None),
    ("heartbeat.every", Kind::Length, Some("5m")),
    ("training.clock_speed", Kind::Number, Some("1")),
    ("metrics.listen", Kind::Text, None),
];

/// Fastest training clock: a day in a second and a bit.
pub const CLOCK_SPEED_MAX: u32 = 100_000;

/// The configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where we listen.
    pub listen: SocketAddr,
    /// The address of our pages, no slash at the end.
    pub public_url: String,
    /// Who does the work of HTTPS.
    pub tls: Tls,
    /// Proxies whose word about the client is believed.
    pub trusted_proxies: Vec<crate::http::Cidr>,
    /// The data file.
    pub store_path: PathBuf,
    /// Cache of the data file, in bytes.
    pub cache_bytes: usize,
    /// LINE.
    pub line: Line,
    /// Mail, where there is a server for it.
    pub mail: Option<Mail>,
    /// How copies of the data are made, where they are.
    pub backup: Option<Backup>,
    /// Where figures about the machinery are shown, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// Who is called while all is well.
    pub heartbeat: Option<Heartbeat>,
    /// The name of the council or service.
    pub office_name: String,
    /// The number to phone.
    pub office_phone: Option<String>,
    /// The council's own page where a membership is made longer.
    pub payment_url: Option<String>,
    /// The waits.
    pub rules: Rules,
    /// How many times faster than the world time runs.
    pub clock_speed: u32,
}

/// How LINE is reached.
#[derive(Clone)]
pub struct Line {
    /// The channel's id; empty with the secret, where both are entered on the page of the set-up.
    pub channel_id: String,
    /// The channel's secret.
    pub secret: String,
    /// The secret before it, during a rotation.
    pub previous_secret: Option<String>,
    /// A token from the console.
    pub token: Option<String>,
    /// Base of the API.
    pub api_base: String,
    /// Base of the API for content such as images.
    pub data_api_base: String,
    /// Further roots of trust, PEM.
    pub extra_roots: Option<Vec<u8>>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "channel {} at {}", self.channel_id, self.api_base)
    }
}

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The server that takes it.
    pub server: SmtpServer,
    /// The sender.
    pub from: MailAddress,
    /// Further roots of trust for the server, PEM.
    pub extra_roots: Option<Vec<u8>>,
}

/// Where values come from besides the file.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
    /// `$CREDENTIALS_DIRECTORY`.
    pub credentials: Option<PathBuf>,
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} variables, credentials in {:?}", self.variables.len(), self.credentials)
    }
}

impl Surroundings {
    /// Those of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
            .collect();
        let credentials = variables.get("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        Self { variables, credentials }
    }
}

/// Reads and checks the configuration. Without a file, surroundings and defaults have to do.
pub fn read(path: Option<&Path>, around: &Surroundings) -> Result<Config, ConfigError> {
    let file = path.map(read_file).transpose()?.unwrap_or_default();
    let values = collect(&file, around)?;
    build(&Values(values))
}

/// Where the data is, and where our pages are: all that a command needs that sends nothing. It runs
/// without the secrets of the service.
#[derive(Clone, Debug)]
pub struct Premises {
    /// The data file.
    pub store_path: PathBuf,
    /// Cache of the data file, in bytes.
    pub cache_bytes: usize,
    /// The address of our pages, no slash at the end.
    pub public_url: String,
    /// How copies of the data are made, where they are.
    pub backup: Option<Backup>,
    /// The waits.
    pub rules: Rules,
}

/// Reads where things are. What is not needed for that may be missing, but must not be wrong.
pub fn read_premises(path: Option<&Path>, around: &Surroundings) -> Result<Premises, ConfigError> {
    let file = path.map(read_file).transpose()?.unwrap_or_default();
    premises(&Values(collect(&file, around)?))
}

/// The same where data is put back: that is done on a new machine before it has a name. Nothing is sent from there.
pub fn read_place(path: Option<&Path>, around: &Surroundings) -> Result<Premises, ConfigError> {
    let file = path.map(read_file).transpose()?.unwrap_or_default();
    let mut values = Values(collect(&file, around)?);
    values.0.entry("server.public_url").or_insert_with(|| "https://localhost".to_owned());
    premises(&values)
}

fn premises(values: &Values) -> Result<Premises, ConfigError> {
    let store_path = PathBuf::from(values.required("store.path")?);
    Ok(Premises {
        backup: backup::read(values, &store_path)?,
        store_path,
        cache_bytes: usize::try_from(values.number("store.cache_mib", 1, 4096)?).unwrap_or(32)
            << 20,
        public_url: url(values, "server.public_url")?,
        rules: rules(values)?,
    })
}

fn read_file(path: &Path) -> Result<toml::Table, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|fault| ConfigError::Unreadable {
        path: path.to_owned(),
        cause: fault.to_string(),
    })?;
    text.parse().map_err(|fault: toml::de::Error| ConfigError::Syntax {
        path: path.to_owned(),
        line: fault
            .span()
            .map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1),
        cause: fault.message().to_owned(),
    })
}

/// All values as text, lists joined by commas, in order of precedence.
fn collect(
    file: &toml::Table,
    around: &Surroundings,
) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    let mut values = BTreeMap::new();
    for (section, content) in file {
        let Some(table) = content.as_table() else { return Err(unknown(section)) };
        for (name, value) in table {
            let key = format!("{section}.{name}");
            let (known, kind) = find(&key).ok_or_else(|| unknown(&key))?;
            values.insert(known, as_text(known, kind, value)?);
        }
    }
    for (known, ..) in KEYS {
        let Some(folder) = &around.credentials else { continue };
        if let Some(text) = read_credential(&folder.join(known))? {
            values.insert(known, text);
        }
    }
    for (name, value) in &around.variables {
        let Some(rest) = name.strip_prefix("ANSHIN_").filter(|rest| rest.contains("__")) else {
            continue;
        };
        let key = rest.replacen("__", ".", 1).to_lowercase();
        let (known, _) = find(&key).ok_or_else(|| unknown(&key))?;
        values.insert(known, value.clone());
    }
    Ok(values)
}

/// A credential, if there is one of this name. One that cannot be read is a fault: the value that
/// would be used instead may be an old one.
fn read_credential(path: &Path) -> Result<Option<String>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim_end().to_owned())),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(fault) => {
            Err(ConfigError::Unreadable { path: path.to_owned(), cause: fault.to_string() })
        }
    }
}

fn find(key: &str) -> Option<(&'static str, Kind)> {
    KEYS.iter().find(|(name, ..)| *name == key).map(|(name, kind, ..)| (*name, *kind))
}

fn unknown(key: &str) -> ConfigError {
    let nearest = KEYS.iter().map(|(name, ..)| *name).min_by_key(|name| distance(name, key));
    // A key may hold anything; what is shown of it is one short word.
    let key: String = key.chars().take(80).flat_map(char::escape_default).collect();
    ConfigError::Unknown { key, nearest: nearest.unwrap_or("server.listen") }
}

/// Edit distance, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

fn as_text(key: &'static str, kind: Kind, value: &toml::Value) -> Result<String, ConfigError> {
    let expected = match kind {
        Kind::Text | Kind::Secret => Expected::Text,
        Kind::Number => Expected::Number(0, u32::MAX),
        Kind::Length => Expected::Length,
        Kind::List => Expected::List,
    };
    let bad = || ConfigError::Bad { key, expected };
    match (kind, value) {
        (Kind::Number, toml::Value::Integer(number)) => Ok(number.to_string()),
        (Kind::List, toml::Value::Array(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            Ok(texts.ok_or_else(bad)?.join(","))
        }
        (Kind::Text | Kind::Secret | Kind::Length, toml::Value::String(text)) => Ok(text.clone()),
        _ => Err(bad()),
    }
}

struct Values(BTreeMap<&'static str, String>);

impl Values {
    fn text(&self, key: &'static str) -> Option<&str> {
        let default =
            KEYS.iter().find(|(name, ..)| *name == key).and_then(|(_, _, default)| *default);
        self.0.get(key).map(String::as_str).or(default).filter(|text| !text.is_empty())
    }

    fn required(&self, key: &'static str) -> Result<&str, ConfigError> {
        self.text(key).ok_or(ConfigError::Missing { key })
    }

    fn owned(&self, key: &'static str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    fn list(&self, key: &'static str) -> Vec<String> {
        let parts = self.text(key).unwrap_or_default().split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn number(&self, key: &'static str, min: u32, max: u32) -> Result<u32, ConfigError> {
        let bad = ConfigError::Bad { key, expected: Expected::Number(min, max) };
        let number = self.text(key).and_then(|text| text.parse().ok());
        number.filter(|number| (min..=max).contains(number)).ok_or(bad)
    }

    fn length(&self, key: &'static str) -> Result<Duration, ConfigError> {
        let bad = ConfigError::Bad { key, expected: Expected::Length };
        self.text(key).and_then(length).ok_or(bad)
    }
}

/// Reads a length of time: a positive number and one of `s`, `m`, `h`, `d`.
fn length(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    // A century is more than any wait here can mean.
    let total = number.parse::<u64>().ok()?.checked_mul(seconds)?;
    (1..=3_155_760_000).contains(&total).then(|| Duration::from_secs(total))
}

fn build(values: &Values) -> Result<Config, ConfigError> {
    for (key, kind, ..) in KEYS {
        if *kind == Kind::Length {
            values.length(key)?;
        }
    }
    let clock_speed = values.number("training.clock_speed", 1, CLOCK_SPEED_MAX)?;
    let line = line(values)?;
    let real_line =
        [&line.api_base, &line.data_api_base].into_iter().any(|base| base.contains("line.me"));
    if clock_speed > 1 && real_line {
        return Err(ConfigError::TrainingOnLine);
    }
    let mail = mail::server(values)?;
    let stays_here = |mail: &Mail| mail.server.security == Security::ThisMachine;
    if clock_speed > 1 && !mail.as_ref().is_none_or(stays_here) {
        return Err(ConfigError::TrainingOnMail);
    }
    let listen = values.required("server.listen")?.parse();
    let Premises { store_path, cache_bytes, public_url, backup, rules } = premises(values)?;
    let tls = tls::read(values, &public_url)?;
    Ok(Config {
        tls,
        listen: listen.map_err(|_| ConfigError::Bad {
            key: "server.listen",
            expected: Expected::SocketAddress,
        })?,
        public_url,
        trusted_proxies: proxies(values)?,
        store_path,
        cache_bytes,
        line,
        mail,
        backup,
        metrics: metrics(values)?,
        heartbeat: heartbeat::read(values)?,
        office_name: values.owned("office.name").unwrap_or_default(),
        office_phone: values.owned("office.phone"),
        payment_url: office::payment_url(values)?,
        rules,
        clock_speed,
    })
}

fn line(values: &Values) -> Result<Line, ConfigError> {
    let pair = ["line.channel_id", "line.channel_secret"];
    // Neither: they are entered on the page of the set-up. One without the other is a mistake.
    let [channel_id, secret] = match pair.map(|key| values.owned(key)) {
        [None, None] => [String::new(), String::new()],
        [Some(id), Some(secret)] => [id, secret],
        [None, Some(_)] => return Err(ConfigError::Missing { key: pair[0] }),
        [Some(_), None] => return Err(ConfigError::Missing { key: pair[1] }),
    };
    Ok(Line {
        channel_id,
        secret,
        previous_secret: values.owned("line.previous_channel_secret"),
        token: values.owned("line.channel_access_token"),
        api_base: url(values, "line.api_base")?,
        data_api_base: data_api_base(values)?,
        extra_roots: roots(values, "line.extra_ca")?,
    })
}

fn roots(values: &Values, key: &'static str) -> Result<Option<Vec<u8>>, ConfigError> {
    let bad = |_| ConfigError::Bad { key, expected: Expected::CertificateFile };
    values.text(key).map(|path| std::fs::read(path).map_err(bad)).transpose()
}

/// Where pictures go. A stand-in for LINE that names no other place takes them itself: nothing of
/// ours may reach the real LINE then.
fn data_api_base(values: &Values) -> Result<String, ConfigError> {
    let own = values.0.contains_key("line.data_api_base");
    let api_base = url(values, "line.api_base")?;
    if own || api_base.contains("line.me") {
        url(values, "line.data_api_base")
    } else {
        Ok(api_base)
    }
}

fn rules(values: &Values) -> Result<Rules, ConfigError> {
    let sign = values.required("check.sign_of_life")?;
    let any_sign_counts = match sign {
        "any" => true,
        "button" => false,
        _ => {
            let expected = Expected::OneOf("\"any\", \"button\"");
            return Err(ConfigError::Bad { key: "check.sign_of_life", expected });
        }
    };
    let percent = values.number("quota.alert_reserve_percent", 0, 90)?;
    let family_managers = values.number("team.family_managers_max", 1, 10)?;
    Ok(Rules {
        resend_after: values.length("check.resend_after")?,
        alert_after: values.length("check.alert_after")?,
        group_report_after: values.length("check.group_report_after")?,
        any_sign_counts,
        remind_after: values.length("ladder.remind_after")?,
        escalate_after: values.length("ladder.escalate_after")?,
        claim_lapses_after: values.length("ladder.claim_lapses_after")?,
        settle_after_start: values.length("ladder.settle_after_start")?,
        hold_max: values.length("ladder.hold_max")?,
        alert_reserve_percent: u8::try_from(percent).unwrap_or(90),
        family_managers_max: usize::try_from(family_managers).unwrap_or(1),
        letters: values.text("mail.smtp_url").is_some(),
        office_mail: mail::office(values)?,
    })
}

fn metrics(values: &Values) -> Result<Option<SocketAddr>, ConfigError> {
    let bad = |_| ConfigError::Bad { key: "metrics.listen", expected: Expected::SocketAddress };
    values.text("metrics.listen").map(|text| text.parse().map_err(bad)).transpose()
}

fn proxies(values: &Values) -> Result<Vec<crate::http::Cidr>, ConfigError> {
    let bad = ConfigError::Bad { key: "server.trusted_proxies", expected: Expected::Network };
    let texts = values.list("server.trusted_proxies");
    texts.iter().map(|text| text.parse().map_err(|_| bad.clone())).collect()
}

/// `http://host[:port]` or `https://host[:port]`; a slash at the end is taken off.
fn url(values: &Values, key: &'static str) -> Result<String, ConfigError> {
    let text = values.required(key)?.trim_end_matches('/').to_ascii_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let valid = |host: &str| {
        let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
        let name = name.map_or(host, |(name, _)| name);
        let is_address = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        !name.is_empty() && (is_address || name.chars().all(plain))
    };
    match host.filter(|host| valid(host)) {
        Some(_) => Ok(text),
        None => Err(ConfigError::Bad { key, expected: Expected::Url }),
    }
}
