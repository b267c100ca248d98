//! The scorecard and the value type, over random policies and customers.

use std::cmp::Ordering;

use guanxi::explain::{BasisPoints, Flip, Measure, Points, Reason};
use guanxi::time::Lookback;
use guanxi::value::{
    ContributionWeights, GIVEN_MEASURES_MAX, GivenWeight, LoyaltyWeights, MissingMeasure,
    Potential, PotentialFacts, PotentialMissing, Scale, ScalePoint, ScoreFacts, ScoreMeasure,
    ScorecardPolicy, ValueAnswer, ValuePolicy, ValueRule, ValueTypePolicy, Weight, score,
    score_flip, value_type,
};
use guanxi::{Money, Timestamp};

use super::super::cdnow::shoppers;
use super::super::random::{Random, cases};
use super::{ids, usd};

/// How many customers a law about changes is tried on.
const CUSTOMERS: u32 = 120_000;

fn random_scale(random: &mut Random) -> Scale {
    loop {
        let mut corners: Vec<(i64, u8)> = (0..random.between(2, 4))
            .map(|_| (random.amount(60), u8::try_from(random.between(0, 100)).unwrap()))
            .collect();
        corners.sort_unstable();
        corners.dedup_by_key(|corner| corner.0);
        let mut points: Vec<u8> = corners.iter().map(|corner| corner.1).collect();
        points.sort_unstable();
        if random.chance(2) {
            points.reverse();
        }
        if corners.len() > 1 && points.first() != points.last() {
            let corners = corners.iter().zip(points);
            return Scale(corners.map(|(&(at, _), points)| ScalePoint { at, points }).collect());
        }
    }
}

fn random_card(random: &mut Random) -> ScorecardPolicy {
    let count = random.between(1, 9);
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
    let mut next = |random: &mut Random| {
        let weight = BasisPoints(weights.pop()?);
        Some(Weight { weight, scale: random_scale(random), missing: missing(random) })
    };
    let contribution = ContributionWeights {
        margin: next(random),
        cost_to_serve: next(random),
        net_spend: next(random),
        referred_spend: None,
    };
    let loyalty = LoyaltyWeights {
        purchase_days: next(random),
        tenure_days: next(random),
        referrals: next(random),
        orders: None,
    };
    let mut given = Vec::new();
    while let Some(Weight { weight, scale, missing }) = next(random) {
        given.push(GivenWeight { name: format!("own {}", given.len()), weight, scale, missing });
    }
    let card = ScorecardPolicy { window: Lookback::AllTime, contribution, loyalty, given };
    assert_eq!(card.lint("card"), []);
    card
}

fn random_facts(random: &mut Random) -> ScoreFacts {
    let mut given = [None; GIVEN_MEASURES_MAX];
    for slot in &mut given {
        let value = random.amount(60);
        *slot = random.maybe(value);
    }
    let mut maybe = || {
        let value = random.amount(60);
        random.maybe(value)
    };
    ScoreFacts {
        margin: maybe().map(usd),
        cost_to_serve: maybe().map(usd),
        referred_spend: maybe().map(usd),
        tenure_days: maybe(),
        referrals: maybe(),
        given,
        purchase_days: random.amount(60),
        orders: random.amount(60),
        ..ScoreFacts::new(usd(random.amount(60)))
    }
}

fn value_of(measure: Measure) -> i64 {
    match measure {
        Measure::Days(value) | Measure::Count(value) => value,
        Measure::Money(money) => money.minor(),
        Measure::Score(score) => i64::from(score),
        other => panic!("not a number: {other:?}"),
    }
}

fn with(mut facts: ScoreFacts, measure: ScoreMeasure, value: i64) -> ScoreFacts {
    let (known, money) = (Some(value), Some(usd(value)));
    match measure {
        ScoreMeasure::NetSpend => facts.net_spend = usd(value),
        ScoreMeasure::Margin => facts.margin = money,
        ScoreMeasure::CostToServe => facts.cost_to_serve = money,
        ScoreMeasure::ReferredSpend => facts.referred_spend = money,
        ScoreMeasure::PurchaseDays => facts.purchase_days = value,
        ScoreMeasure::TenureDays => facts.tenure_days = known,
        ScoreMeasure::Orders => facts.orders = value,
        ScoreMeasure::Referrals => facts.referrals = known,
        ScoreMeasure::Given(place) => facts.given[usize::from(place)] = known,
        other => panic!("unknown to this test: {other:?}"),
    }
    facts
}

