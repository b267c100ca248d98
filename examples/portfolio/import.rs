//! The log into the database, so that it can be stopped and begun again at any moment.
//!
//! Each purchase is one command. Its id is made from what the purchase is, so the database knows it
//! again whatever run and whatever log it comes from:
//!
//! - a purchase with an order id by the order, a refund also by its day. If the order is in the database
//!   with other content, or for another customer, it is put aside; nothing is corrected silently, and
//!   nothing doubled, as when a customer has another key than before;
//! - any other by customer, day, amount, currency, and by which one of several that agree in all of
//!   these in its log it is. What day a return is booked against is no part of that: a longer log may
//!   tell better.
//!
//! Commands go to the database in batches, each of which is carried out whole or not at all.

use std::collections::HashMap;

use guanxi::crm::{CrmError, Executed, Job};
use guanxi::customer::reported;
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::purchase::{PurchaseCommand, PurchaseError};
use guanxi::store::{Bulk as _, CommitError, CustomerStore as _, PageSize};
use guanxi::{
    Actor, Command, CommandId, Context, Customer, CustomerId, Day, DecideError, Timestamp,
};

use crate::base::{Base, BaseError, KEY_SYSTEM, ONE, SOURCE};
use crate::interrupt::Interrupt;
use crate::log::{Log, Order, Purchase, Reason};
use crate::plan;
use crate::progress::{Bar, Progress};

/// Commands in one batch: enough to make the database's waiting for the disk cheap, few enough that
/// whoever interrupts does not wait.
const BATCH: usize = 1_000;

/// The library did not take what the log says, for no reason that lies in a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ImportError {
    /// A customer was not imported.
    #[error("the purchases of customer `{key}` were not taken")]
    Customer {
        /// Its key in the log.
        key: Box<str>,
        /// What the library says.
        source: CrmError,
    },
    /// A customer was not taken to the present.
    #[error("the moves of a customer that fell due were not made")]
    Due(#[source] CrmError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] CrmError),
    /// The customers cannot be measured.
    #[error(transparent)]
    Base(#[from] BaseError),
}

/// What became of the rows of a log.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    /// Rows of purchases that are new to the database.
    pub(crate) rows_new: u64,
    /// Rows of purchases that were there already.
    pub(crate) rows_known: u64,
    /// Purchases of either kind.
    purchases_taken: u64,
    /// The sum of the new ones, in minor units.
    pub(crate) minor_new: i128,
    /// Entries that were made in the journals of customers.
    pub(crate) entries: u64,
    /// Purchases that clash with what is in the database, by the line they start on.
    pub(crate) refused: HashMap<u64, Reason>,
    /// Whether it went on to the end, and was not interrupted.
    pub(crate) is_complete: bool,
}

/// A command on its way, and the purchase it reports; none for a customer's key.
struct Sending<'l> {
    job: Job,
    key: &'l str,
    purchase: Option<&'l Purchase>,
}

/// Imports a settled log at the instant `now`, asks the base what it says then, and makes every move and
/// every review that is due until then.
///
/// # Errors
///
/// [`ImportError`]; what was imported until then stays.
pub(crate) async fn import(
    base: &mut Base,
    log: &Log,
    now: Timestamp,
    interrupt: &Interrupt,
    progress: &Progress,
) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut batch = Vec::with_capacity(BATCH);
    let bar = progress.bar("importing", log.purchases.len().saturating_add(log.customers.len()));
    for (key, own) in plan::customers(log) {
        for sending in commands(base, log, now, key, own)? {
            batch.push(sending);
            if batch.len() == BATCH {
                imported.send(base, &mut batch).await?;
                bar.inc(u64::try_from(BATCH).unwrap_or(u64::MAX));
                if interrupt.is_asked() {
                    return Ok(imported);
                }
            }
        }
    }
    imported.send(base, &mut batch).await?;
    drop(bar);
    // Reviews compare with everybody, so that none is made before all of the log is there.
    base.calibrate(now).await?;
    // All of the log is in the database by now: time must not pass a purchase that is still to come.
    let bar = progress.bar("moving on", log.customers.len());
    imported.is_complete = imported.run_due(base, now, interrupt, &bar).await?;
    Ok(imported)
}

