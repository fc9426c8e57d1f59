ALTER TABLE attempts ADD COLUMN preparing BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE attempts ADD COLUMN left_at TIMESTAMPTZ;

CREATE TABLE stored_contents (
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    account_sid TEXT NOT NULL,
    shape_hash TEXT NOT NULL,
    content_sid TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, account_sid, shape_hash)
);
CREATE INDEX stored_contents_used ON stored_contents (last_used_at);

CREATE TABLE content_removals (
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    account_sid TEXT NOT NULL,
    content_sid TEXT NOT NULL,
    message_id UUID,
    due_at TIMESTAMPTZ NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, account_sid, content_sid)
);
CREATE INDEX content_removals_due ON content_removals (due_at);
CREATE INDEX content_removals_message ON content_removals (message_id) WHERE message_id IS NOT NULL;
