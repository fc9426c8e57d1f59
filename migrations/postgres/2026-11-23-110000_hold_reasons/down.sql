ALTER TABLE messages DROP CONSTRAINT messages_hold_reason_check;
UPDATE messages SET hold_reason = NULL WHERE hold_reason NOT IN ('channel_down', 'throttled', 'installation');
ALTER TABLE messages ADD CONSTRAINT messages_hold_reason_check
    CHECK (hold_reason IN ('channel_down', 'throttled', 'installation'));
