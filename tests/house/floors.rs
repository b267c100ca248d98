//! The rule of the floors: a file leans on lower floors only.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Named, find};
use super::source::{self, SourceFile};

/// How the rooms of one floor stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Neighbours {
    /// They do not know each other: what one must know of another arrives as a plain struct.
    Apart,
    /// They may lean on each other, but never in a circle.
    WithoutCircles,
    /// They may lean on each other freely.
    Free,
}

struct Floor {
    name: &'static str,
    rooms: &'static [&'static str],
    neighbours: Neighbours,
}

/// From the ground up. A new file or folder of `src/` gets its place here.
const FLOORS: &[Floor] = &[
    Floor {
        name: "ground",
        rooms: &[
            "id",
            "money",
            "time",
            "explain",
            "machine",
            "lint",
            "fixed",
            "rank",
            "scale",
            "slot",
            "calibrated",
            "calendar",
            "special",
        ],
        neighbours: Neighbours::WithoutCircles,
    },
    Floor {
        name: "facts",
        rooms: &["purchase", "observation", "profile"],
        neighbours: Neighbours::Apart,
    },
    Floor {
        name: "rules",
        rooms: &["lifecycle", "value", "tier", "churn"],
        neighbours: Neighbours::Apart,
    },
    Floor {
        name: "hall",
        rooms: &["rulebook", "strategy", "customer", "portfolio"],
        neighbours: Neighbours::Free,
    },
    Floor { name: "storage", rooms: &["store"], neighbours: Neighbours::Apart },
    Floor { name: "callers", rooms: &["crm"], neighbours: Neighbours::Apart },
];

fn floor_of(room: &str) -> Option<(usize, &'static Floor)> {
    FLOORS.iter().enumerate().find(|(_, floor)| floor.rooms.contains(&room))
}

/// What one file does against the rule, a sentence each, and the neighbours it leans on.
#[derive(Debug, Default)]
struct Verdict {
    offences: Vec<String>,
    leans_on: BTreeSet<String>,
}

fn judge(file: &SourceFile) -> Verdict {
    let mut verdict = Verdict::default();
    let path = &file.path;
    // The front page shows the whole house.
    let Some(own) = file.room() else { return verdict };
    let Some((height, floor)) = floor_of(&own) else {
        verdict.offences.push(format!(
            "{path}: room `{own}` is on no floor; give it one in FLOORS of tests/house/floors.rs \
             and in docs/DESIGN.md"
        ));
        return verdict;
    };
    let found = match find(&file.text, &file.module()) {
        Ok(found) => found,
        Err(error) => {
            verdict.offences.push(format!("{path}: not read as Rust: {error}"));
            return verdict;
        }
    };
    for named in found.paths {
        let (Some("crate"), room) = (named.path.first().map(String::as_str), named.path.get(1))
        else {
            continue;
        };
        match room {
            Some(room) if *room == own => {}
            Some(room) => verdict.weigh(path, height, floor, &named, room),
            None if named.open => verdict
                .offences
                .push(format!("{path}: opens the whole crate; name the room that is meant")),
            None => {}
        }
    }
    verdict
}

impl Verdict {
    fn weigh(&mut self, path: &str, height: usize, floor: &Floor, named: &Named, room: &str) {
        let shown = named.path.join("::");
        let Some((other_height, other)) = floor_of(room) else {
            // The front page re-exports from every floor, so its short names would hide the climb.
            self.offences.push(format!(
                "{path}: `{shown}` does not start at a room that has a floor; name the room \
                 that defines it"
            ));
            return;
        };
        if other_height > height {
            self.offences
                .push(format!("{path}: `{shown}` climbs from {} up to {}", floor.name, other.name));
        } else if other_height == height {
            match floor.neighbours {
                Neighbours::Apart => self.offences.push(format!(
                    "{path}: `{shown}` is a neighbour on {}; let the hall hand over a plain struct",
                    floor.name
                )),
                Neighbours::WithoutCircles => {
                    self.leans_on.insert(room.to_owned());
                }
                Neighbours::Free => {}
            }
        }
    }
}

/// All offences of a set of files, circles among neighbours included.
fn offences(files: &[SourceFile]) -> Vec<String> {
    let mut all = Vec::new();
    let mut leans: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let verdict = judge(file);
        all.extend(verdict.offences);
        if let Some(room) = file.room() {
            leans.entry(room).or_default().extend(verdict.leans_on);
        }
    }
    let circle = circle(leans);
    if !circle.is_empty() {
        all.push(format!("src: these rooms lean on each other in a circle: {}", circle.join(", ")));
    }
    all
}

