//! What a manager reads.

use std::collections::BTreeSet;

use guanxi::explain::{BasisPoints, Language, Rule};
use guanxi::explain::{Flip, Points};
use guanxi::rank::Ties;
use guanxi::scale::{Corner, Scale};
use guanxi::slot::Slot;
use guanxi::value::{
    Level, MissingMeasure, OwnWeight, PotentialFacts, RfmCalibration, RfmFacts, ScoreFacts,
    ScoreMeasure, ScorecardPolicy, ValuePolicy, ValueRule, score, score_flip, value_type,
};
use guanxi::{Speak, Timestamp};

use super::super::random::customer;
use super::{grade, ids, quantiles, usd};

#[test]
fn every_rule_speaks_both_languages() {
    let codes: BTreeSet<_> = ValueRule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), ValueRule::ALL.len());
    let own = (1..=8).filter_map(Slot::new).map(ScoreMeasure::Own);
    let measures =
        [ScoreMeasure::CostToServe, ScoreMeasure::ReferredRevenue].into_iter().chain(own);
    let about_measures = measures.flat_map(|measure| {
        let target = |level| ValueRule::Target { measure, level };
        [ValueRule::Measured(measure), target(Level::High), target(Level::Low)]
    });
    for rule in ValueRule::ALL.into_iter().chain(about_measures) {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| rule.template(language));
        assert!(english.is_ascii() && !english.ends_with('.'), "{english}");
        assert!(!chinese.is_ascii() && !chinese.ends_with('。'), "{chinese}");
        for slot in ["{observed}", "{limit}"] {
            assert_eq!(english.contains(slot), chinese.contains(slot), "{english}");
        }
        let stored = serde_json::to_string(&rule).unwrap();
        assert!(stored.contains(rule.code()), "{stored}");
        assert_eq!(serde_json::from_str::<ValueRule>(&stored).unwrap(), rule);
    }
}

#[test]
fn answers_read_well() {
    let facts = RfmFacts::new(customer(1), Some(12), 3, usd(9_900));
    let policy = quantiles(5, Ties::EqualWorse);
    let calibration = RfmCalibration::of(&policy, &[facts]);
    let answer = grade(&facts, &policy, &calibration);
    assert_eq!(
        answer.text(Language::Chinese),
        "R1 F1 M1，因为最近购买距今12天，无更高组可达 (+1)；购买日3天，无更高组可达 (+1)；\
         净收入99.00 USD，无更高组可达 (+1)"
    );
    let lacking = grade(&facts, &policy, &RfmCalibration::default());
    assert_eq!(
        lacking.text(Language::English),
        "no answer, because the customer base has not been measured yet"
    );
}

#[test]
fn a_flip_names_the_level_that_would_be() {
    let mut facts = ScoreFacts::new(usd(41_250));
    (facts.purchase_days, facts.orders, facts.tenure_days) = (3, 4, Some(365));
    let policy = ValuePolicy::default();
    let text = |potential: PotentialFacts| {
        let answer = value_type(&facts, &potential, &policy, ids(), Timestamp::UNIX_EPOCH);
        [Language::English, Language::Chinese]
            .map(|language| answer.flip.as_ref().unwrap().text(language))
    };
    assert_eq!(
        text(PotentialFacts::new(usd(21_250)).with_earlier(usd(20_000))),
        [
            "It would change at: low potential at net revenue 199.99 USD in the last window instead \
             of 212.50 USD",
            "改变条件：最近窗口期净收入为199.99 USD而非212.50 USD时潜力低",
        ]
    );
    // Too new for a window before: nothing of the potential can change.
    assert_eq!(
        text(PotentialFacts::new(usd(21_250))),
        [
            "It would change at: high value at net revenue 689.99 USD instead of 412.50 USD",
            "改变条件：净收入为689.99 USD而非412.50 USD时价值高",
        ]
    );
    let new = PotentialFacts::new(usd(21_250));
    let answer = value_type(&facts, &new, &policy, ids(), Timestamp::UNIX_EPOCH);
    assert!(answer.text(Language::English).starts_with(
        "low value, high potential: develop, because value 36.125 points, high from 50 points; net \
         revenue 212.50 USD in the last window, too new to compare with a window before. "
    ));
}

#[test]
fn own_measures_are_called_by_their_names() {
    let own = OwnWeight {
        slot: Slot::new(3).unwrap(),
        name: "coop".to_owned(),
        english: "cooperation".to_owned(),
        chinese: "合作度".to_owned(),
        weight: BasisPoints(5_000),
        scale: Scale([(0, 0), (5, 100)].map(|(at, points)| Corner { at, points }).to_vec()),
        missing: MissingMeasure::Skip,
    };
    let mut policy = ScorecardPolicy { own: vec![own], ..ScorecardPolicy::default() };
    policy.contribution.net_revenue = None;
    let facts = ScoreFacts::new(usd(0));
    let said = |facts: &ScoreFacts, language| {
        let answer = score(facts, &policy, ids(), Timestamp::UNIX_EPOCH);
        policy.sentence(answer.reasons.last().unwrap(), language)
    };
    assert_eq!(said(&facts, Language::English), "cooperation unknown, left out");
    assert_eq!(said(&facts, Language::Chinese), "合作度未知，不计入");
    let known = facts.with_own(policy.slot("coop").unwrap(), 2);
    assert_eq!(said(&known, Language::Chinese), "合作度2，权重50 % (+20)");
    let Some(Flip::Measure(reason)) = score_flip(&known, &policy, Points(50_000)) else { panic!() };
    assert_eq!(
        policy.sentence(&reason, Language::English),
        "high value at cooperation 5 instead of 2"
    );
}
