//! The strategy table: total, the first rule that fits, and a lint that knows every gap.

use std::collections::{BTreeMap, BTreeSet};

use guanxi::strategy::{
    AnyOf, Axis, Cell, Effort, NextAction, Phase, STRATEGY_RULES_MAX, STRATEGY_TEXT_CHARS_MAX,
    Strategy, StrategyPolicy, StrategyRule, StrategyTier, StrategyValue, Wording,
};
use guanxi::tier::Tier;
use guanxi::value::Treatment;
use guanxi::{Language, Speak, Stage};
use proptest::collection::vec;
use proptest::prelude::{Strategy as Generator, prop_assert, prop_assert_eq, proptest};
use proptest::sample::subsequence;
use serde_json::Value;

use super::generate::cases;

fn numbered(number: usize) -> Strategy {
    let action = NextAction::new(format!("action_{number}"), "act", "行动");
    Strategy::new(Effort::Low, Wording::new("theme", "主题"), action)
}

/// Mostly few places, now and then all or none.
fn places<T: Axis>() -> impl Generator<Value = AnyOf<T>> {
    subsequence(T::EVERY, 0..=T::EVERY.len()).prop_map(AnyOf::of)
}

fn tables() -> impl Generator<Value = StrategyPolicy> {
    vec((places(), places(), places()), 0..12).prop_map(|rules| {
        let rules = rules.into_iter().enumerate().map(|(number, (phase, tier, value))| {
            StrategyRule { phase, tier, value, ..StrategyRule::new(numbered(number)) }
        });
        StrategyPolicy { rescue_from: None, rules: rules.collect() }
    })
}

type Standing = (Stage, Option<Tier>, Option<Treatment>);

