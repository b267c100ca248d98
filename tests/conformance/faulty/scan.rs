//! The base, page after page.

use guanxi::customer::PartName;
use guanxi::store::{PageSize, Scan, StoreError, StoreErrorKind, Stored};
use guanxi::{CustomerId, TenantId};

use super::disk::{Disk, FaultyStore, yield_until};
use super::fault::Fault;

impl FaultyStore {
    /// Where an id stands among others.
    fn place(&self, id: CustomerId) -> u128 {
        let place = id.uuid().as_u128();
        if self.is(Fault::ScanComparesIdsSigned) { place ^ (1 << 127) } else { place }
    }

    fn listed(&self, disk: &Disk, tenant: TenantId) -> Vec<(TenantId, CustomerId)> {
        let everybody = self.is(Fault::ScanKnowsOneTenant);
        let keys = disk.rows.keys().copied();
        let mut listed: Vec<_> =
            keys.filter(|(of, _)| everybody || *of == self.row_tenant(tenant)).collect();
        listed.sort_by_key(|(_, id)| self.place(*id));
        listed
    }

    fn row_tenant(&self, tenant: TenantId) -> TenantId {
        self.row_key(tenant, CustomerId::new(uuid::Uuid::nil())).0
    }

    /// The ids of a page.
    fn page(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Vec<(TenantId, CustomerId)> {
        let mut disk = self.lock();
        let listed = self.listed(&disk, tenant);
        let Some(after) = after else {
            let page: Vec<_> = listed.into_iter().take(size.rows()).collect();
            self.note(&mut disk, tenant, &page, 0);
            return page;
        };
        let before = listed.iter().filter(|(_, id)| self.place(*id) <= self.place(after)).count();
        let given = match self.fault {
            Fault::ScanCountsRows => *disk.scanned.get(&(tenant, after)).unwrap_or(&before),
            Fault::ScanSkipsBetweenPages => before + 1,
            Fault::ScanBeginsAnewAfterTheEnd if before == listed.len() => 0,
            Fault::ScanNeedsItsCursor if !listed.iter().any(|(_, id)| *id == after) => listed.len(),
            _ => before,
        };
        let page: Vec<_> = listed.into_iter().skip(given).take(size.rows()).collect();
        self.note(&mut disk, tenant, &page, given);
        page
    }

    fn note(
        &self,
        disk: &mut Disk,
        tenant: TenantId,
        page: &[(TenantId, CustomerId)],
        given: usize,
    ) {
        if let Some((_, last)) = page.last() {
            disk.scanned.insert((tenant, *last), given + page.len());
        }
    }

    /// A customer as the scan gives it.
    fn scanned(&self, key: (TenantId, CustomerId)) -> Option<Stored> {
        let (tenant, id) = key;
        let mut stored = self.read(tenant, id)?;
        match self.fault {
            Fault::ScanLeavesOutProfiles => {
                stored.parts.retain(|part| part.name != PartName::Profile);
            }
            Fault::ScanGivesFirstRevisions => stored.revision = 1,
            Fault::ScanGivesRemovedParts => {
                let row = self.lock().rows.get(&key).cloned().unwrap_or_default();
                stored.parts = row.beside.parts_ever.into_values().collect();
            }
            Fault::ScanReadsInTwoSteps => {
                let revision = |stored: &Stored| stored.revision;
                let now = || self.read(tenant, id).as_ref().map(revision);
                yield_until(|| now() != Some(stored.revision));
                stored.parts = self.read(tenant, id)?.parts;
            }
            _ => {}
        }
        Some(stored)
    }
}

impl Scan for FaultyStore {
    async fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
        self.fail_for_the_moment()?;
        let page = self.page(tenant, after, size);
        if self.is(Fault::ScanRefusesNobody) && page.is_empty() {
            return Err(StoreErrorKind::Refused.into());
        }
        Ok(page.into_iter().filter_map(|key| Some((key.1, self.scanned(key)?))).collect())
    }
}
