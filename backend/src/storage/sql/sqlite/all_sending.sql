SELECT attempt_id FROM messages WHERE state = 'sending' AND claimed_until IS NOT NULL AND attempt_id IS NOT NULL LIMIT ?
