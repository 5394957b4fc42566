-- The plan and the ledger of messages. No address, no name and no text of anybody is kept: only ids,
-- codes and dates of the events, from which a text is made when it is handed over.

-- States are numbers of ieum.notify.v1.ReminderState: 1 pending, 2 released, 3 skipped, 4 cancelled.
CREATE TABLE reminder (
  id               uuid PRIMARY KEY,
  rule_code        text COLLATE "C" NOT NULL,
  rule_version     int NOT NULL,
  subject_id       text COLLATE "C" NOT NULL,
  occurrence       int NOT NULL CHECK (occurrence >= 1),
  state            smallint NOT NULL CHECK (state BETWEEN 1 AND 4),
  skip_reason      smallint NOT NULL,
  persons          uuid[] NOT NULL,
  template_code    text COLLATE "C" NOT NULL,
  template_version int NOT NULL,
  notice_template  text COLLATE "C" NOT NULL,  -- empty = none
  channel          smallint NOT NULL,
  law_class        smallint NOT NULL,
  anchor_date      date,
  due_date         date NOT NULL,
  due_at           timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  opened_at        timestamptz NOT NULL,  -- business time of the event that planned it
  cause_event_id   uuid NOT NULL,
  cause_at         timestamptz NOT NULL,  -- business time of the event that planned or last moved it
  correlation_id   text NOT NULL,
  facts            jsonb NOT NULL,
  message_count    int NOT NULL DEFAULT 0,
  released_at      timestamptz,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  UNIQUE (rule_code, subject_id, occurrence),
  FOREIGN KEY (rule_code, rule_version) REFERENCES rule_version (code, version),
  FOREIGN KEY (template_code, template_version) REFERENCES template_version (code, version),
  CHECK ((state = 2) = (released_at IS NOT NULL)),
  CHECK ((state = 3) = (skip_reason <> 0))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX reminder_one_pending ON reminder (rule_code, subject_id) WHERE state = 1;
CREATE INDEX reminder_due ON reminder (due_at, id) WHERE state = 1;
CREATE INDEX reminder_subject ON reminder (subject_id);
CREATE INDEX reminder_day ON reminder (due_date, rule_code);
CREATE INDEX reminder_time ON reminder (due_at, id);

-- Moves and cancellations of what has not been planned yet: events of two aggregates come in any
-- order. Applied, in order of business time, when the plan follows.
CREATE TABLE reminder_signal (
  rule_code      text COLLATE "C" NOT NULL,
  subject_id     text COLLATE "C" NOT NULL,
  event_id       uuid NOT NULL,
  role           smallint NOT NULL,  -- 2 move, 3 cancellation
  at             timestamptz NOT NULL,
  correlation_id text NOT NULL,
  anchor_date    date,
  persons        uuid[] NOT NULL,
  facts          jsonb NOT NULL,
  PRIMARY KEY (rule_code, subject_id, event_id)
);

-- That a change notice is owed, once for each template, moving event and recipient.
CREATE TABLE change_notice (
  template_code text COLLATE "C" NOT NULL,
  event_id      uuid NOT NULL,
  person_id     uuid NOT NULL,
  reminder_id   uuid NOT NULL REFERENCES reminder,
  rule_code     text COLLATE "C" NOT NULL,
  due_date      date NOT NULL,
  PRIMARY KEY (template_code, event_id, person_id)
);
CREATE INDEX change_notice_day ON change_notice (due_date, rule_code);

-- States are numbers of ieum.notify.v1.MessageState: 1 pending, 2 sending, 3 handed over,
-- 4 in doubt, 5 suppressed, 6 expired, 7 cancelled.
CREATE TABLE message (
  id                 uuid PRIMARY KEY,
  reminder_id        uuid NOT NULL REFERENCES reminder,
  rule_code          text COLLATE "C" NOT NULL,
  rule_version       int NOT NULL,
  subject_id         text COLLATE "C" NOT NULL,
  kind               smallint NOT NULL CHECK (kind IN (1, 2)),
  person_id          uuid NOT NULL,
  channel            smallint NOT NULL,
  law_class          smallint NOT NULL,
  template_code      text COLLATE "C" NOT NULL,
  template_version   int NOT NULL,
  due_date           date NOT NULL,
  due_at             timestamptz NOT NULL,
  expires_at         timestamptz NOT NULL,
  cause_event_id     uuid NOT NULL,
  correlation_id     text NOT NULL,
  facts              jsonb NOT NULL,
  state              smallint NOT NULL CHECK (state BETWEEN 1 AND 7),
  suppression_reason smallint NOT NULL DEFAULT 0,
  doubt_resolution   smallint NOT NULL DEFAULT 0,
  doubt_note         text NOT NULL DEFAULT '',
  language           text NOT NULL DEFAULT '',
  receipt_id         text NOT NULL DEFAULT '',
  sender             uuid,                                    -- life of the process that sends it
  attempt_count      int NOT NULL DEFAULT 0,
  next_attempt_at    timestamptz NOT NULL DEFAULT now(),      -- real time
  hold_until         timestamptz,                             -- business time; NULL = not held
  handed_over_at     timestamptz,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  recorded_at        timestamptz NOT NULL DEFAULT clock_timestamp(),  -- real time
  FOREIGN KEY (template_code, template_version) REFERENCES template_version (code, version),
  CHECK (state <> 2 OR sender IS NOT NULL),
  CHECK ((state = 5) = (suppression_reason <> 0))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX message_of_row ON message (reminder_id, person_id, channel) WHERE kind = 1;
CREATE UNIQUE INDEX message_of_move ON message (template_code, cause_event_id, person_id, channel)
  WHERE kind = 2;
CREATE INDEX message_queue ON message (due_at, id) WHERE state = 1;
CREATE INDEX message_sending ON message (sender) WHERE state = 2;
CREATE INDEX message_reminder ON message (reminder_id);
CREATE INDEX message_person ON message (person_id, due_at);
CREATE INDEX message_day ON message (due_date, rule_code);
CREATE INDEX message_time ON message (due_at, id);

-- Every step of every message, with what it was decided on.
CREATE TABLE message_step (
  message_id  uuid NOT NULL REFERENCES message,
  place       int NOT NULL,
  state       smallint NOT NULL,
  at          timestamptz NOT NULL,                                -- business time
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),      -- real time
  detail      jsonb NOT NULL,
  PRIMARY KEY (message_id, place)
);

-- The balance of each rule and day. What was planned is counted from the plan, all the rest from
-- what became of it, so that a message lost or made twice shows.
CREATE VIEW balance AS
WITH plan AS (
  SELECT rule_code, due_date, CASE WHEN state = 2 THEN message_count ELSE 1 END AS planned,
         (state = 3)::int AS skipped, (state = 4)::int AS cancelled, (state = 1)::int AS pending
  FROM reminder
  UNION ALL
  SELECT rule_code, due_date, 1, 0, 0, 0 FROM change_notice
), planned AS (
  SELECT rule_code, due_date, sum(planned) AS planned, sum(skipped) AS skipped,
         sum(cancelled) AS cancelled, sum(pending) AS pending
  FROM plan GROUP BY rule_code, due_date
), became AS (
  SELECT rule_code, due_date,
         count(*) FILTER (WHERE state = 3) AS handed_over,
         count(*) FILTER (WHERE state = 5) AS suppressed,
         count(*) FILTER (WHERE state = 6) AS expired,
         count(*) FILTER (WHERE state = 7) AS cancelled,
         count(*) FILTER (WHERE state IN (1, 2)) AS pending,
         count(*) FILTER (WHERE state = 4) AS in_doubt
  FROM message GROUP BY rule_code, due_date
), line AS (
  SELECT rule_code, due_date,
         coalesce(p.planned, 0) AS planned,
         coalesce(b.handed_over, 0) AS handed_over,
         coalesce(b.suppressed, 0) AS suppressed,
         coalesce(b.expired, 0) AS expired,
         coalesce(p.skipped, 0) AS skipped,
         coalesce(p.cancelled, 0) + coalesce(b.cancelled, 0) AS cancelled,
         coalesce(p.pending, 0) + coalesce(b.pending, 0) AS pending,
         coalesce(b.in_doubt, 0) AS in_doubt
  FROM planned p FULL JOIN became b USING (rule_code, due_date)
)
SELECT *, planned = handed_over + suppressed + expired + skipped + cancelled + pending + in_doubt
            AS balanced
FROM line;