fn total(facts: &ScoreFacts, card: &ScorecardPolicy) -> Option<Points> {
    let answer = score(facts, card, ids(), Timestamp::UNIX_EPOCH);
    let ValueAnswer::At(value) = answer.value else {
        assert_eq!(answer.reasons[0].rule, ValueRule::NothingMeasured);
        return None;
    };
    assert_eq!(answer.total(), Some(value.total()), "{facts:?} {card:?}");
    let inside = Points(0)..=Points(100_000);
    assert!(inside.contains(&value.total()), "{value:?}");
    Some(value.total())
}

#[test]
fn the_parts_of_a_million_scores_add_up() {
    let mut random = Random(3);
    let mut scored = 0;
    for _ in 0..cases(20_000) {
        let card = random_card(&mut random);
        for _ in 0..50 {
            let facts = random_facts(&mut random);
            scored += u32::from(total(&facts, &card).is_some());
        }
    }
    assert!(scored > cases(900_000), "{scored}");
}

#[test]
fn the_parts_of_every_score_of_cdnow_add_up() {
    let card = ScorecardPolicy::default();
    for shopper in shoppers() {
        let facts = ScoreFacts {
            purchase_days: shopper.purchase_days(),
            orders: shopper.orders,
            tenure_days: Some(shopper.tenure_days()),
            ..ScoreFacts::new(usd(shopper.cents))
        };
        assert!(total(&facts, &card).is_some());
    }
}

/// One step from where a change leads, back to where it came from.
fn one_step_before(reason: &Reason<ValueRule>) -> i64 {
    let (from, to) = (value_of(reason.observed), value_of(reason.limit));
    match from.cmp(&to) {
        Ordering::Less => to - 1,
        Ordering::Equal => panic!("no change"),
        Ordering::Greater => to + 1,
    }
}

#[test]
fn a_change_takes_the_score_over_the_threshold_and_one_step_before_it_does_not() {
    let mut random = Random(4);
    let (mut tried, mut none) = (0, 0);
    let mut card = random_card(&mut random);
    for case in 0..CUSTOMERS {
        if case % 10 == 0 {
            card = random_card(&mut random);
        }
        let facts = random_facts(&mut random);
        let Some(now) = total(&facts, &card) else { continue };
        let near = now.0 + random.between(-20_000, 20_000);
        let threshold = Points(near.clamp(1, 100_000));
        let reaches = |facts: &ScoreFacts| total(facts, &card).unwrap() >= threshold;
        let Some(flip) = score_flip(&facts, &card, threshold) else {
            none += 1;
            // The ends of the range are the most that any one measure can do.
            for (measure, _) in card.weights().filter(|(one, _)| facts.value(*one).is_some()) {
                for end in [i64::MIN, i64::MAX] {
                    assert_eq!(reaches(&with(facts, measure, end)), now >= threshold);
                }
            }
            continue;
        };
        tried += 1;
        let Flip::Measure(reason) = flip else { panic!("{flip:?}") };
        let ValueRule::Target(measure) = reason.rule else { panic!("{reason:?}") };
        let changed = with(facts, measure, value_of(reason.limit));
        assert_eq!(reaches(&changed), now < threshold, "{facts:?} {card:?} {threshold}");
        let before = with(facts, measure, one_step_before(&reason));
        assert_eq!(reaches(&before), now >= threshold, "{facts:?} {card:?} {threshold}");
    }
    assert!(tried > CUSTOMERS / 3 && none > 0, "{tried} {none}");
}

fn random_potential(random: &mut Random) -> (Potential, PotentialFacts) {
    let score = |random: &mut Random| u8::try_from(random.between(1, 100)).unwrap();
    let given = (!random.chance(4)).then(|| score(random));
    let facts = PotentialFacts {
        given,
        recent_net: usd(random.amount(60)),
        earlier_net: usd(random.amount(60)),
    };
    let policy = if random.chance(2) {
        let missing = [PotentialMissing::Outside, PotentialMissing::High, PotentialMissing::Low]
            [random.below(3)];
        Potential::Given { high_min: score(random), missing }
    } else {
        Potential::Growth { window_days: 90, high_min: BasisPoints(random.between(1, 30_000)) }
    };
    (policy, facts)
}

