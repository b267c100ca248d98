//! What children are started for.

use serde::{Deserialize, Serialize};

use super::child::{Child, errand};
use super::load::load;
use super::shop::run;

/// A life, on the server of this address. It goes on until the child is killed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Errand {
    pub(super) address: String,
    pub(super) life: u64,
}

impl Errand {
    pub(super) fn start(&self) -> Child {
        Child::start("faults::process::child", self)
    }
}

#[test]
#[ignore = "the other tests run it, in a process of its own"]
fn child() {
    let Some(Errand { address, life }) = errand() else { return };
    run(load(&address, life));
}
