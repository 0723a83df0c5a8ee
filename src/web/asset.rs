//! Files that pages link to, under names that change with their content, so that browsers may keep
//! them for ever.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::domain::face::Colour;
use crate::http::{Response, StatusCode};
use crate::store::{Store, StoreError};

/// A file in the binary.
pub struct Asset {
    stem: &'static str,
    extension: &'static str,
    content_type: &'static str,
    content: &'static str,
    path: LazyLock<String>,
}

/// The one style sheet.
pub static STYLE: Asset = Asset {
    stem: "anshin",
    extension: "css",
    content_type: "text/css; charset=utf-8",
    content: include_str!("../../assets/anshin.css"),
    path: LazyLock::new(|| STYLE.name()),
};

/// The mark in the browser's tab.
pub static ICON: Asset = Asset {
    stem: "anshin",
    extension: "svg",
    content_type: "image/svg+xml",
    content: include_str!("../../assets/icon.svg"),
    path: LazyLock::new(|| ICON.name()),
};

static ALL: [&Asset; 2] = [&STYLE, &ICON];

impl Asset {
    /// The path under which the file is served.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    fn name(&self) -> String {
        let digest = Sha256::digest(self.content.as_bytes());
        let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("/assets/{}-{hash}.{}", self.stem, self.extension)
    }
}

/// The path of the style sheet with another colour.
#[must_use]
pub fn theme_path(colour: Colour) -> String {
    format!("/assets/theme-{}.css", colour.hex())
}

/// The style sheet with another colour: its name says all that is in it.
fn theme(path: &str) -> Option<Response> {
    let hex = path.strip_prefix("/assets/theme-")?.strip_suffix(".css")?;
    let colour = Colour::read(hex).ok()?.filter(|colour| colour.hex() == hex)?;
    let (blue, deeper) = (colour.hex(), colour.deeper().hex());
    let style = format!(":root{{--blue:#{blue};--blue-dark:#{deeper}}}");
    Some(for_ever(Response::bytes(STYLE.content_type, style.into_bytes())))
}

fn for_ever(response: Response) -> Response {
    response.header("cache-control", "public, max-age=31536000, immutable")
}

/// The picture on top of the pages, if this is the path of the present one.
pub fn banner(path: &str, store: &Store) -> Result<Option<Response>, StoreError> {
    let reading = store.read()?;
    let known = reading.face()?.banner;
    let known = known.filter(|id| path.strip_prefix("/assets/") == Some(&id.file()));
    let Some(id) = known else { return Ok(None) };
    let bytes = reading.banner()?;
    Ok(bytes.map(|bytes| for_ever(Response::bytes(id.kind.media_type(), bytes))))
}

/// Serves a file by its path; `None` if there is no such file.
#[must_use]
pub fn serve(path: &str) -> Option<Response> {
    if let Some(theme) = theme(path) {
        return Some(theme);
    }
    let asset = ALL.iter().find(|asset| asset.path() == path)?;
    let response = Response::bytes(asset.content_type, asset.content.as_bytes());
    debug_assert_eq!(response.status(), StatusCode::OK);
    Some(for_ever(response))
}
