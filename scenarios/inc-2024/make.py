#!/usr/bin/env python3
"""Writes the masters and the days of the year from the counts that are given (README.md).

Nothing is drawn: the same program writes the same files. A test compares them with what is there.

Usage: make.py [--check]     (--check writes nothing and ends with 1 when a file would differ)
"""
import json
import sys
from itertools import groupby
from pathlib import Path

sys.dont_write_bytecode = True

import cases
import firms
import groups
import masters
from timetable import Timetable

HERE = Path(__file__).parent


def lines(name, rows, head=""):
    body = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{\n{head}  "{name}": [\n{body}\n  ]\n}}\n'


def files():
    table = Timetable()
    people = cases.make(table)
    groups.make(table, {person.number: person.intake for person in people})
    firms.make(table)
    yield "organizations.json", lines("organizations", masters.organizations())
    yield "people.json", lines("people", masters.people())
    yield "consent_texts.json", lines("consent_texts", masters.consent_texts())
    for month, actions in groupby(table.dated(), key=lambda action: action["at"][:7]):
        yield f"days/{month}.json", lines("actions", actions, f'  "month": "{month}",\n')


def main():
    differ = []
    for name, text in files():
        path = HERE / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                differ.append(name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in differ:
        print(f"{name} is not what make.py writes", file=sys.stderr)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
