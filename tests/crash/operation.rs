//! What is done in a life: of every task every step, always the same, so that the parent knows what a
//! child was at when it was killed.

use guanxi::crm::Job;
use guanxi::customer::Fact;
use guanxi::profile::{ContactKind, ContactPoint, ExternalKey, Party, Person, ProfileCommand};
use guanxi::purchase::{Order, Return};
use guanxi::{
    Actor, Command, CommandId, Context, Currency, CustomerId, Money, Rulebook, TenantId, Timestamp,
    Zone,
};

use super::shop::{Dice, book, customer, start, tenant};

/// So many kills a tenant lives through. Then the next begins in the same file, so that to examine
/// everything of a tenant stays cheap.
pub(super) const LIVES_PER_TENANT: u64 = 12;

/// So many tasks write at the same time.
pub(super) const TASKS: u64 = 3;

/// An hour each, so that a life is two days.
pub(super) const STEPS_MAX: u64 = 48;

/// Customers that several tasks write to.
const SHARED: u64 = 6;

/// Few, so that somebody else holds one most of the time.
const KEYS: u64 = 4;

#[derive(Debug)]
pub(super) enum Operation {
    One(Job),
    /// To customers that no other task writes to: nothing is decided twice, so it is one transaction.
    Delivery(Vec<Job>),
    /// A key passes from one customer to another.
    Swap(Vec<Job>),
    Erase(Job),
    RunDue(Context),
    RunDueInBulk(Context),
    Adopt(Box<Rulebook>),
}

pub(super) fn tenant_of(life: u64) -> TenantId {
    tenant(life / LIVES_PER_TENANT)
}

impl Operation {
    pub(super) fn of(life: u64, task: u64, step: u64) -> Self {
        let hours = i64::try_from(life * STEPS_MAX + step).unwrap();
        let now = start().saturating_add_seconds(hours * 3_600);
        let dice = Dice::of(&[life, task, step]);
        let place = [life, task, step];
        let mut making = Making { tenant: tenant_of(life), place, now, dice, made: 0 };
        if task == 0 { making.of_the_office(step) } else { making.of_a_desk() }
    }

    /// The commands in it, and their customers; none of runs and adoptions.
    pub(super) fn jobs(&self) -> &[Job] {
        match self {
            Self::One(job) | Self::Erase(job) => std::slice::from_ref(job),
            Self::Delivery(jobs) | Self::Swap(jobs) => jobs,
            Self::RunDue(_) | Self::RunDueInBulk(_) | Self::Adopt(_) => &[],
        }
    }
}

/// The keys there are.
pub(super) fn keys() -> impl Iterator<Item = ExternalKey> {
    (0..KEYS).map(|nth| ExternalKey::new("web", nth.to_string()).unwrap())
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

struct Making {
    tenant: TenantId,
    place: [u64; 3],
    now: Timestamp,
    dice: Dice,
    made: u64,
}

impl Making {
    /// Whole deliveries, runs of the scheduler, another policy.
    fn of_the_office(&mut self, step: u64) -> Operation {
        match step % 6 {
            1 => Operation::RunDue(self.context(Actor::System)),
            4 => Operation::RunDueInBulk(self.context(Actor::System)),
            5 => {
                let silence_days = u16::try_from(3 + self.dice.below(9)).unwrap();
                Operation::Adopt(Box::new(book(silence_days, self.now)))
            }
            _ => Operation::Delivery(self.delivery()),
        }
    }

    /// One customer at a time, and every other minute a key changes hands.
    fn of_a_desk(&mut self) -> Operation {
        let (id, other) = (self.shared(), self.shared());
        let command = match self.dice.below(100) {
            0..40 => self.order(),
            40..48 => Return::new(self.now, Zone::UTC.day_of(self.now), usd(100)).into(),
            48..64 => ProfileCommand::LinkKey(self.key()).into(),
            64..70 => ProfileCommand::UnlinkKey(self.key()).into(),
            70..76 => {
                let address = format!("{}@example.com", self.dice.below(5));
                let contact = ContactPoint::new(ContactKind::Email, address).unwrap();
                ProfileCommand::AddContact(contact).into()
            }
            76..80 => {
                let name = format!("Lin {}", self.dice.below(5));
                ProfileCommand::Identify(Party::Person(Person::new(name).unwrap())).into()
            }
            80..92 => {
                let key = self.key();
                let unlink = ProfileCommand::UnlinkKey(key.clone()).into();
                let link = ProfileCommand::LinkKey(key).into();
                return Operation::Swap(vec![self.job(id, unlink), self.job(other, link)]);
            }
            _ => return Operation::Erase(self.job(id, ProfileCommand::Erase.into())),
        };
        Operation::One(self.job(id, command))
    }

    fn delivery(&mut self) -> Vec<Job> {
        let count = 3 + self.dice.below(6);
        (0..count)
            .map(|nth| {
                // One of them twice, so that the second builds on the first.
                let id = customer(self.tenant, &format!("delivery {}", nth % (count - 1)));
                let command = match nth {
                    0 => {
                        let order = || Fact::Purchase(Order::new(self.now, usd(100)).into());
                        Command::Import(vec![order(), order()])
                    }
                    _ => self.order(),
                };
                self.job(id, command)
            })
            .collect()
    }

    fn order(&mut self) -> Command {
        Order::new(self.now, usd(100 * (1 + i64::from(self.dice.below(3) == 0)))).into()
    }

    fn shared(&mut self) -> CustomerId {
        customer(self.tenant, &format!("shared {}", self.dice.below(SHARED)))
    }

    fn key(&mut self) -> ExternalKey {
        let nth = self.dice.below(KEYS);
        ExternalKey::new("web", nth.to_string()).unwrap()
    }

    fn job(&mut self, id: CustomerId, command: Command) -> Job {
        Job::new(id, command, self.context(Actor::Customer))
    }

    fn context(&mut self, actor: Actor) -> Context {
        self.made += 1;
        let [life, task, step] = self.place;
        let name = format!("{life} {task} {step} {}", self.made);
        Context::new(self.now, actor, CommandId::derive("crash", &name))
    }
}
