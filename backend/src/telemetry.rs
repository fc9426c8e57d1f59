//! Log lines and figures: set up once per process.

use std::io::IsTerminal;
use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Libraries that say what we say better; the setting may turn them up again.
const QUIET: &str = "actix_server=warn,r2d2=off";

/// Upper bounds of the histograms of seconds.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Why figures can't be kept.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(String);

/// Starts writing log lines to standard error. A second call in a process changes nothing.
pub fn start_log(config: &LogConfig) {
    // The filter was checked when the settings were read.
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.log)).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // Only the first caller in a process succeeds, which is what is wanted.
    let _ = match config.log_format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
    };
}

static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts keeping figures, and gives what renders them. A second call in a process gives the same.
///
/// # Errors
/// Another recorder is installed in this process.
pub fn start_metrics() -> Result<PrometheusHandle, MetricsError> {
    if let Some(handle) = FIGURES.get() {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
        .map_err(|error| MetricsError(error.to_string()))?
        .build_recorder();
    let handle = recorder.handle();
    match metrics::set_global_recorder(recorder) {
        Ok(()) => Ok(FIGURES.get_or_init(|| handle).clone()),
        Err(error) => FIGURES.get().cloned().ok_or_else(|| MetricsError(error.to_string())),
    }
}
