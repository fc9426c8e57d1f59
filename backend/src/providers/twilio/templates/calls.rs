//! Calls about Contents and their approval (twilio.md §2.4, §2.7) and what their answers mean.

use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::client::{HttpClient, Method, Request, Response};
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::account::TwilioCredentials;
use crate::providers::codes::number;
use crate::providers::templates::error::text;
use crate::providers::templates::{
    ListedTemplates, NewTemplate, ProviderTemplate, Registered, TemplateError, TemplateErrorKind, TemplateStanding,
};

use super::super::request::{authorised, path};
use super::compile::compile;
use super::import::import;

/// Contents on a page. They can be long, and an answer is read whole.
const PAGE: &str = "100";
/// Contents have no upper bound: what is sent without a template is stored as one too. Reading ends somewhere, and says so.
const MOST_PAGES: usize = 500;
/// The Content has been handed to review before.
const SUBMITTED_BEFORE: u32 = 92_009;

/// The account of one channel.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub client: &'a HttpClient,
    pub base: &'a Url,
    pub credentials: &'a TwilioCredentials,
}

impl Account<'_> {
    /// All Contents of the account that were handed to WhatsApp's review.
    ///
    /// # Errors
    /// A page could not be read; nothing follows for what it would have shown.
    pub async fn list(&self) -> Result<ListedTemplates, TemplateError> {
        let mut listed = ListedTemplates { templates: Vec::new(), complete: false, usage_percent: 0 };
        let mut next: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut url = path(self.base, &["v1", "ContentAndApprovals"]);
            match &next {
                // Only the query is taken over: following the link itself could lead anywhere.
                Some(query) => url.set_query(Some(query)),
                None => {
                    url.query_pairs_mut().append_pair("PageSize", PAGE);
                }
            }
            let page = self.ask(Request::get(url)).await?;
            let data = page.get("contents").and_then(Value::as_array).ok_or_else(TemplateError::unreadable)?;
            listed.templates.extend(data.iter().filter_map(read));
            let link = page.pointer("/meta/next_page_url").and_then(Value::as_str);
            next = link.and_then(|link| link.split_once('?')).map(|(_, query)| rewritten(query));
            if link.is_none() {
                listed.complete = true;
                break;
            }
            if next.is_none() {
                break;
            }
        }
        Ok(listed)
    }

    /// Where the approval of a Content stands.
    ///
    /// # Errors
    /// [`TemplateErrorKind::Missing`] when there is none with this SID.
    pub async fn standing(&self, sid: &str) -> Result<TemplateStanding, TemplateError> {
        let url = path(self.base, &["v1", "Content", sid, "ApprovalRequests"]);
        let answer = self.ask(Request::get(url)).await?;
        let approval = answer.get("whatsapp").filter(|approval| text(approval, "status").is_some());
        approval.map(standing).ok_or_else(TemplateError::unreadable)
    }

    /// Stores a Content and hands it to review. One that was stored before is only handed in.
    ///
    /// # Errors
    /// Twilio's refusal; [`TemplateError::stored`] names a Content that waits without a review.
    pub async fn create(&self, template: NewTemplate<'_>) -> Result<Registered, TemplateError> {
        let sid = match template.stored {
            Some(sid) => sid.to_owned(),
            None => self.store(template).await?,
        };
        let body = json!({
            "name": template.definition.name,
            "category": template.definition.category.on_the_wire(),
        });
        let url = path(self.base, &["v1", "Content", &sid, "ApprovalRequests", "whatsapp"]);
        let approval = match self.ask(with_body(url, &body)?).await {
            Ok(approval) => approval,
            Err(error) if error.provider_code.as_deref() == Some(&SUBMITTED_BEFORE.to_string()) => {
                let standing = self.standing(&sid).await.map_err(|error| error.with_stored(&sid))?;
                return Ok(Registered { reference: sid, status: standing.status, category: standing.category });
            }
            Err(error) => return Err(error.with_stored(&sid)),
        };
        let standing = standing(&approval);
        let status =
            if standing.status == TemplateStatus::Unknown { TemplateStatus::Received } else { standing.status };
        Ok(Registered { reference: sid, status, category: standing.category })
    }

    async fn store(&self, template: NewTemplate<'_>) -> Result<String, TemplateError> {
        let body = compile(template.definition, template.samples).request;
        let answer = self.ask(with_body(path(self.base, &["v1", "Content"]), &body)?).await?;
        text(&answer, "sid").map(str::to_owned).ok_or_else(TemplateError::unreadable)
    }

    /// Deletes a Content, and with it the template.
    ///
    /// # Errors
    /// Twilio's refusal.
    pub async fn delete(&self, sid: &str) -> Result<(), TemplateError> {
        let request = Request::new(Method::Delete, path(self.base, &["v1", "Content", sid]));
        let response = self.client.send(authorised(request, self.credentials)).await;
        let response = response.map_err(|error| TemplateError::no_answer(&error))?;
        if response.is_success() { Ok(()) } else { Err(refusal(&response)) }
    }

    async fn ask(&self, request: Request) -> Result<Value, TemplateError> {
        let response = self.client.send(authorised(request, self.credentials)).await;
        let response = response.map_err(|error| TemplateError::no_answer(&error))?;
        if !response.is_success() {
            return Err(refusal(&response));
        }
        response.json().ok_or_else(TemplateError::unreadable)
    }
}

