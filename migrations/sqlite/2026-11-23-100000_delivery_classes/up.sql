ALTER TABLE messages ADD COLUMN class TEXT CHECK (class IN ('one_time_code', 'reply', 'utility', 'marketing'));
ALTER TABLE messages ADD COLUMN terms TEXT;
UPDATE messages
SET class = CASE kind WHEN 'one_time_code' THEN 'one_time_code' WHEN 'template' THEN 'utility' ELSE 'reply' END
WHERE direction = 'outbound';

DROP INDEX messages_queue;
CREATE INDEX messages_queue ON messages (channel_id, class, run_at, id) WHERE state = 'queued';
CREATE INDEX messages_unknown ON messages (run_at) WHERE state = 'unknown';
CREATE INDEX messages_ended ON messages (workspace_id, state, id) WHERE state IN ('unknown', 'failed', 'expired');

ALTER TABLE workspaces ADD COLUMN delivery_settings TEXT NOT NULL DEFAULT '{}';
