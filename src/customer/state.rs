//! The customer: the aggregate of all rooms.

use serde::{Deserialize, Serialize};

use super::event::{Admitted, Entry, Event};
use super::review::Reviews;
use crate::id::{Actor, CustomerId};
use crate::lifecycle::{Lifecycle, Progression, Stage, Visit};
use crate::observation::Observations;
use crate::profile::Profile;
use crate::purchase::PurchaseHistory;
use crate::rulebook::{Rulebook, RulebookRef, Rulebooks};
use crate::time::Timestamp;

/// One customer: what is recorded of it, room by room.
///
/// A customer changes by [`decide`](Self::decide) alone; its journal, [folded](Self::fold), gives the
/// same customer again, profile aside. Equality compares everything.
///
/// ```
/// use guanxi::purchase::Order;
/// use guanxi::{
///     Actor, Command, CommandId, Context, Currency, Customer, CustomerId, Money, Policy, Rulebook,
///     Rulebooks, Stage, TenantId, Timestamp,
/// };
///
/// let books = Rulebooks::from(Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?);
/// let at: Timestamp = "2026-03-01T09:30:00Z".parse()?;
/// let context = Context::new(at, Actor::System, CommandId::derive("orders", "1"));
///
/// let shop = TenantId::derive("example-shop");
/// let mut customer = Customer::unknown(CustomerId::derive(shop, "C-17"));
/// customer.decide(&Order::new(at, Money::parse("29.33", Currency::USD)?).into(), &context, &books)?;
///
/// assert_eq!(customer.stage(), Stage::Onboarding);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub(super) id: CustomerId,
    pub(super) revision: u64,
    /// When the last entry was recorded; `None` until the first.
    pub(super) recorded_at: Option<Timestamp>,
    /// `None` until a fact, a request or a takeover begins the lifecycle.
    pub(super) progress: Option<Progress>,
    pub(super) lifecycle: Lifecycle,
    pub(super) purchases: PurchaseHistory,
    pub(super) observations: Observations,
    pub(super) profile: Profile,
    pub(super) reviews: Reviews,
}

/// How far a customer was taken, and by which rulebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Progress {
    /// The latest instant that decisions have been taken to. A fact from before is late.
    pub(super) advanced_to: Timestamp,
    pub(super) rulebook: RulebookRef,
    /// A person set the position, and no fact has come since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) held: bool,
}

impl Customer {
    /// A customer nothing is known of. Its first fact, request or takeover makes it known.
    #[must_use]
    pub fn unknown(id: CustomerId) -> Self {
        Self {
            id,
            revision: 0,
            recorded_at: None,
            progress: None,
            lifecycle: Lifecycle::default(),
            purchases: PurchaseHistory::default(),
            observations: Observations::default(),
            profile: Profile::default(),
            reviews: Reviews::default(),
        }
    }

