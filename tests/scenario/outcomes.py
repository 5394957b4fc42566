"""What must come out of a year: reminders, figures, funnels and final states.

Reminders are worked out from intervals between the dates of a thing, not by replaying events.
"""
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from year import TASKS, instant, intervals, nine_o_clock

RULES = ["VISIT-D-3", "VISIT-D-1", "VISIT-REPORT-D7", "WINDOW-D-7", "WINDOW-D-1",
         "ENROLMENT-CONFIRMED"]
NOTICE = "change notice"


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
            outcomes.append("released")
        else:
            outcomes.append("open")
    return outcomes


def expected_reminders(year):
    rows = {rule: Counter() for rule in RULES}
    messages = Counter()  # by (rule, person)
    for visit in year.visits.values():
        contact = visit["contact"]
        told = [visit_reminder(visit, -3), visit_reminder(visit, -1)]
        for rule, outcomes in zip(["VISIT-D-3", "VISIT-D-1"], told):
            rows[rule]["released"] += outcomes.count("released")
            rows[rule]["skipped"] += outcomes.count("skipped")
            rows[rule]["cancelled"] += outcomes[-1] == "open"
            messages[rule, contact] += outcomes.count("released")
        for move in range(1, len(visit["slots"])):
            if any("released" in outcomes[:move] for outcomes in told):
                messages[NOTICE, contact] += 1
        if visit["held"]:
            late = visit["report"] >= nine_o_clock(visit["held"][1], 7)
            rows["VISIT-REPORT-D7"]["released" if late else "cancelled"] += 1
            messages["VISIT-REPORT-D7", visit["consultant"]] += late
    window_reminders(year, rows, messages)
    _, confirmed = year.enrolled()
    for key in confirmed:
        rows["ENROLMENT-CONFIRMED"]["released"] += 1
        contact = year.engagement({"application": key})["contact_person"]
        messages["ENROLMENT-CONFIRMED", contact] += 1
    return rows, messages


def window_reminders(year, rows, messages):
    left_draft = {a["application"]: instant(a["at"])
                  for do in ("application.withdraw", "application.submit") for a in year.by_do[do]}
    for key, form in year.applications.items():
        engagement = year.engagement(form)
        end = instant(year.campaigns[engagement["campaign"]]["window"]["end_time"]).date()
        for rule, offset in (("WINDOW-D-7", -7), ("WINDOW-D-1", -1)):
            due = nine_o_clock(end, offset)
            if due < instant(form["at"]):
                rows[rule]["skipped"] += 1
            elif left_draft[key] < due:
                rows[rule]["cancelled"] += 1
            else:
                rows[rule]["released"] += 1
                messages[rule, engagement["contact_person"]] += 1
                messages[rule, engagement["consultant"]] += 1


def grade(score):
    """Half-open bounds on the unrounded score; no score, no grade."""
    if score is None:
        return None
    bounds = [(700, "SS"), (600, "S"), (500, "A")]
    return next((name for least, name in bounds if Decimal(score) >= least), "NONE")


def metric(target, actual):
    """The printed rate is rounded, the status goes by the unrounded one."""
    if not target:
        return {"target": "", "actual": str(actual), "rate_percent": "",
                "status": "METRIC_STATUS_NONE"}
    rate = Decimal(actual) / Decimal(target) * 100
    status = "MET" if rate >= 100 else "NEAR" if rate >= 90 else "NOT_MET"
    shown = rate.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return {"target": target, "actual": str(actual), "rate_percent": str(shown),
            "status": "METRIC_STATUS_" + status}


def keys_by_indicator(year, counted, incentive, focus):
    """The distinct keys that each indicator must find."""
    def firms(do, task):
        return year.firms_of(do, "TASK_KIND_" + task)

    return {
        "B04": counted, "B05": incentive, "B06": focus,
        "B23": firms("engagement.adoptScheme", "FOCUS_CONSULTING"),
        "B25": counted | incentive | focus,
        "B04-LEADS": firms("engagement.open", "CAMPAIGN"),
        "B04-VISITED": firms("engagement.recordVisit", "CAMPAIGN"),
        "B04-FORMS": firms("application.receive", "CAMPAIGN"),
        "B05-LEADS": firms("engagement.open", "INCENTIVE"),
        "B05-VISITED": firms("engagement.recordVisit", "INCENTIVE"),
        "B05-DRAFTED": firms("application.draft", "INCENTIVE"),
        "B06-CANDIDATES": firms("engagement.open", "FOCUS_CONSULTING"),
        "B06-VISITED": firms("engagement.recordVisit", "FOCUS_CONSULTING"),
        "B06-VISITS": {
            key for key, visit in year.visits.items()
            if visit["held"] and year.engagement(visit)["task"] == "TASK_KIND_FOCUS_CONSULTING"},
    }


