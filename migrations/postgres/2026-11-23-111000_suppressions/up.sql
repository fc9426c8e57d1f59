CREATE TABLE suppressions (
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    contact_id UUID NOT NULL REFERENCES contacts (id),
    scope TEXT NOT NULL CHECK (scope IN ('all', 'marketing')),
    id UUID NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('provider', 'word', 'api', 'console')),
    detail TEXT,
    channel_id UUID REFERENCES channels (id),
    changed_at TIMESTAMPTZ NOT NULL,
    lifted_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, scope)
);
CREATE INDEX suppressions_workspace ON suppressions (workspace_id, id);
CREATE INDEX suppressions_contact ON suppressions (contact_id);

INSERT INTO suppressions (workspace_id, contact_id, scope, id, source, changed_at, lifted_at, created_at)
SELECT workspace_id, id, 'marketing', gen_random_uuid(), 'provider', marketing_changed_at,
    CASE WHEN marketing_stopped_at IS NULL THEN marketing_changed_at END, marketing_changed_at
FROM contacts
WHERE marketing_changed_at IS NOT NULL AND merged_into IS NULL;

ALTER TABLE contacts DROP COLUMN marketing_changed_at;
ALTER TABLE contacts DROP COLUMN marketing_stopped_at;
ALTER TABLE contacts ADD COLUMN time_zone TEXT;
