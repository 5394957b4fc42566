"""From one release to the next as a cluster goes: the next one's migrations while the pods of the one before
serve, then pod after pod, both releases side by side; the last service is taken back and brought forward again."""

import concurrent.futures
import os
import time

from contract import Contract
from objects import Objects
from programme import Programme
from replicas import callers, kill, revive, wait_for_leader

# Who listens before who speaks: what is new is said when everybody knows the word.
ORDER = ("reporting", "notify", "casemgmt", "registry")
PODS, CALLERS, READERS = 2, 4, 8
MEANWHILE_SECONDS, MAIL_SECONDS = 5, 60
DOUBTED = "SELECT count(*) FROM message WHERE state = 4"  # the sender died while it handed over
UNSETTLED = "SELECT (SELECT count(*) FROM parked), (SELECT count(*) FROM dead_letter)"


class Release:
    """Its images, and what its own manifests say. `folder`: where those were rendered."""

    def __init__(self, node, tag, folder):
        self.tag, self.tree = tag, node.root / "build/releases" / tag
        self.objects = Objects(folder / "rendered/dev.yaml", tag)

    def server(self, service):
        return self.objects.find("Deployment", f"{service}-server")


class Upgrade:
    def __init__(self, node, load, old, new):
        self.node, self.load, self.old, self.new = node, load, old, new
        self.faults = []

    def run(self):
        for service in ORDER:
            for _ in range(PODS - 1):
                self.node.start_pod(self.old.server(service))
        self.load.set_up()
        with callers(self.load, CALLERS):
            self.step("before", lambda: time.sleep(MEANWHILE_SECONDS))
            self.node.objects = self.new.objects
            self.step(f"migrations of {self.new.tag}", self.node.run_jobs)
            self.step("stores", self.replace_stores)
            for service in ORDER:
                self.step(f"{service}: a leader of {self.old.tag} killed and back", lambda service=service: self.kill_leader(service))
            for service in ORDER:
                self.roll(service, self.new)
            self.node.objects = self.old.objects
            self.step(f"{ORDER[-1]}: migrate as {self.old.tag} would", lambda: self.try_job(f"{ORDER[-1]}-migrate"))
            self.take_back(ORDER[-1])
            self.roll(ORDER[-1], self.new)
            self.step("after", lambda: time.sleep(MEANWHILE_SECONDS))

    def step(self, name, action):
        before, again, started = self.load.calls, self.load.again.copy(), time.monotonic()
        self.load.slowest = 0
        action()
        seconds, calls, again = time.monotonic() - started, self.load.calls - before, dict(self.load.again - again)
        self.node.say(f"{name}: {seconds:.1f} s, {calls} calls accepted meanwhile, the slowest after {self.load.slowest:.1f} s"
                      + (f", asked again: {again}" if again else ""))

    def replace_stores(self):
        """PostgreSQL and the broker, when the next release says something else of them; their data stays."""
        for store in self.new.objects.kind("StatefulSet"):
            name = store["metadata"]["name"]
            if store["spec"]["template"] != self.old.objects.find("StatefulSet", name)["spec"]["template"]:
                old = next(pod for pod in self.node.pods if pod.name.startswith(name))
                self.node.end_pod(old)
                self.node.numbers[name] = 0
                self.node.start_pod(store)

    def kill_leader(self, service):
        led, _ = wait_for_leader(self.node, service)
        kill(self.node, led)
        try:
            revive(self.node, led)
        except RuntimeError as error:
            self.faults.append(f"{led.name} of {self.old.tag} does not come back: {str(error).splitlines()[-1]}")
            self.node.end_pod(led)

    def roll(self, service, release):
        self.node.objects = release.objects
        self.step(f"{service} goes to {release.tag}", lambda: self.replace_pods(service, release))

    def take_back(self, service):
        try:
            self.roll(service, self.old)
        except RuntimeError as error:
            self.faults.append(f"{service} cannot be taken back: {str(error).splitlines()[-1]}")
            self.node.end_pod(self.node.pods[-1])  # the one that did not become ready

    def replace_pods(self, service, release):
        for old in self.node.servers_of(service):
            self.node.start_pod(release.server(service))
            time.sleep(release.server(service)["spec"]["minReadySeconds"])
            code, seconds = self.node.end_pod(old)
            if code != 0:
                self.faults.append(f"{old.name} ended with {code} after {seconds:.1f} s")

    def try_job(self, name):
        """Once, and whatever it says: a release that is taken back brings its own Job with it."""
        code, said = self.node.try_job(self.node.objects.find("Job", name))
        self.node.say(f"{name} ended with {code}: {said.splitlines()[-1] if said else ''}")

    def mails_there(self):
        """Of all pods of notify, those that went too: each kept its own."""
        return list((self.node.place / "pods").glob("notify-server-*/mail/*.eml"))

    def await_mails(self):
        """One for each visit that was planned, or a doubt; the last may still be on their way. More are a fault too."""
        planned, until = self.load.planned_visits(), time.monotonic() + MAIL_SECONDS
        while len(self.mails_there()) < planned and time.monotonic() < until:
            time.sleep(0.2)
        written, doubted = len(self.mails_there()), int(self.node.ask("notify", DOUBTED)[0][0])
        self.node.say(f"{planned} visits planned, {written} mails written, {doubted} in doubt")
        if not planned - doubted <= written <= planned:
            self.faults.append(f"{planned} visits were planned and {written} mails written")

    def gather_mails(self):
        mails = self.node.place / "mails"
        mails.mkdir()
        for file in self.mails_there():
            os.link(file, mails / f"{file.parts[-3]}-{file.name}")
        return mails


def try_upgrade(node, old, new, token):
    load = Programme(Contract(old.tree, token))
    upgrade = Upgrade(node, load, old, new)
    upgrade.run()
    with concurrent.futures.ThreadPoolExecutor(READERS) as readers:
        there = list(readers.map(lambda made: load.is_there(*made), load.accepted))
    lost = there.count(False)
    node.say(f"{load.calls} calls accepted, {len(there)} things made, {lost} lost, {len(load.failed)} calls failed; asked again: "
             f"{dict(load.again)}, waited for news of another service: {load.waited}")
    for service in ORDER:
        ((parked, dead),) = node.ask(service, UNSETTLED)
        if (parked, dead) != ("0", "0"):
            upgrade.faults.append(f"{service}: {parked} events parked, {dead} dead letters")
    upgrade.await_mails()
    for sentence in upgrade.faults + sorted(set(load.failed))[:5]:
        node.say(f"FAULT: {sentence}")
    return not (lost or load.failed or upgrade.faults), upgrade.gather_mails()
