//! Whom to look at first: existing customers before new ones, and among them by what is at stake.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::customer::{Assessment, Verdict};
use crate::explain::Points;
use crate::lifecycle::Stage;

/// The part of a work list that a customer belongs to; the first comes first. Existing customers come
/// before those who left, and both before new ones.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::portfolio::Precedence;
///
/// assert_eq!(Precedence::of(Stage::Declining), Some(Precedence::Relationship));
/// assert!(Precedence::Relationship < Precedence::WinBack);
/// assert!(Precedence::WinBack < Precedence::Acquisition);
/// assert_eq!(Precedence::of(Stage::Ended), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precedence {
    /// There is a relationship to keep.
    Relationship,
    /// There was one, to be won back.
    WinBack,
    /// There is none yet.
    Acquisition,
}

impl Precedence {
    /// Where customers of a stage belong; `None` for those whom nobody should pursue.
    ///
    /// [`Precedence`] has an example.
    #[must_use]
    pub const fn of(stage: Stage) -> Option<Self> {
        match stage {
            Stage::Onboarding | Stage::Growing | Stage::Loyal | Stage::Declining => {
                Some(Self::Relationship)
            }
            Stage::Lost => Some(Self::WinBack),
            Stage::Prospect | Stage::Aware | Stage::Considering | Stage::Deciding => {
                Some(Self::Acquisition)
            }
            Stage::Disqualified | Stage::Ended => None,
        }
    }
}

/// What a [`Worklist`] needs to know of a customer.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::explain::Points;
/// use guanxi::portfolio::Stake;
///
/// let stake = Stake::new(Stage::Loyal).with_value(Points(80_000)).with_risk(Points(25_000));
/// assert_eq!(stake.at_stake(), 80_000 * 25_000);
/// // Nothing is known to be at stake where either score is missing.
/// assert_eq!(Stake::new(Stage::Loyal).with_value(Points(80_000)).at_stake(), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stake {
    /// Where the customer stands.
    pub stage: Stage,
    /// The value score; `None` if there is none.
    pub value: Option<Points>,
    /// The risk score; `None` if there is none.
    pub risk: Option<Points>,
}

impl Stake {
    /// Of a customer of whom only the stage is known.
    ///
    /// [`Stake`] has an example.
    #[must_use]
    pub const fn new(stage: Stage) -> Self {
        Self { stage, value: None, risk: None }
    }

    /// With a value score.
    ///
    /// [`Stake`] has an example.
    #[must_use]
    pub const fn with_value(self, value: Points) -> Self {
        Self { value: Some(value), ..self }
    }

    /// With a risk score.
    ///
    /// [`Stake`] has an example.
    #[must_use]
    pub const fn with_risk(self, risk: Points) -> Self {
        Self { risk: Some(risk), ..self }
    }

    /// The value score times the risk score, in millionths of a square point: what the customer is
    /// worth, weighed with how likely it is to go. 0 where either is missing, or less than nothing.
    ///
    /// [`Stake`] has an example.
    #[must_use]
    pub fn at_stake(&self) -> u64 {
        let [value, risk] = [self.value, self.risk]
            .map(|score| u64::try_from(score.map_or(0, |points| points.0)).unwrap_or(0));
        value.saturating_mul(risk)
    }
}

impl From<&Verdict> for Stake {
    fn from(verdict: &Verdict) -> Self {
        Self {
            stage: verdict.stage,
            value: verdict.score.value().map(|score| score.total()),
            risk: verdict.risk.risk.level().map(|level| level.score),
        }
    }
}

impl From<&Assessment> for Stake {
    fn from(assessment: &Assessment) -> Self {
        Self {
            stage: assessment.stage.value,
            value: assessment.score.value.value().map(|score| score.total()),
            risk: assessment.risk.value.risk.level().map(|level| level.score),
        }
    }
}

/// The customers most worth attention, of a base that is gone through once: at most so many are kept.
///
/// Their order is by [`Precedence`], then by [what is at stake](Stake::at_stake), the most first, then
/// by key, the smallest first. It depends on the customers alone, not on the order they were added in.
/// `K` is the host's key; an id is one.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::explain::Points;
/// use guanxi::portfolio::{Stake, Worklist};
///
/// let stake = |stage, value, risk| {
///     Stake::new(stage).with_value(Points(value)).with_risk(Points(risk))
/// };
/// let mut worklist = Worklist::new(3);
/// worklist.add("prospect", &stake(Stage::Prospect, 90_000, 90_000));
/// worklist.add("loyal", &stake(Stage::Loyal, 80_000, 20_000));
/// worklist.add("lost", &stake(Stage::Lost, 80_000, 90_000));
/// worklist.add("growing", &stake(Stage::Growing, 40_000, 60_000));
/// worklist.add("ended", &stake(Stage::Ended, 90_000, 90_000));
/// assert_eq!(worklist.into_vec(), ["growing", "loyal", "lost"]);
/// ```
#[derive(Debug, Clone)]
pub struct Worklist<K> {
    limit: usize,
    best: BTreeSet<(Precedence, Reverse<u64>, K)>,
}

impl<K: Ord> Worklist<K> {
    /// An empty list of at most `limit` customers.
    ///
    /// [`Worklist`] has an example.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { limit, best: BTreeSet::new() }
    }

    /// Adds one customer, each of them once; whoever is not worth a place is forgotten. One whom nobody
    /// should pursue has none.
    ///
    /// [`Worklist`] has an example.
    pub fn add(&mut self, key: K, stake: &Stake) {
        let Some(precedence) = Precedence::of(stake.stage) else { return };
        let rank = (precedence, Reverse(stake.at_stake()), key);
        let is_full = self.best.len() >= self.limit;
        if is_full && self.best.last().is_none_or(|last| rank >= *last) {
            return;
        }
        self.best.insert(rank);
        if self.best.len() > self.limit {
            self.best.pop_last();
        }
    }

    /// How many are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.best.len()
    }

    /// Whether nobody is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.best.is_empty()
    }

    /// The keys, the first first.
    ///
    /// [`Worklist`] has an example.
    #[must_use]
    pub fn into_vec(self) -> Vec<K> {
        self.best.into_iter().map(|(_, _, key)| key).collect()
    }
}
