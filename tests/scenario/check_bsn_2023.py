#!/usr/bin/env python3
"""Proves from the data alone that scenarios/bsn-2023 is the year it claims to be.

Reads nothing but the scenario's JSON files. An engine that replays events and agrees with
expected.json has then been checked by another road (see outcomes.py).

Usage: check_bsn_2023.py SCENARIO_DIR [--print]     (--print shows the computed numbers)
"""
import json
import sys
from pathlib import Path

from cases import check_sets, check_special_cases
from form import check_masters, check_paths, check_slots, check_times
from outcomes import compute_expected
from year import Year


def differences(path, written, computed):
    if isinstance(written, dict) and isinstance(computed, dict):
        for key in sorted(set(written) | set(computed)):
            here = f"{path}.{key}" if path else key
            yield from differences(here, written.get(key, "absent"), computed.get(key, "absent"))
    elif written != computed:
        yield f"{path}: expected.json says {written!r}, the data give {computed!r}"


def main():
    folder = Path(sys.argv[1])
    year = Year(folder)
    check_masters(year)
    check_times(year)
    check_slots(year)
    check_paths(year)
    special = check_special_cases(year)
    computed = compute_expected(year, check_sets(year))
    if "--print" in sys.argv:
        print(json.dumps(computed, ensure_ascii=False, indent=2))
        return 0
    wrong = list(differences("", year.load("expected.json"), computed))
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(year.actions)} actions, {len(year.visits)} visits, special cases: "
          + ", ".join(f"{count} {name}" for name, count in sorted(special.items()) if count))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
