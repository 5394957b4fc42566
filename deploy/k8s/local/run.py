"""Runs a rendered overlay on this machine: see ../run-local."""

import argparse
import collections
import json
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

from objects import Objects
from operators import objects_of, try_operators
from pod import Pod
from podman import Podman
from replicas import try_replicas
from rolling import replace_all
from upgrade import Release, try_upgrade

JOB_SECONDS_MAX = 120


class Node:
    def __init__(self, root, work, overlay, driver):
        self.overlay = overlay
        self.root, self.place = pathlib.Path(root), pathlib.Path(work)
        (self.place / "log").mkdir()
        self.objects = (objects_of(self.place) if overlay == "prod"
                        else Objects(self.place / f"rendered/{overlay}.yaml"))
        self.podman = Podman(self.root / "build/images/storage", driver, self.place / "podman")
        self.pods = []  # in the order of their start
        self.numbers = collections.Counter()
        self.programs = [self.root / f"build/{preset}/bin" for preset in ("release", "dev")]

    def say(self, text):
        print(f"    {text}", flush=True)

    def start(self):
        self.podman("network", "create", "--internal", "ieum")
        for workload in self.objects.kind("StatefulSet"):
            self.start_pod(workload)
        self.run_jobs()
        # All at once, as in a cluster: they wait for each other.
        started = [self.new_pod(workload) for workload in self.objects.kind("Deployment")]
        for pod in started:
            pod.start()
        for pod in started:
            pod.wait_ready()
            self.say(f"{pod.name} is ready at {pod.address}")

    def new_pod(self, workload):
        name = workload["metadata"]["name"]
        pod = Pod(self, workload, f"{name}-{self.numbers[name]}")
        self.numbers[name] += 1
        self.pods.append(pod)
        return pod

    def start_pod(self, workload):
        pod = self.new_pod(workload)
        pod.start()
        pod.wait_ready()
        self.say(f"{pod.name} is ready at {pod.address}")
        return pod

    def end_pod(self, pod):
        """Exit code, seconds; what a pod of a Deployment leaves behind goes with it."""
        code, seconds = pod.stop()
        self.pods.remove(pod)
        pod.remove()
        return code, seconds

    def run_jobs(self):
        jobs = self.objects.kind("Job")
        for word in ("-migrate", "-grants"):
            for job in jobs:
                if job["metadata"]["name"].endswith(word):
                    self.run_job(job)

    def run_job(self, job):
        for _ in range(job["spec"]["backoffLimit"] + 1):
            code, said = self.try_job(job)
            self.say(f"{job['metadata']['name']} " + ("is done" if code == 0 else f"ended with {code}"))
            if code == 0:
                return
        raise RuntimeError(f"{job['metadata']['name']}: {said}")

    def try_job(self, job):
        """Once: its exit code, and the last that it said."""
        pod = Pod(self, job, f"{job['metadata']['name']}-0")
        pod.log().unlink(missing_ok=True)
        pod.start()
        code = pod.wait_end(JOB_SECONDS_MAX)
        said = pod.tail()
        pod.remove()
        return code, said

    def servers(self):
        """One pod of each service, the youngest."""
        return {pod.service(): pod for pod in self.pods if pod.service()}

    def servers_of(self, service):
        return [pod for pod in self.pods if pod.service() == service]

    def ask(self, service, statement):
        """Rows of a service's database, as its administrator sees them."""
        store = next(pod for pod in self.pods if pod.name.startswith("postgres"))
        answer = self.podman("exec", store.container(), "/usr/lib/postgresql/15/bin/psql", "-XAtq", "-h", "/tmp", "-U",
                             "postgres", "-d", f"ieum_{service}", "-F", " ", "-c", statement)
        return [line.split() for line in answer.splitlines()]

    def use_names_of_pods(self):
        """What runs here, outside the pods, asks their name server too."""
        gateway = json.loads(self.podman("network", "inspect", "ieum"))[0]["subnets"][0]["gateway"]
        file = self.place / "resolv/conf"
        file.write_text(f"search dns.podman\nnameserver {gateway}\n")
        subprocess.run(["mount", "--bind", str(file), "/etc/resolv.conf"], check=True)

    def describe(self, mails=None):
        """suite.json, as ieum-play and ieumctl want it. `mails`: a folder, else that of the pod that writes them."""
        secret = self.place / "deploy/k8s/overlays/dev/secrets/secret"
        store = next(pod for pod in self.pods if pod.name.startswith("postgres"))
        broker = {"url": "nats://nats:4222", "room": "auditor", "seed_file": str(secret / "seed-auditor")}
        services = {}
        for service, pod in self.servers().items():
            (self.place / f"db-{service}").write_text(self.objects.secret_like(f"{service}-db")["password"])
            services[service] = {
                "grpc": f"{service}-headless:50051", "health": f"{pod.address}:50052",
                "admin": f"{pod.address}:9464",
                "db": f"host={store.address} dbname=ieum_{service} user=ieum_{service}",
                "db_password_file": str(self.place / f"db-{service}")}
        clock = "simulated" if self.overlay == "play" else "system"
        suite = {"clock": clock, "token_file": str(secret / "token-driver"), "services": services,
                 "accounts": {"SUPERVISOR": {"token_file": str(secret / "token-supervisor")}},
                 "mail_dir": str(mails or self.servers()["notify"].folder / "mail"), "nats": broker}
        (self.place / "suite.json").write_text(json.dumps(suite, indent=2))
        return self.place / "suite.json"

    def program(self, name):
        found = [folder / name for folder in self.programs]
        return next((str(file) for file in found if file.exists()), None)

    def play(self, scenario, suite):
        out = self.root / "out/local"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        subprocess.run([self.program("ieum-play"), "--scenario", str(self.root / scenario), "--suite", str(suite),
                        "--out", str(out)], check=True)

    def audit(self, suite):
        subprocess.run([self.program("ieumctl"), "audit", "--suite", str(suite)], check=True)

    def check_metrics(self):
        files = []
        for service, pod in self.servers().items():
            file = self.place / f"{service}.metrics"
            with urllib.request.urlopen(f"http://{pod.address}:9464/metrics", timeout=10) as answer:
                file.write_bytes(answer.read())
            files += ["--live", str(file)]
        done = subprocess.run([self.root / "deploy/monitoring/check", *files], check=False)
        return done.returncode in (0, 77)

    def stop(self):
        """Services first; each must end by itself, having handed over what it had."""
        good = True
        for line in self.podman("stats", "--no-stream", "--format", "{{.Name}}: {{.MemUsage}}").splitlines():
            self.say(line)
        for pod in reversed(self.pods):
            lives = pod.alive()
            code, seconds = pod.stop()
            log = pod.log().read_text(errors="replace")
            # nats-server answers SIGTERM with 1 although it ends in order.
            drained = not pod.service() or ('"body":"drained"' in log and code == 0)
            good = good and lives and drained
            self.say(f"{pod.name}: alive {lives}, SIGTERM → exit {code} in {seconds:.1f} s"
                     + ("" if drained else ", NOT DRAINED"))
        return good

    def keep_logs(self):
        kept = self.root / "out/local/log"
        kept.mkdir(parents=True, exist_ok=True)
        for file in (self.place / "log").glob("*.log"):
            shutil.copy(file, kept)


