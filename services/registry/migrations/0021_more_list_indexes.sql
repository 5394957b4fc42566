-- As 0017: what lists of merges, erasures, holds, grants, texts, imports and imported rows are filtered
-- by.
CREATE INDEX person_centre ON person (centre_id, id) WHERE centre_id IS NOT NULL;
CREATE INDEX person_merge_undone ON person_merge (id) WHERE state = 2;
CREATE INDEX person_merge_merger ON person_merge (merger, id);
CREATE INDEX person_merge_created ON person_merge (created_at, id);
CREATE INDEX erasure_record_reason ON erasure_record (reason, id);
CREATE INDEX erasure_record_rule ON erasure_record (rule_code, id) WHERE rule_code <> '';
CREATE INDEX legal_hold_end_day ON legal_hold (end_date, id) WHERE end_date IS NOT NULL;
CREATE INDEX legal_hold_placed ON legal_hold (placed_at, id);
CREATE INDEX legal_hold_released ON legal_hold (released_at, id) WHERE released_at IS NOT NULL;
-- In the words of the filter `NOT release_time:*`.
CREATE INDEX legal_hold_holds ON legal_hold (id) WHERE (released_at IS NOT NULL) IS NOT TRUE;
CREATE INDEX subject_grant_of_role ON subject_grant (role, id);
CREATE INDEX subject_grant_broken_glass ON subject_grant (id) WHERE kind = 2;
CREATE INDEX subject_grant_ended_by ON subject_grant (ended_by, id) WHERE ended_by <> 0;
CREATE INDEX subject_grant_giver ON subject_grant (giver, id);
CREATE INDEX subject_grant_given ON subject_grant (given_at, id);
CREATE INDEX subject_grant_ended ON subject_grant (ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX consent_text_version ON consent_text (version, id);
CREATE INDEX consent_text_language ON consent_text (language, id);
CREATE INDEX consent_text_purpose ON consent_text (purpose, id);
CREATE INDEX consent_text_recipient ON consent_text (recipient_id, id)
  WHERE recipient_id IS NOT NULL;
CREATE INDEX consent_text_created ON consent_text (created_at, id);
CREATE INDEX import_job_kind ON import_job (kind, id);
CREATE INDEX import_job_running_id ON import_job (id) WHERE state = 1;
CREATE INDEX import_row_field ON import_row (import_id, field, number) WHERE field IS NOT NULL;
CREATE INDEX import_row_reason ON import_row (import_id, error_reason, number)
  WHERE error_reason IS NOT NULL;
