//! C14: what is left of futures that are dropped half-way.

use std::future::poll_fn;
use std::task::Poll;

use guanxi::crm::Job;
use guanxi::store::postgres::PostgresOptions;
use guanxi::store::postgres::sqlx;
use guanxi::store::{Archive, CustomerStore, StoredRulebook};
use guanxi::{Crm, Currency, Policy, Rulebook, TenantId, Timestamp};

use super::base::{
    books, context, customer, in_schema, link, noon, open, order, prepare, run, shop,
};
use super::server;

/// What a future comes to within so many polls.
async fn within<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A store on one connection, so that whoever comes next gets what was left behind.
async fn narrow(schema: &str) -> Crm<guanxi::store::postgres::PostgresStore> {
    let options = PostgresOptions::new(server::pool(1)).with_schema(schema);
    Crm::new(options.open().await.unwrap(), shop(), books())
}

/// A bulk of which one commit is refused, so that it takes a transaction of several statements.
#[test]
fn whatever_was_dropped_the_next_commit_lasts() {
    in_schema("dropped_bulk", async |schema| {
        let (crm, reader) = (narrow(&schema).await, open(&schema).await);
        let now = context(noon("01-02"), "holder");
        crm.execute(customer("holder"), &link("held"), &now).await.unwrap();
        let mut finished = 0;
        for polls in 0..40 {
            let held =
                prepare(&crm, &format!("a{polls}"), link("held"), &format!("a{polls}")).await;
            let fits =
                prepare(&crm, &format!("b{polls}"), order(noon("01-01")), &format!("b{polls}"))
                    .await;
            let many = vec![held, fits];
            let answers =
                within(polls, guanxi::store::Bulk::commit_many(crm.store(), shop(), many));
            finished += u32::from(answers.await.is_some());

            let name = format!("c{polls}");
            let now = context(noon("01-02"), &name);
            crm.execute(customer(&name), &order(noon("01-01")), &now).await.unwrap();
            assert!(
                reader.customer(customer(&name)).await.unwrap().is_some(),
                "after {polls} polls"
            );
        }
        assert!((1..40).contains(&finished), "{finished}");
    });
}

#[test]
fn a_rulebook_is_kept_or_not_and_the_next_commit_lasts() {
    in_schema("dropped_keep", async |schema| {
        let (crm, reader) = (narrow(&schema).await, open(&schema).await);
        let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).unwrap();
        let mut kept = 0;
        for polls in 0..20 {
            let tenant = TenantId::derive(&polls.to_string());
            let keep = crm.store().keep(tenant, StoredRulebook::from(&book));
            let answer = within(polls, keep).await;
            let is_there = !reader.store().rulebooks(tenant).await.unwrap().is_empty();
            assert!(is_there || answer.is_none(), "after {polls} polls");
            kept += u32::from(is_there);

            let job = Job::new(
                customer(&polls.to_string()),
                order(noon("01-01")),
                context(noon("01-02"), &polls.to_string()),
            );
            crm.execute_many(&[job]).await.unwrap().remove(0).unwrap();
            let id = customer(&polls.to_string());
            assert!(
                reader.store().load(shop(), id).await.unwrap().is_some(),
                "after {polls} polls"
            );
        }
        assert!((1..20).contains(&kept), "{kept}");
    });
}

/// As a host does that opens within a timeout.
#[test]
fn a_store_that_was_not_opened_leaves_a_pool_on_which_commits_last() {
    in_schema("dropped_open", async |schema| {
        let mut opened = 0;
        for polls in 0..40 {
            let schema = format!("{schema}_{polls}");
            let pool = server::pool(1);
            let open = PostgresOptions::new(pool.clone()).with_schema(&schema).open();
            opened += u32::from(within(polls, open).await.is_some());

            let store = PostgresOptions::new(pool).with_schema(&schema).open().await.unwrap();
            let crm = Crm::new(store, shop(), books());
            let now = context(noon("01-02"), "1");
            crm.execute(customer("a"), &order(noon("01-01")), &now).await.unwrap();
            let reader = super::base::open(&schema).await;
            assert!(reader.customer(customer("a")).await.unwrap().is_some(), "after {polls} polls");
            crm.store().pool().close().await;
            let drop = format!("DROP SCHEMA {schema} CASCADE");
            run(reader.store().pool(), &drop).await;
        }
        assert!((1..40).contains(&opened), "{opened}");
    });
}

/// A host that lets go of our future: after the rollback that it owes, nothing is there and all goes on.
#[test]
fn in_a_hosts_transaction_nothing_is_left_after_its_rollback() {
    in_schema("dropped_hosted", async |schema| {
        let (crm, reader) = (narrow(&schema).await, open(&schema).await);
        run(crm.store().pool(), &format!("CREATE TABLE {schema}.invoices (number bigserial)"))
            .await;
        for polls in 0..12 {
            let who = polls.to_string();
            let commit = prepare(&crm, &who, link(&who), &who).await;
            let mut transaction = crm.store().pool().begin().await.unwrap();
            let insert = format!("INSERT INTO {schema}.invoices DEFAULT VALUES");
            run(&mut *transaction, &insert).await;
            let _ = within(polls, crm.store().commit_in(&mut transaction, shop(), &commit)).await;
            transaction.rollback().await.unwrap();
            assert_eq!(reader.customer(customer(&who)).await.unwrap(), None, "after {polls} polls");

            crm.store().commit(shop(), commit).await.unwrap();
            assert!(
                reader.customer(customer(&who)).await.unwrap().is_some(),
                "after {polls} polls"
            );
        }
        let text = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {schema}.invoices"));
        let invoices: i64 =
            sqlx::query_scalar(text).fetch_one(reader.store().pool()).await.unwrap();
        assert_eq!(invoices, 0);
    });
}
