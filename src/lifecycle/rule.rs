//! The rules that the lifecycle reasons with, and their sentences.

use serde::{Deserialize, Serialize};

use super::event::CorrectionReason;
use super::position::{DisqualifyReason, EndReason, LossCause};
use crate::explain::{Language, Rule};

/// The rules of the lifecycle, as reasons cite them.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Rule;
/// use guanxi::lifecycle::LifecycleRule;
///
/// assert_eq!(LifecycleRule::Silence.code(), "lifecycle.silence");
/// assert_eq!(
///     LifecycleRule::Silence.template(Language::English),
///     "silent for {observed}, {limit} allowed"
/// );
///
/// // Stored under its code.
/// assert_eq!(serde_json::to_string(&LifecycleRule::Silence)?, r#""lifecycle.silence""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LifecycleRule {
    /// An order was placed and kept.
    #[serde(rename = "lifecycle.order")]
    Order,
    /// Kept orders against the number that loyalty asks for.
    #[serde(rename = "lifecycle.orders")]
    Orders,
    /// Time as a customer against what loyalty asks for.
    #[serde(rename = "lifecycle.tenure")]
    Tenure,
    /// Satisfaction against the floor.
    #[serde(rename = "lifecycle.satisfaction")]
    Satisfaction,
    /// Time in the stage against the least that the policy asks for.
    #[serde(rename = "lifecycle.dwell")]
    Dwell,
    /// Silence against what the own cadence allows.
    #[serde(rename = "lifecycle.silence")]
    Silence,
    /// The contract ended.
    #[serde(rename = "lifecycle.contract_ended")]
    ContractEnded,
    /// The contract runs.
    #[serde(rename = "lifecycle.contract_running")]
    ContractRunning,
    /// Purchases against the own baseline.
    #[serde(rename = "lifecycle.purchases_fell")]
    PurchasesFell,
    /// Purchases against the frozen baseline.
    #[serde(rename = "lifecycle.purchases_recovered")]
    PurchasesRecovered,
    /// Delivery was accepted.
    #[serde(rename = "lifecycle.delivery_accepted")]
    DeliveryAccepted,
    /// Delivery was rejected.
    #[serde(rename = "lifecycle.delivery_rejected")]
    DeliveryRejected,
    /// Delivery is implied by the time since the order.
    #[serde(rename = "lifecycle.delivery_implied")]
    DeliveryImplied,
    /// Nothing is known of the delivery.
    #[serde(rename = "lifecycle.delivery_pending")]
    DeliveryPending,
    /// Whether a rejected delivery caused the decline.
    #[serde(rename = "lifecycle.delivery_cause")]
    DeliveryCause,
    /// A second purchase day implies that the first was delivered.
    #[serde(rename = "lifecycle.second_purchase")]
    SecondPurchase,
    /// Every order was cancelled.
    #[serde(rename = "lifecycle.no_order_left")]
    NoOrderLeft,
    /// The customer is barred.
    #[serde(rename = "lifecycle.barred")]
    Barred,
    /// A person's word.
    #[serde(rename = "lifecycle.declared")]
    Declared,
    /// Somebody asked for the move.
    #[serde(rename = "lifecycle.requested")]
    Requested,
    /// The customer left by its own word.
    #[serde(rename = "lifecycle.left")]
    Left(LossCause),
    /// Somebody judged it not worth pursuing.
    #[serde(rename = "lifecycle.disqualified")]
    Disqualified(DisqualifyReason),
    /// Somebody ended the relationship.
    #[serde(rename = "lifecycle.ended")]
    Ended(EndReason),
    /// A person corrected the record.
    #[serde(rename = "lifecycle.corrected")]
    Corrected(CorrectionReason),
    /// No purchase is known in this episode.
    #[serde(rename = "lifecycle.no_purchase")]
    NoPurchase,
    /// No baseline of purchases is known to compare with.
    #[serde(rename = "lifecycle.no_baseline")]
    NoBaseline,
    /// A fact came in after later decisions had been taken.
    #[serde(rename = "lifecycle.late_fact")]
    LateFact,
    /// Longer in a stage than the policy expects.
    #[serde(rename = "lifecycle.stalled")]
    Stalled,
}

