//! Rows into purchases: who the customers are, and which rows are one order.

use std::collections::HashMap;
use std::path::Path;

use csv::ByteRecord;
use guanxi::Day;

use super::layout::Layout;
use super::reject::csv_row;
use super::row::{self, Judged, Row};
use super::{Kept, Log, LogError, Order, Purchase, Reason, Reject, is_fit};
use crate::options::Options;

/// Takes the rows of a log one by one.
pub(super) struct Importer<'a> {
    layout: &'a Layout,
    options: &'a Options,
    log: Log,
    /// Each key once; the list of customers is made from it at the end.
    customers: HashMap<Box<str>, u32>,
    /// The purchase that an order id stands for. Only accepted rows make one, so a bad row never
    /// decides whose order it is.
    orders: HashMap<Box<str>, u32>,
    /// The negative rows with an order id: only at the end it is known of which day their order is.
    refunds: Vec<Refund>,
    /// The purchases that they make on other days than their order's.
    refunded: HashMap<(Box<str>, Day), u32>,
    /// By customer: the sum of all accepted amounts without their signs, so that no sum of some of
    /// them can be beyond `i64` later.
    volumes: Vec<i64>,
}

/// A row that is set aside.
struct Refund {
    customer: Box<str>,
    order: Box<str>,
    day: Day,
    amount_minor: i64,
    line: u64,
    /// As in a [`Reject`].
    row: Box<str>,
}

impl<'a> Importer<'a> {
    pub(super) fn new(layout: &'a Layout, options: &'a Options) -> Self {
        let log = Log::new(layout.header.clone(), layout.base);
        Self {
            layout,
            options,
            log,
            customers: HashMap::new(),
            orders: HashMap::new(),
            refunds: Vec::new(),
            refunded: HashMap::new(),
            volumes: Vec::new(),
        }
    }

    /// How many rows were taken.
    pub(super) const fn rows(&self) -> u64 {
        self.log.rows
    }

    /// Takes one row, which starts on this line.
    pub(super) fn take(&mut self, record: &ByteRecord, line: u64) {
        let judged = row::judge(record, self.layout, self.options);
        if let Err(reason) = self.try_take(&judged, record, line) {
            self.reject(record, line, reason, judged.amount_minor);
        }
    }

