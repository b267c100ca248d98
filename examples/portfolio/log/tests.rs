#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test, as it should")]

use std::path::Path;

use guanxi::Currency;

use super::reject::{csv_row, write_to};
use super::*;
use crate::options::{DateFormat, Decimal, Negative, Request};

mod laws;
mod quotes;
mod refunds;

const HEADER: &str = "customer_id,date,amount,currency,order_id\n";

fn options(arguments: &[&str]) -> Options {
    let arguments: Vec<_> = ["shop.csv"].iter().chain(arguments).map(Into::into).collect();
    match Options::parse(arguments).unwrap() {
        Request::Run(options) => *options,
        Request::Help => panic!("help was not asked for"),
    }
}

fn read_bytes(bytes: &[u8], arguments: &[&str]) -> Result<Log, LogError> {
    read_from(bytes, &options(arguments), &mut |_| ())
}

/// The log of these rows, under the header of all five columns.
fn read_rows(rows: &str, arguments: &[&str]) -> Log {
    let log = read_bytes(format!("{HEADER}{rows}").as_bytes(), arguments).unwrap();
    check(&log);
    log
}

/// What holds of every log.
fn check(log: &Log) {
    let lines: u64 = log.purchases.iter().map(|purchase| u64::from(purchase.lines)).sum();
    assert_eq!(log.rows, lines + log.rejects.len() as u64);
    assert_eq!(log.readable_minor, log.accepted_minor() + log.rejected_minor());
    assert_eq!(log.last_day, log.purchases.iter().map(|purchase| purchase.day).max());
    assert!(log.purchases.is_sorted_by_key(|it| it.line));
    assert!(log.rejects.is_sorted_by_key(|it| it.line));
    let mut seen = 0;
    for purchase in &log.purchases {
        assert!(purchase.customer <= seen, "a key out of order of appearance");
        seen = seen.max(purchase.customer + 1);
    }
    assert_eq!(log.customers.len(), seen as usize);
}

fn refusal(bytes: &[u8], arguments: &[&str]) -> String {
    read_bytes(bytes, arguments).unwrap_err().to_string()
}

fn reasons(log: &Log) -> Vec<(u64, Reason)> {
    log.rejects.iter().map(|reject| (reject.line, reject.reason)).collect()
}

fn amounts(log: &Log) -> Vec<(i64, u32)> {
    log.purchases.iter().map(|purchase| (purchase.amount_minor, purchase.lines)).collect()
}

#[test]
fn a_purchase_stays_small() {
    assert!(size_of::<Purchase>() <= 40);
    assert!(size_of::<Reject>() <= 80);
}

#[test]
fn the_bundled_log_is_clean() {
    let mut last = 0;
    let log = read(&Options::default(), &mut |bytes| last = bytes).unwrap();
    check(&log);
    assert_eq!(log.customers.len(), 2357);
    assert_eq!(log.rows, 6919);
    assert_eq!(log.purchases.len(), 6919);
    assert_eq!(log.accepted_minor(), 24_409_194);
    assert!(log.rejects.is_empty());
    assert_eq!(log.last_day, Day::from_ymd(1998, 6, 30).ok());
    assert_eq!(last, Options::default().log_path().metadata().unwrap().len());
}

#[test]
fn each_fault_has_its_reason() {
    use Reason::*;
    let (eur, usd) = (Currency::EUR, Currency::USD);
    let faults = [
        ("a,1997-01-01,5", FieldCount { found: 3, expected: 5 }),
        ("a,1997-01-01,5,USD,1,", FieldCount { found: 6, expected: 5 }),
        (" ,1997-01-01,5,USD,1", NoCustomer),
        ("a,,5,USD,1", NoDate),
        ("a,soon,5,USD,1", NotADate { format: DateFormat::Ymd }),
        ("a,1997-02-30,5,USD,1", NoSuchDay),
        ("a,1998-07-01,5,USD,1", AfterToday),
        ("a,1997-01-01,5,,1", NoCurrency),
        ("a,1997-01-01,5,ZZZ,1", UnknownCurrency),
        ("a,1997-01-01,5,EUR,1", OtherCurrency { found: eur, base: usd }),
        ("a,1997-01-01, ,USD,1", NoAmount),
        ("a,1997-01-01,five,USD,1", NotANumber { decimal: Decimal::Point }),
        ("a,1997-01-01,\"1,005\",USD,1", Grouped { decimal: Decimal::Point }),
        ("a,1997-01-01,5.001,USD,1", TooPrecise),
        ("a,1997-01-01,99999999999999999999,USD,1", AmountOutOfRange),
        ("a,1997-01-01,-5,USD,1", Negative),
    ];
    for (row, reason) in faults {
        let log = read_rows(&format!("b,1998-06-30,1.00,USD,7\n{row}\n"), &["--today=1998-06-30"]);
        assert_eq!(reasons(&log), [(3, reason)], "{row}");
        assert_eq!(log.accepted_minor(), 100);
        assert_eq!(log.customers, ["b".into()]);
    }
}

