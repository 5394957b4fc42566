-- Whoever follows a database by logical replication (another system, a move to the next PostgreSQL)
-- publishes every table, and PostgreSQL then refuses each UPDATE of one whose rows nothing tells
-- apart. The counters lost their key, so a row of them is told by all that is in it.
ALTER TABLE outbox_shard REPLICA IDENTITY FULL;