/// Every customer there can be, with the names that the document has for it.
fn customers() -> Vec<(Standing, [&'static str; 3])> {
    let phase = |stage| match stage {
        Stage::Prospect | Stage::Aware | Stage::Considering | Stage::Deciding => "acquisition",
        Stage::Onboarding => "onboarding",
        Stage::Growing => "growing",
        Stage::Loyal => "loyal",
        Stage::Declining => "declining",
        Stage::Lost => "recovery",
        Stage::Disqualified | Stage::Ended => "closed",
    };
    let tiers =
        [(Some(Tier::A), "a"), (Some(Tier::B), "b"), (Some(Tier::C), "c"), (None, "unrated")];
    let values = [
        (Some(Treatment::Keep), "keep"),
        (Some(Treatment::Develop), "develop"),
        (Some(Treatment::Harvest), "harvest"),
        (Some(Treatment::LetGo), "let_go"),
        (None, "unknown"),
    ];
    let mut all = Vec::new();
    for stage in Stage::ALL {
        for (tier, tier_name) in tiers {
            for (value, value_name) in values {
                all.push(((stage, tier, value), [phase(stage), tier_name, value_name]));
            }
        }
    }
    all
}

/// The first rule of the document that names the customer on each side, or leaves that side out.
fn first(document: &Value, names: [&str; 3]) -> Option<usize> {
    document["rules"].as_array().unwrap().iter().position(|rule| {
        ["phase", "tier", "value"].iter().zip(names).all(|(side, name)| match &rule[side] {
            Value::Null => true,
            named => named.as_array().unwrap().iter().any(|one| one == name),
        })
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_first_rule_that_fits_is_the_answer_and_a_person_where_none_does(policy in tables()) {
        let document = serde_json::to_value(&policy).unwrap();
        for ((stage, tier, value), names) in customers() {
            let found = first(&document, names);
            let code = found.map_or("review_by_hand".to_owned(), |number| format!("action_{number}"));
            prop_assert_eq!(&policy.strategy(stage, tier, value).action.code, &code);
            prop_assert_eq!(policy.rule_for(Cell::of(stage, tier, value)), found);
        }
    }

    #[test]
    fn the_lint_finds_exactly_what_is_uncovered_or_never_reached(policy in tables()) {
        let document = serde_json::to_value(&policy).unwrap();
        let mut reached = BTreeSet::new();
        let mut uncovered: BTreeMap<[&str; 2], BTreeSet<&str>> = BTreeMap::new();
        for (_, names @ [phase, tier, value]) in customers() {
            match first(&document, names) {
                Some(number) => drop(reached.insert(number)),
                None => drop(uncovered.entry([phase, tier]).or_default().insert(value)),
            }
        }
        let empty = |rule: &StrategyRule| {
            rule.phase.is_empty() || rule.tier.is_empty() || rule.value.is_empty()
        };
        let (mut dead, mut gaps) = (BTreeSet::new(), BTreeSet::new());
        for fault in policy.lint("strategy") {
            match fault.path.strip_prefix("strategy.rules.") {
                Some(place) => drop(dead.insert(place.split('.').next().unwrap().parse().unwrap())),
                None => drop(gaps.insert(fault.problem.into_owned())),
            }
        }
        let unreached: BTreeSet<usize> =
            (0..policy.rules.len()).filter(|number| !reached.contains(number)).collect();
        prop_assert_eq!(&dead, &unreached);
        prop_assert_eq!(policy.never_reached(), unreached.iter().copied().collect::<Vec<_>>());
        prop_assert!(policy.rules.iter().enumerate().all(|(at, rule)| !empty(rule) || dead.contains(&at)));

        let cells = policy.uncovered();
        prop_assert_eq!(cells.len(), uncovered.values().map(BTreeSet::len).sum::<usize>());
        for cell in &cells {
            prop_assert!(
                uncovered[&[cell.phase.code(), cell.tier.code()]].contains(cell.value.code())
            );
        }
        prop_assert_eq!(gaps.len(), uncovered.len());
        for ([phase, tier], values) in &uncovered {
            let start = format!("no rule fits phase {phase}, tier {tier}, ");
            let gap = gaps.iter().find_map(|gap| gap.strip_prefix(&start));
            let Some(named) = gap else { panic!("{start}: {gaps:?}") };
            let named: BTreeSet<&str> = match named.strip_prefix("value ") {
                Some(list) => list.split(" or ").collect(),
                None => StrategyValue::ALL.iter().map(|value| value.code()).collect(),
            };
            prop_assert_eq!(&named, values);
        }
    }

    #[test]
    fn a_table_reads_back(policy in tables()) {
        let document = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<StrategyPolicy>(&document).unwrap(), policy);
    }
}

#[test]
fn the_default_table_is_total_and_every_rule_is_used() {
    let policy = StrategyPolicy::default();
    assert_eq!(policy.lint("strategy"), []);
    assert_eq!(policy.rules.len(), 26);
    for ((stage, tier, value), _) in customers() {
        assert_ne!(policy.strategy(stage, tier, value).action.code, "review_by_hand");
    }
    let codes: BTreeSet<_> = policy.rules.iter().map(|rule| &rule.then.action.code).collect();
    assert_eq!(codes.len(), policy.rules.len(), "a program could not tell two actions apart");
}

/// What the default claims of itself: effort follows the tier, nobody who is to be let go gets more
/// than another, customers come before prospects, and closed is closed.
#[test]
fn the_default_table_is_sensible() {
    let policy = StrategyPolicy::default();
    let effort = |stage, tier, value| policy.strategy(stage, tier, value).effort;
    for ((stage, tier, value), _) in customers() {
        let here = effort(stage, tier, value);
        assert!(effort(stage, Some(Tier::A), value) >= here, "{stage} {tier:?} {value:?}");
        assert!(effort(stage, tier, Some(Treatment::LetGo)) <= here, "{stage} {tier:?} {value:?}");
        if Phase::of(stage) == Phase::Acquisition {
            let kept = [Stage::Growing, Stage::Loyal, Stage::Declining];
            assert!(
                kept.iter().any(|kept| effort(*kept, tier, value) >= here),
                "{tier:?} {value:?}"
            );
        }
        if Phase::of(stage) == Phase::Closed {
            assert_eq!(here, Effort::None);
            assert_eq!(policy.strategy(stage, tier, value).cadence_days, None);
        }
    }
    let rescue = policy.strategy(Stage::Declining, Some(Tier::A), Some(Treatment::Keep));
    assert_eq!((rescue.effort, rescue.action.within_days), (Effort::High, Some(2)));
}

#[test]
fn the_default_table_speaks_both_languages() {
    for rule in StrategyPolicy::default().rules {
        let [english, chinese] = [Language::English, Language::Chinese].map(|l| rule.then.text(l));
        assert!(english.is_ascii() && !english.contains(['.', '!']), "{english}");
        assert!(!chinese.contains(|c: char| c.is_ascii_alphabetic() || c == ' '), "{chinese}");
    }
}

#[test]
fn every_cell_has_one_name_and_every_customer_one_cell() {
    let cells: BTreeSet<Cell> = Cell::all().collect();
    assert_eq!(cells.len(), Phase::ALL.len() * StrategyTier::ALL.len() * StrategyValue::ALL.len());
    let named: BTreeSet<String> = cells.iter().map(Cell::to_string).collect();
    assert_eq!(named.len(), cells.len());
    let met =
        customers().into_iter().map(|((stage, tier, value), [phase, tier_name, value_name])| {
            let cell = Cell::of(stage, tier, value);
            assert_eq!(
                [cell.phase.code(), cell.tier.code(), cell.value.code()],
                [phase, tier_name, value_name]
            );
            cell
        });
    assert_eq!(met.collect::<BTreeSet<_>>(), cells);
}

fn faults(change: impl FnOnce(&mut StrategyRule)) -> Vec<String> {
    let rules = vec![StrategyRule::new(numbered(0))];
    let mut policy = StrategyPolicy { rescue_from: None, rules };
    change(&mut policy.rules[0]);
    let faults = policy.lint("strategy");
    assert!(faults.iter().all(|fault| !fault.problem.is_empty() && !fault.remedy.is_empty()));
    faults.into_iter().map(|fault| fault.path).collect()
}

#[test]
fn every_limit_of_a_rule_has_two_sides() {
    let one = |path: &str| vec![format!("strategy.rules.0.then.{path}")];
    let none: Vec<String> = Vec::new();
    let text = |count| "字".repeat(count);

    assert_eq!(faults(|_| {}), none);
    let longest = STRATEGY_TEXT_CHARS_MAX;
    assert_eq!(faults(|rule| rule.then.theme.chinese = text(longest).into()), none);
    assert_eq!(
        faults(|rule| rule.then.theme.chinese = text(longest + 1).into()),
        one("theme.chinese")
    );
    assert_eq!(faults(|rule| rule.then.theme.english = " ".into()), one("theme.english"));
    assert_eq!(faults(|rule| rule.then.action.english = "".into()), one("action.english"));
    assert_eq!(faults(|rule| rule.then.action.chinese = "".into()), one("action.chinese"));
    for code in ["a", "win_back_2", &"c".repeat(64)] {
        assert_eq!(faults(|rule| rule.then.action.code = code.to_owned().into()), none, "{code}");
    }
    for code in ["", "Call", "call me", "call-me", "致电", &"c".repeat(65)] {
        let found = faults(|rule| rule.then.action.code = code.to_owned().into());
        assert_eq!(found, one("action.code"), "{code}");
    }
    assert_eq!(faults(|rule| rule.then.cadence_days = Some(1)), none);
    assert_eq!(faults(|rule| rule.then.cadence_days = Some(0)), one("cadence_days"));
    assert_eq!(faults(|rule| rule.then.effort = Effort::None), none);
    assert_eq!(
        faults(|rule| (rule.then.effort, rule.then.cadence_days) = (Effort::None, Some(9))),
        one("cadence_days")
    );
}

#[test]
fn a_table_has_a_greatest_size() {
    // One rule for each cell is the most there can be use for.
    let mut rules: Vec<StrategyRule> = Cell::all()
        .enumerate()
        .map(|(number, cell)| {
            StrategyRule::new(numbered(number))
                .with_phase([cell.phase])
                .with_tier([cell.tier])
                .with_value([cell.value])
        })
        .collect();
    assert_eq!(rules.len(), STRATEGY_RULES_MAX);
    assert_eq!(StrategyPolicy { rescue_from: None, rules: rules.clone() }.lint("strategy"), []);
    rules.push(StrategyRule::new(numbered(140)));
    let faults = StrategyPolicy { rescue_from: None, rules }.lint("strategy");
    assert_eq!(
        faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["strategy.rules: the table has 141 rules; keep at most 140, one for each cell"]
    );
}
