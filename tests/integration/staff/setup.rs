//! The page of the set-up: what is so, what to do, and what a human confirms once.

use anshin::domain::fact::Fact;
use anshin::domain::service::BackupFault;

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
        "サーバーの設定で決まっています",
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
async fn what_is_no_button_of_the_page_changes_nothing() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Admin).await;
    browser.get(&house, PATH).await;
    for act in ["", "confirm-0", "confirm-8", "confirm-1 ", "erase"] {
        assert_eq!(browser.post(&house, PATH, &[("act", act)]).await.status, 400, "{act}");
    }
    let keys = [("act", "connect"), ("channel-id", "2008123456")];
    let secret = "f".repeat(32);
    let refused =
        browser.post(&house, PATH, &[keys[0], keys[1], ("channel-secret", &secret)]).await;
    assert!(refused.status == 422 && !refused.has(&secret), "{}", refused.text);
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
