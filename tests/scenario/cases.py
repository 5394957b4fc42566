"""The sets of firms and the special dates that this year must contain."""
from collections import Counter, defaultdict
from datetime import timedelta

from outcomes import grade
from year import HOLIDAYS, nine_o_clock


def firms(*spans):
    """firms(1, (3, 5)) -> {'G001', 'G003', 'G004', 'G005'}"""
    numbers = []
    for span in spans:
        numbers += range(span[0], span[1] + 1) if isinstance(span, tuple) else [span]
    return {f"G{number:03d}" for number in numbers}


def check_sets(year):
    def seen(do, task):
        return year.firms_of(do, task)

    fate, _ = year.enrolled()
    by_state = defaultdict(set)
    for key, state in fate.items():
        by_state[state].add(year.firm({"application": key}))
    counted = by_state["CONFIRMED"]
    assert seen("engagement.open", "TASK_KIND_CAMPAIGN") == firms((1, 41))
    assert seen("engagement.recordVisit", "TASK_KIND_CAMPAIGN") == firms((1, 33))
    assert seen("application.receive", "TASK_KIND_CAMPAIGN") == firms((1, 26))
    assert counted == firms((1, 24))
    assert by_state["DENIED"] == {"G025"} and by_state["WITHDRAWN"] == {"G026"}
    assert {a["organization"] for a in year.by_do["enrolment.activate"]} == counted
    assert {a["organization"] for a in year.by_do["enrolment.complete"]} == counted

    incentive = seen("application.forward", "TASK_KIND_INCENTIVE")
    assert seen("engagement.open", "TASK_KIND_INCENTIVE") == firms(23, 24, (42, 50))
    assert seen("engagement.recordVisit", "TASK_KIND_INCENTIVE") == firms(23, 24, (42, 48))
    assert seen("application.draft", "TASK_KIND_INCENTIVE") == firms(23, 24, (42, 46))
    assert incentive == firms(23, 24, (42, 45))
    results = {year.firm(a): (a.get("score"), grade(a.get("score")))
               for a in year.by_do["application.externalResult"]}
    assert results == {
        "G023": ("742", "SS"), "G024": ("655", "S"), "G042": ("600", "S"),
        "G043": ("599.5", "A"), "G044": ("499", "NONE"), "G045": (None, None)}
    assert {year.firm(a) for a in year.by_do["application.externalResult"]
            if a["outcome"] == "EXTERNAL_OUTCOME_SELECTED"} == incentive - {"G045"}

    focus = seen("engagement.complete", "TASK_KIND_FOCUS_CONSULTING")
    assert seen("engagement.open", "TASK_KIND_FOCUS_CONSULTING") == firms(22, 45, (51, 56))
    assert focus == firms(22, 45, (51, 54))
    assert seen("engagement.recordVisit", "TASK_KIND_FOCUS_CONSULTING") == focus
    assert seen("engagement.adoptScheme", "TASK_KIND_FOCUS_CONSULTING") == focus - {"G054"}
    visits = Counter(year.firm(v) for v in year.visits.values()
                     if v["held"] and year.engagement(v)["task"] == "TASK_KIND_FOCUS_CONSULTING")
    assert visits == Counter({firm: 3 for firm in focus})

    assert len(counted | incentive | focus) == 32
    assert len(counted) + len(incentive) + len(focus) == 36
    return counted, incentive, focus


def check_special_cases(year):
    found = Counter()
    for visit in year.visits.values():
        planned, first, _ = visit["slots"][0]
        day = visit["slots"][-1][1].date()
        if visit["held"]:
            found["on a Monday"] += day.weekday() == 0
            found["the day after a holiday"] += day - timedelta(days=1) in HOLIDAYS
            found["minutes after D+7"] += visit["report"] >= nine_o_clock(day, 7)
            found["minutes on the morning of D+7, in time"] += (
                visit["report"].date() == day + timedelta(days=7)
                and visit["report"] < nine_o_clock(day, 7))
        found["planned at D-2"] += (first.date() - planned.date()).days == 2
        found["planned after D-1"] += planned > nine_o_clock(first.date(), -1)
        for (_, old, _), (moved, new, _) in zip(visit["slots"], visit["slots"][1:]):
            d3, d1 = nine_o_clock(old.date(), -3), nine_o_clock(old.date(), -1)
            found["moved before D-3"] += moved < d3
            found["moved after D-3, before D-1"] += d3 < moved < d1
            found["moved after D-1"] += moved > d1
            found["moved so near that D-3 is past"] += moved > nine_o_clock(new.date(), -3)
        found["moved twice"] += len(visit["slots"]) == 3
        if visit["cancelled"]:
            found["cancelled before D-3"] += visit["cancelled"] < nine_o_clock(day, -3)
            found["cancelled after D-3"] += visit["cancelled"] > nine_o_clock(day, -3)
    silent = {"cancelled after D-3"}
    missing = [name for name, count in found.items() if (count == 0) != (name in silent)]
    assert not missing, (missing, found)
    return found
