//! The menu that is always there under the chat: "I am well" across its upper half, below it "something is wrong",
//! "no questions for a while" and everything else. Made and set as the default for everyone; doing it again changes
//! nothing, and takes up what an earlier try left unfinished.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::call::{Base, Call};
use super::client::{Client, NoAnswer};
use super::postback;
use crate::domain::invitation::Mint;
use crate::domain::press::Press;
use crate::locale::words::menu as words;

/// The picture of the menu; `assets/richmenu/menu.html` says how it is made.
const IMAGE: &[u8] = include_bytes!("../../assets/richmenu/menu.png");

/// Width and height of the picture.
const SIZE: (u32, u32) = (2500, 1686);

/// Menus of ours begin with this; others in the account are left alone.
const NAME_MARK: &str = "anshin-";

/// What became of the menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// It was there already.
    Before,
    /// It was made now.
    Now,
    /// LINE refused a step, with this status; worth another try later.
    Refused(u16),
}

/// A menu of ours at LINE: its id and its name.
type Known = (String, String);

/// Makes sure that everyone sees our menu, and removes all others of ours. Until the new one is shown, the old one
/// stays.
pub async fn ensure(client: &Client, mint: &Mint) -> Result<Made, NoAnswer> {
    let menu = menu(mint);
    let (status, listed) = client.json(&get("/v2/bot/richmenu/list")).await?;
    if status != 200 {
        return Ok(Made::Refused(status));
    }
    let ours = ours(&listed);
    let (status, default) = client.json(&get("/v2/bot/user/all/richmenu")).await?;
    // 404: nothing is shown by default yet.
    if status != 200 && status != 404 {
        return Ok(Made::Refused(status));
    }
    let name = menu["name"].as_str().unwrap_or_default();
    let shown = default["richMenuId"].as_str().unwrap_or_default();
    let mut known = ours.iter().filter(|(_, known)| known == name).map(|(id, _)| id.as_str());
    let (made, id) = match known.clone().find(|id| *id == shown) {
        Some(id) => (Made::Before, id.to_owned()),
        None => match show(client, known.next(), &menu).await? {
            Ok(id) => (Made::Now, id),
            Err(status) => return Ok(Made::Refused(status)),
        },
    };
    for (old, _) in ours.iter().filter(|(old, _)| *old != id) {
        delete(client, old).await?;
    }
    Ok(made)
}

fn ours(listed: &Value) -> Vec<Known> {
    let menus = listed["richmenus"].as_array().into_iter().flatten();
    let named =
        menus.filter_map(|menu| Some((menu["richMenuId"].as_str()?, menu["name"].as_str()?)));
    let ours = named.filter(|(_, name)| name.starts_with(NAME_MARK));
    ours.map(|(id, name)| (id.to_owned(), name.to_owned())).collect()
}

/// Shows the menu to everyone, an unfinished one of an earlier try if there is one; its id, or the status with which
/// LINE refused. What may have worked stays for the next try; what never will is removed, so that tries do not pile
/// up (LINE keeps 1,000 menus).
async fn show(
    client: &Client,
    unfinished: Option<&str>,
    menu: &Value,
) -> Result<Result<String, u16>, NoAnswer> {
    let id = match unfinished {
        Some(id) => id.to_owned(),
        None => match create(client, menu).await? {
            Ok(id) => id,
            Err(status) => return Ok(Err(status)),
        },
    };
    let mut status = upload(client, &id).await?;
    // 400: it may have its picture from an earlier try. If it has not, LINE does not let it be shown.
    if status == 200 || (status == 400 && unfinished.is_some()) {
        let link = call("POST", format!("/v2/bot/user/all/richmenu/{id}"));
        status = client.json(&link).await?.0;
    }
    match status {
        200 => Ok(Ok(id)),
        400 | 413 | 415 => delete(client, &id).await.map(|()| Err(status)),
        _ => Ok(Err(status)),
    }
}

async fn create(client: &Client, menu: &Value) -> Result<Result<String, u16>, NoAnswer> {
    let (status, made) = client.json(&post_json("/v2/bot/richmenu", menu)).await?;
    let id = made["richMenuId"].as_str().filter(|_| status == 200);
    Ok(id.map(str::to_owned).ok_or(status))
}

