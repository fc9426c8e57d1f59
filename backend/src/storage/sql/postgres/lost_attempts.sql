SELECT attempt_id FROM messages
WHERE state = 'sending' AND claimed_until < now() AND attempt_id IS NOT NULL
LIMIT $1
