ALTER TABLE contacts DROP COLUMN marketing_changed_at;
ALTER TABLE contacts DROP COLUMN marketing_stopped_at;
DROP TABLE channel_facts;
