//! Time passing: who is due, taken further.

use super::{Crm, CrmError, Executed};
use crate::customer::{Context, DecideError};
use crate::id::{CommandId, CustomerId};
use crate::store::{Agenda, PageSize, Waking};
use crate::time::Timestamp;

/// What a run over the agenda did.
///
/// [`Crm::run_due`] has an example.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Run {
    /// Customers that something was recorded of.
    pub changed: usize,
    /// Customers that were looked at.
    pub seen: usize,
    /// Customers that could not be taken further, with the reason. They stay due.
    pub failed: Vec<(CustomerId, CrmError)>,
    /// Where to go on; `None` when nobody else is due.
    pub next: Option<Waking>,
}

impl<S: Agenda> Crm<S> {
    /// Takes a page of customers that are due to `until`, earliest first. Call it from whatever
    /// scheduler the host has, with `after` from the last run, until nobody else is due.
    ///
    /// One customer that fails holds up no other; it stays due and is reported.
    ///
    /// ```
    /// use guanxi::crm::CrmError;
    /// use guanxi::store::PageSize;
    /// use guanxi::Stage;
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
    /// # let at = "2026-01-10T12:00:00Z";
    /// pollster::block_on(async {
    ///     crm.execute(id, &order(at), &context(at)).await?;
    ///
    ///     // What a nightly job does.
    ///     let now = context("2026-08-01T02:00:00Z");
    ///     let (mut changed, mut after) = (0, None);
    ///     loop {
    ///         let run = crm.run_due(now.now, after, PageSize::MAX, &now).await?;
    ///         changed += run.changed;
    ///         assert!(run.failed.is_empty());
    ///         after = run.next;
    ///         if after.is_none() {
    ///             break;
    ///         }
    ///     }
    ///     assert_eq!(changed, 1);
    ///     let customer = crm.customer(id).await?.expect("it was recorded");
    ///     assert_eq!(customer.stage(), Stage::Lost);
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CrmError::Refused`] when `until` is after now; [`CrmError::Store`] when the agenda cannot be
    /// read, or the store cannot be reached: what was done stays done, and the same call again goes on.
    pub async fn run_due(
        &self,
        until: Timestamp,
        after: Option<Waking>,
        size: PageSize,
        context: &Context,
    ) -> Result<Run, CrmError> {
        let (mut run, due) = self.due(until, after, size, context).await?;
        for waking in due {
            let answer = self.advance(waking.id, until, &call(waking, until, context)).await;
            match answer {
                // A store that cannot be reached fails everybody, after as long a wait each time.
                Err(CrmError::Store(error)) if error.is_transient() => return Err(error.into()),
                answer => run.count(waking.id, answer),
            }
        }
        Ok(run)
    }

    /// The page of customers that are due, and the run that it begins.
    pub(super) async fn due(
        &self,
        until: Timestamp,
        after: Option<Waking>,
        size: PageSize,
        context: &Context,
    ) -> Result<(Run, Vec<Waking>), CrmError> {
        if until > context.now {
            return Err(DecideError::BeyondNow { until, now: context.now }.into());
        }
        let judged_by = self.books.in_force_at(until).reference();
        let due = self.store.due(self.tenant, until, judged_by, after, size).await?;
        let next = if due.len() >= size.rows() { due.last().copied() } else { None };
        Ok((Run { next, ..Run::default() }, due))
    }
}

impl Run {
    /// Counts what was done about one customer that was due.
    pub(super) fn count(&mut self, id: CustomerId, answer: Result<Executed, CrmError>) {
        self.seen = self.seen.saturating_add(1);
        match answer {
            Ok(Executed::Recorded(_)) => self.changed = self.changed.saturating_add(1),
            Ok(Executed::Unchanged | Executed::Replayed { .. }) => {}
            Err(error) => self.failed.push((id, error)),
        }
    }
}

/// The call for one customer of a run. Its id has the waking in it: what falls due after a run is made
/// by the next, under whatever id.
pub(super) fn call(waking: Waking, until: Timestamp, context: &Context) -> Context {
    let Waking { wake_at, id } = waking;
    let key = format!("{} {id} {wake_at} {until}", context.command_id);
    Context { command_id: CommandId::derive("guanxi.run_due", &key), ..*context }
}