    /// Takes a row of these lines if it is good, and nothing of it otherwise.
    pub(super) fn take_lines<'l>(
        &mut self,
        record: &ByteRecord,
        line: u64,
        lines: impl Iterator<Item = &'l [u8]>,
    ) -> bool {
        let judged = row::judge(record, self.layout, self.options);
        judged.row.is_ok()
            && !row::swallows(lines, self.layout, self.options)
            && self.try_take(&judged, record, line).is_ok()
    }

    fn try_take(
        &mut self,
        judged: &Judged<'_>,
        record: &ByteRecord,
        line: u64,
    ) -> Result<(), Reason> {
        let row = judged.row?;
        let Row { customer, day, amount_minor, order } = row;
        if let (Some(order), true) = (order, amount_minor < 0) {
            let (customer, order, row) = (customer.into(), order.into(), csv_row(record.iter()));
            self.refunds.push(Refund { customer, order, day, amount_minor, line, row });
        } else {
            let first = self.accept(row, line)?;
            // An order may turn negative in the end, or be in the database with another amount.
            if order.is_some() || amount_minor < 0 || !is_fit(customer) {
                self.keep(first, line, amount_minor, csv_row(record.iter()));
            }
        }
        self.count(Some(amount_minor));
        Ok(())
    }

    /// Takes the rows that were set aside, once all others are taken.
    fn take_refunds(&mut self) {
        let refunds = std::mem::take(&mut self.refunds);
        let is_any = !refunds.is_empty();
        for Refund { customer, order, day, amount_minor, line, row } in refunds {
            let taken = Row { customer: &customer, day, amount_minor, order: Some(&order) };
            match self.accept_refund(taken, &order, line) {
                Ok(first) => self.keep(first, line, amount_minor, row),
                Err(reason) => {
                    let amount_minor = Some(amount_minor);
                    self.log.rejects.push(Reject { line, reason, amount_minor, row });
                }
            }
        }
        if is_any {
            self.log.rejects.sort_by_key(|reject| reject.line);
            self.log.purchases.sort_by_key(|purchase| purchase.line);
        }
    }

    /// Takes a negative row into its order, or makes a return of it: on a later day than its order's one
    /// against that day, without an order one of the customer's own.
    fn accept_refund(&mut self, row: Row<'_>, order: &str, line: u64) -> Result<u64, Reason> {
        let sale = self.orders.get(order).copied().and_then(|sale| self.purchase(sale));
        let known = self.customers.get(row.customer).copied();
        let until = match sale {
            Some(sale) if known != Some(sale.customer) => {
                return Err(Reason::OrderOfAnother { line: sale.line });
            }
            Some(sale) if row.day < sale.day => {
                return Err(Reason::OrderOnAnotherDay { line: sale.line });
            }
            Some(sale) if row.day == sale.day => return self.accept(row, line),
            Some(sale) => sale.day,
            None => row.day,
        };
        let volume = self.volume(known, row.amount_minor);
        let first = match self.refunded.get(&(order.into(), row.day)) {
            Some(&purchase) => self.add_to(purchase, known, row, volume)?,
            None => {
                volume?;
                let purchase = self.open(known, row, line, until, Order::Refund)?;
                self.refunded.insert((order.into(), row.day), purchase);
                line
            }
        };
        self.set_volume(known, volume?);
        Ok(first)
    }

    fn purchase(&self, at: u32) -> Option<Purchase> {
        self.log.purchases.get(usize::try_from(at).ok()?).copied()
    }

    /// Keeps a row of a purchase, should that be put aside.
    fn keep(&mut self, purchase: u64, line: u64, amount_minor: i64, row: Box<str>) {
        self.log.kept.push(Kept { purchase, line, amount_minor, row });
    }

    fn count(&mut self, amount_minor: Option<i64>) {
        self.log.rows = self.log.rows.saturating_add(1);
        let amount = i128::from(amount_minor.unwrap_or_default());
        self.log.readable_minor = self.log.readable_minor.saturating_add(amount);
    }

    /// Takes a row into a purchase; the answer is the line that purchase starts on.
    fn accept(&mut self, row: Row<'_>, line: u64) -> Result<u64, Reason> {
        let known = self.customers.get(row.customer).copied();
        let volume = self.volume(known, row.amount_minor);
        let order = row.order.and_then(|order| self.orders.get(order).copied());
        let first = match order {
            Some(purchase) => self.add_to(purchase, known, row, volume)?,
            None => {
                volume?;
                let purchase = self.open(known, row, line, row.day, Order::Sale)?;
                if let Some(order) = row.order {
                    self.orders.insert(order.into(), purchase);
                }
                line
            }
        };
        self.set_volume(known, volume?);
        Ok(first)
    }

    /// What the customer's amounts come to with this one, without their signs.
    fn volume(&self, known: Option<u32>, amount_minor: i64) -> Result<i64, Reason> {
        let before = known.and_then(|known| self.volumes.get(usize::try_from(known).ok()?));
        amount_minor
            .checked_abs()
            .and_then(|amount| before.copied().unwrap_or_default().checked_add(amount))
            .ok_or(Reason::CustomerOutOfRange)
    }

    fn set_volume(&mut self, known: Option<u32>, volume: i64) {
        let known = known.and_then(|known| self.volumes.get_mut(usize::try_from(known).ok()?));
        match known {
            Some(before) => *before = volume,
            None => self.volumes.push(volume),
        }
    }

    /// Adds a row to the purchase of its order, or leaves that as it was.
    fn add_to(
        &mut self,
        at: u32,
        known: Option<u32>,
        row: Row<'_>,
        volume: Result<i64, Reason>,
    ) -> Result<u64, Reason> {
        let at = usize::try_from(at).ok();
        let Some(purchase) = at.and_then(|at| self.log.purchases.get_mut(at)) else {
            return Err(Reason::TooMany);
        };
        let line = purchase.line;
        if known != Some(purchase.customer) {
            return Err(Reason::OrderOfAnother { line });
        }
        if row.day != purchase.day {
            return Err(Reason::OrderOnAnotherDay { line });
        }
        let sum = purchase.amount_minor.checked_add(row.amount_minor);
        let (Some(amount_minor), Some(lines)) = (sum, purchase.lines.checked_add(1)) else {
            return Err(Reason::SumOutOfRange);
        };
        volume?;
        *purchase = Purchase { amount_minor, lines, ..*purchase };
        Ok(line)
    }

    /// Makes a new purchase of a row, and a new customer where need be.
    fn open(
        &mut self,
        known: Option<u32>,
        row: Row<'_>,
        line: u64,
        until: Day,
        what: fn(Box<str>) -> Order,
    ) -> Result<u32, Reason> {
        let purchase = u32::try_from(self.log.purchases.len()).map_err(|_| Reason::TooMany)?;
        let customer = match known {
            Some(customer) => customer,
            None => {
                let new = u32::try_from(self.customers.len()).map_err(|_| Reason::TooMany)?;
                self.customers.insert(row.customer.into(), new);
                new
            }
        };
        // There are no more order ids than purchases, which have been counted.
        let order = row.order.and_then(|_| u32::try_from(self.log.orders.len()).ok());
        self.log.orders.extend(row.order.map(|order| what(order.into())));
        let Row { day, amount_minor, .. } = row;
        let lines = 1;
        self.log.purchases.push(Purchase {
            customer,
            day,
            until,
            amount_minor,
            line,
            lines,
            order,
        });
        self.log.last_day = self.log.last_day.max(Some(day));
        Ok(purchase)
    }

    /// Puts a row aside, and counts it.
    pub(super) fn reject(
        &mut self,
        record: &ByteRecord,
        line: u64,
        reason: Reason,
        amount_minor: Option<i64>,
    ) {
        self.count(amount_minor);
        let row = csv_row(record.iter());
        self.log.rejects.push(Reject { line, reason, amount_minor, row });
    }

    /// The log, or why there is none.
    pub(super) fn finish(mut self, path: &Path) -> Result<Log, LogError> {
        self.take_refunds();
        let Self { mut log, customers, .. } = self;
        if log.rows == 0 {
            return Err(LogError::NoRows { path: path.to_owned() });
        }
        let mut keys: Vec<(u32, Box<str>)> =
            customers.into_iter().map(|(key, customer)| (customer, key)).collect();
        keys.sort_unstable_by_key(|&(customer, _)| customer);
        log.customers = keys.into_iter().map(|(_, key)| key).collect();
        in_order_of_appearance(&mut log);
        Ok(log)
    }
}

/// Numbers the customers anew, by their first purchase: refunds may have come before it in the file.
fn in_order_of_appearance(log: &mut Log) {
    let mut places: Vec<Option<u32>> = vec![None; log.customers.len()];
    let mut next = 0_u32;
    for purchase in &mut log.purchases {
        let place = usize::try_from(purchase.customer).ok().and_then(|at| places.get_mut(at));
        let Some(place) = place else { continue };
        purchase.customer = *place.get_or_insert_with(|| {
            let new = next;
            next = next.saturating_add(1);
            new
        });
    }
    let keys = std::mem::take(&mut log.customers).into_iter();
    let mut keys: Vec<_> = places.into_iter().zip(keys).collect();
    keys.sort_unstable_by_key(|&(place, _)| place);
    log.customers = keys.into_iter().map(|(_, key)| key).collect();
}
