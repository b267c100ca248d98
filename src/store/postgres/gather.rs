//! Several commits as what one statement writes.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::customer::{Part, PartName};
use crate::id::{CommandId, CustomerId};
use crate::profile::ExternalKey;
use crate::store::{Commit, CustomerChange, Index};

/// A customer before and after.
#[derive(Debug)]
pub(super) struct Gained<'a> {
    pub(super) id: CustomerId,
    pub(super) expected: Option<u64>,
    pub(super) revision: u64,
    pub(super) index: &'a Index,
}

/// An entry of the journal, of the change in this place of its commit.
#[derive(Debug)]
pub(super) struct Entered<'a> {
    pub(super) commit: &'a Commit,
    pub(super) ordinal: i64,
    pub(super) change: &'a CustomerChange,
}

/// What commits write, each row once.
#[derive(Debug, Default)]
pub(super) struct Gathered<'a> {
    /// In the order of ids, and claims in that of keys: writers who come to the same rows in the same
    /// order seldom wait for each other in a circle.
    pub(super) customers: Vec<Gained<'a>>,
    pub(super) entries: Vec<Entered<'a>>,
    pub(super) put: Vec<(CustomerId, &'a Part)>,
    pub(super) removed: Vec<(CustomerId, PartName)>,
    pub(super) released: Vec<(CustomerId, &'a ExternalKey)>,
    /// Claims that are taken in the commit in which they are given up: by whom, if it holds them, and by
    /// whom they are taken.
    pub(super) passed: Vec<(CustomerId, CustomerId, &'a ExternalKey)>,
    pub(super) taken: Vec<(CustomerId, &'a ExternalKey)>,
    /// How many claims are taken, from whoever.
    pub(super) claims_wanted: usize,
}

impl<'a> Gathered<'a> {
    /// What one commit writes; `None` when it changes a customer twice, and not from one revision to the
    /// next.
    pub(super) fn one(commit: &'a Commit) -> Option<Self> {
        let mut gathering = Gathering::default();
        gathering.add(commit)?;
        Some(gathering.whole())
    }

    /// What commits write that are carried out one after the other; `None` when that cannot be one
    /// statement, or when it is known already that one of them is refused. `made` are the commands that
    /// were carried out before in the same call.
    pub(super) fn many(commits: &'a [Commit], made: &HashSet<CommandId>) -> Option<Self> {
        let mut gathering = Gathering::default();
        let (mut commands, mut keys) = (HashSet::new(), HashSet::new());
        for commit in commits {
            let stands = |before: &CommandId| commands.contains(before) || made.contains(before);
            if !commit.builds_on().as_ref().is_none_or(stands) {
                return None;
            }
            if !commands.insert(commit.command_id()) {
                return None;
            }
            let touched: HashSet<&ExternalKey> = commit
                .changes()
                .iter()
                .flat_map(|change| change.claims_taken.iter().chain(&change.claims_released))
                .collect();
            if !touched.into_iter().all(|key| keys.insert(key)) {
                return None;
            }
            gathering.add(commit)?;
        }
        Some(gathering.whole())
    }

    /// Whether it is one commit's worth, of one customer.
    pub(super) fn is_single(&self) -> bool {
        self.customers.len() == 1 && self.entries.len() == 1
    }
}

/// What has been gathered so far.
#[derive(Debug, Default)]
struct Gathering<'a> {
    customers: BTreeMap<CustomerId, Gained<'a>>,
    /// What a part is in the end: put, or removed.
    parts: BTreeMap<(CustomerId, PartName), Option<&'a Part>>,
    rest: Gathered<'a>,
}

impl<'a> Gathering<'a> {
    fn add(&mut self, commit: &'a Commit) -> Option<()> {
        for (ordinal, change) in (0..).zip(commit.changes()) {
            self.change(change)?;
            self.rest.entries.push(Entered { commit, ordinal, change });
        }
        self.claims(commit);
        Some(())
    }

    fn change(&mut self, change: &'a CustomerChange) -> Option<()> {
        let expected = change.expected.revision();
        let (id, revision, index) = (change.id, change.entry.revision, &change.index);
        match self.customers.get_mut(&id) {
            None => {
                self.customers.insert(id, Gained { id, expected, revision, index });
            }
            Some(before) if Some(before.revision) == expected => {
                before.revision = revision;
                before.index = index;
            }
            Some(_) => return None,
        }
        for part in &change.put {
            self.parts.insert((id, part.name), Some(part));
        }
        for name in &change.removed {
            self.parts.insert((id, *name), None);
        }
        Some(())
    }

    fn claims(&mut self, commit: &'a Commit) {
        let mut givers: HashMap<&ExternalKey, Vec<CustomerId>> = HashMap::new();
        for change in commit.changes() {
            for key in &change.claims_released {
                givers.entry(key).or_default().push(change.id);
            }
        }
        for change in commit.changes() {
            for key in &change.claims_taken {
                match givers.remove(key) {
                    Some(givers) => {
                        let passed = givers.into_iter().map(|giver| (giver, change.id, key));
                        self.rest.passed.extend(passed);
                    }
                    None => self.rest.taken.push((change.id, key)),
                }
                self.rest.claims_wanted = self.rest.claims_wanted.saturating_add(1);
            }
        }
        for (key, givers) in givers {
            self.rest.released.extend(givers.into_iter().map(|giver| (giver, key)));
        }
    }

    fn whole(self) -> Gathered<'a> {
        let mut gathered = self.rest;
        gathered.released.sort_unstable_by_key(|(_, key)| *key);
        gathered.passed.sort_unstable_by_key(|(_, _, key)| *key);
        gathered.taken.sort_unstable_by_key(|(_, key)| *key);
        gathered.customers = self.customers.into_values().collect();
        for ((id, name), part) in self.parts {
            match part {
                Some(part) => gathered.put.push((id, part)),
                None => gathered.removed.push((id, name)),
            }
        }
        gathered
    }
}