def compute_expected(year, sets):
    keys = keys_by_indicator(year, *sets)
    assert set(keys) == {i["id"] for i in year.load("indicators.json")["indicators"]}
    targets = {t["indicator"]: t["value"] for t in year.load("targets.json")["targets"]}
    funnels = {
        f["id"]: [len(keys[step.removeprefix("indicators/")]) for step in f["steps"]]
        for f in year.load("funnels.json")["funnel_definitions"]}
    return {
        "actions": {do: len(actions) for do, actions in year.by_do.items()},
        "visits": {task: visit_counts(year, task) for task in TASKS},
        **reminders_and_messages(year),
        "metrics": {code: metric(target, len(keys[code])) for code, target in targets.items()},
        "other_indicators": {c: str(len(k)) for c, k in keys.items() if c not in targets},
        "funnels": funnels,
        "external_results": external_results(year),
        "final_states": final_states(year),
    }


def reminders_and_messages(year):
    rows, messages = expected_reminders(year)
    reminders = {}
    for rule in RULES:
        ends = {end: rows[rule][end] for end in ("released", "skipped", "cancelled")}
        sent = sum(count for (r, _), count in messages.items() if r == rule)
        reminders[rule] = {"planned": sum(ends.values()), **ends, "messages": sent}
    total, roles, languages = 0, Counter(), Counter()
    for (_, person), count in messages.items():
        total += count
        roles[year.role(person)] += count
        languages[year.people[person]["preferred_language"]] += count
    return {
        "reminders": reminders,
        "change_notices": sum(count for (rule, _), count in messages.items() if rule == NOTICE),
        "messages": {
            "total": total,
            "to_firm_contacts": roles["CONTACT"], "to_consultants": roles["CONSULTANT"],
            "in_korean": languages["LANGUAGE_KO"], "in_english": languages["LANGUAGE_EN"],
        },
    }


def visit_counts(year, task):
    visits = [v for v in year.visits.values() if year.engagement(v)["task"] == task]
    return {
        "planned": len(visits), "moves": sum(len(v["slots"]) - 1 for v in visits),
        "cancelled": sum(bool(v["cancelled"]) for v in visits),
        "held": sum(bool(v["held"]) for v in visits),
    }


def external_results(year):
    results = year.by_do["application.externalResult"]
    grades = Counter("GRADE_" + (grade(a.get("score")) or "UNSPECIFIED") for a in results)
    return {"outcomes": dict(Counter(a["outcome"] for a in results)), "grades": dict(grades)}


ENGAGEMENT_STEPS = {
    "open": "LEAD", "contact": "CONTACTED", "planVisit": "VISIT_PLANNED", "recordVisit": "VISITED",
    "diagnose": "DIAGNOSED", "agreePlan": "PLAN_AGREED", "start": "IN_PROGRESS",
    "reportResult": "RESULT_REPORTED", "complete": "COMPLETED", "decline": "DECLINED",
    "drop": "DROPPED"}
FORM_STEPS = {
    "draft": "DRAFT", "submit": "SUBMITTED", "receive": "RECEIVED", "forward": "FORWARDED",
    "externalResult": "RESULT_RECORDED", "withdraw": "WITHDRAWN"}


def engagement_end(year, key):
    """The furthest step; a campaign form's receipt and an incentive form's hand-over complete."""
    order = list(ENGAGEMENT_STEPS.values())
    completing = {"TASK_KIND_CAMPAIGN": "receive", "TASK_KIND_INCENTIVE": "forward"}
    state = "LEAD"
    for action in year.actions:
        room, verb = action["do"].split(".")
        if room not in ("engagement", "application") or year.engagement(action)["key"] != key:
            continue
        if room == "engagement":
            state = max(state, ENGAGEMENT_STEPS.get(verb, state), key=order.index)
        elif completing[year.engagements[key]["task"]] == verb:
            state = "COMPLETED"
    return state


def final_states(year):
    """Where every engagement, form and enrolment stands at the cut-off."""
    engagements = {task: Counter() for task in TASKS}
    for key, engagement in year.engagements.items():
        engagements[engagement["task"]]["ENGAGEMENT_STATE_" + engagement_end(year, key)] += 1
    forms = {}
    for action in year.actions:
        room, verb = action["do"].split(".")
        if room == "application" and verb in FORM_STEPS:
            forms[action.get("application") or action["key"]] = FORM_STEPS[verb]
    fate, _ = year.enrolled()
    verdicts = {"CONFIRMED": "ELIGIBLE", "DENIED": "INELIGIBLE", "WITHDRAWN": "WITHDRAWN"}
    forms.update({key: verdicts[state] for key, state in fate.items()})
    enrolments = Counter("COMPLETED" if state == "CONFIRMED" else state for state in fate.values())
    return {
        "engagements": {task: dict(states) for task, states in engagements.items()},
        "applications": dict(Counter("APPLICATION_STATE_" + state for state in forms.values())),
        "enrolments": {"ENROLMENT_STATE_" + state: count for state, count in enrolments.items()},
    }
