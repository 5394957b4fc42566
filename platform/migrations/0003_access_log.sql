-- Who looked at or changed whose personal data (안전성 확보조치 기준 제8조). A service may read this and
-- add to it, and nothing else: see deploy/postgres/grants.sql. No name, address or text of anybody
-- stands here, only names of resources.

-- `writer` is one stretch of one process, and its rows are numbered from 1 in the order in which
-- they were committed: it writes one transaction after the other. So a row that is not there is
-- seen, and what is visible of a writer is complete up to its greatest number.
CREATE TABLE access_log (
  writer      uuid NOT NULL,
  number      bigint NOT NULL CHECK (number >= 1),
  at          timestamptz NOT NULL,                               -- when it was asked, by the process
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),     -- by the database
  account     text NOT NULL,                                      -- '' = nobody that we know
  source      text NOT NULL,                                      -- address of the caller
  action      text NOT NULL,                                      -- permission
  method      text NOT NULL,
  outcome     text NOT NULL,                                      -- 'OK', or why it was refused
  subjects    text[] NOT NULL,                                    -- resource names
  query       text NOT NULL,                                      -- fingerprint of a list's question
  reason      text NOT NULL,                                      -- as the caller gave it
  emergency   boolean NOT NULL,                                   -- allowed by break-glass alone
  trace_id    text NOT NULL,
  PRIMARY KEY (writer, number)
);
CREATE INDEX access_log_recorded ON access_log USING brin (recorded_at);

-- Closed runs of rows, chained: each holds the hash of the one before and a hash of each of its rows,
-- 32 bytes one behind the other (docs/adr/0022).
CREATE TABLE access_seal (
  number        bigint PRIMARY KEY CHECK (number >= 1),
  writer        uuid NOT NULL,
  first_row     bigint NOT NULL CHECK (first_row >= 1),
  last_row      bigint NOT NULL CHECK (last_row >= first_row),
  newest        timestamptz NOT NULL,                             -- recorded_at of its newest row
  sealed_at     timestamptz NOT NULL,
  row_hashes    bytea NOT NULL CHECK (length(row_hashes) = 32 * (last_row - first_row + 1)),
  previous_hash bytea NOT NULL,
  hash          bytea NOT NULL,
  UNIQUE (writer, first_row)
);

-- Where the chain begins after its oldest part went.
CREATE TABLE access_anchor (
  seal       bigint PRIMARY KEY,                                  -- the last that went
  hash       bytea NOT NULL,
  before     timestamptz NOT NULL,                                -- nothing newer went
  rows_gone  bigint NOT NULL,
  purged_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  purged_by  text NOT NULL DEFAULT session_user
);

-- Deletes sealed rows that were recorded before `before`, oldest seals first and at most `seals_max`
-- of them. Belongs to the owner of the tables and runs with the owner's rights: the one way in which
-- a service can make rows go, and it does not reach into the last two years (제8조 제1항).
CREATE FUNCTION access_log_purge(before timestamptz, seals_max int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  oldest bigint;
  up_to  bigint;
  gone   bigint;
BEGIN
  IF before IS NULL OR before > clock_timestamp() - interval '2 years' THEN
    RAISE EXCEPTION 'the access log is kept for at least two years' USING ERRCODE = 'check_violation';
  END IF;
  SELECT min(s.number) INTO oldest FROM public.access_seal s;
  SELECT min(s.number) - 1 INTO up_to FROM public.access_seal s WHERE s.newest >= before;
  -- The newest seal stays, so that the chain has an end to go on from.
  IF up_to IS NULL THEN SELECT max(s.number) - 1 INTO up_to FROM public.access_seal s; END IF;
  up_to := least(up_to, oldest + seals_max - 1);
  IF up_to IS NULL OR up_to < oldest THEN RETURN 0; END IF;
  DELETE FROM public.access_log a USING public.access_seal s
   WHERE s.number <= up_to AND a.writer = s.writer AND a.number BETWEEN s.first_row AND s.last_row;
  GET DIAGNOSTICS gone = ROW_COUNT;
  INSERT INTO public.access_anchor (seal, hash, before, rows_gone)
  SELECT s.number, s.hash, access_log_purge.before, gone FROM public.access_seal s WHERE s.number = up_to;
  DELETE FROM public.access_seal s WHERE s.number <= up_to;
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION access_log_purge(timestamptz, int) FROM PUBLIC;

-- Default rights give every new table to the service as a whole; of these it keeps what it needs from
-- the first moment on.
DO $$
DECLARE
  given record;
BEGIN
  FOR given IN
    SELECT DISTINCT g.table_name, g.grantee FROM information_schema.role_table_grants g
     WHERE g.table_schema = 'public' AND g.table_name IN ('access_log', 'access_seal', 'access_anchor')
       AND g.grantee NOT IN (current_user, 'PUBLIC')
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON public.%I FROM %I', given.table_name, given.grantee);
    IF given.table_name = 'access_anchor' THEN
      EXECUTE format('REVOKE INSERT ON public.access_anchor FROM %I', given.grantee);
    END IF;
  END LOOP;
END $$;
