//! Values that carry their first and second derivatives with them.
#![allow(clippy::indexing_slicing, reason = "every index runs below the constant size")]

use super::symmetric::Matrix;

/// The value of a function of `N` variables with its gradient and its symmetric Hessian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Jet<const N: usize> {
    pub(crate) value: f64,
    pub(crate) gradient: [f64; N],
    pub(crate) hessian: Matrix<N>,
}

impl<const N: usize> Jet<N> {
    pub(crate) const fn constant(value: f64) -> Self {
        Self { value, gradient: [0.0; N], hessian: [[0.0; N]; N] }
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut product = Self::constant(self.value * other.value);
        for i in 0..N {
            product.gradient[i] = self.gradient[i] * other.value + self.value * other.gradient[i];
            for j in 0..N {
                product.hessian[i][j] = self.hessian[i][j] * other.value
                    + self.value * other.hessian[i][j]
                    + (self.gradient[i] * other.gradient[j] + self.gradient[j] * other.gradient[i]);
            }
        }
        product
    }

    pub(crate) fn plus(mut self, constant: f64) -> Self {
        self.value += constant;
        self
    }

    /// A function of it, by the function's value and derivatives there.
    pub(crate) fn under(&self, value: f64, first: f64, second: f64) -> Self {
        let mut image = Self::constant(value);
        for i in 0..N {
            image.gradient[i] = first * self.gradient[i];
            for j in 0..N {
                image.hessian[i][j] =
                    first * self.hessian[i][j] + second * (self.gradient[i] * self.gradient[j]);
            }
        }
        image
    }

    pub(crate) fn ln(&self) -> Self {
        let inverse = self.value.recip();
        self.under(libm::log(self.value), inverse, -inverse * inverse)
    }

    pub(crate) fn recip(&self) -> Self {
        let inverse = self.value.recip();
        self.under(inverse, -inverse * inverse, 2.0 * inverse * inverse * inverse)
    }

    pub(crate) fn exp(&self) -> Self {
        let exp = libm::exp(self.value);
        self.under(exp, exp, exp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_differentiation() {
        // f = x^2 y at (3, 2).
        let x = Jet { value: 3.0, gradient: [1.0, 0.0], hessian: [[0.0; 2]; 2] };
        let y = Jet { value: 2.0, gradient: [0.0, 1.0], hessian: [[0.0; 2]; 2] };
        let f = x.times(&x).times(&y);
        let expected =
            Jet { value: 18.0, gradient: [12.0, 9.0], hessian: [[4.0, 6.0], [6.0, 0.0]] };
        assert_eq!(f, expected);
        assert_eq!(f.plus(1.0).value, 19.0);
        let back = f.ln().exp().recip().recip();
        let pairs = back.hessian.iter().flatten().zip(f.hessian.iter().flatten());
        for (back, there) in pairs {
            assert!((back - there).abs() < 1e-13, "{back} is not {there}");
        }
    }
}
