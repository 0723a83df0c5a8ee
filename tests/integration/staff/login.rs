//! Logging in: what lets somebody in, what does not, and what a stranger learns from the answers.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;

#[tokio::test]
async fn name_password_and_number_together_let_somebody_in() {
    let house = House::new();
    let (_, owner) = house.member("山田 花子", StaffRole::Worker).await;
    house.wait_seconds(60);
    // A name is taken in any width, case and spacing.
    for name in ["山田 花子", "山田花子", " 山田\u{3000}花子 "] {
        let mut browser = Browser::new(HTTPS);
        let page = browser.log_in(&house, name, PASSWORD, &owner.number(house.now())).await;
        assert_eq!((page.status, page.header("location")), (303, "/staff"), "{name}");
        let board = browser.get(&house, "/staff").await;
        assert!(board.status == 200 && board.has("山田 花子"), "{}", board.text);
        house.wait_seconds(60);
    }
}

#[tokio::test]
async fn every_cookie_is_set_with_every_attribute_and_only_over_https_with_the_prefix() {
    for (url, prefix, secure) in [(HTTPS, "__Host-", "; Secure"), (HTTP, "", "")] {
        let house = House::at(url);
        let (browser, owner) = house.member("山田", StaffRole::Worker).await;
        let mut again = house.logged_in(&owner).await;
        again.get(&house, "/staff").await;
        again.post(&house, "/staff/logout", &[]).await;
        let lines: Vec<String> = browser.lines.iter().chain(&again.lines).cloned().collect();
        for name in ["anshin=", "anshin-form=", "anshin-known="] {
            assert!(lines.iter().any(|l| l.starts_with(&format!("{prefix}{name}"))), "{name}");
        }
        for line in &lines {
            assert!(line.starts_with(&format!("{prefix}anshin")), "{line}");
            let always = format!("; Path=/{secure}; HttpOnly; SameSite=Lax");
            assert!(line.contains(&always) && !line.contains("Domain"), "{line}");
            let value = line.split(['=', ';']).nth(1).unwrap();
            assert!(value.len() >= 43 || line.contains("Max-Age=0"), "256 bits: {line}");
        }
    }
}

#[tokio::test]
async fn the_token_changes_with_every_log_in_and_one_brought_along_is_not_taken_over() {
    let house = House::new();
    let (mut browser, owner) = house.member("山田", StaffRole::Worker).await;
    let first = browser.session().unwrap().clone();
    house.wait_seconds(60);
    let page = browser.log_in(&house, "山田", PASSWORD, &owner.number(house.now())).await;
    assert_eq!(page.status, 303);
    let second = browser.session().unwrap().clone();
    assert_ne!(first, second);
    let mut old = Browser::new(HTTPS);
    old.cookies.insert("__Host-anshin".to_owned(), first);
    assert!(!old.is_in(&house).await, "the session before has ended");
    // Somebody plants a token of their own before the log-in.
    let planted = token("planted");
    let mut victim = Browser::new(HTTPS);
    victim.cookies.insert("__Host-anshin".to_owned(), planted.clone());
    house.wait_seconds(60);
    victim.log_in(&house, "山田", PASSWORD, &owner.number(house.now())).await;
    assert_ne!(victim.session(), Some(&planted));
    let mut thief = Browser::new(HTTPS);
    thief.cookies.insert("__Host-anshin".to_owned(), planted);
    assert!(!thief.is_in(&house).await);
}

/// What can be wrong, with the same words for all of it.
async fn refused(house: &House, name: &str, password: &str, number: &str) -> Page {
    let mut browser = Browser::new(HTTPS);
    browser.log_in(house, name, password, number).await
}

/// A page without what differs by chance: the word of the form, and the name that was typed.
fn bare(page: &Page, name: &str) -> String {
    let word = page.between("name=\"form_token\" value=\"", "\"").unwrap();
    page.text.replace(word, "WORD").replace(&format!("value=\"{name}\""), "NAME")
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same_and_tells_nothing() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    house.invite("鈴木", StaffRole::Admin).await;
    house.wait_seconds(60);
    let number = owner.number(house.now());
    let mut seen = Vec::new();
    for (name, password, number) in [
        ("山田", "wrong password of 12", number.as_str()),
        ("山田", PASSWORD, "000000"),
        ("山田", PASSWORD, ""),
        ("佐藤", PASSWORD, number.as_str()),
        // Invited, and not set up yet.
        ("鈴木", PASSWORD, number.as_str()),
    ] {
        let page = refused(&house, name, password, number).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.has("role=\"alert\"") && !page.has(password), "{}", page.text);
        let names: Vec<&String> = page.headers.keys().collect();
        seen.push((bare(&page, name), format!("{names:?}")));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    house.failures_of("山田", 3).await;
}