/// The rooms that are in a circle or lean on one: take away whoever leans on nobody left, until
/// nothing changes.
fn circle(mut leans: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let left: BTreeSet<String> = leans.keys().cloned().collect();
        leans.retain(|_, on| !on.is_disjoint(&left));
        if leans.len() == left.len() {
            return leans.into_keys().collect();
        }
    }
}

#[test]
fn every_file_keeps_to_its_floor() {
    let offences = offences(&source::all().unwrap());
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[test]
fn a_room_has_one_floor() {
    let rooms: Vec<_> = FLOORS.iter().flat_map(|floor| floor.rooms).collect();
    let distinct: BTreeSet<_> = rooms.iter().collect();
    assert_eq!(rooms.len(), distinct.len());
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, offences};

    fn check(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(path, text)| SourceFile::new(path, text)).collect();
        offences(&files)
    }

    fn assert_one(path: &str, text: &str, part: &str) {
        let found = check(&[(path, text)]);
        assert!(
            matches!(found.as_slice(), [only] if only.contains(part) && only.starts_with(path)),
            "{text}: {found:?}"
        );
    }

    #[test]
    fn what_stands_below_may_be_named() {
        for (path, text) in [
            ("src/value/rfm.rs", "use crate::{money::Money, purchase::PurchaseHistory};"),
            ("src/value/rfm.rs", "use super::scorecard::Score; use crate::value::Band;"),
            ("src/money.rs", "pub(super) struct S; mod tests { use super::*; }"),
            ("src/customer/decide.rs", "use crate::rulebook::Policy; use crate::churn;"),
            ("src/rulebook/mod.rs", "use crate::customer::Stage;"),
            ("src/lib.rs", "pub mod crm; pub use crate::crm::Crm;"),
            (
                "src/id.rs",
                "//! [`crate::crm`]\n// use crate::crm;\nconst S: &str = \"crate::crm\";",
            ),
        ] {
            assert_eq!(check(&[(path, text)]), Vec::<String>::new(), "{path}: {text}");
        }
    }

    #[test]
    fn a_climb_is_an_offence_however_it_is_written() {
        for text in [
            "use crate::customer::Customer;",
            "use crate::{id, customer::{self, Command}};",
            "fn f(_: &crate::customer::Customer) {}",
            "use super::customer::Customer;",
            "mod tests { use super::super::customer::Customer; }",
            "#[cfg(test)] mod tests { use crate::customer::Customer; }",
            "macro_rules! m { () => { $crate::customer::Customer } }",
            "fn f() { assert!(crate::customer::is_known()) }",
            "#[serde(with = \"crate::customer::wire\")] struct S;",
        ] {
            let found = check(&[("src/money.rs", text)]);
            assert!(!found.is_empty(), "not seen: {text}");
            assert!(found.iter().all(|line| line.contains("climbs from ground up to hall")));
        }
    }

    #[test]
    fn a_neighbour_is_an_offence_where_rooms_stand_apart() {
        assert_one("src/tier/mod.rs", "use crate::value::Score;", "neighbour on rules");
        assert_one("src/tier/rules.rs", "use super::super::churn::Risk;", "neighbour on rules");
        assert_one("src/profile/state.rs", "use crate::purchase::Order;", "neighbour on facts");
    }

    #[test]
    fn the_front_page_does_not_hide_a_climb() {
        assert_one(
            "src/money.rs",
            "use crate::Customer;",
            "does not start at a room that has a floor",
        );
        assert_one("src/money.rs", "use crate::*;", "opens the whole crate");
        assert_one("src/money.rs", "use super::*;", "opens the whole crate");
        assert_one("src/money.rs", "use crate as house;", "opens the whole crate");
    }

    #[test]
    fn a_room_without_a_floor_says_where_to_add_it() {
        assert_one("src/gossip/mod.rs", "", "FLOORS of tests/house/floors.rs");
        assert_one("src/main.rs", "", "room `main` is on no floor");
    }

    #[test]
    fn ground_leans_on_ground_but_not_in_a_circle() {
        let chain = [
            ("src/calendar/mod.rs", "use crate::time::Day;"),
            ("src/time.rs", "use crate::explain::Reason;"),
            ("src/explain.rs", ""),
        ];
        assert_eq!(check(&chain), Vec::<String>::new());

        let mut closed = chain;
        closed[2].1 = "use crate::calendar::Week;";
        let found = check(&closed);
        assert!(
            matches!(found.as_slice(), [only] if only.ends_with("circle: calendar, explain, time")),
            "{found:?}"
        );
    }

    #[test]
    fn what_is_not_rust_is_an_offence() {
        assert_one("src/money.rs", "fn f( {", "not read as Rust");
    }
}
