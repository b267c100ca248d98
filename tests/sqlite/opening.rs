//! Opening: who makes what, several at once, and files that are no store.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::time::Duration;

use guanxi::crm::Flaw;
use guanxi::store::sqlite::sqlx::migrate::Migrator;
use guanxi::store::sqlite::sqlx::{self, Connection, SqliteConnection};
use guanxi::store::sqlite::{Create, MIGRATIONS, SqliteFault, SqliteOptions, SqliteStore, migrate};
use guanxi::store::{CustomerStore, Inspect, StoreError, StoreErrorKind};
use guanxi::{Crm, CustomerId};

use super::base::{Folder, books, connect, context, customer, fault, noon, open, order, run, shop};

async fn refusal(options: SqliteOptions) -> StoreError {
    match options.open().await {
        Ok(_) => panic!("opened"),
        Err(error) => error,
    }
}

async fn all(connection: &mut SqliteConnection, text: &'static str) {
    sqlx::raw_sql(text).execute(connection).await.unwrap();
}

#[test]
fn what_is_missing_is_made_only_where_that_is_asked_for() {
    let folder = Folder::new("opening-create");
    run(async {
        let options = |create| SqliteOptions::new(folder.file()).with_create(create);
        for create in [Create::Tables, Create::Nothing] {
            let error = refusal(options(create)).await;
            assert!(matches!(fault(&error), SqliteFault::CannotOpen(_)), "{error:?}");
            assert_eq!(error.kind(), StoreErrorKind::Refused);
            assert!(!folder.file().exists());
        }
        // A database of the host's own, without our tables.
        fs::write(folder.file(), b"").unwrap();
        let mut connection = connect(&folder).await;
        all(&mut connection, "CREATE TABLE invoices (number INTEGER) STRICT").await;
        let error = refusal(options(Create::Nothing)).await;
        assert!(matches!(fault(&error), SqliteFault::NotMigrated), "{error:?}");
        assert_eq!(error.kind(), StoreErrorKind::Refused);

        // The host runs the files itself.
        for migration in MIGRATIONS {
            all(&mut connection, migration.sql).await;
        }
        let before = fs::read(folder.file()).unwrap();
        let error = refusal(options(Create::Nothing)).await;
        assert!(
            matches!(fault(&error), SqliteFault::JournalMode { found } if found == "delete"),
            "{error:?}"
        );
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert_eq!(fs::read(folder.file()).unwrap(), before);
        all(&mut connection, "PRAGMA journal_mode = WAL").await;
        let store = options(Create::Nothing).open().await.unwrap();
        migrate(&mut connection).await.unwrap();
        assert_eq!(store.load(shop(), customer("a")).await.unwrap(), None);
        options(Create::Tables).open().await.unwrap().close().await;
    });
}

#[test]
fn names_with_a_meaning_to_sqlite_are_names_of_files() {
    let folder = Folder::new("opening-names");
    // Relative, so that the whole of it is what SQLite would look at.
    let here = std::env::current_dir().unwrap();
    let up: String = here.components().skip(1).map(|_| "../").collect();
    for name in [":memory:", "file:crm.db?mode=memory", "crm.db?mode=memory", "客户.db"] {
        let file = folder.file().with_file_name(name);
        let relative = Path::new(&up).join(file.strip_prefix("/").unwrap_or(&file));
        run(async {
            SqliteStore::open(&relative).await.unwrap().close().await;
        });
        assert!(file.exists(), "{name}");
    }
}

#[test]
fn a_newer_versions_tables_are_left_alone() {
    let folder = Folder::new("opening-newer");
    run(async {
        open(&folder).await.store().close().await;
        let mut connection = connect(&folder).await;
        all(&mut connection, "INSERT INTO guanxi_migrations VALUES (1000, 'later')").await;
        connection.close().await.unwrap();
        let before = fs::read(folder.file()).unwrap();
        for create in [Create::File, Create::Tables, Create::Nothing] {
            let error = refusal(SqliteOptions::new(folder.file()).with_create(create)).await;
            assert_eq!(error.kind(), StoreErrorKind::Newer);
            let known = MIGRATIONS.last().unwrap().number;
            assert!(
                matches!(fault(&error), SqliteFault::Newer { found: 1000, known: up_to } if *up_to == known),
                "{error:?}"
            );
        }
        assert_eq!(fs::read(folder.file()).unwrap(), before);
    });
}