#[tokio::test]
async fn the_answer_takes_as_long_for_a_name_that_does_not_exist() {
    let mut spent: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for _ in 0..2 {
        let house = House::new();
        house.member("山田", StaffRole::Worker).await;
        for _ in 0..4 {
            for name in ["山田", "佐藤"] {
                let mut browser = Browser::new(HTTPS);
                // Each name from an address of its own, so that neither waits.
                browser.peer = IpAddr::V4(Ipv4Addr::new(203, 0, 113, name.as_bytes()[2]));
                browser.get(&house, "/staff/login").await;
                let begin = anshin::clock::stopwatch_ms();
                let page = browser.try_again(&house, name, "wrong password of 12", "000000").await;
                spent.entry(name).or_default().push(anshin::clock::stopwatch_ms() - begin);
                assert_eq!(page.status, 422);
            }
        }
    }
    let median = |name| {
        let mut all = spent[name].clone();
        all.sort_unstable();
        all[all.len() / 2].max(1)
    };
    // Hashing takes tens of milliseconds, everything else less than one.
    let (known, unknown) = (median("山田"), median("佐藤"));
    assert!(known < unknown * 3 && unknown < known * 3, "{spent:?}");
}

#[tokio::test]
async fn a_number_counts_once_even_for_two_at_the_same_moment() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    house.wait_seconds(60);
    let number = owner.number(house.now());
    let mut browsers = [Browser::new(HTTPS), Browser::new(HTTPS)];
    for browser in &mut browsers {
        browser.get(&house, "/staff/login").await;
    }
    let [one, other] = &mut browsers;
    let pages = tokio::join!(
        one.try_again(&house, "山田", PASSWORD, &number),
        other.try_again(&house, "山田", PASSWORD, &number)
    );
    let mut statuses = [pages.0.status, pages.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    // Neither now nor within the minute in which it would still be fresh.
    house.wait_seconds(20);
    assert_eq!(refused(&house, "山田", PASSWORD, &number).await.status, 422);
    house.wait_seconds(10);
    assert!(
        Browser::new(HTTPS)
            .log_in(&house, "山田", PASSWORD, &owner.number(house.now()))
            .await
            .status
            == 303
    );
}

#[tokio::test]
async fn a_number_is_taken_half_a_minute_early_or_late_and_no_more() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    house.wait_seconds(600);
    for (off, status) in [(-60, 422), (60, 422), (-30, 303), (30, 303)] {
        house.wait_seconds(300);
        let at = Moment::from_seconds(house.now().seconds() + off);
        let page = Browser::new(HTTPS).log_in(&house, "山田", PASSWORD, &owner.number(at)).await;
        assert_eq!(page.status, status, "{off}");
    }
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_number_once() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    let code = owner.codes[3].to_lowercase().replace('-', " ");
    let mut browser = Browser::new(HTTPS);
    assert_eq!(browser.log_in(&house, "山田", PASSWORD, &code).await.status, 303);
    assert!(browser.get(&house, "/staff/me").await.has("9個"));
    assert_eq!(refused(&house, "山田", PASSWORD, &code).await.status, 422);
    assert_eq!(refused(&house, "山田", "wrong password of 12", &owner.codes[4]).await.status, 422);
    assert_eq!(house.staff("山田").recovery.len(), 9, "a code is not lost to a wrong password");
    let id = house.staff("山田").id;
    assert!(house.facts().contains(&StaffFact::RecoveryUsed(id, 9)));
}

#[tokio::test]
async fn after_five_failures_one_waits_and_the_right_password_waits_too() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    house.wait_seconds(60);
    for _ in 0..5 {
        assert_eq!(refused(&house, "山田", "wrong password of 12", "000000").await.status, 422);
    }
    let page = refused(&house, "山田", PASSWORD, &owner.number(house.now())).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "30"));
    assert!(page.has("しばらく"));
    house.wait_seconds(30);
    let page = refused(&house, "山田", PASSWORD, &owner.number(house.now())).await;
    assert_eq!(page.status, 303);
    assert_eq!(house.staff("山田").failures.count, 0);
}

#[tokio::test]
async fn waits_grow_for_names_that_exist_and_for_those_that_do_not() {
    let house = House::new();
    house.member("山田", StaffRole::Worker).await;
    let mut waits = BTreeMap::new();
    for name in ["山田", "佐藤"] {
        let mut seen = Vec::new();
        for n in 0..200_u8 {
            let mut browser = Browser::new(HTTPS);
            // From everywhere: it is the name that waits.
            browser.peer = IpAddr::V4(Ipv4Addr::new(203, 0, 113, n));
            let page = browser.log_in(&house, name, "wrong password of 12", "000000").await;
            if page.status == 429 {
                seen.push(page.header("retry-after").to_owned());
                house.wait_seconds(page.header("retry-after").parse().unwrap());
            }
            if seen.len() == 6 {
                break;
            }
        }
        assert_eq!(seen, ["30", "60", "120", "240", "480", "600"], "{name}");
        waits.insert(name, seen);
    }
    house.failures_of("山田", 10).await;
}

