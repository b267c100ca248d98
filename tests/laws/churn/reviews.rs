//! From one review to the next.

use guanxi::Timestamp;
use guanxi::churn::{
    ChurnCalibration, ChurnRules, Indicator, Observation, Risk, RiskBand, RiskState, Unjudged,
};
use guanxi::explain::Points;

use super::{
    each_case, ids, nobody, only,
    random::{self, Dice},
    score,
};

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
        state = rules.judge(&facts, state, at).state;
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
fn a_gap_in_what_is_known_does_not_forget_the_band() {
    let (policy, base) =
        (only(Indicator::Complaints, &[(0, 0), (100, 100)]), ChurnCalibration::default());
    let rules = ChurnRules::new(&policy, &base);
    let at = |seconds| Timestamp::UNIX_EPOCH.saturating_add_seconds(seconds);
    let with = |complaints| {
        let mut facts = nobody();
        facts.signals.complaints_open = Some(Observation::new(complaints, facts.day));
        facts
    };
    let first = rules.judge(&with(56), None, at(0));
    let gap = rules.judge(&nobody(), first.state, at(1));
    assert_eq!(gap.risk, Risk::Outside(Unjudged::NothingKnown));
    assert_eq!(gap.state, Some(RiskState::new(RiskBand::High, at(0))));
    // Held by the margin, since the first review.
    let back = rules.judge(&with(51), gap.state, at(2));
    assert_eq!(back.state, first.state);
    assert_eq!(back.risk.level().map(|level| level.band), Some(RiskBand::High));
    assert_eq!(rules.judge(&nobody(), None, at(0)).state, None);
}

#[test]
fn the_short_answer_is_the_long_one_without_reasons() {
    let at = Timestamp::UNIX_EPOCH.saturating_add_seconds(7);
    each_case(|case, policy, base, facts| {
        let last = random::last(&mut Dice::new(case));
        let rules = ChurnRules::new(policy, base);
        let review = rules.judge(facts, last, at);
        assert_eq!(rules.assess(facts, last, ids(), at).value, review, "case {case}");
        let band = review.risk.level().map(|level| level.band);
        assert_eq!(rules.band(facts, last), band, "case {case}");
        assert_eq!(review.state.map(|state| state.band), band.or(last.map(|last| last.band)));
    });
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
        then.day = facts.day.saturating_add_days(1);
        assert_eq!(rules.trend(facts, &then, ids(), Timestamp::UNIX_EPOCH), None, "case {case}");
        if let (Some(trend), Some((now, before))) = (trend, scores) {
            assert_eq!(trend.value.0, Points(now - before), "case {case}");
            assert_eq!(trend.total(), Some(trend.value.0), "case {case}");
        }
    });
}