    /// The customer that a journal tells of, profile aside.
    ///
    /// ```
    /// use guanxi::{Customer, Outcome, Stage};
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
    /// let mut journal = Vec::new();
    /// for at in ["2026-01-10T12:00:00Z", "2026-03-02T12:00:00Z"] {
    ///     if let Outcome::Changed(change) = customer.decide(&order(at), &context(at), &books)? {
    ///         journal.push(change.entry);
    ///     }
    /// }
    /// assert_eq!(Customer::fold(id, &journal), customer);
    /// assert_eq!(Customer::fold(id, &journal[..1]).stage(), Stage::Onboarding);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fold<'a>(id: CustomerId, journal: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut customer = Self::unknown(id);
        for entry in journal {
            customer.apply(entry);
        }
        customer
    }

    /// What was known of the customer at `known_at`: the journal up to what was recorded by then,
    /// folded, profile aside. For reading only: a command decided on it would overwrite the profile.
    /// Read it with [`at`](Self::at) to see how an earlier instant looked from there.
    ///
    /// Of [observations](Self::observations) a customer keeps the
    /// [newest days](crate::observation::OBSERVATIONS_KEPT) of each kind. For a day before those, ask what was
    /// known soon after it: then they were the newest.
    ///
    /// ```
    /// use guanxi::{Customer, Outcome, Zone};
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
    /// // An order of 10 January that was reported in March.
    /// let mut customer = Customer::unknown(id);
    /// let mut journal = Vec::new();
    /// for (at, now) in [
    ///     ("2026-02-01T12:00:00Z", "2026-02-01T12:00:00Z"),
    ///     ("2026-01-10T12:00:00Z", "2026-03-02T12:00:00Z"),
    /// ] {
    ///     if let Outcome::Changed(change) = customer.decide(&order(at), &context(now), &books)? {
    ///         journal.push(change.entry);
    ///     }
    /// }
    ///
    /// // Orders until the end of February: as is known now, and as was known then.
    /// let end = "2026-02-28T23:59:59Z".parse()?;
    /// let then = Customer::as_of(id, &journal, end);
    /// assert_eq!(customer.at(end, Zone::UTC).purchases().orders, 2);
    /// assert_eq!(then.at(end, Zone::UTC).purchases().orders, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_of<'a>(
        id: CustomerId,
        journal: impl IntoIterator<Item = &'a Entry>,
        known_at: Timestamp,
    ) -> Self {
        Self::fold(id, journal.into_iter().take_while(|entry| entry.recorded_at <= known_at))
    }

    /// As much of this customer as its journal tells of.
    pub(crate) fn without_profile(self) -> Self {
        Self { profile: Profile::default(), ..self }
    }

    /// Applies one entry of the journal. Total: what was recorded is never refused.
    pub fn apply(&mut self, entry: &Entry) {
        for event in &entry.events {
            self.apply_event(event, entry.actor, entry.recorded_at);
        }
        self.close(entry.revision, entry.recorded_at);
    }

    /// Ends an entry.
    pub(super) fn close(&mut self, revision: u64, recorded_at: Timestamp) {
        self.revision = revision;
        self.recorded_at = self.recorded_at.max(Some(recorded_at));
    }

    pub(super) fn apply_event(&mut self, event: &Event, actor: Actor, recorded_at: Timestamp) {
        self.advance(event, recorded_at);
        match event {
            Event::Admitted(admitted) => self.admitted(admitted, actor, recorded_at),
            Event::RulebookAdopted { rulebook, .. } => {
                if let Some(progress) = &mut self.progress {
                    progress.rulebook = *rulebook;
                }
            }
            Event::Purchase(event) => self.purchases.apply(event),
            Event::Observed(event) => self.observations.apply(event),
            Event::Lifecycle(event) => self.lifecycle.apply(event, actor, recorded_at),
            // The journal names fields, not values; values travel beside it.
            Event::Profile(_) => {}
            Event::Tier(event) => self.reviews.overridden(event),
            Event::Reviewed(review) => self.reviews.reviewed(*review),
        }
    }

    /// Takes the customer to the event: to its own instant, or, when it is late, to its recording,
    /// because what it brings about takes effect then.
    fn advance(&mut self, event: &Event, recorded_at: Timestamp) {
        let Some(progress) = &mut self.progress else { return };
        if let Some(occurred_at) = event.occurred_at() {
            let late = occurred_at < progress.advanced_to;
            let reached = if late { recorded_at } else { occurred_at };
            progress.advanced_to = progress.advanced_to.max(reached);
        }
        if let Some(at) = event.decided_to() {
            progress.advanced_to = progress.advanced_to.max(at);
        }
        progress.held = match event.releases() {
            Some(releases) => !releases,
            None => progress.held,
        };
    }

    fn admitted(&mut self, admitted: &Admitted, actor: Actor, recorded_at: Timestamp) {
        let Admitted { at, position, since, opening, rulebook } = admitted;
        self.progress = Some(Progress { advanced_to: *at, rulebook: *rulebook, held: false });
        self.lifecycle.admit(Visit::admission(*position, *at, *since, recorded_at, actor));
        if let Some(opening) = opening {
            self.purchases.open(*opening);
        }
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> CustomerId {
        self.id
    }

    /// How many entries the journal has.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the customer is known at all.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.recorded_at.is_some()
    }

    /// Whether its lifecycle has begun: with a fact, a request or a takeover. Of a customer that is
    /// known but not admitted only the profile is known; it stands for a prospect of unknown start.
    #[must_use]
    pub const fn is_admitted(&self) -> bool {
        self.progress.is_some()
    }

    /// The latest instant that decisions have been taken to; `None` before it is admitted.
    #[must_use]
    pub fn advanced_to(&self) -> Option<Timestamp> {
        self.progress.map(|progress| progress.advanced_to)
    }

    /// When the last entry was recorded; `None` for an unknown customer.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// The rulebook that judged the customer last; `None` before it is admitted.
    #[must_use]
    pub fn rulebook(&self) -> Option<RulebookRef> {
        self.progress.map(|progress| progress.rulebook)
    }

    /// The lifecycle.
    #[must_use]
    pub const fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }

    /// The purchases.
    #[must_use]
    pub const fn purchases(&self) -> &PurchaseHistory {
        &self.purchases
    }

    /// What only the host knows, as it told.
    ///
    /// [`Observation`](crate::observation::Observation) has an example.
    #[must_use]
    pub const fn observations(&self) -> &Observations {
        &self.observations
    }

    /// Who the customer is.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The stage by everything recorded. Moves that fell due since are not in it; ask
    /// [`assess`](Self::assess) for those.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.lifecycle.stage()
    }

    /// When something will fall due for this customer without a new fact; `None` if nothing will,
    /// or if its rulebook is not among `books`.
    ///
    /// A scheduler keeps this instant in an index and calls for the customer when it has come.
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
    /// assert_eq!(customer.wake_at(&books), None);
    /// let at = "2026-01-10T12:00:00Z";
    /// let _ = customer.decide(&order(at), &context(at), &books)?;
    ///
    /// // Delivery is implied after 14 days; the scheduler comes on the day after.
    /// let due = customer.wake_at(&books).expect("delivery is implied one day");
    /// assert_eq!(due, "2026-01-24T00:00:00Z".parse()?);
    /// let _ = customer.advance_to(due, &context("2026-01-25T06:00:00Z"), &books)?;
    /// assert_eq!(customer.stage(), Stage::Growing);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn wake_at(&self, books: &Rulebooks) -> Option<Timestamp> {
        let book = books.get(self.rulebook()?)?;
        let move_at = self.progression(book).next_at(self.judged_from()?);
        let others = [self.override_ends_at(), self.next_review_at(book)];
        others.into_iter().chain([move_at]).flatten().min()
    }

    /// This customer under one rulebook, ready to be judged.
    ///
    /// [`Progression`] has an example.
    #[must_use]
    pub fn progression<'a>(&'a self, book: &'a Rulebook) -> Progression<'a> {
        let policy = book.policy();
        Progression::new(&self.lifecycle, &self.purchases, &policy.lifecycle, policy.zone)
            .with_held(self.progress.is_some_and(|progress| progress.held))
    }

    /// The earliest instant at which a decision can take effect.
    pub(super) fn judged_from(&self) -> Option<Timestamp> {
        let last = self.lifecycle.track().current().map(|visit| visit.at);
        self.advanced_to().max(last)
    }
}
