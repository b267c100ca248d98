//! Sums over customers of functions of a positive `u` that their means are taken to.
#![allow(clippy::indexing_slicing, reason = "every index runs below the constant size")]

use crate::special::Sum;

const LANES: usize = 8;
/// Customers of whom `1 + u` is multiplied before a logarithm is taken, if that stays within range.
const BLOCK: usize = 8 * LANES;
/// Customers after whom one is taken at the latest, so that rounding does not add up.
const PAGE: usize = 16 * BLOCK;

/// Sums over customers, of positive terms all of them.
pub(super) struct Sums {
    /// Of `ln(1 + u)`.
    pub(super) ln: f64,
    /// Of `u / (1 + u)`.
    pub(super) above: f64,
    /// Of `1 / (1 + u)`.
    pub(super) below: f64,
    /// Of `u / (1 + u)^2`.
    pub(super) slope: f64,
}

impl Sums {
    /// In blocks from the front, always the same ones, and within a block in lanes that a processor takes
    /// at once.
    pub(super) fn of(means: &[f64], u: impl Fn(f64) -> f64) -> Self {
        let mut ln = Sum::default();
        let (mut above, mut below, mut slope) = (Sum::default(), Sum::default(), Sum::default());
        for page in means.chunks(PAGE) {
            let mut product = Product::default();
            for block in page.chunks(BLOCK) {
                let lanes = Lanes::of(block, &u);
                if lanes.excess.iter().all(|excess| *excess < Product::LARGE) {
                    lanes.excess.iter().for_each(|excess| product.multiply(*excess, &mut ln));
                } else {
                    block.iter().for_each(|mean| product.multiply(u(*mean), &mut ln));
                }
                above.add(lanes.above.iter().sum());
                below.add(lanes.below.iter().sum());
                slope.add(lanes.slope.iter().sum());
            }
            product.end(&mut ln);
        }
        Self { ln: ln.value(), above: above.value(), below: below.value(), slope: slope.value() }
    }
}

#[derive(Default)]
struct Lanes {
    /// The product of `1 + u`, less 1: so it keeps its digits where all `u` are small.
    excess: [f64; LANES],
    above: [f64; LANES],
    below: [f64; LANES],
    slope: [f64; LANES],
}

impl Lanes {
    #[inline]
    fn of(means: &[f64], u: impl Fn(f64) -> f64) -> Self {
        let mut lanes = Self::default();
        let (rows, rest) = means.as_chunks::<LANES>();
        for row in rows {
            for (lane, mean) in row.iter().enumerate() {
                lanes.add(lane, u(*mean));
            }
        }
        for (lane, mean) in rest.iter().enumerate() {
            lanes.add(lane, u(*mean));
        }
        lanes
    }

    #[inline]
    fn add(&mut self, lane: usize, u: f64) {
        let factor = 1.0 + u;
        let below = factor.recip();
        let above = u * below;
        self.excess[lane] = self.excess[lane] * factor + u;
        self.above[lane] += above;
        self.below[lane] += below;
        self.slope[lane] += above * below;
    }
}

/// The sum of the logarithms, of products as far as these stay within range.
pub(super) fn ln_product(factors: &[f64]) -> f64 {
    let mut ln = Sum::default();
    for block in factors.chunks(LANES) {
        let product: f64 = block.iter().product();
        if product > f64::MIN_POSITIVE && product < f64::MAX {
            ln.add(libm::log(product));
        } else {
            ln.extend(block.iter().map(|factor| libm::log(*factor)));
        }
    }
    ln.value()
}

/// A product of factors above 1, whose logarithm is taken before it leaves the range of the numbers.
#[derive(Default)]
struct Product {
    /// What the product exceeds 1 by.
    excess: f64,
}

impl Product {
    const LARGE: f64 = 1e280;

    #[inline]
    fn multiply(&mut self, excess: f64, ln: &mut Sum) {
        let both = self.excess * (1.0 + excess) + excess;
        if both < Self::LARGE {
            self.excess = both;
        } else {
            self.end(ln);
            self.excess = excess;
        }
    }

    fn end(&mut self, ln: &mut Sum) {
        ln.add(libm::log1p(self.excess));
        self.excess = 0.0;
    }
}
