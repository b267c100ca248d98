//! Guards: every subset of every guarded move, both sides of every limit, and what missing means.

use guanxi::explain::Measure;
use guanxi::lifecycle::{
    Comparison, Condition, ContractState, DeliveryState, Facts, LifecycleMachine, LifecycleRule,
    edge,
};
use guanxi::machine::{Answer, Edge, Guard, Missing, answer, menu};
use guanxi::{Day, Stage, Trigger};

use super::table::pairs;

fn day() -> Day {
    "2026-03-10".parse().unwrap()
}

/// Facts on which every guard is met but `NotLapsed`, which contradicts `Lapsed`.
pub(super) fn met() -> Facts {
    Facts {
        orders: 4,
        orders_min: 4,
        tenure_days: Some(180),
        tenure_days_min: 180,
        satisfaction: Some(60),
        satisfaction_min: Some(60),
        satisfaction_missing: Missing::Block,
        dwell_days: Some(10),
        dwell_days_min: 10,
        silence_days: 61,
        silence_days_max: 60,
        contract: ContractState::None,
        delivery: DeliveryState::Accepted(day()),
        purchase_days: 1,
        days_since_order: Some(1),
        delivery_implied_after_days: Some(14),
        fall: Some(Comparison { current: 1, baseline_total: 4, windows: 2 }),
        fall_percent: 50,
        recovery: Some(Comparison { current: 8, baseline_total: 20, windows: 2 }),
        recovery_percent: 80,
        declared: false,
        delivery_was_the_cause: true,
        barred: false,
    }
}

/// The same facts, one short of what the guard asks for.
fn unmet(guard: Condition, facts: Facts) -> Facts {
    match guard {
        Condition::Orders => Facts { orders: 3, ..facts },
        Condition::Tenure => Facts { tenure_days: Some(179), ..facts },
        Condition::Satisfied => Facts { satisfaction: Some(59), ..facts },
        Condition::Dwelt => Facts { dwell_days: Some(9), ..facts },
        Condition::Falling => {
            let fall = Some(Comparison { current: 2, baseline_total: 7, windows: 2 });
            Facts { fall, ..facts }
        }
        Condition::Recovered => {
            let recovery = Some(Comparison { current: 7, baseline_total: 20, windows: 2 });
            Facts { recovery, ..facts }
        }
        Condition::Delivered => Facts { delivery: DeliveryState::Pending, ..facts },
        Condition::DeliveryWasTheCause => Facts { delivery_was_the_cause: false, ..facts },
        Condition::Lapsed => Facts { silence_days: 60, ..facts },
        Condition::NotLapsed => Facts { silence_days: 61, ..facts },
        Condition::NotBarred => Facts { barred: true, ..facts },
        other => panic!("{other:?} is new: say what makes it unmet"),
    }
}

/// The rule by which an unmet guard is reported.
fn rule(guard: Condition) -> LifecycleRule {
    match guard {
        Condition::Orders => LifecycleRule::Orders,
        Condition::Tenure => LifecycleRule::Tenure,
        Condition::Satisfied => LifecycleRule::Satisfaction,
        Condition::Dwelt => LifecycleRule::Dwell,
        Condition::Falling => LifecycleRule::PurchasesFell,
        Condition::Recovered => LifecycleRule::PurchasesRecovered,
        Condition::Delivered => LifecycleRule::DeliveryImplied,
        Condition::DeliveryWasTheCause => LifecycleRule::DeliveryCause,
        Condition::Lapsed | Condition::NotLapsed => LifecycleRule::Silence,
        Condition::NotBarred => LifecycleRule::Barred,
        other => panic!("{other:?} is new: say by which rule it is reported"),
    }
}

fn all_met(guards: &[Condition]) -> Facts {
    let facts = met();
    if guards.contains(&Condition::NotLapsed) { Facts { silence_days: 60, ..facts } } else { facts }
}

#[test]
fn the_answer_lists_exactly_the_unmet_guards() {
    let mut subsets = 0;
    for (stage, trigger) in pairs() {
        let Edge::To { next, guards } = edge(stage, trigger) else { continue };
        if guards.is_empty() {
            continue;
        }
        for bits in 0..1_u32 << guards.len() {
            let chosen = guards.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
            let subset: Vec<Condition> = chosen.map(|(_, guard)| *guard).collect();
            let facts = subset.iter().fold(all_met(guards), |facts, guard| unmet(*guard, facts));
            let found = answer::<LifecycleMachine>(stage, trigger, &facts);
            let context = format!("{stage} {trigger} {subset:?}: {found:?}");
            match found {
                Answer::Permitted { next: to, reasons } => {
                    assert!(subset.is_empty(), "{context}");
                    assert_eq!(to, next);
                    assert!(reasons.len() <= guards.len(), "{context}");
                }
                // A delivery says nothing of a decline that had another cause.
                Answer::Stay => assert!(subset.contains(&Condition::DeliveryWasTheCause)),
                Answer::Blocked { unmet } => {
                    let rules: Vec<_> = unmet.iter().map(|reason| reason.rule).collect();
                    let expected: Vec<_> = subset.iter().map(|guard| rule(*guard)).collect();
                    assert_eq!(rules, expected, "{context}");
                    assert!(!subset.contains(&Condition::DeliveryWasTheCause), "{context}");
                }
                Answer::Refused(_) => panic!("{context}"),
            }
            subsets += 1;
        }
    }
    assert_eq!(subsets, 9 * 4 + 16 + 8 + 2 * 2);
}

