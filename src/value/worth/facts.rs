//! What is known of one customer's buying.

use crate::money::{Currency, Money};
use crate::purchase::PurchaseTally;
use crate::time::Day;
use crate::value::lifetime::{AgeAtLastPurchase, Days, RepeatBuying, Span, Spending};

/// What one customer bought until the end of a day, as models of repeat buying look at it.
///
/// ```
/// use guanxi::purchase::{Ordered, PurchaseEvent, PurchaseHistory};
/// use guanxi::value::WorthFacts;
/// use guanxi::{Currency, Day, Money, Timestamp};
///
/// let mut history = PurchaseHistory::default();
/// for (day, minor) in [("2026-01-10", 2_933), ("2026-03-02", 1_250)] {
///     let paid = Money::from_minor(minor, Currency::USD);
///     let order = Ordered::new(Timestamp::UNIX_EPOCH, day.parse()?, paid, paid);
///     history.apply(&PurchaseEvent::Ordered(order));
/// }
/// let facts = WorthFacts::new("2026-03-12".parse()?, Currency::USD, history.tally());
/// let buying = facts.buying().expect("it bought");
/// assert_eq!((buying.repeats(), buying.age().get()), (1, 61.0));
/// assert_eq!(facts.silence_days(), Some(10));
/// // Spending looks at repeat purchases only.
/// assert_eq!(facts.mean_spend(), Some(Money::from_minor(1_250, Currency::USD)));
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WorthFacts {
    /// The business day.
    pub day: Day,
    /// The currency of the ledger.
    pub currency: Currency,
    /// The ledger in five numbers; `None` when nothing was bought, or nobody knows when first or last.
    pub tally: Option<PurchaseTally>,
}

impl WorthFacts {
    /// What was bought until the end of `day`.
    #[must_use]
    pub const fn new(day: Day, currency: Currency, tally: Option<PurchaseTally>) -> Self {
        Self { day, currency, tally }
    }

    /// How often, how recently and for how long; `None` when that is not known.
    #[must_use]
    pub fn buying(&self) -> Option<RepeatBuying<Days>> {
        self.buying_at(self.day)
    }

    /// The same at the end of another day, with nothing bought since.
    pub(super) fn buying_at(&self, day: Day) -> Option<RepeatBuying<Days>> {
        let tally = self.tally?;
        let span = |until: Day| u32::try_from(until.days_since(tally.first_day)).ok();
        let last = AgeAtLastPurchase(Span::whole(span(tally.last_day)?));
        RepeatBuying::new(tally.repeats(), last, Span::whole(span(day)?)).ok()
    }

    /// What was spent on repeat purchases, in minor units; `None` without one that cost anything.
    #[must_use]
    pub fn spending(&self) -> Option<Spending> {
        let tally = self.tally?;
        let repeats = tally.repeats();
        #[expect(clippy::cast_precision_loss, reason = "an estimate; a mean of 2^53 minor units")]
        let spent = tally.repeat_minor() as f64;
        Spending::new(repeats, spent / f64::from(repeats)).ok()
    }

    /// Days since the last purchase day.
    #[must_use]
    pub fn silence_days(&self) -> Option<i64> {
        self.tally.map(|tally| self.day.days_since(tally.last_day))
    }

    /// What a repeat purchase came to on average, rounded down; `None` without one.
    #[must_use]
    pub fn mean_spend(&self) -> Option<Money> {
        let tally = self.tally?;
        let mean = tally.repeat_minor().checked_div(tally.repeats().into())?;
        Some(Money::from_minor(mean, self.currency))
    }
}
