//! Reads what a form sent, within limits, a file among it. Names and values stay as they were typed: what
//! they mean is the page's to say.

use hyper::body::Bytes;

use crate::http::{BodyError, Request, Response, StatusCode};

/// Fields of one form, hidden ones included.
const FIELDS_MAX: usize = 200;

/// The fields of a form, in their order, and the file that somebody chose.
#[derive(Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    file: Option<Bytes>,
}

/// Why a form was not read. [`FormFault::response`] gives the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormFault {
    /// 415: it is no form.
    NoForm,
    /// 400: it has more fields than any of ours.
    TooManyFields,
    /// 400: its parts are not what they should be.
    Malformed,
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
            Self::Malformed => Response::text(StatusCode::BAD_REQUEST, "a malformed form\n"),
            Self::Body(fault) => fault.response(),
        }
    }
}

impl Form {
    /// Reads the form of a request, of at most `bytes_max` bytes.
    pub async fn read(request: &mut Request, bytes_max: usize) -> Result<Self, FormFault> {
        let whole = request.header("content-type").unwrap_or_default().to_owned();
        let kind = whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => {
                let body = request.body(bytes_max).await.map_err(FormFault::Body)?;
                let fields: Vec<(String, String)> =
                    form_urlencoded::parse(&body).take(FIELDS_MAX + 1).map(owned).collect();
                if fields.len() > FIELDS_MAX {
                    return Err(FormFault::TooManyFields);
                }
                Ok(Self { fields, file: None })
            }
            "multipart/form-data" => {
                let boundary = multer::parse_boundary(&whole).map_err(|_| FormFault::NoForm)?;
                let body = request.body(bytes_max).await.map_err(FormFault::Body)?;
                Self::of_parts(&body, boundary).await
            }
            _ => Err(FormFault::NoForm),
        }
    }

    /// Reads the parts of a form that can have a file.
    async fn of_parts(body: &[u8], boundary: String) -> Result<Self, FormFault> {
        let mut parts = multer::Multipart::with_reader(body, boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| FormFault::Malformed)? {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|_| FormFault::Malformed)?;
            if is_file {
                form.file = Some(bytes).filter(|bytes| !bytes.is_empty()).or(form.file);
            } else {
                form.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
            if form.fields.len() > FIELDS_MAX {
                return Err(FormFault::TooManyFields);
            }
        }
        Ok(form)
    }

    /// The file that somebody chose, if they did.
    #[must_use]
    pub fn file(&self) -> Option<&[u8]> {
        self.file.as_deref()
    }

    /// The value of a field, the first if there are several; empty if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of a field, as of ticked boxes.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Form {
    /// How many fields, and nothing of what was typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Form({} fields)", self.fields.len())
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
    async fn a_form_with_a_file_is_read_part_by_part() {
        let kind = "multipart/form-data; boundary=xyz";
        let part = |head: &str, body: &str| {
            format!("--xyz\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let fields = part("name=\"a\"", "山 +") + &part("name=\"b\"", "2");
        let file = part("name=\"f\"; filename=\"名簿.csv\"", "\u{feff}呼び名\r\nうめ");
        let body = format!("{fields}{file}--xyz--\r\n");
        let form = read(kind, &body, 1000).await.unwrap();
        assert_eq!((form.text("a"), form.text("b"), form.text("f")), ("山 +", "2", ""));
        assert_eq!(form.file(), Some("\u{feff}呼び名\r\nうめ".as_bytes()));
        // Nothing was chosen.
        let empty = part("name=\"f\"; filename=\"\"", "");
        let form = read(kind, &format!("{fields}{empty}--xyz--\r\n"), 1000).await.unwrap();
        assert_eq!((form.text("b"), form.file()), ("2", None));
        for broken in [fields.as_str(), "--xyz", ""] {
            assert_eq!(read(kind, broken, 1000).await.unwrap_err(), FormFault::Malformed);
        }
        let many = part("name=\"a\"", "1").repeat(FIELDS_MAX + 1) + "--xyz--\r\n";
        let fault = read(kind, &many, 100_000).await.unwrap_err();
        assert_eq!(fault, FormFault::TooManyFields);
    }

    #[tokio::test]
    async fn what_is_no_form_or_too_much_is_refused() {
        for kind in ["text/plain", "multipart/form-data", "application/json", ""] {
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
