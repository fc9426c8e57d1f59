//! Lists of contents: plain, with approvals, and searched (twilio.md §2.4).

use std::cmp::Ordering;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::DateTime;
use regex_lite::Regex;
use serde_json::{Value, json};

use super::approvals::approval_shown;
use super::contents::shown;
use super::errors::{Twilio, TwilioError};
use super::form::{Form, query};
use super::library::Content;
use super::paging::meta_page;
use super::{auth, ok};
use crate::accounts::TwilioAccount;
use crate::ids::now_ms;
use crate::state::World;

const HOST: &str = "https://content.twilio.com";

type Shared = web::Data<World>;

/// `GET /v1/Content`.
pub(super) async fn list(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(page(&world, &request, false, shown))
}

/// `GET /v2/Content`.
pub(super) async fn search(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(page(&world, &request, true, shown))
}

/// `GET /v1/ContentAndApprovals`.
pub(super) async fn list_with_approvals(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(page(&world, &request, false, with_approval))
}

/// `GET /v2/ContentAndApprovals`.
pub(super) async fn search_with_approvals(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(page(&world, &request, true, with_approval))
}

/// `GET /v1/LegacyContent`: nothing here is older than the Content API.
pub(super) async fn legacy(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|_| meta_page(&request, HOST, "contents", Vec::new())))
}

fn with_approval(account: &TwilioAccount, content: &Content) -> Value {
    let mut item = shown(account, content);
    if let Value::Object(members) = &mut item {
        members.remove("url");
        members.remove("links");
        members.insert("approval_requests".to_owned(), approval_shown(content, now_ms()));
    }
    item
}

fn page(
    world: &World,
    request: &HttpRequest,
    searched: bool,
    show: impl Fn(&TwilioAccount, &Content) -> Value,
) -> Twilio<Value> {
    let account = auth::caller(world, request)?.account;
    let mut found = world.contents.of(&account.account_sid);
    if searched {
        let asked = query(request);
        let filter = Filter::read(&asked)?;
        found.retain(|content| filter.fits(content));
        sort(&mut found, &asked)?;
    }
    meta_page(request, HOST, "contents", found.iter().map(|content| show(&account, content)).collect())
}

/// What `GET /v2/Content` can be asked for.
struct Filter {
    name: Option<Regex>,
    text: Option<Regex>,
    languages: Vec<String>,
    types: Vec<String>,
    /// Statuses at WhatsApp.
    statuses: Vec<String>,
    after: Option<i64>,
    before: Option<i64>,
}

impl Filter {
    fn read(asked: &Form) -> Twilio<Self> {
        let pattern = |name: &str| match asked.get(name) {
            Some(text) => {
                Regex::new(text).map(Some).map_err(|_| TwilioError::invalid(name, "not a regular expression"))
            }
            None => Ok(None),
        };
        let moment = |name: &str| match asked.get(name) {
            Some(text) => DateTime::parse_from_rfc3339(text)
                .map(|at| Some(at.timestamp_millis()))
                .map_err(|_| TwilioError::invalid(name, "not a time")),
            None => Ok(None),
        };
        // Lists are written with and without brackets.
        let all = |name: &str| {
            let mut found = asked.all(name);
            found.extend(asked.all(&format!("{name}[]")));
            found.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let statuses = all("ChannelEligibility").into_iter().map(|text| match text.split_once(':') {
            Some(("whatsapp", status)) => Ok(status.to_owned()),
            _ => Err(TwilioError::invalid("ChannelEligibility", "the sandbox knows whatsapp:… only")),
        });
        Ok(Self {
            name: pattern("ContentName")?,
            text: pattern("Content")?,
            languages: all("Language"),
            types: all("ContentType"),
            statuses: statuses.collect::<Twilio<_>>()?,
            after: moment("DateCreatedAfter")?,
            before: moment("DateCreatedBefore")?,
        })
    }

    fn fits(&self, content: &Content) -> bool {
        let among = |wanted: &[String], found: &str| wanted.is_empty() || wanted.iter().any(|one| one == found);
        self.name.as_ref().is_none_or(|pattern| pattern.is_match(&content.friendly_name))
            && self.text.as_ref().is_none_or(|pattern| pattern.is_match(&json!(content.types).to_string()))
            && among(&self.languages, &content.language)
            && (self.types.is_empty() || self.types.iter().any(|name| content.types.contains_key(name)))
            && among(&self.statuses, content.status(now_ms()))
            && self.after.is_none_or(|after| content.created_at >= after)
            && self.before.is_none_or(|before| content.created_at < before)
    }
}

fn sort(found: &mut [Arc<Content>], asked: &Form) -> Twilio<()> {
    type Order = fn(&Arc<Content>, &Arc<Content>) -> Ordering;
    let keys: [(&str, Order); 2] = [
        ("SortByContentName", |one, other| one.friendly_name.cmp(&other.friendly_name)),
        ("SortByDate", |one, other| one.created_at.cmp(&other.created_at)),
    ];
    for (name, order) in keys {
        match asked.get(name) {
            None => {}
            Some("asc") => found.sort_by(order),
            Some("desc") => found.sort_by(|one, other| order(other, one)),
            Some(_) => return Err(TwilioError::invalid(name, "asc or desc")),
        }
    }
    Ok(())
}
