//! What is measured of one customer and of a base: at the edges of windows, and by nothing that came later.

use guanxi::customer::{Admit, Fact};
use guanxi::lifecycle::{LifecycleCommand, Report, Score, Signal};
use guanxi::portfolio::Portfolio;
use guanxi::purchase::{Opening, Order};
use guanxi::time::Lookback;
use guanxi::{Command, Currency, Customer, Day, Money, Position, Rulebooks, Zone};

use super::answers::{book, calibrate, context, end, policy};
use super::random::customer;

fn days_before_the_end(days: i64) -> Day {
    Zone::UTC.day_of(end()).saturating_add_days(-days)
}

/// Orders placed so many days before the end.
fn ordered(days_ago: &[i64]) -> Vec<Fact> {
    let paid = Money::from_minor(500, Currency::USD);
    let order = |days: &i64| Order::new(Zone::UTC.start_of(days_before_the_end(*days)), paid);
    days_ago.iter().map(|days| Fact::Purchase(order(days).into())).collect()
}

fn buyer(days_ago: &[i64], books: &Rulebooks) -> Customer {
    let mut customer = Customer::unknown(customer(7));
    let facts = Command::Import(ordered(days_ago));
    let _ = customer.decide(&facts, &context(end()), books).unwrap();
    customer
}

#[test]
fn nobody_is_compared_with_windows_from_before_the_first_purchase() {
    let books = Rulebooks::from(book(policy()));
    let windows = |tenure_days: i64| {
        let measured = buyer(&[tenure_days, 0], &books).measured(end(), books.latest().policy());
        measured.churn.orders.map(|orders| orders.windows)
    };
    // Windows of 90 days; the recent one is compared with two before it at most.
    let found = [178, 179, 268, 269, 999].map(windows);
    assert_eq!(found, [None, Some(1), Some(1), Some(2), Some(2)]);
}

#[test]
fn a_window_holds_as_many_days_as_it_says() {
    let mut yearly = policy();
    yearly.value.rfm.window = Lookback::Days(365);
    let books = Rulebooks::from(book(yearly));
    let bought = |days_ago: i64| {
        let rfm = buyer(&[days_ago], &books).measured(end(), books.latest().policy()).rfm;
        (rfm.recency_days, rfm.purchase_days, rfm.net_revenue.minor())
    };
    assert_eq!([bought(364), bought(365)], [(Some(364), 1, 500), (None, 0, 0)]);
}

#[test]
fn growth_is_told_of_those_who_bought_on_the_first_day_of_the_earlier_window() {
    let books = Rulebooks::from(book(policy()));
    let grown = |tenure_days: i64| {
        let facts = buyer(&[tenure_days, 0], &books).measured(end(), books.latest().policy());
        let revenue = (facts.potential.recent_net_revenue, facts.potential.earlier_net_revenue);
        (revenue.0.minor(), revenue.1.map(Money::minor))
    };
    // Two windows of 180 days, the last of them ends with the day itself.
    assert_eq!([grown(358), grown(359)], [(500, None), (500, Some(500))]);
    assert_eq!([grown(179), grown(180)], [(1_000, None), (500, None)]);
}

#[test]
fn the_usual_gap_is_the_lower_one_in_the_middle() {
    let books = Rulebooks::from(book(policy()));
    let usual = |days_ago: &[i64]| {
        buyer(days_ago, &books).measured(end(), books.latest().policy()).churn.usual_gap_days
    };
    assert_eq!(usual(&[31]), None);
    assert_eq!(usual(&[31, 24]), Some(7));
    assert_eq!(usual(&[31, 24, 0]), Some(7));
    assert_eq!(usual(&[41, 31, 24, 0]), Some(10));
}

#[test]
fn a_word_of_today_was_not_heard_yesterday() {
    let books = Rulebooks::from(book(policy()));
    let mut customer = buyer(&[10], &books);
    let (score, ends) = (Score::new(40).unwrap(), days_before_the_end(-90));
    for signal in [Signal::Satisfaction(score), Signal::Contract { ends }] {
        let report = LifecycleCommand::Report(Report::new(end(), signal));
        let _ = customer.decide(&report.into(), &context(end()), &books).unwrap();
    }
    let heard = |days_ago| {
        let at = Zone::UTC.end_of(days_before_the_end(days_ago));
        let told = customer.measured(at, books.latest().policy()).churn.signals;
        [told.satisfaction.is_some(), told.contract_ends.is_some()]
    };
    assert_eq!([heard(0), heard(1)], [[true, true], [false, false]]);
}

#[test]
fn a_first_purchase_that_lies_in_an_opening_balance_is_not_followed() {
    let books = Rulebooks::from(book(policy()));
    let (first, last) = (days_before_the_end(500), days_before_the_end(450));
    let paid = Money::from_minor(900, Currency::USD);
    let opening = Opening::new(3, 2, paid, Some(first), Some(last)).unwrap();
    let since = Zone::UTC.start_of(days_before_the_end(400));
    let admit = Admit::new(since, Position::Growing).with_opening(opening);
    let mut admitted = Customer::unknown(customer(8));
    let _ = admitted.decide(&Command::Admit(admit), &context(since), &books).unwrap();
    let facts = Command::Import(ordered(&[390, 380]));
    let _ = admitted.decide(&facts, &context(end()), &books).unwrap();

    let calibration = calibrate(books.latest(), [&buyer(&[400, 395], &books), &admitted]);
    assert_eq!(calibration.churn().first_returns.buyers(), 1);
    let gaps = &calibration.churn().interpurchase_times;
    assert_eq!([5, 6, 10, 11].map(|days| gaps.count_below(days)), [0, 1, 1, 2]);
}

#[test]
fn a_calibration_cannot_see_the_future() {
    let books = Rulebooks::from(book(policy()));
    let taken = |days_ago: &[i64]| {
        let at = Zone::UTC.end_of(days_before_the_end(100));
        let mut portfolio = Portfolio::new(books.latest(), at);
        portfolio.add(&buyer(days_ago, &books));
        portfolio.calibrate()
    };
    assert_eq!(taken(&[400, 395, 99, 0]), taken(&[400, 395]));
    assert_ne!(taken(&[400, 395, 100]), taken(&[400, 395]));
}

/// What an opening balance holds is in no window, so windows before its end would look empty.
#[test]
fn windows_begin_where_the_ledger_does() {
    let books = Rulebooks::from(book(policy()));
    let taken_over = |opened_until: i64| {
        let ago = days_before_the_end;
        let gross = Money::from_minor(90_000, Currency::USD);
        let (first, last) = (Some(ago(900)), Some(ago(opened_until)));
        let opening = Opening::new(90, 90, gross, first, last).unwrap();
        let at = Zone::UTC.end_of(ago(opened_until));
        let admit = Admit::new(at, Position::Growing).with_opening(opening);
        let mut customer = Customer::unknown(customer(1));
        let _ = customer.decide(&admit.into(), &context(end()), &books).unwrap();
        let measured = customer.measured(end(), books.latest().policy());
        (measured.churn.orders.is_some(), measured.potential.earlier_net_revenue.is_some())
    };
    // The first whole day of the ledger is the one after: two windows of 90 days, two of 180.
    assert_eq!(taken_over(179), (false, false));
    assert_eq!(taken_over(180), (true, false));
    assert_eq!(taken_over(359), (true, false));
    assert_eq!(taken_over(360), (true, true));
}
