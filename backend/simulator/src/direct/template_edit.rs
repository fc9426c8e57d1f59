//! Changes of templates and the end of pauses (direct.md §2.8).

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::library::{Template, TemplateStatus};
use super::state::MANAGEMENT;
use super::{auth, reply, template_create, template_list, template_news};
use crate::ids::now_ms;
use crate::state::World;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Changes of an approved template within 30 days.
const PER_MONTH: usize = 10;

/// `POST /{template}`: puts all components in place of the old ones.
pub(super) fn edit(world: &World, request: &HttpRequest, template: &Template, body: &Bytes) -> Graph<Value> {
    let account = auth::caller(world, request, MANAGEMENT)?;
    let wanted = template_create::read_json(body)?;
    if wanted.get("name").is_some() || wanted.get("language").is_some() {
        return Err(GraphError::form(
            "Message template cannot be edited",
            "The name and the language cannot be changed.",
        ));
    }
    let approved = template.status == TemplateStatus::Approved;
    if !approved && !matches!(template.status, TemplateStatus::Rejected | TemplateStatus::Paused) {
        let message = "Only approved, rejected and paused templates can be edited.";
        return Err(GraphError::form("Message template cannot be edited", message));
    }
    let now = now_ms();
    let mut edits = template.edits.clone();
    if approved {
        edits.retain(|at| *at > now - 30 * DAY_MS);
        if edits.len() >= PER_MONTH || edits.iter().any(|at| *at > now - DAY_MS) {
            let message = "An approved template can be edited once in 24 hours and 10 times in 30 days.";
            return Err(GraphError::form("Message template cannot be edited", message));
        }
        edits.push(now);
    }
    let category = match wanted.get("category").and_then(Value::as_str).map(template_create::category).transpose()? {
        Some(category) if approved && category != template.category => {
            let message = "The category of an approved template cannot be changed.";
            return Err(GraphError::form("Message template cannot be edited", message));
        }
        Some(category) => category,
        None => template.category.clone(),
    };
    let components = match wanted.get("components") {
        Some(given) => template_create::components(&category, template.named, given)?,
        None => template.components.clone(),
    };
    let ttl_seconds = template_create::ttl(&category, &wanted)?.or(template.ttl_seconds);
    if wanted.as_object().is_none_or(serde_json::Map::is_empty) {
        return Err(GraphError::new(100, "The parameter components is required."));
    }
    let changed = Template { category, components, ttl_seconds, edits, ..template.clone() };
    let changed = template_create::submit(world, &account.waba_id, changed);
    Ok(json!({ "success": true, "id": changed.id, "name": changed.name, "category": changed.category }))
}

/// `POST /{template}/unpause`.
pub(super) async fn unpause(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::caller(&world, &request, MANAGEMENT).and_then(|account| {
        let template =
            template_list::of_caller(&world, &request, &id).ok_or_else(|| GraphError::unknown_object(&id))?;
        if template.status != TemplateStatus::Paused {
            return Err(GraphError::form("Message template cannot be unpaused", "The message template is not paused."));
        }
        let approved = Template { status: TemplateStatus::Approved, ..(*template).clone() };
        let approved = world.templates.put(&account.waba_id, approved);
        template_news::status(&world, &account.waba_id, &approved, None);
        Ok(json!({ "success": true }))
    });
    reply(&version, outcome)
}
