// Goal: a firm found this year is signed, contacted in time and enrolled next year, or given up
// with a reason; the centre is told when contact is due.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/registry/instants.h"
#include "services/registry/leads/contact_dues.h"
#include "services/registry/leads/lead_store.h"
#include "tests/integration/registry/world.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Leads : public ::testing::Test {
 protected:
  v1::CreateLeadRequest Wish(const std::string& firm) {
    v1::CreateLeadRequest request;
    request.mutable_lead()->set_organization(firm);
    request.mutable_lead()->set_programme("INC");
    request.mutable_lead()->set_edition("2025");
    request.mutable_lead()->set_task(v1::TASK_KIND_CAMPAIGN);
    request.mutable_lead()->set_source_code("ED-2024");
    return request;
  }
  absl::StatusOr<v1::Lead> Create(const v1::CreateLeadRequest& request) {
    return world_.Call<v1::Lead>("LeadService/CreateLead", request);
  }
  v1::Lead Create(const std::string& firm) { return Create(Wish(firm)).value(); }
  absl::StatusOr<v1::Lead> Sign(const std::string& name, const std::string& day = "",
                                const std::string& etag = "") {
    v1::SignLeadRequest request;
    request.set_name(name);
    request.set_signed_date(day);
    request.set_etag(etag);
    return world_.Call<v1::Lead>("LeadService/SignLead", request);
  }
  absl::StatusOr<v1::Lead> Contact(const std::string& name, const std::string& day = "") {
    v1::ContactLeadRequest request;
    request.set_name(name);
    request.set_contacted_date(day);
    request.set_channel(v1::LEAD_CONTACT_CHANNEL_PHONE);
    return world_.Call<v1::Lead>("LeadService/ContactLead", request);
  }
  absl::StatusOr<v1::Lead> Enrol(const std::string& name, const std::string& enrolment) {
    v1::EnrolLeadRequest request;
    request.set_name(name);
    request.set_enrolment(enrolment);
    return world_.Call<v1::Lead>("LeadService/EnrolLead", request);
  }
  absl::StatusOr<v1::Lead> Lose(const std::string& name) {
    v1::LoseLeadRequest request;
    request.set_name(name);
    request.set_reason(v1::LEAD_LOSS_REASON_NOT_INTERESTED);
    return world_.Call<v1::Lead>("LeadService/LoseLead", request);
  }
  absl::StatusOr<v1::Lead> Get(const std::string& name) {
    v1::GetLeadRequest request;
    request.set_name(name);
    return world_.Call<v1::Lead>("LeadService/GetLead", request);
  }
  // A campaign of an edition of INC that takes forms in its spring.
  std::string CampaignOf(const std::string& edition) {
    return world_.OpenCampaign([&](v1::Campaign* wish) {
      wish->set_programme("INC");
      wish->set_edition(edition);
      *wish->mutable_window()->mutable_start_time() = ToTimestamp(Korea(edition + "-03-03 09:00"));
      *wish->mutable_window()->mutable_end_time() = ToTimestamp(Korea(edition + "-06-30 18:00"));
    });
  }
  void TellDue() { world_.DoDue(ContactDues(world_.ledger)); }

  World world_{"2024-11-21 15:00"};
};

TEST_F(Leads, GoFromInterestToNextYearsEnrolment) {
  const std::string firm = world_.Firm(1), person = world_.Person("고상훈");
  v1::CreateLeadRequest request = Wish(firm);
  request.mutable_lead()->set_contact_person(person);
  const auto lead = Create(request);
  ASSERT_TRUE(lead.ok()) << lead.status();
  EXPECT_EQ(lead->state(), v1::LEAD_STATE_INTEREST);
  EXPECT_EQ(lead->contact_due_date(), "");
  const auto signed_lead = Sign(lead->name());
  ASSERT_TRUE(signed_lead.ok()) << signed_lead.status();
  EXPECT_EQ(signed_lead->contact_due_date(), "2024-12-05");
  world_.SetClock("2024-12-03 10:00");
  ASSERT_TRUE(Contact(lead->name(), "2024-12-02").ok());
  world_.SetClock("2025-03-10 10:00");
  const v1::Enrolment enrolment = world_.Enrol(CampaignOf("2025"), firm);
  const auto enrolled = Enrol(lead->name(), enrolment.name());
  ASSERT_TRUE(enrolled.ok()) << enrolled.status();
  EXPECT_EQ(enrolled->state(), v1::LEAD_STATE_ENROLLED);
  EXPECT_EQ(enrolled->enrolment(), enrolment.name());
  EXPECT_EQ(enrolled->contact_person(), person);
  std::vector<std::string> steps;
  for (const auto& step : enrolled->transitions()) {
    steps.push_back(absl::StrCat(step.state(), " ", step.date(), " ", step.channel()));
  }
  EXPECT_THAT(steps,
              ElementsAre("1 2024-11-21 0", "2 2024-11-21 0", "3 2024-12-02 1", "4 2025-03-10 0"));
  const auto told = world_.Events(lead->name());
  EXPECT_THAT(world_.EventTypes(lead->name()),
              ElementsAre("LeadRecorded", "LeadIntentSigned", "LeadContacted", "LeadEnrolled"));
  EXPECT_EQ(told[1].As<v1::LeadIntentSigned>().lead().contact_due_date(), "2024-12-05");
  EXPECT_EQ(told[1].As<v1::LeadIntentSigned>().lead().organization_id(), IdOf(firm));
  EXPECT_TRUE(told[2].As<v1::LeadContacted>().timely());
  EXPECT_EQ(told[3].As<v1::LeadEnrolled>().enrolment_id(), IdOf(enrolment.name()));
  for (const Told& event : told) {
    EXPECT_EQ(event.payload.find("고상훈"), std::string::npos) << event.type;
  }
}

