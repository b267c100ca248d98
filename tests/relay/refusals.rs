//! What is no base, no sink and no cursor: one clear sentence each, and nothing is touched.

use std::fs;

use guanxi::store::sqlite::sqlx::{self, ConnectOptions as _, Connection as _};

use super::base::{TENANT, fill, run};
use super::program::{Folder, RELAY, Ran};

#[test]
fn the_demonstration_shows_entries_at_once() {
    let folder = Folder::new("demonstration");
    let Ran { code, out, err } = folder.run(&[]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("`guanxi-relay.db` is made") && err.contains("done: "), "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines.len() > 12, "{out}");
    for line in &lines {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
    // As often as one likes, and to a file as well.
    let again = folder.run(&[]);
    assert_eq!((again.code, again.out), (Some(0), out.clone()));
    folder.run(&["--to", "out"]);
    assert_eq!(folder.read("out"), out);
}

#[test]
fn what_is_no_base_is_left_as_it_is() {
    let folder = Folder::new("no_base");
    folder.write("text.db", "no database at all, but more than a few bytes of it\n");
    folder.write("empty.db", "");
    fs::create_dir(folder.path("folder")).unwrap();
    run(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new();
        let options = options.filename(folder.path("other.db")).create_if_missing(true);
        let mut other = options.connect().await.unwrap();
        sqlx::raw_sql("CREATE TABLE notes (text)").execute(&mut other).await.unwrap();
        other.close().await.unwrap();
    });
    for (name, said) in [
        ("missing.db", "there is no database `missing.db`"),
        ("folder", "`folder` is a folder"),
        ("text.db", "`text.db` is not a database of this library"),
        ("empty.db", "`empty.db` is not a database of this library"),
        ("other.db", "`other.db` is not a database of this library"),
    ] {
        let before = fs::read(folder.path(name)).ok();
        let sentence = folder.refusal(1, &["--db", name, "--tenant", TENANT, "--to", "out"]);
        assert!(sentence.contains(said), "{sentence}");
        assert_eq!(fs::read(folder.path(name)).ok(), before, "{name}");
        assert!(!folder.path("out").exists(), "{name}");
    }
}

#[test]
fn what_is_no_sink_is_left_as_it_is() {
    let folder = Folder::new("no_sink");
    fill(&folder.path("crm.db"), 0..3);
    fs::create_dir(folder.path("folder")).unwrap();
    let said = |to: &str| folder.refusal(1, &["--db", "crm.db", "--tenant", TENANT, "--to", to]);
    assert!(said("folder").contains("`folder` is a folder"));
    assert!(said("nowhere/out").contains("there is no folder `nowhere`"));
    for foreign in
        ["notes", "notes\n", "notes\n\n", "{\"tenant\":\"x\"", "{\"tenant\":\"x\"}\n", "{}\n{\"t"]
    {
        folder.write("notes", foreign);
        assert!(said("notes").contains("something else in it"), "{foreign}");
        assert_eq!(folder.read("notes"), foreign);
    }
}

#[test]
fn what_is_no_cursor_file_is_told() {
    let folder = Folder::new("no_cursor");
    fill(&folder.path("crm.db"), 0..3);
    fs::create_dir(folder.path("folder")).unwrap();
    let with = |file| [&RELAY[..], &["--cursor", file]].concat();
    assert!(folder.refusal(1, &with("folder")).contains("`folder` is a folder"));
    let sentence = folder.refusal(1, &with("nowhere/cursor"));
    assert!(sentence.contains("cannot note the cursor in `nowhere/cursor`"), "{sentence}");
}

#[test]
fn a_tenant_without_entries_is_told_of() {
    let folder = Folder::new("no_entries");
    fill(&folder.path("crm.db"), 0..3);
    let Ran { code, out, err } = folder.run(&["--db", "crm.db", "--tenant", "misspelt"]);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    assert!(err.contains("there is nothing to deliver now of tenant"), "{err}");
}

#[test]
fn options_that_cannot_be_followed_end_with_their_own_code() {
    let folder = Folder::new("options");
    assert!(folder.refusal(2, &["--page", "0"]).contains("`--page`"));
    assert!(folder.refusal(2, &["--db", "crm.db"]).contains("go together"));
    assert!(folder.run(&["--help"]).out.contains("--follow"));
}
