//! A small base for whoever has none yet: a dozen customers and what a spring may bring.

use std::path::Path;

use guanxi::crm::{CrmError, Job};
use guanxi::profile::{ContactKind, ContactPoint, ProfileCommand, ProfileError};
use guanxi::purchase::Order;
use guanxi::rulebook::RulebookError;
use guanxi::store::sqlite::SqliteStore;
use guanxi::store::{PageSize, StoreError};
use guanxi::{
    Actor, Command, CommandId, Context, Crm, Currency, CustomerId, Money, Policy, Rulebook,
    TenantId, Timestamp,
};

use crate::tell;

/// The file that it is made in, in the working folder.
pub(crate) const DATABASE: &str = "guanxi-relay.db";

/// Whose base it is.
pub(crate) const TENANT: &str = "relay-demo";

const CUSTOMERS: u32 = 12;

/// 2 March 2026, noon.
const START_SECONDS: i64 = 1_772_452_800;
const DAY_SECONDS: i64 = 86_400;

/// The base cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error("its policy cannot be used")]
    Policy(#[from] RulebookError),
    #[error("one of its contact points cannot be used")]
    Contact(#[from] ProfileError),
    #[error("it cannot be opened")]
    Store(#[from] StoreError),
    #[error("its customers cannot be recorded")]
    Crm(#[from] CrmError),
}

/// Makes the base, unless there is a file of this name.
///
/// # Errors
///
/// [`DemoError`].
pub(crate) async fn make(path: &Path) -> Result<(), DemoError> {
    if path.exists() {
        return Ok(());
    }
    tell("note", &format!("`{}` is made, with {CUSTOMERS} customers to try it on", path.display()));
    let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
    let tenant = TenantId::derive(TENANT);
    let crm = Crm::open(SqliteStore::open(path).await?, tenant, first).await?;
    let mut jobs = Vec::new();
    for nth in 0..CUSTOMERS {
        for (step, (day, command)) in story(nth)?.into_iter().enumerate() {
            let name = format!("{nth} {step}");
            jobs.push((
                day,
                Job::new(
                    CustomerId::derive(tenant, &nth.to_string()),
                    command,
                    Context::new(noon(day), Actor::Customer, CommandId::derive("demo", &name)),
                ),
            ));
        }
    }
    jobs.sort_by_key(|(day, _)| *day);
    for (_, job) in &jobs {
        crm.execute(job.id, &job.command, &job.context).await?;
    }
    // Time passes, and some have not come back.
    let end = noon(90);
    let context = Context::new(end, Actor::System, CommandId::derive("demo", "end"));
    crm.run_due(end, None, PageSize::MAX, &context).await?;
    crm.store().close().await;
    Ok(())
}

/// What a customer does, and on which day. Every second one buys again, every third is known by name.
fn story(nth: u32) -> Result<Vec<(u32, Command)>, ProfileError> {
    let mut story = vec![(nth, order(nth, nth))];
    if nth.is_multiple_of(2) {
        story.push((nth.saturating_add(30), order(nth, nth.saturating_add(30))));
    }
    if nth.is_multiple_of(3) {
        let address = format!("customer-{nth}@example.com");
        let contact = ContactPoint::new(ContactKind::Email, address)?;
        story.push((nth.saturating_add(1), ProfileCommand::AddContact(contact).into()));
    }
    Ok(story)
}

fn order(nth: u32, day: u32) -> Command {
    let minor = i64::from(nth).saturating_add(1).saturating_mul(1_250);
    Order::new(noon(day), Money::from_minor(minor, Currency::USD)).into()
}

fn noon(day: u32) -> Timestamp {
    let seconds = i64::from(day).saturating_mul(DAY_SECONDS).saturating_add(START_SECONDS);
    Timestamp::UNIX_EPOCH.saturating_add_seconds(seconds)
}
