//! The menu that is always there under the chat: "I am well", invite, how it works. Made and set
//! as the default for everyone; doing it again changes nothing.

use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::call::{Base, Call};
use super::client::{Client, NoAnswer};
use super::postback;
use crate::domain::invitation::Mint;
use crate::domain::press::Press;
use crate::locale::words;

/// The picture of the menu, 2500 × 843.
const IMAGE: &[u8] = include_bytes!("../../assets/richmenu/menu.png");

const SIZE: (u32, u32) = (2500, 843);

/// Menus of ours begin with this; others in the account are left alone.
const NAME_MARK: &str = "anshin-";

/// What became of the menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// It was there already.
    Before,
    /// It was made now.
    Now,
    /// LINE refused a step, with this status.
    Refused(u16),
}

/// Makes sure that everyone sees our menu, and removes older ones of ours.
pub async fn ensure(client: &Arc<Client>, mint: &Mint) -> Result<Made, NoAnswer> {
    let menu = menu(mint);
    let name = menu["name"].as_str().unwrap_or_default().to_owned();
    let (status, listed) = client.json(&get("/v2/bot/richmenu/list")).await?;
    if status != 200 {
        return Ok(Made::Refused(status));
    }
    let ours: Vec<(String, String)> = listed["richmenus"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|menu| Some((menu["richMenuId"].as_str()?, menu["name"].as_str()?)))
        .filter(|(_, name)| name.starts_with(NAME_MARK))
        .map(|(id, name)| (id.to_owned(), name.to_owned()))
        .collect();
    let (_, default) = client.json(&get("/v2/bot/user/all/richmenu")).await?;
    let shown = default["richMenuId"].as_str().unwrap_or_default();
    if ours.iter().any(|(id, known)| *known == name && id == shown) {
        return Ok(Made::Before);
    }
    match make(client, &menu).await? {
        Made::Now => {}
        other => return Ok(other),
    }
    for (id, _) in ours {
        client.json(&call("DELETE", format!("/v2/bot/richmenu/{id}"))).await?;
    }
    Ok(Made::Now)
}

async fn make(client: &Arc<Client>, menu: &Value) -> Result<Made, NoAnswer> {
    let (status, made) = client.json(&post_json("/v2/bot/richmenu", menu)).await?;
    let Some(id) = made["richMenuId"].as_str().filter(|_| status == 200) else {
        return Ok(Made::Refused(status));
    };
    let upload = Call {
        method: "POST",
        base: Base::Data,
        path: format!("/v2/bot/richmenu/{id}/content"),
        headers: vec![("content-type", "image/png".to_owned())],
        body: IMAGE.to_vec(),
    };
    let (status, _) = client.json(&upload).await?;
    if status != 200 {
        return Ok(Made::Refused(status));
    }
    let (status, _) = client.json(&call("POST", format!("/v2/bot/user/all/richmenu/{id}"))).await?;
    Ok(if status == 200 { Made::Now } else { Made::Refused(status) })
}

/// The menu as LINE wants it. Its name changes with what it does and how it looks.
fn menu(mint: &Mint) -> Value {
    let (width, height) = SIZE;
    let half = width / 2;
    let areas = json!([
        area(0, half, words::menu::WELL, Press::WellNow, mint),
        area(half, half / 2, words::menu::INVITE, Press::InviteAny, mint),
        area(half + half / 2, half / 2, words::menu::USAGE, Press::Usage, mint),
    ]);
    let mut digest = Sha256::new();
    digest.update(areas.to_string());
    digest.update(IMAGE);
    let mark: String = digest.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
    json!({
        "size": {"width": width, "height": height},
        "selected": true,
        "name": format!("{NAME_MARK}{mark}"),
        "chatBarText": words::menu::BAR,
        "areas": areas,
    })
}

fn area(x: u32, width: u32, label: &str, press: Press, mint: &Mint) -> Value {
    json!({
        "bounds": {"x": x, "y": 0, "width": width, "height": SIZE.1},
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
