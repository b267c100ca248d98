//! Scorecards, value policies and customers at random.

use guanxi::explain::BasisPoints;
use guanxi::scale::{Corner, Scale, Slope};
use guanxi::slot::Slot;
use guanxi::time::Lookback;
use guanxi::value::{
    ContributionWeights, LoyaltyWeights, MissingMeasure, OwnWeight, Potential, PotentialFacts,
    PotentialMissing, ScoreFacts, ScorecardPolicy, Weight,
};

use super::super::random::Random;
use super::usd;

/// A scale that keeps to what its measure can be, and goes the way it should; either way without one.
fn random_scale(random: &mut Random, least: i64, slope: Option<Slope>) -> Scale {
    loop {
        let mut corners: Vec<(i64, u8)> = (0..random.between(2, 4))
            .map(|_| (random.amount(60).max(least), u8::try_from(random.between(0, 100)).unwrap()))
            .collect();
        corners.sort_unstable();
        corners.dedup_by_key(|corner| corner.0);
        let mut points: Vec<u8> = corners.iter().map(|corner| corner.1).collect();
        points.sort_unstable();
        let falls = match slope {
            Some(slope) => slope == Slope::Falls,
            None => random.chance(2),
        };
        if falls {
            points.reverse();
        }
        if corners.len() > 1 && points.first() != points.last() {
            let corners = corners.iter().zip(points);
            return Scale(corners.map(|(&(at, _), points)| Corner { at, points }).collect());
        }
    }
}

pub(crate) fn random_card(random: &mut Random) -> ScorecardPolicy {
    let count = random.between(1, 14);
    // Random ends of consecutive pieces make weights that add up.
    let mut ends: Vec<i64> = (1..count).map(|_| random.between(1, 9_999)).collect();
    ends.extend([0, 10_000]);
    ends.sort_unstable();
    ends.dedup();
    let mut weights = ends.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>();
    let missing = |random: &mut Random| match random.between(0, 2) {
        0 => MissingMeasure::Skip,
        1 => MissingMeasure::Worst,
        _ => MissingMeasure::Points(u8::try_from(random.between(0, 100)).unwrap()),
    };
    let mut next = |random: &mut Random, least: i64, slope: Option<Slope>| {
        let weight = BasisPoints(weights.pop()?);
        let scale = random_scale(random, least, slope);
        Some(Weight { weight, scale, missing: missing(random) })
    };
    let (rises, falls) = (Some(Slope::Rises), Some(Slope::Falls));
    let contribution = ContributionWeights {
        margin: next(random, i64::MIN, rises),
        cost_to_serve: next(random, 0, falls),
        net_revenue: next(random, i64::MIN, rises),
        referred_revenue: None,
    };
    let loyalty = LoyaltyWeights {
        purchase_days: next(random, 0, rises),
        tenure_days: next(random, 0, rises),
        referrals: next(random, 0, rises),
        orders: None,
    };
    let mut own = Vec::new();
    // From the last slot down, so that slots are not places in the list.
    for slot in (1..=8).rev().filter_map(Slot::new) {
        let Some(Weight { weight, scale, missing }) = next(random, i64::MIN, None) else { break };
        let name = format!("own {}", slot.number());
        let (english, chinese) = (name.clone(), format!("指标{}", slot.number()));
        own.push(OwnWeight { slot, name, english, chinese, weight, scale, missing });
    }
    let card = ScorecardPolicy { window: Lookback::AllTime, contribution, loyalty, own };
    assert_eq!(card.lint("card"), []);
    card
}

pub(super) fn random_facts(random: &mut Random) -> ScoreFacts {
    let mut facts = ScoreFacts::new(usd(random.amount(60)));
    for own in &mut facts.own {
        let value = random.amount(60);
        *own = random.maybe(value);
    }
    let mut maybe = || {
        let value = random.amount(60);
        random.maybe(value)
    };
    facts.margin = maybe().map(usd);
    facts.cost_to_serve = maybe().map(usd);
    facts.referred_revenue = maybe().map(usd);
    facts.tenure_days = maybe();
    facts.referrals = maybe();
    facts.purchase_days = random.amount(60);
    facts.orders = random.amount(60);
    facts
}

pub(crate) fn random_potential(random: &mut Random) -> (Potential, PotentialFacts) {
    let missing =
        [PotentialMissing::Outside, PotentialMissing::High, PotentialMissing::Low][random.below(3)];
    let score = |random: &mut Random, most| u8::try_from(random.between(1, most)).unwrap();
    let mut facts = PotentialFacts::new(usd(random.amount(60)));
    if !random.chance(4) {
        // More than the most there is counts as the most.
        facts = facts.with_given(score(random, 120));
    }
    if !random.chance(4) {
        facts = facts.with_earlier(usd(random.amount(60)));
    }
    if !random.chance(4) {
        facts = facts.with_worth(usd(random.amount(60)));
    }
    let policy = match random.below(3) {
        0 => Potential::Given { high_min: score(random, 100), missing },
        1 => Potential::Worth { high_min: random.between(1, 60_000), missing },
        _ => {
            let high_min = BasisPoints(random.between(1, 30_000));
            Potential::Growth { window_days: 90, high_min, missing }
        }
    };
    (policy, facts)
}
