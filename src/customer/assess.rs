//! Assess: what is true of a customer at an instant, with reasons. It never writes.

use std::ops::Deref;

use super::answers::Answers;
use super::command::Context;
use super::error::DecideError;
use super::outcome::Outcome;
use super::review::Reviewed;
use super::state::Customer;
use crate::churn::{ChurnRule, RiskReview};
use crate::explain::{Explained, Flip, Measure, Reason};
use crate::id::{Actor, CommandId};
use crate::lifecycle::lens::LensFacts;
use crate::lifecycle::{Due, LifecycleRule, Moved, Occasion, Position, Since, Stage, Trigger};
use crate::machine::{Answer, Menu};
use crate::rulebook::{Judging, Rulebook, Rulebooks};
use crate::strategy::Strategy;
use crate::tier::{TierReview, TierRule};
use crate::time::Timestamp;
use crate::value::{Rfm, ValueAnswer, ValueRule, ValueScore, ValueType, WorthAnswer, WorthRule};

/// A stage with the reasons for it and what would move the customer on.
///
/// [`Assessment`] has an example.
pub type StageAnswer = Explained<Stage, LifecycleRule>;

/// What is true of one customer at one instant.
///
/// It takes in moves that are due but not recorded yet and marks them as `pending`, so that an idle
/// scheduler cannot make an answer stale.
///
/// ```
/// use guanxi::machine::Answer;
/// use guanxi::{Customer, Language, Speak, Stage, Trigger};
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
/// // Nobody ran the scheduler since; the answer takes in what fell due.
/// let now = "2026-02-01T00:00:00Z".parse()?;
/// let assessment = customer.assess(now, &books)?;
/// assert_eq!(customer.stage(), Stage::Onboarding);
/// assert_eq!(assessment.stage.value, Stage::Growing);
/// assert_eq!(assessment.pending[0].trigger, Trigger::Deliver);
/// assert_eq!(
///     assessment.stage.text(Language::English),
///     "Growing, because 14 days since the order, delivery implied after 14 days. \
///      Held back by: orders 1, 4 needed; a customer for 22 days, 180 days needed"
/// );
///
/// // What comes next, and what a person may ask for.
/// let next = assessment.next.expect("silence is judged one day");
/// assert_eq!((next.trigger, next.at), (Trigger::Lapse, "2026-07-10T00:00:00Z".parse()?));
/// let answer = |wanted| {
///     let mut menu = assessment.menu.iter();
///     menu.find(|(trigger, _)| *trigger == wanted).map(|(_, answer)| answer)
/// };
/// assert!(matches!(answer(Trigger::Leave), Some(Answer::Permitted { .. })));
/// assert!(matches!(answer(Trigger::Mature), Some(Answer::Blocked { unmet }) if unmet.len() == 2));
/// assert!(matches!(answer(Trigger::Cool), Some(Answer::Refused(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assessment {
    /// The stage, why, and what would move the customer on.
    pub stage: StageAnswer,
    /// The position, with its data.
    pub position: Position,
    /// Since when.
    pub since: Since,
    /// Moves that are due and not recorded yet.
    pub pending: Vec<Moved>,
    /// A move that the policy suggests to a person.
    pub suggestion: Option<Due>,
    /// The move that comes next if nothing happens.
    pub next: Option<Due>,
    /// Whether the customer is in its stage for longer than the policy expects.
    pub stalled: Option<Reason<LifecycleRule>>,
    /// Every trigger that a person can ask for, with its answer: permitted, blocked by these
    /// conditions, or of no use here.
    pub menu: Menu<Trigger, Stage, LifecycleRule>,
    /// What the lenses need to know. Whether it is a key account is the host's knowledge.
    pub lens_facts: LensFacts,
    /// Recency, frequency and spend.
    pub rfm: Explained<ValueAnswer<Rfm>, ValueRule>,
    /// The weighted score.
    pub score: Explained<ValueAnswer<ValueScore>, ValueRule>,
    /// Current value against potential, and the measure to take.
    pub value_type: Explained<ValueAnswer<ValueType>, ValueRule>,
    /// The tier, dampened by the last review.
    pub tier: Explained<TierReview, TierRule>,
    /// What is to be expected of the customer, and what that is worth.
    pub worth: Explained<WorthAnswer, WorthRule>,
    /// The churn risk, its band held by the last review.
    pub risk: Explained<RiskReview, ChurnRule>,
    /// What to do: the policy's strategy for this phase, tier and value type, and for the churn risk.
    pub strategy: Strategy,
    /// The last review that was made; what tiers and risk bands are dampened by.
    pub reviewed: Option<Reviewed>,
    /// When something falls due without a new fact: a move, a review, the end of an override.
    pub wake_at: Option<Timestamp>,
}

