//! What age does to a signal, and what it means that something is not known.

use guanxi::Language;
use guanxi::churn::{
    Bound, ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRule, Combination, FirstReturns,
    Indicator, InterpurchaseTimes, Lever, Observation, Risk, Staleness, Unjudged, WeighedIndicator,
    WhenMissing,
};
use guanxi::explain::{BasisPoints, join};

use super::{
    CASES, assess, lone, nobody, only,
    random::{self, Dice},
    score,
};

#[test]
fn an_old_word_keeps_its_points_and_loses_its_weight() {
    let base = ChurnCalibration::default();
    let mut policy = only(Indicator::Complaints, &[(0, 0), (3, 90)]);
    let mut usage = only(Indicator::Usage, &[(0, 100), (8_000, 0)]).groups.remove(0).indicators;
    policy.groups[0].indicators.append(&mut usage);
    policy.groups[0].indicators.iter_mut().for_each(|weighed| weighed.weight.0 = 5_000);
    let mut at_age = |staleness, age_days: i64| {
        policy.groups[0].indicators[0].staleness = staleness;
        assert_eq!(policy.lint("churn"), []);
        let mut facts = nobody();
        facts.signals.usage = Some(Observation::new(BasisPoints(8_000), facts.day));
        let told = facts.day.saturating_add_days(-age_days);
        facts.signals.complaints_open = Some(Observation::new(3, told));
        let answer = assess(&policy, &base, &facts);
        let faded = answer.reasons.iter().any(|line| matches!(line.rule, ChurnRule::Faded(_)));
        (answer.value.risk.level().map(|level| level.score.0), faded)
    };
    // Beside fresh usage at no risk: 90 points at a weight of 1, 1/2 and 1/60 against 1.
    let fades = Staleness::Fades { after_days: 30, gone_days: 90 };
    assert_eq!(at_age(fades, 0), (Some(45_000), false));
    assert_eq!(at_age(fades, 30), (Some(45_000), false));
    assert_eq!(at_age(fades, 60), (Some(30_000), true));
    assert_eq!(at_age(fades, 89), (Some(1_478), true)); // with a freshness of 1.67 %
    assert_eq!(at_age(fades, 90), (Some(0), false));
    assert_eq!(at_age(fades, 4_000), (Some(0), false));
    let missing = Staleness::Missing { after_days: 30 };
    assert_eq!(at_age(missing, 30), (Some(45_000), false));
    assert_eq!(at_age(missing, 31), (Some(0), false));
    assert_eq!(at_age(Staleness::Never, 4_000), (Some(45_000), false));
    // Told of a later day than is judged: nobody knew.
    assert_eq!(at_age(Staleness::Never, -1), (Some(0), false));
}

#[test]
fn a_word_that_is_alone_counts_until_it_is_missing() {
    let base = ChurnCalibration::default();
    let mut policy = only(Indicator::Complaints, &[(0, 0), (3, 90)]);
    policy.groups[0].indicators[0].staleness = Staleness::Fades { after_days: 30, gone_days: 90 };
    let at_age = |policy: &ChurnPolicy, age_days: i64| {
        let mut facts = nobody();
        let told = facts.day.saturating_add_days(-age_days);
        facts.signals.complaints_open = Some(Observation::new(3, told));
        score(policy, &base, &facts)
    };
    assert_eq!(at_age(&policy, 89), Some(90_000));
    assert_eq!(at_age(&policy, 90), None);
    // What is lost of it counts as missing.
    policy.groups[0].indicators[0].missing = WhenMissing::Neutral(50);
    let scores = [30, 60, 90].map(|age_days| at_age(&policy, age_days));
    assert_eq!(scores, [Some(90_000), Some(70_000), Some(50_000)]);
    // Without fading it counts in full up to and with its last day.
    policy.groups[0].indicators[0].staleness = Staleness::Missing { after_days: 30 };
    let scores = [30, 31].map(|age_days| at_age(&policy, age_days));
    assert_eq!(scores, [Some(90_000), Some(50_000)]);
}

