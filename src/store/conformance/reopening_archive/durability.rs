//! C6: durable before return.

use super::super::archive::calibrations::calibration;
use super::super::archive::rulebooks::{book, second};
use super::super::check::Deviation;
use super::super::harness::Reopen;
use super::super::subject::Subject;
use crate::store::Archive;
use crate::time::Timestamp;

pub(super) fn c6_rulebooks_and_calibrations_survive<H: Reopen<Store: Archive>>(
    mut subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let books = [book(1, Timestamp::MIN)?, book(2, second(0))?, book(3, second(7))?];
    let calibrations = [calibration(1, 10)?, calibration(2, 20)?, calibration(3, 30)?];
    for (nth, (book, calibration)) in (1..).zip(books.iter().zip(&calibrations)) {
        subject.trial().keeps(book)?;
        subject.trial().keeps_calibration(calibration)?;
        subject = subject.reopen()?;
        let trial = subject.trial();
        let kept: Vec<_> = books.iter().take(nth).cloned().collect();
        trial.has_rulebooks(&kept)?;
        let newest: Vec<_> = calibrations.iter().take(nth).rev().cloned().collect();
        trial.has_calibrations(&newest)?;
        trial.finds(calibration.id(), Some(calibration))?;
    }
    // What was kept before it was closed is kept already.
    books.iter().try_for_each(|book| subject.trial().keeps(book))?;
    subject.trial().has_rulebooks(&books)
}
