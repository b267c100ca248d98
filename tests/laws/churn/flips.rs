//! Counterfactuals: apply the change and the band is the other one; one step before it is not.

use std::collections::BTreeMap;

use guanxi::Timestamp;
use guanxi::churn::{ChurnRules, Indicator, Lever, RiskBand, Turn};
use guanxi::explain::Flip;

use super::ids;
use super::random::{self, Dice};

const CUSTOMERS: u64 = 100_000;
const EACH: u64 = 100;

#[test]
fn a_turn_is_true_and_nothing_nearer_is() {
    let (mut turned, mut still) = (0_u64, 0_u64);
    let mut levers: BTreeMap<Lever, u64> = BTreeMap::new();
    let mut bands: BTreeMap<RiskBand, u64> = BTreeMap::new();
    for draw in 0..CUSTOMERS / EACH {
        let mut dice = Dice::new(draw);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let rules = ChurnRules::new(&policy, &base);
        for number in 0..EACH {
            let (facts, last) = (random::facts(&mut dice), random::last(&mut dice));
            let case = draw * EACH + number;
            let band = rules.band(&facts, last);
            let turns = rules.turns(&facts, last);
            still += u64::from(turns.is_empty());
            for turn in &turns {
                turned += 1;
                *levers.entry(turn.lever).or_default() += 1;
                *bands.entry(turn.band).or_default() += 1;
                let at = |value| rules.band(&facts.with_lever(turn.lever, value), last);
                assert_eq!(facts.lever(turn.lever), Some(turn.now), "case {case}");
                assert_eq!(at(turn.at), Some(turn.band), "case {case}: {turn:?}");
                assert_ne!(Some(turn.band), band, "case {case}: {turn:?}");
                let before = turn.at - (turn.at - turn.now).signum();
                assert_eq!(at(before), band, "case {case}: {turn:?}");
                let between = dice.from(turn.now.min(before), turn.now.max(before));
                assert_eq!(at(between), band, "case {case}: {turn:?} at {between}");
            }
            // Where there is no turn, there is none to be found.
            let indicator = dice.pick(&Indicator::ALL);
            if let Some(now) = facts.lever(indicator.lever()) {
                let value = now + dice.from(-1_000, 1_000);
                let other = rules.band(&facts.with_lever(indicator.lever(), value), last);
                let missed = band.is_some() && other.is_some() && other != band;
                let reached = |turn: &Turn| {
                    turn.lever == indicator.lever()
                        && (turn.at - turn.now).signum() == (value - now).signum()
                        && turn.at.abs_diff(turn.now) <= value.abs_diff(now)
                };
                let found = turns.iter().any(reached);
                // Beyond the days for which one-time buyers were observed, what differed may not.
                let across = indicator.lever() == Lever::Silence && facts.is_one_time_buyer();
                assert!(missed == found || (across && found), "case {case}: {indicator:?} {value}");
            }
        }
    }
    assert!(turned > CUSTOMERS / 2 && still > 1_000, "{turned} {still}");
    assert!(levers.len() == 17 && levers.values().all(|count| *count > 100), "{levers:?}");
    assert!(bands.len() == 4 && bands.values().all(|count| *count > 1_000), "{bands:?}");
}

#[test]
fn the_flip_is_the_smallest_turn() {
    for case in 0..2_000 {
        let mut dice = Dice::new(case);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let rules = ChurnRules::new(&policy, &base);
        let (facts, last) = (random::facts(&mut dice), random::last(&mut dice));
        let turns = rules.turns(&facts, last);
        let share = |turn: &Turn| {
            let whole = turn.now.unsigned_abs().max(turn.at.unsigned_abs());
            turn.now.abs_diff(turn.at) as f64 / whole as f64
        };
        assert!(turns.is_sorted_by(|a, b| share(a) <= share(b) + 1e-12), "case {case}: {turns:?}");
        let flip = rules.explain(&facts, last, ids(), Timestamp::UNIX_EPOCH).flip;
        assert_eq!(flip, turns.first().map(|turn| Flip::Measure(turn.reason)), "case {case}");
    }
}
