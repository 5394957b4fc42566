#!/usr/bin/env python3
"""Goal: a service works in its database and can change none of its tables, nor see another's; and it
takes no other server for its own.

Method: a real PostgreSQL with a certificate, the roles of deploy/postgres/roles.sql, and the
programs themselves.
"""

import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PG_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
WAIT_SECONDS = 30
PROGRAMS = pathlib.Path(os.environ.get("IEUM_BINARY_DIR", ROOT / "build/dev")) / "bin"
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
USER = AS_POSTGRES if os.geteuid() == 0 else []


def run(*words, **more):
    return subprocess.run(words, check=True, capture_output=True, text=True, **more).stdout.strip()


class Cluster:
    """Listens on localhost, speaks TLS only there, and asks for passwords; ends with the `with` block."""

    def __enter__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="ieum-roles.", dir="/tmp"))
        self.dir.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.make_certificates()
        self.start()
        return self

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGINT)
        self.server.wait(WAIT_SECONDS)
        shutil.rmtree(self.dir)

    def make_certificates(self):
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        for name in ("ca", "stranger"):
            run("openssl", "req", "-x509", "-subj", f"/CN={name}", "-days", "2", *new_key,
                "-keyout", self.dir / f"{name}.key", "-out", self.dir / f"{name}.pem")
        extensions = self.dir / "extensions"
        extensions.write_text("subjectAltName=DNS:localhost\n", encoding="utf-8")
        run("openssl", "req", "-new", "-subj", "/CN=postgres", *new_key, "-keyout", self.dir / "server.key",
            "-out", self.dir / "server.csr")
        run("openssl", "x509", "-req", "-in", self.dir / "server.csr", "-CA", self.dir / "ca.pem",
            "-CAkey", self.dir / "ca.key", "-CAcreateserial", "-days", "1", "-extfile", extensions,
            "-out", self.dir / "server.pem")

    def start(self):
        folder = self.dir / "pg"
        folder.mkdir()
        if USER:
            shutil.chown(folder, "postgres", "postgres")
            shutil.chown(self.dir / "server.key", "postgres", "postgres")
        data = folder / "data"
        run(*USER, PG_BIN / "initdb", "-D", data, "-U", "ieum_super", "--auth=trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", cwd="/")
        (data / "pg_hba.conf").write_text("local all ieum_super trust\n"
                                          "hostssl all all 127.0.0.1/32 scram-sha-256\n", encoding="utf-8")
        with open(data / "postgresql.auto.conf", "w", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}'\n"
                       f"port = {self.port}\nfsync = off\nshared_buffers = 32MB\nssl = on\n"
                       f"ssl_cert_file = '{self.dir}/server.pem'\nssl_key_file = '{self.dir}/server.key'\n")
        self.server = subprocess.Popen([*USER, PG_BIN / "postgres", "-D", data], cwd="/",
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.admin = f"host={folder} port={self.port} user=ieum_super"
        end = time.monotonic() + WAIT_SECONDS
        while subprocess.run(["psql", "-qAtXc", "SELECT 1", f"{self.admin} dbname=postgres"],
                             capture_output=True, check=False).returncode != 0:
            if time.monotonic() > end:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.05)

    def make_roles(self, service):
        passwords = {"IEUM_ROLE_PASSWORD": "work", "IEUM_OWNER_PASSWORD": "own"}
        run("psql", "-qX", "-v", "ON_ERROR_STOP=1", "-v", f"service={service}", "-o", os.devnull,
            "-f", ROOT / "deploy/postgres/roles.sql", f"{self.admin} dbname=postgres",
            env={**os.environ, **passwords})

    def granted(self, service):
        """As the Job of grants asks last."""
        owner = self.conninfo(f"ieum_{service}_owner", service)
        return subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-v", f"service={service}",
                               "-f", ROOT / "deploy/postgres/granted.sql", owner],
                              env={**os.environ, "PGPASSWORD": "own"}, capture_output=True,
                              check=False).returncode == 0

    def conninfo(self, role, service, host="localhost", mode="verify-full", authority="ca.pem"):
        return (f"host={host} port={self.port} dbname=ieum_{service} user={role} sslmode={mode} "
                f"sslrootcert={self.dir}/{authority}")

    def ask(self, conninfo, password, sql):
        """(exit code, what was said)."""
        done = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql, conninfo],
                              env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True,
                              check=False)
        return done.returncode, (done.stdout + done.stderr).strip()

    def migrate(self, service, conninfo, password):
        """The program's own word for it; its exit code."""
        def secret(name, text):
            path = self.dir / name
            path.write_text(text, encoding="utf-8")
            return str(path)

        key = base64.b64encode(bytes(range(32))).decode()
        token = [{"token": "t", "subject": "test/roles", "roles": []}]
        environment = {"IEUM_DB": conninfo, "IEUM_DB_PASSWORD_FILE": secret("password", password),
                       "IEUM_TOKENS_FILE": secret("tokens", json.dumps(token)),
                       "IEUM_STATIC_TOKENS_ALLOWED": "true", "IEUM_PLAINTEXT_ALLOWED": "true", "IEUM_NATS_PASSWORD_ALLOWED": "true",
                       "IEUM_ROLES_FILE": str(ROOT / "deploy/roles.json"),
                       "IEUM_SEAL_KEY_FILE": secret("seal", key), "IEUM_VAULT_KEY_FILE": secret("vault", key),
                       "IEUM_PEER_TOKEN_FILE": secret("peer", "t")}
        for peer in ("registry", "casemgmt", "reporting", "notify"):
            environment[f"IEUM_PEER_{peer.upper()}"] = "127.0.0.1:1"
        return subprocess.run([PROGRAMS / f"ieum-{service}", "migrate"], env={**os.environ, **environment},
                              capture_output=True, check=False).returncode


