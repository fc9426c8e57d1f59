//! Messages out and webhooks in, through the doors that integrators and providers use, with the simulator as both providers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod amendments;
mod cancelling;
mod dead_letters;
mod forgeries;
mod inbound_kinds;
mod marks;
mod media_in;
mod media_out;
mod media_sandbox;
mod media_stage;
mod media_steps;
mod offers;
mod people;
mod preparations;
mod reconcile;
mod refusals;
mod replays;
mod scheduling;
mod sending;
mod stage;
mod stored_contents;
mod suppression_paths;
mod suppressions;
mod twilio_kinds;
mod unknowns;
mod vcards;
mod windows;