#[test]
fn broken_text_is_rejected_in_any_column() {
    let mut bytes =
        b"customer_id,date,amount,note\na,1997-01-01,5,\xff\nb,1997-01-01,6,\n".to_vec();
    let log = read_bytes(&bytes, &[]).unwrap();
    assert_eq!(reasons(&log), [(2, Reason::NotUtf8)]);
    assert_eq!(&*log.rejects[0].row, "a,1997-01-01,5,\u{fffd}");

    // Cut by a comma, the three bytes of one character are no text; next to each other, they are.
    bytes.extend(b"\xe5,1997-01-01,7,\nc\xe5,\xae\xa2,7,\n");
    let log = read_bytes(&bytes, &[]).unwrap();
    assert_eq!(log.rejects.len(), 3);
    assert!(log.rejects.iter().all(|reject| reject.reason == Reason::NotUtf8));
    assert_eq!(log.accepted_minor(), 600);
}

#[test]
fn a_row_has_a_length_that_it_may_have() {
    let row = |length| format!("{},1997-01-01,5,USD,\n", "c".repeat(length));
    let others = ",1997-01-01,5,USD,".len();
    let longest = row(ROW_BYTES_MAX - others);
    let log = read_rows(&[longest.clone(), row(ROW_BYTES_MAX - others + 1), longest].concat(), &[]);
    assert_eq!(reasons(&log), [(3, Reason::TooLong)]);
    assert_eq!(&*log.rejects[0].row, "");

    // Many buffers long, with each end of line that a buffer's end may cut in two.
    for end in ["\n", "\r\n", "\r"] {
        for more in 0..6 {
            let length = 4 * ROW_BYTES_MAX - others - HEADER.len() - 4 + more;
            let rows = format!("{}a,1997-01-01,5,USD,\n", row(length));
            let text = (HEADER.to_owned() + &rows).replace('\n', end);
            let log = read_bytes(text.as_bytes(), &[]).unwrap();
            check(&log);
            assert_eq!(reasons(&log), [(2, Reason::TooLong)]);
            assert_eq!(log.purchases[0].line, 3, "{end:?} {more}");
        }
    }
}

#[test]
fn rows_of_one_order_are_one_purchase() {
    let rows = "a,1997-01-02,5,USD,7\nb,1997-01-01,1,USD,\na,1997/1/2,2.50,USD, 7 \n";
    let log = read_rows(rows, &[]);
    assert_eq!(amounts(&log), [(750, 2), (100, 1)]);
    assert_eq!((log.purchases[0].line, log.purchases[1].line), (2, 3));
    assert_eq!(log.customers, ["a".into(), "b".into()]);
}

#[test]
fn an_order_has_one_customer_and_one_date() {
    let rows = "a,1997-01-02,5,USD,7\nb,1997-01-02,1,USD,7\na,1997-01-03,2,USD,7\n";
    let log = read_rows(rows, &[]);
    let expected =
        [(3, Reason::OrderOfAnother { line: 2 }), (4, Reason::OrderOnAnotherDay { line: 2 })];
    assert_eq!(reasons(&log), expected);
    assert_eq!((log.accepted_minor(), log.rejected_minor()), (500, 300));
    assert_eq!(log.customers, ["a".into()]);

    // A row that is bad itself decides nothing.
    let log = read_rows("a,1997-01-02,-5,USD,7\nb,1997-01-03,1,USD,7\n", &[]);
    assert_eq!(reasons(&log), [(2, Reason::Negative)]);
}

#[test]
fn a_sum_beyond_the_range_leaves_the_order_as_it_was() {
    let largest = "92233720368547758.07";
    let rows = format!("a,1997-01-02,{largest},USD,7\na,1997-01-02,0.01,USD,7\n");
    let log = read_rows(&rows, &[]);
    assert_eq!(reasons(&log), [(3, Reason::SumOutOfRange)]);
    assert_eq!(amounts(&log), [(i64::MAX, 1)]);
    assert_eq!(log.readable_minor, i128::from(i64::MAX) + 1);
}

