//! A house with the whole route table and no sockets: a browser with cookies of its own per person, and a
//! clock that moves when a test says so.

mod town;

pub(crate) use town::Town;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use anshin::cli::serve::{Assembly, assemble};
use anshin::clock::{Anchor, Clock, ScaledClock, Wait};
use anshin::config::{self, Surroundings};
use anshin::domain::event::{Event, TimeLook};
use anshin::domain::fact::Fact;
use anshin::domain::id::PersonId;
use anshin::domain::name::Name;
use anshin::domain::person::Person;
use anshin::domain::staff::{Deed, Scope, Staff, StaffAct, StaffFact, StaffRole, TokenHash};
use anshin::domain::time::Moment;
use anshin::engine::Handle;
use anshin::http::{Request, Response};
use anshin::locale::cli::Tongue;
use anshin::routes::Routes;
use anshin::store::Store;
use totp_rs::{Builder, Secret};

use crate::world::tokyo;

/// Where people reach the pages.
pub(crate) const HTTPS: &str = "https://mimamori.example.jp";

/// The same without HTTPS, as on a machine of one's own.
pub(crate) const HTTP: &str = "http://192.0.2.80:8080";

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The clock of a house: it stands still until a test moves it, and is the world's own all the same.
struct Own(Arc<ScaledClock>);

impl Clock for Own {
    fn now(&self) -> Moment {
        self.0.now()
    }

    fn sleep_until(&self, at: Moment) -> Wait<'_> {
        self.0.sleep_until(at)
    }

    fn look(&self) -> TimeLook {
        TimeLook::Steady
    }

    fn at_start(&self) -> TimeLook {
        TimeLook::Proven
    }

    fn is_real(&self) -> bool {
        true
    }
}

