-- What the registry owns. Enumerations are stored as the numbers of the contract. Versions of
-- aggregates stand in `aggregate`; times are business time.

CREATE TABLE organization (
  id                  uuid PRIMARY KEY,
  kind                smallint NOT NULL,
  display_name        text NOT NULL,
  business_number     text NOT NULL CHECK (business_number ~ '^[0-9]{10}$'),
  external_code       text CHECK (external_code <> ''),
  state               smallint NOT NULL,  -- 1 active, 2 inactive
  deactivation_reason smallint NOT NULL DEFAULT 0,
  deactivation_date   date,
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  CHECK ((state = 2) = (deactivation_date IS NOT NULL))
);
CREATE INDEX organization_number ON organization (business_number);

-- What is unique is claimed here with ON CONFLICT, on registration and on change alike: a row count
-- decides, never an exception. The number of an inactive organization is given back.
CREATE TABLE organization_claim (
  kind            text NOT NULL CHECK (kind IN ('BUSINESS_NUMBER', 'EXTERNAL_CODE')),
  value           text NOT NULL,
  organization_id uuid NOT NULL,
  PRIMARY KEY (kind, value)
);

-- Dated facts; each row is whole and holds until the next one's day.
CREATE TABLE organization_facts (
  organization_id   uuid NOT NULL,
  valid_from        date NOT NULL,
  total_headcount   int CHECK (total_headcount >= 0),
  women_headcount   int CHECK (women_headcount BETWEEN 0 AND total_headcount),
  regular_headcount int CHECK (regular_headcount BETWEEN 0 AND total_headcount),
  ksic_code         text,
  ksic_revision     smallint,
  region_code       text,
  complex_code      text,
  size_class        smallint NOT NULL,
  ksic_section      text,
  size_band         smallint NOT NULL,
  sme               boolean,
  PRIMARY KEY (organization_id, valid_from)
);

-- People. Personal values are boxes sealed with the person's key; the indexes are keyed hashes.
CREATE TABLE person (
  id                 uuid PRIMARY KEY,
  basis              smallint NOT NULL,
  preferred_language smallint NOT NULL,
  full_name_box      bytea NOT NULL,
  email_box          bytea,
  phone_box          bytea,
  phone_e164_box     bytea,
  email_index        bytea,
  phone_index        bytea,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL
);
CREATE INDEX person_email ON person (email_index) WHERE email_index IS NOT NULL;
CREATE INDEX person_phone ON person (phone_index) WHERE phone_index IS NOT NULL;

CREATE TABLE affiliation (
  id              uuid PRIMARY KEY,
  person_id       uuid NOT NULL REFERENCES person,
  organization_id uuid NOT NULL REFERENCES organization,
  role            smallint NOT NULL,
  start_date      date NOT NULL,
  end_date        date,
  CHECK (start_date <= end_date)
);
CREATE INDEX affiliation_person ON affiliation (person_id);
CREATE INDEX affiliation_organization ON affiliation (organization_id);

-- One row for each person of each question for addresses, whatever the answer was. Insert-only.
CREATE TABLE contact_receipt (
  id                uuid PRIMARY KEY,
  resolution_id     uuid NOT NULL,
  place             smallint NOT NULL,
  person_id         uuid NOT NULL,
  asked_by          text NOT NULL,
  purpose           smallint NOT NULL,
  basis             smallint NOT NULL,
  refusal           smallint NOT NULL,  -- 0 = given
  message_reference text NOT NULL,
  organization_id   uuid,
  asked_at          timestamptz NOT NULL,
  UNIQUE (resolution_id, place)
);
CREATE INDEX contact_receipt_person ON contact_receipt (person_id, asked_at);

CREATE TABLE campaign (
  id           uuid PRIMARY KEY,
  programme    text NOT NULL,
  edition      text NOT NULL,
  code         text NOT NULL,
  display_name text NOT NULL,
  task         smallint NOT NULL,
  admission    smallint NOT NULL,
  window_start timestamptz,
  window_end   timestamptz,
  capacity     int NOT NULL CHECK (capacity >= 0),  -- 0 = no limit
  waiting_list boolean NOT NULL,
  eligibility  jsonb NOT NULL,                      -- EligibilityRules
  state        smallint NOT NULL,
  closed_at    timestamptz,
  seats_taken  int NOT NULL DEFAULT 0 CHECK (seats_taken >= 0),
  waiting      int NOT NULL DEFAULT 0 CHECK (waiting >= 0),
  last_line    bigint NOT NULL DEFAULT 0,           -- line number of the last one who asked
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  UNIQUE (programme, edition, code),
  CHECK (capacity = 0 OR seats_taken <= capacity),
  CHECK ((window_start IS NULL) = (window_end IS NULL)),
  CHECK (window_start < window_end)
) WITH (fillfactor = 50);

CREATE TABLE enrolment (
  id                   uuid PRIMARY KEY,
  campaign_id          uuid NOT NULL REFERENCES campaign,
  line                 bigint NOT NULL,  -- order of asking within the campaign, without a gap
  organization_id      uuid NOT NULL,    -- may be unknown here
  organization_kind    smallint NOT NULL,
  application_id       uuid,
  engagement_id        uuid,
  contact_person_id    uuid,
  consultant_person_id uuid,
  applied_date         date NOT NULL,
  state                smallint NOT NULL,
  denial_reason        smallint NOT NULL DEFAULT 0,
  rule_version         bigint NOT NULL DEFAULT 0,  -- 0 = ended before a verdict
  rules                jsonb,                      -- EligibilityRules that decided
  facts                jsonb,                      -- OrganizationFacts looked at; NULL = none known
  created_at           timestamptz NOT NULL,
  updated_at           timestamptz NOT NULL,
  UNIQUE (campaign_id, line)
);
-- A form makes one enrolment; an organization has one that lives or has lived to the end.
CREATE UNIQUE INDEX enrolment_application ON enrolment (application_id);
CREATE UNIQUE INDEX enrolment_living ON enrolment (campaign_id, organization_id)
  WHERE state IN (1, 3, 4, 5, 6);
CREATE INDEX enrolment_waiting ON enrolment (campaign_id, line) WHERE state = 3;
CREATE INDEX enrolment_organization ON enrolment (organization_id);

CREATE TABLE enrolment_transition (
  enrolment_id      uuid NOT NULL REFERENCES enrolment,
  step              smallint NOT NULL,
  state             smallint NOT NULL,
  day               date NOT NULL,
  denial_reason     smallint NOT NULL DEFAULT 0,
  withdrawal_reason smallint NOT NULL DEFAULT 0,
  recorded_at       timestamptz NOT NULL,
  PRIMARY KEY (enrolment_id, step)
);

-- Forms that were taken back before registry heard of their receipt: the receipt, when it comes,
-- ends withdrawn.
CREATE TABLE withdrawn_application (
  application_id uuid PRIMARY KEY,
  withdrawn_date date NOT NULL,
  recorded_at    timestamptz NOT NULL
);
