//! Scores: what they add up to, what they are bounded by, and what moves them.

use guanxi::churn::{
    Bound, ChurnCalibration, ChurnFacts, ChurnGroup, ChurnPolicy, ChurnRule, ChurnRules,
    Combination, Comparison, Corner, FirstReturns, GroupPolicy, Indicator, Lever, Observation,
    Returns, Risk, RiskBand, RiskState, Scale, Staleness, Unjudged, WeighedIndicator, WhenMissing,
};
use guanxi::explain::{BasisPoints, Points, join};
use guanxi::{Day, Language, Timestamp};

use super::random::{self, Dice};
use super::{assess, ids, nobody, score};

/// A million where that is quick.
const CASES: u64 = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };

/// Customers drawn for each policy, so that policies are not the work.
const EACH: u64 = 50;

fn each_case(mut law: impl FnMut(u64, &ChurnPolicy, &ChurnCalibration, &ChurnFacts)) {
    for draw in 0..CASES / EACH {
        let mut dice = Dice::new(draw);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        for number in 0..EACH {
            law(draw * EACH + number, &policy, &base, &random::facts(&mut dice));
        }
    }
}

#[test]
fn parts_add_up_to_the_score_exactly() {
    let (mut judged, mut outside) = (0_u64, 0_u64);
    each_case(|case, policy, base, facts| {
        let answer = assess(policy, base, facts);
        match answer.value {
            Risk::At(level) => {
                judged += 1;
                assert!((0..=100_000).contains(&level.score.0), "case {case}: {level:?}");
                assert_eq!(answer.total(), Some(level.score), "case {case}: {answer:?}");
            }
            Risk::Outside(_) => {
                outside += 1;
                assert_eq!(answer.total(), Some(Points(0)), "case {case}");
            }
        }
    });
    assert!(judged > 1_000 && outside > 100, "{judged} {outside}");
}

/// What the module's page says, in floating point.
fn plainly(policy: &ChurnPolicy, base: &ChurnCalibration, facts: &ChurnFacts) -> Option<f64> {
    let mut groups = Vec::new();
    for group in &policy.groups {
        let mut parts = Vec::new();
        for weighed in &group.indicators {
            if let Some(points) = worth(weighed, policy, base, facts) {
                parts.push((weighed.weight.0 as f64, points));
            }
        }
        if !parts.is_empty() {
            groups.push((group.weight.0 as f64, combine(&parts, group.combine)));
        }
    }
    if groups.is_empty() { None } else { Some(combine(&groups, policy.combine)) }
}

fn combine(parts: &[(f64, f64)], how: Combination) -> f64 {
    match how {
        Combination::Weighted => {
            let weights: f64 = parts.iter().map(|(weight, _)| weight).sum();
            parts.iter().map(|(weight, points)| weight * points).sum::<f64>() / weights
        }
        Combination::WorstOf => parts.iter().map(|(_, points)| *points).fold(0.0, f64::max),
    }
}

/// The points of one indicator, its value taken from a policy that has no other.
fn worth(
    weighed: &WeighedIndicator,
    policy: &ChurnPolicy,
    base: &ChurnCalibration,
    facts: &ChurnFacts,
) -> Option<f64> {
    let alone = GroupPolicy {
        name: ChurnGroup::Other,
        weight: BasisPoints(10_000),
        combine: Combination::Weighted,
        indicators: vec![WeighedIndicator { weight: BasisPoints(10_000), ..weighed.clone() }],
    };
    let policy = ChurnPolicy {
        groups: vec![alone],
        floors: Vec::new(),
        caps: Vec::new(),
        combine: Combination::Weighted,
        ..policy.clone()
    };
    score(&policy, base, facts).map(|score| score as f64)
}

#[test]
fn the_score_is_the_mean_or_the_worst_of_its_parts() {
    let mut compared = 0;
    for case in 0..CASES / 20 {
        let mut dice = Dice::new(case);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let policy = ChurnPolicy { floors: Vec::new(), caps: Vec::new(), ..policy };
        let facts = random::facts(&mut dice);
        let (ours, theirs) = (score(&policy, &base, &facts), plainly(&policy, &base, &facts));
        assert_eq!(ours.is_some(), theirs.is_some(), "case {case}");
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            compared += 1;
            // Half a thousandth of rounding at the end, and a thousandth of it in every part.
            assert!((ours as f64 - theirs).abs() <= 1.5, "case {case}: {ours} {theirs}");
        }
    }
    assert!(compared > 500);
}

