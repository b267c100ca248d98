//! The page that the project shows its users of the lifecycle, generated from the code.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::expect_file;
use guanxi::lifecycle::{Condition, LifecycleMachine, LifecyclePolicy, edge};
use guanxi::machine::{self, Edge, Guard, Missing, WhenUnmet};
use guanxi::{Language, Stage, Trigger};
use serde_json::Value;

const INTRODUCTION: &str = "\
# The lifecycle: where a customer stands, and what moves it

Every customer is in one of eleven stages. A *trigger* moves it, changes nothing, or is refused; one
table says which, for every stage and every trigger. Facts bring triggers about (an order, a cancelled
last order), people ask for them, and the policy finds them due by what happened and by time passing.

```rust
use guanxi::lifecycle::{LifecycleMachine, edge};
use guanxi::machine::{Edge, Refusal, shortest_path};
use guanxi::{Stage, Trigger};

assert_eq!(edge(Stage::Prospect, Trigger::Purchase), Edge::to(Stage::Onboarding));
assert_eq!(edge(Stage::Ended, Trigger::Purchase), Edge::Refused(Refusal::Terminal));
assert_eq!(shortest_path::<LifecycleMachine>(Stage::Loyal).map(|path| path.len()), Some(3));
```

- A fact is never refused for the stage: an order of an ended customer is recorded, raises a flag and
  moves nothing. Only requests are refused, with all unmet conditions, observed value and limit.
- Before the first purchase, a lost deal is `cool` or `disqualify`, never `lost`.
- `declining` remembers the stage that was left; `recover` goes back there.
- When several moves are due at one instant, the order is: unwind, leave, lapse, decline, recover,
  deliver, mature.
- A move takes effect when it fell due, however late it is recorded. What a late fact brings about
  takes effect when it is recorded, and says so.
- *Orders* are those not cancelled. One that was returned was made and counts; its money came back.
- Limits are whole business days, passed at 00:00 of the next one. The silence allowed is the mean gap
  between purchase days, (last day - first day) / (purchase days - 1), times `lapse.cadence_percent`,
  rounded *up* to whole days, then brought between the floor and the ceiling. Silence counts from the
  last purchase day; deliveries, scores and reviews do not break it.
- A fact of the very instant at which something falls due is judged first: an order on the morning on
  which a customer would be lost keeps it.
- What a person did (a correction, a recovery, a win-back) holds until the next fact; only a loss is
  judged meanwhile.

For example, somebody bought on 1 January, 31 January and 2 March 2026: 60 days for two gaps, 30 on the
mean, so 90 are allowed. The last sign was on 2 March; the 91st day of silence is 1 June, and at 00:00 of
that day the customer is lost, unless it buys on that very day.
";

const NOTE: &str = "\
This page is generated from the code; `UPDATE_EXPECT=1 cargo test --test laws page` writes it anew.";

/// What each condition asks for, in the words of the page.
fn meaning(condition: Condition) -> &'static str {
    match condition {
        Condition::Orders => {
            "as many orders in this episode, cancelled ones aside, as loyalty asks for"
        }
        Condition::Tenure => "as many days since the first purchase of this episode",
        Condition::Satisfied => "the last fresh satisfaction score reaches the floor",
        Condition::Dwelt => {
            "as many days in the present stage as the policy asks for; people need not wait"
        }
        Condition::Falling => {
            "purchases fell against the own baseline, a delivery was rejected, or a person says so"
        }
        Condition::Recovered => "purchases came back to the frozen baseline, or a person says so",
        Condition::Delivered => {
            "delivery was accepted, or is implied by time or by a second purchase day"
        }
        Condition::DeliveryWasTheCause => "the decline was put down to a rejected delivery",
        Condition::Lapsed => "silent for longer than the own cadence allows, or the contract ended",
        Condition::NotLapsed => "would not be lost again at once",
        Condition::NotBarred => "not barred from becoming a customer",
        other => panic!("{other:?} is new: say what it asks for"),
    }
}

