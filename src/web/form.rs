//! Reads what a form sent, within limits. Names and values stay as they were typed: what they mean
//! is the page's to say.

use crate::http::{BodyError, Request, Response, StatusCode};

/// Fields of one form, hidden ones included.
const FIELDS_MAX: usize = 200;

/// The fields of a form, in their order.
#[derive(Default)]
pub struct Form(Vec<(String, String)>);

/// Why a form was not read. [`FormFault::response`] gives the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormFault {
    /// 415: it is no form.
    NoForm,
    /// 400: it has more fields than any of ours.
    TooManyFields,
    /// The body is too large, too slow or broken.
    Body(BodyError),
}

impl FormFault {
    /// The answer, as plain text: no browser of a person sends this.
    #[must_use]
    pub fn response(self) -> Response {
        match self {
            Self::NoForm => {
                Response::text(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a form is expected here\n")
            }
            Self::TooManyFields => Response::text(StatusCode::BAD_REQUEST, "too many fields\n"),
            Self::Body(fault) => fault.response(),
        }
    }
}

impl Form {
    /// Reads the form of a request, of at most `bytes_max` bytes.
    pub async fn read(request: &mut Request, bytes_max: usize) -> Result<Self, FormFault> {
        let kind = request.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormFault::NoForm);
        }
        let body = request.body(bytes_max).await.map_err(FormFault::Body)?;
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(&body).take(FIELDS_MAX + 1).map(owned).collect();
        if fields.len() > FIELDS_MAX { Err(FormFault::TooManyFields) } else { Ok(Self(fields)) }
    }

    /// The value of a field, the first if there are several; empty if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of a field, as of ticked boxes.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Form {
    /// How many fields, and nothing of what was typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Form({} fields)", self.0.len())
    }
}

fn owned<'a>(
    (name, value): (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>),
) -> (String, String) {
    (name.into_owned(), value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    async fn read(kind: &str, body: &str, bytes_max: usize) -> Result<Form, FormFault> {
        let mut request =
            Request::build("POST", "/x").header("content-type", kind).body(body.to_owned());
        Form::read(&mut request, bytes_max).await
    }

    #[tokio::test]
    async fn fields_are_decoded_and_may_come_more_than_once() {
        let body = "a=%E5%B1%B1+%2B&b=1&b=2&c&a=second";
        for kind in [FORM, "application/x-www-form-urlencoded; charset=UTF-8"] {
            let form = read(kind, body, 1000).await.unwrap();
            assert_eq!((form.text("a"), form.text("c"), form.text("none")), ("山 +", "", ""));
            assert_eq!(form.all("b").collect::<Vec<_>>(), ["1", "2"]);
            assert_eq!(format!("{form:?}"), "Form(5 fields)");
        }
    }

    #[tokio::test]
    async fn what_is_no_form_or_too_much_is_refused() {
        for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json", ""] {
            assert_eq!(read(kind, "a=1", 1000).await.unwrap_err(), FormFault::NoForm);
        }
        let large = read(FORM, "a=12345", 6).await.unwrap_err();
        assert_eq!(large, FormFault::Body(BodyError::TooLarge));
        let fields = |count: usize| vec!["a=1"; count].join("&");
        assert!(read(FORM, &fields(FIELDS_MAX), 10_000).await.is_ok());
        let many = read(FORM, &fields(FIELDS_MAX + 1), 10_000).await.unwrap_err();
        assert_eq!(many, FormFault::TooManyFields);
    }
}
