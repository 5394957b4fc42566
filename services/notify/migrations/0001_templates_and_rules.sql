-- Texts and rules are data. A version never changes once it is written; what is planned refers to
-- the version that it was planned with.

CREATE TABLE template (
  code       text COLLATE "C" PRIMARY KEY,
  id         uuid NOT NULL UNIQUE,      -- of its aggregate
  version    int NOT NULL               -- the newest
);

CREATE TABLE template_version (
  code       text COLLATE "C" NOT NULL REFERENCES template,
  version    int NOT NULL CHECK (version >= 1),
  event_type text NOT NULL,
  ko_subject text NOT NULL,
  ko_body    text NOT NULL,
  en_subject text NOT NULL,
  en_body    text NOT NULL,
  variables  text[] NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (code, version)
);

CREATE TABLE rule (
  code       text COLLATE "C" PRIMARY KEY,
  id         uuid NOT NULL UNIQUE,
  version    int NOT NULL
);

CREATE TABLE rule_version (
  code           text COLLATE "C" NOT NULL REFERENCES rule,
  version        int NOT NULL CHECK (version >= 1),
  event_type     text NOT NULL,           -- of the trigger
  event_types    text[] NOT NULL,         -- all that it listens to
  template_codes text[] NOT NULL,         -- of the reminder, and of the change notice
  terms          jsonb NOT NULL,          -- ieum.notify.v1.Rule
  created_at     timestamptz NOT NULL,
  PRIMARY KEY (code, version)
);
CREATE INDEX rule_version_event ON rule_version USING gin (event_types);
