"""A programme under way: callers who take one firm after the other from its entry to a planned visit, through
registry and casemgmt; notify writes to each contact, and reporting keeps every event."""

import collections
import datetime
import threading
import time
import uuid

import grpc

from contract import IN_DOUBT
from rolling import business_number

PATIENCE_SECONDS = 30
# How a service says that it has not heard yet of what another one accepted.
NOT_HEARD = "repeat the call"
ORGANIZATIONS, PERSONS, CAMPAIGNS = "OrganizationService", "PersonService", "CampaignService"
ENGAGEMENTS = "EngagementService"
FIRM = {"kind": "ORGANIZATION_KIND_FIRM", "display_name": "Upgrade Ltd"}
CONTACT = {"full_name": "Kim Contact", "preferred_language": "LANGUAGE_KO", "basis": "LEGAL_BASIS_CONTRACT",
           "email": "contact@firm.test"}
CAMPAIGN = {"programme": "BSN", "edition": "UPGRADE", "code": "FOCUS", "display_name": "Focus", "admission":
            "ADMISSION_MODE_NONE", "task": "TASK_KIND_FOCUS_CONSULTING"}
TEXT = {"subject": "방문", "body": "{{person}}"}
RULE = {"display_name": "A visit is planned", "audience": ["visit.contact_person_id"], "timing": {},
        "trigger": {"event_type": "ieum.casemgmt.v1.VisitPlanned", "subject_field": "visit.visit_id"},
        "template": "templates/PLANNED", "channels": ["CHANNEL_EMAIL"], "law_class": "LAW_CLASS_SERVICE_NOTICE",
        "catch_up": "CATCH_UP_POLICY_SEND_LATE", "useful_hours": 48}


class Programme:
    """Each command has a request id, and one in doubt is asked again with the same; what was answered OK is
    remembered. Thread-safe but for set_up."""

    def __init__(self, contract):
        self.contract = contract
        self.stopping, self.lock = threading.Event(), threading.Lock()
        self.accepted, self.failed = [], []  # (method that reads it, name); sentences
        self.calls, self.again, self.waited, self.slowest = 0, collections.Counter(), 0, 0.0
        self.campaign, self.numbers = None, set()

    def set_up(self):
        contract = self.contract
        contract.open("registry", f"{ORGANIZATIONS}/CreateOrganization", f"{ORGANIZATIONS}/GetOrganization",
                      f"{PERSONS}/CreatePerson", f"{PERSONS}/GetPerson", f"{CAMPAIGNS}/CreateCampaign",
                      f"{CAMPAIGNS}/OpenCampaign")
        contract.open("casemgmt", *(f"{ENGAGEMENTS}/{name}" for name in (
            "CreateEngagement", "GetEngagement", "ContactEngagement", "PlanVisit", "GetVisit")))
        contract.open("notify", "TemplateService/CreateTemplate", "RuleService/CreateRule")
        self.campaign = contract.call(f"{CAMPAIGNS}/CreateCampaign", {"campaign": CAMPAIGN})["name"]
        contract.call(f"{CAMPAIGNS}/OpenCampaign", {"name": self.campaign})
        contract.call("TemplateService/CreateTemplate", {"template_id": "PLANNED", "template": {"ko": TEXT, "en": TEXT}})
        contract.call("RuleService/CreateRule", {"rule_id": "PLANNED", "rule": RULE})

    def run(self):
        while not self.stopping.is_set():
            try:
                self.take_one()
            except grpc.RpcError as error:
                self.failed.append(f"{error.code().name}: {error.details()}")

    def take_one(self):
        firm = self.make(f"{ORGANIZATIONS}/CreateOrganization", f"{ORGANIZATIONS}/GetOrganization",
                         organization={**FIRM, "business_registration_number": self.draw_number()})
        person = self.make(f"{PERSONS}/CreatePerson", f"{PERSONS}/GetPerson", person=CONTACT)
        engagement = self.make(f"{ENGAGEMENTS}/CreateEngagement", f"{ENGAGEMENTS}/GetEngagement", engagement={
            "organization": firm, "campaign": self.campaign, "consultant": person, "contact_person": person,
            "lead_source": "LEAD_SOURCE_DISCOVERY"})
        self.do(f"{ENGAGEMENTS}/ContactEngagement", {"name": engagement})
        start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
        self.make(f"{ENGAGEMENTS}/PlanVisit", f"{ENGAGEMENTS}/GetVisit", parent=engagement,
                  start_time=start.isoformat(), end_time=(start + datetime.timedelta(hours=2)).isoformat())

    def draw_number(self):
        """One that no firm of ours has: who is told that it is taken has met a fault."""
        with self.lock:
            number = business_number()
            while number in self.numbers:
                number = business_number()
            self.numbers.add(number)
        return number

    def planned_visits(self):
        return sum(read == f"{ENGAGEMENTS}/GetVisit" for read, _ in self.accepted)

    def make(self, method, read, **request):
        name = self.do(method, request)["name"]
        with self.lock:
            self.accepted.append((read, name))
        return name

    def do(self, method, request):
        request = {**request, "request_id": str(uuid.uuid4())}
        started = time.monotonic()
        while True:
            try:
                answer = self.contract.call(method, request)
                break
            except grpc.RpcError as error:
                self.bear(error, time.monotonic() - started)
        with self.lock:
            self.calls += 1
            self.slowest = max(self.slowest, time.monotonic() - started)
        return answer

    def bear(self, error, seconds):
        """Returns when the call may be made again."""
        unheard = error.code() == grpc.StatusCode.FAILED_PRECONDITION and NOT_HEARD in error.details()
        if seconds > PATIENCE_SECONDS or not (unheard or error.code() in IN_DOUBT):
            raise error
        with self.lock:
            self.waited += unheard
            self.again.update([] if unheard else [error.code().name])
        time.sleep(0.05)

    def lost(self):
        return [name for read, name in self.accepted if not self.is_there(read, name)]

    def is_there(self, read, name):
        try:
            return self.contract.call(read, {"name": name}, seconds=10)["name"] == name
        except grpc.RpcError:
            return False
