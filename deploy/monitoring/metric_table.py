"""metrics.csv: every metric that a process may say, with the labels that it may have and how many series
that can be at most. Beside the code, and beside what running processes say."""

import csv
import pathlib
import re

SERVICES = ["registry", "casemgmt", "reporting", "notify"]
CODES = ["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
         "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
         "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"]
BUCKETS = ["0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5",
           "5", "7.5", "10", "+Inf"]
# Of a histogram: each bucket, _sum and _count.
LINES_OF = {"histogram": len(BUCKETS) + 2, "counter": 1, "gauge": 1}
ENDINGS = {"counter": r"_total$", "histogram": r"_seconds$", "gauge": r"(?<!_total)$"}
UNITS = r"_(ms|millis|milliseconds|micros|minutes|hours|kb|mb)(_|$)"


class Table:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        with open(self.root / "deploy/monitoring/metrics.csv", encoding="utf-8", newline="") as file:
            self.rows = {row["name"]: row for row in csv.DictReader(file)}
        self.methods = methods_of(self.root / "proto/ieum")
        self.values = {"@service": "|".join(SERVICES), "@code": "|".join(CODES), "@word": "[a-z_]{1,40}",
                       "@method": "|".join([*map(re.escape, sorted(self.methods)), "_OTHER"]),
                       "@transaction": "[A-Za-z_]{1,64}|_OTHER", "@version": r"[0-9]+\.[0-9]+\.[0-9]+",
                       "@template": rf"ev\.({'|'.join(SERVICES)})\.s\*", "@uuid": "[0-9a-f-]{36}"}

    def most(self, row, service):
        """Label sets of one metric that a process of the service can have."""
        of_service = [name for name in self.methods if name.split(".")[1] in (service, "platform")]
        words = row["series"].replace("methods", str(len(of_service) + 1))
        product = 1
        for factor in words.split("*"):
            product *= int(factor)
        return product

    def most_lines(self, service):
        return sum(self.most(row, service) * LINES_OF[row["type"]] for row in self.rows.values())

    def faults(self):
        """Of the table by itself."""
        for name, row in self.rows.items():
            if not re.search(ENDINGS.get(row["type"], "^$"), name):
                yield f"metrics.csv: {name}: no name of a {row['type']}"
            if re.search(UNITS, name):
                yield f"metrics.csv: {name}: durations are seconds, sizes bytes"
            for _, value, _ in labels_of(row):
                if value.startswith("@") and value not in self.values:
                    yield f"metrics.csv: {name}: {value} is not known"

    def code_faults(self, in_code):
        for name in sorted(in_code - set(self.rows)):
            yield f"metrics.csv: {name} is missing; the code says it"
        for name in sorted(set(self.rows) - in_code - {"target_info"}):
            yield f"metrics.csv: {name} is in no code"

    def live_faults(self, text):
        """Of what one process says."""
        types = dict(re.findall(r"^# TYPE (\S+) (\w+)$", text, re.MULTILINE))
        series, buckets = label_sets(text, types)
        service = next((dict(labels).get("service_name") for labels in series.get("target_info", ())), "")
        for name, sets in series.items():
            row = self.rows.get(name)
            if row is None:
                yield f"{service}: {name} is not in metrics.csv"
                continue
            if types.get(name) != row["type"]:
                yield f"{service}: {name} is a {types.get(name)}, metrics.csv says {row['type']}"
            if len(sets) > self.most(row, service):
                yield f"{service}: {name} has {len(sets)} series, at most {self.most(row, service)} are told"
            for labels in sets:
                yield from (f"{service}: {name}: {fault}" for fault in self.label_faults(row, dict(labels)))
        for name, bounds in buckets.items():
            if bounds != BUCKETS:
                yield f"{service}: {name} has other buckets: {bounds}"
        for name, row in self.rows.items():
            expected = row["said"] == "always" or row["said"] == f"by {service}"
            if expected and name not in types:
                yield f"{service} does not say {name}"
        lines = sum(not line.startswith("#") for line in text.splitlines())
        if lines > self.most_lines(service):
            yield f"{service}: {lines} lines, at most {self.most_lines(service)} are told"

    def label_faults(self, row, labels):
        known = {key: (value, optional) for key, value, optional in labels_of(row)}
        for key in sorted(set(labels) - set(known)):
            yield f"label {key} is not in metrics.csv"
        for key, (value, optional) in known.items():
            if key not in labels:
                if not optional:
                    yield f"label {key} is missing"
            elif not re.fullmatch(self.values.get(value, value), labels[key]):
                yield f"{key}={labels[key]!r} is not one of {value}"


def labels_of(row):
    """(key, words or @set, whether it may be missing) of each label."""
    for pair in row["labels"].split():
        key, value = pair.split("=", 1)
        yield key, value.removesuffix("?"), value.endswith("?")


def methods_of(folder):
    methods = set()
    for path in folder.rglob("*.proto"):
        package, service = "", ""
        for line in path.read_text().splitlines():
            if found := re.match(r"package ([\w.]+);", line):
                package = found[1]
            elif found := re.match(r"service (\w+)", line):
                service = found[1]
            elif found := re.match(r"\s+rpc (\w+)\(", line):
                methods.add(f"{package}.{service}/{found[1]}")
    return methods


def label_sets(text, types):
    """metric → its label sets without `le`; histogram → its bounds."""
    series, buckets = {}, {}
    for name, inside in re.findall(r"^([a-z_:]+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        pairs = re.findall(r'([a-z_]+)="((?:[^"\\]|\\.)*)"', inside)
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        if types.get(base) == "histogram":
            if name.endswith("_bucket"):
                bounds = buckets.setdefault(base, [])
                bound = dict(pairs)["le"]
                if bound not in bounds:
                    bounds.append(bound)
            name = base
        series.setdefault(name, set()).add(tuple((key, value) for key, value in pairs if key != "le"))
    return series, buckets
