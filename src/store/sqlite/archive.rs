//! Rulebooks and calibrations, kept for good.

use super::batch::Batch;
use super::fault::failed;
use super::store::{SqliteStore, reading, rest};
use super::{read, statements};
use crate::id::{CalibrationId, TenantId};
use crate::store::sql::document_text;
use crate::store::{
    Archive, ArchiveError, PageSize, StoreError, StoreErrorKind, StoredCalibration, StoredRulebook,
};

impl Archive for SqliteStore {
    async fn keep(&self, tenant: TenantId, book: StoredRulebook) -> Result<(), ArchiveError> {
        let mut batch = Batch::new(statements::KEEP_RULEBOOK);
        batch.bind_id(tenant.uuid())?.bind(book.in_force_from.as_micros())?;
        batch.bind(document_text(&book.document)?)?;
        let mut lent = self.writer.lend().await?;
        batch.run(lent.connection()).await.map_err(failed)?;
        // Read afterwards: rulebooks are only appended, so what stood in the way still stands there.
        let kept = read::rulebooks(lent.connection(), tenant).await;
        let kept = rest(lent, kept).await?;
        match kept.last() {
            _ if kept.contains(&book) => Ok(()),
            Some(last) => Err(ArchiveError::NotLater { latest: last.in_force_from }),
            None => Err(StoreError::from(StoreErrorKind::Document).into()),
        }
    }

    async fn rulebooks(&self, tenant: TenantId) -> Result<Vec<StoredRulebook>, StoreError> {
        reading!(self, rulebooks, tenant)
    }

    async fn keep_calibration(
        &self,
        tenant: TenantId,
        calibration: StoredCalibration,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::new(statements::KEEP_CALIBRATION);
        batch.bind_id(tenant.uuid())?.bind(&calibration.id().as_bytes()[..])?;
        batch.bind(calibration.taken_at.as_micros())?;
        batch.bind(document_text(&calibration.document)?)?;
        let mut lent = self.writer.lend().await?;
        let kept = batch.run(lent.connection()).await.map_err(failed);
        rest(lent, kept).await
    }

    async fn calibration(
        &self,
        tenant: TenantId,
        id: CalibrationId,
    ) -> Result<Option<StoredCalibration>, StoreError> {
        reading!(self, calibration, tenant, id)
    }

    async fn calibrations(
        &self,
        tenant: TenantId,
        newest: PageSize,
    ) -> Result<Vec<StoredCalibration>, StoreError> {
        reading!(self, calibrations, tenant, newest)
    }
}
