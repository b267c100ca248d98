//! C11: every customer, page after page.

use uuid::Uuid;

use super::super::check::{Deviation, same};
use super::super::expect::{fits, in_order, one_of, restored, rows};
use super::super::harness::Harness;
use super::super::race::COMMITS_READ;
use super::super::subject::{Trial, key};
use crate::customer::Customer;
use crate::id::CustomerId;
use crate::store::{PageSize, Scan, Stored};

/// Ids, written in this order, that a store gets wrong which compares them as numbers with a sign, as
/// text of another form, or group by group from the other end.
const IDS: [u128; 8] = [
    u128::MAX,
    0,
    1 << 127,
    (1 << 127) - 1,
    0x0000_0001_0000_0000_0000_0000_0000_0000,
    0x0100_0000_0000_0000_0000_0000_0000_0000,
    0x00ff_0000_0000_0000_0000_0000_0000_0000,
    0x0000_0000_0000_0000_ffff_ffff_ffff_ffff,
];

type Page = Vec<(CustomerId, Stored)>;

impl<H: Harness<Store: Scan>> Trial<'_, H> {
    /// A page of a scan: not too many, in the order of ids, all of them after the cursor.
    fn scan_page(&self, after: Option<CustomerId>, size: PageSize) -> Result<Page, Deviation> {
        let page = self.ask("a page of a scan", || self.store.scan(self.tenant, after, size))?;
        fits("a page of a scan", page.len(), size)?;
        let mut last = after;
        for (id, _) in &page {
            if last.is_some_and(|last| *id <= last) {
                let expected = format!("the next customer of a scan to come after {last:?}");
                return Err(Deviation::new(expected, format!("{id:?}")));
            }
            last = Some(*id);
        }
        Ok(page.into_iter().map(|(id, stored)| (id, in_order(stored))).collect())
    }

    /// Everybody, in pages of this size; calls back after each.
    fn scan_all(
        &self,
        size: PageSize,
        mut after_page: impl FnMut(&Page) -> Result<(), Deviation>,
    ) -> Result<Page, Deviation> {
        let mut all = Page::new();
        loop {
            let page = self.scan_page(all.last().map(|(id, _)| *id), size)?;
            if page.is_empty() {
                return Ok(all);
            }
            after_page(&page)?;
            all.extend(page);
        }
    }

    /// A scan gives exactly these customers, whatever the size of its pages.
    fn lists(&self, mut expected: Vec<&Customer>, sizes: &[u16]) -> Result<(), Deviation> {
        expected.sort_by_key(|customer| customer.id());
        let ids: Vec<_> = expected.iter().map(|customer| customer.id()).collect();
        for size in sizes {
            let all = self.scan_all(rows(*size), |_| Ok(()))?;
            let saw: Vec<_> = all.iter().map(|(id, _)| *id).collect();
            same(&format!("the customers of a scan in pages of {size}"), &ids, &saw)?;
        }
        Ok(())
    }
}

/// A customer with one order, of this id.
fn recorded<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
    id: u128,
) -> Result<Customer, Deviation> {
    let name = format!("customer {id:#x}");
    let mut customer = trial.customer_of(CustomerId::new(Uuid::from_u128(id)), &name);
    trial.accepts(&trial.order(&mut customer, 1, &format!("create {name}"))?)?;
    Ok(customer)
}

fn all_recorded<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
    ids: &[u128],
) -> Result<Vec<Customer>, Deviation> {
    ids.iter().map(|id| recorded(trial, *id)).collect()
}

pub(super) fn c11_nobody_is_an_empty_page<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (first, last) = (CustomerId::new(Uuid::nil()), CustomerId::new(Uuid::max()));
    for after in [None, Some(first), Some(last)] {
        for size in [rows(1), PageSize::MAX] {
            same("the customers of an empty base", &0, &trial.scan_page(after, size)?.len())?;
        }
    }
    Ok(())
}

pub(super) fn c11_everybody_once_in_pages_of_any_size<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let everybody = all_recorded(trial, &IDS)?;
    // One at a time; pages that divide the base, and that do not; exactly all; more than all.
    trial.lists(everybody.iter().collect(), &[1, 2, 3, 4, 7, 8, 9, 1_000])
}

pub(super) fn c11_full_page_is_followed_by_an_empty_one<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let everybody = all_recorded(trial, &[3, 1, 2])?;
    let page = trial.scan_page(None, rows(3))?;
    same("the customers of a page that holds all", &everybody.len(), &page.len())?;
    let last = page.last().map(|(id, _)| *id);
    for size in [rows(1), rows(3), PageSize::MAX] {
        let left = trial.scan_page(last, size)?.len();
        same("the customers after the last one", &0, &left)?;
    }
    Ok(())
}

