//! Rows into purchases: who the customers are, and which rows are one order.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use csv::ByteRecord;

use super::layout::Layout;
use super::reject::csv_row;
use super::row::{self, Row};
use super::{Log, LogError, Purchase, Reason, Reject};
use crate::options::{Negative, Options};

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
    /// By customer: the sum of all accepted amounts without their signs, so that no sum of some of
    /// them can be beyond `i64` later.
    volumes: Vec<i64>,
    first_reject: Option<(u64, Reason)>,
    rejected: u64,
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
            volumes: Vec::new(),
            first_reject: None,
            rejected: 0,
        }
    }

    /// How many rows were taken.
    pub(super) const fn rows(&self) -> u64 {
        self.log.rows
    }

    /// Takes one row, which starts on this line.
    pub(super) fn take(&mut self, record: &ByteRecord, line: u64) {
        self.log.rows = self.log.rows.saturating_add(1);
        let judged = row::judge(record, self.layout, self.options);
        let amount = i128::from(judged.amount_minor.unwrap_or_default());
        self.log.readable_minor = self.log.readable_minor.saturating_add(amount);
        // An order may turn negative with its last row, so all of its rows are kept until then.
        let may_return = |row: &Row<'_>| {
            self.options.negative == Negative::Return
                && (row.order.is_some() || row.amount_minor < 0)
        };
        let keeps = judged.row.as_ref().is_ok_and(may_return);
        match judged.row.and_then(|row| self.accept(row, line)) {
            Ok(first) if keeps => {
                let reason = Reason::NothingToReturn;
                let (amount_minor, row) = (judged.amount_minor, csv_row(record.iter()));
                let reject = Reject { line, reason, amount_minor, row };
                self.log.returns.entry(first).or_default().push(reject);
            }
            Ok(_) => {}
            Err(reason) => self.reject(record, line, reason, judged.amount_minor),
        }
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
                let purchase = self.open(known, row, line)?;
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
    fn open(&mut self, known: Option<u32>, row: Row<'_>, line: u64) -> Result<u32, Reason> {
        let purchase = u32::try_from(self.log.purchases.len()).map_err(|_| Reason::TooMany)?;
        let customer = match known {
            Some(customer) => customer,
            None => {
                let new = u32::try_from(self.customers.len()).map_err(|_| Reason::TooMany)?;
                self.customers.insert(row.customer.into(), new);
                new
            }
        };
        let Row { day, amount_minor, .. } = row;
        self.log.purchases.push(Purchase { customer, day, amount_minor, line, lines: 1 });
        self.log.last_day = self.log.last_day.max(Some(day));
        Ok(purchase)
    }

    fn reject(&mut self, record: &ByteRecord, line: u64, reason: Reason, amount: Option<i64>) {
        self.rejected = self.rejected.saturating_add(1);
        self.first_reject.get_or_insert((line, reason));
        // A log that will be refused needs no list of why.
        if self.options.strict {
            return;
        }
        let row = if reason == Reason::TooLong { Box::default() } else { csv_row(record.iter()) };
        self.log.rejects.push(Reject { line, reason, amount_minor: amount, row });
    }

    /// The log, or why there is none.
    pub(super) fn finish(self, path: &Path) -> Result<Log, LogError> {
        let Self { options, mut log, customers, first_reject, rejected, .. } = self;
        let path = || path.to_owned();
        if log.rows == 0 {
            return Err(LogError::NoRows { path: path() });
        }
        if let (true, Some((line, reason))) = (options.strict, first_reject) {
            let rows = log.rows;
            return Err(LogError::Refused { path: path(), rejected, rows, line, reason });
        }
        let mut keys: Vec<(u32, Box<str>)> =
            customers.into_iter().map(|(key, customer)| (customer, key)).collect();
        keys.sort_unstable_by_key(|&(customer, _)| customer);
        log.customers = keys.into_iter().map(|(_, key)| key).collect();
        let negative = log.purchases.iter().filter(|purchase| purchase.amount_minor < 0);
        let negative: HashSet<u64> = negative.map(|purchase| purchase.line).collect();
        log.returns.retain(|line, _| negative.contains(line));
        Ok(log)
    }
}
