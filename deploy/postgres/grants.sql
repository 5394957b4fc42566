-- What a service may do in its database, said by the database's owner or the administrator; roles.sql
-- includes it. Before the first migration and after it, so that no table is missed:
--
--   psql -d ieum_registry -v service=registry -f grants.sql
\set database ieum_ :service
\set role ieum_ :service
\set owner ieum_ :service _owner

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"role";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"role";
-- reporting empties the table of facts that it has left.
SELECT format('GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO %I', :'role'),
       format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT TRUNCATE ON TABLES TO %I',
              :'owner', :'role')
 WHERE :'service' = 'reporting' \gexec
-- What was applied is for migrations to say.
SELECT format('REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM %I', :'role')
 WHERE to_regclass('schema_migration') IS NOT NULL \gexec
