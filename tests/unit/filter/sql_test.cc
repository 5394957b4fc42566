// Goal: a filter becomes SQL over allowed columns only, with every value a parameter. Whether the
// SQL means the same as the evaluator is asked of a real PostgreSQL in the integration tests.
#include "platform/filter/sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "ieum/sample/v1/sample_service.pb.h"
#include "platform/base/status.h"

namespace ieum::filter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kId[] = "01912345-6789-7abc-8def-0123456789ab";

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

const FieldMap& Fields() {
  static const auto* fields = new FieldMap{
      {"name", Resource("t.id", "things/{}").NotNull()},
      {"display_name", Text("t.display_name").NotNull()},
      {"search", Text("t.search_key").NotNull().Normalised(Lower)},
      {"note", Text("t.note")},
      {"size", Int("t.size").NotNull()},
      {"score", Decimal("t.score")},
      {"working", Bool("t.working").NotNull()},
      {"state", Enum<sample::v1::ThingState>("t.state").NotNull()},
      {"tags", TextArray("t.tags")},
      {"owner.code", Text("o.code")},
      {"last.place", Text("l.place").Implying("t.id IN (SELECT s FROM stay WHERE place = {})")},
      {"create_time", Timestamp("t.create_time").NotNull()},
      {"due_date", Date("t.due_date")}};
  return *fields;
}

absl::StatusOr<Sql> Made(std::string_view text, int first = 1) {
  ASSIGN_OR_RETURN(const Expression expression, Parse(text));
  return ToSql(expression, Fields(), first);
}

std::string Text(std::string_view text) { return Made(text).value().text; }

std::string Refused(std::string_view text) {
  const absl::Status status = Made(text).status();
  EXPECT_EQ(base::ReasonOf(status), "FILTER_INVALID") << text;
  EXPECT_THAT(base::FieldsOf(status), ElementsAre("filter"));
  return std::string(status.message());
}

TEST(FilterSql, BindsEveryValueAsAParameter) {
  const Sql sql = Made("display_name = \"'; DROP TABLE thing; --\" AND size > 3", 4).value();
  EXPECT_EQ(sql.text, "(t.display_name = $4::text AND t.size > $5::bigint)");
  EXPECT_THAT(sql.params, ElementsAre("'; DROP TABLE thing; --", "3"));
}

TEST(FilterSql, WritesEachTypeInItsForm) {
  EXPECT_THAT(Made("state = ACTIVE OR state = THING_STATE_PUT_AWAY")->params,
              ElementsAre("1", "2"));
  EXPECT_THAT(Made("working = true")->params, ElementsAre("true"));
  EXPECT_THAT(Made("score >= -2.50")->params, ElementsAre("-2.50"));
  EXPECT_THAT(Made("due_date < 2023-03-14")->params, ElementsAre("2023-03-14"));
  EXPECT_THAT(Made("create_time < \"2023-03-14T09:00:00.5+09:00\"")->params,
              ElementsAre("2023-03-14 00:00:00.500000+00"));
  EXPECT_THAT(Made(std::string("name = \"things/") + kId + "\"")->params, ElementsAre(kId));
  EXPECT_THAT(Made(std::string("name = ") + kId)->params, ElementsAre(kId));
  EXPECT_THAT(Made("search:\"ABC\"")->params, ElementsAre("%abc%"));
}

TEST(FilterSql, EscapesWhatLikeWouldRead) {
  const Sql sql = Made(R"(note:"50%_\\" AND display_name = 26_*)").value();
  EXPECT_EQ(sql.text, "(t.note LIKE $1::text AND t.display_name LIKE $2::text)");
  EXPECT_THAT(sql.params, ElementsAre(R"(%50\%\_\\%)", R"(26\_%)"));
}

