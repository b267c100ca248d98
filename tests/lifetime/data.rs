//! Bases of customers that are known, and what an independent program says of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};

use guanxi::value::lifetime::{AgeAtLastPurchase, RepeatBuying, Span, TimeUnit, Weeks};
use guanxi::{Currency, Day, Money};
use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use serde_json::Value;

/// The folder of tables that may not be passed on with this crate; `tests/golden/README.md` names them.
const FOLDER: &str = "GUANXI_TEST_DATA";

/// Set where it is a failure that the folder is not told.
const REQUIRED: &str = "GUANXI_TEST_DATA_REQUIRED";

#[expect(
    clippy::disallowed_methods,
    reason = "what is tested reads none; where the tables are, must be told"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The text of a table that is not part of this crate. If nobody tells where it is, that is said where nobody
/// can overlook it.
pub(crate) fn not_ours(table: &str) -> Option<String> {
    let Some(folder) = variable(FOLDER) else {
        assert!(variable(REQUIRED).is_none(), "{FOLDER} must name the folder of {table}");
        let told = format!(
            "\n*** NOT TESTED: what is known of {table}.\n*** Set {FOLDER} to the folder it is in.\n\n"
        );
        // Not by a macro of the standard library, whose output tests swallow.
        stderr().write_all(told.as_bytes()).unwrap();
        return None;
    };
    let path = PathBuf::from(folder).join(table);
    Some(fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// The text of a file of this crate.
pub(crate) fn ours(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The numbers of an independent program, computed with 50 digits.
pub(crate) fn reference() -> Value {
    serde_json::from_str(&ours("tests/golden/reference_btyd.json")).unwrap()
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

pub(crate) fn span<U: TimeUnit>(length: f64) -> Span<U> {
    Span::new(length).unwrap()
}

pub(crate) fn bought<U: TimeUnit>(repeats: u32, last: f64, age: f64) -> RepeatBuying<U> {
    RepeatBuying::new(repeats, AgeAtLastPurchase(span(last)), span(age)).unwrap()
}

/// A customer of the references.
pub(crate) fn customer(value: &Value) -> RepeatBuying<Weeks> {
    let repeats = u32::try_from(value["x"].as_u64().unwrap()).unwrap();
    bought(repeats, number(&value["t_x"]), number(&value["T"]))
}

/// Fails unless the numbers are that near, relative to what is expected.
#[track_caller]
pub(crate) fn close(value: f64, expected: f64, tolerance: f64, what: &str) {
    let off = (value - expected).abs();
    assert!(off <= tolerance * expected.abs(), "{what}: {value} is not {expected}");
}

/// The days on which somebody bought, with what was spent on each, in whole cents.
pub(crate) type Purchases = BTreeMap<u32, BTreeMap<Day, i64>>;

/// From a table whose columns stand at those places.
fn purchases(text: &str, customer: usize, date: usize, amount: Option<usize>) -> Purchases {
    let mut all = Purchases::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let spent =
            amount.map_or(0, |place| Money::parse(&row[place], Currency::USD).unwrap().minor());
        let days = all.entry(row[customer].parse().unwrap()).or_default();
        *days.entry(row[date].parse().unwrap()).or_default() += spent;
    }
    all
}

/// A customer as of the end of the calibration, and what it did in as long a time after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shopper {
    pub(crate) repeats: u32,
    pub(crate) last_days: f64,
    pub(crate) age_days: f64,
    /// Dollars of a day with a repeat purchase, on average; 0 when there is none.
    pub(crate) mean: f64,
    pub(crate) repeats_after: u32,
}

fn shoppers(all: &Purchases, end: Day, days_after: i64) -> Vec<Shopper> {
    let shopper = |days: &BTreeMap<Day, i64>| {
        let first = *days.first_key_value()?.0;
        let age = end.days_since(first);
        let repeats: Vec<_> = days.range(..=end).skip(1).collect();
        let last = repeats.last().map_or(0, |(day, _)| day.days_since(first));
        let cents: i64 = repeats.iter().map(|(_, cents)| **cents).sum();
        let after = days.keys().map(|day| day.days_since(end));
        let count = u32::try_from(repeats.len()).unwrap();
        Some(Shopper {
            repeats: count,
            last_days: last as f64,
            age_days: age as f64,
            mean: if count == 0 { 0.0 } else { cents as f64 / 100.0 / f64::from(count) },
            repeats_after: u32::try_from(
                after.filter(|day| (1..=days_after).contains(day)).count(),
            )
            .unwrap(),
        })
    };
    all.values().filter_map(shopper).collect()
}

/// All that the 2,357 customers of CDNOW bought until the middle of 1998.
pub(crate) fn cdnow_purchases() -> Purchases {
    purchases(&ours("examples/data/cdnow_transactions.csv"), 0, 2, Some(4))
}

/// The 2,357 customers of CDNOW who came in the first quarter of 1997, 39 weeks after its beginning.
pub(crate) fn cdnow() -> Vec<Shopper> {
    shoppers(&cdnow_purchases(), Day::from_ymd(1997, 9, 30).unwrap(), 39 * 7)
}

/// The customers of a grocer at the end of 2006, if the table is there.
pub(crate) fn grocery() -> Option<Vec<Shopper>> {
    let all = purchases(&not_ours("grocery_transactions.csv")?, 0, 1, None);
    Some(shoppers(&all, Day::from_ymd(2006, 12, 31).unwrap(), 52 * 7))
}

impl Shopper {
    /// In weeks, as exactly as they are known.
    pub(crate) fn exact(&self) -> RepeatBuying<Weeks> {
        bought(self.repeats, self.last_days / 7.0, self.age_days / 7.0)
    }

    /// In weeks of two decimals, as published.
    pub(crate) fn published(&self) -> RepeatBuying<Weeks> {
        let rounded = |days: f64| (days / 7.0 * 100.0).round() / 100.0;
        bought(self.repeats, rounded(self.last_days), rounded(self.age_days))
    }
}

/// So many random cases, the same in every run: whether a change is accepted must not depend on luck.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(19_970_930), ..ProptestConfig::default() }
}
