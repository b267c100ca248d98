//! A person's override.

use guanxi::tier::{
    OverrideReason, Tier, TierCalibration, TierOverride, TierPolicy, TierRule, TierState,
};
use guanxi::{Actor, Timestamp};

use super::{ask, in_tier, limits, spent, tier};

#[test]
fn an_override_expires_by_itself_and_reviews_go_on_underneath() {
    let policy = limits(10_000, 1_000);
    let none = TierCalibration::default();
    let (now, next) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH.next());
    let set = |from, until| {
        TierOverride::new(Tier::A, from, until, OverrideReason::Contract, Actor::System)
    };
    let state = in_tier(Tier::B, 90).with_override(set(now, next));
    let answer = ask(&spent(10), &state, &policy, &none);
    assert_eq!((tier(&answer), answer.flip.clone()), (Tier::A, None));
    assert_eq!(answer.reasons[0].rule, TierRule::Overridden(OverrideReason::Contract));
    assert_eq!(answer.value.reviewed.unwrap().tier, Tier::C);
    assert_eq!(answer.value.plain.value(), Some(Tier::C));

    // Asked for an instant before it was made, it does not hold; nor after it expired.
    for (from, until) in [(next, Timestamp::MAX), (Timestamp::MIN, now)] {
        let state = in_tier(Tier::B, 90).with_override(set(from, until));
        assert_eq!(tier(&ask(&spent(10), &state, &policy, &none)), Tier::C);
    }

    // An override does not need a measured base.
    let state = TierState::default().with_override(set(now, next));
    let answer = ask(&spent(10), &state, &TierPolicy::default(), &none);
    assert_eq!((tier(&answer), answer.value.plain.value()), (Tier::A, None));
    assert_eq!(answer.value.reviewed, None);
}
