//! The menu under the chat, made at LINE's stand-in over real HTTP: what people see of it whatever goes wrong on the
//! way, and that nothing is left lying about.

use std::sync::{Arc, RwLock};

use anshin::clock::SystemClock;
use anshin::demo::standin::{StandIn, free_port};
use anshin::domain::invitation::Mint;
use anshin::line::client::{Channel, Client};
use anshin::line::keys::Keys;
use anshin::line::richmenu::{self, Made};
use anshin::locale::Voice;
use anshin::platform::{ApiRequest, Host, Platform, Trouble};
use serde_json::{Value, json};

/// Requests that making a menu takes at most.
const STEPS: u32 = 8;

/// LINE with one friend, and our client to it.
struct Line {
    standin: StandIn,
    client: Client,
    friend: String,
}

impl Line {
    async fn new() -> Self {
        let standin = StandIn::new(Platform::default(), Arc::new(SystemClock)).unwrap();
        let mut bases = Vec::new();
        for host in [Host::Api, Host::Data] {
            let (listener, address) = free_port().await.unwrap();
            standin.serve(host, listener);
            bases.push(format!("http://{address}"));
        }
        let settings = standin.platform().settings().clone();
        let channel = Channel {
            api_base: bases[0].clone(),
            data_api_base: bases[1].clone(),
            keys: Keys::new(
                &settings.channel_id,
                &settings.channel_secret,
                None,
                settings.long_lived_token.as_deref(),
            ),
            extra_roots: None,
        };
        let voice = Arc::new(RwLock::new(Voice::default()));
        let client = Client::new(channel, Arc::new(SystemClock), mint(1), voice).unwrap();
        let friend = standin.platform().add_user("よしこ");
        standin.platform().add_friend(0, &friend);
        Self { standin, client, friend }
    }

    async fn ensure(&self, secret: u8) -> Option<Made> {
        richmenu::ensure(&self.client, &mint(secret)).await.ok()
    }

    /// The `number`th request of the next try meets trouble.
    fn trouble_at(&self, number: u32, trouble: Trouble) {
        let faults = &mut self.standin.platform().faults;
        faults.next("/v2/bot/", number, Trouble::DelayMs(0));
        faults.next("/v2/bot/", 1, trouble);
    }

    fn line_is_well(&self) {
        self.standin.platform().faults = anshin::platform::Faults::default();
    }

    /// The labels of the menu that the friend sees; a menu without a picture would be a fault of the model.
    fn seen(&self) -> Vec<String> {
        let platform = self.standin.platform();
        let Some(menu) = platform.menu(&self.friend) else { return Vec::new() };
        assert!(menu.image.is_some(), "people see a menu without a picture");
        menu.areas.iter().map(|area| area.label.clone()).collect()
    }

    fn api(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut platform = self.standin.platform();
        let token = platform.settings().long_lived_token.clone().unwrap();
        let headers = vec![
            ("authorization".to_owned(), format!("Bearer {token}")),
            ("content-type".to_owned(), "application/json".to_owned()),
        ];
        let request = ApiRequest {
            host: Host::Api,
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers,
            body: body.to_string().into_bytes(),
        };
        serde_json::from_slice(&platform.request(0, &request).body).unwrap()
    }

    /// The names of all menus that LINE keeps.
    fn kept(&self) -> Vec<String> {
        let listed = self.api("GET", "/v2/bot/richmenu/list", &Value::Null);
        let menus = listed["richmenus"].as_array().unwrap().iter();
        menus.map(|menu| menu["name"].as_str().unwrap().to_owned()).collect()
    }
}

fn mint(secret: u8) -> Mint {
    Mint::new(&[secret; 32])
}

const LABELS: [&str; 4] = ["げんきです", "こまった", "お休み", "ほかのこと"];

