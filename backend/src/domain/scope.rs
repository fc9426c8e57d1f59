//! What an API key or a session may do.

use super::provider::word;

word! {
    /// One permission.
    pub enum Scope {
        MessagesRead = "messages:read",
        MessagesWrite = "messages:write",
        ChannelsRead = "channels:read",
        ChannelsWrite = "channels:write",
        TemplatesRead = "templates:read",
        TemplatesWrite = "templates:write",
        EventsRead = "events:read",
        WorkspaceRead = "workspace:read",
        WorkspaceWrite = "workspace:write",
        /// The endpoints that integrators are told at, and the log of what they were told.
        WebhooksRead = "webhooks:read",
        WebhooksWrite = "webhooks:write",
        ApiKeysRead = "api_keys:read",
        ApiKeysWrite = "api_keys:write",
        /// The simulator's controls and the virtual phone; sandbox workspaces only.
        SandboxWrite = "sandbox:write",
    }
}

word! {
    /// A user's place in a workspace.
    pub enum Role {
        Owner = "owner",
        Member = "member",
    }
}

impl Role {
    /// A member works with messages and looks at the rest; only an owner changes credentials and keys.
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Owner => Scope::ALL,
            Self::Member => &[
                Scope::MessagesRead,
                Scope::MessagesWrite,
                Scope::ChannelsRead,
                Scope::TemplatesRead,
                Scope::TemplatesWrite,
                Scope::EventsRead,
                Scope::WorkspaceRead,
                Scope::WebhooksRead,
                Scope::SandboxWrite,
            ],
        }
    }
}
