//! What cannot be estimated, and why.

use thiserror::Error;

/// Why three numbers are not the buying of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuyingError {
    /// The last purchase lies after the end of the observation.
    #[error("the last purchase lies beyond the age of the customer")]
    LastBeyondAge,
    /// Nothing was bought again, but later than at first.
    #[error("without repeat purchases the last purchase is the first, at age 0")]
    LastWithoutRepeat,
    /// Something was bought again, but not later than at first.
    #[error("repeat purchases come after the first, so the last is at an age above 0")]
    RepeatAtFirst,
    /// There were fewer opportunities until the last purchase than purchases.
    #[error("there are more purchases than opportunities until the last of them")]
    MoreThanOpportunities,
}

/// Why two numbers are not the spending of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpendingError {
    /// Who bought nothing has no mean.
    #[error("the mean of no purchases does not exist")]
    NoPurchases,
    /// The mean is zero or negative.
    #[error("the mean of purchases is not above zero")]
    NotPositive,
    /// The mean is infinite or not a number.
    #[error("the mean of purchases is not a finite number")]
    NotFinite,
}

/// Why numbers are not the renewals of a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenewalsError {
    /// There is not even the number of customers at the start.
    #[error("a cohort starts with the number of its customers")]
    NoStart,
    /// There are more customers after a period than before it.
    #[error("the customers of a cohort become more in period {period}")]
    Rising {
        /// The period, the first being 1.
        period: u32,
    },
    /// More periods than can be counted.
    #[error("the cohort has more periods than can be counted")]
    TooLong,
}

/// Why parameters are not those of a model.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("the parameter `{name}` is {value}, and has to be positive and finite")]
pub struct ParameterError {
    /// The parameter's name in the papers.
    pub name: &'static str,
    /// What was given.
    pub value: f64,
}

impl ParameterError {
    pub(super) fn check(name: &'static str, value: f64) -> Result<(), Self> {
        if value.is_finite() && value > 0.0 { Ok(()) } else { Err(Self { name, value }) }
    }
}

/// Why a model could not be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum FitError {
    /// There is nobody to learn from.
    #[error("there are no customers to fit the model to")]
    NoCustomers,
    /// Nobody ever bought again, or, for contracts, nobody ever left or stayed: no parameters are more
    /// likely than others.
    #[error("nothing in the data tells customers who stay from those who do not")]
    NothingRepeats,
    /// Nobody was observed for any time.
    #[error("no customer was observed for any time")]
    NoTime,
    /// There is one customer, or all are the same, and the model is about how they differ.
    #[error(
        "the data has too little variety for {parameters} parameters: {distinct} distinct rows"
    )]
    TooFewDistinct {
        /// Distinct rows of data.
        distinct: u64,
        /// Parameters to be found.
        parameters: u64,
    },
    /// The likelihood could not be computed; the data is beyond the range of the numbers.
    #[error("the likelihood of the data is beyond the range of the numbers")]
    OutOfRange,
    /// No maximum was found.
    #[error(
        "no maximum of the likelihood within {iterations} iterations; gradient still {gradient}"
    )]
    NotConverged {
        /// Steps taken.
        iterations: u32,
        /// The largest entry of the gradient by the logarithms of the parameters.
        gradient: f64,
    },
}
