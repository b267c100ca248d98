//! C9: tenants.

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial, key};

pub(super) fn c9_tenants_share_no_customer<H: Harness>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let mut customer = here.customer("same id");
    let mut twin = customer.clone();
    here.accepts(&here.order(&mut customer, 1, "ours")?)?;
    there.lacks(&twin)?;
    there.accepts(&there.order(&mut twin, 2, "theirs")?)?;
    there.accepts(&there.order(&mut twin, 3, "theirs again")?)?;
    here.holds(&customer)?;
    there.holds(&twin)
}

pub(super) fn c9_tenants_share_no_claim<H: Harness>(here: &Trial<'_, H>) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let same_key = key("same key")?;
    let (mut ours, mut theirs) = (here.customer("ours"), there.customer("theirs"));
    here.accepts(&here.link(&mut ours, &same_key, "link ours")?)?;
    there.held(&same_key, None)?;
    there.accepts(&there.link(&mut theirs, &same_key, "link theirs")?)?;
    here.held(&same_key, Some(&ours))?;
    // What one tenant gives up, another keeps.
    there.accepts(&there.unlink(&mut theirs, &same_key, "unlink theirs")?)?;
    there.held(&same_key, None)?;
    here.held(&same_key, Some(&ours))
}

pub(super) fn c9_tenants_share_no_command<H: Harness>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let (mut ours, mut theirs) = (here.customer("ours"), there.customer("theirs"));
    let our_order = here.order(&mut ours, 1, "same id")?;
    let their_order = there.order(&mut theirs, 2, "same id")?;
    here.accepts(&our_order)?;
    there.never_heard(&our_order)?;
    there.accepts(&their_order)?;
    here.remembers(&our_order)?;
    there.remembers(&their_order)?;
    here.refuses(&their_order, Refusal::CommandReused)
}
