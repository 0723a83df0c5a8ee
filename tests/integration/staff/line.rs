//! The page about the month's messages: whether they will do, what is kept for alerts, and what stops first.

use anshin::domain::quota::Quota;

use super::*;

const PATH: &str = "/staff/line";

fn told(house: &House, limit: Option<u32>, used: u32, forecast: u32) {
    let mut service = house.store.read().unwrap().service().unwrap();
    // What LINE told only grows within a month.
    service.quota = Quota::default();
    service.quota.tell(limit, used, house.now());
    service.quota.forecast = forecast;
    service.quota.alerts = 30;
    Town::new(house).write(|tables| tables.put_service(&service).unwrap());
}

#[tokio::test]
async fn the_month_is_told_with_what_is_used_needed_and_kept_and_what_to_do() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    assert!(browser.get(&house, PATH).await.has("まだLINEから知らされていません"));
    told(&house, Some(5000), 1200, 1700);
    let page = browser.get(&house, PATH).await;
    for words in [
        "月末まで足りる見込み",
        "<strong>1200</strong>",
        "<strong>3800</strong>",
        "<strong>1700</strong>",
        "<strong>500</strong>",
        "上限は5000通",
    ] {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    told(&house, Some(200), 100, 150);
    let page = browser.get(&house, PATH).await;
    assert!(page.has("約80通足りません") && page.has("プランを上げる"), "{}", page.text);
    told(&house, Some(200), 180, 150);
    assert!(browser.get(&house, PATH).await.has("「げんきですか？」を止めています"));
    told(&house, None, 9000, 150);
    let page = browser.get(&house, PATH).await;
    assert!(
        page.has("上限がありません") && !page.has("知らせのために残す分</dt>"),
        "{}",
        page.text
    );
}
