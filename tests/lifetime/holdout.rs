//! A model beside days that it has not seen.

use std::collections::BTreeMap;
use std::num::NonZero;

use guanxi::Day;
use guanxi::value::lifetime::{
    BgNbd, Days, Holdout, HoldoutError, MbgNbd, RepeatBuyers, RepeatModel, Span, Weeks,
};

const CDNOW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow_transactions.csv");

const WEEK: NonZero<u16> = NonZero::new(7).unwrap();

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn days(texts: &[&str]) -> Vec<Day> {
    texts.iter().map(|text| day(text)).collect()
}

/// The customers of CDNOW by the days of their purchases; those who bought twice on a day have it twice.
fn customers() -> BTreeMap<u32, Vec<Day>> {
    let mut customers: BTreeMap<u32, Vec<Day>> = BTreeMap::new();
    for row in csv::Reader::from_path(CDNOW).unwrap().records().map(Result::unwrap) {
        customers.entry(row[0].parse().unwrap()).or_default().push(day(&row[2]));
    }
    customers
}

/// 39 weeks of calibration, as in the paper, and 39 held out.
fn cdnow() -> Holdout {
    let mut holdout = Holdout::new(day("1997-09-30"), day("1998-06-30")).unwrap();
    for days in customers().values() {
        holdout.add(days).unwrap();
    }
    holdout
}

/// Fader, Hardie, Lee (2005), table 2.
fn published() -> BgNbd<Weeks> {
    BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap()
}

#[track_caller]
fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value / expected - 1.0).abs() <= tolerance, "{value} is not {expected}");
}

/// Customers, purchases held out, purchases expected by an independent program with 30 digits, and their mean
/// absolute and root mean square error, by repeats in the calibration.
const CLASSES: [(u64, u64, f64, f64, f64); 8] = [
    (1411, 334, 318.111190490204, 0.399459507387045, 0.762862189318581),
    (439, 306, 229.674321791904, 0.798937594627837, 1.27845674817852),
    (214, 298, 223.45232011643, 1.22047823066121, 1.83555357537951),
    (100, 156, 152.029267981222, 1.32769771048215, 1.81778133275716),
    (62, 157, 134.160233455594, 1.78695868808313, 2.7334811814945),
    (38, 112, 100.845603425425, 2.23599315225684, 2.88697462660717),
    (29, 112, 101.615728978694, 3.78212038731223, 6.52082462402542),
    (64, 407, 394.052593073877, 3.71745329268557, 4.82673336507297),
];

#[test]
fn cdnow_is_foretold_as_by_an_independent_program() {
    let holdout = cdnow();
    assert_eq!((holdout.customers(), holdout.left_out()), (2_357, 0));
    assert_eq!(holdout.span(), Span::whole(273));
    let report = holdout.evaluate(&published(), 7);
    assert_eq!(report.classes.len(), CLASSES.len());
    for ((class, known), repeats) in report.classes.iter().zip(CLASSES).zip(0..) {
        let (customers, actual, expected, absolute, square) = known;
        assert_eq!((class.class.repeats, class.class.is_open), (repeats, repeats == 7));
        assert_eq!((class.customers, class.actual), (customers, actual));
        close(class.expected, expected, 1e-12);
        close(class.mean_absolute_error.unwrap(), absolute, 1e-12);
        close(class.root_mean_square_error.unwrap(), square, 1e-12);
    }
    assert_eq!((report.total.customers, report.total.actual), (2_357, 1_882));
    close(report.total.expected, 1653.94125931335, 1e-12);
    close(report.total.mean_absolute_error.unwrap(), 0.785609147978489, 1e-12);
    close(report.total.root_mean_square_error.unwrap(), 1.60797766468299, 1e-12);
    close(report.total_error_percent().unwrap(), -12.117892703, 1e-8);
}

