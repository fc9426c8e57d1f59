//! From Meta's components back to a definition. Unknown parts are named, never guessed.

use serde_json::Value;
use url::Url;

use crate::domain::template::TextValue;
use crate::domain::template_definition::placeholders::{before_last, names};
use crate::domain::template_definition::{
    AuthenticationText, LimitedTimeOffer, MediaSample, OtpButton, OtpType, ParameterFormat, SupportedApp,
    TemplateButton, TemplateCard, TemplateCategory, TemplateDefinition, TemplateFlowAction, TemplateHeader,
    TemplateText,
};
use crate::providers::templates::error::text;
use crate::providers::templates::{Imported, Losses, LostFeature, Unreadable};

/// Reads a template as the list shows it (direct.md §2.8).
///
/// # Errors
/// It has no name, no language, or a category that is none of Meta's.
pub fn import(template: &Value) -> Result<Imported, Unreadable> {
    let name = text(template, "name").unwrap_or_default();
    let unreadable = |why: &str| Unreadable { name: name.to_owned(), why: why.to_owned() };
    let language = text(template, "language").ok_or_else(|| unreadable("it has no language"))?;
    let category = text(template, "category").and_then(TemplateCategory::read);
    let mut definition = TemplateDefinition {
        name: name.to_owned(),
        language: language.replace('-', "_"),
        category: category.ok_or_else(|| unreadable("its category is not known"))?,
        parameter_format: match text(template, "parameter_format") {
            Some(format) if format.eq_ignore_ascii_case("named") => ParameterFormat::Named,
            _ => ParameterFormat::Positional,
        },
        header: None,
        body: None,
        footer: None,
        buttons: Vec::new(),
        limited_time_offer: None,
        cards: Vec::new(),
        authentication: None,
        message_send_ttl_seconds: template.get("message_send_ttl_seconds").and_then(Value::as_i64),
    };
    if name.is_empty() {
        return Err(unreadable("it has no name"));
    }
    let mut reader = Reader { format: definition.parameter_format, losses: Losses::default() };
    for component in list(template, "components") {
        if definition.category == TemplateCategory::Authentication {
            reader.authentication(component, &mut definition);
        } else {
            reader.component(component, &mut definition);
        }
    }
    Ok(Imported { definition, slots: Vec::new(), lost: reader.losses.into_vec() })
}

struct Reader {
    format: ParameterFormat,
    losses: Losses,
}

impl Reader {
    fn unknown(&mut self, place: &str, what: &str) {
        let why = format!("Meta shows {what}, which this version does not know; its values can't be checked.");
        self.losses.block(LostFeature::UnknownPart, place, why);
    }

    fn component(&mut self, component: &Value, into: &mut TemplateDefinition) {
        match kind(component).as_str() {
            "HEADER" => into.header = self.header(component, "header"),
            "BODY" => into.body = Some(self.text(component, "body_text")),
            "FOOTER" => into.footer = text(component, "text").map(str::to_owned),
            "BUTTONS" => into.buttons = self.buttons(component, "buttons"),
            "LIMITED_TIME_OFFER" => {
                let offer = component.get("limited_time_offer").unwrap_or(&Value::Null);
                into.limited_time_offer = Some(LimitedTimeOffer {
                    text: text(offer, "text").unwrap_or_default().to_owned(),
                    has_expiration: is_true(offer, "has_expiration"),
                });
            }
            "CAROUSEL" => {
                let cards = list(component, "cards").iter().enumerate();
                into.cards = cards.filter_map(|(n, card)| self.card(n, card)).collect();
            }
            other => self.unknown("components", &format!("the component {other}")),
        }
    }

    fn authentication(&mut self, component: &Value, into: &mut TemplateDefinition) {
        let chosen = into.authentication.get_or_insert_with(AuthenticationText::default);
        match kind(component).as_str() {
            "BODY" => chosen.add_security_recommendation = is_true(component, "add_security_recommendation"),
            "FOOTER" => {
                let minutes = component.get("code_expiration_minutes").and_then(Value::as_u64);
                chosen.code_expiration_minutes = minutes.and_then(|minutes| u8::try_from(minutes).ok());
            }
            "BUTTONS" => into.buttons = list(component, "buttons").iter().map(otp).map(TemplateButton::Otp).collect(),
            other => self.unknown("components", &format!("the component {other}")),
        }
    }

    fn header(&mut self, component: &Value, place: &str) -> Option<TemplateHeader> {
        match text(component, "format").unwrap_or("TEXT").to_ascii_uppercase().as_str() {
            "TEXT" => Some(TemplateHeader::Text(self.text(component, "header_text"))),
            "IMAGE" => Some(TemplateHeader::Image(sample(component))),
            "VIDEO" => Some(TemplateHeader::Video(sample(component))),
            "DOCUMENT" => Some(TemplateHeader::Document(sample(component))),
            "LOCATION" => Some(TemplateHeader::Location {}),
            "PRODUCT" => Some(TemplateHeader::Product {}),
            other => {
                self.unknown(place, &format!("a header of the format {other}"));
                None
            }
        }
    }

    fn text(&self, component: &Value, examples: &str) -> TemplateText {
        let example = component.get("example").unwrap_or(&Value::Null);
        let samples = match self.format {
            ParameterFormat::Named => list(example, &format!("{examples}_named_params"))
                .iter()
                .map(|given| TextValue {
                    text: text(given, "example").unwrap_or_default().to_owned(),
                    name: text(given, "param_name").map(str::to_owned),
                })
                .collect(),
            ParameterFormat::Positional => {
                let given = list(example, examples);
                let row = given.first().and_then(Value::as_array).map_or(given, Vec::as_slice);
                let texts = row.iter().filter_map(Value::as_str);
                texts.map(|text| TextValue { text: text.to_owned(), name: None }).collect()
            }
        };
        TemplateText { text: text(component, "text").unwrap_or_default().to_owned(), samples }
    }

