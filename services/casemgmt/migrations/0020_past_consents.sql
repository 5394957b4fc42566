-- How far registry's ledger was read once more for consents that pods of an older release have passed
-- over, by shard. Rows go when nobody of that release can be there any more; a new installation has none.
CREATE TABLE past_consents (
  shard smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 15),
  pos   bigint NOT NULL DEFAULT 0,
  goal  bigint NOT NULL,                        -- where the consumer stood at the upgrade
  until timestamptz NOT NULL DEFAULT clock_timestamp() + interval '1 day'  -- real time
);
INSERT INTO past_consents (shard, goal)
SELECT shard, pos FROM inbox_cursor
WHERE producer = 'registry' AND EXISTS (SELECT FROM inbox_cursor WHERE producer = 'registry' AND pos > 0);