/// The commands of one customer: its key, then its purchases.
fn commands<'l>(
    base: &Base,
    log: &'l Log,
    now: Timestamp,
    key: &'l str,
    own: &'l [Purchase],
) -> Result<Vec<Sending<'l>>, ImportError> {
    let id = base.id(key);
    let link = ExternalKey::new(KEY_SYSTEM, key).map_err(DecideError::from);
    let link =
        link.map_err(|error| ImportError::Customer { key: key.into(), source: error.into() });
    let link = Command::from(ProfileCommand::LinkKey(link?));
    let mut sent =
        vec![Sending { job: job(id, link, &format!("key {id}"), now), key, purchase: None }];
    let mut alike = HashMap::new();
    for (purchase, report) in own.iter().zip(plan::reports(own, log.currency)) {
        let name = name(id, log, purchase, &mut alike);
        let job = job(id, Command::Purchase(report), &name, now);
        sent.push(Sending { job, key, purchase: Some(purchase) });
    }
    Ok(sent)
}

/// What a purchase is known by, for good: another name would import every row of old once more.
fn name(
    id: CustomerId,
    log: &Log,
    purchase: &Purchase,
    alike: &mut HashMap<(Day, i64), u32>,
) -> String {
    let Purchase { day, amount_minor, order, .. } = *purchase;
    let order = order.and_then(|order| log.orders.get(usize::try_from(order).ok()?));
    match order {
        Some(Order::Sale(order)) => format!("order {order}"),
        Some(Order::Refund(order)) => format!("refund {day} {order}"),
        None => {
            let place = alike.entry((day, amount_minor)).or_insert(0);
            *place = place.saturating_add(1);
            format!("row {id} {day} {amount_minor} {} {place}", log.currency)
        }
    }
}

fn job(id: CustomerId, command: Command, name: &str, now: Timestamp) -> Job {
    let command_id = CommandId::derive(SOURCE, name);
    Job::new(id, command, Context::new(now, Actor::System, command_id))
}

/// The purchases of a settled log that clash with what is in the database, found without writing.
///
/// # Errors
///
/// [`ImportError`].
pub(crate) async fn clashes(
    base: &Base,
    log: &Log,
    now: Timestamp,
) -> Result<HashMap<u64, Reason>, ImportError> {
    let mut clashes = HashMap::new();
    for (key, own) in plan::customers(log) {
        let failed = |source| ImportError::Customer { key: key.into(), source };
        let id = base.id(key);
        let known = base.crm().customer(id).await.map_err(CrmError::from)?;
        let mut customer = known.unwrap_or_else(|| Customer::unknown(id));
        for Sending { job, purchase, .. } in commands(base, log, now, key, own)? {
            let Some(purchase) = purchase else { continue };
            let reason = match recorded(base, &job).await.map_err(failed)? {
                Some(recorded) => recorded.difference(&job.command),
                None => match customer.decide(&job.command, &job.context, base.crm().books()) {
                    Ok(_) => None,
                    Err(error) => clash(base, &job, error.into()).await.map_err(failed)?,
                },
            };
            clashes.extend(reason.map(|reason| (purchase.line, reason)));
        }
    }
    Ok(clashes)
}

impl Imported {
    /// Purchases that were answered for, whatever the answer.
    pub(crate) fn purchases(&self) -> u64 {
        let refused = u64::try_from(self.refused.len()).unwrap_or(u64::MAX);
        self.purchases_taken.saturating_add(refused)
    }

    /// Carries out a batch, and leaves it empty.
    async fn send(&mut self, base: &Base, batch: &mut Vec<Sending<'_>>) -> Result<(), ImportError> {
        let (jobs, sent): (Vec<Job>, Vec<_>) =
            batch.drain(..).map(|sending| (sending.job, (sending.key, sending.purchase))).unzip();
        let answers = base.crm().execute_many(&jobs).await?;
        for ((answer, job), (key, purchase)) in answers.into_iter().zip(&jobs).zip(sent) {
            let Err(source) = self.count(base, answer, job, purchase).await else { continue };
            return Err(ImportError::Customer { key: key.into(), source });
        }
        Ok(())
    }

