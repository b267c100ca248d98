//! The words of the frameworks: each one's stages, with their codes and their names.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::explain::{Language, Speak};

/// Declares a vocabulary: one line per word with its code and its English and Chinese names, so that
/// the stored form, the code and the names cannot drift apart.
macro_rules! vocabulary {
    (
        $(#[$doc:meta])*
        $name:ident[$count:literal] {
            $($(#[$word_doc:meta])* $word:ident = $code:literal, $english:literal, $chinese:literal;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $code)] $word,)+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: [Self; $count] = [$(Self::$word),+];

            /// The stable code, as stored.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$word => $code,)+
                }
            }

            /// The name in a language.
            #[must_use]
            pub const fn name(self, language: Language) -> &'static str {
                match language {
                    Language::English => match self {
                        $(Self::$word => $english,)+
                    },
                    Language::Chinese => match self {
                        $(Self::$word => $chinese,)+
                    },
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.code())
            }
        }

        impl Speak for $name {
            fn text(&self, language: Language) -> String {
                self.name(language).to_owned()
            }
        }
    };
}

vocabulary! {
    /// The frameworks that have a lens.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::Framework;
    /// use guanxi::Language;
    ///
    /// assert_eq!(Framework::ALL.len(), 9);
    /// assert_eq!(Framework::KeyAccount.code(), "F6");
    /// assert_eq!(Framework::KeyAccount.name(Language::Chinese), "大客户生命周期");
    /// ```
    #[non_exhaustive]
    Framework[9] {
        /// The path as the customer walks it; its stages are [`JourneyStage`].
        Journey = "F1", "Seven-stage customer journey", "七阶段客户旅程";
        /// What the company is doing with the customer; its layers are [`ManagementLayer`].
        Management = "F2", "Seven management layers", "七层管理";
        /// How close the two sides are; its phases are [`RelationshipPhase`].
        Relationship = "F3", "Relationship lifecycle", "关系生命周期";
        /// What kind of customer it is; its states are [`CustomerState`].
        CustomerState = "F4", "Four customer states", "客户四状态";
        /// What the company works at, as a cycle; its phases are [`CrmPhase`].
        Phases = "F5", "Five CRM phases", "客户关系管理五阶段";
        /// The path of a key account; its phases are [`KeyAccountPhase`].
        KeyAccount = "F6", "Key-account lifecycle", "大客户生命周期";
        /// The process seen as its four elements; they are [`Element`].
        Elements = "F7", "Four elements", "四要素";
        /// The work on satisfaction, as a cycle; its phases are [`SatisfactionPhase`].
        Satisfaction = "F8", "Satisfaction cycle", "满意度循环";
        /// The steps of selling; they are [`SalesStep`].
        Sales = "F9", "Sales process", "营销过程";
    }
}

vocabulary! {
    /// Why a framework has no stage for a customer.
    ///
    /// The name is a whole phrase that says so, fit to stand in a report where a stage would.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::Outside;
    /// use guanxi::Language;
    ///
    /// assert_eq!(Outside::Lost.name(Language::English), "Outside: lost");
    /// assert_eq!(Outside::Lost.name(Language::Chinese), "不适用：客户已流失");
    /// ```
    #[non_exhaustive]
    Outside[4] {
        /// The customer is lost, and the framework ends with the relationship.
        Lost = "lost", "Outside: lost", "不适用：客户已流失";
        /// The customer is not pursued.
        Disqualified = "disqualified", "Outside: disqualified", "不适用：客户不合格";
        /// The relationship was ended for good.
        Ended = "ended", "Outside: relationship ended", "不适用：关系已终止";
        /// The framework is for key accounts only.
        NotKeyAccount = "not_key_account", "Outside: not a key account", "不适用：非大客户";
    }
}

vocabulary! {
    /// F1, the stages of the customer journey.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::JourneyStage;
    /// use guanxi::Language;
    ///
    /// assert_eq!(JourneyStage::Reflection.name(Language::Chinese), "反思");
    /// assert!(JourneyStage::Loyalty < JourneyStage::Reflection);
    /// ```
    JourneyStage[7] {
        /// May become a customer; has not noticed us.
        Prospect = "prospect", "Prospect", "潜在客户";
        /// Has noticed us.
        Awareness = "awareness", "Awareness", "意识";
        /// Compares what we offer with the need.
        Consideration = "consideration", "Consideration", "考虑";
        /// Decides on a proposal.
        Decision = "decision", "Decision", "决策";
        /// Takes delivery, installation and training.
        Interaction = "interaction", "Interaction", "交互";
        /// Buys again and refers others.
        Loyalty = "loyalty", "Loyalty", "忠诚";
        /// Reviews quality, reliability and communication; the company learns.
        Reflection = "reflection", "Reflection", "反思";
    }
}

vocabulary! {
    /// F2, the layers of managing a customer.
    ///
    /// Several run at the same time; see [`management_layers`](super::management_layers).
    ///
    /// ```
    /// use guanxi::lifecycle::lens::ManagementLayer;
    ///
    /// assert_eq!(ManagementLayer::Upgrade.to_string(), "upgrade");
    /// ```
    ManagementLayer[7] {
        /// Learning who the customer is and what it needs.
        Understanding = "understanding", "Understanding", "了解";
        /// Talking with the customer.
        Communication = "communication", "Communication", "沟通";
        /// Serving the customer.
        Service = "service", "Service", "服务";
        /// Winning the customer, or winning it back.
        Acquisition = "acquisition", "Acquisition", "获取";
        /// Keeping the customer.
        Retention = "retention", "Retention", "保持";
        /// Developing the customer to more or better business.
        Upgrade = "upgrade", "Upgrade", "升级";
        /// Ending the relationship deliberately.
        Removal = "removal", "Removal", "删除";
    }
}

