//! One command being decided: taking the customer through time, and making moves.

use super::command::Context;
use super::error::DecideError;
use super::event::{Admitted, Entry, Event};
use super::outcome::{Change, Outcome};
use super::state::Customer;
use crate::explain::{Measure, Reason};
use crate::id::Actor;
use crate::lifecycle::{
    Flag, LifecycleEvent, LifecycleRule, Moved, Mover, Occasion, Position, Progression, Since,
    Stage, Trigger,
};
use crate::profile::ProfileChange;
use crate::rulebook::{Rulebook, Rulebooks};
use crate::time::{Day, Timestamp};

/// The most moves that one run makes for one customer. What is left stays due.
pub const CATCH_UP_MOVES_MAX: usize = 64;

/// One command being decided: the customer, the rulebook that judges it, and what was recorded so far.
pub(super) struct Session<'a> {
    pub(super) customer: &'a mut Customer,
    pub(super) books: &'a Rulebooks,
    pub(super) book: &'a Rulebook,
    pub(super) actor: Actor,
    pub(super) recorded_at: Timestamp,
    pub(super) events: Vec<Event>,
    pub(super) profile: Option<Box<ProfileChange>>,
}

/// Where a dated command meets the customer.
#[derive(Clone, Copy)]
pub(super) struct Meeting {
    /// When its consequences take effect at the earliest.
    pub(super) at: Timestamp,
    /// The day of the fact, when it came in late.
    pub(super) late: Option<Day>,
}

impl Meeting {
    /// A late fact names itself among the reasons of what it brings about.
    fn reasons(self, mut reasons: Vec<Reason<LifecycleRule>>) -> Vec<Reason<LifecycleRule>> {
        if let Some(day) = self.late {
            reasons.push(Reason::new(LifecycleRule::LateFact, Measure::Day(day), Measure::Missing));
        }
        reasons
    }
}

