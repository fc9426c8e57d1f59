ALTER TABLE attempts DROP CONSTRAINT attempts_evidence_check;
ALTER TABLE attempts
ADD CONSTRAINT attempts_evidence_check CHECK (evidence IN ('answer', 'webhook', 'look_up', 'poll', 'person'));
ALTER TABLE attempts ADD COLUMN inquiry JSONB;
ALTER TABLE attempts ADD COLUMN valid_seconds INTEGER;