class DatabaseRoles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster().__enter__()
        cls.addClassCleanup(cls.cluster.__exit__)
        cls.granted = {}  # before the migration, after it, and after grants came once more
        for service in ("registry", "reporting"):
            cls.cluster.make_roles(service)
            before = cls.cluster.granted(service)
            owner = cls.cluster.conninfo(f"ieum_{service}_owner", service)
            assert cls.cluster.migrate(service, owner, "own") == 0
            between = cls.cluster.granted(service)
            cls.cluster.make_roles(service)
            cls.granted[service] = (before, between, cls.cluster.granted(service))

    def as_service(self, sql, service="registry", **more):
        role = f"ieum_{service}"
        return self.cluster.ask(self.cluster.conninfo(role, service, **more), "work", sql)

    def assert_denied(self, sql, service="registry"):
        code, said = self.as_service(sql, service)
        self.assertNotEqual(code, 0, sql)
        self.assertRegex(said, "permission denied|must be owner|must be able to SET ROLE", sql)

    def test_a_service_works_with_rows(self):
        self.assertEqual(self.as_service("SELECT count(*) FROM event_log"), (0, "0"))
        self.assertEqual(self.as_service("DELETE FROM event_log"), (0, ""))
        self.assertEqual(self.as_service("UPDATE outbox_shard SET shard = shard")[0], 0)

    def test_a_service_has_its_functions_where_an_administrator_took_them_from_everybody(self):
        inside = f"{self.cluster.admin} dbname=ieum_registry"
        owner = self.cluster.conninfo("ieum_registry_owner", "registry")
        for conninfo, password, sql in (
                (inside, "", "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC"),
                (inside, "", "ALTER DEFAULT PRIVILEGES FOR ROLE ieum_registry_owner "
                             "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"),
                (owner, "own", "CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 7'")):
            self.assertEqual(self.cluster.ask(conninfo, password, sql), (0, ""))
        for sql, answer in (("SELECT count(*) FROM outbox_positions()", "16"),
                            ("SELECT count(*) FROM outbox_take('{3}', '{1}')", "1"),
                            ("SELECT organization_search_form('Ieum Co.')", "ieum"), ("SELECT later()", "7")):
            self.assertEqual(self.as_service(sql), (0, answer), sql)
        self.assertEqual(self.cluster.ask(owner, "own", "DROP FUNCTION later()"), (0, ""))

    def test_a_service_adds_to_the_access_log_and_changes_nothing_in_it(self):
        row = ("INSERT INTO access_log (writer, number, at, account, source, action, method, outcome, subjects, "
               "query, reason, emergency, trace_id) VALUES (gen_random_uuid(), 1, now(), '', '', '', '', 'OK', "
               "'{}', '', '', false, '')")
        for service in ("registry", "reporting"):
            self.assertEqual(self.as_service(row, service), (0, ""))
            self.assertEqual(self.as_service("SELECT count(*) > 0 FROM access_log", service), (0, "t"))
            for table in ("access_log", "access_seal", "access_anchor"):
                for sql in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"DROP TABLE {table}",
                            f"ALTER TABLE {table} DISABLE TRIGGER ALL", f"TRUNCATE {table} CASCADE"):
                    self.assert_denied(sql, service)
            self.assert_denied("UPDATE access_log SET account = ''", service)
            self.assert_denied("UPDATE access_seal SET hash = ''", service)
            self.assert_denied("INSERT INTO access_anchor (seal, hash, before, rows_gone) "
                               "VALUES (1, '', now(), 0)", service)
            self.assert_denied("INSERT INTO access_log SELECT * FROM access_log ON CONFLICT (writer, number) "
                               "DO UPDATE SET account = ''", service)

    def test_a_service_lets_old_accesses_go_and_no_younger_ones(self):
        def purge(age):
            return self.as_service(f"SELECT access_log_purge(now() - interval '{age}', 1000)")
        self.assertEqual(purge("25 months"), (0, "0"))
        code, said = purge("23 months")
        self.assertNotEqual(code, 0)
        self.assertIn("at least two years", said)
        for sql in ("CREATE OR REPLACE FUNCTION access_log_purge(before timestamptz, seals_max int) RETURNS bigint "
                    "LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION access_log_purge(timestamptz, int)",
                    "ALTER FUNCTION access_log_purge(timestamptz, int) SECURITY INVOKER"):
            self.assert_denied(sql)

    def test_a_service_reaches_what_is_kept_apart_by_its_functions_alone(self):  # law:L13
        whose, look = "00000000-0000-7000-8000-00000000a001", "00000000-0000-7000-8000-00000000a002"
        person = (f"INSERT INTO person (id, basis, preferred_language, full_name_box, email_index, created_at, "
                  f"updated_at) VALUES ('{whose}', 1, 1, 'box', 'found', now(), now()); "
                  f"INSERT INTO person_key (person_id, wrapped) VALUES ('{whose}', 'key'); "
                  f"INSERT INTO person_match_key (kind, hash, person_id) VALUES (1, 'hash', '{whose}')")
        self.assertEqual(self.as_service(person), (0, ""))
        self.assertEqual(self.as_service(f"SELECT keep_person_apart('{whose}', now())"), (0, "1"))
        for sql in ("SELECT wrapped FROM person_key_apart", "SELECT * FROM person_match_key_apart",
                    "SELECT * FROM person_index_apart", "DELETE FROM person_key_apart",
                    "UPDATE person_key_apart SET wrapped = NULL", "UPDATE person_apart_look SET reason = 'x'",
                    "DELETE FROM person_apart_look",
                    f"INSERT INTO person_apart_look VALUES ('{look}', '{whose}', false, now(), 'a', 'b')",
                    "DROP FUNCTION person_key_of_look(uuid)"):
            self.assert_denied(sql)
        self.assert_denied("SELECT wrapped FROM person_key_apart", "reporting")
        self.assertEqual(self.as_service("SELECT person_id FROM person_key_apart WHERE has_key"), (0, whose))
        self.assertEqual(self.as_service(f"SELECT coalesce(person_key_of_look('{look}'), 'nothing')"),
                         (0, r"\x6e6f7468696e67"))
        self.assertEqual(self.as_service(
            f"SELECT note_person_apart_look('{look}', '{whose}', false, now(), 'staff/officer', 'order')"), (0, ""))
        self.assertEqual(self.as_service(f"SELECT person_key_of_look('{look}')"), (0, r"\x6b6579"))
        self.assertEqual(self.as_service(f"SELECT put_person_back('{whose}')"), (0, ""))
        back = (f"SELECT k.wrapped, p.email_index, p.erased_at FROM person_key k JOIN person p ON p.id = k.person_id "
                f"WHERE p.id = '{whose}'")
        self.assertEqual(self.as_service(back), (0, r"\x6b6579|\x666f756e64|"))
        self.assertEqual(self.as_service(f"SELECT keep_person_apart('{whose}', now())"), (0, "1"))
        self.assertEqual(self.as_service(f"UPDATE person_key SET wrapped = NULL, destroyed_at = now() "
                                         f"WHERE person_id = '{whose}'"), (0, ""))
        self.assertEqual(self.as_service("SELECT (SELECT count(*) FROM person_key_apart), l.reason "
                                         "FROM person_apart_look l"), (0, "0|(erased)"))

    def test_a_service_changes_no_table(self):
        for sql in ("CREATE TABLE mine (a int)", "DROP TABLE event_log", "TRUNCATE event_log",
                    "ALTER TABLE event_log ADD COLUMN a int", "ALTER TABLE event_log DISABLE TRIGGER ALL",
                    "CREATE INDEX ON event_log (pos)", "CREATE SCHEMA mine", "CREATE TEMP TABLE mine (a int)",
                    "UPDATE schema_migration SET checksum = ''", "DELETE FROM schema_migration",
                    "GRANT ALL ON event_log TO PUBLIC", "CREATE ROLE mine",
                    "SET ROLE ieum_registry_owner", "ALTER DATABASE ieum_registry SET fsync = off"):
            code, said = self.as_service(sql)
            # PostgreSQL answers a grant of what one does not own with a warning.
            self.assertTrue(code != 0 or "no privileges were granted" in said, f"{sql}: {said}")
        self.assert_denied("DROP TABLE event_log")

    def test_a_program_cannot_migrate_as_the_service(self):
        self.assertNotEqual(
            self.cluster.migrate("registry", self.cluster.conninfo("ieum_registry", "registry"), "work"), 0)

    def test_grants_before_the_migration_are_not_enough_and_it_is_said(self):
        self.assertEqual(self.granted, {service: (False, False, True) for service in ("registry", "reporting")})

    def test_each_right_that_has_come_back_is_said(self):
        owner = self.cluster.conninfo("ieum_registry_owner", "registry")
        for right in ("INSERT ON schema_migration", "UPDATE ON access_log", "DELETE ON access_seal", "INSERT ON access_anchor",
                      "SELECT ON person_key_apart", "SELECT ON person_match_key_apart", "SELECT ON person_index_apart",
                      "INSERT ON person_apart_look"):
            self.assertEqual(self.cluster.ask(owner, "own", f"GRANT {right} TO ieum_registry"), (0, ""))
            self.assertFalse(self.cluster.granted("registry"), right)
            self.assertEqual(self.cluster.ask(owner, "own", f"REVOKE {right} FROM ieum_registry"), (0, ""))
            self.assertTrue(self.cluster.granted("registry"), right)
        self.cluster.make_roles("registry")  # a right to a table takes those to its columns along

    def test_only_reporting_empties_tables_and_only_those_of_facts(self):
        self.assert_denied("TRUNCATE event_log")
        for again in (False, True):
            for sql in ("TRUNCATE fact_0", "TRUNCATE fact_1"):
                self.assertEqual(self.as_service(sql, "reporting"), (0, ""))
            for sql in ("TRUNCATE event_log", "TRUNCATE schema_migration", "TRUNCATE fact", "TRUNCATE inbox_cursor"):
                self.assert_denied(sql, "reporting")
            if not again:
                self.grant_as_an_earlier_release_did()
                self.cluster.make_roles("reporting")
        owner = self.cluster.conninfo("ieum_reporting_owner", "reporting")
        self.assertEqual(self.cluster.ask(owner, "own", "CREATE TABLE later (a int)"), (0, ""))
        self.assert_denied("TRUNCATE later", "reporting")
        self.assertEqual(self.cluster.ask(owner, "own", "DROP TABLE later"), (0, ""))

    def grant_as_an_earlier_release_did(self):
        inside = f"{self.cluster.admin} dbname=ieum_reporting"
        for sql in ("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO ieum_reporting",
                    "ALTER DEFAULT PRIVILEGES FOR ROLE ieum_reporting_owner IN SCHEMA public "
                    "GRANT TRUNCATE ON TABLES TO ieum_reporting"):
            self.assertEqual(self.cluster.ask(inside, "", sql), (0, ""))
        self.assertEqual(self.as_service("TRUNCATE event_log", "reporting")[0], 0)

    def test_a_service_sees_no_other_database(self):
        for role in ("ieum_registry", "ieum_registry_owner"):
            password = "own" if role.endswith("_owner") else "work"
            code, said = self.cluster.ask(self.cluster.conninfo(role, "reporting"), password, "SELECT 1")
            self.assertNotEqual(code, 0)
            self.assertIn("permission denied for database", said)

    def test_a_database_of_an_earlier_release_gets_its_owner(self):
        admin = self.cluster.admin
        for sql in ("CREATE ROLE ieum_casemgmt LOGIN", "CREATE DATABASE ieum_casemgmt OWNER ieum_casemgmt"):
            self.assertEqual(self.cluster.ask(f"{admin} dbname=postgres", "", sql), (0, ""))
        inside = f"{admin} dbname=ieum_casemgmt"
        for sql in ("CREATE TABLE kept (a int)", "ALTER TABLE kept OWNER TO ieum_casemgmt",
                    "INSERT INTO kept VALUES (7)"):
            self.assertEqual(self.cluster.ask(inside, "", sql), (0, ""))
        self.cluster.make_roles("casemgmt")
        self.assertEqual(self.as_service("SELECT a FROM kept", "casemgmt"), (0, "7"))
        self.assert_denied("DROP TABLE kept", "casemgmt")
        owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'"
        self.assertEqual(self.cluster.ask(inside, "", owner), (0, "ieum_casemgmt_owner"))

    def test_no_other_server_is_taken_for_ours(self):
        owner = "ieum_registry_owner"
        for more in ({"authority": "stranger.pem"}, {"host": "127.0.0.1"}, {"mode": "disable"}):
            conninfo = self.cluster.conninfo(owner, "registry", **more)
            self.assertNotEqual(self.cluster.migrate("registry", conninfo, "own"), 0, more)
        self.assertEqual(self.cluster.migrate("registry", self.cluster.conninfo(owner, "registry"), "own"), 0)


if __name__ == "__main__":
    if not (PG_BIN / "postgres").exists() or not (PROGRAMS / "ieum-registry").exists():
        print("skipped: PostgreSQL 15 or the services are not here")
        sys.exit(77)
    unittest.main()
