-- A ledger that came back from a backup without its end gets a new epoch. What it has in common with
-- the one before stands here for as long as the ledger, because a reader may have slept for long.
CREATE TABLE log_epoch (
  epoch   bigint PRIMARY KEY CHECK (epoch >= 2),
  reason  text NOT NULL,
  began   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE log_epoch_shard (
  epoch    bigint NOT NULL REFERENCES log_epoch,
  shard    smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
  kept_pos bigint NOT NULL CHECK (kept_pos >= 0),
  PRIMARY KEY (epoch, shard)
);

-- What had been published and is not in the ledger any more, as found in the stream: the only trace
-- of it, for people who have to make it good.
CREATE TABLE log_vanished (
  epoch    bigint NOT NULL REFERENCES log_epoch,  -- that began without it
  shard    smallint NOT NULL,
  pos      bigint NOT NULL,
  event_id uuid NOT NULL,
  type     text NOT NULL,
  subject  text NOT NULL,
  event    bytea NOT NULL,                        -- ieum.platform.v1.LedgerEvent
  PRIMARY KEY (epoch, shard, pos)
);

-- New epochs of producers (and of this service itself) that this service went over to. What cannot
-- be taken back rests until an operator has accepted each.
CREATE TABLE inbox_epoch (
  producer    text NOT NULL,
  epoch       bigint NOT NULL,
  vanished    bigint NOT NULL,            -- events that had been applied here
  entered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  accepted_at timestamptz,                -- NULL = nobody has looked yet
  reason      text NOT NULL DEFAULT '',
  PRIMARY KEY (producer, epoch)
);
CREATE INDEX inbox_epoch_open ON inbox_epoch (producer) WHERE accepted_at IS NULL;
