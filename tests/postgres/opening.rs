//! How a database is taken into use.

use guanxi::store::postgres::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use guanxi::store::postgres::{
    Create, MIGRATIONS, PostgresFault, PostgresOptions, PostgresStore, migrate,
};
use guanxi::store::{Archive, ArchiveError, StoreError, StoreErrorKind, StoredRulebook};
use guanxi::{Currency, Policy, Rulebook, Timestamp};

use super::base::{connect, context, customer, fault, in_schema, noon, open, order, run, shop};
use super::server;

async fn opened(schema: &str, create: Create) -> Result<PostgresStore, StoreError> {
    let options = PostgresOptions::new(server::pool(2));
    options.with_schema(schema).with_create(create).open().await
}

async fn tables(schema: &str) -> i64 {
    const TABLES: &str = "SELECT count(*) FROM pg_tables WHERE schemaname = $1";
    let mut connection = server::connect().await;
    sqlx::query_scalar(TABLES).bind(schema).fetch_one(&mut connection).await.unwrap()
}

#[test]
fn what_is_not_to_be_made_is_not_made() {
    in_schema("opening_nothing", async |schema| {
        let error = opened(&schema, Create::Nothing).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert!(matches!(fault(&error), PostgresFault::NotMigrated), "{error:?}");
        assert_eq!(tables(&schema).await, 0);

        opened(&schema, Create::Tables).await.unwrap();
        opened(&schema, Create::Nothing).await.unwrap();
    });
}

/// A schema with a name that needs its quotes, and which is not there yet.
#[test]
fn a_schema_is_made_if_missing_whatever_its_name() {
    in_schema("opening_schema", async |schema| {
        let name = format!("{schema} \"Kunden\"");
        let store = opened(&name, Create::Tables).await.unwrap();
        let crm = guanxi::Crm::new(store, shop(), super::base::books());
        let now = context(noon("01-02"), "1");
        crm.execute(customer("a"), &order(noon("01-01")), &now).await.unwrap();
        assert_eq!(crm.history(customer("a")).await.unwrap().len(), 1);
        assert_eq!(crm.scan(None, guanxi::store::PageSize::MAX).await.unwrap().len(), 1);
        assert_eq!(tables(&name).await, 9);
        let quoted = name.replace('"', "\"\"");
        run(crm.store().pool(), &format!("DROP SCHEMA \"{quoted}\" CASCADE")).await;
    });
}

/// As services do that are deployed at the same time, whatever isolation their connections begin with.
#[test]
fn those_who_open_at_the_same_time_wait_for_one_to_make_the_tables() {
    for (name, isolation) in [
        ("committed", "read committed"),
        ("repeatable", "repeatable read"),
        ("serial", "serializable"),
    ] {
        in_schema(&format!("opening_race_{name}"), async |schema| {
            let many = (0..8).map(|_| {
                let schema = schema.clone();
                let isolated =
                    server::options().options([("default_transaction_isolation", isolation)]);
                let options = PostgresOptions::new(server::pool_with(isolated, 2));
                server::RUNTIME.spawn(async move { options.with_schema(&schema).open().await })
            });
            for opening in many.collect::<Vec<_>>() {
                opening.await.unwrap().unwrap();
            }
            assert_eq!(tables(&schema).await, 9);
        });
    }
}

/// C16 under an isolation level by which a statement does not see what others did while it waited.
#[test]
fn a_rulebook_that_waited_for_a_later_one_is_refused() {
    in_schema("opening_rulebooks", async |schema| {
        opened(&schema, Create::Tables).await.unwrap();
        let isolated =
            server::options().options([("default_transaction_isolation", "repeatable read")]);
        let options = PostgresOptions::new(server::pool_with(isolated, 2)).with_schema(&schema);
        let store = options.open().await.unwrap();
        let mut connection = connect(&schema).await;
        let mut other = connection.begin().await.unwrap();
        let keep_later = format!(
            "SELECT pg_advisory_xact_lock(hashtextextended('guanxi rulebooks {0}', 0));
                INSERT INTO guanxi_rulebooks VALUES ('{0}', 900, '{{}}')",
            shop().uuid()
        );
        run(&mut *other, &keep_later).await;
        let keeping = server::RUNTIME.spawn(async move {
            let from = Timestamp::from_micros(600).unwrap();
            let book = Rulebook::new(Policy::new(Currency::USD), from).unwrap();
            store.keep(shop(), StoredRulebook::from(&book)).await
        });
        until("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory')")
            .await;
        other.commit().await.unwrap();
        let answer = keeping.await.unwrap();
        assert!(
            matches!(answer, Err(ArchiveError::NotLater { latest }) if latest.as_micros() == 900),
            "{answer:?}"
        );
    });
}