/// A customer as it stands at an instant.
pub(super) struct Present<'a> {
    pub(super) customer: Taken<'a>,
    pub(super) at: Timestamp,
    /// The rulebook in force for it.
    pub(super) book: &'a Rulebook,
    /// The moves that took it there.
    pending: Vec<Moved>,
}

/// A customer, or a copy of it that was taken further. The copy is boxed: it is rare, and would make
/// every answer carry room for it.
pub(super) enum Taken<'a> {
    Nowhere(&'a Customer),
    There(Box<Customer>),
}

impl Deref for Taken<'_> {
    type Target = Customer;

    fn deref(&self) -> &Customer {
        match self {
            Self::Nowhere(customer) => customer,
            Self::There(customer) => customer,
        }
    }
}

impl Customer {
    /// What is true of this customer at `at`, which must not lie before what was decided already by
    /// more than the policy's tolerance for clocks;
    /// for an earlier instant read [`Customer::at`].
    ///
    /// [`Assessment`] has an example.
    ///
    /// # Errors
    ///
    /// [`DecideError::NotAdmitted`], [`DecideError::UnknownRulebook`],
    /// [`DecideError::AlreadyDecided`].
    pub fn assess(&self, at: Timestamp, books: &Rulebooks) -> Result<Assessment, DecideError> {
        let present = self.present(at, books)?;
        let customer = &*present.customer;
        Ok(customer.assessed(
            present.at,
            &books.judging_at(present.book, present.at),
            books,
            present.pending,
        ))
    }

