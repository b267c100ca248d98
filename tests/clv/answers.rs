//! The data beside an independent program's numbers, and beside the library asked for one customer alone.

use guanxi::value::lifetime::{
    AgeAtLastPurchase, BgNbd, Days, Horizon, MbgNbd, ParetoNbd, RepeatBuying, RepeatModel, Span,
    TimeUnit, Weeks,
};
use serde_json::Value;

use super::program::{Folder, SAMPLE};
use super::silence::nobody_leaves;

const REFERENCE: &str = include_str!("../golden/reference_btyd.json");

const HORIZONS: [&str; 6] = ["1", "4", "13", "39", "52", "520"];

fn reference(key: &str) -> Value {
    let mut all: Value = serde_json::from_str(REFERENCE).unwrap();
    all[key].take()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

#[track_caller]
fn close(value: &Value, expected: &Value, tolerance: f64) {
    let (value, expected) = (number(value), number(expected));
    assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
}

fn answers(test: &str, arguments: &[&str]) -> Value {
    let horizons = HORIZONS.map(|it| format!("--horizon={it}"));
    let horizons: Vec<&str> = horizons.iter().map(String::as_str).collect();
    Folder::new(test).answers(&[arguments, &horizons].concat())
}

fn customer<'a>(answers: &'a Value, key: &Value) -> &'a Value {
    let mut customers = answers["customers"].as_array().unwrap().iter();
    customers.find(|it| it["customer_id"] == *key).unwrap()
}

#[test]
fn parameters_are_those_of_an_independent_program() {
    let answers = answers("parameters", &["--model=bgnbd"]);
    let known = reference("bgnbd_cdnow_exact_days");
    for name in ["r", "alpha", "a", "b"] {
        close(&answers["parameters"][name], &known["params"][name], 1e-5);
        close(&answers["standard_errors"][name], &known["std_err"][name], 1e-5);
    }
    close(&answers["log_likelihood"], &known["log_likelihood"], 1e-12);
    let known = reference("gamma_gamma_cdnow");
    for name in ["p", "q", "v"] {
        let found = &answers["gamma_gamma"];
        close(&found[name], &known["params"][name], 1e-5);
        close(&found["standard_errors"][name], &known["std_err"][name], 1e-5);
    }
    assert_eq!((&answers["model"], &answers["time_unit"]), (&"bgnbd".into(), &"weeks".into()));
    assert_eq!(answers["calibration_end"], "1997-09-30");
    assert_eq!(answers["customers"].as_array().unwrap().len(), 2_357);
}

/// The references are of weeks rounded to two decimals, which moves a customer's numbers in the fourth digit.
#[test]
fn customers_are_foretold_as_by_an_independent_program() {
    let answers = answers("customers", &["--model=bgnbd"]);
    let known = reference("bgnbd_cdnow");
    for known in known["customers"].as_array().unwrap() {
        let found = customer(&answers, &known["customer_id"]);
        assert_eq!(found["x"], known["x"]);
        for name in ["t_x", "T"] {
            let hundredths = (number(&found[name]) * 100.0).round() / 100.0;
            assert_eq!(hundredths, number(&known[name]));
        }
        close(&found["p_alive"], &known["p_alive"], 1e-3);
        for horizon in HORIZONS {
            close(&found["expected"][horizon], &known["expected"][horizon], 1e-3);
        }
        close(&found["expected_mean_value"], &known["expected_mean_value"], 1e-5);
        close(&found["clv"], &known["clv_12_steps_of_4.345_weeks_at_1pct"], 1e-3);
    }
}

/// Whole weeks are the same either way, so that only the parameters differ, in the fifth digit.
#[test]
fn customers_of_whole_weeks_are_foretold_more_closely() {
    let answers = answers("whole_weeks", &["--model=bgnbd"]);
    let known = reference("bgnbd_cdnow");
    let known = known["customers"].as_array().unwrap().iter();
    let is_whole = |it: &&Value| ["t_x", "T"].iter().all(|name| number(&it[name]).fract() == 0.0);
    let mut seen = 0;
    for known in known.filter(is_whole) {
        let found = customer(&answers, &known["customer_id"]);
        close(&found["clv"], &known["clv_12_steps_of_4.345_weeks_at_1pct"], 2e-5);
        close(&found["expected"]["39"], &known["expected"]["39"], 2e-5);
        seen += 1;
    }
    assert!(seen > 0);
}

/// The number of each customer is what the library says of it alone, to the last bit.
fn same_as_alone<U: TimeUnit>(answers: &Value, model: &impl RepeatModel<U>) {
    let span = |value: &Value| Span::<U>::new(number(value)).unwrap();
    let month = Span::<Weeks>::new(4.345).unwrap().to::<U>();
    let year = Horizon::new(12, month, 0.01).unwrap();
    let customers = answers["customers"].as_array().unwrap();
    for customer in customers.iter().step_by(50) {
        let repeats = u32::try_from(customer["x"].as_u64().unwrap()).unwrap();
        let last = AgeAtLastPurchase(span(&customer["t_x"]));
        let buying = RepeatBuying::new(repeats, last, span(&customer["T"])).unwrap();
        assert_eq!(number(&customer["p_alive"]), model.p_alive(&buying));
        for (horizon, expected) in customer["expected"].as_object().unwrap() {
            let length = Span::new(horizon.parse().unwrap()).unwrap();
            assert_eq!(number(expected), model.expected_purchases(&buying, length));
        }
        let worth =
            number(&customer["expected_mean_value"]) * model.discounted_purchases(&buying, &year);
        assert_eq!(number(&customer["clv"]), worth);
    }
}

