//! The body of a form, behind one line with its kind: plain or in parts, perhaps with a file. What is read is within
//! its limits, and a plain form that is written again says the same.

use anshin::http::Request;
use anshin::web::form::{Form, FormFault};

const BYTES_MAX: usize = 64 * 1024;

pub(crate) fn run(bytes: &[u8]) {
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (kind, body) = bytes.split_at(line);
    let body = body.get(1..).unwrap_or_default();
    let Some(kind) = header(kind) else { return };
    let Ok(form) = read(&kind, body) else { return };
    assert!(body.len() <= BYTES_MAX);
    let count = field_count(&form);
    assert!(count <= 200, "{form:?}");
    assert!(form.file().is_none_or(|file| !file.is_empty() && file.len() <= body.len()));
    if kind.trim().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        plain(body, count);
    }
}

/// What a request can carry as the value of a header.
fn header(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.chars().all(|c| c == '\t' || c == ' ' || c.is_ascii_graphic()).then(|| text.to_owned())
}

fn read(kind: &str, body: &[u8]) -> Result<Form, FormFault> {
    let mut request = Request::build("POST", "/x").header("content-type", kind).body(body.to_vec());
    now(Form::read(&mut request, BYTES_MAX))
}

/// The body is there already, so nothing waits.
fn now<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..100_000 {
        if let std::task::Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
    panic!("a form that is there waits for something");
}

/// `Form(3 fields)`: the values themselves are not shown.
fn field_count(form: &Form) -> usize {
    let shown = format!("{form:?}");
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("the number of fields")
}

/// Writes the fields anew and reads them again.
fn plain(body: &[u8], count: usize) {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    assert_eq!(pairs.len(), count);
    let again = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
    if again.len() > BYTES_MAX {
        return;
    }
    let form = read("application/x-www-form-urlencoded", again.as_bytes()).expect("a form of ours");
    for (name, _) in &pairs {
        let all: Vec<&str> = form.all(name).collect();
        let typed: Vec<&str> =
            pairs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect();
        assert_eq!(all, typed);
        assert_eq!(form.text(name), typed[0]);
    }
}
