//! The person behind a number and a user id (direct.md §3.4).

use serde_json::Value;

use crate::domain::contact::{Bsuid, Identity, Person};
use crate::domain::phone::Phone;

use super::members::text;

/// The person named by a number and a user id, either of which may be missing, or stand in the other's place.
pub(in crate::providers::direct) fn person(
    contacts: &[Value],
    number: Option<&str>,
    user: Option<&str>,
) -> Option<Person> {
    let is_them = |contact: &&Value| {
        (number.is_some() && text(contact, "wa_id") == number) || (user.is_some() && text(contact, "user_id") == user)
    };
    // Only the contact named by an id: a neighbour's names must never be bound to this person.
    let contact = contacts.iter().find(is_them);
    let listed = |name| contact.and_then(|contact| text(contact, name));
    let profile = |name| contact.and_then(|contact| contact.get("profile")).and_then(|profile| text(profile, name));

    let read = |digits| Phone::from_wa_id(digits).ok();
    let phone = number.and_then(read).or_else(|| listed("wa_id").and_then(read));
    let bsuid = user.or(number).and_then(Bsuid::parse).or_else(|| listed("user_id").and_then(Bsuid::parse));
    let mut further: Vec<Identity> = Vec::new();
    // The number that WhatsApp knows may have a digit more or less than the one that was written to.
    further.extend(
        listed("wa_id").and_then(read).filter(|known| Some(known) != phone.as_ref()).iter().map(Identity::phone),
    );
    further.extend(listed("parent_user_id").and_then(Bsuid::parse).iter().map(Identity::bsuid));
    (phone.is_some() || bsuid.is_some()).then(|| Person {
        phone,
        bsuid,
        further,
        name: profile("name").map(str::to_owned),
        username: profile("username").map(str::to_owned),
    })
}

/// A user id under which the person is known as well.
pub(super) fn add(person: &mut Person, user: Option<&str>) {
    let Some(identity) = user.and_then(Bsuid::parse).map(|id| Identity::bsuid(&id)) else { return };
    if !person.identities().contains(&identity) {
        person.further.push(identity);
    }
}
