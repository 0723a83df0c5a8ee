//! What the command line says: one sentence that names the key, file or id, and what to do. In
//! Japanese where the terminal is Japanese, else in English.

pub mod backup;
pub mod domain;
pub mod life;
pub mod mail;
pub mod staff;
pub mod tls;

/// The language of the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tongue {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Tongue {
    /// From the values of `LC_ALL`, `LC_MESSAGES` and `LANG`; the first that is set counts.
    #[must_use]
    pub fn of(variables: [Option<&str>; 3]) -> Self {
        let first = variables.into_iter().flatten().find(|value| !value.is_empty());
        if first.is_some_and(|value| value.starts_with("ja")) { Self::Ja } else { Self::En }
    }

    /// Of two words, the one in this language.
    pub(super) fn of_two(self, ja: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }

    pub(super) fn pick(self, ja: String, en: String) -> String {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }
}

/// The command line makes no sense.
#[must_use]
pub fn usage(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("コマンドの書き方がちがいます（{cause}）。anshin --help で書き方が出ます。"),
        format!("{cause}; see anshin --help"),
    )
}

/// The configuration cannot be read.
#[must_use]
pub fn config_unreadable(path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定ファイル {path} を読めません（{cause}）。場所と権限を確かめてください。"),
        format!("cannot read the configuration {path}: {cause}; check its place and permissions"),
    )
}

/// The configuration is no TOML.
#[must_use]
pub fn config_syntax(path: &str, line: usize, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定ファイル {path} の {line} 行目がTOMLの書き方に合いません（{cause}）。"),
        format!("{path} line {line} is not valid TOML: {cause}"),
    )
}

/// A setting does not exist.
#[must_use]
pub fn config_unknown(key: &str, nearest: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 {key} はありません。{nearest} ではありませんか。"),
        format!("there is no setting {key}; did you mean {nearest}?"),
    )
}

/// A setting is missing.
#[must_use]
pub fn config_missing(key: &str, variable: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 {key} がありません。設定ファイルか環境変数 {variable} で決めてください。"),
        format!("setting {key} is missing; set it in the configuration file or as {variable}"),
    )
}

/// A setting has a value that makes no sense.
#[must_use]
pub fn config_bad(key: &str, expected: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 {key} の値が使えません。{expected}にしてください。"),
        format!("setting {key} has a value that cannot be used; it must be {expected}"),
    )
}

/// A training clock towards the real LINE.
#[must_use]
pub fn training_on_line(tongue: Tongue) -> String {
    tongue.pick(
        "training.clock_speed が1より大きいときは、本物のLINE（line.me）につなげません。line.api_base を練習用にしてください。".to_owned(),
        "training.clock_speed above 1 is refused with the real LINE (line.me); point line.api_base at a stand-in".to_owned(),
    )
}

/// Expected: text.
#[must_use]
pub fn expected_text(tongue: Tongue) -> String {
    tongue.pick("引用符で囲んだ文字".to_owned(), "text in quotes".to_owned())
}

/// Expected: a whole number within bounds.
#[must_use]
pub fn expected_number(min: u32, max: u32, tongue: Tongue) -> String {
    tongue
        .pick(format!("{min} から {max} までの整数"), format!("a whole number from {min} to {max}"))
}

/// Expected: a length of time.
#[must_use]
pub fn expected_length(tongue: Tongue) -> String {
    tongue.pick(
        "\"90s\" \"60m\" \"24h\" \"7d\" のような長さ".to_owned(),
        "a length such as \"90s\", \"60m\", \"24h\" or \"7d\"".to_owned(),
    )
}

/// Expected: a list.
#[must_use]
pub fn expected_list(tongue: Tongue) -> String {
    tongue.pick(
        "[\"…\", \"…\"] のようなならび".to_owned(),
        "a list such as [\"…\", \"…\"]".to_owned(),
    )
}

/// Expected: a list of no more than so many.
#[must_use]
pub fn expected_at_most(most: usize, tongue: Tongue) -> String {
    tongue.pick(format!("{most}個までのならび"), format!("a list of at most {most}"))
}

