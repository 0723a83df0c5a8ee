//! The page of the set-up: what is so, what to do, and what a human confirms once.

use anshin::demo::standin::{StandIn, free_port};
use anshin::domain::fact::Fact;
use anshin::domain::service::{BackupFault, Fate};
use anshin::domain::staff::Scope;
use anshin::platform::{Host, Platform, Settings};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

const PATH: &str = "/staff/setup";

#[tokio::test]
async fn each_point_is_looked_at_and_what_only_a_human_can_see_is_confirmed_once() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    assert!(browser.get(&house, PATH).await.has("まだ確かめていません"));
    let looked = browser.post(&house, PATH, &[("act", "look")]).await;
    assert_eq!(looked.status, 303);
    let page = browser.get(&house, PATH).await;
    for words in [
        "LINEにつながりません",
        "Webhookの再送",
        "自動で確かめます",
        "サーバーの設定ファイルで決まっています",
        "直すことが",
    ] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    assert!(!page.has("name=\"channel-secret\""), "keys of the configuration are not entered here");
    let buttons = |page: &Page| page.text.matches("value=\"confirm-").count();
    assert_eq!(buttons(&page), 3);
    let page = browser.post(&house, PATH, &[("act", "confirm-1")]).await;
    assert!(page.has("記録しました"), "{}", page.text);
    assert_eq!(buttons(&browser.get(&house, PATH).await), 2);
    assert!(browser.get(&house, "/staff/log").await.has("準備と点検で、1つ確かめた"));
    // The board says how much is to be done, to whoever can do it.
    assert!(browser.get(&house, "/staff").await.has("準備と点検で、直すことが"));
    let (mut viewer, _) = house.member("佐藤", StaffRole::Viewer).await;
    assert!(!viewer.get(&house, "/staff").await.has("準備と点検"));
}

#[tokio::test]
async fn what_only_the_server_can_change_stands_apart_with_file_and_key_and_once_how() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    assert!(!browser.get(&house, PATH).await.has("設定の変えかた"), "nothing was found yet");
    browser.post(&house, PATH, &[("act", "look")]).await;
    let page = browser.get(&house, PATH).await;
    let mail = page.between("メール <span", "</li>").unwrap();
    let (staff, server) = mail.split_once("サーバーの担当の人に頼むこと").unwrap();
    assert!(staff.contains("だれにも知らせられません") && !staff.contains("smtp_url"), "{mail}");
    assert!(server.contains("[mail]") && server.contains("mail.smtp_url"), "{mail}");
    assert!(server.contains("href=\"#change\""), "{mail}");
    assert_eq!(page.text.matches("id=\"change\"").count(), 1);
    for words in ["/etc/anshin/anshin.toml", "anshin config check", "systemctl restart anshin"] {
        assert_eq!(page.text.matches(words).count(), 1, "{words}");
    }
    // LINE's own switches are for staff.
    let redelivery = page.between("Webhookの再送 <span", "</li>").unwrap();
    assert!(!redelivery.contains("サーバーの担当の人に頼むこと"), "{redelivery}");
}

#[tokio::test]
async fn what_is_no_button_of_the_page_changes_nothing() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    browser.get(&house, PATH).await;
    for act in ["", "confirm-0", "confirm-8", "confirm-1 ", "erase"] {
        assert_eq!(browser.post(&house, PATH, &[("act", act)]).await.status, 400, "{act}");
    }
    let keys = [("act", "connect"), ("channel-id", "2008123456")];
    let secret = "f".repeat(32);
    for act in ["try", "connect"] {
        let typed = [("act", act), keys[1], ("channel-secret", &secret)];
        let refused = browser.post(&house, PATH, &typed).await;
        assert!(refused.status == 422 && !refused.has(&secret), "{}", refused.text);
    }
    assert_eq!(house.store.read().unwrap().service().unwrap().confirmed, 0);
    assert_eq!(house.store.read().unwrap().channel().unwrap(), None);
}

