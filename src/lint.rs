//! What is wrong with a policy: where, what, and how to mend it.

use std::borrow::Cow;
use std::fmt;

use crate::time::Lookback;

/// One fault of a policy, at its path in the document.
///
/// ```
/// use guanxi::{Currency, Policy};
///
/// let mut policy = Policy::new(Currency::USD);
/// policy.lifecycle.recovery.percent = policy.lifecycle.decline.fall_percent;
/// let faults = policy.lint();
/// assert_eq!(faults.len(), 1);
/// assert_eq!(faults[0].path, "lifecycle.recovery.percent");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Where in the document: fields, and items of lists by their number from 0, joined by dots
    /// (`churn.groups.0.signs.2.scale`). Empty for the document as a whole.
    pub path: String,
    /// What is wrong.
    pub problem: Cow<'static, str>,
    /// How to mend it.
    pub remedy: Cow<'static, str>,
}

impl Fault {
    /// A fault at `path`.
    ///
    /// ```
    /// use guanxi::lint::Fault;
    ///
    /// let fault = Fault::new("lifecycle.lapse.floor_days", "allows no silence", "choose at least 1");
    /// assert_eq!(
    ///     fault.to_string(),
    ///     "lifecycle.lapse.floor_days: allows no silence; choose at least 1"
    /// );
    /// ```
    #[must_use]
    pub fn new(
        path: impl Into<String>,
        problem: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { path: path.into(), problem: problem.into(), remedy: remedy.into() }
    }

    /// The fault of looking back over no days at all; `None` when there is none.
    ///
    /// ```
    /// use guanxi::lint::Fault;
    /// use guanxi::time::Lookback;
    ///
    /// assert_eq!(Fault::of_lookback(Lookback::Days(1), "value.rfm.window"), None);
    /// assert!(Fault::of_lookback(Lookback::Days(0), "value.rfm.window").is_some());
    /// ```
    #[must_use]
    pub fn of_lookback(window: Lookback, path: impl Into<String>) -> Option<Self> {
        let problem = "a window without days holds no purchases";
        (window == Lookback::Days(0)).then(|| Self::new(path, problem, "choose at least 1 day"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}; {}", self.problem, self.remedy)
    }
}
