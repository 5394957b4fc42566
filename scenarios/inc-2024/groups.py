"""W-ink (위윙크): six groups, 47 memberships of 45 people, 29 of 30 sessions."""
from datetime import date, time, timedelta

from cases import consent
from timetable import EVENING, MORNING, business, stamp

# First session, weeks of the rule, weeks without one; W6's third session is cancelled.
TIMES = {"W1": (date(2024, 6, 24), 5, []), "W2": (date(2024, 7, 2), 5, []),
         "W3": (date(2024, 7, 10), 5, []), "W4": (date(2024, 8, 1), 6, [date(2024, 8, 15)]),
         "W5": (date(2024, 8, 23), 5, []),
         "W6": (date(2024, 9, 4), 7, [date(2024, 9, 18), date(2024, 10, 9)])}
MEMBERS = {"W1": [*range(52, 59), 70], "W2": [*range(59, 67)],
           "W3": [67, 68, 69, 71, 72, 73, 74, 81], "W4": [70, *range(75, 81), 82],
           "W5": [*range(83, 91)], "W6": [81, *range(91, 97)]}
CANCELLED = ("W6", 3)
# Sessions that somebody missed. Of five sessions four complete; the first four people do not, and
# two of them miss two in a row.
MISSED = {("W1", 53): [2, 3], ("W2", 60): [3, 4], ("W3", 68): [1, 4], ("W5", 84): [2, 5],
          ("W1", 55): [4], ("W2", 63): [1], ("W3", 73): [5], ("W4", 77): [2], ("W4", 82): [3],
          ("W5", 88): [4]}


def days_of(group):
    first, weeks, without = TIMES[group]
    days = [first + timedelta(days=7 * week) for week in range(weeks)]
    return [day for day in days if day not in without]


def form(table, group, place):
    first, weeks, without = TIMES[group]
    begun = business(first, -12)
    table.add(begun, MORNING, "group.form", key=group, code=group, label=f"위윙크 {place}모임",
              line_code="INC-3", centre=f"C{place:02}", need_codes=["RF09"], coach=f"COA{place}")
    table.add(begun, MORNING, "group.planSessions", group=group,
              recurrence=f"FREQ=WEEKLY;COUNT={weeks}", start_time=stamp(first, time(14)),
              minutes=120, except_dates=[day.isoformat() for day in without])
    table.add(begun, MORNING, "group.open", group=group)
    for number in MEMBERS[group]:
        key = f"{group}-P{number:04}"
        table.add(business(begun, 1), MORNING, "group.invite", key=key, group=group,
                  person=f"P{number:04}")
        table.add(business(begun, 2), MORNING, "group.join", member=key)
    table.add(business(first, -1), EVENING, "group.start", group=group)


def meet(table, group):
    days = days_of(group)
    for number, day in enumerate(days, start=1):
        if (group, number) == CANCELLED:
            table.add(business(day, -2), MORNING, "group.cancelSession", group=group,
                      number=number, reason="GROUP_SESSION_CANCEL_REASON_COACH")
            continue
        table.add(day, EVENING, "group.holdSession", group=group, number=number, attendances=[
            {"member": f"{group}-P{one:04}", "state": "GROUP_ATTENDANCE_STATE_" + (
                "UNEXCUSED" if number in MISSED.get((group, one), []) else "PRESENT")}
            for one in MEMBERS[group]])
    table.add(business(days[-1], 1), MORNING, "group.complete", group=group)


def make(table, taken_in):
    """`taken_in`: people who are supported one by one, too, and the day of their intake."""
    asked = set()
    for place, group in enumerate(TIMES, start=1):
        joins = business(business(TIMES[group][0], -12), 2)
        for number in MEMBERS[group]:
            if number in asked or taken_in.get(number, date.max) < joins:
                continue
            asked.add(number)
            consent(table, f"P{number:04}", "COLLECTION", joins)
        form(table, group, place)
        meet(table, group)
    people = {number for members in MEMBERS.values() for number in members}
    assert len(people) == 45 and sum(map(len, MEMBERS.values())) == 47
