#!/usr/bin/env python3
"""Goal: at the broker each service says only what is its own, and the auditor says nothing.

Method: a real nats-server under the configuration that `./ieum up` writes, and clients that speak
its protocol by hand, so that no library stands between the question and the answer.
"""

import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WAIT_SECONDS = 20

# The parts of the script that write the configuration, and no more of it.
CONFIGURE = """
set -euo pipefail
IEUM_ROOT=$1 PLACE=$2
for part in base services nats; do source "$IEUM_ROOT/tools/ieum.d/$part.sh"; done
nats_config
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """Ends with the `with` block."""

    def __enter__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="ieum-broker.", dir="/tmp"))
        for folder in ("secret", "run", "nats"):
            (self.place / folder).mkdir(mode=0o700)
        self.port = free_port()
        (self.place / "run" / "ports").write_text(f"NATS={self.port}\n", encoding="utf-8")
        subprocess.run(["bash", "-c", CONFIGURE, "configure", str(ROOT), str(self.place)], check=True)
        self.server = subprocess.Popen(["/usr/sbin/nats-server", "-c", str(self.place / "nats/nats.conf")],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        raise RuntimeError("nats-server did not start")

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(WAIT_SECONDS)
        shutil.rmtree(self.place)

    def password(self, user):
        return (self.place / "secret" / f"nats-{user}").read_text(encoding="utf-8").strip()


class Client:
    def __init__(self, broker, user, password=None):
        self.socket = socket.create_connection(("127.0.0.1", broker.port), WAIT_SECONDS)
        self.lines = self.socket.makefile("rb")
        self.lines.readline()  # INFO
        login = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True,
                 "protocol": 1, "lang": "by-hand", "version": "1"}
        if user is not None:
            login |= {"user": user, "pass": password or broker.password(user)}
        # In one piece: a broker that refuses the first and has not read the second cuts, and its reason is lost.
        self.welcome = self.errors(f"CONNECT {json.dumps(login)}\r\n")
        self.inboxes = 0

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

    def ask(self, subject, question=b""):
        """The answer's payload; None when the question is not allowed."""
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
        return None if answer is None else json.loads(answer)


def stream(service):
    return f"EV_{service.upper()}"


def stream_config(service):
    return {"name": stream(service), "subjects": [f"ev.{service}.s{shard:02}" for shard in range(16)],
            "retention": "limits", "storage": "file", "num_replicas": 1, "discard": "old",
            "max_bytes": 1 << 20, "max_age": 0, "max_msgs": -1, "max_consumers": -1}


class BrokerUsers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker().__enter__()
        cls.addClassCleanup(cls.broker.__exit__)
        cls.services = ["registry", "casemgmt", "reporting", "notify"]
        for service in cls.services:
            client = Client(cls.broker, service)
            made = client.tell(f"$JS.API.STREAM.CREATE.{stream(service)}", stream_config(service))
            assert made is not None and "error" not in made, made
            client.close()

    def client(self, user, password=None):
        client = Client(self.broker, user, password)
        self.addCleanup(client.close)
        return client

    def test_nobody_else_gets_in(self):
        for user, password in ((None, None), ("registry", "guess"), ("nobody", "guess")):
            self.assertTrue(any("Authorization Violation" in error
                                for error in self.client(user, password).welcome), user)

    def test_a_service_says_what_is_its_own(self):
        for service in self.services:
            client = self.client(service)
            self.assertEqual(client.welcome, [])
            for subject in (f"mark.{service}", f"wake.{service}"):
                self.assertTrue(client.may_publish(subject), subject)
            for shard in (0, 15):
                kept = client.tell(f"ev.{service}.s{shard:02}", {})
                self.assertEqual((kept or {}).get("stream"), stream(service))

    def test_a_service_says_nothing_for_another(self):
        for service in self.services:
            client = self.client(service)
            for other in self.services:
                if other == service:
                    continue
                for subject in (f"ev.{other}.s00", f"ev.{other}.s15", f"mark.{other}", f"wake.{other}"):
                    self.assertFalse(client.may_publish(subject), f"{service}: {subject}")

    def test_a_service_leaves_the_streams_of_others_alone(self):
        client = self.client("registry")
        for word in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE"):
            self.assertFalse(client.may_publish(f"$JS.API.STREAM.{word}.EV_CASEMGMT"), word)
        # Not even its own is deleted, emptied or read off as a whole.
        for word in ("DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE"):
            self.assertFalse(client.may_publish(f"$JS.API.STREAM.{word}.EV_REGISTRY"), word)
        self.assertFalse(client.may_publish("$JS.API.STREAM.CREATE.EV_OTHER"))

    def test_nobody_hears_what_is_said_to_others_or_answers_for_them(self):
        for user in (*self.services, "auditor"):
            client = self.client(user)
            for subject in (">", "ev.>", "$JS.>", "$SYS.>", "$JS.API.>"):
                self.assertFalse(client.may_subscribe(subject), f"{user}: {subject}")
            for subject in ("_INBOX.somebody.1", "$JS.ACK.EV_REGISTRY.c.1.1.1.1.1", "$SYS.REQ.SERVER.PING"):
                self.assertFalse(client.may_publish(subject), f"{user}: {subject}")
        self.assertFalse(self.client("registry").may_subscribe("wake.casemgmt"))

    def test_everybody_reads_every_stream(self):
        writer = self.client("casemgmt")
        self.assertIn("seq", writer.tell("ev.casemgmt.s03", {"written": 1}))
        for reader in (*self.services, "auditor"):
            client = self.client(reader)
            self.assertIn("state", client.tell("$JS.API.STREAM.INFO.EV_CASEMGMT", {}))
            config = {"stream_name": "EV_CASEMGMT",
                      "config": {"ack_policy": "none", "deliver_policy": "last", "mem_storage": True,
                                 "replay_policy": "instant", "inactive_threshold": 5_000_000_000}}
            made = client.tell("$JS.API.CONSUMER.CREATE.EV_CASEMGMT", config)
            self.assertNotIn("error", made or {"error": "refused"}, reader)
            read = client.tell(f"$JS.API.CONSUMER.MSG.NEXT.EV_CASEMGMT.{made['name']}", {"batch": 1})
            self.assertEqual(read, {"written": 1}, reader)

    def test_the_auditor_says_nothing_and_changes_nothing(self):
        client = self.client("auditor")
        for service in self.services:
            for subject in (f"ev.{service}.s00", f"mark.{service}", f"wake.{service}"):
                self.assertFalse(client.may_publish(subject), subject)
            for word in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE"):
                self.assertFalse(client.may_publish(f"$JS.API.STREAM.{word}.{stream(service)}"), word)


if __name__ == "__main__":
    if not pathlib.Path("/usr/sbin/nats-server").exists():
        print("skipped: nats-server is not here")
        sys.exit(77)
    unittest.main()
