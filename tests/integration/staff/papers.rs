//! What is printed besides the sheets of a team. `tests/browser/papers.test.mjs` looks at each on paper.

use super::*;

#[tokio::test]
async fn every_sheet_has_the_name_and_the_number_of_the_office_and_nobodys_else() {
    let house = House::new();
    let (mut browser, _) = house.member("山田", StaffRole::Viewer).await;
    let list = browser.get(&house, "/staff/papers").await;
    for id in ["card", "number", "poster", "staff", "server"] {
        let path = format!("/staff/papers/{id}");
        assert!(list.has(&format!("href=\"{path}\"")), "{id}");
        let sheet = browser.get(&house, &path).await;
        assert_eq!(sheet.status, 200, "{id}");
        assert!(sheet.has("sheet-of-paper") && sheet.has("印刷"), "{id}");
    }
    assert_eq!(browser.get(&house, "/staff/papers/nothing").await.status, 404);
}
