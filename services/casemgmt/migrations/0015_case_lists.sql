-- A case is asked for by its number, cases by the day on which they began and referrals by the day on
-- which they were sent, for whomever: few of many, which no index of before finds.
CREATE INDEX casefile_case_number ON casefile (case_number, id) WHERE case_number IS NOT NULL;
CREATE INDEX casefile_opened ON casefile (opened_date, id);
CREATE INDEX referral_sent ON referral (sent_date, id);
