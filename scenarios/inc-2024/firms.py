"""W-boom-up (윙크붐업): 20 firms, 40 visits, 42 trainings, what was recommended and adopted."""
from datetime import date, timedelta

from timetable import EVENING, MORNING, business, months_later, on_business

FIRMS = range(11, 31)
FIRST_DAY = date(2024, 4, 15)
THREE_TRAININGS = {11, 12}
NOT_ADOPTING = {28, 29, 30}   # one measure each, not adopted
TWO_MEASURES = range(11, 21)  # the other seven have one
# Scores before and after; their means are 61.2 and 70.5.
BEFORE = [f"{61.2 + (n - 9.5) * 0.8:.1f}" for n in range(20)]
AFTER = [f"{70.5 + (n - 9.5) * 0.6:.1f}" for n in range(20)]
MEASURES = ["시차출퇴근제 도입", "육아기 근로시간 단축 안내"]
ATTENDEES, COMPLETERS = 431, 388


def visit(table, firm, number, day):
    key, consultant = f"{firm['key']}-V{number}", firm["consultant"]
    start, end = table.hour(consultant, day)
    table.add(business(day, -5), MORNING, "engagement.planVisit", engagement=firm["key"],
              visit=key, start_time=start, end_time=end)
    table.add(day, EVENING, "engagement.recordVisit", engagement=firm["key"], visit=key)
    table.add(day, EVENING, "engagement.recordVisitReport", engagement=firm["key"], visit=key,
              minutes="현장 확인과 다음 단계 협의")


def train(table, firm, number, day, attendees, completers):
    key = f"{firm['key']}-E{number}"
    table.add(business(day, -3), MORNING, "training.plan", key=key, engagement=firm["key"],
              line_code="INC-4", start_date=day.isoformat(), label="조직문화 교육",
              training_duration=120)
    table.add(business(day, -2), MORNING, "training.confirm", training=key)
    table.add(day, EVENING, "training.hold", training=key, headcounts=[
        {"kind": "HEADCOUNT_KIND_TOTAL", "count": attendees},
        {"kind": "HEADCOUNT_KIND_COMPLETERS", "count": completers}])


def advise(table, firm, first):
    """From the first call to the approval; six weeks of work in the firm."""
    key, second = firm["key"], on_business(first + timedelta(days=21))
    table.add(business(first, -8), MORNING, "engagement.open", key=key, organization=firm["firm"],
              campaign="W-BOOM-UP", lead_source="LEAD_SOURCE_DISCOVERY",
              consultant=firm["consultant"], manager="BOOM", contact_person="P-" + firm["firm"])
    table.add(business(first, -7), MORNING, "engagement.contact", engagement=key)
    visit(table, firm, 1, first)
    table.add(business(first, 1), MORNING, "engagement.diagnose", engagement=key,
              score=firm["before"], findings="근로시간과 조직문화 진단")
    table.add(business(first, 2), MORNING, "engagement.agreePlan", engagement=key,
              tasks=["유연근무 시범 운영", "관리자 교육"], planned_visit_count=2,
              recommended_scheme_codes=[])
    table.add(business(first, 2), MORNING, "engagement.start", engagement=key)
    visit(table, firm, 2, second)
    recommend(table, firm, business(first, 3))
    done = business(first, 32)
    table.add(done, MORNING, "engagement.rediagnose", engagement=key, score=firm["after"],
              findings="교육과 제도 안내 뒤 재진단")
    table.add(done, MORNING, "engagement.reportResult", engagement=key,
              summary="교육과 자문을 마침")
    table.add(business(done, 1), MORNING, "engagement.complete", engagement=key, approver="HEAD")


def recommend(table, firm, day):
    for number in range(firm["measures"]):
        key = f"{firm['key']}-R{number + 1}"
        table.add(day, MORNING, "engagement.recommend", key=key, engagement=firm["key"],
                  measure=MEASURES[number], check_months=[1])
        table.add(on_business(months_later(day, 1)), EVENING, "engagement.recordAdoption",
                  recommendation=key, months=1,
                  outcome="ADOPTION_OUTCOME_" + ("ADOPTED" if firm["adopts"] else "NOT_ADOPTED"),
                  evidence_kind="ADOPTION_EVIDENCE_WORK_RULES", evidence="취업규칙 사본 확인")


def make(table):
    runs = [11] * 11 + [10] * 31
    completers = [10] * 10 + [9] * 32
    assert sum(runs) == ATTENDEES and sum(completers) == COMPLETERS
    held = 0
    for place, number in enumerate(FIRMS):
        name = f"F{number:03}"
        firm = {"key": name + "-B", "firm": name, "consultant": f"CON{1 + place % 4}",
                "before": BEFORE[place], "after": AFTER[place], "adopts": number not in NOT_ADOPTING,
                "measures": 2 if number in TWO_MEASURES else 1}
        first = on_business(FIRST_DAY + timedelta(days=7 * place))
        advise(table, firm, first)
        for run in range(3 if number in THREE_TRAININGS else 2):
            day = on_business(first + timedelta(days=11 + 9 * run))
            train(table, firm, run + 1, day, runs[held], completers[held])
            held += 1
    assert held == 42
