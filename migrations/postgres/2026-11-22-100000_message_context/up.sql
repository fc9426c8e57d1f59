ALTER TABLE messages ADD COLUMN reply_to_id UUID;
ALTER TABLE messages ADD COLUMN context JSONB;