TEST_F(Leads, TellOnceWhenContactIsDue) {
  const v1::Lead late = Create(world_.Firm(1)), in_time = Create(world_.Firm(2));
  const v1::Lead unsigned_yet = Create(world_.Firm(3));
  ASSERT_TRUE(Sign(late.name()).ok());
  ASSERT_TRUE(Sign(in_time.name()).ok());
  world_.SetClock("2024-12-04 23:59");
  ASSERT_TRUE(Contact(in_time.name()).ok());
  TellDue();
  EXPECT_EQ(world_.EventTypes(late.name()).size(), 2u);
  world_.SetClock("2024-12-05 00:00");
  TellDue();
  TellDue();
  EXPECT_THAT(world_.EventTypes(late.name()),
              ElementsAre("LeadRecorded", "LeadIntentSigned", "LeadContactDue"));
  EXPECT_EQ(world_.Events(late.name())[2].As<v1::LeadContactDue>().due_date(), "2024-12-05");
  EXPECT_EQ(world_.EventTypes(in_time.name()).back(), "LeadContacted");
  EXPECT_EQ(world_.EventTypes(unsigned_yet.name()).size(), 1u);
  world_.SetClock("2024-12-09 10:00");
  ASSERT_TRUE(Contact(late.name()).ok()) << "late, and still a contact";
  EXPECT_FALSE(world_.Events(late.name())[3].As<v1::LeadContacted>().timely());
  TellDue();
  EXPECT_EQ(world_.EventTypes(late.name()).size(), 4u);
}

TEST_F(Leads, RefuseStepsOutOfTurnAndDaysOutOfOrder) {
  const v1::Lead lead = Create(world_.Firm(1));
  EXPECT_EQ(base::ReasonOf(Contact(lead.name()).status()), "LEAD_STATE");
  EXPECT_EQ(base::ReasonOf(Sign(lead.name(), "2024-11-20").status()), "DATE_ORDER");
  EXPECT_EQ(base::ReasonOf(Sign(lead.name(), "2024-11-22").status()), "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(Sign(lead.name(), "", "\"7\"").status()), "STALE_ETAG");
  ASSERT_TRUE(Sign(lead.name(), "", lead.etag()).ok());
  EXPECT_EQ(base::ReasonOf(Sign(lead.name()).status()), "LEAD_STATE");
  const auto lost = Lose(lead.name());
  ASSERT_TRUE(lost.ok()) << lost.status();
  EXPECT_EQ(lost->transitions(2).loss_reason(), v1::LEAD_LOSS_REASON_NOT_INTERESTED);
  const auto event = world_.Events(lead.name())[2].As<v1::LeadLost>();
  EXPECT_EQ(event.previous_state(), v1::LEAD_STATE_INTENT_SIGNED);
  EXPECT_EQ(event.reason(), v1::LEAD_LOSS_REASON_NOT_INTERESTED);
  EXPECT_EQ(base::ReasonOf(Contact(lead.name()).status()), "LEAD_STATE");
  EXPECT_EQ(base::ReasonOf(Get("leads/" + base::Uuid::NewV7().ToString()).status()), "NOT_FOUND");
}

