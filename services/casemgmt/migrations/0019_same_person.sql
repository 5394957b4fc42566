-- Tasks of cases whose person has another open one, which end with that one.
CREATE INDEX case_task_same_person ON case_task (created_at, id) WHERE kind = 16 AND state = 1;
