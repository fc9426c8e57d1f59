//! Webhooks of any field, made by hand (direct.md §3.7).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Refusal, resolve};
use crate::accounts::Account;
use crate::delivery::{Notice, Payload};
use crate::state::World;

/// Body of `POST /_admin/notices`: a change of a direct account, as Meta would post it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// Phone number id or number in any form.
    pub account: String,
    /// `account_update`, `phone_number_quality_update` … or a field that does not exist.
    pub field: String,
    pub value: Value,
}

/// Answer to [`NewNotice`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeResult {
    /// Whether the first try was taken. Otherwise it is tried again by the provider's rules.
    pub delivered: bool,
    /// Where the webhook went; `None` when none goes out.
    pub url: Option<String>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Why there was no answer, or why nothing was sent.
    pub error: Option<String>,
}

/// Signs and posts a change, and waits for the first try.
pub(super) async fn post(world: web::Data<World>, wanted: web::Json<NewNotice>) -> Result<HttpResponse, Refusal> {
    let NewNotice { account, field, value } = wanted.into_inner();
    let Account::Direct(account) = resolve(&world, &account)? else {
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Twilio has no webhooks with fields"));
    };
    let result = if account.callback(&field).is_none() {
        let error = format!("no callback of the app is subscribed to {field}");
        NoticeResult { delivered: false, url: None, status: None, error: Some(error) }
    } else {
        let change = json!({ "field": field, "value": value });
        let notice = Notice::new(account.phone_number_id.clone(), Payload::Change(change));
        let outcome = world.send_and_wait(notice).await;
        NoticeResult {
            delivered: outcome.taken(),
            url: Some(outcome.url),
            status: outcome.status,
            error: outcome.error,
        }
    };
    Ok(HttpResponse::Created().json(result))
}
