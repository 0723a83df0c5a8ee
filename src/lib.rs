//! anshin asks people living alone over LINE whether they are well, notices when nobody answers,
//! and gets a human to look.
//!
//! The rooms in the order in which data flows through them; `ARCHITECTURE.md` says what each may
//! touch.

pub mod cli;
pub mod config;

pub mod http;
pub mod routes;
pub mod web;

pub mod line;
pub mod locale;

pub mod domain;
pub mod engine;
pub mod store;

pub mod clock;
pub mod outbox;
pub mod timer;

pub mod demo;
pub mod platform;

#[cfg(all(target_env = "gnu", target_feature = "crt-static"))]
mod tripwire;