/// Expected: an address and a port.
#[must_use]
pub fn expected_socket(tongue: Tongue) -> String {
    tongue.pick(
        "\"127.0.0.1:8080\" のようなアドレスとポート（名前は使えません）".to_owned(),
        "an address and port such as \"127.0.0.1:8080\" (no name)".to_owned(),
    )
}

/// Expected: the beginning of a URL.
#[must_use]
pub fn expected_url(tongue: Tongue) -> String {
    tongue.pick(
        "\"https://mimamori.example.jp\" のような、後ろに何もつかないURL".to_owned(),
        "a URL such as \"https://mimamori.example.jp\" with nothing behind the host".to_owned(),
    )
}

/// Expected: an address that can be called.
#[must_use]
pub fn expected_page(tongue: Tongue) -> String {
    tongue.pick(
        "\"https://heartbeat.example.jp/anshin\" のようなURL".to_owned(),
        "a URL such as \"https://heartbeat.example.jp/anshin\"".to_owned(),
    )
}

/// Expected: an address of a page, over HTTPS.
#[must_use]
pub fn expected_secure_page(tongue: Tongue) -> String {
    tongue.pick(
        "\"https://pay.example.jp/mimamori\" のような、httpsのURL".to_owned(),
        "an https URL such as \"https://pay.example.jp/mimamori\"".to_owned(),
    )
}

/// Expected: networks.
#[must_use]
pub fn expected_network(tongue: Tongue) -> String {
    tongue.pick(
        "\"10.0.0.0/8\" のようなネットワークのならび".to_owned(),
        "a list of networks such as \"10.0.0.0/8\"".to_owned(),
    )
}

/// Expected: one of some words.
#[must_use]
pub fn expected_one_of(words: &str, tongue: Tongue) -> String {
    tongue.pick(format!("{words} のどれか"), format!("one of {words}"))
}

/// Expected: a file of certificates.
#[must_use]
pub fn expected_certificate(tongue: Tongue) -> String {
    tongue.pick(
        "読める証明書ファイル（PEM）の場所".to_owned(),
        "the path of a readable certificate file (PEM)".to_owned(),
    )
}

/// Expected: the host of our address.
#[must_use]
pub fn expected_public_host(tongue: Tongue) -> String {
    tongue
        .pick("server.public_url と同じ名前".to_owned(), "the name in server.public_url".to_owned())
}

/// Expected: an address with a name that an authority can check.
#[must_use]
pub fn expected_domain(tongue: Tongue) -> String {
    tongue.pick(
        "\"https://mimamori.example.jp\" のような、インターネットで引ける名前のURL".to_owned(),
        "a URL with a name that the whole Internet knows, such as \"https://mimamori.example.jp\""
            .to_owned(),
    )
}

/// The data file cannot be opened.
#[must_use]
pub fn store_unopenable(path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("データファイル {path} を開けません（{cause}）。フォルダーがあるか、書けるかを確かめてください。"),
        format!("cannot open the data file {path}: {cause}; check that its folder exists and can be written"),
    )
}

/// What the system refused, and why; a reason that is seldom stays in its own words.
#[must_use]
pub fn system(fault: &std::io::Error, tongue: Tongue) -> String {
    use std::io::ErrorKind;
    let ja = match fault.kind() {
        ErrorKind::NotFound => "ありません",
        ErrorKind::PermissionDenied => "権限がありません",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "ディスクがいっぱいです",
        ErrorKind::ReadOnlyFilesystem => "書けないディスクです",
        ErrorKind::AlreadyExists => "もうあります",
        ErrorKind::NotADirectory => "フォルダーではありません",
        ErrorKind::IsADirectory => "フォルダーです",
        ErrorKind::TimedOut => "時間がかかりすぎました",
        _ => return fault.to_string(),
    };
    tongue.pick(ja.to_owned(), fault.to_string())
}

/// A fault of ours, which we cannot name better.
#[must_use]
pub fn bug(tongue: Tongue) -> String {
    tongue.of_two("プログラムのまちがいです", "a fault of the program").to_owned()
}

/// The service is about to end, or has too much to do.
#[must_use]
pub fn not_taken(tongue: Tongue) -> String {
    tongue.pick(
        "サービスが止まりかけています。journalctl -u anshin で、わけを見てください。".to_owned(),
        "the service is about to end; journalctl -u anshin says why".to_owned(),
    )
}

