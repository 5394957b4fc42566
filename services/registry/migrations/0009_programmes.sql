-- Programmes and their yearly editions. All centres share them, so no row belongs to one. Times are
-- business time; versions stand in `aggregate`.

CREATE TABLE programme (
  id              uuid PRIMARY KEY,  -- follows from the code
  code            text COLLATE "C" NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,19}$'),
  display_name    text NOT NULL,
  display_name_en text NOT NULL,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL
);

CREATE TABLE edition (
  id                uuid PRIMARY KEY,      -- follows from the name
  name              text COLLATE "C" NOT NULL UNIQUE,  -- programmes/{code}/editions/{code}
  programme         text COLLATE "C" NOT NULL REFERENCES programme (code),
  code              text COLLATE "C" NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,19}$'),
  year              int NOT NULL,
  budget_year       int NOT NULL,
  lead_organization uuid REFERENCES organization,
  manager           uuid REFERENCES person,
  state             smallint NOT NULL,
  plan              jsonb NOT NULL,        -- Edition with its lines alone, the dates worked out
  copied_from       text NOT NULL DEFAULT '',
  approved_at       timestamptz,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  CHECK (name = 'programmes/' || programme || '/editions/' || code),
  CHECK ((state = 1) = (approved_at IS NULL))
);
CREATE INDEX edition_of_programme ON edition (programme, name);
