//! C17: calibrations, kept for good under their ids.

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::subject::Trial;
use crate::id::CalibrationId;
use crate::money::Currency;
use crate::portfolio::Portfolio;
use crate::rulebook::{Policy, Rulebook};
use crate::store::{Archive, PageSize, StoredCalibration};
use crate::time::{Timestamp, Zone};

impl<H: Harness<Store: Archive>> Trial<'_, H> {
    /// Keeps a calibration, again while the store fails for the moment: the same one again is no error.
    pub(in super::super) fn keeps_calibration(
        &self,
        calibration: &StoredCalibration,
    ) -> Result<(), Deviation> {
        let keep = || self.store.keep_calibration(self.tenant, calibration.clone());
        self.ask("keeping a calibration", keep)
    }

    pub(in super::super) fn finds(
        &self,
        id: CalibrationId,
        expected: Option<&StoredCalibration>,
    ) -> Result<(), Deviation> {
        let ask = || self.store.calibration(self.tenant, id);
        let saw = self.ask("asking for a calibration", ask)?;
        same("the calibration of an id", &expected.cloned(), &saw)
    }

    /// The newest calibrations are these, the newest first, in pages of any size.
    pub(in super::super) fn has_calibrations(
        &self,
        expected: &[StoredCalibration],
    ) -> Result<(), Deviation> {
        for rows in 1_u16..=8 {
            let newest = PageSize::new(rows).unwrap_or(PageSize::MAX);
            let ask = || self.store.calibrations(self.tenant, newest);
            let saw = self.ask("asking for the newest calibrations", ask)?;
            let expected: Vec<_> = expected.iter().take(newest.rows()).cloned().collect();
            same(&format!("the newest {rows} calibrations"), &expected, &saw)?;
        }
        Ok(())
    }
}

/// What nobody's customers say at an instant; calibrations of different `number` have different
/// documents.
pub(in super::super) fn calibration(
    number: u8,
    taken_at: i64,
) -> Result<StoredCalibration, Deviation> {
    let mut policy = Policy::new(Currency::USD);
    policy.zone = Zone::fixed(i32::from(number).saturating_mul(15))
        .map_err(|error| Deviation::failed("the check's own zone", &error))?;
    let book = Rulebook::new(policy, Timestamp::MIN);
    let book = book.map_err(|error| Deviation::failed("the check's own policy", &error))?;
    let at = Timestamp::UNIX_EPOCH.saturating_add_seconds(taken_at);
    Ok(StoredCalibration::from(&Portfolio::new(&book, at).calibrate()))
}

pub(super) fn c17_calibration_is_found_by_its_id<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (first, second) = (calibration(1, 10)?, calibration(1, 20)?);
    trial.finds(first.id(), None)?;
    trial.keeps_calibration(&first)?;
    trial.keeps_calibration(&second)?;
    trial.finds(first.id(), Some(&first))?;
    trial.finds(second.id(), Some(&second))?;
    trial.finds(CalibrationId::of_document(b"another"), None)
}

pub(super) fn c17_same_calibration_again_changes_nothing<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (first, second) = (calibration(1, 10)?, calibration(1, 20)?);
    for calibration in [&first, &second, &first, &second, &second] {
        trial.keeps_calibration(calibration)?;
    }
    trial.has_calibrations(&[second, first])
}

pub(super) fn c17_kept_calibration_is_never_changed<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let first = calibration(1, 10)?;
    trial.keeps_calibration(&first)?;
    // The same bytes, said to be of another instant.
    let taken_at = Timestamp::UNIX_EPOCH;
    trial.keeps_calibration(&StoredCalibration { taken_at, ..first.clone() })?;
    trial.finds(first.id(), Some(&first))?;
    trial.has_calibrations(&[first])
}

pub(super) fn c17_newest_calibrations_come_first<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    trial.has_calibrations(&[])?;
    // Neither in the order they were taken nor the other way round, and three of one instant.
    let mut all = vec![
        calibration(1, 20)?,
        calibration(2, 20)?,
        calibration(1, -5)?,
        calibration(1, 30)?,
        calibration(3, 20)?,
        calibration(1, 10)?,
    ];
    all.iter().try_for_each(|calibration| trial.keeps_calibration(calibration))?;
    all.sort_by_key(|calibration| (calibration.taken_at, calibration.id()));
    all.reverse();
    trial.has_calibrations(&all)
}

pub(super) fn c9_tenants_share_no_calibration<H: Harness<Store: Archive>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let (both, theirs) = (calibration(1, 10)?, calibration(1, 20)?);
    here.keeps_calibration(&both)?;
    there.finds(both.id(), None)?;
    there.has_calibrations(&[])?;
    there.keeps_calibration(&both)?;
    there.keeps_calibration(&theirs)?;
    here.finds(theirs.id(), None)?;
    here.has_calibrations(std::slice::from_ref(&both))?;
    there.has_calibrations(&[theirs, both])
}