TEST_F(Leads, AreOneForAFirmAndEditionWhileTheyAreOpen) {
  const std::string firm = world_.Firm(1);
  const v1::Lead first = Create(firm);
  EXPECT_EQ(base::ReasonOf(Create(Wish(firm)).status()), "LEAD_EXISTS");
  v1::CreateLeadRequest next = Wish(firm);
  next.mutable_lead()->set_edition("2026");
  EXPECT_TRUE(Create(next).ok());
  ASSERT_TRUE(Lose(first.name()).ok());
  EXPECT_TRUE(Create(Wish(firm)).ok()) << "it has thought again";
}

TEST_F(Leads, NeedAFirmInBusinessAndWhatTheyNameMustBeThere) {
  v1::CreateLeadRequest request = Wish("organizations/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "NOT_FOUND");
  const std::string firm = world_.Firm(1);
  request = Wish(firm);
  request.mutable_lead()->set_contact_person("persons/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "NOT_FOUND");
  request = Wish(firm);
  request.mutable_lead()->set_source("campaigns/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "NOT_FOUND");
  request = Wish(firm);
  request.mutable_lead()->set_interest_date("2024-11-22");
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "DATE_INVALID");
  request = Wish(firm);
  request.mutable_lead()->set_source("activities/" + base::Uuid::NewV7().ToString());
  EXPECT_TRUE(Create(request).ok()) << "an event of another service is believed";
  world_.Ask("UPDATE organization SET kind = 2 RETURNING 1");
  const absl::Status centre = Create(Wish(firm)).status();
  EXPECT_EQ(base::ReasonOf(centre), "INVALID_FIELD");
  EXPECT_THAT(base::FieldsOf(centre), ElementsAre("lead.organization"));
  world_.Ask("UPDATE organization SET kind = 1, state = 2, deactivation_date = now() RETURNING 1");
  EXPECT_EQ(base::ReasonOf(Create(Wish(firm)).status()), "ORGANIZATION_INACTIVE");
}

TEST_F(Leads, BecomeOnlyAnEnrolmentThatFits) {
  const std::string firm = world_.Firm(1), other = world_.Firm(2);
  const v1::Lead lead = Create(firm);
  ASSERT_TRUE(Sign(lead.name()).ok());
  world_.SetClock("2025-03-10 10:00");
  const std::string campaign = CampaignOf("2025");
  const v1::Enrolment right = world_.Enrol(campaign, firm);
  EXPECT_EQ(base::ReasonOf(Enrol(lead.name(), right.name()).status()), "LEAD_STATE")
      << "nobody has spoken with it";
  ASSERT_TRUE(Contact(lead.name()).ok());
  const auto mismatch = [&](const std::string& enrolment) {
    const absl::Status refused = Enrol(lead.name(), enrolment).status();
    EXPECT_EQ(base::ReasonOf(refused), "LEAD_ENROLMENT_MISMATCH");
    return std::string(refused.message());
  };
  EXPECT_THAT(mismatch(world_.Enrol(campaign, other).name()), HasSubstr("another firm's"));
  EXPECT_THAT(mismatch(world_.Enrol(CampaignOf("2024"), firm).name()),
              HasSubstr("another edition"));
  EXPECT_THAT(mismatch(world_.Enrol(campaign, firm).name()), HasSubstr("denied"));
  EXPECT_EQ(
      base::ReasonOf(
          Enrol(lead.name(), campaign + "/enrolments/" + base::Uuid::NewV7().ToString()).status()),
      "NOT_FOUND");
  EXPECT_TRUE(Enrol(lead.name(), right.name()).ok());
  EXPECT_EQ(base::ReasonOf(Lose(lead.name()).status()), "LEAD_STATE");
}

// Whoever acts for all sees both, and still may not hang one centre's enrolment on another's lead.
// row:R24
TEST_F(Leads, BecomeNoEnrolmentOfAnotherCentre) {
  world_.Centre(ieum::testing::kCentreA, 901);
  const std::string firm = world_.Firm(1);
  v1::CreateLeadRequest request = Wish(firm);
  request.mutable_lead()->set_centre(absl::StrCat("organizations/", ieum::testing::kCentreA));
  const auto lead = Create(request);
  ASSERT_TRUE(lead.ok()) << lead.status();
  ASSERT_TRUE(Sign(lead->name()).ok());
  world_.SetClock("2025-03-10 10:00");
  ASSERT_TRUE(Contact(lead->name()).ok());
  const absl::Status refused =
      Enrol(lead->name(), world_.Enrol(CampaignOf("2025"), firm).name()).status();
  EXPECT_EQ(base::ReasonOf(refused), "LEAD_ENROLMENT_MISMATCH");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("another centre's"));
  EXPECT_EQ(Get(lead->name())->state(), v1::LEAD_STATE_CONTACTED);
}

// row:R26 row:R27
TEST_F(Leads, AreMadeOnceAndRehearsedWithoutEffect) {
  v1::CreateLeadRequest request = Wish(world_.Firm(1));
  request.set_validate_only(true);
  EXPECT_TRUE(Create(request).ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM lead"), "0");
  request.set_validate_only(false);
  request.set_request_id(base::Uuid::NewV7().ToString());
  request.set_lead_id(base::Uuid::NewV7().ToString());
  const auto first = Create(request), again = Create(request);
  ASSERT_TRUE(first.ok() && again.ok()) << again.status();
  EXPECT_EQ(first->name(), "leads/" + request.lead_id());
  EXPECT_EQ(first->name(), again->name());
  request.clear_request_id();
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "ID_TAKEN");
}

TEST_F(Leads, AreListedByStateDueDayAndEdition) {
  const v1::Lead first = Create(world_.Firm(1)), second = Create(world_.Firm(2));
  ASSERT_TRUE(Sign(first.name()).ok());
  v1::ListLeadsRequest request;
  const auto names = [&](const std::string& filter) {
    request.set_filter(filter);
    const auto page = world_.Call<v1::ListLeadsResponse>("LeadService/ListLeads", request);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> found;
    for (const v1::Lead& lead : page->leads()) found.push_back(lead.name());
    return found;
  };
  EXPECT_THAT(names("state = LEAD_STATE_INTENT_SIGNED AND contact_due_date < \"2024-12-31\""),
              ElementsAre(first.name()));
  EXPECT_THAT(names("organization = \"" + second.organization() + "\""),
              ElementsAre(second.name()));
  EXPECT_EQ(names("programme = INC AND edition = \"2025\" AND source_code = \"ED-2024\"").size(),
            2u);
}

// Whatever a list asks for most stands in an index, and so does what the timer looks for.
TEST_F(Leads, AreFoundByIndexes) {
  const std::string firm = world_.Firm(1);
  world_.Ask(absl::StrCat(
      "WITH firm AS (INSERT INTO organization (id, kind, display_name, business_number, state, "
      "created_at, updated_at) SELECT gen_random_uuid(), 1, 'x', lpad(n::text, 10, '0'), 1, now(), "
      "now() FROM generate_series(1, 30000) n RETURNING id), made AS (INSERT INTO lead (id, "
      "organization_id, programme, edition, task, state, contact_due_date, created_at, updated_at, "
      "centre_id, due_told_at) SELECT gen_random_uuid(), id, 'P' || get_byte(uuid_send(id), 0) % "
      "40, '2025', 1, 2, '2025-01-01', now(), now(), CASE WHEN get_byte(uuid_send(id), 1) < 8 THEN "
      "'",
      IdOf(firm),
      "'::uuid END, CASE WHEN get_byte(uuid_send(id), 2) > 2 THEN now() END FROM firm RETURNING "
      "id) INSERT INTO aggregate (id, kind, version) SELECT id, 'lead', 1 FROM made RETURNING 1"));
  pqxx::connection connection(world_.database.conninfo());
  pqxx::nontransaction sql(connection);
  sql.exec("ANALYZE");
  const auto plan = [&](const base::Scope& scope, const std::string& filter) {
    return ieum::testing::PlanOf(world_.database.database(),
                                 ieum::testing::FirstPage(LeadList(), scope, filter));
  };
  const base::Scope all = base::Scope::Everywhere();
  EXPECT_THAT(plan(all, "organization = \"" + firm + "\""), HasSubstr("lead_o"));
  EXPECT_THAT(plan(all, "programme = P7 AND edition = \"2025\""), HasSubstr("lead_edition"));
  EXPECT_THAT(plan(base::Scope::Of({IdOf(firm)}), ""), HasSubstr("lead_centre"));
  EXPECT_THAT(plan(all, ""), Not(HasSubstr("Seq Scan on lead")));
  std::string due;
  for (const auto& row : sql.exec(
           "EXPLAIN (COSTS OFF) SELECT id FROM lead WHERE state = 2 AND due_told_at IS NULL AND "
           "contact_due_date <= '2025-01-02' ORDER BY contact_due_date, id LIMIT 20")) {
    due += std::string(row[0].c_str()) + "\n";
  }
  EXPECT_THAT(due, HasSubstr("lead_contact_due"));
}

}  // namespace
}  // namespace ieum::registry
