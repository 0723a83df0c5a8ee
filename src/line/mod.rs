//! LINE. Its names (event, source, channel, reply token) stop in this room: what comes in becomes
//! a [`crate::domain::event::Event`], what goes out starts as a [`crate::domain::message::Message`].
//!
//! In the order of the data: [`signature`] → [`wire`] → [`command`] / [`postback`] → domain, and
//! domain → [`render`] → [`call`] → [`client`]. Everything is pure but [`client`], [`richmenu`] and
//! [`webhook`], which talk.

pub mod call;
pub mod client;
pub mod command;
mod flex;
pub mod keys;
pub mod postback;
pub mod render;
pub mod richmenu;
pub mod setup;
pub mod signature;
pub mod webhook;
pub mod wire;
