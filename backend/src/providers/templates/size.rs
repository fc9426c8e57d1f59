//! How large a definition may be at all.

use crate::domain::template_definition::TemplateDefinition;
use crate::providers::violation::{Violation, ViolationCode};

/// Bytes of a definition as JSON: more than ten cards of the longest texts and addresses have, with their samples.
const LARGEST: usize = 128 * 1024;

/// What makes the definition larger than any that keeps the rules, whatever else is in it. Nothing else is to be done with one
/// like that: looking at all of its parts takes time.
pub fn oversize(definition: &TemplateDefinition) -> Option<Violation> {
    let size = serde_json::to_vec(definition).map_or(0, |document| document.len());
    let message = || format!("a template has at most {} KiB; shorten its texts", LARGEST / 1024);
    (size > LARGEST).then(|| Violation::new("(body)", ViolationCode::TooLong, message()))
}
