//! What a table says as a graph: checks, paths, the drawing.

use std::collections::VecDeque;

use super::{Edge, Guard as _, Machine, Refusal};

/// Every state that `from` can move to, with the trigger, guards aside.
fn moves<M: Machine>(from: M::State) -> Vec<(M::Trigger, M::State)> {
    let mut moves = Vec::new();
    for &trigger in M::TRIGGERS {
        if let Edge::To { next, .. } = M::edge(from, trigger) {
            moves.extend(next.targets().map(|to| (trigger, to)));
        }
    }
    moves
}

/// Whether every trigger is refused in `state` because it is final.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::lifecycle::LifecycleMachine;
/// use guanxi::machine::is_terminal;
///
/// assert!(is_terminal::<LifecycleMachine>(Stage::Ended));
/// assert!(!is_terminal::<LifecycleMachine>(Stage::Lost));
/// ```
#[must_use]
pub fn is_terminal<M: Machine>(state: M::State) -> bool {
    M::TRIGGERS
        .iter()
        .all(|&trigger| matches!(M::edge(state, trigger), Edge::Refused(Refusal::Terminal)))
}

/// A shortest sequence of triggers that leads from the start to `target`, guards aside, each with the
/// state it arrives in. Empty for the start itself, `None` when nothing leads there.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::lifecycle::{LifecycleMachine, Trigger};
/// use guanxi::machine::shortest_path;
///
/// assert_eq!(
///     shortest_path::<LifecycleMachine>(Stage::Growing),
///     Some(vec![(Trigger::Purchase, Stage::Onboarding), (Trigger::Deliver, Stage::Growing)])
/// );
/// assert_eq!(shortest_path::<LifecycleMachine>(Stage::Prospect), Some(vec![]));
/// ```
#[must_use]
pub fn shortest_path<M: Machine>(target: M::State) -> Option<Vec<(M::Trigger, M::State)>> {
    let mut seen = vec![M::START];
    let mut queue = VecDeque::from([(M::START, Vec::new())]);
    while let Some((state, path)) = queue.pop_front() {
        if state == target {
            return Some(path);
        }
        for (trigger, next) in moves::<M>(state) {
            if !seen.contains(&next) {
                seen.push(next);
                let mut longer = path.clone();
                longer.push((trigger, next));
                queue.push_back((next, longer));
            }
        }
    }
    None
}

/// Something wrong with a table.
///
/// What [`audit`] finds. Here interest leads nowhere:
///
/// ```
/// use guanxi::Stage;
/// use guanxi::lifecycle::Condition;
/// use guanxi::machine::{Edge, Fault, Machine, audit};
///
/// /// Somebody shows interest, and that is that.
/// struct Interest;
///
/// impl Machine for Interest {
///     type State = Stage;
///     type Trigger = ();
///     type Guard = Condition;
///
///     const STATES: &'static [Stage] = &[Stage::Prospect, Stage::Aware];
///     const TRIGGERS: &'static [()] = &[()];
///     const START: Stage = Stage::Prospect;
///
///     fn edge(from: Stage, (): ()) -> Edge<Stage, Condition> {
///         if from == Stage::Prospect { Edge::to(Stage::Aware) } else { Edge::Stay }
///     }
///
///     fn state_name(state: Stage) -> &'static str {
///         state.code()
///     }
///
///     fn trigger_name((): ()) -> &'static str {
///         "engage"
///     }
/// }
///
/// assert_eq!(audit::<Interest>(), [Fault::DeadEnd(Stage::Aware)]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault<S, T> {
    /// No sequence of triggers leads to this state.
    Unreachable(S),
    /// Nothing leads out of this state, yet it is not declared final for every trigger.
    DeadEnd(S),
    /// The state is final for this trigger, but not for others.
    HalfTerminal(S, T),
    /// The move has no target at all.
    NoTarget(S, T),
    /// The move leads to a state that the list of states lacks.
    UnknownTarget(S, T),
    /// A state stands twice in the list of states.
    Twice(S),
}

/// The graph checks: every state reachable, final states the only dead ends, final for all triggers or
/// for none, every move with known targets. An empty answer means the table is sound.
///
/// ```
/// use guanxi::lifecycle::LifecycleMachine;
/// use guanxi::machine::audit;
///
/// assert_eq!(audit::<LifecycleMachine>(), []);
/// ```
#[must_use]
pub fn audit<M: Machine>() -> Vec<Fault<M::State, M::Trigger>> {
    let mut faults = Vec::new();
    for (index, &state) in M::STATES.iter().enumerate() {
        if M::STATES.iter().skip(index.saturating_add(1)).any(|&other| other == state) {
            faults.push(Fault::Twice(state));
        }
        if shortest_path::<M>(state).is_none() {
            faults.push(Fault::Unreachable(state));
        }
        let terminal = is_terminal::<M>(state);
        if !terminal && moves::<M>(state).iter().all(|&(_, to)| to == state) {
            faults.push(Fault::DeadEnd(state));
        }
        faults.extend(
            M::TRIGGERS.iter().filter_map(|&trigger| pair_fault::<M>(state, trigger, terminal)),
        );
    }
    faults
}

fn pair_fault<M: Machine>(
    state: M::State,
    trigger: M::Trigger,
    terminal: bool,
) -> Option<Fault<M::State, M::Trigger>> {
    match M::edge(state, trigger) {
        Edge::Refused(Refusal::Terminal) if !terminal => Some(Fault::HalfTerminal(state, trigger)),
        Edge::To { next, .. } if next.targets().next().is_none() => {
            Some(Fault::NoTarget(state, trigger))
        }
        Edge::To { next, .. } if next.targets().any(|to| !M::STATES.contains(&to)) => {
            Some(Fault::UnknownTarget(state, trigger))
        }
        Edge::To { .. } | Edge::Stay | Edge::Refused(_) => None,
    }
}

/// The machine as a Mermaid state diagram: one arrow per pair of states, labelled with every trigger
/// that takes it and, in square brackets, the guards.
///
/// ```
/// use guanxi::lifecycle::LifecycleMachine;
/// use guanxi::machine::mermaid;
///
/// let drawing = mermaid::<LifecycleMachine>();
/// assert!(drawing.starts_with("stateDiagram-v2\n    [*] --> prospect\n"));
/// assert!(drawing.contains("    loyal --> lost: lapse [lapsed & dwelt], leave\n"));
/// ```
#[must_use]
pub fn mermaid<M: Machine>() -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned()];
    lines.push(format!("    [*] --> {}", M::state_name(M::START)));
    for &from in M::STATES {
        for &to in M::STATES {
            let labels: Vec<String> =
                M::TRIGGERS.iter().filter_map(|&trigger| label::<M>(from, trigger, to)).collect();
            if !labels.is_empty() {
                let (from, to) = (M::state_name(from), M::state_name(to));
                lines.push(format!("    {from} --> {to}: {}", labels.join(", ")));
            }
        }
        if is_terminal::<M>(from) {
            lines.push(format!("    {} --> [*]", M::state_name(from)));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn label<M: Machine>(from: M::State, trigger: M::Trigger, to: M::State) -> Option<String> {
    let Edge::To { next, guards } = M::edge(from, trigger) else { return None };
    if !next.targets().any(|target| target == to) {
        return None;
    }
    let name = M::trigger_name(trigger);
    let guards: Vec<&str> = guards.iter().map(|guard| guard.name()).collect();
    Some(if guards.is_empty() {
        name.to_owned()
    } else {
        format!("{name} [{}]", guards.join(" & "))
    })
}
