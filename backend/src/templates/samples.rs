//! Media for the reviewer: from a public address, or uploaded to the gateway.

use std::time::Duration;

use async_trait::async_trait;
use url::Url;

use crate::channels::{LoadedChannel, RegistryError};
use crate::client::Request;
use crate::domain::ids::{MediaId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::{MediaSample, TemplateDefinition};
use crate::providers::templates::{SampleAddresses, SampleFile, media_samples};
use crate::providers::violation::ViolationCode;
use crate::providers::{TemplateError, TemplateErrorKind};

use super::{Templates, TemplatesError};

/// Limit of fetching one sample.
const FETCH: Duration = Duration::from_secs(30);

/// Media that were uploaded to the gateway, as far as samples need them.
#[async_trait]
pub trait SampleStore: Send + Sync {
    /// The bytes of a medium with its type and name; `None` when the workspace has no such medium.
    async fn file(&self, workspace: WorkspaceId, id: MediaId) -> Result<Option<SampleFile>, TemplatesError>;

    /// A public address of a medium below `base` that lasts as long as a review; `None` as above.
    async fn link(&self, workspace: WorkspaceId, id: MediaId, base: &Url) -> Result<Option<Url>, TemplatesError>;
}

impl Templates {
    /// Public addresses of the samples that are the gateway's own media, for showing what would be submitted.
    ///
    /// # Errors
    /// A medium is not there.
    pub async fn sample_links(
        &self,
        workspace: WorkspaceId,
        definition: &TemplateDefinition,
    ) -> Result<SampleAddresses, TemplatesError> {
        let mut found = SampleAddresses::new();
        for (place, header) in media_samples(definition) {
            if let Some(id) = header.media().and_then(|sample| sample.media_id) {
                found.insert(place.clone(), self.link_of(workspace, id, &place).await?.into());
            }
        }
        Ok(found)
    }

    /// Brings every sample to the provider's reviewers.
    ///
    /// # Errors
    /// A sample can't be fetched, or the provider does not take it; the place is named.
    pub(super) async fn upload_samples(
        &self,
        channel: &LoadedChannel,
        definition: &TemplateDefinition,
    ) -> Result<SampleAddresses, TemplatesError> {
        let mut addresses = SampleAddresses::new();
        for (place, header) in media_samples(definition) {
            let Some(sample) = header.media() else { continue };
            if let Some(handle) = sample.handle.as_ref().filter(|_| channel.provider == ProviderKind::Direct) {
                addresses.insert(place, handle.clone());
                continue;
            }
            let file = self.file_of(channel, sample, &place).await?;
            let address = channel.service.upload_sample(&file).await.map_err(|error| error.at(place.clone()))?;
            addresses.insert(place, address);
        }
        Ok(addresses)
    }

    async fn file_of(
        &self,
        channel: &LoadedChannel,
        sample: &MediaSample,
        place: &str,
    ) -> Result<SampleFile, TemplatesError> {
        let (workspace, bytes_needed) = (channel.workspace, channel.provider == ProviderKind::Direct);
        match (sample.media_id, &sample.link) {
            (Some(id), _) if bytes_needed => match &self.0.media {
                Some(store) => store.file(workspace, id).await?.ok_or_else(|| no_medium(place)),
                None => Err(no_medium(place)),
            },
            (Some(id), _) => Ok(named_only(self.link_of(workspace, id, place).await?.as_str())),
            (None, Some(link)) if bytes_needed => self.fetch(link, place).await,
            (None, Some(link)) => Ok(named_only(link)),
            (None, None) => {
                let message = "give the header's sample a link or a media_id; a handle is known at Meta only";
                Err(TemplatesError::violation(&format!("{place}.link"), ViolationCode::Required, message))
            }
        }
    }

    async fn link_of(&self, workspace: WorkspaceId, id: MediaId, place: &str) -> Result<Url, TemplatesError> {
        match &self.0.media {
            Some(store) => {
                let base = self.base_of(workspace).await?;
                store.link(workspace, id, &base).await?.ok_or_else(|| no_medium(place))
            }
            None => Err(no_medium(place)),
        }
    }

    /// The base under which the workspace's providers reach us.
    async fn base_of(&self, workspace: WorkspaceId) -> Result<Url, TemplatesError> {
        let environment = self.0.registry.route(workspace).await?.environment;
        let side = self.0.registry.addresses().of(environment).ok_or(RegistryError::SandboxOff)?;
        Ok(side.public_base.clone())
    }

    /// The bytes behind a public address; private ones are not reached (the client sees to that).
    async fn fetch(&self, link: &str, place: &str) -> Result<SampleFile, TemplatesError> {
        let unusable = |why: String| {
            let error = TemplateError::new(TemplateErrorKind::Sample, format!("The sample can't be fetched: {why}."));
            TemplatesError::Provider(error.at(format!("{place}.link")))
        };
        let url = Url::parse(link).map_err(|error| unusable(error.to_string()))?;
        let response = self.0.client.send(Request::get(url).timeout(FETCH)).await;
        let response = response.map_err(|error| unusable(error.to_string()))?;
        if !response.is_success() {
            return Err(unusable(format!("its address answers with status {}", response.status)));
        }
        let given = response.header("content-type").and_then(|text| text.split(';').next()).map(str::trim);
        let file = named_only(link);
        let mime_type = given.filter(|text| text.contains('/') && *text != "application/octet-stream");
        let mime_type = mime_type.map_or_else(|| mime_of(&file.filename).to_owned(), str::to_ascii_lowercase);
        Ok(SampleFile { mime_type, bytes: response.body, ..file })
    }
}

fn no_medium(place: &str) -> TemplatesError {
    let message = "the workspace has no such medium; upload it first, or give a link";
    TemplatesError::violation(&format!("{place}.media_id"), ViolationCode::NotFound, message)
}

/// What an address tells of the file behind it.
fn named_only(link: &str) -> SampleFile {
    let name = Url::parse(link).ok().and_then(|url| url.path_segments()?.next_back().map(str::to_owned));
    let filename = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "sample".to_owned());
    SampleFile { link: Some(link.to_owned()), mime_type: mime_of(&filename).to_owned(), filename, bytes: Vec::new() }
}

fn mime_of(filename: &str) -> &'static str {
    match filename.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "mp4" => "video/mp4",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}
