//! Values computed with 50 digits by following customers of known rates and chances, and averaging over these:
//! `tests/golden/lifetime_values.py`, which uses none of the formulas that are used here.
#![expect(clippy::excessive_precision, reason = "as the other program printed them")]

use guanxi::value::lifetime::{
    BgBb, BgNbd, Discount, MbgNbd, Opportunities, RepeatModel, ShiftedBetaGeometric, Weeks,
};

use super::data::{bought, close, span};

/// Repeats and the last of them at an age of 39 weeks; log-likelihood, P(alive), expected in the next 52 weeks, and
/// residual transactions at a rate of 0.0027 a week.
type Customer = (u32, f64, [f64; 4]);

#[rustfmt::skip]
const BGNBD: [Customer; 5] = [
    (0, 0.0, [-0.55549816084146328, 1.0, 0.25135803489444574, 1.0135475127006007]),
    (1, 20.0, [-5.511857787849612, 0.59932987666244518, 0.73218835041392421, 2.5805925294170703]),
    (2, 30.5, [-9.4651003275977675, 0.72603324669587305, 1.5534376417394512, 5.1431887464675652]),
    (7, 10.0, [-16.703862085013093, 0.0036016778220594076, 0.023505568182558771, 0.070990451115406665]),
    (29, 38.0, [-44.532096865723313, 0.95100337033762982, 24.161450877726001, 69.82101989630768]),
];
#[rustfmt::skip]
const MBGNBD: [Customer; 5] = [
    (0, 0.0, [-0.54047212122250198, 0.3893476486635972, 0.19698607412496275, 0.72076765702010891]),
    (1, 20.0, [-5.6536746208420096, 0.56075736691170555, 0.78621308137201469, 2.5627134443536274]),
    (2, 30.5, [-9.4925010526012165, 0.70557674328259935, 1.5918517862689006, 4.9007559598016109]),
    (7, 10.0, [-16.811705695206063, 0.0042458161452596609, 0.026968372775835182, 0.07592604328284923]),
    (29, 38.0, [-45.048444788046979, 0.94665097939103485, 22.707062806437283, 61.070398197702858]),
];

fn assert_customers<M: RepeatModel<Weeks>>(model: &M, known: &[Customer]) {
    let discount = Discount::new(0.0027).unwrap();
    for (repeats, last, [likelihood, alive, expected, residual]) in known {
        let customer = bought(*repeats, *last, 39.0);
        close(model.log_likelihood_of(&customer), *likelihood, 1e-12, "likelihood");
        close(model.p_alive(&customer), *alive, 1e-11, "P(alive)");
        close(model.expected_purchases(&customer, span(52.0)), *expected, 1e-10, "expected");
        let all = model.residual_transactions(&customer, discount).unwrap();
        close(all, *residual, 1e-10, "residual");
    }
    // As good as a new customer, of whom nothing is known.
    let new = model.expected_purchases(&bought(0, 0.0, 0.0), span(52.0));
    close(model.expected_of_new(span(52.0)), new, 1e-12, "new");
}

/// Repeats, and the chance of exactly so many within 39 weeks.
#[rustfmt::skip]
const BGNBD_CHANCES: [(u32, f64); 4] = [
    (0, 0.57378635209600941),
    (1, 0.19939528083591146),
    (5, 0.017965493866579044),
    (20, 0.00039869209414220939),
];
#[rustfmt::skip]
const MBGNBD_CHANCES: [(u32, f64); 4] = [
    (0, 0.58247318949328897),
    (1, 0.18278307728754051),
    (5, 0.01938732355357035),
    (20, 0.00030962046011568443),
];

fn assert_chances<M: RepeatModel<Weeks>>(model: &M, known: &[(u32, f64)]) {
    for (repeats, chance) in known {
        close(model.p_repeats(*repeats, span(39.0)), *chance, 1e-11, "chance");
    }
}

#[test]
fn bgnbd() {
    let model = BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap();
    assert_customers(&model, &BGNBD);
    assert_chances(&model, &BGNBD_CHANCES);
}

#[test]
fn mbgnbd() {
    let model = MbgNbd::new(0.525, 6.183, 0.891, 1.614).unwrap();
    assert_customers(&model, &MBGNBD);
    assert_chances(&model, &MBGNBD_CHANCES);
}

/// `alpha`, `beta`; renewals; at 10 % a period the lifetime of a new customer, and what is left of it then.
#[rustfmt::skip]
const CONTRACTS: [([f64; 2], u32, [f64; 2]); 9] = [
    ([0.704, 1.182], 0, [3.6951474055745741, 2.9646621461320315]),
    ([0.704, 1.182], 4, [3.6951474055745741, 5.89442285984416]),
    ([0.704, 1.182], 30, [3.6951474055745741, 9.1447858564665502]),
    ([0.668, 3.806], 0, [5.9225964076127642, 5.4148560483740406]),
    ([0.668, 3.806], 4, [5.9225964076127642, 6.8970573977460909]),
    ([0.668, 3.806], 30, [5.9225964076127642, 9.3274139150066256]),
    ([5.0, 0.3], 0, [1.0657258944943506, 0.072298483943785707]),
    ([5.0, 0.3], 4, [1.0657258944943506, 0.93635867650308237]),
    ([5.0, 0.3], 30, [1.0657258944943506, 4.1947300250849695]),
];

#[test]
fn contracts() {
    for ([alpha, beta], renewals, [new, left]) in CONTRACTS {
        let model = ShiftedBetaGeometric::new(alpha, beta).unwrap();
        close(model.discounted_expected_lifetime(0.1).unwrap(), new, 1e-12, "new");
        let residual = model.discounted_expected_residual_lifetime(renewals, 0.1).unwrap();
        close(residual, left, 1e-12, "left");
    }
}

/// Purchases, last, opportunities; log-likelihood, P(alive), expected at the next 5, residual at 10 %.
#[rustfmt::skip]
const OPPORTUNITIES: [(u16, u16, u16, [f64; 4]); 4] = [
    (0, 0, 6, [-1.1625639054542736, 0.10775606065378001, 0.07238402793634121, 0.11387891822171814]),
    (2, 5, 6, [-5.5085114613481323, 0.80372082393303473, 1.439709908215968, 2.2650384563416829]),
    (6, 6, 6, [-2.1883824072657196, 0.93008474576271186, 3.7486492998345124, 5.8976011591008661]),
    (1, 1, 20, [-2.3439526515510059, 0.0030992841301705981, 0.0014744911924366802, 0.0025614649171757308]),
];

#[test]
fn opportunities() {
    let model = BgBb::new(1.20, 0.75, 0.66, 2.78).unwrap();
    for (x, last, n, [likelihood, alive, expected, residual]) in OPPORTUNITIES {
        let customer = Opportunities::new(x, last, n).unwrap();
        close(model.log_likelihood_of(&customer), likelihood, 1e-12, "likelihood");
        close(model.p_alive(&customer), alive, 1e-11, "P(alive)");
        close(model.expected_purchases(&customer, 5), expected, 1e-11, "expected");
        close(model.residual_transactions(&customer, 0.1).unwrap(), residual, 1e-11, "residual");
    }
}
