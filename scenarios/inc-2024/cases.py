"""Wink-link (윙크링크): 63 people, their cases from the first call to retention, 253 sessions."""
from collections import Counter
from datetime import date, time, timedelta

from timetable import EVENING, MORNING, business, months_later, on_business, stamp

# Day of intake of each month, and how many then; P0017 and the one of 19 August come on days of
# their own, so that a plan is due on a holiday.
INTAKES = [(date(2024, 2, 5), 5), (date(2024, 3, 4), 9), (date(2024, 4, 1), 9),
           (date(2024, 5, 2), 8), (date(2024, 6, 3), 7), (date(2024, 7, 1), 5),
           (date(2024, 7, 29), 1), (date(2024, 8, 1), 1), (date(2024, 8, 5), 4),
           (date(2024, 8, 19), 1), (date(2024, 9, 2), 6), (date(2024, 10, 2), 4),
           (date(2024, 11, 4), 3)]
# Of those who came first so many are closed from that day on, before the next one.
CLOSINGS = [(24, date(2024, 3, 1)), (45, date(2024, 7, 2)), (63, date(2024, 10, 2))]
CENTRES = Counter(C01=15, C02=8, C03=8, C04=8, C05=8, C06=6, C07=6, C08=4)
LEVELS = Counter(LOW=16, CAUTION=31, HIGH=14, CRISIS=2)
FACTORS = Counter(RF01=4, RF02=14, RF03=7, RF04=2, RF06=9, RF07=8, RF08=8, RF09=7, RF10=3, RF11=1)
# Severities behind the first factor's; 24 points are the whole.
BEHIND = {"LOW": [2], "CAUTION": [3, 2], "HIGH": [3, 3, 3], "CRISIS": [3, 3, 3, 3, 3]}
FIRST_SEVERITY = {"LOW": 3, "CAUTION": 4, "HIGH": 4, "CRISIS": 4}
OTHERS = ["RF02", "RF06", "RF07", "RF09", "RF10", "RF11", "RF12"]

CONSENTED_TO_SENSITIVE = 58  # P0001 to P0058
LEAVES = 17                  # takes back every consent on 12 August
EARLY_WITHDRAWALS = {8: date(2024, 3, 22), LEAVES: date(2024, 8, 12), 48: date(2024, 10, 4)}
LINKED = {20, 36}            # classified for service link
LOST_HER_JOB = 50
LATE_PLANS = {3, 27, 44}     # signed after the legal day
PLAN_ON_A_HOLIDAY = date(2024, 8, 19)
# Closed on a Saturday, written down on the Monday after it: the 6-month check falls on 28 February.
CLOSED_ON_A_SATURDAY = 33

TYPES = Counter(CAREER=96, PSYCHOLOGICAL=71, GRIEVANCE=22, LABOUR_LAW=24, MENTORING=18)
ABSENT_TWICE = {2, 13}                           # two sessions in a row
ABSENT_ONCE = {5, 11, 15, 19, 24, 30, 35, 41, 45, 51}
CANCELLED = {6, 12, 22, 29, 34, 40, 46}          # the last one but P0006's and P0012's on D-1
MOVED_EARLY, MOVED_LATE = {9, 18, 31}, {10, 23, 42}
LAST_OF_JUNE = {25}                              # has to be closed by then
FIFTH = 21                                       # people with a fifth session
LATE_ENTRY, AFTER_CUT_OFF, NEW_YEAR = 62, 63, 59  # the traps of the year's end

THREE_MONTHS = ["SAME_EMPLOYER"] * 35 + ["ON_STATUTORY_LEAVE"] * 3 + [
    "OTHER_EMPLOYER", "LEFT_LABOUR", "UNREACHABLE"]
SIX_MONTHS = ["SAME_EMPLOYER"] * 18 + ["ON_STATUTORY_LEAVE"] * 2 + ["OTHER_EMPLOYER", "UNREACHABLE"]
LAST_DAY = date(2024, 12, 31)


def spread(counts):
    """Every word as often as it is counted, evenly mixed."""
    total = sum(counts.values())
    places = [((2 * n + 1) / (2 * count), word) for word, count in counts.items()
              for n in range(count)]
    assert len(places) == total
    return [word for _, word in sorted(places)]


class Person:
    def __init__(self, number, intake, centre, level):
        self.number, self.intake, self.level = number, intake, level
        self.key, self.case = f"P{number:04}", f"K{number:04}"
        self.centre, self.place = centre, int(centre[1:])
        self.factor = None
        self.signed = self.closed = self.last_session = None

    @property
    def managed(self):
        return self.number not in EARLY_WITHDRAWALS and self.number not in LINKED


