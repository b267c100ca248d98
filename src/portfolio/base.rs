//! Measuring a base, one customer after the other.

use crate::churn::{ChurnBase, ChurnCalibration};
use crate::customer::Customer;
use crate::rulebook::{Calibration, Rulebook, Sections};
use crate::tier::{TierCalibration, TierFacts};
use crate::time::Timestamp;
use crate::value::{RfmCalibration, RfmFacts, ValueCalibration, WorthBase};

/// A base measured at an instant, as a policy wants it, in columns: some 240 bytes for each customer.
///
/// ```
/// use guanxi::portfolio::Portfolio;
/// use guanxi::tier::Tier;
/// use guanxi::{Customer, CustomerId};
/// # fn order(at: &str, minor: i64) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(minor, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book.clone());
/// # let shop = guanxi::TenantId::derive("example-shop");
///
/// let day = "2026-03-01T12:00:00Z";
/// let now = "2026-03-02T00:00:00Z".parse()?;
/// let mut base = Vec::new();
/// for (name, minor) in [("a", 60_000), ("b", 25_000), ("c", 12_000), ("d", 3_000)] {
///     let mut customer = Customer::unknown(CustomerId::derive(shop, name));
///     let _ = customer.decide(&order(day, minor), &context(day), &books)?;
///     base.push(customer);
/// }
///
/// let mut portfolio = Portfolio::new(&book, now);
/// base.iter().for_each(|customer| portfolio.add(customer));
/// let books = books.with_calibration(portfolio.calibrate());
///
/// // Asked alone, each gets the answer that the base gave.
/// let tier = |customer: &Customer| customer.verdict(now, &books).map(|verdict| verdict.tier.tier.value());
/// assert_eq!(tier(&base[0])?, Some(Tier::A));
/// assert_eq!(tier(&base[2])?, Some(Tier::B));
/// assert_eq!(tier(&base[3])?, Some(Tier::C));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Portfolio<'a> {
    book: &'a Rulebook,
    at: Timestamp,
    rfm: Vec<RfmFacts>,
    tiers: Vec<TierFacts>,
    churn: ChurnBase,
    worth: WorthBase,
}

impl<'a> Portfolio<'a> {
    /// An empty base, to be measured at `at` as the policy of `book` wants it.
    #[must_use]
    pub fn new(book: &'a Rulebook, at: Timestamp) -> Self {
        let observed_days = u32::from(book.policy().churn.first_return_days);
        let churn = ChurnCalibration::builder(observed_days);
        let worth = WorthBase::default();
        Self { book, at, rfm: Vec::new(), tiers: Vec::new(), churn, worth }
    }

    /// Measures one customer more, in any order; once each. Everybody counts, in whatever stage. Nothing
    /// dated after the business day is seen.
    pub fn add(&mut self, customer: &Customer) {
        let policy = self.book.policy();
        let measured = customer.measured(self.at, policy);
        self.rfm.push(measured.rfm);
        self.tiers.push(measured.tier);
        self.worth.add(&measured.worth);
        let purchases = customer.purchases().through(measured.day);
        match measured.churn.tenure_days {
            // What became of a first purchase that lies in an opening balance cannot be told.
            Some(days) if purchases.opening().is_none() => {
                self.churn.add(days, purchases.gaps_days());
            }
            _ => self.churn.add_gaps(purchases.gaps_days()),
        }
    }

    /// How many customers were measured.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rfm.len()
    }

    /// Whether none was.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rfm.is_empty()
    }

    /// What the base says: the same, to the last bit, whatever order its customers were added in. Fitting the
    /// models of [`worth`](crate::value::worth()) is most of the work: about a second for a million customers.
    #[must_use]
    pub fn calibrate(&self) -> Calibration {
        let policy = self.book.policy();
        // Only a policy that was not linted follows first purchases for no day.
        let churn = self.churn.calibration().unwrap_or_default();
        Calibration::new(Sections {
            taken_at: self.at,
            basis: self.book.basis(),
            customers: u64::try_from(self.len()).unwrap_or(u64::MAX),
            value: ValueCalibration {
                rfm: RfmCalibration::of(&policy.value.rfm, &self.rfm),
                worth: self.worth.calibration(&policy.value.worth, policy.zone.day_of(self.at)),
            },
            tier: TierCalibration::of(&policy.tier, &self.tiers),
            churn,
        })
    }
}
