//! Decide: the one door through which a customer changes.
//!
//! A fact is never refused for the stage the customer is in; only requests to move are. A fact of an
//! instant first takes the customer *to* that instant: what fell due before takes effect when it fell
//! due, by the rulebook in force then. What is due at the fact's own instant is judged with the fact
//! in the ledger. A late fact takes the customer to the present, for that is when its consequences
//! take effect.

use super::command::{Admit, Command, Context, Fact, IMPORT_FACTS_MAX};
use super::error::DecideError;
use super::event::{Admitted, Entry, Event};
use super::state::Customer;
use crate::explain::{Measure, Reason};
use crate::id::Actor;
use crate::lifecycle::{
    Corrected, DeclineChoice, DisqualifyReason, Episode, Flag, LifecycleCommand, LifecycleError,
    LifecycleEvent, LifecycleRule, Moved, Mover, Occasion, Position, Progression, Report, Request,
    Signalled, Since, Stage, Trigger,
};
use crate::machine::{Answer, Refusal};
use crate::profile::{self, ProfileChange, ProfileCommand};
use crate::purchase::{self, PurchaseCommand, PurchaseError, PurchaseEvent};
use crate::rulebook::{Rulebook, Rulebooks};
use crate::time::{Day, Timestamp};

/// The most moves that one run makes for one customer. What is left stays due.
pub const CATCH_UP_MOVES_MAX: usize = 64;

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// Everything already was as the command asks. Nothing is recorded.
    Unchanged,
    /// The customer changed.
    Changed(Change),
}

/// A change to be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What goes into the journal.
    pub entry: Entry,
    /// The values of a profile change, and the claims it takes and gives up.
    pub profile: Option<Box<ProfileChange>>,
}

impl Customer {
    /// Decides a command, by the rulebooks of the business, and applies what follows.
    ///
    /// A refused command and one that changes nothing leave the customer as it was.
    ///
    /// # Errors
    ///
    /// [`DecideError`], by room. Facts are refused only for what they say, never for the stage the
    /// customer is in.
    pub fn decide(
        &mut self,
        command: &Command,
        context: &Context,
        books: &Rulebooks,
    ) -> Result<Outcome, DecideError> {
        match command {
            // One fact is checked completely before anything is applied, so it needs no copy.
            Command::Purchase(fact) => self.session(context, books)?.purchase(fact, context),
            Command::Lifecycle(LifecycleCommand::Report(report)) => {
                self.session(context, books)?.signal(report, context)
            }
            Command::Admit(_)
            | Command::Import(_)
            | Command::Lifecycle(_)
            | Command::Profile(_) => {
                let mut copy = self.clone();
                let outcome = copy.decide_on_copy(command, context, books)?;
                if matches!(outcome, Outcome::Changed(_)) {
                    *self = copy;
                }
                Ok(outcome)
            }
        }
    }

    /// Makes every move that fell due until `until`, as if time had passed until then.
    ///
    /// # Errors
    ///
    /// [`DecideError::BeyondNow`], [`DecideError::NotAdmitted`], [`DecideError::UnknownRulebook`].
    pub fn advance_to(
        &mut self,
        until: Timestamp,
        context: &Context,
        books: &Rulebooks,
    ) -> Result<Outcome, DecideError> {
        if until > context.now {
            return Err(DecideError::BeyondNow { until, now: context.now });
        }
        if !self.is_known() {
            return Err(DecideError::NotAdmitted);
        }
        let mut session = self.session(context, books)?;
        session.catch_up(until);
        Ok(session.close(context))
    }

    fn session<'a>(
        &'a mut self,
        context: &Context,
        books: &'a Rulebooks,
    ) -> Result<Session<'a>, DecideError> {
        let book = match self.rulebook() {
            None => books.in_force_at(context.now),
            Some(reference) => books.get(reference).ok_or(DecideError::UnknownRulebook {
                policy: reference.policy,
                in_force_from: reference.in_force_from,
            })?,
        };
        let recorded_at = self.recorded_at().max(Some(context.now)).unwrap_or(context.now);
        let actor = context.actor;
        let events = Vec::new();
        Ok(Session { customer: self, books, book, actor, recorded_at, events, profile: None })
    }

    fn decide_on_copy(
        &mut self,
        command: &Command,
        context: &Context,
        books: &Rulebooks,
    ) -> Result<Outcome, DecideError> {
        let mut session = self.session(context, books)?;
        match command {
            Command::Admit(admit) => session.admit(admit, context)?,
            Command::Import(facts) => session.import(facts, context)?,
            Command::Purchase(fact) => return session.purchase(fact, context),
            Command::Profile(command) => session.profile(command)?,
            Command::Lifecycle(command) => {
                let changed = session.lifecycle(command, context)?;
                // Moves that were due anyway stay due: a command that changes nothing leaves no trace.
                if !changed {
                    return Ok(Outcome::Unchanged);
                }
            }
        }
        Ok(session.close(context))
    }
}