def persons():
    """In the order of intake; P0017 comes when she comes, the others by number."""
    numbers = iter(n for n in range(1, 64) if n != LEAVES)
    centres, levels = spread(CENTRES), spread(LEVELS)
    found = []
    for day, count in INTAKES:
        for _ in range(count):
            number = LEAVES if day == date(2024, 7, 29) else next(numbers)
            found.append(Person(number, day, centres[len(found)], levels[len(found)]))
            found[-1].not_before = next(day for last, day in CLOSINGS if len(found) <= last)
    factors = [word for word in spread(FACTORS) if word != "RF08"]
    psychological = {p.number for p in found if p.number % 7 == 4 and p.number < 57}
    assert len(psychological) == FACTORS["RF08"], psychological
    for person in found:
        person.factor = "RF08" if person.number in psychological else factors.pop(0)
    return found


def enter(table, person):
    """From the first call to the intake."""
    staff = {"manager": f"MGR{person.place}", "supervisor": f"SUP{person.place}"}
    source = ["SELF", "CENTRE", "AGENCY"][person.number % 3]
    table.add(business(person.intake, -2), MORNING, "case.open", key=person.case,
              person=person.key, line_code="INC-2", centre=person.centre,
              source="CASE_SOURCE_" + source, **staff)
    table.add(business(person.intake, -1), MORNING, "case.contact", case=person.case)
    consents(table, person, person.intake)
    table.add(person.intake, MORNING, "case.takeIn", case=person.case)


def consents(table, person, day):
    purposes = ["COLLECTION"] + (["SENSITIVE"] if person.number <= CONSENTED_TO_SENSITIVE else [])
    for purpose in purposes:
        consent(table, person.key, purpose, day)


def consent(table, key, purpose, day):
    table.add(day, MORNING, "consent.record", person=key, purpose="CONSENT_PURPOSE_" + purpose,
              consent_text="TEXT-" + purpose, channel="CONSENT_CHANNEL_PAPER",
              decide_time=stamp(day, time(9, 30)))


def assess(table, person):
    others = [code for code in OTHERS if code != person.factor]
    severities = {person.factor: FIRST_SEVERITY[person.level],
                  **dict(zip(others, BEHIND[person.level]))}
    table.add(business(person.intake, 3), MORNING, "assessment.record", key=person.case + "-S1",
              case=person.case,
              factors=[{"code": c, "severity": s} for c, s in sorted(severities.items())])
    table.add(business(person.intake, 4), MORNING, "assessment.approve", **{"as": "SUPERVISOR"},
              assessment=person.case + "-S1")


def confer(table, everybody):
    """One conference of a centre for those who were taken in on one day."""
    for day, centre in sorted({(p.intake, p.centre) for p in everybody
                               if p.number not in EARLY_WITHDRAWALS}):
        listed = [p for p in everybody if (p.intake, p.centre) == (day, centre)
                  and p.number not in EARLY_WITHDRAWALS]
        key, held = f"CONF-{day:%m%d}-{centre}", business(day, 7)
        table.add(business(day, 5), MORNING, "conference.schedule", key=key, centre=centre,
                  conference_date=held.isoformat())
        for person in listed:
            table.add(business(day, 5), MORNING, "conference.addCase", key=person.case + "-I",
                      conference=key, case=person.case)
        table.add(held, MORNING, "conference.hold", conference=key)
        for person in listed:
            table.add(held, MORNING, "conference.classify", item=person.case + "-I",
                      classification="CASE_CLASSIFICATION_" + (
                          "SERVICE_LINK" if person.number in LINKED else "CASE_MANAGEMENT"),
                      minutes_text="대상자 구분과 지원 방향을 정함")


