//! Faults that the fuzz targets found, each by the smallest case that showed it.

use guanxi::churn::survival::{KaplanMeier, LifeTable};
use guanxi::value::lifetime::{
    BgBb, BgNbd, Boundary, MbgNbd, Opportunities, OpportunityBuyers, RepeatBuyers, RepeatBuying,
    RepeatModel, ShiftedBetaGeometric, Weeks,
};

use super::data::{bought, close, span};

/// The series overflowed, or what it was multiplied by became 0.
#[test]
fn nearly_sure_leavers_buy_as_often_as_they_can() {
    let model = BgNbd::<Weeks>::new(0.001_445, 1.898_5, 298.27, 0.160_3).unwrap();
    let customer = bought(10, 0.301_8, 0.527_1);
    let mut before = 0.0;
    for weeks in [7.0, 16.0, 24.0, 26.3, 40.0, 5_200.0] {
        let expected = model.expected_while_alive(&customer, span(weeks));
        assert!(expected >= before && expected < 1.04, "{weeks}: {expected}");
        before = expected;
    }
}

/// Shapes at which a chance does not vary any more gave weights that were nothing but rounding.
#[test]
fn equal_chances_of_leaving_are_a_chance() {
    let model = MbgNbd::<Weeks>::new(2.0, 3.0, 5e25, 1.5e26).unwrap();
    let customer = RepeatBuying::once(span(4.0));
    // (1 - (1 + p t / (alpha + T))^-r) / p with p = 1/4.
    let expected = 4.0 * (1.0 - (1.0 + 0.25 * 52.0 / 7.0_f64).powi(-2));
    close(model.expected_while_alive(&customer, span(52.0)), expected, 1e-12, "purchases");
}

/// A maximum was taken for the limit of nobody leaving, because the likelihood rose again far out: towards
/// customers who leave with equal chances. The giant among them left beyond doubt.
#[test]
fn a_giant_who_left_is_gone() {
    let buyers: RepeatBuyers<Weeks> = [
        bought(0, 0.0, 7.0),
        bought(0, 0.0, 7.0),
        bought(3, 1.0, 3.5),
        bought(3, 17.714, 17.715),
        bought(6_293, 25.0, 77.0),
    ]
    .into_iter()
    .collect();
    fn assert_left<M: RepeatModel<Weeks>>(buyers: &RepeatBuyers<Weeks>) {
        let fit = M::fit(buyers).unwrap();
        assert_eq!(fit.report.boundary, Some(Boundary::EqualDropout));
        assert!(fit.report.log_likelihood > 28_462.0, "{}", fit.report.log_likelihood);
        close(fit.model.log_likelihood(buyers), fit.report.log_likelihood, 1e-12, "likelihood");
        assert!(fit.model.p_alive(&bought(6_293, 25.0, 77.0)) < 1e-9);
    }
    assert_left::<BgNbd<Weeks>>(&buyers);
    assert_left::<MbgNbd<Weeks>>(&buyers);
}

/// A small shape was lost beside a whole number.
#[test]
fn the_last_purchase_at_the_first_of_many_opportunities() {
    let model = BgBb::new(129.4, 2.502e-12, 2.84e13, 1.325e13).unwrap();
    let mut buyers = OpportunityBuyers::default();
    buyers.add(Opportunities::new(1, 1, 15).unwrap(), 1);
    // By 60 digits.
    let known = -1.528_216_039_626_349;
    close(model.log_likelihood(&buyers), known, 1e-13, "likelihood");
}

/// The odds of having left are beyond the range of the numbers after thousands of opportunities.
#[test]
fn thousands_of_opportunities_not_taken() {
    let model = BgBb::new(2.0, 3.0, 0.5, 50.0).unwrap();
    let customer = Opportunities::new(2_441, 22_975, 46_157).unwrap();
    close(model.log_likelihood_of(&customer), -7_796.018_823_068_609, 1e-12, "likelihood");
    assert!(model.p_alive(&customer) < 1e-300);
}

/// So few were lost, of so many, that survival is 1 to the last digit.
#[test]
fn losses_that_do_not_show_have_bounds() {
    let mut table = LifeTable::default();
    table.lost(21, 6).still_there(21, 1 << 62);
    let curve = KaplanMeier::of(&table).unwrap();
    assert_eq!(curve.bounds(21, 0.95), Some((1.0, 1.0)));
}

/// A quotient of gamma functions was taken as a difference of logarithms that had no digits left.
#[test]
fn equal_chances_are_survived_alike_for_long() {
    let model = ShiftedBetaGeometric::new(12_805_211_467_230.52, 5_852_801_486_380_490.0).unwrap();
    let retention = model.retention(1);
    for periods in [64, 65, 78, 79, 5_000] {
        let expected = (f64::from(periods) * retention.ln()).exp();
        close(model.survival(periods), expected, 1e-9, "survival");
    }
}

/// The series has a pole where both shapes of leaving are 0: customers leave at once or never.
#[test]
fn who_leaves_at_once_or_never() {
    let model = BgNbd::<Weeks>::new(1.465, 3.684, 1.89e-17, 1.04e-17).unwrap();
    let (never, weeks) = (1.04 / 2.93, 52.0);
    let once = 1.0 - (1.0 + weeks / 3.684_f64).powf(-1.465);
    let expected = never * 1.465 * weeks / 3.684 + (1.0 - never) * once;
    close(model.expected_of_new(span(weeks)), expected, 1e-12, "purchases");
}
