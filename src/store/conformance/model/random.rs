//! C7 and all that it takes: whatever is asked in whatever order, the answer is right.

use proptest::strategy::BoxedStrategy;

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::histories::{More, search};
use super::super::subject::Trial;

/// There is nothing that every store can be asked beyond the common acts.
#[derive(Debug, Clone)]
enum Nothing {}

impl More for Nothing {
    fn strategy() -> Option<BoxedStrategy<Self>> {
        None
    }

    fn finale() -> Vec<Self> {
        Vec::new()
    }
}

pub(super) fn c7_random_histories_are_answered_as_by_the_model<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    search(trial, |_, nothing: &Nothing| match *nothing {})
}
