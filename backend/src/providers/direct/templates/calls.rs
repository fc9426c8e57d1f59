//! Calls about templates (direct.md §2.8) and what their answers mean.

use serde_json::{Value, json};
use url::Url;

use crate::client::{HttpClient, Method, Request, Response};
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::{TemplateQuality, TemplateStatus};
use crate::providers::account::DirectCredentials;
use crate::providers::codes::number;
use crate::providers::templates::error::text;
use crate::providers::templates::{
    ListedTemplates, NewTemplate, ProviderTemplate, Registered, TemplateError, TemplateErrorKind, TemplateStanding,
};

use super::super::budget::{Call, CallBudget, regain, reported};
use super::super::request::{graph, signed};
use super::compile::compile;
use super::import::import;

const FIELDS: &str = "id,name,language,status,category,correct_category,parameter_format,rejected_reason,quality_score,components,message_send_ttl_seconds";
/// Templates on a page. Their components can be long, and an answer is read whole.
const PAGE: &str = "50";
/// 6,000 templates are the most an account has; pages may be shorter than asked for, and empty.
const MOST_PAGES: usize = 300;

/// The account of one channel.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub client: &'a HttpClient,
    pub base: &'a Url,
    pub credentials: &'a DirectCredentials,
    pub budget: &'a CallBudget,
}

impl Account<'_> {
    /// All templates of the account.
    ///
    /// # Errors
    /// A page could not be read; nothing follows for what it would have shown.
    pub async fn list(&self) -> Result<ListedTemplates, TemplateError> {
        let mut listed = ListedTemplates { templates: Vec::new(), complete: false, usage_percent: 0 };
        let mut after: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut url = graph(self.base, self.credentials, &[&self.credentials.waba_id, "message_templates"]);
            url.query_pairs_mut().append_pair("fields", FIELDS).append_pair("limit", PAGE);
            if let Some(cursor) = &after {
                url.query_pairs_mut().append_pair("after", cursor);
            }
            let (page, usage) = self.ask(Request::get(url)).await?;
            listed.usage_percent = listed.usage_percent.max(usage);
            let data = page.get("data").and_then(Value::as_array).ok_or_else(TemplateError::unreadable)?;
            listed.templates.extend(data.iter().filter_map(read));
            // `next` may hold the token, so that the address is built anew; an empty page with `next` is legal.
            let more = page.pointer("/paging/next").is_some_and(Value::is_string);
            after = page.pointer("/paging/cursors/after").and_then(Value::as_str).map(str::to_owned);
            if !more || after.is_none() {
                listed.complete = !more;
                break;
            }
        }
        Ok(listed)
    }

    /// Where one template stands.
    ///
    /// # Errors
    /// [`TemplateErrorKind::Missing`] when there is none with this id.
    pub async fn standing(&self, id: &str) -> Result<TemplateStanding, TemplateError> {
        let mut url = graph(self.base, self.credentials, &[id]);
        url.query_pairs_mut().append_pair("fields", FIELDS);
        let (template, _) = self.ask(Request::get(url)).await?;
        Ok(standing(&template))
    }

    /// Creates a template, which submits it.
    ///
    /// # Errors
    /// Meta's refusal with its own words.
    pub async fn create(&self, template: NewTemplate<'_>) -> Result<Registered, TemplateError> {
        let body = compile(template.definition, template.samples).request;
        let url = graph(self.base, self.credentials, &[&self.credentials.waba_id, "message_templates"]);
        let (answer, _) = self.ask_for(Call::Creation, with_body(url, &body)?).await?;
        let id = answer.get("id").and_then(text_or_number).ok_or_else(TemplateError::unreadable)?;
        Ok(Registered {
            reference: id,
            status: text(&answer, "status").map_or(TemplateStatus::Pending, TemplateStatus::read),
            category: text(&answer, "category").and_then(TemplateCategory::read),
        })
    }

    /// Replaces all components of a template, which goes back to review. Its category changes only while it is not approved.
    ///
    /// # Errors
    /// Meta's refusal with its own words.
    pub async fn edit(
        &self,
        id: &str,
        template: NewTemplate<'_>,
        with_category: bool,
    ) -> Result<Registered, TemplateError> {
        let whole = compile(template.definition, template.samples).request;
        let mut body = json!({ "components": whole.get("components") });
        if let Value::Object(members) = &mut body {
            for name in ["message_send_ttl_seconds", "parameter_format"] {
                if let Some(value) = whole.get(name) {
                    members.insert(name.to_owned(), value.clone());
                }
            }
            if with_category {
                members.insert("category".to_owned(), template.definition.category.on_the_wire().into());
            }
        }
        let (answer, _) = self.ask(with_body(graph(self.base, self.credentials, &[id]), &body)?).await?;
        Ok(Registered {
            reference: id.to_owned(),
            status: TemplateStatus::Pending,
            category: text(&answer, "category").and_then(TemplateCategory::read),
        })
    }

    /// Deletes one language of a template; its name stays blocked for 30 days.
    ///
    /// # Errors
    /// Meta's refusal with its own words.
    pub async fn delete(&self, id: &str, name: &str) -> Result<(), TemplateError> {
        let mut url = graph(self.base, self.credentials, &[&self.credentials.waba_id, "message_templates"]);
        url.query_pairs_mut().append_pair("name", name).append_pair("hsm_id", id);
        self.ask(Request::new(Method::Delete, url)).await.map(drop)
    }

    /// Sends with the token and its proof; gives the body and the percentage of the calls that are used.
    pub(super) async fn ask(&self, request: Request) -> Result<(Value, u8), TemplateError> {
        self.ask_for(Call::Any, request).await
    }

    async fn ask_for(&self, call: Call, request: Request) -> Result<(Value, u8), TemplateError> {
        let sent = self.budget.send(self.client, call, signed(request, self.credentials)).await;
        answer(sent.map_err(|resting| TemplateError {
            retry_after: Some(resting.wait),
            ..TemplateError::new(TemplateErrorKind::Throttled, format!("Not asked: {resting}."))
        })?)
    }
}

