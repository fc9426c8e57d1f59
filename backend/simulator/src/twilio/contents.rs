//! The Content API: create, fetch, change, delete (twilio.md §2.4).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Twilio, TwilioError};
use super::library::Content;
use super::times::iso;
use super::{auth, content_types, created, ok};
use crate::accounts::TwilioAccount;
use crate::ids::{now_ms, sid};
use crate::state::World;

/// Most variables of one content.
const VARIABLES: usize = 100;

type Shared = web::Data<World>;

/// `GET /v1/Content/{HX}`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(find(&world, &request, &path).map(|(account, content)| shown(&account, &content)))
}

pub(super) type Found = (Arc<TwilioAccount>, Arc<Content>);

pub(super) fn find(world: &World, request: &HttpRequest, sid: &str) -> Twilio<Found> {
    let account = auth::caller(world, request)?.account;
    let content = world.contents.find(&account.account_sid, sid);
    let content = content.ok_or_else(|| TwilioError::not_found(request.path()))?;
    Ok((account, content))
}

/// `POST /v1/Content`.
pub(super) async fn create(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let outcome = auth::caller(&world, &request).and_then(|caller| {
        let now = now_ms();
        let blank = Content {
            sid: sid("HX"),
            friendly_name: String::new(),
            language: String::new(),
            variables: Map::new(),
            types: Map::new(),
            created_at: now,
            updated_at: now,
            approval: None,
        };
        let content = world.contents.add(&caller.account.account_sid, changed(blank, &body)?);
        Ok(shown(&caller.account, &content))
    });
    outcome.map_or_else(|error| error.response(), created)
}

/// `PUT /v1/Content/{HX}`: until it was submitted; afterwards Meta has it (twilio.md §2.4).
pub(super) async fn update(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    ok(find(&world, &request, &path).and_then(|(account, content)| {
        if content.approval.is_some() {
            return Err(TwilioError::new(20_422, "A content that was submitted for approval cannot be changed"));
        }
        let content = Content { updated_at: now_ms(), ..changed((*content).clone(), &body)? };
        let answer = shown(&account, &content);
        world.contents.replace(&account.account_sid, content);
        Ok(answer)
    }))
}

/// A content with the members of a request in the place of its own.
fn changed(content: Content, body: &[u8]) -> Twilio<Content> {
    let wanted = json_object(body)?;
    let known = ["friendly_name", "language", "variables", "types"];
    if let Some(name) = wanted.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(TwilioError::invalid(name, "unknown property"));
    }
    let text = |name: &str, old: &str| match wanted.get(name) {
        None | Some(Value::Null) => Ok(old.to_owned()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(TwilioError::invalid(name, "not a text")),
    };
    let types = wanted.get("types").and_then(Value::as_object).filter(|types| !types.is_empty());
    let types = types.ok_or_else(|| TwilioError::new(92_001, "At least one content type is required"))?.clone();
    content_types::check(&types)?;
    let language = text("language", &content.language)?;
    if language.is_empty() {
        return Err(TwilioError::new(92_003, "Language is required"));
    }
    if !(2..=10).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') {
        return Err(TwilioError::new(92_004, "Language is invalid"));
    }
    let variables = match wanted.get("variables") {
        None | Some(Value::Null) => content.variables,
        Some(Value::Object(variables)) if variables.values().all(Value::is_string) => variables.clone(),
        Some(_) => return Err(TwilioError::invalid("variables", "not an object of texts")),
    };
    if variables.len() > VARIABLES {
        return Err(TwilioError::new(92_002, "More than 100 variables"));
    }
    Ok(Content { friendly_name: text("friendly_name", &content.friendly_name)?, language, variables, types, ..content })
}

pub(super) fn json_object(body: &[u8]) -> Twilio<Map<String, Value>> {
    serde_json::from_slice(body).map_err(|_| TwilioError::new(20_422, "The request body is not a JSON object"))
}

/// `DELETE /v1/Content/{HX}`.
pub(super) async fn delete(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    match find(&world, &request, &path) {
        Ok((account, content)) if world.contents.remove(&account.account_sid, &content.sid) => {
            HttpResponse::NoContent().finish()
        }
        Ok(_) => TwilioError::new(20_006, "This content belongs to the sandbox").response(),
        Err(error) => error.response(),
    }
}

pub(super) fn url_of(content: &Content) -> String {
    format!("https://content.twilio.com/v1/Content/{}", content.sid)
}

pub(super) fn shown(account: &TwilioAccount, content: &Content) -> Value {
    let url = url_of(content);
    json!({
        "sid": content.sid,
        "account_sid": account.account_sid,
        "friendly_name": content.friendly_name,
        "language": content.language,
        "variables": content.variables,
        "types": content.types,
        "date_created": iso(content.created_at),
        "date_updated": iso(content.updated_at.max(content.created_at)),
        "url": url,
        "links": {
            "approval_create": format!("{url}/ApprovalRequests/whatsapp"),
            "approval_fetch": format!("{url}/ApprovalRequests"),
        },
    })
}
