//! The kit as a list.

use std::collections::BTreeSet;
use std::future::Future;

use guanxi::store::conformance::{
    Check, Harness, agenda, archive, bulk, bulk_agenda, bulk_erase, bulk_inspect, customers,
    dropping, dropping_bulk, erase, feed, feed_reopening, inspect, linear, model, model_all,
    publishing, reopening, reopening_agenda, reopening_archive, reopening_bulk, reopening_erase,
    scan,
};
use guanxi::store::{MemoryStore, StoreError, StoreErrorKind};

use super::faulty::Faulty;

/// Every group with its checks.
pub(super) fn groups() -> Vec<(&'static str, Vec<Check<Faulty>>)> {
    vec![
        ("customers", customers::all()),
        ("bulk", bulk::all()),
        ("scan", scan::all()),
        ("agenda", agenda::all()),
        ("archive", archive::all()),
        ("erase", erase::all()),
        ("inspect", inspect::all()),
        ("bulk_agenda", bulk_agenda::all()),
        ("bulk_erase", bulk_erase::all()),
        ("bulk_inspect", bulk_inspect::all()),
        ("dropping", dropping::all()),
        ("dropping_bulk", dropping_bulk::all()),
        ("feed", feed::all()),
        ("feed_reopening", feed_reopening::all()),
        ("linear", linear::all()),
        ("model", model::all()),
        ("model_all", model_all::all()),
        ("publishing", publishing::all()),
        ("reopening", reopening::all()),
        ("reopening_agenda", reopening_agenda::all()),
        ("reopening_archive", reopening_archive::all()),
        ("reopening_bulk", reopening_bulk::all()),
        ("reopening_erase", reopening_erase::all()),
    ]
}

fn checks() -> Vec<Check<Faulty>> {
    groups().into_iter().flat_map(|(_, checks)| checks).collect()
}

#[test]
fn an_id_is_one_check_and_begins_with_its_clause() {
    let mut ids = BTreeSet::new();
    for check in &checks() {
        assert!(ids.insert(check.id()), "{} is there twice", check.id());
        let clause = check.clause().to_string().to_lowercase();
        assert!(check.id().starts_with(&format!("{clause}_")), "{}", check.id());
    }
}

#[test]
fn a_promise_is_a_sentence_without_a_full_stop() {
    for check in &checks() {
        let promise = check.promise();
        assert!(promise.starts_with(char::is_lowercase), "{promise}");
        assert!(!promise.ends_with('.') && promise.len() > 20, "{promise}");
    }
}

/// A store that nobody can open.
struct Closed;

impl Harness for Closed {
    type Store = MemoryStore;
    type Guard = ();

    async fn open(&self) -> Result<((), MemoryStore), StoreError> {
        Err(StoreError::new(StoreErrorKind::Refused, "no such folder"))
    }

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send,
    {
        pollster::block_on(future)
    }

    fn run_id(&self) -> String {
        String::new()
    }
}

#[test]
fn a_store_that_fails_is_told_with_its_cause() {
    for check in customers::all() {
        let violation = check.run(&Closed).unwrap_err();
        assert_eq!(violation.expected, "opening the store to succeed");
        assert_eq!(violation.saw, "store refuses: no such folder");
    }
}
