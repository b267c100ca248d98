//! The edge table: against the design page typed in from it, against the reviewed golden files, as a
//! drawing, and as a sound machine.

use std::collections::BTreeMap;

use expect_test::expect_file;
use guanxi::lifecycle::{Condition, LifecycleEdge, LifecycleMachine, edge};
use guanxi::machine::{self, Edge, Fault, Guard, Machine, Next, Refusal};
use guanxi::{Stage, Trigger};

/// The design page, a row per stage: moves with their targets, what stays, what is refused.
const PAGE: &str = "
prospect | engage>aware evaluate>considering propose>deciding purchase>onboarding disqualify>disqualified leave>disqualified end>ended | cool | deliver mature decline recover lapse win_back requalify unwind
aware | evaluate>considering propose>deciding cool>prospect purchase>onboarding disqualify>disqualified leave>disqualified end>ended | engage | deliver mature decline recover lapse win_back requalify unwind
considering | propose>deciding cool>aware purchase>onboarding disqualify>disqualified leave>disqualified end>ended | engage evaluate | deliver mature decline recover lapse win_back requalify unwind
deciding | cool>considering purchase>onboarding disqualify>disqualified leave>disqualified end>ended | engage evaluate propose | deliver mature decline recover lapse win_back requalify unwind
onboarding | deliver>growing decline>declining unwind>considering lapse>lost leave>lost end>ended | engage evaluate propose purchase | mature cool recover win_back disqualify requalify
growing | mature>loyal decline>declining unwind>considering lapse>lost leave>lost end>ended | engage evaluate propose purchase deliver | cool recover win_back disqualify requalify
loyal | decline>declining unwind>considering lapse>lost leave>lost end>ended | engage evaluate propose purchase deliver mature | cool recover win_back disqualify requalify
declining | recover>onboarding,growing,loyal deliver>growing unwind>considering lapse>lost leave>lost end>ended | engage evaluate propose purchase decline | mature cool win_back disqualify requalify
lost | purchase>growing win_back>growing end>ended | engage evaluate propose deliver lapse leave | mature decline cool recover unwind disqualify requalify
disqualified | requalify>prospect purchase>onboarding end>ended | engage evaluate propose disqualify leave | deliver mature decline cool recover lapse win_back unwind
ended | | | engage evaluate propose cool purchase deliver mature decline recover lapse leave win_back disqualify requalify unwind end
";

/// The guards, typed in from the design page: what each move waits for.
const GUARDED: [(&str, &str, &str); 14] = [
    ("onboarding", "deliver", "delivered & dwelt"),
    ("onboarding", "decline", "falling & dwelt"),
    ("onboarding", "lapse", "lapsed & dwelt"),
    ("growing", "mature", "orders & tenure & satisfied & dwelt"),
    ("growing", "decline", "falling & dwelt"),
    ("growing", "lapse", "lapsed & dwelt"),
    ("loyal", "decline", "falling & dwelt"),
    ("loyal", "lapse", "lapsed & dwelt"),
    ("declining", "recover", "recovered & dwelt"),
    ("declining", "deliver", "delivery was the cause & delivered & dwelt"),
    ("declining", "lapse", "lapsed & dwelt"),
    ("lost", "purchase", "not lapsed"),
    ("disqualified", "purchase", "not barred"),
    ("ended", "", ""),
];

pub(super) fn pairs() -> impl Iterator<Item = (Stage, Trigger)> {
    Stage::ALL.into_iter().flat_map(|stage| Trigger::ALL.map(|trigger| (stage, trigger)))
}

fn targets(next: Next<Stage>) -> String {
    next.targets().map(Stage::code).collect::<Vec<_>>().join(",")
}

fn guards(guards: &[Condition]) -> String {
    guards.iter().map(|guard| guard.name()).collect::<Vec<_>>().join(" & ")
}

