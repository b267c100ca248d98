//! The nine lenses. No wildcard over [`Stage`]: a new stage does not compile until every framework has
//! said where it belongs.

use super::vocabulary::{
    CrmPhase, CustomerState, Element, JourneyStage, KeyAccountPhase, ManagementLayer, Outside,
    RelationshipPhase, SalesStep, SatisfactionPhase,
};
use super::{LensFacts, Place};
use crate::lifecycle::stage::Stage;

/// F1: where the customer is on the seven-stage journey.
///
/// An open review is reflection, in any stage from Onboarding to Declining. The journey ends with the
/// relationship, so a review that stays open when the customer is lost or ended changes nothing.
///
/// ```
/// use guanxi::lifecycle::lens::{JourneyStage, LensFacts, Place, journey};
/// use guanxi::Stage;
///
/// let reviewing = LensFacts { review_open: true, ..LensFacts::default() };
/// assert_eq!(journey(Stage::Growing, reviewing), Place::At(JourneyStage::Reflection));
/// assert_eq!(journey(Stage::Aware, reviewing), Place::At(JourneyStage::Awareness));
/// ```
#[must_use]
pub const fn journey(stage: Stage, facts: LensFacts) -> Place<JourneyStage> {
    Place::At(match stage {
        Stage::Prospect => JourneyStage::Prospect,
        Stage::Aware => JourneyStage::Awareness,
        Stage::Considering => JourneyStage::Consideration,
        Stage::Deciding => JourneyStage::Decision,
        Stage::Onboarding | Stage::Growing | Stage::Loyal if facts.review_open => {
            JourneyStage::Reflection
        }
        Stage::Onboarding | Stage::Growing => JourneyStage::Interaction,
        Stage::Loyal => JourneyStage::Loyalty,
        Stage::Declining => JourneyStage::Reflection,
        Stage::Lost => return Place::Outside(Outside::Lost),
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}

/// F2: the layer that leads; [`management_layers`] also gives the ones that run beside it.
///
/// ```
/// use guanxi::lifecycle::lens::{LensFacts, ManagementLayer, Place, management};
/// use guanxi::Stage;
///
/// let leading = management(Stage::Ended, LensFacts::default());
/// assert_eq!(leading, Place::At(ManagementLayer::Removal));
/// ```
#[must_use]
pub const fn management(stage: Stage, _: LensFacts) -> Place<ManagementLayer> {
    match management_layers(stage) {
        Place::At(layers) => Place::At(layers.leading),
        Place::Outside(reason) => Place::Outside(reason),
    }
}

/// The management layers (F2) that are at work with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Layers {
    /// The layer that most of the work goes into.
    pub leading: ManagementLayer,
    /// The layers that run beside it, in the framework's order; never the leading one.
    pub beside: &'static [ManagementLayer],
}

impl Layers {
    /// Whether a layer is at work, leading or beside.
    #[must_use]
    pub fn runs(&self, layer: ManagementLayer) -> bool {
        self.leading == layer || self.beside.contains(&layer)
    }
}

/// F2 in full: the leading layer and those that run beside it.
///
/// Understanding runs always, communication from Aware on, service from Onboarding on. Service pauses
/// while the customer is lost, and once the relationship is ended only understanding is left. A
/// disqualified customer is not managed at all.
///
/// ```
/// use guanxi::lifecycle::lens::{ManagementLayer, management_layers};
/// use guanxi::Stage;
///
/// let layers = management_layers(Stage::Deciding).stage().ok_or("outside")?;
/// assert_eq!(layers.leading, ManagementLayer::Acquisition);
/// assert_eq!(layers.beside, [ManagementLayer::Understanding, ManagementLayer::Communication]);
/// assert!(!layers.runs(ManagementLayer::Service));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub const fn management_layers(stage: Stage) -> Place<Layers> {
    use ManagementLayer as Layer;
    const KNOWN: &[Layer] = &[Layer::Understanding];
    const IN_TOUCH: &[Layer] = &[Layer::Understanding, Layer::Communication];
    const SERVED: &[Layer] = &[Layer::Understanding, Layer::Communication, Layer::Service];
    let (leading, beside) = match stage {
        Stage::Prospect => (Layer::Understanding, [].as_slice()),
        Stage::Aware => (Layer::Communication, KNOWN),
        Stage::Considering | Stage::Deciding | Stage::Lost => (Layer::Acquisition, IN_TOUCH),
        Stage::Onboarding => (Layer::Service, IN_TOUCH),
        Stage::Growing => (Layer::Upgrade, SERVED),
        Stage::Loyal | Stage::Declining => (Layer::Retention, SERVED),
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => (Layer::Removal, KNOWN),
    };
    Place::At(Layers { leading, beside })
}