#[test]
fn bounds_hold_whatever_the_indicators_say() {
    each_case(|case, policy, base, facts| {
        let answer = assess(policy, base, facts);
        let Some(level) = answer.value.level() else { return };
        let free = ChurnPolicy { floors: Vec::new(), caps: Vec::new(), ..policy.clone() };
        let unbound = score(&free, base, facts).unwrap();
        let binds =
            |found: fn(&ChurnRule) -> bool| answer.reasons.iter().any(|reason| found(&reason.rule));
        let floored = binds(|rule| matches!(rule, ChurnRule::Floor(_)));
        let capped = binds(|rule| matches!(rule, ChurnRule::Cap(_)));
        if floored {
            assert!(
                policy.floors.iter().any(|floor| level.score.0 == i64::from(floor.points) * 1_000)
            );
        } else if capped {
            assert!(level.score.0 < unbound, "case {case}");
        } else {
            assert_eq!(level.score.0, unbound, "case {case}");
        }
    });
}

#[test]
fn a_score_never_falls_when_one_fact_gets_riskier() {
    for case in 0..CASES / 20 {
        let mut dice = Dice::new(case);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let facts = random::facts(&mut dice);
        for weighed in policy.groups.iter().flat_map(|group| &group.indicators) {
            let (lever, direction) =
                (weighed.indicator.lever(), policy.direction(weighed.indicator).unwrap());
            let Some(now) = facts.lever(lever) else { continue };
            // Silence makes the chance to return fall, and that is the risk.
            let higher = weighed.indicator == Indicator::ReturnChance || direction.reaches(1, 0);
            let other = if higher { now + dice.from(1, 500) } else { now - dice.from(1, 500) };
            let observed = i64::from(base.first_returns.observed_days());
            if lever == Lever::Silence && facts.is_one_time_buyer() && other > observed {
                continue; // No longer compared with the base.
            }
            let riskier = facts.with_lever(lever, other);
            let (before, after) = (score(&policy, &base, &facts), score(&policy, &base, &riskier));
            assert!(after >= before, "case {case}: {lever:?} {now} to {other}");
        }
    }
}

