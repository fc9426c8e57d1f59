//! The Content API (twilio.md §2.4, §2.7).

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use super::errors::{Twilio, TwilioError};
use super::library::{Approval, Content};
use super::{auth, created, ok};
use crate::accounts::TwilioAccount;
use crate::ids::{now_ms, sid};
use crate::state::World;

/// Milliseconds that the sandbox reviews a content.
const REVIEW_MS: i64 = 2_000;
/// A part of a name that makes the review refuse it.
const REFUSED_NAME: &str = "reject";

type Shared = web::Data<World>;

pub(super) async fn list(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(page(&world, &request, shown))
}

pub(super) async fn list_with_approvals(world: Shared, request: HttpRequest) -> HttpResponse {
    let now = now_ms();
    ok(page(&world, &request, |account, content| {
        let mut item = shown(account, content);
        if let Value::Object(members) = &mut item {
            members.insert("approval_requests".to_owned(), approval_shown(content, now));
        }
        item
    }))
}

fn page(world: &World, request: &HttpRequest, show: impl Fn(&TwilioAccount, &Content) -> Value) -> Twilio<Value> {
    let account = auth::caller(world, request)?.account;
    let number = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        pairs.find(|(name, _)| name == wanted).and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let (size, page) = (number("PageSize").unwrap_or(50).clamp(1, 1_000), number("Page").unwrap_or(0));
    let all = world.contents.of(&account.account_sid);
    let items: Vec<Value> = all.iter().skip(page * size).take(size).map(|content| show(&account, content)).collect();
    let base = format!("https://content.twilio.com{}", request.path());
    let next = ((page + 1) * size < all.len())
        .then(|| format!("{base}?PageSize={size}&Page={}&PageToken=PT{}", page + 1, page + 1));
    Ok(json!({
        "contents": items,
        "meta": {
            "page": page,
            "page_size": size,
            "first_page_url": format!("{base}?PageSize={size}&Page=0"),
            "previous_page_url": null,
            "url": format!("{base}?PageSize={size}&Page={page}"),
            "next_page_url": next,
            "key": "contents",
        },
    }))
}

pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(find(&world, &request, &path).map(|(account, content)| shown(&account, &content)))
}

pub(super) async fn approval(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(find(&world, &request, &path).map(|(account, content)| {
        json!({ "sid": content.sid, "account_sid": account.account_sid, "url": url_of(&content), "whatsapp": approval_shown(&content, now_ms()) })
    }))
}

type Found = (std::sync::Arc<TwilioAccount>, std::sync::Arc<Content>);

fn find(world: &World, request: &HttpRequest, sid: &str) -> Twilio<Found> {
    let account = auth::caller(world, request)?.account;
    let content =
        world.contents.find(&account.account_sid, sid).ok_or_else(|| TwilioError::not_found(request.path()))?;
    Ok((account, content))
}

pub(super) async fn create(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let outcome = auth::caller(&world, &request).and_then(|caller| {
        let content = world.contents.add(&caller.account.account_sid, read(&body)?);
        Ok(shown(&caller.account, &content))
    });
    outcome.map_or_else(|error| error.response(), created)
}

fn read(body: &[u8]) -> Twilio<Content> {
    let wanted: Value =
        serde_json::from_slice(body).map_err(|_| TwilioError::new(20_422, "The request body is not JSON"))?;
    let text = |name: &str| wanted.get(name).and_then(Value::as_str).map(str::to_owned);
    let object = |name: &str| wanted.get(name).and_then(Value::as_object).cloned();
    let types = object("types")
        .filter(|types| !types.is_empty())
        .ok_or_else(|| TwilioError::new(92_001, "At least one content type is required"))?;
    let language = text("language").ok_or_else(|| TwilioError::new(92_003, "Language is required"))?;
    if !(2..=10).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') {
        return Err(TwilioError::new(92_004, "Language is invalid"));
    }
    let variables: Map<String, Value> = object("variables").unwrap_or_default();
    if variables.len() > 100 {
        return Err(TwilioError::new(92_002, "More than 100 variables"));
    }
    let friendly_name = text("friendly_name").unwrap_or_default();
    Ok(Content { sid: sid("HX"), friendly_name, language, variables, types, created_at: now_ms(), approval: None })
}

/// Hands a content to review, which ends by itself after a moment.
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
        let approval = read_approval(&body)?;
        let changed = Content { approval: Some(approval), ..(*content).clone() };
        let mut answer = approval_shown(&changed, 0);
        if let Value::Object(members) = &mut answer {
            members.insert("status".to_owned(), Value::from("received"));
        }
        world.contents.replace(&account.account_sid, changed);
        Ok(answer)
    });
    outcome.map_or_else(|error| error.response(), created)
}

fn read_approval(body: &[u8]) -> Twilio<Approval> {
    let wanted: Value =
        serde_json::from_slice(body).map_err(|_| TwilioError::new(20_422, "The request body is not JSON"))?;
    let text = |name: &str| wanted.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (name, category) = (text("name"), text("category"));
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty()
        || !name.bytes().all(plain)
        || !["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category.as_str())
    {
        return Err(TwilioError::new(20_422, "Invalid name or category"));
    }
    let rejection_reason =
        name.contains(REFUSED_NAME).then(|| "INVALID_FORMAT. The sandbox refuses such names.".to_owned());
    Ok(Approval { name, category, reviewed_at: now_ms() + REVIEW_MS, rejection_reason })
}

pub(super) async fn delete(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    match find(&world, &request, &path) {
        Ok((account, content)) if world.contents.remove(&account.account_sid, &content.sid) => {
            HttpResponse::NoContent().finish()
        }
        Ok(_) => TwilioError::new(20_006, "This content belongs to the sandbox").response(),
        Err(error) => error.response(),
    }
}

fn url_of(content: &Content) -> String {
    format!("https://content.twilio.com/v1/Content/{}", content.sid)
}

fn shown(account: &TwilioAccount, content: &Content) -> Value {
    let (url, at) = (url_of(content), DateTime::from_timestamp_millis(content.created_at).unwrap_or_default());
    let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({
        "sid": content.sid,
        "account_sid": account.account_sid,
        "friendly_name": content.friendly_name,
        "language": content.language,
        "variables": content.variables,
        "types": content.types,
        "date_created": at,
        "date_updated": at,
        "url": url,
        "links": { "approval_create": format!("{url}/ApprovalRequests/whatsapp"), "approval_fetch": format!("{url}/ApprovalRequests") },
    })
}

fn approval_shown(content: &Content, now: i64) -> Value {
    let kind = content.first_type().map_or("", |(name, _)| name);
    let approval = content.approval.as_ref();
    // A refusal is not shown before the review is over.
    let reason = approval
        .and_then(|approval| approval.rejection_reason.as_deref())
        .filter(|_| content.status(now) == "rejected");
    json!({
        "type": "whatsapp",
        "name": approval.map_or("", |approval| approval.name.as_str()),
        "category": approval.map_or("", |approval| approval.category.as_str()),
        "content_type": kind,
        "status": content.status(now),
        "rejection_reason": reason.unwrap_or_default(),
        "allow_category_change": true,
    })
}
