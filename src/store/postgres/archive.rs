//! Rulebooks and calibrations, kept for good.

use super::fault::failed;
use super::statements;
use super::store::PostgresStore;
use super::tables::Parameters;
use super::transaction::Transaction;
use crate::id::{CalibrationId, TenantId};
use crate::store::sql::document_text;
use crate::store::{
    Archive, ArchiveError, PageSize, StoreError, StoreErrorKind, StoredCalibration, StoredRulebook,
};

impl Archive for PostgresStore {
    async fn keep(&self, tenant: TenantId, book: StoredRulebook) -> Result<(), ArchiveError> {
        let kept = self.kept_with(tenant, &book).await?;
        match kept.last() {
            _ if kept.contains(&book) => Ok(()),
            Some(last) => Err(ArchiveError::NotLater { latest: last.in_force_from }),
            None => Err(StoreError::from(StoreErrorKind::Document).into()),
        }
    }

    async fn rulebooks(&self, tenant: TenantId) -> Result<Vec<StoredRulebook>, StoreError> {
        self.reader(tenant).rulebooks(&self.pool).await
    }

    async fn keep_calibration(
        &self,
        tenant: TenantId,
        calibration: StoredCalibration,
    ) -> Result<(), StoreError> {
        let mut parameters = Parameters::default();
        parameters.add(tenant.uuid())?.add(&calibration.id().as_bytes()[..])?;
        parameters.add(calibration.taken_at.as_micros())?;
        parameters.add(document_text(&calibration.document)?)?;
        let query = parameters.of(self.tables.text(statements::KEEP_CALIBRATION));
        query.execute(&self.pool).await.map(|_| ()).map_err(failed)
    }

    async fn calibration(
        &self,
        tenant: TenantId,
        id: CalibrationId,
    ) -> Result<Option<StoredCalibration>, StoreError> {
        self.reader(tenant).calibration(&self.pool, id).await
    }

    async fn calibrations(
        &self,
        tenant: TenantId,
        newest: PageSize,
    ) -> Result<Vec<StoredCalibration>, StoreError> {
        self.reader(tenant).calibrations(&self.pool, newest).await
    }
}

impl PostgresStore {
    /// Keeps a rulebook if it may be kept, and reads all that are. One at a time, because a statement
    /// does not see what others have kept since it began.
    async fn kept_with(
        &self,
        tenant: TenantId,
        book: &StoredRulebook,
    ) -> Result<Vec<StoredRulebook>, StoreError> {
        let mut parameters = Parameters::default();
        parameters.add(tenant.uuid())?.add(book.in_force_from.as_micros())?;
        parameters.add(document_text(&book.document)?)?;
        let mut transaction = Transaction::begin(&self.pool).await?;
        let connection = transaction.connection()?;
        let lock = sqlx::query(statements::LOCK_RULEBOOKS).bind(tenant.uuid());
        lock.execute(&mut *connection).await.map_err(failed)?;
        let keep = parameters.of(self.tables.text(statements::KEEP_RULEBOOK));
        keep.execute(&mut *connection).await.map_err(failed)?;
        let kept = self.reader(tenant).rulebooks(connection).await?;
        transaction.commit().await?;
        Ok(kept)
    }
}
