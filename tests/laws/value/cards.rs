//! The scorecard: parts that add up, over random policies and customers.

use guanxi::Timestamp;
use guanxi::explain::{BasisPoints, Points};
use guanxi::scale::{Corner, Scale};
use guanxi::value::{
    ContributionWeights, LoyaltyWeights, MissingMeasure, ScoreFacts, ScorePart, ScorecardPolicy,
    ValueAnswer, ValueRule, Weight, judge_score, score, score_flip,
};

use super::super::cdnow::shoppers;
use super::super::random::{Random, cases};
use super::random::{random_card, random_facts};
use super::{ids, usd};

/// The total of a score; whatever is asked, its reasons and its parts add up to it, and it is the one that
/// is given without reasons.
pub(super) fn total(facts: &ScoreFacts, card: &ScorecardPolicy) -> Option<Points> {
    let answer = score(facts, card, ids(), Timestamp::UNIX_EPOCH);
    assert_eq!(judge_score(facts, card), answer.value, "{facts:?} {card:?}");
    let ValueAnswer::At(value) = answer.value else {
        assert_eq!(answer.reasons[0].rule, ValueRule::NothingMeasured);
        return None;
    };
    assert_eq!(answer.total(), Some(value.total()), "{facts:?} {card:?}");
    for (part, sum) in [
        (ScorePart::Contribution, value.contribution),
        (ScorePart::Loyalty, value.loyalty),
        (ScorePart::Own, value.own),
    ] {
        let of_part = answer.reasons.iter().filter(|reason| match reason.rule {
            ValueRule::Measured(measure) => measure.part() == part,
            _ => false,
        });
        let contributions = of_part.filter_map(|reason| reason.contribution);
        assert_eq!(Points(contributions.map(|points| points.0).sum()), sum, "{facts:?} {card:?}");
    }
    let inside = Points(0)..=Points(100_000);
    assert!(inside.contains(&value.total()), "{value:?}");
    Some(value.total())
}

/// The score by its definition: the exact mean in 128 bits, rounded once.
fn mean(facts: &ScoreFacts, card: &ScorecardPolicy) -> Option<Points> {
    let (mut sum, mut whole) = (0_i128, 0_i128);
    for (measure, weighed) in card.weights() {
        let points = match (facts.value(measure), weighed.missing) {
            (Some(value), _) => weighed.scale.points(value).0,
            (None, MissingMeasure::Skip) => continue,
            (None, MissingMeasure::Worst) => weighed.scale.fewest().0,
            (None, MissingMeasure::Points(points)) => i64::from(points) * 1_000,
        };
        sum += i128::from(weighed.weight.0) * i128::from(points);
        whole += i128::from(weighed.weight.0);
    }
    (whole > 0).then(|| Points(i64::try_from((2 * sum + whole) / (2 * whole)).unwrap()))
}

fn scores(random: &mut Random, cards: u32) -> u32 {
    let mut scored = 0;
    for _ in 0..cards {
        let card = random_card(random);
        for _ in 0..50 {
            let facts = random_facts(random);
            let total = total(&facts, &card);
            assert_eq!(total, mean(&facts, &card), "{facts:?} {card:?}");
            scored += u32::from(total.is_some());
        }
    }
    scored
}

#[test]
fn the_parts_of_many_scores_add_up() {
    let scored = scores(&mut Random(3), cases(20_000));
    assert!(scored > cases(900_000), "{scored}");
}

#[test]
#[ignore = "a million in a debug build takes a while"]
fn the_parts_of_a_million_scores_add_up() {
    let scored = scores(&mut Random(6), 20_000);
    assert!(scored > 900_000, "{scored}");
}

#[test]
fn the_parts_of_every_score_of_cdnow_add_up() {
    let card = ScorecardPolicy::default();
    for shopper in shoppers() {
        let mut facts = ScoreFacts::new(usd(shopper.cents));
        facts.purchase_days = shopper.purchase_days();
        facts.orders = shopper.orders;
        facts.tenure_days = Some(shopper.tenure_days());
        assert!(total(&facts, &card).is_some());
    }
}

/// A straight line up to `best`, of what is left out while it is not known.
fn weight(weight: i64, best: i64) -> Weight {
    let corners = [(0, 0), (best, 100)].map(|(at, points)| Corner { at, points });
    let (weight, scale) = (BasisPoints(weight), Scale(corners.to_vec()));
    Weight { weight, scale, missing: MissingMeasure::Skip }
}

fn card(contribution: ContributionWeights, loyalty: LoyaltyWeights) -> ScorecardPolicy {
    ScorecardPolicy { contribution, loyalty, ..ScorecardPolicy::default() }
}

fn none() -> (ContributionWeights, LoyaltyWeights) {
    serde_json::from_str(
        r#"[{ "net_revenue": null }, { "purchase_days": null, "tenure_days": null, "orders": null }]"#,
    )
    .unwrap()
}

#[test]
fn what_is_left_out_leaves_the_others_in_proportion() {
    let (mut contribution, mut loyalty) = none();
    contribution.net_revenue = Some(weight(3_000, 100));
    contribution.margin = Some(weight(5_000, 100));
    loyalty.purchase_days = Some(weight(2_000, 10));
    let card = card(contribution, loyalty);
    let mut facts = ScoreFacts::new(usd(0));
    facts.purchase_days = 10;
    assert_eq!(total(&facts, &card), Some(Points(40_000)));
    facts.margin = Some(usd(0));
    assert_eq!(total(&facts, &card), Some(Points(20_000)));
}

#[test]
fn who_has_the_most_of_everything_has_the_best_score() {
    // Three thirds of 100 are not 99.999: what the second adds makes up for the other two.
    let (mut contribution, mut loyalty) = none();
    contribution.net_revenue = Some(weight(2_000, 100));
    contribution.margin = Some(weight(4_000, 100));
    loyalty.purchase_days = Some(weight(2_000, 10));
    loyalty.orders = Some(weight(2_000, 10));
    let card = card(contribution, loyalty);
    assert_eq!(card.lint("card"), []);
    let mut facts = ScoreFacts::new(usd(100));
    (facts.purchase_days, facts.orders) = (10, 10);
    let answer = score(&facts, &card, ids(), Timestamp::UNIX_EPOCH);
    assert_eq!(answer.value.value().unwrap().total(), Points(100_000));
    let added: Vec<i64> =
        answer.reasons.iter().filter_map(|reason| Some(reason.contribution?.0)).collect();
    assert_eq!(added, [33_333, 33_334, 33_333]);
}

#[test]
fn a_policy_that_nobody_linted_still_gives_a_score() {
    let mut wild = card(none().0, none().1);
    let mut facts = ScoreFacts::new(usd(100));
    assert_eq!(total(&facts, &wild), None);
    wild.contribution.net_revenue = Some(weight(i64::MAX, i64::MAX));
    wild.loyalty.orders = Some(weight(i64::MIN, 0));
    wild.loyalty.purchase_days = Some(Weight {
        scale: Scale(vec![Corner { at: 5, points: 255 }, Corner { at: 5, points: 0 }]),
        ..weight(40_000, 1)
    });
    for value in [i64::MIN, -1, 0, 5, i64::MAX] {
        (facts.orders, facts.purchase_days) = (value, value);
        facts.net_revenue = usd(value);
        assert!(total(&facts, &wild).is_some());
        for threshold in [0, 1, 50_000, 100_000, 100_001].map(Points) {
            let _ = score_flip(&facts, &wild, threshold);
        }
    }
}
