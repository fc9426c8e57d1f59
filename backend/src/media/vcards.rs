//! Hosting what the gateway has written itself, for providers that fetch it.

use async_trait::async_trait;
use url::Url;

use super::Media;
use super::links::Generated;
use crate::channels::LoadedChannel;
use crate::channels::preparation::{HostedFile, NotHosted, VCardHost};

#[async_trait]
impl VCardHost for Media {
    async fn host(&self, channel: &LoadedChannel, file: HostedFile) -> Result<Url, NotHosted> {
        let HostedFile { bytes, mime_type, filename, valid_for } = file;
        let generated = Generated { bytes, mime_type, filename: filename.to_owned() };
        self.publish(channel, generated, valid_for).await.map_err(|error| NotHosted(error.to_string()))
    }
}
