//! How many connections an address holds at the moment.
//!
//! It must not remember an address that holds none.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::forwarded::masked;

/// One household or company gets a /64; a single machine in it can use all its addresses.
const IPV6_CLIENT_BITS: u8 = 64;

/// The counts, shared by accept loop and connections.
#[derive(Clone, Default)]
pub(super) struct Slots(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// A counted connection; dropping it gives the place back.
pub(super) struct Slot {
    slots: Slots,
    client: IpAddr,
}

impl Slots {
    /// A place for a connection of this address, unless it holds `max` already.
    pub(super) fn take(&self, address: IpAddr, max: usize) -> Option<Slot> {
        let client = match address.to_canonical() {
            v4 @ IpAddr::V4(_) => v4,
            v6 @ IpAddr::V6(_) => masked(v6, IPV6_CLIENT_BITS),
        };
        let mut counts = self.counts();
        let held = counts.get(&client).copied().unwrap_or(0);
        if held >= max {
            return None;
        }
        counts.insert(client, held + 1);
        drop(counts);
        Some(Slot { slots: self.clone(), client })
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        // A count is whole even if a thread panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut counts = self.slots.counts();
        if let Some(held) = counts.get_mut(&self.client) {
            *held -= 1;
            if *held == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_gets_its_places_back_and_leaves_no_trace() {
        let slots = Slots::default();
        let first = slots.take(ip("192.0.2.1"), 1).expect("a place");
        assert!(slots.take(ip("192.0.2.1"), 1).is_none());
        assert!(slots.take(ip("::ffff:192.0.2.1"), 1).is_none());
        assert!(slots.take(ip("192.0.2.2"), 1).is_some());
        drop(first);
        assert!(slots.take(ip("192.0.2.1"), 1).is_some());
        assert!(slots.counts().is_empty());
    }

    #[test]
    fn an_ipv6_network_counts_as_one_client() {
        let slots = Slots::default();
        let _held = slots.take(ip("2001:db8:0:1::1"), 1).expect("a place");
        assert!(slots.take(ip("2001:db8:0:1:ffff::2"), 1).is_none());
        assert!(slots.take(ip("2001:db8:0:2::1"), 1).is_some());
    }
}
