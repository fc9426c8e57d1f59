CREATE TABLE templates (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
    definition JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX templates_name ON templates (workspace_id, name, language);
CREATE INDEX templates_workspace ON templates (workspace_id, id);

CREATE TABLE template_registrations (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL,
    template_id UUID NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('twilio', 'direct')),
    account TEXT NOT NULL,
    provider_ref TEXT,
    status TEXT NOT NULL CHECK (status IN ('unsubmitted', 'received', 'pending', 'approved', 'rejected', 'paused', 'disabled', 'in_appeal', 'pending_deletion', 'deleted', 'limit_exceeded', 'archived', 'locked', 'unknown')),
    category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
    correct_category TEXT CHECK (correct_category IN ('marketing', 'utility', 'authentication')),
    quality TEXT CHECK (quality IN ('green', 'yellow', 'red', 'unknown')),
    rejection_reason TEXT,
    rejection_detail TEXT,
    problem JSONB,
    definition JSONB NOT NULL,
    slots JSONB NOT NULL,
    lost JSONB NOT NULL,
    edits JSONB NOT NULL,
    submitted_at TIMESTAMPTZ,
    status_at TIMESTAMPTZ NOT NULL,
    synced_at TIMESTAMPTZ,
    poll_at TIMESTAMPTZ,
    raw JSONB,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX template_registrations_ref ON template_registrations (workspace_id, provider, account, provider_ref);
CREATE INDEX template_registrations_template ON template_registrations (template_id, id);
CREATE INDEX template_registrations_poll ON template_registrations (poll_at) WHERE poll_at IS NOT NULL;

CREATE TABLE template_syncs (
    workspace_id UUID NOT NULL,
    provider TEXT NOT NULL CHECK (provider IN ('twilio', 'direct')),
    account TEXT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    attempted_at TIMESTAMPTZ,
    succeeded_at TIMESTAMPTZ,
    failures INTEGER NOT NULL,
    counts JSONB NOT NULL,
    unreadable JSONB NOT NULL,
    error JSONB,
    PRIMARY KEY (workspace_id, provider, account)
);
CREATE INDEX template_syncs_due ON template_syncs (due_at);
