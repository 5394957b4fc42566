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
    ("a panel of a metric that is gone", BOARD, r"notify_unbalanced_lines", "notify_balance", "notify_balance"),
]

LIVE = """# HELP ieum_relay_stopped Whether it stopped
# TYPE ieum_relay_stopped gauge
ieum_relay_stopped 0
# HELP ieum_inbox_stopped Whether it stopped
# TYPE ieum_inbox_stopped gauge
ieum_inbox_stopped 0
"""


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
    for sentence in ("no running process says ieum_outbox_oldest_seconds", "ieum_inbox_stopped has no label producer"):
        if code != 1 or sentence not in said:
            yield f"not found beside running processes: {sentence}\n{said}"


def main():
    original = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="ieum-monitoring.") as folder:
        copy = pathlib.Path(folder)
        for part in ("deploy/monitoring", "platform", "services"):
            shutil.copytree(original / part, copy / part)
        (copy / "docs").mkdir()
        shutil.copy(original / RUNBOOK, copy / RUNBOOK)
        code, said = check(copy)
        if code == 77:
            print(said)
            return 77
        faults = [f"nothing was planted, and yet:\n{said}"] if code != 0 else [*missed(copy, original)]
    for fault in faults:
        print(fault)
    print(f"{len(PLANTED) + 2} planted faults, {len(faults)} missed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