pub(super) fn c11_cursor_need_not_be_a_customer<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let everybody = all_recorded(trial, &[10, 20, 30])?;
    let ids: Vec<_> = everybody.iter().map(Customer::id).collect();
    for (after, first) in [(0, 0), (9, 0), (11, 1), (29, 2), (31, 3)] {
        let page = trial.scan_page(Some(CustomerId::new(Uuid::from_u128(after))), rows(3))?;
        let saw: Vec<_> = page.iter().map(|(id, _)| *id).collect();
        let expected: Vec<_> = ids.iter().skip(first).copied().collect();
        same("the customers after an id that nobody has", &expected, &saw)?;
    }
    Ok(())
}

pub(super) fn c11_scan_gives_what_a_load_gives<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // Of a profile alone, of an order alone, of both, and of what an erasure leaves.
    let mut customers = ["known", "ordering", "both", "erased"].map(|name| trial.customer(name));
    let [known, ordering, both, erased] = &mut customers;
    let commits = [
        trial.link(known, &key("known")?, "link known")?,
        trial.order(ordering, 1, "order")?,
        trial.link(both, &key("both")?, "link both")?,
        trial.order(both, 2, "order of both")?,
        trial.order(erased, 3, "order of erased")?,
        trial.link(erased, &key("erased")?, "link erased")?,
        trial.erase(erased, "erase")?,
    ];
    commits.iter().try_for_each(|commit| trial.accepts(commit))?;
    for size in [rows(1), rows(3), PageSize::MAX] {
        let all = trial.scan_all(size, |_| Ok(()))?;
        same("the customers of a scan", &customers.len(), &all.len())?;
        for (id, scanned) in all {
            same("a customer of a scan", &trial.stored(id)?, &Some(scanned))?;
        }
    }
    customers.iter().try_for_each(|customer| trial.holds(customer))
}

/// Customers are changed and made on both sides of the cursor, after each page.
pub(super) fn c11_scan_while_others_write_misses_nobody<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let starters: [u128; 6] = [10, 20, 30, 40, 50, 60];
    let mut customers = all_recorded(trial, &starters)?;
    // Few enough that a scan which keeps up with them comes to an end.
    let mut newcomers = [(1, 61), (2, 25), (3, 62)].into_iter();
    let mut made = Vec::new();
    let all = trial.scan_all(rows(2), |page| {
        for (id, scanned) in page {
            let loaded = trial.stored(*id)?;
            same("a customer of a scan, changed meanwhile", &loaded.as_ref(), &Some(scanned))?;
        }
        let turn = page.first().map(|(id, _)| *id);
        // The first and the last: one of them has been given, the other has not.
        for nth in [0, 5] {
            let Some(customer) = customers.get_mut(nth) else { continue };
            let commit = trial.order(customer, 2, &format!("change {nth} at {turn:?}"))?;
            trial.accepts(&commit)?;
        }
        if let Some((before, after)) = newcomers.next() {
            made.push(recorded(trial, before)?);
            made.push(recorded(trial, after)?);
        }
        Ok(())
    })?;
    let ids = |customers: &[Customer]| customers.iter().map(Customer::id).collect::<Vec<_>>();
    let there = ids(&customers);
    let saw: Vec<_> = all.iter().map(|(id, _)| *id).filter(|id| there.contains(id)).collect();
    same("those of a scan that were there when it began", &there, &saw)?;
    trial.lists(customers.iter().chain(&made).collect(), &[5])
}

pub(super) fn c1_scan_sees_no_half_commit<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("read");
    let (mut commits, mut states) = (Vec::new(), Vec::new());
    for minor in 1..=COMMITS_READ {
        commits.push(trial.order(&mut customer, minor, &format!("order {minor}"))?);
        states.push(customer.clone());
    }
    let what = "what a scan gives between commits";
    trial.read_while_writing(&commits, || {
        let page = trial.scan_page(None, rows(2))?;
        page.iter()
            .try_for_each(|(id, stored)| one_of(what, &states, &restored(what, *id, stored)?))
    })
}

pub(super) fn c13_scan_gives_nothing_that_was_erased<H: Harness<Store: Scan>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut erased = trial.customer("erased");
    trial.accepts(&trial.link(&mut erased, &key("needle")?, "link")?)?;
    let holds_it = |page: &Page| {
        let documents = page.iter().flat_map(|(_, stored)| &stored.parts);
        documents.into_iter().any(|part| part.document.windows(6).any(|text| text == b"needle"))
    };
    same(
        "a scan to give a key that is linked",
        &true,
        &holds_it(&trial.scan_page(None, rows(1))?),
    )?;
    trial.accepts(&trial.erase(&mut erased, "erase")?)?;
    let page = trial.scan_page(None, rows(1))?;
    same("the customers of a scan after an erasure", &1, &page.len())?;
    same("whether a scan gives a key that was erased", &false, &holds_it(&page))
}

pub(super) fn c9_tenants_are_listed_apart<H: Harness<Store: Scan>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let ours = all_recorded(here, &[10, 30])?;
    there.lists(Vec::new(), &[1, 1_000])?;
    let theirs = all_recorded(&there, &[20, 30, 40])?;
    here.lists(ours.iter().collect(), &[1, 1_000])?;
    there.lists(theirs.iter().collect(), &[1, 1_000])
}
