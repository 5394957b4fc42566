"""What honest calls to the registry look like, and how well they are served while somebody abuses it."""

import threading
import time
import uuid

import http2
from http2 import integer
from place import TOKEN

GET = "/ieum.registry.v1.OrganizationService/GetOrganization"
LIST = "/ieum.registry.v1.OrganizationService/ListOrganizations"
CREATE = "/ieum.registry.v1.OrganizationService/CreateOrganization"


def text(field, octets):
    """A length-delimited protobuf field."""
    return integer(field << 3 | 2, 8) + varint(len(octets)) + octets


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def get_request(organization=None):
    name = f"organizations/{organization or uuid.uuid4()}"
    return text(1, name.encode())


def create_request(number, display_name=b"Abused Ltd"):
    firm = b"\x10\x01" + text(3, display_name) + text(4, number.encode())
    return text(1, firm) + text(4, str(uuid.uuid4()).encode())


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


class Honest(threading.Thread):
    """One client that reads an organization 50 times a second and notes how long it took.

    A call that fails counts as the longest wait that a caller accepts.
    """

    PAUSE = 0.02
    PATIENCE = 10.0

    def __init__(self, port, fresh=False, comes_back=False):
        super().__init__(daemon=True)
        self.port, self.fresh = port, fresh  # fresh: a connection a call
        # comes_back: sent away without a call being lost, it asks once more, on a new connection,
        # as every client library does.
        self.comes_back, self.sent_away = comes_back, 0
        self.seconds, self.failures = [], []
        self.connection = None
        self.ending = threading.Event()
        self.start()

    def run(self):
        while not self.ending.wait(self.PAUSE):
            start = time.monotonic()
            try:
                self.once_or_again()
                self.seconds.append(time.monotonic() - start)
            except (OSError, http2.Gone, AssertionError) as error:
                self.seconds.append(self.PATIENCE)
                self.failures.append(repr(error))
                self.connection = None

    def once_or_again(self):
        try:
            self.once()
        except http2.Gone as gone:
            if not self.comes_back or "Buffers full" not in str(gone):
                raise
            self.sent_away, self.connection = self.sent_away + 1, None
            self.once()

    def once(self):
        if self.connection is None or self.fresh:
            self.connection = http2.Connection(self.port, timeout=self.PATIENCE)
        answer = self.connection.call(GET, get_request(), TOKEN)
        if self.fresh:
            self.connection.close()
        assert answer.grpc == http2.NOT_FOUND, answer

    def so_far(self):
        return len(self.seconds)

    def wait_for(self, count, seconds=20):
        """Until so many more calls are done."""
        wanted, end = len(self.seconds) + count, time.monotonic() + seconds
        while len(self.seconds) < wanted and time.monotonic() < end:
            self.ending.wait(self.PAUSE)
        return len(self.seconds)

    def stop(self):
        self.ending.set()
        self.join()

    def p(self, part, begin, end=None):
        """Milliseconds of the calls from number `begin` to `end`."""
        return quantile(self.seconds[begin:end] or [self.PATIENCE], part) * 1000


class Watch:
    """What the process costs: greatest RSS (MB) and number of descriptors since the beginning."""

    def __init__(self, place):
        self.place = place
        self.rss_before, self.fds_before = place.rss_mb(), place.fds()
        self.rss, self.fds = self.rss_before, self.fds_before
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ending.wait(0.02) and self.place.alive():
            try:
                self.rss = max(self.rss, self.place.rss_mb())
                self.fds = max(self.fds, self.place.fds())
            except OSError:
                return

    def stop(self):
        self.ending.set()
        self.thread.join()

    def __str__(self):
        return (f"RSS {self.rss_before:.0f} MB -> {self.rss:.0f} MB, "
                f"descriptors {self.fds_before} -> {self.fds}")
