//! A definition before it is submitted: both providers' forms side by side, what they lack, and the bubble.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::ids::WorkspaceId;
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::TemplateDefinition;
use crate::domain::template_definition::bubble::TemplateBubble;
use crate::domain::template_definition::variables::TemplateVariable;
use crate::providers::templates::size::oversize;
use crate::providers::templates::{Compiled, compile, rules};
use crate::providers::violation::Violation;

use super::{Templates, TemplatesError};

/// A definition, looked at from every side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TemplatePreview {
    /// Rules of WhatsApp that it breaks; nothing is submitted before there are none.
    pub violations: Vec<Violation>,
    pub direct: ProviderPreview,
    pub twilio: ProviderPreview,
    /// What a message with it gives.
    pub variables: Vec<TemplateVariable>,
    /// As the person sees it, filled with the samples.
    pub bubble: TemplateBubble,
}

/// One provider's form of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderPreview {
    /// The provider can carry a template that says the same.
    pub whole: bool,
    #[serde(flatten)]
    pub compiled: Compiled,
}

impl Templates {
    /// Looks at a definition without keeping or submitting it.
    ///
    /// # Errors
    /// A sample names a medium that the workspace does not have, or the definition is larger than any template.
    pub async fn preview(
        &self,
        workspace: WorkspaceId,
        definition: &TemplateDefinition,
    ) -> Result<TemplatePreview, TemplatesError> {
        if let Some(size) = oversize(definition) {
            return Err(TemplatesError::Invalid(vec![size]));
        }
        let samples = self.sample_links(workspace, definition).await?;
        let of = |provider| {
            let compiled = compile(provider, definition, &samples);
            ProviderPreview { whole: compiled.is_whole(), compiled }
        };
        Ok(TemplatePreview {
            violations: rules::violations(definition),
            direct: of(ProviderKind::Direct),
            twilio: of(ProviderKind::Twilio),
            variables: definition.variables(),
            bubble: definition.bubble(),
        })
    }
}
