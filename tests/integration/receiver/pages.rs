//! The pages that anybody can open.

use anshin::locale::{Voice, percent};
use anshin::web::asset;

use super::*;

/// The day after the codes have expired.
fn eight_days_on() -> Moment {
    start() + Duration::from_secs(8 * 24 * 3600)
}

fn decode_png(file: &[u8]) -> String {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    image.detect_grids()[0].decode().unwrap().1
}

#[tokio::test]
async fn an_invitation_opens_by_its_code_in_any_case_with_or_without_hyphen() {
    let live = Live::new().await;
    live.known().await;
    for (code, role) in live.invitations().into_iter().zip(["見守られる方", "見守る方", "役割"])
    {
        let plain = code.plain();
        let link = format!(
            "https://line.me/R/oaMessage/{}/?{}",
            percent("@123abcde"),
            percent(&format!("招待コード {code}"))
        );
        for written in [plain.clone(), plain.to_lowercase(), code.to_string()] {
            let page = live.get(&format!("/i/{written}")).await;
            assert_eq!(page.status, 200, "{written}");
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            let text = page.text();
            for part in [code.to_string().as_str(), role, PHONE, &link, "&lt;田中&gt;家", "noindex"]
            {
                assert!(text.contains(part), "{part} is missing: {text}");
            }
            assert!(!text.contains("<田中>"), "{text}");
        }
    }
}

#[tokio::test]
async fn the_qr_codes_open_the_chat_with_the_code_typed() {
    let live = Live::new().await;
    live.known().await;
    for code in live.invitations() {
        let voice = Voice { basic_id: Some("@123abcde".to_owned()), ..Voice::default() };
        let link = voice.chat_link(&format!("招待コード {code}")).unwrap();
        assert!(link.starts_with("https://line.me/R/oaMessage/%40123abcde/?"), "{link}");
        let png = live.get(&format!("/i/{}/qr.png", code.plain())).await;
        assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
        assert_eq!(decode_png(&png.body), link);
        let svg = live.get(&format!("/i/{code}/qr.svg")).await;
        assert_eq!((svg.status, svg.header("content-type")), (200, "image/svg+xml"));
        assert!(svg.text().contains("<svg") && !svg.text().contains("<script"));
    }
}

#[tokio::test]
async fn until_line_has_told_who_we_are_the_qr_code_leads_to_the_page() {
    let live = Live::alone().await;
    let [code, ..] = live.invitations();
    let page = live.get(&format!("/i/{code}")).await;
    let here = format!("https://mimamori.example.jp/i/{}", code.plain());
    assert!(page.status == 200 && page.text().contains(&here), "{}", page.text());
    let png = live.get(&format!("/i/{code}/qr.png")).await;
    assert_eq!(decode_png(&png.body), here);
}

#[tokio::test]
async fn a_code_that_does_not_work_is_404_and_tells_whom_to_phone() {
    let live = Live::new().await;
    let [leaflet, manager, either] = live.invitations();
    let writing = live.store.write().unwrap();
    let used = Invitation { used_by: Some(PersonId(1)), ..invitation(manager, CodeKind::Manager) };
    writing.tables().put_invitation(&used).unwrap();
    writing.commit().unwrap();
    let dead = |code: String| [format!("/i/{code}"), format!("/i/{code}/qr.png")];
    let mut gone: Vec<String> =
        ["AAAAAAAA", "x", "K7M4-2QX", "%F0%9F", "..%2f"].map(|code| format!("/i/{code}")).to_vec();
    gone.extend(dead(manager.plain()));
    for path in gone {
        assert_phone(&live.get(&path).await, &path);
    }
    live.clock.jump_to(eight_days_on());
    for path in dead(either.plain()) {
        assert_phone(&live.get(&path).await, &path);
    }
    assert_eq!(live.get(&format!("/i/{leaflet}")).await.status, 200, "a leaflet does not expire");
}

fn assert_phone(page: &Answer, path: &str) {
    assert_eq!(page.status, 404, "{path}");
    assert!(page.text().contains("tel:0120000000") && page.text().contains(PHONE), "{path}");
    assert!(!page.text().contains("田中"), "{path}");
}

#[tokio::test]
async fn after_ten_wrong_codes_an_hour_every_code_is_429_for_that_address() {
    let live = Live::new().await;
    let [leaflet, ..] = live.invitations();
    let good = format!("/i/{leaflet}");
    for n in 0..10 {
        let path =
            ["/i/AAAAAAAA", "/i/nonsense", "/i/AAAAAAAA/qr.png", "/i/AAAAAAAA/qr.svg"][n % 4];
        assert_eq!(live.get(path).await.status, 404, "guess {n}");
        assert!(n == 9 || live.get(&good).await.status == 200);
    }
    for path in ["/i/AAAAAAAB", &good, &format!("{good}/qr.png"), &format!("{good}/qr.svg")] {
        let later = live.get(path).await;
        assert_eq!(later.status, 429, "{path}");
        assert!(later.text().contains(PHONE), "{path}");
    }
    // Whom we do not know as a proxy cannot speak for another address.
    let host = live.address;
    let forged = format!(
        "GET {good} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-For: 192.0.2.7\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(live.exchange(forged.as_bytes()).await.status, 429);
    assert_eq!(live.get("/p/terms").await.status, 200);
    live.clock.jump_to(start() + Duration::from_secs(3700));
    assert_eq!(live.get(&good).await.status, 200);
}

#[tokio::test]
async fn the_terms_and_the_privacy_text_name_the_office_and_its_phone() {
    let live = Live::new().await;
    for (path, title) in [("/p/terms", "利用規約"), ("/p/privacy", "個人情報")] {
        let page = live.get(path).await;
        assert_eq!(page.status, 200);
        let text = page.text();
        for part in [title, "みどり市社協", PHONE, "<html lang=\"ja\">"] {
            assert!(text.contains(part), "{path}: {part}");
        }
        assert!(!text.contains("{org}") && !text.contains("{phone}"), "{path}");
    }
}

#[tokio::test]
async fn the_style_sheet_is_served_under_the_hash_of_its_content_for_ever() {
    let live = Live::new().await;
    let path = asset::STYLE.path();
    assert!(live.get("/p/terms").await.text().contains(path));
    let hash = path.rsplit_once('-').unwrap().1.strip_suffix(".css").unwrap();
    assert!(hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{path}");
    let style = live.get(path).await;
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
    assert!(style.header("cache-control").contains("max-age=31536000"));
    for path in ["/assets/anshin.css", "/assets/anshin-000000000000.css", "/assets/..%2fCargo.toml"]
    {
        let none = live.get(path).await;
        assert_eq!((none.status, none.header("cache-control")), (404, "no-store"), "{path}");
    }
}

#[tokio::test]
async fn the_manuals_and_the_page_about_accessibility_name_the_office_and_stand_at_the_foot() {
    let live = Live::new().await;
    for (path, words) in [
        ("/p/guide/watched", "見守られる方の手引き"),
        ("/p/guide/watching", "見守る方の手引き"),
        ("/p/accessibility", "アクセシビリティについて"),
    ] {
        let answer = live.get(path).await;
        let html = String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!(answer.status, 200, "{path}");
        assert!(html.contains(words) && html.contains("0120-000-000"), "{path}: {html}");
        assert!(!html.contains("{org}") && !html.contains("{phone}"), "{path}");
        for link in
            ["/p/guide/watched", "/p/guide/watching", "/p/terms", "/p/privacy", "/p/accessibility"]
        {
            assert!(html.contains(&format!("href=\"{link}\"")), "{path}: {link}");
        }
    }
}
