//! The core decides from what it is given: no clock, no environment, no input or output, no
//! randomness. And one file alone speaks to the calendar crate, so that it can be exchanged.

use super::paths::{Named, find};
use super::source::{self, SourceFile};

/// Parts of `std` that answer differently from run to run, or act on the world.
const EFFECTS: &[(&[&str], &str)] = &[
    (&["std", "env"], "the core reads no environment"),
    (&["std", "fs"], "the core reads and writes no file"),
    (&["std", "net"], "the core opens no connection"),
    (&["std", "process"], "the core starts and ends no process"),
    (&["std", "time", "SystemTime"], "the core has no clock; `now` comes in a Context"),
    (&["std", "time", "Instant"], "the core has no clock; `now` comes in a Context"),
];

/// Storage is where the host's world begins.
const MAY_ACT: &str = "store";

/// Crates, and the only room that may name each; `None` is nobody.
const CRATES: &[(&str, Option<&str>)] = &[
    ("chrono", Some("time")),
    ("chrono_tz", Some("time")),
    ("rand", Some(MAY_ACT)),
    ("fastrand", Some(MAY_ACT)),
    ("getrandom", Some(MAY_ACT)),
];

fn offences(file: &SourceFile) -> Vec<String> {
    let path = &file.path;
    let found = match find(&file.text, &file.module()) {
        Ok(found) => found,
        Err(error) => return vec![format!("{path}: not read as Rust: {error}")],
    };
    let room = file.room();
    let mut all = Vec::new();
    for (name, home) in CRATES {
        if room.as_deref() != *home && found.words.iter().any(|word| word == name) {
            let home = home.map_or("no room".to_owned(), |home| format!("only room `{home}`"));
            all.push(format!("{path}: names `{name}`; {home} may"));
        }
    }
    if room.as_deref() != Some(MAY_ACT) {
        for (effect, reason) in EFFECTS {
            if let Some(named) = found.paths.iter().find(|named| reaches(named, effect)) {
                all.push(format!("{path}: `{}`: {reason}", named.path.join("::")));
            }
        }
    }
    all
}

/// Whether a path is the effect, is inside it, or is a module through which it can be had
/// (`use std::time;` and then `time::Instant::now()`).
fn reaches(named: &Named, effect: &[&str]) -> bool {
    let along = named.path.iter().zip(effect).all(|(segment, part)| segment == part);
    along && (named.path.len() >= effect.len().min(2) || named.open)
}

#[test]
fn the_core_has_no_effects() {
    let offences: Vec<_> = source::all().unwrap().iter().flat_map(offences).collect();
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, offences};

    fn check(path: &str, text: &str) -> Vec<String> {
        offences(&SourceFile::new(path, text))
    }

    #[test]
    fn an_effect_is_seen_however_it_is_written() {
        for text in [
            "use std::env;",
            "use std::{fmt, fs::File};",
            "fn f() -> bool { std::env::var(\"X\").is_ok() }",
            "use std::time::SystemTime;",
            "use std::time::{Duration, Instant};",
            "use std::time;",
            "use std::time::*;",
            "use std::*;",
            "use std as s;",
            "fn f() { dbg!(std::process::id()) }",
            "use std::net::IpAddr;",
            "fn f() -> u8 { rand::random() }",
            "use chrono::NaiveDate;",
            "use chrono_tz::Tz;",
            "#[serde(with = \"chrono::serde::ts_seconds\")] struct S;",
        ] {
            assert!(!check("src/money.rs", text).is_empty(), "not seen: {text}");
            assert!(!check("src/lib.rs", text).is_empty(), "not seen on the front page: {text}");
        }
    }

    #[test]
    fn what_has_no_effect_is_free() {
        for text in [
            "use std::time::Duration;",
            "use std::{fmt, str::FromStr};",
            "struct Instant; fn now(instant: Instant) {}",
            "/// Not `std::env::var`, and no chrono.\nfn env() {}",
            "const S: &str = \"chrono, rand and std::fs\";",
        ] {
            assert_eq!(check("src/money.rs", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn each_exception_is_its_own() {
        assert!(check("src/time.rs", "use chrono::NaiveDate;").is_empty());
        assert!(check("src/time/zone.rs", "use chrono_tz::Tz;").is_empty());
        assert!(!check("src/time.rs", "use std::time::SystemTime;").is_empty());
        assert!(check("src/store/sql.rs", "use std::fs; use std::time::Instant;").is_empty());
        assert!(!check("src/store/sql.rs", "use chrono::NaiveDate;").is_empty());
    }
}
