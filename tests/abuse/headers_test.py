"""Goal: header attacks on HTTP/2 do what docs/security.md says that they do, and no more. Method: the
header blocks that gRPC 1.51.1 is known to suffer from, sent to the real registry on loopback: what is
seen here is why a proxy must stand in front of every business port.

The process may end (then a supervisor's restart is timed); an honest client's waits are recorded.
"""

import resource
import time
import unittest

import http2
from http2 import (ACK, CONTINUATION, END_HEADERS, END_STREAM, HEADERS, PING, SETTINGS, frame, integer,
                   literal)
from place import Place, TOKEN, wait_until
from registry import GET, Honest, Watch, get_request

RESTART_SECONDS_MAX = 2.0
FRAME = 16384
MEGABYTE = 1 << 20
PADDED_MEGABYTES = 8
# Per connection: what was sent, and what gRPC keeps beside it.
RSS_GROWS_AT_MOST_MB = 160
CONNECTS = 10_000


def setUpModule():
    global place
    place = Place().__enter__()


def tearDownModule():
    place.__exit__()


def fields(**different):
    names = {"method": b"POST", "scheme": b"http", "path": GET.encode(), "authority": b"x"}
    names.update(different)
    pseudo = b"".join(literal(b":" + n.encode(), v) for n, v in names.items() if n != "te")
    return pseudo + literal(b"te", different.get("te", b"trailers")) + literal(
        b"content-type", b"application/grpc")


def agreed(port, timeout=5):
    """A connection whose settings both sides have acknowledged: only then do the limits hold."""
    connection = http2.Connection(port, timeout=timeout)
    seen = set()
    while seen != {SETTINGS, PING}:
        kind, _ = connection.take()
        if kind == SETTINGS and kind not in seen:
            connection.send(frame(PING, 0, 0, b"settings"))
        seen |= {kind} & {SETTINGS, PING}
    return connection


def in_frames(block, stream=1):
    parts = [block[i:i + FRAME] for i in range(0, len(block), FRAME)]
    kinds = [HEADERS] + [CONTINUATION] * (len(parts) - 1)
    octets = b""
    for at, (kind, part) in enumerate(zip(kinds, parts)):
        flags = END_STREAM * (kind == HEADERS) | END_HEADERS * (at == len(parts) - 1)
        octets += frame(kind, flags, stream, part)
    return octets


def processor_seconds():
    with open(f"/proc/{place.registry.pid}/stat", encoding="ascii") as stat:
        words = stat.read().rpartition(") ")[2].split()
    return (int(words[11]) + int(words[12])) / 100


