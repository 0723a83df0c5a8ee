//! Counts wrong invitation codes by address, so that nobody can guess one: ten an hour.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::domain::person::Tries;
use crate::domain::time::Moment;

/// Addresses remembered; when more come, the oldest are forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// Wrong codes by address. Memory only: a restart forgives.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<BTreeMap<IpAddr, Tries>>);

impl Guesses {
    /// Whether this address may try another code.
    pub fn may_try(&self, from: IpAddr, now: Moment) -> bool {
        let guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.get(&network(from)).is_none_or(|tries| tries.may_try(now))
    }

    /// Counts a wrong code.
    pub fn count_wrong(&self, from: IpAddr, now: Moment) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() >= ADDRESSES_MAX {
            let oldest = guesses.iter().min_by_key(|(_, tries)| tries.since).map(|(from, _)| *from);
            oldest.and_then(|from| guesses.remove(&from));
        }
        guesses.entry(network(from)).or_default().add(now);
    }
}

/// A household has a whole /64 of IPv6 addresses: they count as one.
fn network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(address) => {
            let bits = u128::from(address) >> 64 << 64;
            IpAddr::V6(bits.into())
        }
    }
}
