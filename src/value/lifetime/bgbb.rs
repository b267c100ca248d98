//! The BG/BB model, for purchases at set opportunities.

use serde::{Deserialize, Serialize};

use super::bgbb_fit;
use super::error::{FitError, ParameterError};
use super::fit::{Fit, FitOptions};
use super::opportunities::{Opportunities, OpportunityBuyers};
use crate::special::{Rising, Sum, gauss, ln_gamma};

/// The BG/BB model (Fader, Hardie and Shang 2010, Marketing Science 29(6), 1086-1108): a customer who is one buys,
/// or not, at each of a row of opportunities (a yearly appeal, a monthly box), with a chance of its own; before
/// each it may leave, unseen, with another chance of its own. Chances of buying follow a beta distribution of
/// shapes `alpha` and `beta`, chances of leaving one of shapes `gamma` and `delta`.
///
/// All parameters are numbers without a unit. Equations are those of the paper.
///
/// ```
/// use guanxi::value::lifetime::{BgBb, Opportunities};
///
/// let model = BgBb::new(1.20, 0.75, 0.66, 2.78)?;
/// assert!((model.expected_of_new(1) - 0.4973).abs() < 1e-4);
///
/// // Six opportunities: bought at four of them, the last at the sixth or at the fourth.
/// let loyal = Opportunities::new(4, 6, 6)?;
/// let silent = Opportunities::new(4, 4, 6)?;
/// assert!(model.p_alive(&loyal) > 0.9 && model.p_alive(&silent) < 0.6);
/// assert!(model.expected_purchases(&loyal, 5) > 2.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parameters", into = "Parameters")]
pub struct BgBb {
    pub(super) alpha: f64,
    pub(super) beta: f64,
    pub(super) gamma: f64,
    pub(super) delta: f64,
}

/// As stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

impl TryFrom<Parameters> for BgBb {
    type Error = ParameterError;

    fn try_from(stored: Parameters) -> Result<Self, ParameterError> {
        Self::new(stored.alpha, stored.beta, stored.gamma, stored.delta)
    }
}

impl From<BgBb> for Parameters {
    fn from(BgBb { alpha, beta, gamma, delta }: BgBb) -> Self {
        Self { alpha, beta, gamma, delta }
    }
}

/// Parts of the odds above this are scaled down.
const PART_MAX: f64 = 1e100;

impl BgBb {
    /// Its name, as programs write it.
    pub const NAME: &'static str = "bgbb";

    /// The model with those parameters.
    ///
    /// # Errors
    ///
    /// [`ParameterError`] names the first that is not positive and finite.
    pub fn new(alpha: f64, beta: f64, gamma: f64, delta: f64) -> Result<Self, ParameterError> {
        for (name, value) in [("alpha", alpha), ("beta", beta), ("gamma", gamma), ("delta", delta)]
        {
            ParameterError::check(name, value)?;
        }
        Ok(Self { alpha, beta, gamma, delta })
    }

