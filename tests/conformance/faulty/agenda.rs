//! Who is due.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use guanxi::rulebook::RulebookRef;
use guanxi::store::{Agenda, Index, PageSize, StoreError, StoreErrorKind, Waking};
use guanxi::{CustomerId, TenantId, Timestamp};

use super::disk::{FaultyStore, yield_until};
use super::fault::Fault;
use super::values::whole_second;

/// The most rulebooks that a store knows which has counted on few.
const RULEBOOKS_KNOWN: usize = 100;

/// The longest page of a store that thinks it knows better.
const PAGE_ROWS_GIVEN: usize = 500;

impl FaultyStore {
    /// The customers of a tenant with their columns: the last ones, if the store is honest.
    fn indexed(&self, tenant: TenantId) -> Vec<(CustomerId, Index)> {
        let disk = self.lock();
        let everybody = self.is(Fault::AgendaKnowsOneTenant);
        let rows = disk.rows.iter();
        let rows =
            rows.filter(|((of, id), _)| everybody || (*of, *id) == self.row_key(tenant, *id));
        let count = if self.is(Fault::AgendaKeepsOldPlaces) { usize::MAX } else { 1 };
        rows.flat_map(|((_, id), row)| {
            row.beside.indexes.iter().rev().take(count).map(|index| (*id, *index))
        })
        .collect()
    }

    fn rulebooks(&self, tenant: TenantId) -> BTreeSet<(Timestamp, [u8; 32])> {
        let indexed = self.indexed(tenant);
        let books = indexed.iter().filter_map(|(_, index)| index.rulebook);
        books.map(order).collect()
    }

    fn is_due(&self, index: &Index, until: Timestamp, judged_by: RulebookRef) -> bool {
        let Some(rulebook) = index.rulebook else {
            return self.is(Fault::AgendaListsUnjudged);
        };
        let wakes = index.wake_at.is_some_and(|at| match self.fault {
            Fault::AgendaLeavesOutUntil => at < until,
            Fault::AgendaComparesSeconds => whole_second(at) <= until,
            _ => at <= until,
        });
        let is_other = match self.fault {
            Fault::AgendaComparesPoliciesOnly => rulebook.policy != judged_by.policy,
            Fault::AgendaHoldsUntilAgainstAll => false,
            _ => rulebook != judged_by,
        };
        let never = index.wake_at.is_none();
        wakes || is_other && !(never && self.is(Fault::AgendaLeavesOutNeverWaking))
    }

    /// Everybody who is due, in order.
    fn all_due(&self, tenant: TenantId, until: Timestamp, judged_by: RulebookRef) -> Vec<Waking> {
        let known = match self.fault {
            Fault::AgendaKnowsHundredRulebooks => {
                Some(self.rulebooks(tenant).into_iter().take(RULEBOOKS_KNOWN).collect())
            }
            Fault::AgendaReadsRulebooksFirst => {
                let known = self.rulebooks(tenant);
                yield_until(|| self.rulebooks(tenant) != known);
                Some(known)
            }
            _ => None,
        };
        let is_known = |index: &Index| {
            let book = index.rulebook.map(order);
            known
                .as_ref()
                .zip(book)
                .is_none_or(|(known, book): (&BTreeSet<_>, _)| known.contains(&book))
        };
        let indexed = self.indexed(tenant).into_iter();
        let due = indexed
            .filter(|(_, index)| is_known(index) && self.is_due(index, until, judged_by))
            .map(|(id, index)| Waking { wake_at: index.wake_at.unwrap_or(Timestamp::MAX), id });
        let mut due: Vec<_> = due.collect();
        match self.fault {
            Fault::AgendaOrdersById => due.sort_by_key(|waking| waking.id),
            Fault::AgendaBreaksTiesBackwards => {
                due.sort_by_key(|waking| (waking.wake_at, Reverse(waking.id)));
            }
            Fault::AgendaComparesBits => {
                due.sort_by_key(|waking| (waking.wake_at.as_micros().cast_unsigned(), waking.id));
            }
            _ => due.sort_unstable(),
        }
        due
    }
}

/// Rulebooks have no order of their own.
fn order(book: RulebookRef) -> (Timestamp, [u8; 32]) {
    (book.in_force_from, *book.policy.as_bytes())
}

impl Agenda for FaultyStore {
    async fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        self.fail_for_the_moment()?;
        let all = self.all_due(tenant, until, judged_by);
        if self.is(Fault::AgendaRefusesNobody) && all.is_empty() {
            return Err(StoreErrorKind::Refused.into());
        }
        let is_later = |waking: &&Waking| match self.fault {
            Fault::AgendaPagesByInstant => after.is_none_or(|after| waking.wake_at > after.wake_at),
            _ => after.is_none_or(|after| **waking > after),
        };
        let mut page: Vec<_> = all.iter().filter(is_later).copied().take(size.rows()).collect();
        match self.fault {
            Fault::AgendaBeginsAnewAfterTheEnd if page.is_empty() => page = all,
            Fault::AgendaCutsPages => page.truncate(PAGE_ROWS_GIVEN),
            _ => {}
        }
        Ok(page)
    }
}
