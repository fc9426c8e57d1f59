//! Refusals of Twilio: the error body, and the HTTP status and text of each code that is used here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

/// A refusal in the answer to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TwilioError {
    pub(crate) code: u32,
    pub(crate) message: String,
    /// HTTP status, where it is not the usual one of the code.
    status: Option<u16>,
}

pub(crate) type Twilio<T> = Result<T, TwilioError>;

impl TwilioError {
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), status: None }
    }

    pub(crate) fn unauthorised() -> Self {
        Self::new(20_003, "Authenticate")
    }

    /// The credentials are good, but not for this.
    pub(crate) fn forbidden() -> Self {
        Self { status: Some(403), ..Self::new(20_003, "Permission Denied") }
    }

    /// A parameter is missing or wrong.
    pub(crate) fn invalid(name: &str, why: &str) -> Self {
        Self::new(20_422, format!("Invalid Parameter: {name}: {why}"))
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(20_404, format!("The requested resource {path} was not found"))
    }

    /// A code that the sandbox was told to answer with.
    pub(crate) fn told(code: u32) -> Self {
        Self::new(code, text(code))
    }

    /// The error body of twilio.md §1.3.
    pub(crate) fn response(&self) -> HttpResponse {
        let status = self.status.unwrap_or(match self.code {
            20_003 => 401,
            20_005 | 20_006 => 403,
            20_004 => 405,
            20_404 => 404,
            20_409 | 30_409 => 409,
            20_429 => 429,
            20_500 => 500,
            20_503 => 503,
            20_504 => 504,
            _ => 400,
        });
        let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST));
        response.insert_header(("twilio-request-id", request_id()));
        if status == 401 {
            response.insert_header(("www-authenticate", "Basic realm=\"Twilio API\""));
        }
        response.json(json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": status,
        }))
    }
}

pub(crate) fn request_id() -> String {
    crate::ids::sid("RQ")
}

/// What Twilio says for a code, in answers and as `ErrorMessage` (twilio.md §6).
pub(crate) fn text(code: u32) -> &'static str {
    match code {
        20_003 => "Authenticate",
        20_005 => "Account not active",
        20_429 => "Too Many Requests",
        20_500 => "An internal server error has occurred",
        21_211 => "Invalid 'To' Phone Number",
        21_408 => "Permission to send a message has not been enabled for the region indicated by the 'To' number",
        21_608 => "The number is unverified. Trial accounts cannot send messages to unverified numbers",
        21_610 => "Attempt to send to unsubscribed recipient",
        21_611 => "This 'From' number has exceeded the maximum number of queued messages",
        30_001 => "Queue overflow",
        30_008 => "Unknown error",
        30_036 => "Validity Period Expired",
        63_001 => "Channel could not authenticate the request",
        63_003 => "Channel could not find To address",
        63_005 => "Channel did not accept given content",
        63_007 => "Twilio could not find a Channel with the specified From address",
        63_006 => "Could not format given content for the channel",
        63_013 => "Message send failed due to violation of Channel provider's policy",
        63_014 => "Message delivery failed because it was blocked by a user action",
        63_016 => "Failed to send freeform message because you are outside the allowed window",
        63_018 => "Rate limit exceeded for Channel",
        63_019 => "Media failed to download",
        63_020 => "Twilio encountered a Business Manager account error",
        63_021 => "Channel invalid content error",
        63_024 => "Invalid message recipient",
        63_027 => "Template does not exist for a language and locale",
        63_028 => "Number of parameters provided does not match the expected number of parameters",
        63_030 => "Unsupported parameter for type of channels message",
        63_034 => "Media exceeds size limit of channel",
        63_038 => "Account exceeded the daily messages limit",
        63_040 => "Template rejected",
        63_041 => "Template paused",
        63_042 => "Template disabled",
        63_059 => "Phone number has been migrated to another WhatsApp Business Account",
        63_049 => "Meta chose not to deliver this WhatsApp marketing message",
        _ => "The message was refused",
    }
}
