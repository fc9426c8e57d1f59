//! `/{waba}/message_templates` (direct.md §2.8).

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::library::{Template, variables};
use super::validate::required_text;
use super::{auth, reply, webhooks};
use crate::delivery::{Notice, Payload};
use crate::ids::{graph_id, now_ms};
use crate::state::World;

/// How long the sandbox reviews a new template.
const REVIEW: Duration = Duration::from_secs(2);
/// A part of a name that makes the review refuse the template.
const REFUSED_NAME: &str = "reject";

type Ids = web::Path<(String, String)>;

pub(super) async fn list(world: web::Data<World>, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_accounts(&world, &request, &waba, |account| account.waba_id == waba)
        .and_then(|_| page(&world, &waba, &auth::query(&request)));
    reply(&version, outcome)
}

fn page(world: &World, waba: &str, query: &auth::Query) -> Graph<Value> {
    let now = now_ms();
    let fits = |template: &Template| {
        let is = |name: &str, value: &str| query.get(name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value));
        // The name filter also finds parts of names (direct.md §2.8).
        let named = query.get("name").is_none_or(|wanted| template.name.contains(wanted.as_str()));
        named
            && is("status", template.status(now))
            && is("category", &template.category)
            && is("language", &template.language)
    };
    let start = match query.get("after") {
        Some(cursor) => position(cursor).ok_or_else(|| GraphError::new(131_059, "The cursor is not valid."))?,
        None => 0,
    };
    let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25_usize).clamp(1, 1_000);
    let all: Vec<_> = world.templates.of(waba).into_iter().filter(|template| fits(template)).collect();
    let data: Vec<Value> = all.iter().skip(start).take(limit).map(|template| shown(template, now)).collect();
    let end = start + data.len();
    let mut paging = json!({ "cursors": { "before": cursor(start), "after": cursor(end) } });
    if let (true, Value::Object(members)) = (end < all.len(), &mut paging) {
        let next = format!("https://graph.facebook.com/{waba}/message_templates?limit={limit}&after={}", cursor(end));
        members.insert("next".to_owned(), Value::from(next));
    }
    Ok(json!({ "data": data, "paging": paging }))
}

fn shown(template: &Template, now: i64) -> Value {
    json!({
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "status": template.status(now),
        "category": template.category,
        "parameter_format": if template.named { "NAMED" } else { "POSITIONAL" },
        "rejected_reason": template.rejected.as_deref().unwrap_or("NONE"),
        "quality_score": { "score": "UNKNOWN", "date": 1_763_000_000 },
        "components": template.components,
    })
}

/// Creates a template; the review ends by itself after a moment, with a webhook.
pub(super) async fn create(world: web::Data<World>, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_accounts(&world, &request, &waba, |account| account.waba_id == waba).and_then(|own| {
        let wanted: Value =
            serde_json::from_slice(&body).map_err(|_| GraphError::new(100, "The request body is not JSON"))?;
        let template = read(&wanted)?;
        let answer = json!({ "id": template.id, "status": "PENDING", "category": template.category });
        let change = webhooks::template_change(&template);
        if !world.templates.add(&waba, template) {
            let exists = GraphError {
                subcode: Some(2_388_024),
                ..GraphError::new(100, "There is already content in this language for this template.")
            };
            return Err(exists);
        }
        for account in own.iter().filter(|account| account.subscribed && account.callback_url.is_some()).take(1) {
            let notice = Notice::new(account.phone_number_id.clone(), Payload::Change(change.clone()));
            world.delivery.send_after(REVIEW, notice);
        }
        Ok(answer)
    });
    reply(&version, outcome)
}

fn read(wanted: &Value) -> Graph<Template> {
    let name = required_text(wanted, "/name", 512)?;
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(GraphError::new(100, "Param name: only lower-case letters, digits and underscores."));
    }
    let language = required_text(wanted, "/language", 16)?;
    let category = required_text(wanted, "/category", 32)?.to_uppercase();
    if !["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category.as_str()) {
        return Err(GraphError::new(100, "Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}."));
    }
    let components = wanted.get("components").filter(|components| components.is_array()).cloned();
    let components = components.ok_or_else(|| GraphError::new(100, "The parameter components is required."))?;
    let template = Template {
        id: graph_id(4),
        name: name.to_owned(),
        language: language.to_owned(),
        category,
        named: wanted
            .get("parameter_format")
            .and_then(Value::as_str)
            .is_some_and(|format| format.eq_ignore_ascii_case("named")),
        components,
        reviewed_at: now_ms() + i64::try_from(REVIEW.as_millis()).unwrap_or_default(),
        rejected: name.contains(REFUSED_NAME).then(|| "INVALID_FORMAT".to_owned()),
    };
    let body = template.component("BODY").and_then(|body| body.get("text")).and_then(Value::as_str).unwrap_or_default();
    // A body that starts or ends with a variable is refused (direct.md §5, 2388299).
    if !variables(body).is_empty() && (body.trim_start().starts_with("{{") || body.trim_end().ends_with("}}")) {
        return Err(GraphError {
            subcode: Some(2_388_299),
            ..GraphError::new(100, "Variables can't be at the start or end of the template.")
        });
    }
    Ok(template)
}

pub(super) async fn delete(world: web::Data<World>, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_accounts(&world, &request, &waba, |account| account.waba_id == waba).and_then(|_| {
        let query = auth::query(&request);
        let name = query.get("name").ok_or_else(|| GraphError::new(100, "The parameter name is required."))?;
        let id = query.get("hsm_id");
        let removed =
            world.templates.remove(&waba, |template| template.name == *name && id.is_none_or(|id| *id == template.id));
        if removed == 0 {
            return Err(GraphError::new(
                132_001,
                format!("template name ({name}) does not exist, or is one of the sandbox's own"),
            ));
        }
        Ok(json!({ "success": true }))
    });
    reply(&version, outcome)
}

fn cursor(position: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("after:{position}"))
}

fn position(cursor: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("after:")?.parse().ok()
}