def releases(node, options):
    return [Release(node, tag, folder) for tag, folder in zip(options.upgrade, (node.place / "old", node.place))]


def try_out(node, options, suite):
    token = (node.place / "deploy/k8s/overlays/dev/secrets/secret/token-driver").read_text().strip()
    if options.rolling:
        print("==> Replacing every service under calls", flush=True)
        good = replace_all(node, token)
        suite = node.describe()  # other pods now
    elif options.replicas:
        print("==> Several pods of each service", flush=True)
        good = try_replicas(node, token)
        suite = node.describe()
    elif options.upgrade:
        print("==> From one release to the next while a programme is under way", flush=True)
        old, new = releases(node, options)
        good, mails = try_upgrade(node, old, new, token)
        suite = node.describe(mails)
        node.programs = [new.tree / "build/release/bin"]
    else:
        print(f"==> Playing {options.scenario}", flush=True)
        node.play(options.scenario, suite)
        print("==> Metrics beside rules and dashboards", flush=True)
        good = node.check_metrics()
    print("==> Auditing", flush=True)
    node.audit(suite)
    return good


def run(node, options):
    started = time.monotonic()
    print("==> Stores, migrations, services", flush=True)
    node.start()
    node.use_names_of_pods()
    good = try_operators(node) if options.prod else try_out(node, options, node.describe())
    if options.keep:
        print(f"    {node.place}/suite.json; Enter stops everything", flush=True)
        sys.stdin.readline()
    print("==> SIGTERM", flush=True)
    good = node.stop() and good
    print(f"==> {'Good' if good else 'NOT good'}, after {time.monotonic() - started:.0f} s; logs: out/local/log", flush=True)
    return 0 if good else 1


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", required=True)
    options.add_argument("--work", required=True)
    options.add_argument("--driver", required=True)
    options.add_argument("--scenario", default="scenarios/bsn-2023")
    options.add_argument("--rolling", action="store_true")
    options.add_argument("--prod", action="store_true")
    options.add_argument("--replicas", action="store_true")
    options.add_argument("--upgrade", nargs=2, metavar=("OLD", "NEW"))
    options.add_argument("--keep", action="store_true")
    arguments = options.parse_args()
    # Under a simulated clock a new pod would wait for its driver.
    live = arguments.rolling or arguments.replicas or arguments.upgrade
    overlay = "prod" if arguments.prod else "dev" if live else "play"
    node = Node(arguments.root, arguments.work, overlay, arguments.driver)
    if arguments.upgrade:
        node.objects = releases(node, arguments)[0].objects
    try:
        return run(node, arguments)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(f"run-local: {error}", file=sys.stderr)
        return 1
    finally:
        node.keep_logs()
        node.podman.remove_everything()


if __name__ == "__main__":
    sys.exit(main())
