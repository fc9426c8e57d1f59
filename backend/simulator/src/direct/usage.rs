//! How much of the allowance of management calls is used up (direct.md §1.4, §4.9).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;
use serde_json::json;

use super::auth;
use super::errors::GraphError;
use crate::state::World;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Times of the management calls of the last hour, by WhatsApp Business Account.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    calls: Mutex<HashMap<String, VecDeque<Instant>>>,
}

impl Usage {
    /// Counts a call and tells how many there were within the last hour.
    fn count(&self, waba: &str, now: Instant) -> usize {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let own = calls.entry(waba.to_owned()).or_default();
        while own.front().is_some_and(|at| now.duration_since(*at) >= HOUR) {
            own.pop_front();
        }
        own.push_back(now);
        own.len()
    }
}

/// Counts every call but those of messages, refuses those beyond the allowance with 80007, and says in two headers how much
/// of it is used up.
pub(super) async fn headers(
    world: web::Data<World>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.path().ends_with("/messages") {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let account = auth::token(request.request()).ok().and_then(|token| auth::owner(&world, &token));
    let Some(account) = account else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let allowed = account.state.management_calls_per_hour.max(1) as usize;
    let made = world.usage.count(&account.waba_id, Instant::now());
    let mut response = if made > allowed {
        let version = request.match_info().get("version").unwrap_or_default().to_owned();
        let details = "There have been too many calls to this WhatsApp Business Account. Wait a bit and try again.";
        request.into_response(GraphError::new(80_007, details).response(&version))
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    let percent = made * 100 / allowed;
    let app = json!({ "call_count": percent, "total_cputime": 0, "total_time": 0 });
    let regain = if made > allowed { 60 } else { 0 };
    let waba = json!({ account.waba_id.as_str(): [{
        "type": "whatsapp_business_management",
        "call_count": percent,
        "total_cputime": 0,
        "total_time": 0,
        "estimated_time_to_regain_access": regain,
    }] });
    for (name, value) in [("x-app-usage", app), ("x-business-use-case-usage", waba)] {
        if let Ok(value) = HeaderValue::try_from(value.to_string()) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}
