"""What the rules of scenarios/inc-2024 must send, computed from the actions."""
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from timetable_days import on_business
from year import instant, nine_o_clock

CUT_OFF = instant("2025-01-10T18:00:00+09:00")
FAR = CUT_OFF + timedelta(days=9999)


class Plan:
    """Rows by rule and how they ended, messages by recipient, change notices."""

    def __init__(self):
        self.rows, self.messages, self.notices = defaultdict(Counter), Counter(), Counter()

    def row(self, rule, people, opened, due, ended=FAR, late_too=False):
        """Opened at an instant, due at another, cancelled at a third; True when it was sent."""
        if due < opened and not late_too:
            end = "skipped"
        elif ended <= max(due, opened):
            end = "cancelled"
        else:
            end = "released" if max(due, opened) <= CUT_OFF else "pending"
        self.rows[rule][end] += 1
        if end == "released":
            self.messages.update((rule, person) for person in people)
        return end == "released"


def appointment(plan, person, booked, days, cancelled=FAR):
    """`days`: the day it had first and those it was moved to, each with the instant of the move."""
    rule, sent, opened, row_open = "APPOINTMENT-D-1", False, booked, None
    for place, (moved, day) in enumerate(days):
        due = nine_o_clock(day, -1)
        next_move = days[place + 1][0] if place + 1 < len(days) else FAR
        if place and sent:
            plan.notices[person] += 1
        if row_open is None or sent:
            row_open = True
            opened = moved
        if next_move <= due and next_move < cancelled:
            continue  # the same row gets the next day
        sent = plan.row(rule, [person], opened, due, cancelled)


def appointments(year, plan):
    person_of = {a["key"]: a["person"] for a in year.by_do["case.open"]}
    planned = {a["key"]: a for a in year.by_do["session.plan"]}
    cancelled = {a["session"]: a["time"] for a in year.by_do["session.cancel"]}
    moves = {a["session"]: (a["time"], instant(a["start_time"]).date())
             for a in year.by_do["session.move"]}
    for action in year.by_do["session.book"]:
        key = action["session"]
        days = [(action["time"], instant(planned[key]["start_time"]).date())]
        days += [moves[key]] if key in moves else []
        appointment(plan, person_of[planned[key]["case"]], action["time"], days,
                    cancelled.get(key, FAR))
    group_appointments(year, plan)


def group_appointments(year, plan):
    members = {a["key"]: a for a in year.by_do["group.invite"]}
    cancelled = {(a["group"], a["number"]): a["time"] for a in year.by_do["group.cancelSession"]}
    for action in year.by_do["group.join"]:
        member = members[action["member"]]
        rule = next(a for a in year.by_do["group.planSessions"] if a["group"] == member["group"])
        for number, day in enumerate(days_of(rule), start=1):
            appointment(plan, member["person"], action["time"], [(action["time"], day)],
                        cancelled.get((member["group"], number), FAR))


def days_of(rule):
    first = instant(rule["start_time"]).date()
    weeks = int(rule["recurrence"].rpartition("COUNT=")[2])
    days = [first + timedelta(days=7 * week) for week in range(weeks)]
    return [day for day in days if day.isoformat() not in rule["except_dates"]]


def task(plan, case, opened, dues, ended):
    """`dues`: (instant from which it holds, day)."""
    rule, sent = "TASK-D-3", False
    for place, (since, day) in enumerate(dues):
        due = nine_o_clock(day, -3)
        following = dues[place + 1][0] if place + 1 < len(dues) else FAR
        if place == 0:
            begun = opened
        elif sent:
            begun = since
        if following <= due and following < ended:
            continue
        sent = plan.row(rule, [case["manager"]], begun, due, ended)
    last = dues[-1][1]
    if ended > nine_o_clock(last, 1) and nine_o_clock(last, 1) <= CUT_OFF:
        plan.row("TASK-OVERDUE", [case["manager"], case["supervisor"]], nine_o_clock(last, 1),
                 nine_o_clock(last, 1), ended)


