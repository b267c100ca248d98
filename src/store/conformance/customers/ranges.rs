//! C2, C7 and C8: numbers and instants at the ends of their ranges, and clocks that go wrong.

use super::super::check::{Deviation, same};
use super::super::expect::rows;
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial};
use crate::customer::Customer;
use crate::store::{Expected, PageSize};
use crate::time::Timestamp;

/// Revisions that 1 comes out of where a number is cut to its lower bits, and the ends of the range.
const FAR_REVISIONS: [u64; 7] = [
    (1 << 8) + 1,
    (1 << 16) + 1,
    (1 << 32) + 1,
    (1 << 63) + 1,
    (1 << 63) - 1,
    u64::MAX - 1,
    u64::MAX,
];

pub(super) fn c2_revisions_are_compared_to_the_last_bit<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("customer");
    trial.accepts(&trial.order(&mut customer, 1, "first")?)?;
    for revision in FAR_REVISIONS {
        let commit = trial.order(&mut customer.clone(), 2, &format!("expects {revision}"))?;
        let commit = commit.altered(|change| {
            change.expected = Expected::At(revision);
            change.entry.revision = revision.saturating_add(1);
        });
        trial.refuses(&commit, Refusal::Conflict)?;
        trial.never_heard(&commit)?;
    }
    trial.holds(&customer)
}

pub(super) fn c7_instants_are_given_back_to_the_microsecond<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let epoch = Timestamp::UNIX_EPOCH;
    let instants = [
        Timestamp::MIN,
        Timestamp::MIN.next(),
        epoch.previous(),
        epoch,
        epoch.next(),
        epoch.saturating_add_seconds(i64::from(i32::MAX)).next(),
        epoch.saturating_add_seconds(i64::from(u32::MAX)).next(),
        Timestamp::MAX.previous(),
        Timestamp::MAX,
    ];
    recorded_at(trial, &instants)
}

pub(super) fn c8_clocks_that_go_back_change_no_order<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let second = |nth: i64| Timestamp::UNIX_EPOCH.saturating_add_seconds(nth);
    recorded_at(trial, &[second(50), second(40), second(60), second(60), second(-10), second(45)])
}

/// Two customers, each with an entry of each of these instants, as the hosts' clocks said: the journals
/// have them all, in the order of revisions, in pages of any size.
fn recorded_at<H: Harness>(trial: &Trial<'_, H>, instants: &[Timestamp]) -> Result<(), Deviation> {
    let mut customers = ["one", "two"].map(|name| trial.customer(name));
    for (nth, at) in instants.iter().enumerate() {
        for (place, customer) in customers.iter_mut().enumerate() {
            let name = format!("order {nth} of {place}");
            let commit = trial.order(customer, 1, &name)?;
            trial.accepts(&commit.altered(|change| change.entry.recorded_at = *at))?;
        }
    }
    for size in [rows(1), rows(2), PageSize::MAX] {
        for customer in &customers {
            has_instants(trial, customer, size, instants)?;
        }
    }
    let states = customers.iter();
    states.into_iter().try_for_each(|customer| {
        let revision = trial.stored(customer.id())?.map(|stored| stored.revision);
        same("the revision of a load", &Some(customer.revision()), &revision)
    })
}

fn has_instants<H: Harness>(
    trial: &Trial<'_, H>,
    customer: &Customer,
    size: PageSize,
    instants: &[Timestamp],
) -> Result<(), Deviation> {
    let expected: Vec<_> = (1_u64..).zip(instants.iter().copied()).collect();
    let (mut saw, mut after) = (Vec::new(), 0);
    loop {
        let page = trial.page(customer.id(), after, size)?;
        saw.extend(page.iter().map(|entry| (entry.revision, entry.recorded_at)));
        match page.last() {
            // Pages that do not come forward would never end, either.
            Some(last) if last.revision > after => after = last.revision,
            Some(_) | None => break,
        }
    }
    same("the revisions and the instants of a journal", &expected, &saw)
}