/// F3: the phase of the relationship.
///
/// ```
/// use guanxi::lifecycle::lens::{LensFacts, Place, RelationshipPhase, relationship};
/// use guanxi::Stage;
///
/// let phase = relationship(Stage::Loyal, LensFacts::default());
/// assert_eq!(phase, Place::At(RelationshipPhase::Stability));
/// ```
#[must_use]
pub const fn relationship(stage: Stage, _: LensFacts) -> Place<RelationshipPhase> {
    Place::At(match stage {
        Stage::Prospect | Stage::Aware | Stage::Considering | Stage::Deciding => {
            RelationshipPhase::Exploration
        }
        Stage::Onboarding | Stage::Growing => RelationshipPhase::Formation,
        Stage::Loyal => RelationshipPhase::Stability,
        Stage::Declining => RelationshipPhase::Decline,
        Stage::Lost => return Place::Outside(Outside::Lost),
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}

/// F4: potential, new, loyal or lost.
///
/// A customer in decline is still what it was: loyal if it ever was loyal, else new.
///
/// ```
/// use guanxi::lifecycle::lens::{CustomerState, LensFacts, Place, customer_state};
/// use guanxi::Stage;
///
/// let facts = LensFacts { ever_loyal: true, ..LensFacts::default() };
/// assert_eq!(customer_state(Stage::Declining, facts), Place::At(CustomerState::Loyal));
/// ```
#[must_use]
pub const fn customer_state(stage: Stage, facts: LensFacts) -> Place<CustomerState> {
    Place::At(match stage {
        Stage::Prospect | Stage::Aware | Stage::Considering | Stage::Deciding => {
            CustomerState::Potential
        }
        Stage::Onboarding | Stage::Growing => CustomerState::New,
        Stage::Loyal => CustomerState::Loyal,
        Stage::Declining if facts.ever_loyal => CustomerState::Loyal,
        Stage::Declining => CustomerState::New,
        Stage::Lost => CustomerState::Lost,
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}

/// F5: the phase of the management cycle.
///
/// ```
/// use guanxi::lifecycle::lens::{CrmPhase, LensFacts, Place, phases};
/// use guanxi::Stage;
///
/// assert_eq!(phases(Stage::Lost, LensFacts::default()), Place::At(CrmPhase::Recovery));
/// ```
#[must_use]
pub const fn phases(stage: Stage, _: LensFacts) -> Place<CrmPhase> {
    Place::At(match stage {
        Stage::Prospect => CrmPhase::Identification,
        Stage::Aware | Stage::Considering | Stage::Deciding => CrmPhase::Attraction,
        Stage::Onboarding | Stage::Growing | Stage::Declining => CrmPhase::Retention,
        Stage::Loyal => CrmPhase::Development,
        Stage::Lost => CrmPhase::Recovery,
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}

/// F6: the phase of a key account. Any other customer is [`Outside::NotKeyAccount`], in every stage.
///
/// ```
/// use guanxi::lifecycle::lens::{KeyAccountPhase, LensFacts, Outside, Place, key_account};
/// use guanxi::Stage;
///
/// let key = LensFacts { key_account: true, ..LensFacts::default() };
/// assert_eq!(key_account(Stage::Declining, key), Place::At(KeyAccountPhase::Attrition));
/// assert_eq!(
///     key_account(Stage::Declining, LensFacts::default()),
///     Place::Outside(Outside::NotKeyAccount)
/// );
/// ```
#[must_use]
pub const fn key_account(stage: Stage, facts: LensFacts) -> Place<KeyAccountPhase> {
    if !facts.key_account {
        return Place::Outside(Outside::NotKeyAccount);
    }
    Place::At(match stage {
        Stage::Prospect
        | Stage::Aware
        | Stage::Considering
        | Stage::Deciding
        | Stage::Onboarding => KeyAccountPhase::Introduction,
        Stage::Growing => KeyAccountPhase::Growth,
        Stage::Loyal => KeyAccountPhase::Stability,
        Stage::Declining | Stage::Lost => KeyAccountPhase::Attrition,
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}

/// F7: the element of the process that the customer is in.
///
/// ```
/// use guanxi::lifecycle::lens::{Element, LensFacts, Place, elements};
/// use guanxi::Stage;
///
/// let element = elements(Stage::Onboarding, LensFacts::default());
/// assert_eq!(element, Place::At(Element::Development));
/// ```
#[must_use]
pub const fn elements(stage: Stage, _: LensFacts) -> Place<Element> {
    Place::At(match stage {
        Stage::Prospect => Element::Positioning,
        Stage::Aware | Stage::Considering | Stage::Deciding | Stage::Lost => Element::Acquisition,
        Stage::Onboarding | Stage::Growing => Element::Development,
        Stage::Loyal | Stage::Declining => Element::Retention,
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}

/// F8: the phase of the satisfaction cycle.
///
/// An open review is satisfaction, in any stage from Onboarding to Declining, as in [`journey`].
///
/// ```
/// use guanxi::lifecycle::lens::{LensFacts, Place, SatisfactionPhase, satisfaction};
/// use guanxi::Stage;
///
/// let reviewing = LensFacts { review_open: true, ..LensFacts::default() };
/// let phase = satisfaction(Stage::Loyal, reviewing);
/// assert_eq!(phase, Place::At(SatisfactionPhase::Satisfaction));
/// ```
#[must_use]
pub const fn satisfaction(stage: Stage, facts: LensFacts) -> Place<SatisfactionPhase> {
    Place::At(match stage {
        Stage::Prospect | Stage::Aware | Stage::Considering | Stage::Deciding | Stage::Lost => {
            SatisfactionPhase::Acquisition
        }
        Stage::Onboarding | Stage::Growing | Stage::Loyal if facts.review_open => {
            SatisfactionPhase::Satisfaction
        }
        Stage::Onboarding => SatisfactionPhase::Interaction,
        Stage::Growing => SatisfactionPhase::Maintenance,
        Stage::Loyal => SatisfactionPhase::Development,
        Stage::Declining => SatisfactionPhase::Satisfaction,
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}

/// F9: the step of the sales process that the customer as a whole has reached.
///
/// Read from the lifecycle, so it knows one sale only, the first: a customer that bought is in
/// follow-up, also while further opportunities are being worked on. Opportunities have steps of their
/// own once there is a record of each.
///
/// ```
/// use guanxi::lifecycle::lens::{LensFacts, Place, SalesStep, sales};
/// use guanxi::Stage;
///
/// let step = sales(Stage::Considering, LensFacts::default());
/// assert_eq!(step, Place::At(SalesStep::SolutionDesign));
/// ```
#[must_use]
pub const fn sales(stage: Stage, _: LensFacts) -> Place<SalesStep> {
    Place::At(match stage {
        Stage::Prospect | Stage::Aware => SalesStep::InterestAndNeed,
        Stage::Considering => SalesStep::SolutionDesign,
        Stage::Deciding => SalesStep::Negotiation,
        Stage::Onboarding | Stage::Growing | Stage::Loyal | Stage::Declining => SalesStep::FollowUp,
        Stage::Lost => return Place::Outside(Outside::Lost),
        Stage::Disqualified => return Place::Outside(Outside::Disqualified),
        Stage::Ended => return Place::Outside(Outside::Ended),
    })
}
