-- What a service may do in its database, said by the database's owner or the administrator; roles.sql
-- includes it. Before the first migration and after it, so that no table is missed (granted.sql says whether
-- one was):
--
--   psql -d ieum_registry -v service=registry -f grants.sql
\set database ieum_ :service
\set role ieum_ :service
\set owner ieum_ :service _owner

-- Whoever looks in between must not see a right that is taken back at the end.
BEGIN;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"role";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"role";
-- Every write calls functions of the schema (outbox_take). Where an administrator took them from everybody,
-- the service has them all the same.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO :"role";
-- reporting empties the table of facts that it has left, and none else; an earlier release let it empty all.
REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public REVOKE TRUNCATE ON TABLES FROM :"role";
SELECT format('GRANT TRUNCATE ON %I TO %I', name, :'role') FROM unnest(ARRAY['fact_0', 'fact_1']) AS name
 WHERE :'service' = 'reporting' AND to_regclass(name) IS NOT NULL \gexec
-- What was applied is for migrations to say.
SELECT format('REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM %I', :'role')
 WHERE to_regclass('schema_migration') IS NOT NULL \gexec
-- What was written down of accesses is added to and never changed; what is old enough goes by a function
-- of the owner's, which sees to the years itself.
SELECT format('REVOKE UPDATE, DELETE ON %I FROM %I', name, :'role')
  FROM unnest(ARRAY['access_log', 'access_seal', 'access_anchor']) AS name
 WHERE to_regclass(name) IS NOT NULL \gexec
SELECT format('REVOKE INSERT ON access_anchor FROM %I', :'role')
 WHERE to_regclass('access_anchor') IS NOT NULL \gexec
-- What another law keeps is kept apart from what is in use: functions of the owner's move it there and back,
-- and give a key to whoever wrote down that he looks. The service sees whose it is, and no more.
SELECT format('REVOKE ALL ON %I FROM %I', name, :'role')
  FROM unnest(ARRAY['person_key_apart', 'person_match_key_apart', 'person_index_apart']) AS name
 WHERE to_regclass(name) IS NOT NULL \gexec
SELECT format('GRANT SELECT (person_id, has_key, shard, pos) ON person_key_apart TO %I', :'role')
 WHERE to_regclass('person_key_apart') IS NOT NULL \gexec
SELECT format('REVOKE INSERT, UPDATE, DELETE ON person_apart_look FROM %I', :'role')
 WHERE to_regclass('person_apart_look') IS NOT NULL \gexec
SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', purge, :'role')
  FROM to_regprocedure('access_log_purge(timestamptz, int)') AS purge WHERE purge IS NOT NULL \gexec
COMMIT;
