-- Papers of cases, engagements and forms. Their contents are sealed files beside the database, named by
-- a hash that only the key's holder can make; here stands what they are. States and other words are the
-- numbers of their enums in the contract.

CREATE TABLE attachment (
  id             uuid PRIMARY KEY,
  case_id        uuid REFERENCES casefile (id),
  session_id     uuid,                         -- of that case
  plan_id        uuid,                         -- of that case
  engagement_id  uuid REFERENCES engagement (id),  -- also that of the form
  application_id uuid REFERENCES application (id),
  person_id      uuid,                         -- of the case, as recorded there; NULL = a firm's, or erased
  file_id        uuid NOT NULL,                -- the same content of the same key is the same file
  file_name      bytea,                        -- sealed with the key; NULL = gone
  sha256         bytea,                        -- sealed with the key; NULL = gone
  type           smallint NOT NULL,
  size_bytes     bigint NOT NULL CHECK (size_bytes > 0),
  state          smallint NOT NULL,
  scan_state     smallint NOT NULL,
  scanner        text NOT NULL,                -- '' = nobody has looked
  removal_reason smallint NOT NULL,
  created_at     timestamptz NOT NULL,
  stored_at      timestamptz,
  scanned_at     timestamptz,
  updated_at     timestamptz NOT NULL,
  CHECK ((case_id IS NULL) = (engagement_id IS NOT NULL)),
  CHECK (application_id IS NULL OR engagement_id IS NOT NULL),
  CHECK (session_id IS NULL OR plan_id IS NULL),
  CHECK (case_id IS NOT NULL OR (session_id IS NULL AND plan_id IS NULL AND person_id IS NULL)),
  CHECK ((file_name IS NULL) = (sha256 IS NULL)),
  -- UPLOADING and STORED ones are of somebody, and have a name.
  CHECK (state NOT IN (1, 2) OR (file_name IS NOT NULL AND (case_id IS NULL OR person_id IS NOT NULL)))
) WITH (fillfactor = 80);
CREATE INDEX attachment_case ON attachment (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX attachment_engagement ON attachment (engagement_id, id) WHERE engagement_id IS NOT NULL;
CREATE INDEX attachment_application ON attachment (application_id, id)
  WHERE application_id IS NOT NULL;
CREATE INDEX attachment_person ON attachment (person_id, id) WHERE person_id IS NOT NULL;
-- Whether anybody still needs a file.
CREATE INDEX attachment_file ON attachment (file_id) WHERE state IN (1, 2);
CREATE INDEX attachment_uploading ON attachment (created_at, id) WHERE state = 1;
-- What a scanner asks for.
CREATE INDEX attachment_unscanned ON attachment (stored_at, id) WHERE state = 2 AND scan_state = 1;

-- Pieces of an upload that have come; their bytes are sealed files, too.
CREATE TABLE attachment_chunk (
  attachment_id uuid NOT NULL REFERENCES attachment (id),
  number        int NOT NULL,                  -- from 0
  digest        bytea NOT NULL,                -- keyed: the same bytes again are known
  PRIMARY KEY (attachment_id, number)
);

-- Files that may be in nobody's way any more: the pieces of an upload that ended, and the content of
-- what was removed or erased.
CREATE TABLE attachment_cleanup (
  attachment_id uuid PRIMARY KEY REFERENCES attachment (id),
  file_id       uuid NOT NULL,
  version       bigint NOT NULL,               -- of the attachment when it was asked for
  asked_at      timestamptz NOT NULL
);
CREATE INDEX attachment_cleanup_asked ON attachment_cleanup (asked_at, attachment_id);
