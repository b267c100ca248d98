//! State machines as plain tables.
//!
//! A machine is one total function [`Machine::edge`] from (state, trigger) to an [`Edge`], written as a
//! `const fn` without a wildcard arm, so that a new state or trigger does not compile until every pair
//! has an answer. From that one table come the [`answer`] to a trigger with *all* unmet guards, the
//! [`menu`] of every trigger, the graph checks of [`audit`], the [`shortest_path`] to a state and the
//! [`mermaid`] drawing, so none of them can drift from the rules that run.
//!
//! # A machine in full
//!
//! A parcel is sent once it is paid for, and arrives. The conditions on its moves are a [`Guard`],
//! the table is a [`Machine`], and everything else follows from the two.
//!
//! ```
//! use guanxi::explain::{Measure, Reason, Rule};
//! use guanxi::machine::{
//!     Answer, Edge, Finding, Guard, Machine, Missing, Next, Refusal, WhenUnmet, answer, audit,
//!     menu,
//! };
//! use guanxi::{Language, Speak};
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//! struct PaidRule;
//!
//! impl Rule for PaidRule {
//!     fn code(self) -> &'static str {
//!         "parcel.paid"
//!     }
//!
//!     fn template(self, _: Language) -> &'static str {
//!         "{observed} paid, {limit} owed"
//!     }
//! }
//!
//! struct Facts {
//!     /// In minor units; `None` while the bank has not answered.
//!     paid: Option<i64>,
//!     owed: i64,
//! }
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//! struct Paid;
//!
//! impl Guard for Paid {
//!     type Facts = Facts;
//!     type Rule = PaidRule;
//!
//!     fn find(self, facts: &Facts) -> Finding<PaidRule> {
//!         let observed = facts.paid.map_or(Measure::Missing, Measure::Count);
//!         let reason = Reason::new(PaidRule, observed, Measure::Count(facts.owed));
//!         match facts.paid {
//!             None => Finding::Missing(reason),
//!             Some(paid) if paid >= facts.owed => Finding::Met(reason),
//!             Some(_) => Finding::Unmet(reason),
//!         }
//!     }
//!
//!     fn missing(self, _: &Facts) -> Missing {
//!         Missing::Block
//!     }
//!
//!     fn when_unmet(self) -> WhenUnmet {
//!         WhenUnmet::Refuse
//!     }
//!
//!     fn name(self) -> &'static str {
//!         "paid"
//!     }
//! }
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//! enum State {
//!     Packed,
//!     Sent,
//!     Arrived,
//! }
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//! enum Scan {
//!     Leave,
//!     Arrive,
//! }
//!
//! struct Parcel;
//!
//! impl Machine for Parcel {
//!     type State = State;
//!     type Trigger = Scan;
//!     type Guard = Paid;
//!
//!     const STATES: &'static [State] = &[State::Packed, State::Sent, State::Arrived];
//!     const TRIGGERS: &'static [Scan] = &[Scan::Leave, Scan::Arrive];
//!     const START: State = State::Packed;
//!
//!     fn edge(from: State, trigger: Scan) -> Edge<State, Paid> {
//!         match (from, trigger) {
//!             (State::Packed, Scan::Leave) => Edge::guarded(State::Sent, &[Paid]),
//!             (State::Packed, Scan::Arrive) => Edge::Refused(Refusal::OutOfOrder),
//!             (State::Sent, Scan::Leave) => Edge::Stay,
//!             (State::Sent, Scan::Arrive) => Edge::to(State::Arrived),
//!             (State::Arrived, Scan::Leave | Scan::Arrive) => Edge::Refused(Refusal::Terminal),
//!         }
//!     }
//!
//!     fn state_name(state: State) -> &'static str {
//!         match state {
//!             State::Packed => "packed",
//!             State::Sent => "sent",
//!             State::Arrived => "arrived",
//!         }
//!     }
//!
//!     fn trigger_name(trigger: Scan) -> &'static str {
//!         match trigger {
//!             Scan::Leave => "leave",
//!             Scan::Arrive => "arrive",
//!         }
//!     }
//! }
//!
//! // The table is sound: every state can be reached, and only final ones are dead ends.
//! assert_eq!(audit::<Parcel>(), []);
//!
//! // Blocked, with what the guard observed.
//! let short = Facts { paid: Some(20), owed: 30 };
//! let Answer::Blocked { unmet } = answer::<Parcel>(State::Packed, Scan::Leave, &short) else {
//!     panic!("it is not paid for");
//! };
//! assert_eq!(unmet[0].text(Language::English), "20 paid, 30 owed");
//!
//! // This guard blocks on missing data; another might waive it.
//! assert!(!Paid.passes(&Facts { paid: None, owed: 30 }));
//!
//! // Every trigger at once, for a menu.
//! let settled = Facts { paid: Some(30), owed: 30 };
//! let menu = menu::<Parcel>(State::Packed, &settled);
//! assert!(matches!(
//!     &menu[..],
//!     [
//!         (Scan::Leave, Answer::Permitted { next: Next::One(State::Sent), .. }),
//!         (Scan::Arrive, Answer::Refused(Refusal::OutOfOrder)),
//!     ]
//! ));
//! ```

