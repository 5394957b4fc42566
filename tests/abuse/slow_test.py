"""Goal: who is slow on purpose holds a descriptor and some memory until a timeout, and nobody up.
Method: each way of being slow, many connections each and all at the same time, on the real registry;
the timeouts are those of platform/rpc/limits.h."""

import socket
import threading
import time
import unittest

import http2
from http2 import END_HEADERS, HEADERS, PREFACE, SETTINGS, frame, message, settings
from place import Place, TOKEN, wait_until
from registry import GET, LIST, Honest, Watch, get_request

HANDSHAKE_SECONDS = 5          # kHandshakeTimeout
KEEPALIVE_SECONDS = 20 + 5     # kKeepaliveTime and kKeepaliveTimeout
IDLE_SECONDS = 300             # kMaxConnectionIdle
WATCHED_SECONDS = KEEPALIVE_SECONDS + 8
LATE_AT_MOST = 8               # of a timer on a loaded machine
CONNECTIONS = 25               # of each kind
RSS_GROWS_AT_MOST_MB = 128
SERVERS_CONNECTIONS = 25  # descriptors of the pools towards PostgreSQL and the broker
TLS_HELLO = bytes.fromhex("16030100a5010000a10303") + bytes(150)


class Sluggard(threading.Thread):
    """Some connections that are slow in one way; `seconds` until each was closed (None: was not)."""

    def __init__(self, port, what, begin, dribble=None, limit=KEEPALIVE_SECONDS):
        super().__init__(daemon=True)
        self.port, self.what, self.begin, self.dribble = port, what, begin, dribble
        self.limit = limit
        self.seconds = []

    def run(self):
        open_ones = {}
        start = time.monotonic()
        for _ in range(CONNECTIONS):
            one = socket.create_connection(("127.0.0.1", self.port))
            one.sendall(self.begin)
            one.setblocking(False)
            open_ones[one] = start
        due = start
        while open_ones and time.monotonic() < start + min(self.limit + LATE_AT_MOST, WATCHED_SECONDS):
            for one in list(open_ones):
                if self.closed(one):
                    self.seconds.append(time.monotonic() - start)
                    open_ones.pop(one)
                    one.close()
            if self.dribble is not None and time.monotonic() >= due:
                due += 1.0  # one byte a second
                for one in open_ones:
                    self.drip(one)
            time.sleep(0.05)  # looks at many sockets, twenty times a second
        for one in open_ones:
            self.seconds.append(None)
            one.close()

    @staticmethod
    def closed(one):
        """Reads what comes, one byte at a time is enough to see the end."""
        try:
            while (read := one.recv(4096)):
                pass
            return not read
        except BlockingIOError:
            return False
        except OSError:
            return True

    def drip(self, one):
        try:
            one.send(self.dribble)
        except OSError:
            pass


class Deaf(Sluggard):
    """Reads nothing at all: what the server says fills the pipe."""

    @staticmethod
    def closed(one):
        try:
            one.send(b"")
            return one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0 or peer_closed(one)
        except OSError:
            return True


def peer_closed(one):
    """The kernel has the other side's end of the stream: TCP_INFO says CLOSE_WAIT or later."""
    return one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 1


def calls(path, count, window):
    octets = PREFACE + frame(SETTINGS, 0, 0, settings([(http2.INITIAL_WINDOW, window)]))
    for at in range(count):
        stream = 2 * at + 1
        octets += frame(HEADERS, END_HEADERS, stream, http2.request_headers(path, TOKEN))
        body = message(get_request() if path == GET else b"")
        octets += frame(http2.DATA, http2.END_STREAM, stream, body)
    return octets


class Slow(unittest.TestCase):
    def test_whoever_is_slow_is_closed_by_a_timeout_and_the_others_are_served(self):
        with Place() as place:
            self.lazy = [
                Sluggard(place.port, "says nothing", b"", limit=HANDSHAKE_SECONDS),
                Sluggard(place.port, "half a preface", PREFACE[:9], limit=HANDSHAKE_SECONDS),
                Sluggard(place.port, "half a TLS hello", TLS_HELLO[:60], limit=HANDSHAKE_SECONDS),
                Sluggard(place.port, "the preface, a byte a second", b"", PREFACE[:1],
                         limit=HANDSHAKE_SECONDS),
                Sluggard(place.port, "half a header block",
                         PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, 0, 1, b"\x82")),
                # To keepalive every byte is a sign of life: only kMaxConnectionIdle ends these, which
                # is longer than a test may last.
                Sluggard(place.port, "headers, a byte a second",
                         PREFACE + frame(SETTINGS, 0, 0) + b"\x00\x10\x00\x01\x04\x00\x00\x00\x01",
                         b"\x00", limit=IDLE_SECONDS),
                Sluggard(place.port, "a window of nothing", calls(LIST, 4, window=0)),
                Deaf(place.port, "unread answers", calls(GET, 5, window=1 << 20)),
            ]
            self.watch_them(place)

    def watch_them(self, place):
        honest, watch = Honest(place.port), Watch(place)
        calm = honest.wait_for(100)
        for one in self.lazy:
            one.start()
        for one in self.lazy:
            one.join()
        slow = honest.so_far()
        honest.stop()
        left = wait_until(10, lambda: place.fds() <= watch.fds_before + SERVERS_CONNECTIONS)
        watch.stop()
        print(f"slow clients: {watch}; honest p99 {honest.p(.99, 0, calm):.1f} ms -> "
              f"{honest.p(.99, calm, slow):.1f} ms, {len(honest.failures)} failures")
        for one in self.lazy:
            closed = [s for s in one.seconds if s is not None]
            print(f"  {one.what}: {len(closed)} of {CONNECTIONS} closed, "
                  f"the last after {max(closed, default=0):.1f} s (limit {one.limit} s)")
        self.assertTrue(place.alive())
        self.assertEqual(honest.failures, [])
        self.assertLess(watch.rss - watch.rss_before, RSS_GROWS_AT_MOST_MB)
        self.assertLess(watch.fds - watch.fds_before, CONNECTIONS * len(self.lazy) + 60)
        for one in self.lazy:
            if one.limit < WATCHED_SECONDS:
                self.assertNotIn(None, one.seconds, one.what)
        self.assertTrue(left, "descriptors come back")


if __name__ == "__main__":
    unittest.main(verbosity=2)
