"""Goal: deploy/monitoring/check finds what is wrong. Method: a copy of what it reads, one planted fault at a
time, and each has to be named; without a fault it has to be silent. monitoring_planted_test.py ROOT
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

RULES, TESTS = "deploy/monitoring/rules.yaml", "deploy/monitoring/tests.yaml"
TABLE = "deploy/monitoring/metrics.csv"
RUNBOOK, BOARD = "docs/runbook.md", "deploy/monitoring/dashboards/events.json"

# What is planted: where, pattern, replacement, and what has to be said.
PLANTED = [
    ("a rule that is no PromQL", RULES, r"ieum_relay_stopped\)", "ieum_relay_stopped", "promtool check rules"),
    ("a threshold that is never reached", RULES, r"(ieum_outbox_oldest_seconds\)) > 60", r"\1 > 60000", "promtool test rules"),
    ("an alert that never rests", RULES, r"(ieum_inbox_position_lag\)) > 1000", r"\1 >= 0", "promtool test rules"),
    ("a metric that no program has", RULES, r"ieum_broker_losses_total", "ieum_broker_losss_total", "ieum_broker_losss_total"),
    ("an alert without a heading", RUNBOOK, r"### IeumOverload", "### Overload", "IeumOverload: docs/runbook.md has no heading"),
    ("a heading without an alert", RUNBOOK, r"## Alerts", "## Alerts\n\n### IeumNothing", "there is no alert IeumNothing"),
    ("a link that leads elsewhere", RULES, r"#ieumpoddown", "#poddown", "runbook_url does not lead"),
    ("a severity that nobody routes", RULES, r"severity: ticket", "severity: whatever", "severity is not one of"),
    ("an alert without a summary", RULES, r'summary: "no mail goes out"', 'summary: ""', "has no summary"),
    ("an alert that no test lets fire", TESTS, r"\{alertname=\"IeumOverload\"[^}]*\}", "{}", "IeumOverload: no test lets it fire"),
    ("a panel that is no PromQL", BOARD, r"max\(notify_unbalanced_lines\)", "max(notify_unbalanced_lines", "promtool check rules"),
    ("a metric that the table does not know", TABLE, r"\nieum_relay_stopped,[^\n]*", "", "ieum_relay_stopped is missing; the code says it"),
    ("a metric that only the table knows", TABLE, r"\nieum_relay_stopped,", "\nieum_relay_sleeps,gauge,,1,always,x\nieum_relay_stopped,", "ieum_relay_sleeps is in no code"),
    ("a duration in milliseconds", TABLE, r"ieum_relay_stopped,", "ieum_relay_stopped_ms,", "durations are seconds"),
    ("a counter that does not say so", TABLE, r"notify_unbalanced_lines,gauge", "notify_unbalanced_lines,counter", "no name of a counter"),
    ("a link of the run book to nothing", RUNBOOK, r"## Alerts", "## Alerts\n\n[look](#nowhere)", "there is no heading #nowhere"),
    ("a link of the run book to no file", RUNBOOK, r"## Alerts", "## Alerts\n\n[look](nothing.md)", "there is no nothing.md"),
    ("a panel of a metric that is gone", BOARD, r"notify_unbalanced_lines", "notify_balance", "notify_balance"),
]

LIVE = """# HELP ieum_relay_stopped Whether it stopped
# TYPE ieum_relay_stopped gauge
ieum_relay_stopped 0
# HELP ieum_inbox_stopped Whether it stopped
# TYPE ieum_inbox_stopped gauge
ieum_inbox_stopped 0
# HELP ieum_dead_letters_total Dead letters
# TYPE ieum_dead_letters_total counter
ieum_dead_letters_total{producer="0191-a-firm"} 0
# HELP ieum_relay_sleeps Whether it sleeps
# TYPE ieum_relay_sleeps gauge
ieum_relay_sleeps 0
# HELP ieum_broker_losses_total Losses
# TYPE ieum_broker_losses_total gauge
ieum_broker_losses_total{shard="1"} 0
ieum_broker_losses_total{shard="2"} 0
"""
BESIDE = [
    "no running process says ieum_outbox_oldest_seconds",
    "ieum_inbox_stopped has no label producer",
    "ieum_inbox_stopped: label producer is missing",
    "producer='0191-a-firm' is not one of",
    "ieum_relay_sleeps is not in metrics.csv",
    "ieum_broker_losses_total is a gauge",
    "ieum_broker_losses_total: label shard is not in metrics.csv",
    "ieum_broker_losses_total has 2 series, at most 1",
    "does not say ieum_outbox_lag_events",
]


def check(copy, *more):
    done = subprocess.run([copy / "deploy/monitoring/check", *more], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def plant(copy, original, file, pattern, replacement):
    text = (original / file).read_text()
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text, f"{file} has no {pattern} any more"
    (copy / file).write_text(changed)


def missed(copy, original):
    for what, file, pattern, replacement, sentence in PLANTED:
        plant(copy, original, file, pattern, replacement)
        code, said = check(copy, *([] if sentence.startswith("promtool") else ["--without-promtool"]))
        if code != 1 or sentence not in said:
            yield f"not found: {what}\n{said}"
        shutil.copy(original / file, copy / file)
    # Beside running processes that say two metrics, one of them without its label.
    (copy / "live").write_text(LIVE)
    code, said = check(copy, "--without-promtool", "--live", str(copy / "live"))
    for sentence in BESIDE:
        if code != 1 or sentence not in said:
            yield f"not found beside running processes: {sentence}\n{said}"


def main():
    original = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="ieum-monitoring.") as folder:
        copy = pathlib.Path(folder)
        for part in ("deploy", "docs", "platform", "services", "proto/ieum"):
            shutil.copytree(original / part, copy / part)
        code, said = check(copy)
        if code == 77:
            print(said)
            return 77
        faults = [f"nothing was planted, and yet:\n{said}"] if code != 0 else [*missed(copy, original)]
    for fault in faults:
        print(fault)
    print(f"{len(PLANTED) + len(BESIDE)} planted faults, {len(faults)} missed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
