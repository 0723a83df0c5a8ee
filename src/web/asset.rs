//! Files that pages link to, under names that change with their content, so that browsers may keep
//! them for ever.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::http::{Response, StatusCode};

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

/// Serves a file by its path; `None` if there is no such file.
#[must_use]
pub fn serve(path: &str) -> Option<Response> {
    let asset = ALL.iter().find(|asset| asset.path() == path)?;
    let response = Response::bytes(asset.content_type, asset.content.as_bytes());
    debug_assert_eq!(response.status(), StatusCode::OK);
    Some(response.header("cache-control", "public, max-age=31536000, immutable"))
}
