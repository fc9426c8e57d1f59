ALTER TABLE journal DROP COLUMN applied_at;
