DROP TABLE reconciliations;
ALTER TABLE journal DROP COLUMN origin;