#[test]
fn everybody_is_told_what_the_library_says_of_one_alone() {
    let value = |answers: &Value, name: &str| number(&answers["parameters"][name]);
    let weeks = answers("alone_weeks", &["--model=mbgnbd"]);
    let [r, alpha, a, b] = ["r", "alpha", "a", "b"].map(|name| value(&weeks, name));
    same_as_alone(&weeks, &MbgNbd::<Weeks>::new(r, alpha, a, b).unwrap());
    let days = answers("alone_days", &["--model=pnbd", "--time-unit=days"]);
    let [r, alpha, s, beta] = ["r", "alpha", "s", "beta"].map(|name| value(&days, name));
    same_as_alone(&days, &ParetoNbd::<Days>::new(r, alpha, s, beta).unwrap());
}

/// Days are a seventh of weeks, and nothing else changes.
#[test]
fn the_unit_of_time_changes_nothing_else() {
    let folder = Folder::new("unit");
    let weeks = folder.answers(&["--model=bgnbd", "--horizon=52"]);
    let days = folder.answers(&["--model=bgnbd", "--horizon=364", "--time-unit=days"]);
    let near = |one: &Value, other: &Value, ratio: f64| {
        close(&(number(one) * ratio).into(), other, 1e-6);
    };
    let value = |answers: &Value, name: &str| answers["parameters"][name].clone();
    near(&value(&weeks, "alpha"), &value(&days, "alpha"), 7.0);
    near(&value(&weeks, "r"), &value(&days, "r"), 1.0);
    assert_eq!(days["time_unit"], "days");
    let both = |answers: &Value| answers["customers"].as_array().unwrap().clone();
    for (one, other) in both(&weeks).iter().zip(&both(&days)) {
        near(&one["T"], &other["T"], 7.0);
        near(&one["p_alive"], &other["p_alive"], 1.0);
        near(&one["expected"]["52"], &other["expected"]["364"], 1.0);
        near(&one["clv"], &other["clv"], 1.0);
    }
}

#[test]
fn the_best_model_is_the_one_of_the_least_aic() {
    let folder = Folder::new("best");
    let best = folder.answers(&[]);
    let aic = |answers: &Value| number(&answers["aic"]);
    for model in ["bgnbd", "mbgnbd", "pnbd"] {
        let one = folder.answers(&["--model", model]);
        assert_eq!(one["model"], model);
        assert!(aic(&best) <= aic(&one), "{model}");
        if best["model"] == model {
            assert_eq!(best, one);
        }
    }
    // Those who never bought again, and were silent for long, are not surely there.
    let once = |it: &&Value| it["x"] == 0;
    let customers = best["customers"].as_array().unwrap();
    assert!(customers.iter().filter(once).all(|it| number(&it["p_alive"]) < 0.9));
}

/// A model at its limit has parameters still, and nothing to say how exact they are.
#[test]
fn standard_errors_that_are_not_known_are_null() {
    let folder = Folder::new("no_errors");
    folder.write("log.csv", nobody_leaves());
    let answers = folder.answers(&["log.csv", "--model=mbgnbd"]);
    assert_eq!(answers["boundary"], "no_dropout");
    let errors = answers["standard_errors"].as_object().unwrap();
    assert!(errors.len() == 4 && errors.values().all(Value::is_null), "{errors:?}");
    let parameters = answers["parameters"].as_object().unwrap();
    assert!(parameters.values().all(Value::is_number), "{parameters:?}");
}

#[test]
fn a_discount_takes_off_and_nothing_is_worth_more() {
    let folder = Folder::new("discount");
    let worth = |percent: &str| {
        let answers = folder.answers(&["--model=bgnbd", "--discount", percent]);
        number(&answers["customers"][0]["clv"])
    };
    let values = ["0", "1", "2.5", "100"].map(worth);
    assert!(values.is_sorted_by(|one, next| one > next), "{values:?}");
}

/// Parameters of the reference, given as they are, through the program's own numbers.
#[test]
fn numbers_have_all_their_digits() {
    let folder = Folder::new("digits");
    let answers = folder.answers(&["--model=bgnbd"]);
    let value = |name: &str| number(&answers["parameters"][name]);
    let model = BgNbd::<Weeks>::new(value("r"), value("alpha"), value("a"), value("b")).unwrap();
    same_as_alone(&answers, &model);
    let text = folder.read("answers.json");
    folder.report(&[
        "--model=bgnbd",
        "--json",
        "answers.json",
        SAMPLE,
        "--calibration-end=1997-09-30",
    ]);
    assert_eq!(text, folder.read("answers.json"), "the sample named is the sample");
}