    /// Counts the answer to one command, or gives it back as what it is: an error.
    async fn count(
        &mut self,
        base: &Base,
        answer: Result<Executed, CrmError>,
        job: &Job,
        purchase: Option<&Purchase>,
    ) -> Result<(), CrmError> {
        let is_new = match answer {
            Ok(executed) => matches!(executed, Executed::Recorded(_)),
            Err(error) => {
                let Some(purchase) = purchase else { return Err(error) };
                match clash(base, job, error).await? {
                    None => false,
                    Some(reason) => {
                        self.refused.insert(purchase.line, reason);
                        return Ok(());
                    }
                }
            }
        };
        if is_new {
            self.entries = self.entries.saturating_add(1);
        }
        if let Some(purchase) = purchase {
            self.purchases_taken = self.purchases_taken.saturating_add(1);
            let rows = if is_new { &mut self.rows_new } else { &mut self.rows_known };
            *rows = rows.saturating_add(purchase.lines.into());
            let minor = if is_new { purchase.amount_minor.into() } else { 0 };
            self.minor_new = self.minor_new.saturating_add(minor);
        }
        Ok(())
    }

    /// Makes every move and review that is due, and says whether it came to the end.
    async fn run_due(
        &mut self,
        base: &Base,
        now: Timestamp,
        interrupt: &Interrupt,
        bar: &Bar,
    ) -> Result<bool, ImportError> {
        let context = Context::new(now, Actor::System, CommandId::derive(SOURCE, "run due"));
        let mut after = None;
        loop {
            if interrupt.is_asked() {
                return Ok(false);
            }
            let run = base.crm().run_due_in_bulk(now, after, PageSize::MAX, &context).await;
            let run = run.map_err(ImportError::Due)?;
            if let Some((_, error)) = run.failed.into_iter().next() {
                return Err(ImportError::Due(error));
            }
            let changed = u64::try_from(run.changed).unwrap_or(u64::MAX);
            self.entries = self.entries.saturating_add(changed);
            bar.inc(u64::try_from(run.seen).unwrap_or(u64::MAX));
            after = run.next;
            if after.is_none() {
                return Ok(true);
            }
        }
    }
}

/// Why the purchase of a refused command must be put aside; `None` if it is in the database in all but
/// the day it is booked against. Any other error is given back.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other error is for whoever runs this")]
async fn clash(base: &Base, job: &Job, error: CrmError) -> Result<Option<Reason>, CrmError> {
    match error {
        CrmError::Commit(CommitError::CommandReused) => Ok(match recorded(base, job).await? {
            Some(recorded) => recorded.difference(&job.command),
            None => return Err(error),
        }),
        CrmError::Refused(DecideError::Purchase(
            PurchaseError::NothingToReturn { .. } | PurchaseError::BeforePurchase { .. },
        )) => Ok(Some(Reason::NothingRecordedToReturn)),
        CrmError::Refused(DecideError::Purchase(PurchaseError::Overflow)) => {
            Ok(Some(Reason::RecordedOutOfRange))
        }
        error => Err(error),
    }
}

/// What a purchase was recorded as.
enum Recorded {
    /// For the same customer.
    As(PurchaseCommand),
    /// For another customer.
    OfAnother,
}

/// What was recorded under the id of a command.
async fn recorded(base: &Base, job: &Job) -> Result<Option<Recorded>, CrmError> {
    let (crm, id) = (base.crm(), job.id);
    let known = crm.store().receipts(crm.tenant(), &[job.context.command_id]).await?;
    let Some(accepted) = known.into_iter().flatten().next() else { return Ok(None) };
    let revision = accepted.receipt.revisions.into_iter().find(|it| it.0 == id);
    let Some((_, revision)) = revision else { return Ok(Some(Recorded::OfAnother)) };
    let before = revision.saturating_sub(1);
    let entries = crm.store().history(crm.tenant(), id, before, ONE).await?;
    let entry = entries.first().map(|entry| entry.decode()).transpose()?;
    Ok(reported(entry.iter()).into_iter().find_map(|command| {
        if let Command::Purchase(purchase) = command { Some(Recorded::As(purchase)) } else { None }
    }))
}

impl Recorded {
    /// In what an order differs from itself as it was imported before; `None` if only in the day that a
    /// return is booked against.
    fn difference(&self, now: &Command) -> Option<Reason> {
        let Self::As(before) = self else { return Some(Reason::RecordedOfAnother) };
        let Command::Purchase(now) = now else { return Some(Reason::OtherAmountRecorded) };
        match (before, now) {
            _ if before.occurred_at() != now.occurred_at() => Some(Reason::OtherDayRecorded),
            (PurchaseCommand::Order(before), PurchaseCommand::Order(now))
                if before.amount == now.amount =>
            {
                None
            }
            (PurchaseCommand::Return(before), PurchaseCommand::Return(now))
                if before.amount == now.amount =>
            {
                None
            }
            (_, _) => Some(Reason::OtherAmountRecorded),
        }
    }
}
