//! A store behind a reference is a store: several tenants, or several handles, share one.

use std::sync::Arc;

use super::{
    Agenda, Commit, CommitError, CustomerStore, Fingerprint, PageSize, Receipt, Scan, StoreError,
    Stored, StoredEntry, Waking,
};
use crate::id::{CommandId, CustomerId, TenantId};
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
            ) -> Result<Option<(Fingerprint, Receipt)>, StoreError> {
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
    };
}

forward!(&S);
forward!(Arc<S>);