class Headers(unittest.TestCase):
    def alive_again(self, what):
        """Whoever died is started as a supervisor would, and must be back soon."""
        if place.alive():
            return False
        start = time.monotonic()
        place.start_registry()
        seconds = time.monotonic() - start
        print(f"{what}: the process ended; back after {seconds:.2f} s")
        self.assertLess(seconds, RESTART_SECONDS_MAX)
        return True

    def served(self):
        with http2.Connection(place.port) as other:
            self.assertEqual(other.call(GET, get_request(), TOKEN).grpc, http2.NOT_FOUND)

    # CVE-2023-1428: a header with a value that is none, and more than the limit of headers around it.
    def test_bad_values_before_and_behind_the_limit_are_refused_or_the_supervisor_is_quick(self):
        many, great = literal(b"a", b"1") * 2000, literal(b"x-big", b"a" * 20_000)
        bad = {"te": literal(b"te", b"x"), "scheme": literal(b":scheme", b"x"),
               "indexed scheme": b"\x46" + integer(1, 7) + b"x",
               "statistics": literal(b"grpclb_client_stats", b"x"),
               "table": b"\x40" + integer(2, 7) + b"te" + integer(1, 7) + b"x"}
        died = []
        for name, field in bad.items():
            for rest in (many, great):
                for block in (field + fields() + rest, fields() + field + rest, fields() + rest + field):
                    self.refused(in_frames(block))
                    if self.alive_again(f"CVE-2023-1428 with {name}"):
                        died.append(name)
        print(f"CVE-2023-1428: 30 header blocks, the process ended with {len(died)} {died}")
        self.served()

    def refused(self, octets):
        with agreed(place.port) as connection:
            stream = connection.new_stream()
            connection.send(octets)
            try:
                answer = connection.finish(stream)
                self.assertNotIn(answer.grpc, (None, http2.OK, http2.NOT_FOUND), answer)
            except http2.Gone:
                pass

    def test_headers_above_the_limit_are_refused_once_the_settings_are_agreed(self):
        with agreed(place.port) as connection:
            stream = connection.new_stream()
            connection.send(in_frames(fields() + literal(b"x-big", b"a" * 20_000)))
            self.assertEqual(connection.finish(stream).grpc, http2.RESOURCE_EXHAUSTED)
        self.served()

    # CVE-2023-33953: whole strings are kept, and read anew with each frame, before any limit.
    def flooded(self, what, first, piece, count):
        honest, watch = Honest(place.port, fresh=True), Watch(place)
        calm = honest.wait_for(40)
        seconds, start = processor_seconds(), time.monotonic()
        with http2.Connection(place.port, timeout=30) as connection:
            try:
                connection.send(frame(HEADERS, END_STREAM, 1, first))
                for _ in range(count):
                    connection.send(frame(CONTINUATION, 0, 1, piece))
                # Until it has eaten what it was given.
                wait_until(30, lambda: not place.alive() or self.idle())
            except (http2.Gone, TimeoutError) as error:
                print(f"{what}: {error!r}")
        wall = time.monotonic() - start
        used = processor_seconds() - seconds if place.alive() else float("nan")
        honest.wait_for(20)
        honest.stop()
        watch.stop()
        print(f"{what}: {count * len(piece) // 1024} kB sent, {used:.2f} s of a processor in {wall:.2f} s, "
              f"{watch}; honest p99 {honest.p(.99, 0, calm):.1f} ms -> {honest.p(.99, calm):.1f} ms, "
              f"{len(honest.failures)} failures")
        self.alive_again(what)
        self.assertLess(watch.rss - watch.rss_before, RSS_GROWS_AT_MOST_MB)
        self.served()

    @staticmethod
    def idle():
        before = processor_seconds()
        time.sleep(0.2)  # how much it does meanwhile is what is measured
        return processor_seconds() - before < 0.1

    def test_a_string_that_is_announced_too_long_costs_what_the_document_says(self):
        endless = fields() + b"\x00" + integer(5, 7) + b"x-big" + integer(1 << 30, 7)
        self.flooded("CVE-2023-33953, a string of 1 GiB", endless, b"a" * FRAME,
                     PADDED_MEGABYTES * MEGABYTE // FRAME)

    def test_a_length_of_endless_zeros_costs_little(self):
        padded = fields() + b"\x00" + integer(5, 7) + b"x-big" + b"\x7f"
        self.flooded("CVE-2023-33953, padding of a length", padded, b"\x80" * FRAME, 64)

    def test_endless_continuations_are_kept_as_the_document_says(self):
        self.flooded("CVE-2023-33953, headers without end", fields(), literal(b"a", b"1" * 100) * 140,
                     PADDED_MEGABYTES * MEGABYTE // FRAME)
        self.flooded("CVE-2023-33953, empty continuations", fields(), b"", 20_000)

    # CVE-2023-4785: connections that come and go faster than they are accepted.
    def test_connections_that_come_and_go_leave_nothing_behind(self):
        watch = Watch(place)
        start = time.monotonic()
        for _ in range(CONNECTS):
            http2.Connection(place.port, greet=False).close()
        seconds = time.monotonic() - start
        gone = wait_until(30, lambda: place.alive() and place.fds() <= watch.fds_before + 20)
        back = time.monotonic() - start
        watch.stop()
        print(f"CVE-2023-4785: {CONNECTS} connections in {seconds:.2f} s, {watch}, back after {back:.1f} s")
        self.assertFalse(self.alive_again("CVE-2023-4785"))
        self.assertTrue(gone, "descriptors come back")
        self.served()

    def test_who_ran_out_of_descriptors_accepts_again_or_is_restarted_quickly(self):
        before = resource.prlimit(place.registry.pid, resource.RLIMIT_NOFILE)
        kept = agreed(place.port)
        few = place.fds() + 60
        resource.prlimit(place.registry.pid, resource.RLIMIT_NOFILE, (few, before[1]))
        held = []
        for _ in range(400):
            held.append(http2.Connection(place.port, timeout=2))
        wait_until(5, lambda: place.fds() >= few - 1)
        print(f"out of descriptors: {place.fds()} of {few} used, alive {place.alive()}")
        resource.prlimit(place.registry.pid, resource.RLIMIT_NOFILE, before)
        self.assertEqual(kept.call(GET, get_request(), TOKEN).grpc, http2.NOT_FOUND,
                         "who was there before is not disturbed")
        for connection in held:
            connection.close()
        if wait_until(6, self.is_served):
            print("out of descriptors: it accepts again by itself")
            return
        print("out of descriptors: it never accepts again (CVE-2023-4785)")
        place.registry.kill()
        place.registry.wait()
        self.alive_again("out of descriptors")
        self.served()

    def is_served(self):
        try:
            with http2.Connection(place.port, timeout=2) as other:
                return other.call(GET, get_request(), TOKEN).grpc == http2.NOT_FOUND
        except (OSError, http2.Gone):
            return False


if __name__ == "__main__":
    unittest.main(verbosity=2)
