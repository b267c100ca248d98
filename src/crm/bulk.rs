//! Many commands at once: one load, one commit, each answered by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::agenda::call;
use super::execute::{advance_fingerprint, fingerprint, replayed};
use super::{ATTEMPTS_MAX, Crm, CrmError, Executed, Run, restore};
use crate::customer::{Command, Context, Customer, DecideError, Entry, Outcome};
use crate::id::{CommandId, CustomerId};
use crate::store::{
    Agenda, Bulk, Commit, CommitError, Fingerprint, PageSize, StoreError, StoreErrorKind, Waking,
};
use crate::time::Timestamp;

/// The most commands that are taken at once.
pub const JOBS_MAX: usize = 10_000;

/// One command of many.
///
/// [`Crm::execute_many`] has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job {
    /// To which customer.
    pub id: CustomerId,
    /// What is asked.
    pub command: Command,
    /// Who asks, when, and under which id.
    pub context: Context,
}

impl Job {
    /// A command to a customer.
    #[must_use]
    pub const fn new(id: CustomerId, command: Command, context: Context) -> Self {
        Self { id, command, context }
    }
}

impl<S: Bulk> Crm<S> {
    /// Carries out commands in their order, each answered by itself, as
    /// [`execute`](Self::execute) would one after the other; those of one customer build on each
    /// other. All that change something are committed in one transaction of the store, so it takes
    /// far less time. Some hundred at a time is enough; memory and the time that others wait grow with
    /// more, so at most [`JOBS_MAX`] are taken.
    ///
    /// ```
    /// use guanxi::crm::{CrmError, Executed, Job};
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
    /// let job = |at| Job::new(id, order(at), context(at));
    /// let jobs = [job("2026-03-01T09:30:00Z"), job("2026-03-02T09:30:00Z")];
    /// pollster::block_on(async {
    ///     for answer in crm.execute_many(&jobs).await? {
    ///         assert!(matches!(answer?, Executed::Recorded(_)));
    ///     }
    ///     // An import that was interrupted is begun again: what was done is not done twice.
    ///     for answer in crm.execute_many(&jobs).await? {
    ///         assert!(matches!(answer?, Executed::Replayed { .. }));
    ///     }
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CrmError::TooManyJobs`] when nothing was tried. [`CrmError::Store`] when the store fails:
    /// commands may have been carried out then, each whole or not at all; sent again, they are not
    /// carried out twice.
    pub async fn execute_many(
        &self,
        jobs: &[Job],
    ) -> Result<Vec<Result<Executed, CrmError>>, CrmError> {
        if jobs.len() > JOBS_MAX {
            return Err(CrmError::TooManyJobs { count: jobs.len() });
        }
        let task = |job: &Job| Task::new(job.id, job.context.command_id, &job.command);
        let decide = |place: usize, customer: &mut Customer| match jobs.get(place) {
            Some(job) => customer.decide(&job.command, &job.context, &self.books),
            None => Ok(Outcome::Unchanged),
        };
        Ok(Batch::new(self, jobs.iter().map(task).collect(), decide).carry_out().await?)
    }
}

impl<S: Agenda + Bulk> Crm<S> {
    /// As [`run_due`](Self::run_due), with one transaction of the store for the whole page.
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
    ///     let now = context("2026-08-01T02:00:00Z");
    ///     let run = crm.run_due_in_bulk(now.now, None, PageSize::MAX, &now).await?;
    ///     assert_eq!((run.changed, run.next), (1, None));
    ///     let customer = crm.customer(id).await?.expect("it was recorded");
    ///     assert_eq!(customer.stage(), Stage::Lost);
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`run_due`](Self::run_due), and when the page cannot be committed. Repeated, it goes on.
    pub async fn run_due_in_bulk(
        &self,
        until: Timestamp,
        after: Option<Waking>,
        size: PageSize,
        context: &Context,
    ) -> Result<Run, CrmError> {
        let (mut run, due) = self.due(until, after, size, context).await?;
        let calls: Vec<Context> = due.iter().map(|waking| call(*waking, until, context)).collect();
        let tasks = due
            .iter()
            .zip(&calls)
            .map(|(waking, call)| Task::new_advance(waking.id, call.command_id, until));
        let advance = |place: usize, customer: &mut Customer| match calls.get(place) {
            Some(call) => customer.advance_to(until, call, &self.books),
            None => Ok(Outcome::Unchanged),
        };
        let answers = Batch::new(self, tasks.collect(), advance).carry_out().await?;
        for (waking, answer) in due.into_iter().zip(answers) {
            run.count(waking.id, answer);
        }
        Ok(run)
    }
}

/// One command of a batch, before its answer.
struct Task {
    id: CustomerId,
    command_id: CommandId,
    fingerprint: Result<Fingerprint, CrmError>,
}

impl Task {
    fn new(id: CustomerId, command_id: CommandId, command: &Command) -> Self {
        Self { id, command_id, fingerprint: fingerprint(id, command) }
    }

    fn new_advance(id: CustomerId, command_id: CommandId, until: Timestamp) -> Self {
        Self { id, command_id, fingerprint: advance_fingerprint(id, until) }
    }
}

/// Commands that are carried out together. They are named by their places.
struct Batch<'a, S, D> {
    crm: &'a Crm<S>,
    decide: D,
    /// What to send for each, until it is answered.
    open: BTreeMap<usize, Sending>,
    answers: Vec<Option<Result<Executed, CrmError>>>,
}

#[derive(Clone, Copy)]
struct Sending {
    id: CustomerId,
    command_id: CommandId,
    fingerprint: Fingerprint,
}

/// What was decided in one round and is not answered yet.
#[derive(Default)]
struct Round {
    commits: Vec<Commit>,
    /// The places of the commits, each with the entry that it makes.
    sent: Vec<(usize, Entry)>,
    /// Those that change nothing, or are refused.
    settled: Vec<(usize, Result<Executed, CrmError>)>,
    /// Customers that are not as they were decided on: a commit was not carried out, and what was
    /// decided after it counted on it.
    mistaken: HashSet<CustomerId>,
}

impl<'a, S, D> Batch<'a, S, D>
where
    S: Bulk,
    D: Fn(usize, &mut Customer) -> Result<Outcome, DecideError>,
{
    fn new(crm: &'a Crm<S>, tasks: Vec<Task>, decide: D) -> Self {
        let (mut open, mut answers) = (BTreeMap::new(), Vec::with_capacity(tasks.len()));
        for (place, Task { id, command_id, fingerprint }) in tasks.into_iter().enumerate() {
            answers.push(match fingerprint {
                Ok(fingerprint) => {
                    open.insert(place, Sending { id, command_id, fingerprint });
                    None
                }
                Err(error) => Some(Err(error)),
            });
        }
        Self { crm, decide, open, answers }
    }

    async fn carry_out(mut self) -> Result<Vec<Result<Executed, CrmError>>, StoreError> {
        // Most of an import that is begun again was carried out before, and need not be decided.
        let all: Vec<usize> = self.open.keys().copied().collect();
        self.recall(&all).await?;
        for _ in 0..ATTEMPTS_MAX {
            if self.open.is_empty() {
                break;
            }
            let mut round = self.decided().await?;
            self.commit(&mut round).await?;
            self.settle(round).await?;
        }
        Ok(self
            .answers
            .into_iter()
            .map(|answer| answer.unwrap_or(Err(CrmError::Contended)))
            .collect())
    }

    fn answer(&mut self, place: usize, answer: Result<Executed, CrmError>) {
        self.open.remove(&place);
        if let Some(open) = self.answers.get_mut(place) {
            *open = Some(answer);
        }
    }

    /// Answers those of the open places that had been carried out before.
    async fn recall(&mut self, places: &[usize]) -> Result<(), StoreError> {
        let open: Vec<(usize, Sending)> =
            places.iter().filter_map(|place| Some((*place, *self.open.get(place)?))).collect();
        if open.is_empty() {
            return Ok(());
        }
        let ids: Vec<CommandId> = open.iter().map(|(_, sending)| sending.command_id).collect();
        let known = self.crm.store.receipts(self.crm.tenant, &ids).await?;
        for ((place, sending), accepted) in open.into_iter().zip(complete(known, ids.len())?) {
            if let Some(accepted) = accepted {
                let again = accepted.again(sending.fingerprint);
                let answer = again.map(|receipt| replayed(sending.id, &receipt));
                self.answer(place, answer.map_err(CrmError::from));
            }
        }
        Ok(())
    }

    /// Loads the customers of the open places and decides in order.
    async fn decided(&mut self) -> Result<Round, StoreError> {
        let ids: BTreeSet<CustomerId> = self.open.values().map(|sending| sending.id).collect();
        let ids: Vec<CustomerId> = ids.into_iter().collect();
        let stored = self.crm.store.load_many(self.crm.tenant, &ids).await?;
        let stored = complete(stored, ids.len())?;
        let mut customers: HashMap<CustomerId, Result<Customer, StoreError>> =
            ids.into_iter().zip(stored).map(|(id, stored)| (id, restore(id, stored))).collect();

        let (mut round, mut last) = (Round::default(), HashMap::new());
        let open: Vec<(usize, Sending)> =
            self.open.iter().map(|(place, sending)| (*place, *sending)).collect();
        for (place, Sending { id, command_id, fingerprint }) in open {
            let customer = match customers.get_mut(&id) {
                Some(Ok(customer)) => customer,
                Some(unreadable) => {
                    // The first command of the customer is told why, the others that it is so.
                    let kind = unreadable
                        .as_ref()
                        .err()
                        .map_or(StoreErrorKind::Document, StoreError::kind);
                    let error = std::mem::replace(unreadable, Err(kind.into())).err();
                    let error = error.unwrap_or_else(|| kind.into());
                    self.answer(place, Err(error.into()));
                    continue;
                }
                None => continue,
            };
            match (self.decide)(place, customer) {
                Ok(Outcome::Changed(change)) => {
                    let commit = Commit::of(customer, &change, fingerprint, &self.crm.books)?;
                    let before = last.insert(id, command_id);
                    round.commits.push(commit.building_on(before));
                    round.sent.push((place, change.entry));
                }
                Ok(Outcome::Unchanged) => round.settled.push((place, Ok(Executed::Unchanged))),
                Err(refusal) => round.settled.push((place, Err(refusal.into()))),
            }
        }
        Ok(round)
    }

    async fn commit(&mut self, round: &mut Round) -> Result<(), StoreError> {
        let commits = std::mem::take(&mut round.commits);
        let sent = std::mem::take(&mut round.sent);
        if commits.is_empty() {
            return Ok(());
        }
        let receipts = self.crm.store.commit_many(self.crm.tenant, commits).await?;
        for ((place, entry), receipt) in sent.iter().zip(complete(receipts, sent.len())?) {
            let Some(Sending { id, .. }) = self.open.get(place).copied() else { continue };
            match receipt {
                Ok(receipt) if !receipt.replayed => {
                    self.answer(*place, Ok(Executed::Recorded(entry.clone())));
                    continue;
                }
                Ok(receipt) => self.answer(*place, Ok(replayed(id, &receipt))),
                Err(CommitError::Conflict) => {}
                // Its holder was to give it up in this very batch, and still is.
                Err(CommitError::Claimed { holder }) if round.mistaken.contains(&holder) => {}
                Err(error) => self.answer(*place, Err(error.into())),
            }
            round.mistaken.insert(id);
        }
        Ok(())
    }

    /// Answers those that change nothing, unless they were decided on a customer as it is not: those
    /// stay open. Carried out before, a command may be refused now, or change nothing any more.
    async fn settle(&mut self, round: Round) -> Result<(), StoreError> {
        let Round { settled, mistaken, .. } = round;
        let is_sound = |place: &usize| {
            self.open.get(place).is_some_and(|sending| !mistaken.contains(&sending.id))
        };
        let settled: Vec<_> = settled.into_iter().filter(|(place, _)| is_sound(place)).collect();
        let places: Vec<usize> = settled.iter().map(|(place, _)| *place).collect();
        self.recall(&places).await?;
        for (place, answer) in settled {
            if self.open.contains_key(&place) {
                self.answer(place, answer);
            }
        }
        Ok(())
    }
}

/// A store that gives fewer answers than it was asked for is not to be trusted with any.
fn complete<T>(answers: Vec<T>, asked: usize) -> Result<Vec<T>, StoreError> {
    if answers.len() == asked { Ok(answers) } else { Err(StoreErrorKind::Refused.into()) }
}
