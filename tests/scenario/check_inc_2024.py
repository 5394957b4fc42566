#!/usr/bin/env python3
"""Proves from the data alone that scenarios/inc-2024 is the year it claims to be.

Reads the scenario's JSON files and nothing of the program that wrote them: the published rows and
the counts of reminders are computed from the actions by another road than events and definitions.

Usage: check_inc_2024.py SCENARIO_DIR [--print]     (--print shows the computed numbers)
"""
import json
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from inc_reminders import reminders
from year import instant

LAST_DAY = date(2024, 12, 31)


class IncheonYear:
    def __init__(self, folder):
        self.folder = folder
        self.people = {p["key"]: p for p in self.load("people.json")["people"]}
        self.actions, earlier = [], None
        for path in sorted((folder / "days").glob("*.json")):
            for action in json.loads(path.read_text(encoding="utf-8"))["actions"]:
                action["time"] = instant(action["at"])
                assert action["at"].startswith(path.stem), action
                assert earlier is None or action["time"] > earlier, action
                earlier = action["time"]
                self.actions.append(action)
        self.by_do = defaultdict(list)
        for action in self.actions:
            self.by_do[action["do"]].append(action)
        self.cases = {a["key"]: a for a in self.by_do["case.open"]}
        self.sessions = {a["key"]: {**a, "day": instant(a["start_time"]).date()}
                         for a in self.by_do["session.plan"]}
        for move in self.by_do["session.move"]:
            self.sessions[move["session"]]["day"] = instant(move["start_time"]).date()
        self.visits = {a["visit"]: instant(a["start_time"]).date()
                       for a in self.by_do["engagement.planVisit"]}

    def load(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def days(self, do, key, day=lambda a: a["time"].date()):
        return {a[key]: day(a) for a in self.by_do[do]}


def in_year(days):
    return {key for key, day in days.items() if day <= LAST_DAY}


def closings(year):
    return year.days("case.close", "case", lambda a: date.fromisoformat(
        a.get("closed_date", a["time"].date().isoformat())))


def months_later(day, months):
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError(day)


def sessions(year):
    done = {a["session"] for a in year.by_do["session.record"]}
    absent = {a["session"] for a in year.by_do["session.recordAbsence"]}
    cancelled = {a["session"] for a in year.by_do["session.cancel"]}
    booked = in_year({key: one["day"] for key, one in year.sessions.items()})
    assert len(booked) == 253 and len(year.sessions) == 254
    assert len(booked - done - absent - cancelled) == 1
    types = Counter(year.sessions[key]["type"] for key in done & booked)
    for key in done & booked:
        person = int(year.cases[year.sessions[key]["case"]]["person"][1:])
        assert year.sessions[key]["type"] != "SESSION_TYPE_PSYCHOLOGICAL" or person <= 58, key
    return done & booked, absent, cancelled, types


def retention(year, months, results):
    """Retained, and all who were due: whose case was closed while she was employed."""
    employed = {a["case"] for a in year.by_do["case.askClosure"] if a.get("employed")}
    due = {case for case, day in closings(year).items()
           if case in employed and months_later(day, months) <= LAST_DAY}
    found = {a["case"]: a["result"] for a in year.by_do["retention.record"]
             if a["months"] == months}
    assert set(found) <= due
    kept = sum(found.get(case) in {"RETENTION_RESULT_" + r for r in results} for case in due)
    return Decimal(kept), Decimal(len(due))


def plans_on_time(year):
    """30 days from the intake, the first not counted; a last day on a holiday moves on."""
    from timetable_days import on_business
    taken_in = year.days("case.takeIn", "case")
    items = {a["key"]: a["case"] for a in year.by_do["conference.addCase"]}
    managed = {items[a["item"]] for a in year.by_do["conference.classify"]
               if a["classification"] == "CASE_CLASSIFICATION_CASE_MANAGEMENT"}
    plans = {a["key"]: a["case"] for a in year.by_do["plan.draft"]}
    signed = {plans[key]: day for key, day in year.days("plan.sign", "plan").items()}
    assert set(signed) == managed
    timely = sum(day <= on_business(taken_in[case] + timedelta(days=30))
                 for case, day in signed.items())
    eve = [case for case, day in signed.items() if day == date(2024, 9, 19)]
    assert [taken_in[case] for case in eve] == [date(2024, 8, 19)]
    return Decimal(timely), Decimal(len(managed))


def groups(year):
    members = {a["key"]: a["person"] for a in year.by_do["group.invite"]}
    came, held = Counter(), Counter()
    for action in year.by_do["group.holdSession"]:
        held[action["group"]] += 1
        for one in action["attendances"]:
            came[one["member"]] += one["state"] == "GROUP_ATTENDANCE_STATE_PRESENT"
    completed = {members[key] for key in members if came[key] * 5 >= held[key[:2]] * 4}
    return members, {members[k] for k, n in came.items() if n}, completed, sum(held.values())


def percent(top, bottom):
    if not bottom:
        return None
    return top * 100 / bottom


def shown(value, places):
    if value is None:
        return ""
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def metric(target, actual, places):
    rate = None if actual is None else Decimal(actual) / Decimal(target) * 100
    status = "NONE" if rate is None else "MET" if rate >= 100 else "NEAR" if rate >= 90 else "NOT_MET"
    return {"target": target, "actual": shown(actual, places), "rate_percent": shown(rate, 1),
            "status": "METRIC_STATUS_" + status}


def trainings(year, kind):
    return sum(count["count"] for a in year.by_do["training.hold"] for count in a["headcounts"]
               if count["kind"] == "HEADCOUNT_KIND_" + kind)


def adopted(year):
    measures = {a["recommendation"] for a in year.by_do["engagement.recordAdoption"]
                if a["outcome"] == "ADOPTION_OUTCOME_ADOPTED"}
    return len(measures), len({key[:4] for key in measures})


def compute(year):
    done, absent, cancelled, types = sessions(year)
    members, people, completed, held = groups(year)
    kept, either = ["SAME_EMPLOYER", "ON_STATUTORY_LEAVE"], ["SAME_EMPLOYER",
                                                             "ON_STATUTORY_LEAVE", "OTHER_EMPLOYER"]
    timely, managed = plans_on_time(year)
    closed = closings(year)
    for last, count in ((date(2024, 6, 30), 24), (date(2024, 9, 30), 45), (LAST_DAY, 56)):
        assert sum(day <= last for day in closed.values()) == count
    firms = {a["engagement"] for do in ("engagement.recordVisit", "training.plan")
             for a in year.by_do[do]}
    measures, adopters = adopted(year)
    actual = {
        "A08": len(year.by_do["case.takeIn"]), "A09": len(done),
        "A10": len(year.by_do["group.start"]), "A11": len(people), "A12": held,
        "A13": len(firms), "A14": len(year.by_do["training.hold"]),
        "A15": trainings(year, "COMPLETERS"), "A16": len(year.by_do["engagement.recordVisit"]),
        "A17": percent(*retention(year, 3, kept)), "A18": percent(*retention(year, 6, kept)),
        "A19": percent(*retention(year, 12, kept)), "A22": percent(timely, managed)}
    employed = [a for a in year.by_do["case.askClosure"] if a.get("employed")]
    ratios = {"A17", "A18", "A19", "A22"}
    targets = {t["indicator"]: t["value"] for t in year.load("targets.json")["targets"]}
    return {
        "actions": {do: len(actions) for do, actions in year.by_do.items()},
        "metrics": {code: metric(target, actual[code], 1 if code in ratios else 0)
                    for code, target in targets.items()},
        "other_indicators": {
            "A08-MANAGED": str(managed), "A08-SIGNED": str(len(year.by_do["plan.sign"])),
            "A08-CLOSED": str(len(closed)), "A08-EMPLOYED": str(len(employed)),
            **{"A09-" + t.removeprefix("SESSION_TYPE_").replace("_", "-"): str(n)
               for t, n in types.items()},
            "A09-ABSENT": str(len(absent)), "A09-CANCELLED": str(len(cancelled)),
            "A11-MEMBERSHIPS": str(len(members)), "A11-COMPLETERS": str(len(completed)),
            "A15-ATTENDEES": str(trainings(year, "TOTAL")), "A16-MEASURES": str(measures),
            "A16-ADOPTERS": str(adopters),
            "A17-CONTINUITY": shown(percent(*retention(year, 3, either)), 1),
            "A18-CONTINUITY": shown(percent(*retention(year, 6, either)), 1)},
        "funnels": {"WINK-LINK": [actual["A08"], int(managed), len(year.by_do["plan.sign"]),
                                  len(employed)]},
        **reminders(year, closed)}


def check_neutral(year):
    """Whoever sees a message learns that there is an appointment, and nothing of counselling."""
    for template in year.load("templates.json")["templates"]:
        words = json.dumps(template, ensure_ascii=False)
        for word in ("상담", "심리", "경력단절", "윙크", "counsel", "psycholog", "{{organization}}"):
            assert word not in words, (template["id"], word)
    told = [r for r in year.load("rules.json")["rules"] if r["template"] == "templates/APPOINTMENT"]
    assert [rule["audience"] for rule in told] == [["appointment.person_id"]]


def main():
    folder = Path(sys.argv[1])
    year = IncheonYear(folder)
    check_neutral(year)
    computed = compute(year)
    if "--print" in sys.argv:
        print(json.dumps(computed, ensure_ascii=False, indent=2))
        return 0
    from check_bsn_2023 import differences
    written = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    wrong = list(differences("", {k: written.get(k) for k in computed}, computed))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
