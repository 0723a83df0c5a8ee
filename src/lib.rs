//! The rooms stand below in the order in which data flows through them. What follows is
//! `ARCHITECTURE.md`.
#![doc = include_str!("../ARCHITECTURE.md")]

pub mod cli;
pub mod config;

pub mod http;
pub mod routes;
pub mod web;

pub mod line;
pub mod locale;
pub mod mail;

pub mod domain;
pub mod engine;
pub mod store;

pub mod backup;
pub mod clock;
pub mod doctor;
pub mod heartbeat;
pub mod keeper;
pub mod net;
pub mod outbox;
pub mod timer;
pub mod tls;

pub mod demo;
pub mod platform;
pub mod simulator;

#[cfg(all(target_env = "gnu", target_feature = "crt-static"))]
mod tripwire;
