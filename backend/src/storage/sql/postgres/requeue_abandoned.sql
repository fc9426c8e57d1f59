UPDATE messages SET state = 'queued', updated_at = $1 WHERE state = 'claimed' AND claimed_until < now()
