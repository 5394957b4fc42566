-- Where the event stands in its producer's ledger. Instants repeat, above all under a clock that is
-- set; the place tells which of two came first.
ALTER TABLE reminder_signal
  ADD COLUMN producer text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN shard    smallint NOT NULL DEFAULT 0,
  ADD COLUMN pos      bigint NOT NULL DEFAULT 0;
