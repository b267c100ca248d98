//! What the rooms of value, tiers and churn are told of one customer: the hall reads the ledger and
//! what the host reported, and fills their plain structs in.

use super::error::DecideError;
use super::state::Customer;
use crate::calibrated::Calibrated;
use crate::churn::{ChurnFacts, Comparison, Indicator, Observation, Returns};
use crate::id::CustomerId;
use crate::lifecycle::Signals;
use crate::money::Money;
use crate::observation::Observations;
use crate::purchase::{Known, PurchaseHistory};
use crate::rulebook::{Judging, Policy, Rulebooks};
use crate::slot::Slot;
use crate::tier::TierFacts;
use crate::time::{Day, Lookback, Timestamp};
use crate::value::{
    self, Potential, PotentialFacts, RfmFacts, ScoreFacts, ValueAnswer, ValueOutside, ValueScore,
    Worth, WorthCalibration, WorthFacts,
};

/// The facts of one customer on one business day, as each room wants them. Nothing dated later is in
/// them.
///
/// ```
/// use guanxi::Customer;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy.clone(), guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
///
/// let mut customer = Customer::unknown(id);
/// for at in ["2026-01-10T12:00:00Z", "2026-03-02T12:00:00Z"] {
///     let _ = customer.decide(&order(at), &context(at), &books)?;
/// }
/// let measured = customer.measured("2026-03-12T09:00:00Z".parse()?, &policy);
/// assert_eq!((measured.rfm.purchase_days, measured.rfm.recency_days), (2, Some(10)));
/// assert_eq!(measured.churn.usual_gap_days, Some(51));
///
/// // In February the second order was still to come.
/// let earlier = customer.measured("2026-02-01T00:00:00Z".parse()?, &policy);
/// assert_eq!((earlier.rfm.purchase_days, earlier.rfm.recency_days), (1, Some(22)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Measured {
    /// The business day.
    pub day: Day,
    /// Recency, frequency and spend.
    pub rfm: RfmFacts,
    /// What the scorecard weighs.
    pub score: ScoreFacts,
    /// What potential is judged by.
    pub potential: PotentialFacts,
    /// What tiers are judged by.
    pub tier: TierFacts,
    /// What churn risk is judged by.
    pub churn: ChurnFacts,
    /// What models of repeat buying look at.
    pub worth: WorthFacts,
    /// The total of the scorecard is a measure of tiers, so the score is known once all is measured.
    pub(super) scored: ValueAnswer<ValueScore>,
}

impl Customer {
    /// What is known of this customer at the end of the business day of `at`, measured as a policy
    /// wants it: its windows, its currency, its zone. What only a base can tell, the chance of having left and
    /// the earnings to expect, is in [`measured_in_force`](Self::measured_in_force).
    ///
    /// [`Measured`] has an example.
    #[must_use]
    pub fn measured(&self, at: Timestamp, policy: &Policy) -> Measured {
        let day = policy.zone.day_of(at);
        let purchases = self.purchases.through(day);
        let ledger = Ledger { known: purchases.known(None), purchases: &purchases, day, policy };
        // Mostly all three look back equally far.
        let for_rfm = ledger.bought(policy.value.rfm.window);
        let again = |window: Lookback, other: Lookback, bought: Bought| {
            if window == other { bought } else { ledger.bought(window) }
        };
        let for_score = again(policy.value.scorecard.window, policy.value.rfm.window, for_rfm);
        let for_tier = again(policy.tier.basis.window, policy.value.scorecard.window, for_score);
        let mut measured = Measured {
            day,
            rfm: for_rfm.rfm(self.id),
            score: for_score.score(),
            potential: ledger.potential(),
            tier: for_tier.tier(self.id, day),
            churn: ledger.churn(),
            worth: WorthFacts::new(day, policy.currency, purchases.tally()),
            scored: ValueAnswer::Outside(ValueOutside::NothingMeasured),
        };
        if !self.observations.is_empty() {
            measured.observe(&self.observations);
        }
        measured.listen(self.lifecycle.signals());
        measured.scored = value::judge_score(&measured.score, &policy.value.scorecard);
        measured.tier.value_score = measured.scored.value().map(ValueScore::total);
        measured
    }
}

impl Customer {
    /// What is judged of this customer at `at`: the same by the rulebook in force, with what models fitted to
    /// the base expect of customers who buy like this one, as far as the policy asks for it.
    ///
    /// ```
    /// use guanxi::Customer;
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
    /// // No base has been measured yet, so no model says how likely the customer has left.
    /// let measured = customer.measured_in_force("2026-03-01T00:00:00Z".parse()?, &books)?;
    /// assert_eq!(measured.churn.inactive_chance, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`assess`](Self::assess).
    pub fn measured_in_force(
        &self,
        at: Timestamp,
        books: &Rulebooks,
    ) -> Result<Measured, DecideError> {
        let present = self.present(at, books)?;
        let judging = books.judging_at(present.book, present.at);
        Ok(present.customer.measured_beside(present.at, &judging))
    }

