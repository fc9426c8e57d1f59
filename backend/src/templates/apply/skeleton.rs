//! Whether two definitions are the same template to a provider, whatever samples stand in them.

use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::{
    MediaSample, OtpButton, TemplateButton, TemplateDefinition, TemplateHeader, TemplateText,
};
use crate::providers::direct::templates::import::import as import_direct;
use crate::providers::templates::{SampleAddresses, compile};
use crate::providers::twilio::templates::import::import as import_twilio;

/// What stands in the place of a sample: any address that a provider's form can hold.
const ANYWHERE: &str = "https://sample.invalid/sample";

/// Whether `shown`, read from a provider, is what `kept` looks like there.
pub(super) fn is_same(provider: ProviderKind, kept: &TemplateDefinition, shown: &TemplateDefinition) -> bool {
    kept == shown || bare(there_and_back(provider, kept)) == bare(there_and_back(provider, shown))
}

/// The definition after a way through the provider's form, which drops what that can't hold.
fn there_and_back(provider: ProviderKind, definition: &TemplateDefinition) -> TemplateDefinition {
    let mut placed = definition.clone();
    for header in placed.header.iter_mut().chain(placed.cards.iter_mut().map(|card| &mut card.header)) {
        if let TemplateHeader::Image(sample) | TemplateHeader::Video(sample) | TemplateHeader::Document(sample) = header
        {
            *sample = MediaSample { link: Some(ANYWHERE.to_owned()), ..MediaSample::default() };
        }
    }
    let request = compile(provider, &placed, &SampleAddresses::new()).request;
    let back = match provider {
        ProviderKind::Direct => import_direct(&request),
        ProviderKind::Twilio => import_twilio(&request, &placed.name, placed.category),
    };
    let kinds = |definition: &TemplateDefinition| -> Vec<Option<TemplateHeader>> {
        let cards = definition.cards.iter().map(|card| Some(card.header.clone()));
        std::iter::once(definition.header.clone()).chain(cards).collect()
    };
    match back {
        // Without an ending the address does not tell what kind of medium it is.
        Ok(mut back) if back.definition.cards.len() == placed.cards.len() => {
            let mut headers = kinds(&placed).into_iter();
            back.definition.header = headers.next().flatten();
            for (card, header) in back.definition.cards.iter_mut().zip(headers) {
                if let Some(header) = header {
                    card.header = header;
                }
            }
            back.definition
        }
        _ => placed,
    }
}

/// Without samples and without what the provider may rewrite: category and time to live.
fn bare(mut definition: TemplateDefinition) -> TemplateDefinition {
    definition.category = crate::domain::template_definition::TemplateCategory::Utility;
    definition.message_send_ttl_seconds = None;
    definition.header.iter_mut().for_each(bare_header);
    definition.body.iter_mut().for_each(bare_text);
    definition.buttons.iter_mut().for_each(bare_button);
    for card in &mut definition.cards {
        bare_header(&mut card.header);
        card.body.iter_mut().for_each(bare_text);
        card.buttons.iter_mut().for_each(bare_button);
    }
    definition
}

fn bare_header(header: &mut TemplateHeader) {
    match header {
        TemplateHeader::Text(text) => bare_text(text),
        TemplateHeader::Image(sample) | TemplateHeader::Video(sample) | TemplateHeader::Document(sample) => {
            *sample = MediaSample::default();
        }
        TemplateHeader::Location {} | TemplateHeader::Product {} => {}
    }
}

fn bare_text(text: &mut TemplateText) {
    text.samples.clear();
}

fn bare_button(button: &mut TemplateButton) {
    match button {
        TemplateButton::QuickReply { payload, .. } => *payload = None,
        TemplateButton::Url { sample, .. } => *sample = None,
        TemplateButton::CopyCode { sample } => sample.clear(),
        // Meta fills in its own labels.
        TemplateButton::Otp(otp) => *otp = OtpButton { otp_type: otp.otp_type, ..OtpButton::default() },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(change: serde_json::Value) -> TemplateDefinition {
        let mut whole = serde_json::json!({
            "name": "a", "language": "en", "category": "utility",
            "header": { "type": "video", "media_id": "0199f2a0-0000-7000-8000-000000000001" },
            "body": { "text": "Hello {{1}}, it has come.", "samples": [{ "text": "Ada" }] },
            "buttons": [{ "type": "quick_reply", "text": "Help", "payload": "help" }],
        });
        for (name, value) in change.as_object().unwrap() {
            whole[name] = value.clone();
        }
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn samples_and_payloads_make_no_other_template() {
        let kept = definition(serde_json::json!({}));
        let shown = definition(serde_json::json!({
            "header": { "type": "video", "link": "https://scontent.example/x" },
            "body": { "text": "Hello {{1}}, it has come.", "samples": [{ "text": "Bob" }] },
            "buttons": [{ "type": "quick_reply", "text": "Help" }],
        }));
        for provider in ProviderKind::ALL {
            assert!(is_same(*provider, &kept, &shown), "{provider}");
            let other = definition(serde_json::json!({ "footer": "Acme" }));
            assert!(!is_same(*provider, &kept, &other), "{provider}");
            let other =
                definition(serde_json::json!({ "header": { "type": "image", "link": "https://a.example/b.png" } }));
            assert!(!is_same(*provider, &kept, &other), "{provider}");
        }
    }

    #[test]
    fn names_are_lost_at_twilio_only() {
        let text = |text: &str, name: Option<&str>| {
            let format = if name.is_some() { "named" } else { "positional" };
            definition(
                serde_json::json!({ "parameter_format": format, "body": { "text": text, "samples": [{ "text": "Ada", "name": name }] } }),
            )
        };
        let (named, numbered) =
            (text("Hello {{who}}, it has come.", Some("who")), text("Hello {{1}}, it has come.", None));
        assert!(is_same(ProviderKind::Twilio, &named, &numbered));
        assert!(!is_same(ProviderKind::Direct, &named, &numbered));
    }
}
