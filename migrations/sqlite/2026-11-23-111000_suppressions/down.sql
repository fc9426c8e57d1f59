ALTER TABLE contacts DROP COLUMN time_zone;
ALTER TABLE contacts ADD COLUMN marketing_stopped_at INTEGER;
ALTER TABLE contacts ADD COLUMN marketing_changed_at INTEGER;
UPDATE contacts
SET marketing_changed_at = s.changed_at, marketing_stopped_at = CASE WHEN s.lifted_at IS NULL THEN s.changed_at END
FROM suppressions AS s
WHERE s.contact_id = contacts.id AND s.scope = 'marketing';
DROP TABLE suppressions;
