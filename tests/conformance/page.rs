//! `docs/certify.md`: what it shows is what the kit does.

use expect_test::expect_file;

use super::faults::caught;
use super::faulty::Fault;
use super::kit::groups;

const PAGE: &str = include_str!("../../docs/certify.md");
const KIT: &str = include_str!("../../src/store/conformance/mod.rs");

/// Where the part of the page begins that nobody writes.
const LIST: &str = "## Every check\n";

const LINE_CHARS_MAX: usize = 100;

/// The harness that the documentation compiles, without what it hides.
fn harness() -> String {
    let is_it = |block: &&str| block.contains("//! struct Shop;");
    let block = KIT.split("//! ```\n").find(is_it).unwrap();
    let lines = block.lines().map(|line| line.trim_start_matches("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let shown = lines.filter(|line| *line != "#" && !line.starts_with("# "));
    shown.fold(String::new(), |text, line| text + line + "\n")
}

/// What the kit says of a store in which the last claim wins.
fn violation() -> String {
    let violation = caught(Fault::LastClaimWins, "c4_claim_has_one_holder").to_string();
    let mut lines = vec![String::new()];
    for word in violation.split(' ') {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + word.chars().count() < LINE_CHARS_MAX {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// Every check by its group.
fn list() -> String {
    let mut list = format!(
        "{LIST}\nWritten by the kit itself; `UPDATE_EXPECT=1 cargo test --features conformance --test \
         conformance page` writes it\nanew. An id begins with its clause.\n"
    );
    for (group, checks) in groups() {
        list.push_str(&format!("\n### `{group}`\n\n"));
        for check in checks {
            list.push_str(&format!("- `{}`: {}\n", check.id(), check.promise()));
        }
    }
    list
}

/// The page with another text in its first block of this language.
fn with_block(page: &str, language: &str, text: &str) -> String {
    let fence = format!("```{language}\n");
    let (before, rest) = page.split_once(&fence).unwrap();
    let after = rest.split_once("```\n").unwrap().1;
    format!("{before}{fence}{text}```\n{after}")
}

#[test]
fn the_page_is_what_the_kit_does() {
    let written = PAGE.split(LIST).next().unwrap();
    let page = with_block(written, "rust", &harness());
    let page = with_block(&page, "text", &violation()) + &list();
    expect_file!["../../docs/certify.md"].assert_eq(&page);
}

#[test]
fn every_group_is_named_where_people_choose() {
    let table = PAGE.split(LIST).next().unwrap();
    for (group, _) in groups() {
        assert!(table.contains(&format!(" `{group}` |\n")), "{group}");
        assert!(harness().contains(group), "{group}");
        assert!(KIT.contains(&format!("//! | [`{group}`] |")), "{group}");
    }
}
