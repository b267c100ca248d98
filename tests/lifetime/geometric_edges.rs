//! BG/NBD and MBG/NBD of hard customers and of bases that do not tell their parameters.

use super::data::reference;
use super::geometric_reference::{assert_customer, of_parameters};

#[test]
fn hard_customers() {
    let reference = &reference()["edge_bgnbd"];
    let model = of_parameters(&reference["params"]);
    for expected in reference["customers"].as_array().unwrap() {
        assert_customer(&model, expected, 1e-9);
    }
}

#[test]
fn shapes_near_1() {
    for reference in reference()["edge_bgnbd_a_near_1"].as_array().unwrap() {
        let model = of_parameters(&reference["params"]);
        for expected in reference["customers"].as_array().unwrap() {
            assert_customer(&model, expected, 1e-9);
        }
    }
}
