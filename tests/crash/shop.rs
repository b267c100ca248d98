//! What the parent and its children stand on, whatever the store: a shop, and dice that fall the same each
//! time.

use guanxi::{Currency, CustomerId, Policy, Rulebook, TenantId, Timestamp};
use tokio::runtime::Runtime;

/// Numbers that look random and are the same each time: SplitMix64, a published sequence.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn of(seeds: &[u64]) -> Self {
        let mut dice = Self(0);
        for seed in seeds {
            dice.0 = dice.next() ^ seed;
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0, below this one.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

pub(super) fn run<F: Future>(future: F) -> F::Output {
    Runtime::new().unwrap().block_on(future)
}

pub(super) fn tenant(number: u64) -> TenantId {
    TenantId::derive(&format!("shop {number}"))
}

pub(super) fn customer(tenant: TenantId, key: &str) -> CustomerId {
    CustomerId::derive(tenant, key)
}

/// Noon of the first day.
pub(super) fn start() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

/// A rulebook that loses customers after so many days of silence.
pub(super) fn book(silence_days: u16, from: Timestamp) -> Rulebook {
    let mut policy = Policy::new(Currency::USD);
    let lapse = &mut policy.lifecycle.lapse;
    lapse.floor_days = silence_days;
    lapse.ceiling_days = silence_days;
    lapse.without_cadence_days = silence_days;
    Rulebook::new(policy, from).unwrap()
}
