"""Replaces every service, a new pod before the old one goes, while registry is called without a pause."""

import concurrent.futures
import random
import threading
import time
import uuid

import grpc

from contract import IN_DOUBT, channel_to

CREATE = "/ieum.registry.v1.OrganizationService/CreateOrganization"
GET = "/ieum.registry.v1.OrganizationService/GetOrganization"
CALLERS = 4
PATIENCE_SECONDS = 30


def text(field, value):
    """A text field of a message, short enough for one byte of length."""
    octets = value.encode()
    assert len(octets) < 128
    return bytes([field << 3 | 2, len(octets)]) + octets


def business_number():
    digits = [random.randint(1, 9) for _ in range(9)]
    weighed = sum(digit * weight for digit, weight in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5)))
    digits.append(-(weighed + digits[8] * 5 // 10) % 10)
    return "".join(map(str, digits))


class Load:
    """Callers that register firms until told to stop. An answer in doubt is asked for again with the same
    request id; what was answered OK is remembered."""

    def __init__(self, token):
        self.metadata = [("authorization", f"Bearer {token}")]
        self.channel = channel_to("registry")
        self.create = self.channel.unary_unary(CREATE)
        self.get = self.channel.unary_unary(GET)
        self.stopping = threading.Event()
        self.accepted, self.again, self.failed = [], 0, []

    def run(self):
        while not self.stopping.is_set():
            self.register()

    def register(self):
        firm = b"\x10\x01" + text(3, "Rolling Ltd") + text(4, business_number())
        request = bytes([0x0A, len(firm)]) + firm + text(4, str(uuid.uuid4()))
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.create(request, timeout=5, metadata=self.metadata)
                self.accepted.append(answer[2:2 + answer[1]].decode())  # field 1: its name
                return
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.ALREADY_EXISTS:
                    return  # a number that was drawn before
                if error.code() not in IN_DOUBT or time.monotonic() > end:
                    self.failed.append(f"{error.code().name}: {error.details()}")
                    return
                self.again += 1

    def lost(self):
        return [name for name in self.accepted if not self.is_there(name)]

    def is_there(self, name):
        try:
            return self.get(text(1, name), timeout=10, metadata=self.metadata)[2:].startswith(name.encode())
        except grpc.RpcError:
            return False


def replace_all(node, token):
    load = Load(token)
    with concurrent.futures.ThreadPoolExecutor(CALLERS) as callers:
        running = [callers.submit(load.run) for _ in range(CALLERS)]
        try:
            for service, old in sorted(node.servers().items()):
                before = len(load.accepted)
                workload = node.objects.find("Deployment", f"{service}-server")
                node.start_pod(workload)
                time.sleep(workload["spec"]["minReadySeconds"])
                code, seconds = node.end_pod(old)
                node.say(f"{service}: replaced, the old one ended with {code} in {seconds:.1f} s, "
                         f"{len(load.accepted) - before} calls accepted meanwhile")
        finally:
            load.stopping.set()
        for future in running:
            future.result()
    lost = load.lost()
    node.say(f"{len(load.accepted)} calls accepted, {load.again} asked again, {len(load.failed)} failed, {len(lost)} lost")
    for sentence in sorted(set(load.failed))[:5]:
        node.say(f"failed: {sentence}")
    return not lost and not load.failed
