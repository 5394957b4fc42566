-- Persons whose data this service has destroyed, each in the transaction that destroyed them: what is
-- written here has happened. No personal data: an id that leads to nobody any more.
CREATE TABLE person_erasure (
  person_id     uuid PRIMARY KEY,
  erasure_id    uuid NOT NULL,                                    -- registry's proof
  erased_at     timestamptz NOT NULL,                             -- by registry, business time
  key_destroyed boolean NOT NULL,                                 -- there was a key
  destroyed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),   -- here, real time
  told_at       timestamptz                                       -- to registry; NULL = not yet
);
CREATE INDEX person_erasure_newest ON person_erasure (destroyed_at);
CREATE INDEX person_erasure_untold ON person_erasure (destroyed_at) WHERE told_at IS NULL;
