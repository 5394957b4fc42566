// Goal: a person who asks is told what case management holds of her, as contact and as consultant,
// each record once, and nothing of other people's. Method: engagements of two contacts in two
// centres; the holdings against the schema.
// row:Y5
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "ieum/platform/v1/personal_data.pb.h"
#include "platform/base/status.h"
#include "tests/integration/casemgmt/served.h"
#include "tests/support/centres.h"
#include "tests/support/person_places.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

namespace ieum::casemgmt::testing {
namespace {

using platform::v1::ExportPersonalDataRequest;
using platform::v1::ExportPersonalDataResponse;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Whoever adds a table that names a person finds out here. law:L16
TEST(Holdings, NameEveryPlaceWhereAPersonStands) {
  ieum::testing::TestDatabase database(casemgmt_migrations());
  EXPECT_THAT(ieum::testing::HoldingsFaults(database, HeldByCasemgmt()), IsEmpty());
}

class Held : public ::testing::Test {
 protected:
  World& world() { return served_.world(); }

  // A visit that was held with this contact, with these minutes.
  void Visited(const base::Uuid& contact, const std::string& minutes,
               const std::string& centre = "", std::optional<base::Uuid> consultant = {}) {
    CampaignWish wish;
    wish.centre = centre;
    const base::Uuid engagement = world().Open(world().HearCampaign(wish), world().HearFirm(),
                                               consultant.value_or(consultant_));
    world().Contact(engagement);
    const base::Uuid visit = world().Plan(engagement, "2023-05-10 09:30");
    for (const char* table : {"engagement WHERE id = '", "visit WHERE engagement_id = '"}) {
      const std::string rows(table);
      const size_t space = rows.find(' ');
      world().Ask(absl::StrCat("UPDATE ", rows.substr(0, space), " SET contact_person_id = '",
                               contact.ToString(), "' ", rows.substr(space + 1),
                               engagement.ToString(), "' RETURNING 1"));
    }
    world().Hold(engagement, visit, minutes);
  }
  absl::StatusOr<ExportPersonalDataResponse> Of(const base::Uuid& person,
                                                const std::string& token = kManagerToken) {
    ExportPersonalDataRequest request;
    request.set_person("persons/" + person.ToString());
    ExportPersonalDataResponse held;
    RETURN_IF_ERROR(served_.CallOther(
        token, "/ieum.platform.v1.PersonalDataService/ExportPersonalData", request, &held));
    return held;
  }
  static int Count(const ExportPersonalDataResponse& held, const std::string& kind) {
    int count = 0;
    for (const auto& record : held.records()) count += record.kind() == kind;
    return count;
  }

  Served served_;
  const base::Uuid contact_ = base::Uuid::NewV7(), other_ = base::Uuid::NewV7(),
                   consultant_ = base::Uuid::NewV7();
};

TEST_F(Held, IsToldToTheContactWithWhatWasSaid) {
  Visited(contact_, "planted minutes of hers");
  Visited(other_, "minutes of another one", "", base::Uuid::NewV7());
  const auto held = Of(contact_);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->service(), "casemgmt");
  EXPECT_EQ(Count(*held, "engagements"), 1);
  EXPECT_EQ(Count(*held, "visits"), 1);
  EXPECT_THAT(held->SerializeAsString(), HasSubstr("planted minutes of hers"));
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr("minutes of another one")));
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr(other_.ToString())));
}

TEST_F(Held, IsOfTheConsultantWhatSheDidAndNotWhatWasWrittenAboutFirms) {
  Visited(contact_, "planted minutes of hers");
  const auto held = Of(consultant_);
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(Count(*held, "engagements_conducted"), 1);
  EXPECT_EQ(Count(*held, "visits_conducted"), 1);
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr("planted minutes")));
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr(contact_.ToString())));
}

TEST_F(Held, IsNothingOfWhomNobodyKnows) {
  const auto held = Of(base::Uuid::NewV7());
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_THAT(held->records(), IsEmpty());
  EXPECT_GT(held->kinds_size(), 5);
  EXPECT_EQ(base::ReasonOf(Of(contact_, kAuditorToken).status()), "PERMISSION_DENIED");
}

// row:R23
TEST_F(Held, IsCountedWhereAnotherCentreHoldsIt) {
  Visited(contact_, "minutes of b", ieum::testing::kCentreB);
  const auto held = Of(contact_, "centre-a");
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_THAT(held->records(), IsEmpty());
  EXPECT_THAT(held->SerializeAsString(), Not(HasSubstr("minutes of b")));
  std::string left_out;
  for (const auto& kind : held->left_out()) {
    absl::StrAppend(&left_out, kind.kind(), "=", kind.records(), "/", kind.centres(), " ");
  }
  EXPECT_THAT(left_out, HasSubstr("engagements=1/1 visits=1/1 "));
  EXPECT_EQ(Count(*Of(contact_, "centre-b"), "visits"), 1);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
