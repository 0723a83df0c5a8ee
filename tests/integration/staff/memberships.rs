//! Until when people are members, as staff set it.

use jiff::civil::date;

use super::*;

#[tokio::test]
async fn a_membership_is_set_by_the_members_number_and_those_that_end_first_stand_at_the_top() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let mut town = Town::new(&house);
    let [yoshiko, umeko] = ["よしこ", "うめこ"].map(|name| town.person(name, None, true));
    let path = "/staff/memberships";
    let page = browser.get(&house, path).await;
    assert!(page.has("みなさん無料会員です"), "{}", page.text);
    for (person, until) in [(yoshiko, "令和9年3月31日"), (umeko, "2026-11-30")] {
        // As it is read out over the telephone, in any width.
        let number = format!("＃{person}");
        let page = browser.post(&house, path, &[("number", &number), ("until", until)]).await;
        assert_eq!(page.status, 303, "{}", page.text);
    }
    let membership = house.person(yoshiko).membership.unwrap();
    assert_eq!(membership.until, date(2027, 3, 31));
    let page = browser.get(&house, "/staff/memberships?saved").await;
    assert!(page.has("決めました") && page.has("7日以内に終わる"), "{}", page.text);
    let places = ["うめこ", "よしこ"].map(|name| page.text.find(name).unwrap());
    assert!(places.is_sorted(), "{}", page.text);
    assert!(house.waiting_for(yoshiko)[0].contains("2027年3月31日（水）までです"));
    browser.post(&house, path, &[("number", &yoshiko.to_string()), ("until", "")]).await;
    assert_eq!(house.person(yoshiko).membership, None, "nothing typed: no end");
}

#[tokio::test]
async fn a_number_that_nobody_has_and_a_day_that_does_not_exist_are_said_at_their_fields() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Worker).await;
    let path = "/staff/memberships";
    browser.get(&house, path).await;
    for number in ["", "999", "よしこ", "99999999999", "-1"] {
        let fields = [("number", number), ("until", "2027-02-30")];
        let page = browser.post(&house, path, &fields).await;
        assert_eq!(page.status, 422, "{number}");
        assert!(
            page.has("この番号の会員はいません") && page.has("この日付はありません"),
            "{}",
            page.text
        );
        assert!(page.has("value=\"2027-02-30\""), "what was typed stays");
    }
}
