"""One pod of a workload under podman: its containers share an address, as in a cluster."""

import json
import os
import time
import urllib.error
import urllib.request

import grpc

from objects import mebibytes

USER = 65532
POLL_SECONDS = 0.2


class Pod:
    def __init__(self, node, workload, name):
        self.node, self.name = node, name
        template = workload["spec"]["template"]
        self.labels, self.spec = template["metadata"]["labels"], template["spec"]
        claims = workload["spec"].get("volumeClaimTemplates", [])
        self.volumes = {volume["name"]: volume for volume in self.spec.get("volumes", [])}
        self.volumes.update({claim["metadata"]["name"]: {"claim": True} for claim in claims})
        self.folder = node.place / "pods" / name
        self.address = None

    def container(self, number=0):
        return f"{self.name}-{self.spec['containers'][number]['name']}"

    def service(self):
        """The service whose calls it answers, if any."""
        server = self.labels.get("app.kubernetes.io/component") == "server"
        return self.labels["app.kubernetes.io/name"] if server else None

    def start(self):
        self.make_volumes()
        for number, container in enumerate(self.spec["containers"]):
            self.node.podman("run", "--detach", *self.arguments(number, container))
            if number == 0:
                self.address = self.node.podman.address(self.container())

    def folder_of(self, name):
        """A claim's is the same for all pods that name it."""
        claim = self.volumes[name].get("persistentVolumeClaim")
        return self.node.place / "claims" / claim["claimName"] if claim else self.folder / name

    def make_volumes(self):
        for name, volume in self.volumes.items():
            folder, files = self.folder_of(name), self.node.objects.files(volume)
            folder.mkdir(parents=True, exist_ok=True)
            for file, content in (files or {}).items():
                (folder / file).write_text(content)
                os.chown(folder / file, 0, USER)
                os.chmod(folder / file, 0o440)
            if files is None:
                os.chown(folder, USER, USER)

    def arguments(self, number, container):
        own, more = container["securityContext"], []
        variables = self.folder / f"{container['name']}.env"
        environment = self.node.objects.environment(container)
        variables.write_text("".join(f"{name}={value}\n" for name, value in environment.items()))
        os.chmod(variables, 0o600)
        if number == 0:
            names = self.node.objects.names_of(self.labels)
            more += ["--network", "ieum:" + ",".join(f"alias={name}" for name in [self.name, *names])]
            more += ["--hostname", self.name]
        else:
            more += ["--network", f"container:{self.container()}"]
        for mount in container.get("volumeMounts", []):
            mode = "ro" if mount.get("readOnly") else "rw"
            more += ["--volume", f"{self.folder_of(mount['name'])}:{mount['mountPath']}:{mode}"]
        if "command" in container:
            more += ["--entrypoint", json.dumps(container["command"])]
        if own["readOnlyRootFilesystem"]:
            more += ["--read-only", "--read-only-tmpfs=false"]
        if not own["allowPrivilegeEscalation"]:
            more += ["--security-opt", "no-new-privileges"]
        more += [f"--cap-drop={word}" for word in own["capabilities"]["drop"]]
        return ["--name", self.container(number), "--pull", "never", "--user", f"{USER}:{USER}",
                "--memory", f"{mebibytes(container['resources']['limits']['memory'])}m",
                "--stop-timeout", str(self.spec.get("terminationGracePeriodSeconds", 30)),
                "--log-driver", "k8s-file", "--log-opt", f"path={self.log(number)}",
                "--env-file", str(variables), *more, f"localhost/{container['image']}",
                *self.node.objects.expanded(container.get("args", []), environment)]

    def log(self, number=0):
        return self.node.place / "log" / f"{self.container(number)}.log"

    def wait_ready(self):
        for number, container in enumerate(self.spec["containers"]):
            probe = container["startupProbe"]
            end = time.monotonic() + probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3)
            for word in ("startupProbe", "readinessProbe"):
                while not self.passes(container[word], number):
                    self.must_run(number)
                    if time.monotonic() > end:
                        raise RuntimeError(f"{self.container(number)}: {word} fails\n{self.tail(number)}")
                    time.sleep(POLL_SECONDS)

    def must_run(self, number=0):
        running, code = self.node.podman.state(self.container(number))
        if not running:
            raise RuntimeError(f"{self.container(number)} ended with {code}\n{self.tail(number)}")

    def wait_end(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            running, code = self.node.podman.state(self.container())
            if not running:
                return code
            time.sleep(POLL_SECONDS)
        raise RuntimeError(f"{self.container()} does not end\n{self.tail()}")

    def alive(self):
        return all(self.passes(container["livenessProbe"], number)
                   for number, container in enumerate(self.spec["containers"]))

    def passes(self, probe, number):
        """One probe, asked as the kubelet asks: by address and number."""
        limit = max(probe.get("timeoutSeconds", 1), 2)
        if "grpc" in probe:
            return self.serves(probe["grpc"], limit)
        if "httpGet" in probe:
            try:
                url = f"http://{self.address}:{probe['httpGet']['port']}{probe['httpGet']['path']}"
                return urllib.request.urlopen(url, timeout=limit).status < 400
            except (urllib.error.URLError, OSError):
                return False
        if "tcpSocket" in probe:
            words = ["bash", "-c", f"</dev/tcp/127.0.0.1/{probe['tcpSocket']['port']}"]
        else:
            words = probe["exec"]["command"]
        return self.node.podman("exec", self.container(number), *words, check=False).returncode == 0

    def serves(self, probe, limit):
        request = bytes([0x0A, len(probe["service"])]) + probe["service"].encode()  # field 1, text
        with grpc.insecure_channel(f"{self.address}:{probe['port']}") as channel:
            try:
                return channel.unary_unary("/grpc.health.v1.Health/Check")(request, timeout=limit) == b"\x08\x01"
            except grpc.RpcError:
                return False

    def stop(self):
        """As a cluster ends a pod: the sleep of preStop, SIGTERM, and the grace. Returns the exit code."""
        first = self.spec["containers"][0]
        time.sleep(first.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0))
        started = time.monotonic()
        for number in reversed(range(len(self.spec["containers"]))):
            self.node.podman("stop", self.container(number))
        _, code = self.node.podman.state(self.container())
        return code, time.monotonic() - started

    def remove(self):
        for number in reversed(range(len(self.spec["containers"]))):
            self.node.podman("rm", self.container(number))

    def tail(self, number=0):
        lines = self.log(number).read_text(errors="replace").splitlines() if self.log(number).exists() else []
        return "\n".join(lines[-15:])
