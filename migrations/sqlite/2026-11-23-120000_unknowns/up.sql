-- A column's words can't be changed in place: another column takes its place and its name.
ALTER TABLE attempts ADD COLUMN settled_by TEXT CHECK (settled_by IN ('answer', 'webhook', 'look_up', 'poll', 'person'));
UPDATE attempts SET settled_by = evidence WHERE evidence IS NOT NULL;
ALTER TABLE attempts DROP COLUMN evidence;
ALTER TABLE attempts RENAME COLUMN settled_by TO evidence;
ALTER TABLE attempts ADD COLUMN inquiry TEXT;
ALTER TABLE attempts ADD COLUMN valid_seconds INTEGER;
