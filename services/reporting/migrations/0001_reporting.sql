-- Definitions: what counts. A version is never changed once it is stored.
CREATE TABLE indicator_definition (
  code        text NOT NULL,
  version     int NOT NULL CHECK (version >= 1),
  definition  bytea NOT NULL,              -- ieum.reporting.v1.Indicator
  hash        text NOT NULL,
  label_ko    text NOT NULL,
  unit        text NOT NULL,
  created_at  timestamptz NOT NULL,
  latest      boolean NOT NULL,
  PRIMARY KEY (code, version)
);
CREATE UNIQUE INDEX indicator_definition_latest ON indicator_definition (code) WHERE latest;

CREATE TABLE funnel_definition (
  code       text PRIMARY KEY,
  definition bytea NOT NULL,               -- ieum.reporting.v1.FunnelDefinition
  label_ko   text NOT NULL
);

-- Targets of an edition. Every revision stays.
CREATE TABLE target (
  programme  text NOT NULL,
  edition    text NOT NULL,
  indicator  text NOT NULL,
  revision   int NOT NULL CHECK (revision >= 1),
  value      text NOT NULL,                -- decimal; '' = the figure is shown without a target
  position   int NOT NULL,
  area       text NOT NULL,
  updated_at timestamptz NOT NULL,
  latest     boolean NOT NULL,
  PRIMARY KEY (programme, edition, indicator, revision)
);
CREATE UNIQUE INDEX target_latest ON target (programme, edition, indicator) WHERE latest;

-- Facts: every event of every producer, its fields flattened to dotted paths. Two table sets, of
-- which one is live; a rebuild fills the other and then the pointer moves.
CREATE TABLE fact (
  generation        smallint NOT NULL CHECK (generation IN (0, 1)),
  producer          text NOT NULL,
  shard             smallint NOT NULL,
  pos               bigint NOT NULL,
  event_id          uuid NOT NULL,
  type              text NOT NULL,
  aggregate_id      uuid NOT NULL,
  aggregate_version bigint NOT NULL,
  subject           text NOT NULL,
  occurred_at       timestamptz NOT NULL,
  fields            jsonb NOT NULL,
  PRIMARY KEY (generation, producer, shard, pos)
) PARTITION BY LIST (generation);
CREATE TABLE fact_0 PARTITION OF fact FOR VALUES IN (0);
CREATE TABLE fact_1 PARTITION OF fact FOR VALUES IN (1);
CREATE INDEX fact_type ON fact (generation, type);

CREATE TABLE projection_live (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  generation smallint NOT NULL
);
INSERT INTO projection_live (generation) VALUES (0);

CREATE TABLE rebuild (
  id             uuid PRIMARY KEY,
  mode           int NOT NULL,
  state          int NOT NULL,
  applied_events bigint NOT NULL DEFAULT 0,
  tables         bytea NOT NULL DEFAULT '',  -- ieum.reporting.v1.Rebuild with only `tables` set
  equal          boolean NOT NULL DEFAULT false,
  swapped        boolean NOT NULL DEFAULT false,
  failure_reason text NOT NULL DEFAULT '',
  created_at     timestamptz NOT NULL,
  ended_at       timestamptz
);
-- At most one runs (REBUILD_STATE_RUNNING = 1).
CREATE UNIQUE INDEX rebuild_running ON rebuild ((true)) WHERE state = 1;

-- How far the running rebuild has read each producer's ledger; a killed one goes on from here.
CREATE TABLE rebuild_cursor (
  producer text NOT NULL,
  shard    smallint NOT NULL,
  pos      bigint NOT NULL,
  PRIMARY KEY (producer, shard)
);
