//! C10 where commits overlap: transactions of a host's stay open while others commit.

use guanxi::store::postgres::sqlx::{self, PgTransaction};
use guanxi::store::postgres::{PostgresStore, migrate, renumber};
use guanxi::store::{Commit, FeedCursor, PageSize};
use guanxi::{Crm, CustomerId};

use super::base::{connect, context, customer, in_schema, noon, open, order, prepare, run, shop};

/// Whose entries of which revision a feed gives now after a place, and where it ends.
async fn read(crm: &Crm<PostgresStore>, place: &mut Option<FeedCursor>) -> Vec<(CustomerId, u64)> {
    let page = crm.feed(*place, PageSize::MAX).await.unwrap();
    if let Some(last) = page.last() {
        *place = Some(last.cursor);
    }
    page.iter().map(|published| (published.customer, published.entry.revision)).collect()
}

/// The same of at least so many entries. Transactions of other tests on the same server hold up the feed, so
/// it is asked until it has them.
async fn read_at_least(
    crm: &Crm<PostgresStore>,
    place: &mut Option<FeedCursor>,
    count: usize,
) -> Vec<(CustomerId, u64)> {
    let mut all = Vec::new();
    for _ in 0..ASKED_MAX {
        if all.len() >= count {
            break;
        }
        all.extend(read(crm, place).await);
    }
    all
}

/// How often a feed is asked for what must come.
const ASKED_MAX: usize = 20_000;

async fn buy(crm: &Crm<PostgresStore>, who: &str, name: &str) {
    let now = context(noon("01-02"), name);
    crm.execute(customer(who), &order(noon("01-01")), &now).await.unwrap();
}

async fn commit_in(crm: &Crm<PostgresStore>, transaction: &mut PgTransaction<'_>, commit: &Commit) {
    crm.store().commit_in(transaction, shop(), commit).await.unwrap();
}

/// Who numbers entries by a sequence gives the second one, and passes over the first for ever.
#[test]
fn an_entry_that_becomes_visible_later_is_not_passed_over() {
    in_schema("feed_late", async |schema| {
        let crm = open(&schema).await;
        let first = prepare(&crm, "first", order(noon("01-01")), "first").await;
        let mut transaction = crm.store().pool().begin().await.unwrap();
        commit_in(&crm, &mut transaction, &first).await;
        buy(&crm, "second", "second").await;

        let mut place = None;
        let before = read(&crm, &mut place).await;
        transaction.commit().await.unwrap();
        let after = read_at_least(&crm, &mut place, 2).await;
        assert_eq!(before, []);
        assert_eq!(after, [(customer("first"), 1), (customer("second"), 1)]);
        assert_eq!(read(&crm, &mut place).await, []);
    });
}

#[test]
fn what_was_rolled_back_holds_up_nothing() {
    in_schema("feed_rolled_back", async |schema| {
        let crm = open(&schema).await;
        let never = prepare(&crm, "never", order(noon("01-01")), "never").await;
        let mut transaction = crm.store().pool().begin().await.unwrap();
        commit_in(&crm, &mut transaction, &never).await;
        buy(&crm, "second", "second").await;
        transaction.rollback().await.unwrap();
        assert_eq!(read_at_least(&crm, &mut None, 1).await, [(customer("second"), 1)]);
    });
}

/// A transaction that wrote before somebody else made the customer, and changes it after.
#[test]
fn entries_of_one_customer_keep_their_order_whenever_their_transactions_began() {
    in_schema("feed_order", async |schema| {
        let crm = open(&schema).await;
        run(crm.store().pool(), &format!("CREATE TABLE {schema}.invoices (number integer)")).await;
        let mut transaction = crm.store().pool().begin().await.unwrap();
        run(&mut *transaction, &format!("INSERT INTO {schema}.invoices VALUES (17)")).await;
        buy(&crm, "a", "1").await;
        buy(&crm, "b", "2").await;
        let mut place = None;
        assert_eq!(read(&crm, &mut place).await, [], "the open transaction may write more");

        let second = prepare(&crm, "a", order(noon("01-02")), "3").await;
        commit_in(&crm, &mut transaction, &second).await;
        transaction.commit().await.unwrap();
        let all = read_at_least(&crm, &mut place, 3).await;
        let of_a: Vec<u64> =
            all.iter().filter(|(who, _)| *who == customer("a")).map(|(_, nth)| *nth).collect();
        assert_eq!((all.len(), of_a), (3, vec![1, 2]));
    });
}

