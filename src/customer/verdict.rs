//! Verdicts: the answers about one customer without their reasons.

use super::error::DecideError;
use super::measured::Measured;
use super::state::Customer;
use crate::churn::{ChurnRules, RiskReview};
use crate::lifecycle::Stage;
use crate::rulebook::{Judging, Rulebooks};
use crate::tier::{self, TierReview};
use crate::time::Timestamp;
use crate::value::{self, Rfm, ValueAnswer, ValueScore, ValueType, WorthAnswer};

/// What is measured of a customer, judged: the answers that an [`Assessment`](super::Assessment) gives
/// reasons for.
///
/// [`Customer::verdict`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// The stage, moves that are due and not recorded yet included.
    pub stage: Stage,
    /// Recency, frequency and spend.
    pub rfm: ValueAnswer<Rfm>,
    /// The weighted score.
    pub score: ValueAnswer<ValueScore>,
    /// Current value against potential.
    pub value_type: ValueAnswer<ValueType>,
    /// The tier, and what the next review needs to know.
    pub tier: TierReview,
    /// The churn risk, and what the next review needs to know.
    pub risk: RiskReview,
}

impl Customer {
    /// The answers of [`assess`](Self::assess) without their reasons: for a whole base at a time.
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
    /// for at in ["2026-01-10T12:00:00Z", "2026-01-20T12:00:00Z", "2026-01-30T12:00:00Z"] {
    ///     let _ = customer.decide(&order(at), &context(at), &books)?;
    /// }
    /// let verdict = customer.verdict("2026-03-01T00:00:00Z".parse()?, &books)?;
    /// assert_eq!(verdict.stage, Stage::Growing);
    /// assert_eq!(verdict.score.value().map(|score| score.total().to_string()).as_deref(), Some("12.677"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`assess`](Self::assess).
    pub fn verdict(&self, at: Timestamp, books: &Rulebooks) -> Result<Verdict, DecideError> {
        let present = self.present(at, books)?;
        Ok(present.customer.judged(present.at, &books.judging_at(present.book, present.at)))
    }

    /// What is to be expected of this customer at `at`, and what that is worth: what
    /// [`assess`](Self::assess) says of it, without reasons. It looks at every step of the horizon, so it costs
    /// more than most of a [`Verdict`].
    ///
    /// ```
    /// use guanxi::Customer;
    /// use guanxi::value::{WorthAnswer, WorthOutside};
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
    /// // The base has not been measured yet.
    /// let worth = customer.worth("2026-03-01T00:00:00Z".parse()?, &books)?;
    /// assert_eq!(worth, WorthAnswer::Outside(WorthOutside::NotCalibrated));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`assess`](Self::assess).
    pub fn worth(&self, at: Timestamp, books: &Rulebooks) -> Result<WorthAnswer, DecideError> {
        let present = self.present(at, books)?;
        let judging = books.judging_at(present.book, present.at);
        let policy = present.book.policy();
        let facts = present.customer.measured(present.at, policy).worth;
        Ok(value::judge_worth(&facts, &policy.value.worth, judging.worth()))
    }

    /// What is measured of this customer, judged by a rulebook and what the base said.
    pub(super) fn judged(&self, at: Timestamp, judging: &Judging<'_>) -> Verdict {
        let measured = self.measured_beside(at, judging);
        self.judged_by(&measured, at, judging)
    }

    fn judged_by(&self, measured: &Measured, at: Timestamp, judging: &Judging<'_>) -> Verdict {
        let policy = judging.book.policy();
        let Measured { rfm, scored, potential, tier, churn, .. } = measured;
        let risks = ChurnRules::new(&policy.churn, judging.churn());
        let state = self.reviews.tier_state(policy);
        Verdict {
            stage: self.stage(),
            rfm: value::judge_rfm(rfm, &policy.value.rfm, judging.rfm()),
            score: *scored,
            value_type: value::judge_scored(*scored, potential, &policy.value.value_type),
            tier: tier::judge(tier, &state, &policy.tier, judging.tier(), at),
            risk: risks.judge(churn, self.reviews.risk_state(policy), at),
        }
    }
}
