//! What arrived, seen by a receiver that knows what was recorded.

use std::collections::{BTreeMap, HashMap};

use guanxi::store::FeedCursor;
use guanxi::{CustomerId, Entry, TenantId};
use serde_json::{Value, json};

use super::base::TENANT;

/// Checks that every entry arrived, none that is not there, those of one customer in order, and that what
/// arrived again is the same. Gives how many arrived again.
pub(super) fn check(text: &str, journals: &BTreeMap<CustomerId, Vec<Entry>>) -> usize {
    assert!(text.is_empty() || text.ends_with('\n'), "half a line");
    let mut first: HashMap<(CustomerId, u64), &str> = HashMap::new();
    let mut last: BTreeMap<CustomerId, u64> = BTreeMap::new();
    let mut farthest: Option<FeedCursor> = None;
    let mut again = 0;
    for line in text.lines() {
        let body: Value = serde_json::from_str(line).unwrap();
        let customer: CustomerId = body["customer"].as_str().unwrap().parse().unwrap();
        let revision = body["revision"].as_u64().unwrap();
        if let Some(before) = first.get(&(customer, revision)) {
            assert_eq!(*before, line, "the same entry, and yet another");
            again += 1;
            continue;
        }
        first.insert((customer, revision), line);
        let before = last.insert(customer, revision).unwrap_or(0);
        assert_eq!(before + 1, revision, "out of order, or one is missing");
        let cursor: FeedCursor = body["cursor"].as_str().unwrap().parse().unwrap();
        assert!(farthest < Some(cursor), "out of the order of the feed");
        farthest = Some(cursor);
        let entry = &journals[&customer][usize::try_from(revision).unwrap() - 1];
        check_body(&body, customer, entry);
    }
    for (id, journal) in journals {
        assert_eq!(last.get(id).copied().unwrap_or(0), journal.len() as u64, "some never arrived");
    }
    again
}

fn check_body(body: &Value, customer: CustomerId, entry: &Entry) {
    let mut expected = serde_json::to_value(entry).unwrap();
    expected["tenant"] = json!(TenantId::derive(TENANT));
    expected["customer"] = json!(customer);
    expected["cursor"] = body["cursor"].clone();
    assert_eq!(*body, expected);
}
