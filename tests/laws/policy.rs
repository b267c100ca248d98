//! The policy document: every fault of it, and the words in which rules speak.

use std::collections::BTreeSet;

use guanxi::explain::{Language, Measure, Reason, Rule, Speak};
use guanxi::lifecycle::{LifecyclePolicy, LifecycleRule, SatisfactionFloor};
use guanxi::rulebook::RulebookError;
use guanxi::{Currency, Policy, Rulebook, Rulebooks, Stage, Timestamp};
use proptest::prelude::*;

use super::generate::{cases, policies};

fn faults(change: impl FnOnce(&mut LifecyclePolicy)) -> Vec<String> {
    let mut policy = Policy::new(Currency::USD);
    change(&mut policy.lifecycle);
    let faults = policy.lint();
    for fault in &faults {
        assert!(!fault.problem.is_empty() && !fault.remedy.is_empty(), "{fault}");
        assert!(fault.to_string().starts_with(&fault.path));
    }
    let refused = Rulebook::new(policy, Timestamp::MIN);
    match &refused {
        Ok(_) => assert!(faults.is_empty()),
        Err(RulebookError::Faults { faults: found }) => assert_eq!(found, &faults),
        Err(other) => panic!("{other}"),
    }
    faults.into_iter().map(|fault| fault.path).collect()
}

#[test]
fn the_default_policy_has_no_fault() {
    assert_eq!(faults(|_| {}), Vec::<String>::new());
}

#[test]
fn every_fault_is_found_at_its_path() {
    let one = |path: &str| vec![format!("lifecycle.{path}")];
    let floor = |score_min| Some(SatisfactionFloor { score_min, ..SatisfactionFloor::default() });
    assert_eq!(
        faults(|policy| policy.loyalty.satisfaction = floor(101)),
        one("loyalty.satisfaction.score_min")
    );
    assert_eq!(faults(|policy| policy.loyalty.satisfaction = floor(100)), Vec::<String>::new());
    assert_eq!(faults(|policy| policy.decline.window_days = 0), one("decline.window_days"));
    assert_eq!(
        faults(|policy| policy.decline.baseline_windows = 0),
        one("decline.baseline_windows")
    );
    assert_eq!(faults(|policy| policy.decline.baseline_min = 0), one("decline.baseline_min"));
    assert_eq!(
        faults(|policy| (policy.decline.fall_percent, policy.recovery.percent) = (100, 101)),
        one("decline.fall_percent")
    );
    assert_eq!(faults(|policy| policy.lapse.cadence_percent = 99), one("lapse.cadence_percent"));
    assert_eq!(
        faults(|policy| policy.lapse.cadence_purchase_days_min = 1),
        one("lapse.cadence_purchase_days_min")
    );
    assert_eq!(
        faults(|policy| {
            (policy.lapse.floor_days, policy.lapse.without_cadence_days) = (0, 1);
        }),
        one("lapse.floor_days")
    );
    assert_eq!(faults(|policy| policy.lapse.ceiling_days = 59), one("lapse.ceiling_days"));
    for outside in [59, 366] {
        assert_eq!(
            faults(|policy| policy.lapse.without_cadence_days = outside),
            one("lapse.without_cadence_days")
        );
    }
    assert_eq!(
        faults(|policy| {
            policy.stalled_after_days.insert(Stage::Aware, 0);
        }),
        one("stalled_after_days.aware")
    );
    assert_eq!(
        faults(|policy| {
            policy.stalled_after_days.insert(Stage::Growing, 10);
            policy.dwell_days_min.insert(Stage::Growing, 11);
        }),
        one("dwell_days_min.growing")
    );
}

