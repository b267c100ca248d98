//! Trouble with the database file: one clear sentence each, and nothing damaged.

use std::fs;

use guanxi::store::sqlite::sqlx::{self, Connection as _, SqliteConnection};
use serde_json::json;

use super::program::{BUNDLED, DATABASE, Folder, of_bundled, part_of_bundled};

const LOG: &str = "customer_id,date,amount\na,2024-01-02,1.00\n";
const LONGER: &str = "customer_id,date,amount\na,2024-01-02,1.00\na,2024-01-03,1.00\n";

/// Carries out statements on a database file in the folder, while `then` runs.
fn with_statements<T>(
    folder: &Folder,
    name: &str,
    sql: &'static str,
    then: impl FnOnce() -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path(name))
        .create_if_missing(true);
    let mut connection = runtime.block_on(SqliteConnection::connect_with(&options)).unwrap();
    runtime.block_on(sqlx::raw_sql(sql).execute(&mut connection)).unwrap();
    let result = then();
    runtime.block_on(connection.close()).unwrap();
    result
}

fn execute(folder: &Folder, name: &str, sql: &'static str) {
    with_statements(folder, name, sql, || ());
}

/// A folder with a short log and its database.
fn imported(test: &str) -> Folder {
    let folder = Folder::new(test);
    folder.write("log.csv", LOG);
    folder.write("longer.csv", LONGER);
    folder.report(&["log.csv"]);
    folder
}

fn bytes(folder: &Folder, name: &str) -> Vec<u8> {
    fs::read(folder.path(name)).unwrap()
}

