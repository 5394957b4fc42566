// Goal: a person who asks is told which facts count her, and that no value of hers stands in them.
// Method: facts of two persons; the holdings against the schema.
// row:Y5
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "platform/personal_data/held_store.h"
#include "services/reporting/exports/holdings.h"
#include "tests/integration/reporting/year_fixture.h"
#include "tests/support/person_places.h"

namespace ieum::reporting {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Whoever adds a table that names a person finds out here.
TEST(Holdings, NameEveryPlaceWhereAPersonStands) {
  ieum::testing::TestDatabase database(reporting_migrations());
  EXPECT_THAT(ieum::testing::HoldingsFaults(database, HeldByReporting()), IsEmpty());
}

std::vector<std::string> Told(ReportingDatabase& reporting, const base::Uuid& person) {
  std::vector<std::string> told;
  const absl::Status read =
      reporting.db.database().Read("held_of_a_test", [&](db::Tx& tx) -> absl::Status {
        told.clear();
        ASSIGN_OR_RETURN(auto reading, personal_data::Reading::Of(tx, nullptr, person));
        platform::v1::ExportPersonalDataResponse held;
        RETURN_IF_ERROR(personal_data::ReadHeld(tx, HeldByReporting(),
                                                {person, base::Scope::Everywhere()}, reading,
                                                {.began = absl::Now()}, 100, 1 << 20, &held)
                            .status());
        for (const auto& record : held.records()) {
          told.push_back(record.fields(0).value() + " " + record.fields(1).value());
        }
        return absl::OkStatus();
      });
  EXPECT_TRUE(read.ok()) << read;
  return told;
}

TEST(Held, IsHowManyFactsOfEachKindNameHer) {
  ReportingDatabase reporting;
  const base::Uuid person = TestId("person/hers"), other = TestId("person/other");
  EventMaker registry("registry");
  for (const base::Uuid& each : {person, other, person}) {
    registry::v1::EnrolmentConfirmed event;
    event.mutable_enrolment()->set_person_id(each.ToString());
    event.set_event_date("2023-05-02");
    registry.Add(base::Uuid::NewV7(), event);
  }
  reporting.Consume(registry.events());
  EXPECT_THAT(Told(reporting, person), ElementsAre("ieum.registry.v1.EnrolmentConfirmed 2"));
  EXPECT_THAT(Told(reporting, TestId("person/nobody")), IsEmpty());
}

}  // namespace
}  // namespace ieum::reporting