    fn buttons(&mut self, component: &Value, place: &str) -> Vec<TemplateButton> {
        let buttons = list(component, "buttons").iter().enumerate();
        buttons.filter_map(|(n, button)| self.button(button, &format!("{place}[{n}]"))).collect()
    }

    fn button(&mut self, button: &Value, place: &str) -> Option<TemplateButton> {
        let own = |name: &str| text(button, name).map(str::to_owned);
        let label = own("text").unwrap_or_default();
        Some(match kind(button).as_str() {
            "QUICK_REPLY" => TemplateButton::QuickReply { text: label, payload: None },
            "URL" => {
                let url = own("url").unwrap_or_default();
                let sample = (!names(&url).is_empty()).then(|| url_sample(button, &url)).flatten();
                TemplateButton::Url { text: label, url, sample }
            }
            "PHONE_NUMBER" => {
                TemplateButton::PhoneNumber { text: label, phone_number: own("phone_number").unwrap_or_default() }
            }
            "COPY_CODE" => TemplateButton::CopyCode { sample: example(button).unwrap_or_default().to_owned() },
            "FLOW" => TemplateButton::Flow {
                text: label,
                flow_id: button.get("flow_id").and_then(text_or_number),
                flow_name: own("flow_name"),
                flow_action: match own("flow_action") {
                    Some(action) if action.eq_ignore_ascii_case("data_exchange") => TemplateFlowAction::DataExchange,
                    _ => TemplateFlowAction::Navigate,
                },
                navigate_screen: own("navigate_screen"),
            },
            "CATALOG" => TemplateButton::Catalog { text: label },
            "MPM" => TemplateButton::Mpm { text: label },
            "SPM" => TemplateButton::Spm { text: label },
            "OTP" => TemplateButton::Otp(otp(button)),
            "VOICE_CALL" => TemplateButton::VoiceCall {
                text: label,
                ttl_minutes: button.get("ttl_minutes").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()),
            },
            "REQUEST_CONTACT_INFO" => TemplateButton::RequestContactInfo {},
            other => {
                self.unknown(place, &format!("a button of the type {other}"));
                return None;
            }
        })
    }

    fn card(&mut self, n: usize, card: &Value) -> Option<TemplateCard> {
        let components = list(card, "components");
        let find = |wanted: &str| components.iter().find(|component| kind(component) == wanted);
        let header = self.header(find("HEADER")?, &format!("cards[{n}].header"))?;
        Some(TemplateCard {
            header,
            body: find("BODY").map(|body| self.text(body, "body_text")),
            buttons: find("BUTTONS")
                .map(|buttons| self.buttons(buttons, &format!("cards[{n}].buttons")))
                .unwrap_or_default(),
        })
    }
}

/// The button of an authentication template; read back it has the type `URL`, and its address says what it is.
fn otp(button: &Value) -> OtpButton {
    let address = text(button, "url").and_then(|url| Url::parse(url).ok());
    let asked = |name: &str| {
        let pairs = address.as_ref()?.query_pairs().find(|(known, _)| known == name)?;
        Some(pairs.1.into_owned())
    };
    let own = |name: &str| text(button, name).map(str::to_owned);
    let named = own("otp_type").or_else(|| asked("otp_type")).unwrap_or_default().to_ascii_lowercase();
    let listed = list(button, "supported_apps").iter().filter_map(|app| {
        Some(SupportedApp {
            package_name: text(app, "package_name")?.to_owned(),
            signature_hash: text(app, "signature_hash")?.to_owned(),
        })
    });
    let mut supported_apps: Vec<SupportedApp> = listed.collect();
    if supported_apps.is_empty()
        && let (Some(package_name), Some(signature_hash)) = (asked("package_name"), asked("signature_hash"))
    {
        supported_apps.push(SupportedApp { package_name, signature_hash });
    }
    OtpButton {
        otp_type: named.parse().unwrap_or(OtpType::CopyCode),
        text: own("text"),
        autofill_text: own("autofill_text").or_else(|| asked("cta_display_name")),
        supported_apps,
        zero_tap_terms_accepted: is_true(button, "zero_tap_terms_accepted"),
    }
}

/// A handle from the upload, or the address under which Meta shows the sample afterwards.
fn sample(component: &Value) -> MediaSample {
    let example = component.get("example").unwrap_or(&Value::Null);
    let given = list(example, "header_handle").first().and_then(Value::as_str).filter(|text| !text.is_empty());
    let is_link = given.is_some_and(|text| text.starts_with("https://") || text.starts_with("http://"));
    let given = given.map(str::to_owned);
    if is_link {
        MediaSample { link: given, ..MediaSample::default() }
    } else {
        MediaSample { handle: given, ..MediaSample::default() }
    }
}

/// Meta shows the whole address; the definition keeps what stands in the variable's place.
fn url_sample(button: &Value, url: &str) -> Option<String> {
    let whole = example(button)?;
    let end = before_last(url).and_then(|fixed| whole.strip_prefix(fixed));
    Some(end.unwrap_or(whole).to_owned())
}

/// The first example, which is a text or a list of them.
fn example(button: &Value) -> Option<&str> {
    let given = button.get("example")?;
    given.as_str().or_else(|| given.get(0).and_then(Value::as_str))
}

fn kind(value: &Value) -> String {
    text(value, "type").unwrap_or_default().to_ascii_uppercase()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn is_true(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// Ids are text in most places and numbers in some.
fn text_or_number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