#[tokio::test]
async fn everyone_sees_the_menu_and_making_it_again_changes_nothing() {
    let line = Line::new().await;
    assert_eq!(line.ensure(1).await, Some(Made::Now));
    assert_eq!(line.seen(), LABELS);
    let (kept, requests) = (line.kept(), line.standin.platform().requests().len());
    assert_eq!(line.ensure(1).await, Some(Made::Before));
    assert_eq!(line.kept(), kept);
    let platform = line.standin.platform();
    assert!(platform.requests()[requests..].iter().all(|request| request.method == "GET"));
    assert_eq!(platform.violations(), [""; 0]);
}

#[tokio::test]
async fn a_changed_menu_takes_the_place_of_the_old_one() {
    let line = Line::new().await;
    line.ensure(1).await;
    let old = line.kept();
    assert_eq!(line.ensure(2).await, Some(Made::Now));
    assert_eq!(line.seen(), LABELS);
    assert_eq!(line.kept().len(), 1);
    assert_ne!(line.kept(), old);
}

#[tokio::test]
async fn the_menus_of_others_are_left_alone() {
    let line = Line::new().await;
    let theirs = json!({
        "size": {"width": 2500, "height": 843}, "selected": true, "name": "council", "chatBarText": "menu",
        "areas": [],
    });
    line.api("POST", "/v2/bot/richmenu", &theirs);
    line.ensure(1).await;
    line.ensure(2).await;
    let kept = line.kept();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.contains(&"council".to_owned()));
    assert_eq!(line.seen(), LABELS);
}

#[tokio::test]
async fn an_upload_that_failed_shows_no_half_menu_and_is_made_up_for() {
    for trouble in [Trouble::RefuseBefore(500), Trouble::LoseAnswer, Trouble::RateLimited] {
        let line = Line::new().await;
        line.standin.platform().faults.next("/v2/bot/richmenu/richmenu-", 1, trouble);
        assert!(matches!(line.ensure(1).await, Some(Made::Refused(_))), "{trouble:?}");
        assert!(line.seen().is_empty(), "{trouble:?}");
        assert_eq!(line.ensure(1).await, Some(Made::Now), "{trouble:?}");
        assert_eq!((line.seen(), line.kept().len()), (LABELS.map(str::to_owned).to_vec(), 1));
    }
}

/// Whichever step fails, in whatever way: people see the old menu or the new one, never a half one and never none
/// where there was one, and later tries put everything right.
#[tokio::test]
async fn trouble_at_any_step_leaves_people_a_whole_menu_and_the_next_tries_mend_it() {
    let troubles = [
        Trouble::RefuseBefore(500),
        Trouble::FailAfter(500),
        Trouble::LoseAnswer,
        Trouble::RateLimited,
        Trouble::Unauthorized,
    ];
    for (step, trouble) in (0..STEPS).flat_map(|step| troubles.map(|trouble| (step, trouble))) {
        let line = Line::new().await;
        line.ensure(1).await;
        line.trouble_at(step, trouble);
        line.ensure(2).await;
        assert_eq!(line.seen(), LABELS, "after {trouble:?} at step {step}");
        line.line_is_well();
        line.ensure(2).await;
        assert_eq!(line.ensure(2).await, Some(Made::Before), "after {trouble:?} at step {step}");
        assert_eq!(line.seen(), LABELS, "after {trouble:?} at step {step}");
        assert_eq!(line.kept().len(), 1, "after {trouble:?} at step {step}");
    }
}

#[tokio::test]
async fn while_line_refuses_everything_tries_leave_nothing_behind() {
    let line = Line::new().await;
    line.standin.platform().faults.refuse_all_5xx_before = true;
    for _ in 0..3 {
        assert_eq!(line.ensure(1).await, Some(Made::Refused(500)));
    }
    line.line_is_well();
    assert!(line.kept().is_empty());
    assert_eq!(line.ensure(1).await, Some(Made::Now));
    assert_eq!(line.seen(), LABELS);
}
