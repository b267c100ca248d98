use super::*;

fn log(text: impl AsRef<[u8]>) -> Result<Log, LogError> {
    read_from(text.as_ref(), Path::new("log.csv"))
}

fn refusal(text: impl AsRef<[u8]>) -> String {
    log(text).unwrap_err().to_string()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

const PLAIN: &str = "customer_id,date,amount\na,2024-01-02,1.50\nb,2024-01-01,2\na,2024-01-02,0\n";

#[test]
fn purchases_go_to_their_customers() {
    let log = log(PLAIN).unwrap();
    let keys: Vec<_> = log.customers.iter().map(|it| &*it.key).collect();
    assert_eq!(keys, ["a", "b"]);
    let bought = [(day("2024-01-02"), decimal("1.50")), (day("2024-01-02"), Decimal::ZERO)];
    assert_eq!(log.customers[0].purchases, bought);
    assert_eq!((log.purchases, log.negative, log.has_money), (3, 0, true));
    assert_eq!((log.first_day, log.last_day), (day("2024-01-01"), day("2024-01-02")));
}

#[test]
fn the_same_log_may_be_written_in_other_ways() {
    let plain = log(PLAIN).unwrap();
    let reordered = "Amount,note,DATE, customer_id \n1.50,,2024-01-02,a\n2,x,2024-01-01, b\n\
                     0,\"y, \"\"z\"\"\",2024-01-02,a";
    for other in [
        format!("\u{feff}{PLAIN}"),
        PLAIN.replace('\n', "\r\n"),
        PLAIN.replace('\n', "\n\n"),
        PLAIN.replace("a,", "\"a\","),
        PLAIN.replace('\n', "\n  \n"),
        reordered.to_owned(),
    ] {
        assert_eq!(log(&other).unwrap(), plain, "{other}");
    }
}

#[test]
fn money_is_exact_and_may_be_unknown() {
    let exact = log("date,customer_id,amount\n2024-01-01,a,999999999999.123456\n").unwrap();
    assert_eq!(exact.customers[0].purchases[0].1.to_string(), "999999999999.123456");
    let without = log("date,customer_id,quantity\n2024-01-01,a,lots\n").unwrap();
    assert!(!without.has_money);
    assert_eq!(without.customers[0].purchases, [(day("2024-01-01"), Decimal::ZERO)]);
}

#[test]
fn what_comes_back_is_no_purchase() {
    let log = log(format!("{PLAIN}c,2030-01-01,-1\na,2024-01-02,-0.00\n")).unwrap();
    assert_eq!((log.customers.len(), log.purchases, log.negative), (2, 4, 1));
    assert_eq!(log.last_day, day("2024-01-02"));
}

#[test]
fn each_refusal_says_what_and_where() {
    let line = |number: u32, rest: &str| format!("line {number} of `log.csv`{rest}");
    for (text, sentence) in [
        ("", "`log.csv` is empty".to_owned()),
        ("\n\r\n", "`log.csv` is empty".to_owned()),
        (
            "customer_id,date,amount\n",
            "`log.csv` names its columns but has no purchases".to_owned(),
        ),
        (
            "customer_id,date,amount\na,2024-01-01,-1\n",
            "`log.csv` names its columns but has no purchases".to_owned(),
        ),
        (
            "customer_id,day\na,2024-01-01\n",
            "`log.csv` has no column `date`; its first line is `customer_id,day`".to_owned(),
        ),
        (
            "<html>\n<body>\n",
            "`log.csv` has no column `customer_id`; its first line is `<html>`".to_owned(),
        ),
        ("date,customer_id,Date\n", "`log.csv` has more than one column `date`".to_owned()),
        (
            "customer_id,date\na,2024-01-01\n\nb,01/02/2024\n",
            line(4, ", column `date`: `01/02/2024` is not a day such as 1997-01-31"),
        ),
        (
            "customer_id,date\r\na,2024-01-01\r\n\r\nb,01/02/2024\r\n",
            line(4, ", column `date`: `01/02/2024` is not a day such as 1997-01-31"),
        ),
        (
            "customer_id,date\n\"a\n\",2024-01-01\nb,2024-02-31",
            line(4, ", column `date`: `2024-02-31` is not a day such as 1997-01-31"),
        ),
        (
            "customer_id,date\na,2024-02-30\n",
            line(2, ", column `date`: `2024-02-30` is not a day such as 1997-01-31"),
        ),
        ("customer_id,date\n,2024-02-01\n", line(2, ", column `customer_id`: there is no value")),
        (
            "customer_id,date,amount\na,2024-02-01,\n",
            line(2, ", column `amount`: there is no value"),
        ),
        ("customer_id,date\na\n", line(2, " has 1 fields, and its first line 2")),
        ("customer_id,date\na,2024-01-01,b\n", line(2, " has 3 fields, and its first line 2")),
        (
            "customer_id,date\n\"a,2024-01-01\nb,2024-01-01\n",
            line(2, " has 1 fields, and its first line 2"),
        ),
    ] {
        assert_eq!(refusal(text), sentence, "{text}");
    }
    for amount in ["1,5", "1e3", "$1", "1_000", ".5", "5.", "--1", "1234567890123", "0.1234567"] {
        let sentence = refusal(format!("customer_id,date,amount\na,2024-02-01,\"{amount}\"\n"));
        let problem = format!("`{amount}` is not a plain decimal such as 1234.56");
        assert_eq!(sentence, line(2, &format!(", column `amount`: {problem}")));
    }
}

#[test]
fn what_is_no_text_is_no_csv() {
    for bytes in [&b"\x89PNG\r\n\x1a\n\0\0"[..], b"PK\x03\x04\0\0", b"\xff\xfec\0u\0"] {
        assert_eq!(
            refusal(bytes),
            "`log.csv` is not a CSV file: line 1 holds something else than text"
        );
    }
    let sentence = refusal(b"customer_id,date\na,2024-01-01\n\xe9,2024-01-01\n");
    assert_eq!(sentence, "`log.csv` is not a CSV file: line 3 holds something else than text");
}

#[test]
fn a_long_value_is_cut_and_a_wild_one_tamed() {
    let sentence = refusal(format!("customer_id,date\na,\"{}\u{1b}[2J\"\n", "x".repeat(10)));
    assert!(sentence.contains("`xxxxxxxxxx\u{fffd}[2J`"), "{sentence}");
    let long = shown(&"x".repeat(41));
    assert_eq!((long.chars().count(), long.ends_with('…')), (40, true));
    assert_eq!(shown(&"x".repeat(40)), "x".repeat(40));
}
