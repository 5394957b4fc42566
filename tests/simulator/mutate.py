#!/usr/bin/env python3
"""Makes copies of sources in which every mutant of mutants.md sleeps.

mutants.md has one section `### name` a mutant. Its ```diff blocks are headed by a line with the
file in back quotes and hold the text as it is (-) and as the mutant has it (+); hunks are parted by
a line `@@`. A copy asks at each such place which mutant is awake. A mutant without a diff lives in
the simulated world and is asked for there, as MutantId::kName. One whose text or question is not
found gets into the list as one without a switch, and the test names it. One that few schedules can
catch may say where to begin: "Looked for from schedule N."

  mutate.py LIST OUTPUT_DIR --sources FILE… --world FILE…
"""

import argparse
import pathlib
import re
import sys


def camel(name):
    return "k" + "".join(word.capitalize() for word in name.split("_"))


def parse(text):
    """Mutants in order: name -> (first schedule, [(file, old, new)])."""
    mutants = {}
    for section in re.split(r"^### ", text, flags=re.M)[1:]:
        name, _, body = section.partition("\n")
        name = name.strip()
        if not re.fullmatch(r"[a-z0-9_]+", name) or name in mutants:
            sys.exit(f"mutants.md: '{name}' is no name, or comes twice")
        body = body.split("\n## ")[0]
        hunks, file = [], None
        for line, block in re.findall(r"^(.*)\n+```diff\n(.*?)^```", body, flags=re.M | re.S):
            found = re.search(r"`([^`]+\.cc)`", line)
            file = found.group(1) if found else file
            for hunk in re.split(r"^@@.*\n", block, flags=re.M):
                old = "\n".join(l[1:].strip() for l in hunk.splitlines() if l.startswith("-"))
                new = "\n".join(l[1:].strip() for l in hunk.splitlines() if l.startswith("+"))
                if old:
                    hunks.append((file, old, new))
        begin = re.search(r"Looked for from schedule (\d+)\.", body)
        mutants[name] = (int(begin.group(1)) if begin else 1, hunks)
    return mutants


def place_of(source, old):
    """Where `old` stands, whatever the white space; None unless exactly once."""
    pattern = r"\s+".join(re.escape(word) for word in old.split())
    found = list(re.finditer(pattern, source))
    return found[0].span() if len(found) == 1 else None


def rewritten(source, places):
    """`places`: {span: (old, [(id, new)])}; spans do not overlap."""
    for (begin, end), (_, choices) in sorted(places.items(), reverse=True):
        text = source[begin:end]
        statement = text.endswith((";", "}"))
        for ident, new in choices:
            awake = f"::ieum::flow::simulation::Mutated(::ieum::flow::simulation::MutantId::{ident})"
            if statement:
                text = f"if ({awake}) {{ {new} }} else {{ {text} }}"
            else:
                text = f"({awake} ? ({new}) : ({text}))"
        source = source[:begin] + text + source[end:]
    return '#include "tests/simulator/mutant.h"\n' + source


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("list")
    arguments.add_argument("output")
    arguments.add_argument("--root", required=True)
    arguments.add_argument("--sources", nargs="+", required=True)
    arguments.add_argument("--world", nargs="+", required=True)
    given = arguments.parse_args()
    root, output = pathlib.Path(given.root), pathlib.Path(given.output)
    output.mkdir(parents=True, exist_ok=True)
    mutants = parse(pathlib.Path(given.list).read_text(encoding="utf-8"))
    sources = {name: (root / name).read_text(encoding="utf-8") for name in given.sources}
    world = "".join((root / name).read_text(encoding="utf-8") for name in given.world)
    asked = set(re.findall(r"MutantId::(k\w+)", world)) - {"kNone"}

    places, faults = {name: {} for name in sources}, {}
    for name, (_, hunks) in mutants.items():
        ident = camel(name)
        if not hunks and ident not in asked:
            faults[name] = "nothing asks for it"
        for file, old, new in hunks:
            span = place_of(sources.get(file, ""), old)
            taken = places.get(file, {})
            if span is None:
                faults[name] = f"its text does not stand once in {file}"
            elif any(a < span[1] and span[0] < b for a, b in taken if (a, b) != span):
                faults[name] = f"its text overlaps another mutant's in {file}"
            else:
                taken.setdefault(span, (old, []))[1].append((ident, new))
    for ident in sorted(asked - {camel(name) for name in mutants}):
        print(f"mutants.md does not list {ident}, which the simulator asks for", file=sys.stderr)

    for name, source in sources.items():
        (output / pathlib.Path(name).name).write_text(rewritten(source, places[name]))
    idents = [camel(name) for name in mutants] + sorted(asked - {camel(n) for n in mutants})
    rows = [f'    {{MutantId::{camel(n)}, "{n}", "{faults.get(n, "")}", true, {mutants[n][0]}}},' for n in mutants]
    rows += [f'    {{MutantId::{i}, "{i}", "mutants.md does not list it", false, 1}},'
             for i in sorted(asked - {camel(n) for n in mutants})]
    (output / "mutant_list.h").write_text(
        "// Made from mutants.md by mutate.py.\n#pragma once\n\nnamespace ieum::flow::simulation {\n\n"
        "enum class MutantId {\n  kNone,\n  " + ",\n  ".join(idents) + ",\n};\n\n"
        "struct MutantEntry {\n  MutantId id;\n  const char* name;\n"
        '  const char* fault;  // why it has no switch; "" = it has one\n  bool listed;\n'
        "  unsigned long long first_schedule;  // to look for it\n};\n\n"
        "inline constexpr MutantEntry kMutants[] = {\n" + "\n".join(rows) + "\n};\n\n"
        "}  // namespace ieum::flow::simulation\n")


main()