/// The server, as far as pages need it.
pub(crate) struct House {
    pub(crate) routes: Routes,
    pub(crate) engine: Handle,
    pub(crate) store: Store,
    pub(crate) clock: Arc<ScaledClock>,
    pub(crate) public_url: &'static str,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::at(HTTPS)
    }

    pub(crate) fn at(public_url: &'static str) -> Self {
        let now = tokyo("2026-11-23T08:00:00");
        Self::over(Store::in_memory([42; 32]).unwrap(), public_url, now)
    }

    /// A house over a data file that others wrote.
    pub(crate) fn over(store: Store, public_url: &'static str, now: Moment) -> Self {
        Self::configured(store, public_url, now, &[])
    }

    fn configured(
        store: Store,
        public_url: &'static str,
        now: Moment,
        settings: &[(&str, &str)],
    ) -> Self {
        let clock = Arc::new(ScaledClock::new(Anchor::now(now, 0)));
        let config = configuration(public_url, settings);
        let Assembly { routes, engine, store, .. } =
            assemble(&config, Arc::new(Own(clock.clone())), store, Tongue::En).unwrap();
        Self { routes, engine, store, clock, public_url }
    }

    /// A house with settings of its own besides the usual ones.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        let store = Store::in_memory([42; 32]).unwrap();
        Self::configured(store, HTTPS, tokyo("2026-11-23T08:00:00"), settings)
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(crate) fn wait(&self, span: Duration) {
        self.clock.jump_to(self.now() + span);
    }

    pub(crate) fn wait_seconds(&self, seconds: u64) {
        self.wait(Duration::from_secs(seconds));
    }

    /// Has something decided, as the command line does.
    pub(crate) async fn act(&self, deed: Deed) {
        let act = StaffAct { at: self.now(), deed };
        self.engine.decide(vec![Event::Staff(act)]).await.unwrap();
    }

    /// Makes an account and returns the path of its link.
    pub(crate) async fn invite(&self, name: &str, role: StaffRole) -> String {
        let token = token(name);
        let name = Name::of_person(name).unwrap();
        let invitation = TokenHash::of(&token);
        self.act(Deed::Add {
            name,
            role,
            scope: Scope::Everything,
            mail: None,
            invitation,
            by: None,
        })
        .await;
        format!("/staff/welcome/{token}")
    }

    pub(crate) fn staff(&self, name: &str) -> Staff {
        let all = self.store.read().unwrap().all_staff().unwrap();
        all.into_iter().find(|staff| staff.name.as_str() == name).unwrap()
    }

    /// Somebody whose account is set up, and the browser in which they did it.
    pub(crate) async fn member(&self, name: &'static str, role: StaffRole) -> (Browser, Owner) {
        let path = self.invite(name, role).await;
        self.settle(name, &path).await
    }

    /// Sets an account up by its link.
    pub(crate) async fn settle(&self, name: &'static str, path: &str) -> (Browser, Owner) {
        let mut browser = Browser::new(self.public_url);
        browser.get(self, path).await;
        let page = browser.post(self, path, &passwords(PASSWORD)).await;
        let mut owner = Owner { name, secret: secret_on(&page), codes: Vec::new() };
        let number = owner.number(self.now());
        let page = browser.post(self, path, &[("step", "number"), ("number", &number)]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        owner.codes = codes_on(&page);
        assert_eq!(owner.codes.len(), 10);
        (browser, owner)
    }

    /// A fresh browser in which somebody has logged in.
    pub(crate) async fn logged_in(&self, owner: &Owner) -> Browser {
        self.wait_seconds(60);
        let mut browser = Browser::new(self.public_url);
        let page = browser.log_in(self, owner.name, PASSWORD, &owner.number(self.now())).await;
        assert_eq!((page.status, page.header("location")), (303, "/staff"), "{}", page.text);
        browser
    }

    /// What is on its way to somebody, as LINE would get it.
    pub(crate) fn waiting_for(&self, person: PersonId) -> Vec<String> {
        let reading = self.store.read().unwrap();
        let address = reading.person(person).unwrap().unwrap().address;
        let rows =
            reading.rows().unwrap().into_iter().filter(|row| Some(&row.to) == address.as_ref());
        rows.map(|row| String::from_utf8(row.body).unwrap()).collect()
    }

    pub(crate) fn person(&self, person: PersonId) -> Person {
        self.store.read().unwrap().person(person).unwrap().unwrap()
    }

    /// What the journal has.
    pub(crate) fn journal(&self) -> Vec<Fact> {
        let entries = self.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
        entries.into_iter().map(|entry| entry.fact).collect()
    }

    /// What the journal has about staff.
    pub(crate) fn facts(&self) -> Vec<StaffFact> {
        let entries = self.store.read().unwrap().journal_after(0, usize::MAX).unwrap();
        let staff = |fact| match fact {
            Fact::Staff(fact) => Some(fact),
            _ => None,
        };
        entries.into_iter().filter_map(|entry| staff(entry.fact)).collect()
    }

    /// Waits for what is written down later, so that nobody could tell from the time it took.
    pub(crate) async fn failures_of(&self, name: &str, count: u32) {
        let noted = async {
            while self.staff(name).failures.count < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), noted).await.unwrap();
    }
}

fn configuration(public_url: &str, settings: &[(&str, &str)]) -> config::Config {
    let usual = [
        ("ANSHIN_SERVER__LISTEN", "127.0.0.1:8080"),
        ("ANSHIN_SERVER__PUBLIC_URL", public_url),
        ("ANSHIN_LINE__CHANNEL_ID", "2008123456"),
        ("ANSHIN_LINE__CHANNEL_SECRET", "5f0e2c9a1b7d43f6a8e4c0d2b6917f35"),
        ("ANSHIN_LINE__API_BASE", "http://127.0.0.1:9"),
        ("ANSHIN_OFFICE__NAME", "みどり市社協"),
        ("ANSHIN_OFFICE__PHONE", "0120-000-000"),
    ];
    let all = usual.iter().chain(settings);
    let variables = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    config::read(None, &Surroundings { variables, credentials: None }).unwrap()
}

/// A token of the right form that belongs to a name.
pub(crate) fn token(name: &str) -> String {
    let hash = TokenHash::of(name).0;
    let text: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    text[..43].to_owned()
}

