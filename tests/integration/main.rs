//! Behaviour through the public doors: webhook in, LINE out, pages, command line. One binary; each
//! module is a matter, each test a sentence.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod check_in;
mod cli;
mod config;
mod http_limits;
mod joining;
mod program;
mod world;
