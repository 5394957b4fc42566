// Goal: programmes are shared by all centres, so that no centre writes them, and are found by an
// index however many there are. Method: the contract's options; the plans of lists of 20,000 rows.
// row:R12 row:R23
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/descriptor.h"
#include "ieum/platform/v1/options.pb.h"
#include "services/registry/programmes/programme_store.h"
#include "tests/support/list_plans.h"
#include "tests/support/postgres.h"

namespace ieum {
db::MigrationSet registry_migrations();
}

namespace ieum::registry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SharedProgrammes, HaveNoWriteThatACentreCouldMake) {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      "ieum.registry.v1.ProgrammeService");
  for (int at = 0; at < service->method_count(); ++at) {
    const auto* method = service->method(at);
    const bool reads = method->name().starts_with("Get") || method->name().starts_with("List");
    EXPECT_NE(method->options().GetExtension(platform::v1::suite_wide), reads) << method->name();
  }
}

TEST(SharedProgrammes, AreListedByAnIndex) {
  ieum::testing::TestDatabase database(registry_migrations());
  database.Ask(
      R"(INSERT INTO programme (id, code, display_name, display_name_en, created_at, updated_at)
    SELECT gen_random_uuid(), 'P' || n, 'x', '', now(), now() FROM generate_series(1, 200) n
    RETURNING 1)");
  database.Ask(R"(WITH made AS (
      INSERT INTO edition (id, name, programme, code, year, budget_year, state, plan, created_at,
                           updated_at)
      SELECT gen_random_uuid(), 'programmes/P' || p || '/editions/' || y, 'P' || p, y::text, y, y, 1,
             '{}', now(), now()
      FROM generate_series(1, 200) p, generate_series(1990, 2089) y RETURNING id)
    INSERT INTO aggregate (id, kind, version) SELECT id, 'edition', 1 FROM made RETURNING 1)");
  pqxx::connection connection(database.conninfo());
  pqxx::nontransaction(connection).exec("ANALYZE");
  auto of_one = ieum::testing::FirstPage(EditionList(), base::Scope::Everywhere());
  of_one.Where("e.programme = {}", {"P7"});
  const std::string plan = ieum::testing::PlanOf(database.database(), of_one);
  EXPECT_THAT(plan, HasSubstr("edition_of_programme"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on edition")));
  const std::string all = ieum::testing::PlanOf(
      database.database(), ieum::testing::FirstPage(EditionList(), base::Scope::Everywhere()));
  EXPECT_THAT(all, HasSubstr("edition_name_key"));
  EXPECT_THAT(all, Not(HasSubstr("Sort")));
}

}  // namespace
}  // namespace ieum::registry
