// Goal: what is known of organizations at any instant is the same whether each version was written
// down at once, as it was before migration 0016, or only when it was replaced; for rows of before
// that file, for rows of after it, and for programs that say no version. Method: random histories
// of statements, some of an older program, some with a clock that goes back, replayed on a database
// that stays before that file, on one that is migrated in the middle, and on a new one. row:R22
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "platform/db/migrations.h"
#include "pqxx/pqxx"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {
namespace {

constexpr int kOrganizations = 12;
constexpr int kSteps = 160;

db::MigrationSet MigrationsBefore(const std::string& name) {
  db::MigrationSet set = registry_migrations();
  std::erase_if(set, [&](const db::Migration& migration) { return migration.name >= name; });
  return set;
}

class History {
 public:
  explicit History(uint32_t seed) : random_(seed), versions_(kOrganizations, 0) {}

  std::string Next() {
    minute_ = std::max(0, minute_ + Below(10) - 3);
    const int organization = Below(kOrganizations);
    const bool older = Below(3) == 0;
    const int64_t version = ++versions_[organization];
    if (version == 1) return Insert(organization, older);
    return Below(2) == 0 ? Update(organization, older) : Facts(organization, older);
  }

 private:
  int Below(int end) { return static_cast<int>(random_() % static_cast<uint32_t>(end)); }
  std::string At() const {
    return absl::StrCat("'2023-05-02 00:00+00'::timestamptz + interval '", minute_, " minutes'");
  }
  static std::string Id(int organization) {
    return absl::StrCat("md5('o", organization, "')::uuid");
  }
  std::string Insert(int organization, bool older) {
    return absl::StrCat(
        "INSERT INTO organization (id, kind, display_name, business_number, state, created_at, "
        "updated_at",
        older ? "" : ", version", ") VALUES (", Id(organization), ", 1, 'first', '0000000001', 1, ",
        At(), ", ", At(), older ? ")" : ", 1)");
  }
  std::string Update(int organization, bool older) {
    return absl::StrCat("UPDATE organization SET display_name = 'n", Below(9),
                        "', updated_at = ", At(),
                        older ? "" : absl::StrCat(", version = ", versions_[organization]),
                        " WHERE id = ", Id(organization));
  }
  std::string Facts(int organization, bool older) {
    return absl::StrCat(
        "INSERT INTO organization_facts (organization_id, valid_from, region_code, size_class, "
        "size_band",
        older ? "" : ", version, recorded_at", ") VALUES (", Id(organization), ", '2023-01-0",
        1 + Below(2), "', '2611", Below(9), "', 0, 0",
        older ? "" : absl::StrCat(", ", versions_[organization], ", ", At()),
        ") ON CONFLICT (organization_id, valid_from) DO UPDATE SET region_code = "
        "EXCLUDED.region_code",
        older ? "" : ", version = EXCLUDED.version, recorded_at = EXCLUDED.recorded_at");
  }

  std::mt19937 random_;
  std::vector<int64_t> versions_;  // of the aggregates
  int minute_ = 100;
};

// What the database's own clock said for who says no instant is another one in each database.
std::string Versions(testing::TestDatabase& database) {
  const auto instant = [](const std::string& column) {
    return absl::StrCat("CASE WHEN isfinite(", column, ") AND ", column,
                        " > '2024-01-01' THEN 'the clock' ELSE ", column, "::text END");
  };
  const auto rows = [&](const std::string& key, const std::string& said, const char* table) {
    return absl::StrCat("SELECT coalesce(string_agg(concat_ws(' ', ", key, ", version, ",
                        instant("known_from"), ", ", instant("known_to"), ", ", said,
                        "), E'\\n' ORDER BY ", key, ", seq), '') FROM ", table);
  };
  return absl::StrCat(database.Ask(rows("id", "display_name", "organization_version")), "\n",
                      database.Ask(rows("organization_id, valid_from", "region_code",
                                        "organization_facts_version")));
}

TEST(OrganizationVersions, AreTheSameWhetherWrittenAtOnceOrWhenReplaced) {
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    testing::TestDatabase before(MigrationsBefore("0016")), middle(MigrationsBefore("0016")),
        after(registry_migrations());
    pqxx::connection connections[] = {pqxx::connection(before.conninfo()),
                                      pqxx::connection(middle.conninfo()),
                                      pqxx::connection(after.conninfo())};
    History history(seed);
    for (int step = 0; step < kSteps; ++step) {
      if (step == kSteps / 2) {
        ASSERT_TRUE(db::Migrate(middle.database(), "service", registry_migrations()).ok());
      }
      const std::string sql = history.Next();
      for (pqxx::connection& each : connections) pqxx::nontransaction(each).exec(sql);
    }
    const std::string expected = Versions(before);
    EXPECT_EQ(Versions(middle), expected) << seed;
    EXPECT_EQ(Versions(after), expected) << seed;
    EXPECT_EQ(before.Ask("SELECT count(*) > 50 FROM organization_version"), "t");
    EXPECT_EQ(after.Ask("SELECT count(*) FROM organization_version_before WHERE known_to = "
                        "'infinity'"),
              "0");
  }
}

// row:Y4
TEST(OrganizationVersions, AreNotWrittenForWhatIsNew) {
  testing::TestDatabase database(registry_migrations());
  database.Ask(
      "INSERT INTO organization (id, kind, display_name, business_number, state, created_at, "
      "updated_at, version) SELECT gen_random_uuid(), 1, 'x', '0000000001', 1, now(), now(), 1 "
      "FROM generate_series(1, 10) RETURNING 1");
  EXPECT_EQ(database.Ask("SELECT count(*) FROM organization_version_before"), "0");
  EXPECT_EQ(database.Ask("SELECT count(*) FROM organization_version WHERE version = 1 AND known_to "
                         "= 'infinity'"),
            "10");
}

}  // namespace
}  // namespace ieum::registry
