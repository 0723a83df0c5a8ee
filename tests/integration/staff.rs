//! The pages for the council's staff, through the route table and without sockets.

mod accounts;
mod board;
mod bulletins;
mod calls;
mod desk;
mod districts;
mod dossier;
mod erasure;
mod face;
mod groups;
mod guard;
mod line;
mod lists;
mod log;
mod login;
mod me;
mod memberships;
mod papers;
mod people;
mod practice;
mod report;
mod rests;
mod scope;
mod sessions;
mod setup;
mod statistics;
mod watching;
mod welcome;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anshin::domain::event::Event;
use anshin::domain::id::PersonId;
use anshin::domain::name::Name;
use anshin::domain::staff::{Deed, StaffFact, StaffRole, TokenHash};
use anshin::domain::time::Moment;
use anshin::http::Request;

use crate::house::*;
use crate::world::tokyo;
