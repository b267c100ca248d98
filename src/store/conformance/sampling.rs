//! How much a check draws at random.

/// How many random histories a check draws, and from which seed: the same seed draws the same ones in
/// every run. [`Harness::sampling`](super::Harness::sampling) gives it.
///
/// ```
/// use guanxi::store::conformance::Sampling;
///
/// // What a nightly run may ask for.
/// let sampling = Sampling::default().with_cases(10_000).with_seed(20_261_122);
/// assert_eq!((sampling.cases(), sampling.seed()), (10_000, 20_261_122));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    seed: u64,
    cases: u32,
}

impl Default for Sampling {
    /// Some dozens, always the same: a second or two on a store that waits for its disk.
    fn default() -> Self {
        Self { seed: 0, cases: 64 }
    }
}

impl Sampling {
    /// Draws other histories.
    #[must_use]
    pub const fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Draws so many.
    #[must_use]
    pub const fn with_cases(self, cases: u32) -> Self {
        Self { cases, ..self }
    }

    /// What the histories are drawn from.
    #[must_use]
    pub const fn seed(self) -> u64 {
        self.seed
    }

    /// How many histories each check draws.
    #[must_use]
    pub const fn cases(self) -> u32 {
        self.cases
    }
}
