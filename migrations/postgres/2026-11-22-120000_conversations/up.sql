ALTER TABLE contacts ADD COLUMN username TEXT;
ALTER TABLE contacts ADD COLUMN merged_into UUID;
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE contact_identities ADD COLUMN valid_from TIMESTAMPTZ;
ALTER TABLE contact_identities ADD COLUMN retired_at TIMESTAMPTZ;

CREATE TABLE conversations (
    channel_id UUID NOT NULL REFERENCES channels (id),
    contact_id UUID NOT NULL REFERENCES contacts (id),
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    position UUID NOT NULL,
    last_inbound_at TIMESTAMPTZ,
    window_until TIMESTAMPTZ NOT NULL,
    free_entry_answer_until TIMESTAMPTZ,
    free_entry_until TIMESTAMPTZ,
    PRIMARY KEY (channel_id, contact_id)
);
CREATE INDEX conversations_workspace ON conversations (workspace_id, position);
CREATE INDEX conversations_contact ON conversations (contact_id);
CREATE INDEX conversations_free_entry ON conversations (free_entry_answer_until) WHERE free_entry_answer_until IS NOT NULL;

INSERT INTO conversations (channel_id, contact_id, workspace_id, position, last_inbound_at, window_until)
SELECT channel_id, contact_id, workspace_id, (array_agg(id ORDER BY id DESC))[1], max(created_at), max(created_at) + interval '24 hours'
FROM messages
WHERE direction = 'inbound' AND kind <> 'system'
GROUP BY channel_id, contact_id, workspace_id;
