-- A seal is the service's own word, so it does not make a row old enough to go: the row's day decides.
CREATE OR REPLACE FUNCTION access_log_purge(before timestamptz, seals_max int) RETURNS bigint
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
   WHERE s.number <= up_to AND a.writer = s.writer AND a.number BETWEEN s.first_row AND s.last_row
     AND a.recorded_at < access_log_purge.before;
  GET DIAGNOSTICS gone = ROW_COUNT;
  INSERT INTO public.access_anchor (seal, hash, before, rows_gone)
  SELECT s.number, s.hash, access_log_purge.before, gone FROM public.access_seal s WHERE s.number = up_to;
  DELETE FROM public.access_seal s WHERE s.number <= up_to;
  RETURN gone;
END $$;