impl LifecycleRule {
    /// Every rule, those that carry a cause with one cause each.
    pub const ALL: [Self; 28] = [
        Self::Order,
        Self::Orders,
        Self::Tenure,
        Self::Satisfaction,
        Self::Dwell,
        Self::Silence,
        Self::ContractEnded,
        Self::ContractRunning,
        Self::PurchasesFell,
        Self::PurchasesRecovered,
        Self::DeliveryAccepted,
        Self::DeliveryRejected,
        Self::DeliveryImplied,
        Self::DeliveryPending,
        Self::DeliveryCause,
        Self::SecondPurchase,
        Self::NoOrderLeft,
        Self::Barred,
        Self::Declared,
        Self::Requested,
        Self::Left(LossCause::Other),
        Self::Disqualified(DisqualifyReason::Other),
        Self::Ended(EndReason::Other),
        Self::Corrected(CorrectionReason::Other),
        Self::NoPurchase,
        Self::NoBaseline,
        Self::LateFact,
        Self::Stalled,
    ];
}

impl Rule for LifecycleRule {
    fn code(self) -> &'static str {
        match self {
            Self::Order => "lifecycle.order",
            Self::Orders => "lifecycle.orders",
            Self::Tenure => "lifecycle.tenure",
            Self::Satisfaction => "lifecycle.satisfaction",
            Self::Dwell => "lifecycle.dwell",
            Self::Silence => "lifecycle.silence",
            Self::ContractEnded => "lifecycle.contract_ended",
            Self::ContractRunning => "lifecycle.contract_running",
            Self::PurchasesFell => "lifecycle.purchases_fell",
            Self::PurchasesRecovered => "lifecycle.purchases_recovered",
            Self::DeliveryAccepted => "lifecycle.delivery_accepted",
            Self::DeliveryRejected => "lifecycle.delivery_rejected",
            Self::DeliveryImplied => "lifecycle.delivery_implied",
            Self::DeliveryPending => "lifecycle.delivery_pending",
            Self::DeliveryCause => "lifecycle.delivery_cause",
            Self::SecondPurchase => "lifecycle.second_purchase",
            Self::NoOrderLeft => "lifecycle.no_order_left",
            Self::Barred => "lifecycle.barred",
            Self::Declared => "lifecycle.declared",
            Self::Requested => "lifecycle.requested",
            Self::Left(_) => "lifecycle.left",
            Self::Disqualified(_) => "lifecycle.disqualified",
            Self::Ended(_) => "lifecycle.ended",
            Self::Corrected(_) => "lifecycle.corrected",
            Self::NoPurchase => "lifecycle.no_purchase",
            Self::NoBaseline => "lifecycle.no_baseline",
            Self::LateFact => "lifecycle.late_fact",
            Self::Stalled => "lifecycle.stalled",
        }
    }

    fn template(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }
}

impl LifecycleRule {
    const fn english(self) -> &'static str {
        match self {
            Self::Order => "an order of {observed}",
            Self::Orders => "orders {observed}, {limit} needed",
            Self::Tenure => "a customer for {observed}, {limit} needed",
            Self::Satisfaction => "satisfaction {observed}, {limit} needed",
            Self::Dwell => "{observed} in this stage, {limit} needed",
            Self::Silence => "silent for {observed}, {limit} allowed",
            Self::ContractEnded => "the contract ended on {observed}",
            Self::ContractRunning => "the contract runs until {observed}",
            Self::PurchasesFell => "purchases at {observed} of the own baseline, fallen at {limit}",
            Self::PurchasesRecovered => {
                "purchases at {observed} of the frozen baseline, recovered at {limit}"
            }
            Self::DeliveryAccepted => "delivery accepted on {observed}",
            Self::DeliveryRejected => "the delivery of {observed} was rejected",
            Self::DeliveryImplied => "{observed} since the order, delivery implied after {limit}",
            Self::DeliveryPending => "delivery not reported",
            Self::DeliveryCause => "the decline was about a delivery",
            Self::SecondPurchase => "purchase days {observed}, delivery implied at {limit}",
            Self::NoOrderLeft => "every order was cancelled",
            Self::Barred => "barred from becoming a customer",
            Self::Declared => "a person said so",
            Self::Requested => "a person asked for it",
            Self::Left(cause) => left(cause).0,
            Self::Disqualified(reason) => disqualified(reason).0,
            Self::Ended(reason) => ended(reason).0,
            Self::Corrected(reason) => corrected(reason).0,
            Self::NoPurchase => "no purchase in this episode yet, {limit} as a customer needed",
            Self::NoBaseline => "no baseline of purchases is known",
            Self::LateFact => "a fact of {observed} came in late",
            Self::Stalled => "in this stage for {observed}, stalled after {limit}",
        }
    }

    const fn chinese(self) -> &'static str {
        match self {
            Self::Order => "下单{observed}",
            Self::Orders => "订单{observed}笔，需{limit}笔",
            Self::Tenure => "成为客户{observed}，需{limit}",
            Self::Satisfaction => "满意度{observed}，需{limit}",
            Self::Dwell => "在本阶段{observed}，需{limit}",
            Self::Silence => "已沉默{observed}，允许{limit}",
            Self::ContractEnded => "合同已于{observed}到期",
            Self::ContractRunning => "合同有效至{observed}",
            Self::PurchasesFell => "购买为自身基线的{observed}，降至{limit}即为衰退",
            Self::PurchasesRecovered => "购买为冻结基线的{observed}，达到{limit}即为恢复",
            Self::DeliveryAccepted => "{observed}已验收交付",
            Self::DeliveryRejected => "{observed}的交付被拒",
            Self::DeliveryImplied => "下单已{observed}，满{limit}视为已交付",
            Self::DeliveryPending => "尚未报告交付",
            Self::DeliveryCause => "衰退由交付引起",
            Self::SecondPurchase => "购买日{observed}天，满{limit}天视为已交付",
            Self::NoOrderLeft => "全部订单已取消",
            Self::Barred => "已被禁止成为客户",
            Self::Declared => "由人员认定",
            Self::Requested => "由人员提出",
            Self::Left(cause) => left(cause).1,
            Self::Disqualified(reason) => disqualified(reason).1,
            Self::Ended(reason) => ended(reason).1,
            Self::Corrected(reason) => corrected(reason).1,
            Self::NoPurchase => "本周期尚无购买，需成为客户{limit}",
            Self::NoBaseline => "尚无购买基线",
            Self::LateFact => "{observed}的事实迟到入账",
            Self::Stalled => "在本阶段已{observed}，超过{limit}即为停滞",
        }
    }
}

