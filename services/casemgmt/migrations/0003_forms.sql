-- Application forms, their receipt numbers and what other bodies said about them.

CREATE TABLE application (
  id                       uuid PRIMARY KEY,
  engagement_id            uuid NOT NULL REFERENCES engagement (id),
  organization_id          uuid NOT NULL,
  campaign_id              uuid NOT NULL REFERENCES campaign_reference (id),
  state                    smallint NOT NULL,
  form_version             text NOT NULL DEFAULT '',
  answers                  jsonb NOT NULL DEFAULT '[]',   -- [{"item_code": …, "text": …}]
  signed_by_representative boolean NOT NULL DEFAULT false,
  draft_version            int NOT NULL DEFAULT 1 CHECK (draft_version >= 1),
  last_step_date           date NOT NULL,
  submit_time              timestamptz,
  receipt_number           text UNIQUE,
  received_date            date,
  enrolment_id             uuid,
  waiting                  boolean NOT NULL DEFAULT false,
  denial_reason            smallint NOT NULL DEFAULT 0,
  external_receipt_number  text,
  forwarded_date           date,
  result_date              date,
  result_outcome           smallint,
  result_score             text,                          -- as given; exact
  result_grade             smallint,
  result_valid_until       date,                          -- last day
  withdrawal_reason        smallint NOT NULL DEFAULT 0,
  created_at               timestamptz NOT NULL,
  updated_at               timestamptz NOT NULL
) WITH (fillfactor = 80);

-- One living form (neither INELIGIBLE nor WITHDRAWN) of a firm for a campaign.
CREATE UNIQUE INDEX application_one_living ON application (organization_id, campaign_id)
  WHERE state NOT IN (5, 8);
CREATE INDEX application_engagement ON application (engagement_id, id);
CREATE INDEX application_campaign ON application (campaign_id, state, id);

-- The last receipt number of a campaign. The row stays locked until the receipt is committed, so
-- no number is ever left out.
CREATE TABLE receipt_counter (
  campaign_id uuid PRIMARY KEY,
  last_number bigint NOT NULL
);

-- Receipt numbers of other bodies, each once in a campaign.
CREATE TABLE external_receipt (
  campaign_id    uuid NOT NULL,
  number         text NOT NULL,
  application_id uuid NOT NULL,
  PRIMARY KEY (campaign_id, number)
);
