-- What registering an organization costs. Until here each was written twice: as itself and as the version
-- that holds now. That version is the row itself from here on; only what held before stands in a table
-- of its own. `organization_version` and `organization_facts_version` give the same columns and rows as
-- before, as views, so that no program has to know. The locks of this file are held for moments.

-- From when on a row says what it says: not before what it replaced was known. NULL = it was written
-- before this file, and its version stands among those of before until it changes.
ALTER TABLE organization ADD COLUMN known_since timestamptz;
ALTER TABLE organization ALTER COLUMN known_since SET DEFAULT '-infinity';
ALTER TABLE organization_facts ADD COLUMN known_since timestamptz;
ALTER TABLE organization_facts ALTER COLUMN known_since SET DEFAULT '-infinity',
  ALTER COLUMN recorded_at SET DEFAULT now();  -- of a program that says none

DROP TRIGGER organization_made ON organization;
DROP TRIGGER organization_changed ON organization;
DROP TRIGGER organization_facts_made ON organization_facts;
DROP TRIGGER organization_facts_changed ON organization_facts;
DROP FUNCTION keep_new_organizations(), keep_organization_versions(), keep_new_facts(),
  keep_facts_versions();

ALTER TABLE organization_version RENAME TO organization_version_before;
ALTER TABLE organization_facts_version RENAME TO organization_facts_version_before;

-- Rows that hold their own version, found among those of before this file that do not.
CREATE INDEX organization_since ON organization (id) WHERE known_since IS NOT NULL;

-- The last number of a row is greater than any that is given out.
CREATE VIEW organization_version AS
SELECT seq, known_from, known_to, version, id, kind, display_name, business_number, external_code,
  state, deactivation_reason, deactivation_date, created_at, updated_at, parent_id
FROM (
  SELECT seq, known_from, known_to, version, id, kind, display_name, business_number, external_code,
    state, deactivation_reason, deactivation_date, created_at, updated_at, parent_id,
    known_from AS known_since
  FROM organization_version_before
  UNION ALL
  SELECT 9223372036854775807, greatest(updated_at, known_since), 'infinity'::timestamptz, version,
    id, kind, display_name, business_number, external_code, state, deactivation_reason,
    deactivation_date, created_at, updated_at, parent_id, known_since
  FROM organization
) v WHERE v.known_since IS NOT NULL;

CREATE VIEW organization_facts_version AS
SELECT seq, known_from, known_to, version, organization_id, valid_from, total_headcount,
  women_headcount, regular_headcount, ksic_code, ksic_revision, region_code, complex_code,
  size_class, ksic_section, size_band, sme
FROM (
  SELECT seq, known_from, known_to, version, organization_id, valid_from, total_headcount,
    women_headcount, regular_headcount, ksic_code, ksic_revision, region_code, complex_code,
    size_class, ksic_section, size_band, sme, known_from AS known_since
  FROM organization_facts_version_before
  UNION ALL
  SELECT 9223372036854775807, greatest(recorded_at, known_since), 'infinity'::timestamptz, version,
    organization_id, valid_from, total_headcount, women_headcount, regular_headcount, ksic_code,
    ksic_revision, region_code, complex_code, size_class, ksic_section, size_band, sme, known_since
  FROM organization_facts
) v WHERE v.known_since IS NOT NULL;

-- What a row said until now is kept when it changes. A version that is said again was said by a program
-- that says none: which version the new row is, is not known then. Where a clock goes back, what it
-- writes is known from the last instant on.
CREATE FUNCTION keep_organization_before() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz := greatest(OLD.updated_at, OLD.known_since);
BEGIN
  IF OLD.known_since IS NULL THEN
    UPDATE organization_version_before v SET known_to = greatest(NEW.updated_at, v.known_from)
    WHERE v.id = OLD.id AND v.known_to = 'infinity' RETURNING v.known_to INTO NEW.known_since;
    NEW.known_since := coalesce(NEW.known_since, '-infinity');
  ELSE
    NEW.known_since := greatest(NEW.updated_at, since);
    INSERT INTO organization_version_before (known_from, known_to, version, id, kind, display_name,
      business_number, external_code, state, deactivation_reason, deactivation_date, created_at,
      updated_at, parent_id)
    VALUES (since, NEW.known_since, OLD.version, OLD.id, OLD.kind, OLD.display_name,
      OLD.business_number, OLD.external_code, OLD.state, OLD.deactivation_reason,
      OLD.deactivation_date, OLD.created_at, OLD.updated_at, OLD.parent_id);
  END IF;
  IF NEW.version IS NOT DISTINCT FROM OLD.version THEN
    NEW.version := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organization_changes BEFORE UPDATE ON organization
  FOR EACH ROW EXECUTE FUNCTION keep_organization_before();

-- The same of facts; a program that says no version says no instant either: the database's clock then.
CREATE FUNCTION keep_facts_before() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz := greatest(OLD.recorded_at, OLD.known_since);
BEGIN
  IF NEW.version IS NOT DISTINCT FROM OLD.version THEN
    NEW.version := NULL;
    NEW.recorded_at := now();
  END IF;
  IF OLD.known_since IS NULL THEN
    UPDATE organization_facts_version_before v SET known_to = greatest(NEW.recorded_at, v.known_from)
    WHERE v.organization_id = OLD.organization_id AND v.valid_from = OLD.valid_from
      AND v.known_to = 'infinity' RETURNING v.known_to INTO NEW.known_since;
    NEW.known_since := coalesce(NEW.known_since, '-infinity');
  ELSE
    NEW.known_since := greatest(NEW.recorded_at, since);
    INSERT INTO organization_facts_version_before (known_from, known_to, version, organization_id,
      valid_from, total_headcount, women_headcount, regular_headcount, ksic_code, ksic_revision,
      region_code, complex_code, size_class, ksic_section, size_band, sme)
    VALUES (since, NEW.known_since, OLD.version, OLD.organization_id, OLD.valid_from,
      OLD.total_headcount, OLD.women_headcount, OLD.regular_headcount, OLD.ksic_code,
      OLD.ksic_revision, OLD.region_code, OLD.complex_code, OLD.size_class, OLD.ksic_section,
      OLD.size_band, OLD.sme);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organization_facts_changes BEFORE UPDATE ON organization_facts
  FOR EACH ROW EXECUTE FUNCTION keep_facts_before();

-- Names in parts, the same words as before: a function in SQL is read and planned anew by each statement
-- that inserts an organization, one in PL/pgSQL once by each connection.
CREATE OR REPLACE FUNCTION organization_search_form(printed text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
  form text := lower(normalize(printed, NFKC));
BEGIN
  IF form ~ '[a-z]' THEN
    form := regexp_replace(form, '\m(co|ltd|limited|inc|corp|corporation|company|llc)\M', '', 'g');
  END IF;
  RETURN regexp_replace(form,
    '\((주|유|합|자|재|사)\)|주식회사|유한책임회사|유한회사|합자회사|합명회사|재단법인|사단법인'
      '|[[:space:]!-/:-@[-`{-~·‧・ㆍᆞ…–—‘’“”]',
    '', 'g');
END $$;

-- Single characters, then pairs that begin at odd and at even places: a form has no line breaks.
CREATE OR REPLACE FUNCTION organization_name_parts(form text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
BEGIN
  RETURN string_to_array(form, NULL)
    || string_to_array(rtrim(regexp_replace(form, '(..)', E'\\1\n', 'g'), E'\n'), E'\n')
    || string_to_array(rtrim(regexp_replace(substr(form, 2), '(..)', E'\\1\n', 'g'), E'\n'), E'\n');
END $$;
