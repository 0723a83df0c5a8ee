//! Rich menus: made, given an image once, shown by default or to one person.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::act::{PressError, Pressed};
use super::action::in_rich_menu;
use super::api::{Call, Host, Reply};
use super::schema::{Field, Issues, Place, Rule, Unit, need, object};
use super::{Dice, Platform};

const FIELDS: &[Field] = &[
    need("size", Rule::Nested(size)),
    need("selected", Rule::Flag),
    need("name", Rule::Text(Unit::Grapheme, 300)),
    need("chatBarText", Rule::Text(Unit::Grapheme, 14)),
    need("areas", Rule::List(0, 20, area)),
];

/// Largest image, in bytes.
const IMAGE_BYTES_MAX: usize = 1_048_576;

fn area(value: &Value, place: &Place, issues: &mut Issues) {
    const AREA: &[Field] =
        &[need("bounds", Rule::Nested(bounds)), need("action", Rule::Nested(in_rich_menu))];
    object(value, place, &[AREA], issues);
}

fn size(value: &Value, place: &Place, issues: &mut Issues) {
    const SIZE: &[Field] =
        &[need("width", Rule::Whole(800, 2_500)), need("height", Rule::Whole(250, 2_500))];
    object(value, place, &[SIZE], issues);
}

fn bounds(value: &Value, place: &Place, issues: &mut Issues) {
    const PIXELS: Rule = Rule::Whole(0, 2_500);
    const BOUNDS: &[Field] =
        &[need("x", PIXELS), need("y", PIXELS), need("width", PIXELS), need("height", PIXELS)];
    object(value, place, &[BOUNDS], issues);
}

/// A part of a menu that can be pressed.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Left, top, width and height as parts of the whole (0–1).
    pub bounds: [f64; 4],
    /// What is spoken, and shown where there is no image.
    pub label: String,
    /// The action object.
    pub action: Value,
}

/// A rich menu.
#[derive(Clone, Debug)]
pub struct RichMenu {
    /// LINE's name for it; the picture never changes under one id.
    pub id: String,
    /// What can be pressed.
    pub areas: Vec<Area>,
    /// The uploaded image: content type and bytes.
    pub image: Option<(String, Vec<u8>)>,
    source: Value,
}

/// All menus of the account.
#[derive(Debug, Default)]
pub(super) struct RichMenus {
    menus: BTreeMap<String, RichMenu>,
    default: Option<String>,
    linked: BTreeMap<String, String>,
}

impl RichMenus {
    fn create(&mut self, dice: &mut Dice, source: Value) -> String {
        let id = format!("richmenu-{}", dice.hex(32));
        let (width, height) = (side(&source, "width"), side(&source, "height"));
        let part = |value: &Value, whole: f64| value.as_f64().unwrap_or(0.0) / whole;
        let areas = source["areas"].as_array().into_iter().flatten().map(|area| {
            let bounds = &area["bounds"];
            Area {
                bounds: [
                    part(&bounds["x"], width),
                    part(&bounds["y"], height),
                    part(&bounds["width"], width),
                    part(&bounds["height"], height),
                ],
                label: area["action"]["label"].as_str().unwrap_or_default().to_owned(),
                action: area["action"].clone(),
            }
        });
        let menu = RichMenu { id: id.clone(), areas: areas.collect(), image: None, source };
        self.menus.insert(id.clone(), menu);
        id
    }
}

fn side(source: &Value, name: &str) -> f64 {
    source["size"][name].as_f64().filter(|side| *side > 0.0).unwrap_or(1.0)
}

impl Platform {
    /// The menu that a person sees, if any.
    #[must_use]
    pub fn menu(&self, user: &str) -> Option<&RichMenu> {
        let shown = self.phone(user).is_some_and(|phone| phone.friend && !phone.blocked);
        let id = self.menus.linked.get(user).or(self.menus.default.as_ref())?;
        self.menus.menus.get(id).filter(|_| shown)
    }

    /// A menu by its id, whoever sees it.
    #[must_use]
    pub fn menu_with_id(&self, id: &str) -> Option<&RichMenu> {
        self.menus.menus.get(id)
    }

    /// Presses an area of the menu that a person sees.
    pub fn press_menu(
        &mut self,
        now_ms: i64,
        user: &str,
        area_index: usize,
    ) -> Result<Pressed, PressError> {
        let menu = self.menu(user).ok_or(PressError::NoMessage)?;
        let action = menu.areas.get(area_index).ok_or(PressError::NoAction)?.action.clone();
        self.perform(now_ms, user, &action)
    }

    /// Everything under `/v2/bot/richmenu` and `/v2/bot/user/…/richmenu`.
    pub(super) fn rich_menu(&mut self, call: &Call<'_>, host: Host, parts: &[&str]) -> Reply {
        match (host, call.request.method.as_str(), parts) {
            (Host::Api, "POST", ["richmenu"]) => self.create_menu(call),
            (Host::Api, "GET", ["richmenu", "list"]) => self.list_menus(),
            (Host::Api, "GET", ["richmenu", id]) => self.get_menu(id),
            (Host::Api, "DELETE", ["richmenu", id]) => self.delete_menu(id),
            (Host::Data, "POST", ["richmenu", id, "content"]) => self.upload_image(call, id),
            (Host::Api, "GET", ["user", "all", "richmenu"]) => match &self.menus.default {
                Some(id) => Reply::json(200, json!({"richMenuId": id})),
                None => Reply::error(404, "no default richmenu"),
            },
            (Host::Api, "DELETE", ["user", "all", "richmenu"]) => {
                self.menus.default = None;
                Reply::empty(200)
            }
            (Host::Api, "POST", ["user", user, "richmenu", id]) => self.link_menu(user, id),
            (Host::Api, "DELETE", ["user", user, "richmenu"]) => {
                self.menus.linked.remove(*user);
                Reply::empty(200)
            }
            (Host::Api, "GET", ["user", user, "richmenu"]) => match self.menus.linked.get(*user) {
                Some(id) => Reply::json(200, json!({"richMenuId": id})),
                None => Reply::error(404, "the user has no richmenu"),
            },
            _ => Reply::not_found(),
        }
    }

