//! Numbers for long runs of random cases: proptest shrinks, but is too slow for a million of them.

use guanxi::CustomerId;
use uuid::Uuid;

/// How many cases a run has: all of them in a release build, a tenth in a debug build.
pub(super) fn cases(in_release: u32) -> u32 {
    if cfg!(debug_assertions) { in_release / 10 } else { in_release }
}

/// SplitMix64 (Steele, Lea and Flood 2014), seeded by the test, so that a failure comes again.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u128::from(high.abs_diff(low)) + 1;
        let step = (u128::from(self.bits()) * span) >> 64;
        i64::try_from(i128::from(low) + i128::try_from(step).unwrap()).unwrap()
    }

    /// Mostly small, sometimes zero or negative, now and then at the ends of the range.
    pub(super) fn amount(&mut self, usual: i64) -> i64 {
        match self.between(0, 15) {
            0 => 0,
            1 => -self.between(0, usual),
            2 => [i64::MIN, i64::MAX, i64::MIN + 1, i64::MAX - 1][self.below(4)],
            _ => self.between(0, usual),
        }
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.between(0, i64::try_from(end).unwrap() - 1)).unwrap()
    }

    pub(super) fn chance(&mut self, one_in: i64) -> bool {
        self.between(1, one_in) == 1
    }

    pub(super) fn maybe(&mut self, value: i64) -> Option<i64> {
        (!self.chance(4)).then_some(value)
    }
}

/// The customer of a number; numbers and customers are in the same order.
pub(super) fn customer(number: u128) -> CustomerId {
    CustomerId::new(Uuid::from_u128(number))
}
