-- What people are called in Latin letters and the year of their birth, sealed like the rest; and by
-- which form their match keys were made: 0 = none yet, a scan for duplicates makes them.
ALTER TABLE person ADD COLUMN latin_name_box bytea;
ALTER TABLE person ADD COLUMN birth_year_box bytea;
ALTER TABLE person ADD COLUMN match_form smallint NOT NULL DEFAULT 0;

-- What two records of one person have in common, as keyed hashes: kinds are MatchKind's numbers. A
-- phone number that somebody had before stays, as kind 5.
CREATE TABLE person_match_key (
  kind      smallint NOT NULL,
  hash      bytea NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  PRIMARY KEY (kind, hash, person_id)
);
CREATE INDEX person_match_key_person ON person_match_key (person_id);

-- With a person's key goes everything by which she could be found, whoever destroys it.
CREATE FUNCTION forget_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM person_match_key WHERE person_id = NEW.person_id;
  UPDATE person SET email_index = NULL, phone_index = NULL WHERE id = NEW.person_id;
  RETURN NULL;
END $$;
CREATE TRIGGER person_key_destroyed AFTER UPDATE OF wrapped ON person_key FOR EACH ROW
  WHEN (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL) EXECUTE FUNCTION forget_person();

-- Pairs that somebody is to look at, and what was decided: a row is never deleted, so that nobody is
-- asked twice. The centre is that of both persons; NULL = the suite's, or two centres.
CREATE TABLE duplicate_pair (
  id              uuid PRIMARY KEY,       -- follows from the two persons
  person_id       uuid NOT NULL REFERENCES person,
  other_person_id uuid NOT NULL REFERENCES person,
  score           smallint NOT NULL CHECK (score BETWEEN 1 AND 100),
  matched         smallint[] NOT NULL,    -- MatchField
  state           smallint NOT NULL,      -- 1 open, 2 not the same
  centre_id       uuid REFERENCES organization,
  created_at      timestamptz NOT NULL,
  decided_at      timestamptz,
  decider         text NOT NULL DEFAULT '',
  CHECK (person_id < other_person_id),
  CHECK ((state = 1) = (decided_at IS NULL)),
  UNIQUE (person_id, other_person_id)
);
CREATE INDEX duplicate_pair_other ON duplicate_pair (other_person_id);
CREATE INDEX duplicate_pair_open ON duplicate_pair (id) WHERE state = 1;
CREATE INDEX duplicate_pair_centre ON duplicate_pair (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX duplicate_pair_centre_open ON duplicate_pair (centre_id, id)
  WHERE state = 1 AND centre_id IS NOT NULL;

-- Searches of the whole registry: everybody up to `last_person_id` was looked at.
CREATE TABLE duplicate_scan (
  id             uuid PRIMARY KEY,
  state          smallint NOT NULL,       -- 1 running, 2 completed
  last_person_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  scanned        bigint NOT NULL DEFAULT 0,
  persons        bigint NOT NULL,
  pairs          bigint NOT NULL DEFAULT 0,
  started_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL
);
CREATE UNIQUE INDEX duplicate_scan_running ON duplicate_scan (state) WHERE state = 1;