    /// The same for a customer who is there already.
    pub(super) fn measured_beside(&self, at: Timestamp, judging: &Judging<'_>) -> Measured {
        let policy = judging.book.policy();
        let mut measured = self.measured(at, policy);
        measured.estimate(policy, judging.worth());
        measured
    }
}

impl Measured {
    /// Takes in what models fitted to the base expect, as far as the policy asks for it.
    fn estimate(&mut self, policy: &Policy, base: Calibrated<'_, WorthCalibration>) {
        let (facts, horizon) = (&self.worth, &policy.value.worth);
        let by_worth = matches!(policy.value.value_type.potential, Potential::Worth { .. });
        if by_worth {
            let worth = value::judge_worth(facts, horizon, base).value();
            self.potential.worth = worth.and_then(|worth| worth.value);
            self.churn.inactive_chance = worth.map(Worth::inactive);
        } else if policy.churn.weighs(Indicator::InactiveChance) {
            self.churn.inactive_chance = value::judge_inactive(facts, horizon, base);
        }
    }

    /// Takes in what only the host knows, as of the day.
    fn observe(&mut self, told: &Observations) {
        let day = self.day;
        let score = &mut self.score;
        score.margin = value_of(told.margin(day));
        score.cost_to_serve = value_of(told.cost_to_serve(day));
        score.referred_revenue = value_of(told.referred_revenue(day));
        score.referrals = value_of(told.referrals(day)).map(i64::from);
        for (own, slot) in score.own.iter_mut().zip(Slot::ALL) {
            *own = value_of(told.own(slot, day));
        }
        self.potential.given = value_of(told.potential(day));
        self.tier.margin = score.margin;
        self.tier.business_size = value_of(told.business_size(day));
        let signals = &mut self.churn.signals;
        signals.usage = observed(told.usage(day));
        signals.usage_trend = observed(told.usage_trend(day));
        signals.complaints_open = observed(told.complaints_open(day));
        signals.payment_overdue_since = observed(told.payment_overdue_since(day));
        signals.failed_payments = observed(told.failed_payments(day));
        signals.sponsor_gone = observed(told.sponsor_gone(day));
        signals.custom = Slot::ALL.map(|slot| observed(told.own(slot, day)));
    }

    /// Takes in what the lifecycle listens to. It keeps the latest of each kind, so of an earlier day
    /// nothing is known where there was a later one.
    fn listen(&mut self, signals: &Signals) {
        let seen = |day: Day| day <= self.day;
        let satisfaction = signals.satisfaction().filter(|(_, day)| seen(*day));
        let contract = signals.contract().filter(|(_, day)| seen(*day));
        let told = &mut self.churn.signals;
        told.satisfaction = observed(satisfaction.map(|(score, day)| (score.get(), day)));
        told.contract_ends = observed(contract);
    }
}

fn value_of<T>(told: Option<(T, Day)>) -> Option<T> {
    told.map(|(value, _)| value)
}

fn observed<T>(told: Option<(T, Day)>) -> Option<Observation<T>> {
    told.map(|(value, day)| Observation::new(value, day))
}

/// What was bought within a policy's window.
#[derive(Clone, Copy)]
struct Bought {
    orders: i64,
    purchase_days: i64,
    recency_days: Option<i64>,
    tenure_days: Option<i64>,
    net_revenue: Money,
}

impl Bought {
    fn rfm(&self, key: CustomerId) -> RfmFacts {
        RfmFacts::new(key, self.recency_days, self.purchase_days, self.net_revenue)
    }

    fn score(&self) -> ScoreFacts {
        let mut facts = ScoreFacts::new(self.net_revenue);
        facts.purchase_days = self.purchase_days;
        facts.orders = self.orders;
        facts.tenure_days = self.tenure_days;
        facts
    }

    fn tier(&self, key: CustomerId, day: Day) -> TierFacts {
        let mut facts = TierFacts::new(key, day, self.net_revenue);
        facts.orders = self.orders;
        facts.purchase_days = self.purchase_days;
        facts
    }
}

/// The purchases of one customer until the end of a day, and the policy that they are measured for.
struct Ledger<'a> {
    purchases: &'a PurchaseHistory,
    known: Known,
    day: Day,
    policy: &'a Policy,
}

