//! C13: what is erased is gone from the bytes of the files.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use guanxi::crm::{CrmError, Executed, Job};
use guanxi::profile::{ContactKind, ContactPoint, Party, Person, ProfileCommand};
use guanxi::store::Erase;
use guanxi::store::sqlite::sqlx::{self, Connection};
use guanxi::store::sqlite::{SqliteFault, SqliteOptions, SqliteStore};
use guanxi::{Command, Crm};

use super::base::{
    Folder, books, connect, context, customer, fault, key, link, noon, open, order, run, shop,
};

/// Every byte that the store has on the disk.
fn bytes(folder: &Folder) -> Vec<u8> {
    let mut all = Vec::new();
    for file in folder.files() {
        all.extend(fs::read(file).unwrap());
    }
    all
}

/// Every byte of the temporary files that this process still holds, most of which have no name any more.
#[cfg(target_os = "linux")]
fn temporary_bytes() -> Vec<u8> {
    let mut all = Vec::new();
    for handle in fs::read_dir("/proc/self/fd").unwrap() {
        let path = handle.unwrap().path();
        let target = fs::read_link(&path).unwrap_or_default();
        if target.to_string_lossy().contains("etilqs") {
            all.extend(fs::read(&path).unwrap_or_default());
        }
    }
    all
}

#[cfg(not(target_os = "linux"))]
fn temporary_bytes() -> Vec<u8> {
    Vec::new()
}

/// Ends every personal value here, after the number of the customer.
const MARKER: &str = "Zhenshi";

/// The numbers of the customers of whom a value is somewhere in the bytes.
fn told_of(bytes: &[u8]) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for (place, window) in bytes.windows(MARKER.len()).enumerate() {
        if window == MARKER.as_bytes() {
            let digits = std::str::from_utf8(&bytes[place - 5..place]).unwrap();
            found.insert(digits.parse().unwrap());
        }
    }
    found
}

/// Whether the marker lies about in a form that [`told_of`] does not see: in UTF-16 of either order, or
/// in hexadecimal.
fn disguised(bytes: &[u8]) -> bool {
    let hex = |upper: bool| {
        let digit = |byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        MARKER.bytes().map(digit).collect::<String>().into_bytes()
    };
    let forms: [Vec<u8>; 4] = [
        MARKER.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        MARKER.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex(false),
        hex(true),
    ];
    forms.iter().any(|form| bytes.windows(form.len()).any(|window| window == form))
}

fn values(nth: u32) -> [String; 4] {
    ["Name", "Work", "Mail", "Key"].map(|what| format!("{what}{nth:05}{MARKER}"))
}

/// What makes the profile of one customer, in the order of time.
fn profile(nth: u32) -> Vec<Command> {
    let [name, work, mail, key] = values(nth);
    let email = |text: String| ContactPoint::new(ContactKind::Email, text).unwrap();
    let person = Person::new(name).unwrap().with_occupation(work).unwrap();
    vec![
        ProfileCommand::Identify(Party::Person(person)).into(),
        ProfileCommand::AddContact(email(format!("{mail}@example.com"))).into(),
        link(&key),
    ]
}

/// The three steps of everybody's profile, one after the other, and orders of some in between.
async fn fill(crm: &Crm<SqliteStore>, customers: u32) {
    let at = noon("01-01");
    for step in 0..3 {
        let mut jobs = Vec::new();
        for nth in 0..customers {
            let id = customer(&nth.to_string());
            let named = |what: &str| context(at, &format!("{nth} {step} {what}"));
            jobs.push(Job::new(id, profile(nth).remove(step), named("profile")));
            if nth % 3 == 0 {
                jobs.push(Job::new(id, order(at), named("order")));
            }
        }
        for page in jobs.chunks(500) {
            for answer in crm.execute_many(page).await.unwrap() {
                assert!(matches!(answer, Ok(Executed::Recorded(_))));
            }
        }
    }
}

fn erased_of(all: &BTreeSet<u32>) -> BTreeSet<u32> {
    all.iter().copied().filter(|nth| nth % 7 == 3).collect()
}

#[test]
fn nothing_erased_is_left_in_the_files() {
    let folder = Folder::new("erasure-bytes");
    run(async {
        let crm = open(&folder).await;
        fill(&crm, 100).await;
        let all: BTreeSet<u32> = (0..100).collect();
        assert_eq!(told_of(&bytes(&folder)), all);
        let erased = erased_of(&all);
        for nth in &erased {
            let now = context(noon("02-01"), &format!("{nth} erase"));
            crm.erase(customer(&nth.to_string()), &now).await.unwrap();
        }
        let after = bytes(&folder);
        assert_eq!(told_of(&after), all.difference(&erased).copied().collect());
        assert!(!disguised(&after));
    });
}

