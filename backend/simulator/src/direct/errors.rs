//! Refusals of the direct provider: the Graph envelope, and the HTTP status and title of each code that is used here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

/// A refusal in the answer to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub(crate) code: u32,
    pub(crate) subcode: Option<u32>,
    pub(crate) details: String,
    /// Title and sentence for the operator, which template calls add (direct.md §1.3).
    pub(crate) for_user: Option<(&'static str, String)>,
}

pub(crate) type Graph<T> = Result<T, GraphError>;

impl GraphError {
    pub(crate) fn new(code: u32, details: impl Into<String>) -> Self {
        Self { code, subcode: None, details: details.into(), for_user: None }
    }

    /// A refusal of a template call that has no subcode of its own, with a title and a sentence for the operator.
    pub(crate) fn form(title: &'static str, message: impl Into<String>) -> Self {
        Self { for_user: Some((title, message.into())), ..Self::new(100, "Invalid parameter") }
    }

    /// A form error of a template: code 100, with the real cause in the subcode and in words (direct.md §1.3, §5).
    pub(crate) fn template(subcode: u32, title: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { subcode: Some(subcode), for_user: Some((title, message)), ..Self::new(100, "Invalid parameter") }
    }

    /// The id names nothing, or nothing that the token may see (direct.md §1.2, §5).
    pub(crate) fn unknown_object(id: &str) -> Self {
        let details = format!(
            "Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation."
        );
        Self { subcode: Some(33), ..Self::new(100, details) }
    }

    pub(crate) fn bad_token() -> Self {
        Self::new(190, "The access token could not be decrypted")
    }

    /// A token that once worked; the subcode tells why it does not any more.
    pub(crate) fn dead_token(subcode: u32) -> Self {
        Self { subcode: Some(subcode), ..Self::new(190, dead_token(subcode)) }
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(131_008, format!("The parameter {parameter} is required."))
    }

    pub(crate) fn invalid(parameter: &str, why: &str) -> Self {
        Self::new(131_009, format!("Parameter {parameter} is not valid: {why}."))
    }

    pub(crate) fn too_long(parameter: &str, limit: usize) -> Self {
        Self::new(100, format!("Param {parameter} must be at most {limit} characters long."))
    }

    /// The same error inside an answer that says more, as the block list does.
    pub(crate) fn inner(&self) -> Value {
        json!({ "code": self.code, "message": known(self.code).1, "error_data": { "details": self.details } })
    }

    /// The envelope of direct.md §1.3.
    pub(crate) fn response(&self, version: &str) -> HttpResponse {
        let (status, _) = known(self.code);
        let trace = trace_id();
        let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST));
        response.insert_header(("facebook-api-version", version)).insert_header(("x-fb-trace-id", trace.as_str()));
        if status == 401 {
            response.insert_header(("www-authenticate", r#"OAuth "Facebook Platform" "invalid_token""#));
        }
        response.json(json!({ "error": self.object(&trace) }))
    }

    /// The `error` object, with the trace id that the headers name too.
    pub(crate) fn object(&self, trace: &str) -> Value {
        let (status, title) = known(self.code);
        let kind = if self.code == 100 && self.subcode == Some(33) { "GraphMethodException" } else { "OAuthException" };
        let mut error = json!({
            "message": format!("(#{}) {title}", self.code),
            "type": kind,
            "code": self.code,
            "fbtrace_id": trace,
        });
        if let Value::Object(members) = &mut error {
            // Token errors and plain parameter errors carry no data of WhatsApp's own.
            if self.code >= 1_000 {
                members.insert(
                    "error_data".to_owned(),
                    json!({ "messaging_product": "whatsapp", "details": self.details }),
                );
            } else {
                members.insert("message".to_owned(), Value::from(format!("(#{}) {}", self.code, self.details)));
            }
            if let Some(subcode) = self.subcode {
                members.insert("error_subcode".to_owned(), Value::from(subcode));
            }
            if let Some((title, message)) = &self.for_user {
                members.insert("is_transient".to_owned(), Value::from(false));
                members.insert("error_user_title".to_owned(), Value::from(*title));
                members.insert("error_user_msg".to_owned(), Value::from(message.as_str()));
            } else if status >= 500 {
                members.insert("is_transient".to_owned(), Value::from(true));
            }
        }
        error
    }
}

/// The form in which the same code arrives by webhook (direct.md §1.3, §3.5).
pub(crate) fn in_webhook(code: u32) -> Value {
    let (_, title) = known(code);
    json!([{
        "code": code,
        "title": title,
        "message": title,
        "error_data": { "details": late_details(code) },
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }])
}

