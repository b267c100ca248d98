//! Answers about value, tier and risk, with their reasons.

use super::error::DecideError;
use super::measured::Measured;
use super::state::Customer;
use crate::churn::{ChurnRule, ChurnRules, RiskReview, Trend};
use crate::explain::{Explained, Flip};
use crate::rulebook::{Judging, Rulebooks};
use crate::tier::{self, Tier, TierReview, TierRule};
use crate::time::Timestamp;
use crate::value::{
    self, Rfm, ValueAnswer, ValueRule, ValueScore, ValueType, WorthAnswer, WorthRule,
};

/// Answers with their reasons, as [`Assessment`](super::Assessment) has them.
pub(super) struct Answers {
    pub(super) rfm: Explained<ValueAnswer<Rfm>, ValueRule>,
    pub(super) score: Explained<ValueAnswer<ValueScore>, ValueRule>,
    pub(super) value_type: Explained<ValueAnswer<ValueType>, ValueRule>,
    pub(super) worth: Explained<WorthAnswer, WorthRule>,
    pub(super) tier: Explained<TierReview, TierRule>,
    pub(super) risk: Explained<RiskReview, ChurnRule>,
}

impl Customer {
    /// What is measured of this customer and what a rulebook, and what the base said, make of it.
    pub(super) fn explained(&self, at: Timestamp, judging: &Judging<'_>) -> Answers {
        let (policy, ids) = (judging.book.policy(), judging.ids());
        let measured = self.measured_beside(at, judging);
        let Measured { rfm, score, potential, tier, churn, worth, .. } = measured;
        let risks = ChurnRules::new(&policy.churn, judging.churn());
        let state = self.reviews.tier_state(policy);
        Answers {
            rfm: value::rfm(&rfm, &policy.value.rfm, judging.rfm(), ids, at),
            score: value::score(&score, &policy.value.scorecard, ids, at),
            value_type: value::value_type(&score, &potential, &policy.value, ids, at),
            worth: value::worth(&worth, &policy.value.worth, judging.worth(), ids, at),
            tier: tier::review(&tier, &state, &policy.tier, judging.tier(), ids, at),
            risk: risks.explain(&churn, self.reviews.risk_state(policy), ids, at),
        }
    }

    /// Why this customer is not in `wanted`, or a better tier, at `at`: the nearest change that would do
    /// it. `None` when it is there already.
    ///
    /// ```
    /// use guanxi::tier::Tier;
    /// use guanxi::{Customer, Language, Speak};
    /// # fn order(at: &str) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # fn context(now: &str) -> guanxi::Context {
    /// #     let command_id = guanxi::CommandId::derive("example", now);
    /// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
    /// # }
    /// use guanxi::rank::Inclusion;
    /// use guanxi::tier::TierMethod;
    ///
    /// let mut policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// policy.tier.basis.method =
    ///     TierMethod::Limits { a: 50_000, b: 10_000, on_edge: Inclusion::Better };
    /// let books = guanxi::Rulebooks::from(guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?);
    /// # let shop = guanxi::TenantId::derive("example-shop");
    /// # let id = guanxi::CustomerId::derive(shop, "C-17");
    ///
    /// let mut customer = Customer::unknown(id);
    /// let at = "2026-01-10T12:00:00Z";
    /// let _ = customer.decide(&order(at), &context(at), &books)?;
    /// let flip = customer.why_not(Tier::A, at.parse()?, &books)?.expect("it is in C");
    /// assert!(flip.text(Language::English).contains("500.00 USD"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`assess`](Self::assess).
    pub fn why_not(
        &self,
        wanted: Tier,
        at: Timestamp,
        books: &Rulebooks,
    ) -> Result<Option<Flip<TierRule>>, DecideError> {
        let present = self.present(at, books)?;
        let judging = books.judging_at(present.book, present.at);
        let policy = present.book.policy();
        let facts = present.customer.measured(present.at, policy).tier;
        let state = present.customer.reviews.tier_state(policy);
        Ok(tier::why_not(wanted, &facts, &state, &policy.tier, judging.tier(), present.at))
    }

    /// How the churn risk moved from `then` to `at`, both judged by the rulebook and the base of `at`;
    /// `None` unless both can be judged.
    ///
    /// `past` is the customer as it was: itself, for the past as it is known now, of which nothing dated
    /// after `then` is seen; or what was known then, by [`as_of`](Self::as_of).
    ///
    /// ```
    /// use guanxi::{Customer, Language, Speak};
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
    /// for at in ["2026-01-10T12:00:00Z", "2026-01-20T12:00:00Z", "2026-01-30T12:00:00Z"] {
    ///     let _ = customer.decide(&order(at), &context(at), &books)?;
    /// }
    /// let (then, now) = ("2026-02-01T00:00:00Z".parse()?, "2026-03-01T00:00:00Z".parse()?);
    /// let trend = customer.risk_trend(&customer, then, now, &books)?.expect("its silence is known");
    /// assert!(trend.value.0.0 > 0);
    /// assert!(trend.text(Language::English).starts_with("risk up by "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`assess`](Self::assess).
    pub fn risk_trend(
        &self,
        past: &Self,
        then: Timestamp,
        at: Timestamp,
        books: &Rulebooks,
    ) -> Result<Option<Explained<Trend, ChurnRule>>, DecideError> {
        let present = self.present(at, books)?;
        let judging = books.judging_at(present.book, present.at);
        let policy = present.book.policy();
        let now = present.customer.measured_beside(present.at, &judging).churn;
        let then = past.measured_beside(then, &judging).churn;
        let rules = ChurnRules::new(&policy.churn, judging.churn());
        Ok(rules.trend(&now, &then, judging.ids(), present.at))
    }
}
