//! The succession of rulebooks.

use std::sync::{Arc, LazyLock};

use super::book::{Rulebook, RulebookRef};
use super::calibration::Calibration;
use super::error::RulebookError;
use crate::calibrated::Calibrated;
use crate::churn::ChurnCalibration;
use crate::explain::Ids;
use crate::tier::TierCalibration;
use crate::time::Timestamp;
use crate::value::{RfmCalibration, WorthCalibration};

/// The most rulebooks in one succession: thirty years of monthly changes.
pub const RULEBOOKS_MAX: usize = 360;

/// The most calibrations that a succession of rulebooks carries, to answer for the past by what the base
/// said then: two years of monthly ones.
pub const CALIBRATIONS_MAX: usize = 24;

/// A customer was judged by a rulebook that is not among those given.
pub(crate) struct UnknownRulebook(pub(crate) RulebookRef);

/// The rulebooks of a business, in the order they come into force.
///
/// ```
/// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
///
/// let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
/// let mut policy = Policy::new(Currency::USD);
/// policy.lifecycle.lapse.floor_days = 90;
/// let second = Rulebook::new(policy, Timestamp::UNIX_EPOCH)?;
///
/// let books = Rulebooks::new(vec![second, first.clone()])?;
/// assert_eq!(books.in_force_at(Timestamp::MIN), &first);
/// # Ok::<(), guanxi::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebooks {
    first: Rulebook,
    later: Vec<Rulebook>,
    /// By the instant they were taken, the newest last.
    calibrations: Vec<Arc<Calibration>>,
}

impl From<Rulebook> for Rulebooks {
    fn from(first: Rulebook) -> Self {
        Self { first, later: Vec::new(), calibrations: Vec::new() }
    }
}

impl Rulebooks {
    /// A succession, given in any order.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Count`], [`RulebookError::SameInstant`], [`RulebookError::CurrencyChanged`].
    pub fn new(mut books: Vec<Rulebook>) -> Result<Self, RulebookError> {
        let count = books.len();
        if count == 0 || count > RULEBOOKS_MAX {
            return Err(RulebookError::Count { count });
        }
        books.sort_by_key(Rulebook::in_force_from);
        for (before, after) in books.iter().zip(books.iter().skip(1)) {
            if before.in_force_from() == after.in_force_from() {
                return Err(RulebookError::SameInstant { at: after.in_force_from() });
            }
            let (from, to) = (before.policy().currency, after.policy().currency);
            if from != to {
                return Err(RulebookError::CurrencyChanged { from, to });
            }
        }
        let mut books = books.into_iter();
        let Some(first) = books.next() else { return Err(RulebookError::Count { count }) };
        Ok(Self { first, later: books.collect(), calibrations: Vec::new() })
    }

    /// The same succession with one rulebook more, which comes into force after all of them.
    ///
    /// ```
    /// use guanxi::rulebook::RulebookError;
    /// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
    ///
    /// let book = |from| Rulebook::new(Policy::new(Currency::USD), from);
    /// let books = Rulebooks::from(book(Timestamp::UNIX_EPOCH)?);
    /// let same_instant = books.clone().with_next(book(Timestamp::UNIX_EPOCH)?);
    /// assert!(matches!(same_instant, Err(RulebookError::NotLater { .. })));
    /// assert_eq!(books.with_next(book(Timestamp::MAX)?)?.iter().count(), 2);
    /// # Ok::<(), RulebookError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RulebookError::NotLater`], [`RulebookError::Count`], [`RulebookError::CurrencyChanged`].
    pub fn with_next(self, book: Rulebook) -> Result<Self, RulebookError> {
        let (latest, given) = (self.latest().in_force_from(), book.in_force_from());
        if given <= latest {
            return Err(RulebookError::NotLater { latest, given });
        }
        let Self { first, later, calibrations } = self;
        let books = Self::new([first].into_iter().chain(later).chain([book]).collect())?;
        Ok(Self { calibrations, ..books })
    }

    /// Every rulebook, in the order they come into force.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Rulebook> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The newest rulebook, whether it is in force yet or not.
    #[must_use]
    pub fn latest(&self) -> &Rulebook {
        self.later.last().unwrap_or(&self.first)
    }

