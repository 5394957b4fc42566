-- Keys of persons whose data another law keeps when their time is over (개인정보 보호법 제21조 제3항). They lie
-- apart from those in use, so that nothing of theirs opens by accident: `person_key` says '' meanwhile,
-- which is a key that is not to be used and not one that was destroyed. A service reaches this table by
-- the functions below alone (deploy/postgres/grants.sql); the owner, who makes backups and gives new
-- wrapping keys, reaches all of it.
CREATE TABLE person_key_apart (
  person_id uuid PRIMARY KEY,
  wrapped   bytea CHECK (wrapped <> ''),  -- NULL = there was none, and none is to be made
  key_id    text,
  has_key   boolean GENERATED ALWAYS AS (wrapped IS NOT NULL) STORED,
  shard     smallint,                     -- of the event that said so; NULL = it was said here
  pos       bigint,
  kept_at   timestamptz NOT NULL DEFAULT clock_timestamp()  -- real time
);

-- Of one whose key was destroyed nothing comes back. Said again, it changes nothing.
CREATE FUNCTION person_key_keep_apart(whose uuid, heard_shard smallint, heard_pos bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- Waits for whoever makes a key just now.
  INSERT INTO public.person_key (person_id, wrapped) VALUES (whose, '')
  ON CONFLICT (person_id) DO NOTHING;
  PERFORM FROM public.person_key k WHERE k.person_id = whose FOR UPDATE;
  INSERT INTO public.person_key_apart (person_id, wrapped, key_id, shard, pos)
  SELECT k.person_id, nullif(k.wrapped, ''), k.key_id, heard_shard, heard_pos
    FROM public.person_key k WHERE k.person_id = whose AND k.wrapped IS NOT NULL
  ON CONFLICT (person_id) DO NOTHING;
  UPDATE public.person_key k SET wrapped = '', key_id = NULL
   WHERE k.person_id = whose AND k.wrapped <> '';
END $$;

CREATE FUNCTION person_key_put_back(whose uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE public.person_key k SET wrapped = a.wrapped, key_id = a.key_id
    FROM public.person_key_apart a
   WHERE a.person_id = whose AND k.person_id = whose AND k.wrapped = '' AND a.wrapped IS NOT NULL;
  DELETE FROM public.person_key k USING public.person_key_apart a
   WHERE a.person_id = whose AND k.person_id = whose AND k.wrapped = '' AND a.wrapped IS NULL;
  DELETE FROM public.person_key_apart a WHERE a.person_id = whose;
END $$;

-- With a person's key goes the one that was kept apart, whoever destroys it.
CREATE FUNCTION forget_key_apart() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM public.person_key_apart a WHERE a.person_id = NEW.person_id;
  RETURN NULL;
END $$;
CREATE TRIGGER person_key_destroyed_apart AFTER UPDATE OF wrapped ON person_key FOR EACH ROW
  WHEN (OLD.wrapped = '' AND NEW.wrapped IS NULL) EXECUTE FUNCTION forget_key_apart();