def plan(table, person):
    key = person.case + "-P1"
    drafted, person.signed = business(person.intake, 9), business(person.intake, 12)
    if person.number in LATE_PLANS:
        person.signed = on_business(person.intake + timedelta(days=35))
    if person.intake == PLAN_ON_A_HOLIDAY:
        person.signed = date(2024, 9, 19)
    person.action_due = on_business(person.signed + timedelta(days=28))
    table.add(drafted, MORNING, "plan.draft", key=key, case=person.case,
              goals=[{"factor": person.factor, "goal_text": "일을 계속할 수 있게 돕기"}],
              actions=[{"goal_number": 1, "service": "PLAN_SERVICE_KIND_CAREER",
                        "action_text": "경력 상담", "due_date": person.action_due.isoformat()}])
    table.add(drafted, MORNING, "plan.submit", plan=key)
    table.add(business(drafted, 1), MORNING, "plan.approve", **{"as": "SUPERVISOR"}, plan=key)
    table.add(person.signed, MORNING, "plan.sign", plan=key, agreement="PLAN_AGREEMENT_PAPER")
    # In good time, on the last day, or two days late.
    recorded = [business(person.action_due, -5), person.action_due,
                business(person.action_due, 2)][person.number % 3]
    table.add(recorded, EVENING, "plan.recordAction", plan=key, number=1,
              result="PLAN_ACTION_RESULT_DONE")
    person.last_session = recorded


class Sessions:
    """All sessions of the year: who, when, of which type, and what became of them."""

    def __init__(self, table, beginners):
        self.table, self.left, self.beginners = table, Counter(TYPES), beginners
        self.left["CAREER"] -= 1  # the one that is entered late

    def type_for(self, person, place):
        """The first is about her career; then what is left most. Psychological counselling is for
        those who consented, first of all for those whom it is about."""
        if place == 0:
            return "CAREER"
        if person.factor == "RF08" and self.left["PSYCHOLOGICAL"]:
            return "PSYCHOLOGICAL"
        left = Counter(self.left)
        left["CAREER"] -= self.beginners
        psychological = left.pop("PSYCHOLOGICAL")
        if psychological and place % 2 == 0 and person.number <= CONSENTED_TO_SENSITIVE:
            return "PSYCHOLOGICAL"
        return max(left, key=lambda kind: (left[kind], kind))

    def provider(self, person, kind):
        return {"CAREER": f"CAR{person.place}", "PSYCHOLOGICAL": f"PSY{1 + person.number % 3}",
                "GRIEVANCE": "GRI1", "LABOUR_LAW": "LAB1", "MENTORING": "MEN1"}[kind]

    def book(self, person, place, kind, day, hours=None):
        key, provider = f"{person.case}-T{place + 1}", self.provider(person, kind)
        start, end = hours or self.table.hour(provider, day)
        planned = max(business(day, -5), person.signed)
        self.table.add(planned, EVENING, "session.plan", key=key, case=person.case,
                       type="SESSION_TYPE_" + kind, channel="SESSION_CHANNEL_CENTRE",
                       start_time=start, end_time=end, provider=provider)
        self.table.add(planned, EVENING, "session.book", session=key)
        return key

    def move(self, person, key, kind, day, before):
        moved = business(day, 1)
        start, end = self.table.hour(self.provider(person, kind), moved)
        self.table.add(business(day, -before), MORNING, "session.move", session=key,
                       start_time=start, end_time=end)
        return moved

    def done(self, key, day):
        self.table.add(day, EVENING, "session.record", session=key,
                       outcome="SESSION_OUTCOME_PROGRESS")

    def missed(self, key, day):
        self.table.add(day, EVENING, "session.recordAbsence", session=key,
                       absence="SESSION_ABSENCE_UNEXCUSED")

    def fate(self, person, place):
        if person.number in ABSENT_TWICE and place in (1, 2):
            return "missed"
        if person.number in ABSENT_ONCE and place == 2:
            return "missed"
        return "cancelled" if person.number in CANCELLED and place == 3 else "done"

    def lead(self, person, count):
        """Once a week from the signature on."""
        self.beginners -= 1
        for place in range(count):
            day = on_business(person.signed + timedelta(days=7 * (place + 1)))
            fate = self.fate(person, place)
            kind = self.type_for(person, place) if fate == "done" else "CAREER"
            if fate == "done":
                self.left[kind] -= 1
            key = self.book(person, place, kind, day)
            if place == 1 and person.number in MOVED_EARLY:
                day = self.move(person, key, kind, day, before=3)
            if place == 1 and person.number in MOVED_LATE:
                day = self.move(person, key, kind, day, before=1)
            if fate == "cancelled":
                late = person.number in (6, 12)
                self.table.add(business(day, -1 if late else -3), EVENING, "session.cancel",
                               session=key, cancelled_by="SESSION_CANCELLER_CLIENT",
                               reason="SESSION_CANCEL_REASON_WORK")
            else:
                (self.done if fate == "done" else self.missed)(key, day)
            person.last_session = max(person.last_session, day)

    def traps(self, by_number):
        """Held on 20 December and entered on 8 January; held on the 23rd and entered after the
        report; begun ten minutes into the new year."""
        late, after, new = (by_number[n] for n in (LATE_ENTRY, AFTER_CUT_OFF, NEW_YEAR))
        key = self.book(late, 4, "CAREER", date(2024, 12, 20))
        self.done(key, date(2025, 1, 8))
        self.book(after, 4, "CAREER", date(2024, 12, 23))
        key = new.case + "-T6"
        self.table.add(LAST_DAY, EVENING, "session.plan", key=key, case=new.case,
                       type="SESSION_TYPE_CAREER", channel="SESSION_CHANNEL_PHONE",
                       start_time="2025-01-01T00:10:00+09:00", end_time="2025-01-01T00:50:00+09:00",
                       provider=f"CAR{new.place}")
        self.table.add(LAST_DAY, EVENING, "session.book", session=key)
        self.done(key, date(2025, 1, 2))


