//! Decides by hand about Twilio's approval of a stored content, as Meta may at any time.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::{Refusal, resolve};
use crate::accounts::Account;
use crate::ids::now_ms;
use crate::state::World;
use crate::twilio::library::{Approval, Content};
use crate::twilio::sinks::Change;

const STATUSES: [&str; 6] = ["received", "pending", "approved", "rejected", "paused", "disabled"];
const CATEGORIES: [&str; 3] = ["UTILITY", "MARKETING", "AUTHENTICATION"];

/// Body of `POST /_admin/contents/{account}/{sid}`. What is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContentChange {
    /// `received`, `pending`, `approved`, `rejected`, `paused` or `disabled` (twilio.md §2.7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Why it is rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

pub(super) async fn change(
    world: web::Data<World>,
    path: web::Path<(String, String)>,
    wanted: web::Json<ContentChange>,
) -> Result<HttpResponse, Refusal> {
    let (account, sid) = path.into_inner();
    let Account::Twilio(account) = resolve(&world, &account)? else {
        return Err(Refusal::invalid("only Twilio has contents"));
    };
    let content = world.contents.find(&account.account_sid, &sid);
    let content = content.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "no such content"))?;
    let approval = content.approval.clone();
    let approval = approval.ok_or_else(|| Refusal::new(StatusCode::CONFLICT, "it was not submitted for approval"))?;
    among(&STATUSES, wanted.status.as_deref(), "status")?;
    among(&CATEGORIES, wanted.category.as_deref(), "category")?;
    let now = now_ms();
    let (old_status, old_category) = (approval.status(now).to_owned(), approval.category(now).to_owned());
    let changed = Content { approval: Some(decided(approval, &wanted)), ..(*content).clone() };
    if !world.contents.replace(&account.account_sid, changed.clone()) {
        return Err(Refusal::new(StatusCode::CONFLICT, "this content belongs to the sandbox"));
    }
    if let Some(status) = wanted.status.as_deref().filter(|status| *status != old_status) {
        world.tell_approval(&account, &changed, Change::Status { previous: &old_status, current: status });
    }
    if let Some(category) = wanted.category.as_deref().filter(|category| *category != old_category) {
        world.tell_approval(&account, &changed, Change::Category { previous: &old_category, current: category });
    }
    Ok(HttpResponse::NoContent().finish())
}

fn among(known: &[&str], wanted: Option<&str>, name: &str) -> Result<(), Refusal> {
    if wanted.is_some_and(|wanted| !known.contains(&wanted)) {
        return Err(Refusal::invalid(format!("{name} is one of {}", known.join(", "))));
    }
    Ok(())
}

fn decided(approval: Approval, wanted: &ContentChange) -> Approval {
    Approval {
        changed_to: wanted.status.clone().or(approval.changed_to),
        category: wanted.category.clone().unwrap_or(approval.category),
        reviewed_category: approval.reviewed_category.filter(|_| wanted.category.is_none()),
        rejection_reason: wanted.reason.clone().or(approval.rejection_reason),
        ..approval
    }
}
