//! How the number and its account stand with Meta: quality, payment, restrictions, name (direct.md §2.9, §4.6).

use serde_json::Value;

use crate::providers::check::{Check, CheckName, Examination, Finding};
use crate::providers::check_codes::CheckCode;
use crate::providers::codes::number;

use super::super::graph::Graph;
use super::super::management;
use super::number::{entities, is_unregistered, text, trouble};

/// The code of a send that can't be billed; health reports name it too (direct.md §5).
const PAYMENT: u32 = 131_042;
/// Words by which a health report speaks of money.
const MONEY: [&str; 4] = ["payment", "billing", "credit line", "bill "];
const SETTLE: &str = "Settle what WhatsApp Manager names there.";

pub(super) async fn examine(graph: Graph<'_>, shown: &Value, seen: &mut Examination) {
    let mut findings = Vec::new();
    match graph.ask(management::business_account(graph.base, graph.credentials)).await {
        Ok(account) => findings.extend(of_account(&account)),
        Err(refused) if refused.trouble => findings.push(trouble(&refused, "The account can't be read now")),
        // The number's own health report speaks of the account too.
        Err(_) => {}
    }
    findings.extend(of_state(shown));
    findings.extend(of_quality(shown));
    findings.extend(of_name(shown));
    findings.extend(of_health(shown));
    if text(shown, "account_mode") == Some("SANDBOX") {
        let finding = "This is one of Meta's test numbers: it writes to five listed people only.";
        let cure = "Add a number of your own in WhatsApp Manager for real work.";
        findings.push(Finding::warn(CheckCode::TrialAccount, finding, cure));
    }
    let quality = text(shown, "quality_rating").unwrap_or("unknown");
    let sound = Finding::pass(format!("Meta lets the number send; its quality is {quality}."));
    seen.checks.push(Check::gravest(CheckName::Standing, findings, sound));
}

fn of_state(shown: &Value) -> Option<Finding> {
    let restricted = "Write only to people who expect it, and see the reason in WhatsApp Manager.";
    match text(shown, "status")? {
        "RESTRICTED" => Some(Finding::fail(
            CheckCode::AccountRestricted,
            "Meta has restricted the number: too many people blocked or reported it.",
            restricted,
        )),
        "FLAGGED" => {
            Some(Finding::warn(CheckCode::QualityRed, "Meta has flagged the number for its quality.", restricted))
        }
        "RATE_LIMITED" => Some(Finding::warn(
            CheckCode::SendingLimited,
            "Meta has slowed the number down.",
            "Wait; it ends by itself. Lower the volume if it comes back.",
        )),
        _ => None,
    }
}

fn of_quality(shown: &Value) -> Option<Finding> {
    (text(shown, "quality_rating") == Some("RED")).then(|| {
        let cure = "Write only to people who expect it; many have blocked or reported the number.";
        Finding::warn(CheckCode::QualityRed, "The number's quality is low (RED).", cure)
    })
}

fn of_name(shown: &Value) -> Option<Finding> {
    let status = text(shown, "name_status")?;
    matches!(status, "DECLINED" | "EXPIRED" | "NONE").then(|| {
        let cure = "Choose a display name that fits Meta's rules in WhatsApp Manager, and wait for its approval.";
        Finding::fail(CheckCode::NameNotApproved, format!("The number's display name is {status}, not approved."), cure)
    })
}

/// What each entity of the health report says against sending.
fn of_health(shown: &Value) -> Vec<Finding> {
    let overall = shown.pointer("/health_status/can_send_message").and_then(Value::as_str);
    let mut found: Vec<Finding> =
        entities(shown).filter(|entity| !is_unregistered(entity)).filter_map(of_entity).collect();
    if found.is_empty() && entities(shown).next().is_none() {
        let what = Complaint { who: "the number", why: None, cure: None, code: None };
        found.extend(what.finding(overall));
    }
    found
}

struct Complaint<'a> {
    who: &'a str,
    why: Option<&'a str>,
    cure: Option<&'a str>,
    code: Option<u32>,
}

fn of_entity(entity: &Value) -> Option<Finding> {
    let who = match text(entity, "entity_type").unwrap_or_default() {
        "PHONE_NUMBER" => "the number",
        "WABA" => "the WhatsApp account",
        "BUSINESS" => "the business",
        "APP" => "the app",
        _ => "a part of the set-up",
    };
    let error = entity.pointer("/errors/0");
    let told = error.and_then(|error| text(error, "error_description"));
    let info = entity.pointer("/additional_info/0").and_then(Value::as_str);
    let complaint = Complaint {
        who,
        why: told.or(info),
        cure: error.and_then(|error| text(error, "possible_solution")),
        code: error.and_then(|error| error.get("error_code")).and_then(number),
    };
    complaint.finding(text(entity, "can_send_message"))
}

impl Complaint<'_> {
    fn finding(&self, can_send: Option<&str>) -> Option<Finding> {
        let words = self.why.unwrap_or_default().to_ascii_lowercase();
        let says = |known: &[&str]| known.iter().any(|word| words.contains(word));
        let why = self.why.map(|why| format!(": {}", why.trim_end_matches('.'))).unwrap_or_default();
        let cure = self.cure.unwrap_or(SETTLE);
        match can_send? {
            "AVAILABLE" => None,
            _ if self.code == Some(PAYMENT) || says(&MONEY) => Some(Finding::fail(
                CheckCode::PaymentMissing,
                format!("Meta can't bill the account{why}."),
                "Add or correct the payment method in Meta Business Suite (Billing and payments).",
            )),
            "BLOCKED" => Some(Finding::fail(
                CheckCode::SendingBlocked,
                format!("Meta blocks sending by {}{why}.", self.who),
                cure,
            )),
            _ => Some(Finding::warn(
                CheckCode::SendingLimited,
                format!("Meta limits sending by {}{why}.", self.who),
                cure,
            )),
        }
    }
}

fn of_account(account: &Value) -> Option<Finding> {
    let status = text(account, "status").unwrap_or("ACTIVE");
    let review = text(account, "account_review_status").unwrap_or("APPROVED");
    let appeal = "See the reason in Meta Business Suite (Business support home) and appeal there.";
    if matches!(status, "BANNED" | "DISABLED" | "DELETED" | "SUSPENDED" | "INACTIVE") {
        let finding = format!("The WhatsApp account is {status}.");
        return Some(Finding::fail(CheckCode::AccountDisabled, finding, appeal));
    }
    (review == "REJECTED").then(|| {
        let finding = "Meta has rejected the WhatsApp account in its review.";
        Finding::fail(CheckCode::AccountDisabled, finding, appeal)
    })
}
