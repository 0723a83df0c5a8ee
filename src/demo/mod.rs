//! Demonstration and training: the modelled LINE behind real HTTP, phones in the browser, and a
//! story that plays itself. The server under it is the same that `serve` runs; nothing of it is
//! kept unless a folder is named.

pub mod console;
pub mod feed;
pub mod stage;
pub mod standin;
pub mod story;
pub mod transcript;
