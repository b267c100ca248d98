//! The customers of a database, each seen at the end of a day.

use guanxi::crm::CrmError;
use guanxi::customer::{View, derive_customer, reported};
use guanxi::lifecycle::{Since, Visit};
use guanxi::purchase::PurchaseCommand;
use guanxi::store::PageSize;
use guanxi::{
    Assessment, Calibration, Command, Customer, CustomerId, Day, DecideError, Money, Rulebook,
    Rulebooks, Timestamp,
};

use crate::base::{Base, BaseError, KEY_SYSTEM, Sums};
use crate::days::Days;
use crate::plan::ZONE;

/// A customer cannot be read back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum SurveyError {
    /// The database failed, or a customer cannot be judged.
    #[error("a customer cannot be read back")]
    Read(#[from] CrmError),
    /// What is kept of a customer says nothing.
    #[error(transparent)]
    Base(#[from] BaseError),
    /// A customer that was there is not there.
    #[error("customer `{key}` is not in the database any more")]
    Vanished {
        /// Its key in the log.
        key: Box<str>,
    },
}

/// Everybody in a database at the end of a day.
pub(crate) struct Survey<'a> {
    base: &'a Base,
    /// With what the base said on the day.
    books: Rulebooks,
    days: Days,
    /// Everybody who was known by then, in the order of keys; filled by [`each`](Self::each).
    known: Vec<(Box<str>, CustomerId)>,
    sums: Sums,
}

/// One customer, seen at the end of a day.
pub(crate) struct Portrait<'a> {
    /// Its key in the log.
    pub(crate) key: &'a str,
    /// Its id.
    pub(crate) id: CustomerId,
    /// How many entries its journal has.
    pub(crate) revision: u64,
    /// What is recorded; of another day than the database's, what would have been.
    pub(crate) customer: &'a Customer,
    /// The same up to the day.
    pub(crate) view: View<'a>,
    /// What is true at the end of the day.
    pub(crate) assessment: Assessment,
}

/// What a portrait is made of.
struct Sitter {
    key: Box<str>,
    id: CustomerId,
    revision: u64,
    customer: Customer,
    assessment: Assessment,
}

impl Portrait<'_> {
    /// Whole days of a stay: until it was left, or until now; `None` if its start is unknown.
    pub(crate) fn days(&self, visit: &Visit, left: Option<Timestamp>) -> Option<i64> {
        let Since::Known(since) = visit.since else { return None };
        let until = left.map_or(self.view.day(), |left| ZONE.day_of(left));
        Some(until.days_since(ZONE.day_of(since)))
    }
}

impl Sitter {
    /// Shows the customer, if it was known.
    fn show<E>(
        &self,
        as_of: Day,
        see: &mut impl FnMut(&Portrait<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let view = self.customer.at(ZONE.end_of(as_of), ZONE);
        if view.visit().is_none() {
            return Ok(false);
        }
        let Self { key, id, revision, customer, assessment } = self;
        let (id, revision, assessment) = (*id, *revision, assessment.clone());
        see(&Portrait { key, id, revision, customer, view, assessment })?;
        Ok(true)
    }
}

impl<'a> Survey<'a> {
    /// Of the end of the day that is reported of, compared with what the base said then.
    ///
    /// # Errors
    ///
    /// [`SurveyError::Base`] when it cannot be measured.
    pub(crate) async fn of(base: &'a Base, days: &Days) -> Result<Self, SurveyError> {
        let books = base.measured(ZONE.end_of(days.as_of)).await?;
        Ok(Self { base, books, days: *days, known: Vec::new(), sums: Sums::default() })
    }

    /// The instant that is reported of.
    pub(crate) fn at(&self) -> Timestamp {
        ZONE.end_of(self.days.as_of)
    }

    /// The rulebooks that judge everybody, with what the base said.
    pub(crate) const fn books(&self) -> &Rulebooks {
        &self.books
    }

    /// The rulebook in force on the day.
    pub(crate) fn book(&self) -> &Rulebook {
        self.books.in_force_at(self.at())
    }

