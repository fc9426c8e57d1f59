//! Requests to the Graph API, built without touching the network (direct.md §2).

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::client::Request;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::content::media::HeaderMedia;
use crate::domain::template::{ButtonAction, ButtonValue, HeaderValue, TemplateUse, TextValue};
use crate::providers::Outbound;
use crate::providers::account::DirectCredentials;

use super::signature::app_secret_proof;

/// `POST /{phone number id}/messages`.
///
/// # Errors
/// The content can't be written as JSON; does not happen with the types of `domain`.
pub fn send(base: &Url, credentials: &DirectCredentials, message: &Outbound) -> Result<Request, serde_json::Error> {
    let url = graph(base, credentials, &[&credentials.whatsapp_business_phone_id, "messages"]);
    signed(Request::post(url), credentials).json(&Envelope::of(message))
}

/// `GET /debug_token`: what Meta knows about the channel's token, asked with the app's own token.
pub fn debug_token_as_app(base: &Url, credentials: &DirectCredentials) -> Request {
    let app = format!("{}|{}", credentials.whatsapp_app_id, credentials.app_secret.expose_secret());
    Request::get(debug_token(base, credentials)).bearer(&SecretString::from(app))
}

/// The same, asked with the channel's token itself.
pub fn debug_token_as_itself(base: &Url, credentials: &DirectCredentials) -> Request {
    signed(Request::get(debug_token(base, credentials)), credentials)
}

/// `GET /{phone number id}`: state and health of the sender.
pub fn sender(base: &Url, credentials: &DirectCredentials) -> Request {
    let mut url = graph(base, credentials, &[&credentials.whatsapp_business_phone_id]);
    url.query_pairs_mut()
        .append_pair("fields", "id,display_phone_number,verified_name,status,quality_rating,health_status");
    signed(Request::get(url), credentials)
}

/// `GET /{WABA}/subscribed_apps`: who gets the account's webhooks.
pub fn subscribed_apps(base: &Url, credentials: &DirectCredentials) -> Request {
    signed(Request::get(graph(base, credentials, &[&credentials.waba_id, "subscribed_apps"])), credentials)
}

fn debug_token(base: &Url, credentials: &DirectCredentials) -> Url {
    let mut url = graph(base, credentials, &["debug_token"]);
    url.query_pairs_mut().append_pair("input_token", credentials.whatsapp_access_token.expose_secret());
    url
}

/// `{base}/{version}/{segments…}`; each segment is escaped, so that no id can lead elsewhere.
pub(super) fn graph(base: &Url, credentials: &DirectCredentials, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Fails only for addresses like `data:`, which the client refuses to send to.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(&credentials.graph_version).extend(segments);
    }
    url
}

pub(super) fn signed(mut request: Request, credentials: &DirectCredentials) -> Request {
    let token = &credentials.whatsapp_access_token;
    if let Some(proof) = app_secret_proof(&credentials.app_secret, token) {
        request.url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    request.bearer(token)
}

#[derive(Serialize)]
struct Envelope<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    biz_opaque_callback_data: String,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Body<'a> {
    Text { text: Text<'a> },
    Template { template: Template<'a> },
}

#[derive(Serialize)]
struct Text<'a> {
    body: &'a str,
    preview_url: bool,
}

#[derive(Serialize)]
struct Template<'a> {
    name: &'a str,
    language: Language<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
struct Language<'a> {
    code: &'a str,
}

#[derive(Serialize)]
struct Component<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<String>,
    parameters: Vec<Parameter<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Parameter<'a> {
    Text {
        #[serde(skip_serializing_if = "Option::is_none")]
        parameter_name: Option<&'a str>,
        text: &'a str,
    },
    Image {
        image: Link<'a>,
    },
    Video {
        video: Link<'a>,
    },
    Document {
        document: Link<'a>,
    },
    Payload {
        payload: &'a str,
    },
    CouponCode {
        coupon_code: &'a str,
    },
}

#[derive(Serialize)]
struct Link<'a> {
    link: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    fn of(message: &'a Outbound) -> Self {
        let (to, recipient) = match &message.to {
            // With the plus sign, or Meta may put the sender's country in front of it.
            Recipient::Phone(phone) => (Some(phone.as_str()), None),
            Recipient::Bsuid(id) => (None, Some(id.as_str())),
        };
        let body = match &message.content {
            Content::Text(text) => Body::Text { text: Text { body: &text.body, preview_url: text.preview_url } },
            Content::Template(template) => Body::Template { template: Template::of(template) },
            _ => Body::Text { text: Text { body: "", preview_url: false } },
        };
        Self {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to,
            recipient,
            biz_opaque_callback_data: message.attempt.to_string(),
            body,
        }
    }
}

impl<'a> Template<'a> {
    fn of(template: &'a TemplateUse) -> Self {
        let header = template.header.iter().map(|header| Component::plain("header", vec![header_parameter(header)]));
        let body = (!template.body.is_empty())
            .then(|| Component::plain("body", template.body.iter().map(text_parameter).collect()));
        let buttons = template.buttons.iter().map(Component::button);
        Self {
            name: &template.name,
            language: Language { code: &template.language },
            components: header.chain(body).chain(buttons).collect(),
        }
    }
}

impl<'a> Component<'a> {
    fn plain(kind: &'static str, parameters: Vec<Parameter<'a>>) -> Self {
        Self { kind, sub_type: None, index: None, parameters }
    }

    fn button(button: &'a ButtonValue) -> Self {
        let (sub_type, parameter) = match &button.action {
            ButtonAction::Url { text } => ("url", Parameter::Text { parameter_name: None, text }),
            ButtonAction::QuickReply { payload } => ("quick_reply", Parameter::Payload { payload }),
            ButtonAction::CopyCode { code } => ("copy_code", Parameter::CouponCode { coupon_code: code }),
            _ => ("url", Parameter::Payload { payload: "" }),
        };
        Self {
            kind: "button",
            sub_type: Some(sub_type),
            index: Some(button.index.to_string()),
            parameters: vec![parameter],
        }
    }
}

fn header_parameter(header: &HeaderValue) -> Parameter<'_> {
    match header {
        HeaderValue::Text(value) => text_parameter(value),
        HeaderValue::Image(image) => Parameter::Image { image: picture(image) },
        HeaderValue::Video(video) => Parameter::Video { video: picture(video) },
        HeaderValue::Document(document) => Parameter::Document {
            document: Link {
                link: document.link.as_deref().unwrap_or_default(),
                filename: document.filename.as_deref(),
            },
        },
        _ => Parameter::Payload { payload: "" },
    }
}

/// Only documents show a file name.
fn picture(media: &HeaderMedia) -> Link<'_> {
    Link { link: media.link.as_deref().unwrap_or_default(), filename: None }
}

fn text_parameter(value: &TextValue) -> Parameter<'_> {
    Parameter::Text { parameter_name: value.name.as_deref(), text: &value.text }
}

/// Where Meta delivers an app's webhooks.
pub fn hook(public_base: &Url, credentials: &DirectCredentials) -> Url {
    let mut url = public_base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["hooks", "direct", &credentials.whatsapp_app_id]);
    }
    url
}
