//! The default table.
//!
//! Effort follows the tier; within it, the value type says whether to invest (keep, develop), to hold
//! (harvest) or to spend nothing (let go). Key customers get people, the others campaigns, and who
//! shows promise is developed. An unknown value type is treated like the middle: nobody is let go for a
//! gap in the records.

use super::answer::{Effort, NextAction, Strategy, Wording};
use super::cell::StrategyTier::{A, B, C, Unrated};
use super::cell::StrategyValue::{Develop, Harvest, Keep, LetGo, Unknown};
use super::phase::Phase;
use super::policy::StrategyRule;

const ORDINARY: [super::cell::StrategyTier; 3] = [B, C, Unrated];

pub(super) fn rules() -> Vec<StrategyRule> {
    let closed = rule(
        Phase::Closed,
        Effort::None,
        ("leave in peace", "不再打扰"),
        (
            "answer_only",
            "begin nothing, answer what the customer asks",
            "不主动联系，仅答复客户来询",
        ),
    );
    let mut rules = vec![closed];
    rules.extend(acquisition());
    rules.extend(onboarding());
    rules.extend(growing());
    rules.extend(loyal());
    rules.extend(declining());
    rules.extend(recovery());
    rules
}

fn rule(
    phase: Phase,
    effort: Effort,
    (english, chinese): (&'static str, &'static str),
    (code, act, act_chinese): (&'static str, &'static str, &'static str),
) -> StrategyRule {
    let action = NextAction::new(code, act, act_chinese);
    let then = Strategy::new(effort, Wording::new(english, chinese), action);
    StrategyRule::new(then).with_phase([phase])
}

impl StrategyRule {
    /// The same with a contact every so many days, and the action within so many.
    fn timed(mut self, cadence_days: u16, within_days: u16) -> Self {
        self.then.cadence_days = Some(cadence_days);
        self.then.action.within_days = Some(within_days);
        self
    }
}

fn acquisition() -> [StrategyRule; 4] {
    let phase = Phase::Acquisition;
    [
        rule(
            phase,
            Effort::Low,
            ("wait for interest", "等待意向"),
            ("newsletter", "send news and wait for a question", "发送资讯，等待客户咨询"),
        )
        .with_value([LetGo])
        .timed(90, 30),
        rule(
            phase,
            Effort::High,
            ("win a key account", "争取大客户"),
            (
                "qualify_and_visit",
                "assess background, needs and potential, and visit",
                "了解背景、需求与潜力，并上门拜访",
            ),
        )
        .with_tier([A])
        .timed(14, 5),
        rule(
            phase,
            Effort::Medium,
            ("understand the need", "挖掘需求"),
            ("needs_interview", "ask about the need and design a solution", "访谈需求，设计方案"),
        )
        .with_value([Keep, Develop])
        .timed(21, 7),
        rule(
            phase,
            Effort::Low,
            ("become known", "建立认知"),
            ("introduction", "introduce the products that fit", "介绍合适的产品"),
        )
        .timed(45, 14),
    ]
}

fn onboarding() -> [StrategyRule; 2] {
    let phase = Phase::Onboarding;
    [
        rule(
            phase,
            Effort::High,
            ("a faultless start", "确保首单顺利"),
            (
                "onboarding_visit",
                "visit, check the delivery and train the users",
                "上门回访，检查交付并培训使用人员",
            ),
        )
        .with_tier([A])
        .timed(7, 3),
        rule(
            phase,
            Effort::Medium,
            ("a good start", "良好开端"),
            (
                "delivery_call",
                "call after delivery and ask whether all is well",
                "交付后致电回访，确认一切顺利",
            ),
        )
        .timed(14, 7),
    ]
}

fn growing() -> [StrategyRule; 5] {
    let phase = Phase::Growing;
    [
        rule(
            phase,
            Effort::High,
            ("extend the business", "扩大合作"),
            ("joint_plan", "agree on a plan with joint milestones", "共同制定合作计划与里程碑"),
        )
        .with_tier([A])
        .with_value([Keep, Develop, Unknown])
        .timed(14, 14),
        rule(
            phase,
            Effort::Medium,
            ("develop into a key customer", "培育为重点客户"),
            (
                "cross_sell_offer",
                "offer what goes with the last purchase",
                "推荐与上次购买相配的产品",
            ),
        )
        .with_tier(ORDINARY)
        .with_value([Keep, Develop])
        .timed(21, 14),
        rule(
            phase,
            Effort::Medium,
            ("hold at a fair cost", "合理投入，稳住合作"),
            ("reorder_call", "call when the next order is about due", "在下次订货临近时致电"),
        )
        .with_tier([A])
        .timed(30, 14),
        rule(
            phase,
            Effort::Low,
            ("serve at low cost", "低成本服务"),
            (
                "campaign",
                "include in campaigns, such as discounts and group purchases",
                "纳入折扣、团购等普通活动",
            ),
        )
        .with_value([LetGo])
        .timed(60, 30),
        rule(
            phase,
            Effort::Low,
            ("bring about the next purchase", "促进复购"),
            ("repurchase_offer", "send an offer for the next purchase", "发送复购优惠"),
        )
        .timed(30, 14),
    ]
}

fn loyal() -> [StrategyRule; 5] {
    let phase = Phase::Loyal;
    [
        rule(
            phase,
            Effort::High,
            ("partnership", "战略伙伴"),
            (
                "joint_review",
                "review the relationship together and show new products first",
                "共同回顾合作情况，优先推荐新品",
            ),
        )
        .with_tier([A])
        .with_value([Keep, Develop, Unknown])
        .timed(14, 30),
        rule(
            phase,
            Effort::Medium,
            ("upgrade and referral", "升级与转介绍"),
            (
                "upgrade_and_referral",
                "offer an upgrade and ask for a referral",
                "推荐升级方案，并请客户转介绍",
            ),
        )
        .with_tier(ORDINARY)
        .with_value([Keep, Develop])
        .timed(30, 30),
        rule(
            phase,
            Effort::Medium,
            ("keep what works", "稳定维护"),
            (
                "care_call",
                "thank the customer and keep the service reliable",
                "致谢回访，保证服务稳定",
            ),
        )
        .with_value([Harvest])
        .timed(30, 30),
        rule(
            phase,
            Effort::Low,
            ("reward at low cost", "低成本回馈"),
            ("loyalty_campaign", "include in campaigns for loyal customers", "纳入老客户回馈活动"),
        )
        .with_value([LetGo])
        .timed(90, 30),
        rule(
            phase,
            Effort::Low,
            ("appreciate", "感谢与维系"),
            ("greeting", "thank, and send wishes on holidays", "致谢，并在节日送上问候"),
        )
        .timed(45, 30),
    ]
}

fn declining() -> [StrategyRule; 5] {
    let phase = Phase::Declining;
    [
        rule(
            phase,
            Effort::Low,
            ("let go in good order", "有序放弃"),
            ("last_offer", "send one last offer, then let go", "发送最后一次优惠，之后放弃"),
        )
        .with_value([LetGo])
        .timed(90, 30),
        rule(
            phase,
            Effort::High,
            ("rescue", "全力挽留"),
            (
                "rescue_call",
                "the account manager calls, finds the cause and proposes a remedy",
                "客户经理致电，找出原因并提出解决方案",
            ),
        )
        .with_tier([A])
        .timed(7, 2),
        rule(
            phase,
            Effort::Medium,
            ("win trust back", "重建信任"),
            ("service_recovery", "call, find the cause and put it right", "致电了解原因并妥善解决"),
        )
        .with_value([Keep, Develop])
        .timed(14, 5),
        rule(
            phase,
            Effort::Medium,
            ("hold with an offer", "优惠挽留"),
            ("retention_offer", "make an offer to stay", "提供挽留优惠"),
        )
        .with_value([Harvest])
        .timed(21, 7),
        rule(
            phase,
            Effort::Low,
            ("find out why", "了解原因"),
            (
                "satisfaction_survey",
                "ask in a short survey what is wrong",
                "以简短问卷了解问题所在",
            ),
        )
        .timed(30, 7),
    ]
}

fn recovery() -> [StrategyRule; 4] {
    let phase = Phase::Recovery;
    [
        rule(
            phase,
            Effort::None,
            ("let go", "放弃"),
            ("record_loss", "record why the customer was lost", "记录流失原因"),
        )
        .with_value([LetGo]),
        rule(
            phase,
            Effort::High,
            ("win back in person", "登门赢回"),
            (
                "win_back_visit",
                "visit with an answer to the reason for the loss",
                "针对流失原因，携方案上门拜访",
            ),
        )
        .with_tier([A])
        .timed(30, 7),
        rule(
            phase,
            Effort::Medium,
            ("win back", "赢回"),
            (
                "win_back_offer",
                "make an offer that answers the reason for the loss",
                "针对流失原因提供赢回优惠",
            ),
        )
        .with_value([Keep, Develop])
        .timed(45, 14),
        rule(
            phase,
            Effort::Low,
            ("stay in mind", "保持印象"),
            (
                "win_back_campaign",
                "include in campaigns for former customers",
                "纳入流失客户召回活动",
            ),
        )
        .timed(90, 30),
    ]
}