/// One entry on every page, so that a page ends within a transaction.
#[test]
fn a_page_may_end_between_the_entries_of_one_transaction() {
    in_schema("feed_pages", async |schema| {
        let crm = open(&schema).await;
        let mut transaction = crm.store().pool().begin().await.unwrap();
        for nth in 0..20 {
            let name = nth.to_string();
            let commit = prepare(&crm, &name, order(noon("01-01")), &name).await;
            commit_in(&crm, &mut transaction, &commit).await;
        }
        transaction.commit().await.unwrap();
        let (mut place, mut seen) = (None, Vec::new());
        for _ in 0..ASKED_MAX {
            if seen.len() == 20 {
                break;
            }
            let page = crm.feed(place, PageSize::new(1).unwrap()).await.unwrap();
            let Some(only) = page.first() else { continue };
            place = Some(only.cursor);
            seen.push(only.customer);
        }
        let mut expected: Vec<_> = (0..20).map(|nth| customer(&nth.to_string())).collect();
        expected.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, expected);
    });
}

/// As after a dump was restored: the numbers of transactions begin anew, far below those in the tables.
#[test]
fn in_another_cluster_the_feed_goes_on_where_it_was() {
    in_schema("feed_moved", async |schema| {
        let crm = open(&schema).await;
        buy(&crm, "a", "1").await;
        let mut place = None;
        read_at_least(&crm, &mut place, 1).await;
        buy(&crm, "b", "2").await;
        let mut connection = connect(&schema).await;
        run(
            &mut connection,
            "UPDATE guanxi_journal SET position = position + 1000000000;
                UPDATE guanxi_customers SET position = position + 1000000000;
                UPDATE guanxi_cluster SET system_identifier = 1",
        )
        .await;
        let mut place = place
            .map(|at| FeedCursor::new(at.position() + 1_000_000_000, at.customer(), at.revision()));

        migrate(&mut connection).await.unwrap();
        let bases: Vec<i64> = sqlx::query_scalar("SELECT feed_base FROM guanxi_cluster")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert!(bases.len() == 1 && bases[0] > 1_000_000_000, "{bases:?}");
        buy(&crm, "c", "3").await;
        buy(&crm, "a", "4").await;
        assert_eq!(
            read_at_least(&crm, &mut place, 3).await,
            [(customer("b"), 1), (customer("c"), 1), (customer("a"), 2)]
        );
        // Done once.
        migrate(&mut connection).await.unwrap();
        let again: i64 = sqlx::query_scalar("SELECT feed_base FROM guanxi_cluster")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(again, bases[0]);
    });
}

/// As after a failover that lost commits: what a reader was given last is not there, and its number will be
/// given again.
#[test]
fn renumbered_the_feed_goes_on_after_what_was_lost() {
    in_schema("feed_lost", async |schema| {
        let crm = open(&schema).await;
        buy(&crm, "a", "1").await;
        let mut place = None;
        read_at_least(&crm, &mut place, 1).await;
        let lost = place
            .map(|at| FeedCursor::new(at.position() + 1_000_000_000, at.customer(), at.revision()));
        buy(&crm, "b", "2").await;
        assert_eq!(read(&crm, &mut lost.clone()).await, [], "passed over");

        let mut connection = connect(&schema).await;
        renumber(&mut connection).await.unwrap();
        buy(&crm, "c", "3").await;
        let mut place = lost;
        assert_eq!(read_at_least(&crm, &mut place, 1).await, [(customer("c"), 1)]);
    });
}