/// What is said of a dead token, by the subcode of its refusal.
pub(crate) const fn dead_token(subcode: u32) -> &'static str {
    match subcode {
        460 => "Error validating access token: The session has been invalidated because the token was revoked.",
        _ => "Error validating access token: Session has expired.",
    }
}

/// An id in the manner of `fbtrace_id`.
pub(crate) fn trace_id() -> String {
    format!("A{}", crate::ids::hex_string::<11>())
}

fn late_details(code: u32) -> &'static str {
    match code {
        130_472 => "User's number is part of an experiment.",
        131_026 => "Message undeliverable.",
        131_047 => "More than 24 hours have passed since the customer last replied.",
        131_009 => "The message that is reacted to cannot take a reaction.",
        130_403 => "The business has blocked this user.",
        137_000 => "The identity key of the recipient has changed.",
        131_049 => "This message was not delivered to maintain healthy ecosystem engagement.",
        131_050 => "The recipient has chosen to stop receiving marketing messages from your business.",
        131_053 => "The media could not be used.",
        _ => "The message could not be delivered.",
    }
}

/// HTTP status and title of a code (direct.md §5). Codes that normally come by webhook get 400.
fn known(code: u32) -> (u16, &'static str) {
    match code {
        0 => (401, "AuthException"),
        1 => (400, "API Unknown"),
        2 => (503, "API Service"),
        3 => (500, "API Method"),
        4 => (400, "API Too Many Calls"),
        10 => (403, "Permission Denied"),
        100 => (400, "Invalid parameter"),
        190 => (401, "Access token has expired"),
        200..=299 => (403, "API Permission"),
        368 => (403, "Temporarily blocked for policies violations"),
        80_007 => (400, "Rate limit issues"),
        613 => (400, "Calls to this api have exceeded the rate limit"),
        2_200 => (400, "Callback verification failed"),
        200_005..=200_007 => (400, "Template Insights cannot be used"),
        130_403 => (400, "User is blocked by the business"),
        130_429 => (400, "Rate limit hit"),
        130_472 => (400, "User's number is part of an experiment"),
        130_497 => (403, "Business account is restricted from messaging users in this country"),
        131_000 => (500, "Something went wrong"),
        131_005 => (403, "Access denied"),
        131_008 => (400, "Required parameter is missing"),
        131_009 => (400, "Parameter value is not valid"),
        131_016 => (500, "Service unavailable"),
        131_021 => (400, "Recipient cannot be sender"),
        131_026 => (400, "Message undeliverable"),
        131_030 => (400, "Recipient phone number not in allowed list"),
        131_031 => (403, "Account has been locked"),
        131_037 => (400, "Display name approval is required"),
        131_042 => (400, "Business eligibility payment issue"),
        131_045 => (500, "Incorrect certificate"),
        131_047 => (400, "Re-engagement message"),
        131_048 => (400, "Spam rate limit hit"),
        131_049 => (400, "Message not delivered to maintain healthy ecosystem engagement"),
        131_050 => (400, "User has stopped marketing messages"),
        131_051 => (400, "Unsupported message type"),
        131_052 => (400, "Media download error"),
        131_053 => (400, "Media upload error"),
        131_056 => (400, "(Business Account, Consumer Account) pair rate limit hit"),
        131_057 => (500, "Business account is in maintenance mode"),
        131_059 => (400, "Paging cursor is stale"),
        131_062 => (400, "This message needs a phone number"),
        132_000 => (400, "Number of parameters does not match the expected number of params"),
        132_001 => (404, "Template name does not exist in the translation"),
        132_005 => (400, "Translated text too long"),
        132_007 => (400, "Template format character policy violated"),
        132_008 => (400, "Template parameter values are not valid"),
        132_012 => (400, "Parameter format does not match format in the created template"),
        132_015 => (400, "Template is paused"),
        132_016 => (400, "Template is disabled"),
        132_018 => (400, "Template parameter values are not valid"),
        132_068 => (400, "Flow is blocked"),
        133_004 => (503, "Server temporarily unavailable"),
        133_005 => (400, "Two step verification PIN mismatch"),
        133_006 => (400, "Phone number needs to be verified before registering"),
        133_008 => (400, "Too many two step verification PIN guesses"),
        133_009 => (400, "Two step verification PIN guessed too fast"),
        133_010 => (400, "Phone number not registered"),
        133_015 => (400, "Please wait a few minutes before attempting to register this phone number"),
        133_016 => (400, "Account register deregister rate limit exceeded"),
        134_100 => (400, "Only marketing messages are supported"),
        136_024 => (400, "Verification code could not be requested or checked"),
        137_000 => (400, "Recipient identity key hash mismatch"),
        139_100 => (400, "Failed to block or unblock some users"),
        139_101 => (400, "Block list is full"),
        _ => (400, "Message failed"),
    }
}
