ALTER TABLE workspaces DROP COLUMN delivery_settings;
DROP INDEX messages_ended;
DROP INDEX messages_unknown;
DROP INDEX messages_queue;
CREATE INDEX messages_queue ON messages (channel_id, run_at, id) WHERE state = 'queued';
ALTER TABLE messages DROP COLUMN terms;
ALTER TABLE messages DROP COLUMN class;
