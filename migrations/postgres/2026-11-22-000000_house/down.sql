DROP TABLE leases, idempotency_keys, events, feed_heads, journal, attempts, messages, contact_identities, contacts,
    channels, api_keys, sessions, memberships, workspaces, users, installation;
