//! A cursor and a sink that do not fit together, or not the base.

use std::fs;

use super::base::{fill, journals};
use super::program::{Folder, RELAY};
use super::received::check;

/// A base of ten entries that have all been delivered.
fn delivered(test: &str) -> Folder {
    let folder = Folder::new(test);
    fill(&folder.path("crm.db"), 0..10);
    assert!(folder.relay().contains("done: 10 entries to `out`"));
    folder
}

fn check_out(folder: &Folder) -> usize {
    check(&folder.read("out"), &journals(&folder.path("crm.db")))
}

#[test]
fn it_goes_on_from_the_place_noted() {
    let folder = delivered("goes_on");
    assert!(folder.relay().contains("done: 0 entries"));
    fill(&folder.path("crm.db"), 10..25);
    assert!(folder.relay().contains("done: 15 entries"));
    assert_eq!(check_out(&folder), 0);
}

#[test]
fn what_is_in_a_sink_ahead_of_the_cursor_is_delivered_again() {
    let folder = delivered("ahead");
    let noted = folder.read("out.cursor");
    fill(&folder.path("crm.db"), 10..13);
    folder.relay();
    folder.write("out.cursor", noted);
    let said = folder.relay();
    assert!(said.contains("ahead of the cursor") && said.contains("done: 3 entries"), "{said}");
    assert_eq!(check_out(&folder), 3);

    fs::remove_file(folder.path("out.cursor")).unwrap();
    assert!(folder.relay().contains("done: 13 entries"));
    assert_eq!(check_out(&folder), 3 + 13);
}

#[test]
fn half_a_line_is_cut_off_wherever_it_ends() {
    let folder = delivered("half_a_line");
    let noted = folder.read("out.cursor");
    fill(&folder.path("crm.db"), 10..12);
    folder.relay();
    let whole = folder.read("out");
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let before: usize = lines.iter().take(11).map(|line| line.len()).sum();
    for length in [1, 2, lines[11].len() / 2, lines[11].len() - 1] {
        folder.write("out", &whole[..before + length]);
        folder.write("out.cursor", &noted);
        let said = folder.relay();
        assert!(said.contains("half a line"), "{length}: {said}");
        assert_eq!(check_out(&folder), 1, "{length}");
    }
}

#[test]
fn half_of_the_first_line_is_cut_off_too() {
    let folder = delivered("half_of_the_first");
    let whole = folder.read("out");
    let length = whole.lines().next().unwrap().len();
    for length in [1, 20, 60, length] {
        folder.write("out", &whole[..length]);
        fs::remove_file(folder.path("out.cursor")).unwrap();
        let said = folder.relay();
        assert!(said.contains("half a line") && said.contains("done: 10"), "{length}: {said}");
        assert_eq!(folder.read("out"), whole, "{length}");
    }
}

#[test]
fn a_line_longer_than_a_block_is_found_whole() {
    let folder = delivered("long_line");
    let whole = folder.read("out");
    // As long as an entry may well be; what else is in a line is none of the relay's business.
    let last = whole.lines().last().unwrap();
    let long =
        format!("{},\"more\":\"{}\"}}\n", last.strip_suffix('}').unwrap(), "x".repeat(200_000));
    let before = whole.len() - last.len() - 1;
    let text = format!("{}{long}", &whole[..before]);
    folder.write("out", format!("{text}{{\"half"));
    let said = folder.relay();
    assert!(said.contains("half a line") && said.contains("done: 0"), "{said}");
    assert!(folder.read("out") == text);
}

#[test]
fn a_sink_that_lost_entries_is_told_and_left_as_it_is() {
    let folder = delivered("lost");
    let whole = folder.read("out");
    let without_last = whole.lines().take(9).map(|line| format!("{line}\n")).collect::<String>();
    for rest in [Some(without_last.as_str()), Some(""), None] {
        match rest {
            Some(rest) => folder.write("out", rest),
            None => fs::remove_file(folder.path("out")).unwrap(),
        }
        let noted = folder.read("out.cursor");
        let said = folder.refusal(1, &RELAY);
        assert!(said.contains("`out` has lost entries"), "{said}");
        assert_eq!(
            (folder.read("out").as_str(), folder.read("out.cursor")),
            (rest.unwrap_or(""), noted)
        );
    }
    fs::remove_file(folder.path("out.cursor")).unwrap();
    folder.relay();
    assert_eq!(folder.read("out"), whole);
}

#[test]
fn a_damaged_cursor_is_no_guess() {
    let folder = delivered("damaged");
    let noted = folder.read("out.cursor");
    let broken = (0..noted.len() - 2).map(|length| noted[..length].to_owned());
    let garbage = ["\0\0\0\0".to_owned(), "42".to_owned(), noted.replace('/', "-")];
    for note in broken.chain(garbage) {
        folder.write("out.cursor", &note);
        let said = folder.refusal(1, &RELAY);
        assert!(said.contains("`out.cursor` is not the note of a cursor"), "{note}: {said}");
    }
    folder.write("out.cursor", noted);
    // What somebody left behind who was killed while noting.
    folder.write(".out.cursor.part", "{\"tena");
    fill(&folder.path("crm.db"), 10..11);
    assert!(folder.relay().contains("done: 1 entries"));
}

#[test]
fn what_is_of_another_base_is_not_gone_on_from() {
    let folder = delivered("other_base");
    let noted = folder.read("out.cursor");
    // The same customers and revisions, by other commands; and a base that has not come as far.
    for orders in [20..30, 0..5] {
        fs::remove_file(folder.path("crm.db")).unwrap();
        fill(&folder.path("crm.db"), orders);
        let said = folder.refusal(1, &RELAY);
        assert!(said.contains("the cursor in `out.cursor` is of another base"), "{said}");
        let out = folder.read("out");
        fs::remove_file(folder.path("out.cursor")).unwrap();
        let said = folder.refusal(1, &RELAY);
        assert!(said.contains("`out` has entries of another base"), "{said}");
        assert_eq!(folder.read("out"), out);
        folder.write("out.cursor", &noted);
    }
    let other = ["--db", "crm.db", "--tenant", "other", "--to", "new", "--cursor", "out.cursor"];
    assert!(folder.refusal(1, &other).contains("another base or tenant"));
}