#[test]
fn a_met_guard_says_what_it_observed() {
    let Answer::Permitted { reasons, .. } =
        answer::<LifecycleMachine>(Stage::Growing, Trigger::Mature, &met())
    else {
        panic!("every guard is met")
    };
    let seen: Vec<_> = reasons.iter().map(|one| (one.rule, one.observed, one.limit)).collect();
    assert_eq!(
        seen,
        [
            (LifecycleRule::Orders, Measure::Count(4), Measure::Count(4)),
            (LifecycleRule::Tenure, Measure::Days(180), Measure::Days(180)),
            (LifecycleRule::Satisfaction, Measure::Score(60), Measure::Score(60)),
            (LifecycleRule::Dwell, Measure::Days(10), Measure::Days(10)),
        ]
    );
}

/// The guard's answer on changed facts.
fn passes(guard: Condition, change: impl Fn(&mut Facts)) -> bool {
    let mut facts = met();
    change(&mut facts);
    guard.passes(&facts)
}

#[test]
fn every_guard_changes_at_its_limit_and_not_one_step_before() {
    for guard in Condition::ALL {
        let guards = [guard];
        assert!(guard.passes(&all_met(&guards)), "{guard:?}");
        assert!(!guard.passes(&unmet(guard, all_met(&guards))), "{guard:?}");
    }
    // Implied delivery, and the second purchase day that implies it in any case.
    let pending = |change: &dyn Fn(&mut Facts)| {
        passes(Condition::Delivered, |facts| {
            facts.delivery = DeliveryState::Pending;
            change(facts);
        })
    };
    assert!(!pending(&|facts| facts.days_since_order = Some(13)));
    assert!(pending(&|facts| facts.days_since_order = Some(14)));
    assert!(pending(&|facts| facts.purchase_days = 2));
    assert!(!pending(&|facts| {
        facts.delivery_implied_after_days = None;
        facts.days_since_order = Some(1_000);
    }));
    // A rejected delivery is healed by neither.
    assert!(!passes(Condition::Delivered, |facts| {
        facts.delivery = DeliveryState::Rejected(day());
        facts.days_since_order = Some(14);
        facts.purchase_days = 2;
    }));
}

#[test]
fn missing_data_means_what_the_guard_says() {
    let score = |missing| {
        passes(Condition::Satisfied, |facts| {
            facts.satisfaction = None;
            facts.satisfaction_missing = missing;
        })
    };
    assert!(score(Missing::Waive));
    assert!(!score(Missing::Block));
    assert!(passes(Condition::Satisfied, |facts| {
        (facts.satisfaction_min, facts.satisfaction) = (None, Some(0));
    }));
    assert!(passes(Condition::Dwelt, |facts| facts.dwell_days = None));
    assert!(passes(Condition::Dwelt, |facts| {
        (facts.dwell_days, facts.dwell_days_min) = (Some(0), 0);
    }));
    assert!(!passes(Condition::Tenure, |facts| facts.tenure_days = None));
    assert!(!passes(Condition::Falling, |facts| facts.fall = None));
    assert!(!passes(Condition::Recovered, |facts| facts.recovery = None));
}

#[test]
fn other_grounds_count_for_decline_and_recovery() {
    let risen = |facts: &mut Facts| *facts = unmet(Condition::Falling, *facts);
    assert!(passes(Condition::Falling, |facts| {
        risen(facts);
        facts.declared = true;
    }));
    assert!(passes(Condition::Falling, |facts| {
        risen(facts);
        facts.delivery = DeliveryState::Rejected(day());
    }));
    assert!(passes(Condition::Recovered, |facts| {
        *facts = unmet(Condition::Recovered, *facts);
        facts.declared = true;
    }));
}

#[test]
fn a_contract_holds_silence_off_and_ends_for_certain() {
    let lapsed = |contract, silence_days| {
        let facts = Facts { contract, silence_days, ..met() };
        let (lapsed, not) = (Condition::Lapsed.passes(&facts), Condition::NotLapsed.passes(&facts));
        assert_ne!(lapsed, not, "one is the opposite of the other");
        lapsed
    };
    let running = |holds_silence| ContractState::Running { ends: day(), holds_silence };
    assert!(!lapsed(running(true), 1_000));
    assert!(!lapsed(running(false), 60));
    assert!(lapsed(running(false), 61));
    assert!(lapsed(ContractState::Ended { ended: day() }, 0));
    assert!(lapsed(ContractState::None, 61));
    assert!(!lapsed(ContractState::None, 60));
}

#[test]
fn comparisons_are_exact_where_rounding_would_decide() {
    // 1 of a mean of 7/3 is 42.857 %.
    let third = Comparison { current: 1, baseline_total: 7, windows: 3 };
    assert!(third.against_percent(42).is_gt());
    assert!(third.against_percent(43).is_lt());
    let half = Comparison { current: 1, baseline_total: 4, windows: 2 };
    assert!(half.against_percent(50).is_eq());
    let most = Comparison { current: i64::MAX, baseline_total: i64::MAX, windows: 1 };
    assert!(most.against_percent(100).is_eq());
    let negative = Comparison { current: -1, baseline_total: 4, windows: 2 };
    assert!(negative.against_percent(0).is_lt());
}

#[test]
fn the_menu_is_the_answer_to_every_trigger() {
    for stage in Stage::ALL {
        let menu = menu::<LifecycleMachine>(stage, &met());
        let triggers: Vec<Trigger> = menu.iter().map(|(trigger, _)| *trigger).collect();
        assert_eq!(triggers, Trigger::ALL);
        for (trigger, found) in menu {
            assert_eq!(found, answer::<LifecycleMachine>(stage, trigger, &met()));
        }
    }
}