/// Makes a key pair of age in a folder; the public key.
fn key(folder: &std::path::Path) -> String {
    let mut command = std::process::Command::new("age-keygen");
    let made = command.arg("-o").arg(folder.join("key")).output().unwrap();
    let said = String::from_utf8(made.stderr).unwrap();
    said.trim().strip_prefix("Public key: ").unwrap().to_owned()
}

#[tokio::test]
async fn a_copy_that_stays_here_or_fails_is_told_as_such_on_the_page_and_to_the_office() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("copies").to_str().unwrap().to_owned();
    let backup = ("ANSHIN_BACKUP__FOLDER", place.as_str());
    let key = key(folder.path());
    let settings = [
        backup,
        ("ANSHIN_BACKUP__RECIPIENTS", key.as_str()),
        ("ANSHIN_BACKUP__UPLOAD", "/bin/false"),
    ];
    for (settings, words, fault, made) in [
        (&settings[..], "外に送れませんでした", Some(BackupFault::Upload), true),
        (&settings[..1], "読めることを確かめました", None, true),
        (
            &[("ANSHIN_BACKUP__FOLDER", "/dev/null")],
            "控えを書けませんでした",
            Some(BackupFault::Disk),
            false,
        ),
        (&[("ANSHIN_BACKUP__FOLDER", "")], "控えを作らない設定です", None, false),
    ] {
        let house = House::with(settings);
        let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
        browser.get(&house, PATH).await;
        let page = browser.post(&house, PATH, &[("act", "copy")]).await;
        assert!(page.has(words), "{words}: {}", page.text);
        let all_well = made && fault.is_none();
        assert_eq!(page.status, if all_well { 200 } else { 422 });
        let journal = house.journal();
        assert_eq!(
            journal.iter().any(|fact| matches!(fact, Fact::BackedUp(_))),
            made,
            "{journal:?}"
        );
        let told = journal.iter().find_map(|fact| match fact {
            Fact::NotBackedUp(why) => Some(*why),
            _ => None,
        });
        assert_eq!(told, fault);
    }
}

const OTHER: (&str, &str) = ("2009876543", "0123456789abcdef0123456789abcdef");

/// An office without a channel yet, and LINE with two accounts, of which the stand-in is one at a time.
async fn unconnected() -> (House, StandIn) {
    let house = House::new();
    let standin = StandIn::new(Platform::default(), house.clock.clone()).unwrap();
    let (listener, address) = free_port().await.unwrap();
    standin.serve(Host::Api, listener);
    let base = format!("http://{address}");
    let settings = [
        ("ANSHIN_LINE__CHANNEL_ID", ""),
        ("ANSHIN_LINE__CHANNEL_SECRET", ""),
        ("ANSHIN_OFFICE__NAME", ""),
        ("ANSHIN_LINE__API_BASE", base.as_str()),
    ];
    (House::with(&settings), standin)
}

/// LINE is from now on the account of another channel.
fn other_account(standin: &StandIn) {
    *standin.platform() = Platform::new(Settings {
        channel_id: OTHER.0.to_owned(),
        channel_secret: OTHER.1.to_owned(),
        basic_id: "@987zyxwv".to_owned(),
        bot_name: "みどり市見守り".to_owned(),
        ..Settings::default()
    });
}

fn typed<'a>(id: &'a str, secret: &'a str) -> [(&'static str, &'a str); 3] {
    [("act", "try"), ("channel-id", id), ("channel-secret", secret)]
}