/// `reference_btyd.json` has 1653.4233 for weeks rounded to two decimals.
#[test]
fn the_fitted_model_expects_what_the_reference_does() {
    let holdout = cdnow();
    let fit = BgNbd::fit(&holdout.buyers::<Weeks>()).unwrap();
    close(fit.report.log_likelihood, -9_582.429_206_673_929, 1e-12);
    let report = holdout.evaluate(&fit.model, 7);
    close(report.total.expected, 1_653.423_259_804_003_7, 1e-5);
    assert_eq!(report.total.actual, 1_882);
}

#[test]
fn purchases_of_cdnow_are_tracked_as_by_an_independent_program() {
    let holdout = cdnow();
    let points = holdout.tracking(&published(), WEEK);
    assert_eq!(points.len(), 78);
    for (week, until, actual, expected) in [
        (1, "1997-01-08", 3, 4.41241808974309),
        (13, "1997-04-02", 839, 723.633800652313),
        (39, "1997-10-01", 2462, 2505.14301386679),
        (78, "1998-06-30", 4339, 4166.37272038574),
    ] {
        let point = points[week - 1];
        assert_eq!((point.day, point.actual), (day(until), actual));
        close(point.expected, expected, 1e-12);
    }
    let daily = holdout.tracking(&published(), NonZero::<u16>::MIN);
    assert_eq!(daily.len(), 545);
    assert!(daily.is_sorted_by(|one, next| {
        one.day < next.day && one.actual <= next.actual && one.expected < next.expected
    }));
    for (week, point) in points.iter().enumerate() {
        let same = daily[(7 * (week + 1)).min(daily.len()) - 1];
        assert_eq!(same, *point);
    }
}

#[test]
fn repeats_of_cdnow_are_spread_as_by_an_independent_program() {
    let expected = [
        1406.49979270215,
        460.807576435755,
        192.709434194135,
        101.30672937243,
        59.9360848271899,
        38.17856964066,
        25.5896874296085,
        71.9721253980678,
    ];
    let classes = cdnow().frequency(&published(), 7);
    assert_eq!(classes.len(), expected.len());
    for ((class, expected), (actual, _, _, _, _)) in classes.iter().zip(expected).zip(CLASSES) {
        assert_eq!(class.actual, actual);
        close(class.expected, expected, 1e-12);
    }
    assert!(classes.iter().all(|it| it.class.is_open == (it.class.repeats == 7)));
}

/// Classes are a partition: however fine, they add up to the same base.
#[test]
fn classes_add_up_however_many() {
    let holdout = cdnow();
    let model = MbgNbd::<Days>::new(0.525, 43.3, 0.891, 1.614).unwrap();
    let whole = holdout.evaluate(&model, 0);
    assert_eq!(whole.classes.len(), 1);
    assert_eq!(
        (whole.classes[0].customers, whole.classes[0].actual, whole.classes[0].class.is_open),
        (2_357, 1_882, true)
    );
    for classes_max in [1, 7, 29, u8::MAX] {
        let report = holdout.evaluate(&model, classes_max);
        assert_eq!(report.classes.len(), usize::from(classes_max) + 1);
        assert_eq!(report.classes.iter().map(|it| it.customers).sum::<u64>(), 2_357);
        close(report.total.expected, whole.total.expected, 1e-13);
        assert_eq!(report.total.mean_absolute_error, whole.total.mean_absolute_error);
        // The mean of all is that of the classes, each weighed by its customers.
        let squares = report.classes.iter().filter_map(|it| {
            Some(
                f64::from(u32::try_from(it.customers).unwrap())
                    * it.root_mean_square_error?.powi(2),
            )
        });
        let whole = whole.total.root_mean_square_error.unwrap();
        close(squares.sum::<f64>(), 2_357.0 * whole.powi(2), 1e-12);
        let spread = holdout.frequency(&model, classes_max);
        close(spread.iter().map(|it| it.expected).sum(), 2_357.0, 1e-12);
        assert_eq!(spread.iter().map(|it| it.actual).sum::<u64>(), 2_357);
    }
}

