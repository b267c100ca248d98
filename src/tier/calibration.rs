//! What the whole base says about tiers: the `tier` section of a calibration.

use serde::{Deserialize, Serialize};

use super::facts::TierFacts;
use super::policy::{TierMethod, TierPolicy};
use crate::explain::BasisPoints;
use crate::rank::{Cut, Direction, Ranked, Ranking};

/// Where the tiers begin in a base. The empty one is legal: answers that need it say so.
///
/// It does not say which policy it was made for: it depends on the whole [`TierBasis`](super::TierBasis), and
/// on the scorecard where value is judged by it. Whoever keeps both compares them, and hands a room
/// [`Calibrated::OtherPolicy`](crate::calibrated::Calibrated::OtherPolicy) where it no longer holds.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TierCalibration {
    /// How many customers were ranked; none in a base that has not been measured.
    pub customers: u64,
    /// Where A begins; `None` when nobody brings anything.
    pub a: Option<Cut>,
    /// Where B begins.
    pub b: Option<Cut>,
}

impl TierCalibration {
    /// The cuts of a base. Empty when the policy has fixed limits, which need none.
    ///
    /// Customers of whom a measure is missing are left out, unless the policy counts it as zero. Shares
    /// are of the customers who bring something, and of what those bring.
    ///
    /// The [module](super) has an example.
    #[must_use]
    pub fn of(policy: &TierPolicy, base: &[TierFacts]) -> Self {
        let basis = &policy.basis;
        let ranked =
            |facts: &TierFacts| basis.value(facts).map(|value| Ranked { value, key: facts.key });
        let members = || base.iter().filter_map(ranked).collect::<Vec<_>>();
        let cuts = |ties, shares: [BasisPoints; 2], best: Best| {
            let ranking = Ranking { direction: Direction::MoreIsBetter, ties };
            let mut members = members();
            let customers = u64::try_from(members.len()).unwrap_or(u64::MAX);
            // Whoever brings nothing is in C; else a base full of leads would make every buyer an A.
            members.retain(|member| member.value > 0);
            let [a, b] = shares.map(|share| best(ranking, &mut members, share));
            Self { customers, a, b }
        };
        match basis.method {
            TierMethod::ShareOfValue { a, b, ties } => cuts(ties, [a, b], Ranking::best_of_value),
            TierMethod::ShareOfCustomers { a, b, ties } => {
                cuts(ties, [a, b], Ranking::best_of_customers)
            }
            TierMethod::Limits { .. } => Self::default(),
        }
    }
}

/// How the best of a base are found.
type Best = fn(Ranking, &mut [Ranked], BasisPoints) -> Option<Cut>;
