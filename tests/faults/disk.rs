//! No space is left.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use guanxi::crm::Executed;
use guanxi::store::postgres::PostgresFault;
use guanxi::store::postgres::sqlx::{self, AssertSqlSafe, Executor as _, PgPool};

use super::base::{buy, buy_at_last, buyer, check, fault, lasting, open, shop, store_error};
use super::binaries::say_not_tested;
use super::server::{Server, hasty_pool, pool_of};
use super::shop::run;

/// A small disk, in memory.
struct Disk(PathBuf);

impl Disk {
    /// `None` if there can be none, which is said.
    fn mount(server: &Server, name: &str, megabytes: u32) -> Option<Self> {
        let path = server.folder().join(name);
        fs::create_dir(&path).unwrap();
        let size = format!("size={megabytes}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path);
        let why = match mount.output() {
            Ok(done) if done.status.success() => {
                let disk = Self(path);
                server.give(disk.path());
                return Some(disk);
            }
            Ok(done) => String::from_utf8_lossy(&done.stderr).into_owned(),
            Err(error) => error.to_string(),
        };
        let what = format!("the PostgreSQL store without space for its {name}");
        say_not_tested(&what, &format!("This user or machine may mount no small disk: {why}"));
        None
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A server that still runs keeps it; it goes when nobody needs it any more.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Takes all the space there is.
async fn fill(pool: &PgPool) {
    pool.execute("CREATE TABLE junk (what text) TABLESPACE small").await.unwrap();
    pool.execute("ALTER TABLE junk ALTER what SET STORAGE PLAIN").await.unwrap();
    // A page each.
    const MORE: &str = "INSERT INTO junk SELECT repeat('x', 8000) FROM generate_series(1, $1)";
    for pages in [64_i32, 8, 1] {
        let full = loop {
            match sqlx::query(MORE).bind(pages).execute(pool).await {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        let code = full.as_database_error().and_then(|error| error.code()).unwrap().into_owned();
        assert_eq!(code, "53100", "{full:?}");
    }
}

/// All that is left, of what is not the server's.
fn fill_up(path: &Path) {
    let mut file = File::create(path).unwrap();
    for bytes in [1 << 16, 1 << 12] {
        while file.write_all(&vec![0; bytes]).is_ok() {}
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn on_a_full_disk_commits_are_refused_whole_and_go_on_when_there_is_space_again() {
    let Some(server) = Server::start("disk") else { return };
    let Some(disk) = Disk::mount(&server, "tables", 8) else { return };
    run(async {
        let host = server.pool(1);
        let location = disk.path().to_str().unwrap();
        let make = format!("CREATE TABLESPACE small LOCATION '{location}'");
        host.execute(AssertSqlSafe(make)).await.unwrap();
        let options = server.options().options([("default_tablespace", "small")]);
        let crm = open(pool_of(options, 2), shop()).await;
        buy_at_last(&crm, buyer("before"), "before").await;
        fill(&host).await;

        // There is still room on pages that have been begun.
        let mut entries = 1;
        let (name, error) = loop {
            let name = format!("nth {entries}");
            match buy(&crm, buyer(&name), &name).await {
                Ok(_) => entries += 1,
                Err(error) => break (name, error),
            }
        };
        let PostgresFault::Full(report) = lasting(&error) else { panic!("{error:?}") };
        assert_eq!(report.code(), "53100");
        let again = buy(&crm, buyer(&name), &name).await.unwrap_err();
        assert!(matches!(lasting(&again), PostgresFault::Full(_)), "{again:?}");
        assert!(crm.customer(buyer(&name)).await.unwrap().is_none(), "there by half");
        check(&crm, entries).await;
        println!("{entries} entries until no space was left");

        host.execute("DROP TABLE junk").await.unwrap();
        buy_at_last(&crm, buyer(&name), &name).await;
        check(&crm, entries + 1).await;
    });
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn a_server_without_space_for_its_log_keeps_what_was_acknowledged() {
    let Some(mut server) = Server::prepare("log") else { return };
    let Some(disk) = Disk::mount(&server, "log of changes", 12) else { return };
    let (log, junk) = (disk.path().join("wal"), disk.path().join("junk"));
    // Files of one megabyte, the smallest there are.
    server.init(&["--wal-segsize=1", "-X", log.to_str().unwrap()]);
    for setting in ["min_wal_size=2MB", "max_wal_size=4MB", "wal_recycle=off"] {
        server.set(setting);
    }
    server.start_again();
    run(async {
        let host = hasty_pool(server.options(), 1);
        let crm = open(hasty_pool(server.options(), 1), shop()).await;
        buy_at_last(&crm, buyer("before"), "before").await;
        fill_up(&junk);
        let mut entries = 1;
        let (name, error) = loop {
            let name = format!("nth {entries}");
            match buy(&crm, buyer(&name), &name).await {
                Ok(_) => entries += 1,
                Err(error) => break (name, error),
            }
            // The next entry needs a new file.
            let _ = host.execute("SELECT pg_switch_wal()").await;
        };
        // Whoever needed the file is told so, and everybody else that the server is gone.
        let fault = fault(store_error(&error));
        let is_expected = matches!(
            fault,
            PostgresFault::Full(_)
                | PostgresFault::Unreachable(_)
                | PostgresFault::NotServing(_)
                | PostgresFault::NoConnection
        );
        assert!(is_expected, "{fault:?}");
        println!("{entries} entries until no space was left: {fault:?}");

        fs::remove_file(&junk).unwrap();
        server.stop_if_it_runs();
        server.start_again();
        let crm = open(server.pool(1), shop()).await;
        for nth in 1..entries {
            let name = format!("nth {nth}");
            let again = buy(&crm, buyer(&name), &name).await.unwrap();
            assert_eq!(again, Executed::Replayed { revision: 1 }, "acknowledged, and not there");
        }
        // Of the last one nobody knew.
        buy(&crm, buyer(&name), &name).await.unwrap();
        check(&crm, entries + 1).await;
    });
}
