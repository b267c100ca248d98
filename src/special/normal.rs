//! The normal distribution.

use std::f64::consts::{PI, SQRT_2};

/// Halley steps that bring the first guess to the last digit; two do.
const STEPS: u32 = 4;

/// What a standard normal variable exceeds with probability `tail`, which is above 0 and at most a half.
pub(crate) fn normal_upper_quantile(tail: f64) -> f64 {
    // Abramowitz and Stegun 26.2.23, to 4.5e-4.
    let t = (-2.0 * libm::log(tail)).sqrt();
    let mut z = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..STEPS {
        let density = libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt();
        let off = (0.5 * libm::erfc(z / SQRT_2) - tail) / density;
        let step = off / (1.0 - 0.5 * z * off);
        if !step.is_finite() {
            break;
        }
        z += step;
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against 50 digits.
    #[test]
    fn known_values() {
        for (tail, z) in [
            (0.5, 0.0),
            (0.25, 0.674_489_750_196_081_7),
            (0.025, 1.959_963_984_540_054),
            (0.005, 2.575_829_303_548_901),
            (1e-9, 5.997_807_015_007_687),
            (1e-300, 37.047_096_299_361_2),
        ] {
            let found = normal_upper_quantile(tail);
            assert!((found - z).abs() < 1e-14 * z.max(1.0), "{tail}: {found}, not {z}");
        }
    }
}