vocabulary! {
    /// F3, the phases of the relationship.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::RelationshipPhase;
    /// use guanxi::Language;
    ///
    /// assert_eq!(RelationshipPhase::Exploration.name(Language::Chinese), "考察期");
    /// ```
    RelationshipPhase[4] {
        /// Both sides find out whether they suit each other.
        Exploration = "exploration", "Exploration", "考察期";
        /// Both sides have decided for each other, and business grows.
        Formation = "formation", "Formation", "形成期";
        /// The peak: highest price, volume and mutual dependence at low effort.
        Stability = "stability", "Stability", "稳定期";
        /// Volume and profit fall; the company reinvests or lets go.
        Decline = "decline", "Decline", "退化期";
    }
}

vocabulary! {
    /// F4, the states of a customer.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::CustomerState;
    ///
    /// assert_eq!(CustomerState::New.code(), "new");
    /// ```
    CustomerState[4] {
        /// Has not bought.
        Potential = "potential", "Potential", "潜在";
        /// Buys, and has not become loyal.
        New = "new", "New", "新";
        /// Buys again and again.
        Loyal = "loyal", "Loyal", "忠诚";
        /// Bought once, and no longer does.
        Lost = "lost", "Lost", "流失";
    }
}

vocabulary! {
    /// F5, the phases of customer-relationship management; after the last one the cycle begins again.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::CrmPhase;
    /// use guanxi::Language;
    ///
    /// assert_eq!(CrmPhase::Recovery.name(Language::English), "Recovery");
    /// ```
    CrmPhase[5] {
        /// Finding who may become a customer.
        Identification = "identification", "Identification", "识别";
        /// Drawing the customer to a first purchase.
        Attraction = "attraction", "Attraction", "吸引";
        /// Keeping the customer.
        Retention = "retention", "Retention", "保留";
        /// Making more of the relationship.
        Development = "development", "Development", "发展";
        /// Winning back the customer that was lost.
        Recovery = "recovery", "Recovery", "恢复";
    }
}

vocabulary! {
    /// F6, the phases of a key account.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::KeyAccountPhase;
    ///
    /// assert_eq!(KeyAccountPhase::ALL.first(), Some(&KeyAccountPhase::Introduction));
    /// ```
    KeyAccountPhase[4] {
        /// Background, needs and potential are assessed: worth pursuing or not.
        Introduction = "introduction", "Introduction", "导入";
        /// Business with the account grows.
        Growth = "growth", "Growth", "成长";
        /// Business with the account is steady.
        Stability = "stability", "Stability", "稳定";
        /// The account is leaving or has left: early warning, intervention, rescue.
        Attrition = "attrition", "Attrition", "流失";
    }
}

vocabulary! {
    /// F7, the elements of the process.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::Element;
    ///
    /// assert_eq!(Element::Positioning.code(), "positioning");
    /// ```
    Element[4] {
        /// Deciding whom to serve.
        Positioning = "positioning", "Positioning", "定位";
        /// Winning the customer.
        Acquisition = "acquisition", "Acquisition", "获取";
        /// Repeat purchase, referral, lifetime value.
        Development = "development", "Development", "发展";
        /// Keeping the customer.
        Retention = "retention", "Retention", "保持";
    }
}

vocabulary! {
    /// F8, the phases of the satisfaction cycle.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::SatisfactionPhase;
    /// use guanxi::Language;
    ///
    /// assert_eq!(SatisfactionPhase::Satisfaction.name(Language::Chinese), "满意度");
    /// ```
    SatisfactionPhase[5] {
        /// Winning the customer.
        Acquisition = "acquisition", "Acquisition", "获取";
        /// The first deliveries and contacts, on which satisfaction will be judged.
        Interaction = "interaction", "Interaction", "互动";
        /// Satisfaction is being asked for, or has to be restored.
        Satisfaction = "satisfaction", "Satisfaction", "满意度";
        /// Keeping satisfaction up.
        Maintenance = "maintenance", "Maintenance", "维护";
        /// Building on satisfaction.
        Development = "development", "Development", "发展";
    }
}

vocabulary! {
    /// F9, the steps of the sales process.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::SalesStep;
    /// use guanxi::Language;
    ///
    /// assert_eq!(SalesStep::FollowUp.name(Language::Chinese), "跟踪");
    /// ```
    SalesStep[4] {
        /// Interest and needs are collected.
        InterestAndNeed = "interest_and_need", "Interest and need collection", "兴趣需求收集";
        /// A solution is designed for the need.
        SolutionDesign = "solution_design", "Solution design", "方案设计";
        /// The solution is offered and its terms are negotiated.
        Negotiation = "negotiation", "Marketing and negotiation", "营销";
        /// The customer is followed up after the purchase.
        FollowUp = "follow_up", "Follow-up", "跟踪";
    }
}
