"""Goal: where connections run out, in the process, in PostgreSQL or in the broker, callers are refused
cleanly, and afterwards everything goes on without a restart. Method: five thousand clients, and hogs on
the slots of the two servers."""

import selectors
import signal
import socket
import struct
import time
import unittest

import http2
from http2 import PREFACE, SETTINGS, frame, message
from place import Place, TOKEN, wait_until
from registry import CREATE, GET, Honest, Watch, create_request, get_request

CLIENTS = 5000
PG_SLOTS = 20
NATS_SLOTS = 8
RSS_A_CLIENT_KB_MAX = 64
RECOVERED_SECONDS_MAX = 15


def setUpModule():
    global place
    place = Place(pg=f"max_connections = {PG_SLOTS}\nsuperuser_reserved_connections = 3").__enter__()


def tearDownModule():
    place.__exit__()


def call(path, body, timeout=15):
    with http2.Connection(place.port, timeout=timeout) as client:
        return client.call(path, body, TOKEN)


def pg_hog():
    """A connection of the service's own role, opened by hand; None when there is no slot."""
    hog = socket.socket(socket.AF_UNIX)
    hog.settimeout(5)
    hog.connect(f"{place.dir}/pg/.s.PGSQL.{place.pg_port}")
    words = b"user\0ieum_abuse\0database\0abuse\0application_name\0hog\0\0"
    hog.sendall(struct.pack(">II", 8 + len(words), 196608) + words)
    with hog.makefile("rb") as answers:
        while len(head := answers.read(5)) == 5 and head[:1] not in b"EZ":
            answers.read(struct.unpack(">I", head[1:])[0] - 4)
    if head[:1] == b"Z":
        return hog
    hog.close()
    return None


def others_in_pg():
    return int(place.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'ieum_abuse' "
                         "AND application_name <> 'hog'"))


def take_every_slot(hogs):
    """Ends the registry's connections and is quicker with new ones."""
    place.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
              "WHERE usename = 'ieum_abuse' AND application_name <> 'hog'")
    take_free_slots(hogs)
    if others_in_pg() > 0:
        return False
    # Who was ended is gone from the list a moment before its slot is free.
    taken = len(hogs)
    take_free_slots(hogs)
    return len(hogs) == taken and others_in_pg() == 0


def take_free_slots(hogs):
    while (hog := pg_hog()) is not None:
        hogs.append(hog)


def nats_hog():
    hog = socket.create_connection(("127.0.0.1", place.nats_port), timeout=5)
    hog.sendall(b'CONNECT {"verbose":false}\r\nPING\r\n')
    return hog


class Connections(unittest.TestCase):
    def test_five_thousand_clients_are_held_and_let_go(self):
        # At the limit of its memory gRPC sends connections away that have no call, the honest one
        # like the others; that client comes back on a new one, and is served there.
        honest, watch = Honest(place.port, comes_back=True), Watch(place)
        calm = honest.wait_for(100)
        start = time.monotonic()
        clients = []
        for _ in range(CLIENTS):
            one = socket.create_connection(("127.0.0.1", place.port), timeout=10)
            one.sendall(PREFACE + frame(SETTINGS, 0, 0))
            clients.append(one)
        greeted = self.greeted(clients, 30)
        seconds = time.monotonic() - start
        held = honest.wait_for(50)
        new = call(GET, get_request())
        for one in clients:
            one.close()
        back = wait_until(30, lambda: place.fds() <= watch.fds_before + 20)
        honest.wait_for(20)
        honest.stop()
        watch.stop()
        print(f"{CLIENTS} clients in {seconds:.1f} s, {greeted} greeted; {watch}; honest p99 "
              f"{honest.p(.99, 0, calm):.1f} ms -> {honest.p(.99, calm, held):.1f} ms, "
              f"{honest.sent_away} times sent away, {len(honest.failures)} failures")
        self.assertTrue(place.alive())
        self.assertEqual(new.grpc, http2.NOT_FOUND, "one more is served")
        self.assertGreater(greeted, CLIENTS * 0.95)
        self.assertTrue(back, "descriptors come back")
        self.assertLess((watch.rss - watch.rss_before) * 1024 / CLIENTS, RSS_A_CLIENT_KB_MAX)
        self.assertEqual(honest.failures, [])

    @staticmethod
    def greeted(clients, seconds):
        """How many have heard the server's settings."""
        count, end = 0, time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            for one in clients:
                selector.register(one, selectors.EVENT_READ)
            while selector.get_map() and time.monotonic() < end:
                for key, _ in selector.select(1):
                    selector.unregister(key.fileobj)
                    count += bool(key.fileobj.recv(9))
        return count

    def test_without_a_slot_in_postgresql_callers_are_refused_and_served_again_later(self):
        hogs = []
        self.assertTrue(wait_until(20, lambda: take_every_slot(hogs)))
        start = time.monotonic()
        answer = call(GET, get_request())
        print(f"no slot in PostgreSQL ({len(hogs)} hogs): {answer} after "
              f"{time.monotonic() - start:.1f} s")
        self.assertEqual(answer.grpc, http2.UNAVAILABLE)
        self.assertTrue(place.alive())
        for hog in hogs:
            hog.close()
        start = time.monotonic()
        served = wait_until(RECOVERED_SECONDS_MAX,
                            lambda: call(CREATE, create_request("999-86-00024")).grpc == http2.OK)
        print(f"slots again: served after {time.monotonic() - start:.1f} s")
        self.assertTrue(served)

    def test_without_a_slot_in_the_broker_commands_go_through_and_events_follow_later(self):
        nats = place.processes["nats"]
        nats.send_signal(signal.SIGTERM)
        nats.wait()
        place.nats_settings = f"max_connections: {NATS_SLOTS}"
        place.start_nats()
        hogs = [nats_hog() for _ in range(NATS_SLOTS)]
        answer = call(CREATE, create_request("999-86-00010"))
        self.assertEqual(answer.grpc, http2.OK, "the ledger needs no broker")
        self.assertTrue(wait_until(10, lambda: self.lag() >= 1), "the event waits")
        self.assertTrue(place.alive())
        for hog in hogs:
            hog.close()
        start = time.monotonic()
        self.assertTrue(wait_until(RECOVERED_SECONDS_MAX, lambda: self.lag() == 0))
        print(f"a slot in the broker again: events follow after {time.monotonic() - start:.1f} s")

    @staticmethod
    def lag():
        for line in place.metrics().splitlines():
            if line.startswith("ieum_outbox_lag_events"):
                return float(line.split()[-1])
        return -1


if __name__ == "__main__":
    unittest.main(verbosity=2)
