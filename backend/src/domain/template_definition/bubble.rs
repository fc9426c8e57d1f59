//! A template as the person sees it, filled with its samples: for previews.

use serde::Serialize;
use utoipa::ToSchema;

use super::placeholders::{names, replaced};
use super::{
    AuthenticationText, OtpType, ParameterFormat, TemplateButton, TemplateDefinition, TemplateHeader, TemplateText,
};

/// What stands in place of a one-time code.
const CODE: &str = "493817";

/// A template on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateBubble {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<BubbleHeader>,
    #[schema(examples("Hello Ada, order 77 has left our warehouse."))]
    pub body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// The text of a limited-time offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    pub buttons: Vec<BubbleButton>,
    pub cards: Vec<BubbleCard>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BubbleHeader {
    /// `text`, `image`, `video`, `document`, `location` or `product`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BubbleButton {
    /// As in the definition.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub text: String,
    /// Where it leads, filled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BubbleCard {
    pub header: BubbleHeader,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    pub buttons: Vec<BubbleButton>,
}

impl TemplateDefinition {
    /// The template with its samples in the places of the variables; a variable without one keeps its braces.
    pub fn bubble(&self) -> TemplateBubble {
        let format = self.parameter_format;
        let (body, footer) = match &self.authentication {
            Some(chosen) => (authentication_body(chosen), authentication_footer(chosen)),
            None => (self.body.as_ref().map(|body| filled(body, format)).unwrap_or_default(), self.footer.clone()),
        };
        TemplateBubble {
            header: self.header.as_ref().map(|header| shown_header(header, format)),
            body,
            footer,
            offer: self.limited_time_offer.as_ref().map(|offer| offer.text.clone()),
            buttons: self.buttons.iter().map(shown_button).collect(),
            cards: self
                .cards
                .iter()
                .map(|card| BubbleCard {
                    header: shown_header(&card.header, format),
                    body: card.body.as_ref().map(|body| filled(body, format)),
                    buttons: card.buttons.iter().map(shown_button).collect(),
                })
                .collect(),
        }
    }
}

fn authentication_body(chosen: &AuthenticationText) -> String {
    let advice = if chosen.add_security_recommendation { " For your security, do not share this code." } else { "" };
    format!("*{CODE}* is your verification code.{advice}")
}

fn authentication_footer(chosen: &AuthenticationText) -> Option<String> {
    chosen.code_expiration_minutes.map(|minutes| format!("This code expires in {minutes} minutes."))
}

fn filled(text: &TemplateText, format: ParameterFormat) -> String {
    let order = names(&text.text);
    replaced(&text.text, |name| {
        let place = order.iter().position(|known| *known == name).unwrap_or_default();
        text.sample(format, place, name).map_or_else(|| format!("{{{{{name}}}}}"), str::to_owned)
    })
}

fn shown_header(header: &TemplateHeader, format: ParameterFormat) -> BubbleHeader {
    let text = match header {
        TemplateHeader::Text(text) => Some(filled(text, format)),
        _ => None,
    };
    BubbleHeader { kind: header.kind(), text, link: header.media().and_then(|sample| sample.link.clone()) }
}

fn shown_button(button: &TemplateButton) -> BubbleButton {
    // WhatsApp's own labels, in the person's language on the phone.
    let own = match button {
        TemplateButton::CopyCode { .. } => "Copy offer code",
        TemplateButton::Otp(otp) if otp.otp_type == OtpType::OneTap => "Autofill",
        TemplateButton::Otp(_) => "Copy code",
        _ => "Share contact info",
    };
    let text = match button {
        TemplateButton::Otp(otp) if otp.otp_type == OtpType::OneTap => otp.autofill_text.as_deref(),
        other => other.text(),
    };
    let url = match button {
        TemplateButton::Url { url, sample, .. } => {
            Some(replaced(url, |name| sample.clone().unwrap_or_else(|| format!("{{{{{name}}}}}"))))
        }
        _ => None,
    };
    BubbleButton { kind: button.kind(), text: text.unwrap_or(own).to_owned(), url }
}