/// What the page says of every pair: a target, `stay`, or a refusal.
fn page() -> BTreeMap<(String, String), String> {
    let mut cells = BTreeMap::new();
    let mut cell = |stage: &str, trigger: &str, answer: &str| {
        let twice = cells.insert((stage.to_owned(), trigger.to_owned()), answer.to_owned());
        assert_eq!(twice, None, "{stage} {trigger} stands twice on the page");
    };
    for row in PAGE.trim().lines() {
        let [stage, moves, stays, refused] =
            row.split('|').map(str::trim).collect::<Vec<_>>().try_into().unwrap();
        for one in moves.split_whitespace() {
            let (trigger, to) = one.split_once('>').unwrap();
            cell(stage, trigger, to);
        }
        stays.split_whitespace().for_each(|trigger| cell(stage, trigger, "stay"));
        let refusal = if stage == "ended" { "terminal" } else { "out of order" };
        refused.split_whitespace().for_each(|trigger| cell(stage, trigger, refusal));
    }
    cells
}

fn shown(edge: LifecycleEdge) -> String {
    match edge {
        Edge::To { next, .. } => targets(next),
        Edge::Stay => "stay".to_owned(),
        Edge::Refused(Refusal::Terminal) => "terminal".to_owned(),
        Edge::Refused(Refusal::OutOfOrder) => "out of order".to_owned(),
        Edge::Refused(other) => panic!("the page knows no {other:?}"),
    }
}

#[test]
fn the_table_is_the_design_page() {
    let page = page();
    assert_eq!(page.len(), Stage::ALL.len() * Trigger::ALL.len());
    for (stage, trigger) in pairs() {
        let cell = &page[&(stage.code().to_owned(), trigger.code().to_owned())];
        assert_eq!(&shown(edge(stage, trigger)), cell, "{stage} {trigger}");
    }
}

#[test]
fn the_guards_are_those_of_the_design_page() {
    for (stage, trigger) in pairs() {
        let Edge::To { guards: found, .. } = edge(stage, trigger) else { continue };
        let typed = GUARDED.iter().find(|row| (row.0, row.1) == (stage.code(), trigger.code()));
        assert_eq!(guards(found), typed.map_or("", |row| row.2), "{stage} {trigger}");
    }
}

fn golden() -> String {
    let mut lines =
        vec!["| from | trigger | answer | guards |".to_owned(), "|---|---|---|---|".to_owned()];
    for (stage, trigger) in pairs() {
        let (answer, needed) = match edge(stage, trigger) {
            Edge::To { next, guards: found } => (format!("-> {}", targets(next)), guards(found)),
            other => (shown(other), String::new()),
        };
        lines.push(format!("| {stage} | {trigger} | {answer} | {needed} |"));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[test]
fn the_table_is_the_golden_one() {
    expect_file!["../golden/lifecycle.md"].assert_eq(&golden());
}

#[test]
fn the_drawing_is_the_golden_one() {
    let drawing = machine::mermaid::<LifecycleMachine>();
    expect_file!["../golden/lifecycle.mmd"].assert_eq(&drawing);
    // Every move is in it, whatever the drawing looks like.
    for (from, trigger) in pairs() {
        let Edge::To { next, .. } = edge(from, trigger) else { continue };
        for to in next.targets() {
            let arrow = format!("{from} --> {to}: ");
            let line = drawing.lines().find(|line| line.trim().starts_with(&arrow)).unwrap();
            assert!(line.contains(trigger.code()), "{line} lacks {trigger}");
        }
    }
}

#[test]
fn the_table_is_sound() {
    assert_eq!(machine::audit::<LifecycleMachine>(), []);
    for stage in Stage::ALL {
        assert_eq!(machine::is_terminal::<LifecycleMachine>(stage), stage == Stage::Ended);
    }
}

/// A machine on the states 0.. given by its pairs; everything else is refused.
macro_rules! machine {
    ($name:ident, $states:expr, $edge:expr) => {
        #[derive(Debug)]
        struct $name;

        impl Machine for $name {
            type State = u8;
            type Trigger = char;
            type Guard = Condition;

            const STATES: &'static [u8] = &$states;
            const TRIGGERS: &'static [char] = &['a', 'b'];
            const START: u8 = 0;

            fn edge(from: u8, trigger: char) -> Edge<u8, Condition> {
                let edge: fn(u8, char) -> Edge<u8, Condition> = $edge;
                edge(from, trigger)
            }

            fn state_name(_: u8) -> &'static str {
                "state"
            }

            fn trigger_name(_: char) -> &'static str {
                "trigger"
            }
        }
    };
}

