-- Moves of ownership between centres: nothing is copied, the row's centre changes. How often it has, stands
-- in the row; whose it was before, beside it.
ALTER TABLE person ADD COLUMN ownership_epoch int NOT NULL DEFAULT 0;
ALTER TABLE enrolment ADD COLUMN ownership_epoch int NOT NULL DEFAULT 0;
ALTER TABLE lead ADD COLUMN ownership_epoch int NOT NULL DEFAULT 0;

CREATE TABLE ownership_move (
  id                 uuid PRIMARY KEY,
  kind               smallint NOT NULL,            -- 1 a person, 2 what is of a firm, 3 one enrolment
  person_id          uuid REFERENCES person,       -- of 1, and of 3 where a person takes part
  organization_id    uuid REFERENCES organization, -- of 2
  campaign_id        uuid REFERENCES campaign,     -- of 3
  enrolment_id       uuid REFERENCES enrolment,    -- of 3
  with_workplaces    boolean NOT NULL,
  from_centre_id     uuid REFERENCES organization, -- NULL = the whole suite
  to_centre_id       uuid NOT NULL REFERENCES organization,
  reason             text NOT NULL,
  items              text[] NOT NULL,
  state              smallint NOT NULL,            -- 1 requested, 2 accepted, 3 declined, 4 cancelled, 5 expired
  basis              smallint NOT NULL,
  consent_receipt_id uuid REFERENCES consent_receipt,
  parts              jsonb,                        -- Move.parts of an accepted one
  created_at         timestamptz NOT NULL,
  requester          text NOT NULL,
  expires_at         timestamptz NOT NULL,
  decided_at         timestamptz,
  decider            text NOT NULL DEFAULT '',
  decision_reason    text NOT NULL DEFAULT '',
  cancel_cause       smallint NOT NULL DEFAULT 0,
  ownership_epoch    int NOT NULL DEFAULT 0,
  CHECK ((state = 1) = (decided_at IS NULL)),
  CHECK (kind <> 1 OR person_id IS NOT NULL),
  CHECK ((kind = 2) = (organization_id IS NOT NULL)),
  CHECK ((kind = 3) = (enrolment_id IS NOT NULL)),
  CHECK ((enrolment_id IS NULL) = (campaign_id IS NULL)),
  CHECK (from_centre_id IS DISTINCT FROM to_centre_id)
);
-- One open move of a person, of a firm at a centre, of an enrolment.
CREATE UNIQUE INDEX ownership_move_open_person ON ownership_move (person_id)
  WHERE state = 1 AND kind = 1;
CREATE UNIQUE INDEX ownership_move_open_firm ON ownership_move (organization_id,
  coalesce(from_centre_id, '00000000-0000-0000-0000-000000000000')) WHERE state = 1 AND kind = 2;
CREATE UNIQUE INDEX ownership_move_open_enrolment ON ownership_move (enrolment_id)
  WHERE state = 1 AND kind = 3;
CREATE INDEX ownership_move_person ON ownership_move (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX ownership_move_organization ON ownership_move (organization_id, id)
  WHERE organization_id IS NOT NULL;
CREATE INDEX ownership_move_from ON ownership_move (from_centre_id, id) WHERE from_centre_id IS NOT NULL;
CREATE INDEX ownership_move_to ON ownership_move (to_centre_id, id);
CREATE INDEX ownership_move_state ON ownership_move (state, id);
CREATE INDEX ownership_move_kind ON ownership_move (kind, id);
CREATE INDEX ownership_move_created ON ownership_move (created_at, id);
CREATE INDEX ownership_move_expires ON ownership_move (expires_at, id);
CREATE INDEX ownership_move_ends ON ownership_move (expires_at, id) WHERE state = 1;

-- Whose a row was for from_at <= t < to_at, in business time; whose it is, stands in the row.
CREATE TABLE ownership_before (
  row_id    uuid NOT NULL,      -- of a person, an enrolment or a lead
  epoch     int NOT NULL,
  centre_id uuid,               -- NULL = the whole suite
  from_at   timestamptz NOT NULL,
  to_at     timestamptz NOT NULL,
  move_id   uuid NOT NULL REFERENCES ownership_move,
  PRIMARY KEY (row_id, epoch),
  CHECK (from_at <= to_at)
);
CREATE INDEX ownership_before_move ON ownership_before (move_id);

-- What campaigns were: the terms and the state that were replaced, by a trigger, so that a program of an
-- older release is kept, too. How many had seats then follows from the steps of enrolments, so a
-- taken seat costs nothing here.
ALTER TABLE campaign ADD COLUMN known_since timestamptz;  -- NULL = updated_at

CREATE TABLE campaign_version_before (
  seq          bigint GENERATED ALWAYS AS IDENTITY,
  known_from   timestamptz NOT NULL,
  known_to     timestamptz NOT NULL,
  id           uuid NOT NULL,
  display_name text NOT NULL,
  window_start timestamptz,
  window_end   timestamptz,
  capacity     int NOT NULL,
  waiting_list boolean NOT NULL,
  eligibility  jsonb NOT NULL,
  state        smallint NOT NULL,
  closed_at    timestamptz,
  updated_at   timestamptz NOT NULL,
  offer_hours  int NOT NULL,
  PRIMARY KEY (id, seq),
  CHECK (known_from <= known_to)
);

-- Of what ended before the instant that is looked back to nothing is read.
CREATE INDEX campaign_version_then ON campaign_version_before (known_to, id);

CREATE VIEW campaign_version AS
SELECT v.known_from, v.known_to, v.id, c.programme, c.edition, c.code, v.display_name, c.task,
  c.admission, v.window_start, v.window_end, v.capacity, v.waiting_list, v.eligibility, v.state,
  v.closed_at, c.created_at, v.updated_at, c.centre_id, v.offer_hours
FROM campaign_version_before v JOIN campaign c ON c.id = v.id
UNION ALL
SELECT greatest(updated_at, known_since), 'infinity'::timestamptz, id, programme, edition, code,
  display_name, task, admission, window_start, window_end, capacity, waiting_list, eligibility, state,
  closed_at, created_at, updated_at, centre_id, offer_hours
FROM campaign;

-- Where a clock goes back, what it writes is known from the last instant on.
CREATE FUNCTION keep_campaign_before() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz := greatest(OLD.updated_at, OLD.known_since);
BEGIN
  NEW.known_since := greatest(NEW.updated_at, since);
  INSERT INTO campaign_version_before (known_from, known_to, id, display_name, window_start, window_end,
    capacity, waiting_list, eligibility, state, closed_at, updated_at, offer_hours)
  VALUES (since, NEW.known_since, OLD.id, OLD.display_name, OLD.window_start, OLD.window_end,
    OLD.capacity, OLD.waiting_list, OLD.eligibility, OLD.state, OLD.closed_at, OLD.updated_at,
    OLD.offer_hours);
  RETURN NEW;
END $$;
CREATE TRIGGER campaign_changes BEFORE UPDATE ON campaign FOR EACH ROW
  WHEN ((OLD.display_name, OLD.window_start, OLD.window_end, OLD.capacity, OLD.waiting_list,
         OLD.eligibility, OLD.state, OLD.closed_at, OLD.updated_at, OLD.offer_hours)
    IS DISTINCT FROM
        (NEW.display_name, NEW.window_start, NEW.window_end, NEW.capacity, NEW.waiting_list,
         NEW.eligibility, NEW.state, NEW.closed_at, NEW.updated_at, NEW.offer_hours))
  EXECUTE FUNCTION keep_campaign_before();