/// In English and in Chinese.
type Sentence = (&'static str, &'static str);

const fn left(cause: LossCause) -> Sentence {
    match cause {
        LossCause::Silence => ("left in silence", "客户无声离开"),
        LossCause::ContractEnd => ("left at the end of the contract", "客户于合同到期时离开"),
        LossCause::Price => ("left for the price", "客户离开：价格"),
        LossCause::Quality => ("left for the quality", "客户离开：质量"),
        LossCause::Service => ("left for the service", "客户离开：服务"),
        LossCause::Competitor => ("left for a competitor", "客户离开：竞争对手"),
        LossCause::NoNeed => ("left without a need any more", "客户离开：不再需要"),
        LossCause::Other => ("left by the customer's own word", "客户自行离开"),
    }
}

const fn disqualified(reason: DisqualifyReason) -> Sentence {
    match reason {
        DisqualifyReason::BackgroundCheck => ("failed the background check", "未通过背景调查"),
        DisqualifyReason::NoNeed => ("not pursued: no need", "不再跟进：无需求"),
        DisqualifyReason::NoBudget => ("not pursued: no budget", "不再跟进：无预算"),
        DisqualifyReason::NoPotential => {
            ("not pursued: too little potential", "不再跟进：潜力不足")
        }
        DisqualifyReason::Competitor => {
            ("not pursued: chose a competitor", "不再跟进：选择了竞争对手")
        }
        DisqualifyReason::OwnWish => ("not pursued: the prospect's own wish", "不再跟进：对方意愿"),
        DisqualifyReason::Other => ("not pursued", "不再跟进"),
    }
}

const fn ended(reason: EndReason) -> Sentence {
    match reason {
        EndReason::Unprofitable => ("ended: unprofitable", "终止：无利可图"),
        EndReason::BeyondRepair => ("ended: dissatisfied beyond repair", "终止：不满无法挽回"),
        EndReason::Abusive => ("ended: abuse or fraud", "终止：滥用或欺诈"),
        EndReason::OwnWish => ("ended: the customer's wish", "终止：客户意愿"),
        EndReason::Ceased => ("ended: the customer no longer exists", "终止：客户已不存在"),
        EndReason::Other => ("ended by a person", "由人员终止"),
    }
}

const fn corrected(reason: CorrectionReason) -> Sentence {
    match reason {
        CorrectionReason::WrongData => ("corrected by a person: wrong data", "人工更正：数据有误"),
        CorrectionReason::WrongCustomer => {
            ("corrected by a person: recorded for another customer", "人工更正：客户有误")
        }
        CorrectionReason::PolicyMisjudged => {
            ("corrected by a person: the policy misjudged", "人工更正：规则误判")
        }
        CorrectionReason::DerivedTrack => {
            ("corrected by a person: the derived track was adopted", "人工更正：采用推导轨迹")
        }
        CorrectionReason::Other => ("corrected by a person", "人工更正"),
    }
}
