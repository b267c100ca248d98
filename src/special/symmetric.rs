//! Symmetric matrices of a handful of rows.
#![allow(clippy::indexing_slicing, reason = "every index runs below the constant size")]
#![allow(clippy::needless_range_loop, reason = "an index means a row here and a column there")]

/// A square matrix; those here are symmetric.
pub(crate) type Matrix<const N: usize> = [[f64; N]; N];

/// Sweeps after which the rotations of [`Eigen::of`] are given up; four or five do for small matrices.
const SWEEPS_MAX: u32 = 60;

/// The eigenvalues of a symmetric matrix with their vectors, in no order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eigen<const N: usize> {
    pub(crate) values: [f64; N],
    /// One vector of length 1 in each row.
    pub(crate) vectors: Matrix<N>,
}

impl<const N: usize> Eigen<N> {
    /// By cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, section 8.5), which find small
    /// eigenvalues as exactly as large ones where the matrix allows it. Only the upper triangle is read.
    pub(crate) fn of(matrix: &Matrix<N>) -> Self {
        let mut a = *matrix;
        let mut vectors = [[0.0; N]; N];
        for (k, row) in vectors.iter_mut().enumerate() {
            row[k] = 1.0;
        }
        for _ in 0..SWEEPS_MAX {
            let mut turned = false;
            for p in 0..N {
                for q in p.saturating_add(1)..N {
                    turned |= rotate(&mut a, &mut vectors, p, q);
                }
            }
            if !turned {
                break;
            }
        }
        let mut values = [0.0; N];
        for (k, value) in values.iter_mut().enumerate() {
            *value = a[k][k];
        }
        Self { values, vectors }
    }

    /// Not a number when one is not.
    pub(crate) fn least(&self) -> f64 {
        let least =
            |least: f64, value: f64| if value.is_nan() || value < least { value } else { least };
        self.values.iter().copied().fold(f64::INFINITY, least)
    }

    pub(crate) fn greatest(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The sum of `weight(value, share) vector` over the eigenvectors, `share` being that of `by` along each.
    pub(crate) fn map(&self, by: &[f64; N], weight: impl Fn(f64, f64) -> f64) -> [f64; N] {
        let mut image = [0.0; N];
        for (value, vector) in self.values.iter().zip(&self.vectors) {
            let share: f64 = vector.iter().zip(by).map(|(v, b)| v * b).sum();
            let weight = weight(*value, share);
            for (entry, v) in image.iter_mut().zip(vector) {
                *entry += weight * v;
            }
        }
        image
    }

    /// The inverse, exactly symmetric; `None` unless every eigenvalue is positive.
    pub(crate) fn inverse(&self) -> Option<Matrix<N>> {
        let least = self.least();
        if least.is_nan() || least <= 0.0 {
            return None;
        }
        let mut inverse = [[0.0; N]; N];
        for p in 0..N {
            for q in p..N {
                let entry: f64 =
                    self.values.iter().zip(&self.vectors).map(|(e, v)| v[p] * v[q] / e).sum();
                inverse[p][q] = entry;
                inverse[q][p] = entry;
            }
        }
        Some(inverse)
    }
}

/// Turns the plane of `p` and `q` so that their entry vanishes; `false` when it has already.
fn rotate<const N: usize>(a: &mut Matrix<N>, vectors: &mut Matrix<N>, p: usize, q: usize) -> bool {
    let off = a[p][q];
    if off == 0.0 || !off.is_finite() {
        return false;
    }
    if off.abs() <= f64::EPSILON * f64::EPSILON * (a[p][p] * a[q][q]).abs().sqrt() {
        a[p][q] = 0.0;
        return false;
    }
    let half = (a[q][q] - a[p][p]) / (2.0 * off);
    let tangent = half.signum() / (half.abs() + libm::hypot(half, 1.0));
    let cosine = libm::hypot(tangent, 1.0).recip();
    let sine = tangent * cosine;
    a[p][p] -= tangent * off;
    a[q][q] += tangent * off;
    a[p][q] = 0.0;
    for k in 0..N {
        if k != p && k != q {
            let (kp, kq) = ((k.min(p), k.max(p)), (k.min(q), k.max(q)));
            let (left, right) = (a[kp.0][kp.1], a[kq.0][kq.1]);
            a[kp.0][kp.1] = cosine * left - sine * right;
            a[kq.0][kq.1] = sine * left + cosine * right;
        }
        let (left, right) = (vectors[p][k], vectors[q][k]);
        vectors[p][k] = cosine * left - sine * right;
        vectors[q][k] = sine * left + cosine * right;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_what_its_eigenvectors_make_of_it() {
        let matrix = [[4.0, 1.0, -2.0], [1.0, 3.0, 0.5], [-2.0, 0.5, 6.0]];
        let eigen = Eigen::of(&matrix);
        for (k, row) in matrix.iter().enumerate() {
            let mut unit = [0.0; 3];
            unit[k] = 1.0;
            let image = eigen.map(&unit, |value, share| value * share);
            for (entry, expected) in image.iter().zip(row) {
                assert!((entry - expected).abs() < 1e-14, "{image:?} {row:?}");
            }
        }
        assert!((eigen.values.iter().sum::<f64>() - 13.0).abs() < 1e-13);
        assert!(eigen.least() > 0.0 && eigen.greatest() < 13.0);
    }

    #[test]
    fn an_inverse_is_symmetric_and_inverts() {
        let matrix = [[1e6, 3.0], [3.0, 1e-4]];
        let inverse = Eigen::of(&matrix).inverse().unwrap();
        assert_eq!(inverse[0][1], inverse[1][0]);
        let determinant = 1e6 * 1e-4 - 9.0;
        assert!((inverse[1][1] - 1e6 / determinant).abs() < 1e-9 * (1e6 / determinant).abs());
        assert!(Eigen::of(&[[1.0, 2.0], [2.0, 1.0]]).inverse().is_none());
        assert!(Eigen::of(&[[f64::NAN, 2.0], [2.0, 1.0]]).inverse().is_none());
    }
}
