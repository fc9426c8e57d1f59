//! Before a message with a template is queued: the template is there and approved, every value is given, and what the gateway
//! knows is filled in.

use crate::channels::LoadedChannel;
use crate::domain::content::Content;
use crate::domain::provider::ProviderKind;
use crate::domain::template::TemplateUse;
use crate::domain::template_definition::{TemplateCategory, TemplateDefinition};
use crate::providers::templates::Lost;
use crate::providers::templates::rules::is_language;
use crate::providers::violation::{Violation, ViolationCode as V};
use crate::storage::conn::Conn;
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::{StorageResult, templates};

use super::apply::has_unknown_parts;
use super::fill::{self, Standing};
use super::{Templates, TemplatesError, values};

/// Names that an error lists.
const NAMES_SHOWN: usize = 10;

/// What a message's use of a template comes to.
#[derive(Debug, Default)]
pub struct TemplateCheck {
    pub violations: Vec<Violation>,
    /// As it stands at the provider; `None` when there is no template, or nobody here knows it.
    pub category: Option<TemplateCategory>,
}

impl TemplateCheck {
    fn refused(violation: Violation) -> Self {
        Self { violations: vec![violation], category: None }
    }
}

/// What is known of a name and language at an account.
#[derive(Default)]
struct Known {
    /// The one that a message uses: the newest that can be sent, else the newest.
    registration: Option<RegistrationRecord>,
    /// Languages of the same name there, or other names.
    others: Vec<String>,
}

impl Templates {
    /// Checks and completes a message's use of a template. A template that is not known has its account looked at once. Other
    /// contents pass.
    ///
    /// # Errors
    /// The database's, or the channel can't be loaded.
    pub async fn check_use(
        &self,
        channel: &LoadedChannel,
        content: &mut Content,
    ) -> Result<TemplateCheck, TemplatesError> {
        let (name, language, sid) = match content {
            Content::Template(used) => (&used.name, &used.language, used.twilio.as_ref()),
            Content::OneTimeCode(code) => (&code.name, &code.language, code.twilio.as_ref()),
            _ => return Ok(TemplateCheck::default()),
        };
        if name.is_empty() || name.contains('\0') || !is_language(language) {
            // The form of the name is the capabilities' matter.
            return Ok(TemplateCheck::default());
        }
        let (name, language) = (name.clone(), language.clone());
        let sid = sid.filter(|_| channel.provider == ProviderKind::Twilio).map(|stored| stored.content_sid.clone());
        let registration = match &sid {
            Some(sid) => self.by_sid(channel, sid).await?,
            None => {
                let known = self.known(channel, &name, &language).await?;
                match known.registration {
                    Some(registration) => Some(registration),
                    None => return Ok(TemplateCheck::refused(unknown(&name, &language, &known.others))),
                }
            }
        };
        // A SID that nobody here knows is the caller's own affair.
        let Some(registration) = registration else { return Ok(TemplateCheck::default()) };
        if !registration.status.is_sendable() {
            return Ok(TemplateCheck::refused(not_approved(&registration)));
        }
        let violations = self.check_values(channel, &registration, content)?;
        Ok(TemplateCheck { violations, category: Some(registration.category) })
    }

    fn check_values(
        &self,
        channel: &LoadedChannel,
        registration: &RegistrationRecord,
        content: &mut Content,
    ) -> Result<Vec<Violation>, TemplatesError> {
        let definition: TemplateDefinition = registration.definition.clone().read()?;
        let lost: Vec<Lost> = registration.lost.clone().read()?;
        let standing = Standing {
            reference: registration.provider_ref.clone().unwrap_or_default(),
            slots: registration.slots.clone().read()?,
            definition,
        };
        Ok(match content {
            Content::Template(used) => {
                let numbered = numbers_given(channel, used);
                let mut found = match numbered || has_unknown_parts(&lost) {
                    true => Vec::new(),
                    false => values::violations(&standing.definition, used, self.0.clock.now()),
                };
                if found.is_empty() {
                    found = fill::complete(channel, &standing, used);
                }
                found
            }
            Content::OneTimeCode(code) if standing.definition.is_authentication() => {
                if channel.provider == ProviderKind::Twilio {
                    fill::complete_code(&standing, code);
                }
                Vec::new()
            }
            Content::OneTimeCode(_) => {
                let message = "this is no authentication template; send it as content of the type template";
                vec![Violation::new("content.name", V::Conflict, message)]
            }
            _ => Vec::new(),
        })
    }