def tasks(year, plan, closed):
    cases = {a["key"]: a for a in year.by_do["case.open"]}
    closing = {a["case"]: a["time"] for a in year.by_do["case.close"]}
    drafts = {a["case"]: a for a in year.by_do["plan.draft"]}
    by_plan = {a["key"]: a["case"] for a in year.by_do["plan.draft"]}
    items = {a["key"]: a["case"] for a in year.by_do["conference.addCase"]}
    classified = {items[a["item"]]: a["time"].date() for a in year.by_do["conference.classify"]}
    signed = {by_plan[a["plan"]]: a["time"] for a in year.by_do["plan.sign"]}
    recorded = {by_plan[a["plan"]]: a["time"] for a in year.by_do["plan.recordAction"]}
    for action in year.by_do["case.takeIn"]:
        key = action["case"]
        legal = on_business(action["time"].date() + timedelta(days=30))
        dues = [(action["time"], legal)]
        if key in drafts:
            day = min(legal, classified[key] + timedelta(days=15))
            if day != legal:
                dues.append((drafts[key]["time"], day))
        task(plan, cases[key], action["time"], dues, min(signed.get(key, FAR),
                                                         closing.get(key, FAR)))
    for key, at in signed.items():
        due = date.fromisoformat(drafts[key]["actions"][0]["due_date"])
        task(plan, cases[key], at, [(at, due)], min(recorded[key], closing.get(key, FAR)))
    checks(year, plan, cases, closed, closing)


def checks(year, plan, cases, closed, closing):
    from check_inc_2024 import months_later
    found = {(a["case"], a["months"]): a["time"] for a in year.by_do["retention.record"]}
    for action in year.by_do["case.askClosure"]:
        key = action["case"]
        if not action.get("employed"):
            continue
        for months in (3, 6, 12):
            due = months_later(closed[key], months)
            task(plan, cases[key], closing[key], [(closing[key], due)],
                 found.get((key, months), FAR))


def at_once(plan, rule, people, at):
    plan.row(rule, people, at, at)


def alarms(year, plan):
    """A crisis, and two absences in a row."""
    cases = {a["key"]: a for a in year.by_do["case.open"]}
    for action in year.by_do["assessment.record"]:
        if sum(factor["severity"] for factor in action["factors"]) * 100 >= 75 * 24:
            at_once(plan, "CRISIS", [cases[action["case"]]["supervisor"]], action["time"])
    case_of = {a["key"]: a["case"] for a in year.by_do["session.plan"]}
    in_a_row = Counter()
    for action in sorted(year.by_do["session.record"] + year.by_do["session.recordAbsence"],
                         key=lambda a: (year.sessions[a["session"]]["day"], a["time"])):
        case = case_of[action["session"]]
        in_a_row[case] = in_a_row[case] + 1 if action["do"] == "session.recordAbsence" else 0
        if in_a_row[case] == 2:
            at_once(plan, "ABSENT-TWICE", [cases[case]["manager"]], action["time"])
    coach = {a["key"]: a["coach"] for a in year.by_do["group.form"]}
    missed = Counter()
    for action in year.by_do["group.holdSession"]:
        for one in action["attendances"]:
            here = one["state"] == "GROUP_ATTENDANCE_STATE_PRESENT"
            missed[one["member"]] = 0 if here else missed[one["member"]] + 1
            if missed[one["member"]] == 2:
                at_once(plan, "GROUP-ABSENT-TWICE", [coach[action["group"]]], action["time"])


def reminders(year, closed):
    plan = Plan()
    appointments(year, plan)
    tasks(year, plan, closed)
    alarms(year, plan)
    counts = {}
    for rule in [r["id"] for r in year.load("rules.json")["rules"]]:
        ends = {end: plan.rows[rule][end] for end in ("released", "skipped", "cancelled")}
        pending = plan.rows[rule]["pending"]
        counts[rule] = {"planned": sum(ends.values()) + pending, **ends,
                        **({"pending": pending} if pending else {}),
                        "messages": sum(n for (r, _), n in plan.messages.items() if r == rule)}
    everybody = Counter()
    for (_, person), count in plan.messages.items():
        everybody[person] += count
    everybody.update(plan.notices)
    languages = Counter()
    for person, count in everybody.items():
        languages[year.people[person]["preferred_language"]] += count
    # Whoever is no consultant is counted with the contacts.
    consultants = sum(count for person, count in everybody.items()
                      if year.people[person].get("affiliation", {}).get("role", "").endswith("_CONSULTANT"))
    return {"reminders": counts, "change_notices": sum(plan.notices.values()),
            "messages": {"total": sum(everybody.values()),
                         "to_firm_contacts": sum(everybody.values()) - consultants,
                         "to_consultants": consultants,
                         "in_korean": languages["LANGUAGE_KO"],
                         "in_english": languages["LANGUAGE_EN"]}}