impl Session<'_> {
    pub(super) fn record(&mut self, event: Event) {
        self.customer.apply_event(&event, self.actor, self.recorded_at);
        self.events.push(event);
    }

    pub(super) fn close(self, context: &Context) -> Outcome {
        if self.events.is_empty() {
            return Outcome::Unchanged;
        }
        let revision = self.customer.revision.saturating_add(1);
        self.customer.close(revision, self.recorded_at);
        Outcome::Changed(Change {
            entry: Entry {
                revision,
                recorded_at: self.recorded_at,
                actor: self.actor,
                command_id: context.command_id,
                events: self.events,
            },
            profile: self.profile,
        })
    }

    pub(super) fn progression(&self) -> Progression<'_> {
        self.customer.progression(self.book)
    }

    pub(super) fn stage(&self) -> Stage {
        self.customer.lifecycle.stage()
    }

    pub(super) fn day_of(&self, at: Timestamp) -> Day {
        self.book.policy().zone.day_of(at)
    }

    /// Refuses what is dated in the future, and moves the recording to the fact if clocks differ.
    pub(super) fn dated(
        &mut self,
        occurred_at: Timestamp,
        context: &Context,
    ) -> Result<(), DecideError> {
        let tolerance = i64::from(self.book.policy().future_tolerance_seconds);
        let latest = context.now.saturating_add_seconds(tolerance);
        if occurred_at > latest {
            return Err(DecideError::InTheFuture { occurred_at, latest });
        }
        self.recorded_at = self.recorded_at.max(occurred_at);
        Ok(())
    }

    /// Takes the customer to where a dated command takes effect: to its own instant, what is due at
    /// that instant still open; or, when it is late, to the present.
    pub(super) fn meet(&mut self, occurred_at: Timestamp, day: Day) -> Meeting {
        if !self.customer.is_admitted() {
            self.admit_as_prospect(occurred_at);
        }
        if self.customer.advanced_to().is_some_and(|advanced_to| occurred_at < advanced_to) {
            self.catch_up(self.recorded_at);
            Meeting { at: self.recorded_at, late: Some(day) }
        } else {
            self.catch_up_before(occurred_at);
            Meeting { at: occurred_at, late: None }
        }
    }

    fn admit_as_prospect(&mut self, at: Timestamp) {
        self.book = self.books.in_force_at(at);
        self.record(Event::Admitted(Admitted {
            at,
            position: Position::Prospect,
            since: Since::Unknown,
            opening: None,
            rulebook: self.book.reference(),
        }));
    }

    /// Makes every move due until `until`, that instant included.
    pub(super) fn catch_up(&mut self, until: Timestamp) {
        self.adopt_until(until);
        self.make_moves(until);
    }

    /// Makes every move due before `until`; the rulebook that comes into force then already judges.
    fn catch_up_before(&mut self, until: Timestamp) {
        self.adopt_until(until);
        if until > Timestamp::MIN {
            self.make_moves(until.previous());
        }
    }

    /// Brings every rulebook that comes into force until `until` into force at its instant, after
    /// the moves that the one before it makes until then.
    fn adopt_until(&mut self, until: Timestamp) {
        while let Some(next) =
            self.books.after(self.book.reference()).filter(|next| next.in_force_from() <= until)
        {
            let from = next.in_force_from();
            if from > Timestamp::MIN {
                self.make_moves(from.previous());
            }
            let at = self.customer.advanced_to().max(Some(from)).unwrap_or(from);
            self.book = next;
            self.record(Event::RulebookAdopted { at, rulebook: next.reference() });
        }
    }

    fn make_moves(&mut self, until: Timestamp) {
        for _ in 0..CATCH_UP_MOVES_MAX {
            let Some(from) = self.customer.judged_from() else { return };
            let Some(due) = self.progression().due_by(from, until, Occasion::Time) else { return };
            self.moved(due.trigger, due.to, due.at, Mover::Policy, due.reasons, None);
        }
    }

    /// Makes the moves that are due at the meeting itself, now that the fact is recorded.
    pub(super) fn settle(&mut self, meeting: Meeting) {
        let mut occasion = Occasion::Fact;
        for _ in 0..CATCH_UP_MOVES_MAX {
            let from = self.effect_at(meeting);
            let Some(due) = self.progression().due_by(from, meeting.at, occasion) else { return };
            let reasons = meeting.reasons(due.reasons);
            self.moved(due.trigger, due.to, due.at, Mover::Policy, reasons, None);
            // Recovery is judged once per fact; else a fall and a recovery could take turns.
            occasion = Occasion::Time;
        }
    }

    /// When a decision of this meeting takes effect: never before the last one.
    pub(super) fn effect_at(&self, meeting: Meeting) -> Timestamp {
        let last = self.customer.lifecycle.track().current().map(|visit| visit.at);
        last.max(Some(meeting.at)).unwrap_or(meeting.at)
    }

    /// When this meeting can make the customer enter a stage.
    pub(super) fn free_instant(&self, meeting: Meeting, stage: Stage) -> Timestamp {
        self.customer.lifecycle.track().free_instant(stage, self.effect_at(meeting))
    }

    fn moved(
        &mut self,
        trigger: Trigger,
        to: Position,
        at: Timestamp,
        mover: Mover,
        reasons: Vec<Reason<LifecycleRule>>,
        episode_since: Option<Day>,
    ) {
        let moved = Moved { at, trigger, to, mover, reasons, episode_since };
        self.record(Event::Lifecycle(LifecycleEvent::Moved(moved)));
    }

    /// Makes a move that a fact or a person brings about.
    pub(super) fn move_at(
        &mut self,
        meeting: Meeting,
        trigger: Trigger,
        to: Position,
        mover: Mover,
        reasons: Vec<Reason<LifecycleRule>>,
        episode_since: Option<Day>,
    ) {
        let at = self.free_instant(meeting, to.stage());
        self.moved(trigger, to, at, mover, meeting.reasons(reasons), episode_since);
    }

    pub(super) fn flag(&mut self, meeting: Meeting, flag: Flag) {
        self.record(Event::Lifecycle(LifecycleEvent::Flagged { at: meeting.at, flag }));
    }
}
