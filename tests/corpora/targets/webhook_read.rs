//! A webhook body behind a valid signature, as far as it is only read: whatever stands in it, each event is either
//! taken within its limits or counted as ignored, in the order in which things happened.

use std::sync::LazyLock;

use anshin::domain::event::{Event, GroupAct};
use anshin::domain::invitation::Mint;
use anshin::line::signature::Secrets;
use anshin::line::wire;
use anshin::platform::sign;
use serde_json::Value;

const SECRET: &str = "5f0e2c9a1b7d43f6a8e4c0d2b6917f35";

/// The seeds carry buttons that this one sealed.
static MINT: LazyLock<Mint> = LazyLock::new(|| Mint::new(&[42; 32]));

static SECRETS: LazyLock<Secrets> = LazyLock::new(|| Secrets::new([SECRET]));

pub(crate) fn run(body: &[u8]) {
    let signature = sign(SECRET, body);
    assert!(SECRETS.verify(body, &signature));
    // Nobody but LINE can write the header: not even with a body of their own choice.
    if let Ok(text) = std::str::from_utf8(body) {
        assert!(!SECRETS.verify(body, text));
    }
    let Ok(received) = wire::read(body, &MINT) else { return };
    let events = received.events.as_slice();
    let times: Vec<_> = events.iter().filter_map(Event::identity).collect();
    assert_eq!(times.len(), events.len(), "an event that could be taken twice");
    assert!(times.is_sorted_by_key(|(at, _)| *at));
    assert!(times.iter().all(|(_, id)| (1..=64).contains(&id.len())));
    for event in events {
        if let Event::Group(group) = event
            && let GroupAct::Came(people) | GroupAct::Went(people) = &group.act
        {
            assert!(people.len() <= 500);
        }
    }
    // Where the whole body is sound JSON, nothing is lost, and another spelling says the same.
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        let sent = value["events"].as_array().map_or(0, Vec::len);
        assert_eq!(events.len() + received.ignored, sent);
        assert_eq!(wire::read(value.to_string().as_bytes(), &MINT), Ok(received));
    }
}