const FINAL: Edge<u8, Condition> = Edge::Refused(Refusal::Terminal);
const REFUSED: Edge<u8, Condition> = Edge::Refused(Refusal::OutOfOrder);
const NOWHERE: Edge<u8, Condition> = Edge::To { next: Next::OneOf(&[]), guards: &[] };

machine!(Sound, [0, 1, 2], |from, trigger| match (from, trigger) {
    (0, 'a') => Edge::to(1),
    (1, 'b') => Edge::To { next: Next::OneOf(&[0, 2]), guards: &[Condition::Orders] },
    (2, _) => FINAL,
    _ => Edge::Stay,
});
machine!(Island, [0, 1, 2], |from, trigger| match (from, trigger) {
    (0, 'a') => Edge::to(1),
    (1 | 2, 'a') => Edge::to(0),
    _ => REFUSED,
});
machine!(Trap, [0, 1, 2], |from, trigger| match (from, trigger) {
    (0, 'a') => Edge::to(1),
    (0, 'b') => Edge::to(2),
    // Leading to itself is no way out.
    (1, 'a') => Edge::to(1),
    (2, _) => Edge::Stay,
    _ => REFUSED,
});
machine!(Half, [0, 1], |from, trigger| match (from, trigger) {
    (0, 'a') => Edge::to(1),
    (1, 'a') => Edge::to(0),
    (1, 'b') => FINAL,
    _ => Edge::Stay,
});
machine!(Aimless, [0, 1], |from, trigger| match (from, trigger) {
    (0, 'a') => Edge::to(1),
    (0, 'b') => NOWHERE,
    (1, _) => FINAL,
    _ => Edge::Stay,
});
machine!(Stranger, [0, 1], |from, trigger| match (from, trigger) {
    (0, 'a') => Edge::to(1),
    (0, 'b') => Edge::To { next: Next::OneOf(&[1, 9]), guards: &[] },
    (1, _) => FINAL,
    _ => Edge::Stay,
});
machine!(Double, [0, 1, 0], |from, trigger| match (from, trigger) {
    (0, 'a') => Edge::to(1),
    (1, _) => FINAL,
    _ => Edge::Stay,
});

#[test]
fn the_audit_finds_every_fault() {
    assert_eq!(machine::audit::<Sound>(), []);
    assert_eq!(machine::audit::<Island>(), [Fault::Unreachable(2)]);
    assert_eq!(machine::audit::<Trap>(), [Fault::DeadEnd(1), Fault::DeadEnd(2)]);
    assert_eq!(machine::audit::<Half>(), [Fault::HalfTerminal(1, 'b')]);
    assert_eq!(machine::audit::<Aimless>(), [Fault::NoTarget(0, 'b')]);
    assert_eq!(machine::audit::<Stranger>(), [Fault::UnknownTarget(0, 'b')]);
    assert_eq!(machine::audit::<Double>(), [Fault::Twice(0)]);
}

#[test]
fn paths_are_shortest_and_follow_the_table() {
    assert_eq!(machine::shortest_path::<Sound>(0), Some(vec![]));
    assert_eq!(machine::shortest_path::<Sound>(2), Some(vec![('a', 1), ('b', 2)]));
    assert_eq!(machine::shortest_path::<Island>(2), None);
    for target in Stage::ALL {
        let path = machine::shortest_path::<LifecycleMachine>(target).unwrap();
        let mut stage = Stage::Prospect;
        for (trigger, next) in &path {
            let Edge::To { next: edge, .. } = edge(stage, *trigger) else { panic!("no such move") };
            assert!(edge.targets().any(|to| to == *next));
            stage = *next;
        }
        assert_eq!(stage, target);
        assert_eq!(path.len(), distance(target), "{target}");
    }
}

/// How many moves the stage is from the start, by spreading out from there.
fn distance(target: Stage) -> usize {
    let mut reached = vec![Stage::Prospect];
    for moves in 0.. {
        if reached.contains(&target) {
            return moves;
        }
        for from in reached.clone() {
            for trigger in Trigger::ALL {
                if let Edge::To { next, .. } = edge(from, trigger) {
                    reached.extend(next.targets());
                }
            }
        }
    }
    unreachable!("the loop ends when the stage is reached")
}
