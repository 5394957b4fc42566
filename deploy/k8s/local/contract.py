"""Calls to the services by the protos of a tree: requests and answers are what JSON would say."""

import json
import pathlib
import subprocess
import tempfile

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

# As services call each other: every pod in turn, and UNAVAILABLE is tried again.
MANNERS = {"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "readiness"},
           "methodConfig": [{"name": [{}], "retryPolicy": {
               "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
               "retryableStatusCodes": ["UNAVAILABLE"]}}]}
# What a call may end with that was made or was not; a server that has just stopped says CANCELLED.
IN_DOUBT = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED,
            grpc.StatusCode.CANCELLED)


def channel_to(service):
    return grpc.insecure_channel(f"dns:///{service}-headless:50051", options=[
        ("grpc.service_config", json.dumps(MANNERS)), ("grpc.dns_min_time_between_resolutions_ms", 500)])


class Contract:
    """Thread-safe once made."""

    def __init__(self, tree, token):
        self.metadata = [("authorization", f"Bearer {token}")]
        self.pool = descriptor_pool.DescriptorPool()
        for file in self.described(pathlib.Path(tree) / "proto"):
            self.pool.AddSerializedFile(file.SerializeToString())
        self.messages = message_factory.MessageFactory(self.pool)
        self.channels, self.methods = {}, {}

    @staticmethod
    def described(folder):
        files = sorted(str(file.relative_to(folder)) for file in (folder / "ieum").rglob("*.proto"))
        with tempfile.NamedTemporaryFile() as out:
            subprocess.run(["protoc", "-I", str(folder), "-I", str(folder / "third_party"), "--include_imports",
                            f"--descriptor_set_out={out.name}", *files], check=True)
            return descriptor_pb2.FileDescriptorSet.FromString(out.read()).file

    def open(self, service, *methods):
        """Before the first call of a method: open("registry", "OrganizationService/GetOrganization")"""
        channel = self.channels.setdefault(service, channel_to(service))
        for method in methods:
            door, name = method.split("/")
            found = self.pool.FindServiceByName(f"ieum.{service}.v1.{door}").FindMethodByName(name)
            request, answer = map(self.messages.GetPrototype, (found.input_type, found.output_type))
            self.methods[method] = request, channel.unary_unary(
                f"/ieum.{service}.v1.{method}", request.SerializeToString, answer.FromString)

    def call(self, method, request, seconds=5):
        """The answer; grpc.RpcError as it comes."""
        made, door = self.methods[method]
        answer = door(json_format.ParseDict(request, made()), timeout=seconds, metadata=self.metadata)
        return json_format.MessageToDict(answer, preserving_proto_field_name=True)
