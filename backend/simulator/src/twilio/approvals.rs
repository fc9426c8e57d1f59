//! Approval of contents as WhatsApp templates (twilio.md §2.7).

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::contents::{find, json_object, url_of};
use super::errors::{Twilio, TwilioError};
use super::library::{Approval, Content};
use super::sinks::Change;
use super::variables::{names, names_within};
use super::{content_types, created, ok};
use crate::accounts::TwilioAccount;
use crate::ids::now_ms;
use crate::state::World;

const CATEGORIES: [&str; 3] = ["UTILITY", "MARKETING", "AUTHENTICATION"];

type Shared = web::Data<World>;

/// `GET /v1/Content/{HX}/ApprovalRequests`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(find(&world, &request, &path).map(|(account, content)| {
        json!({
            "sid": content.sid,
            "account_sid": account.account_sid,
            "url": format!("{}/ApprovalRequests", url_of(&content)),
            "whatsapp": approval_shown(&content, now_ms()),
        })
    }))
}

/// `POST /v1/Content/{HX}/ApprovalRequests/whatsapp`: hands a content to review, which ends by itself.
pub(super) async fn submit(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let outcome = find(&world, &request, &path).and_then(|(account, content)| {
        if content.approval.is_some() {
            return Err(TwilioError::new(92_009, "The content was already submitted for approval"));
        }
        let approval = read(&account, &content, &body)?;
        let wait = Duration::from_millis(account.rules.reviews.template_review_ms);
        let changed = Content { approval: Some(approval), ..(*content).clone() };
        let mut answer = approval_shown(&changed, 0);
        if let Value::Object(members) = &mut answer {
            members.remove("type");
            // Whatever the review will say, Twilio has it first.
            members.insert("status".to_owned(), Value::from("received"));
        }
        world.contents.replace(&account.account_sid, changed);
        world.delivery.review_after(wait, account.account_sid.clone(), content.sid.clone());
        Ok(answer)
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// Reads the request and decides how the review will end.
fn read(account: &TwilioAccount, content: &Content, body: &[u8]) -> Twilio<Approval> {
    let wanted = json_object(body)?;
    let text = |name: &str| wanted.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (name, category) = (text("name"), text("category"));
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || !name.bytes().all(plain) {
        return Err(TwilioError::invalid("name", "lower-case letters, digits and underscores"));
    }
    if !CATEGORIES.contains(&category.as_str()) {
        return Err(TwilioError::invalid("category", "UTILITY, MARKETING or AUTHENTICATION"));
    }
    let submitted = content_types::richest(&content.types, |known| known.as_template);
    let (known, definition) =
        submitted.ok_or_else(|| TwilioError::new(20_422, "No type of this content can be approved for WhatsApp"))?;
    let allow_category_change = wanted.get("allow_category_change").and_then(Value::as_bool).unwrap_or(true);
    let verdict = account.rules.reviews.verdict(&name);
    let reviewed_category = verdict.category.clone().filter(|found| *found != category);
    let mut rejection_reason = flaw(content, known.name, definition, &category);
    if rejection_reason.is_none() && !verdict.approved {
        let reason = verdict.reason.unwrap_or_else(|| "INVALID_FORMAT".to_owned());
        rejection_reason = Some(match verdict.explanation {
            Some(explanation) => format!("{reason}. {explanation}"),
            None => reason,
        });
    }
    if rejection_reason.is_none() && reviewed_category.is_some() && !allow_category_change {
        rejection_reason = Some("TAG_CONTENT_MISMATCH. The content belongs to another category.".to_owned());
    }
    let now = now_ms();
    Ok(Approval {
        name,
        category,
        content_type: known.name.to_owned(),
        allow_category_change,
        submitted_at: now,
        reviewed_at: now.saturating_add_unsigned(account.rules.reviews.template_review_ms),
        reviewed_category: reviewed_category.filter(|_| rejection_reason.is_none()),
        rejection_reason,
        changed_to: None,
    })
}

/// What Meta's review finds wrong with the content itself (twilio.md §2.4, variable rules).
fn flaw(content: &Content, kind: &str, definition: &Value, category: &str) -> Option<String> {
    if (kind == "whatsapp/authentication") != (category == "AUTHENTICATION") {
        return Some("TAG_CONTENT_MISMATCH. One-time codes have a type and a category of their own.".to_owned());
    }
    let text = |name: &str| definition.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let body = if text("body").is_empty() { text("title") } else { text("body") };
    let format = |why: &str| Some(format!("INVALID_FORMAT. {why}"));
    if body.chars().count() > 1_024 {
        return format("The body is longer than 1,024 characters.");
    }
    if body.starts_with("{{") || body.ends_with("}}") {
        return format("Variables can't be at the start or end of the body.");
    }
    if body.contains("}}{{") || body.contains("}} {{") {
        return format("Two variables stand side by side.");
    }
    let blanks = names(body).len();
    let words = body.split_whitespace().filter(|word| !word.contains("{{")).count();
    if blanks > 0 && words < 2 * blanks + 1 {
        return format("There are too many variables for the length of the body.");
    }
    let mut used: Vec<String> = names_within(definition);
    used.sort();
    used.dedup();
    if let Some(missing) = (1..=used.len()).find(|number| !used.contains(&number.to_string())) {
        return format(&format!("Variables are numbered from 1 without gaps: {missing} is missing."));
    }
    let has_sample = |name: &String| content.variables.get(name).and_then(Value::as_str).is_some_and(|v| !v.is_empty());
    let unexplained = used.iter().find(|name| !has_sample(name))?;
    Some(format!("INVALID_FORMAT. Variable {unexplained} has no sample."))
}

pub(super) fn approval_shown(content: &Content, now: i64) -> Value {
    let approval = content.approval.as_ref();
    let submitted = approval.map(|approval| approval.content_type.as_str()).filter(|name| !name.is_empty());
    let kind = submitted.or_else(|| content_types::richest(&content.types, |_| true).map(|(known, _)| known.name));
    // A refusal is not shown before the review is over.
    let reason = approval.and_then(|approval| approval.rejection_reason.as_deref());
    let reason = reason.filter(|_| content.status(now) == "rejected");
    json!({
        "type": "whatsapp",
        "name": approval.map_or("", |approval| approval.name.as_str()),
        "category": approval.map_or("", |approval| approval.category(now)),
        "content_type": kind.unwrap_or_default(),
        "status": content.status(now),
        "rejection_reason": reason.unwrap_or_default(),
        "allow_category_change": approval.is_none_or(|approval| approval.allow_category_change),
    })
}

impl World {
    /// Tells those who subscribed how the review of a content ended, unless it was deleted or decided by hand before.
    pub(crate) fn end_review(&self, account: &str, content: &str) {
        let (Some(account), Some(content)) = (self.accounts.twilio(account), self.contents.find(account, content))
        else {
            return;
        };
        let Some(approval) = content.approval.as_ref().filter(|approval| approval.changed_to.is_none()) else { return };
        // A few milliseconds early must not look like pending.
        let now = now_ms().max(approval.reviewed_at);
        self.tell_approval(&account, &content, Change::Status { previous: "pending", current: approval.status(now) });
        if approval.category(now) != approval.category {
            let change = Change::Category { previous: &approval.category, current: approval.category(now) };
            self.tell_approval(&account, &content, change);
        }
    }

    /// Takes up the reviews that an earlier run left unfinished.
    pub(crate) fn resume_content_reviews(&self) {
        let now = now_ms();
        for (account, content) in self.contents.created() {
            let ends = content.approval.as_ref().map(|approval| approval.reviewed_at - now);
            if let Some(wait) = ends.and_then(|wait| u64::try_from(wait).ok()) {
                self.delivery.review_after(Duration::from_millis(wait), account.into(), content.sid.clone());
            }
        }
    }
}
