//! The customers most worth attention.

use guanxi::Stage;

use crate::answers::{Answers, action, main_reasons};
use crate::classes::Classes;
use crate::options::Options;
use crate::survey::{Portrait, Survey, SurveyError};

/// A customer that somebody should look at.
pub(crate) struct Attention {
    /// Its key in the log.
    pub(crate) key: Box<str>,
    pub(crate) stage: Stage,
    /// What is judged of it.
    pub(crate) answers: Answers,
    /// What to do next, in the report's language.
    pub(crate) action: String,
    /// The main ones, a sentence each, in the report's language.
    pub(crate) reasons: Vec<String>,
    /// What it spent, in minor units.
    pub(crate) minor: i64,
}

/// Looks again at those whom the classes found most worth it, the first first.
///
/// # Errors
///
/// [`SurveyError`].
pub(crate) async fn look(
    options: &Options,
    classes: &Classes,
    survey: &Survey<'_>,
) -> Result<Vec<Attention>, SurveyError> {
    let (policy, language) = (survey.book().policy(), options.language);
    let mut found = Vec::new();
    let listed = classes.worklist.clone().into_vec();
    let see = |portrait: &Portrait<'_>| {
        let assessment = &portrait.assessment;
        found.push(Attention {
            key: portrait.key.into(),
            stage: assessment.stage.value,
            answers: Answers::from(assessment),
            action: action(assessment, language),
            reasons: main_reasons(assessment, policy, language),
            minor: portrait.view.purchases().net,
        });
        Ok::<(), SurveyError>(())
    };
    survey.each_of(&listed, see).await?;
    Ok(found)
}