#[test]
fn identical_rows_without_an_order_are_purchases_each() {
    let log = read_rows(&"a,1997-01-02,5,USD,\n".repeat(3), &[]);
    assert_eq!(amounts(&log), [(500, 1); 3]);
}

#[test]
fn zero_is_an_amount() {
    let log = read_rows("a,1997-01-02,0,USD,\na,1997-01-02,-0.00,USD,\n", &[]);
    assert_eq!(amounts(&log), [(0, 1), (0, 1)]);
}

#[test]
fn a_negative_amount_is_rejected_or_comes_back() {
    let rows = "a,1997-01-02,5,USD,7\na,1997-01-02,-2,USD,7\na,1997-01-03,-1,USD,\n\
                a,1997-01-04,-9,USD,8\na,1997-01-04,4,USD,8\n";
    let log = read_rows(rows, &[]);
    assert_eq!(amounts(&log), [(500, 1), (400, 1)]);
    assert_eq!(reasons(&log), [3, 4, 5].map(|line| (line, Reason::Negative)));
    assert_eq!(log.rejected_minor(), -1200);

    let log = read_rows(rows, &["--negative=return"]);
    assert_eq!(amounts(&log), [(300, 2), (-100, 1), (-500, 2)]);
    assert_eq!(options(&["--negative=return"]).negative, Negative::Return);
}

#[test]
fn strict_names_the_first_bad_row_and_counts_them_all() {
    let text = format!("{HEADER}a,1997-01-02,5,USD,\n,1997-01-02,5,USD,\na,no,5,USD,\n");
    let refused = "`shop.csv` is refused: 2 of its 3 rows cannot be taken, the first on line 3: \
                   the row has no customer";
    let strict = options(&["--strict"]);
    let log = read_bytes(text.as_bytes(), &[]).unwrap();
    assert_eq!(log.refusal(&strict).unwrap().to_string(), refused);
    assert!(log.refusal(&options(&[])).is_none());
    assert!(read_rows("a,1997-01-02,5,USD,", &[]).refusal(&strict).is_none());
}

#[test]
fn today_itself_is_not_after_today() {
    let log = read_rows("a,1997-01-02,5,USD,\na,1997-01-03,5,USD,\n", &["--today=1997-01-02"]);
    assert_eq!(reasons(&log), [(3, Reason::AfterToday)]);
}

#[test]
fn every_spelling_of_a_file_is_one_log() {
    let plain = "customer_id,date,amount\na,1997-01-02,5.00\n\"b\",1997-01-03,6\n";
    let expected = read_bytes(plain.as_bytes(), &[]).unwrap();
    assert_eq!(amounts(&expected), [(500, 1), (600, 1)]);
    let others = [
        format!("\u{feff}{plain}"),
        plain.trim_end().to_owned(),
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r\n").trim_end().to_owned(),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace(',', "|"),
        plain.replace(',', " , ").replace("\"b\"", "b"),
        plain.replace("customer_id", "Customer_ID"),
    ];
    for text in others {
        let log = read_bytes(text.as_bytes(), &[]).unwrap();
        assert_eq!(log.purchases, expected.purchases, "{text:?}");
        assert_eq!(log.customers, expected.customers, "{text:?}");
    }
    let piped = plain.replace(',', "|");
    let log = read_bytes(piped.as_bytes(), &["--delimiter=|"]).unwrap();
    assert_eq!(log.purchases, expected.purchases);
    let missing = refusal(piped.as_bytes(), &["--delimiter=,"]);
    assert!(missing.contains("has no column `customer_id`"), "{missing}");
}

