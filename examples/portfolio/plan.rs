//! From the rows of a log to the facts of each customer, in the order of days whatever the order of
//! the file.
//!
//! A negative purchase is a return. It is booked against the day of its order, if the log names that,
//! and else against the customer's latest purchase day that is not later. Within a day purchases come before returns, and
//! larger amounts before smaller ones: the file's own order decides nothing.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use guanxi::purchase::{Order, PurchaseCommand, Return};
use guanxi::{Currency, Day, Money, Zone};

use crate::log::{Log, LogError, Purchase, Reason, Reject, is_fit, write_rejects};
use crate::options::Options;

/// Where business days begin and end: the log has days and no times.
pub(crate) const ZONE: Zone = Zone::UTC;

/// Sorts the purchases by customer and day, and moves what cannot be booked to the rejects. What is
/// left can be imported.
///
/// # Errors
///
/// [`LogError::Refused`] if a row is bad and the options are strict; the bad rows are written then, too.
/// [`LogError::Write`] and [`LogError::Overwrite`] if they cannot be.
pub(crate) fn settle(mut log: Log, options: &Options) -> Result<Log, LogError> {
    log.purchases.sort_unstable_by_key(place);
    book(&mut log);
    refuse_if_strict(&log, options)?;
    Ok(log)
}

/// Refuses a log with bad rows if the options are strict.
///
/// # Errors
///
/// As [`settle`].
pub(crate) fn refuse_if_strict(log: &Log, options: &Options) -> Result<(), LogError> {
    let Some(refusal) = log.refusal(options) else { return Ok(()) };
    write_rejects(options, log)?;
    Err(refusal)
}

/// Moves what cannot be booked to the rejects: returns of nothing, and what is nobody's.
fn book(log: &mut Log) {
    let mut reasons = HashMap::new();
    for (key, own) in customers(log) {
        if is_fit(key) {
            let unbooked = unbooked(own).into_iter();
            reasons.extend(unbooked.map(|line| (line, Reason::NothingToReturn)));
        } else {
            reasons.extend(own.iter().map(|purchase| (purchase.line, Reason::UnfitCustomer)));
        }
    }
    put_aside(log, &reasons);
}

/// Moves the purchases that start on these lines to the rejects, each row of them with the reason.
pub(crate) fn put_aside(log: &mut Log, reasons: &HashMap<u64, Reason>) {
    if reasons.is_empty() {
        return;
    }
    // A purchase of which no row was kept is a row of its own.
    let mut bare: HashMap<u64, Purchase> = HashMap::new();
    log.purchases.retain(|purchase| {
        let keeps = !reasons.contains_key(&purchase.line);
        if !keeps {
            bare.insert(purchase.line, *purchase);
        }
        keeps
    });
    for kept in log.kept.extract_if(.., |kept| reasons.contains_key(&kept.purchase)) {
        let Some(&reason) = reasons.get(&kept.purchase) else { continue };
        bare.remove(&kept.purchase);
        let (line, amount_minor, row) = (kept.line, Some(kept.amount_minor), kept.row);
        log.rejects.push(Reject { line, reason, amount_minor, row });
    }
    for (line, purchase) in bare {
        let Some(&reason) = reasons.get(&line) else { continue };
        let (amount_minor, row) = (Some(purchase.amount_minor), Box::default());
        log.rejects.push(Reject { line, reason, amount_minor, row });
    }
    log.rejects.sort_by_key(|reject| reject.line);
    forget_customers_without_purchases(log);
    log.last_day = log.purchases.iter().map(|purchase| purchase.day).max();
}

/// Each customer of a settled log with its purchases.
pub(crate) fn customers(log: &Log) -> impl Iterator<Item = (&str, &[Purchase])> {
    log.purchases.chunk_by(|a, b| a.customer == b.customer).filter_map(|own| {
        let place = usize::try_from(own.first()?.customer).ok()?;
        Some((log.customers.get(place)?.as_ref(), own))
    })
}

/// What to report of the purchases of one customer of a settled log, in their order.
pub(crate) fn reports(own: &[Purchase], currency: Currency) -> Vec<PurchaseCommand> {
    let mut bought: Vec<Day> = Vec::new();
    let report = |purchase: &Purchase| {
        let at = ZONE.start_of(purchase.day);
        let amount = Money::from_minor(purchase.amount_minor, currency);
        if !amount.is_negative() {
            bought.push(purchase.day);
            return Some(Order::new(at, amount).into());
        }
        // A settled log returns nothing that was not bought, and no amount beyond `i64`.
        let until = bought.partition_point(|day| *day <= purchase.until).checked_sub(1)?;
        let back = Return::new(at, *bought.get(until)?, amount.checked_neg().ok()?);
        Some(back.into())
    };
    own.iter().filter_map(report).collect()
}

fn place(purchase: &Purchase) -> (u32, Day, bool, Reverse<u64>, u64) {
    let Purchase { customer, day, amount_minor, line, .. } = *purchase;
    (customer, day, amount_minor < 0, Reverse(amount_minor.unsigned_abs()), line)
}

/// The lines of the returns of one customer that have nothing to return.
fn unbooked(own: &[Purchase]) -> Vec<u64> {
    let mut unbooked = Vec::new();
    // The days of purchase, oldest first, with what is left of each.
    let mut held: Vec<(Day, i64)> = Vec::new();
    for purchase in own {
        let Purchase { day, until, amount_minor, line, .. } = *purchase;
        let until = held.partition_point(|(bought, _)| *bought <= until);
        let of_day = until.checked_sub(1).and_then(|at| held.get_mut(at));
        match of_day.filter(|(bought, _)| amount_minor < 0 || *bought == day) {
            Some((_, left)) if left.saturating_add(amount_minor) >= 0 => {
                *left = left.saturating_add(amount_minor);
            }
            None if amount_minor >= 0 => held.push((day, amount_minor)),
            Some(_) | None => unbooked.push(line),
        }
    }
    unbooked
}

/// A customer is in the log by what was accepted of it; the others keep their order.
fn forget_customers_without_purchases(log: &mut Log) {
    let with: HashSet<u32> = log.purchases.iter().map(|purchase| purchase.customer).collect();
    let mut place = 0_u32;
    log.customers.retain(|_| {
        let keeps = with.contains(&place);
        place = place.saturating_add(1);
        keeps
    });
    // The purchases are in the order of their customers, so each group is the next customer.
    let mut next = 0_u32;
    for own in log.purchases.chunk_by_mut(|a, b| a.customer == b.customer) {
        own.iter_mut().for_each(|purchase| purchase.customer = next);
        next = next.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
