#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test, as it should")]

use std::collections::BTreeMap;

use guanxi::{
    Actor, Command, CommandId, Context, Customer, CustomerId, Policy, Rulebook, Rulebooks,
    TenantId, Timestamp,
};
use proptest::prelude::*;

use super::*;
use crate::log::Kept;

/// A row: customer, day, amount.
type Row = (u32, i32, i64);

fn day(number: i32) -> Day {
    Day::from_days_since_epoch(number).unwrap()
}

/// The log of these rows, as the reader gives it: customers in order of first appearance.
fn log(rows: &[Row]) -> Log {
    let mut log = Log { rows: rows.len() as u64, ..Log::new("".into(), Currency::USD) };
    let mut known: BTreeMap<u32, u32> = BTreeMap::new();
    for (line, (key, number, amount_minor)) in (2..).zip(rows) {
        let next = u32::try_from(log.customers.len()).unwrap();
        let customer = *known.entry(*key).or_insert_with(|| {
            log.customers.push(key.to_string().into());
            next
        });
        let (day, amount_minor) = (day(*number), *amount_minor);
        let until = day;
        let (lines, order) = (1, None);
        log.purchases.push(Purchase { customer, day, until, amount_minor, line, lines, order });
        log.readable_minor += i128::from(amount_minor);
        if amount_minor < 0 {
            let row = Box::default();
            log.kept.push(Kept { purchase: line, line, amount_minor, row });
        }
    }
    log.last_day = log.purchases.iter().map(|purchase| purchase.day).max();
    log
}

fn settled(rows: &[Row]) -> Log {
    settle(log(rows), &Options::default()).unwrap()
}

fn rejected(rows: &[Row]) -> Vec<u64> {
    settled(rows).rejects.iter().map(|reject| reject.line).collect()
}

/// What is left of each customer, by its key.
fn by_key(log: &Log) -> BTreeMap<String, Vec<PurchaseCommand>> {
    let each = customers(log).map(|(key, own)| (key.to_owned(), reports(own, Currency::USD)));
    each.collect()
}

#[test]
fn a_return_is_booked_against_the_latest_day_of_purchase() {
    let log = settled(&[(1, 9, -300), (1, 5, 400), (1, 1, 1_000), (1, 7, -100)]);
    let usd = |minor| Money::from_minor(minor, Currency::USD);
    let at = |number| ZONE.start_of(day(number));
    let told: Vec<_> = customers(&log).flat_map(|(_, own)| reports(own, Currency::USD)).collect();
    let order = |number, minor| PurchaseCommand::from(Order::new(at(number), usd(minor)));
    let back = |number, minor| PurchaseCommand::from(Return::new(at(number), day(5), usd(minor)));
    assert_eq!(told, [order(1, 1_000), order(5, 400), back(7, 100), back(9, 300)]);
    assert!(log.rejects.is_empty());
}

#[test]
fn a_return_needs_a_purchase_that_holds_as_much() {
    assert_eq!(rejected(&[(1, 5, 400), (1, 5, -400)]), [0_u64; 0]);
    assert_eq!(rejected(&[(1, 5, 400), (1, 5, -401)]), [3]);
    assert_eq!(rejected(&[(1, 5, 400), (1, 4, -1)]), [3], "the purchase is later");
    assert_eq!(rejected(&[(1, 5, 400), (1, 6, -300), (1, 7, -200)]), [4], "no more is left");
    assert_eq!(
        rejected(&[(1, 1, 900), (1, 5, 0), (1, 6, -1)]),
        [4],
        "the latest day holds nothing"
    );
    assert_eq!(rejected(&[(1, 5, 400), (2, 6, -1)]), [3], "another customer");
}

#[test]
fn a_return_of_an_order_is_booked_against_its_day() {
    let mut log = log(&[(1, 1, 1_000), (1, 5, 400), (1, 9, -900)]);
    log.purchases[2].until = day(1);
    let settled = settle(log, &Options::default()).unwrap();
    assert!(settled.rejects.is_empty());
    let usd = |minor| Money::from_minor(minor, Currency::USD);
    let back = Return::new(ZONE.start_of(day(9)), day(1), usd(900));
    assert_eq!(reports(&settled.purchases, Currency::USD).pop(), Some(back.into()));
}

#[test]
fn who_has_nothing_but_refused_returns_is_no_customer() {
    let log = settled(&[(7, 3, -1), (8, 4, 100), (9, 9, -2), (6, 5, 50)]);
    assert_eq!(log.customers, ["8".into(), "6".into()]);
    let named: Vec<_> = customers(&log).map(|(key, own)| (key, own.len())).collect();
    assert_eq!(named, [("8", 1), ("6", 1)]);
    assert_eq!(log.last_day, Some(day(5)), "a refused return is no last day");
}

#[test]
fn strict_refuses_a_return_of_nothing() {
    let rejects = std::env::temp_dir().join(format!("guanxi-settle-{}.csv", std::process::id()));
    let options = Options { strict: true, rejects: Some(rejects.clone()), ..Options::default() };
    let error = settle(log(&[(1, 5, 400), (1, 4, -1)]), &options).unwrap_err();
    assert!(error.to_string().contains("1 of its 2 rows cannot be taken, the first on line 3"));
    assert_eq!(std::fs::read_to_string(&rejects).unwrap().lines().count(), 2);
    std::fs::remove_file(&rejects).unwrap();
}

#[test]
fn what_is_put_aside_keeps_its_money_and_its_lines() {
    let mut log = settled(&[(1, 5, 400), (1, 6, -100), (2, 7, 50)]);
    let reasons = [(2, Reason::RecordedOutOfRange), (3, Reason::NothingRecordedToReturn)];
    put_aside(&mut log, &reasons.into_iter().collect());
    let told = log.rejects.iter().map(|reject| (reject.line, reject.reason, reject.amount_minor));
    let amounts = [Some(400), Some(-100)].into_iter();
    let expected = reasons.into_iter().zip(amounts).map(|((line, reason), it)| (line, reason, it));
    assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert_eq!((log.accepted_minor(), log.customers), (50, vec!["2".into()]));
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let amount = prop_oneof![4 => 0_i64..500, 1 => -200_i64..0];
    proptest::collection::vec((0_u32..4, 0_i32..400, amount), 1..40)
}

proptest! {
    #[test]
    fn money_and_rows_are_neither_made_nor_lost(rows in any_rows()) {
        let before = log(&rows);
        let after = settled(&rows);
        prop_assert_eq!(after.accepted_minor() + after.rejected_minor(), before.readable_minor);
        prop_assert_eq!(after.purchases.len() + after.rejects.len(), rows.len());
        prop_assert!(after.rejects.is_sorted_by_key(|reject| reject.line));
        prop_assert_eq!(customers(&after).count(), after.customers.len());
    }

    #[test]
    fn the_order_of_the_file_decides_nothing(
        (rows, shuffled) in any_rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        prop_assert_eq!(by_key(&settled(&rows)), by_key(&settled(&shuffled)));
    }

    #[test]
    fn the_library_takes_whatever_is_settled(rows in any_rows()) {
        let books = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).map(Rulebooks::from).unwrap();
        let now = ZONE.end_of(day(400));
        for (key, reports) in by_key(&settled(&rows)) {
            let mut customer = Customer::unknown(CustomerId::derive(TenantId::derive("t"), &key));
            let context = Context::new(now, Actor::System, CommandId::derive("t", &key));
            for report in reports {
                let decided = customer.decide(&Command::Purchase(report), &context, &books);
                prop_assert!(decided.is_ok(), "{:?}", decided);
            }
        }
    }
}