/// A file from before calibrations, whose columns of reviews nothing had written: it is brought up to
/// date, the empty columns are named, and the next commit fills them.
#[test]
fn an_older_versions_file_goes_on() {
    let folder = Folder::new("opening-older");
    run(async {
        let crm = open(&folder).await;
        let (id, other) = (customer("a"), customer("b"));
        for id in [id, other] {
            let name = format!("{id}");
            crm.execute(id, &order(noon("01-01")), &context(noon("01-01"), &name)).await.unwrap();
        }
        let now = context(noon("02-03"), "review");
        crm.execute(id, &guanxi::Command::Review, &now).await.unwrap();
        let reviewed = crm.store().inspect(shop(), id).await.unwrap().unwrap();
        assert!(reviewed.index.risk.is_some() && reviewed.index.reviewed_at == Some(now.now));
        crm.store().close().await;
        let mut connection = connect(&folder).await;
        let older = "UPDATE guanxi_customers SET tier = NULL, risk = NULL, reviewed_at = NULL; \
            DROP TABLE guanxi_calibrations; DROP INDEX guanxi_journal_feed; DELETE FROM guanxi_migrations WHERE number > 1";
        all(&mut connection, older).await;
        connection.close().await.unwrap();

        let mut crm = open(&folder).await;
        let calibration = crm.calibrate(noon("02-03")).await.unwrap();
        crm.adopt_calibration(calibration).await.unwrap();
        let flaws = crm.verify().await.unwrap().flaws;
        assert!(
            matches!(flaws.as_slice(), [(found, Flaw::Columns { .. })] if *found == id),
            "{flaws:?}"
        );
        let at = noon("02-04");
        crm.execute(id, &order(at), &context(at, "next")).await.unwrap();
        let filled = crm.store().inspect(shop(), id).await.unwrap().unwrap();
        assert_eq!(filled.index.reviewed_at, reviewed.index.reviewed_at);
        assert_eq!(filled.index.risk, reviewed.index.risk);
        assert!(crm.verify().await.unwrap().is_sound());
    });
}

/// C6: what an archive keeps is there when the file is opened again, and a handle whose store fails is as
/// it was.
#[test]
fn what_an_archive_keeps_outlives_the_store() {
    let folder = Folder::new("opening-archive");
    run(async {
        let first = books();
        let store = SqliteStore::open(folder.file()).await.unwrap();
        let mut crm = Crm::open(store, shop(), first.clone()).await.unwrap();
        let [one, two] = [noon("01-01"), noon("01-02")];
        let calibration = crm.calibrate(one).await.unwrap();
        crm.adopt_calibration(calibration.clone()).await.unwrap();
        crm.store().close().await;

        let store = SqliteStore::open(folder.file()).await.unwrap();
        let mut crm = Crm::open(store, shop(), first).await.unwrap();
        assert_eq!(crm.books().calibrations().collect::<Vec<_>>(), [&calibration]);
        let another = crm.calibrate(two).await.unwrap();
        crm.store().close().await;
        assert!(crm.adopt_calibration(another).await.is_err());
        assert_eq!(crm.books().calibrations().collect::<Vec<_>>(), [&calibration]);
    });
}

#[test]
fn a_list_of_migrations_that_is_not_ours_is_named() {
    for (nth, (list, kind)) in [
        ("INSERT INTO guanxi_migrations VALUES (0, 'before')", StoreErrorKind::Document),
        ("UPDATE guanxi_migrations SET number = -number", StoreErrorKind::Document),
        (
            "DROP TABLE guanxi_migrations; CREATE TABLE guanxi_migrations (number); \
                INSERT INTO guanxi_migrations VALUES ('zzz')",
            StoreErrorKind::Document,
        ),
        ("DELETE FROM guanxi_migrations", StoreErrorKind::Refused),
        ("DROP TABLE guanxi_migrations", StoreErrorKind::Refused),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = Folder::new(&format!("opening-list-{nth}"));
        run(async {
            open(&folder).await.store().close().await;
            all(&mut connect(&folder).await, list).await;
            for create in [Create::File, Create::Tables, Create::Nothing] {
                let error = refusal(SqliteOptions::new(folder.file()).with_create(create)).await;
                assert_eq!(error.kind(), kind, "{list}: {error:?}");
            }
        });
    }
}

#[test]
fn what_is_no_store_is_named_and_left_as_it_is() {
    let folder = Folder::new("opening-faults");
    run(async {
        let csv = folder.file().with_file_name("log.csv");
        let text = "customer,day,amount\n".repeat(1_000);
        fs::write(&csv, &text).unwrap();
        let error = refusal(SqliteOptions::new(&csv)).await;
        assert!(matches!(fault(&error), SqliteFault::NotADatabase(_)), "{error:?}");
        assert_eq!(error.kind(), StoreErrorKind::Document);
        assert_eq!(fs::read_to_string(&csv).unwrap(), text);

        let inside = folder.file().with_file_name("missing").join("crm.db");
        for path in [inside, csv.parent().unwrap().to_owned(), "".into(), "nul\0.db".into()] {
            let error = refusal(SqliteOptions::new(path)).await;
            assert!(matches!(fault(&error), SqliteFault::CannotOpen(_)), "{error:?}");
            assert_eq!(error.kind(), StoreErrorKind::Refused);
            assert!(!error.is_transient());
        }
    });
}