#[test]
fn what_is_no_database_of_ours_is_left_as_it_is() {
    let folder = Folder::new("not_ours");
    folder.write("log.csv", LOG);
    folder.write("sheet.db", "name,age\nAda,36\n");
    folder.write("short.db", "SQLite");
    folder.write("picture.db", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01");
    folder.write("head.db", [&b"SQLite format 3\0"[..], &[0xaa; 8192]].concat());
    execute(
        &folder,
        "other.db",
        "CREATE TABLE plants (name TEXT); INSERT INTO plants VALUES ('fern')",
    );
    execute(
        &folder,
        "other-wal.db",
        "PRAGMA journal_mode = WAL; CREATE TABLE guanxis (name TEXT); CREATE INDEX guanxi_x ON guanxis (name)",
    );
    execute(&folder, "version.db", "PRAGMA user_version = 3");
    execute(&folder, "application.db", "PRAGMA application_id = 7");
    for (name, said) in [
        ("sheet.db", "is not a database"),
        ("short.db", "is not a database"),
        ("picture.db", "is not a database"),
        ("head.db", "is not a database"),
        ("other.db", "is the database of another program"),
        ("other-wal.db", "is the database of another program"),
        ("version.db", "is the database of another program"),
        ("application.db", "is the database of another program"),
    ] {
        let (before, names) = (bytes(&folder, name), folder.names());
        let sentence = folder.refusal(1, &["log.csv", "--db", name]);
        let end = format!("`{name}` {said}, and is left as it is; `--db` names another file");
        assert_eq!(sentence, end);
        assert!(bytes(&folder, name) == before, "{name}: damaged");
        assert_eq!(folder.names(), names, "{name}");
    }
}

#[test]
fn an_empty_file_becomes_a_database() {
    let folder = Folder::new("empty_file");
    folder.write("log.csv", LOG);
    folder.write("empty.db", "");
    execute(&folder, "dropped.db", "CREATE TABLE plants (name TEXT); DROP TABLE plants");
    for name in ["empty.db", "dropped.db"] {
        folder.report(&["log.csv", "--db", name]);
    }
    assert_eq!(folder.names(), ["dropped.db", "empty.db", "log.csv"]);
}

#[test]
fn tables_of_a_host_may_stand_beside_ours() {
    let folder = imported("beside_ours");
    execute(&folder, DATABASE, "CREATE TABLE plants (name TEXT)");
    assert!(folder.report(&["longer.csv", "--verify"]).contains("1 new, 1 there already"));
}

#[test]
fn the_sample_does_not_come_to_the_customers_of_a_host() {
    let folder = imported("of_a_host");
    execute(&folder, DATABASE, "UPDATE guanxi_customers SET tenant = zeroblob(16)");
    let before = bytes(&folder, DATABASE);
    let sentence = folder.refusal(1, &["--db", DATABASE]);
    let said = "has no customers that this program imported; give the log to import as well";
    assert_eq!(sentence, format!("`{DATABASE}` {said}"));
    assert!(bytes(&folder, DATABASE) == before);
}

#[test]
fn a_file_needs_a_place() {
    let folder = Folder::new("no_place");
    folder.write("log.csv", LOG);
    fs::create_dir(folder.path("folder")).unwrap();
    for (name, said) in [
        ("folder", "`folder` is a folder, not a database"),
        ("nowhere/a.db", "there is no folder `nowhere` to make the database in"),
        ("log.csv/a.db", "there is no folder `log.csv` to make the database in"),
        ("nosuch/", "there is no folder `nosuch/` to make the database in"),
    ] {
        assert_eq!(folder.refusal(1, &["log.csv", "--db", name]), said);
        assert_eq!(folder.names(), ["folder", "log.csv"]);
    }
}

#[test]
fn the_files_of_a_run_are_not_one() {
    let folder = Folder::new("files_of_a_run");
    folder.write("log.csv", LOG);
    folder.write("log.csv-wal", LOG);
    let in_use = "is in use already, so";
    for (arguments, said) in [
        (&["log.csv", "--db", "./log.csv"][..], "cannot be the database"),
        (&["log.csv-wal", "--db", "log.csv"], "cannot be the database"),
        (&["log.csv", "--db", "./portfolio-rejects.csv"], "cannot be the database"),
        (&["log.csv", "--rejects", "a.db-shm", "--db", "a.db"], "cannot be the database"),
        (&["log.csv", "--json", "./guanxi-portfolio.db"], "JSON cannot be written"),
        (&["log.csv", "--json", "guanxi-portfolio.db-wal"], "JSON cannot be written"),
        (&["log.csv", "--json", "a", "--db", ".a.part"], "JSON cannot be written"),
    ] {
        let sentence = folder.refusal(1, arguments);
        assert!(sentence.contains(in_use) && sentence.contains(said), "{sentence}");
        assert_eq!(folder.names(), ["log.csv", "log.csv-wal"], "{arguments:?}");
    }
    let sentence = folder.refusal(2, &["log.csv", "--db", "log.csv"]);
    assert_eq!(sentence, "`--db` names a file that is in use already");
}

#[test]
fn amounts_of_two_currencies_are_not_added() {
    let folder = imported("two_currencies");
    let before = bytes(&folder, DATABASE);
    let sentence = folder.refusal(1, &["longer.csv", "--currency", "EUR", "--json", "a.json"]);
    assert!(sentence.contains("keeps amounts in USD and the log has them in EUR"), "{sentence}");
    assert!(bytes(&folder, DATABASE) == before);
    assert_eq!(folder.names(), [DATABASE, "log.csv", "longer.csv"]);
}

#[test]
fn a_newer_database_is_left_as_it_is() {
    let folder = imported("newer");
    execute(&folder, DATABASE, "INSERT INTO guanxi_migrations (number, name) VALUES (99, 'later')");
    let before = bytes(&folder, DATABASE);
    let sentence = folder.refusal(1, &["longer.csv"]);
    assert!(sentence.contains("was written by a newer version of this program"), "{sentence}");
    assert!(bytes(&folder, DATABASE) == before);
}

#[test]
fn a_locked_database_is_not_waited_for_for_ever() {
    let folder = imported("locked");
    let said = format!("`{DATABASE}` is locked by another program; try again when it has finished");
    with_statements(&folder, DATABASE, "BEGIN IMMEDIATE", || {
        assert_eq!(folder.refusal(1, &["longer.csv"]), said);
        // What is there already can be read.
        assert!(folder.report(&["log.csv"]).contains("nothing has changed"));
    });
    let all = "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE";
    with_statements(&folder, "new.db", all, || {
        let sentence = folder.refusal(1, &["longer.csv", "--db", "new.db"]);
        assert_eq!(sentence, said.replace(DATABASE, "new.db"));
    });
    let answers = folder.answers(&["longer.csv", "--verify"]);
    assert_eq!(answers["totals"]["monetary"], "2.00");
}

#[test]
fn a_damaged_database_is_told_and_left_as_it_is() {
    let folder = Folder::new("damaged");
    folder.write("log.csv", part_of_bundled());
    folder.report(&["log.csv"]);
    let sound = bytes(&folder, DATABASE);
    let third = sound.len() / 3;
    let overwritten = |from: usize, length: usize| {
        let mut bytes = sound.clone();
        bytes[from..from + length].fill(0xaa);
        bytes
    };
    let damages = [
        overwritten(third, third),
        overwritten(8192, sound.len() - 8192),
        sound[..third].to_vec(),
        sound[..sound.len() - 4096].to_vec(),
    ];
    for (place, damaged) in damages.into_iter().enumerate() {
        folder.write(DATABASE, &damaged);
        let sentence = folder.refusal(1, &["log.csv"]);
        let said = format!("`{DATABASE}` is damaged, and is left as it is");
        assert!(sentence.starts_with(&said), "{place}: {sentence}");
        assert!(bytes(&folder, DATABASE) == damaged, "{place}");
        folder.begin_anew();
    }
    // The sentence says what to do.
    folder.report(&["log.csv", "--db", "another.db"]);
    folder.write(DATABASE, &sound);
    folder.report(&["log.csv", "--verify"]);
}

#[test]
fn what_does_not_fit_together_is_found_by_looking_for_it() {
    let folder = imported("unsound");
    execute(&folder, DATABASE, "UPDATE guanxi_customers SET stage = 'lost'");
    folder.report(&["log.csv"]);
    let ran = folder.run(&["log.csv", "--verify", "--json", "a.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    let lines: Vec<&str> = ran.err.lines().collect();
    let is_named =
        lines[0].starts_with("flaw: customer `a` (") && lines[0].contains("): its column");
    assert!(is_named, "{}", ran.err);
    assert_eq!(
        lines[1..],
        ["error: not everything in `guanxi-portfolio.db` fits together; flaws found: 1"]
    );
    assert_eq!(folder.names(), [DATABASE, "log.csv", "longer.csv"]);

    // Documents that say nothing are told one by one, too.
    execute(&folder, DATABASE, "UPDATE guanxi_parts SET document = '{}'");
    let sentence = folder.refusal(1, &["log.csv"]);
    let start = "`guanxi-portfolio.db` is damaged: customer `a` (";
    let end = ") cannot be read; import into another file with `--db`, or go back to a copy";
    assert!(sentence.starts_with(start) && sentence.ends_with(end), "{sentence}");
    let ran = folder.run(&["log.csv", "--verify"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with("flaw: customer `a` ("), "{}", ran.err);
}

#[test]
fn a_damaged_journal_is_told_when_it_is_looked_into() {
    let folder = imported("damaged_journal");
    execute(&folder, DATABASE, "UPDATE guanxi_journal SET document = '{}'");
    let sentence = folder.refusal(1, &["longer.csv", "--as-of", "2024-01-02"]);
    assert!(sentence.contains(" is damaged: customer `a` ("), "{sentence}");
}

/// A program that runs out of space, of either kind: on a disk of its own, or where the system lets
/// nobody have one, by the longest file it may write.
#[cfg(unix)]
mod space {
    use std::process::Command;

    use super::*;
    use crate::portfolio::program::{Ran, SAMPLE_DATABASE, program};

    const ON_A_DISK: &str = "mount -t tmpfs -o size=6m none disk && cd disk && \
        { \"$@\"; code=$?; cp -p * ../kept; exit $code; }";
    const IN_A_FILE: &str = "trap '' XFSZ; ulimit -f 16000; cd kept && exec \"$@\"";

    /// Whether a disk can be had.
    fn has_disks(folder: &Folder) -> bool {
        let mut command = Command::new("unshare");
        command.args(["-rm", "mount", "-t", "tmpfs", "none"]).arg(folder.path("disk"));
        command.output().is_ok_and(|output| output.status.success())
    }

    #[test]
    fn a_full_disk_keeps_what_is_there() {
        let folder = Folder::new("full_disk");
        fs::create_dir(folder.path("disk")).unwrap();
        fs::create_dir(folder.path("kept")).unwrap();
        let (mut command, said) = if has_disks(&folder) {
            let mut command = Command::new("unshare");
            command.args(["-rm", "sh", "-c", ON_A_DISK, "sh"]);
            (command, format!("no space is left for `{SAMPLE_DATABASE}`"))
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", IN_A_FILE, "sh"]);
            (command, format!("the disk does not read or write `{SAMPLE_DATABASE}`"))
        };
        let output = command.arg(program()).current_dir(folder.path(".")).output().unwrap();
        let end = "; what is in it stays, and the same command goes on from there";
        assert_eq!(Ran::of(output).sentence(1), said + end);

        let database = format!("kept/{SAMPLE_DATABASE}");
        let arguments = [BUNDLED, "--db", &database, "--verify", "--json", "answers.json"];
        let report = folder.report(&arguments);
        assert!(!report.contains(" 0 there already") && report.contains(" new, "), "{report}");
        assert!(folder.read("answers.json") == of_bundled().1);
    }
}

/// Whoever owns everything may write everything; so there the program runs as nobody.
#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    use super::*;
    use crate::portfolio::program::Ran;

    const NOBODY: u32 = 65_534;

    fn set_mode(folder: &Folder, name: &str, mode: u32) {
        fs::set_permissions(folder.path(name), Permissions::from_mode(mode)).unwrap();
    }

    /// The sentence that whoever may not do everything is told.
    fn refusal(folder: &Folder, arguments: &[&str]) -> String {
        let mut command = folder.command(arguments);
        if fs::metadata(folder.path(".")).unwrap().uid() == 0 {
            command.uid(NOBODY);
        }
        Ran::of(command.output().unwrap()).sentence(1)
    }

    #[test]
    fn a_pipe_and_a_device_keep_nothing() {
        let folder = Folder::new("pipe");
        folder.write("log.csv", LOG);
        assert!(
            std::process::Command::new("mkfifo")
                .arg(folder.path("pipe"))
                .status()
                .unwrap()
                .success()
        );
        for name in ["pipe", "/dev/null"] {
            let sentence = folder.refusal(1, &["log.csv", "--db", name]);
            assert!(sentence.starts_with(&format!("`{name}` is not a database")), "{sentence}");
        }
    }

    #[test]
    fn a_link_to_nowhere_is_no_place() {
        let folder = Folder::new("link_to_nowhere");
        folder.write("log.csv", LOG);
        std::os::unix::fs::symlink("elsewhere.db", folder.path("link.db")).unwrap();
        for arguments in [&["log.csv", "--db", "link.db"][..], &["--db", "link.db"]] {
            let sentence = folder.refusal(1, arguments);
            assert_eq!(sentence, "`link.db` is a link to a file that is not there");
        }
        assert_eq!(folder.names(), ["link.db", "log.csv"]);
        // A link to a database is as good as the database.
        folder.report(&["log.csv", "--db", "elsewhere.db"]);
        assert!(folder.report(&["--db", "link.db"]).contains("nothing is imported"));
    }

    #[test]
    fn what_may_not_be_written_is_told() {
        let folder = imported("read_only");
        let before = bytes(&folder, DATABASE);
        set_mode(&folder, ".", 0o777);
        set_mode(&folder, DATABASE, 0o444);
        let said = format!(
            "`{DATABASE}` cannot be written: the file, its folder, or `{DATABASE}-wal` or \
             `{DATABASE}-shm` beside it is read-only"
        );
        assert_eq!(refusal(&folder, &["longer.csv"]), said);

        // As a reader leaves them who may not write the file.
        set_mode(&folder, DATABASE, 0o666);
        let beside = [("-wal", 0), ("-shm", 0x8000)];
        let beside = beside.map(|(end, length)| (format!("{DATABASE}{end}"), length));
        for (name, length) in &beside {
            folder.write(name, vec![0; *length]);
            set_mode(&folder, name, 0o444);
        }
        assert_eq!(refusal(&folder, &["longer.csv"]), said);
        beside.iter().for_each(|(name, _)| fs::remove_file(folder.path(name)).unwrap());

        set_mode(&folder, ".", 0o555);
        assert_eq!(refusal(&folder, &["longer.csv"]), said);
        let sentence = refusal(&folder, &["longer.csv", "--db", "new.db"]);
        assert_eq!(sentence, "`new.db` cannot be opened, or its folder not written");

        set_mode(&folder, DATABASE, 0o000);
        assert_eq!(
            refusal(&folder, &["longer.csv"]),
            format!("no permission to read `{DATABASE}`")
        );
        set_mode(&folder, ".", 0o755);
        set_mode(&folder, DATABASE, 0o644);
        assert!(bytes(&folder, DATABASE) == before);
        assert_eq!(folder.answers(&["longer.csv"])["totals"]["accepted"], json!(2));
    }
}
