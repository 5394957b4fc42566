-- Imports of firms and of people out of somebody's files. What stands here says what became of rows;
-- no value of a row does, and no file.

CREATE TABLE import_job (
  id           uuid PRIMARY KEY,
  kind         smallint NOT NULL,  -- ImportKind
  policy       smallint NOT NULL,  -- DuplicatePolicy
  centre_id    uuid REFERENCES organization,  -- NULL = the whole suite
  source       text NOT NULL,
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  state        smallint NOT NULL,  -- 1 running, 2 completed
  creator      text NOT NULL,
  created_at   timestamptz NOT NULL,
  completed_at timestamptz,
  CHECK ((state = 2) = (completed_at IS NOT NULL))
);
-- Of one content one import runs; whoever was interrupted goes on with it.
CREATE UNIQUE INDEX import_job_running ON import_job
  (content_hash, kind, policy, coalesce(centre_id, '00000000-0000-0000-0000-000000000000'))
  WHERE state = 1;
CREATE INDEX import_job_content ON import_job (encode(content_hash, 'hex'));
CREATE INDEX import_job_created ON import_job (created_at, id);
CREATE INDEX import_job_centre ON import_job (centre_id, id) WHERE centre_id IS NOT NULL;

-- A chunk is written with all its rows. Its row comes first, so that of two that bring one chunk the
-- second waits for the first and finds it done.
CREATE TABLE import_chunk (
  import_id uuid NOT NULL REFERENCES import_job,
  number    int NOT NULL CHECK (number >= 1),
  rows_hash bytea NOT NULL,
  row_count int NOT NULL,
  created   int NOT NULL,
  linked    int NOT NULL,
  unchanged int NOT NULL,
  review    int NOT NULL,
  refused   int NOT NULL,
  PRIMARY KEY (import_id, number)
);

-- `field` and `error_reason` of refused rows alone. Ids are what they were when the row came: no
-- foreign key, and a merged person's id stays.
CREATE TABLE import_row (
  import_id       uuid NOT NULL,
  number          bigint NOT NULL,
  outcome         smallint NOT NULL,  -- ImportOutcome
  field           text,
  error_reason    text,
  organization_id uuid,
  person_id       uuid,
  PRIMARY KEY (import_id, number)
);
CREATE INDEX import_row_outcome ON import_row (import_id, outcome, number);

-- Rows of people that were imported, as keyed hashes of all that stood in them: the same row changes
-- nothing, in whichever file it comes again. Of somebody who was erased the hash stays without her id,
-- so that an old file does not bring her back.
CREATE TABLE import_identity (
  hash      bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  person_id uuid
);
CREATE INDEX import_identity_person ON import_identity (person_id) WHERE person_id IS NOT NULL;

CREATE FUNCTION forget_imported_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE import_identity SET person_id = NULL WHERE person_id = NEW.person_id;
  RETURN NULL;
END $$;
CREATE TRIGGER person_key_destroyed_import AFTER UPDATE OF wrapped ON person_key FOR EACH ROW
  WHEN (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL) EXECUTE FUNCTION forget_imported_person();
