use super::*;

fn returns(rows: &str) -> Log {
    read_rows(rows, &["--negative=return"])
}

fn booked(log: &Log) -> Vec<(i64, Day)> {
    log.purchases.iter().map(|purchase| (purchase.amount_minor, purchase.until)).collect()
}

fn january(day: u32) -> Day {
    Day::from_ymd(1997, 1, day).unwrap()
}

#[test]
fn a_refund_of_an_order_is_booked_against_its_day() {
    let (sale, refund) = ("a,1997-01-10,100,USD,o1\n", "a,1997-01-25,-30,USD,o1\n");
    let other = "a,1997-01-20,5,USD,o2\n";
    let log = returns(&[sale, other, refund].concat());
    assert!(log.rejects.is_empty());
    let expected = [(10_000, january(10)), (500, january(20)), (-3_000, january(10))];
    assert_eq!(booked(&log), expected);
    // The newest first, as many shops export.
    let log = returns(&[refund, other, sale].concat());
    assert!(log.rejects.is_empty());
    assert_eq!(booked(&log), [expected[2], expected[1], expected[0]]);
}

#[test]
fn refunds_of_an_order_on_one_day_are_one_return() {
    let log = returns(
        "b,1997-01-31,-1,USD,o1\na,1997-01-10,100,USD,o1\na,1997-01-25,-30,USD,o1\n\
         a,1997-01-25,-20,USD,o1\na,1997-01-26,-5,USD,o1\na,1997-01-10,-7,USD,o1\n",
    );
    assert_eq!(reasons(&log), [(2, Reason::OrderOfAnother { line: 3 })]);
    let tenth = january(10);
    assert_eq!(booked(&log), [(9_300, tenth), (-5_000, tenth), (-500, tenth)]);
    assert_eq!(log.customers, ["a".into()]);
}

#[test]
fn no_refund_comes_before_its_order_and_no_purchase_after_it() {
    let log = returns("a,1997-01-10,100,USD,o1\na,1997-01-09,-1,USD,o1\na,1997-01-11,1,USD,o1\n");
    let other_day = Reason::OrderOnAnotherDay { line: 2 };
    assert_eq!(reasons(&log), [(3, other_day), (4, other_day)]);
}

#[test]
fn a_refund_of_an_order_from_before_the_log_stands_alone() {
    let log = returns("b,1997-01-09,-1,USD,o1\na,1997-01-01,5,USD,\nb,1997-01-10,-2,USD,o1\n");
    assert!(log.rejects.is_empty());
    assert_eq!(booked(&log), [(-100, january(9)), (500, january(1)), (-200, january(10))]);
    assert_eq!(log.customers, ["b".into(), "a".into()]);
}
