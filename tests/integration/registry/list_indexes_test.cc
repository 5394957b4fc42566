// Goal: whatever a list of the registry is filtered by, and for whomever, a page of it touches few
// rows of many. Method: every field of every list, with a value that few rows have where an index
// of its own is promised and with one that many have where rows are read in the list's order, for
// the whole suite, for a large and a small centre, for both and for nobody; PostgreSQL counts the
// rows that its plan touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/consents/consent_receipt_store.h"
#include "services/registry/consents/consent_store.h"
#include "services/registry/duplicates/duplicate_store.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/leads/lead_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/programmes/programme_store.h"
#include "tests/integration/registry/many_rows.h"
#include "tests/support/centres.h"
#include "tests/support/list_plans.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {
namespace {

using base::Scope;
using ieum::testing::kCentreA;
using ieum::testing::kCentreB;
using nlohmann::json;

// A field and what is asked of it.
using Asked = std::vector<std::pair<std::string, std::string>>;

struct List {
  std::string title;
  const filter::ListSpec* spec;
  Asked asked;  // each field at least once
};

class ListIndexes : public ::testing::Test {
 protected:
  // Filled once for all tests.
  static void SetUpTestSuite() {
    database_ = new ieum::testing::TestDatabase(registry_migrations());
    FillManyRows(database_->conninfo());
  }
  static void TearDownTestSuite() {
    delete database_;
    database_ = nullptr;
  }

