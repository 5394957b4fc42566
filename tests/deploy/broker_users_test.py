#!/usr/bin/env python3
"""Goal: at the broker nobody says anything in another's name, and everybody reads what he may read.

Method: a real nats-server under the configuration that `./ieum up` writes, with TLS, seeds and rooms, and
clients that speak its protocol by hand, so that no library stands between the question and the answer.
Every service tries against every other what a service that was taken over could try. Run directly with
--server PROGRAM to ask another nats-server than the installed one.
"""

import base64
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ["registry", "casemgmt", "reporting", "notify"]
READS = json.loads((ROOT / "deploy/broker/rooms.json").read_text(encoding="utf-8"))
WAIT_SECONDS = 20
SILENCE_SECONDS = 0.3  # after this nothing more is coming on loopback
SERVER = "/usr/sbin/nats-server"

sys.path[:0] = [str(ROOT / "deploy/broker"), str(ROOT / "deploy/local")]
import nkey  # noqa: E402
from free_ports import free_port  # noqa: E402

# The parts of the script that write the configuration, and no more of it.
CONFIGURE = """
set -euo pipefail
IEUM_ROOT=$1 PLACE=$2
for part in base services tls nats; do source "$IEUM_ROOT/tools/ieum.d/$part.sh"; done
tls_make
nats_config
"""


def stream(service):
    return f"EV_{service.upper()}"


def stream_config(service):
    return {"name": stream(service), "subjects": [f"ev.{service}.s{shard:02}" for shard in range(16)],
            "retention": "limits", "storage": "file", "num_replicas": 1, "discard": "old", "max_bytes": 1 << 20,
            "max_age": 0, "max_msgs": -1, "max_consumers": -1, "deny_delete": True, "deny_purge": True, "allow_direct": True}


def consumer_config(service, **more):
    return {"stream_name": stream(service), "config": {
        "ack_policy": "none", "deliver_policy": "all", "mem_storage": True, "replay_policy": "instant",
        "inactive_threshold": 5_000_000_000, **more}}


class Broker:
    """Ends with the `with` block."""

    def __enter__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="ieum-broker.", dir="/tmp"))
        for folder in ("secret", "run", "nats", "log"):
            (self.place / folder).mkdir(mode=0o700)
        self.port = free_port()
        (self.place / "run" / "ports").write_text(f"NATS={self.port}\n", encoding="utf-8")
        subprocess.run(["bash", "-c", CONFIGURE, "configure", str(ROOT), str(self.place)], check=True)
        self.let_outsider_in()
        self.server = subprocess.Popen([SERVER, "-c", str(self.place / "nats/nats.conf")],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        raise RuntimeError("nats-server did not start")

    def let_outsider_in(self):
        """An outside system that was promised registry's events, beside those whom `up` lets in."""
        names = [*SERVICES, "auditor", "payroll"]
        for name in ("payroll", "stranger"):
            nkey.make(str(self.place / f"secret/seed-{name}"))
        keys = [f"{name}={nkey.public_of(self.seed(name))}" for name in names]
        accounts = subprocess.run([ROOT / "deploy/broker/accounts.py", "--outside", "payroll:registry", *keys],
                                  check=True, capture_output=True, text=True).stdout
        conf = self.place / "nats/nats.conf"
        text = conf.read_text(encoding="utf-8")
        conf.write_text(text[:text.index("accounts {")] + accounts, encoding="utf-8")

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(WAIT_SECONDS)
        shutil.rmtree(self.place)

    def seed(self, user):
        return (self.place / f"secret/seed-{user}").read_text(encoding="utf-8").strip()

    def sign(self, user, nonce):
        """By openssl, which knows nothing of NATS."""
        key, question = self.place / "key.der", self.place / "nonce"
        key.write_bytes(nkey.PKCS8 + nkey.decode(self.seed(user))[2:])
        question.write_bytes(nonce.encode())
        signed = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", key, "-in", question],
                                check=True, capture_output=True).stdout
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

    def tls(self, certificate):
        context = ssl.create_default_context(cafile=str(self.place / "secret/tls/ca.crt"))
        if certificate:
            folder = self.place / "secret/tls" / certificate
            context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
        return context


