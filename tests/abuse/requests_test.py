"""Goal: whatever bytes a request is made of, its caller gets the status that gRPC asks for, and the
process stays alive and small. Method: the real registry, requests written byte by byte."""

import gzip
import os
import random
import struct
import unittest

import http2
from http2 import DATA, END_HEADERS, END_STREAM, HEADERS, frame, message
from place import Place, TOKEN
from registry import CREATE, GET, LIST, Watch, create_request, get_request, text

MAX_REQUEST_BYTES = 512 * 1024  # kMaxRequestBytes
MEGABYTE = 1 << 20
ENHANCE_YOUR_CALM = 0xB
RSS_GROWS_AT_MOST_MB = 96


def setUpModule():
    global place, watch
    place = Place().__enter__()
    watch = Watch(place)


def tearDownModule():
    watch.stop()
    print(f"requests: {watch}")
    place.__exit__()


class Requests(unittest.TestCase):
    def setUp(self):
        self.client = http2.Connection(place.port)

    def tearDown(self):
        self.client.close()
        self.assertTrue(place.alive())
        with http2.Connection(place.port) as other:
            answer = other.call(GET, get_request(), TOKEN)
            self.assertEqual(answer.grpc, http2.NOT_FOUND, "others are served")
        self.assertLess(watch.rss - watch.rss_before, RSS_GROWS_AT_MOST_MB)

    def ask(self, path, body, **headers):
        return self.client.finish(self.client.begin(path, body, TOKEN, **headers))

    def test_a_message_of_no_bytes_lacks_its_required_fields(self):
        self.assertEqual(self.ask(GET, message(b"")).grpc, http2.INVALID_ARGUMENT)

    def test_a_body_without_any_message_is_refused(self):
        answer = self.ask(GET, b"")
        self.assertIn(answer.grpc, (http2.INTERNAL, http2.INVALID_ARGUMENT, http2.UNIMPLEMENTED))

    def test_a_message_of_one_byte_is_no_message(self):
        self.assertEqual(self.ask(GET, message(b"\xff")).grpc, http2.INVALID_ARGUMENT)

    def test_the_greatest_message_is_read_and_one_byte_more_is_not(self):
        padding = MAX_REQUEST_BYTES - len(text(1, b"x" * 500_000)) + 500_000
        body = text(1, b"x" * padding)
        self.assertEqual(len(body), MAX_REQUEST_BYTES)
        self.assertEqual(self.ask(GET, message(body)).grpc, http2.INVALID_ARGUMENT)
        answer = self.ask(GET, message(body + b"\x00"))
        self.assertEqual(answer.grpc, http2.RESOURCE_EXHAUSTED)

    def test_64_megabytes_are_refused(self):
        stream = self.client.begin(GET, struct.pack(">BI", 0, 64 * MEGABYTE), TOKEN, ends=False)
        sent = 0
        while not self.client.streams[stream].ended and sent < 64 * MEGABYTE:
            self.client.send_body(stream, b"x" * 16384, ends=False)
            sent += 16384
        answer = self.client.finish(stream)
        # ENHANCE_YOUR_CALM is what RESOURCE_EXHAUSTED becomes before there are any headers.
        refused = answer.grpc == http2.RESOURCE_EXHAUSTED or answer.reset == ENHANCE_YOUR_CALM
        self.assertTrue(refused, answer)
        # Not at its announcement: gRPC 1.51 gives it room as it comes and refuses the whole of it.
        print(f"64 MB announced: {sent // MEGABYTE} MB taken, {watch}")

    def test_who_does_not_heed_the_window_loses_his_stream_or_his_connection(self):
        stream = self.client.begin(GET, struct.pack(">BI", 0, 400_000), TOKEN, ends=False)
        try:
            for _ in range(1000):
                self.client.send(frame(DATA, 0, stream, b"x" * 16384))
            answer = self.client.finish(stream)
            self.assertNotIn(answer.grpc, (http2.OK, http2.NOT_FOUND), answer)
        except http2.Gone:
            pass

    def test_messages_within_messages_are_read_to_a_depth_and_refused_below(self):
        body = b""
        while len(body) < 100_000:
            body = text(1, body)
        self.assertEqual(self.ask(CREATE, message(body)).grpc, http2.INVALID_ARGUMENT)
        groups = b"\x0b" * 100_000  # start-group tags that nobody ends
        self.assertEqual(self.ask(GET, message(groups)).grpc, http2.INVALID_ARGUMENT)

    def test_a_frame_that_breaks_off_harms_nobody(self):
        stream = self.client.new_stream()
        headers = http2.request_headers(GET, TOKEN)
        whole = frame(HEADERS, END_HEADERS, stream, headers) + frame(
            DATA, END_STREAM, stream, message(get_request()))
        for length in (5, 9, 40, len(headers) + 9, len(headers) + 15, len(whole) - 1):
            with http2.Connection(place.port) as other:
                other.send(whole[:length])

    def test_bytes_at_random_are_no_http2(self):
        chance = random.Random(20)
        for _ in range(50):
            with http2.Connection(place.port, greet=False) as other:
                try:
                    other.send(chance.randbytes(chance.randrange(1, 20_000)))
                except http2.Gone:
                    pass

    def test_frames_at_random_end_their_connection_and_no_other(self):
        chance = random.Random(21)
        for _ in range(50):
            with http2.Connection(place.port) as other:
                octets = b"".join(
                    frame(chance.randrange(12), chance.randrange(256), chance.randrange(8),
                          chance.randbytes(chance.randrange(64))) for _ in range(40))
                try:
                    other.send(octets)
                except http2.Gone:
                    pass

    def test_another_content_type_is_no_grpc(self):
        answer = self.ask(GET, message(get_request()), content_type=b"text/html")
        self.assertTrue(answer.http == "415" or answer.grpc not in (None, http2.OK), answer)

    def test_a_small_message_that_unpacks_to_a_great_one_is_refused(self):
        bomb = gzip.compress(bytes(256 * MEGABYTE), 9)
        self.assertLess(len(bomb), MAX_REQUEST_BYTES)
        before = watch.rss
        answer = self.ask(GET, message(bomb, compressed=1), more=[(b"grpc-encoding", b"gzip")])
        self.assertIn(answer.grpc, (http2.RESOURCE_EXHAUSTED, http2.UNIMPLEMENTED, http2.INTERNAL))
        self.assertLess(watch.rss - before, 32, "nothing of it was unpacked")

    def test_a_packed_message_that_is_none_is_refused(self):
        answer = self.ask(GET, message(os.urandom(1000), compressed=1),
                          more=[(b"grpc-encoding", b"gzip")])
        self.assertNotIn(answer.grpc, (None, http2.OK))

    def test_an_honest_command_still_goes_through(self):
        answer = self.ask(CREATE, message(create_request("999-86-00010")))
        self.assertEqual(answer.grpc, http2.OK, answer)
        self.assertEqual(self.ask(LIST, message(b"")).grpc, http2.OK)


if __name__ == "__main__":
    unittest.main(verbosity=2)
