//! Requests with which an account is set up and looked at, and what their answers mean. Pure, as [`super::call`].

use serde_json::{Value, json};

use super::call::{Base, Call};

fn call(method: &'static str, path: &str, body: Vec<u8>) -> Call {
    let typed = || ("content-type", "application/json".to_owned());
    let headers = if body.is_empty() { Vec::new() } else { vec![typed()] };
    Call { method, base: Base::Api, path: path.to_owned(), headers, body }
}

/// Where webhooks are sent.
const ENDPOINT: &str = "/v2/bot/channel/webhook/endpoint";

/// Asks where LINE sends webhooks.
#[must_use]
pub fn endpoint() -> Call {
    call("GET", ENDPOINT, Vec::new())
}

/// The address, empty where there is none, and whether it is used; `None` if the answer does not say.
#[must_use]
pub fn endpoint_outcome(status: u16, body: &Value) -> Option<(String, bool)> {
    match status {
        200 => {
            let endpoint = body.get("endpoint")?.as_str()?.to_owned();
            Some((endpoint, body.get("active")?.as_bool()?))
        }
        404 => Some((String::new(), false)),
        _ => None,
    }
}

/// Tells LINE where to send webhooks.
#[must_use]
pub fn set_endpoint(endpoint: &str) -> Call {
    call("PUT", ENDPOINT, json!({ "endpoint": endpoint }).to_string().into_bytes())
}

/// What LINE's test of our receiver says, with its reason where it could not reach us; `None` if it did not look.
#[must_use]
pub fn test_outcome(status: u16, body: &Value) -> Option<Result<(), String>> {
    let success = body.get("success")?.as_bool().filter(|_| status == 200)?;
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let number = body.get("statusCode").and_then(Value::as_u64).unwrap_or_default();
    Some(if success {
        Ok(())
    } else {
        Err(format!("{} {number}", text("reason")).trim().to_owned())
    })
}

/// Asks for the menu that everyone sees.
#[must_use]
pub fn default_menu() -> Call {
    call("GET", "/v2/bot/user/all/richmenu", Vec::new())
}

/// Whether there is one.
#[must_use]
pub fn menu_outcome(status: u16) -> Option<bool> {
    match status {
        200 => Some(true),
        404 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_webhooks_go_is_read_or_not_known() {
        let known = json!({"endpoint": "https://mimamori.example.jp/line/webhook", "active": true});
        let address = "https://mimamori.example.jp/line/webhook".to_owned();
        assert_eq!(endpoint_outcome(200, &known), Some((address, true)));
        assert_eq!(endpoint_outcome(404, &json!({})), Some((String::new(), false)));
        assert_eq!(endpoint_outcome(500, &known), None);
        assert_eq!(endpoint_outcome(200, &json!({"endpoint": 7})), None);
    }

    #[test]
    fn a_failed_test_tells_lines_reason() {
        let failed = json!({"success": false, "statusCode": 0, "reason": "COULD_NOT_CONNECT"});
        assert_eq!(test_outcome(200, &failed), Some(Err("COULD_NOT_CONNECT 0".to_owned())));
        assert_eq!(test_outcome(200, &json!({"success": true})), Some(Ok(())));
        assert_eq!(test_outcome(429, &json!({"message": "too often"})), None);
    }

    #[test]
    fn a_menu_is_there_is_not_there_or_is_not_known() {
        assert_eq!([200, 404, 500].map(menu_outcome), [Some(true), Some(false), None]);
    }
}
