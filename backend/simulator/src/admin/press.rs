//! What a customer does to a message that is on the phone: press, pick, react, change. The message must be there and allow it.

use serde_json::Value;

use super::Refusal;
use super::inbound::Inbound;
use crate::accounts::Account;
use crate::content::{Button, ButtonType, Content};
use crate::ledger::{Direction, Status};
use crate::messages::Message;
use crate::state::World;

type Pressed = Result<Content, Refusal>;

/// A customer and the sender that it talks to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conversation<'a> {
    pub(super) world: &'a World,
    pub(super) account: &'a Account,
    pub(super) person: &'a str,
}

impl Conversation<'_> {
    fn message(&self, id: &str) -> Option<Message> {
        let found = self.world.messages.get(id)?;
        (found.record.account == *self.account.key() && *found.record.person == *self.person).then_some(found)
    }

    /// The profile name, or what stands for it.
    pub(super) fn name(&self, wanted: &Inbound) -> String {
        let known = || self.world.people.name(self.account.key(), self.person);
        wanted.name.clone().or_else(known).unwrap_or_else(|| self.person.to_owned())
    }
}

/// A message of the conversation, whoever sent it.
pub(super) fn target(conversation: &Conversation<'_>, id: &str) -> Result<Message, Refusal> {
    conversation.message(id).ok_or_else(|| Refusal::invalid("message_id names no message of this conversation"))
}

/// A message that the customer sent.
pub(super) fn own(conversation: &Conversation<'_>, id: &str) -> Result<Message, Refusal> {
    let message = target(conversation, id)?;
    if message.record.direction == Direction::Inbound {
        return Ok(message);
    }
    Err(Refusal::invalid("message_id names a message that is not the customer's"))
}

/// What the quoted message of the business says, if it is on the phone.
fn quoted(conversation: &Conversation<'_>, id: Option<&str>) -> Result<Content, Refusal> {
    let id = id.ok_or_else(|| Refusal::invalid("reply_to names the message whose button is pressed"))?;
    let message = conversation.message(id).filter(|message| message.record.direction == Direction::Outbound);
    let message =
        message.ok_or_else(|| Refusal::invalid("reply_to names no message of the business to this person"))?;
    if !matches!(message.status, Status::Delivered | Status::Read) {
        return Err(Refusal::invalid("the message that reply_to names has not reached the phone"));
    }
    Ok(message.record.content())
}

/// Taps the quick reply of a template.
pub(super) fn button(
    conversation: &Conversation<'_>,
    reply_to: Option<&str>,
    label: &str,
    payload: Option<&str>,
) -> Pressed {
    let content = quoted(conversation, reply_to)?;
    let fits = |button: &&Button| {
        button.r#type == ButtonType::QuickReply
            && button.text == label
            && payload.is_none_or(|payload| button.payload.as_deref() == Some(payload))
    };
    let found = content.buttons().find(fits);
    found.map(tapped).ok_or_else(|| Refusal::invalid("the template has no quick reply with this text and payload"))
}

fn tapped(button: &Button) -> Content {
    let payload = button.payload.clone().unwrap_or_else(|| button.text.clone());
    Content::Button { text: button.text.clone(), payload }
}

/// Taps a reply button.
pub(super) fn button_reply(conversation: &Conversation<'_>, reply_to: Option<&str>, id: &str) -> Pressed {
    let content = quoted(conversation, reply_to)?;
    let fits = |button: &&Button| button.r#type == ButtonType::Reply && button.id.as_deref() == Some(id);
    let found =
        content.buttons().find(fits).ok_or_else(|| Refusal::invalid("the message has no button with this id"))?;
    Ok(Content::ButtonReply { id: id.to_owned(), title: found.text.clone() })
}

/// Picks a row of a list.
pub(super) fn list_reply(conversation: &Conversation<'_>, reply_to: Option<&str>, id: &str) -> Pressed {
    let content = quoted(conversation, reply_to)?;
    let row = content.rows().find(|row| row.id == id);
    let row = row.ok_or_else(|| Refusal::invalid("the message has no row with this id"))?;
    Ok(Content::ListReply { id: row.id.clone(), title: row.title.clone(), description: row.description.clone() })
}

/// Sends off the flow of a message, or the form for an address.
pub(super) fn flow_reply(
    conversation: &Conversation<'_>,
    reply_to: Option<&str>,
    response: &Value,
    body: Option<&str>,
) -> Pressed {
    let content = quoted(conversation, reply_to)?;
    let Value::Object(members) = response else {
        return Err(Refusal::invalid("response_json is an object"));
    };
    let flow = content.buttons().find(|button| button.r#type == ButtonType::Flow);
    let name = match (&content, flow) {
        (Content::Address { .. }, _) => "address_message",
        (_, Some(_)) => "flow",
        _ => return Err(Refusal::invalid("the message has no flow")),
    };
    let mut members = members.clone();
    if let Some(token) = flow.and_then(|flow| flow.flow_token.clone()) {
        members.entry("flow_token").or_insert(Value::from(token));
    }
    let body = body.unwrap_or("Sent").to_owned();
    Ok(Content::FlowReply { name: name.to_owned(), body, response_json: Value::Object(members).to_string() })
}

/// Presses whatever has this label. Where the message is not known, as after a restart without a data folder, it counts as the
/// quick reply of a template.
pub(super) fn labelled(conversation: &Conversation<'_>, reply_to: Option<&str>, label: &str) -> Content {
    let content = reply_to.and_then(|id| conversation.message(id)).map(|message| message.record.content());
    let pressed = content.as_ref().and_then(|content| {
        let button = content.buttons().find(|button| button.text == label).and_then(|button| match button.r#type {
            ButtonType::Reply => Some(Content::ButtonReply { id: button.id.clone()?, title: button.text.clone() }),
            ButtonType::QuickReply => Some(tapped(button)),
            _ => None,
        });
        let row = || {
            let row = content.rows().find(|row| row.title == label)?;
            let (id, title) = (row.id.clone(), row.title.clone());
            Some(Content::ListReply { id, title, description: row.description.clone() })
        };
        button.or_else(row)
    });
    pressed.unwrap_or_else(|| Content::Button { text: label.to_owned(), payload: label.to_owned() })
}
