#!/usr/bin/env -S /usr/bin/python3 -B
"""Reckons docs/scale.md from its own table of inputs: bench/scale.py [--check]

Without words it writes the tables between the marks; with --check it ends with 1 when they do not fit.
"""

import pathlib
import re
import sys

PAGE = pathlib.Path(__file__).resolve().parents[1] / "docs/scale.md"
MARKS = re.compile(r"(<!-- reckoned: begin -->\n).*?(<!-- reckoned: end -->)", re.DOTALL)
STEPS = ("one city", "the country", "ten countries")

# Name, unit, arithmetic: of inputs, and of lines above. `firms` and `people` are each step's.
LINES = [
    ("commands_year", "commands a year", "firms * commands_firm + people * commands_person"),
    ("messages_year", "messages a year", "firms * messages_firm + people * messages_person"),
    ("events_year", "events a year", "commands_year * events_command + messages_year * events_message"),
    ("commands_peak", "commands a second at the peak", "commands_year / work_seconds * peak"),
    ("reads_peak", "reads a second at the peak", "commands_peak * reads_command"),
    ("events_peak", "events a second at the peak", "commands_peak * events_command"),
    ("fullest_morning", "messages on the fullest morning", "messages_year * morning"),
    ("morning_minutes", "minutes until they are sent, by one process", "fullest_morning / message_rate / 60"),
    ("cores_peak", "cores busy at the peak", "(commands_peak * command_cpu + reads_peak * read_cpu) / 1000"),
    ("ledger_gib", "GiB of ledgers, all years", "events_year * years * ledger_bytes / gib"),
    ("fact_gib", "GiB of facts, both generations", "2 * events_year * years * fact_bytes / gib"),
    ("message_gib", "GiB of messages", "messages_year * years * message_bytes / gib"),
    ("access_gib", "GiB of access log", "commands_year * (1 + reads_command * reads_logged) * years * access_bytes / gib"),
    ("person_gib", "GiB of persons", "people * person_bytes / gib"),
    ("stream_gib", "GiB of streams", "events_year / 365 * stream_days * stream_bytes / gib"),
    ("rebuild_hours", "hours to rebuild reporting", "events_year * years / rebuild_rate / 3600"),
]
# What can be full first, and what it is measured by.
LIMITS = [
    ("commands of one database", "commands_peak / command_rate"),
    ("one relay", "events_peak / relay_rate"),
    ("one consumer of one producer", "events_peak / consumer_rate"),
    ("one sender, if the fullest morning is to be out in an hour", "morning_minutes / 60"),
    ("a night of eight hours for a rebuild", "rebuild_hours / 8"),
    ("one disk of 2 TiB", "(ledger_gib + fact_gib + message_gib + access_gib + person_gib) / 2048"),
]


def inputs_of(text):
    rows = re.findall(r"^\| `(\w+)` \| ([0-9.]+) \|", text, re.MULTILINE)
    return {name: float(value) for name, value in rows} | {"gib": float(2**30)}


def steps_of(given):
    country = {"firms": given["centres"] * given["city_firms"], "people": given["country_people"]}
    return [
        {"firms": given["city_firms"], "people": given["city_people"]},
        country,
        {key: value * given["countries"] for key, value in country.items()},
    ]


def reckon(given, step):
    values = given | step
    for name, _, arithmetic in LINES:
        values[name] = eval(arithmetic, {"__builtins__": {}}, values)  # of this file only
    return values


def written(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 10 else f"{value:.3g}"


def tables(text):
    given = inputs_of(text)
    steps = [reckon(given, step) for step in steps_of(given)]
    head = f"| | {' | '.join(STEPS)} | arithmetic |\n|---|{'---|' * (len(STEPS) + 1)}\n"
    out = head
    for name, unit in (("firms", "firms"), ("people", "people")):
        out += f"| {unit} | {' | '.join(written(step[name]) for step in steps)} | inputs |\n"
    for name, unit, arithmetic in LINES:
        cells = " | ".join(written(step[name]) for step in steps)
        out += f"| {unit} (`{name}`) | {cells} | `{arithmetic}` |\n"
    out += f"\nHow full each limit is (1 = full), the fullest first:\n\n{head}"
    limits = [(what, arithmetic, [eval(arithmetic, {"__builtins__": {}}, step) for step in steps])
              for what, arithmetic in LIMITS]
    for what, arithmetic, shares in sorted(limits, key=lambda limit: -limit[2][-1]):
        out += f"| {what} | {' | '.join(f'{share:.2g}' for share in shares)} | `{arithmetic}` |\n"
    return out


def main():
    text = PAGE.read_text(encoding="utf-8")
    if not MARKS.search(text):
        sys.exit("docs/scale.md: the marks between which the tables stand are gone")
    fresh = MARKS.sub(lambda marks: marks[1] + "\n" + tables(text) + "\n" + marks[2], text)
    if sys.argv[1:] == ["--check"]:
        if fresh != text:
            print("docs/scale.md: the tables do not follow from the inputs; run bench/scale.py")
        return int(fresh != text)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
