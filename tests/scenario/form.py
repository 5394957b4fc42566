"""What holds for the masters and for every action, whatever the year counts."""
import re
from collections import Counter, defaultdict
from datetime import date, time

from year import SME, instant, intervals, is_business_day

DISTRICTS = [
    "26110", "26140", "26170", "26200", "26230", "26260", "26290", "26320",
    "26350", "26380", "26410", "26440", "26470", "26500", "26530", "26710",
]
FIELDS = {
    "campaign.open": "campaign", "campaign.close": "campaign",
    "engagement.open": "key organization campaign consultant manager contact_person lead_source "
                       "vulnerability_reasons",
    "engagement.contact": "engagement",
    "engagement.planVisit": "engagement visit start_time end_time",
    "engagement.rescheduleVisit": "engagement visit start_time end_time",
    "engagement.cancelVisit": "engagement visit reason",
    "engagement.recordVisit": "engagement visit",
    "engagement.recordVisitReport": "engagement visit minutes",
    "engagement.diagnose": "engagement score findings",
    "engagement.agreePlan": "engagement tasks planned_visit_count recommended_scheme_codes",
    "engagement.start": "engagement",
    "engagement.reportResult": "engagement summary",
    "engagement.complete": "engagement approver",
    "engagement.decline": "engagement reason", "engagement.drop": "engagement reason",
    "engagement.adoptScheme": "engagement scheme_code evidence",
    "application.draft": "key engagement form_version answers",
    "application.revise": "application signed_by_representative",
    "application.submit": "application", "application.receive": "application",
    "application.withdraw": "application reason",
    "application.forward": "application external_receipt_number",
    "application.externalResult": "application outcome result_date score",
    "enrolment.activate": "campaign organization", "enrolment.complete": "campaign organization",
}
ENDS = {"decline", "drop", "complete"}
OPTIONAL = {"score", "vulnerability_reasons"}


def business_number_is_valid(text):
    if not re.fullmatch(r"\d{3}-\d{2}-\d{5}", text):
        return False
    digits = [int(c) for c in text if c.isdigit()]
    total = sum(d * w for d, w in zip(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5])) + digits[8] * 5 // 10
    return digits[9] == -total % 10


def check_masters(year):
    expected_keys = {f"G{n:03d}" for n in range(1, 63)} | {f"D{n:02d}" for n in range(1, 16)}
    assert set(year.organizations) == expected_keys
    numbers = [o["business_registration_number"] for o in year.organizations.values()]
    assert len(set(numbers)) == 77 and all(map(business_number_is_valid, numbers))
    for key, organization in year.organizations.items():
        facts = organization["facts"]
        number = int(key[1:])
        prefix = "999-86-" if key[0] == "G" else "999-83-"
        assert organization["business_registration_number"][:11] == f"{prefix}{number:04d}"
        assert facts["region_code"] == (DISTRICTS[(number - 1) % 16] if key[0] == "G" else "26000")
        assert facts["ksic_revision"] == 10 and re.fullmatch(r"\d{5}", facts["ksic_code"])
        assert date.fromisoformat(facts["valid_from"]) <= date(2023, 2, 6)
        assert 0 <= facts["women_headcount"] <= facts["total_headcount"]
        assert 0 < facts["regular_headcount"] <= facts["total_headcount"]
    firms = {k: o for k, o in year.organizations.items() if o["kind"] == "ORGANIZATION_KIND_FIRM"}
    assert len(firms) == 62 and all(key.startswith("G") for key in firms)
    assert {k for k, o in firms.items() if o["facts"]["size_class"] not in SME} == {"G025"}
    check_people(year)


def check_people(year):
    mails = [p["email"] for p in year.people.values()]
    phones = [p["phone"] for p in year.people.values()]
    assert len(set(mails)) == len(mails) and len(set(phones)) == len(phones)
    assert all(m.endswith(".test") for m in mails)
    assert all(re.fullmatch(r"010-0000-\d{4}", p) for p in phones)
    contacts = {p["affiliation"]["organization"] for p in year.people.values()
                if p["affiliation"]["role"] == "AFFILIATION_ROLE_CONTACT"}
    assert contacts == {e["organization"] for e in year.engagements.values()}
    assert 3 <= sum(p["preferred_language"] == "LANGUAGE_EN" for p in year.people.values()) <= 6


