-- Fails while what grants.sql says of single tables does not hold, as when it came before the first
-- migration: whoever cannot know which was first runs both until this one is content.
--
--   psql -d ieum_registry -v ON_ERROR_STOP=1 -v service=registry -f grants.sql -f granted.sql
\set role ieum_ :service

SELECT to_regclass('schema_migration') IS NULL
       OR has_table_privilege(:'role', to_regclass('schema_migration'), 'INSERT')
       OR coalesce(has_table_privilege(:'role', to_regclass('access_log'), 'UPDATE, DELETE'), true)
       OR coalesce(has_table_privilege(:'role', to_regclass('access_seal'), 'UPDATE, DELETE'), true)
       OR coalesce(has_table_privilege(:'role', to_regclass('access_anchor'), 'INSERT, UPDATE, DELETE'), true)
       OR coalesce(has_table_privilege(:'role', to_regclass('person_key_apart'), 'SELECT'), true)
       OR coalesce(has_table_privilege(:'role', to_regclass('person_match_key_apart'), 'SELECT'), false)
       OR coalesce(has_table_privilege(:'role', to_regclass('person_index_apart'), 'SELECT'), false)
       OR coalesce(has_table_privilege(:'role', to_regclass('person_apart_look'), 'INSERT, UPDATE, DELETE'), false)
       OR NOT coalesce(has_function_privilege(
            :'role', to_regprocedure('access_log_purge(timestamptz, int)'), 'EXECUTE'), false)
       OR :'service' = 'reporting'
          AND NOT coalesce(has_table_privilege(:'role', to_regclass('fact_0'), 'TRUNCATE')
                           AND has_table_privilege(:'role', to_regclass('fact_1'), 'TRUNCATE'), false)
       AS missing \gset
\if :missing
DO 'BEGIN RAISE EXCEPTION ''grants came before the migration; they want to be said again''; END';
\endif