impl Ledger<'_> {
    fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.policy.currency)
    }

    fn days_since(&self, day: Day) -> i64 {
        self.day.days_since(day)
    }

    /// The day before a window of so many days that ends with the day of the question.
    fn before(&self, days: i64) -> Day {
        self.day.saturating_add_days(days.saturating_neg())
    }

    fn bought(&self, window: Lookback) -> Bought {
        let days_since = |day: Option<Day>| day.map(|day| self.days_since(day));
        let tenure_days = days_since(self.known.first_day);
        let Lookback::Days(days) = window else {
            let all = self.purchases.up_to(Day::MAX);
            return Bought {
                orders: all.orders.into(),
                purchase_days: all.purchase_days.into(),
                recency_days: days_since(all.last_day),
                tenure_days,
                net_revenue: self.money(all.net),
            };
        };
        let after = self.before(days.into());
        let inside = self.purchases.window(after, self.day);
        // Of an opening balance the last day is known, though not what fell on it.
        let last = self.known.last_day.filter(|last| *last > after);
        Bought {
            orders: inside.orders.into(),
            purchase_days: inside.purchase_days.into(),
            recency_days: days_since(last),
            tenure_days,
            net_revenue: self.money(inside.net),
        }
    }

    fn potential(&self) -> PotentialFacts {
        let Potential::Growth { window_days, .. } = self.policy.value.value_type.potential else {
            return PotentialFacts::new(self.money(0));
        };
        let days = i64::from(window_days);
        let (recent, earlier) = (self.before(days), self.before(days.saturating_mul(2)));
        let revenue = |after, through| self.money(self.purchases.window(after, through).net);
        let facts = PotentialFacts::new(revenue(recent, self.day));
        if self.windows_before(days, 1) > 0 {
            facts.with_earlier(revenue(earlier, recent))
        } else {
            facts
        }
    }

    fn churn(&self) -> ChurnFacts {
        let policy = &self.policy.churn;
        let known = &self.known;
        let days = |since: Option<Day>| {
            since.map(|since| u32::try_from(self.days_since(since)).unwrap_or(0))
        };
        let mut facts = ChurnFacts::new(self.day, self.policy.currency);
        facts.purchase_days = known.purchase_days;
        facts.silence_days = days(known.last_day);
        facts.tenure_days = days(known.first_day);
        facts.usual_gap_days = median_gap_days(self.purchases);

        let window = i64::from(policy.window_days);
        let recent = self.purchases.window(self.before(window), self.day);
        let windows = self.windows_before(window, policy.baseline_windows);
        let span = window.saturating_mul(i64::from(windows).saturating_add(1));
        let before = self.purchases.window(self.before(span), self.before(window));
        facts.returns = Some(Returns {
            returned: recent.returned.saturating_add(before.returned),
            gross: recent.gross.saturating_add(before.gross),
        });
        if windows == 0 {
            return facts;
        }
        let compare = |recent, before| Some(Comparison { recent, before, windows });
        facts.orders = compare(recent.orders.into(), before.orders.into());
        facts.spend = compare(recent.net, before.net);
        facts.order_value = facts
            .spend
            .zip(facts.orders)
            .and_then(|(spend, orders)| Comparison::average_order(spend, orders));
        facts
    }

    /// The first day of which every purchase has its row: what an opening balance holds is in no window,
    /// so windows before its end would look empty.
    fn ledger_from(&self) -> Option<Day> {
        match self.purchases.opening() {
            None => self.known.first_day,
            Some(opening) => {
                let first = self.purchases.days().iter().find(|row| row.kept() > 0);
                opening.last_day.map(Day::next).or(first.map(|row| row.day()))
            }
        }
    }

    /// How many whole windows before the recent one the customer has been one, at most `wanted`.
    fn windows_before(&self, window_days: i64, wanted: u16) -> u16 {
        let days = self.ledger_from().map_or(0, |first| self.days_since(first).saturating_add(1));
        let whole = days.checked_div(window_days).unwrap_or(0).saturating_sub(1);
        u16::try_from(whole.max(0)).unwrap_or(u16::MAX).min(wanted)
    }
}

/// Gaps that fit on the stack: almost every customer's.
const GAPS_USUAL: usize = 64;

/// The median gap between purchase days, the lower one of two.
fn median_gap_days(purchases: &PurchaseHistory) -> Option<u32> {
    let mut few = [0_u32; GAPS_USUAL];
    let mut count = 0_usize;
    for (place, gap) in few.iter_mut().zip(purchases.gaps_days()) {
        *place = gap;
        count = count.saturating_add(1);
    }
    if count < GAPS_USUAL {
        return lower_median(few.get_mut(..count)?);
    }
    lower_median(&mut purchases.gaps_days().collect::<Vec<_>>())
}

fn lower_median(gaps: &mut [u32]) -> Option<u32> {
    let middle = gaps.len().checked_sub(1)?.checked_div(2)?;
    let (_, median, _) = gaps.select_nth_unstable(middle);
    Some(*median)
}
