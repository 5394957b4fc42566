-- The ledger and what stands around it. Every service has these tables in its own database.

-- Lock and version of every aggregate, whatever its kind. A command locks its rows here, in id
-- order, before it reads anything else.
CREATE TABLE aggregate (
  id      uuid PRIMARY KEY,
  kind    text NOT NULL,
  version bigint NOT NULL CHECK (version >= 1)
) WITH (fillfactor = 80);

-- Answers of commands that succeeded, by the caller's request id; rows go after the retention.
CREATE TABLE command_dedup (
  request_id   uuid PRIMARY KEY,
  request_hash bytea NOT NULL,
  name         text NOT NULL,
  etag         bigint NOT NULL,
  shard        smallint NOT NULL,
  pos          bigint NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX command_dedup_created ON command_dedup USING brin (created_at);

-- The counters that make positions gapless and commit-ordered: locked until commit. The low
-- fillfactor keeps every update on its own page (HOT).
CREATE TABLE outbox_shard (
  shard    smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 15),
  last_pos bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO outbox_shard (shard) SELECT generate_series(0, 15);

-- The truth: insert-only.
CREATE TABLE event_log (
  shard          smallint NOT NULL,
  pos            bigint NOT NULL,
  event_id       uuid NOT NULL,
  aggregate_id   uuid NOT NULL,
  version        bigint NOT NULL,
  type           text NOT NULL,
  subject        text NOT NULL,
  occurred_at    timestamptz NOT NULL,                    -- business time
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),  -- real time
  actor          text NOT NULL,
  correlation_id text NOT NULL,
  causation_id   text NOT NULL,
  traceparent    text NOT NULL,
  payload        bytea NOT NULL,
  PRIMARY KEY (shard, pos),
  UNIQUE (aggregate_id, version)
);

-- Identity of this ledger. `epoch` is raised by an operator after a restore, never by a program.
CREATE TABLE log_identity (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch    bigint NOT NULL DEFAULT 1,
  created  timestamptz NOT NULL DEFAULT now()
);
INSERT INTO log_identity DEFAULT VALUES;

-- Leadership by lease, with the database's clock: liveness only, never safety.
CREATE TABLE lease (
  name  text PRIMARY KEY,
  owner text NOT NULL,
  term  bigint NOT NULL,
  until timestamptz NOT NULL
) WITH (fillfactor = 10);

-- What the relay believes the broker to have: evidence, not a cursor.
CREATE TABLE relay_belief (
  shard       smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 15),
  pos         bigint NOT NULL,
  stream_seq  bigint NOT NULL,
  incarnation bigint NOT NULL,
  epoch       bigint NOT NULL
) WITH (fillfactor = 10);

-- How far this service is in each producer's ledger. Moves only in the effect's transaction.
CREATE TABLE inbox_cursor (
  producer   text NOT NULL,
  shard      smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
  epoch      bigint NOT NULL,
  pos        bigint NOT NULL,
  check_hash bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (producer, shard)
) WITH (fillfactor = 10);

-- The running hash at every 1,000th position, so that an auditor who finds a difference knows the
-- thousand events that it is in.
CREATE TABLE inbox_check (
  producer   text NOT NULL,
  epoch      bigint NOT NULL,
  shard      smallint NOT NULL,
  pos        bigint NOT NULL,
  check_hash bigint NOT NULL,
  PRIMARY KEY (producer, epoch, shard, pos)
);

-- Where to resume in a producer's stream: a hint; positions decide.
CREATE TABLE inbox_stream (
  producer       text PRIMARY KEY,
  stream_created timestamptz,
  incarnation    bigint NOT NULL DEFAULT 0,
  resume_seq     bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

-- Aggregates whose events wait behind one that could not be applied.
CREATE TABLE parked (
  producer     text NOT NULL,
  aggregate_id uuid NOT NULL,
  since        timestamptz NOT NULL DEFAULT now(),
  reason       text NOT NULL,
  PRIMARY KEY (producer, aggregate_id)
);

CREATE TABLE dead_letter (
  producer     text NOT NULL,
  epoch        bigint NOT NULL,
  shard        smallint NOT NULL,
  pos          bigint NOT NULL,
  aggregate_id uuid NOT NULL,
  attempts     int NOT NULL,
  error        text NOT NULL,
  event        bytea NOT NULL,          -- ieum.platform.v1.LedgerEvent
  parked_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (producer, epoch, shard, pos)
);
CREATE INDEX dead_letter_aggregate ON dead_letter (producer, aggregate_id, pos);
CREATE INDEX dead_letter_oldest ON dead_letter (parked_at, producer, epoch, shard, pos);

-- What operators decided about dead letters.
CREATE TABLE dead_letter_decision (
  producer     text NOT NULL,
  epoch        bigint NOT NULL,
  shard        smallint NOT NULL,
  pos          bigint NOT NULL,
  decision     text NOT NULL CHECK (decision IN ('REPLAYED', 'DISCARDED')),
  reason       text NOT NULL,
  actor        text NOT NULL,
  decided_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (producer, epoch, shard, pos)
);

-- Wrapped keys of persons. A destroyed key leaves its row, without the key, as proof.
CREATE TABLE person_key (
  person_id    uuid PRIMARY KEY,
  wrapped      bytea,
  created_at   timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