/// SQLite overwrites what it deletes, but not the copies in pages that a row was moved out of.
#[test]
fn no_copy_of_a_moved_row_is_left_either() {
    let folder = Folder::new("erasure-copies");
    run(async {
        let crm = open(&folder).await;
        fill(&crm, 3_000).await;
        let all: BTreeSet<u32> = (0..3_000).collect();
        let erased = erased_of(&all);
        let mut connection = connect(&folder).await;
        let overwrite = "PRAGMA secure_delete = ON";
        sqlx::query(overwrite).execute(&mut connection).await.unwrap();
        for nth in &erased {
            let id = customer(&nth.to_string()).uuid();
            for statement in [
                "DELETE FROM guanxi_personal_parts WHERE tenant = ? AND customer = ?",
                "DELETE FROM guanxi_claims WHERE tenant = ? AND customer = ?",
            ] {
                let ids = [shop().uuid(), id].map(|id| id.as_bytes().to_vec());
                let query = ids.into_iter().fold(sqlx::query(statement), sqlx::query::Query::bind);
                query.execute(&mut connection).await.unwrap();
            }
        }
        let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
        sqlx::query(emptied).execute(&mut connection).await.unwrap();
        let copies = told_of(&bytes(&folder)).intersection(&erased).count();
        assert!(copies > 0, "without copies this proves nothing");

        crm.store().forget(shop(), &[customer("3")]).await.unwrap();
        assert_eq!(told_of(&bytes(&folder)), all.difference(&erased).copied().collect());
        assert_eq!(told_of(&temporary_bytes()), BTreeSet::new());
    });
}

#[test]
fn while_somebody_reads_an_earlier_state_it_is_not_erased_yet() {
    let folder = Folder::new("erasure-busy");
    run(async {
        let options = SqliteOptions::new(folder.file()).with_busy_timeout(Duration::from_millis(1));
        let crm = Crm::new(options.open().await.unwrap(), shop(), books());
        fill(&crm, 5).await;
        let mut reader = connect(&folder).await;
        let mut reading = reader.begin().await.unwrap();
        let count = "SELECT count(*) FROM guanxi_customers";
        sqlx::query(count).fetch_one(&mut *reading).await.unwrap();

        let (id, now) = (customer("3"), context(noon("02-01"), "erase"));
        let error = match crm.erase(id, &now).await.unwrap_err() {
            CrmError::Store(error) => error,
            other => panic!("{other:?}"),
        };
        assert!(error.is_transient());
        assert!(matches!(fault(&error), SqliteFault::StillRead), "{error:?}");
        assert!(told_of(&bytes(&folder)).contains(&3));

        // Asked again, it goes on.
        reading.rollback().await.unwrap();
        assert!(matches!(crm.erase(id, &now).await.unwrap(), Executed::Replayed { .. }));
        assert_eq!(told_of(&bytes(&folder)), BTreeSet::from([0, 1, 2, 4]));
    });
}

/// A reader from before or after the log was emptied: SQLite lets go of the log in one case at the first
/// step, in the other at the last.
#[test]
fn however_often_it_is_asked_while_somebody_reads_the_log_does_not_grow() {
    for empties_before in [false, true] {
        let folder = Folder::new(&format!("erasure-log-{empties_before}"));
        run(async {
            let options =
                SqliteOptions::new(folder.file()).with_busy_timeout(Duration::from_millis(1));
            let crm = Crm::new(options.open().await.unwrap(), shop(), books());
            fill(&crm, 50).await;
            let now = context(noon("02-01"), "erase");
            let mut reader = connect(&folder).await;
            if empties_before {
                crm.erase(customer("4"), &context(noon("01-31"), "erase 4")).await.unwrap();
            }
            let mut reading = reader.begin().await.unwrap();
            let count = "SELECT count(*) FROM guanxi_customers";
            sqlx::query(count).fetch_one(&mut *reading).await.unwrap();
            crm.erase(customer("3"), &now).await.unwrap_err();

            let log = folder.file().with_file_name("crm.db-wal");
            let mut sizes = Vec::new();
            for _ in 0..3 {
                let error = crm.store().forget(shop(), &[customer("3")]).await.unwrap_err();
                assert!(matches!(fault(&error), SqliteFault::StillRead), "{error:?}");
                assert!(error.is_transient());
                sizes.push(fs::metadata(&log).unwrap().len());
            }
            assert!(sizes[0] > 0, "without a log this proves nothing");
            assert_eq!(sizes, [sizes[0]; 3]);

            reading.rollback().await.unwrap();
            crm.store().forget(shop(), &[customer("3")]).await.unwrap();
            assert!(!told_of(&bytes(&folder)).contains(&3));
            assert_eq!(fs::metadata(&log).unwrap().len(), 0);
        });
    }
}

