//! What children are started for.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::child::{Child, errand};
use super::shop::run;
use super::{erasing, load, opening};

/// What a child is to do. It goes on until it is killed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Errand {
    /// Commit, of a life what that life is to commit.
    Load { file: PathBuf, life: u64 },
    /// Open a file and write to it.
    Open { file: PathBuf },
    /// Erase customers, one after the other.
    Erase { file: PathBuf, first: u64 },
}

impl Errand {
    pub(super) fn start(&self) -> Child {
        Child::start("crash::process::child", self)
    }
}

#[test]
#[ignore = "the other tests run it, in a process of its own"]
fn child() {
    let Some(errand) = errand() else { return };
    run(async {
        match errand {
            Errand::Load { file, life } => load::load(&file, life).await,
            Errand::Open { file } => opening::write(&file).await,
            Errand::Erase { file, first } => erasing::erase(&file, first).await,
        }
    });
}
