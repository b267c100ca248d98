//! The answers as data. Numbers have all their digits: read back they are the same. Each customer stands on a
//! line of its own.

use std::io::{self, Write};

use guanxi::Day;
use guanxi::value::lifetime::{Boundary, FitReport};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::answers::{Answers, Money, Worth};
use crate::options::{Ahead, Options};
use crate::words;

#[derive(Serialize)]
struct Head<'a> {
    model: &'static str,
    /// Whether silence says something of everybody; without it `p_alive` may be 1 whatever the silence.
    tells_silence: bool,
    time_unit: &'static str,
    parameters: Values<'a>,
    standard_errors: StandardErrors<'a>,
    log_likelihood: f64,
    aic: f64,
    boundary: Option<Boundary>,
    /// `null` where money is not known.
    gamma_gamma: Option<Spending<'a>>,
    calibration_end: Day,
}

#[derive(Serialize)]
struct Spending<'a> {
    #[serde(flatten)]
    parameters: Values<'a>,
    standard_errors: StandardErrors<'a>,
}

/// Parameters by their names.
struct Values<'a>(&'a FitReport);

/// By the names of the parameters; `null` for one that has none.
struct StandardErrors<'a>(&'a FitReport);

#[derive(Serialize)]
struct Customer<'a> {
    customer_id: &'a str,
    x: u32,
    t_x: f64,
    #[serde(rename = "T")]
    age: f64,
    p_alive: f64,
    expected: Expected<'a>,
    expected_mean_value: Option<f64>,
    clv: Option<f64>,
}

/// By the horizons as they were written.
struct Expected<'a> {
    horizons: &'a [Ahead],
    purchases: &'a [f64],
}

/// Writes the data.
///
/// # Errors
///
/// What the file says.
pub(crate) fn write(
    file: &mut impl Write,
    answers: &Answers<'_>,
    options: &Options,
) -> io::Result<()> {
    let head = Head {
        model: answers.model,
        tells_silence: answers.tells_silence,
        time_unit: words::unit_code(options.unit),
        parameters: Values(&answers.fit),
        standard_errors: StandardErrors(&answers.fit),
        log_likelihood: answers.fit.log_likelihood,
        aic: answers.fit.aic(),
        boundary: answers.fit.boundary,
        gamma_gamma: match &answers.money {
            Money::Known { fit, .. } => {
                Some(Spending { parameters: Values(fit), standard_errors: StandardErrors(fit) })
            }
            Money::Unknown | Money::Untold(_) => None,
        },
        calibration_end: answers.calibration_end,
    };
    let head = serde_json::to_string_pretty(&head)?;
    // The customers follow inside of the same braces.
    write!(file, "{},\n  \"customers\": [", head.strip_suffix("\n}").unwrap_or(&head))?;
    for (place, one) in answers.customers.iter().enumerate() {
        file.write_all(if place == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *file, &customer(one, &options.horizons))?;
    }
    file.write_all(b"\n]}\n")
}

fn customer<'a>(one: &'a Worth<'_>, horizons: &'a [Ahead]) -> Customer<'a> {
    Customer {
        customer_id: one.key,
        x: one.repeats,
        t_x: one.age_at_last,
        age: one.age,
        p_alive: one.p_alive,
        expected: Expected { horizons, purchases: &one.expected },
        expected_mean_value: one.mean_value,
        clv: one.value,
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.parameters.iter().map(|it| (&it.name, it.value)))
    }
}

impl Serialize for StandardErrors<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.parameters.iter().map(|it| (&it.name, it.standard_error)))
    }
}

impl Serialize for Expected<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.horizons.len()))?;
        for (ahead, purchases) in self.horizons.iter().zip(self.purchases) {
            map.serialize_entry(&ahead.text, purchases)?;
        }
        map.end()
    }
}
