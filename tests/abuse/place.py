"""A registry to be abused: the real binary on loopback with a PostgreSQL and a nats-server of its own.

Everything lies in one temporary folder and ends with the `with` block.
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
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy/local"))
from free_ports import free_port  # noqa: E402

PG_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
TOKEN = "abuse-test-token"
READY_SECONDS_MAX = 60


def wait_until(seconds, true):
    """Polls; the last answer of `true`."""
    end = time.monotonic() + seconds
    while not (answer := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return answer


class Place:
    """`pg` and `nats`: more settings of the two servers, one a line."""

    def __init__(self, pg="", nats="", environment=None):
        self.binary_dir = pathlib.Path(os.environ["IEUM_BINARY_DIR"])
        self.source_dir = pathlib.Path(__file__).resolve().parents[2]
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="ieum-abuse.", dir="/tmp"))
        self.pg_settings, self.nats_settings = pg, nats
        self.more = environment or {}
        self.processes = {}
        self.ports = {}
        self.pg_port, self.nats_port = free_port(), free_port()

    def __enter__(self):
        try:
            self.start_postgres()
            self.start_nats()
            self.make_environment()
            subprocess.run([self.binary("registry"), "migrate"], env=self.environment, check=True,
                           stdout=self.log("migrate"), stderr=subprocess.STDOUT)
            self.start_registry()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in ("registry", "nats", "postgres"):
            process = self.processes.pop(name, None)
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def binary(self, service):
        return str(self.binary_dir / "bin" / f"ieum-{service}")

    def log(self, name):
        return open(self.dir / f"{name}.log", "ab")

    def start_postgres(self):
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        user = as_postgres if os.geteuid() == 0 else []
        folder = self.dir / "pg"
        folder.mkdir()
        if user:
            self.dir.chmod(0o755)
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        subprocess.run([*user, PG_BIN / "initdb", "-D", data, "-U", "ieum_super", "--auth=trust",
                        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)
        with open(data / "postgresql.auto.conf", "w", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{folder}'\n"
                       f"port = {self.pg_port}\nfsync = off\nshared_buffers = 32MB\n"
                       f"{self.pg_settings}\n")
        self.processes["postgres"] = subprocess.Popen(
            [*user, PG_BIN / "postgres", "-D", data], cwd="/", stdout=self.log("postgres"),
            stderr=subprocess.STDOUT)
        self.conninfo = f"host={folder} port={self.pg_port} user=ieum_super"
        if not wait_until(30, lambda: self.sql("SELECT 1", check=False) == "1"):
            raise RuntimeError("PostgreSQL did not start")
        self.sql("CREATE ROLE ieum_abuse LOGIN")
        self.sql("CREATE DATABASE abuse OWNER ieum_abuse TEMPLATE template0")

    def sql(self, statement, database="postgres", check=True):
        done = subprocess.run(["psql", "-qAtX", f"{self.conninfo} dbname={database}", "-c", statement],
                              capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def start_nats(self):
        conf = self.dir / "nats.conf"
        conf.write_text(f"listen: 127.0.0.1:{self.nats_port}\nmax_payload: 524288\n"
                        f"jetstream {{ store_dir: \"{self.dir}/js\", max_file_store: 8GB }}\n"
                        f"{self.nats_settings}\n", encoding="utf-8")
        self.processes["nats"] = subprocess.Popen(
            ["nats-server", "-c", str(conf)], stdout=self.log("nats"), stderr=subprocess.STDOUT)
        wait_until(30, lambda: self.listens(self.nats_port))

    @staticmethod
    def listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def make_environment(self):
        def secret(name, text):
            path = self.dir / name
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)
            return str(path)

        key = base64.b64encode(bytes(range(32))).decode()
        roles = list(json.loads((self.source_dir / "deploy/roles.json").read_text())["roles"])
        tokens = [{"token": TOKEN, "subject": "test/abuse", "roles": roles, "centres": ["*"]}]
        self.environment = {
            **os.environ,
            "IEUM_DB": f"host={self.dir}/pg port={self.pg_port} user=ieum_abuse dbname=abuse",
            "IEUM_NATS_URL": f"nats://127.0.0.1:{self.nats_port}",
            "IEUM_TOKENS_FILE": secret("tokens.json", json.dumps(tokens)),
            "IEUM_STATIC_TOKENS_ALLOWED": "true",
            "IEUM_PLAINTEXT_ALLOWED": "true",
            "IEUM_NATS_PASSWORD_ALLOWED": "true",
            "IEUM_ROLES_FILE": str(self.source_dir / "deploy/roles.json"),
            "IEUM_SEAL_KEY_FILE": secret("seal.key", key),
            "IEUM_VAULT_KEY_FILE": secret("vault.key", key),
            "IEUM_PEER_CASEMGMT": f"127.0.0.1:{free_port()}",
            "IEUM_PEER_TOKEN_FILE": secret("peer.token", TOKEN),
            "IEUM_PORTS_FILE": str(self.dir / "ports.json"),
            "IEUM_LOG_LEVEL": "warn",
            **self.more,
        }

    def start_registry(self):
        (self.dir / "ports.json").unlink(missing_ok=True)
        given = {f"IEUM_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        self.processes["registry"] = subprocess.Popen(
            [self.binary("registry")], env={**self.environment, **given}, stdout=self.log("registry"),
            stderr=subprocess.STDOUT)
        if not wait_until(READY_SECONDS_MAX, self.ready):
            raise RuntimeError("the registry is not ready: " +
                               (self.dir / "registry.log").read_text()[-2000:])

    def ready(self):
        try:
            self.ports = json.loads((self.dir / "ports.json").read_text())
            url = f"http://127.0.0.1:{self.ports['admin']}/readyz"
            with urllib.request.urlopen(url, timeout=2) as answer:
                return answer.status == 200
        except (OSError, ValueError):
            return False

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['admin']}/metrics", timeout=5) as a:
            return a.read().decode()

    @property
    def port(self):
        return self.ports["grpc"]

    @property
    def registry(self):
        return self.processes["registry"]

    def alive(self):
        return self.registry.poll() is None

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.registry.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu_seconds(self):
        """Processor time of the registry so far."""
        fields = pathlib.Path(f"/proc/{self.registry.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def fds(self):
        return len(os.listdir(f"/proc/{self.registry.pid}/fd"))

    def transactions(self):
        """That the registry's database has ended: what handlers have cost it."""
        self.sql("SELECT pg_stat_force_next_flush()", check=False)
        return int(self.sql("SELECT xact_commit + xact_rollback FROM pg_stat_database "
                            "WHERE datname = 'abuse'"))
