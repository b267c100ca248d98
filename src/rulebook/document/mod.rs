//! A document read for its faults: all of them, each at its path, not just the first.
//!
//! The document becomes a tree. It is read as the type; whatever cannot be read is told, left out, or
//! stood in for where it is needed, and the tree is read again, until it reads through.

mod misread;
mod node;
mod place;
mod reader;
mod stand_in;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;

use serde::Serialize;
use serde::de::DeserializeOwned;

use misread::{Misread, Problem};
use node::{Entry, Node};
use place::{Path, Place};
use reader::{Reader, Unknown};

use crate::lint::Fault;

/// The most bytes that a policy document may have: a mebibyte, hundreds of times the default policy.
pub const DOCUMENT_BYTES_MAX: usize = 1_048_576;

/// The most faults that one look at a document tells; mended, it is looked at again.
pub const DOCUMENT_FAULTS_MAX: usize = 100;

/// How often a document is read anew. A fault is told and left out in one reading, stood in for in
/// another, and given up with what holds it in a third.
const READINGS_MAX: usize = DOCUMENT_FAULTS_MAX * 4;

/// What came of a document.
pub(super) struct Reading<T> {
    /// As far as it could be read: stand-ins where there are faults. `None` when there is no way.
    pub(super) value: Option<T>,
    /// Every fault, in the order of the document.
    pub(super) faults: Vec<Fault>,
}

/// Reads a document as a `T`; where something that is needed cannot be read, that of `example` serves.
pub(super) fn read<T: DeserializeOwned + Serialize>(document: &[u8], example: &T) -> Reading<T> {
    if document.len() > DOCUMENT_BYTES_MAX {
        let problem = format!("the document has {} bytes", document.len());
        let remedy = format!("keep it to at most {DOCUMENT_BYTES_MAX}");
        return Reading { value: None, faults: vec![Fault::new("", problem, remedy)] };
    }
    let mut root: Node = match serde_json::from_slice(document) {
        Ok(root) => root,
        Err(error) => return Reading { value: None, faults: vec![not_json(&error)] },
    };
    let mut told = Told::default();
    root.leave_out_repeated(&Place::default(), &mut |place| {
        told.tell(place, "is written more than once", "keep one of them");
    });
    // What holds a value that nothing can stand in for is left out whole, and its order with it.
    let written = root.clone();
    let value = read_through(&mut root, &tree_of(example), &mut told);
    if value.is_none() && told.faults.is_empty() {
        told.tell(Place::default(), "the document cannot be read", "begin with the default policy");
    }
    Reading { value, faults: told.in_order_of(&written) }
}

fn tree_of(example: &impl Serialize) -> Node {
    let written = serde_json::to_vec(example).ok();
    written.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or(Node::Gone)
}

fn not_json(error: &serde_json::Error) -> Fault {
    let message = error.to_string();
    // It ends with its place, which comes first here.
    let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    let (line, column) = (error.line(), error.column());
    Fault::new("", format!("not JSON at line {line}, column {column}: {what}"), "correct it there")
}

fn read_through<T: DeserializeOwned>(
    root: &mut Node,
    example: &Node,
    told: &mut Told,
) -> Option<T> {
    for _ in 0..READINGS_MAX {
        let unknown = RefCell::default();
        let result = T::deserialize(Reader { node: root, path: &Path::Root, unknown: &unknown });
        for Unknown { place, problem, remedy } in unknown.into_inner() {
            told.tell(place, problem, remedy);
        }
        match result {
            Ok(value) => return Some(value),
            Err(misread) => {
                if !mend(root, example, misread, told) || told.more {
                    return None;
                }
            }
        }
    }
    None
}

/// Tells what could not be read and changes the tree so that the next reading gets past it; `false`
/// when there is no way.
fn mend(root: &mut Node, example: &Node, misread: Misread, told: &mut Told) -> bool {
    let place = misread.place.unwrap_or_default();
    match misread.problem {
        Problem::Missing(field) => {
            let missing = place.clone().field(field);
            let served = example.at(&missing).unwrap_or(&Node::StandIn).clone();
            if let Some(node) = root.at_mut(&missing) {
                // It is there and was told before.
                let unread = *node == Node::Gone;
                if unread {
                    *node = served;
                }
                return unread || give_up(root, place);
            }
            let Some(Node::Object(entries)) = root.at_mut(&place) else {
                return give_up(root, place);
            };
            entries.push(Entry { key: field.to_owned(), value: served });
            told.tell(missing, "is missing", "write it");
            true
        }
        Problem::Wrong(problem, remedy) => {
            if root.at(&place).is_some_and(|node| !node.is_hollow()) {
                told.tell(place.clone(), problem, remedy);
            }
            give_up(root, place)
        }
    }
}

/// Leaves out the value at a place, or, if nothing can stand in for it, what holds it.
fn give_up(root: &mut Node, mut place: Place) -> bool {
    while !place.0.is_empty() {
        if let Some(node) = root.at_mut(&place).filter(|node| !node.is_hollow()) {
            *node = Node::Gone;
            return true;
        }
        place.0.pop();
    }
    false
}

/// What has been told, each once.
#[derive(Default)]
struct Told {
    faults: Vec<(Place, Fault)>,
    more: bool,
}

impl Told {
    fn tell(
        &mut self,
        place: Place,
        problem: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        let fault = Fault::new(place.text(), problem, remedy);
        if self.faults.iter().any(|(_, told)| *told == fault) {
            return;
        }
        if self.is_full() {
            self.more = true;
        } else {
            self.faults.push((place, fault));
        }
    }

    const fn is_full(&self) -> bool {
        self.faults.len() >= DOCUMENT_FAULTS_MAX
    }

    fn in_order_of(mut self, written: &Node) -> Vec<Fault> {
        self.faults.sort_by_cached_key(|(place, _)| written.position(place));
        let mut faults: Vec<Fault> = self.faults.into_iter().map(|(_, fault)| fault).collect();
        if self.more {
            faults.push(Fault::new("", "there are more faults", "mend these and look again"));
        }
        faults
    }
}
