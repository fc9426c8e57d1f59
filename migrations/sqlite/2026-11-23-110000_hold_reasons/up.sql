-- SQLite can't widen a CHECK: the column is made anew under its name.
ALTER TABLE messages ADD COLUMN wider TEXT CHECK (wider IN ('channel_down', 'throttled', 'installation', 'quiet_hours', 'pair_limit', 'daily_limit', 'circuit_open', 'failover'));
UPDATE messages SET wider = hold_reason WHERE hold_reason IS NOT NULL;
ALTER TABLE messages DROP COLUMN hold_reason;
ALTER TABLE messages RENAME COLUMN wider TO hold_reason;
