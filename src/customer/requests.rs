//! Requests: takeovers, moves that people ask for, corrections, the profile.

use super::command::{Admit, Context};
use super::error::DecideError;
use super::event::{Admitted, Event};
use super::session::{Meeting, Session};
use crate::explain::{Measure, Reason};
use crate::lifecycle::{
    Corrected, CorrectionReason, DeclineChoice, DisqualifyReason, Flag, LifecycleCommand,
    LifecycleError, LifecycleEvent, LifecycleRule, Mover, Position, Request, Since, Stage, Trigger,
};
use crate::machine::Answer;
use crate::profile::{self, ProfileCommand};
use crate::purchase;
use crate::tier::{self, TierCommand};
use crate::time::Timestamp;

impl Session<'_> {
    pub(super) fn admit(&mut self, admit: &Admit, context: &Context) -> Result<(), DecideError> {
        let Admit { occurred_at: at, position, since, opening, .. } = *admit;
        if self.customer.is_admitted() {
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
            let (last, day) = (opening.last_day.max(opening.first_day), self.day_of(at));
            if let Some(last) = last.filter(|last| *last > day) {
                return Err(DecideError::OpeningAfterAdmission { last, day });
            }
        }
        let rulebook = self.book.reference();
        self.record(Event::Admitted(Admitted { at, position, since, opening, rulebook }));
        self.settle(Meeting { at, late: None });
        Ok(())
    }

    pub(super) fn profile(&mut self, command: &ProfileCommand) -> Result<(), DecideError> {
        let Some(change) = profile::decide(&self.customer.profile, command)? else { return Ok(()) };
        // Knowing who somebody is takes the relationship nowhere, so it admits nobody: facts from
        // before it may still come, and so may a takeover.
        self.customer.profile = change.profile.clone();
        self.record(Event::Profile(change.event));
        self.profile = Some(Box::new(change));
        Ok(())
    }

    pub(super) fn tier(&mut self, command: TierCommand) -> Result<(), DecideError> {
        if !self.customer.is_admitted() {
            return Err(DecideError::NotAdmitted);
        }
        let state = self.customer.reviews.tier_state(self.book.policy());
        let event = tier::decide(&state, command, self.recorded_at, self.actor)?;
        event.into_iter().for_each(|event| self.record(Event::Tier(event)));
        Ok(())
    }

    pub(super) fn review_now(&mut self) -> Result<(), DecideError> {
        if !self.customer.is_admitted() {
            return Err(DecideError::NotAdmitted);
        }
        self.catch_up(self.recorded_at);
        self.review(self.recorded_at);
        Ok(())
    }

    pub(super) fn lifecycle(
        &mut self,
        command: &LifecycleCommand,
        context: &Context,
    ) -> Result<bool, DecideError> {
        match *command {
            LifecycleCommand::Report(report) => self.signal_fact(&report, context).map(|()| true),
            LifecycleCommand::Request { occurred_at, request } => {
                self.dated(occurred_at, context)?;
                let meeting = self.meet(occurred_at, self.day_of(occurred_at));
                self.request(meeting, occurred_at, request)
            }
            LifecycleCommand::Choose { occurred_at, choice } => {
                self.dated(occurred_at, context)?;
                self.choose(occurred_at, choice)
            }
            LifecycleCommand::Correct { to, reason } => self.correct(to, reason),
            LifecycleCommand::Acknowledge(flag) => self.acknowledge(flag),
        }
    }

    /// Takes effect now, and is marked as a correction for ever.
    fn correct(&mut self, to: Position, reason: CorrectionReason) -> Result<bool, DecideError> {
        if !self.customer.is_admitted() {
            return Err(DecideError::NotAdmitted);
        }
        self.catch_up(self.recorded_at);
        if self.customer.lifecycle.position() == to {
            return Ok(false);
        }
        let at = self.free_instant(Meeting { at: self.recorded_at, late: None }, to.stage());
        let corrected = Corrected::new(at, to, reason);
        self.record(Event::Lifecycle(LifecycleEvent::Corrected(corrected)));
        Ok(true)
    }

    fn acknowledge(&mut self, flag: Flag) -> Result<bool, DecideError> {
        if !self.customer.lifecycle.flags().any(|(raised, _)| raised == flag) {
            return Err(LifecycleError::NoSuchFlag.into());
        }
        self.record(Event::Lifecycle(LifecycleEvent::Acknowledged { flag }));
        Ok(true)
    }

    fn request(
        &mut self,
        meeting: Meeting,
        occurred_at: Timestamp,
        request: Request,
    ) -> Result<bool, DecideError> {
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
        let mut reasons = vec![Reason::new(rule_of(request), Measure::Missing, Measure::Missing)];
        reasons.extend(found);
        let mover = Mover::Request { occurred_at };
        self.move_at(meeting, trigger, to, mover, reasons, since);
        self.settle(meeting);
        Ok(true)
    }

    fn choose(
        &mut self,
        occurred_at: Timestamp,
        choice: DeclineChoice,
    ) -> Result<bool, DecideError> {
        if !self.customer.is_admitted() {
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

/// The rule that a request is the reason of, with its cause where it has one.
const fn rule_of(request: Request) -> LifecycleRule {
    match request {
        Request::Leave { cause } => LifecycleRule::Left(cause),
        Request::Disqualify { reason, .. } => LifecycleRule::Disqualified(reason),
        Request::End { reason } => LifecycleRule::Ended(reason),
        Request::Engage
        | Request::Evaluate
        | Request::Propose
        | Request::Cool
        | Request::Mature
        | Request::Decline
        | Request::Recover
        | Request::Lapse
        | Request::WinBack
        | Request::Requalify => LifecycleRule::Requested,
    }
}