#[test]
fn a_writer_waits_while_somebody_migrates() {
    in_schema("opening_wait", async |schema| {
        let crm = open(&schema).await;
        // A migration that has changed a table and is not through yet.
        let mut connection = connect(&schema).await;
        let mut migration = connection.begin().await.unwrap();
        run(&mut *migration, "ALTER TABLE guanxi_customers ADD COLUMN later text").await;
        let writing = server::RUNTIME.spawn(async move {
            let now = context(noon("01-02"), "1");
            crm.execute(customer("a"), &order(noon("01-01")), &now).await.map(|_| ())
        });
        until(
            "SELECT EXISTS (
                SELECT 1 FROM pg_locks JOIN pg_class ON pg_class.oid = relation
                WHERE NOT granted AND relname = 'guanxi_customers'
            )",
        )
        .await;
        assert!(!writing.is_finished());
        migration.commit().await.unwrap();
        writing.await.unwrap().unwrap();
    });
}

/// Comes back when the server says yes.
async fn until(question: &'static str) {
    let mut connection = server::connect().await;
    while !sqlx::query_scalar::<_, bool>(question).fetch_one(&mut connection).await.unwrap() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_host_may_run_the_files_itself() {
    in_schema("opening_files", async |schema| {
        let mut connection = connect(&schema).await;
        for migration in MIGRATIONS {
            run(&mut connection, migration.sql).await;
        }
        opened(&schema, Create::Nothing).await.unwrap();
        migrate(&mut connection).await.unwrap();
    });
}

#[test]
fn tables_of_a_newer_version_and_lists_with_gaps_are_refused() {
    in_schema("opening_newer", async |schema| {
        opened(&schema, Create::Tables).await.unwrap();
        let known = MIGRATIONS.last().unwrap().number;
        let mut connection = connect(&schema).await;
        run(&mut connection, "INSERT INTO guanxi_migrations VALUES (1000, 'later')").await;
        for create in [Create::Tables, Create::Nothing] {
            let error = opened(&schema, create).await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Newer);
            assert!(
                matches!(fault(&error), PostgresFault::Newer { found: 1000, known: up_to } if *up_to == known),
                "{error:?}"
            );
        }
        run(&mut connection, "UPDATE guanxi_migrations SET number = number - 1").await;
        run(&mut connection, "DELETE FROM guanxi_migrations WHERE number > 900").await;
        let error = opened(&schema, Create::Tables).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Document);
        assert!(matches!(fault(&error), PostgresFault::Migrations), "{error:?}");
    });
}

#[test]
fn tables_from_another_cluster_are_not_used_unnoticed() {
    in_schema("opening_moved", async |schema| {
        opened(&schema, Create::Tables).await.unwrap();
        let mut connection = connect(&schema).await;
        run(&mut connection, "UPDATE guanxi_cluster SET system_identifier = 1").await;
        let error = opened(&schema, Create::Nothing).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert!(matches!(fault(&error), PostgresFault::Moved), "{error:?}");
        opened(&schema, Create::Tables).await.unwrap();
        opened(&schema, Create::Nothing).await.unwrap();
    });
}

#[test]
fn a_database_that_cannot_keep_every_text_is_refused() {
    in_schema("opening_encoding", async |schema| {
        let database = format!("{schema}_latin");
        let mut connection = server::connect().await;
        run(
            &mut connection,
            &format!("CREATE DATABASE {database} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"),
        )
        .await;
        let elsewhere = server::options().database(&database);
        let mut latin = PgConnection::connect_with(&elsewhere).await.unwrap();
        let error = migrate(&mut latin).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert!(
            matches!(fault(&error), PostgresFault::Encoding { found } if found == "LATIN1"),
            "{error:?}"
        );
        latin.close().await.unwrap();
        let drop = AssertSqlSafe(format!("DROP DATABASE {database}"));
        sqlx::raw_sql(drop).execute(&mut connection).await.unwrap();
    });
}

/// One who may only read and write.
#[test]
fn a_user_without_rights_is_told_so_and_one_with_them_need_not_own_the_tables() {
    in_schema("opening_rights", async |schema| {
        opened(&schema, Create::Tables).await.unwrap();
        let user = format!("{schema}_user");
        let mut connection = connect(&schema).await;
        run(
            &mut connection,
            &format!("CREATE ROLE {user}; GRANT USAGE ON SCHEMA {schema} TO {user}"),
        )
        .await;
        let as_user = || async {
            let pool = server::pool_with(server::options().options([("role", &user)]), 1);
            let options = PostgresOptions::new(pool).with_schema(&schema);
            options.with_create(Create::Nothing).open().await
        };
        let error = as_user().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert!(matches!(fault(&error), PostgresFault::Forbidden(_)), "{error:?}");

        run(
            &mut connection,
            &format!(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {user}"
            ),
        )
        .await;
        let crm = guanxi::Crm::new(as_user().await.unwrap(), shop(), super::base::books());
        let now = context(noon("01-02"), "1");
        crm.execute(customer("a"), &order(noon("01-01")), &now).await.unwrap();
        crm.erase(customer("a"), &context(noon("01-03"), "2")).await.unwrap();
        crm.store().pool().close().await;
        run(&mut connection, &format!("DROP OWNED BY {user}; DROP ROLE {user}")).await;
    });
}
