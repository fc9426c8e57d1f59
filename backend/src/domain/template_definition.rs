//! A template as the gateway knows it: one definition for both providers, from which each provider's own form is made.

pub mod bubble;
pub mod placeholders;
pub mod variables;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::MediaId;
use super::provider::word;
use super::template::TextValue;

word! {
    /// What a template is for; Meta decides, and the price follows it (direct.md §4.2).
    pub enum TemplateCategory {
        Marketing = "marketing",
        Utility = "utility",
        Authentication = "authentication",
    }
}

impl TemplateCategory {
    /// The word of both providers' APIs.
    pub const fn on_the_wire(self) -> &'static str {
        match self {
            Self::Marketing => "MARKETING",
            Self::Utility => "UTILITY",
            Self::Authentication => "AUTHENTICATION",
        }
    }

    /// Reads a provider's word. Old records at Twilio carry words from before 2023 (twilio.md §2.7), which all became utility.
    pub fn read(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "MARKETING" => Some(Self::Marketing),
            "AUTHENTICATION" | "OTP" => Some(Self::Authentication),
            "" => None,
            _ => Some(Self::Utility),
        }
    }
}

word! {
    /// How variables are written: `{{1}}` or `{{first_name}}`; a template is wholly one or the other.
    #[derive(Default)]
    pub enum ParameterFormat {
        #[default]
        Positional = "positional",
        Named = "named",
    }
}

/// A template with everything that is submitted for approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({
    "name": "order_shipped", "language": "en_GB", "category": "utility",
    "body": { "text": "Hello {{1}}, order {{2}} has left our warehouse.", "samples": [{ "text": "Ada" }, { "text": "77" }] },
    "footer": "Acme Tea",
    "buttons": [{ "type": "url", "text": "Track", "url": "https://acme.example/{{1}}", "sample": "t/9" }],
})))]
pub struct TemplateDefinition {
    /// Lower case letters, digits and underscores; the same name in several languages is one group.
    #[schema(min_length = 1, max_length = 512, examples("order_shipped"))]
    pub name: String,
    /// Meta's language code.
    #[schema(examples("en_GB"))]
    pub language: String,
    pub category: TemplateCategory,
    #[serde(default)]
    pub parameter_format: ParameterFormat,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<TemplateHeader>,
    /// Needed but for authentication templates, whose text is Meta's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<TemplateText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub buttons: Vec<TemplateButton>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited_time_offer: Option<LimitedTimeOffer>,
    /// The cards of a carousel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub cards: Vec<TemplateCard>,
    /// What Meta's text of an authentication template says; only and always with that category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication: Option<AuthenticationText>,
    /// How long WhatsApp tries to deliver, in seconds; -1 stands for 30 days. Meta's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples(43200))]
    pub message_send_ttl_seconds: Option<i64>,
}

/// A text with variables and what stands in their place for the reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateText {
    #[schema(examples("Hello {{1}}, order {{2}} has left our warehouse."))]
    pub text: String,
    /// One for each variable: in order, or with the variable's name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<TextValue>,
}

impl TemplateText {
    /// The sample of a variable: the one with its name, or the one at its place (0-based).
    pub fn sample(&self, format: ParameterFormat, place: usize, name: &str) -> Option<&str> {
        let found = match format {
            ParameterFormat::Named => self.samples.iter().find(|sample| sample.name.as_deref() == Some(name)),
            ParameterFormat::Positional => self.samples.get(place),
        };
        found.map(|sample| sample.text.as_str())
    }
}

/// What stands above the body, told apart by `type`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TemplateHeader {
    /// At most 60 characters with at most one variable.
    Text(TemplateText),
    Image(MediaSample),
    Video(MediaSample),
    Document(MediaSample),
    Location {},
    Product {},
}

impl TemplateHeader {
    /// The word of [`TemplateHeader`]'s `type`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Document(_) => "document",
            Self::Location {} => "location",
            Self::Product {} => "product",
        }
    }

    pub const fn media(&self) -> Option<&MediaSample> {
        match self {
            Self::Image(sample) | Self::Video(sample) | Self::Document(sample) => Some(sample),
            Self::Text(_) | Self::Location {} | Self::Product {} => None,
        }
    }
}

/// A medium for the reviewer to look at: exactly one of its sources is given.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaSample {
    /// A public https address. Twilio wants a file extension at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://acme.example/d/invoice.pdf"))]
    pub link: Option<String>,
    /// Uploaded to the gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    /// Uploaded to Meta: how a template that was made there names its sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The sample itself goes out with every message; otherwise each message gives its own medium.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed: bool,
}

impl MediaSample {
    /// The address or the handle, whichever is known.
    pub fn shown(&self) -> Option<&str> {
        self.link.as_deref().or(self.handle.as_deref())
    }
}

