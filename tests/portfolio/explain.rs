//! One customer, explained.

use super::program::{BUNDLED, Folder, bundled_answers, of_bundled, one_in};

#[test]
fn the_lines_of_both_scores_add_up_in_the_text() {
    let folder = Folder::new("explain_lines");
    folder.write("log.csv", one_in(40));
    let text = folder.report(&["log.csv", "--explain", "320"]);
    let thousandths = |points: &str| -> i64 {
        let (whole, rest) = points.split_once('.').unwrap_or((points, ""));
        whole.parse::<i64>().unwrap() * 1_000 + format!("{rest:0<3}").parse::<i64>().unwrap()
    };
    let mut sums = 0;
    for title in ["Value score", "Risk: "] {
        let rows = text.lines().skip_while(|line| !line.starts_with(title)).skip(3);
        let mut sum = 0;
        for row in rows {
            let points = row.split_whitespace().next().unwrap();
            if row.ends_with("in all, of 100") {
                assert_eq!(thousandths(points), sum, "{text}");
                sums += 1;
                break;
            }
            sum += points.parse::<f64>().map_or(0, |_| thousandths(points));
        }
    }
    assert_eq!(sums, 2, "{text}");
}

#[test]
fn both_languages_tell_everything() {
    let folder = Folder::new("explain_languages");
    folder.write("log.csv", one_in(40));
    for (language, said) in [
        (
            "en",
            &[
                "Customer",
                "Spent",
                "Stage",
                "Because",
                "Next move",
                "Suggested",
                "Pending",
                "Groups from",
                "Value score",
                "in all",
                "Value type",
                "Tier",
                "Why not A",
                "Risk: ",
                "It would change at",
                "Against 90 days before",
                "Strategy",
                "Next action",
                "Last review",
                "Policy",
                "Calibration",
                "Engine",
            ][..],
        ),
        (
            "zh",
            &[
                "客户",
                "消费",
                "阶段",
                "原因",
                "下一步变动",
                "建议变动",
                "待记录",
                "各组界限",
                "价值分",
                "合计",
                "价值类型",
                "等级",
                "为何不是A级",
                "风险：",
                "改变条件",
                "与90天前相比",
                "策略",
                "下一步行动",
                "上次评审",
                "规则",
                "标定",
                "引擎",
            ],
        ),
    ] {
        let text = folder.report(&["log.csv", "--explain", "320", "--lang", language]);
        for words in said {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}

#[test]
fn a_customer_is_found_by_key_and_by_id_and_on_any_day() {
    let folder = Folder::new("explain_found");
    folder.write("log.csv", one_in(40));
    let by_key = folder.report(&["log.csv", "--explain", "320"]);
    let answers = folder.answers(&["log.csv"]);
    let row = answers["customers"].as_array().unwrap().iter();
    let id = row.clone().find(|row| row["customer_id"] == "320").unwrap()["id"].as_str().unwrap();
    assert_eq!(folder.report(&["log.csv", "--explain", id]), by_key);
    let back = folder.report(&["log.csv", "--explain", "320", "--as-of", "1997-06-30"]);
    assert!(back.starts_with("One customer on 1997-06-30, explained"), "{back}");
    assert!(back.contains("Last review  none"), "{back}");
    let alone = folder.report(&["--db", "guanxi-portfolio.db", "--explain", "320"]);
    assert_eq!(alone, by_key);
    // Data are written as well, if they are asked for.
    folder.report(&["log.csv", "--explain", "320", "--csv", "table.csv"]);
    assert!(folder.read("table.csv").contains("\r\n320,"));
}

#[test]
fn a_key_that_nobody_has_is_refused_with_those_like_it() {
    let folder = Folder::new("explain_nobody");
    folder.write("log.csv", "customer_id,date,amount\nAda,2024-01-02,1\nAdam,2024-01-09,1\n");
    for (wanted, said) in [
        ("ada", "no customer is called `ada` on 2024-01-09; did you mean `Ada` or `Adam`?"),
        ("Bertrand", "no customer is called `Bertrand` on 2024-01-09"),
        ("00000000-0000-0000-0000-000000000000", "no customer is called"),
    ] {
        let sentence = folder.refusal(2, &["log.csv", "--explain", wanted]);
        assert!(sentence.starts_with(said), "{sentence}");
    }
    let early = ["log.csv", "--explain", "Adam", "--as-of", "2024-01-02"];
    let sentence = folder.refusal(2, &early);
    assert!(sentence.starts_with("no customer is called `Adam` on 2024-01-02"), "{sentence}");
}

#[test]
fn the_text_says_what_the_data_say() {
    let folder = Folder::new("explain_data");
    let _ = of_bundled();
    let answers = bundled_answers();
    let row = answers["customers"].as_array().unwrap().iter();
    let row = row.clone().find(|row| row["customer_id"] == "203").unwrap();
    let text = folder.report(&[BUNDLED, "--db", "own.db", "--explain", "203"]);
    for name in ["tier", "rfm", "value_score", "value_type", "risk"] {
        for reason in row["because"][name].as_array().unwrap() {
            let words = reason["text"].as_str().unwrap();
            // The tables have what a reason adds in a column of its own.
            let words = words.rsplit_once(" (+").map_or(words, |(words, _)| words);
            assert!(text.contains(words), "{name}: {words}: {text}");
        }
    }
    for said in [&row["next_action"], &row["tier"], &row["id"]] {
        assert!(text.contains(said.as_str().unwrap()), "{said}");
    }
}
