"""A scenario's year as its data tell it: masters, actions, and the things the actions are about."""
import json
from collections import defaultdict
from datetime import date, datetime, time, timedelta, timezone

KST = timezone(timedelta(hours=9))
HOLIDAYS = {
    date(2023, month, day)
    for month, day in [
        (1, 1), (1, 21), (1, 22), (1, 23), (1, 24), (3, 1), (5, 5), (5, 27), (5, 29), (6, 6),
        (8, 15), (9, 28), (9, 29), (9, 30), (10, 2), (10, 3), (10, 9), (12, 25),
    ]
}
SECTIONS = {"O": ["84"], "T": ["97", "98"], "U": ["99"]}  # KSIC sections that rules name
TASKS = ["TASK_KIND_CAMPAIGN", "TASK_KIND_INCENTIVE", "TASK_KIND_FOCUS_CONSULTING"]
SME = ["SIZE_CLASS_MICRO", "SIZE_CLASS_SMALL", "SIZE_CLASS_MEDIUM"]


def instant(text):
    moment = datetime.fromisoformat(text)
    assert moment.utcoffset() == timedelta(hours=9), f"{text} is not Korea time"
    return moment


def is_business_day(day):
    return day.year == 2023 and day.weekday() < 5 and day not in HOLIDAYS


def nine_o_clock(day, offset_days):
    """09:00 Korea time, so many calendar days from a civil date."""
    return datetime.combine(day + timedelta(days=offset_days), time(9), KST)


def intervals(visit):
    """(from, to, start, end) of each time the visit had; `to` is None for one that came to pass."""
    for index, (begins, start, end) in enumerate(visit["slots"]):
        moved = visit["slots"][index + 1][0] if index + 1 < len(visit["slots"]) else None
        yield begins, moved or visit["cancelled"], start, end


def is_eligible(facts, rules):
    excluded = [prefix for word in rules["excluded_ksic"] for prefix in SECTIONS.get(word, [word])]
    return (
        (not rules["sme_only"] or facts["size_class"] in SME)
        and any(facts["region_code"].startswith(prefix) for prefix in rules["region_prefixes"])
        and not any(facts["ksic_code"].startswith(prefix) for prefix in excluded)
    )


class Year:
    """The actions of the year, sorted into the things they are about."""

    def __init__(self, folder):
        self.folder = folder
        self.scenario = self.load("scenario.json")
        self.organizations = {o["key"]: o for o in self.load("organizations.json")["organizations"]}
        self.people = {p["key"]: p for p in self.load("people.json")["people"]}
        self.campaigns = {c["key"]: c for c in self.load("campaigns.json")["campaigns"]}
        self.actions = []
        for path in sorted((folder / "days").glob("*.json")):
            month = json.loads(path.read_text(encoding="utf-8"))
            assert month["month"] == path.stem, path
            for action in month["actions"]:
                assert action["at"].startswith(path.stem), (path, action)
                self.actions.append(action)
        self.by_do = defaultdict(list)
        for action in self.actions:
            self.by_do[action["do"]].append(action)
        self.engagements = {
            a["key"]: {**a, "task": self.campaigns[a["campaign"]]["task"]}
            for a in self.by_do["engagement.open"]}
        self.applications = {a["key"]: a for a in self.by_do["application.draft"]}
        self.visits = self.collect_visits()

    def load(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def collect_visits(self):
        visits = {}
        for action in self.actions:
            verb = action["do"].removeprefix("engagement.")
            if "visit" not in action:
                continue
            if verb == "planVisit":
                assert action["visit"] not in visits, action
                engagement = self.engagements[action["engagement"]]
                visits[action["visit"]] = {
                    "engagement": action["engagement"], "consultant": engagement["consultant"],
                    "contact": engagement["contact_person"],
                    "slots": [], "cancelled": None, "held": None, "report": None,
                }
            visit = visits[action["visit"]]
            assert visit["engagement"] == action["engagement"], action
            self.apply(visit, verb, action)
        return visits

    @staticmethod
    def apply(visit, verb, action):
        at = instant(action["at"])
        if verb == "recordVisitReport":
            assert visit["held"] and not visit["report"], action
            visit["report"] = at
            return
        assert not visit["cancelled"] and not visit["held"], action
        if verb == "cancelVisit":
            visit["cancelled"] = at
        elif verb == "recordVisit":  # held as it was planned last
            _, start, end = visit["slots"][-1]
            assert at >= end, action
            visit["held"] = (at, start.date())
        else:
            start, end = instant(action["start_time"]), instant(action["end_time"])
            visit["slots"].append((at, start, end))

    def firms_of(self, do, task):
        return {self.firm(a) for a in self.by_do[do] if self.engagement(a)["task"] == task}

    def engagement(self, action):
        if "application" in action:
            action = self.applications[action["application"]]
        return self.engagements[action.get("engagement") or action["key"]]

    def firm(self, action):
        return self.engagement(action)["organization"]

    def role(self, person):
        return self.people[person]["affiliation"]["role"].removeprefix("AFFILIATION_ROLE_")

    def enrolled(self):
        """What became of each received form, and the forms that were confirmed at first."""
        fate = {}
        for action in self.by_do["application.receive"]:
            campaign = self.campaigns[self.engagement(action)["campaign"]]
            if campaign["admission"] != "ADMISSION_MODE_RULES":
                continue
            rules = campaign["eligibility"]
            assert rules["organization_kinds"] == ["ORGANIZATION_KIND_FIRM"]
            facts = self.organizations[self.firm(action)]["facts"]
            fate[action["application"]] = "CONFIRMED" if is_eligible(facts, rules) else "DENIED"
        confirmed = [key for key, state in fate.items() if state == "CONFIRMED"]
        for action in self.by_do["application.withdraw"]:
            if fate.get(action["application"]) == "CONFIRMED":
                fate[action["application"]] = "WITHDRAWN"
        return fate, confirmed
