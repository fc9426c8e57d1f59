//! When the first copy of a one-time code can't arrive any more: before that no second one may leave.

use std::time::Duration;

use crate::domain::content::Content;
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::TemplateDefinition;
use crate::domain::time::Ts;
use crate::domain::unknown::{AUTHENTICATION_LIFE, MARGIN};
use crate::storage::Db;
use crate::storage::unknowns::{self, UnknownMessage};

/// The end of a copy.
pub(super) enum Death {
    At(Ts),
    /// Why nobody can say.
    NotKnown(String),
}

/// Thirty days, which Meta writes as −1 (direct.md §2.8).
const NO_LIMIT: Duration = Duration::from_secs(30 * 86_400);

/// At Twilio a copy waits in the queue as long as it was told to, and then at WhatsApp as long as an authentication template does.
/// At Meta it is the template's own time that counts, of whichever account it stands in the longest.
pub(super) async fn of(db: &Db, provider: ProviderKind, message: &UnknownMessage) -> Death {
    match provider {
        ProviderKind::Twilio => match message.validity {
            Some(validity) => Death::At(message.left.plus(validity + AUTHENTICATION_LIFE)),
            None => Death::NotKnown(
                "The first copy was sent without an end that lies before the deadline, so it may still arrive.".to_owned(),
            ),
        },
        ProviderKind::Direct => match life_of_template(db, message).await {
            Some(life) => Death::At(message.left.plus(life)),
            None => Death::NotKnown(
                "The gateway does not know the template, and so not for how long WhatsApp tries to deliver the first copy.".to_owned(),
            ),
        },
    }
}

async fn life_of_template(db: &Db, message: &UnknownMessage) -> Option<Duration> {
    let (name, language) = match &message.content {
        Content::OneTimeCode(code) => (code.name.clone(), code.language.clone()),
        Content::Template(template) => (template.name.clone(), template.language.clone()),
        _ => return None,
    };
    let workspace = message.workspace;
    let found = db
        .read(move |conn| unknowns::template_definitions(conn, workspace, ProviderKind::Direct, (&name, &language)))
        .await
        .inspect_err(|error| tracing::warn!(%error, "a template could not be read"))
        .ok()?;
    let lives = found.into_iter().map(|definition| definition.read::<TemplateDefinition>().ok().map(life));
    // One that can't be read may live longer than the others.
    lives.collect::<Option<Vec<Duration>>>()?.into_iter().max()
}

fn life(definition: TemplateDefinition) -> Duration {
    match definition.message_send_ttl_seconds {
        None => AUTHENTICATION_LIFE,
        Some(seconds) => u64::try_from(seconds).map_or(NO_LIMIT, Duration::from_secs),
    }
}

impl Death {
    /// Why the first copy may still arrive.
    pub fn obstacle(&self, deadline: Ts, now: Ts) -> Option<String> {
        match self {
            Self::NotKnown(reason) => Some(reason.clone()),
            Self::At(end) if end.plus(MARGIN) > deadline.max(now) => Some(format!(
                "The first copy may arrive until {}, which is not before the deadline, so it is not sent again.",
                end.to_the_minute()
            )),
            Self::At(_) => None,
        }
    }
}
