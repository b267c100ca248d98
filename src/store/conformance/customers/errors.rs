//! C15: messages carry no personal data.

use std::error::Error;

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial};
use crate::customer::Customer;
use crate::profile::ExternalKey;
use crate::store::{Commit, CommitError, CustomerStore};

/// Stands in every personal value of these checks.
const NEEDLE: &str = "needle";

impl<H: Harness> Trial<'_, H> {
    /// Sends a commit once; whatever error it meets tells nothing personal, however it is looked at.
    fn sends_discreetly(&self, commit: &Commit) -> Result<Result<(), Refusal>, Deviation> {
        let sent = self.harness.block_on(self.store.commit(self.tenant, commit.clone()));
        let Err(error) = sent else { return Ok(Ok(())) };
        let told = everything_told(&error).to_lowercase();
        if told.contains(NEEDLE) {
            let expected =
                "an error that tells nothing personal, in its text, its sources and `Debug`";
            return Err(Deviation::new(expected, told));
        }
        Ok(Err(Refusal::from(error)))
    }

    /// The same, refused for this reason; or failed for the moment, which is no reason.
    fn refuses_discreetly(&self, commit: &Commit, refusal: Refusal) -> Result<(), Deviation> {
        let saw = self.sends_discreetly(commit)?;
        if matches!(saw, Err(Refusal::Failed(_))) {
            return self.refuses(commit, refusal);
        }
        same("the answer to a commit", &Err(refusal), &saw)
    }
}

/// The text of an error and its `Debug`, and of everything below it.
fn everything_told(error: &CommitError) -> String {
    let mut told = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(error) = source {
        told = format!("{told} {error} {error:?}");
        source = error.source();
    }
    told
}

fn personal_key(text: &str) -> Result<ExternalKey, Deviation> {
    ExternalKey::new(format!("{NEEDLE} system"), format!("{NEEDLE} {text}"))
        .map_err(|error| Deviation::failed("the check's own key", &error))
}

pub(super) fn c15_refusals_carry_no_personal_data<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (contested, free) = (personal_key("contested")?, personal_key("free")?);
    let (mut holder, mut loser) = (trial.customer("holder"), trial.customer("loser"));
    let mut stale = holder.clone();
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    let claimed = Refusal::Claimed { holder: holder.id() };
    let refused = trial.link(&mut loser, &contested, "lose")?;
    trial.refuses_discreetly(&refused, claimed)?;
    trial.refuses_discreetly(&trial.link(&mut stale, &free, "late")?, Refusal::Conflict)?;
    let mut other = trial.customer("other");
    trial.refuses_discreetly(&trial.link(&mut other, &free, "hold")?, Refusal::CommandReused)?;
    // Of one commit, two that take one key.
    let (mut one, mut two) = (trial.customer("one"), trial.customer("two"));
    let first = one.id();
    let both = trial.link(&mut one, &free, "both")?;
    let both = both.joined(trial.link(&mut two, &free, "both")?);
    trial.refuses_discreetly(&both, Refusal::Claimed { holder: first })
}

/// No document of the library is like these. A store may keep them or refuse them; it must not quote
/// them, nor what stands beside them.
pub(super) fn c15_failures_carry_no_personal_data<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let documents: [&[u8]; 4] =
        [b"{\"name\":\"needle\xff\"}", b"{\"name\":\"needle", b"needle", b"\"needle\0\""];
    for (nth, document) in documents.into_iter().enumerate() {
        let mut customer: Customer = trial.customer(&format!("customer {nth}"));
        let linked = personal_key(&format!("linked {nth}"))?;
        let commit = trial.link(&mut customer, &linked, &format!("link {nth}"))?;
        let commit = commit.altered(|change| {
            change.entry.document = document.to_vec();
            change.put.iter_mut().for_each(|part| part.document = document.to_vec());
        });
        // Refused it leaves nothing; it may also have gone through, and its answer was lost.
        let is_there =
            trial.sends_discreetly(&commit)?.is_ok() || trial.remembered(&commit)?.is_some();
        trial.held(&linked, is_there.then_some(&customer))?;
    }
    Ok(())
}
