SELECT a.channel_id, m.recipient, count(*) AS sent
FROM attempts AS a
JOIN messages AS m ON m.id = a.message_id
WHERE a.channel_id IN (SELECT value::uuid FROM jsonb_array_elements_text($1::jsonb) AS wanted (value)) AND a.id >= $2
GROUP BY a.channel_id, m.recipient
HAVING count(*) > 1