/// A query read and written again, so that nothing in it is more than a query.
fn rewritten(query: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form_urlencoded::parse(query.as_bytes())).finish()
}

fn with_body(url: Url, body: &Value) -> Result<Request, TemplateError> {
    Request::post(url).json(body).map_err(|error| TemplateError::new(TemplateErrorKind::Refused, error.to_string()))
}

/// A Content that was never handed in is no template: session messages are stored like that too (twilio.md §2.6).
fn read(content: &Value) -> Option<ProviderTemplate> {
    let approval = approval(content)?;
    let standing = standing(approval);
    if standing.status == TemplateStatus::Unsubmitted {
        return None;
    }
    let name = text(approval, "name").or_else(|| text(content, "friendly_name")).unwrap_or_default();
    let category = standing.category.unwrap_or(TemplateCategory::Utility);
    let created = text(content, "date_created").and_then(|at| Ts::parse(at).ok());
    Some(ProviderTemplate {
        reference: text(content, "sid")?.to_owned(),
        imported: import(content, name, category),
        standing,
        created_at: created,
        raw: content.clone(),
    })
}

/// One object, in older answers below the channel's name or in a list.
fn approval(content: &Value) -> Option<&Value> {
    let given = content.get("approval_requests")?;
    let given = given.get("whatsapp").unwrap_or(given);
    given.as_array().map_or(Some(given), |all| all.first()).filter(|one| text(one, "status").is_some())
}

fn standing(approval: &Value) -> TemplateStanding {
    let rejection = text(approval, "rejection_reason");
    // Meta's word, then free text: `INVALID_FORMAT. …`
    let word = rejection.and_then(|text| text.split(['.', ':', ' ']).next());
    let word = word.filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    TemplateStanding {
        status: TemplateStatus::read(text(approval, "status").unwrap_or_default()),
        category: text(approval, "category").and_then(TemplateCategory::read),
        correct_category: None,
        quality: None,
        rejection_reason: word.map(str::to_owned),
        rejection_detail: rejection.map(str::to_owned),
    }
}

fn refusal(response: &Response) -> TemplateError {
    let body = response.json().unwrap_or(Value::Null);
    let code = body.get("code").and_then(number);
    let kind = match (code, response.status) {
        (Some(20_429), _) | (_, 429) => TemplateErrorKind::Throttled,
        (_, 401 | 403) => TemplateErrorKind::Denied,
        (_, 404) => TemplateErrorKind::Missing,
        (_, 500..) => TemplateErrorKind::Unavailable,
        _ => TemplateErrorKind::Refused,
    };
    tracing::debug!(
        status = response.status,
        code,
        request_id = response.header("twilio-request-id"),
        "a call about templates is refused by Twilio"
    );
    let message = match (text(&body, "message"), text(&body, "user_error")) {
        (Some(message), Some(more)) => format!("{message}: {more}"),
        (Some(message), None) => message.to_owned(),
        (None, _) => format!("Twilio answered with status {}.", response.status),
    };
    TemplateError {
        provider_code: code.map(|code| code.to_string()),
        retry_after: response.retry_after(),
        ..TemplateError::new(kind, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_without_a_verdict_is_no_template() {
        let content =
            |approval: Value| json!({ "sid": "HX1", "friendly_name": "parcel", "approval_requests": approval });
        for none in [json!({}), json!([]), json!({ "whatsapp": {} }), Value::Null, json!({ "status": "unsubmitted" })] {
            assert_eq!(read(&content(none.clone())), None, "{none}");
        }
        let approved = json!({ "status": "approved", "name": "parcel", "category": "UTILITY" });
        for given in [approved.clone(), json!([approved]), json!({ "whatsapp": approved })] {
            assert_eq!(read(&content(given)).unwrap().standing.status, TemplateStatus::Approved);
        }
    }
}
