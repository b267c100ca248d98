//! Erasing: what is personal goes, the skeleton of facts stays.

use super::{Crm, CrmError, Executed, JOBS_MAX};
use crate::customer::{Command, Context, Customer};
use crate::id::CustomerId;
use crate::profile::ProfileCommand;
use crate::store::{Erase, Fingerprint};

impl<S: Erase> Crm<S> {
    /// Erases everything personal of a customer: its profile, the claims it holds, and what would tell
    /// of either (C13). The skeleton of facts stays, so decisions stay explainable. A customer whose
    /// profile is empty already is forgotten all the same.
    ///
    /// ```
    /// use guanxi::crm::CrmError;
    /// use guanxi::profile::{ExternalKey, ProfileCommand};
    /// # fn order(at: &str) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # fn context(now: &str) -> guanxi::Context {
    /// #     let command_id = guanxi::CommandId::derive("example", now);
    /// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
    /// # }
    /// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
    /// # let books = guanxi::Rulebooks::from(book);
    /// # let shop = guanxi::TenantId::derive("example-shop");
    /// # let id = guanxi::CustomerId::derive(shop, "C-17");
    /// # let crm = guanxi::Crm::new(guanxi::store::MemoryStore::default(), shop, books);
    ///
    /// # let at = "2026-03-01T09:30:00Z";
    /// let key = ExternalKey::new("shop", "C-17")?;
    /// let link = ProfileCommand::LinkKey(key.clone()).into();
    /// pollster::block_on(async {
    ///     crm.execute(id, &order(at), &context(at)).await?;
    ///     crm.execute(id, &link, &context("2026-03-02T09:30:00Z")).await?;
    ///     assert_eq!(crm.find(&key).await?, Some(id));
    ///
    ///     crm.erase(id, &context("2026-03-03T09:30:00Z")).await?;
    ///     assert_eq!(crm.find(&key).await?, None);
    ///     let customer = crm.customer(id).await?.expect("its orders stay");
    ///     assert!(customer.profile().is_empty());
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute). When the store cannot forget yet, the profile is gone and
    /// [`CrmError::Store`] says why the rest is not; the same call again goes on.
    pub async fn erase(&self, id: CustomerId, context: &Context) -> Result<Executed, CrmError> {
        let executed = self.emptied(id, context).await?;
        self.store.forget(self.tenant, &[id]).await?;
        Ok(executed)
    }

    /// Erases customers one by one, as [`erase`](Self::erase) does, each under a command of its own and
    /// answered by itself; forgets them all at the end, which may cost no more than forgetting one.
    ///
    /// # Errors
    ///
    /// [`CrmError::TooManyJobs`] beyond [`JOBS_MAX`], when nothing was tried. When the store cannot
    /// forget yet, the profiles are gone and [`CrmError::Store`] says why the rest is not; the same call
    /// again goes on.
    pub async fn erase_many(
        &self,
        erasures: &[(CustomerId, Context)],
    ) -> Result<Vec<Result<Executed, CrmError>>, CrmError> {
        if erasures.len() > JOBS_MAX {
            return Err(CrmError::TooManyJobs { count: erasures.len() });
        }
        let mut answers = Vec::with_capacity(erasures.len());
        let mut emptied = Vec::with_capacity(erasures.len());
        for (id, context) in erasures {
            let answer = self.emptied(*id, context).await;
            emptied.extend(answer.is_ok().then_some(*id));
            answers.push(answer);
        }
        self.store.forget(self.tenant, &emptied).await?;
        Ok(answers)
    }

    /// Empties the profile of a customer, which any store can.
    async fn emptied(&self, id: CustomerId, context: &Context) -> Result<Executed, CrmError> {
        let command = Command::Profile(ProfileCommand::Erase);
        let fingerprint = Fingerprint::of(id, &command)?;
        let decide = |customer: &mut Customer| customer.decide(&command, context, &self.books);
        self.change(id, context.command_id, fingerprint, decide).await
    }
}
