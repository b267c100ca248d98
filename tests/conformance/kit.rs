//! The kit as a list.

use std::collections::BTreeSet;
use std::future::Future;

use guanxi::store::conformance::{Check, Harness, archive, bulk, customers, reopening};
use guanxi::store::{MemoryStore, StoreError, StoreErrorKind};

use super::faulty::Faulty;

fn groups() -> [Vec<Check<Faulty>>; 4] {
    [customers::all(), bulk::all(), archive::all(), reopening::all()]
}

#[test]
fn an_id_is_one_check_and_begins_with_its_clause() {
    let mut ids = BTreeSet::new();
    for check in groups().iter().flatten() {
        assert!(ids.insert(check.id()), "{} is there twice", check.id());
        let clause = check.clause().to_string().to_lowercase();
        assert!(check.id().starts_with(&format!("{clause}_")), "{}", check.id());
    }
}

#[test]
fn a_promise_is_a_sentence_without_a_full_stop() {
    for check in groups().iter().flatten() {
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
