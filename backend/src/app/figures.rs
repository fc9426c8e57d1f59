//! Prometheus metrics on a listener of their own, so that the outside never sees them.

use std::net::SocketAddr;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};

use super::{StartError, listen};
use crate::telemetry;

pub(super) struct Figures {
    pub addr: SocketAddr,
    server: ServerHandle,
}

impl Figures {
    pub fn start(address: SocketAddr) -> Result<Self, StartError> {
        let (listener, addr) = listen(address)?;
        let figures = telemetry::start_metrics()?;
        let server = HttpServer::new(move || {
            let figures = figures.clone();
            App::new().route(
                "/metrics",
                web::get().to(move || {
                    let text = figures.render();
                    async move { text }
                }),
            )
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .map_err(|source| StartError::Listen { address, source })?
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self { addr, server: handle })
    }

    pub async fn stop(self) {
        self.server.stop(false).await;
    }
}
