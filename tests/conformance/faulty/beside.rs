//! What is kept beside the documents.

use std::collections::BTreeMap;

use guanxi::customer::{Part, PartName};
use guanxi::profile::ExternalKey;
use guanxi::store::{CustomerChange, Index};
use guanxi::{CommandId, Stage, TenantId};

use super::disk::{Disk, FaultyStore};
use super::fault::Fault;

/// Of one customer. An honest store looks at the last of the columns only, and keeps neither parts that
/// were removed nor claims that were given up.
#[derive(Clone, Default)]
pub(super) struct Beside {
    pub(super) indexes: Vec<Index>,
    pub(super) parts_ever: BTreeMap<PartName, Part>,
    pub(super) claims_ever: Vec<ExternalKey>,
    /// The commands whose fingerprints go with the customer, and the revision that each made.
    pub(super) personal: Vec<(CommandId, u64)>,
    pub(super) is_closed: bool,
}

impl FaultyStore {
    pub(super) fn write_beside(
        &self,
        disk: &mut Disk,
        tenant: TenantId,
        change: &CustomerChange,
        command_id: CommandId,
    ) {
        let row = disk.rows.entry(self.row_key(tenant, change.id)).or_default();
        let beside = &mut row.beside;
        let mut index = change.index;
        match self.fault {
            Fault::SchedulesNobody => index.rulebook = None,
            Fault::WritesFirstColumnsOnly => {
                index = Index::new(Stage::Prospect, None, None);
                index = beside.indexes.last().copied().unwrap_or(index);
            }
            _ => {}
        }
        beside.indexes.push(index);
        beside.parts_ever.extend(change.put.iter().map(|part| (part.name, part.clone())));
        beside.claims_ever.extend(change.claims_taken.iter().cloned());
        if change.personal && !self.is(Fault::TakesAllForFacts) {
            beside.personal.push((command_id, change.entry.revision));
        }
    }
}
