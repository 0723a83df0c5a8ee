//! A small HTTP/1.1 server kit over hyper: a room that knows no feature of the product.
//!
//! The way of a request is the order of the files:
//! [`server`] accepts a socket and counts it, `handshake` encrypts it where that is asked for,
//! `connection` runs hyper over it, `gate` lets one checked request head at a time through (rules in
//! `head`), `answer` checks the host, finds the true client and runs the handler, [`request`] and
//! [`response`] are what a handler sees.
//! Every number is named in [`limits`]; every error the kit answers by itself is in `refusal`.
//!
//! It must not know a route, a session, a page or a certificate, resolve a name, read the clock, or import
//! another module of this crate.

mod answer;
mod connection;
mod crowd;
pub mod forwarded;
mod gate;
mod handshake;
mod head;
pub mod host;
pub mod limits;
mod refusal;
pub mod request;
pub mod response;
pub mod server;
mod slots;

pub use forwarded::{Cidr, CidrError};
pub use host::HostPolicy;
pub use hyper::body::Bytes;
pub use hyper::{HeaderMap, Method, StatusCode};
pub use limits::Limits;
pub use request::{BodyError, Request, RequestBuilder};
pub use response::Response;
pub use server::{Handler, Server, Stopped, handler};
