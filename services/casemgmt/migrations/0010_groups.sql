-- Peer groups, who is in them, when they meet, who came, and what their coaches wrote down. States and
-- other words are the numbers of their enums in the contract.

CREATE TABLE peer_group (
  id                 uuid PRIMARY KEY,
  code               text NOT NULL,            -- '' = none
  label              text NOT NULL,
  programme          text NOT NULL,
  edition            text NOT NULL,
  line_code          text NOT NULL,            -- '' = none
  centre_id          uuid,                     -- NULL = the whole suite's
  job_code           text NOT NULL,            -- '' = none
  need_codes         text[] NOT NULL,
  coach_person_id    uuid,
  coach_subject      uuid,                     -- the coach's account; NULL = none
  maker_subject      uuid,                     -- the account that formed it
  state              smallint NOT NULL,
  min_members        smallint NOT NULL,
  max_members        smallint NOT NULL,
  completion_percent smallint NOT NULL,
  formed_date        date NOT NULL,
  opened_date        date,
  started_date       date,
  ended_date         date,
  cancel_reason      smallint NOT NULL,
  merged_into        uuid REFERENCES peer_group (id),
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  CHECK (min_members <= max_members)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX peer_group_code ON peer_group (programme, edition, code) WHERE code <> '';
CREATE INDEX peer_group_centre ON peer_group (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX peer_group_line ON peer_group (programme, edition, line_code, id);
CREATE INDEX peer_group_coach ON peer_group (coach_person_id, id) WHERE coach_person_id IS NOT NULL;
CREATE INDEX peer_group_coachs ON peer_group (coach_subject, id) WHERE coach_subject IS NOT NULL;
CREATE INDEX peer_group_makers ON peer_group (maker_subject, id) WHERE maker_subject IS NOT NULL;
CREATE INDEX peer_group_formed ON peer_group (formed_date, id);

-- One row for each person of a group, however often she joined it.
CREATE TABLE group_member (
  id               uuid PRIMARY KEY,
  group_id         uuid NOT NULL REFERENCES peer_group (id),
  participant_id   uuid NOT NULL,              -- her token in events
  person_id        uuid,                       -- as she was invited; NULL = erased
  state            smallint NOT NULL,
  joins            int NOT NULL,
  invited_date     date NOT NULL,
  join_date        date,
  leave_date       date,
  leave_reason     smallint NOT NULL,
  completed_date   date,
  from_group_id    uuid REFERENCES peer_group (id),  -- of one who came over with a merge
  brought_attended int NOT NULL,
  brought_held     int NOT NULL,
  counts_from      date,                       -- sessions up to it count where she is recorded
  alerted_session  uuid,                       -- in the run of absences that the coach was told of
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX group_member_person ON group_member (group_id, person_id)
  WHERE person_id IS NOT NULL;
CREATE INDEX group_member_group ON group_member (group_id, id);
CREATE INDEX group_member_of_person ON group_member (person_id, id) WHERE person_id IS NOT NULL;

CREATE TABLE group_session (
  id            uuid PRIMARY KEY,
  group_id      uuid NOT NULL REFERENCES peer_group (id),
  number        int NOT NULL,
  state         smallint NOT NULL,
  start_time    timestamptz NOT NULL,
  end_time      timestamptz NOT NULL,
  session_date  date NOT NULL,                 -- in Korea
  place         text NOT NULL,
  cancel_reason smallint NOT NULL,
  log_revision  int NOT NULL,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL,
  UNIQUE (group_id, number),
  CHECK (start_time < end_time)
) WITH (fillfactor = 80);
CREATE INDEX group_session_start ON group_session (start_time, id);

-- Whether a member came, as it holds now; what was said before stands in group_attendance_record.
CREATE TABLE group_attendance (
  id          uuid PRIMARY KEY,
  group_id    uuid NOT NULL REFERENCES peer_group (id),
  session_id  uuid NOT NULL REFERENCES group_session (id),
  member_id   uuid NOT NULL REFERENCES group_member (id),
  state       smallint NOT NULL,
  revision    int NOT NULL,
  record_id   uuid NOT NULL,
  recorded_at timestamptz NOT NULL,
  UNIQUE (session_id, member_id)
) WITH (fillfactor = 80);
CREATE INDEX group_attendance_group ON group_attendance (group_id, id);
CREATE INDEX group_attendance_member ON group_attendance (member_id, id);

CREATE TABLE group_attendance_record (
  id            uuid PRIMARY KEY,
  attendance_id uuid NOT NULL REFERENCES group_attendance (id),
  revision      int NOT NULL,
  state         smallint NOT NULL,
  recorded_at   timestamptz NOT NULL,
  UNIQUE (attendance_id, revision)
);

-- Words of coaches, sealed with the group's own key. They name nobody; a revision that did is empty.
CREATE TABLE group_log (
  session_id  uuid NOT NULL REFERENCES group_session (id),
  revision    int NOT NULL,
  group_id    uuid NOT NULL REFERENCES peer_group (id),
  words       bytea,                           -- NULL = taken out
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (session_id, revision)
);