async fn upload(client: &Client, id: &str) -> Result<u16, NoAnswer> {
    let upload = Call {
        method: "POST",
        base: Base::Data,
        path: format!("/v2/bot/richmenu/{id}/content"),
        headers: vec![("content-type", "image/png".to_owned())],
        body: IMAGE.to_vec(),
    };
    Ok(client.json(&upload).await?.0)
}

/// What LINE does not delete now is found again the next time.
async fn delete(client: &Client, id: &str) -> Result<(), NoAnswer> {
    client.json(&call("DELETE", format!("/v2/bot/richmenu/{id}"))).await.map(|_| ())
}

/// The menu as LINE wants it. Its name changes with what it says, does and looks like.
fn menu(mint: &Mint) -> Value {
    let (width, height) = SIZE;
    let (half, third) = (height / 2, width / 3);
    let below = |x, width, label, press| area([x, half, width, half], label, press, mint);
    let mut menu = json!({
        "size": {"width": width, "height": height},
        "selected": true,
        "chatBarText": words::BAR,
        "areas": [
            area([0, 0, width, half], words::WELL, Press::WellNow, mint),
            below(0, third, words::TROUBLE, Press::Trouble),
            below(third, width - 2 * third, words::PAUSE, Press::Pause),
            below(width - third, third, words::OTHER, Press::Usage),
        ],
    });
    let mut digest = Sha256::new();
    digest.update(menu.to_string());
    digest.update(IMAGE);
    let mark: String = digest.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
    menu["name"] = json!(format!("{NAME_MARK}{mark}"));
    menu
}

/// The label is what a screen reader says; the display text is what the chat shows as said.
fn area([x, y, width, height]: [u32; 4], label: &str, press: Press, mint: &Mint) -> Value {
    json!({
        "bounds": {"x": x, "y": y, "width": width, "height": height},
        "action": {
            "type": "postback",
            "label": label,
            "data": postback::write(press, mint),
            "displayText": label,
        },
    })
}

fn get(path: &str) -> Call {
    call("GET", path.to_owned())
}

fn call(method: &'static str, path: String) -> Call {
    Call { method, base: Base::Api, path, headers: Vec::new(), body: Vec::new() }
}

fn post_json(path: &str, body: &Value) -> Call {
    let headers = vec![("content-type", "application/json".to_owned())];
    Call { headers, body: body.to_string().into_bytes(), ..call("POST", path.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LINE's limit for the picture, in bytes.
    const IMAGE_BYTES_MAX: usize = 1024 * 1024;

    #[test]
    fn the_picture_is_as_large_as_the_menu_says_and_not_too_heavy() {
        let reader = png::Decoder::new(std::io::Cursor::new(IMAGE)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), SIZE);
        assert!(IMAGE.len() <= IMAGE_BYTES_MAX, "{} bytes", IMAGE.len());
    }

    #[test]
    fn the_areas_cover_the_picture_without_a_gap_or_an_overlap() {
        let menu = menu(&Mint::new(&[1; 32]));
        let areas: Vec<[u64; 4]> = menu["areas"].as_array().unwrap().iter().map(bounds).collect();
        let inside = |[x, y, w, h]: [u64; 4], (px, py): (u64, u64)| {
            (x..x + w).contains(&px) && (y..y + h).contains(&py)
        };
        for point in (0..u64::from(SIZE.0)).flat_map(|x| [(x, 0), (x, 842), (x, 843), (x, 1685)]) {
            let hit = areas.iter().filter(|area| inside(**area, point)).count();
            assert_eq!(hit, 1, "{point:?}");
        }
    }

    fn bounds(area: &Value) -> [u64; 4] {
        ["x", "y", "width", "height"].map(|name| area["bounds"][name].as_u64().unwrap())
    }

    #[test]
    fn every_label_fits_what_a_screen_reader_is_given() {
        for label in [words::WELL, words::TROUBLE, words::PAUSE, words::OTHER] {
            assert!(label.chars().count() <= 20, "{label}");
        }
        assert!(words::BAR.chars().count() <= 14);
    }

    #[test]
    fn the_name_changes_with_the_data_of_the_buttons_and_nothing_else_changes_it() {
        let name = |secret: u8| menu(&Mint::new(&[secret; 32]))["name"].clone();
        assert_eq!(name(1), name(1));
        assert_ne!(name(1), name(2));
        assert!(name(1).as_str().unwrap().starts_with(NAME_MARK));
    }
}
