//! Whether a channel can carry a message to a person: the rules that every way of sending has in common.

use crate::channels::LoadedChannel;
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, FieldError};
use crate::http::{ApiResult, Context};
use crate::providers::violation::{Violation, ViolationCode};

/// What comes of looking at a message.
#[derive(Debug)]
pub struct Fitness {
    /// What the channel, its templates and the media have against it; fields are named from `content`.
    pub faults: Vec<FieldError>,
    pub class: MessageClass,
}

/// Looks whether the channel can carry it when it is `due`, and fills in what the use of a template leaves to its definition.
///
/// # Errors
/// The database's.
pub async fn of(
    ctx: &Context,
    channel: &LoadedChannel,
    to: &Recipient,
    content: &mut Content,
    due: Ts,
) -> ApiResult<Fitness> {
    let template = ctx.templates.check_use(channel, content).await?;
    let unfit = template.violations;
    let can = channel.service.capabilities();
    let mut violations = can.check(content).err().unwrap_or_default();
    if !unfit.is_empty() {
        // The SID of a Content is filled in for a template that fits.
        violations.retain(|violation| violation.field != "content.twilio.content_sid");
        violations.extend(unfit);
    }
    violations.extend(can.check_recipient(to, content).err());
    violations.extend(ctx.media.check_use(channel.workspace, channel.provider, content).await?);
    let mut errors: Vec<FieldError> = violations.into_iter().map(field_error).collect();
    if content.offer_ended(due) {
        errors.push(FieldError::new(
            "content.offer_expires_at",
            "invalid_value",
            "must be later than the message is sent",
        ));
    }
    Ok(Fitness { faults: errors, class: MessageClass::of(content, template.category) })
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