#[tokio::test]
async fn the_secret_waits_in_the_session_that_typed_it_and_never_comes_back_to_a_browser() {
    let (house, standin) = unconnected().await;
    let settings = standin.platform().settings().clone();
    let (id, secret) = (settings.channel_id.as_str(), settings.channel_secret.as_str());
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    let (mut colleague, _) = house.member("佐藤", StaffRole::Admin).await;
    browser.get(&house, PATH).await;
    let page = browser.post(&house, PATH, &typed(id, secret)).await;
    assert!(page.has("このアカウントでよいですか") && page.has("@123abcde"), "{}", page.text);
    assert!(!page.has(secret), "{}", page.text);
    let yes = |account: &'static str| [("act", "connect"), ("account", account)];
    // Nobody else's session, no account that was not shown, and not much later.
    colleague.get(&house, PATH).await;
    let page = colleague.post(&house, PATH, &yes("@123abcde")).await;
    assert!(page.status == 422 && page.has("もう一度入れて"), "{}", page.text);
    let page = browser.post(&house, PATH, &yes("@987zyxwv")).await;
    assert!(page.status == 422 && page.has("もう一度入れて"), "{}", page.text);
    house.wait_seconds(15 * 60);
    let page = browser.post(&house, PATH, &yes("@123abcde")).await;
    assert!(page.status == 422 && page.has("もう一度入れて"), "{}", page.text);
    assert_eq!(house.store.read().unwrap().channel().unwrap(), None);
    browser.post(&house, PATH, &typed(id, secret)).await;
    let page = browser.post(&house, PATH, &yes("@123abcde")).await;
    assert!(page.status == 200 && page.has("LINEにつなぎました"), "{}", page.text);
    assert!(!page.has(secret));
    let kept = house.store.read().unwrap().channel().unwrap().unwrap();
    assert_eq!((kept.id.as_str(), kept.secret.as_str()), (id, secret));
    let page = browser.post(&house, PATH, &yes("@123abcde")).await;
    assert_eq!(page.status, 422, "what was taken is not kept");
}

#[tokio::test]
async fn another_channel_speaks_under_its_own_name_at_once() {
    let (house, standin) = unconnected().await;
    let settings = standin.platform().settings().clone();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    browser.get(&house, PATH).await;
    let mut connect = async |id: &str, secret: &str, account: &str| {
        browser.post(&house, PATH, &typed(id, secret)).await;
        let yes = [("act", "connect"), ("account", account)];
        let page = browser.post(&house, PATH, &yes).await;
        assert!(page.has("LINEにつなぎました"), "{}", page.text);
        let told = async {
            while house
                .store
                .read()
                .unwrap()
                .account()
                .unwrap()
                .is_none_or(|a| a.basic_id != account)
            {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), told).await.expect("it is looked at once");
    };
    connect(&settings.channel_id, &settings.channel_secret, "@123abcde").await;
    other_account(&standin);
    connect(OTHER.0, OTHER.1, "@987zyxwv").await;
    let page = browser.get(&house, "/staff").await;
    assert!(page.has("みどり市見守り"), "{}", page.text);
}

/// A mail server that answers each line of every talk like this, beginning with its greeting.
async fn mail_server(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (mut stream, mut line) = (BufReader::new(stream), String::new());
            for answer in answers {
                // The client may have hung up.
                let _ = stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await;
                let whole = |line: &str| !answer.starts_with("354") || line == ".\r\n";
                line.clear();
                while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) && !whole(&line) {
                    line.clear();
                }
            }
        }
    });
    format!("smtp://anshin:secret@127.0.0.1:{port}")
}

const GREETING: &str = "220 mail";
const HELLO: &str = "250-mail\r\n250 AUTH PLAIN";
const LOGGED_IN: &str = "235 2.7.0 welcome";

/// An office behind this mail server, and its administrator, who has a mailbox or not.
async fn office_with_mail(
    answers: &'static [&'static str],
    mailbox: Option<&str>,
) -> (House, Browser) {
    let url = mail_server(answers).await;
    let mail = [("ANSHIN_MAIL__SMTP_URL", url.as_str()), ("ANSHIN_MAIL__FROM", "a@example.jp")];
    let house = House::with(&mail);
    let token = token("山田");
    house
        .act(Deed::Add {
            name: Name::of_person("山田").unwrap(),
            role: StaffRole::Admin,
            scope: Scope::Everything,
            mail: mailbox.map(str::to_owned),
            invitation: TokenHash::of(&token),
            by: None,
        })
        .await;
    let (mut browser, _) = house.settle("山田", &format!("/staff/welcome/{token}")).await;
    browser.get(&house, PATH).await;
    browser.post(&house, PATH, &[("act", "look")]).await;
    (house, browser)
}

