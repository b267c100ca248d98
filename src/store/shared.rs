//! A store behind a reference is a store: several tenants, or several handles, share one.

use std::sync::Arc;

use super::{
    Accepted, Agenda, Archive, ArchiveError, Bulk, Commit, CommitError, CustomerStore, Erase, Feed,
    FeedCursor, FeedEntry, Inspect, Inspection, PageSize, Receipt, Scan, StoreError, Stored,
    StoredCalibration, StoredEntry, StoredRulebook, Waking,
};
use crate::id::{CalibrationId, CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::time::Timestamp;

macro_rules! forward {
    ($shared:ty) => {
        impl<S: CustomerStore> CustomerStore for $shared {
            async fn load(
                &self,
                tenant: TenantId,
                id: CustomerId,
            ) -> Result<Option<Stored>, StoreError> {
                (**self).load(tenant, id).await
            }

            async fn commit(
                &self,
                tenant: TenantId,
                commit: Commit,
            ) -> Result<Receipt, CommitError> {
                (**self).commit(tenant, commit).await
            }

            async fn history(
                &self,
                tenant: TenantId,
                id: CustomerId,
                after: u64,
                size: PageSize,
            ) -> Result<Vec<StoredEntry>, StoreError> {
                (**self).history(tenant, id, after, size).await
            }

            async fn receipt(
                &self,
                tenant: TenantId,
                command_id: CommandId,
            ) -> Result<Option<Accepted>, StoreError> {
                (**self).receipt(tenant, command_id).await
            }

            async fn holder(
                &self,
                tenant: TenantId,
                claim: &ExternalKey,
            ) -> Result<Option<CustomerId>, StoreError> {
                (**self).holder(tenant, claim).await
            }
        }

        impl<S: Scan> Scan for $shared {
            async fn scan(
                &self,
                tenant: TenantId,
                after: Option<CustomerId>,
                size: PageSize,
            ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
                (**self).scan(tenant, after, size).await
            }
        }

        impl<S: Agenda> Agenda for $shared {
            async fn due(
                &self,
                tenant: TenantId,
                until: Timestamp,
                judged_by: RulebookRef,
                after: Option<Waking>,
                size: PageSize,
            ) -> Result<Vec<Waking>, StoreError> {
                (**self).due(tenant, until, judged_by, after, size).await
            }
        }

        impl<S: Feed> Feed for $shared {
            async fn feed(
                &self,
                tenant: TenantId,
                after: Option<FeedCursor>,
                size: PageSize,
            ) -> Result<Vec<FeedEntry>, StoreError> {
                (**self).feed(tenant, after, size).await
            }
        }

        impl<S: Bulk> Bulk for $shared {
            async fn load_many(
                &self,
                tenant: TenantId,
                ids: &[CustomerId],
            ) -> Result<Vec<Option<Stored>>, StoreError> {
                (**self).load_many(tenant, ids).await
            }

            async fn receipts(
                &self,
                tenant: TenantId,
                command_ids: &[CommandId],
            ) -> Result<Vec<Option<Accepted>>, StoreError> {
                (**self).receipts(tenant, command_ids).await
            }

            async fn commit_many(
                &self,
                tenant: TenantId,
                commits: Vec<Commit>,
            ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
                (**self).commit_many(tenant, commits).await
            }
        }

        impl<S: Archive> Archive for $shared {
            async fn keep(
                &self,
                tenant: TenantId,
                book: StoredRulebook,
            ) -> Result<(), ArchiveError> {
                (**self).keep(tenant, book).await
            }

            async fn rulebooks(&self, tenant: TenantId) -> Result<Vec<StoredRulebook>, StoreError> {
                (**self).rulebooks(tenant).await
            }

            async fn keep_calibration(
                &self,
                tenant: TenantId,
                calibration: StoredCalibration,
            ) -> Result<(), StoreError> {
                (**self).keep_calibration(tenant, calibration).await
            }

            async fn calibration(
                &self,
                tenant: TenantId,
                id: CalibrationId,
            ) -> Result<Option<StoredCalibration>, StoreError> {
                (**self).calibration(tenant, id).await
            }

            async fn calibrations(
                &self,
                tenant: TenantId,
                newest: PageSize,
            ) -> Result<Vec<StoredCalibration>, StoreError> {
                (**self).calibrations(tenant, newest).await
            }
        }

        impl<S: Erase> Erase for $shared {
            async fn forget(&self, tenant: TenantId, ids: &[CustomerId]) -> Result<(), StoreError> {
                (**self).forget(tenant, ids).await
            }
        }

        impl<S: Inspect> Inspect for $shared {
            async fn inspect(
                &self,
                tenant: TenantId,
                id: CustomerId,
            ) -> Result<Option<Inspection>, StoreError> {
                (**self).inspect(tenant, id).await
            }
        }
    };
}

forward!(&S);
forward!(Arc<S>);
