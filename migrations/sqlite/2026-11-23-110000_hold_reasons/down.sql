ALTER TABLE messages ADD COLUMN narrower TEXT CHECK (narrower IN ('channel_down', 'throttled', 'installation'));
UPDATE messages SET narrower = hold_reason WHERE hold_reason IN ('channel_down', 'throttled', 'installation');
ALTER TABLE messages DROP COLUMN hold_reason;
ALTER TABLE messages RENAME COLUMN narrower TO hold_reason;
