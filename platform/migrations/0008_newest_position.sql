-- The ledger's counters stay quick to find beside a transaction that lives long (a backup, somebody's idle
-- session): until it ends, none of a counter's old versions can be cleaned away, and who looks for
-- the counter by its shard walks over all of them, many thousands a minute. The versions of a
-- counter rise, so the newest is first in this index, and it is all that is ever read. The key goes
-- because each new version was held against all old ones to prove that it is the only one; there
-- are sixteen rows, and nobody adds or removes one. What an older program says to this table means
-- what it did.
ALTER TABLE outbox_shard DROP CONSTRAINT outbox_shard_pkey;
ALTER TABLE outbox_shard ALTER COLUMN shard SET NOT NULL;
CREATE INDEX outbox_shard_newest ON outbox_shard (shard, last_pos);
ALTER TABLE outbox_shard SET (fillfactor = 100);

-- Each shard's last position. No other plan is allowed than to read the newest entry of each shard:
-- a table of sixteen rows always looks as if reading it whole were cheap.
CREATE FUNCTION outbox_positions() RETURNS TABLE (of_shard smallint, newest bigint)
LANGUAGE plpgsql STABLE ROWS 16
SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_sort = off SET enable_incremental_sort = off AS $$
BEGIN
  RETURN QUERY
  SELECT o.shard, o.last_pos
  FROM generate_series(0, 15) AS every(shard) CROSS JOIN LATERAL (
    SELECT s.shard, s.last_pos FROM outbox_shard s WHERE s.shard = every.shard::smallint
    ORDER BY s.shard DESC, s.last_pos DESC LIMIT 1) o;
END $$;

-- Takes as many positions of each shard as are wanted, and says behind which position they begin.
-- The counters stay locked until the transaction ends. `shards` in their order, so that two never
-- wait for each other in a circle. The second statement sees what others committed while the first
-- waited for them, and finds each row by its place.
CREATE FUNCTION outbox_take(shards smallint[], counts bigint[])
RETURNS TABLE (of_shard smallint, base bigint)
LANGUAGE plpgsql ROWS 16
SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_sort = off SET enable_incremental_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  places tid[];
BEGIN
  SELECT array_agg(held.place ORDER BY wanted.nth) INTO places
  FROM unnest(shards) WITH ORDINALITY AS wanted(shard, nth) CROSS JOIN LATERAL (
    SELECT o.ctid AS place FROM outbox_shard o WHERE o.shard = wanted.shard
    ORDER BY o.shard DESC, o.last_pos DESC LIMIT 1 FOR UPDATE) held;
  RETURN QUERY
  UPDATE outbox_shard o SET last_pos = o.last_pos + wanted.n
  FROM unnest(places, counts) AS wanted(place, n) WHERE o.ctid = wanted.place
  RETURNING o.shard, o.last_pos - wanted.n;
END $$;

-- Moves a consumer's cursors that stand at `places` and are where the caller believes; says where
-- they stand now. Each is found by its place alone: by their key it would be a walk over all old
-- versions, as above. What is not found this way is looked for by its key (platform/flow).
CREATE FUNCTION inbox_step(of_producer text, shards smallint[], old_positions bigint[],
                           new_positions bigint[], epochs bigint[], hashes bigint[], places tid[])
RETURNS TABLE (of_shard smallint, place tid)
LANGUAGE plpgsql ROWS 16
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_indexscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  RETURN QUERY
  UPDATE inbox_cursor c SET pos = w.new_pos, epoch = w.epoch, check_hash = w.check_hash
  FROM unnest(shards, old_positions, new_positions, epochs, hashes, places)
    AS w(shard, old_pos, new_pos, epoch, check_hash, place)
  WHERE c.ctid = w.place AND c.producer = of_producer AND c.shard = w.shard
    AND c.pos = w.old_pos AND c.epoch IN (0, w.epoch)
  RETURNING c.shard, c.ctid;
END $$;
