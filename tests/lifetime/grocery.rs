//! Models of the customers of a grocer, whose table is not part of this crate.

use guanxi::value::lifetime::{BgNbd, MbgNbd, RepeatBuyers, RepeatModel, Weeks};

use super::data::{Shopper, grocery, reference};
use super::geometric_reference::{assert_customer, assert_fit, of_parameters};

#[test]
fn bgnbd_and_mbgnbd() {
    let Some(shoppers) = grocery() else { return };
    let buyers: RepeatBuyers<Weeks> = shoppers.iter().map(Shopper::exact).collect();
    let reference = reference();
    let expected = &reference["bgnbd_grocery"];
    assert_eq!(Some(buyers.customers()), expected["customers_n"].as_u64());
    assert_fit(&BgNbd::fit(&buyers).unwrap().report, expected);
    assert_fit(&MbgNbd::fit(&buyers).unwrap().report, &reference["mbgnbd_grocery"]);
    let model = of_parameters(&expected["params"]);
    for expected in expected["customers"].as_array().unwrap() {
        assert_customer(&model, expected, 1e-10);
    }
}
