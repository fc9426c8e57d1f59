//! The sandbox's stand-in for both providers, on a loopback port that stays the same from start to start.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use duplex_simulator::{Simulator, SimulatorConfig, SimulatorError};
use secrecy::ExposeSecret;

use super::StartError;
use super::sandbox::AdminSimulator;
use crate::channels::Channels;
use crate::channels::sandbox::Sandbox;
use crate::config::Config;

/// Folder below the data folder.
const FOLDER: &str = "simulator";
/// The port taken last time.
const PORT: &str = "port";

/// A running simulator.
pub(super) struct Running(Simulator);

impl Running {
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        let folder = config.data_file(FOLDER);
        fs::create_dir_all(&folder).map_err(|source| StartError::DataFolder { path: folder.clone(), source })?;
        let wanted = config.sandbox.simulator_listen;
        let kept = fs::read_to_string(folder.join(PORT)).ok().and_then(|text| text.trim().parse::<u16>().ok());
        let simulator = match kept.filter(|_| wanted.port() == 0) {
            None => duplex_simulator::start(settings(config, wanted)).await?,
            Some(port) => {
                let again = SocketAddr::new(wanted.ip(), port);
                match duplex_simulator::start(settings(config, again)).await {
                    // Somebody else has the port by now; another one is as good.
                    Err(SimulatorError::Listen { .. }) => duplex_simulator::start(settings(config, wanted)).await?,
                    started => started?,
                }
            }
        };
        if let Err(error) = fs::write(folder.join(PORT), simulator.addr().port().to_string()) {
            tracing::warn!(%error, "the simulator's port could not be kept for the next start");
        }
        Ok(Self(simulator))
    }

    pub fn base_url(&self) -> String {
        self.0.base_url()
    }

    /// The sandbox of the installation, at this simulator.
    pub fn sandbox(&self, channels: &Channels) -> Result<Sandbox, StartError> {
        let admin = self.0.admin().map_err(|error| StartError::Other(error.to_string()))?;
        Ok(Sandbox::new(channels.clone(), Arc::new(AdminSimulator(admin))))
    }

    pub async fn stop(self) {
        self.0.stop().await;
    }
}

/// The simulator's settings at an address.
pub(super) fn settings(config: &Config, listen: SocketAddr) -> SimulatorConfig {
    SimulatorConfig {
        listen,
        data_dir: Some(config.data_file(FOLDER)),
        admin_token: config.sandbox.simulator_admin_token.as_ref().map(|token| token.expose_secret().to_owned()),
        ..SimulatorConfig::default()
    }
}