/// The server that runs is of another version than this command, and one does not understand the other.
#[must_use]
pub fn other_version(server: Option<&str>, command: &str, tongue: Tongue) -> String {
    let (ja, en) = match server {
        Some(version) => (format!("版 {version}"), format!("version {version}")),
        None => ("もっと古い版".to_owned(), "an older version".to_owned()),
    };
    tongue.pick(
        format!("動いているサービスは{ja}で、このコマンドは版 {command} です。systemctl restart anshin で始め直してから、もう一度してください。"),
        format!("the service that runs is {en} and this command is version {command}; restart the service (systemctl restart anshin) and try again"),
    )
}

/// Another process has the data file.
#[must_use]
pub fn store_in_use(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!(
            "データファイル {path} は、ほかのanshinが使っています。先にそちらを止めてください。"
        ),
        format!("the data file {path} is in use by another anshin; stop that one first"),
    )
}

/// The file is no data file.
#[must_use]
pub fn store_no_database(path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} はanshinのデータファイルとして読めません（{cause}）。何も変えていません。バックアップから戻してください。"),
        format!("{path} cannot be read as a data file of anshin ({cause}); nothing was changed; restore it from a backup"),
    )
}

/// A newer program wrote the file.
#[must_use]
pub fn store_newer(path: &str, found: u32, known: u32, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} は、新しい版のanshinのデータです（形式{found}、この版は{known}まで）。新しい版で動かしてください。"),
        format!("{path} was written by a newer anshin (schema {found}, this one knows {known}); run the newer version"),
    )
}

/// A record cannot be read.
#[must_use]
pub fn store_damaged(table: &str, what: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("データの表 {table} に読めない記録があります（{what}）。バックアップから戻してください。"),
        format!("table {table} holds a record that cannot be read ({what}); restore the data from a backup"),
    )
}

/// Nothing can be written.
#[must_use]
pub fn store_unwritable(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("データを書けません（{cause}）。ディスクの空きを確かめてください。"),
        format!("the data cannot be written ({cause}); check the free space of the disk"),
    )
}

/// The address cannot be listened on.
#[must_use]
pub fn no_listen(address: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{address} で待ち受けできません（{cause}）。ほかのプログラムが使っていないか確かめてください。"),
        format!("cannot listen on {address}: {cause}; check that nothing else uses it"),
    )
}

/// A port below 1024 is not for everyone.
#[must_use]
pub fn no_right_to_listen(address: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{address} で待ち受ける権利がありません。同じアドレスを anshin.socket の ListenStream に書き、systemctl enable --now anshin.socket anshin で始めてください。"),
        format!("there is no right to listen on {address}; write the same address as ListenStream of anshin.socket, and start both: systemctl enable --now anshin.socket anshin"),
    )
}

/// The connection to LINE cannot be prepared.
#[must_use]
pub fn no_client(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("LINEへの接続を用意できません（{cause}）。line.extra_ca を確かめてください。"),
        format!("cannot prepare the connection to LINE: {cause}; check line.extra_ca"),
    )
}

/// We have gone by a wrong time.
#[must_use]
pub fn wrong_time(tongue: Tongue) -> String {
    tongue.pick(
        "時刻がLINEの時刻と2分以上ちがっていました。正しい時刻で始めなおすために止まります（systemdが起動しなおします）。サーバーの時計を確かめてください。".to_owned(),
        "the time was more than two minutes off LINE's; ended, to be started again (systemd does so) with the right one; check the server's clock".to_owned(),
    )
}

/// No random bytes.
#[must_use]
pub fn no_random(tongue: Tongue) -> String {
    tongue.pick(
        "システムから乱数を得られません。".to_owned(),
        "the system gives no random bytes".to_owned(),
    )
}

/// The configuration is in order.
#[must_use]
pub fn config_good(tongue: Tongue) -> String {
    tongue.pick("設定に問題はありません。".to_owned(), "the configuration is in order".to_owned())
}

/// A wait that differs from the product's promise.
#[must_use]
pub fn unusual(key: &str, standard: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("設定 {key} が標準（{standard}）とちがいます。利用者への説明と合わせてください。"),
        format!(
            "setting {key} differs from the standard ({standard}); tell the people who rely on it"
        ),
    )
}