    /// This customer as it stands at `at`, moves that are due and not recorded yet included.
    pub(super) fn present<'a>(
        &'a self,
        at: Timestamp,
        books: &'a Rulebooks,
    ) -> Result<Present<'a>, DecideError> {
        if !self.is_known() {
            return Err(DecideError::NotAdmitted);
        }
        let at = self.readable_at(at, books)?;
        let (customer, pending) = match self.advanced(at, books)? {
            Some((copy, pending)) => (Taken::There(Box::new(copy)), pending),
            None => (Taken::Nowhere(self), Vec::new()),
        };
        let book = match customer.rulebook() {
            Some(reference) => books.judging(reference)?,
            None => books.in_force_at(at),
        };
        Ok(Present { customer, at, book, pending })
    }

    /// The instant to answer for. A clock that runs a little behind the one that dated the last fact
    /// is no reason to refuse an answer: it is given for the instant of that fact.
    fn readable_at(&self, at: Timestamp, books: &Rulebooks) -> Result<Timestamp, DecideError> {
        let decided_to = self.advanced_to().max(self.reviews.as_of());
        let (Some(advanced_to), Some(reference)) = (decided_to, self.rulebook()) else {
            return Ok(at);
        };
        let tolerance = i64::from(books.judging(reference)?.policy().future_tolerance_seconds);
        if at.saturating_add_seconds(tolerance) < advanced_to {
            return Err(DecideError::AlreadyDecided { at, advanced_to });
        }
        Ok(at.max(advanced_to))
    }

    /// A copy taken to `at`, with the moves that took it there; no copy where nothing is due.
    fn advanced(
        &self,
        at: Timestamp,
        books: &Rulebooks,
    ) -> Result<Option<(Self, Vec<Moved>)>, DecideError> {
        let reference = self.rulebook();
        let adopts = reference
            .and_then(|reference| books.after(reference))
            .is_some_and(|next| next.in_force_from() <= at);
        let book = reference.and_then(|reference| books.get(reference));
        let due = book
            .zip(self.judged_from())
            .and_then(|(book, from)| self.progression(book).next_at(from));
        if !adopts && due.is_none_or(|due| due > at) {
            return Ok(None);
        }
        let mut copy = self.clone();
        // Nothing of this is recorded, so the id names nothing.
        let context = Context::new(at, Actor::System, CommandId::new(uuid::Uuid::nil()));
        let Outcome::Changed(change) = copy.make_moves_to(at, &context, books)? else {
            return Ok(None);
        };
        let pending = change.entry.moves().cloned().collect();
        Ok(Some((copy, pending)))
    }

    fn assessed(
        &self,
        at: Timestamp,
        judging: &Judging<'_>,
        books: &Rulebooks,
        pending: Vec<Moved>,
    ) -> Assessment {
        let book = judging.book;
        let Answers { rfm, score, value_type, worth, tier, risk } = self.explained(at, judging);
        let progression = self.progression(book);
        let from = self.judged_from().max(Some(at)).unwrap_or(at);
        let visit = self.lifecycle.track().current();
        let (reasons, since) = visit
            .map_or((Vec::new(), Since::Unknown), |visit| (visit.reasons.clone(), visit.since));
        let flip = onward(self.stage()).and_then(|trigger| {
            match progression.answer(trigger, from, false) {
                Answer::Blocked { unmet } => Some(Flip::Guards(unmet)),
                Answer::Permitted { .. } | Answer::Stay | Answer::Refused(_) => None,
            }
        });
        let menu = Trigger::ALL
            .into_iter()
            .filter(|trigger| trigger.can_be_asked_for())
            .map(|trigger| (trigger, progression.answer(trigger, from, true)))
            .collect();
        let treatment = value_type.value.value().map(ValueType::treatment);
        let strategy = &book.policy().strategy;
        let band = risk.value.risk.level().map(|level| level.band);
        let strategy = strategy
            .strategy_at_risk(self.stage(), tier.value.tier.value(), treatment, band)
            .clone();
        Assessment {
            stage: Explained::new(self.stage(), reasons, book.ids(), at).with_flip(flip),
            position: self.lifecycle.position(),
            since,
            pending,
            suggestion: progression.suggestion(from),
            next: progression.next(from, Occasion::Time),
            stalled: self.stalled(at, book),
            menu,
            lens_facts: LensFacts {
                review_open: self.lifecycle.signals().review_open(),
                ever_loyal: self.lifecycle.track().ever(Stage::Loyal, from),
                key_account: false,
            },
            rfm,
            score,
            value_type,
            tier,
            worth,
            risk,
            strategy,
            reviewed: self.reviews.last().copied(),
            wake_at: self.wake_at(books),
        }
    }

    fn stalled(&self, at: Timestamp, book: &Rulebook) -> Option<Reason<LifecycleRule>> {
        let policy = book.policy();
        let limit = i64::from(policy.lifecycle.stalled_after_days(self.stage())?);
        let dwell = self.lifecycle.track().dwell(self.stage(), at, policy.zone).latest_days?;
        (dwell > limit).then(|| {
            Reason::new(LifecycleRule::Stalled, Measure::Days(dwell), Measure::Days(limit))
        })
    }
}

/// The trigger that takes a customer of this stage onward, as the policy judges it.
const fn onward(stage: Stage) -> Option<Trigger> {
    match stage {
        Stage::Onboarding => Some(Trigger::Deliver),
        Stage::Growing => Some(Trigger::Mature),
        Stage::Declining => Some(Trigger::Recover),
        Stage::Prospect
        | Stage::Aware
        | Stage::Considering
        | Stage::Deciding
        | Stage::Loyal
        | Stage::Lost
        | Stage::Disqualified
        | Stage::Ended => None,
    }
}