#[test]
fn columns_are_found_by_the_names_given() {
    let text = "when;who;what;unit;ref;amount\n1997-01-02;a;5,5;EUR;1;9\n1997-01-02;a;6;EUR;1;9\n";
    let names = [
        "--customer-column=who",
        "--date-column=when",
        "--amount-column=what",
        "--currency-column=unit",
        "--order-column=ref",
        "--currency=EUR",
    ];
    let log = read_bytes(text.as_bytes(), &names).unwrap();
    assert_eq!(reasons(&log), [(2, Reason::Grouped { decimal: Decimal::Point })]);
    assert_eq!(&*log.rejects[0].row, "1997-01-02,a,\"5,5\",EUR,1,9");
    assert_eq!(log.accepted_minor(), 600);

    let text = "customer_id,date,amount\na,1997-01-02,5\n";
    let missing = "`shop.csv` is not a purchase log as it stands: it has no column `ref` \
                   (`--order-column` names another) but `customer_id`, `date`, `amount`";
    assert_eq!(refusal(text.as_bytes(), &["--order-column=ref"]), missing);
    let missing = "`shop.csv` is not a purchase log as it stands: it has no column `customer_id` \
                   (`--customer-column` names another), `date` (`--date-column`) or `amount` \
                   (`--amount-column`) but `name`, `age`";
    assert_eq!(refusal(b"name,age\nAda,36\n", &[]), missing);
    // Either delimiter makes two columns; the comma is the usual one.
    assert!(refusal(b"one,two;three\n", &[]).ends_with("but `one`, `two;three`"));
    let twice = "customer_id,date,amount,date\na,1997-01-02,5,6\n";
    let sentence = "`shop.csv` has more than one column `date`";
    assert_eq!(refusal(twice.as_bytes(), &[]), sentence);
    let told_apart_by_case = "customer_id,date,amount,Date\na,1997-01-02,5,6\n";
    assert_eq!(read_bytes(told_apart_by_case.as_bytes(), &[]).unwrap().accepted_minor(), 500);
}

#[test]
fn a_german_export_is_read() {
    let text = "customer_id;date;amount;currency\n\
                a;31.12.2020;1.234,50;EUR\nb;1/2/2021 9:05;12,50;EUR\n";
    let german = ["--date-format=dmy", "--decimal=comma"];
    let log = read_bytes(text.as_bytes(), &german).unwrap();
    assert_eq!(amounts(&log), [(123_450, 1), (1_250, 1)]);
    assert_eq!(log.last_day, Day::from_ymd(2021, 2, 1).ok());
    assert_eq!(read_bytes(text.as_bytes(), &[]).unwrap().rejects.len(), 2);
    let headless = refusal(b"a;31.12.2020;1.234,50\n", &german);
    assert!(headless.contains("looks like data"), "{headless}");
}

#[test]
fn a_file_of_another_kind_is_named_for_what_it_is() {
    let kinds: [(&[u8], &str); 10] = [
        (b"\x1f\x8b\x08\0\0", "it is compressed; unpack it first"),
        (b"PK\x03\x04\x14\0", "it is a spreadsheet or a zip archive; save the sheet as CSV"),
        (b"%PDF-1.7\n%\xe2\xe3", "it is a PDF"),
        (b"\xff\xfec\0u\0s\0", "it is UTF-16 text; save it as UTF-8"),
        (b"\n<!doctype html>\n<p>sign in", "it is HTML or XML"),
        (b"{\"customer_id\": 1, \"date\": 2}", "it is JSON"),
        (b"\x7fELF\x02\x01\x01\0\0", "it holds binary data"),
        (b"\xbf\xcd\xbb\xa7,date,amount\n", "its first line is not UTF-8 text"),
        (b"17,1997-01-01,29.33\n", "its first line must name the columns but looks like data"),
        (b"\x89PNG\r\n\x1a\n\0\0", "its first line is not UTF-8 text"),
    ];
    for (bytes, kind) in kinds {
        assert_eq!(refusal(bytes, &[]), format!("`shop.csv` is not a purchase log: {kind}"));
    }
    for bytes in [&b""[..], b"\xef\xbb\xbf", b" \r\n\n"] {
        assert_eq!(refusal(bytes, &[]), "`shop.csv` is empty");
    }
    let no_rows = "`shop.csv` names its columns but has no purchases";
    assert_eq!(refusal(HEADER.as_bytes(), &[]), no_rows);
    assert_eq!(refusal(HEADER.trim_end().as_bytes(), &[]), no_rows);
}

#[test]
fn many_or_strange_column_names_stay_one_sentence() {
    let names: Vec<String> = (0..500).map(|n| format!("\"column\n{n}\"")).collect();
    let sentence = refusal(names.join(",").as_bytes(), &[]);
    assert!(sentence.ends_with("`column\\n11` and 488 more"), "{sentence}");
    assert!(!sentence.contains('\n'));
}