    /// The parameters by their names in the paper, in their order.
    #[must_use]
    pub const fn parameters(&self) -> [(&'static str, f64); 4] {
        [("alpha", self.alpha), ("beta", self.beta), ("gamma", self.gamma), ("delta", self.delta)]
    }

    /// Finds the parameters under which the base is likeliest, by the default options.
    ///
    /// # Errors
    ///
    /// As [`fit_with`](Self::fit_with).
    pub fn fit(buyers: &OpportunityBuyers) -> Result<Fit<Self>, FitError> {
        Self::fit_with(buyers, FitOptions::default())
    }

    /// Finds the parameters under which the base is likeliest.
    ///
    /// # Errors
    ///
    /// [`FitError`] when the data does not tell them.
    pub fn fit_with(
        buyers: &OpportunityBuyers,
        options: FitOptions,
    ) -> Result<Fit<Self>, FitError> {
        let ([alpha, beta, gamma, delta], report) = bgbb_fit::search(buyers, options)?;
        Ok(Fit { model: Self { alpha, beta, gamma, delta }, report })
    }

    /// The logarithm of the likelihood of one customer's buying: equation 5.
    #[must_use]
    pub fn log_likelihood_of(&self, customer: &Opportunities) -> f64 {
        let (x, n) = (customer.purchases(), customer.opportunities());
        let silent = n.saturating_sub(x);
        let (odds, ln_scale) = self.scaled_odds_to_alive(customer);
        self.ln_bought(x, silent) + self.ln_stayed(n) + libm::log(odds) + ln_scale
    }

    /// The logarithm of the likelihood of a base.
    #[must_use]
    pub fn log_likelihood(&self, buyers: &OpportunityBuyers) -> f64 {
        let rows = buyers.weighted();
        rows.map(|(customer, customers)| customers * self.log_likelihood_of(&customer))
            .collect::<Sum>()
            .value()
    }

    /// The chance, from 0 to 1, that the customer is still one at the next opportunity: equation 11.
    #[must_use]
    pub fn p_alive(&self, customer: &Opportunities) -> f64 {
        // At the next opportunity, not at the last: it may leave before that, too.
        let n = f64::from(customer.opportunities());
        let stays = (self.delta + n) / (self.gamma + self.delta + n);
        (stays / self.odds_to_alive(customer)).clamp(0.0, 1.0)
    }

    /// Purchases to be expected at the next `opportunities`: equation 13.
    #[must_use]
    pub fn expected_purchases(&self, customer: &Opportunities, opportunities: u16) -> f64 {
        let (x, n) = (f64::from(customer.purchases()), f64::from(customer.opportunities()));
        let buys = (self.alpha + x) / (self.alpha + self.beta + n);
        let there = 1.0 / self.odds_to_alive(customer);
        there * buys * self.opportunities_while_there(n, opportunities)
    }

    /// Purchases to be expected of a new customer at its first `opportunities`: equation 8.
    #[must_use]
    pub fn expected_of_new(&self, opportunities: u16) -> f64 {
        self.alpha / (self.alpha + self.beta) * self.opportunities_while_there(0.0, opportunities)
    }

    /// The chance that a new customer buys exactly so often at its first `opportunities`: equation 7.
    #[must_use]
    pub fn p_purchases(&self, purchases: u16, opportunities: u16) -> f64 {
        if purchases > opportunities {
            return 0.0;
        }
        let x = f64::from(purchases);
        let ln_ways = |n: f64| ln_gamma(n + 1.0) - ln_gamma(x + 1.0) - ln_gamma(n - x + 1.0);
        // It was there for the first `n` opportunities, and for no more unless these are all.
        let chance = |n: u16| {
            let ways =
                ln_ways(f64::from(n)) + self.ln_bought(purchases, n.saturating_sub(purchases));
            let leaves =
                if n == opportunities { 0.0 } else { libm::log(self.leaves_after(f64::from(n))) };
            libm::exp(ways + self.ln_stayed(n) + leaves)
        };
        (purchases..=opportunities).map(chance).collect::<Sum>().value().clamp(0.0, 1.0)
    }

    /// Purchases to be expected at all opportunities still to come, what happens at the `k`-th from now divided by
    /// `(1 + rate)^k`: equation 14. `None` unless the rate is finite and not negative; and, without discount, unless `gamma` is above 1.
    #[must_use]
    pub fn residual_transactions(&self, customer: &Opportunities, rate: f64) -> Option<f64> {
        if !(rate.is_finite() && rate >= 0.0) {
            return None;
        }
        let (x, n) = (f64::from(customer.purchases()), f64::from(customer.opportunities()));
        let buys = (self.alpha + x) / (self.alpha + self.beta + n);
        let there = 1.0 / self.odds_to_alive(customer);
        let (stay, all) = (self.delta + n, self.gamma + self.delta + n);
        let lasting = if rate > 0.0 {
            // The sum over k >= 1 of (stay)_k / (all)_k / (1 + rate)^k.
            stay / all / (1.0 + rate) * gauss(stay + 1.0, self.gamma, rate / (1.0 + rate))
        } else if self.gamma > 1.0 {
            stay / (self.gamma - 1.0)
        } else {
            return None;
        };
        Some((there * buys * lasting).min(f64::MAX))
    }

    /// `ln [B(alpha + x, beta + y) / B(alpha, beta)]`
    fn ln_bought(&self, bought: u16, not: u16) -> f64 {
        let all = u32::from(bought).saturating_add(not.into());
        Rising::of(self.alpha, bought.into()).ln + Rising::of(self.beta, not.into()).ln
            - Rising::of(self.alpha + self.beta, all).ln
    }

    /// The logarithm of the chance to be there at all of the first `n` opportunities.
    fn ln_stayed(&self, n: u16) -> f64 {
        Rising::of(self.delta, n.into()).ln - Rising::of(self.gamma + self.delta, n.into()).ln
    }

    /// The chance to leave before the next opportunity, after having been there at `n`.
    fn leaves_after(&self, n: f64) -> f64 {
        self.gamma / (self.gamma + self.delta + n)
    }

    /// The likelihood in proportion to its part that has the customer there at the last opportunity. Each
    /// opportunity at which it may have been gone already adds to the 1 of that part; downwards from the last,
    /// one is the one after it times a ratio.
    fn odds_to_alive(&self, customer: &Opportunities) -> f64 {
        let (odds, ln_scale) = self.scaled_odds_to_alive(customer);
        (odds * libm::exp(ln_scale)).min(f64::MAX)
    }

    /// The same divided by a scale, and the logarithm of that: after many opportunities the odds are beyond the
    /// range of the numbers.
    fn scaled_odds_to_alive(&self, customer: &Opportunities) -> (f64, f64) {
        let (x, n) = (f64::from(customer.purchases()), customer.opportunities());
        let (mut part, mut all, mut ln_scale) = (1.0, Sum::default(), 0.0);
        all.add(1.0);
        for there in (customer.last()..n).rev() {
            let there = f64::from(there);
            // From having been there, and not bought, at one more opportunity to having left before it.
            part *= (self.alpha + self.beta + there) / (self.beta + (there - x))
                * ((self.gamma + self.delta + there) / (self.delta + there));
            all.add(part * self.leaves_after(there));
            if part > PART_MAX {
                all = [all.value() / PART_MAX].into_iter().collect();
                part /= PART_MAX;
                ln_scale += libm::log(PART_MAX);
            }
        }
        (all.value(), ln_scale)
    }

    /// Opportunities, of the next ones, at which a customer is to be expected who was there at the last of `n`:
    /// the sum over `k` from 1 of `(stay)_k / (all)_k`.
    fn opportunities_while_there(&self, n: f64, opportunities: u16) -> f64 {
        let (stay, all) = (self.delta + n, self.gamma + self.delta + n);
        let mut share = 1.0;
        let shares = (0..opportunities).map(|k| {
            share *= (stay + f64::from(k)) / (all + f64::from(k));
            share
        });
        shares.collect::<Sum>().value()
    }
}
