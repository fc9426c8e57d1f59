//! Templates at Twilio whose header is one of the gateway's own media: its address is known only when the message goes out.

use async_trait::async_trait;

use crate::channels::LoadedChannel;
use crate::channels::preparation::{Need, Preparation};
use crate::domain::content::Content;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, MediaId};
use crate::domain::provider::ProviderKind;
use crate::domain::template::{HeaderValue, TemplateUse};
use crate::domain::template_definition::variables::{TemplatePart, VariablePlace};
use crate::providers::templates::Slot;
use crate::providers::{MediaAddress, Outbound, Prepared, SendError, StoredContent, Verdict};
use crate::storage::{StorageError, template_registrations};

use super::Templates;

/// Puts the addresses of media into the variables of stored Contents. Runs after the step that finds the addresses.
pub struct TemplateMedia {
    templates: Templates,
}

impl TemplateMedia {
    pub fn new(templates: Templates) -> Self {
        Self { templates }
    }

    async fn slots(&self, channel: &LoadedChannel, sid: &str) -> Result<Vec<Slot>, StorageError> {
        let (workspace, account, sid) = (channel.workspace, channel.address.account.clone(), sid.to_owned());
        let found = self.templates.0.db.read(move |conn| {
            template_registrations::by_reference(conn, workspace, ProviderKind::Twilio, &account, &sid)
        });
        match found.await? {
            Some(record) => Ok(record.slots.read()?),
            None => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl Preparation for TemplateMedia {
    fn need(&self, channel: &LoadedChannel, content: &Content) -> Need {
        match content {
            Content::Template(used) if channel.provider == ProviderKind::Twilio && !own_media(used).is_empty() => {
                Need::Look
            }
            _ => Need::Nothing,
        }
    }

    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)> {
        let mut failed = Vec::new();
        if channel.provider != ProviderKind::Twilio {
            return failed;
        }
        for outbound in batch {
            let Content::Template(used) = &outbound.content else { continue };
            let Some(stored) = used.twilio.as_ref().filter(|_| !own_media(used).is_empty()) else { continue };
            let slots = match self.slots(channel, &stored.content_sid).await {
                Ok(slots) => slots,
                Err(error) => {
                    tracing::warn!(%error, "a template's variables could not be read");
                    failed.push((outbound.attempt, unread()));
                    continue;
                }
            };
            match filled(used, &slots, &outbound.prepared) {
                Some(stored) => outbound.prepared.stored = Some(stored),
                None => failed.push((outbound.attempt, unplaced())),
            }
        }
        failed
    }
}

/// The gateway's media in the headers, with their places.
fn own_media(used: &TemplateUse) -> Vec<(VariablePlace, MediaId)> {
    let own = used.header.iter().map(|header| (VariablePlace::HEADER, header));
    let cards = used.cards.iter().enumerate().map(|(n, card)| (VariablePlace::HEADER.on_card(Some(n)), &card.header));
    own.chain(cards)
        .filter_map(|(place, header)| match header {
            HeaderValue::Image(media) | HeaderValue::Video(media) | HeaderValue::Document(media) => {
                Some((place, media.media_id?))
            }
            HeaderValue::Text(_) | HeaderValue::Location(_) | HeaderValue::Product { .. } => None,
        })
        .collect()
}

/// The Content with all variables; `None` when an address is not where the Content takes media from.
fn filled(used: &TemplateUse, slots: &[Slot], prepared: &Prepared) -> Option<StoredContent> {
    let stored = used.twilio.as_ref()?;
    let mut variables = stored.variables.clone().unwrap_or_default();
    for (place, id) in own_media(used) {
        let slot = slots.iter().find(|slot| slot.place == place && slot.place.part == TemplatePart::Header)?;
        let Some(MediaAddress::Link(link)) = prepared.media.get(&id) else { return None };
        let end = link.as_str().strip_prefix(slot.prefix.as_deref().unwrap_or_default())?;
        variables.insert(slot.number.clone(), end.to_owned());
    }
    Some(StoredContent { sid: stored.content_sid.clone(), variables })
}

fn unread() -> SendError {
    let detail = "The template's variables could not be read; it is tried again.";
    SendError::new(Verdict::Retry { after: None }, FailureCode::ProviderError, None, detail)
}

fn unplaced() -> SendError {
    let detail = "The template at Twilio takes media from another host. Give a link there, or submit the template anew with a sample from the gateway.";
    SendError::new(Verdict::Rejected, FailureCode::MediaUnusable, None, detail)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn an_address_goes_into_its_variable() {
        let id = MediaId::new();
        let used: TemplateUse = serde_json::from_value(serde_json::json!({
            "name": "a", "language": "en", "header": { "type": "image", "media_id": id },
            "twilio": { "content_sid": "HX0123456789abcdef0123456789abcdef", "variables": { "2": "Ada" } },
        }))
        .unwrap();
        let slot = |prefix: &str| Slot {
            number: "1".to_owned(),
            place: VariablePlace::HEADER,
            prefix: Some(prefix.to_owned()),
            sample: "x".to_owned(),
        };
        let link = "https://gateway.example/m/1/2/3/a.png".parse().unwrap();
        let prepared = Prepared { media: BTreeMap::from([(id, MediaAddress::Link(link))]), ..Prepared::default() };
        let stored = filled(&used, &[slot("https://gateway.example/")], &prepared).unwrap();
        let variables: Vec<(&str, &str)> = stored.variables.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(variables, [("1", "m/1/2/3/a.png"), ("2", "Ada")]);
        assert_eq!(filled(&used, &[slot("https://other.example/")], &prepared), None);
    }
}
