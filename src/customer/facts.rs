//! Facts: recorded whatever stage the customer is in, and what they bring about.

use super::command::{Context, Fact, IMPORT_FACTS_MAX};
use super::error::DecideError;
use super::event::Event;
use super::outcome::Outcome;
use super::session::{Meeting, Session};
use crate::explain::{Measure, Reason};
use crate::lifecycle::{
    Episode, Flag, LifecycleError, LifecycleEvent, LifecycleRule, LossCause, Mover, Position,
    Progression, Report, Signalled, Stage, Trigger,
};
use crate::machine::{Answer, Refusal};
use crate::observation::{self, Observation};
use crate::purchase::{self, Ordered, PurchaseCommand, PurchaseError, PurchaseEvent};
use crate::rulebook::Rulebook;
use crate::time::{Day, Timestamp};

impl Session<'_> {
    pub(super) fn purchase(
        mut self,
        command: &PurchaseCommand,
        context: &Context,
    ) -> Result<Outcome, DecideError> {
        self.purchase_fact(command, context)?;
        Ok(self.close(context))
    }

    pub(super) fn signal(
        mut self,
        report: &Report,
        context: &Context,
    ) -> Result<Outcome, DecideError> {
        self.signal_fact(report, context)?;
        Ok(self.close(context))
    }

    pub(super) fn observe(
        mut self,
        observation: &Observation,
        context: &Context,
    ) -> Result<Outcome, DecideError> {
        self.observation_fact(observation, context)?;
        Ok(self.close(context))
    }

    /// The rulebook that will judge a fact of this instant, once the customer has been taken there.
    fn book_at(&self, occurred_at: Timestamp) -> &Rulebook {
        let late = self.customer.advanced_to().is_some_and(|to| occurred_at < to);
        let meets_at = if late { self.recorded_at } else { occurred_at };
        let in_force = self.books.in_force_at(meets_at);
        let known = self.customer.is_admitted();
        if known && in_force.in_force_from() < self.book.in_force_from() {
            self.book
        } else {
            in_force
        }
    }

    fn purchase_fact(
        &mut self,
        command: &PurchaseCommand,
        context: &Context,
    ) -> Result<(), DecideError> {
        let occurred_at = command.occurred_at();
        self.dated(occurred_at, context)?;
        let policy = self.book_at(occurred_at).policy();
        let purchases = &self.customer.purchases;
        let event = purchase::decide(purchases, command, policy.currency, policy.zone)?;

        let meeting = self.meet(occurred_at, event.day());
        self.record(Event::Purchase(event));
        match &event {
            PurchaseEvent::Ordered(ordered) => self.offer_purchase(meeting, ordered),
            PurchaseEvent::Cancelled(_) => self.offer_unwind(meeting),
            PurchaseEvent::Returned(_) => {}
        }
        self.settle(meeting);
        Ok(())
    }

    /// Every kept order offers Purchase, and the table decides.
    fn offer_purchase(&mut self, meeting: Meeting, ordered: &Ordered) {
        let stage = self.stage();
        let fresh = (stage == Stage::Lost).then(|| self.fresh_episode(ordered.day));
        let answer = match fresh {
            Some(episode) => self.answer_of_lost(meeting, ordered, episode),
            None => self.progression().answer(Trigger::Purchase, meeting.at, false),
        };
        match answer {
            Answer::Permitted { reasons: found, .. } => {
                let amount = Measure::Money(ordered.amount);
                let mut reasons = vec![Reason::new(LifecycleRule::Order, amount, Measure::Missing)];
                if meeting.late.is_some() {
                    reasons.extend(found);
                }
                let to = if fresh.is_some() { Position::Growing } else { Position::Onboarding };
                let since = fresh.and_then(|episode| episode.since);
                self.move_at(meeting, Trigger::Purchase, to, Mover::Fact, reasons, since);
            }
            Answer::Blocked { .. } if stage == Stage::Lost => {
                self.flag(meeting, Flag::LateOrderWhileLost);
            }
            Answer::Blocked { .. } => self.flag(meeting, Flag::OrderWhileBarred),
            Answer::Refused(Refusal::Terminal) => self.flag(meeting, Flag::OrderAfterEnd),
            Answer::Refused(Refusal::OutOfOrder) | Answer::Stay => {}
        }
    }

    /// The episode that a lost customer would begin with an order of this day: never before the last
    /// purchase that is known, which the old episode counts.
    fn fresh_episode(&self, day: Day) -> Episode {
        let known = self.customer.purchases.known(None).last_day;
        let number = self.customer.lifecycle.episode().number.saturating_add(1);
        Episode { number, since: known.max(Some(day)) }
    }

    /// Whether an order brings a lost customer back. One that was placed after the loss does, unless
    /// the new episode would have lapsed by now. An older one that came in late may only show that
    /// the customer had not been silent: it is judged with the old episode too, and it says nothing
    /// against the customer's own word.
    fn answer_of_lost(
        &self,
        meeting: Meeting,
        ordered: &Ordered,
        episode: Episode,
    ) -> Answer<Stage, LifecycleRule> {
        let policy = self.book.policy();
        let (lifecycle, purchases) = (&self.customer.lifecycle, &self.customer.purchases);
        let fresh =
            Progression::in_episode(lifecycle, purchases, &policy.lifecycle, policy.zone, episode)
                .answer(Trigger::Purchase, meeting.at, false);
        let lost_at = lifecycle.track().current().map(|visit| visit.at);
        if meeting.late.is_none() || lost_at.is_none_or(|lost_at| ordered.occurred_at >= lost_at) {
            return fresh;
        }
        let by_own_word = !matches!(
            lifecycle.position(),
            Position::Lost { cause: LossCause::Silence | LossCause::ContractEnd }
        );
        let present = self.progression().answer(Trigger::Purchase, meeting.at, false);
        match (by_own_word, present) {
            (true, _) => Answer::Blocked { unmet: Vec::new() },
            (false, Answer::Permitted { .. }) => fresh,
            (false, unmet) => unmet,
        }
    }

    /// A cancellation that leaves no kept order and no opening balance undoes the purchase.
    fn offer_unwind(&mut self, meeting: Meeting) {
        if self.customer.purchases.has_kept_order() {
            return;
        }
        match self.progression().answer(Trigger::Unwind, meeting.at, false) {
            Answer::Permitted { .. } => {
                let reason =
                    Reason::new(LifecycleRule::NoOrderLeft, Measure::Missing, Measure::Missing);
                let to = Position::Considering;
                self.move_at(meeting, Trigger::Unwind, to, Mover::Fact, vec![reason], None);
            }
            Answer::Refused(_) if self.stage() == Stage::Lost => {
                self.flag(meeting, Flag::UnwoundWhileLost);
            }
            Answer::Refused(_) | Answer::Blocked { .. } | Answer::Stay => {}
        }
    }

    pub(super) fn signal_fact(
        &mut self,
        report: &Report,
        context: &Context,
    ) -> Result<(), DecideError> {
        let Report { occurred_at, day, signal, .. } = *report;
        self.dated(occurred_at, context)?;
        let zone = self.book_at(occurred_at).policy().zone;
        let day = zone.business_day(occurred_at, day).map_err(LifecycleError::from)?;
        let meeting = self.meet(occurred_at, day);
        let fact = Signalled::new(occurred_at, day, signal);
        self.record(Event::Lifecycle(LifecycleEvent::Signalled(fact)));
        self.settle(meeting);
        Ok(())
    }

    /// Nothing is judged with an observation in mind, so nothing is settled: what is due at this very
    /// instant waits for the other facts of the instant, or for time to pass.
    fn observation_fact(
        &mut self,
        observation: &Observation,
        context: &Context,
    ) -> Result<(), DecideError> {
        let occurred_at = observation.occurred_at;
        self.dated(occurred_at, context)?;
        let policy = self.book_at(occurred_at).policy();
        let event = observation::decide(observation, policy.currency, policy.zone)?;
        self.meet(occurred_at, event.day);
        self.record(Event::Observed(event));
        Ok(())
    }

    /// Facts on time are decided in the order they occurred; late ones after them, because they take
    /// effect now. A return or cancellation on time of a purchase that is late waits for it.
    pub(super) fn import(&mut self, facts: &[Fact], context: &Context) -> Result<(), DecideError> {
        if facts.len() > IMPORT_FACTS_MAX {
            let (count, count_max) = (facts.len(), IMPORT_FACTS_MAX);
            return Err(DecideError::TooManyFacts { count, count_max });
        }
        // All of them first: the whole entry is recorded at one instant, not before its last fact.
        for (index, fact) in facts.iter().enumerate() {
            let dated = self.dated(fact.occurred_at(), context);
            dated.map_err(|error| refused_fact(index, error))?;
        }
        let mut sorted: Vec<(usize, &Fact)> = facts.iter().enumerate().collect();
        sorted.sort_by_key(|(index, fact)| (fact.occurred_at(), import_rank(fact), *index));
        let advanced_to = self.customer.advanced_to().unwrap_or(Timestamp::MIN);
        let (late, on_time): (Vec<_>, Vec<_>) =
            sorted.into_iter().partition(|(_, fact)| fact.occurred_at() < advanced_to);

        let mut waiting = Vec::new();
        for (index, fact) in on_time {
            match self.import_one(fact, context) {
                Err(DecideError::Purchase(
                    PurchaseError::NothingToReturn { .. }
                    | PurchaseError::NoOrderLeft { .. }
                    | PurchaseError::CancelLeavesMoney { .. },
                )) if !late.is_empty() => waiting.push((index, fact)),
                result => result.map_err(|error| refused_fact(index, error))?,
            }
        }
        for (index, fact) in late.into_iter().chain(waiting) {
            self.import_one(fact, context).map_err(|error| refused_fact(index, error))?;
        }
        Ok(())
    }

    fn import_one(&mut self, fact: &Fact, context: &Context) -> Result<(), DecideError> {
        match fact {
            Fact::Purchase(command) => self.purchase_fact(command, context),
            Fact::Signal(report) => self.signal_fact(report, context),
            Fact::Observation(observation) => self.observation_fact(observation, context),
        }
    }
}

/// Purchases before what may take them back, at one instant.
const fn import_rank(fact: &Fact) -> u8 {
    match fact {
        Fact::Purchase(PurchaseCommand::Order(_)) => 0,
        Fact::Signal(_) | Fact::Observation(_) => 1,
        Fact::Purchase(_) => 2,
    }
}

fn refused_fact(index: usize, error: DecideError) -> DecideError {
    DecideError::Fact { index, source: Box::new(error) }
}