  static json PlanOf(const filter::ListQuery& query) {
    const filter::Sql sql = query.ToSql();
    std::string text;
    const absl::Status read = database_->database().Read("list_plan", [&](db::Tx& tx) {
      text = tx.RunDynamic("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql.text,
                           {sql.params.begin(), sql.params.end()})[0][0]
                 .c_str();
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read << " " << sql.text;
    return read.ok() ? json::parse(text)[0]["Plan"] : json::object();
  }
  // Rows that were looked at in tables, and tables that were read whole.
  static double Touched(const json& node, std::set<std::string>* whole) {
    double rows = 0;
    if (node.contains("Relation Name")) {
      rows = node["Actual Loops"].get<double>() *
             (node["Actual Rows"].get<double>() + node.value("Rows Removed by Filter", 0.0) +
              node.value("Rows Removed by Index Recheck", 0.0));
      if (node["Node Type"] == "Seq Scan") whole->insert(node["Relation Name"]);
    }
    if (!node.contains("Plans")) return rows;
    for (const json& below : node["Plans"]) rows += Touched(below, whole);
    return rows;
  }
  static void ExpectFewTouched(const List& list, const std::string& filter) {
    const std::pair<const char*, Scope> scopes[] = {
        {"everywhere", Scope::Everywhere()},
        {"a large centre", Scope::Of({kCentreA})},
        {"a small centre", Scope::Of({kCentreB})},
        {"two centres", Scope::Of({kCentreA, kCentreB})},
        {"nobody", Scope()}};
    for (const auto& [whose, scope] : scopes) {
      const json plan = PlanOf(ieum::testing::FirstPage(*list.spec, scope, filter));
      std::set<std::string> whole;
      EXPECT_LE(Touched(plan, &whole), kMostRows)
          << list.title << " of " << whose << ": " << filter << "\n"
          << plan.dump(1);
      EXPECT_THAT(whole, ::testing::IsEmpty()) << list.title << " of " << whose << ": " << filter;
    }
  }
  static void ExpectIndexes(const List& list) {
    std::set<std::string> asked;
    for (const auto& [field, filter] : list.asked) {
      asked.insert(field);
      ExpectFewTouched(list, filter);
    }
    ExpectFewTouched(list, "");
    std::set<std::string> fields = absl::StrSplit(list.spec->fields.Names(), ", ");
    EXPECT_EQ(asked, fields) << list.title << ": which of its fields has an index?";
  }

  // Of tables of 10,000 to 30,000 rows; a page has 50, and a page of one centre in five is
  // read off 250.
  static constexpr double kMostRows = 1500;
  static inline ieum::testing::TestDatabase* database_ = nullptr;
};

// Ids of the rows with n = 77, and a day and an instant with few rows behind them.
constexpr char kOrganization[] = "\"organizations/dbe6f205-3432-e7bb-ad00-02735339d7be\"";
constexpr char kPerson[] = "202fe858-fe2e-c8fb-4e01-c873f9b731d2";
constexpr char kCentre[] = "\"organizations/0190c0de-0000-7000-8000-0000000000a0\"";

std::string Named(const std::string& field, const std::string& pattern, const std::string& id) {
  return absl::StrCat(field, " = \"", pattern, id, "\"");
}

// The instant after which this many of the rows that were made follow.
std::string After(const std::string& field, int rows, int last = 20) {
  const absl::Time at = absl::FromCivil(absl::CivilSecond(2023, 1, 1), absl::UTCTimeZone()) +
                        absl::Minutes(rows - last);
  return absl::StrCat(field, " > \"", absl::FormatTime(absl::RFC3339_full, at, absl::UTCTimeZone()),
                      "\"");
}

Asked OfOrganizations() {
  return {{"name", absl::StrCat("name = ", kOrganization)},
          {"kind", "kind = ORGANIZATION_KIND_FIRM"},
          {"state", "state = ORGANIZATION_STATE_ACTIVE"},
          {"business_registration_number", "business_registration_number = \"000-00-00077\""},
          {"external_code", "external_code = C77"},
          {"external_code", "external_code = \"C777*\""},
          {"parent", absl::StrCat("parent = ", kCentre)},
          {"facts.region_code", "facts.region_code = \"26110\""},
          {"facts.ksic_section", "facts.ksic_section = C"},
          {"facts.size_band", "facts.size_band = SIZE_BAND_5_TO_9"},
          {"facts.sme", "facts.sme = true"},
          {"create_time", "create_time > \"2023-01-02T00:00:00Z\""}};
}

TEST_F(ListIndexes, FindOrganizations) {
  const filter::ListSpec now = OrganizationList(absl::CivilDay(2023, 5, 2));
  Asked asked = OfOrganizations();
  for (const char* rare : {"kind = ORGANIZATION_KIND_AGENCY", "state = ORGANIZATION_STATE_INACTIVE",
                           "facts.region_code = \"26710\"", "facts.ksic_section = B"}) {
    asked.push_back({std::string(rare, std::string_view(rare).find(' ')), rare});
  }
  asked.push_back({"create_time", After("create_time", 20'000)});
  ExpectIndexes({"organizations", &now, asked});
}

// What was known then: of the time before this release as of now.
TEST_F(ListIndexes, FindOrganizationsAsTheyWereKnown) {
  const filter::ListSpec then = OrganizationListThen(absl::CivilDay(2023, 5, 2), absl::Now());
  ExpectIndexes({"organizations then", &then, OfOrganizations()});
}

TEST_F(ListIndexes, FindCampaigns) {
  ExpectIndexes({"campaigns",
                 &CampaignList(),
                 {{"name", Named("name", "campaigns/", "56fbb10d-6723-3396-fd60-3a5ab2893990")},
                  {"programme", "programme = RARE"},
                  {"programme", "programme = P1"},
                  {"edition", "edition = RARE"},
                  {"code", "code = C77"},
                  {"code", "code = \"C777*\""},
                  {"task", "task = TASK_KIND_INCENTIVE"},
                  {"admission", "admission = ADMISSION_MODE_EXTERNAL"},
                  {"state", "state = CAMPAIGN_STATE_PLANNED"},
                  {"state", "state = CAMPAIGN_STATE_CLOSED"},
                  {"create_time", After("create_time", 10'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindEnrolments) {
  ExpectIndexes({"enrolments",
                 &EnrolmentList(),
                 {{"name", "name = \"81833c66-eb40-e013-fcfe-96990cb98cb7\""},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"person", Named("person", "persons/", kPerson)},
                  {"employer", absl::StrCat("employer = ", kOrganization)},
                  {"state", "state = ENROLMENT_STATE_WITHDRAWN"},
                  {"state", "state = ENROLMENT_STATE_DENIED"},
                  {"application",
                   Named("application", "applications/", "068815e0-86d6-7013-e830-0188e50513e8")},
                  {"applied_date", "applied_date = \"2003-01-15\""},
                  {"create_time", After("create_time", 30'000)},
                  {"offer_expire_time", "offer_expire_time > \"2023-01-02T00:00:00Z\""},
                  {"programme", "programme = RARE"},
                  {"programme", "programme = P1"},
                  {"edition", "edition = RARE"},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindAffiliations) {
  ExpectIndexes({"affiliations",
                 &AffiliationList(),
                 {{"name", "name = \"983c3d29-3460-a155-240e-bae608c5cb71\""},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"role", "role = AFFILIATION_ROLE_REPRESENTATIVE"},
                  {"start_date", "start_date = \"2003-01-15\""},
                  {"end_date", "end_date > \"2001-01-01\""}}});
}

TEST_F(ListIndexes, FindLeads) {
  ExpectIndexes({"leads",
                 &LeadList(),
                 {{"name", Named("name", "leads/", "f80bae27-dbcf-d97f-b952-6fd9cbb80c9f")},
                  {"organization", absl::StrCat("organization = ", kOrganization)},
                  {"programme", "programme = RARE"},
                  {"edition", "edition = RARE"},
                  {"state", "state = LEAD_STATE_CONTACTED"},
                  {"state", "state = LEAD_STATE_LOST"},
                  {"source_code", "source_code = RARE"},
                  {"contact_due_date", "contact_due_date > \"2001-01-01\""},
                  {"create_time", After("create_time", 20'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindDuplicatePairs) {
  ExpectIndexes({"duplicate pairs",
                 &DuplicatePairList(),
                 {{"name", "name = \"d07d6579-251f-549d-2523-be518a7cd61b\""},
                  {"person", Named("person", "persons/", kPerson)},
                  {"other_person", Named("other_person", "persons/", kPerson)},
                  {"score", "score = 99"},
                  {"score", "score >= 95"},
                  {"state", "state = DUPLICATE_PAIR_STATE_OPEN"},
                  {"state", "state = DUPLICATE_PAIR_STATE_DISMISSED"},
                  {"create_time", After("create_time", 20'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindConsents) {
  ExpectIndexes({"consents",
                 &ConsentList(),
                 {{"name", "name = \"66769d54-8fe9-3e05-d9eb-475ac940425d\""},
                  {"purpose", "purpose = CONSENT_PURPOSE_NIGHT_ADVERTISING"},
                  {"purpose", "purpose = CONSENT_PURPOSE_COLLECTION"},
                  {"state", "state = CONSENT_STATE_WITHDRAWN"},
                  {"state", "state = CONSENT_STATE_GIVEN"},
                  {"current", "current = true"},
                  {"recipient", absl::StrCat("recipient = ", kCentre)},
                  {"consent_text",
                   Named("consent_text", "consentTexts/", "83f1535f-99ab-0bf4-e9d0-2dfd85d3e3f7")},
                  {"channel", "channel = CONSENT_CHANNEL_WEB"},
                  {"decide_time", After("decide_time", 30'000)},
                  {"expire_time", "expire_time > \"2023-01-02T00:00:00Z\""},
                  {"record_time", After("record_time", 30'000)},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindConsentReceipts) {
  ExpectIndexes({"consent receipts",
                 &ConsentReceiptList(),
                 {{"name", "name = \"dd841d5f-0ac4-ec27-f9d7-d2eabd176c30\""},
                  {"allowed", "allowed = true"},
                  {"refusal", "refusal = CONSENT_REFUSAL_WITHDRAWN"},
                  {"recipient", absl::StrCat("recipient = ", kCentre)},
                  {"publication_kind", "publication_kind = PUBLICATION_KIND_VIDEO"},
                  {"asker", "asker = \"staff/rare\""},
                  {"ask_time", After("ask_time", 20'000)},
                  {"ground", "ground = OVERRIDE_GROUND_VITAL_INTEREST"},
                  {"centre", absl::StrCat("centre = ", kCentre)}}});
}

TEST_F(ListIndexes, FindProgrammesAndEditions) {
  ExpectIndexes(
      {"programmes",
       &ProgrammeList(),
       {{"code", "code = P77"}, {"create_time", "create_time > \"2023-01-02T00:00:00Z\""}}});
  ExpectIndexes({"editions",
                 &EditionList(),
                 {{"name", "name = \"programmes/P7/editions/2007\""},
                  {"code", "code = \"2050\""},
                  {"year", "year = 2050"},
                  {"budget_year", "budget_year = 2050"},
                  {"state", "state = EDITION_STATE_PLANNED"},
                  {"state", "state = EDITION_STATE_CLOSED"},
                  {"create_time", "create_time > \"2023-01-02T00:00:00Z\""}}});
}

}  // namespace
}  // namespace ieum::registry