def check_paths(year):
    """Steps of each engagement are legal, ends are coded, an approver is not the consultant."""
    steps = defaultdict(list)
    for action in year.actions:
        if action["do"].startswith(("engagement.", "application.")):
            steps[year.engagement(action)["key"]].append(action["do"].split(".")[1])
    for key, taken in steps.items():
        check_steps(year.engagements[key], taken)
    for key, engagement in year.engagements.items():
        roles = [year.role(engagement[who]) for who in ("consultant", "manager", "contact_person")]
        assert roles == ["CONSULTANT", "MANAGER", "CONTACT"], key
        contact = year.people[engagement["contact_person"]]
        assert contact["affiliation"]["organization"] == engagement["organization"], key
    for action in year.by_do["engagement.complete"]:
        assert year.role(action["approver"]) == "MANAGER"
        assert action["approver"] != year.engagement(action)["consultant"]
    leads = {key for key, taken in steps.items() if taken == ["open"]}
    ends = {*ENDS, "receive", "forward"}
    unended = {key for key, taken in steps.items() if not ends & set(taken)}
    assert leads == unended == {"G039-C", "G040-C"}
    for visit in year.visits.values():
        assert bool(visit["held"]) != bool(visit["cancelled"])
        assert bool(visit["held"]) == bool(visit["report"])
    check_windows(year)


def check_steps(engagement, taken):
    assert taken[0] == "open" and (len(taken) == 1 or taken[1] == "contact" or taken[1] == "drop")
    ends = ENDS | {"TASK_KIND_CAMPAIGN": {"receive"}, "TASK_KIND_INCENTIVE": {"forward"}}.get(
        engagement["task"], set())
    after = next((taken[at + 1:] for at, step in enumerate(taken) if step in ends), [])
    assert set(after) <= {"withdraw", "externalResult"}, (engagement, taken)
    if "complete" in taken:
        milestones = [s for s in taken if s not in (
            "planVisit", "rescheduleVisit", "recordVisitReport", "adoptScheme")]
        assert milestones == [
            "open", "contact", "recordVisit", "diagnose", "agreePlan", "start", "recordVisit",
            "recordVisit", "reportResult", "complete"], engagement
        assert taken.count("recordVisitReport") == 3
    if "adoptScheme" in taken:
        assert taken.index("start") < taken.index("adoptScheme"), engagement
    if "draft" in taken:
        assert taken.index("recordVisit") < taken.index("draft"), engagement


def check_windows(year):
    after = {"draft": {None}, "revise": {"draft"}, "submit": {"revise"}, "receive": {"submit"},
             "forward": {"receive"}, "externalResult": {"forward"},
             "withdraw": {"draft", "receive"}}
    last = {}
    for action in year.actions:
        if not action["do"].startswith("application."):
            continue
        key = action.get("application") or action["key"]
        verb = action["do"].split(".")[1]
        assert last.get(key) in after[verb], action
        last[key] = verb
        if verb in ("draft", "submit", "receive", "forward"):
            window = year.campaigns[year.engagement(action)["campaign"]]["window"]
            start, end = instant(window["start_time"]), instant(window["end_time"])
            assert start <= instant(action["at"]) < end, action
    opened = {a["campaign"]: instant(a["at"]) for a in year.by_do["campaign.open"]}
    closed = {a["campaign"]: instant(a["at"]) for a in year.by_do["campaign.close"]}
    windows = {key: c["window"] for key, c in year.campaigns.items() if "window" in c}
    assert set(opened) == set(closed) == set(windows)
    for key, window in windows.items():
        assert opened[key] == instant(window["start_time"])
        assert closed[key] >= instant(window["end_time"])


def check_times(year):
    moments = [instant(a["at"]) for a in year.actions]
    assert all(a < b for a, b in zip(moments, moments[1:])), "actions are in strict order of time"
    assert moments[0] > instant(year.scenario["set_up_at"])
    for action, at in zip(year.actions, moments):
        assert is_business_day(at.date()), action
        assert at.time() != time(9), f"an action at a reminder's own instant: {action}"
        given = set(action) - {"at", "do"}
        wanted = set(FIELDS[action["do"]].split())
        assert given <= wanted and wanted - given <= OPTIONAL, action
    for key, visit in year.visits.items():
        for _, start, end in visit["slots"]:
            assert is_business_day(start.date()) and start < end and start.date() == end.date(), key


def check_slots(year):
    """At no time do two standing visits of one consultant overlap, the moved and cancelled too."""
    standing = defaultdict(list)
    for key, visit in year.visits.items():
        for slot in intervals(visit):
            standing[visit["consultant"]].append((*slot, key))
    for slots in standing.values():
        for i, a in enumerate(slots):
            for b in slots[i + 1:]:
                together = (a[1] is None or b[0] < a[1]) and (b[1] is None or a[0] < b[1])
                assert not (together and a[4] != b[4] and a[2] < b[3] and b[2] < a[3]), (a, b)
