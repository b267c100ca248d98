//! No connection is free.

use guanxi::store::postgres::PostgresFault;

use super::base::{buy, buy_at_last, buyer, check, fault, lasting, open, shop, transient};
use super::server::{Server, hasty_pool};
use super::shop::run;

#[test]
fn a_pool_without_a_free_connection_is_transient_and_loses_nothing() {
    let Some(server) = Server::start("pool") else { return };
    run(async {
        let pool = hasty_pool(server.options(), 1);
        let crm = open(pool.clone(), shop()).await;
        let id = buyer("a");
        buy(&crm, id, "first").await.unwrap();

        let held = pool.acquire().await.unwrap();
        let error = buy(&crm, id, "second").await.unwrap_err();
        assert!(matches!(transient(&error), PostgresFault::NoConnection), "{error:?}");
        let error = crm.history(id).await.unwrap_err();
        assert!(error.is_transient() && matches!(fault(&error), PostgresFault::NoConnection));
        drop(held);
        check(&crm, 1).await;
        buy_at_last(&crm, id, "second").await;
        check(&crm, 2).await;

        pool.close().await;
        let error = buy(&crm, id, "third").await.unwrap_err();
        assert!(matches!(lasting(&error), PostgresFault::Closed), "{error:?}");
    });
}

#[test]
fn a_server_without_a_free_connection_is_transient_and_loses_nothing() {
    let Some(mut server) = Server::make("server_full") else { return };
    server.set("max_connections=4");
    server.set("superuser_reserved_connections=0");
    server.set("max_wal_senders=0");
    server.start_again();
    run(async {
        let crm = open(hasty_pool(server.options(), 1), shop()).await;
        let id = buyer("a");
        buy(&crm, id, "first").await.unwrap();
        // Every connection is somebody else's.
        crm.store().pool().acquire().await.unwrap().close().await.unwrap();
        let others = server.pool(4);
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(others.acquire().await.unwrap());
        }
        let error = buy(&crm, id, "second").await.unwrap_err();
        let fault = transient(&error);
        let is_expected =
            matches!(fault, PostgresFault::NoConnection | PostgresFault::NotServing(_));
        assert!(is_expected, "{fault:?}");
        drop(held);
        others.close().await;
        buy_at_last(&crm, id, "second").await;
        check(&crm, 2).await;
    });
}