#[test]
fn rules_that_never_or_always_speak_are_faults() {
    use guanxi::lifecycle::{Mode, PurchaseMeasure};
    use guanxi::machine::Missing;

    let one = |path: &str| vec![format!("lifecycle.{path}")];
    let none: Vec<String> = Vec::new();

    let floor = |score_min, missing| {
        let floor = SatisfactionFloor { score_min, missing, ..SatisfactionFloor::default() };
        faults(|policy| policy.loyalty.satisfaction = Some(floor))
    };
    assert_eq!(floor(0, Missing::Waive), one("loyalty.satisfaction.score_min"));
    assert_eq!(floor(0, Missing::Block), none); // asks for a score, whatever it is
    assert_eq!(floor(1, Missing::Waive), none);

    assert_eq!(faults(|policy| policy.loyalty.tenure_days_min = 36_525), none);
    assert_eq!(
        faults(|policy| policy.loyalty.tenure_days_min = 36_526),
        one("loyalty.tenure_days_min")
    );

    let loyal_at_once = |change: fn(&mut LifecyclePolicy)| {
        faults(|policy| {
            policy.loyalty.orders_min = 1;
            policy.loyalty.tenure_days_min = 0;
            policy.loyalty.satisfaction = None;
            change(policy);
        })
    };
    assert_eq!(loyal_at_once(|_| {}), one("loyalty"));
    assert_eq!(loyal_at_once(|policy| policy.loyalty.mode = Mode::Suggest), none);
    assert_eq!(loyal_at_once(|policy| policy.loyalty.orders_min = 2), none);
    assert_eq!(loyal_at_once(|policy| policy.loyalty.tenure_days_min = 1), none);
    let dwelling = |policy: &mut LifecyclePolicy| {
        policy.dwell_days_min.insert(Stage::Growing, 1);
    };
    assert_eq!(loyal_at_once(dwelling), none);

    let days = |window_days, windows, least, percent| {
        faults(|policy| {
            policy.decline.measure = PurchaseMeasure::PurchaseDays;
            policy.decline.window_days = window_days;
            policy.decline.baseline_windows = windows;
            policy.decline.baseline_min = least;
            policy.recovery.percent = percent;
        })
    };
    assert_eq!(days(10, 3, 30, 80), none);
    assert_eq!(days(10, 3, 31, 80), one("decline.baseline_min"));
    // 30 in three windows are 10 in each; 12 days, today and tomorrow among them, are 120 percent.
    assert_eq!(days(10, 3, 30, 120), none);
    assert_eq!(days(10, 3, 30, 121), one("recovery.percent"));
}

#[test]
fn limits_of_stages_that_they_cannot_concern_are_faults() {
    for stage in Stage::ALL {
        let moved =
            matches!(stage, Stage::Onboarding | Stage::Growing | Stage::Loyal | Stage::Declining);
        let dwell = faults(|policy| policy.dwell_days_min.extend([(stage, 7)]));
        assert_eq!(dwell.is_empty(), moved, "{stage}: {dwell:?}");
        let stalled = faults(|policy| policy.stalled_after_days.extend([(stage, 7)]));
        assert_eq!(stalled.is_empty(), stage != Stage::Ended, "{stage}: {stalled:?}");
    }
}

#[test]
fn recovery_must_be_stricter_than_decline() {
    for percent in [0, 49, 50] {
        assert_eq!(
            faults(|policy| policy.recovery.percent = percent),
            ["lifecycle.recovery.percent"],
            "{percent}"
        );
    }
    assert_eq!(faults(|policy| policy.recovery.percent = 51), Vec::<String>::new());
}

#[test]
fn all_faults_are_found_at_once() {
    let found = faults(|policy| {
        policy.decline.window_days = 0;
        policy.recovery.percent = 0;
        policy.lapse.cadence_percent = 0;
    });
    let expected = [
        "lifecycle.decline.window_days",
        "lifecycle.recovery.percent",
        "lifecycle.lapse.cadence_percent",
    ];
    assert_eq!(found, expected);
}

#[test]
fn unknown_fields_are_refused_and_the_place_is_named() {
    let document = br#"{"currency":"USD",
"lifecycle":{"lapse":{"flor_days":3}}}"#;
    let Err(RulebookError::Document { line, .. }) = Policy::from_json(document) else {
        panic!("a misspelt field was accepted")
    };
    assert_eq!(line, 2);
}

