ALTER TABLE attempts DROP COLUMN valid_seconds;
ALTER TABLE attempts DROP COLUMN inquiry;
ALTER TABLE attempts ADD COLUMN settled_by TEXT CHECK (settled_by IN ('answer', 'webhook'));
UPDATE attempts
SET settled_by = CASE WHEN evidence IN ('answer', 'person') THEN 'answer' ELSE 'webhook' END
WHERE evidence IS NOT NULL;
ALTER TABLE attempts DROP COLUMN evidence;
ALTER TABLE attempts RENAME COLUMN settled_by TO evidence;
