//! What happens to templates of direct accounts from outside: reviews, pauses, quality, categories.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Refusal, resolve};
use crate::accounts::Account;
use crate::direct::library::{Rejection, Template, TemplateQuality, TemplateStatus};
use crate::direct::{template_list, template_news as news};
use crate::state::World;

/// Body of `POST /_admin/templates/{account}/{name}/{language}`. What is left out stays; every change is told by its webhook.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TemplateChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TemplateStatus>,
    /// An event that is no status: `FLAGGED`, `LOCKED`, `REINSTATED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Why the template was rejected, in Meta's word; `INVALID_FORMAT` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The reason in a sentence, and what to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<TemplateQuality>,
    /// The category from here on: `UTILITY`, `MARKETING`, `AUTHENTICATION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The category that is announced for the next day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Value>,
}

/// Changes a template, tells the app, and answers with the template as Graph shows it.
pub(super) async fn change(
    world: web::Data<World>,
    path: web::Path<(String, String, String)>,
    wanted: web::Json<TemplateChange>,
) -> Result<HttpResponse, Refusal> {
    let (account, name, language) = path.into_inner();
    let Account::Direct(account) = resolve(&world, &account)? else {
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Twilio keeps templates as contents"));
    };
    let waba = &account.waba_id;
    let found = world.templates.find(waba, &name, &language);
    let old = found.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "no such template in this language"))?;
    let wanted = wanted.into_inner();
    for category in [&wanted.category, &wanted.correct_category].into_iter().flatten() {
        if !["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category.as_str()) {
            return Err(Refusal::invalid("a category is UTILITY, MARKETING or AUTHENTICATION"));
        }
    }
    if wanted.components.as_ref().is_some_and(|components| !components.is_array()) {
        return Err(Refusal::invalid("components is a list"));
    }
    let new = world.templates.put(waba, changed(&old, &wanted));
    if wanted.status.is_some() || wanted.event.is_some() {
        news::status(&world, waba, &new, wanted.event.as_deref());
    }
    if new.quality != old.quality {
        news::quality(&world, waba, &new, old.quality);
    }
    if wanted.correct_category.is_some() {
        news::category_announced(&world, waba, &new);
    }
    if new.category != old.category {
        news::category(&world, waba, &new, &old.category);
    }
    if wanted.components.is_some() {
        news::components(&world, waba, &new);
    }
    Ok(HttpResponse::Ok().json(template_list::shown(&new)))
}

fn changed(old: &Template, wanted: &TemplateChange) -> Template {
    let mut new = old.clone();
    if let Some(status) = wanted.status {
        let rejected = status == TemplateStatus::Rejected;
        new.status = status;
        new.rejected = rejected.then(|| wanted.reason.clone().unwrap_or_else(|| "INVALID_FORMAT".to_owned()));
        new.rejection = match (&wanted.explanation, &wanted.recommendation) {
            (None, None) => None,
            (explanation, recommendation) => Some(Rejection {
                reason: explanation.clone().unwrap_or_default(),
                recommendation: recommendation.clone().unwrap_or_default(),
            }),
        }
        .filter(|_| rejected);
    }
    if let Some(quality) = wanted.quality {
        new.quality = quality;
    }
    new.correct_category = wanted.correct_category.clone().or(new.correct_category.take());
    if let Some(category) = wanted.category.as_ref().filter(|category| **category != old.category) {
        new.previous_category = Some(old.category.clone());
        new.category.clone_from(category);
        new.correct_category = None;
    }
    if let Some(components) = &wanted.components {
        new.components = components.clone();
    }
    new
}
