"""What must come out of a year: reminders, figures, funnels and final states.

Reminders are worked out from intervals between the dates of a thing, not by replaying events.
"""
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from year import TASKS, instant, intervals, nine_o_clock

RULES = ["visit-d3", "visit-d1", "visit-changed", "visit-report-d7", "window-d7", "window-d1",
         "enrolment-confirmed"]


def visit_reminder(visit, offset_days):
    """What becomes of one reminder of one visit: the dates of the visit cut time into intervals.

    Within an interval the date stands still, so the reminder either came too late (its instant was
    over when the interval began), went out in it, or stayed open to its end. Rows that went out or
    came too late are final; an open one lives on into the next interval.
    """
    outcomes = []
    for begins, ends, start, _ in intervals(visit):
        due = nine_o_clock(start.date(), offset_days)
        if due < begins:
            outcomes.append("skipped")
        elif ends is None or due < ends:
            outcomes.append("handed_over")
        else:
            outcomes.append("open")
    return outcomes


def expected_reminders(year):
    rows = {rule: Counter() for rule in RULES}
    messages = Counter()  # by (rule, person)
    for visit in year.visits.values():
        contact = visit["contact"]
        told = [visit_reminder(visit, -3), visit_reminder(visit, -1)]
        for rule, outcomes in zip(["visit-d3", "visit-d1"], told):
            rows[rule]["handed_over"] += outcomes.count("handed_over")
            rows[rule]["skipped"] += outcomes.count("skipped")
            rows[rule]["cancelled"] += outcomes[-1] == "open"
            messages[rule, contact] += outcomes.count("handed_over")
        for move in range(1, len(visit["slots"])):
            if any("handed_over" in outcomes[:move] for outcomes in told):
                rows["visit-changed"]["handed_over"] += 1
                messages["visit-changed", contact] += 1
        if visit["held"]:
            late = visit["report"] >= nine_o_clock(visit["held"][1], 7)
            rows["visit-report-d7"]["handed_over" if late else "cancelled"] += 1
            messages["visit-report-d7", visit["consultant"]] += late
    window_reminders(year, rows, messages)
    _, confirmed = year.enrolled()
    for key in confirmed:
        rows["enrolment-confirmed"]["handed_over"] += 1
        messages["enrolment-confirmed", year.applications[key]["contact"]] += 1
    return rows, messages


def window_reminders(year, rows, messages):
    left_draft = {a["application"]: instant(a["at"])
                  for do in ("application.withdraw", "application.submit") for a in year.by_do[do]}
    for key, form in year.applications.items():
        end = instant(year.campaigns[form["campaign"]]["window"]["end_time"]).date()
        for rule, offset in (("window-d7", -7), ("window-d1", -1)):
            due = nine_o_clock(end, offset)
            if due < instant(form["at"]):
                rows[rule]["skipped"] += 1
            elif left_draft[key] < due:
                rows[rule]["cancelled"] += 1
            else:
                rows[rule]["handed_over"] += 1
                messages[rule, form["contact"]] += 1
                messages[rule, form["consultant"]] += 1


def grade(score):
    """Half-open bounds on the unrounded score; no score, no grade."""
    if score is None:
        return None
    bounds = [(700, "SS"), (600, "S"), (500, "A")]
    return next((name for least, name in bounds if Decimal(score) >= least), "NONE")


def indicator(target, actual):
    if target is None:
        return {"target": None, "actual": str(actual), "rate": None, "status": None}
    rate = Decimal(actual) / Decimal(target) * 100
    status = "MET" if rate >= 100 else "NEAR" if rate >= 90 else "NOT"
    shown = rate.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return {"target": target, "actual": str(actual), "rate": str(shown), "status": status}