#[test]
fn a_change_turns_the_value_type_and_one_step_before_it_does_not() {
    let mut random = Random(5);
    let mut tried = [0; 3];
    let mut card = random_card(&mut random);
    for case in 0..CUSTOMERS {
        if case % 10 == 0 {
            card = random_card(&mut random);
        }
        let (scorecard, facts) = (card.clone(), random_facts(&mut random));
        let (potential, seen) = random_potential(&mut random);
        let current_high_min = Points(random.between(1, 100_000));
        let policy = ValuePolicy {
            scorecard,
            value_type: ValueTypePolicy { current_high_min, potential },
            ..ValuePolicy::default()
        };
        assert_eq!(policy.lint("value"), []);
        let of = |facts: &ScoreFacts, potential: &PotentialFacts| {
            value_type(facts, potential, &policy, ids(), Timestamp::UNIX_EPOCH)
        };
        let answer = of(&facts, &seen);
        let Some(Flip::Measure(reason)) = answer.flip else { continue };
        let changed = |value: i64| match reason.rule {
            ValueRule::Target(measure) => of(&with(facts, measure, value), &seen).value,
            ValueRule::PotentialTarget => {
                let given = Some(u8::try_from(value).unwrap());
                of(&facts, &PotentialFacts { given, ..seen }).value
            }
            ValueRule::GrowthTarget => {
                let recent_net = Money::from_minor(value, seen.recent_net.currency());
                of(&facts, &PotentialFacts { recent_net, ..seen }).value
            }
            other => panic!("{other:?}"),
        };
        tried[match reason.rule {
            ValueRule::Target(_) => 0,
            ValueRule::PotentialTarget => 1,
            _ => 2,
        }] += 1;
        assert_ne!(changed(value_of(reason.limit)), answer.value, "{facts:?} {seen:?} {policy:?}");
        assert_eq!(
            changed(one_step_before(&reason)),
            answer.value,
            "{facts:?} {seen:?} {policy:?}"
        );
    }
    assert!(tried.iter().all(|count| *count > CUSTOMERS / 50), "{tried:?}");
}

#[test]
fn what_is_left_out_leaves_the_others_in_proportion() {
    let weight = |weight, best: i64| Weight {
        weight: BasisPoints(weight),
        scale: Scale([(0, 0), (best, 100)].map(|(at, points)| ScalePoint { at, points }).to_vec()),
        missing: MissingMeasure::Skip,
    };
    let card = ScorecardPolicy {
        contribution: ContributionWeights {
            net_spend: Some(weight(3_000, 100)),
            margin: Some(weight(5_000, 100)),
            cost_to_serve: None,
            referred_spend: None,
        },
        loyalty: LoyaltyWeights {
            purchase_days: Some(weight(2_000, 10)),
            tenure_days: None,
            orders: None,
            referrals: None,
        },
        ..ScorecardPolicy::default()
    };
    let facts = ScoreFacts { purchase_days: 10, ..ScoreFacts::new(usd(0)) };
    assert_eq!(total(&facts, &card), Some(Points(40_000)));
    let known = ScoreFacts { margin: Some(usd(0)), ..facts };
    assert_eq!(total(&known, &card), Some(Points(20_000)));
}

#[test]
fn what_rounding_adds_above_the_best_score_is_a_line_of_its_own() {
    // Six sixths of 100 are 16.667 each; the seventh measure is not known and left out.
    let weighed = |place: i64| GivenWeight {
        name: format!("own {place}"),
        weight: BasisPoints(if place == 6 { 4_000 } else { 1_000 }),
        scale: Scale([(0, 0), (1, 100)].map(|(at, points)| ScalePoint { at, points }).to_vec()),
        missing: MissingMeasure::Skip,
    };
    let none = ScorecardPolicy {
        contribution: ContributionWeights { net_spend: None, ..ContributionWeights::default() },
        loyalty: LoyaltyWeights {
            purchase_days: None,
            tenure_days: None,
            orders: None,
            referrals: None,
        },
        ..ScorecardPolicy::default()
    };
    let card = ScorecardPolicy { given: (0..7).map(weighed).collect(), ..none };
    assert_eq!(card.lint("card"), []);
    let mut facts = ScoreFacts::new(usd(0));
    assert_eq!(total(&facts, &card), None);
    facts.given[..6].fill(Some(1));
    let answer = score(&facts, &card, ids(), Timestamp::UNIX_EPOCH);
    assert_eq!(answer.total(), Some(Points(100_000)));
    let last = answer.reasons.last().unwrap();
    assert_eq!((last.rule, last.contribution), (ValueRule::Ceiling, Some(Points(-2))));
}
