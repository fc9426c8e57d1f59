ALTER TABLE attempts DROP COLUMN valid_seconds;
ALTER TABLE attempts DROP COLUMN inquiry;
ALTER TABLE attempts DROP CONSTRAINT attempts_evidence_check;
UPDATE attempts
SET evidence = CASE WHEN evidence IN ('answer', 'person') THEN 'answer' ELSE 'webhook' END
WHERE evidence IS NOT NULL;
ALTER TABLE attempts ADD CONSTRAINT attempts_evidence_check CHECK (evidence IN ('answer', 'webhook'));