def compute_expected(year, sets):
    counted, incentive, focus = sets
    adopting = year.firms_of("engagement.adoptScheme", "FOCUS_CONSULTING")
    actuals = {"B04": counted, "B05": incentive, "B06": focus, "B23": adopting,
               "B25": counted | incentive | focus}
    targets = {t["indicator"]: t["value"] for t in year.load("targets.json")["targets"]}
    rows, messages = expected_reminders(year)
    reminders = {}
    for rule in RULES:
        kinds = {kind: rows[rule][kind] for kind in ("handed_over", "skipped", "cancelled")}
        sent = sum(count for (r, _), count in messages.items() if r == rule)
        reminders[rule] = {"planned": sum(kinds.values()), **kinds, "messages": sent}
    languages, roles = Counter(), Counter()
    for (_, person), count in messages.items():
        roles[year.role(person)] += count
        languages[year.people[person]["preferred_language"]] += count
    return {
        "actions": {do: len(actions) for do, actions in sorted(year.by_do.items())},
        "reminders": reminders,
        "messages": {
            "total": sum(messages.values()),
            "to_firm_contacts": roles["CONTACT"], "to_consultants": roles["CONSULTANT"],
            "in_korean": languages["KO"], "in_english": languages["EN"],
        },
        "indicators": {code: indicator(targets[code], len(keys)) for code, keys in actuals.items()},
        "external_results": external_results(year),
        "funnels": funnels(year, counted, incentive, focus, adopting),
        "visits": {task: visit_counts(year, task) for task in TASKS},
        "final_states": final_states(year),
    }


def visit_counts(year, task):
    visits = [v for v in year.visits.values() if year.engagement(v)["task"] == task]
    return {
        "planned": len(visits), "moves": sum(len(v["slots"]) - 1 for v in visits),
        "cancelled": sum(bool(v["cancelled"]) for v in visits),
        "held": sum(bool(v["held"]) for v in visits),
    }


def funnels(year, counted, incentive, focus, adopting):
    def count(do, task):
        return len(year.firms_of(do, task))

    return {
        "campaign": {
            "leads": count("engagement.open", "CAMPAIGN"),
            "visited": count("engagement.recordVisit", "CAMPAIGN"),
            "forms_received": count("application.receive", "CAMPAIGN"), "enrolled": len(counted)},
        "incentive": {
            "leads": count("engagement.open", "INCENTIVE"),
            "visited": count("engagement.recordVisit", "INCENTIVE"),
            "drafted": count("application.draft", "INCENTIVE"), "receipt_numbers": len(incentive)},
        "focus-consulting": {
            "candidates": count("engagement.open", "FOCUS_CONSULTING"),
            "visited": count("engagement.recordVisit", "FOCUS_CONSULTING"),
            "completed": len(focus), "adopting": len(adopting)},
    }


def external_results(year):
    results = year.by_do["application.externalResult"]
    grades = Counter(grade(a["score"]) for a in results if "score" in a)
    return {"outcomes": dict(Counter(a["outcome"] for a in results)), "grades": dict(grades)}


def final_states(year):
    """Where every engagement, form and enrolment stands at the cut-off."""
    engagement_states = {
        "contact": "CONTACTED", "planVisit": "VISIT_PLANNED", "recordVisit": "VISITED",
        "diagnose": "DIAGNOSED", "agreePlan": "PLAN_AGREED", "start": "IN_PROGRESS",
        "reportResult": "RESULT_REPORTED", "complete": "COMPLETED", "decline": "DECLINED",
        "drop": "DROPPED", "receive": "COMPLETED", "forward": "COMPLETED"}
    at_end = {key: "LEAD" for key in year.engagements}
    order = list(dict.fromkeys(["LEAD", *engagement_states.values()]))
    for action in year.actions:
        verb = action["do"].split(".")[1]
        if action["do"].startswith(("engagement.", "application.")) and verb in engagement_states:
            key = year.engagement(action)["key"]
            at_end[key] = max(at_end[key], engagement_states[verb], key=order.index)
    forms = {}
    fate, _ = year.enrolled()
    verbs = {"draft": "DRAFT", "submit": "SUBMITTED", "forward": "FORWARDED",
             "externalResult": "RESULT_RECORDED", "withdraw": "WITHDRAWN"}
    for action in year.actions:
        verb = action["do"].split(".")[1]
        if action["do"].startswith("application.") and verb != "receive":
            forms[action.get("application") or action["key"]] = verbs[verb]
    for key, state in fate.items():
        if state != "WITHDRAWN":
            forms[key] = "ELIGIBLE" if state == "CONFIRMED" else "INELIGIBLE"
    enrolments = Counter("COMPLETED" if state == "CONFIRMED" else state for state in fate.values())
    return {
        "engagements": {
            task: dict(Counter(s for k, s in at_end.items() if year.engagements[k]["task"] == task))
            for task in TASKS},
        "applications": dict(Counter(forms.values())),
        "enrolments": dict(enrolments),
    }