/// A unit of time is how numbers are written, not what they say.
#[test]
fn the_unit_of_time_changes_nothing() {
    let (holdout, weeks) = (cdnow(), published());
    let days: BgNbd<Days> = weeks.to();
    let (one, other) = (holdout.evaluate(&weeks, 7), holdout.evaluate(&days, 7));
    close(one.total.expected, other.total.expected, 1e-12);
    let last =
        |points: Vec<guanxi::value::lifetime::TrackingPoint>| points.last().copied().unwrap();
    close(
        last(holdout.tracking(&weeks, WEEK)).expected,
        last(holdout.tracking(&days, WEEK)).expected,
        1e-12,
    );
    assert_eq!(holdout.buyers::<Days>().to::<Weeks>(), holdout.buyers::<Weeks>());
}

#[test]
fn neither_the_order_of_customers_nor_of_days_matters() {
    let mut backward = Holdout::new(day("1997-09-30"), day("1998-06-30")).unwrap();
    for days in customers().values().rev() {
        backward.add(&days.iter().rev().copied().collect::<Vec<_>>()).unwrap();
    }
    assert_eq!(backward, cdnow());
}

#[test]
fn the_days_of_a_customer_are_split_where_the_calibration_ends() {
    let mut holdout = Holdout::new(day("2024-03-31"), day("2024-06-30")).unwrap();
    let bought = days(&[
        "2024-06-30",
        "2024-03-31",
        "2024-01-01",
        "2024-04-01",
        "2024-01-01",
        "2024-07-01",
        "2024-03-31",
    ]);
    let split = holdout.add(&bought).unwrap();
    assert_eq!((split.buying.repeats(), split.held_out), (1, 2));
    assert_eq!(split.buying.age_at_last().0, Span::whole(90));
    assert_eq!(split.buying.age(), Span::whole(90));
    assert_eq!(holdout.add(&days(&["2024-04-01"])), None);
    assert_eq!(holdout.add(&[]), None);
    assert_eq!((holdout.customers(), holdout.left_out()), (1, 2));
    // On the last day of the calibration a customer is of age 0.
    let new = holdout.add(&days(&["2024-03-31"])).unwrap();
    assert_eq!((new.buying.repeats(), new.buying.age()), (0, Span::ZERO));
    let expected: RepeatBuyers<Days> = [split.buying, new.buying].into_iter().collect();
    assert_eq!(holdout.buyers::<Days>(), expected);
    let last = holdout.tracking(&published(), WEEK).pop().unwrap();
    // Purchases of after the end, and of customers of later, are in nothing.
    assert_eq!((last.day, last.actual), (day("2024-06-30"), 3));
}

#[test]
fn nothing_held_out_is_no_error() {
    let end = day("2024-03-31");
    let mut holdout = Holdout::new(end, end).unwrap();
    holdout.add(&days(&["2024-01-01", "2024-03-31", "2024-04-02"])).unwrap();
    let report = holdout.evaluate(&published(), 7);
    assert_eq!((report.total.actual, report.total.expected), (0, 0.0));
    assert_eq!((report.total_error_percent(), report.total.mean_absolute_error), (None, Some(0.0)));

    let nobody = Holdout::new(end, end).unwrap();
    let report = nobody.evaluate(&published(), 7);
    assert_eq!(report.total.mean_absolute_error, None);
    assert_eq!(report.total.root_mean_square_error, None);
    assert_eq!(report.classes[0].mean_actual(), None);
    assert_eq!(nobody.tracking(&published(), WEEK), []);
    assert!(nobody.frequency(&published(), 7).iter().all(|class| class.expected == 0.0));
}

#[test]
fn the_end_is_not_before_that_of_the_calibration() {
    let error: HoldoutError = Holdout::new(day("2024-03-31"), day("2024-03-30")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the holdout ends on 2024-03-30, before the calibration does on 2024-03-31"
    );
}