pub(crate) fn passwords(password: &str) -> [(&'static str, &str); 2] {
    [("new-password", password), ("repeat", password)]
}

pub(crate) fn secret_on(page: &Page) -> String {
    let text = page.between("<strong class=\"secret\">", "</strong>");
    text.expect("a secret as text").replace(' ', "")
}

pub(crate) fn codes_on(page: &Page) -> Vec<String> {
    let parts = page.text.split("<code>").skip(1);
    parts.map(|part| part.split("</code>").next().unwrap().to_owned()).collect()
}

/// Somebody with a password and an authenticator app.
pub(crate) struct Owner {
    pub(crate) name: &'static str,
    pub(crate) secret: String,
    pub(crate) codes: Vec<String>,
}

impl Owner {
    /// What the app shows at a moment.
    pub(crate) fn number(&self, at: Moment) -> String {
        let secret = Secret::try_from_base32(&self.secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        totp.generate(at.seconds() as u64).to_string()
    }
}

/// A browser: keeps cookies, sends where it comes from, and the word of the last form it saw.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
    /// Every `Set-Cookie` line it got.
    pub(crate) lines: Vec<String>,
    pub(crate) origin: String,
    pub(crate) peer: IpAddr,
    pub(crate) word: String,
    /// The mark of what stood in the last form that has one.
    pub(crate) seen: String,
}

impl Browser {
    pub(crate) fn new(origin: &str) -> Self {
        Self {
            cookies: BTreeMap::new(),
            lines: Vec::new(),
            origin: origin.to_owned(),
            peer: IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)),
            word: String::new(),
            seen: String::new(),
        }
    }

    pub(crate) async fn get(&mut self, house: &House, path: &str) -> Page {
        let request = self.dress(Request::build("GET", path));
        self.take(house, request.empty()).await
    }

    pub(crate) async fn post(
        &mut self,
        house: &House,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let body = self.body(fields);
        let request = self
            .dress(Request::build("POST", path))
            .header("origin", &self.origin.clone())
            .header("content-type", "application/x-www-form-urlencoded");
        self.take(house, request.body(body)).await
    }

    /// Fields with the word of the last form, encoded.
    pub(crate) fn body(&self, fields: &[(&str, &str)]) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("form_token", &self.word).extend_pairs(fields);
        if !fields.iter().any(|(name, _)| *name == "seen") {
            body.append_pair("seen", &self.seen);
        }
        body.finish()
    }

    pub(crate) fn dress(
        &self,
        request: anshin::http::RequestBuilder,
    ) -> anshin::http::RequestBuilder {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.peer(self.peer);
        if pairs.is_empty() { request } else { request.header("cookie", &pairs.join("; ")) }
    }

    pub(crate) async fn take(&mut self, house: &House, request: Request) -> Page {
        let page = Page::of(&house.routes.answer(request).await);
        for line in &page.cookies {
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            self.lines.push(line.clone());
        }
        if let Some(word) = page.between("name=\"form_token\" value=\"", "\"") {
            self.word = word.to_owned();
        }
        if let Some(seen) = page.between("name=\"seen\" value=\"", "\"") {
            self.seen = seen.to_owned();
        }
        page
    }

    pub(crate) async fn log_in(
        &mut self,
        house: &House,
        name: &str,
        password: &str,
        number: &str,
    ) -> Page {
        self.get(house, "/staff/login").await;
        self.try_again(house, name, password, number).await
    }

    pub(crate) async fn try_again(
        &mut self,
        house: &House,
        name: &str,
        password: &str,
        number: &str,
    ) -> Page {
        let fields = [("name", name), ("password", password), ("number", number)];
        self.post(house, "/staff/login", &fields).await
    }

    /// The session's token.
    pub(crate) fn session(&self) -> Option<&String> {
        self.cookies.get("__Host-anshin").or_else(|| self.cookies.get("anshin"))
    }

    pub(crate) async fn is_in(&mut self, house: &House) -> bool {
        // As a page that asks for itself again, which counts as no act.
        let page = self.get(house, "/staff?auto").await;
        assert!(page.status == 200 || page.header("location") == "/staff/login?ended");
        page.status == 200
    }
}

/// A page as it came.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn of(response: &Response) -> Self {
        let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
        let all = response.headers();
        let headers = all.iter().map(|(name, v)| (name.to_string(), text(v.as_bytes())));
        let cookies = all.get_all("set-cookie").iter().map(|v| text(v.as_bytes()));
        Self {
            status: response.status().as_u16(),
            headers: headers.collect(),
            cookies: cookies.collect(),
            text: response.body_text(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn between(&self, start: &str, end: &str) -> Option<&str> {
        self.text.split(start).nth(1)?.split(end).next()
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}
