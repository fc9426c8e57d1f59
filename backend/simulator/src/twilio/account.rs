//! The account itself, its balance and what it used (twilio.md §2.11).

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use serde_json::{Value, json};

use super::errors::TwilioError;
use super::form::query;
use super::state::{AccountStatus, AccountType};
use super::times::rfc2822;
use super::{API_VERSION, auth, ok};
use crate::accounts::TwilioAccount;
use crate::ids::now_ms;
use crate::ledger::Direction;
use crate::state::World;

/// Twilio's own fee for a message in millionths of a dollar (twilio.md §7).
const FEE_MICROS: u64 = 5_000;

type Shared = web::Data<World>;

/// `GET /2010-04-01/Accounts/{AC}.json`: not for API keys of type Standard. The answer holds the auth token, as Twilio's does.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(auth::owner(&world, &request, &path).and_then(|caller| {
        if !caller.may_manage {
            return Err(TwilioError::unauthorised());
        }
        let (account, at) = (caller.account, rfc2822(now_ms()));
        let status = match account.state.account_status {
            AccountStatus::Active => "active",
            AccountStatus::Suspended => "suspended",
            AccountStatus::Closed => "closed",
        };
        let uri = format!("/{API_VERSION}/Accounts/{}", account.account_sid);
        Ok(json!({
            "sid": account.account_sid,
            "friendly_name": account.profile_name,
            "status": status,
            "type": if account.state.account_type == AccountType::Trial { "Trial" } else { "Full" },
            "owner_account_sid": account.state.parent_account_sid.as_deref().unwrap_or(&account.account_sid),
            "auth_token": account.auth_token,
            "date_created": at,
            "date_updated": at,
            "uri": format!("{uri}.json"),
            "subresource_uris": { "messages": format!("{uri}/Messages.json"), "usage": format!("{uri}/Usage.json") },
        }))
    }))
}

/// `GET …/Balance.json`: of accounts that are not sub-accounts.
pub(super) async fn balance(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(auth::owner(&world, &request, &path).and_then(|caller| {
        if caller.account.state.parent_account_sid.is_some() {
            return Err(TwilioError::not_found(request.path()));
        }
        Ok(json!({ "account_sid": caller.account.account_sid, "balance": "100.00", "currency": "USD" }))
    }))
}

/// `GET …/Usage/Records[/{period}].json`: what the messages cost that are still remembered, by Twilio's fee.
pub(super) async fn usage(world: Shared, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (account_sid, period) = path.into_inner();
    ok(auth::owner(&world, &request, &account_sid).and_then(|caller| {
        let asked = query(&request);
        let day = |name: &str| match asked.get(name) {
            Some(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map(Some)
                .map_err(|_| TwilioError::invalid(name, "not a date")),
            None => Ok(None),
        };
        let (first, last) = span(&period, today()).ok_or_else(|| TwilioError::not_found(request.path()))?;
        let span = (day("StartDate")?.unwrap_or(first), day("EndDate")?.unwrap_or(last));
        let wanted = asked.get("Category");
        let categories: [(&str, Option<Direction>); 3] = [
            ("channels-whatsapp", None),
            ("channels-whatsapp-inbound", Some(Direction::Inbound)),
            ("channels-whatsapp-outbound", Some(Direction::Outbound)),
        ];
        let records: Vec<Value> = categories
            .into_iter()
            .filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name))
            .map(|(name, direction)| record(&world, &caller.account, name, direction, span))
            .collect();
        Ok(listed(&request, records))
    }))
}

fn today() -> NaiveDate {
    DateTime::<Utc>::from_timestamp_millis(now_ms()).unwrap_or_default().date_naive()
}

/// First and last day of a period.
fn span(period: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let month = today.with_day(1)?;
    let before = |day: NaiveDate| day.checked_sub_days(Days::new(1));
    Some(match period {
        "Records" | "Records/AllTime" | "Records/Daily" | "Records/Monthly" => {
            (NaiveDate::from_ymd_opt(2020, 1, 1)?, today)
        }
        "Records/Today" => (today, today),
        "Records/Yesterday" => (before(today)?, before(today)?),
        "Records/ThisMonth" => (month, today),
        "Records/LastMonth" => (before(month)?.with_day(1)?, before(month)?),
        _ => return None,
    })
}

fn record(
    world: &World,
    account: &TwilioAccount,
    category: &str,
    direction: Option<Direction>,
    (first, last): (NaiveDate, NaiveDate),
) -> Value {
    let day = |ms: i64| DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default().date_naive();
    let counted = world.messages.newest(&account.account_sid, None, usize::MAX, |message| {
        direction.is_none_or(|direction| message.record.direction == direction)
            && (first..=last).contains(&day(message.record.at))
    });
    let count = counted.len() as u64;
    let micros = count * FEE_MICROS;
    json!({
        "account_sid": account.account_sid,
        "api_version": API_VERSION,
        "as_of": DateTime::<Utc>::from_timestamp_millis(now_ms()).unwrap_or_default().to_rfc3339(),
        "category": category,
        "description": category,
        "count": count.to_string(),
        "count_unit": "messages",
        "usage": count.to_string(),
        "usage_unit": "messages",
        "price": format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000),
        "price_unit": "usd",
        "start_date": first.to_string(),
        "end_date": last.to_string(),
        "subresource_uris": {},
        "uri": format!("/{API_VERSION}/Accounts/{}/Usage/Records.json?Category={category}", account.account_sid),
    })
}

fn listed(request: &HttpRequest, records: Vec<Value>) -> Value {
    json!({
        "usage_records": records,
        "first_page_uri": request.uri().to_string(),
        "next_page_uri": null,
        "previous_page_uri": null,
        "uri": request.uri().to_string(),
        "page": 0,
        "page_size": 50,
        "start": 0,
    })
}

/// Messages of the business within the last 24 hours, up to a limit.
pub(super) fn sent_lately(world: &World, account: &TwilioAccount, limit: usize) -> usize {
    let since = now_ms() - 24 * 60 * 60 * 1_000;
    let sent = world.messages.newest(&account.account_sid, None, limit, |message| {
        message.record.direction == Direction::Outbound && message.record.at >= since
    });
    sent.len()
}
