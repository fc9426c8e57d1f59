//! Creation of templates, one by one and in bulk (direct.md §2.8).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::library::{Template, TemplateStatus};
use super::template_form::{self, Form};
use super::validate::required_text;
use super::{auth, reply, template_code};
use crate::accounts::DirectAccount;
use crate::ids::{graph_id, now_ms};
use crate::state::World;

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Templates that may be created within an hour.
const PER_HOUR: usize = 100;
/// How long the name of a deleted template stays blocked: 30 days.
const BLOCKED_MS: i64 = 30 * 24 * HOUR_MS;
/// Every live time a template can have, where −1 stands for 30 days.
const FOREVER: i64 = -1;

type Ids = web::Path<(String, String)>;

/// `POST /{waba}/message_templates`.
pub(super) async fn create(world: web::Data<World>, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &waba).and_then(|own| {
        let account = own.first().ok_or_else(|| GraphError::unknown_object(&waba))?;
        let wanted = read_json(&body)?;
        let language = required_text(&wanted, "/language", 16)?;
        let template = draft(account, &wanted, language)?;
        let template = add(&world, account, template)?;
        Ok(json!({ "id": template.id, "status": template.status, "category": template.category }))
    });
    reply(&version, outcome)
}

/// `POST /{waba}/upsert_message_templates`: an authentication template in several languages, created or changed.
pub(super) async fn upsert(world: web::Data<World>, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &waba).and_then(|own| {
        let account = own.first().ok_or_else(|| GraphError::unknown_object(&waba))?;
        let wanted = read_json(&body)?;
        if !wanted.get("category").and_then(Value::as_str).is_some_and(|one| one.eq_ignore_ascii_case("AUTHENTICATION"))
        {
            return Err(GraphError::new(100, "Param category must be AUTHENTICATION."));
        }
        let languages = wanted.get("languages").and_then(Value::as_array).filter(|languages| !languages.is_empty());
        let languages = languages.ok_or_else(|| GraphError::new(100, "The parameter languages is required."))?;
        let drafts = languages.iter().map(|language| {
            let language = language.as_str().ok_or_else(|| GraphError::new(100, "Param languages must be strings."))?;
            draft(account, &wanted, language)
        });
        let drafts = drafts.collect::<Graph<Vec<Template>>>()?;
        let mut data = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let template = match world.templates.find(&waba, &draft.name, &draft.language) {
                Some(known) => submit(&world, &waba, Template { id: known.id.clone(), ..draft }),
                None => add(&world, account, draft)?,
            };
            data.push(json!({ "id": template.id, "status": template.status, "language": template.language }));
        }
        Ok(json!({ "data": data }))
    });
    reply(&version, outcome)
}

pub(super) fn read_json(body: &[u8]) -> Graph<Value> {
    serde_json::from_slice(body).map_err(|_| GraphError::new(100, "The request body is not JSON"))
}

/// A template as it was asked for, if everything about it is in order.
fn draft(account: &DirectAccount, wanted: &Value, language: &str) -> Graph<Template> {
    let name = required_text(wanted, "/name", 512)?;
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(GraphError::new(100, "Param name: only lower-case letters, digits and underscores."));
    }
    if !is_language(language) {
        return Err(GraphError::new(100, format!("Param language: {language} is not one of Meta's language codes.")));
    }
    let category = category(required_text(wanted, "/category", 32)?)?;
    let given = wanted.get("components").filter(|components| components.is_array());
    let given = given.ok_or_else(|| GraphError::new(100, "The parameter components is required."))?;
    let named = match wanted.get("parameter_format").and_then(Value::as_str).map(str::to_uppercase).as_deref() {
        None | Some("POSITIONAL") => false,
        Some("NAMED") => true,
        Some(_) => return Err(GraphError::new(100, "Param parameter_format must be one of {NAMED, POSITIONAL}.")),
    };
    let components = components(&category, named, given)?;
    // The review may know better from the start.
    let verdict = account.rules.reviews.template_verdicts.get(name);
    let better = verdict.and_then(|verdict| verdict.category.as_deref()).map(self::category).transpose()?;
    Ok(Template {
        id: graph_id(4),
        name: name.to_owned(),
        language: language.to_owned(),
        ttl_seconds: ttl(&category, wanted)?,
        previous_category: better.as_ref().filter(|better| **better != category).map(|_| category.clone()),
        category: better.unwrap_or(category),
        named,
        components,
        created_at: now_ms(),
        ..Template::default()
    })
}