/// Reads any answer: the body of a success, or the refusal.
pub(super) fn answer(outcome: Result<Response, crate::client::TransportError>) -> Result<(Value, u8), TemplateError> {
    let response = outcome.map_err(|error| TemplateError::no_answer(&error))?;
    let body = response.json();
    if !response.is_success() {
        return Err(refusal(&response, &body.unwrap_or(Value::Null)));
    }
    Ok((body.ok_or_else(TemplateError::unreadable)?, usage(&response)))
}

fn with_body(url: Url, body: &Value) -> Result<Request, TemplateError> {
    Request::post(url).json(body).map_err(|error| TemplateError::new(TemplateErrorKind::Refused, error.to_string()))
}

fn read(template: &Value) -> Option<ProviderTemplate> {
    Some(ProviderTemplate {
        reference: template.get("id").and_then(text_or_number)?,
        standing: standing(template),
        created_at: None,
        imported: import(template),
        raw: template.clone(),
    })
}

fn standing(template: &Value) -> TemplateStanding {
    let reason = text(template, "rejected_reason").filter(|reason| !reason.eq_ignore_ascii_case("none"));
    let score = template.pointer("/quality_score/score").and_then(Value::as_str);
    let detail = template.pointer("/rejection_info/reason").and_then(Value::as_str);
    TemplateStanding {
        status: TemplateStatus::read(text(template, "status").unwrap_or_default()),
        category: text(template, "category").and_then(TemplateCategory::read),
        correct_category: text(template, "correct_category").and_then(TemplateCategory::read),
        quality: score.map(TemplateQuality::read),
        rejection_reason: reason.map(str::to_owned),
        rejection_detail: detail.map(str::to_owned),
    }
}

/// How much of the allowance of calls is used, in percent (direct.md §1.4).
fn usage(response: &Response) -> u8 {
    reported(response).and_then(|most| u8::try_from(most.min(100)).ok()).unwrap_or(0)
}

/// Meta's refusal. The true cause of a refused form stands in the subcode (direct.md §1.3).
fn refusal(response: &Response, body: &Value) -> TemplateError {
    let error = body.get("error").unwrap_or(&Value::Null);
    let code = error.get("code").and_then(number);
    let subcode = error.get("error_subcode").and_then(number);
    let kind = match (code, subcode, response.status) {
        (Some(4 | 80_007 | 613 | 130_429), _, _) | (None, _, 429) => TemplateErrorKind::Throttled,
        (Some(0 | 3 | 10 | 190 | 200..=299), _, _) | (None, _, 401 | 403) => TemplateErrorKind::Denied,
        (Some(132_001), _, _) | (Some(100), Some(33), _) | (None, _, 404) => TemplateErrorKind::Missing,
        (Some(1 | 2), _, _) | (_, _, 500..) => TemplateErrorKind::Unavailable,
        _ => TemplateErrorKind::Refused,
    };
    tracing::debug!(
        status = response.status,
        code,
        subcode,
        fbtrace_id = text(error, "fbtrace_id"),
        "a call about templates is refused by Meta"
    );
    let details = error.pointer("/error_data/details").and_then(Value::as_str);
    let message = match (text(error, "message"), details) {
        (Some(message), Some(details)) => format!("{message}: {details}"),
        (Some(message), None) => message.to_owned(),
        (None, _) => format!("Meta answered with status {}.", response.status),
    };
    TemplateError {
        provider_code: subcode.filter(|code| *code >= 1_000_000).or(code).map(|code| code.to_string()),
        user_title: text(error, "error_user_title").map(str::to_owned),
        user_message: text(error, "error_user_msg").map(str::to_owned),
        retry_after: response.retry_after().max(regain(response)),
        ..TemplateError::new(kind, message)
    }
}

/// Ids are text in most places and numbers in some.
fn text_or_number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