/// One command being decided: the customer, the rulebook that judges it, and what was recorded so far.
pub(super) struct Session<'a> {
    customer: &'a mut Customer,
    books: &'a Rulebooks,
    book: &'a Rulebook,
    actor: Actor,
    recorded_at: Timestamp,
    events: Vec<Event>,
    profile: Option<Box<ProfileChange>>,
}

/// Where a dated command meets the customer.
#[derive(Clone, Copy)]
struct Meeting {
    /// When its consequences take effect at the earliest.
    at: Timestamp,
    /// The day of the fact, when it came in late.
    late: Option<Day>,
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
    fn record(&mut self, event: Event) {
        self.customer.apply_event(&event, self.actor, self.recorded_at);
        self.events.push(event);
    }

    fn close(self, context: &Context) -> Outcome {
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

    fn progression(&self) -> Progression<'_> {
        self.customer.progression(self.book)
    }

    fn stage(&self) -> Stage {
        self.customer.lifecycle.stage()
    }

    fn day_of(&self, at: Timestamp) -> Day {
        self.book.policy().zone.day_of(at)
    }

    /// Refuses what is dated in the future, and moves the recording to the fact if clocks differ.
    fn dated(&mut self, occurred_at: Timestamp, context: &Context) -> Result<(), DecideError> {
        let tolerance = i64::from(self.book.policy().future_tolerance_seconds);
        let latest = context.now.saturating_add_seconds(tolerance);
        if occurred_at > latest {
            return Err(DecideError::InTheFuture { occurred_at, latest });
        }
        self.recorded_at = self.recorded_at.max(occurred_at);
        Ok(())
    }

    // --- taking the customer through time ---

