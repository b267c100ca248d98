//! A store and the model, side by side.

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::subject::{NOW, Trial, key};
use super::act::{CUSTOMERS, Deed, On, Sent, Step};
use crate::customer::{Command, Customer, Entry};
use crate::id::CustomerId;
use crate::money::{Currency, Money};
use crate::profile::{Party, Person, ProfileCommand};
use crate::purchase::Order;
use crate::store::{Commit, MemoryStore, Stored, StoredEntry};
use crate::tier::{OverrideReason, Tier, TierCommand};
use crate::time::Timestamp;

/// How long after one act the next one is: enough for a lapse now and then.
const ACT_SECONDS: i64 = 7 * 86_400;

/// A tenant of the store, and the model of it.
pub(in super::super) struct Stage<'a, H: Harness> {
    pub(in super::super) trial: Trial<'a, H>,
    pub(in super::super) model: MemoryStore,
    /// What each customer was at each of its revisions, from the one of nobody on.
    states: Vec<Vec<Customer>>,
    /// What was sent, the last one last.
    sent: Vec<Decided>,
    pub(in super::super) now: Timestamp,
}

/// A commit that was decided, and what its customers are once it is carried out.
#[derive(Clone)]
pub(in super::super) struct Decided {
    pub(in super::super) what: String,
    pub(in super::super) commit: Commit,
    after: Vec<Customer>,
}

/// What was asked, and what the two answered.
pub(in super::super) struct Told {
    pub(in super::super) what: String,
    pub(in super::super) store: String,
    pub(in super::super) model: String,
    pub(in super::super) agree: bool,
}

impl Told {
    /// Compares two answers. They are told in short: a difference may be in what is left out.
    pub(in super::super) fn new<T: PartialEq>(
        what: impl Into<String>,
        store: &T,
        model: &T,
        tell: impl Fn(&T) -> String,
    ) -> Self {
        let (agree, mut store, model) = (store == model, tell(store), tell(model));
        if !agree && store == model {
            store.push_str(" with other content");
        }
        Self { what: what.into(), store, model, agree }
    }
}

impl<'a, H: Harness> Stage<'a, H> {
    /// In a tenant in which nothing was done. The same ids are in use in others.
    pub(super) fn new(trial: &Trial<'a, H>, case: &str) -> Self {
        let states = (0..CUSTOMERS).map(|who| vec![trial.customer(&format!("customer {who}"))]);
        Self {
            states: states.collect(),
            trial: trial.another(case),
            model: MemoryStore::default(),
            sent: Vec::new(),
            now: NOW,
        }
    }

    pub(super) fn pass_time(&mut self) {
        self.now = self.now.saturating_add_seconds(ACT_SECONDS);
    }

    pub(in super::super) fn id(&self, who: u8) -> CustomerId {
        let states = self.states.get(usize::from(who));
        let unknown = || self.trial.customer("nobody").id();
        states.and_then(|states| states.first()).map_or_else(unknown, Customer::id)
    }

    /// What was sent so many places back.
    pub(in super::super) fn earlier(&self, back: usize) -> Option<&Decided> {
        let place = self.sent.len().checked_sub(back.saturating_add(1))?;
        self.sent.get(place)
    }

    /// The state to decide on; `None` where there is none of the kind.
    fn state(&self, step: &Step, made: &[Customer]) -> Option<Customer> {
        let states = self.states.get(usize::from(step.who))?;
        let id = states.first()?.id();
        let made = made.iter().rfind(|customer| customer.id() == id);
        match step.on {
            On::Latest => made.or(states.last()).cloned(),
            On::Earlier => states.get(states.len().checked_sub(2)?).cloned(),
            On::Later => {
                let mut state = states.last()?.clone();
                let command = self.command(&Deed::Order, 0)?;
                self.trial.attempt(&mut state, &command, self.now, "unsent").map(|_| state)
            }
        }
    }

