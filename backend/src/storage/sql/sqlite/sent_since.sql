SELECT a.channel_id, m.recipient, count(*) AS sent
FROM attempts AS a
JOIN messages AS m ON m.id = a.message_id
WHERE a.channel_id IN (SELECT unhex(value) FROM jsonb_each(?)) AND a.id >= ?
GROUP BY a.channel_id, m.recipient
HAVING count(*) > 1
