// Goal: the lists that people edit are what the databases have. Method: every row of every file of
// services/registry/reference/data against the table that the migrations have filled. row:R30
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/business_days.h"
#include "services/registry/reference/reference_store.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {
namespace {

std::vector<std::string> LinesOf(const std::string& file) {
  std::ifstream stream(absl::StrCat(IEUM_SOURCE_DIR, "/services/registry/reference/data/", file));
  std::ostringstream text;
  text << stream.rdbuf();
  return absl::StrSplit(text.str(), '\n', absl::SkipEmpty());
}

// A row of the table as the file writes it: quoted where a comma or a quote asks for it.
std::string RowAsText(const std::vector<std::string>& columns) {
  std::vector<std::string> values;
  for (const std::string& column : columns) {
    values.push_back(absl::StrCat("CASE WHEN ", column, "::text ~ '[,\"]' THEN '\"' || replace(",
                                  column, "::text, '\"', '\"\"') || '\"' ELSE coalesce(", column,
                                  "::text, '') END"));
  }
  return absl::StrJoin(values, " || ',' || ");
}

class ReferenceData : public ::testing::Test {
 protected:
  void ExpectSame(const std::string& file, const std::string& table) {
    std::vector<std::string> lines = LinesOf(file);
    ASSERT_GT(lines.size(), 1u) << file;
    const std::vector<std::string> columns = absl::StrSplit(lines.front(), ',');
    lines.erase(lines.begin());
    const std::string loaded =
        database_.Ask(absl::StrCat("SELECT string_agg(line, E'\\n') FROM (SELECT ",
                                   RowAsText(columns), " AS line FROM ", table, ") AS lines"));
    std::vector<std::string> rows = absl::StrSplit(loaded, '\n', absl::SkipEmpty());
    EXPECT_THAT(rows, ::testing::UnorderedElementsAreArray(lines))
        << file << " and the table " << table
        << " differ: services/registry/reference/data/README.md says what is to be done";
  }

  testing::TestDatabase database_{registry_migrations()};
};

TEST_F(ReferenceData, IsInTheTablesAsTheFilesHaveIt) {
  ExpectSame("regions.csv", "region");
  ExpectSame("ksic_revisions.csv", "ksic_revision");
  ExpectSame("ksic_codes.csv", "ksic_code");
  ExpectSame("industrial_complexes.csv", "industrial_complex");
  ExpectSame("schemes.csv", "scheme");
  ExpectSame("holidays.csv", "holiday");
}

// What business days are counted with. law:L42
TEST_F(ReferenceData, HasTheHolidaysOfFiveYearsForTheCalendar) {
  std::vector<absl::CivilDay> days;
  ASSERT_TRUE(database_.database()
                  .Read("test",
                        [&](db::Tx& tx) {
                          days = HolidayDays(tx);
                          return absl::OkStatus();
                        })
                  .ok());
  const base::BusinessCalendar calendar(days);
  const auto due = [&](absl::CivilDay event, int count, base::LegalPeriod::Unit unit) {
    return base::DueDay({count, unit}, event, calendar);
  };
  EXPECT_EQ(due(absl::CivilDay(2024, 8, 19), 30, base::LegalPeriod::Unit::kDays),
            absl::CivilDay(2024, 9, 19));
  EXPECT_EQ(due(absl::CivilDay(2024, 2, 29), 1, base::LegalPeriod::Unit::kMonths),
            absl::CivilDay(2024, 4, 1));
  EXPECT_EQ(due(absl::CivilDay(2024, 4, 30), 1, base::LegalPeriod::Unit::kMonths),
            absl::CivilDay(2024, 5, 31));
  for (const absl::CivilDay holiday :
       {absl::CivilDay(2023, 10, 2), absl::CivilDay(2024, 4, 10), absl::CivilDay(2024, 10, 1),
        absl::CivilDay(2026, 5, 1), absl::CivilDay(2026, 7, 17), absl::CivilDay(2027, 5, 3)}) {
    EXPECT_EQ(calendar.IsBusinessDay(holiday), false);
  }
  EXPECT_FALSE(calendar.IsBusinessDay(absl::CivilDay(2028, 1, 3)).has_value())
      << "not known, never guessed";
}

}  // namespace
}  // namespace ieum::registry
