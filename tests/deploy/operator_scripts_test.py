#!/usr/bin/env python3
"""Goal: what operators type does no harm by what stands around it, and keeps no half of a secret.

Method: the real scripts, run where something is wrong: no room to write, a PLACE in the environment, keys
that were put aside. Nothing is built, and no server runs.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NKEY, ACCOUNTS = ROOT / "deploy/broker/nkey.py", ROOT / "deploy/broker/accounts.py"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **more)


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ieum-scripts.", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)


class Seeds(InAFolder):
    def test_are_there_whole_or_not_at_all(self):
        seed = self.folder / "seed"
        cut_off = run("bash", "-c", 'ulimit -f 0; exec "$@"', "_", sys.executable, NKEY, "new", seed)
        self.assertNotEqual(cut_off.returncode, 0)
        self.assertEqual(list(self.folder.iterdir()), [], "half a seed, or what it was to become")
        made = run(NKEY, "new", seed)
        self.assertRegex(made.stdout, "^U[A-Z2-7]{55}\n$")
        self.assertEqual(seed.stat().st_mode & 0o777, 0o600)
        self.assertEqual(run(NKEY, "new", seed).stdout, made.stdout, "a seed that is there was made again")
        self.assertEqual(list(self.folder.iterdir()), [seed])


class Rooms(InAFolder):
    def setUp(self):
        super().setUp()
        self.key = run(NKEY, "new", self.folder / "seed").stdout.strip()

    def accounts(self, *words):
        return run(ACCOUNTS, *(word.replace("KEY", self.key) for word in words))

    def test_are_given_to_an_outside_system_under_a_name_of_its_own(self):
        given = self.accounts("--outside", "payroll:registry", "payroll=KEY", "registry=KEY")
        self.assertEqual((given.returncode, given.stderr), (0, ""))
        for name in ("registry-admin", "payroll-admin", "auditor", "registry", "-x", "Payroll"):
            refused = self.accounts("--outside", f"{name}:registry", "registry=KEY", "auditor=KEY")
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), name)
        twice = self.accounts("--outside", "payroll:registry", "--outside", "payroll:casemgmt", "payroll=KEY")
        self.assertEqual((twice.returncode, twice.stdout), (2, ""))

    def test_let_somebody_in_for_repairs_only_where_there_is_a_room(self):
        let_in = self.accounts("registry=KEY", "registry-admin=KEY")
        self.assertEqual(let_in.returncode, 0)
        self.assertEqual(let_in.stdout.count(f"nkey: {self.key}"), 2)
        for words in (["registry-admin=KEY"], ["registry-admin=KEY", "casemgmt=KEY"], ["registry=KEY", "registry=KEY"]):
            refused = self.accounts(*words)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), words)


class Script(InAFolder):
    """A copy of ./ieum whose `more` comes last, so that nothing is installed, built or started."""

    def copy(self, more):
        clone = self.folder / "clone"
        (clone / "tools").mkdir(parents=True)
        shutil.copytree(ROOT / "tools/ieum.d", clone / "tools/ieum.d")
        (clone / "bench/rows").mkdir(parents=True)
        for name in ("ieum", "CMakeLists.txt", "bench/rows/rows.cc"):
            shutil.copy(ROOT / name, clone / name)
        parts = re.search(r"^for part in (.*); do$", (clone / "ieum").read_text(encoding="utf-8"), re.M)
        with open(clone / f"tools/ieum.d/{parts[1].split()[-1]}.sh", "a", encoding="utf-8") as last:
            last.write(more)
        return clone / "ieum"

    def test_removes_no_place_but_its_own(self):
        # Cut off before it has a place: what it finds in the environment is somebody else's.
        script = self.copy("deps_install() { :; }\nbuild_preset() { :; }\nieumctl_binary() { echo /bin/true; }\n"
                           "test_place() { exit 130; }\ntest_select() { :; }\ndemo_play() { exit 130; }\n")
        precious = self.folder / "precious"
        precious.mkdir()
        (precious / "only-copy").write_text("of something", encoding="utf-8")
        for command in ("test", "faults", "bench"):
            cut_off = run(script, command, env={**os.environ, "PLACE": str(precious)})
            self.assertEqual(cut_off.returncode, 130, cut_off.stderr)
            self.assertTrue((precious / "only-copy").is_file(), command)

    def test_takes_keys_that_were_put_aside_into_no_backup(self):
        secret = self.folder / "secret"
        secret.mkdir()
        taken = {"vault-registry", "vault-notify", "seal.key", "issuer.key", "issuer-keys.json", "seed-registry"}
        aside = {"vault-registry.before-20261122T101112Z", "seed-registry.before-20261122T101112Z", "vault-notify.new",
                 "vault-registry.4711", "seal.key.before-20261122T101112Z", "tokens", ".nkey-abc"}
        for name in taken | aside:
            (secret / name).write_text("a key", encoding="utf-8")
        (secret / "vault-folder").mkdir()
        keys = run("bash", "-c", 'set -euo pipefail; PLACE=$2; source "$1/tools/ieum.d/operate.sh"; operate_keys', "_",
                   ROOT, self.folder)
        self.assertEqual(json.loads(keys.stdout), {name: str(secret / name) for name in taken})

    def test_helps_without_a_build(self):
        script = self.copy("deps_install() { exit 99; }\nbuild_preset() { exit 99; }\n")
        for command, program, own in (("bench", "bench/main.cc", {"--keep"}), ("faults", "tests/faults/main.cc", set())):
            for word in ("--help", "-h"):
                helped = run(script, command, word)
                self.assertEqual((helped.returncode, helped.stderr), (0, ""), command)
            words = set(re.findall(r"^  (--[a-z-]+)", helped.stdout, re.M))
            known = set(re.findall(r'add_(?:option|flag)\("(--[a-z-]+)"', (ROOT / program).read_text(encoding="utf-8")))
            self.assertEqual(words, (known | own) - {"--out"}, command)
            self.assertGreater(len(known), 5)
        rows = re.findall(r'^ *\{"(\w+)", "', (ROOT / "bench/rows/rows.cc").read_text(encoding="utf-8"), re.M)
        listed = re.findall(r"^  ([a-z0-9]+) ", run(script, "bench", "--help").stdout, re.M)
        self.assertEqual(listed, rows)

    def test_plays_a_year_that_is_there(self):
        script = self.copy('deps_install() { echo "$DEMO_SCENARIO"; exit 99; }\n')
        for year in ("bsn-2023", "inc-2024"):
            (script.parent / "scenarios" / year).mkdir(parents=True)
            (script.parent / "scenarios" / year / "scenario.json").touch()
        for words, played in (((), "bsn-2023"), (("inc-2024",), "inc-2024")):
            begun = run(script, "demo", *words)
            self.assertEqual((begun.returncode, begun.stdout), (99, f"scenarios/{played}\n"), words)
        for words, said in ((("inc-2025",), "One of: bsn-2023 inc-2024."), (("",), "One of: bsn-2023 inc-2024."),
                            (("inc-2024", "bsn-2023"), "./ieum demo [YEAR]")):
            refused = run(script, "demo", *words)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""), words)
            self.assertIn(said, refused.stderr)

    def test_has_the_commands_that_are_told_of(self):
        text = (ROOT / "ieum").read_text(encoding="utf-8")
        cases = re.findall(r"^    ([a-z |-]+)\) ", text.split("case $command in")[1], re.M)
        known = {word for case in cases for word in case.split(" | ") if not word.startswith("-")} - {"help"}
        helped = set(re.findall(r"^  \./ieum ([a-z]+)", text, re.M))
        self.assertEqual(helped - known, set())
        documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")]
        told = {word: path.name for path in documents
                for word in re.findall(r"\./ieum ([a-z]+)", path.read_text(encoding="utf-8"))}
        self.assertEqual({word: where for word, where in told.items() if word not in known | {"help"}}, {})
        listed = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
        self.assertEqual({word for word in known if f"`{word}`" not in listed and f"`./ieum {word}" not in listed}, set())


if __name__ == "__main__":
    unittest.main(verbosity=1)
