DROP TABLE content_removals;
DROP TABLE stored_contents;
ALTER TABLE attempts DROP COLUMN left_at;
ALTER TABLE attempts DROP COLUMN preparing;
