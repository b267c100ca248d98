//! What the base says, if it says it for the policy at hand.

/// One section of a calibration as a room is handed it. The room does not know for which policy it was
/// made; whoever keeps both compares them, and says [`OtherPolicy`](Self::OtherPolicy) where they differ.
///
/// A reference to the section is enough where it is known to fit.
///
/// ```
/// use guanxi::calibrated::Calibrated;
/// use guanxi::tier::TierCalibration;
///
/// let section = TierCalibration::default();
/// let calibrated: Calibrated<'_, TierCalibration> = (&section).into();
/// assert_eq!(calibrated.known(), Some(&section));
/// assert_eq!(Calibrated::<TierCalibration>::OtherPolicy.known(), None);
/// ```
#[derive(Debug, PartialEq, Eq)]
pub enum Calibrated<'a, T> {
    /// It was made for this policy.
    Known(&'a T),
    /// There is none.
    Missing,
    /// It was made for another policy, so that what it says does not hold.
    OtherPolicy,
}

impl<'a, T> Calibrated<'a, T> {
    /// What the base says; `None` when it says nothing for this policy.
    ///
    /// [`Calibrated`] has an example.
    #[must_use]
    pub const fn known(self) -> Option<&'a T> {
        match self {
            Self::Known(section) => Some(section),
            Self::Missing | Self::OtherPolicy => None,
        }
    }
}

// Derived, these would ask the section itself to be `Copy`.
impl<T> Clone for Calibrated<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Calibrated<'_, T> {}

impl<'a, T> From<&'a T> for Calibrated<'a, T> {
    fn from(section: &'a T) -> Self {
        Self::Known(section)
    }
}