/// One button, told apart by `type`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TemplateButton {
    QuickReply {
        #[schema(max_length = 25)]
        text: String,
        /// What comes back when the person taps it, unless a message says otherwise; the text when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payload: Option<String>,
    },
    Url {
        #[schema(max_length = 25)]
        text: String,
        /// At most one variable, `{{1}}`, at its end.
        #[schema(max_length = 2000)]
        url: String,
        /// What may stand in the variable's place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sample: Option<String>,
    },
    PhoneNumber {
        #[schema(max_length = 25)]
        text: String,
        phone_number: String,
    },
    /// Copies a code that each message gives; its text is WhatsApp's.
    CopyCode {
        #[schema(max_length = 20)]
        sample: String,
    },
    /// Starts a flow; exactly one of `flow_id` and `flow_name`.
    Flow {
        #[schema(max_length = 25)]
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_name: Option<String>,
        #[serde(default)]
        flow_action: TemplateFlowAction,
        /// The first screen, when the flow navigates.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        navigate_screen: Option<String>,
    },
    Catalog {
        #[schema(max_length = 25)]
        text: String,
    },
    /// Several products, which each message names.
    Mpm {
        #[schema(max_length = 25)]
        text: String,
    },
    /// The one product of the header.
    Spm {
        #[schema(max_length = 25)]
        text: String,
    },
    /// Hands over a one-time code; only in authentication templates.
    Otp(OtpButton),
    VoiceCall {
        #[schema(max_length = 25)]
        text: String,
        /// How long the button works, in minutes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ttl_minutes: Option<u32>,
    },
    /// Asks a person known by user name for their phone number; its text is WhatsApp's.
    RequestContactInfo {},
}

impl TemplateButton {
    /// The word of [`TemplateButton`]'s `type`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::QuickReply { .. } => "quick_reply",
            Self::Url { .. } => "url",
            Self::PhoneNumber { .. } => "phone_number",
            Self::CopyCode { .. } => "copy_code",
            Self::Flow { .. } => "flow",
            Self::Catalog { .. } => "catalog",
            Self::Mpm { .. } => "mpm",
            Self::Spm { .. } => "spm",
            Self::Otp(_) => "otp",
            Self::VoiceCall { .. } => "voice_call",
            Self::RequestContactInfo {} => "request_contact_info",
        }
    }

    /// What the person reads on it, where that is ours to say.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::QuickReply { text, .. }
            | Self::Url { text, .. }
            | Self::PhoneNumber { text, .. }
            | Self::Flow { text, .. }
            | Self::Catalog { text }
            | Self::Mpm { text }
            | Self::Spm { text }
            | Self::VoiceCall { text, .. } => Some(text),
            Self::Otp(otp) => otp.text.as_deref(),
            Self::CopyCode { .. } | Self::RequestContactInfo {} => None,
        }
    }
}

word! {
    /// What a flow does first.
    #[derive(Default)]
    pub enum TemplateFlowAction {
        #[default]
        Navigate = "navigate",
        DataExchange = "data_exchange",
    }
}

word! {
    /// How a one-time code gets into the app.
    #[derive(Default)]
    pub enum OtpType {
        #[default]
        CopyCode = "copy_code",
        /// A tap hands it to an Android app.
        OneTap = "one_tap",
        /// It is handed to an Android app without a tap.
        ZeroTap = "zero_tap",
    }
}

/// The button of an authentication template.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtpButton {
    #[serde(default)]
    pub otp_type: OtpType,
    /// The label of the button that copies; Meta's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 25)]
    pub text: Option<String>,
    /// The label of the button that fills in; Meta's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 25)]
    pub autofill_text: Option<String>,
    /// The Android apps that may take the code; one to five with one_tap and zero_tap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supported_apps: Vec<SupportedApp>,
    /// Needed with zero_tap.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zero_tap_terms_accepted: bool,
}

/// An Android app by its name and its signing key's hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportedApp {
    #[schema(examples("example.acme.app"))]
    pub package_name: String,
    #[schema(min_length = 11, max_length = 11, examples("K8a/AINcGX7"))]
    pub signature_hash: String,
}

/// An offer that ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitedTimeOffer {
    #[schema(max_length = 16, examples("Ends soon"))]
    pub text: String,
    /// Each message says when it ends, and the person sees the time left.
    #[serde(default)]
    pub has_expiration: bool,
}

/// One card of a carousel; all cards have the same components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateCard {
    /// Picture, film or product.
    pub header: TemplateHeader,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<TemplateText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<TemplateButton>,
}

/// What may be chosen in Meta's text of an authentication template.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthenticationText {
    /// "For your security, do not share this code."
    #[serde(default)]
    pub add_security_recommendation: bool,
    /// "This code expires in … minutes."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 90)]
    pub code_expiration_minutes: Option<u8>,
}

impl TemplateDefinition {
    /// Whether its text is Meta's and its one value a code.
    pub const fn is_authentication(&self) -> bool {
        self.authentication.is_some()
    }

    /// The button that hands over the code, with its place.
    pub fn otp(&self) -> Option<(usize, &OtpButton)> {
        self.buttons.iter().enumerate().find_map(|(place, button)| match button {
            TemplateButton::Otp(otp) => Some((place, otp)),
            _ => None,
        })
    }
}