#[test]
fn damage_is_named() {
    let folder = Folder::new("opening-damage");
    run(async {
        let crm = open(&folder).await;
        let ids: Vec<CustomerId> = (0..50).map(|nth| customer(&nth.to_string())).collect();
        for (nth, id) in ids.iter().enumerate() {
            let now = context(noon("01-01"), &nth.to_string());
            crm.execute(*id, &order(now.now), &now).await.unwrap();
        }
        crm.store().close().await;
        let mut bytes = fs::read(folder.file()).unwrap();
        // Everything but the page of the schema.
        bytes[4096..].fill(0xa5);
        fs::write(folder.file(), &bytes).unwrap();
        let opened = SqliteStore::open(folder.file()).await;
        let error = match opened {
            Err(error) => error,
            Ok(store) => store.load(shop(), ids[0]).await.unwrap_err(),
        };
        assert!(matches!(fault(&error), SqliteFault::Damaged(_)), "{error:?}");
        assert_eq!(error.kind(), StoreErrorKind::Document);
    });
}

#[test]
fn a_lock_that_is_not_given_up_is_worth_another_try() {
    let folder = Folder::new("opening-locked");
    run(async {
        let options = SqliteOptions::new(folder.file()).with_busy_timeout(Duration::from_millis(1));
        let crm = Crm::new(options.open().await.unwrap(), shop(), books());
        let mut connection = connect(&folder).await;
        all(&mut connection, "BEGIN IMMEDIATE").await;
        let (id, now) = (customer("a"), context(noon("01-01"), "1"));
        let error = match crm.execute(id, &order(now.now), &now).await.unwrap_err() {
            guanxi::crm::CrmError::Store(error) => error,
            other => panic!("{other:?}"),
        };
        assert!(error.is_transient());
        assert!(matches!(fault(&error), SqliteFault::Locked(_)), "{error:?}");
        // Whoever only reads or opens is not held up.
        assert_eq!(crm.customer(id).await.unwrap(), None);
        options.open().await.unwrap().close().await;

        all(&mut connection, "COMMIT").await;
        crm.execute(id, &order(now.now), &now).await.unwrap();
    });
}

#[test]
fn a_closed_store_refuses() {
    let folder = Folder::new("opening-closed");
    run(async {
        let crm = open(&folder).await;
        let now = context(noon("01-01"), "1");
        crm.execute(customer("a"), &order(now.now), &now).await.unwrap();
        crm.store().close().await;
        assert_eq!(folder.files(), [folder.file()], "a log is left beside the file");
        crm.store().close().await;
        let error = crm.customer(customer("a")).await.unwrap_err();
        assert!(matches!(fault(&error), SqliteFault::Closed), "{error:?}");
        assert_eq!(error.kind(), StoreErrorKind::Refused);
    });
}

#[test]
fn several_threads_open_one_new_file() {
    const THREADS: usize = 8;
    for round in 0..6 {
        let folder = Folder::new(&format!("opening-threads-{round}"));
        let start = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let (folder, start) = (&folder, &start);
                scope.spawn(move || {
                    start.wait();
                    run(write_one(folder, &thread.to_string()));
                });
            }
        });
        run(async {
            let page = open(&folder).await.scan(None, guanxi::store::PageSize::MAX).await.unwrap();
            assert_eq!(page.len(), THREADS);
        });
    }
}

async fn write_one(folder: &Folder, who: &str) {
    let crm = open(folder).await;
    let now = context(noon("01-01"), who);
    crm.execute(customer(who), &order(now.now), &now).await.unwrap();
}

/// Where the processes of the test below meet.
const PROCESSES: &str = "opening-processes";

#[test]
fn several_processes_open_one_new_file() {
    let folder = Folder::new(PROCESSES);
    let child = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let args = ["--exact", "sqlite::opening::one_of_several_processes", "--ignored"];
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..6).map(|_| child()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    run(async {
        let page = open(&folder).await.scan(None, guanxi::store::PageSize::MAX).await.unwrap();
        assert_eq!(page.len(), 6);
    });
}

#[test]
#[ignore = "run by several_processes_open_one_new_file"]
fn one_of_several_processes() {
    run(write_one(&Folder::existing(PROCESSES), &std::process::id().to_string()));
}

/// The host's migrations in sqlx's own table, ours in ours, in one file.
#[test]
fn a_hosts_own_migrator_goes_first_or_second() {
    for host_first in [true, false] {
        let folder = Folder::new(&format!("opening-host-{host_first}"));
        let scripts = folder.file().with_file_name("migrations");
        fs::create_dir(&scripts).unwrap();
        fs::write(scripts.join("1_invoices.sql"), "CREATE TABLE invoices (number INTEGER);")
            .unwrap();
        run(async {
            let host = Migrator::new(scripts.as_path()).await.unwrap();
            fs::write(folder.file(), b"").unwrap();
            for nth in 0..4 {
                if (nth % 2 == 0) == host_first {
                    host.run(&mut connect(&folder).await).await.unwrap();
                } else {
                    write_one(&folder, &nth.to_string()).await;
                }
            }
            let mut connection = connect(&folder).await;
            for (text, rows) in [
                ("SELECT count(*) FROM _sqlx_migrations", 1),
                ("SELECT count(*) FROM guanxi_migrations", MIGRATIONS.len().try_into().unwrap()),
                ("SELECT count(*) FROM guanxi_customers", 2),
                ("SELECT count(*) FROM invoices", 0),
            ] {
                let found: i64 = sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap();
                assert_eq!(found, rows, "{text}");
            }
        });
    }
}
