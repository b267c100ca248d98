//! The default policy, to start from. Its numbers are the same for everybody and fitted to nobody;
//! what a base says comes in by the calibration.

use super::band::Bands;
use super::indicator::Indicator;
use super::policy::{Bound, ChurnGroup, ChurnPolicy, Combination, GroupPolicy, WeighedIndicator};
use super::staleness::Staleness;
use crate::explain::BasisPoints;
use crate::scale::{Corner, Scale};

impl Default for ChurnPolicy {
    /// Windows of 90 days, compared with the two before; a cadence from three purchase days on; a
    /// base of at least 30 cases, whose first purchases are followed for a year. Four groups,
    /// weighted: behaviour 45 %, money 25 %, service and contract 15 % each; of the contract the
    /// worst indicator counts alone. What is not known is left out.
    ///
    /// | indicator | weight in its group | value: points | age of a signal |
    /// |---|---|---|---|
    /// | silence by cadence | 36 % of behaviour | 100 %: 0, 200 %: 40, 300 %: 75, 500 %: 100 | |
    /// | silence by base | 12 % | 50 %: 0, 90 %: 60, 99 %: 100 | |
    /// | return chance | 16 % | 0 %: 100, 5 %: 80, 20 %: 40, 40 %: 0 | |
    /// | inactive chance | 20 % | 10 %: 0, 50 %: 60, 90 %: 100 | |
    /// | silence | 4 % | 0 days: 0, 90: 40, 180: 70, 365: 100 | |
    /// | orders | 12 % | 0 %: 100, 50 %: 60, 100 %: 0 | |
    /// | spend | 50 % of money | 0 %: 100, 50 %: 60, 100 %: 0 | |
    /// | order value | 30 % | 30 %: 100, 70 %: 40, 100 %: 0 | |
    /// | returns | 20 % | 0 %: 0, 20 %: 50, 50 %: 100 | |
    /// | usage | 25 % of service | 0 %: 100, 50 %: 30, 80 %: 0 | fades, 30 to 90 days |
    /// | usage trend | 25 % | 0 %: 100, 50 %: 60, 100 %: 0 | fades, 30 to 90 days |
    /// | complaints | 25 % | 0: 0, 1: 40, 3: 100 | missing after 180 days |
    /// | satisfaction | 25 % | 0: 100, 40: 80, 60: 40, 80: 0 | fades, 180 to 365 days |
    /// | payment overdue | 25 % of the contract | 0 days: 0, 30: 50, 90: 100 | never |
    /// | failed payments | 25 % | 0: 0, 1: 40, 3: 100 | missing after 90 days |
    /// | sponsor gone | 25 % | there: 0, gone: 100; at least 70 for the whole | never |
    /// | contract end | 25 % | 0 days: 100, 30: 70, 90: 30, 180: 0 | never |
    ///
    /// ```
    /// use guanxi::churn::ChurnPolicy;
    ///
    /// let policy = ChurnPolicy::default();
    /// assert_eq!(policy.lint("churn"), []);
    /// assert_eq!((policy.window_days, policy.baseline_windows), (90, 2));
    /// ```
    fn default() -> Self {
        Self {
            window_days: 90,
            baseline_windows: 2,
            cadence_purchase_days_min: 3,
            base_count_min: 30,
            first_return_days: 365,
            combine: Combination::Weighted,
            groups: vec![behaviour(), money(), service(), contract()],
            floors: vec![Bound::new(Indicator::SponsorGone, 1, 70)],
            caps: Vec::new(),
            bands: Bands::default(),
            custom: Vec::new(),
        }
    }
}

fn behaviour() -> GroupPolicy {
    group(
        ChurnGroup::Behaviour,
        4_500,
        vec![
            indicator(
                Indicator::SilenceByCadence,
                3_600,
                &[(10_000, 0), (20_000, 40), (30_000, 75), (50_000, 100)],
            ),
            indicator(Indicator::SilenceByBase, 1_200, &[(5_000, 0), (9_000, 60), (9_900, 100)]),
            indicator(
                Indicator::ReturnChance,
                1_600,
                &[(0, 100), (500, 80), (2_000, 40), (4_000, 0)],
            ),
            indicator(Indicator::InactiveChance, 2_000, &[(1_000, 0), (5_000, 60), (9_000, 100)]),
            // Says something of everybody who bought, also where there is nothing to compare with.
            indicator(Indicator::Silence, 400, &[(0, 0), (90, 40), (180, 70), (365, 100)]),
            indicator(Indicator::Orders, 1_200, &[(0, 100), (5_000, 60), (10_000, 0)]),
        ],
    )
}

fn money() -> GroupPolicy {
    group(
        ChurnGroup::Money,
        2_500,
        vec![
            indicator(Indicator::Spend, 5_000, &[(0, 100), (5_000, 60), (10_000, 0)]),
            indicator(Indicator::OrderValue, 3_000, &[(3_000, 100), (7_000, 40), (10_000, 0)]),
            indicator(Indicator::Returns, 2_000, &[(0, 0), (2_000, 50), (5_000, 100)]),
        ],
    )
}

fn service() -> GroupPolicy {
    let fades = |after_days, gone_days| Staleness::Fades { after_days, gone_days };
    group(
        ChurnGroup::Service,
        1_500,
        vec![
            indicator(Indicator::Usage, 2_500, &[(0, 100), (5_000, 30), (8_000, 0)])
                .with_staleness(fades(30, 90)),
            indicator(Indicator::UsageTrend, 2_500, &[(0, 100), (5_000, 60), (10_000, 0)])
                .with_staleness(fades(30, 90)),
            indicator(Indicator::Complaints, 2_500, &[(0, 0), (1, 40), (3, 100)])
                .with_staleness(Staleness::Missing { after_days: 180 }),
            indicator(Indicator::Satisfaction, 2_500, &[(0, 100), (40, 80), (60, 40), (80, 0)])
                .with_staleness(fades(180, 365)),
        ],
    )
}

fn contract() -> GroupPolicy {
    let until = |after_days| Staleness::Missing { after_days };
    let mut contract = group(
        ChurnGroup::Contract,
        1_500,
        vec![
            indicator(Indicator::PaymentOverdue, 2_500, &[(0, 0), (30, 50), (90, 100)]),
            indicator(Indicator::FailedPayments, 2_500, &[(0, 0), (1, 40), (3, 100)])
                .with_staleness(until(90)),
            indicator(Indicator::SponsorGone, 2_500, &[(0, 0), (1, 100)]),
            indicator(Indicator::ContractEnd, 2_500, &[(0, 100), (30, 70), (90, 30), (180, 0)]),
        ],
    );
    contract.combine = Combination::WorstOf;
    contract
}

fn group(name: ChurnGroup, weight: i64, indicators: Vec<WeighedIndicator>) -> GroupPolicy {
    GroupPolicy::new(name, BasisPoints(weight), indicators)
}

fn indicator(indicator: Indicator, weight: i64, corners: &[(i64, u8)]) -> WeighedIndicator {
    let scale = Scale(corners.iter().map(|&(at, points)| Corner { at, points }).collect());
    WeighedIndicator::new(indicator, BasisPoints(weight), scale)
}
