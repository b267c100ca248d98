//! The parts that the page is put together from.

use super::charts::{MONTHS_MAX, filled};
use super::models::months;
use super::reader::Reader;
use super::*;

fn at(year: i32, month: u32, net_minor: i128) -> MonthSums {
    MonthSums { month: Month { year, month }, net_minor, orders: 1 }
}

#[test]
fn months_without_anything_are_there() {
    let found = filled(&[at(1998, 2, 5), at(1997, 11, 7), at(1998, 2, 2)]);
    let found: Vec<_> =
        found.iter().map(|it| (it.month.to_string(), it.net_minor, it.orders)).collect();
    let month = |name: &str, net, orders| (name.to_owned(), net, orders);
    let expected = [
        month("1997-11", 7, 1),
        month("1997-12", 0, 0),
        month("1998-01", 0, 0),
        month("1998-02", 7, 2),
    ];
    assert_eq!(found, expected);
    assert_eq!(filled(&[]), Vec::new());
}

#[test]
fn a_mistyped_year_costs_months_and_no_more() {
    let whole = filled(&months(1_951, 600));
    assert_eq!((whole.len(), whole[0].month.year), (MONTHS_MAX, 1_951));
    let found = filled(&[at(-262_000, 1, 1), at(262_000, 12, 1)]);
    assert_eq!((found.len(), found[0].month), (MONTHS_MAX, Month { year: 261_951, month: 1 }));
}

fn reader(language: Language) -> Reader {
    Reader { language, currency: Currency::USD }
}

#[test]
fn shares_of_money_do_not_lie_either() {
    let reader = reader(Language::English);
    for (part, whole, text) in [
        (1, 3, "33.3%"),
        (-1, 3, "-33.3%"),
        (4, 3, "133.3%"),
        (1, 10_000, "<0.1%"),
        (0, 5, "0.0%"),
        (1, 0, "-"),
        (1, -3, "-"),
        (i128::MAX / 4, i128::MAX, "25.0%"),
        (i128::MIN, i128::MAX, "-100.0%"),
    ] {
        assert_eq!(reader.money_share(part, whole), text, "{part} of {whole}");
    }
}

#[test]
fn points_below_an_edge_do_not_look_as_if_they_were_above() {
    let reader = reader(Language::Chinese);
    let shown = [54_999, 55_000, 0, -1].map(|points| reader.points(Points(points)));
    assert_eq!(shown, ["54", "55", "0", "-1"]);
}

#[test]
fn counts_agree_with_their_nouns() {
    let (english, chinese) = (reader(Language::English), reader(Language::Chinese));
    assert_eq!(
        (english.customers(1), english.customers(2)),
        ("1 customer".into(), "2 customers".into())
    );
    assert_eq!(chinese.customers(2_357), "2,357位客户");
}

#[test]
fn more_customers_are_never_paler() {
    let most = 2_357;
    let heats: Vec<_> = (0..=most).map(|count| tables::heat(count, most)).collect();
    assert!(heats.is_sorted());
    assert_eq!((heats[0], heats[1], heats[2_357]), ("h0", "h1", "h5"));
    assert_eq!((tables::heat(u64::MAX, u64::MAX), tables::heat(0, 0)), ("h5", "h0"));
}
