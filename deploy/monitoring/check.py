"""Rules and dashboards: are they right by themselves, do alerts have tests and a heading in the run book,
does every metric that they name exist, and is every metric of the code in metrics.csv?
check.py [--root DIR] [--live URL|FILE]... [--table URL|FILE]... [--suite SUITE_JSON] | --rules
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

import yaml

import live
from metric_table import Table

# Of Prometheus itself.
OF_PROMETHEUS = {"up", "ALERTS"}
# Put to every series by the scrape, not by the program.
OF_THE_SCRAPE = {"service", "instance", "le"}
# Said only by processes that are configured so: with an identity provider, with certificates, with a
# collector of traces.
SAID_WHEN_CONFIGURED = {"oidc_key_fetches_total", "oidc_keys", "rpc_server_signed_tokens_total",
                        "tls_certificate_end_time_seconds", "ieum_trace_spans_dropped_total",
                        "ieum_trace_spans_exported_total", "ieum_trace_spans_waiting"}
WORDS = {
    "sum", "min", "max", "avg", "count", "topk", "group", "by", "without", "on", "ignoring", "and", "or", "unless",
    "offset", "bool", "rate", "increase", "histogram_quantile", "absent", "label_replace", "time", "vector",
}
SEVERITIES = {"page", "ticket"}


class Monitoring:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.here = self.root / "deploy/monitoring"
        self.groups = yaml.safe_load((self.here / "rules.yaml").read_text())["spec"]
        self.rules = [rule for group in self.groups["groups"] for rule in group["rules"]]
        self.alerts = [rule for rule in self.rules if "alert" in rule]
        self.recorded = {rule["record"] for rule in self.rules if "record" in rule}
        self.boards = {path.name: json.loads(path.read_text())
                       for path in sorted((self.here / "dashboards").glob("*.json"))}

    def expressions(self):
        """(where, PromQL) of every rule and every panel."""
        for rule in self.rules:
            yield rule.get("alert") or rule["record"], rule["expr"]
        for name, board in self.boards.items():
            for panel in board["panels"]:
                for target in panel["targets"]:
                    yield f"{name}: {panel['title']}", target["expr"].replace("$service", ".*")


def metrics_of(expression):
    """metric → labels that are matched or grouped by, of one expression."""
    text = re.sub(r"#.*", "", expression)
    grouped = set()
    for words in re.findall(r"\b(?:by|without|on)\s*\(([^)]*)\)", text):
        grouped |= {word.strip() for word in words.split(",") if word.strip()}
    text = re.sub(r"\b(?:by|without|on)\s*\([^)]*\)", " ", text)
    matched = re.findall(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{([^}]*)\}", text)
    text = re.sub(r'"[^"]*"', " ", re.sub(r"\{[^}]*\}", " ", text))
    text = re.sub(r"\[[^\]]*\]", " ", re.sub(r"\b\d+[smhdw]\b", " ", text))
    names = set(re.findall(r"(?<![0-9.])\b[a-zA-Z_:][a-zA-Z0-9_:]*", text)) - WORDS
    found = {name: set(grouped) for name in names}
    for name, inside in matched:
        found[name] |= set(re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)", inside))
    return found


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [f"promtool {arguments[0]} {arguments[1]}: {done.stdout}{done.stderr}".strip()]


def run_promtool(monitoring):
    with tempfile.TemporaryDirectory(prefix="ieum-monitoring.") as folder:
        place = pathlib.Path(folder)
        (place / "rules.groups.yaml").write_text(yaml.safe_dump(monitoring.groups))
        (place / "tests.yaml").write_text((monitoring.here / "tests.yaml").read_text())
        panels = [{"record": f"panel:{number}", "expr": expression}
                  for number, (_, expression) in enumerate(monitoring.expressions())]
        (place / "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": panels}]}))
        wrong = [*promtool("check", "rules", str(place / "rules.groups.yaml")),
                 *promtool("check", "rules", str(place / "panels.yaml"))]
        yield from wrong or promtool("test", "rules", str(place / "tests.yaml"))


def untold(monitoring):
    """Alerts and headings of the run book, each without the other; alerts that say too little."""
    runbook = (monitoring.root / "docs/runbook.md").read_text()
    headings = set(re.findall(r"^### (Ieum\w+)$", runbook, re.MULTILINE))
    names = {rule["alert"] for rule in monitoring.alerts}
    for name in sorted(names - headings):
        yield f"{name}: docs/runbook.md has no heading of that name"
    for name in sorted(headings - names):
        yield f"docs/runbook.md: there is no alert {name}"
    for rule in monitoring.alerts:
        notes = rule.get("annotations", {})
        if notes.get("runbook_url") != f"docs/runbook.md#{rule['alert'].lower()}":
            yield f"{rule['alert']}: runbook_url does not lead to its heading"
        if not notes.get("summary") or not notes.get("description"):
            yield f"{rule['alert']}: has no summary or no description"
        if rule.get("labels", {}).get("severity") not in SEVERITIES:
            yield f"{rule['alert']}: severity is not one of {sorted(SEVERITIES)}"


def untested(monitoring):
    tests = yaml.safe_load((monitoring.here / "tests.yaml").read_text())["tests"]
    fired = set()
    for test in tests:
        for expected in test["promql_expr_test"]:
            for sample in expected.get("exp_samples") or []:
                fired |= set(re.findall(r'alertname="(\w+)"', sample["labels"]))
    for rule in monitoring.alerts:
        if rule["alert"] not in fired:
            yield f"{rule['alert']}: no test lets it fire"


def base_name(metric):
    return re.sub(r"_(?:bucket|count|sum)$", "", metric)


def names_in_code(root):
    text = "".join(path.read_text() for folder in ("platform", "services") for path in (root / folder).rglob("*.cc"))
    return set(re.findall(r'(?:Counter|Gauge|Seconds)\(\s*"([a-z_]+)"', text))


def unknown(monitoring):
    known = names_in_code(monitoring.root) | monitoring.recorded | OF_PROMETHEUS
    for where, expression in monitoring.expressions():
        for metric in metrics_of(expression):
            if metric not in known and base_name(metric) not in known:
                yield f"{where}: no program has the metric {metric}"


def board_faults(monitoring):
    kustomization = (monitoring.here / "kustomization.yaml").read_text()
    for name, board in monitoring.boards.items():
        numbers = [panel["id"] for panel in board["panels"]]
        if len(set(numbers)) != len(numbers):
            yield f"{name}: two panels have the same id"
        if f"dashboards/{name}" not in kustomization:
            yield f"{name}: kustomization.yaml does not name it"


def read_live(places):
    texts = []
    for place in places:
        if place.startswith("http"):
            with urllib.request.urlopen(place, timeout=10) as answer:
                texts.append(answer.read().decode())
        else:
            texts.append(pathlib.Path(place).read_text())
    return texts


def live_faults(monitoring, texts, silent):
    """Beside what running processes say: names, labels, and promtool's manners for each text."""
    series = {}
    for text in texts:
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f"promtool check metrics: {(done.stdout + done.stderr).strip()[:600]}"
        for name, labels in re.findall(r"^([a-z_:]+)(?:\{(.*)\})? ", text, re.MULTILINE):
            series.setdefault(name, set()).update(re.findall(r'([a-z_]+)="', labels))
    for where, expression in monitoring.expressions():
        for metric, labels in metrics_of(expression).items():
            if metric in OF_PROMETHEUS or metric in monitoring.recorded:
                continue
            if metric not in series and (metric in SAID_WHEN_CONFIGURED or live.when_silent(metric, silent)):
                continue
            if metric not in series:
                yield f"{where}: no running process says {metric}"
                continue
            single = len(metrics_of(expression)) == 1
            missing = labels - series[metric] - OF_THE_SCRAPE
            if single and missing:
                yield f"{where}: {metric} has no label {', '.join(sorted(missing))}"