/// What each setting of the policy means, by its path in the document.
const SETTINGS: [(&str, &str); 31] = [
    (
        "delivery.mode",
        "`apply` makes the move, `suggest` shows it to a person, `off` forgets the rule",
    ),
    ("delivery.implied_after_days", "days after the first order; null: only a report counts"),
    ("loyalty.mode", "as above"),
    ("loyalty.orders_min", "orders of this episode that were not cancelled"),
    ("loyalty.tenure_days_min", "days since its first purchase day"),
    ("loyalty.satisfaction.score_min", "the floor, from 0 to 100"),
    ("loyalty.satisfaction.fresh_days", "an older score counts as missing"),
    ("loyalty.satisfaction.missing", "`waive`: no score is no obstacle; `block`: it is one"),
    ("decline.mode", "for falling purchases"),
    ("decline.rejected_delivery", "the mode for rejected deliveries"),
    ("decline.measure", "`orders`, `purchase_days` or `net_spend`"),
    ("decline.window_days", "the length of a window, in whole days"),
    ("decline.baseline_windows", "windows before the last that make the baseline"),
    ("decline.baseline_min", "a smaller sum is no baseline, and without one nothing falls"),
    ("decline.fall_percent", "at or below this share of the mean window"),
    ("recovery.mode", "judged when a fact arrives, never by time alone"),
    ("recovery.percent", "at or above this share; must be more than `decline.fall_percent`"),
    ("lapse.mode", "for silence and ended contracts"),
    (
        "lapse.cadence_percent",
        "the silence allowed, as a share of the mean gap between purchase days",
    ),
    ("lapse.cadence_purchase_days_min", "purchase days that make a cadence"),
    ("lapse.floor_days", "the least silence allowed"),
    ("lapse.ceiling_days", "the most silence allowed"),
    ("lapse.without_cadence_days", "the silence allowed without a cadence"),
    ("lapse.contract.grace_days", "days after its last day until a contract counts as ended"),
    ("lapse.contract.silence", "`ignored` while a contract runs, or `judged`"),
    ("dwell_days_min", "by stage: days before the policy moves a customer on"),
    ("stalled_after_days.aware", "days after which a customer counts as stalled there"),
    ("stalled_after_days.considering", "the same"),
    ("stalled_after_days.deciding", "the same"),
    ("stalled_after_days.onboarding", "the same"),
    ("stalled_after_days.declining", "the same"),
];

fn generated(name: &str, content: &str) -> String {
    format!("<!-- generated: {name} -->\n\n{content}\n<!-- end: {name} -->\n")
}

fn table(head: &str, rows: impl IntoIterator<Item = String>) -> String {
    let columns = head.matches('|').count() - 1;
    let mut text = format!("{head}\n|{}\n", "---|".repeat(columns));
    for row in rows {
        let _ = writeln!(text, "{row}");
    }
    text
}

fn stages() -> String {
    let rows = Stage::ALL.map(|stage| {
        let [english, chinese] = [Language::English, Language::Chinese].map(|one| stage.name(one));
        format!("| `{stage}` | {english} | {chinese} |")
    });
    table("| stage | English | 中文 |", rows)
}

/// The triggers that are shown, in the order of the menu.
fn triggers(shown: impl Fn(Trigger) -> Option<String>) -> String {
    let found: Vec<String> = Trigger::ALL.into_iter().filter_map(shown).collect();
    if found.is_empty() { "-".to_owned() } else { found.join(", ") }
}

