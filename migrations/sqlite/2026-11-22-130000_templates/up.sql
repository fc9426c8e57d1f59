CREATE TABLE templates (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
    definition TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX templates_name ON templates (workspace_id, name, language);
CREATE INDEX templates_workspace ON templates (workspace_id, id);

CREATE TABLE template_registrations (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    template_id BLOB NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('twilio', 'direct')),
    account TEXT NOT NULL,
    provider_ref TEXT,
    status TEXT NOT NULL CHECK (status IN ('unsubmitted', 'received', 'pending', 'approved', 'rejected', 'paused', 'disabled', 'in_appeal', 'pending_deletion', 'deleted', 'limit_exceeded', 'archived', 'locked', 'unknown')),
    category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
    correct_category TEXT CHECK (correct_category IN ('marketing', 'utility', 'authentication')),
    quality TEXT CHECK (quality IN ('green', 'yellow', 'red', 'unknown')),
    rejection_reason TEXT,
    rejection_detail TEXT,
    problem TEXT,
    definition TEXT NOT NULL,
    slots TEXT NOT NULL,
    lost TEXT NOT NULL,
    edits TEXT NOT NULL,
    submitted_at INTEGER,
    status_at INTEGER NOT NULL,
    synced_at INTEGER,
    poll_at INTEGER,
    raw TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX template_registrations_ref ON template_registrations (workspace_id, provider, account, provider_ref);
CREATE INDEX template_registrations_template ON template_registrations (template_id, id);
CREATE INDEX template_registrations_poll ON template_registrations (poll_at) WHERE poll_at IS NOT NULL;

CREATE TABLE template_syncs (
    workspace_id BLOB NOT NULL,
    provider TEXT NOT NULL CHECK (provider IN ('twilio', 'direct')),
    account TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempted_at INTEGER,
    succeeded_at INTEGER,
    failures INTEGER NOT NULL,
    counts TEXT NOT NULL,
    unreadable TEXT NOT NULL,
    error TEXT,
    PRIMARY KEY (workspace_id, provider, account)
) STRICT;
CREATE INDEX template_syncs_due ON template_syncs (due_at);