def dead_links(monitoring):
    """Links of the run book that lead nowhere."""
    runbook = (monitoring.root / "docs/runbook.md").read_text()
    anchors = set()
    for heading in re.findall(r"^#+ (.+)$", runbook, re.MULTILINE):
        words = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchors.add(re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-"))
    for target in re.findall(r"\]\(([^)\s]+)\)", runbook):
        place, _, anchor = target.partition("#")
        if "://" in target:
            continue
        if place and not (monitoring.root / "docs" / place).exists():
            yield f"docs/runbook.md: there is no {place}"
        elif not place and anchor not in anchors:
            yield f"docs/runbook.md: there is no heading #{anchor}"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", default=pathlib.Path(__file__).resolve().parents[2])
    options.add_argument("--live", action="append", default=[], metavar="URL|FILE")
    options.add_argument("--table", action="append", default=[], metavar="URL|FILE")
    options.add_argument("--suite", metavar="SUITE_JSON")
    options.add_argument("--rules", action="store_true")
    options.add_argument("--without-promtool", action="store_true")
    arguments = options.parse_args()
    monitoring = Monitoring(arguments.root)
    if arguments.rules:
        print(yaml.safe_dump(monitoring.groups, sort_keys=False, allow_unicode=True), end="")
        return 0
    faults = [] if arguments.without_promtool else [*run_promtool(monitoring)]
    faults += [*untold(monitoring), *untested(monitoring), *unknown(monitoring), *board_faults(monitoring),
               *dead_links(monitoring)]
    table = Table(monitoring.root)
    faults += [*table.faults(), *table.code_faults(names_in_code(monitoring.root))]
    if arguments.suite:
        faults += live.live_faults(monitoring, arguments.suite)
        services = json.loads(pathlib.Path(arguments.suite).read_text())["services"]
        arguments.live += [f"http://{service['admin']}/metrics" for service in services.values()]
    if arguments.live:
        silent = live.silent_words(monitoring.root) if arguments.suite else {}
        faults += live_faults(monitoring, read_live(arguments.live), silent)
    for text in read_live([*arguments.live, *arguments.table]):
        faults += table.live_faults(text)
    for fault in faults:
        print(fault)
    panels = sum(len(board["panels"]) for board in monitoring.boards.values())
    beside = f", beside {len(arguments.live)} running processes" if arguments.live else ""
    print(f"{len(monitoring.alerts)} alerts, {panels} panels, {len(table.rows)} metrics{beside}: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
