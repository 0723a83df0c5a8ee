//! Requests to every page, by staff who are logged in, by people who came from their chat, and by nobody. No page
//! breaks, leads away from the site, or shows what was typed as markup, and no rule panics over what a form says.
//!
//! A line is a request: who (`a` an administrator, `w` one who may only look, `y` one who is asked, `k` one who watches, `n`
//! nobody), `G` or `P`, and the path; for `P` then the form's fields, written as in an address. The word of the form and the
//! mark of what was seen are put in, as a browser would. `aP /staff/cases/5 act=take` takes a case.

use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use anshin::clock::{Anchor, Clock, ScaledClock};
use anshin::domain::case::{Case, Trouble};
use anshin::domain::checkup::Done;
use anshin::domain::decision::Outgoing;
use anshin::domain::fact::Fact;
use anshin::domain::id::{Address, CaseId, PersonId, StaffId, TeamId};
use anshin::domain::invitation::{Code, CodeKind, Invitation, Mint};
use anshin::domain::ladder::Rung;
use anshin::domain::name::Name;
use anshin::domain::page::PageSession;
use anshin::domain::person::{Person, Watch};
use anshin::domain::rules::Rules;
use anshin::domain::schedule::{Hour, Interval, Schedule, Zone};
use anshin::domain::staff::{
    FactorSecret, Failures, PasswordHash, Scope, SecondFactor, Session, Staff, StaffRole, TokenHash,
};
use anshin::domain::team::{Member, Policy, Role, Team, TeamKind, TeamName};
use anshin::domain::time::Moment;
use anshin::engine::{self, Engine, Sinks};
use anshin::http::{Request, Response};
use anshin::line::keys::Keys;
use anshin::line::render;
use anshin::line::webhook::Receiver;
use anshin::locale::Voice;
use anshin::routes::{Gauges, Routes};
use anshin::store::{Store, Tables};
use anshin::web::gate::Gate;
use anshin::web::staff::Office;
use anshin::web::{Checkup, Copies, Site};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redb::StorageBackend;
use tokio::runtime::Builder;
use tokio::sync::mpsc;

const SECRET: [u8; 32] = [42; 32];
const ORIGIN: &str = "http://192.0.2.80:8080";
const REQUESTS_MAX: usize = 12;

/// What no password hashes to.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Monday morning, 2026-11-23 in Tokyo.
const NOW_S: i64 = 1_795_388_400;

/// Sunday evening, 2026-11-22 in Tokyo.
const BEFORE_S: i64 = 1_795_341_600;

/// A data file with two accounts, a family, a case and an invitation.
static TOWN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let memory = Memory::default();
    let store = Store::over(memory.clone(), SECRET).expect("a new data file");
    let writing = store.write().expect("a transaction");
    people(&mut writing.tables());
    accounts(&mut writing.tables());
    writing.commit().expect("a commit");
    drop(store);
    let bytes = memory.bytes();
    bytes.clone()
});

pub(crate) fn run(bytes: &[u8]) {
    let Ok(script) = std::str::from_utf8(bytes) else { return };
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let store =
        Store::over(Memory(Arc::new(Mutex::new(TOWN.clone()))), SECRET).expect("a data file");
    runtime.block_on(async {
        let routes = routes(&store);
        for line in script.lines().take(REQUESTS_MAX) {
            ask(&routes, line).await;
        }
    });
    let journal = store.read().expect("a view").journal_after(0, usize::MAX).expect("the journal");
    assert!(journal.iter().all(|entry| entry.fact != Fact::SetAside), "a rule panicked");
}

// --- requests ------------------------------------------------------------------------------------

async fn ask(routes: &Routes, line: &str) {
    let (Some(who), Some(rest)) = (line.chars().next(), line.get(1..)) else { return };
    let Some((method, rest)) = rest.split_once(' ') else { return };
    let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
    if !path.starts_with('/') || !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return;
    }
    let page = routes.answer(dressed(who, "GET", path).empty()).await;
    check(line, &page);
    if method != "P" {
        return;
    }
    let seen = page.body_text();
    let seen = seen.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let word = URL_SAFE_NO_PAD.encode(Mint::new(&SECRET).form(&key(who)));
    let body = format!("form_token={word}&{body}&seen={}", seen.unwrap_or_default());
    let request = dressed(who, "POST", path)
        .header("origin", ORIGIN)
        .header("content-type", "application/x-www-form-urlencoded");
    check(line, &routes.answer(request.body(body)).await);
}

/// The token of somebody's session.
fn key(who: char) -> String {
    who.to_string().repeat(43)
}

fn dressed(who: char, method: &str, path: &str) -> anshin::http::RequestBuilder {
    let request = Request::build(method, path);
    let cookie = match who {
        'a' | 'w' => format!("anshin={}", key(who)),
        'y' => format!("anshin-page=11.{}", key(who)),
        'k' => format!("anshin-page=12.{}", key(who)),
        _ => format!("anshin-form={}", key('n')),
    };
    request.header("cookie", &cookie)
}

fn check(line: &str, page: &Response) {
    let status = page.status().as_u16();
    assert!(status < 500, "{status} after {line:?}");
    if let Some(to) = page.headers().get("location") {
        let to = to.to_str().expect("a place in letters");
        assert!(to.starts_with('/') && !to.starts_with("//"), "{line:?} leads to {to}");
    }
    let kind = page.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("text/html")) {
        // No page of ours has such an element, so it would be somebody's own.
        assert!(!page.body_text().contains("<fuzz"), "{line:?} is shown as markup");
    }
}

// --- the house -----------------------------------------------------------------------------------