class Client:
    """`user`: whose seed signs. `shows`: whose certificate is shown; None = none."""

    def __init__(self, broker, user, shows="caller", login=None):
        plain = socket.create_connection(("127.0.0.1", broker.port), WAIT_SECONDS)
        info = json.loads(self.first_line(plain).split(b" ", 1)[1])
        self.socket = broker.tls(shows).wrap_socket(plain, server_hostname="127.0.0.1")
        self.lines = self.socket.makefile("rb")
        words = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True,
                 "protocol": 1, "lang": "by-hand", "version": "1"}
        if user is not None:
            words |= {"nkey": nkey.public_of(broker.seed(user)), "sig": broker.sign(user, info["nonce"])}
        # In one piece: a broker that refuses the first and has not read the second cuts, and its reason is lost.
        self.welcome = self.errors(f"CONNECT {json.dumps(words | (login or {}))}\r\n")
        self.inboxes = 0

    @staticmethod
    def first_line(plain):
        """Not a byte more: what follows is TLS."""
        line = b""
        while not line.endswith(b"\n"):
            line += plain.recv(1)
        return line

    def close(self):
        self.lines.close()
        self.socket.close()

    def say(self, line, payload=None):
        text = line.encode() + b"\r\n"
        if payload is not None:
            text += payload + b"\r\n"
        self.socket.sendall(text)

    def errors(self, before=""):
        """What the broker complains of, up to now; messages that come meanwhile are dropped."""
        found = []
        self.say(before + "PING")
        while (line := self.lines.readline()) not in (b"PONG\r\n", b""):
            if line.startswith(b"-ERR"):
                found.append(line.decode())
        return found

    def may_publish(self, subject, payload=b"{}"):
        self.say(f"PUB {subject} {len(payload)}", payload)
        return not any("Permissions Violation for Publish" in error for error in self.errors())

    def may_subscribe(self, subject):
        self.say(f"SUB {subject} 99")
        allowed = not any("Permissions Violation for Subscription" in error for error in self.errors())
        self.say("UNSUB 99")
        return allowed

    def listen(self, *subjects):
        for number, subject in enumerate(subjects):
            self.say(f"SUB {subject} {1000 + number}")
        return self.errors()

    def heard(self):
        """Subjects of what came since, until it is silent."""
        self.socket.settimeout(SILENCE_SECONDS)
        found = []
        try:
            while line := self.lines.readline():
                words = line.split()
                if words and words[0] in (b"MSG", b"HMSG"):
                    self.lines.read(int(words[-1]) + 2)
                    found.append(words[1].decode())
        except TimeoutError:
            pass
        self.socket.settimeout(WAIT_SECONDS)
        self.lines = self.socket.makefile("rb")
        return found

    def ask(self, subject, question=b""):
        """The answer's payload; None when the question is not allowed, "" when nobody takes it."""
        self.inboxes += 1
        inbox = f"_INBOX.{id(self):x}.{self.inboxes}"
        self.say(f"SUB {inbox} {self.inboxes}")
        self.say(f"PUB {subject} {inbox} {len(question)}", question)
        while line := self.lines.readline():
            if line.startswith(b"-ERR"):
                return None
            words = line.split()
            if words and words[0] in (b"MSG", b"HMSG"):
                body = self.lines.read(int(words[-1]) + 2)[:-2]
                return body[int(words[-2]):] if words[0] == b"HMSG" else body
        return None

    def tell(self, subject, question):
        answer = self.ask(subject, json.dumps(question).encode())
        return json.loads(answer) if answer else None

    def reader_of(self, service, **more):
        made = self.tell(f"read.{service}.CONSUMER.CREATE.{stream(service)}", consumer_config(service, **more))
        return made or {"error": "not allowed"}