mod graph;

use std::fmt;

pub use graph::{Fault, audit, is_terminal, mermaid, shortest_path};

use crate::explain::{Reason, Rule};

/// Why a trigger is refused whatever the facts are.
///
/// ```
/// use guanxi::lifecycle::{Trigger, edge};
/// use guanxi::machine::{Edge, Refusal};
/// use guanxi::Stage;
///
/// // An ended relationship takes no trigger at all; a prospect takes others than this one.
/// assert_eq!(edge(Stage::Ended, Trigger::Engage), Edge::Refused(Refusal::Terminal));
/// assert_eq!(edge(Stage::Prospect, Trigger::Recover), Edge::Refused(Refusal::OutOfOrder));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The state is final; nothing leads out of it.
    Terminal,
    /// The trigger makes no sense in this state.
    OutOfOrder,
}

/// Where a move leads.
///
/// ```
/// use guanxi::lifecycle::{Trigger, edge};
/// use guanxi::machine::Edge;
/// use guanxi::Stage;
///
/// // A customer who recovers goes back to the stage it declined from.
/// let Edge::To { next, .. } = edge(Stage::Declining, Trigger::Recover) else {
///     panic!("a declining customer can recover");
/// };
/// let targets: Vec<Stage> = next.targets().collect();
/// assert_eq!(targets, [Stage::Onboarding, Stage::Growing, Stage::Loyal]);
/// ```
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
///
/// ```
/// use guanxi::lifecycle::{Condition, Trigger, edge};
/// use guanxi::machine::{Edge, Next};
/// use guanxi::Stage;
///
/// assert_eq!(edge(Stage::Lost, Trigger::WinBack), Edge::to(Stage::Growing));
/// assert_eq!(edge(Stage::Lost, Trigger::Leave), Edge::Stay);
/// assert_eq!(
///     edge(Stage::Disqualified, Trigger::Purchase),
///     Edge::To { next: Next::One(Stage::Onboarding), guards: &[Condition::NotBarred] }
/// );
/// ```
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
///
/// [`Guard::passes`] turns it into yes or no; [`answer`] collects the reasons. The
/// [parcel](self#a-machine-in-full) shows three of the four.
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
///
/// ```
/// use guanxi::lifecycle::{LoyaltyPolicy, SatisfactionFloor};
/// use guanxi::machine::Missing;
///
/// // By default nobody is kept from being loyal because nobody asked them how they feel.
/// let floor = LoyaltyPolicy::default().satisfaction.unwrap();
/// assert_eq!(floor.missing, Missing::Waive);
///
/// let strict: SatisfactionFloor = serde_json::from_str(r#"{"missing":"block"}"#)?;
/// assert_eq!(strict.missing, Missing::Block);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The guard counts as met.
    Waive,
    /// The guard counts as unmet.
    Block,
}

/// What an unmet guard means for a trigger.
///
/// ```
/// use guanxi::lifecycle::Condition;
/// use guanxi::machine::{Guard, WhenUnmet};
///
/// // A delivery heals a decline that a delivery caused, and is no mistake in any other decline.
/// assert_eq!(Condition::DeliveryWasTheCause.when_unmet(), WhenUnmet::Stay);
/// assert_eq!(Condition::Orders.when_unmet(), WhenUnmet::Refuse);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenUnmet {
    /// The trigger is refused, with this guard among the reasons.
    Refuse,
    /// The trigger is legitimate and changes nothing, whatever the other guards say.
    Stay,
}

/// A condition on a move, evaluated on a plain struct of facts.
///
/// The [parcel](self#a-machine-in-full) implements one.
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
///
/// The [parcel](self#a-machine-in-full) implements one.
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
///
/// The [parcel](self#a-machine-in-full) shows its variants.
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
///
/// The [parcel](self#a-machine-in-full) is asked.
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

/// Every trigger of a machine with its answer, as [`menu`] gives it.
pub type Menu<T, S, R> = Vec<(T, Answer<S, R>)>;

/// Every trigger of the machine with its answer, in the machine's order.
///
/// The [parcel](self#a-machine-in-full) shows one.
#[must_use]
pub fn menu<M: Machine>(
    from: M::State,
    facts: &FactsOf<M>,
) -> Menu<M::Trigger, M::State, RuleOf<M>> {
    M::TRIGGERS.iter().map(|&trigger| (trigger, answer::<M>(from, trigger, facts))).collect()
}