/// Reads the page until it says this.
async fn read_until(browser: &mut Browser, house: &House, words: &str) -> Page {
    let reading = async {
        loop {
            let page = browser.get(house, "/staff/setup?auto").await;
            if page.has(words) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let read = tokio::time::timeout(Duration::from_secs(10), reading).await;
    read.unwrap_or_else(|_| panic!("the page never says {words}"))
}

#[tokio::test]
async fn a_letter_that_is_tried_goes_to_whoever_tries_it_and_the_page_says_what_the_mail_server_said()
 {
    let taken: &[&str] =
        &[GREETING, HELLO, LOGGED_IN, "250 OK", "250 OK", "354 go on", "250 taken"];
    for (answers, words, state) in [
        (taken, "午前8時に、メールサーバーが", "class=\"good\""),
        (
            &[GREETING, HELLO, LOGGED_IN, "250 OK", "550 5.1.1 unknown"],
            "あなたのメールアドレスを知らない",
            "class=\"bad\"",
        ),
        (&[GREETING, HELLO, LOGGED_IN, "550 5.7.1 not you"], "[mail] の from を", "class=\"bad\""),
        (
            &[GREETING, HELLO, "535 5.7.8 wrong"],
            "名前かパスワードを受け付けません",
            "class=\"bad\"",
        ),
        (&["554 5.7.1 go away"], "このサーバーを断っています", "class=\"bad\""),
        (&["421 4.3.2 closing"], "返事がないか、こんでいます", "class=\"bad\""),
    ] {
        let (house, mut browser) = office_with_mail(answers, Some("yamada@example.jp")).await;
        let page = browser.post(&house, PATH, &[("act", "mail")]).await;
        assert!(page.status == 200 && page.has("ためしのメールを出しました"), "{}", page.text);
        let page = read_until(&mut browser, &house, words).await;
        let mail = page.between("メール <span", "</li>").map(str::to_owned);
        assert!(mail.is_some_and(|mail| mail.contains(words)), "{}", page.text);
        let before = page.text.split("メール <span").next().unwrap();
        assert!(before.rsplit("<li ").next().unwrap().starts_with(state), "{}", page.text);
        let settled = house.store.read().unwrap().service().unwrap().trial.unwrap();
        assert_eq!(page.header("refresh").is_empty(), settled.fate != Fate::Waits);
        // Not more often than once a minute.
        assert_eq!(browser.post(&house, PATH, &[("act", "mail")]).await.status, 429);
        house.wait_seconds(60);
        let page = browser.get(&house, PATH).await;
        assert_eq!(page.header("refresh"), "", "nobody waits for it any more");
        assert_eq!(browser.post(&house, PATH, &[("act", "mail")]).await.status, 200);
    }
}

#[tokio::test]
async fn without_a_mail_server_or_a_mailbox_of_ones_own_no_letter_can_be_tried() {
    let (house, mut browser) = office_with_mail(&[GREETING], None).await;
    let page = browser.get(&house, PATH).await;
    assert!(page.has("メールアドレスがありません") && !page.has("value=\"mail\""), "{}", page.text);
    // No page gives an account an address.
    assert!(page.has("--mail アドレス"), "{}", page.text);
    assert_eq!(browser.post(&house, PATH, &[("act", "mail")]).await.status, 422);
    assert_eq!(house.store.read().unwrap().service().unwrap().trial, None);
    let house = House::new();
    let (mut browser, _) = house.member("佐藤", StaffRole::Admin).await;
    browser.get(&house, PATH).await;
    browser.post(&house, PATH, &[("act", "look")]).await;
    assert!(!browser.get(&house, PATH).await.has("value=\"mail\""));
}
