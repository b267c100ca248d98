//! The archive: rulebooks and calibrations.

use std::sync::atomic::Ordering;

use guanxi::store::{
    Archive, ArchiveError, PageSize, StoreError, StoredCalibration, StoredRulebook,
};
use guanxi::{CalibrationId, TenantId, Timestamp};

use super::disk::{Disk, FaultyStore, nobody, yield_until};
use super::fault::Fault;

impl FaultyStore {
    fn rulebook_tenant(&self, tenant: TenantId) -> TenantId {
        if self.is(Fault::SharesRulebooks) { nobody() } else { tenant }
    }

    fn calibration_tenant(&self, tenant: TenantId) -> TenantId {
        if self.is(Fault::SharesCalibrations) { nobody() } else { tenant }
    }

    /// Whether the rulebook is to be written; not one that is kept already.
    fn check_rulebook(
        &self,
        disk: &Disk,
        tenant: TenantId,
        book: &StoredRulebook,
    ) -> Result<bool, ArchiveError> {
        let kept = disk.rulebooks.get(&tenant).map_or(&[][..], |kept| &kept[..]);
        if kept.contains(book) && !self.is(Fault::RefusesRulebookAgain) {
            return Ok(false);
        }
        let latest: Option<Timestamp> = kept.iter().map(|book| book.in_force_from).max();
        match latest {
            Some(latest)
                if book.in_force_from <= latest && !self.is(Fault::TakesEarlierRulebooks) =>
            {
                Err(ArchiveError::NotLater { latest })
            }
            _ => Ok(true),
        }
    }
}

impl Archive for FaultyStore {
    async fn keep(&self, tenant: TenantId, book: StoredRulebook) -> Result<(), ArchiveError> {
        self.fail_for_the_moment()?;
        let tenant = self.rulebook_tenant(tenant);
        let mut disk = self.lock();
        if !self.check_rulebook(&disk, tenant, &book)? {
            return Ok(());
        }
        if self.is(Fault::KeepsRulebooksInTwoSteps) {
            drop(disk);
            self.checked.fetch_add(1, Ordering::SeqCst);
            yield_until(|| self.checked.load(Ordering::SeqCst) > 1);
            self.checked.fetch_sub(1, Ordering::SeqCst);
            disk = self.lock();
        }
        disk.rulebooks.entry(tenant).or_default().push(book);
        drop(disk);
        // The answer can be lost on its way, too.
        Ok(self.fail_for_the_moment()?)
    }

    async fn rulebooks(&self, tenant: TenantId) -> Result<Vec<StoredRulebook>, StoreError> {
        self.fail_for_the_moment()?;
        let disk = self.lock();
        let kept = disk.rulebooks.get(&self.rulebook_tenant(tenant)).cloned();
        let mut kept = kept.unwrap_or_default();
        if self.is(Fault::GivesRulebooksBackwards) {
            kept.reverse();
        }
        Ok(kept)
    }

    async fn keep_calibration(
        &self,
        tenant: TenantId,
        calibration: StoredCalibration,
    ) -> Result<(), StoreError> {
        self.fail_for_the_moment()?;
        let mut disk = self.lock();
        let kept = disk.calibrations.entry(self.calibration_tenant(tenant)).or_default();
        let same = kept.iter_mut().find(|kept| kept.id() == calibration.id());
        match (same, self.fault) {
            (None, _) | (Some(_), Fault::KeepsCalibrationsTwice) => kept.push(calibration),
            (Some(same), Fault::OverwritesCalibrations) => *same = calibration,
            (Some(_), _) => {}
        }
        drop(disk);
        self.fail_for_the_moment()
    }

    async fn calibration(
        &self,
        tenant: TenantId,
        id: CalibrationId,
    ) -> Result<Option<StoredCalibration>, StoreError> {
        self.fail_for_the_moment()?;
        let disk = self.lock();
        let kept = disk.calibrations.get(&self.calibration_tenant(tenant));
        let mut kept = kept.map_or(&[][..], |kept| &kept[..]).iter().rev();
        let found = kept.find(|kept| kept.id() == id || self.is(Fault::FindsNewestCalibration));
        Ok(found.cloned())
    }

    async fn calibrations(
        &self,
        tenant: TenantId,
        newest: PageSize,
    ) -> Result<Vec<StoredCalibration>, StoreError> {
        self.fail_for_the_moment()?;
        let disk = self.lock();
        let kept = disk.calibrations.get(&self.calibration_tenant(tenant)).cloned();
        let mut kept = kept.unwrap_or_default();
        match self.fault {
            Fault::GivesCalibrationsAsKept => {}
            Fault::BreaksTiesAsKept => kept.sort_by_key(|kept| kept.taken_at),
            _ => kept.sort_by_key(|kept| (kept.taken_at, kept.id())),
        }
        kept.reverse();
        kept.truncate(newest.rows());
        Ok(kept)
    }
}