#[tokio::test]
async fn ten_thousand_tries_in_an_hour_are_few_evaluated_ones() {
    let house = House::new();
    let mut evaluated = 0;
    let mut browser = Browser::new(HTTPS);
    browser.get(&house, "/staff/login").await;
    for n in 0..10_000_u32 {
        // A name for every try: it is the address that waits.
        let name = format!("name {n}");
        let page = browser.try_again(&house, &name, "wrong password of 12", "000000").await;
        evaluated += u32::from(page.status == 422);
        house.wait(Duration::from_millis(360));
    }
    assert!((10..=20).contains(&evaluated), "{evaluated}");
}

#[tokio::test]
async fn strangers_cannot_keep_somebody_out_of_a_browser_that_is_known() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    let mut known = house.logged_in(&owner).await;
    known.get(&house, "/staff").await;
    known.post(&house, "/staff/logout", &[]).await;
    house.wait_seconds(60);
    for n in 0..30 {
        let mut stranger = Browser::new(HTTPS);
        stranger.peer = IpAddr::V4(Ipv4Addr::new(203, 0, 113, n % 3));
        stranger.log_in(&house, "山田", "wrong password of 12", "000000").await;
        house.wait_seconds(1);
    }
    let number = owner.number(house.now());
    assert_eq!(refused(&house, "山田", PASSWORD, &number).await.status, 429, "an unknown browser");
    let page = known.log_in(&house, "山田", PASSWORD, &number).await;
    assert_eq!(page.status, 303, "the known one");
    // But it has no more tries than others.
    for n in 0..6 {
        let page = known.log_in(&house, "山田", "wrong password of 12", "000000").await;
        assert_eq!(page.status, if n < 5 { 422 } else { 429 });
    }
    // And it knows that one account only.
    let (_, other) = house.member("鈴木", StaffRole::Worker).await;
    for _ in 0..5 {
        known.log_in(&house, "鈴木", "wrong password of 12", "000000").await;
    }
    let page = known.log_in(&house, "鈴木", PASSWORD, &other.number(house.now())).await;
    assert_eq!(page.status, 429);
}

#[tokio::test]
async fn a_flood_of_strangers_is_sent_away_and_who_is_known_waits_for_a_turn() {
    let house = Arc::new(House::new());
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    let mut known = house.logged_in(&owner).await;
    known.get(&house, "/staff").await;
    known.post(&house, "/staff/logout", &[]).await;
    house.wait_seconds(60);
    let mut strangers = JoinSet::new();
    for n in 0..40 {
        let house = Arc::clone(&house);
        strangers.spawn(async move {
            let mut stranger = Browser::new(HTTPS);
            stranger.peer = IpAddr::V4(Ipv4Addr::new(203, 0, 113, n));
            let name = format!("name {n}");
            stranger.log_in(&house, &name, "wrong password of 12", "000000").await.status
        });
    }
    // All of them have come, and only two can have been judged.
    tokio::task::yield_now().await;
    let page = known.log_in(&house, "山田", PASSWORD, &owner.number(house.now())).await;
    assert_eq!(page.status, 303, "the known one");
    let answers = strangers.join_all().await;
    let judged = answers.iter().filter(|status| **status == 422).count();
    assert!(answers.iter().all(|status| [422, 503].contains(status)), "{answers:?}");
    assert!((32..40).contains(&judged), "{judged} of 40 were judged");
}

#[tokio::test]
async fn waits_survive_a_restart() {
    let house = House::new();
    let (_, owner) = house.member("山田", StaffRole::Worker).await;
    for _ in 0..6 {
        refused(&house, "山田", "wrong password of 12", "000000").await;
    }
    house.failures_of("山田", 5).await;
    let again = House::over(house.store.clone(), HTTPS, house.now());
    let page = refused(&again, "山田", PASSWORD, &owner.number(again.now())).await;
    assert_eq!(page.status, 429);
}

#[tokio::test]
async fn odd_input_is_refused_like_any_other() {
    let house = House::new();
    house.member("山田", StaffRole::Worker).await;
    let long = "あ".repeat(1000);
    for (name, password, number) in [
        ("", "", ""),
        (long.as_str(), "x", "1"),
        ("山田", "\u{0}\u{202E}", "\u{0}"),
        ("\" onfocus=\"x", "<script>alert(1)</script>", "{{7*7}}"),
        ("<script>alert(1)</script>", "'; DROP TABLE staff; --", "%00"),
    ] {
        let page = refused(&house, name, password, number).await;
        assert!(page.status == 422, "{name}: {}", page.status);
        assert!(!page.has("<script") && !page.has("value=\"\" onfocus"), "{}", page.text);
    }
}
