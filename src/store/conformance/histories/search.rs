//! Draws histories, and finds the shortest that shows a fault.

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::subject::Trial;
use super::act::{Act, finale, histories};
use super::stage::{Stage, Told};

/// How often a history that shows a fault is tried in a shorter form.
const SHRINKS_MAX: u32 = 2_000;

/// What only some stores can be asked.
pub(in super::super) trait More: std::fmt::Debug + Clone + 'static {
    /// Draws one; `None` where there is nothing more to ask.
    fn strategy() -> Option<BoxedStrategy<Self>>;

    /// What is asked at the end of each history.
    fn finale() -> Vec<Self>;
}

/// Draws histories, does each of them on the store and the model, and compares every answer. The shortest
/// form of the first one that differs is told act by act.
pub(in super::super) fn search<'a, H: Harness, M: More>(
    trial: &Trial<'a, H>,
    more: impl Fn(&mut Stage<'a, H>, &M) -> Result<Option<Told>, Deviation>,
) -> Result<(), Deviation> {
    let (mut runner, drawn) = (runner(trial.harness.sampling().seed()), histories::<M>());
    let mut run = 0_u32;
    let mut play = |acts: &Vec<Act<M>>| {
        run = run.saturating_add(1);
        play(&mut Stage::new(trial, &format!("history {run}")), acts, &more)
    };
    for _ in 0..trial.harness.sampling().cases() {
        let drawn = drawn.new_tree(&mut runner);
        let mut tree = drawn.map_err(|reason| {
            Deviation::new("the check to draw a history", reason.message().to_owned())
        })?;
        if let Err(deviation) = play(&tree.current()) {
            return Err(shortest(&mut tree, deviation, play));
        }
    }
    Ok(())
}

/// Draws the same from the same seed.
pub(in super::super) fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    for (byte, part) in bytes.iter_mut().zip(seed.to_le_bytes()) {
        *byte = part;
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(Config { failure_persistence: None, ..Config::default() }, rng)
}

/// What the shortest form of a history shows that differs still.
fn shortest<T: ValueTree>(
    tree: &mut T,
    mut shown: Deviation,
    mut play: impl FnMut(&T::Value) -> Result<(), Deviation>,
) -> Deviation {
    let mut is_simpler = tree.simplify();
    for _ in 0..SHRINKS_MAX {
        if !is_simpler {
            break;
        }
        is_simpler = match play(&tree.current()) {
            Ok(()) => tree.complicate(),
            Err(deviation) => {
                shown = deviation;
                tree.simplify()
            }
        };
    }
    shown
}

/// Does these acts one after the other, up to the first that is answered otherwise than by the model.
fn play<'a, H: Harness, M: More>(
    stage: &mut Stage<'a, H>,
    acts: &[Act<M>],
    more: impl Fn(&mut Stage<'a, H>, &M) -> Result<Option<Told>, Deviation>,
) -> Result<(), Deviation> {
    let mut story = "this:".to_owned();
    let finale = finale();
    let told = acts.iter().map(|act| (act, true)).chain(finale.iter().map(|act| (act, false)));
    for (act, is_told) in told {
        stage.pass_time();
        let told = match stage.act(act, &more) {
            Ok(told) => told,
            Err(Deviation { expected, saw }) => {
                return Err(Deviation::new(expected, format!("{saw}, after {story}")));
            }
        };
        let Some(Told { what, store, model, agree }) = told else { continue };
        if is_told || !agree {
            story.push_str(&format!("\n  {what}: {store}"));
        }
        if !agree {
            let expected = format!("the last of these to be answered as by the model: {model}");
            return Err(Deviation::new(expected, story));
        }
    }
    Ok(())
}
