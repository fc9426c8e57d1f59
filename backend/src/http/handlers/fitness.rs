//! What a look at a message means for the caller.

use crate::error::{ApiError, Code, FieldError};
use crate::http::ApiResult;
use crate::outbox::fitness::{Fitness, FitnessError};
use crate::providers::violation::{Violation, ViolationCode};

impl From<FitnessError> for ApiError {
    fn from(error: FitnessError) -> Self {
        match error {
            FitnessError::Templates(error) => error.into(),
            FitnessError::Storage(error) => error.into(),
        }
    }
}

/// What stands against the message, field by field.
pub fn faults(fitness: &Fitness) -> Vec<FieldError> {
    fitness.violations.iter().cloned().map(field_error).collect()
}

pub fn field_error(violation: Violation) -> FieldError {
    FieldError::new(violation.field, violation.code.as_str(), violation.message)
}

/// Refuses what has faults: as unsupported when the provider lacks a part of it.
///
/// # Errors
/// There are faults.
pub fn demand_none(faults: Vec<FieldError>) -> ApiResult<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let lacking = faults.iter().any(|fault| fault.code == ViolationCode::Unsupported.as_str());
    let code = if lacking { Code::ContentUnsupported } else { Code::ValidationFailed };
    Err(ApiError::fields(faults).with_code(code))
}
