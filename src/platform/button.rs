//! The actions of a message, counted depth-first: bubbles in order; in a bubble header, hero, body,
//! footer; a component's own action before its contents; template actions; quick replies last.

use serde_json::Value;

/// Something that can be pressed.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionView {
    /// Its place in the count.
    pub index: usize,
    /// What stands on it.
    pub label: String,
    /// `postback`, `message`, `uri`, `datetimepicker` …
    pub kind: String,
    /// The whole action object.
    pub action: Value,
}

/// Every action of a message object.
pub(super) fn actions(message: &Value) -> Vec<ActionView> {
    let mut found = Vec::new();
    walk_container(&message["contents"], &mut found);
    for action in items(&message["template"]["actions"]) {
        found.push(action.clone());
    }
    for column in items(&message["template"]["columns"]) {
        found.extend(items(&column["actions"]).iter().cloned());
    }
    for item in items(&message["quickReply"]["items"]) {
        found.push(item["action"].clone());
    }
    found.into_iter().enumerate().map(|(index, action)| view(index, action)).collect()
}

fn view(index: usize, action: Value) -> ActionView {
    let text = |name: &str| action[name].as_str().unwrap_or_default().to_owned();
    ActionView { index, label: text("label"), kind: text("type"), action }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn walk_container(container: &Value, found: &mut Vec<Value>) {
    if container["type"] == "carousel" {
        items(&container["contents"]).iter().for_each(|bubble| walk_container(bubble, found));
        return;
    }
    for block in ["header", "hero", "body", "footer"] {
        walk(&container[block], found);
    }
}

fn walk(component: &Value, found: &mut Vec<Value>) {
    if component["action"].is_object() {
        found.push(component["action"].clone());
    }
    items(&component["contents"]).iter().for_each(|child| walk(child, found));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn actions_are_counted_depth_first_and_quick_replies_last() {
        let press = |label: &str| json!({"type": "postback", "label": label, "data": "x"});
        let button = |label: &str| json!({"type": "button", "action": press(label)});
        let bubble =
            |body: Value, footer: Value| json!({"type": "bubble", "body": body, "footer": footer});
        let inner = json!({"type": "box", "layout": "vertical", "action": press("b"), "contents": [button("c")]});
        let first = bubble(
            json!({"type": "box", "layout": "vertical", "contents": [button("a"), inner]}),
            json!({"type": "box", "layout": "vertical", "contents": [button("d")]}),
        );
        let second = bubble(
            json!({"type": "box", "layout": "vertical", "contents": [button("e")]}),
            Value::Null,
        );
        let message = json!({
            "type": "flex", "altText": "x",
            "contents": {"type": "carousel", "contents": [first, second]},
            "quickReply": {"items": [{"type": "action", "action": press("f")}]},
        });
        let labels: Vec<String> = actions(&message).into_iter().map(|view| view.label).collect();
        assert_eq!(labels, ["a", "b", "c", "d", "e", "f"]);
    }
}