TEST(FilterSql, KeepsNullOutOfNegations) {
  EXPECT_EQ(Text("-note = a"), "(t.note = $1::text) IS NOT TRUE");
  EXPECT_EQ(Text("note != a"), "t.note IS DISTINCT FROM $1::text");
  EXPECT_EQ(Text("display_name != a"), "t.display_name <> $1::text");
  EXPECT_EQ(Text("note != a*"), "(t.note LIKE $1::text) IS NOT TRUE");
  EXPECT_EQ(Text("NOT (note = a OR size = 1)"),
            "((t.note = $1::text) IS NOT TRUE AND (t.size = $2::bigint) IS NOT TRUE)");
  EXPECT_EQ(Text("NOT (NOT note = a)"), "t.note = $1::text");
}

TEST(FilterSql, SaysWhatFollowsFromAnEquality) {
  const Sql sql = Made("last.place = A", 3).value();
  EXPECT_EQ(sql.text,
            "(l.place = $3::text AND t.id IN (SELECT s FROM stay WHERE place = $3::text))");
  EXPECT_THAT(sql.params, ElementsAre("A"));
  EXPECT_EQ(Text("NOT last.place = A"),
            "((l.place = $1::text AND t.id IN (SELECT s FROM stay WHERE place = $1::text))) IS NOT "
            "TRUE");
  EXPECT_EQ(Text("last.place != A"), "l.place IS DISTINCT FROM $1::text");
  EXPECT_EQ(Text("last.place = \"A*\""), "l.place LIKE $1::text");
}

TEST(FilterSql, AsksForPresence) {
  EXPECT_EQ(Text("note:*"), "t.note <> ''");
  EXPECT_EQ(Text("score:*"), "t.score IS NOT NULL");
  EXPECT_EQ(Text("state:*"), "t.state <> 0");
  EXPECT_EQ(Text("tags:*"), "cardinality(t.tags) > 0");
  EXPECT_EQ(Text("tags:red"), "$1::text = ANY(t.tags)");
}

TEST(FilterSql, OrdersTextByCodePoint) {
  EXPECT_EQ(Text("owner.code >= B"), "o.code COLLATE \"C\" >= $1::text");
}

TEST(FilterSql, IsTrueWhenEmpty) {
  EXPECT_EQ(Made("")->text, "TRUE");
  EXPECT_THAT(Made("")->params, IsEmpty());
}

TEST(FilterSql, NamesTheUnknownField) {
  EXPECT_THAT(Refused("colour = red"),
              HasSubstr("there is no field colour; there are: create_time"));
  EXPECT_THAT(Refused("owner = x"), HasSubstr("no field owner;"));
}

TEST(FilterSql, NamesTheWrongTypeAndTheWrongOperator) {
  EXPECT_THAT(Refused("size = big"), HasSubstr("size is compared with a whole number"));
  EXPECT_THAT(Refused("size = 99999999999999999999"), HasSubstr("whole number"));
  EXPECT_THAT(Refused("size = 1*"), HasSubstr("whole number"));
  EXPECT_THAT(Refused("score = 1e9"), HasSubstr("a number"));
  EXPECT_THAT(Refused("working = yes"), HasSubstr("true or false"));
  EXPECT_THAT(Refused("state = LOST"), HasSubstr("one of its enum's values"));
  EXPECT_THAT(Refused("state < ACTIVE"), HasSubstr("=, != and :*"));
  EXPECT_THAT(Refused("create_time > yesterday"), HasSubstr("an instant in quotes"));
  EXPECT_THAT(Refused("create_time > \"2023-03-14T09:00:00\""), HasSubstr("an instant in quotes"));
  EXPECT_THAT(Refused("due_date = 2023-02-30"), HasSubstr("a day such as"));
  EXPECT_THAT(Refused("name = \"others/1\""), HasSubstr("an id or a resource name"));
  EXPECT_THAT(Refused("tags = red"), HasSubstr("only be used with :"));
  EXPECT_THAT(Refused("size:3"), HasSubstr("= and its like"));
  EXPECT_THAT(Refused("note < a*"), HasSubstr("compared with text"));
}

}  // namespace
}  // namespace ieum::filter
