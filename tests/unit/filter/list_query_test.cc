// Goal: pages follow each other without a gap or an overlap in any order. Here the SQL's shape; the
// rows themselves are asked of PostgreSQL in the integration tests.
#include "platform/filter/list_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::filter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ListSpec& Things() {
  static const auto* spec = new ListSpec{.columns = "t.id, t.note",
                                         .from = "thing t",
                                         .fields = {{"name", Uuid("t.id").NotNull()},
                                                    {"size", Int("t.size").NotNull()},
                                                    {"tags", TextArray("t.tags")},
                                                    {"note", Text("t.note")}},
                                         .key = "name"};
  return *spec;
}

Sql Made(std::string_view filter, std::string_view order_by, Cursor after) {
  return ListQuery::Make(Things(), filter, order_by, 10, std::move(after)).value().ToSql();
}

TEST(ListQuery, OrdersByTheKeyWhenNobodySaysOtherwise) {
  EXPECT_EQ(Made("", "", {}).text,
            "SELECT t.id, t.note, (t.id)::text FROM thing t WHERE (TRUE) AND TRUE AND TRUE "
            "ORDER BY t.id ASC NULLS LAST LIMIT 11");
}

TEST(ListQuery, ComparesRowsWhereNothingIsNullAndOneDirectionHolds) {
  const Sql sql = Made("note = x", "size desc", {"7", "an-id"});
  EXPECT_THAT(sql.text, HasSubstr("AND t.note = $1::text AND "
                                  "(t.size, t.id) < ($2::bigint, $3::uuid) "
                                  "ORDER BY t.size DESC NULLS FIRST, t.id DESC NULLS FIRST"));
  EXPECT_THAT(sql.params, ElementsAre("x", "7", "an-id"));
}

TEST(ListQuery, GoesOnBehindAbsentValues) {
  EXPECT_THAT(Made("", "note", {std::nullopt, "an-id"}).text,
              HasSubstr("((FALSE) OR (t.note COLLATE \"C\" IS NULL AND t.id > $1::uuid))"));
  EXPECT_THAT(Made("", "note", {"b", "an-id"}).text,
              HasSubstr("(((t.note COLLATE \"C\" > $1::text OR t.note COLLATE \"C\" IS NULL)) OR "
                        "(t.note COLLATE \"C\" = $2::text AND t.id > $3::uuid))"));
}

TEST(ListQuery, AddsTheDoorsConditionsAfterTheFilters) {
  ListQuery query = ListQuery::Make(Things(), "size = 1 OR size = 2", "", 10, {}).value();
  query.Where("t.owner = {}::uuid OR t.owner IS NULL", {"an-owner"});
  query.Where("t.json <> '{}'");
  const Sql sql = query.ToSql();
  EXPECT_THAT(sql.text, HasSubstr("(t.size = $1::bigint OR t.size = $2::bigint) AND (t.owner = "
                                  "$3::uuid OR t.owner IS NULL) AND (t.json <> '{}') AND"));
  EXPECT_THAT(sql.params, ElementsAre("1", "2", "an-owner"));
}

const ListSpec& OwnedThings() {
  static const auto* spec = new ListSpec{.columns = "t.id",
                                         .from = "thing t",
                                         .fields = {{"name", Uuid("t.id").NotNull()}},
                                         .key = "name",
                                         .centres = {"t.centre_id", "t.guest_id"}};
  return *spec;
}

Sql Within(const base::Scope& scope) {
  return ListQuery::Make(OwnedThings(), "", "", 10, {}, scope).value().ToSql();
}

TEST(ListQuery, AsksWhoseTheRowsAre) {
  const Sql everywhere = Within(base::Scope::Everywhere());
  EXPECT_THAT(everywhere.text, HasSubstr("AND ($1::boolean OR t.centre_id = ANY($2::uuid[]) OR "
                                         "t.guest_id = ANY($2::uuid[])) AND"));
  EXPECT_THAT(everywhere.params, ElementsAre("true", "{}"));
  const Sql one = Within(base::Scope::Of({"0190c0de-0000-7000-8000-0000000000a0"}));
  EXPECT_THAT(one.text,
              HasSubstr("($1::boolean OR t.centre_id = $2::uuid OR t.guest_id = $2::uuid)"));
  EXPECT_THAT(one.params, ElementsAre("false", "0190c0de-0000-7000-8000-0000000000a0"));
}

TEST(ListQuery, ShowsRowsOfCentresToNobodyWhoSaysNoScope) {
  EXPECT_THAT(Within({}).params, ElementsAre("false", "{}"));
  EXPECT_EQ(Within({}).text, ListQuery::Make(OwnedThings(), "", "", 10, {}).value().ToSql().text);
}

std::string Refused(std::string_view order_by) {
  const absl::Status status = ListQuery::Make(Things(), "", order_by, 10, {}).status();
  EXPECT_EQ(base::ReasonOf(status), "FILTER_INVALID");
  EXPECT_THAT(base::FieldsOf(status), ElementsAre("order_by"));
  return std::string(status.message());
}

TEST(ListQuery, RefusesOrdersThatAreNone) {
  EXPECT_THAT(Refused("colour"), HasSubstr("there is no field colour"));
  EXPECT_THAT(Refused("size down"), HasSubstr("is a list such as"));
  EXPECT_THAT(Refused("size,,note"), HasSubstr("is a list such as"));
  EXPECT_THAT(Refused("size, size desc"), HasSubstr("twice"));
  EXPECT_THAT(Refused("tags"), HasSubstr("no order"));
}

TEST(ListQuery, RefusesACursorOfAnotherOrder) {
  const absl::Status status = ListQuery::Make(Things(), "", "size", 10, {"7"}).status();
  EXPECT_EQ(base::ReasonOf(status), "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace ieum::filter
