//! Answers about value, tier and risk, with their reasons.

use super::error::DecideError;
use super::measured::Measured;
use super::state::Customer;
use crate::churn::{ChurnRule, ChurnRules, RiskReview};
use crate::explain::{Explained, Flip};
use crate::rulebook::{Judging, Rulebooks};
use crate::tier::{self, Tier, TierReview, TierRule};
use crate::time::Timestamp;
use crate::value::{self, Rfm, ValueAnswer, ValueRule, ValueScore, ValueType};

/// Answers with their reasons, as [`Assessment`](super::Assessment) has them.
pub(super) struct Answers {
    pub(super) rfm: Explained<ValueAnswer<Rfm>, ValueRule>,
    pub(super) score: Explained<ValueAnswer<ValueScore>, ValueRule>,
    pub(super) value_type: Explained<ValueAnswer<ValueType>, ValueRule>,
    pub(super) tier: Explained<TierReview, TierRule>,
    pub(super) risk: Explained<RiskReview, ChurnRule>,
}

impl Customer {
    /// What is measured of this customer and what a rulebook, and what the base said, make of it.
    pub(super) fn explained(&self, at: Timestamp, judging: &Judging<'_>) -> Answers {
        let (policy, ids) = (judging.book.policy(), judging.ids());
        let Measured { rfm, score, potential, tier, churn, .. } = self.measured(at, policy);
        let risks = ChurnRules::new(&policy.churn, judging.churn());
        let state = self.reviews.tier_state();
        Answers {
            rfm: value::rfm(&rfm, &policy.value.rfm, judging.rfm(), ids, at),
            score: value::score(&score, &policy.value.scorecard, ids, at),
            value_type: value::value_type(&score, &potential, &policy.value, ids, at),
            tier: tier::review(&tier, &state, &policy.tier, judging.tier(), ids, at),
            risk: risks.explain(&churn, self.reviews.risk_state(), ids, at),
        }
    }

    /// Why this customer is not in `wanted`, or a better tier, at `at`: the nearest change that would do
    /// it. `None` when it is there already.
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
        let state = present.customer.reviews.tier_state();
        Ok(tier::why_not(wanted, &facts, &state, &policy.tier, judging.tier(), present.at))
    }
}
