-- Two records of one person become one, and two again when that was a mistake. The record that loses
-- stays: its id leads to the survivor, one step after the other.
ALTER TABLE person ADD COLUMN merged_into uuid REFERENCES person;
CREATE INDEX person_merged_into ON person (merged_into) WHERE merged_into IS NOT NULL;

-- Who stands for a person now: herself, or whom she was merged into. An id that nobody has is itself.
CREATE FUNCTION person_now(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 10 AS $$
DECLARE
  here uuid := asked;
  further uuid;
BEGIN
  LOOP
    SELECT p.merged_into INTO further FROM person p WHERE p.id = here;
    IF further IS NULL THEN
      RETURN here;
    END IF;
    here := further;
  END LOOP;
END $$;

-- All records of each of these persons: her own and those that were merged into it, in any depth.
CREATE FUNCTION person_records(persons uuid[]) RETURNS TABLE (person_id uuid, record_id uuid)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 20 ROWS 2 AS $$
BEGIN
  RETURN QUERY
    WITH RECURSIVE merged(person_id, record_id) AS (
      SELECT asked.id, asked.id FROM unnest(persons) AS asked(id)
      UNION ALL
      SELECT m.person_id, p.id FROM merged m JOIN person p ON p.merged_into = m.record_id)
    SELECT m.person_id, m.record_id FROM merged m;
END $$;

-- Merges in the order in which they were made. What the survivor's record said before stands beside it
-- as it was sealed, with her key: nobody reads it once that is destroyed.
CREATE TABLE person_merge (
  id                 uuid PRIMARY KEY,
  seq                bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  survivor_id        uuid NOT NULL REFERENCES person,
  duplicate_id       uuid NOT NULL REFERENCES person,
  centre_id          uuid REFERENCES organization,  -- of both; NULL = the suite's, or two centres
  state              smallint NOT NULL,             -- 1 merged, 2 undone
  taken_fields       text[] NOT NULL,               -- what the survivor has from the duplicate
  reason             text NOT NULL,
  effects            jsonb NOT NULL,                -- Merge.effects
  created_at         timestamptz NOT NULL,
  merger             text NOT NULL,
  undone_at          timestamptz,
  undoer             text NOT NULL DEFAULT '',
  undo_reason        text NOT NULL DEFAULT '',
  basis              smallint NOT NULL,             -- the survivor's before, as are the following
  preferred_language smallint NOT NULL,
  full_name_box      bytea NOT NULL,
  latin_name_box     bytea,
  birth_year_box     bytea,
  birth_date_box     bytea,
  email_box          bytea,
  phone_box          bytea,
  phone_e164_box     bytea,
  updated_at         timestamptz NOT NULL,
  CHECK (survivor_id <> duplicate_id),
  CHECK ((state = 2) = (undone_at IS NOT NULL))
);
CREATE INDEX person_merge_survivor ON person_merge (survivor_id, seq);
CREATE INDEX person_merge_duplicate ON person_merge (duplicate_id, seq);
CREATE INDEX person_merge_centre ON person_merge (centre_id, id) WHERE centre_id IS NOT NULL;
-- A record is merged into one other at most.
CREATE UNIQUE INDEX person_merge_holds ON person_merge (duplicate_id) WHERE state = 1;

-- Every row that a merge changed, with what it said before: an undone merge leaves nothing behind.
CREATE TABLE merge_move (
  merge_id uuid NOT NULL REFERENCES person_merge,
  place    text NOT NULL,          -- table.column
  row_key  text NOT NULL,          -- the row's primary key
  before   jsonb NOT NULL,         -- columns that the merge changed, but for the one of the place
  PRIMARY KEY (merge_id, place, row_key)
);

-- By which the rules of merges find the rows that name a person.
CREATE INDEX enrolment_contact_person ON enrolment (contact_person_id)
  WHERE contact_person_id IS NOT NULL;
CREATE INDEX enrolment_consultant_person ON enrolment (consultant_person_id)
  WHERE consultant_person_id IS NOT NULL;
CREATE INDEX subject_person ON subject (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX edition_manager ON edition (manager) WHERE manager IS NOT NULL;
CREATE INDEX consent_guardian ON consent (guardian_id) WHERE guardian_id IS NOT NULL;

-- A program of an older release that runs beside this one knows of no merges: what it adds to a record
-- that lost is added to the survivor.
CREATE FUNCTION affiliation_of_survivor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  survivor uuid := person_now(NEW.person_id);
BEGIN
  IF survivor <> NEW.person_id THEN
    NEW.person_id := survivor;
    NEW.centre_id := (SELECT p.centre_id FROM person p WHERE p.id = survivor);
  END IF;
  RETURN NEW;
END $$;
-- Triggers run in the order of their names: this one first.
CREATE TRIGGER affiliation_1_of_survivor BEFORE INSERT ON affiliation FOR EACH ROW
  EXECUTE FUNCTION affiliation_of_survivor();

-- With a person's key go the keys of all her records, whoever destroys it.
CREATE FUNCTION forget_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE person_key SET wrapped = NULL, destroyed_at = NEW.destroyed_at
  WHERE wrapped IS NOT NULL AND person_id IN (SELECT id FROM person WHERE merged_into = NEW.person_id);
  RETURN NULL;
END $$;
CREATE TRIGGER person_key_destroyed_merged AFTER UPDATE OF wrapped ON person_key FOR EACH ROW
  WHEN (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL) EXECUTE FUNCTION forget_merged();