/// The same facts with one signal told so many days before the day that is judged.
fn aged(facts: &ChurnFacts, lever: Lever, age_days: i64) -> ChurnFacts {
    let (mut aged, told) = (*facts, facts.day.saturating_add_days(-age_days));
    let signals = &mut aged.signals;
    match lever {
        Lever::Usage => signals.usage.as_mut().unwrap().day = told,
        Lever::UsageTrend => signals.usage_trend.as_mut().unwrap().day = told,
        Lever::Complaints => signals.complaints_open.as_mut().unwrap().day = told,
        Lever::Satisfaction => signals.satisfaction.as_mut().unwrap().day = told,
        Lever::PaymentOverdue => signals.payment_overdue_since.as_mut().unwrap().day = told,
        Lever::FailedPayments => signals.failed_payments.as_mut().unwrap().day = told,
        Lever::Sponsor => signals.sponsor_gone.as_mut().unwrap().day = told,
        Lever::ContractEnd => signals.contract_ends.as_mut().unwrap().day = told,
        Lever::Custom(slot) => signals.custom[slot.index()].as_mut().unwrap().day = told,
        _ => panic!("{lever:?} is of the ledger"),
    }
    aged
}

#[test]
fn a_fading_word_goes_evenly_from_what_it_was_to_what_its_absence_is() {
    let mut moved = 0_u64;
    for case in 0..CASES / 4 {
        let mut dice = Dice::new(case);
        let (mut policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        policy.caps.clear();
        policy.floors.clear();
        let facts = random::facts(&mut dice);
        let told = |weighed: &&mut WeighedIndicator| {
            weighed.indicator.is_told() && facts.lever(weighed.indicator.lever()).is_some()
        };
        let mut groups = policy.groups.iter_mut().flat_map(|group| &mut group.indicators);
        let Some(weighed) = groups.find(told) else { continue };
        let (after_days, more) = (dice.days(60), 1 + dice.days(60));
        let lever = weighed.indicator.lever();
        weighed.staleness = Staleness::Fades { after_days, gone_days: after_days + more };
        let at_age = |age: u16| score(&policy, &base, &aged(&facts, lever, age.into()));
        // Young it counts in full, gone it is as if it had never been told.
        let mut silent = policy.clone();
        let all = silent.groups.iter_mut().flat_map(|group| &mut group.indicators);
        all.for_each(|other| {
            if other.indicator.lever() == lever {
                other.staleness = Staleness::Missing { after_days: 0 };
            }
        });
        let (full, gone) = (at_age(0), score(&silent, &base, &aged(&facts, lever, 1)));
        assert_eq!(at_age(after_days), full, "case {case}");
        assert_eq!(at_age(after_days + more), gone, "case {case}");
        let others_are_fresh =
            policy.groups.iter().flat_map(|group| &group.indicators).all(|other| {
                other.indicator.lever() == lever
                    || !matches!(other.staleness, Staleness::Fades { .. })
            });
        let weighted = policy.groups.iter().all(|group| group.combine == Combination::Weighted);
        let (Some(full), Some(gone)) = (full, gone) else { continue };
        if !others_are_fresh || !weighted || policy.combine == Combination::WorstOf {
            continue;
        }
        // In between it moves one way: a bad word never makes a customer look safer than none.
        let way = (gone - full).signum();
        let mut last = full;
        for age in after_days..=after_days + more {
            let next = at_age(age).unwrap();
            assert!((next - last) * way >= 0, "case {case}: {full} {last} {next} {gone}");
            last = next;
        }
        moved += u64::from(way != 0);
    }
    assert!(moved > CASES / 400, "{moved}");
}

#[test]
fn what_has_faded_away_binds_nobody() {
    let base = ChurnCalibration::default();
    let mut policy = only(Indicator::SponsorGone, &[(0, 0), (1, 10)]);
    policy.floors = vec![Bound::new(Indicator::SponsorGone, 1, 70)];
    policy.groups[0].indicators[0].staleness = Staleness::Fades { after_days: 10, gone_days: 20 };
    let mut facts = nobody();
    let mut at_age = |age: i64| {
        let told = facts.day.saturating_add_days(-age);
        facts.signals.sponsor_gone = Some(Observation::new(true, told));
        score(&policy, &base, &facts)
    };
    assert_eq!(at_age(19), Some(70_000));
    assert_eq!(at_age(20), None);
}

#[test]
fn a_missing_indicator_is_what_the_policy_says() {
    let base = ChurnCalibration::default();
    let mut policy = only(Indicator::Usage, &[(0, 100), (8_000, 0)]);
    let mut missing = |rule| {
        policy.groups[0].indicators[0].missing = rule;
        assess(&policy, &base, &nobody()).value.risk
    };
    let scored = |risk: Risk| risk.level().map(|level| level.score.0);
    assert_eq!(missing(WhenMissing::Skip), Risk::Outside(Unjudged::NothingKnown));
    assert_eq!(scored(missing(WhenMissing::Neutral(40))), Some(40_000));
    assert_eq!(scored(missing(WhenMissing::Worst)), Some(100_000));
}

#[test]
fn a_skipped_indicator_is_as_if_the_policy_had_it_not() {
    for case in 0..CASES / 20 {
        let mut dice = Dice::new(case);
        let (mut policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let facts = random::facts(&mut dice);
        let before = score(&policy, &base, &facts);
        let mut skipped = 0;
        let mut all = policy.clone();
        all.floors.clear();
        all.caps.clear();
        for group in &mut policy.groups {
            group.indicators.retain(|weighed| {
                let mut alone = all.clone();
                let mut weighed = weighed.clone();
                weighed.weight.0 = 10_000;
                alone.groups = lone(weighed).groups;
                let counts = score(&alone, &base, &facts).is_some();
                skipped += usize::from(!counts);
                counts
            });
        }
        assert_eq!(score(&policy, &base, &facts), before, "case {case}: {skipped} left out");
    }
}

#[test]
fn a_cadence_is_asked_of_those_who_have_the_purchase_days_for_one() {
    let mut policy = only(Indicator::SilenceByCadence, &[(10_000, 0), (30_000, 100)]);
    policy.groups[0].indicators[0].missing = WhenMissing::Worst;
    let base = ChurnCalibration::default();
    let mut with = |needed, purchase_days| {
        policy.cadence_purchase_days_min = needed;
        let mut facts = nobody();
        (facts.purchase_days, facts.silence_days) = (purchase_days, Some(62));
        facts.usual_gap_days = (purchase_days >= 2).then_some(31);
        score(&policy, &base, &facts)
    };
    assert_eq!([with(3, 2), with(3, 3)], [None, Some(50_000)]);
    // One purchase day has no gap, whatever a policy says that nobody linted; that is not an
    // indicator that is missing.
    assert_eq!([with(0, 1), with(1, 1), with(1, 2)], [None, None, Some(50_000)]);
}

#[test]
fn a_base_is_compared_with_from_so_many_cases_on() {
    let mut policy = only(Indicator::SilenceByBase, &[(0, 0), (10_000, 100)]);
    let mut base = ChurnCalibration::default();
    base.interpurchase_times = InterpurchaseTimes::from_gaps([7; 30]).unwrap();
    let mut facts = nobody();
    (facts.purchase_days, facts.silence_days) = (2, Some(62));
    let mut with = |needed| {
        policy.base_count_min = needed;
        score(&policy, &base, &facts)
    };
    assert_eq!([with(30), with(31)], [Some(100_000), None]);
}

#[test]
fn what_an_empty_base_cannot_say_is_skipped_even_where_missing_is_worst() {
    let mut policy = only(Indicator::ReturnChance, &[(0, 100), (4_000, 0)]);
    policy.groups[0].indicators[0].missing = WhenMissing::Worst;
    let mut facts = nobody();
    (facts.purchase_days, facts.silence_days) = (1, Some(62));
    let answer = assess(&policy, &ChurnCalibration::default(), &facts);
    assert_eq!(answer.value.risk, Risk::Outside(Unjudged::BaseUnknown));
    assert_eq!(answer.reasons.len(), 1);
    assert_eq!(answer.reasons[0].rule, ChurnRule::BaseUnknown);
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
    assert_eq!(after(90).value.risk.level().map(|level| level.score.0), Some(100_000));
    let answer = after(91);
    assert_eq!(answer.value.risk, Risk::Outside(Unjudged::BaseUnknown));
    assert_eq!(
        join(&answer.reasons, Language::English),
        "silent for 91 days, but other one-time buyers were observed for 90 days only"
    );
    assert_eq!(
        join(&answer.reasons, Language::Chinese),
        "已沉默91天，但其他一次性客户仅观察了90天"
    );
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
