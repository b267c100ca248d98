//! What the example does not do, and how it says so.

use std::fs;

use super::program::Folder;

const GOOD: &str = "customer_id,date,amount\na,2024-01-02,1.00\nb,2024-01-03,1.00\n";

#[test]
fn what_is_no_log_is_refused_in_one_sentence() {
    let folder = Folder::new("no_log");
    fs::create_dir(folder.path("folder")).unwrap();
    folder.write("empty.csv", "\n");
    folder.write("header.csv", "customer_id,date,amount\n");
    folder.write("binary.csv", [0_u8, 159, 146, 150, 0, 1, 2, 3]);
    folder.write("page.csv", "<html><body>Please log in</body></html>\n");
    folder.write("date.csv", format!("{GOOD}c,03/01/2024,2\n"));
    folder.write("amount.csv", format!("{GOOD}\nc,2024-01-03,\"2,50\"\n"));
    folder.write("short.csv", format!("{GOOD}c,2024-01-03\n"));
    for (name, sentence) in [
        ("missing.csv", "there is no file `missing.csv`"),
        ("folder", "`folder` is a folder, not a purchase log"),
        ("empty.csv", "`empty.csv` is empty"),
        ("header.csv", "`header.csv` names its columns but has no purchases"),
        ("binary.csv", "`binary.csv` is not a CSV file: line 1 holds something else than text"),
        (
            "page.csv",
            "`page.csv` has no column `customer_id`; its first line is \
             `<html><body>Please log in</body></html>`",
        ),
        (
            "date.csv",
            "line 4 of `date.csv`, column `date`: `03/01/2024` is not a day such as 1997-01-31",
        ),
        (
            "amount.csv",
            "line 5 of `amount.csv`, column `amount`: `2,50` is not a plain decimal such as 1234.56",
        ),
        ("short.csv", "line 4 of `short.csv` has 2 fields, and its first line 3"),
    ] {
        let before = folder.names();
        assert_eq!(folder.refusal(1, &[name, "--json=a.json", "--html=a.html"]), sentence);
        assert_eq!(folder.names(), before, "{name}: something was written");
    }
}

#[test]
fn what_tells_no_model_is_refused_with_the_reason() {
    let folder = Folder::new("no_model");
    folder.write("log.csv", GOOD);
    for (arguments, part) in [
        (&["--calibration-end=2023-12-31"][..], "nobody had bought anything by 2023-12-31"),
        (&["--calibration-end=2024-12-31"], "no model fits the purchases until 2024-12-31: "),
        (&["--model=pnbd"], "no model fits the purchases until 2024-01-03: "),
        (&["--model=bgnbd", "--calibration-end=2024-01-02"], "no model fits"),
    ] {
        let sentence = folder.refusal(1, &[&["log.csv", "--json=a.json"], arguments].concat());
        assert!(sentence.starts_with(part), "{sentence}");
        assert_eq!(folder.names(), ["log.csv"]);
    }
}

#[test]
fn options_that_cannot_be_followed_end_with_their_own_code() {
    let folder = Folder::new("options");
    for (arguments, part) in [
        (&["--colour"][..], "--colour"),
        (&["--calibration-end", "soon"], "`--calibration-end` must be a day"),
        (&["--model", "crystal-ball"], "`--model` must be"),
        (&["one.csv", "two.csv"], "two.csv"),
        (&["--json"], "needs a value"),
        (&["--json=-"], "names no file"),
    ] {
        let sentence = folder.refusal(2, arguments);
        assert!(sentence.contains(part), "{sentence}");
    }
    assert_eq!(folder.names(), Vec::<String>::new());
}

#[test]
fn no_file_takes_the_place_of_another() {
    let folder = Folder::new("overwrite");
    folder.write("log.csv", GOOD);
    fs::create_dir(folder.path("folder")).unwrap();
    let log = folder.path("log.csv");
    for target in ["log.csv", "./log.csv", log.to_str().unwrap()] {
        for option in ["--json", "--html"] {
            let sentence = folder.refusal(1, &["log.csv", option, target]);
            assert_eq!(
                sentence,
                format!("`{target}` is in use already, so nothing else is written to it")
            );
            assert_eq!(folder.read("log.csv"), GOOD);
        }
    }
    for (arguments, sentence) in [
        (["--json=a", "--html=./a"], "`./a` is in use already, so nothing else is written to it"),
        (
            ["--json=a", "--html=.a.part"],
            "`.a.part` is in use already, so nothing else is written to it",
        ),
        (["--json=folder", "--html=a"], "`folder` is a folder, so no file is written there"),
        (["--json=no/a", "--html=a"], "there is no folder `no` to write a file in"),
    ] {
        assert_eq!(folder.refusal(1, &[&["log.csv"], &arguments[..]].concat()), sentence);
        assert_eq!(folder.names(), ["folder", "log.csv"]);
    }
}
