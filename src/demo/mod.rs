//! Demonstration and training: the modelled LINE behind real HTTP, phones in the browser, and a
//! story that plays itself. The server under it is the same that `serve` runs; nothing of it is
//! kept unless a folder is named. A visitor may break LINE or stop the server, and see what follows.

pub mod console;
pub mod feed;
pub mod machine;
pub mod stage;
pub mod standin;
pub mod story;
pub mod transcript;
pub mod trouble;
pub mod upcoming;
