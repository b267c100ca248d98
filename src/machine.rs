//! State machines as plain tables.
//!
//! A machine is one total function [`Machine::edge`] from (state, trigger) to an [`Edge`], written as a
//! `const fn` without a wildcard arm, so that a new state or trigger does not compile until every pair
//! has an answer. From that one table come the [`answer`] to a trigger with *all* unmet guards, the
//! [`menu`] of every trigger, the graph checks of [`audit`], the [`shortest_path`] to a state and the
//! [`mermaid`] drawing, so none of them can drift from the rules that run.

use std::collections::VecDeque;
use std::fmt;

use crate::explain::{Reason, Rule};

/// Why a trigger is refused whatever the facts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The state is final; nothing leads out of it.
    Terminal,
    /// The trigger makes no sense in this state.
    OutOfOrder,
}

/// Where a move leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next<S: 'static> {
    /// Always to this state.
    One(S),
    /// To one of these; the data of the state that is left says which.
    OneOf(&'static [S]),
}

impl<S: Copy> Next<S> {
    /// Every state the move can lead to.
    pub fn targets(&self) -> impl Iterator<Item = S> + '_ {
        let (one, many): (Option<S>, &[S]) = match self {
            Self::One(state) => (Some(*state), &[]),
            Self::OneOf(states) => (None, states),
        };
        one.into_iter().chain(many.iter().copied())
    }
}

/// What a trigger does in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge<S: 'static, G: 'static> {
    /// It moves, when every guard is met.
    To {
        /// Where it leads.
        next: Next<S>,
        /// What must hold.
        guards: &'static [G],
    },
    /// It is legitimate and changes nothing.
    Stay,
    /// It is refused.
    Refused(Refusal),
}

impl<S, G> Edge<S, G> {
    /// A move without guards.
    #[must_use]
    pub const fn to(next: S) -> Self {
        Self::To { next: Next::One(next), guards: &[] }
    }

    /// A move that needs every one of `guards`.
    #[must_use]
    pub const fn guarded(next: S, guards: &'static [G]) -> Self {
        Self::To { next: Next::One(next), guards }
    }
}

/// What a guard found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding<R> {
    /// The condition holds.
    Met(Reason<R>),
    /// The condition does not hold.
    Unmet(Reason<R>),
    /// The fact it needs is missing; [`Guard::missing`] says what that means.
    Missing(Reason<R>),
    /// The policy asks for nothing here, so there is nothing to reason about.
    NotAsked,
}

/// What missing data means to a guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The guard counts as met.
    Waive,
    /// The guard counts as unmet.
    Block,
}

/// What an unmet guard means for a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenUnmet {
    /// The trigger is refused, with this guard among the reasons.
    Refuse,
    /// The trigger is legitimate and changes nothing, whatever the other guards say.
    Stay,
}

/// A condition on a move, evaluated on a plain struct of facts.
pub trait Guard: Copy + Eq + fmt::Debug + 'static {
    /// The facts it looks at.
    type Facts: ?Sized;
    /// The rules it reasons with.
    type Rule: Rule;

    /// Compares the facts with the limit.
    fn find(self, facts: &Self::Facts) -> Finding<Self::Rule>;

    /// What missing data means.
    fn missing(self, facts: &Self::Facts) -> Missing;

    /// What being unmet means for the trigger.
    fn when_unmet(self) -> WhenUnmet;

    /// A short name for drawings and tables.
    fn name(self) -> &'static str;

    /// Whether the guard lets the move pass.
    fn passes(self, facts: &Self::Facts) -> bool {
        match self.find(facts) {
            Finding::Met(_) | Finding::NotAsked => true,
            Finding::Unmet(_) => false,
            Finding::Missing(_) => self.missing(facts) == Missing::Waive,
        }
    }
}

/// A state machine given by its edge table.
pub trait Machine {
    /// Its states.
    type State: Copy + Eq + fmt::Debug + 'static;
    /// What can be asked of it.
    type Trigger: Copy + Eq + fmt::Debug + 'static;
    /// The conditions on its moves.
    type Guard: Guard;

    /// Every state, in the order of the drawing.
    const STATES: &'static [Self::State];
    /// Every trigger, in the order of the menu.
    const TRIGGERS: &'static [Self::Trigger];
    /// Where everything begins.
    const START: Self::State;

    /// The table.
    fn edge(from: Self::State, trigger: Self::Trigger) -> Edge<Self::State, Self::Guard>;
    /// A state's name in drawings.
    fn state_name(state: Self::State) -> &'static str;
    /// A trigger's name in drawings.
    fn trigger_name(trigger: Self::Trigger) -> &'static str;
}

type RuleOf<M> = <<M as Machine>::Guard as Guard>::Rule;
type FactsOf<M> = <<M as Machine>::Guard as Guard>::Facts;

/// The answer to one trigger on given facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<S: 'static, R> {
    /// The move may be made.
    Permitted {
        /// Where it leads.
        next: Next<S>,
        /// What the guards observed.
        reasons: Vec<Reason<R>>,
    },
    /// The move is there, but these guards are unmet: all of them, not just the first.
    Blocked {
        /// Every unmet guard, with what was observed and the limit.
        unmet: Vec<Reason<R>>,
    },
    /// Legitimate, and changes nothing.
    Stay,
    /// Refused whatever the facts are.
    Refused(Refusal),
}

/// What `trigger` does in `from` on these facts.
#[must_use]
pub fn answer<M: Machine>(
    from: M::State,
    trigger: M::Trigger,
    facts: &FactsOf<M>,
) -> Answer<M::State, RuleOf<M>> {
    let (next, guards) = match M::edge(from, trigger) {
        Edge::To { next, guards } => (next, guards),
        Edge::Stay => return Answer::Stay,
        Edge::Refused(refusal) => return Answer::Refused(refusal),
    };
    let mut reasons = Vec::new();
    let mut unmet = Vec::new();
    let mut stays = false;
    for guard in guards {
        match guard.find(facts) {
            Finding::Met(reason) => reasons.push(reason),
            Finding::NotAsked => {}
            // A waived guard observed nothing, so it is no reason for the move.
            Finding::Missing(_) if guard.missing(facts) == Missing::Waive => {}
            Finding::Unmet(reason) | Finding::Missing(reason) => {
                unmet.push(reason);
                stays |= guard.when_unmet() == WhenUnmet::Stay;
            }
        }
    }
    match (unmet.is_empty(), stays) {
        (true, _) => Answer::Permitted { next, reasons },
        (false, true) => Answer::Stay,
        (false, false) => Answer::Blocked { unmet },
    }
}

/// Every trigger of a machine with its answer.
pub type Menu<T, S, R> = Vec<(T, Answer<S, R>)>;

/// Every trigger of the machine with its answer, in the machine's order.
#[must_use]
pub fn menu<M: Machine>(
    from: M::State,
    facts: &FactsOf<M>,
) -> Menu<M::Trigger, M::State, RuleOf<M>> {
    M::TRIGGERS.iter().map(|&trigger| (trigger, answer::<M>(from, trigger, facts))).collect()
}

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
#[must_use]
pub fn is_terminal<M: Machine>(state: M::State) -> bool {
    M::TRIGGERS
        .iter()
        .all(|&trigger| matches!(M::edge(state, trigger), Edge::Refused(Refusal::Terminal)))
}

/// A shortest sequence of triggers that leads from the start to `target`, guards aside, each with the
/// state it arrives in. Empty for the start itself, `None` when nothing leads there.
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