    /// What the base said on the day.
    pub(crate) fn calibration(&self) -> Option<&Calibration> {
        self.books.calibrations().next_back()
    }

    /// What the database held when [`each`](Self::each) went through it, whatever the day.
    pub(crate) const fn sums(&self) -> Sums {
        self.sums
    }

    /// Shows every customer known on the day to `see`, in no order that means anything.
    ///
    /// # Errors
    ///
    /// [`SurveyError`], or the first one that `see` returns.
    pub(crate) async fn each<E: From<SurveyError>>(
        &mut self,
        mut see: impl FnMut(&Portrait<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = None;
        loop {
            let page = self.base.crm().scan(after, PageSize::MAX).await;
            let page = page.map_err(CrmError::from).map_err(SurveyError::from)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id());
            for recorded in page {
                self.sums.add(&recorded);
                let Some(sitter) = self.sitter(recorded).await? else { continue };
                if sitter.show(self.days.as_of, &mut see)? {
                    self.known.push((sitter.key, sitter.id));
                }
            }
        }
        self.known.sort_unstable();
        Ok(())
    }

    /// The keys and ids of those whom [`each`](Self::each) found, in the order of keys.
    pub(crate) fn known(&self) -> &[(Box<str>, CustomerId)] {
        &self.known
    }

    /// Shows these customers, all of whom [`each`](Self::each) found.
    ///
    /// # Errors
    ///
    /// As [`each`](Self::each).
    pub(crate) async fn each_of<E: From<SurveyError>>(
        &self,
        wanted: &[(Box<str>, CustomerId)],
        mut see: impl FnMut(&Portrait<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for (key, id) in wanted {
            let recorded = self.base.crm().customer(*id).await;
            let recorded = recorded.map_err(CrmError::from).map_err(SurveyError::from)?;
            let vanished = || SurveyError::Vanished { key: key.clone() };
            let sitter = self.sitter(recorded.ok_or_else(vanished)?).await?;
            sitter.ok_or_else(vanished)?.show(self.days.as_of, &mut see)?;
        }
        Ok(())
    }

    /// The customer as it is to be shown; `None` if it had not bought anything by the day.
    async fn sitter(&self, recorded: Customer) -> Result<Option<Sitter>, SurveyError> {
        let (id, revision) = (recorded.id(), recorded.revision());
        let key = recorded.profile().external_keys().find(|key| key.system() == KEY_SYSTEM);
        let key = key.map_or_else(|| id.to_string().into(), |key| key.key().into());
        let Days { as_of, present, .. } = self.days;
        let customer = match if as_of == present { Ok(recorded) } else { self.then(id).await } {
            Err(CrmError::Store(error)) => return Err(self.base.damage(id, error).await.into()),
            known => known?,
        };
        match customer.assess(ZONE.end_of(as_of), &self.books) {
            Ok(assessment) => Ok(Some(Sitter { key, id, revision, customer, assessment })),
            Err(DecideError::NotAdmitted) => Ok(None),
            Err(error) => Err(CrmError::from(error).into()),
        }
    }

    /// The customer as it would have been on another day than it is in the database, made again from what
    /// happened until then: the library may have been told of it much later.
    async fn then(&self, id: CustomerId) -> Result<Customer, CrmError> {
        let crm = self.base.crm();
        let mut commands = reported(&crm.history(id).await?);
        // As an import of that day would have sorted them.
        commands.sort_by_key(|command| std::cmp::Reverse(amount(command)));
        Ok(derive_customer(id, &commands, &self.books, self.at()).customer)
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else has an amount to sort by")]
fn amount(command: &Command) -> Option<i64> {
    let amount: Option<Money> = match command {
        Command::Purchase(PurchaseCommand::Order(order)) => Some(order.amount),
        Command::Purchase(PurchaseCommand::Return(back)) => Some(back.amount),
        _ => None,
    };
    amount.map(|amount| amount.minor())
}