fn routes(store: &Store) -> Routes {
    let now = Moment::from_seconds(NOW_S);
    let clock: Arc<dyn Clock> = Arc::new(ScaledClock::new(Anchor::now(now, 0)));
    let voice = Voice {
        org: "みどり市社協".to_owned(),
        phone: Some("0120-000-000".to_owned()),
        public_url: ORIGIN.to_owned(),
        basic_id: Some("@123abcde".to_owned()),
        ..Voice::default()
    };
    let (seal, words) = (Mint::new(&SECRET), voice.clone());
    let render = Box::new(move |outgoing: &Outgoing, _: Moment| match &outgoing.to {
        Address::Line(_) => render::push_body(&outgoing.to, &outgoing.messages, &words, &seal),
        Address::Mail(_) => Vec::new(),
    });
    let engine = Engine::new(store.clone(), Rules::default(), render).expect("a writer");
    // Nobody listens at the other ends: nothing leaves here.
    let sinks = Sinks {
        timers: mpsc::unbounded_channel().0,
        line: mpsc::unbounded_channel().0,
        mail: mpsc::unbounded_channel().0,
        replies: mpsc::unbounded_channel().0,
    };
    let (handle, _) = engine::start(engine, move || now, || 0, sinks);
    let mint = Mint::new(&SECRET);
    let receiver =
        Receiver::new(Keys::new("1", "secret", None, None), mint.clone(), handle.clone());
    let listen = "127.0.0.1:8080".parse().expect("an address");
    let gate = Arc::new(Gate::new(handle.clone(), mint, Arc::clone(&clock), ORIGIN, listen));
    let site = Site {
        store: store.clone(),
        clock,
        voice: Arc::new(RwLock::new(voice)),
        guesses: Arc::default(),
        office: Arc::new(Office::new(Arc::clone(&gate))),
        gate,
        ailments: Arc::new(|| None),
        checkup: Arc::new(Checkup {
            report: Box::new(|| None),
            act: Box::new(|_| Box::pin(async { Done::Unread })),
            configured: false,
        }),
        rules: Arc::new(Rules::default()),
        copies: Arc::new(Copies { days: None, leave: false, store_path: "nowhere".into() }),
    };
    Routes::new(
        receiver,
        site,
        Gauges { timers: anshin::timer::task::Gauge::new(now), outbox: Default::default() },
        handle,
    )
}

fn accounts(tables: &mut Tables<'_>) {
    let now = Moment::from_seconds(NOW_S);
    for (who, id, role) in [('a', 1, StaffRole::Admin), ('w', 2, StaffRole::Viewer)] {
        let staff = Staff {
            id: StaffId(id),
            name: Name::stored(format!("staff {who}")),
            role,
            scope: Scope::Everything,
            mail: None,
            since: now,
            active: true,
            password: Some(PasswordHash(HASH.to_owned())),
            second_factor: Some(SecondFactor { secret: FactorSecret([1; 20]), last_step: 0 }),
            invitation: None,
            recovery: Vec::new(),
            failures: Failures::default(),
        };
        tables.put_staff(&staff).expect("an account");
        let token = TokenHash::of(&key(who));
        let session = Session { token, staff: staff.id, since: now, seen_at: now };
        tables.put_session(&session).expect("a session");
    }
    for (who, id) in [('y', 11), ('k', 12)] {
        let (token, person) = (TokenHash::of(&key(who)), PersonId(id));
        let session = PageSession { token, person, since: now, seen_at: now };
        tables.put_page_session(&session).expect("a session");
    }
}

fn people(tables: &mut Tables<'_>) {
    let since = Moment::from_seconds(BEFORE_S);
    let times = (Interval::DAILY, Hour::DEFAULT);
    let team = TeamId(13);
    for (id, name, is_asked) in [(11, "よしこ", true), (12, "けんじ", false)] {
        let address = Address::new(&format!("U{id:032x}")).expect("an address");
        let mut person = Person::met(PersonId(id), address, since);
        person.name = Some(Name::stored(name.to_owned()));
        if is_asked {
            let schedule = Schedule::starting(times.0, times.1, Zone::default(), since);
            person.watch =
                Some(Watch { case: Some(CaseId(14)), ..Watch::starting(schedule, since) });
        }
        tables.put_person(&person).expect("a person");
        let role = if is_asked { Role::Member } else { Role::Manager };
        let mut place = Member::joining(team, role, PersonId(id), since);
        place.agreed = Policy::Full;
        tables.put_member(&place).expect("a place");
    }
    tables.put_timer(11, Some(Moment::from_seconds(NOW_S + 3600))).expect("a timer");
    let name = TeamName::Given(Name::stored("町会".to_owned()));
    let made = Team::made(team, TeamKind::Organization, name, since, times);
    tables.put_team(&made).expect("a team");
    let pair = (CaseId(14), PersonId(11));
    let mut case = Case::opened(pair, Trouble::NoAnswer, since, since, (Rung::Digest, since));
    case.office_since = Some(since);
    tables.put_case(&case).expect("a case");
    let code = Code::read("K7M42QXY").expect("a code");
    let by = anshin::domain::case::Actor::Person(PersonId(12));
    let invitation = Invitation { code, kind: CodeKind::Leaflet, team, by, since, used_by: None };
    tables.put_invitation(&invitation).expect("an invitation");
    tables.set_next_id(20).expect("a number");
}

/// A data file in memory, begun as a copy.
#[derive(Clone, Default, Debug)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn bytes(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StorageBackend for Memory {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = offset as usize;
        out.copy_from_slice(&self.bytes()[start..start + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.bytes().resize(len as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let start = offset as usize;
        self.bytes()[start..start + data.len()].copy_from_slice(data);
        Ok(())
    }
}
