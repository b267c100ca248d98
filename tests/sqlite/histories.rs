//! Whole histories of customers, of all that can happen to one: through the file they come to the same
//! as in memory.

use guanxi::crm::{Crm, CrmError, Executed};
use guanxi::profile::ProfileCommand;
use guanxi::store::sqlite::{Durability, SqliteOptions};
use guanxi::store::{Agenda, Bulk, Erase, Inspect, MemoryStore, PageSize};
use guanxi::{
    Actor, Command, CommandId, Context, Customer, CustomerId, Entry, TenantId, Timestamp,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::base::{Folder, run};
use super::generate::{cases, histories, policies};
use super::run::{Act, Task, books, tasks};

fn shop() -> TenantId {
    TenantId::derive("histories")
}

fn customer(nth: usize) -> CustomerId {
    CustomerId::derive(shop(), &nth.to_string())
}

fn context(now: Timestamp, name: &str) -> Context {
    Context::new(now, Actor::System, CommandId::derive("histories", name))
}

trait Whole: Agenda + Bulk + Erase + Inspect {}
impl<S: Agenda + Bulk + Erase + Inspect> Whole for S {}

/// Does it, and tells what was answered.
async fn told<S: Whole>(crm: &Crm<S>, id: CustomerId, task: &Task, name: &str) -> String {
    let context = context(task.now, name);
    let answer: Result<Executed, CrmError> = match &task.act {
        Act::Ask(Command::Profile(ProfileCommand::Erase)) => crm.erase(id, &context).await,
        Act::Ask(command) => crm.execute(id, command, &context).await,
        Act::RunDue => crm.advance(id, task.now, &context).await,
    };
    match answer {
        Ok(executed) => format!("{executed:?}"),
        Err(error) => error.to_string(),
    }
}

/// Everybody, with their journals, in pages of two.
async fn everybody<S: Whole>(crm: &Crm<S>) -> Vec<(Customer, Vec<Entry>)> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = crm.scan(after, PageSize::new(2).unwrap()).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.id());
        for customer in page {
            let journal = crm.history(customer.id()).await.unwrap();
            all.push((customer, journal));
        }
    }
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn a_history_comes_to_the_same_in_a_file_and_in_memory(
        policy in policies(),
        histories in vec(histories(), 1..4),
    ) {
        let folder = Folder::new("histories");
        run(async {
            let options = SqliteOptions::new(folder.file()).with_durability(Durability::Process);
            let file = Crm::new(options.open().await.unwrap(), shop(), books(&policy));
            let memory = Crm::new(MemoryStore::default(), shop(), books(&policy));
            let mut until = Timestamp::MIN;
            for (nth, steps) in histories.iter().enumerate() {
                for (step, task) in tasks(steps, policy.zone).iter().enumerate() {
                    let (id, name) = (customer(nth), format!("{nth} {step}"));
                    let expected = told(&memory, id, task, &name).await;
                    prop_assert_eq!(told(&file, id, task, &name).await, expected);
                    until = until.max(task.now);
                }
            }
            prop_assert_eq!(everybody(&file).await, everybody(&memory).await);

            let now = context(until.saturating_add_seconds(40 * 86_400), "run");
            let page = PageSize::new(2).unwrap();
            let mut after = None;
            loop {
                let one = memory.run_due(now.now, after, page, &now).await.unwrap();
                let many = file.run_due_in_bulk(now.now, after, page, &now).await.unwrap();
                prop_assert_eq!((many.changed, many.seen, many.next), (one.changed, one.seen, one.next));
                prop_assert!(many.failed.is_empty() && one.failed.is_empty());
                after = one.next;
                if after.is_none() {
                    break;
                }
            }
            prop_assert_eq!(everybody(&file).await, everybody(&memory).await);
            let verification = file.verify().await.unwrap();
            prop_assert!(verification.is_sound(), "{:?}", verification.flaws);
            file.store().close().await;
            Ok(())
        })?;
    }
}
