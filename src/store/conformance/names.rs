//! What ids are called in the messages of a check.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The names that a check gave its customers and commands, by the text of their ids: in a message a
/// name helps, and an id derived from it does not.
#[derive(Default)]
pub(super) struct Names(Mutex<BTreeMap<String, String>>);

impl Names {
    pub(super) fn note(&self, id: impl fmt::Display, name: &str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(id.to_string(), format!("`{name}`"));
    }

    /// The text, with names where it has ids.
    pub(super) fn spell(&self, text: String) -> String {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.iter().fold(text, |text, (id, name)| text.replace(id, name))
    }
}
