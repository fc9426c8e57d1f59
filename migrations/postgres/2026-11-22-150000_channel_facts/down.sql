ALTER TABLE contacts DROP COLUMN marketing_changed_at;
ALTER TABLE contacts DROP COLUMN marketing_stopped_at;
DROP TABLE account_news;
DROP INDEX messages_accepted;
DROP TABLE channel_facts;
