//! Decide: the one door through which a customer changes.
//!
//! A fact is never refused for the stage the customer is in; only requests to move are. A fact of an
//! instant first takes the customer *to* that instant: what fell due before takes effect when it fell
//! due, by the rulebook in force then. What is due at the fact's own instant is judged with the fact
//! in the ledger. A late fact takes the customer to the present, for that is when its consequences
//! take effect.

use super::command::{Command, Context};
use super::error::DecideError;
use super::outcome::Outcome;
use super::session::Session;
use super::state::Customer;
use crate::lifecycle::LifecycleCommand;
use crate::rulebook::Rulebooks;
use crate::time::Timestamp;

impl Customer {
    /// Decides a command, by the rulebooks of the business, and applies what follows.
    ///
    /// A refused command and one that changes nothing leave the customer as it was. A change is
    /// applied in place: a host that fails to commit it throws this customer away and loads it anew.
    ///
    /// ```
    /// use guanxi::{Customer, Stage};
    /// # fn order(at: &str) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # fn context(now: &str) -> guanxi::Context {
    /// #     let command_id = guanxi::CommandId::derive("example", now);
    /// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
    /// # }
    /// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
    /// # let books = guanxi::Rulebooks::from(book);
    /// # let shop = guanxi::TenantId::derive("example-shop");
    /// # let id = guanxi::CustomerId::derive(shop, "C-17");
    ///
    /// let mut customer = Customer::unknown(id);
    /// let first = "2026-01-10T12:00:00Z";
    /// let _ = customer.decide(&order(first), &context(first), &books)?;
    ///
    /// // A year of silence: the order finds a lost customer, because the loss fell due in July.
    /// let next = "2027-01-10T12:00:00Z";
    /// let _ = customer.decide(&order(next), &context(next), &books)?;
    /// assert_eq!(customer.stage(), Stage::Growing);
    /// assert_eq!(customer.lifecycle().episode().number, 2);
    /// let lost = &customer.lifecycle().track().visits()[3];
    /// assert_eq!((lost.stage(), lost.at), (Stage::Lost, "2026-07-10T00:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
            Command::Observe(fact) => self.session(context, books)?.observe(fact, context),
            Command::Lifecycle(LifecycleCommand::Report(report)) => {
                self.session(context, books)?.signal(report, context)
            }
            Command::Admit(_)
            | Command::Import(_)
            | Command::Lifecycle(_)
            | Command::Profile(_)
            | Command::Tier(_)
            | Command::Review => {
                let mut copy = self.clone();
                let outcome = copy.decide_on_copy(command, context, books)?;
                if matches!(outcome, Outcome::Changed(_)) {
                    *self = copy;
                }
                Ok(outcome)
            }
        }
    }

    /// Makes every move that fell due until `until`, as if time had passed until then; then ends an
    /// override that is over, and makes the [review](super::Reviews) that is due.
    ///
    /// ```
    /// use guanxi::{Customer, DecideError, Outcome, Stage};
    /// # fn order(at: &str) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # fn context(now: &str) -> guanxi::Context {
    /// #     let command_id = guanxi::CommandId::derive("example", now);
    /// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
    /// # }
    /// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
    /// # let books = guanxi::Rulebooks::from(book);
    /// # let shop = guanxi::TenantId::derive("example-shop");
    /// # let id = guanxi::CustomerId::derive(shop, "C-17");
    ///
    /// let mut customer = Customer::unknown(id);
    /// let at = "2026-01-10T12:00:00Z";
    /// let _ = customer.decide(&order(at), &context(at), &books)?;
    ///
    /// let now = context("2026-08-01T06:00:00Z");
    /// let _ = customer.advance_to(now.now, &now, &books)?;
    /// assert_eq!(customer.stage(), Stage::Lost);
    ///
    /// // Once is enough, and the future is not for recording.
    /// assert_eq!(customer.advance_to(now.now, &now, &books)?, Outcome::Unchanged);
    /// let tomorrow = "2026-08-02T06:00:00Z".parse()?;
    /// let error = customer.advance_to(tomorrow, &now, &books).unwrap_err();
    /// assert_eq!(error, DecideError::BeyondNow { until: tomorrow, now: now.now });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
        if !self.is_admitted() {
            return Ok(Outcome::Unchanged);
        }
        let mut session = self.session(context, books)?;
        session.catch_up(until);
        session.keep_reviews(until);
        Ok(session.close(context))
    }

    /// The moves alone, of a customer that was admitted.
    pub(super) fn make_moves_to(
        &mut self,
        until: Timestamp,
        context: &Context,
        books: &Rulebooks,
    ) -> Result<Outcome, DecideError> {
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
            Some(reference) => books.judging(reference)?,
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
            Command::Observe(fact) => return session.observe(fact, context),
            Command::Profile(command) => session.profile(command)?,
            Command::Tier(command) => session.tier(*command)?,
            Command::Review => session.review_now()?,
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