#[test]
fn samples_of_keys_are_erased_too_and_a_hosts_own_stay() {
    let folder = Folder::new("erasure-analyze");
    run(async {
        let crm = open(&folder).await;
        fill(&crm, 40).await;
        let mut host = connect(&folder).await;
        let prepared = "CREATE TABLE invoices (number INTEGER, payer TEXT); \
            CREATE INDEX payers ON invoices (payer); \
            INSERT INTO invoices VALUES (1, 'somebody'), (2, 'nobody'); \
            CREATE INDEX documents ON guanxi_personal_parts (document); ANALYZE";
        sqlx::raw_sql(prepared).execute(&mut host).await.unwrap();
        let about = "SELECT tbl LIKE 'guanxi%', count(*) FROM sqlite_stat4 \
            WHERE tbl IN ('guanxi_claims', 'guanxi_personal_parts', 'invoices') GROUP BY 1";
        let before: Vec<(bool, i64)> = sqlx::query_as(about).fetch_all(&mut host).await.unwrap();
        assert_eq!(before.len(), 2, "without samples this proves nothing");

        assert!(!told_of(&bytes(&folder)).is_empty());
        for nth in 0..40 {
            let now = context(noon("02-01"), &format!("{nth} erase"));
            crm.erase(customer(&nth.to_string()), &now).await.unwrap();
        }
        assert_eq!(told_of(&bytes(&folder)), BTreeSet::new());
        let after: Vec<(bool, i64)> = sqlx::query_as(about).fetch_all(&mut host).await.unwrap();
        assert_eq!(after, before[..1]);
    });
}

#[test]
fn no_fingerprint_of_an_erased_command_is_left_in_the_files() {
    let folder = Folder::new("erasure-fingerprints");
    run(async {
        let crm = open(&folder).await;
        fill(&crm, 30).await;
        let personal = "SELECT fingerprint FROM guanxi_journal WHERE customer = ? AND personal";
        let id = customer("3");
        let query = sqlx::query_scalar(personal).bind(id.uuid().as_bytes().to_vec());
        let fingerprints: Vec<Vec<u8>> =
            query.fetch_all(&mut connect(&folder).await).await.unwrap();
        assert_eq!(fingerprints.len(), 3);
        let left = |bytes: &[u8]| {
            let is_left = |it: &&Vec<u8>| bytes.windows(it.len()).any(|window| window == **it);
            fingerprints.iter().filter(is_left).count()
        };
        assert_eq!(left(&bytes(&folder)), 3);
        crm.erase(id, &context(noon("02-01"), "erase")).await.unwrap();
        assert_eq!(left(&bytes(&folder)), 0);
    });
}

/// Else the emptying of a table would be the end of all rows that refer to it.
#[test]
fn a_hosts_rows_that_refer_to_others_stay() {
    let folder = Folder::new("erasure-references");
    run(async {
        let crm = open(&folder).await;
        fill(&crm, 5).await;
        let mut host = connect(&folder).await;
        let prepared = "CREATE TABLE links (tenant BLOB, system TEXT, key TEXT, \
                FOREIGN KEY (tenant, system, key) REFERENCES guanxi_claims ON DELETE CASCADE); \
            INSERT INTO links SELECT tenant, system, key FROM guanxi_claims; \
            CREATE VIEW names AS SELECT document FROM guanxi_personal_parts";
        sqlx::raw_sql(prepared).execute(&mut host).await.unwrap();
        crm.erase(customer("3"), &context(noon("02-01"), "erase")).await.unwrap();
        for table in ["SELECT count(*) FROM links", "SELECT count(*) FROM names"] {
            let rows: i64 = sqlx::query_scalar(table).fetch_one(&mut host).await.unwrap();
            assert_eq!(rows, 4, "{table}");
        }
        // The store is as it was: what refers to a key goes with it.
        let unlink = ProfileCommand::UnlinkKey(key(&values(2)[3]));
        let now = context(noon("02-02"), "unlink");
        crm.execute(customer("2"), &unlink.into(), &now).await.unwrap();
        let left = "SELECT count(*) FROM links";
        let rows: i64 = sqlx::query_scalar(left).fetch_one(&mut host).await.unwrap();
        assert_eq!(rows, 3);
    });
}
