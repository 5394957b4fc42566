-- What casemgmt knows of registry's organizations and campaigns, from their events alone. `version`
-- is the producer's: a fact that was heard before, or is older than what is here, changes nothing.

CREATE TABLE organization_reference (
  id            uuid PRIMARY KEY,
  kind          smallint NOT NULL,
  inactive_from date,                 -- first day on which it no longer takes part
  version       bigint NOT NULL
);

CREATE TABLE campaign_reference (
  id              uuid PRIMARY KEY,
  code            text NOT NULL,
  programme       text NOT NULL,
  edition         text NOT NULL,
  task            smallint NOT NULL,
  admission       smallint NOT NULL,
  state           smallint NOT NULL,
  window_start    timestamptz,        -- start ≤ t < end; both NULL = no window
  window_end      timestamptz,
  window_end_date date,               -- Korean day of the last instant
  version         bigint NOT NULL,
  CHECK ((window_start IS NULL) = (window_end IS NULL))
);