def closing_day(person):
    """Business day on which the case is closed; None = it is open at the year's end."""
    if person.intake >= date(2024, 10, 1):
        return None
    if person.number in EARLY_WITHDRAWALS:
        return EARLY_WITHDRAWALS[person.number]
    if person.number in LINKED:
        return max(business(person.intake, 10), person.not_before)
    ready = max(business(person.last_session, 3), business(person.action_due, 4))
    return max(ready, on_business(person.not_before))


def close(table, person):
    day = closing_day(person)
    if day is None:
        return
    reason = "GOALS_MET"
    if person.number in EARLY_WITHDRAWALS:
        reason = "WITHDRAWN"
    elif person.number in LINKED:
        reason = "LINKED"
    elif person.number == LOST_HER_JOB:
        reason = "JOB_LOST"
    fields = {}
    person.closed = day
    if person.number == CLOSED_ON_A_SATURDAY:
        day, person.closed = date(2024, 9, 2), date(2024, 8, 31)
        fields["closed_date"] = person.closed.isoformat()
    employed = {"employed": True} if reason == "GOALS_MET" else {}
    person.cohort = bool(employed)
    asked = business(day, -1) if reason == "GOALS_MET" and not fields else day
    asked = date(2024, 8, 30) if fields else asked
    table.add(asked, EVENING, "case.askClosure", case=person.case,
              reason="CASE_CLOSE_REASON_" + reason, **employed)
    table.add(day, EVENING, "case.close", **{"as": "SUPERVISOR"}, case=person.case, **fields)
    if person.number == LEAVES:
        table.add(day, EVENING, "consent.withdraw", person=person.key,
                  channel="CONSENT_CHANNEL_PHONE")


def check(table, everybody):
    """Who was employed when her case was closed is asked 3 and 6 months later."""
    cohort = [p for p in sorted(everybody, key=lambda p: (p.closed or LAST_DAY, p.number))
              if p.closed and p.cohort]
    for months, results in ((3, THREE_MONTHS), (6, SIX_MONTHS)):
        due = [p for p in cohort if months_later(p.closed, months) <= LAST_DAY]
        assert len(due) == len(results), (months, len(due))
        # Those who are not retained are neither the first nor the last ones.
        places = sorted(range(len(due)), key=lambda n: (n * 7 % len(due), n))
        for place, result in zip(places, results):
            evidence = {} if result == "UNREACHABLE" else {
                "evidence": "RETENTION_EVIDENCE_SELF_REPORT"}
            day = on_business(months_later(due[place].closed, months))
            table.add(day, EVENING, "retention.record", case=due[place].case, months=months,
                      result="RETENTION_RESULT_" + result, **evidence)


def make(table):
    everybody = persons()
    by_number = {p.number: p for p in everybody}
    for person in everybody:
        enter(table, person)
        assess(table, person)
    confer(table, everybody)
    managed = [p for p in everybody if p.managed]
    sessions = Sessions(table, len(managed))
    traps = {LATE_ENTRY, AFTER_CUT_OFF}
    fifth = [p.number for p in managed if p.number not in traps
             and p.number not in CANCELLED | LAST_OF_JUNE][:FIFTH - len(traps)]
    for person in managed:
        plan(table, person)
        sessions.lead(person, 5 if person.number in fifth else 4)
    sessions.traps(by_number)
    assert not +sessions.left, sessions.left
    for person in everybody:
        close(table, person)
    check(table, everybody)
    counts = {day: sum(p.closed is not None and p.closed <= day for p in everybody)
              for day in (date(2024, 6, 30), date(2024, 9, 30), LAST_DAY)}
    assert list(counts.values()) == [24, 45, 56], counts
    return everybody