#[test]
fn a_file_that_cannot_be_opened_is_one_sentence() {
    let sentence = |log: &str| {
        let options = Options { log: Some(log.into()), ..Options::default() };
        read(&options, &mut |_| ()).unwrap_err().to_string()
    };
    assert_eq!(sentence("no-such.csv"), "there is no file `no-such.csv`");
    let folder = env!("CARGO_MANIFEST_DIR");
    assert_eq!(sentence(folder), format!("`{folder}` is a folder, not a purchase log"));
    let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    let denied = LogError::from_read(Path::new("a.csv"), denied);
    assert_eq!(denied.to_string(), "no permission to read `a.csv`");
    let broken = LogError::from_read(Path::new("a.csv"), std::io::Error::other("disk on fire"));
    assert_eq!(broken.to_string(), "cannot read `a.csv`");
}

#[test]
fn a_file_that_breaks_off_is_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk on fire"))
        }
    }
    let head = HEADER.repeat(3000);
    let error = read_from(head.as_bytes().chain(Broken), &options(&[]), &mut |_| ()).unwrap_err();
    assert_eq!(error.to_string(), "cannot read `shop.csv`");
}

#[test]
fn the_rejects_file_can_be_corrected_and_read_again() {
    let rows = "a,1997-01-02,5,USD,1\n\"x, \"\"y\"\" z\",1997-01-02,\"1,000\",USD,\nb,x\n1\n";
    let log = read_rows(rows, &[]);
    let mut file = Vec::new();
    write_to(&mut file, &log).unwrap();
    let file = String::from_utf8(file).unwrap();
    let expected = "line,reason,customer_id,date,amount,currency,order_id\n\
        3,the amount has separators between its digits other than in 1234.56; `--decimal` reads others,\
        \"x, \"\"y\"\" z\",1997-01-02,\"1,000\",USD,\n\
        4,the row has 2 fields where the header has 5,b,x\n\
        5,the row has 1 field where the header has 5,1\n";
    assert_eq!(file, expected);

    let again = read_bytes(file.replace("1,000", "1000").as_bytes(), &[]).unwrap();
    assert_eq!(again.customers, ["x, \"y\" z".into()]);
    assert_eq!(again.accepted_minor(), 100_000);
}

#[test]
fn a_field_is_quoted_where_it_must_be() {
    for (field, row) in [
        ("a b", "a b"),
        ("a,b", "\"a,b\""),
        ("a\nb", "\"a\nb\""),
        ("a\rb", "\"a\rb\""),
        ("\"", "\"\"\"\""),
    ] {
        assert_eq!(&*csv_row([field.as_bytes()]), row);
    }
    assert_eq!(&*csv_row([&b""[..], b"\xff", b""]), ",\u{fffd},");
}

#[test]
fn rejects_are_written_only_where_they_harm_nothing() {
    let folder = std::env::temp_dir().join(format!("guanxi-portfolio-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (log_path, rejects) = (folder.join("log.csv"), folder.join("rejects.csv"));
    let text = "customer_id,date,amount\na,1997-01-02,5\n";
    let read_text = |options: &Options, text: &str| {
        std::fs::write(&log_path, text).unwrap();
        read(options, &mut |_| ()).unwrap()
    };
    let mut options = Options {
        log: Some(log_path.clone()),
        rejects: Some(rejects.clone()),
        ..Options::default()
    };

    let log = read_text(&options, text);
    assert!(!write_rejects(&options, &log).unwrap());
    assert!(!rejects.exists());

    let log = read_text(&options, &format!("{text}b,never,6\n"));
    assert!(write_rejects(&options, &log).unwrap());
    let written = std::fs::read_to_string(&rejects).unwrap();
    assert!(written.ends_with(",b,never,6\n"), "{written}");

    // The same file under another name is still the log.
    options.rejects = Some(folder.join(".").join("log.csv"));
    assert!(matches!(write_rejects(&options, &log), Err(LogError::Overwrite { .. })));
    options.rejects = Some(folder.clone());
    assert!(matches!(write_rejects(&options, &log), Err(LogError::Write { .. })));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_base_is_the_currency_that_most_rows_are_in_unless_one_is_named() {
    let rows = "a,2024-01-01,10.50,EUR\nb,2024-01-02,3,CHF\na,2024-02-02,3, eur \n";
    let log = |arguments: &[&str]| {
        let text = format!("customer_id,date,amount,currency\n{rows}");
        read_from(text.as_bytes(), &options(arguments), &mut |_| {}).unwrap()
    };
    let found = log(&[]);
    assert_eq!((found.currency, found.purchases.len(), found.rejects.len()), (Currency::EUR, 2, 1));
    let named = log(&["--currency", "chf"]);
    assert_eq!((named.currency, named.purchases.len(), named.rejects.len()), (Currency::CHF, 1, 2));
}
