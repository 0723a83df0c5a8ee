//! anshin
pub mod clock;
pub mod domain;
pub mod engine;
pub mod http;
pub mod line;
pub mod locale;
pub mod outbox;
pub mod store;
pub mod timer;
