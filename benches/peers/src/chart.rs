//! The edge table of the lifecycle as a `statig` machine, and the library's own table driven the same
//! way.
//!
//! Rows that several stages share are superstates. A guard is a plain comparison and gives no reason;
//! what is refused and what merely changes nothing are the same to the machine, because its handlers
//! return no answer. Declining is left out: the default policy only suggests it, so no order leads
//! there.

use guanxi::lifecycle::{ContractState, DeliveryState, Facts, LifecycleMachine};
use guanxi::machine::{Answer, Edge, answer};
use guanxi::{Stage, Trigger};
use statig::prelude::*;

use crate::ours::Step;

/// A trigger with the facts its guards look at.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The trigger.
    pub trigger: Trigger,
    /// The facts.
    pub facts: &'a Facts,
}

/// The lifecycle as a chart.
#[derive(Debug, Default, Clone)]
pub struct Chart;

#[state_machine(
    initial = "State::prospect()",
    state(derive(Debug, Clone, PartialEq)),
    visibility = "pub"
)]
impl Chart {
    #[state(superstate = "approach")]
    fn prospect(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Engage => Transition(State::aware()),
            Trigger::Evaluate => Transition(State::considering()),
            Trigger::Propose => Transition(State::deciding()),
            _ => Super,
        }
    }

    #[state(superstate = "approach")]
    fn aware(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Evaluate => Transition(State::considering()),
            Trigger::Propose => Transition(State::deciding()),
            Trigger::Cool => Transition(State::prospect()),
            _ => Super,
        }
    }

    #[state(superstate = "approach")]
    fn considering(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Propose => Transition(State::deciding()),
            Trigger::Cool => Transition(State::aware()),
            _ => Super,
        }
    }

    #[state(superstate = "approach")]
    fn deciding(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Cool => Transition(State::considering()),
            _ => Super,
        }
    }

    #[superstate]
    fn approach(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Purchase => Transition(State::onboarding()),
            Trigger::Disqualify | Trigger::Leave => Transition(State::disqualified()),
            Trigger::End => Transition(State::ended()),
            _ => Handled,
        }
    }

    #[state(superstate = "customer")]
    fn onboarding(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Deliver if delivered(event.facts) && dwelt(event.facts) => {
                Transition(State::growing())
            }
            _ => Super,
        }
    }

    #[state(superstate = "customer")]
    fn growing(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Mature if matured(event.facts) && dwelt(event.facts) => {
                Transition(State::loyal())
            }
            _ => Super,
        }
    }

    #[state(superstate = "customer")]
    fn loyal() -> Outcome<State> {
        Super
    }

    #[superstate]
    fn customer(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Lapse if lapsed(event.facts) && dwelt(event.facts) => {
                Transition(State::lost())
            }
            Trigger::Leave => Transition(State::lost()),
            Trigger::Unwind => Transition(State::considering()),
            Trigger::End => Transition(State::ended()),
            _ => Handled,
        }
    }

    #[state]
    fn lost(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Purchase if !lapsed(event.facts) => Transition(State::growing()),
            Trigger::WinBack => Transition(State::growing()),
            Trigger::End => Transition(State::ended()),
            _ => Handled,
        }
    }

    #[state]
    fn disqualified(event: &Asked<'_>) -> Outcome<State> {
        match event.trigger {
            Trigger::Requalify => Transition(State::prospect()),
            Trigger::Purchase if !event.facts.barred => Transition(State::onboarding()),
            Trigger::End => Transition(State::ended()),
            _ => Handled,
        }
    }

    #[state]
    fn ended() -> Outcome<State> {
        Handled
    }
}

fn dwelt(facts: &Facts) -> bool {
    facts.dwell_days.is_none_or(|days| days >= facts.dwell_days_min)
}

fn delivered(facts: &Facts) -> bool {
    let implied = facts.delivery_implied_after_days;
    let by_time = facts.days_since_order.zip(implied).is_some_and(|(days, limit)| days >= limit);
    match facts.delivery {
        DeliveryState::Accepted(_) => true,
        DeliveryState::Rejected(_) => false,
        DeliveryState::Pending => by_time || facts.purchase_days >= 2,
    }
}

fn matured(facts: &Facts) -> bool {
    let satisfied = match (facts.satisfaction, facts.satisfaction_min) {
        (Some(score), Some(floor)) => score >= floor,
        (_, _) => true,
    };
    let tenure = facts.tenure_days.is_some_and(|days| days >= facts.tenure_days_min);
    facts.orders >= facts.orders_min && tenure && satisfied
}

fn lapsed(facts: &Facts) -> bool {
    match facts.contract {
        ContractState::Ended { .. } => true,
        ContractState::Running { holds_silence: true, .. } => false,
        ContractState::Running { .. } | ContractState::None => {
            facts.silence_days > facts.silence_days_max
        }
    }
}

/// Puts every step to the charts, one for each customer.
pub fn run_statig(charts: &mut [statig::blocking::StateMachine<Chart>], steps: &[Step]) {
    for step in steps {
        let asked = Asked { trigger: step.trigger, facts: &step.facts };
        charts[step.customer].handle(&asked);
    }
}

/// Puts every step to the library's table alone: guards are not evaluated.
pub fn run_edges(stages: &mut [Stage], steps: &[Step]) {
    for step in steps {
        let stage = &mut stages[step.customer];
        if let Edge::To { next, .. } = guanxi::lifecycle::edge(*stage, step.trigger) {
            *stage = next.targets().next().unwrap_or(*stage);
        }
    }
}

/// Puts every step to the library's table and guards, reasons included.
pub fn run_answers(stages: &mut [Stage], steps: &[Step]) {
    for step in steps {
        let stage = &mut stages[step.customer];
        let found = answer::<LifecycleMachine>(*stage, step.trigger, &step.facts);
        if let Answer::Permitted { next, .. } = found {
            *stage = next.targets().next().unwrap_or(*stage);
        }
    }
}

/// The chart's state as a stage.
#[must_use]
pub fn stage_of(state: &State) -> Stage {
    match state {
        State::Prospect {} => Stage::Prospect,
        State::Aware {} => Stage::Aware,
        State::Considering {} => Stage::Considering,
        State::Deciding {} => Stage::Deciding,
        State::Onboarding {} => Stage::Onboarding,
        State::Growing {} => Stage::Growing,
        State::Loyal {} => Stage::Loyal,
        State::Lost {} => Stage::Lost,
        State::Disqualified {} => Stage::Disqualified,
        State::Ended {} => Stage::Ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Base;
    use crate::ours;

    #[test]
    fn every_machine_arrives_where_the_library_does() {
        let base = Base::cdnow();
        let steps = ours::steps(&base, &ours::books());
        let arrived: Vec<_> =
            ours::run(&base, &ours::books()).0.iter().map(guanxi::Customer::stage).collect();

        let mut stages = vec![Stage::Prospect; base.customers];
        run_answers(&mut stages, &steps);
        assert_eq!(stages, arrived);

        let mut stages = vec![Stage::Prospect; base.customers];
        run_edges(&mut stages, &steps);
        assert_eq!(stages, arrived);

        let mut charts: Vec<_> = (0..base.customers).map(|_| Chart.state_machine()).collect();
        run_statig(&mut charts, &steps);
        let reached: Vec<_> = charts.iter().map(|chart| stage_of(chart.state())).collect();
        assert_eq!(reached, arrived);
    }
}
