DROP TABLE conversations;
ALTER TABLE contact_identities DROP COLUMN retired_at;
ALTER TABLE contact_identities DROP COLUMN valid_from;
DROP INDEX contacts_merged;
ALTER TABLE contacts DROP COLUMN merged_into;
ALTER TABLE contacts DROP COLUMN username;
