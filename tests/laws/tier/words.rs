//! What a manager reads.

use std::collections::BTreeSet;

use guanxi::explain::{Language, Rule};
use guanxi::tier::{Tier, TierCalibration, TierMeasure, TierRule, TierState, why_not};
use guanxi::{Speak, Timestamp};

use super::{ask, in_tier, limits, spent};

#[test]
fn every_rule_speaks_both_languages() {
    let codes: BTreeSet<_> = TierRule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), TierRule::ALL.len());
    let targets = TierMeasure::ALL
        .into_iter()
        .flat_map(|measure| Tier::ALL.map(|tier| TierRule::Target { measure, tier }));
    for rule in TierRule::ALL.into_iter().chain(targets) {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| rule.template(language));
        assert!(english.is_ascii() && !english.ends_with('.'), "{english}");
        assert!(!chinese.is_ascii() && !chinese.ends_with('。'), "{chinese}");
        for slot in ["{observed}", "{limit}"] {
            assert_eq!(english.contains(slot), chinese.contains(slot), "{english}");
        }
        let stored = serde_json::to_string(&rule).unwrap();
        assert!(stored.contains(rule.code()), "{stored}");
        assert_eq!(serde_json::from_str::<TierRule>(&stored).unwrap(), rule);
    }
}

#[test]
fn a_flip_names_the_tier_that_would_be() {
    let (policy, none) = (limits(50_000, 10_000), TierCalibration::default());
    let answer = ask(&spent(12_000), &TierState::default(), &policy, &none);
    assert_eq!(
        answer.text(Language::English),
        "B, because value 120.00 USD, tier from 100.00 USD. It would change at: C at net revenue \
         99.99 USD instead of 120.00 USD"
    );
    assert_eq!(
        answer.text(Language::Chinese),
        "B级，因为价值120.00 USD，本级界限100.00 USD。改变条件：净收入为99.99 USD而非120.00 USD时为C级"
    );
    let state = in_tier(Tier::B, 28);
    let now = Timestamp::UNIX_EPOCH;
    let obstacles = why_not(Tier::A, &spent(41_250), &state, &policy, &none, now);
    assert_eq!(
        obstacles.unwrap().text(Language::Chinese),
        "尚有阻碍：在本级28天，需90天；净收入为525.00 USD而非412.50 USD时为A级"
    );
}
