use proptest::prelude::*;

use super::*;

const NOTED: &str = "customer_id,date,amount,note\n";

fn noted(rows: &str) -> Log {
    let log = read_bytes(format!("{NOTED}{rows}").as_bytes(), &[]).unwrap();
    check(&log);
    log
}

#[test]
fn a_stray_quote_takes_one_line_and_no_more() {
    let rows = |count: usize| "b,1997-01-01,5,USD,\n".repeat(count);
    for after in [0, 3, 999, 20_000] {
        for opened in ["\"a,1997-01-01,5,USD,", "a,\"1997-01-01,5,USD,", "a,1997-01-01,5,USD,\"x"] {
            let log = read_rows(&format!("{}{opened}\n{}", rows(7), rows(after)), &[]);
            assert_eq!(reasons(&log), [(9, Reason::Unclosed)]);
            assert_eq!(log.rows, 8 + after as u64);
        }
    }
    let said = Reason::Unclosed.to_string();
    assert_eq!(said, "a quote is opened and not closed on this line");
}

#[test]
fn the_end_of_the_file_closes_no_quote() {
    let log = noted("a,1997-01-10,100,x\na,1997-01-20,50,\"Acme Ltd\na,1997-02-01,7,x\n");
    assert_eq!(reasons(&log), [(3, Reason::Unclosed)]);
    assert_eq!(amounts(&log), [(10_000, 1), (700, 1)]);
    assert_eq!(&*log.rejects[0].row, "a,1997-01-20,50,\"\"\"Acme Ltd\"");
    for end in ["", "\n", "\r\n", "\r"] {
        let log = noted(&format!("a,1997-01-20,50,\"{end}"));
        assert_eq!(reasons(&log), [(2, Reason::Unclosed)]);
    }
}

#[test]
fn a_quote_of_another_row_closes_none() {
    // After the quote that would close it, the field goes on; or a whole row would be in the field.
    for other in ["b,1997-02-01,7,\"y\"", "b,1997-02-01,7,5\"", "\"b\",1997-02-01,7,y"] {
        for between in ["", "c,1997-02-02,1,z\n", "\n\n"] {
            let log = noted(&format!("a,1997-01-20,50,\"x\n{between}{other}\nd,1997-03-01,2,\n"));
            assert_eq!(reasons(&log), [(2, Reason::Unclosed)], "{between}{other}");
        }
    }
}

#[test]
fn a_sound_field_may_have_ends_of_line() {
    let rows = "a,1997-01-20,50,\"Dear Sir,\n\n\"\"thanks\"\", and bye\"\nb,1997-01-21,6,x\n";
    let log = noted(rows);
    assert_eq!(amounts(&log), [(5_000, 1), (600, 1)]);
    assert_eq!(log.purchases[1].line, 5);
    let log = read_rows("\"a\r\nb\",1997-01-20,5,USD,\n\"a\r\nb\",1997-01-21,5,USD,\n", &[]);
    assert_eq!((log.customers.len(), &*log.customers[0]), (1, "a\r\nb"));
    // A bad one is told line by line.
    let log = noted("a,soon,50,\"x\ny\"\n");
    let found = Reason::FieldCount { found: 1, expected: 4 };
    assert_eq!(reasons(&log), [(2, Reason::Unclosed), (3, found)]);
}

#[test]
fn the_base_is_found_past_a_stray_quote() {
    let rows = "a,1997-01-01,5,EUR,\"\n".to_owned() + &"a,1997-01-01,5,EUR,\n".repeat(20);
    assert_eq!(read_rows(&rows, &[]).currency, Currency::EUR);
}

#[test]
fn quotes_on_every_line_are_read_in_no_time() {
    // Each line opens a quote that the next ones keep open as long as they can.
    let log = noted(&"a\",\",c\n".repeat(200_000));
    assert_eq!(log.rejects.len(), 200_000);
    let log = noted(&"a,1997-01-01,5,\"x\n".repeat(200_000));
    assert_eq!(log.rejects.len(), 200_000);
}

proptest! {
    #[test]
    fn no_line_is_lost_to_a_quote(
        text in proptest::collection::vec(
            proptest::sample::select(&["a,1997-01-02,5,", "\n", "\n", "\"", "\"", ",", "x"][..]),
            1..60,
        ),
    ) {
        let text = text.concat();
        let filled = text.lines().filter(|line| !line.is_empty()).count() as u64;
        if let Ok(log) = read_bytes(format!("{NOTED}{text}").as_bytes(), &[]) {
            check(&log);
            let rows = log.rows;
            prop_assert!(rows <= filled);
            // What is missing is in the fields of accepted rows, which hold no row of their own.
            let dated = |line: &&str| line.contains("1997-01-02") && line.split(',').count() == 4;
            let good = text.lines().filter(|line| dated(line) && !line.contains('"')).count();
            prop_assert!(rows >= good as u64);
            if log.purchases.is_empty() {
                prop_assert_eq!(rows, filled);
            }
        }
    }
}
