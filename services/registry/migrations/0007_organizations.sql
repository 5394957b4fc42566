-- Organizations in depth: the tree, names in parts, what was known when, labels and council terms.

-- The firm that a workplace is a part of, or the lead centre of a centre.
ALTER TABLE organization ADD COLUMN parent_id uuid REFERENCES organization;
CREATE INDEX organization_parent ON organization (parent_id, id) WHERE parent_id IS NOT NULL;

-- What lists are filtered and ordered by. Codes are asked for by their beginnings, too.
CREATE INDEX organization_code ON organization (external_code text_pattern_ops)
  WHERE external_code IS NOT NULL;
CREATE INDEX organization_kind ON organization (kind, id);
CREATE INDEX organization_created ON organization (created_at, id);

-- Whoever moves an organization within the tree holds this row until it is done: what stands above
-- and below stands still meanwhile.
CREATE TABLE organization_tree (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
);
INSERT INTO organization_tree DEFAULT VALUES;

-- Names in parts. What a name is searched by: without spacing, punctuation, case and the form of the
-- company. Forms in Latin letters are looked for where there are some: a pattern with words costs
-- eight times as much as one without.
CREATE FUNCTION organization_search_form(printed text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
  SELECT regexp_replace(
    CASE WHEN lower(normalize(printed, NFKC)) ~ '[a-z]'
      THEN regexp_replace(lower(normalize(printed, NFKC)),
        '\m(co|ltd|limited|inc|corp|corporation|company|llc)\M', '', 'g')
      ELSE lower(normalize(printed, NFKC)) END,
    '\((주|유|합|자|재|사)\)|주식회사|유한책임회사|유한회사|합자회사|합명회사|재단법인|사단법인'
      '|[[:space:]!-/:-@[-`{-~·‧・ㆍᆞ…–—‘’“”]',
    '', 'g')
$$;

-- Every one and every two neighbouring characters of a form.
CREATE FUNCTION organization_name_parts(form text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
  SELECT coalesce(array_agg(DISTINCT substr(form, n, k)), '{}')
  FROM generate_series(1, length(form)) n, generate_series(1, 2) k
  WHERE n + k - 1 <= length(form)
$$;

-- Those that a name must have for `form` to stand in it.
CREATE FUNCTION organization_wanted_parts(form text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN length(form) < 2 THEN ARRAY[form] ELSE
    (SELECT array_agg(DISTINCT substr(form, n, 2)) FROM generate_series(1, length(form) - 1) n) END
$$;

ALTER TABLE organization ADD COLUMN search_form text NOT NULL
  GENERATED ALWAYS AS (organization_search_form(display_name)) STORED;
CREATE INDEX organization_name_part ON organization
  USING gin (organization_name_parts(search_form));

-- What was known when. A row holds for known_from <= t < known_to, in business time; the one that
-- holds now ends at infinity. Written by the database itself, so that no program can forget it, one
-- of an older release neither: such a one says no `version`.
ALTER TABLE organization ADD COLUMN version bigint;  -- of the aggregate, at the last write
ALTER TABLE organization_facts ADD COLUMN version bigint, ADD COLUMN recorded_at timestamptz;

CREATE TABLE organization_version (
  seq                 bigint GENERATED ALWAYS AS IDENTITY,
  known_from          timestamptz NOT NULL,
  known_to            timestamptz NOT NULL DEFAULT 'infinity',
  version             bigint,  -- NULL = not known
  id                  uuid NOT NULL,
  kind                smallint NOT NULL,
  display_name        text NOT NULL,
  business_number     text NOT NULL,
  external_code       text,
  state               smallint NOT NULL,
  deactivation_reason smallint NOT NULL,
  deactivation_date   date,
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  parent_id           uuid,
  PRIMARY KEY (id, seq),
  CHECK (known_from <= known_to)
);
CREATE INDEX organization_version_then ON organization_version (id, known_to);
CREATE INDEX organization_version_number ON organization_version (business_number);
CREATE INDEX organization_version_code ON organization_version (external_code text_pattern_ops)
  WHERE external_code IS NOT NULL;
CREATE INDEX organization_version_parent ON organization_version (parent_id, id)
  WHERE parent_id IS NOT NULL;

CREATE TABLE organization_facts_version (
  seq               bigint GENERATED ALWAYS AS IDENTITY,
  known_from        timestamptz NOT NULL,
  known_to          timestamptz NOT NULL DEFAULT 'infinity',
  version           bigint,
  organization_id   uuid NOT NULL,
  valid_from        date NOT NULL,
  total_headcount   int,
  women_headcount   int,
  regular_headcount int,
  ksic_code         text,
  ksic_revision     smallint,
  region_code       text,
  complex_code      text,
  size_class        smallint NOT NULL,
  ksic_section      text,
  size_band         smallint NOT NULL,
  sme               boolean,
  PRIMARY KEY (organization_id, valid_from, seq),
  CHECK (known_from <= known_to)
);
CREATE INDEX organization_facts_version_then
  ON organization_facts_version (organization_id, valid_from, known_to);

-- What was recorded before this file is known from its last change on.
INSERT INTO organization_version (known_from, version, id, kind, display_name, business_number,
  external_code, state, deactivation_reason, deactivation_date, created_at, updated_at)
SELECT o.updated_at, a.version, o.id, o.kind, o.display_name, o.business_number, o.external_code,
  o.state, o.deactivation_reason, o.deactivation_date, o.created_at, o.updated_at
FROM organization o LEFT JOIN aggregate a ON a.id = o.id;
INSERT INTO organization_facts_version (known_from, organization_id, valid_from, total_headcount,
  women_headcount, regular_headcount, ksic_code, ksic_revision, region_code, complex_code,
  size_class, ksic_section, size_band, sme)
SELECT o.updated_at, f.organization_id, f.valid_from, f.total_headcount, f.women_headcount,
  f.regular_headcount, f.ksic_code, f.ksic_revision, f.region_code, f.complex_code, f.size_class,
  f.ksic_section, f.size_band, f.sme
FROM organization_facts f JOIN organization o ON o.id = f.organization_id;

CREATE FUNCTION keep_new_organizations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO organization_version (known_from, version, id, kind, display_name, business_number,
    external_code, state, deactivation_reason, deactivation_date, created_at, updated_at, parent_id)
  SELECT updated_at, version, id, kind, display_name, business_number, external_code, state,
    deactivation_reason, deactivation_date, created_at, updated_at, parent_id
  FROM made;
  RETURN NULL;
END $$;
CREATE TRIGGER organization_made AFTER INSERT ON organization REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION keep_new_organizations();

-- A version that is there already was said by a program that says none. Where a clock goes back,
-- what it writes is known from the last instant on.
CREATE FUNCTION keep_organization_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE organization_version v SET known_to = greatest(m.updated_at, v.known_from)
  FROM made m WHERE v.id = m.id AND v.known_to = 'infinity';
  INSERT INTO organization_version (known_from, version, id, kind, display_name, business_number,
    external_code, state, deactivation_reason, deactivation_date, created_at, updated_at, parent_id)
  SELECT greatest(m.updated_at, before.known_to),
    CASE WHEN m.version > coalesce(before.version, 0) THEN m.version END, m.id, m.kind,
    m.display_name, m.business_number, m.external_code, m.state, m.deactivation_reason,
    m.deactivation_date, m.created_at, m.updated_at, m.parent_id
  FROM made m LEFT JOIN LATERAL (
    SELECT max(v.known_to) AS known_to, max(v.version) AS version
    FROM organization_version v WHERE v.id = m.id) before ON TRUE;
  RETURN NULL;
END $$;
CREATE TRIGGER organization_changed AFTER UPDATE ON organization REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION keep_organization_versions();

-- A program that says no version says no instant either: the database's clock then.
CREATE FUNCTION keep_new_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO organization_facts_version (known_from, version, organization_id, valid_from,
    total_headcount, women_headcount, regular_headcount, ksic_code, ksic_revision, region_code,
    complex_code, size_class, ksic_section, size_band, sme)
  SELECT coalesce(recorded_at, now()), version, organization_id, valid_from, total_headcount,
    women_headcount, regular_headcount, ksic_code, ksic_revision, region_code, complex_code,
    size_class, ksic_section, size_band, sme
  FROM made;
  RETURN NULL;
END $$;
CREATE TRIGGER organization_facts_made AFTER INSERT ON organization_facts
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION keep_new_facts();

CREATE FUNCTION keep_facts_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE organization_facts_version v SET known_to = greatest(v.known_from,
    CASE WHEN m.version > coalesce(before.version, 0) THEN m.recorded_at ELSE now() END)
  FROM made m LEFT JOIN LATERAL (
    SELECT max(x.version) AS version FROM organization_facts_version x
    WHERE x.organization_id = m.organization_id AND x.valid_from = m.valid_from) before ON TRUE
  WHERE v.organization_id = m.organization_id AND v.valid_from = m.valid_from
    AND v.known_to = 'infinity';
  INSERT INTO organization_facts_version (known_from, version, organization_id, valid_from,
    total_headcount, women_headcount, regular_headcount, ksic_code, ksic_revision, region_code,
    complex_code, size_class, ksic_section, size_band, sme)
  SELECT greatest(before.known_to,
      CASE WHEN m.version > coalesce(before.version, 0) THEN m.recorded_at ELSE now() END),
    CASE WHEN m.version > coalesce(before.version, 0) THEN m.version END, m.organization_id,
    m.valid_from, m.total_headcount, m.women_headcount, m.regular_headcount, m.ksic_code,
    m.ksic_revision, m.region_code, m.complex_code, m.size_class, m.ksic_section, m.size_band,
    m.sme
  FROM made m LEFT JOIN LATERAL (
    SELECT max(x.version) AS version, max(x.known_to) AS known_to
    FROM organization_facts_version x
    WHERE x.organization_id = m.organization_id AND x.valid_from = m.valid_from) before ON TRUE;
  RETURN NULL;
END $$;
CREATE TRIGGER organization_facts_changed AFTER UPDATE ON organization_facts
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION keep_facts_versions();

-- Labels and certificates that firms hold, with the days on which they are given out.
CREATE TABLE label_kind (
  code       text PRIMARY KEY CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,39}$'),
  name_ko    text NOT NULL,
  name_en    text NOT NULL,
  issuer     text NOT NULL,
  valid_from date,
  valid_to   date,
  CHECK (valid_from <= valid_to)
);
INSERT INTO label_kind (code, name_ko, name_en, issuer, valid_from) VALUES
  ('FAMILY_FRIENDLY', '가족친화인증기업', 'Family-friendly certified firm', '여성가족부', '2008-01-01'),
  ('WOMEN_FRIENDLY', '여성친화기업', 'Women-friendly firm', '여성새로일하기센터', '2009-01-01'),
  ('WORK_INNOVATION_SS', '근무혁신 우수기업 SS', 'Work-innovation firm, grade SS', '고용노동부', '2019-01-01'),
  ('WORK_INNOVATION_S', '근무혁신 우수기업 S', 'Work-innovation firm, grade S', '고용노동부', '2019-01-01'),
  ('WORK_INNOVATION_A', '근무혁신 우수기업 A', 'Work-innovation firm, grade A', '고용노동부', '2019-01-01'),
  ('YOUTH_FRIENDLY', '청년친화강소기업', 'Youth-friendly small giant', '고용노동부', '2016-01-01'),
  ('WLB_CITY', '부산 워라밸 우수기업', 'Busan work-life balance firm', '부산광역시', '2019-01-01');

-- Dated records of an organization beside its facts: a row is never changed, only ended, and what
-- replaces it is a new one. known_from and known_to as above.
CREATE TABLE organization_label (
  seq                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  known_from         timestamptz NOT NULL,
  known_to           timestamptz NOT NULL DEFAULT 'infinity',
  version            bigint NOT NULL,
  organization_id    uuid NOT NULL REFERENCES organization,
  code               text NOT NULL REFERENCES label_kind,
  valid_from         date NOT NULL,
  valid_until        date,
  certificate_number text,
  revoked_date       date,
  CHECK (known_from <= known_to),
  CHECK (valid_from <= valid_until),
  CHECK (valid_from <= revoked_date AND (valid_until IS NULL OR revoked_date <= valid_until))
);
CREATE UNIQUE INDEX organization_label_now ON organization_label (organization_id, code, valid_from)
  WHERE known_to = 'infinity';
CREATE INDEX organization_label_then ON organization_label (organization_id, known_to);

CREATE TABLE council_term (
  seq             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  known_from      timestamptz NOT NULL,
  known_to        timestamptz NOT NULL DEFAULT 'infinity',
  version         bigint NOT NULL,
  organization_id uuid NOT NULL REFERENCES organization,
  start_date      date NOT NULL,
  end_date        date,
  sector          smallint NOT NULL,
  representative  boolean NOT NULL,
  CHECK (known_from <= known_to),
  CHECK (start_date <= end_date)
);
CREATE UNIQUE INDEX council_term_now ON council_term (organization_id, start_date)
  WHERE known_to = 'infinity';
CREATE INDEX council_term_then ON council_term (organization_id, known_to);
