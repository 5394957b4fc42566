"""A real Prometheus beside running services: what every rule and every panel asks for has to be there, or to
stand in silent.csv with the words that say when it is."""

import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "local"))
from free_ports import free_port  # noqa: E402

WORDS = {"sum", "min", "max", "avg", "count", "topk", "group", "rate", "increase", "histogram_quantile", "absent",
         "label_replace", "time", "vector", "and", "or", "unless", "offset", "bool"}
SCRAPES_MIN = 4
PATIENCE_S = 60


def selectors_of(expression):
    """Every `metric{matchers}` of an expression, without its range."""
    text = re.sub(r"#.*", "", expression)
    text = re.sub(r"\b(?:by|without|on|ignoring)\s*\([^)]*\)", " ", text)
    text = re.sub(r"\[[^\]]*\]", " ", text)
    token = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![0-9.])([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})?')
    return sorted({name + matchers for name, matchers in token.findall(text) if name and name not in WORDS})


class Prometheus:
    def __init__(self, folder, suite, groups):
        self.folder = pathlib.Path(folder)
        self.targets = {name: service["admin"] for name, service in suite["services"].items()}
        self.groups = groups
        self.address = f"127.0.0.1:{free_port()}"
        self.process = None

    def __enter__(self):
        for group in self.groups["groups"]:
            group["interval"] = "1s"
        (self.folder / "rules.yaml").write_text(yaml.safe_dump(self.groups))
        jobs = [{"targets": [address], "labels": {"service": name}} for name, address in self.targets.items()]
        (self.folder / "prometheus.yaml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yaml"],
            "scrape_configs": [{"job_name": "ieum", "static_configs": jobs}],
        }))
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={self.folder}/prometheus.yaml", f"--web.listen-address={self.address}",
                 f"--storage.tsdb.path={self.folder}/data", "--log.level=warn"],
                stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, expression):
        """Series of an expression now; an error is raised with Prometheus' own words."""
        query = urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(f"http://{self.address}/api/v1/query?{query}", timeout=20) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error).get("error", str(error))) from error

    def scraped(self):
        try:
            counts = self.ask("sum by (service) (count_over_time(up[5m]) * (up == bool 1))")
        except (OSError, ValueError):
            return False
        enough = [each for each in counts if float(each["value"][1]) >= SCRAPES_MIN]
        return len(enough) == len(self.targets)

    def wait(self):
        end = time.monotonic() + PATIENCE_S
        while not self.scraped():
            if self.process.poll() is not None or time.monotonic() > end:
                log = (self.folder / "log").read_text()[-2000:]
                raise RuntimeError(f"Prometheus did not scrape {', '.join(self.targets)}:\n{log}")
            time.sleep(0.2)


def silent_words(root):
    with open(root / "deploy/monitoring/silent.csv", encoding="utf-8", newline="") as file:
        return {row["what"]: row["when"] for row in csv.DictReader(file)}


def when_silent(what, silent):
    return next((when for words, when in silent.items() if words in what), None)


def answers(monitoring, prometheus, silent):
    """(where, what was asked, series or None, fault) of each panel's expression and each rule's selectors."""
    for name, board in monitoring.boards.items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                expression = target["expr"].replace("$service", ".*")
                where = f"{name}: {panel['title']}"
                yield where, expression, prometheus.ask(expression), when_silent(panel["title"], silent)
    for rule in monitoring.rules:
        where = rule.get("alert") or rule["record"]
        prometheus.ask(rule["expr"])  # it can be evaluated
        for selector in selectors_of(rule["expr"]):
            if selector.startswith("up{"):
                selector = "up"  # of which service is the rule's question
            yield where, selector, prometheus.ask(selector), when_silent(selector, silent)


def live_faults(monitoring, suite_file):
    suite = json.loads(pathlib.Path(suite_file).read_text())
    silent = silent_words(monitoring.root)
    with tempfile.TemporaryDirectory(prefix="ieum-prometheus.") as folder:
        with Prometheus(folder, suite, json.loads(json.dumps(monitoring.groups))) as prometheus:
            prometheus.wait()
            told = quiet = 0
            for where, asked, series, when in answers(monitoring, prometheus, silent):
                if series:
                    told += 1
                elif when is None:
                    yield f"{where}: nothing answers {' '.join(asked.split())}"
                else:
                    quiet += 1
            print(f"Prometheus: {told} expressions and selectors have series, {quiet} are silent for a reason that is listed")
