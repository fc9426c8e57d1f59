//! The way out: enqueue, dispatch, and the one function that every answer and late refusal goes through.

mod breaker;
pub mod dead_letters;
pub mod dispatcher;
pub mod enqueue;
pub mod failover;
pub mod fitness;
pub mod limits;
pub mod outcome;
mod sending;
pub mod settle;
mod sharing;
pub mod stored_contents;
pub mod sweeper;
pub mod unknowns;
pub mod vcards;
