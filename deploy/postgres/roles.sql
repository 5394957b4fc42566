-- Two roles and a database for one service: `ieum_<service>_owner` owns tables and migrates them,
-- `ieum_<service>` works with what is in them and can change none of them. Run before the first
-- migration, and again after each: what it says of tables holds for those that are there.
--
--   IEUM_ROLE_PASSWORD=… IEUM_OWNER_PASSWORD=… psql -d postgres -v service=registry -f roles.sql
--
-- Passwords come by the environment: what stands on a command line, everybody on the machine can read.
-- Without one it ends at the first ALTER ROLE.
\getenv password IEUM_ROLE_PASSWORD
\getenv owner_password IEUM_OWNER_PASSWORD
\set database ieum_ :service
\set role ieum_ :service
\set owner ieum_ :service _owner

SELECT format('CREATE ROLE %I LOGIN', name)
  FROM unnest(ARRAY[:'role', :'owner']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"role" PASSWORD :'password';
ALTER ROLE :"owner" PASSWORD :'owner_password';

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO :"owner";

\connect :database
-- A database of an earlier release belonged to the service itself.
REASSIGN OWNED BY :"role" TO :"owner";
ALTER DATABASE :"database" OWNER TO :"owner";

\ir grants.sql
