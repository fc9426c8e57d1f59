ALTER TABLE messages ADD COLUMN reply_to_id BLOB;
ALTER TABLE messages ADD COLUMN context TEXT;
