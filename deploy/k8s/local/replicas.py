"""Several pods of each service side by side: how many calls they take, and that killing any of them, the
leading ones too, loses none."""

import concurrent.futures
import contextlib
import time

from rolling import Load

MEASURED_SECONDS = 10
# What the PostgreSQL for trying has connections for.
PODS = {"registry": 3, "casemgmt": 3, "reporting": 2, "notify": 2}


@contextlib.contextmanager
def callers(load, count):
    load.stopping.clear()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        running = [pool.submit(load.run) for _ in range(count)]
        try:
            yield
        finally:
            load.stopping.set()
        for future in running:
            future.result()


def measure(node, load, pods):
    with callers(load, 8):
        time.sleep(2)  # until every pod is known
        before, started = len(load.accepted), time.monotonic()
        time.sleep(MEASURED_SECONDS)
        rate = (len(load.accepted) - before) / (time.monotonic() - started)
    node.say(f"{pods} of registry: {rate:.0f} calls accepted a second, by 8 callers")


def leads(node, service):
    """What the lease table of a service says: how many names are led, and by how many owners."""
    store = next(pod for pod in node.pods if pod.name.startswith("postgres"))
    answer = node.podman("exec", store.container(), "/usr/lib/postgresql/15/bin/psql", "-XAtq", "-h", "/tmp", "-U",
                         "postgres", "-d", f"ieum_{service}", "-F", " ", "-c",
                         "SELECT count(*), count(DISTINCT owner) FROM lease WHERE until > now()")
    return tuple(map(int, answer.split()))


def kill_each(node, load):
    for pod in [pod for pod in node.pods if pod.labels.get("app.kubernetes.io/component") == "server"]:
        before, started = len(load.accepted), time.monotonic()
        node.podman("kill", "--signal", "KILL", pod.container())
        pod.wait_end(10)
        # As the kubelet: the same container again.
        node.podman("start", pod.container())
        pod.address = node.podman.address(pod.container())
        pod.wait_ready()
        node.say(f"{pod.name}: killed and back after {time.monotonic() - started:.1f} s, "
                 f"{len(load.accepted) - before} calls accepted meanwhile")


def try_replicas(node, token):
    load = Load(token)
    measure(node, load, 1)
    for count in (2, 3):
        for service, most in PODS.items():
            if count <= most:
                node.start_pod(node.objects.find("Deployment", f"{service}-server"), number=count - 1)
        measure(node, load, count)
    with callers(load, 4):
        kill_each(node, load)
    for service in PODS:
        names, owners = leads(node, service)
        node.say(f"{service}: {names} things are led, by {owners} of {PODS[service]} pods")
    lost = load.lost()
    node.say(f"{len(load.accepted)} calls accepted, {load.again} asked again, {len(load.failed)} failed, {len(lost)} lost")
    for sentence in sorted(set(load.failed))[:5]:
        node.say(f"failed: {sentence}")
    return not lost and not load.failed
