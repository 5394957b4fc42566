-- Personal values as they were. What holds now stands in `person` and `affiliation`; each value that
-- was replaced stands here, with the boxes as they were sealed, under the person's own key: with
-- that key goes every version. Written by the database itself, so that no program can forget it, one
-- of an older release neither, and nothing is copied: a person who never changed has no row.

-- Of the event that said what holds now; NULL = said before this file. Whoever registers a person
-- says the first one.
ALTER TABLE person ADD COLUMN version bigint;
ALTER TABLE person ALTER COLUMN version SET DEFAULT 1;
ALTER TABLE person ADD COLUMN known_from timestamptz;  -- NULL = updated_at

-- A row held for known_from <= t < known_to, in business time.
CREATE TABLE person_version (
  seq                bigint GENERATED ALWAYS AS IDENTITY,
  known_from         timestamptz NOT NULL,
  known_to           timestamptz NOT NULL,
  version            bigint,  -- NULL = not known
  person_id          uuid NOT NULL,
  basis              smallint NOT NULL,
  preferred_language smallint NOT NULL,
  full_name_box      bytea NOT NULL,
  email_box          bytea,
  phone_box          bytea,
  phone_e164_box     bytea,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  centre_id          uuid,
  latin_name_box     bytea,
  birth_year_box     bytea,
  birth_date_box     bytea,
  PRIMARY KEY (person_id, seq),
  CHECK (known_from <= known_to)
);
CREATE INDEX person_version_then ON person_version (person_id, known_to);

-- The event is appended at the end of the command that changes the row, so its version is the next
-- one. Where a clock goes back, what is written is known from the last instant on.
CREATE FUNCTION keep_person_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := 1 + coalesce((SELECT a.version FROM aggregate a WHERE a.id = NEW.id), 0);
  NEW.known_from := greatest(NEW.updated_at, coalesce(OLD.known_from, OLD.updated_at));
  INSERT INTO person_version (known_from, known_to, version, person_id, basis, preferred_language,
    full_name_box, email_box, phone_box, phone_e164_box, created_at, updated_at, centre_id,
    latin_name_box, birth_year_box, birth_date_box)
  VALUES (coalesce(OLD.known_from, OLD.updated_at), NEW.known_from, OLD.version, OLD.id, OLD.basis,
    OLD.preferred_language, OLD.full_name_box, OLD.email_box, OLD.phone_box, OLD.phone_e164_box,
    OLD.created_at, OLD.updated_at, OLD.centre_id, OLD.latin_name_box, OLD.birth_year_box,
    OLD.birth_date_box);
  RETURN NEW;
END $$;
CREATE TRIGGER person_changed BEFORE UPDATE ON person FOR EACH ROW
  WHEN ((OLD.basis, OLD.preferred_language, OLD.full_name_box, OLD.email_box, OLD.phone_box,
         OLD.phone_e164_box, OLD.updated_at, OLD.centre_id, OLD.latin_name_box, OLD.birth_year_box,
         OLD.birth_date_box)
    IS DISTINCT FROM
        (NEW.basis, NEW.preferred_language, NEW.full_name_box, NEW.email_box, NEW.phone_box,
         NEW.phone_e164_box, NEW.updated_at, NEW.centre_id, NEW.latin_name_box, NEW.birth_year_box,
         NEW.birth_date_box))
  EXECUTE FUNCTION keep_person_version();

-- An affiliation says no instant of its own: the person's event of this version has it. NULL = said
-- before this file, and known since the person is.
ALTER TABLE affiliation ADD COLUMN version bigint;

CREATE TABLE affiliation_version (
  seq             bigint GENERATED ALWAYS AS IDENTITY,
  version         bigint,           -- of the person's event that said it
  next_version    bigint NOT NULL,  -- of the one that said otherwise
  id              uuid NOT NULL,
  person_id       uuid NOT NULL,
  organization_id uuid NOT NULL,
  role            smallint NOT NULL,
  start_date      date NOT NULL,
  end_date        date,
  centre_id       uuid,
  PRIMARY KEY (id, seq)
);
CREATE INDEX affiliation_version_person ON affiliation_version (person_id, id);
CREATE INDEX affiliation_version_organization ON affiliation_version (organization_id, id);
CREATE INDEX affiliation_version_centre ON affiliation_version (centre_id, id)
  WHERE centre_id IS NOT NULL;

CREATE FUNCTION number_affiliation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := 1 + coalesce((SELECT a.version FROM aggregate a WHERE a.id = NEW.person_id), 0);
  RETURN NEW;
END $$;
CREATE TRIGGER affiliation_made BEFORE INSERT ON affiliation FOR EACH ROW
  EXECUTE FUNCTION number_affiliation();

CREATE FUNCTION keep_affiliation_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := 1 + coalesce((SELECT a.version FROM aggregate a WHERE a.id = NEW.person_id), 0);
  INSERT INTO affiliation_version (version, next_version, id, person_id, organization_id, role,
    start_date, end_date, centre_id)
  SELECT OLD.version,
    1 + coalesce((SELECT a.version FROM aggregate a WHERE a.id = OLD.person_id), 0), OLD.id,
    OLD.person_id, OLD.organization_id, OLD.role, OLD.start_date, OLD.end_date, OLD.centre_id;
  RETURN NEW;
END $$;
CREATE TRIGGER affiliation_changed BEFORE UPDATE ON affiliation FOR EACH ROW
  WHEN ((OLD.person_id, OLD.organization_id, OLD.role, OLD.start_date, OLD.end_date, OLD.centre_id)
    IS DISTINCT FROM
        (NEW.person_id, NEW.organization_id, NEW.role, NEW.start_date, NEW.end_date, NEW.centre_id))
  EXECUTE FUNCTION keep_affiliation_version();

-- Timelines: what casemgmt has told of, as far as a reader needs it to ask there.
CREATE TABLE told_entry (
  event_id        uuid PRIMARY KEY,
  producer        text NOT NULL,
  shard           smallint NOT NULL,
  pos             bigint NOT NULL,
  kind            smallint NOT NULL,     -- TimelineKind
  occurred_at     timestamptz NOT NULL,  -- business time
  event_date      date NOT NULL,
  step            text NOT NULL,         -- the event's type without its package
  source          text NOT NULL,         -- a resource name of the producer
  organization_id uuid NOT NULL,
  person_id       uuid,                  -- contact of the organization
  centre_id       uuid                   -- NULL = the whole suite's
);
CREATE INDEX told_entry_organization ON told_entry (organization_id, occurred_at);
CREATE INDEX told_entry_person ON told_entry (person_id, occurred_at) WHERE person_id IS NOT NULL;

-- Where a person is the contact.
CREATE INDEX IF NOT EXISTS enrolment_contact_person ON enrolment (contact_person_id)
  WHERE contact_person_id IS NOT NULL;
