//! What holds whatever is given, for some hundred cases of random bytes; `fuzz/` searches for more of them.

use proptest::collection::vec;
use proptest::prelude::*;

use super::data::cases;

mod checks;

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn any_base_is_fitted_with_numbers_or_refused_with_a_reason(bytes in vec(any::<u8>(), 0..300)) {
        checks::fit(&bytes);
    }

    #[test]
    fn any_model_predicts_within_bounds(bytes in vec(any::<u8>(), 40)) {
        checks::predict(&bytes);
    }

    #[test]
    fn any_amounts_contracts_and_lifetimes_are_bounded(bytes in vec(any::<u8>(), 0..600)) {
        checks::others(&bytes);
    }
}