    fn create_menu(&mut self, call: &Call<'_>) -> Reply {
        let Some(body) = call.json() else {
            return Reply::error(
                400,
                "The request body could not be parsed as JSON (line: 1, column: 1)",
            );
        };
        let mut issues = Issues::default();
        object(body, &Place::root(), &[FIELDS], &mut issues);
        if let Some(refusal) = issues.refusal() {
            self.log.violation(format!("a rich menu was refused: {}", refusal.message));
            return Reply::refusal(refusal);
        }
        let (width, height) = (side(body, "width"), side(body, "height"));
        if width / height < 1.45 {
            return Reply::error(400, "The size of the rich menu is invalid");
        }
        let id = self.menus.create(&mut self.dice, body.clone());
        Reply::json(200, json!({"richMenuId": id}))
    }

    fn list_menus(&self) -> Reply {
        let menus: Vec<Value> =
            self.menus.menus.iter().map(|(id, menu)| with_id(id, menu)).collect();
        Reply::json(200, json!({"richmenus": menus}))
    }

    fn get_menu(&self, id: &str) -> Reply {
        match self.menus.menus.get(id) {
            Some(menu) => Reply::json(200, with_id(id, menu)),
            None => Reply::error(404, "richmenu not found"),
        }
    }

    fn delete_menu(&mut self, id: &str) -> Reply {
        if self.menus.menus.remove(id).is_none() {
            return Reply::error(404, "richmenu not found");
        }
        self.menus.linked.retain(|_, linked| linked != id);
        if self.menus.default.as_deref() == Some(id) {
            self.menus.default = None;
        }
        Reply::empty(200)
    }

    fn upload_image(&mut self, call: &Call<'_>, id: &str) -> Reply {
        let kind = call.header("content-type").unwrap_or_default().to_owned();
        let Some(menu) = self.menus.menus.get_mut(id) else {
            return Reply::error(404, "richmenu not found");
        };
        if menu.image.is_some() {
            return Reply::error(400, "An image has already been uploaded to the richmenu");
        }
        if !matches!(kind.as_str(), "image/png" | "image/jpeg") {
            return Reply::error(415, &format!("The content type, {kind}, is not supported"));
        }
        if call.request.body.is_empty() || call.request.body.len() > IMAGE_BYTES_MAX {
            return Reply::error(400, "The size of the image is invalid");
        }
        menu.image = Some((kind, call.request.body.clone()));
        Reply::empty(200)
    }

    fn link_menu(&mut self, user: &str, id: &str) -> Reply {
        let Some(menu) = self.menus.menus.get(id) else {
            return Reply::error(404, "richmenu not found");
        };
        if menu.image.is_none() {
            return Reply::error(400, "must upload richmenu image before applying it to user");
        }
        if user == "all" {
            self.menus.default = Some(id.to_owned());
        } else if self.phone(user).is_some_and(|phone| phone.friend && !phone.blocked) {
            self.menus.linked.insert(user.to_owned(), id.to_owned());
        }
        Reply::empty(200)
    }
}

fn with_id(id: &str, menu: &RichMenu) -> Value {
    let mut source = menu.source.clone();
    source["richMenuId"] = json!(id);
    source
}

#[cfg(test)]
mod tests {
    use super::super::api::tests::{json_of, request};
    use super::*;

    #[test]
    fn a_menu_needs_its_image_before_anyone_sees_it() {
        let mut platform = Platform::default();
        let user = platform.add_user("a");
        platform.add_friend(0, &user);
        let token = platform.settings().long_lived_token.clone();
        let menu = json!({
            "size": {"width": 2500, "height": 843}, "selected": true, "name": "n", "chatBarText": "menu",
            "areas": [{"bounds": {"x": 0, "y": 0, "width": 1250, "height": 843},
                       "action": {"type": "postback", "label": "ok", "data": "d", "displayText": "ok"}}],
        });
        let asked =
            request("POST", "/v2/bot/richmenu", token.as_deref(), menu.to_string().as_bytes());
        let id = json_of(&platform.request(0, &asked)).1["richMenuId"].as_str().unwrap().to_owned();
        let set_default =
            request("POST", &format!("/v2/bot/user/all/richmenu/{id}"), token.as_deref(), b"");
        assert_eq!(platform.request(0, &set_default).status, 400);
        let mut upload =
            request("POST", &format!("/v2/bot/richmenu/{id}/content"), token.as_deref(), b"png");
        upload.host = Host::Data;
        upload.headers[0].1 = "image/png".to_owned();
        assert_eq!(platform.request(0, &upload).status, 200);
        assert_eq!(platform.request(0, &upload).status, 400);
        assert_eq!(platform.request(0, &set_default).status, 200);
        assert_eq!(platform.menu(&user).unwrap().areas[0].bounds, [0.0, 0.0, 0.5, 1.0]);
        assert_eq!(platform.press_menu(1, &user, 0), Ok(Pressed::Posted));
        platform.block(2, &user);
        assert!(platform.menu(&user).is_none());
    }
}
