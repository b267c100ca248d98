//! What the report says.

use super::program::{Folder, SAMPLE};

#[test]
fn the_report_of_the_sample_says_what_was_found() {
    let report = Folder::new("report").report(&[]);
    for part in [
        "6,919 purchases of 2,357 customers, 1997-01-01 to 1998-06-30",
        "MBG/NBD learned from 2,357 customers until 1997-09-30, held out until 1998-06-30",
        "19,172.27      -9,582.1357",
        "Pareto/NBD",
        "Spending by Gamma-Gamma, 35.17 a purchase on average",
        "Purchases in the 273 days held out",
        "Expected     MAE    RMSE",
        "1,882",
        "at 1 % a month",
    ] {
        assert!(report.contains(part), "{part}:\n{report}");
    }
    // Ten customers are shown unless asked otherwise.
    let shown = report.lines().skip_while(|line| !line.contains("P(alive)")).skip(2);
    assert_eq!(shown.take_while(|line| !line.is_empty()).count(), 10);
}

#[test]
fn without_a_day_everything_is_learned_from_and_nothing_held_out() {
    let folder = Folder::new("no_holdout");
    let report = folder.report(&[SAMPLE, "--html=page.html", "--model=bgnbd"]);
    assert!(report.contains("learned from 2,357 customers until 1998-06-30\n"), "{report}");
    assert!(!report.contains("held out") && !folder.read("page.html").contains("id=\"holdout\""));
}

#[test]
fn silence_that_no_log_has_seen_is_told() {
    let said = |end: &str| {
        let report = Folder::new("assumed").report(&[SAMPLE, "--model=mbgnbd", end]);
        report.contains("The log ends on 1998-06-30: everybody is taken to have bought nothing")
    };
    assert!(said("--calibration-end=1998-07-01"));
    assert!(!said("--calibration-end=1998-06-30"));
}

#[test]
fn money_may_be_unknown() {
    let folder = Folder::new("no_money");
    let mut rows = csv::Reader::from_path(SAMPLE).unwrap();
    let rows = rows.records().map(Result::unwrap);
    let log: String = rows.map(|row| format!("{},{}\n", &row[2], &row[0])).collect();
    folder.write("log.csv", format!("date,customer_id\n{log}"));
    let arguments = ["log.csv", "--calibration-end=1997-09-30", "--html=page.html"];
    let report = folder.report(&arguments);
    assert!(report.contains("no column `amount`") && !report.contains("CLV"), "{report}");
    assert!(folder.read("page.html").contains("</html>"));
    let answers = folder.answers(&arguments);
    assert!(answers["gamma_gamma"].is_null());
    let customer = &answers["customers"][0];
    assert!(customer["clv"].is_null() && customer["expected_mean_value"].is_null());
    assert!(customer["p_alive"].is_f64());
}

/// Returns are no purchases, and customers of after the calibration teach nothing; both are said.
#[test]
fn what_is_left_out_is_said() {
    let folder = Folder::new("left_out");
    let log = std::fs::read_to_string(SAMPLE).unwrap();
    folder.write("log.csv", format!("{log}9998,9998,1998-01-05,1,9.99\n1,1,1997-12-01,1,-9.99\n"));
    let report = folder.report(&["log.csv", "--calibration-end=1997-09-30"]);
    assert!(report.contains("Rows left out, of a negative amount: 1."), "{report}");
    assert!(report.contains("who bought first after 1997-09-30: 1."), "{report}");
    let answers = folder.answers(&["log.csv", "--calibration-end=1997-09-30"]);
    assert_eq!(answers["customers"], folder.answers(&[])["customers"]);
}

#[test]
fn the_help_is_complete() {
    let help = Folder::new("help").report(&["--help"]);
    assert!(help.contains("--calibration-end DAY") && help.contains("BG/NBD takes whoever"));
}