/// The components as they are kept.
pub(super) fn components(category: &str, named: bool, given: &Value) -> Graph<Value> {
    if category == "AUTHENTICATION" {
        return template_code::components(given);
    }
    let components = template_form::capitals(given);
    template_form::check(Form { category, named }, &components)?;
    Ok(components)
}

/// A category in capitals.
pub(super) fn category(text: &str) -> Graph<String> {
    let category = text.to_uppercase();
    if ["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category.as_str()) {
        return Ok(category);
    }
    Err(GraphError::new(100, "Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}."))
}

/// How long the template's messages live, which depends on the category.
pub(super) fn ttl(category: &str, wanted: &Value) -> Graph<Option<i64>> {
    let Some(given) = wanted.get("message_send_ttl_seconds").filter(|given| !given.is_null()) else { return Ok(None) };
    let range = match category {
        "AUTHENTICATION" => 30..=900,
        "UTILITY" => 30..=43_200,
        _ => 43_200..=2_592_000,
    };
    let seconds = given.as_i64().filter(|seconds| *seconds == FOREVER || range.contains(seconds));
    seconds.map(Some).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        GraphError::new(100, format!("Param message_send_ttl_seconds must be {least} to {most} for {category}."))
    })
}

/// Two or three letters, and perhaps a country.
fn is_language(text: &str) -> bool {
    let (language, country) =
        text.split_once('_').map_or((text, None), |(language, country)| (language, Some(country)));
    let letters = |text: &str, lower: bool| {
        (2..=3).contains(&text.len())
            && text.bytes().all(|b| if lower { b.is_ascii_lowercase() } else { b.is_ascii_uppercase() })
    };
    letters(language, true) && country.is_none_or(|country| letters(country, false))
}

fn add(world: &World, account: &DirectAccount, template: Template) -> Graph<Arc<Template>> {
    let (waba, now) = (&account.waba_id, now_ms());
    if world.templates.find(waba, &template.name, &template.language).is_some() {
        let message =
            "There is already content in this language for this template. You can create a new template and try again.";
        return Err(GraphError::template(2_388_024, "Content in this language already exists", message));
    }
    if world.templates.deleted_since(waba, &template.name, &template.language, now - BLOCKED_MS) {
        let message = "New content in this language can't be added while the existing content is being deleted. Try again in 4 weeks or use another name.";
        return Err(GraphError::template(2_388_023, "Message template language is being deleted", message));
    }
    let all = world.templates.of(waba);
    let created = all.iter().filter(|template| template.created_at > 0).count();
    if created >= account.state.template_limit {
        let message = format!("The account has reached its {} message templates.", account.state.template_limit);
        return Err(GraphError::template(2_388_019, "Message template limit exceeded", message));
    }
    if all.iter().filter(|template| template.created_at > now - HOUR_MS).count() >= PER_HOUR {
        return Err(GraphError::new(80_007, "There have been too many creations of message templates in this hour."));
    }
    let template = Template { id: fresh_id(world, waba, template.id), ..template };
    Ok(submit(world, waba, template))
}

fn fresh_id(world: &World, waba: &str, id: String) -> String {
    if world.templates.by_id(waba, &id).is_some() { fresh_id(world, waba, graph_id(4)) } else { id }
}

/// Puts a template under review; the verdict comes by itself after the account's time.
pub(super) fn submit(world: &World, waba: &str, template: Template) -> Arc<Template> {
    let account = super::template_news::account_of(world, waba);
    let wait = account.map(|account| account.rules.reviews.template_review_ms).unwrap_or_default();
    let reviewed_at = now_ms().saturating_add_unsigned(wait);
    let template = world.templates.put(
        waba,
        Template { status: TemplateStatus::Pending, reviewed_at, rejected: None, rejection: None, ..template },
    );
    world.delivery.review_at(waba.to_owned(), template.id.clone(), reviewed_at);
    template
}
