"""Several pods of each service side by side: how many calls they take, and that killing any of them, the
leading ones too, loses none."""

import concurrent.futures
import contextlib
import json
import time

from rolling import Load

MEASURED_SECONDS = 10
LEADER_SECONDS_MAX = 60
LED = "SELECT count(*), count(DISTINCT owner) FROM lease WHERE until > now()"
PODS_MAX = 3
SERVICES = ("registry", "casemgmt", "reporting", "notify")


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


def leader(node, service):
    """The pod that holds the lease of the relay: its own log says that it won the term that now runs."""
    rows = node.ask(service, "SELECT term FROM lease WHERE name = 'relay' AND until > now()")
    for pod in node.servers_of(service) if rows else []:
        for line in pod.log().read_text(errors="replace").splitlines():
            said = json.loads(line[line.index("{"):]) if '"body":"lease won"' in line else {}
            if said.get("lease") == "relay" and str(said["term"]) == rows[0][0]:
                return pod
    return None


def wait_for_leader(node, service, other_than=None):
    """The next leader, and the seconds until there was one."""
    started = time.monotonic()
    while time.monotonic() < started + LEADER_SECONDS_MAX:
        found = leader(node, service)
        if found not in (None, other_than):
            return found, time.monotonic() - started
        time.sleep(0.1)
    raise RuntimeError(f"nobody leads {service}")


def revive(node, pod):
    """As the kubelet: the same container again."""
    node.podman("start", pod.container())
    pod.address = node.podman.address(pod.container())
    pod.wait_ready()


def kill(node, pod):
    node.podman("kill", "--signal", "KILL", pod.container())
    pod.wait_end(10)


def kill_leaders(node, load):
    for service in SERVICES:
        before, (led, _) = len(load.accepted), wait_for_leader(node, service)
        kill(node, led)
        heir, seconds = wait_for_leader(node, service, led)
        revive(node, led)
        node.say(f"{service}: {led.name} led and was killed, {heir.name} leads after {seconds:.1f} s, "
                 f"{len(load.accepted) - before} calls accepted meanwhile")


def kill_each(node, load):
    for pod in [pod for pod in node.pods if pod.service()]:
        before, started = len(load.accepted), time.monotonic()
        kill(node, pod)
        revive(node, pod)
        node.say(f"{pod.name}: killed and back after {time.monotonic() - started:.1f} s, "
                 f"{len(load.accepted) - before} calls accepted meanwhile")


def try_replicas(node, token):
    load = Load(token)
    measure(node, load, 1)
    for count in range(2, PODS_MAX + 1):
        for service in SERVICES:
            node.start_pod(node.objects.find("Deployment", f"{service}-server"))
        measure(node, load, count)
    with callers(load, 4):
        kill_leaders(node, load)
        kill_each(node, load)
    led = True
    for service in SERVICES:
        ((names, owners),) = node.ask(service, LED)
        node.say(f"{service}: {names} things are led, by {owners} of {PODS_MAX} pods")
        # The access log has a lease of its own, which another pod may hold.
        led = led and leader(node, service) is not None
    lost = load.lost()
    node.say(f"{len(load.accepted)} calls accepted, {load.again} asked again, {len(load.failed)} failed, {len(lost)} lost")
    for sentence in sorted(set(load.failed))[:5]:
        node.say(f"failed: {sentence}")
    return led and not lost and not load.failed