#[test]
fn successions_are_checked() {
    let book = |from: Timestamp, currency| Rulebook::new(Policy::new(currency), from).unwrap();
    let (early, late) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH.next());
    let (usd, eur) = (Currency::USD, Currency::EUR);
    assert!(matches!(Rulebooks::new(vec![]), Err(RulebookError::Count { count: 0 })));
    let same = Rulebooks::new(vec![book(early, usd), book(early, usd)]);
    assert!(matches!(same, Err(RulebookError::SameInstant { at }) if at == early));
    let changed = Rulebooks::new(vec![book(late, eur), book(early, usd)]);
    assert!(
        matches!(changed, Err(RulebookError::CurrencyChanged { from, to }) if (from, to) == (usd, eur))
    );
    let books = Rulebooks::new(vec![book(late, usd), book(early, usd)]).unwrap();
    let from = |at| books.in_force_at(at).in_force_from();
    assert_eq!(from(Timestamp::MIN), early);
    assert_eq!((from(late.previous()), from(late)), (early, late));
}

#[test]
fn rules_are_stored_by_their_code_and_speak_both_languages() {
    let (mut codes, mut english, mut chinese) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for rule in LifecycleRule::ALL {
        let stored = serde_json::to_string(&rule).unwrap();
        // A rule with a cause is stored under its code, with the cause beside it.
        let code = format!("\"{}\"", rule.code());
        assert!(stored == code || stored.starts_with(&format!("{{{code}:")), "{stored}");
        assert_eq!(serde_json::from_str::<LifecycleRule>(&stored).unwrap(), rule);
        assert!(rule.code().starts_with("lifecycle."));
        assert!(codes.insert(rule.code()), "{rule:?}");
        let [en, zh] = [Language::English, Language::Chinese].map(|one| rule.template(one));
        assert!(english.insert(en) && chinese.insert(zh), "{rule:?}");
        // Both say the same: whatever one shows, the other shows too.
        for hole in ["{observed}", "{limit}"] {
            assert_eq!(en.contains(hole), zh.contains(hole), "{rule:?}");
        }
        assert!(en.is_ascii() && !zh.is_ascii(), "{rule:?}");
        let reason = Reason::new(rule, Measure::Days(1), Measure::Days(2));
        for language in [Language::English, Language::Chinese] {
            assert!(!reason.text(language).contains(['{', '}']), "{rule:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_generated_policy_is_clean_and_its_document_reads_back(policy in policies()) {
        prop_assert_eq!(policy.lint(), []);
        let book = Rulebook::new(policy.clone(), Timestamp::MIN).unwrap();
        let read = Rulebook::from_document(book.document().to_vec(), Timestamp::MIN).unwrap();
        prop_assert_eq!(read.policy(), &policy);
        prop_assert_eq!(read.id(), book.id());
    }
}

/// Customers remember the policy that judged them by the hash of its bytes. A default that changes, or
/// is written differently, is another policy: red on purpose, so that it never happens unnoticed.
#[test]
fn the_default_policy_keeps_its_bytes() {
    let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).unwrap();
    expect_test::expect!["76e1bdd73f6049f76abdaf2aff77a94678c3753caa320140447c429988dba51f"]
        .assert_eq(&book.id().to_string());
}

#[test]
fn the_tolerance_for_clocks_is_a_day_at_most() {
    use guanxi::rulebook::FUTURE_TOLERANCE_SECONDS_MAX;

    let mut policy = Policy::new(Currency::USD);
    policy.future_tolerance_seconds = FUTURE_TOLERANCE_SECONDS_MAX;
    assert_eq!(policy.lint(), []);
    policy.future_tolerance_seconds += 1;
    let paths: Vec<_> = policy.lint().into_iter().map(|fault| fault.path).collect();
    assert_eq!(paths, ["future_tolerance_seconds"]);
}
