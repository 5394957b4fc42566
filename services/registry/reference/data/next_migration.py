#!/usr/bin/env python3
"""Prints the migration that brings the tables to the edited lists of this folder.

Compares the files with those of a commit (HEAD unless --since names another), which a test keeps equal to the tables.
Rows may come, labels may change, codes may get a last day. A row never goes, and a code never means another thing.
"""

import argparse
import csv
import io
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent

# Of each list: table, the columns that are its key, those that may change, those that are numbers. In the order in
# which they must be filled.
LISTS = {
    "regions.csv": ("region", ["code"], {"name_ko", "name_en", "valid_to"}, set()),
    "ksic_revisions.csv": ("ksic_revision", ["revision"], {"valid_to"}, {"revision"}),
    "ksic_codes.csv": ("ksic_code", ["revision", "code"], {"name_ko", "name_en"}, {"revision"}),
    "industrial_complexes.csv": ("industrial_complex", ["code"], {"name_ko", "name_en", "valid_to"}, {"kind"}),
    "schemes.csv": ("scheme", ["code"], {"name_ko", "name_en", "provider", "valid_to"}, set()),
    "holidays.csv": ("holiday", ["day"], {"name_ko", "name_en"}, set()),
}


class Refused(Exception):
    """A change that must not be made."""


def rows_of(text, keys):
    """The rows of a list by their keys."""
    rows = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        key = tuple(row[column] for column in keys)
        if key in rows:
            raise Refused(f"line {number}: {' '.join(key)} stands above already")
        if None in row or None in row.values():
            raise Refused(f"line {number}: has not as many values as the first line has columns")
        rows[key] = row
    return rows


def literal(column, value, numbers):
    """A value as SQL; nothing is NULL."""
    if value == "":
        return "NULL"
    return str(int(value)) if column in numbers else "'" + value.replace("'", "''") + "'"


def statements(name, before, after):
    """SQL that makes the list `before` the list `after`."""
    table, keys, changeable, numbers = LISTS[name]
    old, new = rows_of(before, keys), rows_of(after, keys)
    for key in old:
        if key not in new:
            raise Refused(f"{name}: {' '.join(key)} is gone; a code gets a last day, it is never taken out")
    sql = []
    # A province stands before its districts: shorter codes first.
    for key in sorted(new, key=lambda words: ([len(word) for word in words], words)):
        row = new[key]
        if key not in old:
            columns = ", ".join(row)
            values = ", ".join(literal(column, value, numbers) for column, value in row.items())
            sql.append(f"INSERT INTO {table} ({columns}) VALUES ({values});")
            continue
        changed = [column for column in row if row[column] != old[key][column]]
        for column in changed:
            if column not in changeable:
                raise Refused(f"{name}: {column} of {' '.join(key)} would give it another meaning")
        if changed:
            values = ", ".join(f"{column} = {literal(column, row[column], numbers)}" for column in changed)
            where = " AND ".join(f"{column} = {literal(column, row[column], numbers)}" for column in keys)
            sql.append(f"UPDATE {table} SET {values} WHERE {where};")
    return sql


def committed(name, commit):
    """The list as it was in a commit; nothing when it was not there yet."""
    git = ["git", "-C", str(HERE)]
    known = subprocess.run([*git, "rev-parse", "--quiet", "--verify", commit + "^{commit}"], capture_output=True)
    if known.returncode != 0:
        raise Refused(f"{commit} is no commit")
    shown = subprocess.run([*git, "show", f"{commit}:./{name}"], capture_output=True, text=True)
    return shown.stdout if shown.returncode == 0 else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--since", default="HEAD", help="the commit whose lists the tables have (HEAD)")
    since = parser.parse_args().since
    try:
        sql = [line for name in LISTS for line in statements(name, committed(name, since), (HERE / name).read_text())]
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print("\n".join(sql) if sql else f"-- The lists are as they were in {since}: nothing has to be loaded.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
