"""HTTP/2 by hand: whole calls for honest clients, single frames for the others (RFC 9113, gRPC)."""

import socket
import struct
import time

import hpack

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED = 0x1, 0x1, 0x4, 0x8
INITIAL_WINDOW = 0x4
CANCEL = 0x8
FRAME_HEAD = struct.Struct(">HBBBI")  # length in two pieces: 16 bits and 8

OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, UNAUTHENTICATED = (
    "0", "3", "5", "8", "12", "13", "14", "16")


def frame(kind, flags, stream, payload=b""):
    length = len(payload)
    return FRAME_HEAD.pack(length >> 8, length & 0xFF, kind, flags, stream) + payload


def literal(name, value):
    """A header field in full, in no table, without Huffman (RFC 7541 6.2.2)."""
    def text(octets):
        return integer(len(octets), 7) + octets
    return b"\x00" + text(name) + text(value)


def integer(value, bits, first=0):
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    out = bytearray([first | most])
    value -= most
    while value >= 128:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def request_headers(path, token=None, more=(), content_type=b"application/grpc", te=b"trailers",
                    timeout=None):
    fields = [(b":method", b"POST"), (b":scheme", b"http"), (b":path", path.encode()),
              (b":authority", b"127.0.0.1"), (b"te", te), (b"content-type", content_type)]
    if token is not None:
        fields.append((b"authorization", b"Bearer " + token.encode()))
    if timeout is not None:
        fields.append((b"grpc-timeout", timeout))
    return b"".join(literal(name, value) for name, value in [*fields, *more])


def message(body, compressed=0):
    return struct.pack(">BI", compressed, len(body)) + body


def settings(values=()):
    return b"".join(struct.pack(">HI", name, value) for name, value in values)


class Gone(Exception):
    """The other side has closed the connection; `goaway` is what it said before, if anything."""

    def __init__(self, goaway=None):
        super().__init__(f"closed, goaway {goaway}")
        self.goaway = goaway


class Answer:
    """http: status; grpc: status of a whole answer; reset: code of a RST_STREAM; body."""

    def __init__(self):
        self.http = self.grpc = self.reset = None
        self.words = ""
        self.body = b""
        self.ended = False

    def __repr__(self):
        return f"http {self.http}, grpc {self.grpc} {self.words!r}, reset {self.reset}"


class Connection:
    def __init__(self, port, timeout=10, with_settings=(), greet=True, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.decoder = hpack.Decoder()
        self.decoder.max_header_list_size = 1 << 20
        self.buffer = bytearray()
        self.goaway = None
        self.next_stream = 1
        self.streams = {}
        self.initial_window = 65535  # of the server, for each stream
        self.windows = {0: 65535}
        if greet:
            self.send(PREFACE + frame(SETTINGS, 0, 0, settings(with_settings)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, octets):
        try:
            self.socket.sendall(octets)
        except (BrokenPipeError, ConnectionResetError):
            raise Gone(self.goaway) from None

    def new_stream(self):
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        self.streams[stream] = Answer()
        self.windows[stream] = self.initial_window
        return stream

    def room(self, stream):
        return min(self.windows[0], self.windows[stream], 16384)

    def send_body(self, stream, body, ends=True):
        """As the server's windows allow; nothing more once it has answered."""
        while body and not self.streams[stream].ended:
            if (room := self.room(stream)) <= 0:
                self.take()
                continue
            piece, body = body[:room], body[room:]
            self.windows[0] -= len(piece)
            self.windows[stream] -= len(piece)
            self.send(frame(DATA, 0 if body else END_STREAM * ends, stream, piece))

    def begin(self, path, body=b"", token=None, ends=True, **headers):
        """Sends a call; its stream's number."""
        stream = self.new_stream()
        begun = frame(HEADERS, END_HEADERS, stream, request_headers(path, token, **headers))
        if len(body) > self.room(stream):
            self.send(begun)
            self.send_body(stream, body, ends)
        else:
            self.send(begun + frame(DATA, END_STREAM * ends, stream, body))
            self.windows[0] -= len(body)
            self.windows[stream] -= len(body)
        return stream

    def read_frame(self):
        while True:
            if len(self.buffer) >= 9:
                high, low, kind, flags, stream = FRAME_HEAD.unpack_from(self.buffer)
                length = high << 8 | low
                if len(self.buffer) >= 9 + length:
                    payload = bytes(self.buffer[9:9 + length])
                    del self.buffer[:9 + length]
                    return kind, flags, stream & 0x7FFFFFFF, payload
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                more = b""
            if not more:
                raise Gone(self.goaway)
            self.buffer += more

    def take(self):
        """Reads one frame and does what an honest client does with it."""
        kind, flags, stream, payload = self.read_frame()
        answer = self.streams.get(stream)
        if kind == HEADERS:
            fields = dict(self.decoder.decode(payload, raw=False))
            if answer is not None:
                answer.http = fields.get(":status", answer.http)
                answer.grpc = fields.get("grpc-status", answer.grpc)
                answer.words = fields.get("grpc-message", answer.words)
        elif kind == DATA:
            if answer is not None:
                answer.body += payload
            if payload:
                grown = struct.pack(">I", len(payload))
                self.send(frame(WINDOW_UPDATE, 0, 0, grown) + frame(WINDOW_UPDATE, 0, stream, grown))
        elif kind == SETTINGS and not flags & ACK:
            self.heed(payload)
            self.send(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        elif kind == WINDOW_UPDATE:
            grown = struct.unpack(">I", payload)[0]
            self.windows[stream] = self.windows.get(stream, self.initial_window) + grown
        elif kind == GOAWAY:
            self.goaway = (struct.unpack_from(">I", payload, 4)[0], payload[8:])
        elif kind == RST_STREAM and answer is not None:
            answer.reset = struct.unpack(">I", payload)[0]
            answer.ended = True
        if answer is not None and kind in (HEADERS, DATA) and flags & END_STREAM:
            answer.ended = True
        return kind, stream

    def heed(self, payload):
        for name, value in struct.iter_unpack(">HI", payload):
            if name == INITIAL_WINDOW:
                for stream in self.windows.keys() - {0}:
                    self.windows[stream] += value - self.initial_window
                self.initial_window = value

    def finish(self, stream):
        while not self.streams[stream].ended:
            self.take()
        return self.streams.pop(stream)

    def call(self, path, body=b"", token=None, **headers):
        return self.finish(self.begin(path, message(body), token, **headers))

    def closed_within(self, seconds):
        """Reads what comes; seconds until the other side closed, None when it did not."""
        start = time.monotonic()
        while (left := start + seconds - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                if not self.socket.recv(65536):
                    return time.monotonic() - start
            except ConnectionResetError:
                return time.monotonic() - start
            except TimeoutError:
                return None
        return None
