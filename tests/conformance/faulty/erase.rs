//! Forgetting.

use guanxi::store::{Erase, StoreError, StoreErrorKind};
use guanxi::{CommandId, CustomerId, TenantId};

use super::disk::{Disk, FaultyStore};
use super::fault::Fault;

impl FaultyStore {
    /// The customers of whom something is forgotten.
    fn forgotten(
        &self,
        disk: &Disk,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Vec<(TenantId, CustomerId)> {
        let ids = if self.is(Fault::ForgetsFirstOnly) { &ids[..ids.len().min(1)] } else { ids };
        let is_meant = |(of, id): &(TenantId, CustomerId)| match self.fault {
            Fault::ForgetsEverybody => *of == tenant,
            Fault::ForgetsInEveryTenant => ids.contains(id),
            _ => *of == tenant && ids.contains(id),
        };
        disk.rows.keys().copied().filter(is_meant).collect()
    }

    /// The commands of a customer whose fingerprints go.
    fn forgotten_commands(&self, disk: &Disk, key: (TenantId, CustomerId)) -> Vec<CommandId> {
        if self.is(Fault::ForgetsEveryFingerprint) {
            let is_own = |revisions: &[(CustomerId, u64)]| {
                revisions.iter().any(|(changed, _)| *changed == key.1)
            };
            let commands = disk.commands.iter();
            let own = commands.filter(|(_, accepted)| is_own(&accepted.receipt.revisions));
            return own.map(|((_, command_id, _), _)| *command_id).collect();
        }
        let row = disk.rows.get(&key).cloned().unwrap_or_default();
        row.beside.personal.into_iter().map(|(command_id, _)| command_id).collect()
    }

    fn forget_command(&self, disk: &mut Disk, tenant: TenantId, command_id: CommandId) {
        let key = self.command_key(tenant, command_id, None);
        let Some(accepted) = disk.commands.get_mut(&key) else { return };
        let before = accepted.clone();
        match self.fault {
            Fault::KeepsFingerprints => {}
            Fault::ForgetsCommandsWhole => {
                disk.commands.remove(&key);
            }
            Fault::ForgetsOwnCommandsOnly if accepted.receipt.revisions.len() > 1 => {}
            _ => accepted.fingerprint = None,
        }
        disk.forgotten.entry(key).or_insert(before);
    }

    /// What an honest store leaves as it is.
    fn forget_more(&self, disk: &mut Disk, key: (TenantId, CustomerId)) {
        let Some(row) = disk.rows.get_mut(&key) else { return };
        match self.fault {
            Fault::ForgetsJournal => {
                let personal = &row.beside.personal;
                let is_personal = |revision| personal.iter().any(|(_, made)| *made == revision);
                row.journal.retain(|entry| !is_personal(entry.revision));
            }
            Fault::ClosesTheForgotten => row.beside.is_closed = true,
            Fault::ForgetsClaimsOfOthers => {
                let claims = row.beside.claims_ever.clone();
                for claim in claims {
                    disk.claims.remove(&self.claim_key(key.0, &claim));
                }
            }
            _ => {}
        }
    }
}

impl Erase for FaultyStore {
    async fn forget(&self, tenant: TenantId, ids: &[CustomerId]) -> Result<(), StoreError> {
        self.fail_for_the_moment()?;
        let mut disk = self.lock();
        let keys = self.forgotten(&disk, tenant, ids);
        if self.is(Fault::RefusesToForgetNobody) && keys.is_empty() {
            return Err(StoreErrorKind::Refused.into());
        }
        for key in keys {
            for command_id in self.forgotten_commands(&disk, key) {
                self.forget_command(&mut disk, key.0, command_id);
            }
            self.forget_more(&mut disk, key);
        }
        drop(disk);
        self.fail_for_the_moment()
    }
}
