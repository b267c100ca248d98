//! The sections of value, tier and churn at random, without faults: all that a policy can say there.

use guanxi::Policy;
use guanxi::churn::{CustomUnit, RiskBand};
use guanxi::explain::{BasisPoints, Points};
use guanxi::rank::{Inclusion, Ties};
use guanxi::time::Lookback;
use guanxi::value::{Bands, RfmMethod, RfmPolicy, ValueTypePolicy, WorthModel, WorthPolicy};

use super::churn::random::{Dice, policy as random_churn};
use super::random::Random;
use super::tier::random::random_policy as random_tier;
use super::value::random::{random_card, random_potential};

/// The policy with those sections as the number of the case has them.
pub(super) fn with_sections(mut policy: Policy, case: u64) -> Policy {
    let random = &mut Random(case);
    policy.value.rfm = RfmPolicy { window: lookback(random), method: method(random) };
    policy.value.scorecard = random_card(random);
    policy.value.scorecard.window = lookback(random);
    policy.value.value_type = ValueTypePolicy {
        current_high_min: Points(random.between(1, 100_000)),
        potential: random_potential(random).0,
    };
    policy.value.worth = worth(random);
    policy.tier = random_tier(random);
    policy.tier.basis.window = lookback(random);
    policy.churn = random_churn(&mut Dice::new(case));
    for custom in &mut policy.churn.custom {
        custom.unit = [CustomUnit::Count, CustomUnit::Days, CustomUnit::Share][random.below(3)];
        // A slot has one name.
        custom.name = format!("figure {}", custom.slot.number());
    }
    for own in &mut policy.value.scorecard.own {
        own.name = format!("figure {}", own.slot.number());
    }
    let bands = [RiskBand::Low, RiskBand::Medium, RiskBand::High, RiskBand::Critical];
    policy.strategy.rescue_from = bands.get(random.below(5)).copied();
    assert_eq!(policy.lint(), []);
    policy
}

fn worth(random: &mut Random) -> WorthPolicy {
    WorthPolicy {
        model: [WorthModel::Best, WorthModel::MbgNbd, WorthModel::ParetoNbd][random.below(3)],
        horizon_days: u16::try_from(random.between(1, 3_660)).unwrap(),
        yearly_interest: BasisPoints(random.between(0, 90_000)),
        margin: BasisPoints(random.between(1, 10_000)),
        active_min: BasisPoints(random.between(1, 9_999)),
    }
}

fn lookback(random: &mut Random) -> Lookback {
    if random.chance(3) {
        return Lookback::AllTime;
    }
    Lookback::Days(u16::try_from(random.between(1, 400)).unwrap())
}

fn method(random: &mut Random) -> RfmMethod {
    if random.chance(2) {
        let ties =
            [Ties::EqualBetter, Ties::EqualWorse, Ties::SmallerKeyBetter, Ties::GreaterKeyBetter]
                [random.below(4)];
        return RfmMethod::Quantiles { groups: u8::try_from(random.between(2, 9)).unwrap(), ties };
    }
    let mut bands = || {
        let mut edges: Vec<i64> =
            (0..random.between(1, 8)).map(|_| random.between(0, 900)).collect();
        edges.sort_unstable();
        edges.dedup();
        let on_edge = [Inclusion::Better, Inclusion::Worse][random.below(2)];
        Bands { edges, on_edge }
    };
    RfmMethod::Bands { recency: bands(), frequency: bands(), monetary: bands() }
}
