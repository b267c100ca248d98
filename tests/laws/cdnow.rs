//! The CDNOW base, and what an independent program says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use guanxi::{Currency, Day, Money};
use serde_json::Value;

/// One customer of the sample.
#[derive(Debug, Clone)]
pub(super) struct Shopper {
    pub(super) number: u128,
    pub(super) days: BTreeSet<Day>,
    pub(super) orders: i64,
    pub(super) cents: i64,
}

impl Shopper {
    pub(super) fn recency_days(&self) -> i64 {
        last_day().days_since(*self.days.last().unwrap())
    }

    pub(super) fn tenure_days(&self) -> i64 {
        last_day().days_since(*self.days.first().unwrap())
    }

    pub(super) fn purchase_days(&self) -> i64 {
        i64::try_from(self.days.len()).unwrap()
    }
}

pub(super) fn last_day() -> Day {
    Day::from_ymd(1998, 6, 30).unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// One row of the sample.
pub(super) struct Purchase {
    pub(super) number: u128,
    pub(super) day: Day,
    pub(super) cents: i64,
}

/// Every purchase, in the order of the file.
pub(super) fn purchases() -> Vec<Purchase> {
    let text = read("examples/data/cdnow_transactions.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let purchase = |row: csv::StringRecord| Purchase {
        number: row[0].parse().unwrap(),
        day: row[2].parse().unwrap(),
        cents: Money::parse(&row[4], Currency::USD).unwrap().minor(),
    };
    reader.records().map(|row| purchase(row.unwrap())).collect()
}

/// Every customer, by number.
pub(super) fn shoppers() -> Vec<Shopper> {
    let mut all: BTreeMap<u128, Shopper> = BTreeMap::new();
    for Purchase { number, day, cents } in purchases() {
        let shopper = all.entry(number).or_insert_with(|| Shopper {
            number,
            days: BTreeSet::new(),
            orders: 0,
            cents: 0,
        });
        shopper.days.insert(day);
        shopper.orders += 1;
        shopper.cents += cents;
    }
    all.into_values().collect()
}

/// The reference of `tests/golden/rfm_abc_cdnow.json`.
pub(super) fn reference() -> Value {
    serde_json::from_str(&read("tests/golden/rfm_abc_cdnow.json")).unwrap()
}

#[test]
fn the_sample_is_the_one_that_the_reference_is_about() {
    let (shoppers, reference) = (shoppers(), reference());
    assert_eq!(reference["customers_n"], shoppers.len());
    assert_eq!(reference["total_cents"], shoppers.iter().map(|one| one.cents).sum::<i64>());
}
