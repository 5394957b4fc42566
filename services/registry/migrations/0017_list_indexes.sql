-- What a list is filtered by is found by an index where few of many rows fit; ordered by the key behind
-- it, so that a page is read and not sorted. What every third row has is read in the list's own order.
CREATE INDEX organization_inactive ON organization (id) WHERE state = 2;
CREATE INDEX organization_facts_region ON organization_facts (region_code, organization_id);
CREATE INDEX organization_facts_section ON organization_facts (ksic_section, organization_id);
CREATE INDEX campaign_edition ON campaign (edition, id);
CREATE INDEX campaign_code ON campaign (code text_pattern_ops, id);
CREATE INDEX campaign_state ON campaign (state, id);
CREATE INDEX campaign_created ON campaign (created_at, id);
CREATE INDEX enrolment_state ON enrolment (state, id);
CREATE INDEX enrolment_applied ON enrolment (applied_date, id);
CREATE INDEX enrolment_created ON enrolment (created_at, id);
CREATE INDEX enrolment_offered_until ON enrolment (offered_until, id)
  WHERE offered_until IS NOT NULL;
CREATE INDEX affiliation_started ON affiliation (start_date, id);
CREATE INDEX IF NOT EXISTS affiliation_ended ON affiliation (end_date, id) WHERE end_date IS NOT NULL;
CREATE INDEX lead_edition_alone ON lead (edition, id);
CREATE INDEX lead_state ON lead (state, id);
CREATE INDEX lead_source_code ON lead (source_code, id) WHERE source_code <> '';
CREATE INDEX lead_due_day ON lead (contact_due_date, id) WHERE contact_due_date IS NOT NULL;
CREATE INDEX lead_created ON lead (created_at, id);
CREATE INDEX duplicate_pair_score ON duplicate_pair (score, id);
CREATE INDEX duplicate_pair_created ON duplicate_pair (created_at, id);
CREATE INDEX consent_purpose ON consent (purpose, id);
CREATE INDEX consent_not_given ON consent (state, id) WHERE state <> 1;
CREATE INDEX consent_recipient ON consent (recipient_id, id) WHERE recipient_id IS NOT NULL;
CREATE INDEX consent_of_text ON consent (text_id, id);
CREATE INDEX consent_decided ON consent (decided_at, id);
CREATE INDEX consent_expires ON consent (expires_at, id) WHERE expires_at IS NOT NULL;
CREATE INDEX consent_recorded ON consent (recorded_at, id);
CREATE INDEX consent_receipt_refused ON consent_receipt (refusal, id) WHERE refusal <> 0;
CREATE INDEX consent_receipt_recipient ON consent_receipt (recipient_id, id)
  WHERE recipient_id IS NOT NULL;
CREATE INDEX consent_receipt_publication ON consent_receipt (publication, id)
  WHERE publication <> 0;
CREATE INDEX consent_receipt_asker ON consent_receipt (asked_by, id);
CREATE INDEX consent_receipt_asked ON consent_receipt (asked_at, id);
CREATE INDEX consent_receipt_ground ON consent_receipt (ground, id) WHERE ground <> 0;
CREATE INDEX edition_year ON edition (year, name);
CREATE INDEX edition_budget_year ON edition (budget_year, name);
CREATE INDEX edition_state ON edition (state, name);
CREATE INDEX edition_code ON edition (code, name);