class BrokerUsers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker().__enter__()
        cls.addClassCleanup(cls.broker.__exit__)
        for service in SERVICES:
            client = Client(cls.broker, service)
            made = client.tell(f"$JS.API.STREAM.CREATE.{stream(service)}", stream_config(service))
            assert made is not None and "error" not in made, made
            kept = client.tell(f"ev.{service}.s00", {"of": service})
            assert (kept or {}).get("stream") == stream(service), kept
            client.close()

    def client(self, *who, **how):
        client = Client(self.broker, *who, **how)
        self.addCleanup(client.close)
        return client

    @staticmethod
    def readers_of(service):
        return [name for part in ("services", "readers") for name, entry in READS[part].items()
                if service in entry["reads"] and name != service]

    def test_nobody_else_gets_in(self):
        for user, login in ((None, {}), ("stranger", {}), (None, {"user": "registry", "pass": "guess"}),
                            ("stranger", {"nkey": nkey.public_of(self.broker.seed("registry"))})):
            self.assertTrue(any("Authorization Violation" in error for error in self.client(user, login=login).welcome), login)

    def test_nobody_gets_in_without_a_certificate(self):
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            client = self.client("registry", shows=None)
            self.assertEqual(client.welcome, [])
            raise ConnectionError if client.lines.readline() == b"" else AssertionError("it was let in")

    def test_a_service_says_what_is_its_own(self):
        for service in SERVICES:
            client = self.client(service)
            self.assertEqual(client.welcome, [])
            for subject in (f"mark.{service}.now", f"wake.{service}.now"):
                self.assertTrue(client.may_publish(subject), subject)
            for shard in (0, 15):
                kept = client.tell(f"ev.{service}.s{shard:02}", {})
                self.assertEqual((kept or {}).get("stream"), stream(service))

    def test_what_a_service_says_is_heard_by_its_readers_and_by_its_other_processes(self):
        for service in SERVICES:
            speaker, twin = self.client(service), self.client(service)
            twin.listen(f"wake.{service}.*")
            readers = {name: self.client(name) for name in self.readers_of(service)}
            for reader in readers.values():
                self.assertEqual(reader.listen(f"mark.{service}.*"), [])
            speaker.may_publish(f"wake.{service}.now")
            speaker.may_publish(f"mark.{service}.now")
            self.assertEqual(twin.heard(), [f"wake.{service}.now"])
            for name, reader in readers.items():
                self.assertEqual(reader.heard(), [f"mark.{service}.now"], name)

    def test_a_service_says_nothing_for_another(self):
        for service in SERVICES:
            client = self.client(service)
            for other in SERVICES:
                if other == service:
                    continue
                for subject in (f"ev.{other}.s00", f"ev.{other}.s15", f"mark.{other}.now", f"wake.{other}.now"):
                    self.assertFalse(client.may_publish(subject), f"{service}: {subject}")

    def test_a_service_leaves_the_streams_of_others_alone(self):
        for service in SERVICES:
            client = self.client(service)
            for other in SERVICES:
                for word in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE"):
                    for api in ("$JS.API", f"read.{other}"):
                        # Not even its own is deleted, emptied or read off as a whole.
                        if other == service and api == "$JS.API" and word in ("CREATE", "UPDATE"):
                            continue
                        self.assertFalse(client.may_publish(f"{api}.STREAM.{word}.{stream(other)}"), f"{service}: {api} {word} {other}")
            self.assertFalse(client.may_publish("$JS.API.STREAM.CREATE.EV_OTHER"))

    def test_a_stream_of_ones_own_catches_nothing_of_others(self):
        """Its owner says what subjects it takes, and where it copies to: in his own room."""
        client = self.client("notify")
        listener = self.client("registry")
        listener.listen("wake.registry.*", "mark.registry.*", "_INBOX.registry.>")
        greedy = stream_config("notify")
        greedy["subjects"] += ["wake.>", "mark.>", "ev.registry.>"]
        greedy["republish"] = {"src": "ev.notify.>", "dest": "ev.registry.s00"}
        client.tell("$JS.API.STREAM.UPDATE.EV_NOTIFY", greedy)
        client.tell("ev.notify.s00", {})
        speaker = self.client("registry")
        speaker.may_publish("wake.registry.now")
        self.assertEqual(listener.heard(), ["wake.registry.now"])
        state = speaker.tell("$JS.API.STREAM.INFO.EV_REGISTRY", {})["state"]
        kept = speaker.tell("ev.registry.s01", {})
        self.assertEqual(kept["seq"], state["last_seq"] + 1)
        client.tell("$JS.API.STREAM.UPDATE.EV_NOTIFY", stream_config("notify"))

    def test_nobody_hears_what_is_said_to_others_or_answers_for_them(self):
        for user in (*SERVICES, "auditor", "payroll"):
            client = self.client(user)
            for subject in (">", "ev.>", "$JS.>", "$SYS.>", "$JS.API.>", "read.>", "_R_.>", "wake.*.*"):
                self.assertFalse(client.may_subscribe(subject), f"{user}: {subject}")
            for subject in ("_INBOX.somebody.1", "_R_.abc.1", "$JS.ACK.EV_REGISTRY.c.1.1.1.1.1", "$SYS.REQ.SERVER.PING"):
                self.assertFalse(client.may_publish(subject), f"{user}: {subject}")
            for service in SERVICES:
                if service != user:
                    self.assertFalse(client.may_subscribe(f"wake.{service}.*"), f"{user}: {service}")

    def test_inboxes_of_others_are_empty(self):
        """Everybody may listen to every inbox of his own room; what others are answered does not come there."""
        spies = {user: self.client(user) for user in ("casemgmt", "auditor", "payroll")}
        for spy in spies.values():
            self.assertEqual(spy.listen("_INBOX.>"), [])
        asker = self.client("reporting")
        self.assertIn("state", asker.tell("read.registry.STREAM.INFO.EV_REGISTRY", {}))
        self.client("registry").tell("ev.registry.s02", {})
        for user, spy in spies.items():
            self.assertEqual(spy.heard(), [], user)

    def test_readers_read_what_they_were_promised(self):
        for service in SERVICES:
            for reader in [*self.readers_of(service), *(["payroll"] if service == "registry" else [])]:
                client = self.client(reader)
                self.assertIn("state", client.tell(f"read.{service}.STREAM.INFO.{stream(service)}", {}))
                first = client.tell(f"read.{service}.STREAM.MSG.GET.{stream(service)}", {"seq": 1})
                self.assertEqual(base64.b64decode(first["message"]["data"]), json.dumps({"of": service}).encode())
                made = client.reader_of(service)
                self.assertNotIn("error", made, reader)
                read = client.tell(f"read.{service}.CONSUMER.MSG.NEXT.{stream(service)}.{made['name']}", {"batch": 1})
                self.assertEqual(read, {"of": service}, reader)
                ended = json.loads(client.ask(f"read.{service}.CONSUMER.DELETE.{stream(service)}.{made['name']}"))
                self.assertIn("success", ended, reader)

    def test_nobody_reads_what_he_was_not_promised(self):
        for user in (*SERVICES, "auditor", "payroll"):
            client = self.client(user)
            for service in SERVICES:
                promised = user == service or user in self.readers_of(service) or (user, service) == ("payroll", "registry")
                for word in ("STREAM.INFO", "STREAM.MSG.GET", "CONSUMER.CREATE"):
                    if not promised:
                        self.assertFalse(client.may_publish(f"read.{service}.{word}.{stream(service)}"), f"{user}: {service}")
                    if user != service:
                        self.assertFalse(client.may_publish(f"$JS.API.{word}.{stream(service)}"), f"{user}: {service}")

    def test_no_consumer_speaks_for_anybody(self):
        """The hole of brokers without rooms: who may make a consumer had it deliver where he liked."""
        targets = [f"{word}.{service}.now" for word in ("wake", "mark") for service in SERVICES]
        targets += [f"ev.{service}.s{shard}" for service in SERVICES for shard in ("00", "07", "99")]
        targets += [f"$JS.API.STREAM.{word}.EV_REGISTRY" for word in ("DELETE", "PURGE", "INFO", "CREATE")]
        targets += ["$JS.API.CONSUMER.CREATE.EV_REGISTRY", "$JS.API.DIRECT.GET.EV_REGISTRY", "_INBOX.registry.1",
                    "read.casemgmt.STREAM.INFO.EV_CASEMGMT", "read.registry.STREAM.INFO.EV_REGISTRY",
                    "$JS.ACK.EV_REGISTRY.c.1.1.1.1.1", "$SYS.REQ.SERVER.PING", "$JS.FC.EV_REGISTRY.c.x"]
        owners = {service: self.client(service) for service in SERVICES}
        for service, owner in owners.items():
            owner.listen(f"wake.{service}.*", f"mark.{service}.*", "_INBOX.registry.>",
                         *(f"mark.{other}.*" for other in READS["services"][service]["reads"] if other != service))
        before = {service: self.seen(service) for service in SERVICES}
        for attacker in ("casemgmt", "payroll"):
            client = self.client(attacker)
            for target in targets:
                for more in ({}, {"headers_only": True}, {"deliver_group": "g"}):
                    made = client.reader_of("registry", deliver_subject=target, **more)
                    self.assertFalse(made.get("push_bound", False), f"{attacker}: {target}")
        for service, owner in owners.items():
            self.assertEqual(owner.heard(), [], service)
        self.assertEqual(before, {service: self.seen(service) for service in SERVICES})

    def seen(self, service):
        client = self.client(service)
        info = client.tell(f"$JS.API.STREAM.INFO.{stream(service)}", {})
        return info["created"], info["state"]["messages"]

    def test_no_question_has_its_answer_sent_to_another(self):
        """Whoever asks says where the answer goes: within his own room."""
        owner = self.client("registry")
        owner.listen("wake.registry.*", "mark.registry.*", "_INBOX.registry.>")
        before = {service: self.seen(service) for service in SERVICES}
        for attacker in ("casemgmt", "payroll"):
            client = self.client(attacker)
            name = client.reader_of("registry")["name"]
            for target in ("ev.registry.s00", "ev.reporting.s00", "wake.registry.now", "mark.registry.now", "_INBOX.registry.1"):
                for word, question in ((f"CONSUMER.MSG.NEXT.EV_REGISTRY.{name}", b'{"batch": 1}'), ("STREAM.INFO.EV_REGISTRY", b""),
                                       ("STREAM.MSG.GET.EV_REGISTRY", b'{"seq": 1}'), ("DIRECT.GET.EV_REGISTRY", b'{"seq": 1}')):
                    client.say(f"PUB read.registry.{word} {target} {len(question)}", question)
            client.errors()
        self.assertEqual(owner.heard(), [])
        self.assertEqual(before, {service: self.seen(service) for service in SERVICES})

    def test_nobody_touches_the_consumer_of_another(self):
        """Names are drawn by the broker, and nobody is told those of others."""
        reader, client = self.client("reporting"), self.client("casemgmt")
        name = reader.reader_of("registry")["name"]
        for word in ("NAMES.EV_REGISTRY", "LIST.EV_REGISTRY", f"INFO.EV_REGISTRY.{name}", "DURABLE.CREATE.EV_REGISTRY.mine",
                     f"CREATE.EV_REGISTRY.{name}", "CREATE.EV_REGISTRY.mine.ev.registry.s00", f"LEADER.STEPDOWN.EV_REGISTRY.{name}"):
            for api in ("read.registry", "$JS.API"):
                self.assertFalse(client.may_publish(f"{api}.CONSUMER.{word}"), word)
        self.assertIn("error", client.reader_of("registry", durable_name="mine"))
        self.assertTrue(name.isalnum() and len(name) >= 8, name)

    def test_readers_say_nothing_and_change_nothing(self):
        for user in ("auditor", "payroll"):
            client = self.client(user)
            for service in SERVICES:
                for subject in (f"ev.{service}.s00", f"mark.{service}.now", f"wake.{service}.now"):
                    self.assertFalse(client.may_publish(subject), subject)
                for word in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE"):
                    for api in ("$JS.API", f"read.{service}"):
                        self.assertFalse(client.may_publish(f"{api}.STREAM.{word}.{stream(service)}"), word)


if __name__ == "__main__":
    if "--server" in sys.argv:
        SERVER = sys.argv.pop(sys.argv.index("--server") + 1)
        sys.argv.remove("--server")
    if not pathlib.Path(SERVER).exists():
        print("skipped: nats-server is not here")
        sys.exit(77)
    unittest.main()