    async fn by_sid(&self, channel: &LoadedChannel, sid: &str) -> Result<Option<RegistrationRecord>, TemplatesError> {
        let (workspace, provider, account) = (channel.workspace, channel.provider, channel.address.account.clone());
        let sid = sid.to_owned();
        Ok(self
            .0
            .db
            .read(move |conn| template_registrations::by_reference(conn, workspace, provider, &account, &sid))
            .await?)
    }

    /// What is known, after a look at the account if there is nothing that can be sent.
    async fn known(&self, channel: &LoadedChannel, name: &str, language: &str) -> Result<Known, TemplatesError> {
        let known = self.read(channel, name, language).await?;
        if known.registration.as_ref().is_some_and(|one| one.status.is_sendable()) {
            return Ok(known);
        }
        if self.look_on_demand(channel).await? { self.read(channel, name, language).await } else { Ok(known) }
    }

    async fn read(&self, channel: &LoadedChannel, name: &str, language: &str) -> Result<Known, TemplatesError> {
        let (workspace, provider, account) = (channel.workspace, channel.provider, channel.address.account.clone());
        let (name, language) = (name.to_owned(), language.to_owned());
        let known = self.0.db.read(move |conn| {
            let languages = templates::named(conn, workspace, std::slice::from_ref(&name))?;
            let ids: Vec<_> = languages.iter().map(|template| template.id).collect();
            let registrations: Vec<RegistrationRecord> = template_registrations::of_templates(conn, workspace, &ids)?
                .into_iter()
                .filter(|one| one.provider == provider && one.account == account && one.provider_ref.is_some())
                .collect();
            let wanted = languages.iter().find(|template| template.language == language).map(|template| template.id);
            let mine = || registrations.iter().rev().filter(|one| Some(one.template_id) == wanted);
            let usable = mine().find(|one| one.status.is_sendable());
            let registration = usable.or_else(|| mine().find(|one| !one.status.is_gone())).or_else(|| mine().next());
            let registration = registration.cloned();
            let mut others: Vec<String> = languages
                .iter()
                .filter(|template| registrations.iter().any(|one| one.template_id == template.id))
                .map(|template| format!("{name} in {}", template.language))
                .collect();
            if others.is_empty() && registration.is_none() {
                others = names_at(conn, workspace, provider)?;
            }
            Ok(Known { registration, others })
        });
        Ok(known.await?)
    }
}

/// Some names that are registered with the provider.
fn names_at(
    conn: &mut Conn,
    workspace: crate::domain::ids::WorkspaceId,
    provider: ProviderKind,
) -> StorageResult<Vec<String>> {
    let filter = templates::TemplateFilter { provider: Some(provider), ..templates::TemplateFilter::default() };
    let page = crate::domain::page::Page { before: None, limit: u16::try_from(NAMES_SHOWN).unwrap_or(u16::MAX) };
    let found = templates::list(conn, workspace, &filter, page)?;
    let mut names: Vec<String> =
        found.into_iter().take(NAMES_SHOWN).map(|one| format!("{} in {}", one.name, one.language)).collect();
    names.sort();
    Ok(names)
}

/// A caller of Twilio's who numbers the variables gives no values by place.
fn numbers_given(channel: &LoadedChannel, used: &TemplateUse) -> bool {
    channel.provider == ProviderKind::Twilio && used.twilio.as_ref().is_some_and(|stored| stored.variables.is_some())
}

fn unknown(name: &str, language: &str, others: &[String]) -> Violation {
    let known = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
    let message = format!("no such template in this language ({name} in {language}); known: {known}");
    Violation::new("content.name", V::NotFound, message)
}

fn not_approved(registration: &RegistrationRecord) -> Violation {
    let reasons = [&registration.rejection_reason, &registration.rejection_detail];
    let mut reasons: Vec<&str> = reasons.into_iter().flatten().map(String::as_str).collect();
    reasons.dedup();
    let status = registration.status;
    let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(": ")) };
    let message = format!("at this account the template is {status}, and only approved ones can be sent{why}");
    Violation::new("content.name", V::NotReady, message)
}