#[test]
fn a_skipped_indicator_is_as_if_the_policy_had_it_not() {
    for case in 0..CASES / 20 {
        let mut dice = Dice::new(case);
        let (mut policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let facts = random::facts(&mut dice);
        let before = score(&policy, &base, &facts);
        let mut skipped = 0;
        let lone = policy.clone();
        for group in &mut policy.groups {
            group.indicators.retain(|weighed| {
                let counts = worth(weighed, &lone, &base, &facts).is_some();
                skipped += usize::from(!counts);
                counts
            });
        }
        assert_eq!(score(&policy, &base, &facts), before, "case {case}: {skipped} left out");
    }
}

fn only(indicator: Indicator, corners: &[(i64, u8)]) -> ChurnPolicy {
    let scale = Scale(corners.iter().map(|&(at, points)| Corner { at, points }).collect());
    let (staleness, missing) = (Staleness::Never, WhenMissing::Skip);
    let weighed =
        WeighedIndicator { indicator, weight: BasisPoints(10_000), scale, staleness, missing };
    let group = GroupPolicy {
        name: ChurnGroup::Other,
        weight: BasisPoints(10_000),
        combine: Combination::Weighted,
        indicators: vec![weighed],
    };
    ChurnPolicy { groups: vec![group], floors: Vec::new(), ..ChurnPolicy::default() }
}

#[test]
fn an_old_word_fades_to_nothing_or_counts_as_missing() {
    let base = ChurnCalibration::default();
    let mut policy = only(Indicator::Complaints, &[(0, 0), (3, 90)]);
    let mut at_age = |staleness, age_days: i64| {
        policy.groups[0].indicators[0].staleness = staleness;
        let mut facts = nobody();
        let told = facts.day.saturating_add_days(-age_days);
        facts.signals.complaints_open = Some(Observation::new(3, told));
        let answer = assess(&policy, &base, &facts);
        let faded = answer.reasons.iter().any(|line| matches!(line.rule, ChurnRule::Faded(_)));
        (answer.value.level().map(|level| level.score.0), faded)
    };
    let fades = Staleness::Fades { after_days: 30, gone_days: 90 };
    assert_eq!(at_age(fades, 0), (Some(90_000), false));
    assert_eq!(at_age(fades, 30), (Some(90_000), false));
    assert_eq!(at_age(fades, 31), (Some(88_500), true));
    assert_eq!(at_age(fades, 60), (Some(45_000), true));
    assert_eq!(at_age(fades, 89), (Some(1_500), true));
    assert_eq!(at_age(fades, 90), (Some(0), true));
    assert_eq!(at_age(fades, 4_000), (Some(0), true));
    let missing = Staleness::Missing { after_days: 30 };
    assert_eq!(at_age(missing, 30), (Some(90_000), false));
    assert_eq!(at_age(missing, 31), (None, false));
    assert_eq!(at_age(Staleness::Never, 4_000), (Some(90_000), false));
    // Observation of a later day than is judged: nobody knew.
    assert_eq!(at_age(Staleness::Never, -1), (None, false));
}

#[test]
fn what_has_faded_away_binds_nobody() {
    let base = ChurnCalibration::default();
    let mut policy = only(Indicator::SponsorGone, &[(0, 0), (1, 10)]);
    policy.floors = vec![Bound { indicator: Indicator::SponsorGone, at: 1, points: 70 }];
    policy.groups[0].indicators[0].staleness = Staleness::Fades { after_days: 10, gone_days: 20 };
    let mut facts = nobody();
    let mut at_age = |age: i64| {
        facts.signals.sponsor_gone =
            Some(Observation::new(true, facts.day.saturating_add_days(-age)));
        score(&policy, &base, &facts)
    };
    assert_eq!(at_age(19), Some(70_000));
    assert_eq!(at_age(20), Some(0));
}

#[test]
fn a_missing_indicator_is_what_the_policy_says() {
    let base = ChurnCalibration::default();
    let mut policy = only(Indicator::Usage, &[(0, 100), (8_000, 0)]);
    let mut missing = |rule| {
        policy.groups[0].indicators[0].missing = rule;
        assess(&policy, &base, &nobody()).value
    };
    let scored = |value: Risk| value.level().map(|level| level.score.0);
    assert_eq!(missing(WhenMissing::Skip), Risk::Outside(Unjudged::NothingKnown));
    assert_eq!(scored(missing(WhenMissing::Neutral(40))), Some(40_000));
    assert_eq!(scored(missing(WhenMissing::Worst)), Some(100_000));
}

#[test]
fn what_an_empty_base_cannot_say_is_skipped_even_where_missing_is_worst() {
    let mut policy = only(Indicator::ReturnChance, &[(0, 100), (4_000, 0)]);
    policy.groups[0].indicators[0].missing = WhenMissing::Worst;
    let mut facts = nobody();
    (facts.purchase_days, facts.silence_days) = (1, Some(62));
    let answer = assess(&policy, &ChurnCalibration::default(), &facts);
    assert_eq!(answer.value, Risk::Outside(Unjudged::BaseUnknown));
    assert_eq!(answer.reasons.len(), 1);
    assert_eq!(answer.reasons[0].rule, ChurnRule::BaseUnknown);
}

#[test]
fn a_band_is_kept_through_the_margin_and_begins_where_it_was_entered() {
    let (policy, base) =
        (only(Indicator::Complaints, &[(0, 0), (100, 100)]), ChurnCalibration::default());
    let rules = ChurnRules::new(&policy, &base);
    let start = Timestamp::UNIX_EPOCH;
    let mut state: Option<RiskState> = None;
    let mut reviews = Vec::new();
    for (number, complaints) in [10, 56, 54, 50, 49, 54, 55].into_iter().enumerate() {
        let mut facts = nobody();
        facts.signals.complaints_open = Some(Observation::new(complaints, facts.day));
        let at = start.saturating_add_seconds(number.try_into().unwrap());
        state = rules.assess(&facts, state, ids(), at).value.level().map(|level| level.state);
        let kept = state.unwrap();
        reviews.push((kept.band, kept.since.as_micros() / 1_000_000));
    }
    let expected = [
        (RiskBand::Low, 0),
        (RiskBand::High, 1),
        (RiskBand::High, 1),
        (RiskBand::High, 1),
        (RiskBand::Medium, 4),
        (RiskBand::Medium, 4),
        (RiskBand::High, 6),
    ];
    assert_eq!(reviews, expected);
}

#[test]
fn trend_is_the_difference_of_both_scores() {
    each_case(|case, policy, base, facts| {
        let rules = ChurnRules::new(policy, base);
        let mut then = random::facts(&mut Dice::new(case));
        then.day = facts.day.saturating_add_days(-90);
        let scores = score(policy, base, facts).zip(score(policy, base, &then));
        let trend = rules.trend(facts, &then, ids(), Timestamp::UNIX_EPOCH);
        assert_eq!(trend.is_some(), scores.is_some(), "case {case}");
        if let (Some(trend), Some((now, before))) = (trend, scores) {
            assert_eq!(trend.value.0, Points(now - before), "case {case}");
            assert_eq!(trend.total(), Some(trend.value.0), "case {case}");
        }
    });
}

/// Any number, the ends of the range more often than chance has them.
fn wild(dice: &mut Dice) -> i64 {
    match dice.below(6) {
        0 => i64::MIN,
        1 => i64::MAX,
        2 => 0,
        3 => dice.from(-3, 3),
        4 => dice.bits().cast_signed(),
        _ => dice.from(-20_000, 20_000),
    }
}

fn wild_policy(dice: &mut Dice) -> ChurnPolicy {
    let mut policy = random::policy(dice);
    for group in &mut policy.groups {
        group.weight = BasisPoints(wild(dice));
        for weighed in &mut group.indicators {
            weighed.weight = BasisPoints(wild(dice));
            for corner in &mut weighed.scale.0 {
                *corner = Corner { at: wild(dice), points: dice.small(0, 255) };
            }
            weighed.staleness =
                Staleness::Fades { after_days: dice.days(500), gone_days: dice.days(500) };
            weighed.missing = WhenMissing::Neutral(dice.small(0, 255));
        }
    }
    let many = dice.below(6);
    for _ in 0..many {
        policy.groups.extend(policy.groups.clone().into_iter().take(8));
    }
    policy.bands.medium_from = dice.small(0, 255);
    policy.bands.down_margin = dice.small(0, 255);
    policy
}

fn wild_facts(dice: &mut Dice) -> ChurnFacts {
    let mut facts = random::facts(dice);
    let count = |dice: &mut Dice| dice.pick(&[0, 1, 2, u32::MAX]);
    facts.day = dice.pick(&[Day::MIN, Day::MAX, facts.day]);
    facts.purchase_days = count(dice);
    facts.silence_days = Some(count(dice));
    facts.usual_gap_days = Some(count(dice));
    let compare = |dice: &mut Dice| {
        Some(Comparison { recent: wild(dice), before: wild(dice), windows: dice.days(u16::MAX) })
    };
    facts.orders = compare(dice);
    facts.spend = compare(dice);
    facts.order_value = compare(dice);
    facts.returns = Some(Returns { returned: wild(dice), gross: wild(dice) });
    let (value, ends) = (wild(dice), dice.pick(&[Day::MIN, Day::MAX]));
    facts.signals.usage = Some(Observation::new(BasisPoints(value), facts.day));
    facts.signals.contract_ends = Some(Observation::new(ends, Day::MIN));
    facts
}

#[test]
fn whatever_comes_has_an_answer_whose_parts_add_up() {
    for case in 0..CASES / 10 {
        let mut dice = Dice::new(case);
        let (policy, base) = (wild_policy(&mut dice), random::base(&mut dice));
        let _ = policy.lint("churn");
        let facts = wild_facts(&mut dice);
        let answer = assess(&policy, &base, &facts);
        if let Some(level) = answer.value.level() {
            assert_eq!(answer.total(), Some(level.score), "case {case}");
        }
        if case % 50 == 0 {
            let _ = ChurnRules::new(&policy, &base).turns(&facts, None);
        }
    }
}

#[test]
fn a_base_says_nothing_of_longer_silences_than_it_was_observed() {
    let policy = only(Indicator::ReturnChance, &[(0, 100), (4_000, 0)]);
    let mut base = ChurnCalibration::default();
    let buyers = (0..40).map(|number| (90, Some(number).filter(|number| *number < 20)));
    base.first_returns = FirstReturns::of(90, buyers).unwrap();
    let mut facts = nobody();
    facts.purchase_days = 1;
    let mut after = |silence| {
        facts.silence_days = Some(silence);
        assess(&policy, &base, &facts)
    };
    assert_eq!(after(90).value.level().map(|level| level.score.0), Some(100_000));
    let answer = after(91);
    assert_eq!(answer.value, Risk::Outside(Unjudged::BaseUnknown));
    assert_eq!(
        join(&answer.reasons, Language::English),
        "silent for 91 days, but other one-time buyers were observed for 90 days only"
    );
    assert_eq!(
        join(&answer.reasons, Language::Chinese),
        "已沉默91天，但其他一次性客户仅观察了90天"
    );
}

/// Orders, spend and average order of somebody who placed these orders.
fn windows(recent: &[i64], before: &[i64]) -> [Option<Comparison>; 3] {
    let compare = |recent, before| Comparison { recent, before, windows: 2 };
    let count = |orders: &[i64]| i64::try_from(orders.len()).unwrap();
    let orders = compare(count(recent), count(before));
    let spend = compare(recent.iter().sum(), before.iter().sum());
    [Some(orders), Some(spend), Comparison::average_order(spend, orders)]
}

#[test]
fn ordering_less_never_looks_safer() {
    let mut fell = 0_u64;
    for case in 0..CASES / 10 {
        let mut dice = Dice::new(case);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let mut facts = random::facts(&mut dice);
        // Beside signals of all kinds, somebody with orders before and perhaps recently.
        let mut amounts =
            |most| -> Vec<i64> { (0..dice.below(most)).map(|_| dice.from(0, 9_000)).collect() };
        let (mut recent, before) = (amounts(6), amounts(9));
        let risk = |facts: &mut ChurnFacts, recent: &[i64]| {
            [facts.orders, facts.spend, facts.order_value] = windows(recent, &before);
            score(&policy, &base, facts)
        };
        let mut last = risk(&mut facts, &recent);
        // Spending less on the same orders.
        for at in 0..recent.len() {
            recent[at] -= dice.from(0, recent[at]);
            let next = risk(&mut facts, &recent);
            assert!(next >= last, "case {case}: {last:?} to {next:?}, spending {recent:?}");
            fell += u64::from(next > last);
            last = next;
        }
        // Stopping at once, and order by order, the greatest first: without a small one the average is
        // truly higher.
        let stopped = risk(&mut facts, &[]);
        recent.sort_unstable();
        while recent.pop().is_some() {
            assert!(stopped >= last, "case {case}: {last:?}, stopped {stopped:?}");
            let next = risk(&mut facts, &recent);
            assert!(next >= last, "case {case}: {last:?} to {next:?}, left {recent:?}");
            fell += u64::from(next > last);
            last = next;
        }
    }
    assert!(fell > CASES / 20, "{fell}");
}

#[test]
fn one_tiny_order_is_no_worse_than_none() {
    let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
    let mut facts = nobody();
    let mut after = |recent: &[i64]| {
        [facts.orders, facts.spend, facts.order_value] = windows(recent, &[5_000; 6]);
        score(&policy, &base, &facts).unwrap()
    };
    let (many, tiny, none) = (after(&[5_000; 3]), after(&[100]), after(&[]));
    assert!(many < tiny && tiny < none, "{many} {tiny} {none}");
    assert_eq!(none, 100_000);
}

#[test]
fn an_overdue_payment_grows_older_without_another_word() {
    let policy = only(Indicator::PaymentOverdue, &[(0, 0), (100, 100)]);
    let base = ChurnCalibration::default();
    let mut facts = nobody();
    let since = facts.day;
    facts.signals.payment_overdue_since = Some(Observation::new(Some(since), since));
    for days in [0, 1, 40, 100] {
        facts.day = since.saturating_add_days(days);
        assert_eq!(score(&policy, &base, &facts), Some(days * 1_000));
    }
    facts.signals.payment_overdue_since = Some(Observation::new(None, facts.day));
    assert_eq!(score(&policy, &base, &facts), Some(0));
}
