//! Reading a customer at an instant, by what is recorded.

use super::state::Customer;
use crate::lifecycle::{Dwell, Stage, Visit};
use crate::observation::{ObservationKind, Observed};
use crate::purchase::Summary;
use crate::time::{Day, Timestamp, Zone};

/// One customer as its record shows it at one instant: decisions in effect by then, facts dated by
/// the end of that business day. Nothing dated later is seen.
///
/// Of a customer that was [folded as of](Customer::as_of) another time, this is what was known then.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::Zone;
/// use guanxi::customer::derive_track;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// let orders = [order("2026-01-10T12:00:00Z"), order("2026-03-02T12:00:00Z")];
/// let customer = derive_track(&orders, &books, "2026-06-01T00:00:00Z".parse()?).customer;
///
/// // As of 1 February: delivered by then, the second order still to come.
/// let view = customer.at("2026-02-01T00:00:00Z".parse()?, Zone::UTC);
/// assert_eq!(view.stage(), Some(Stage::Growing));
/// assert_eq!(view.purchases().orders, 1);
/// assert_eq!(view.recency_days(), Some(22));
/// assert_eq!(view.dwell(Stage::Growing).latest_days, Some(8));
/// assert_eq!(view.stays().count(), 3);
///
/// // Nothing was known before the first order.
/// assert_eq!(customer.at("2026-01-01T00:00:00Z".parse()?, Zone::UTC).stage(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    customer: &'a Customer,
    at: Timestamp,
    zone: Zone,
}

impl Customer {
    /// This customer at `at`, with business days of `zone`.
    #[must_use]
    pub const fn at(&self, at: Timestamp, zone: Zone) -> View<'_> {
        View { customer: self, at, zone }
    }
}

impl<'a> View<'a> {
    /// The stay that is in effect; `None` when the customer was not known then.
    #[must_use]
    pub fn visit(&self) -> Option<&'a Visit> {
        self.customer.lifecycle.track().at(self.at)
    }

    /// The stage; `None` when the customer was not known then.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.visit().map(Visit::stage)
    }

    /// The stays that had begun, with the instant each was left, if it was left by then.
    pub fn stays(&self) -> impl Iterator<Item = (&'a Visit, Option<Timestamp>)> {
        let at = self.at;
        let stays = self.customer.lifecycle.track().stays();
        stays
            .take_while(move |(visit, _)| visit.at <= at)
            .map(move |(visit, left)| (visit, left.filter(|left| *left <= at)))
    }

    /// How long the customer had stood in a stage.
    #[must_use]
    pub fn dwell(&self, stage: Stage) -> Dwell {
        self.customer.lifecycle.track().dwell(stage, self.at, self.zone)
    }

    /// The business day.
    #[must_use]
    pub fn day(&self) -> Day {
        self.zone.day_of(self.at)
    }

    /// The purchases.
    #[must_use]
    pub fn purchases(&self) -> Summary {
        self.customer.purchases.up_to(self.day())
    }

    /// The last figure of a kind that only the host knows, with the business day it is of.
    ///
    /// [`Observations::latest`](crate::observation::Observations::latest) says when there is none.
    #[must_use]
    pub fn observed(&self, kind: ObservationKind) -> Option<(Observed, Day)> {
        self.customer.observations.latest(kind, self.day())
    }

    /// Whole business days since the last purchase day; `None` without a purchase.
    #[must_use]
    pub fn recency_days(&self) -> Option<i64> {
        self.purchases().last_day.map(|last| self.day().days_since(last))
    }
}
