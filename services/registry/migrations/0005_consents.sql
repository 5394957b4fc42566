-- Consents. What is asked for is a text, which never changes; what a person said to it is a row that is
-- only ever added; where each matter stands now is a row of `consent_head`, so that a gate reads one.
CREATE TABLE consent_text (
  id           uuid PRIMARY KEY,
  code         text NOT NULL,
  version      int NOT NULL CHECK (version >= 1),
  language     smallint NOT NULL,
  purpose      smallint NOT NULL,
  recipient_id uuid REFERENCES organization,  -- of a provision only
  wording      jsonb NOT NULL,                -- ConsentText: what the law asks for, and the body
  created_at   timestamptz NOT NULL,
  UNIQUE (code, version, language)
);

-- A matter is a purpose and, of a provision, a recipient; its entries are counted by `revision`.
CREATE TABLE consent (
  id           uuid PRIMARY KEY,
  person_id    uuid NOT NULL REFERENCES person,
  centre_id    uuid,                          -- the person's
  purpose      smallint NOT NULL,
  recipient_id uuid,
  revision     int NOT NULL CHECK (revision >= 1),
  state        smallint NOT NULL,             -- 1 given, 2 refused, 3 withdrawn, 4 expired
  text_id      uuid NOT NULL REFERENCES consent_text,
  act_id       uuid NOT NULL,                 -- shared by what was said at once
  channel      smallint NOT NULL DEFAULT 0,
  decided_at   timestamptz NOT NULL,
  recorded_at  timestamptz NOT NULL,
  recorder     text NOT NULL,
  guardian_id  uuid REFERENCES person,
  expires_at   timestamptz,
  CHECK (state = 4 OR channel > 0),
  CHECK (expires_at IS NULL OR state = 1),
  CHECK (decided_at <= recorded_at),
  UNIQUE NULLS NOT DISTINCT (person_id, purpose, recipient_id, revision)
);
CREATE INDEX consent_person ON consent (person_id, id);
CREATE INDEX consent_centre ON consent (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX consent_act ON consent (act_id);

CREATE TABLE consent_head (
  person_id       uuid NOT NULL REFERENCES person,
  purpose         smallint NOT NULL,
  recipient_id    uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',  -- that: none
  consent_id      uuid NOT NULL UNIQUE REFERENCES consent,
  revision        int NOT NULL,
  state           smallint NOT NULL,
  text_id         uuid NOT NULL,
  decided_at      timestamptz NOT NULL,
  expires_at      timestamptz,
  confirmations   int NOT NULL DEFAULT 0,     -- how often it was said that it has to be confirmed
  due_at          timestamptz,                -- when something is to be written down about it
  PRIMARY KEY (person_id, purpose, recipient_id)
);
CREATE INDEX consent_head_due ON consent_head (due_at) WHERE due_at IS NOT NULL;

-- What a gate was asked and answered, refusals too. Insert-only.
CREATE TABLE consent_receipt (
  id               uuid PRIMARY KEY,
  person_id        uuid NOT NULL REFERENCES person,
  centre_id        uuid,                      -- the person's
  kind             smallint NOT NULL,         -- 1 provision, 2 publication
  recipient_id     uuid,
  items            jsonb NOT NULL,            -- ConsentReceipt.items
  publication      smallint NOT NULL DEFAULT 0,
  refusal          smallint NOT NULL,         -- 0 = allowed
  consent_id       uuid REFERENCES consent,   -- that was looked at
  consent_revision int NOT NULL DEFAULT 0,
  asked_by         text NOT NULL,
  asked_at         timestamptz NOT NULL,
  overridden_id    uuid UNIQUE REFERENCES consent_receipt,
  ground           smallint NOT NULL DEFAULT 0,
  reason           text NOT NULL DEFAULT '',
  CHECK ((overridden_id IS NULL) = (ground = 0)),
  CHECK ((ground = 0) = (reason = ''))
);
CREATE INDEX consent_receipt_person ON consent_receipt (person_id, id);
CREATE INDEX consent_receipt_centre ON consent_receipt (centre_id, id) WHERE centre_id IS NOT NULL;

-- Which consent an address was given on, for which channel, and which addresses (1 e-mail, 2 phone).
ALTER TABLE contact_receipt ADD COLUMN consent_id uuid;
ALTER TABLE contact_receipt ADD COLUMN consent_revision int NOT NULL DEFAULT 0;
ALTER TABLE contact_receipt ADD COLUMN channel smallint NOT NULL DEFAULT 0;
ALTER TABLE contact_receipt ADD COLUMN addresses smallint NOT NULL DEFAULT 3;
