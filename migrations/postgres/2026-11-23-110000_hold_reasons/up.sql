ALTER TABLE messages DROP CONSTRAINT messages_hold_reason_check;
ALTER TABLE messages ADD CONSTRAINT messages_hold_reason_check
    CHECK (hold_reason IN ('channel_down', 'throttled', 'installation', 'quiet_hours', 'pair_limit', 'daily_limit', 'circuit_open', 'failover'));