    /// Takes the customer to where a dated command takes effect: to its own instant, what is due at
    /// that instant still open; or, when it is late, to the present.
    fn meet(&mut self, occurred_at: Timestamp, day: Day) -> Meeting {
        if !self.customer.is_known() {
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
    fn catch_up(&mut self, until: Timestamp) {
        self.adopt_until(until);
        self.make_moves(until, CATCH_UP_MOVES_MAX);
    }

    /// Makes every move due before `until`; the rulebook that comes into force then already judges.
    fn catch_up_before(&mut self, until: Timestamp) {
        self.adopt_until(until);
        if until > Timestamp::MIN {
            self.make_moves(until.previous(), CATCH_UP_MOVES_MAX);
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
                self.make_moves(from.previous(), CATCH_UP_MOVES_MAX);
            }
            let at = self.customer.advanced_to().max(Some(from)).unwrap_or(from);
            self.book = next;
            self.record(Event::RulebookAdopted { at, rulebook: next.reference() });
        }
    }

    fn make_moves(&mut self, until: Timestamp, moves_max: usize) {
        for _ in 0..moves_max {
            let Some(from) = self.customer.judged_from() else { return };
            let Some(due) = self.progression().due_by(from, until, Occasion::Time) else { return };
            self.moved(due.trigger, due.to, due.at, Mover::Policy, due.reasons, None);
        }
    }

    /// Makes the moves that are due at the meeting itself, now that the fact is recorded.
    fn settle(&mut self, meeting: Meeting) {
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
    fn effect_at(&self, meeting: Meeting) -> Timestamp {
        let last = self.customer.lifecycle.track().current().map(|visit| visit.at);
        last.max(Some(meeting.at)).unwrap_or(meeting.at)
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

    /// Makes a move that a fact or a person brings about. No stage is entered twice at one instant,
    /// so a second entry takes effect one tick later.
    fn move_at(
        &mut self,
        meeting: Meeting,
        trigger: Trigger,
        to: Position,
        mover: Mover,
        reasons: Vec<Reason<LifecycleRule>>,
        episode_since: Option<Day>,
    ) {
        let at = self.effect_at(meeting);
        let track = self.customer.lifecycle.track();
        let at = if track.entered_at(to.stage(), at) { at.next() } else { at };
        self.moved(trigger, to, at, mover, meeting.reasons(reasons), episode_since);
    }

    fn flag(&mut self, meeting: Meeting, flag: Flag) {
        self.record(Event::Lifecycle(LifecycleEvent::Flagged { at: meeting.at, flag }));
    }

    // --- facts ---

    fn purchase(
        mut self,
        command: &PurchaseCommand,
        context: &Context,
    ) -> Result<Outcome, DecideError> {
        self.purchase_fact(command, context)?;
        Ok(self.close(context))
    }

    fn signal(mut self, report: &Report, context: &Context) -> Result<Outcome, DecideError> {
        self.signal_fact(report, context)?;
        Ok(self.close(context))
    }

    /// The rulebook that will judge a fact of this instant, once the customer has been taken there.
    fn book_at(&self, occurred_at: Timestamp) -> &Rulebook {
        let late = self.customer.advanced_to().is_some_and(|to| occurred_at < to);
        let meets_at = if late { self.recorded_at } else { occurred_at };
        let in_force = self.books.in_force_at(meets_at);
        let known = self.customer.is_known();
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
            PurchaseEvent::Ordered(ordered) => {
                let reason = Measure::Money(ordered.amount);
                self.offer_purchase(meeting, ordered.day, reason);
            }
            PurchaseEvent::Cancelled(_) => self.offer_unwind(meeting),
            PurchaseEvent::Returned(_) => {}
        }
        self.settle(meeting);
        Ok(())
    }

    /// Every kept order offers Purchase, and the table decides.
    fn offer_purchase(&mut self, meeting: Meeting, day: Day, amount: Measure) {
        let stage = self.stage();
        // A lost customer would begin a new episode with this order; it is judged by that.
        let fresh = (stage == Stage::Lost).then(|| {
            let number = self.customer.lifecycle.episode().number.saturating_add(1);
            Episode { number, since: Some(day) }
        });
        let answer = match fresh {
            Some(episode) => {
                let policy = self.book.policy();
                let (lifecycle, purchases) = (&self.customer.lifecycle, &self.customer.purchases);
                Progression::in_episode(
                    lifecycle,
                    purchases,
                    &policy.lifecycle,
                    policy.zone,
                    episode,
                )
                .answer(Trigger::Purchase, meeting.at, false)
            }
            None => self.progression().answer(Trigger::Purchase, meeting.at, false),
        };
        match answer {
            Answer::Permitted { reasons: found, .. } => {
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

    fn signal_fact(&mut self, report: &Report, context: &Context) -> Result<(), DecideError> {
        let Report { occurred_at, day, signal, .. } = *report;
        self.dated(occurred_at, context)?;
        let zone = self.book_at(occurred_at).policy().zone;
        let day = business_day(zone.day_of(occurred_at), day)?;
        let meeting = self.meet(occurred_at, day);
        let fact = Signalled::new(occurred_at, day, signal);
        self.record(Event::Lifecycle(LifecycleEvent::Signalled(fact)));
        self.settle(meeting);
        Ok(())
    }

    /// Facts on time are decided in the order they occurred; late ones after them, because they take
    /// effect now. A return or cancellation on time of a purchase that is late waits for it.
    fn import(&mut self, facts: &[Fact], context: &Context) -> Result<(), DecideError> {
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
                    PurchaseError::NothingToReturn { .. } | PurchaseError::NoOrderLeft { .. },
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
        }
    }

    // --- requests ---

    fn admit(&mut self, admit: &Admit, context: &Context) -> Result<(), DecideError> {
        let Admit { occurred_at: at, position, since, opening, .. } = *admit;
        // A customer of whom only the profile is known may still be taken over.
        if self.customer.advanced_to().is_some_and(|advanced_to| advanced_to > Timestamp::MIN) {
            return Err(DecideError::AlreadyAdmitted);
        }
        self.dated(at, context)?;
        if let Since::Known(since) = since
            && since > at
        {
            return Err(DecideError::SinceAfterAdmission { since, at });
        }
        self.book = self.books.in_force_at(at);
        if let Some(opening) = &opening {
            let currency = self.book.policy().currency;
            purchase::check_opening(&self.customer.purchases, opening, currency)?;
        }
        let rulebook = self.book.reference();
        self.record(Event::Admitted(Admitted { at, position, since, opening, rulebook }));
        self.settle(Meeting { at, late: None });
        Ok(())
    }

    fn profile(&mut self, command: &ProfileCommand) -> Result<(), DecideError> {
        let Some(change) = profile::decide(&self.customer.profile, command)? else { return Ok(()) };
        if !self.customer.is_known() {
            // Knowing who somebody is takes the relationship nowhere: no later fact is late for it.
            self.admit_as_prospect(Timestamp::MIN);
        }
        self.customer.profile = change.profile.clone();
        self.record(Event::Profile(change.event));
        self.profile = Some(Box::new(change));
        Ok(())
    }

    fn lifecycle(
        &mut self,
        command: &LifecycleCommand,
        context: &Context,
    ) -> Result<bool, DecideError> {
        match *command {
            LifecycleCommand::Report(report) => self.signal_fact(&report, context).map(|()| true),
            LifecycleCommand::Request { occurred_at, request } => {
                self.dated(occurred_at, context)?;
                let meeting = self.meet(occurred_at, self.day_of(occurred_at));
                self.request(meeting, request)
            }
            LifecycleCommand::Choose { occurred_at, choice } => {
                self.dated(occurred_at, context)?;
                self.choose(occurred_at, choice)
            }
            LifecycleCommand::Correct { to, reason } => {
                if !self.customer.is_known() {
                    return Err(DecideError::NotAdmitted);
                }
                self.catch_up(self.recorded_at);
                if self.customer.lifecycle.position() == to {
                    return Ok(false);
                }
                let meeting = Meeting { at: self.recorded_at, late: None };
                let at = self.effect_at(meeting);
                let track = self.customer.lifecycle.track();
                let at = if track.entered_at(to.stage(), at) { at.next() } else { at };
                let corrected = Corrected::new(at, to, reason);
                self.record(Event::Lifecycle(LifecycleEvent::Corrected(corrected)));
                Ok(true)
            }
            LifecycleCommand::Acknowledge(flag) => {
                if !self.customer.lifecycle.flags().any(|(raised, _)| raised == flag) {
                    return Err(LifecycleError::NoSuchFlag.into());
                }
                self.record(Event::Lifecycle(LifecycleEvent::Acknowledged { flag }));
                Ok(true)
            }
        }
    }

    fn request(&mut self, meeting: Meeting, request: Request) -> Result<bool, DecideError> {
        let (stage, trigger) = (self.stage(), request.trigger());
        let (next, found) = match self.progression().answer(trigger, meeting.at, true) {
            Answer::Permitted { next, reasons } => (next.targets().next(), reasons),
            Answer::Stay => return Ok(false),
            Answer::Blocked { unmet } => {
                return Err(LifecycleError::Blocked { stage, trigger, unmet }.into());
            }
            Answer::Refused(refusal) => {
                return Err(LifecycleError::Refused { stage, trigger, refusal }.into());
            }
        };
        let to = match (request, next) {
            (Request::Leave { .. }, Some(Stage::Disqualified)) => {
                Position::Disqualified { reason: DisqualifyReason::OwnWish, barred: false }
            }
            (Request::Leave { cause }, _) => Position::Lost { cause },
            (Request::Disqualify { reason, barred }, _) => {
                Position::Disqualified { reason, barred }
            }
            (Request::End { reason }, _) => Position::Ended { reason },
            (_, Some(Stage::Prospect)) => Position::Prospect,
            (_, Some(Stage::Aware)) => Position::Aware,
            (_, Some(Stage::Considering)) => Position::Considering,
            (_, Some(Stage::Deciding)) => Position::Deciding,
            (_, _) => self.progression().target(trigger, meeting.at, &found),
        };
        let since = (trigger == Trigger::WinBack).then(|| self.day_of(meeting.at));
        let mut reasons =
            vec![Reason::new(LifecycleRule::Requested, Measure::Missing, Measure::Missing)];
        reasons.extend(found);
        self.move_at(meeting, trigger, to, Mover::Request, reasons, since);
        self.settle(meeting);
        Ok(true)
    }

    fn choose(
        &mut self,
        occurred_at: Timestamp,
        choice: DeclineChoice,
    ) -> Result<bool, DecideError> {
        if !self.customer.is_known() {
            return Err(DecideError::NotAdmitted);
        }
        let meeting = self.meet(occurred_at, self.day_of(occurred_at));
        let Some(declining) = self.customer.lifecycle.position().declining() else {
            return Err(LifecycleError::NotDeclining { stage: self.stage() }.into());
        };
        if declining.choice == Some(choice) {
            return Ok(false);
        }
        self.record(Event::Lifecycle(LifecycleEvent::Chose { occurred_at, choice }));
        self.settle(meeting);
        Ok(true)
    }
}

/// Purchases before what may take them back, at one instant.
const fn import_rank(fact: &Fact) -> u8 {
    match fact {
        Fact::Purchase(PurchaseCommand::Order(_)) => 0,
        Fact::Signal(_) => 1,
        Fact::Purchase(_) => 2,
    }
}

fn refused_fact(index: usize, error: DecideError) -> DecideError {
    DecideError::Fact { index, source: Box::new(error) }
}

fn business_day(expected: Day, given: Option<Day>) -> Result<Day, LifecycleError> {
    match given {
        Some(given)
            if given.days_since(expected).unsigned_abs() > purchase::DAY_OFFSET_DAYS_MAX =>
        {
            Err(LifecycleError::DayOutOfReach { given, expected })
        }
        Some(given) => Ok(given),
        None => Ok(expected),
    }
}
