//! What is kept beside the documents, shown.

use guanxi::profile::ExternalKey;
use guanxi::store::{Index, Inspect, Inspection, StoreError};
use guanxi::{CustomerId, Stage, TenantId};

use super::disk::{Disk, FaultyStore, Row, yield_until};
use super::fault::Fault;
use super::values::whole_second;

impl FaultyStore {
    fn inspected_row<'d>(
        &self,
        disk: &'d Disk,
        tenant: TenantId,
        id: CustomerId,
    ) -> Option<&'d Row> {
        if self.is(Fault::InspectsOneTenant) {
            return disk.rows.iter().find(|((_, of), _)| *of == id).map(|(_, row)| row);
        }
        disk.rows.get(&self.row_key(tenant, id))
    }

    fn columns(&self, row: &Row) -> Option<Index> {
        let indexes = &row.beside.indexes;
        let index = match self.fault {
            Fault::InspectsFirstColumns => *indexes.first()?,
            _ => *indexes.last()?,
        };
        Some(match self.fault {
            Fault::InspectsWithoutReviews => Index::new(index.stage, index.wake_at, index.rulebook),
            Fault::InspectsSeconds => {
                let wake_at = index.wake_at.map(whole_second);
                let columns = Index::new(index.stage, wake_at, index.rulebook);
                columns.with_review(index.tier, index.risk, index.reviewed_at)
            }
            _ => index,
        })
    }

    fn claims(&self, disk: &Disk, tenant: TenantId, id: CustomerId, row: &Row) -> Vec<ExternalKey> {
        let ever = &row.beside.claims_ever;
        let mut claims: Vec<_> = match self.fault {
            Fault::InspectsEveryClaimEver => ever.clone(),
            _ => {
                let held = |claim: &&ExternalKey| {
                    disk.claims.get(&self.claim_key(tenant, claim)) == Some(&id)
                };
                ever.iter().filter(held).cloned().collect()
            }
        };
        claims.sort_unstable();
        claims.dedup();
        claims
    }
}

impl Inspect for FaultyStore {
    async fn inspect(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> Result<Option<Inspection>, StoreError> {
        self.fail_for_the_moment()?;
        let mut disk = self.lock();
        let Some(row) = self.inspected_row(&disk, tenant, id).cloned() else {
            let nobody = Inspection {
                revision: 0,
                index: Index::new(Stage::Prospect, None, None),
                claims: Vec::new(),
            };
            return Ok(self.is(Fault::InspectsAnybody).then_some(nobody));
        };
        if self.is(Fault::InspectsInTwoSteps) {
            drop(disk);
            yield_until(|| {
                let disk = self.lock();
                let now = self.inspected_row(&disk, tenant, id).map(|row| row.revision);
                now != Some(row.revision)
            });
            disk = self.lock();
        }
        let Some(index) = self.columns(&row) else { return Ok(None) };
        let claims = self.claims(&disk, tenant, id, &row);
        Ok(Some(Inspection { revision: row.revision, index, claims }))
    }
}
