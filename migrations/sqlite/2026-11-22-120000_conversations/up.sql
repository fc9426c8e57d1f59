ALTER TABLE contacts ADD COLUMN username TEXT;
ALTER TABLE contacts ADD COLUMN merged_into BLOB;
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE contact_identities ADD COLUMN valid_from INTEGER;
ALTER TABLE contact_identities ADD COLUMN retired_at INTEGER;

CREATE TABLE conversations (
    channel_id BLOB NOT NULL REFERENCES channels (id),
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    position BLOB NOT NULL,
    last_inbound_at INTEGER,
    window_until INTEGER NOT NULL,
    free_entry_answer_until INTEGER,
    free_entry_until INTEGER,
    PRIMARY KEY (channel_id, contact_id)
) STRICT;
CREATE INDEX conversations_workspace ON conversations (workspace_id, position);
CREATE INDEX conversations_contact ON conversations (contact_id);
CREATE INDEX conversations_free_entry ON conversations (free_entry_answer_until) WHERE free_entry_answer_until IS NOT NULL;

INSERT INTO conversations (channel_id, contact_id, workspace_id, position, last_inbound_at, window_until)
SELECT channel_id, contact_id, workspace_id, max(id), max(created_at), max(created_at) + 86400000000
FROM messages
WHERE direction = 'inbound' AND kind <> 'system'
GROUP BY channel_id, contact_id, workspace_id;
