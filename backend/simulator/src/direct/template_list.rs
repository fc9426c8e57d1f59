//! `GET /{waba}/message_templates`, `GET /{template}` and deletion (direct.md §2.8).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Graph, GraphError};
use super::library::{Template, TemplateStatus};
use super::paging::Page;
use super::state::MANAGEMENT;
use super::{auth, fields, reply, template_news};
use crate::ids::now_ms;
use crate::state::World;

type Ids = web::Path<(String, String)>;

/// Most templates of a page.
const PAGE_LIMIT: usize = 1_000;

pub(super) async fn list(world: web::Data<World>, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &waba).and_then(|_| page(&world, &request, &waba));
    reply(&version, outcome)
}

fn page(world: &World, request: &HttpRequest, waba: &str) -> Graph<Value> {
    let query = auth::query(request);
    let fits = |template: &Template| {
        let is = |name: &str, value: &Value| {
            let value = value.as_str().unwrap_or_default();
            query.get(name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        // The name filter also finds parts of names.
        query.get("name").is_none_or(|wanted| template.name.contains(wanted.as_str()))
            && is("status", &json!(template.status))
            && is("category", &json!(template.category))
            && is("language", &json!(template.language))
            && is("quality_score", &json!(template.quality))
            // Nothing here was made by Meta.
            && query.get("source").is_none_or(|source| source != "AUTO_GENERATED")
    };
    let found: Vec<Arc<Template>> = world.templates.of(waba).into_iter().filter(|template| fits(template)).collect();
    let page = Page::of(&query, found.len(), PAGE_LIMIT)?;
    let paging = page.paging(&format!("{waba}/message_templates"));
    let data = page.cut(found);
    let data: Graph<Vec<Value>> = data.iter().map(|template| fields::chosen(request, shown(template))).collect();
    Ok(json!({ "data": data?, "paging": paging }))
}

/// A template as Graph shows it.
pub(crate) fn shown(template: &Template) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("id", json!(template.id));
    put("name", json!(template.name));
    put("language", json!(template.language));
    put("status", json!(template.status));
    put("category", json!(template.category));
    put("parameter_format", json!(if template.named { "NAMED" } else { "POSITIONAL" }));
    put("rejected_reason", json!(template.rejected.as_deref().unwrap_or("NONE")));
    put("quality_score", json!({ "score": template.quality, "date": 1_763_000_000 }));
    put("components", template.components.clone());
    if let Some(category) = &template.previous_category {
        put("previous_category", json!(category));
    }
    if let Some(category) = &template.correct_category {
        put("correct_category", json!(category));
    }
    if let Some(seconds) = template.ttl_seconds {
        put("message_send_ttl_seconds", json!(seconds));
    }
    Value::Object(members)
}

/// The template with this id in the account of the caller's token, if there is one.
pub(super) fn of_caller(world: &World, request: &HttpRequest, id: &str) -> Option<Arc<Template>> {
    let account = auth::token(request).ok().and_then(|token| auth::owner(world, &token))?;
    world.templates.by_id(&account.waba_id, id)
}

/// `GET /{template}`.
pub(super) fn read(request: &HttpRequest, world: &World, template: &Template) -> Graph<Value> {
    auth::caller(world, request, MANAGEMENT)?;
    fields::chosen(request, shown(template))
}

/// `DELETE /{waba}/message_templates?name=…`: all languages, or with `hsm_id` one.
pub(super) async fn delete(world: web::Data<World>, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &waba).and_then(|_| {
        let query = auth::query(&request);
        let id = query.get("hsm_id");
        let name = query.get("name");
        if name.is_none() && id.is_none() {
            return Err(GraphError::new(100, "The parameter name is required."));
        }
        let mut found = world.templates.of(&waba);
        found.retain(|template| {
            name.is_none_or(|name| template.name == *name) && id.is_none_or(|id| template.id == *id)
        });
        if found.is_empty() {
            let wanted = name.or(id).map(String::as_str).unwrap_or_default();
            return Err(GraphError::template(
                2_593_002,
                "Message template not found",
                format!("No message template was found for {wanted}."),
            ));
        }
        if found.iter().any(|template| template.status == TemplateStatus::Disabled) {
            let message = "A disabled message template cannot be deleted.";
            return Err(GraphError::form("Message template cannot be deleted", message));
        }
        for template in found {
            let gone = Template { status: TemplateStatus::Deleted, deleted_at: Some(now_ms()), ..(*template).clone() };
            let gone = world.templates.put(&waba, gone);
            template_news::status(&world, &waba, &gone, None);
        }
        Ok(json!({ "success": true }))
    });
    reply(&version, outcome)
}