    /// The rulebook in force at `at`; the first one for all time before it.
    ///
    /// ```
    /// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
    ///
    /// let from: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    /// let old = Rulebook::new(Policy::new(Currency::USD), Timestamp::UNIX_EPOCH)?;
    /// let new = Rulebook::new(Policy::new(Currency::USD), from)?;
    /// let books = Rulebooks::new(vec![old.clone(), new.clone()])?;
    ///
    /// assert_eq!(books.in_force_at(from), &new);
    /// assert_eq!(books.in_force_at(from.previous()), &old);
    /// assert_eq!(books.in_force_at(Timestamp::MIN), &old); // nothing was in force before it
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn in_force_at(&self, at: Timestamp) -> &Rulebook {
        self.iter().rev().find(|book| book.in_force_from() <= at).unwrap_or(&self.first)
    }

    /// The rulebook that a customer remembers.
    #[must_use]
    pub fn get(&self, reference: RulebookRef) -> Option<&Rulebook> {
        self.iter().rev().find(|book| book.reference() == reference)
    }

    /// The rulebook that a customer remembers, or the refusal to judge it by another.
    pub(crate) fn judging(&self, reference: RulebookRef) -> Result<&Rulebook, UnknownRulebook> {
        self.get(reference).ok_or(UnknownRulebook(reference))
    }

    /// The rulebook that comes into force next after `reference`.
    #[must_use]
    pub fn after(&self, reference: RulebookRef) -> Option<&Rulebook> {
        self.later.iter().find(|book| book.in_force_from() > reference.in_force_from)
    }

    /// The same succession with a calibration more. Of more than [`CALIBRATIONS_MAX`] the oldest goes.
    #[must_use]
    pub fn with_calibration(mut self, calibration: impl Into<Arc<Calibration>>) -> Self {
        let calibration = calibration.into();
        let key = |calibration: &Calibration| (calibration.taken_at(), calibration.id());
        let place = self.calibrations.partition_point(|other| key(other) < key(&calibration));
        if self.calibrations.get(place).is_none_or(|other| other.id() != calibration.id()) {
            self.calibrations.insert(place, calibration);
        }
        if self.calibrations.len() > CALIBRATIONS_MAX {
            self.calibrations.remove(0);
        }
        self
    }

    /// The same succession with the calibrations of another.
    pub(crate) fn with_calibrations_of(self, other: &Self) -> Self {
        other.calibrations.iter().cloned().fold(self, Self::with_calibration)
    }

    /// The calibrations, the oldest first.
    pub fn calibrations(&self) -> impl DoubleEndedIterator<Item = &Calibration> {
        self.calibrations.iter().map(AsRef::as_ref)
    }

    /// A rulebook with what the base said at `at`: the newest calibration taken until then, one made for
    /// this policy before another.
    pub(crate) fn judging_at<'a>(&'a self, book: &'a Rulebook, at: Timestamp) -> Judging<'a> {
        let known = || self.calibrations().rev().filter(|one| one.taken_at() <= at);
        let fitting = known().find(|one| one.basis() == book.basis());
        Judging { book, calibration: fitting.or_else(|| known().next()) }
    }
}

/// A rulebook with the calibration that customers are compared by, if there is one.
#[derive(Clone, Copy)]
pub(crate) struct Judging<'a> {
    pub(crate) book: &'a Rulebook,
    pub(crate) calibration: Option<&'a Calibration>,
}

/// What is known of a base that nobody measured.
static NOTHING_KNOWN: LazyLock<ChurnCalibration> = LazyLock::new(ChurnCalibration::default);

impl<'a> Judging<'a> {
    pub(crate) fn ids(&self) -> Ids {
        let mut ids = self.book.ids();
        ids.calibration = self.calibration.map(Calibration::id);
        ids
    }

    pub(crate) fn rfm(&self) -> Calibrated<'a, RfmCalibration> {
        match self.calibration {
            None => Calibrated::Missing,
            Some(known) if known.basis().value == self.book.basis().value => {
                Calibrated::Known(&known.value().rfm)
            }
            Some(_) => Calibrated::OtherPolicy,
        }
    }

    pub(crate) fn tier(&self) -> Calibrated<'a, TierCalibration> {
        match self.calibration {
            None => Calibrated::Missing,
            Some(known) if known.basis().tier == self.book.basis().tier => {
                Calibrated::Known(known.tier())
            }
            Some(_) => Calibrated::OtherPolicy,
        }
    }

    pub(crate) fn worth(&self) -> Calibrated<'a, WorthCalibration> {
        match self.calibration {
            None => Calibrated::Missing,
            Some(known) if known.basis().worth == self.book.basis().worth => {
                Calibrated::Known(&known.value().worth)
            }
            Some(_) => Calibrated::OtherPolicy,
        }
    }

    /// Counts of waits depend on no policy.
    pub(crate) fn churn(&self) -> &'a ChurnCalibration {
        self.calibration.map_or_else(|| &*NOTHING_KNOWN, Calibration::churn)
    }
}
