-- The end of personal data: erasure and its proof, holds, and rules of retention.

ALTER TABLE person ADD COLUMN erased_at timestamptz;  -- business time; NULL = the data are there

-- The proof of each erasure: numbered without a gap and chained, by the database itself. No personal
-- data. Rows are only ever added.
CREATE TABLE erasure_record (
  id        uuid PRIMARY KEY,
  number    bigint NOT NULL UNIQUE,
  person_id uuid NOT NULL UNIQUE REFERENCES person,
  centre_id uuid,                       -- that kept the data; NULL = the whole suite
  reason    smallint NOT NULL,          -- ErasureReason
  rule_code text NOT NULL DEFAULT '',   -- of retention; '' = none called for it
  run_id    uuid,                       -- of somebody who applied the rule
  erased_at timestamptz NOT NULL,
  eraser    text NOT NULL,
  parts     jsonb NOT NULL,             -- Erasure.destroyed_parts and kept_parts
  hash      bytea NOT NULL
);
CREATE INDEX erasure_record_centre ON erasure_record (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX erasure_record_run ON erasure_record (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX erasure_record_time ON erasure_record (erased_at, id);

-- The end of the chain. Who erases waits here for the one before, until that is committed.
CREATE TABLE erasure_chain (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last_number bigint NOT NULL DEFAULT 0,
  last_hash   bytea NOT NULL DEFAULT ''
);
INSERT INTO erasure_chain DEFAULT VALUES;

CREATE FUNCTION erasure_hash(before bytea, made erasure_record) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(before || convert_to(concat_ws('|', made.number, made.id, made.person_id,
    coalesce(made.centre_id::text, ''), made.reason, made.rule_code,
    coalesce(made.run_id::text, ''),
    to_char(made.erased_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), made.eraser,
    made.parts::text), 'UTF8'))
$$;

CREATE FUNCTION chain_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before bytea;
BEGIN
  SELECT last_number + 1, last_hash INTO NEW.number, before FROM erasure_chain FOR UPDATE;
  NEW.hash := erasure_hash(before, NEW);
  UPDATE erasure_chain SET last_number = NEW.number, last_hash = NEW.hash;
  RETURN NEW;
END $$;
CREATE TRIGGER erasure_chained BEFORE INSERT ON erasure_record FOR EACH ROW
  EXECUTE FUNCTION chain_erasure();

-- Numbers of records that are not what they were, or whose neighbour is gone; none when all is well.
CREATE FUNCTION erasure_faults() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT number FROM (
    SELECT r.number, r.hash <> erasure_hash(coalesce(lag(r.hash) OVER w, ''), r)
        OR r.number <> coalesce(lag(r.number) OVER w, 0) + 1 AS wrong
    FROM erasure_record r WINDOW w AS (ORDER BY r.number)) checked
  WHERE wrong
  UNION ALL
  SELECT c.last_number FROM erasure_chain c
  WHERE c.last_number <> (SELECT count(*) FROM erasure_record)
$$;

-- Which service has destroyed what it had, registry itself among them.
CREATE TABLE erasure_confirmation (
  erasure_id    uuid NOT NULL REFERENCES erasure_record,
  service       text NOT NULL,
  key_destroyed boolean NOT NULL,
  destroyed_at  timestamptz NOT NULL,  -- real time, of the service
  confirmed_at  timestamptz NOT NULL,  -- business time
  PRIMARY KEY (erasure_id, service)
);

CREATE FUNCTION refuse_change_of_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a proof of erasure never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER erasure_record_stays BEFORE UPDATE OR DELETE ON erasure_record FOR EACH ROW
  EXECUTE FUNCTION refuse_change_of_proof();
CREATE TRIGGER erasure_confirmation_stays BEFORE UPDATE OR DELETE ON erasure_confirmation
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_proof();

-- That a person's data must not be erased. A row is never changed but released.
CREATE TABLE legal_hold (
  id             uuid PRIMARY KEY,
  person_id      uuid NOT NULL REFERENCES person,
  centre_id      uuid,                  -- the person's
  reason         text NOT NULL CHECK (reason <> ''),
  end_date       date,                  -- last day; NULL = until released
  placed_at      timestamptz NOT NULL,
  placer         text NOT NULL,
  released_at    timestamptz,
  releaser       text NOT NULL DEFAULT '',
  release_reason text NOT NULL DEFAULT '',
  CHECK ((released_at IS NULL) = (releaser = '')),
  CHECK ((released_at IS NULL) = (release_reason = ''))
);
CREATE INDEX legal_hold_person ON legal_hold (person_id, id);
CREATE INDEX legal_hold_centre ON legal_hold (centre_id, id) WHERE centre_id IS NOT NULL;

-- By what rules data end; numbers of RetentionTrigger and RetentionCounting. Loaded from
-- reference/data/retention_rules.csv.
CREATE TABLE retention_rule (
  code            text PRIMARY KEY CHECK (code ~ '^[A-Z][A-Z0-9_]{0,39}$'),
  trigger         smallint NOT NULL,
  period          text NOT NULL CHECK (period ~ '^P[1-9][0-9]{0,3}[DMY]$'),
  counting        smallint NOT NULL,
  review_required boolean NOT NULL,
  source          text NOT NULL
);
INSERT INTO retention_rule (code, trigger, period, counting, review_required, source) VALUES
  ('CONSENT_ENDED', 1, 'P5D', 1, false, '개인정보 보호법 제21조·제37조; 표준 개인정보 보호지침 제10조 (5 days)'),
  ('CONTACT_LEFT', 2, 'P1Y', 1, true, '개인정보 보호법 제21조; our default'),
  ('PARTICIPATION_ENDED', 3, 'P5Y', 2, true, '공공기록물법 시행령 제26조 (5 years); our default');

-- Runs that somebody asked for; what each erased stands in the proofs.
CREATE TABLE retention_run (
  id     uuid PRIMARY KEY,
  rules  text[] NOT NULL,
  run_at timestamptz NOT NULL,
  runner text NOT NULL
);

-- The day through which rules that need no review were applied.
CREATE TABLE retention_sweep (
  only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  swept_through date
);
INSERT INTO retention_sweep DEFAULT VALUES;

-- What rules hang on: consents to collection that ended, last days of affiliations.
CREATE INDEX consent_head_collection_ended ON consent_head (decided_at)
  WHERE purpose = 1 AND state IN (3, 4);
CREATE INDEX affiliation_ended ON affiliation (end_date, id) WHERE end_date IS NOT NULL;
