-- Referrals and transfers of cases, what of a person's data was handed on for them, and the one-time
-- links of outside bodies. States and other words are the numbers of their enums in the contract. Words
-- are sealed with the key of the case's person.

CREATE TABLE referral (
  id                uuid PRIMARY KEY,
  case_id           uuid NOT NULL REFERENCES casefile (id),
  centre_id         uuid,                      -- the case's, so that a centre's list has an index
  state             smallint NOT NULL,
  service           smallint NOT NULL,
  recipient_id      uuid,                      -- NULL = a body that registry does not know
  outside_box       bytea,                     -- what that one is called
  contact_person_id uuid,                      -- of the recipient, to write to
  request_box       bytea,
  parts             smallint[] NOT NULL,
  items             text[] NOT NULL,
  sent_date         date NOT NULL,
  answer_due_date   date NOT NULL,
  end_date          date NOT NULL,             -- last day of the grant
  overdue_told      boolean NOT NULL DEFAULT false,
  answer_date       date,
  answer_way        smallint NOT NULL DEFAULT 0,
  reject_reason     smallint NOT NULL DEFAULT 0,
  answer_box        bytea,
  outcome           smallint NOT NULL DEFAULT 0,
  result_date       date,
  result_way        smallint NOT NULL DEFAULT 0,
  result_box        bytea,
  revoke_reason     smallint NOT NULL DEFAULT 0,
  ended_at          timestamptz,               -- from then on nothing is shared
  receipt_id        uuid,                      -- registry's, of the case's person
  consent_lost      boolean NOT NULL DEFAULT false,  -- heard: her consent no longer covers it
  revision          bigint NOT NULL DEFAULT 1,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  CHECK ((ended_at IS NULL) = (state IN (1, 2))),
  CHECK (recipient_id IS NOT NULL OR parts = '{}'),
  CHECK (sent_date <= end_date)
) WITH (fillfactor = 80);
-- SENT and ACCEPTED are open.
CREATE UNIQUE INDEX referral_one_open ON referral (case_id, recipient_id, service)
  WHERE state IN (1, 2) AND recipient_id IS NOT NULL;
CREATE INDEX referral_case ON referral (case_id, id);
CREATE INDEX referral_centre ON referral (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX referral_recipient ON referral (recipient_id, id) WHERE recipient_id IS NOT NULL;
CREATE INDEX referral_contact ON referral (contact_person_id, id)
  WHERE contact_person_id IS NOT NULL;
CREATE INDEX referral_unanswered ON referral (answer_due_date, id)
  WHERE state = 1 AND NOT overdue_told;
CREATE INDEX referral_ending ON referral (end_date, id) WHERE state IN (1, 2);
CREATE INDEX referral_without_consent ON referral (id) WHERE state IN (1, 2) AND consent_lost;

-- The link that is out; a new one takes its place, and a result ends it.
CREATE TABLE referral_link (
  referral_id uuid PRIMARY KEY REFERENCES referral (id),
  link_id     uuid NOT NULL UNIQUE,
  secret_hash bytea NOT NULL,                  -- the secret itself is kept by nobody
  expires_at  timestamptz NOT NULL,
  wrong_count int NOT NULL DEFAULT 0,
  used_at     timestamptz
);

CREATE TABLE case_transfer (
  id                uuid PRIMARY KEY,
  case_id           uuid NOT NULL REFERENCES casefile (id),
  state             smallint NOT NULL,
  from_centre_id    uuid,                      -- NULL = the whole suite
  to_centre_id      uuid NOT NULL,
  contact_person_id uuid,
  reason            smallint NOT NULL,
  reason_box        bytea,
  items             text[] NOT NULL,
  asked_date        date NOT NULL,
  answer_due_date   date NOT NULL,
  overdue_told      boolean NOT NULL DEFAULT false,
  requester         text NOT NULL,             -- the account
  expires_at        timestamptz NOT NULL,      -- the first instant at which it cannot be accepted
  decided_at        timestamptz,
  decider           text NOT NULL DEFAULT '',  -- '' = nobody, or its time ran out
  reject_reason     smallint NOT NULL DEFAULT 0,
  decision_box      bytea,
  withdraw_cause    smallint NOT NULL DEFAULT 0,
  receipt_id        uuid NOT NULL,             -- of asking, then of accepting
  ownership_epoch   bigint NOT NULL DEFAULT 0, -- of the case from its acceptance on; 0 = not accepted
  revision          bigint NOT NULL DEFAULT 1,
  created_at        timestamptz NOT NULL,
  CHECK ((decided_at IS NULL) = (state = 1)),
  CHECK ((ownership_epoch = 0) = (state <> 2))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX case_transfer_one_open ON case_transfer (case_id) WHERE state = 1;
CREATE INDEX case_transfer_case ON case_transfer (case_id, id);
CREATE INDEX case_transfer_to ON case_transfer (to_centre_id, id);
CREATE INDEX case_transfer_from ON case_transfer (from_centre_id, id)
  WHERE from_centre_id IS NOT NULL;
CREATE INDEX case_transfer_contact ON case_transfer (contact_person_id, id)
  WHERE contact_person_id IS NOT NULL;
CREATE INDEX case_transfer_unanswered ON case_transfer (answer_due_date, id)
  WHERE state = 1 AND NOT overdue_told;
CREATE INDEX case_transfer_ending ON case_transfer (expires_at, id) WHERE state = 1;

-- What registry answered when data of the case's person were to be handed on; refusals, too.
CREATE TABLE provision (
  id           uuid PRIMARY KEY,
  case_id      uuid NOT NULL REFERENCES casefile (id),
  kind         smallint NOT NULL,
  subject_id   uuid,                           -- the referral or transfer; NULL = refused
  recipient_id uuid NOT NULL,
  items        text[] NOT NULL,
  allowed      boolean NOT NULL,
  refusal      smallint NOT NULL,              -- registry's words
  receipt_id   uuid NOT NULL,
  asked_at     timestamptz NOT NULL,
  CHECK (allowed = (refusal = 0)),
  CHECK (allowed = (subject_id IS NOT NULL))
);
CREATE INDEX provision_case ON provision (case_id, asked_at DESC, id DESC);