fn edges() -> String {
    let rows = Stage::ALL.map(|from| {
        let moves = triggers(|trigger| match edge(from, trigger) {
            Edge::To { next, guards } => {
                let to: Vec<&str> = next.targets().map(Stage::code).collect();
                let needs: Vec<&str> = guards.iter().map(|guard| guard.name()).collect();
                let to = to.join(" or ");
                Some(match needs.as_slice() {
                    [] => format!("{trigger} → **{to}**"),
                    needs => format!("{trigger} → **{to}** ({})", needs.join(", ")),
                })
            }
            Edge::Stay | Edge::Refused(_) => None,
        });
        let only = |wanted: fn(&guanxi::lifecycle::LifecycleEdge) -> bool| {
            triggers(|trigger| wanted(&edge(from, trigger)).then(|| trigger.to_string()))
        };
        let stays = only(|edge| matches!(edge, Edge::Stay));
        let refused = only(|edge| matches!(edge, Edge::Refused(_)));
        format!("| `{from}` | {moves} | {stays} | {refused} |")
    });
    table("| from | moves, and what they wait for | changes nothing | refused |", rows)
}

fn conditions() -> String {
    let facts = super::guards::met();
    let rows = Condition::ALL.map(|condition| {
        let missing = match condition.missing(&facts) {
            _ if condition == Condition::Satisfied => "as the policy says",
            Missing::Waive => "met",
            Missing::Block => "unmet",
        };
        let unmet = match condition.when_unmet() {
            WhenUnmet::Refuse => "refused, with the reason",
            WhenUnmet::Stay => "nothing changes",
        };
        format!("| {} | {} | {missing} | {unmet} |", condition.name(), meaning(condition))
    });
    table("| condition | met when | data missing | when unmet |", rows)
}

/// Every leaf of the document, by its path.
fn leaves(prefix: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let path =
                    if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                leaves(&path, value, found);
            }
        }
        Value::Object(_) => {
            found.insert(prefix.to_owned(), "none".to_owned());
        }
        Value::String(text) => {
            found.insert(prefix.to_owned(), text.clone());
        }
        other => {
            found.insert(prefix.to_owned(), other.to_string());
        }
    }
}

fn defaults() -> String {
    let mut values = BTreeMap::new();
    leaves("", &serde_json::to_value(LifecyclePolicy::default()).unwrap(), &mut values);
    let rows = SETTINGS.map(|(path, meaning)| {
        let value = values.remove(path).unwrap_or_else(|| panic!("{path} is no setting"));
        format!("| `{path}` | {value} | {meaning} |")
    });
    assert_eq!(values, BTreeMap::new(), "say what these settings mean");
    table("| setting | default | meaning |", rows)
}

fn page() -> String {
    let drawing = format!("```mermaid\n{}```\n", machine::mermaid::<LifecycleMachine>());
    [
        format!("{INTRODUCTION}\n{NOTE}\n"),
        format!("## Stages\n\n{}", generated("stages", &stages())),
        format!("## What moves a customer\n\n{}", generated("edges", &edges())),
        format!("## Conditions\n\n{}", generated("conditions", &conditions())),
        format!("## Drawing\n\n{}", generated("drawing", &drawing)),
        format!(
            "## The policy and its defaults\n\nThe section `lifecycle` of the policy document. Limits \
             in days count whole business days in\nthe policy's zone: \"silent for more than 60 \
             days\" falls due at 00:00 of the 61st day after the last\nsign. Facts count from the \
             current episode only; one begins when a lost customer comes back.\n\n{}",
            generated("defaults", &defaults())
        ),
    ]
    .join("\n")
}

#[test]
fn the_page_shows_the_lifecycle_as_it_is() {
    expect_file!["../../docs/lifecycle.md"].assert_eq(&page());
}

/// The example of the page.
#[test]
fn the_example_of_the_page_holds() {
    use guanxi::machine::{Refusal, shortest_path};

    assert_eq!(edge(Stage::Prospect, Trigger::Purchase), Edge::to(Stage::Onboarding));
    assert_eq!(edge(Stage::Ended, Trigger::Purchase), Edge::Refused(Refusal::Terminal));
    assert_eq!(shortest_path::<LifecycleMachine>(Stage::Loyal).map(|path| path.len()), Some(3));
}