    fn command(&self, deed: &Deed, nth: usize) -> Option<Command> {
        let claim = |number: &u8| key(&format!("key {number}")).ok();
        Some(match deed {
            Deed::Order => {
                let minor = i64::try_from(nth).unwrap_or(i64::MAX).saturating_add(100);
                Order::new(self.now, Money::from_minor(minor, Currency::USD)).into()
            }
            Deed::Link(number) => ProfileCommand::LinkKey(claim(number)?).into(),
            Deed::Unlink(number) => ProfileCommand::UnlinkKey(claim(number)?).into(),
            Deed::Name(letters) => {
                let person = Person::new("n".repeat(*letters)).ok()?;
                ProfileCommand::Identify(Party::Person(person)).into()
            }
            Deed::Erase => ProfileCommand::Erase.into(),
            Deed::Review => Command::Review,
            Deed::Override(days) => {
                let until = self.now.saturating_add_seconds(days.saturating_mul(86_400));
                let reason = OverrideReason::Potential;
                TierCommand::Override { tier: Tier::B, until, reason }.into()
            }
        })
    }

    /// Decides on what the store holds, and on what others of the same call have `made`, under a new
    /// command id or that of another command. `None` where nothing would change.
    pub(in super::super) fn decide(
        &mut self,
        sent: &Sent,
        made: &[Customer],
        under: Option<&Decided>,
    ) -> Option<Decided> {
        let nth = self.sent.len();
        let name = format!("command {nth}");
        let mut decided: Option<Decided> = None;
        for step in [Some(&sent.one), sent.two.as_ref()].into_iter().flatten() {
            let mut customer = self.state(step, made)?;
            let taken = decided.iter().flat_map(|decided| &decided.after);
            if taken.into_iter().any(|taken| taken.id() == customer.id()) {
                continue;
            }
            let command = self.command(&step.deed, nth)?;
            let before = customer.revision();
            let commit = match under {
                None => self.trial.attempt(&mut customer, &command, self.now, &name)?,
                Some(other) => {
                    let id = other.commit.command_id();
                    self.trial.attempt_as(&mut customer, &command, self.now, id)?
                }
            };
            let what = format!("{:?} of {} at revision {before}", step.deed, customer.id());
            decided = Some(match decided {
                None => Decided { what, commit, after: vec![customer] },
                Some(mut both) => {
                    both.after.push(customer);
                    let what = format!("{} and {what}", both.what);
                    Decided { what, commit: both.commit.joined(commit), after: both.after }
                }
            });
        }
        let decided = decided?;
        self.sent.push(decided.clone());
        Some(decided)
    }

    /// The model has carried this out.
    pub(in super::super) fn carried_out(&mut self, decided: &Decided) {
        for after in &decided.after {
            let mut all = self.states.iter_mut();
            let own =
                all.find(|states| states.first().is_some_and(|state| state.id() == after.id()));
            if let Some(states) = own {
                states.push(after.clone());
            }
        }
    }
}

impl Decided {
    /// What its customers are once it is carried out.
    pub(in super::super) fn after(&self) -> &[Customer] {
        &self.after
    }
}

/// The customers that were given back, by what their parts mean.
pub(in super::super) fn customers(
    given: impl IntoIterator<Item = (CustomerId, Option<Stored>)>,
) -> Result<Vec<Option<Customer>>, Deviation> {
    let read = |(id, stored): (CustomerId, Option<Stored>)| {
        let customer =
            stored.map(|stored| Customer::from_parts(id, stored.revision, &stored.parts));
        customer.transpose().map_err(|error| Deviation::failed("reading a customer", &error))
    };
    given.into_iter().map(read).collect()
}

/// Entries that were given back, by what their documents mean.
pub(in super::super) fn entries(
    given: &[StoredEntry],
) -> Result<Vec<(u64, Timestamp, Entry)>, Deviation> {
    let read = |stored: &StoredEntry| Ok((stored.revision, stored.recorded_at, stored.decode()?));
    let read: Result<_, crate::store::StoreError> = given.iter().map(read).collect();
    read.map_err(|error| Deviation::failed("reading an entry", &error))
}
