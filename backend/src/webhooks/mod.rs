//! Webhooks out: what the operator's own systems are told.
//!
//! Requests follow the Standard Webhooks specification (standardwebhooks.com): headers `webhook-id`, `webhook-timestamp` and
//! `webhook-signature`.

pub mod alert_endpoint;
pub mod alerts;
mod signature;

pub use alert_endpoint::{AlertEndpoints, EndpointError};
pub use alerts::AlertDeliveries;
