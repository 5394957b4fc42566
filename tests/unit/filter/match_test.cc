// Goal: a condition over a message says yes, no or "that is no condition for this type".
#include "platform/filter/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/sample/v1/sample_service.pb.h"
#include "platform/base/status.h"

namespace ieum::filter {
namespace {

using ::testing::HasSubstr;

sample::v1::Thing SomeThing() {
  sample::v1::Thing thing;
  thing.set_display_name("정밀 공업");
  thing.set_size(30);
  thing.set_score(2.5);
  thing.set_state(sample::v1::THING_STATE_ACTIVE);
  thing.add_tags("red");
  thing.add_tags("round");
  thing.add_parts()->set_label("left");
  thing.add_parts()->set_weight(7);
  thing.mutable_owner()->set_code("A001");
  thing.mutable_create_time()->set_seconds(1678752000);  // 2023-03-14T00:00:00Z
  return thing;
}

bool Holds(std::string_view text) {
  const Expression expression = Parse(text).value();
  const absl::Status fits = CheckFor(expression, *sample::v1::Thing::descriptor());
  EXPECT_TRUE(fits.ok()) << text << ": " << fits;
  return Matches(expression, SomeThing());
}

TEST(FilterMatch, ComparesEachTypeOfField) {
  for (const char* text :
       {"", "display_name = \"정밀 공업\"", "display_name:공업", "display_name = 정밀*",
        "display_name != *밀", "display_name > \"가\"", "size = 30", "size >= 30 size <= 30",
        "size > -1", "score = 2.5", "score < 2.51", "state = ACTIVE", "state != PUT_AWAY",
        "working = false", "owner.code = A001", "create_time = \"2023-03-14T09:00:00+09:00\"",
        "create_time < \"2023-03-14T09:00:00.001+09:00\""}) {
    EXPECT_TRUE(Holds(text)) << text;
    EXPECT_FALSE(Holds(std::string("NOT (") + (*text ? text : "size < 99") + ")")) << text;
  }
}

TEST(FilterMatch, LooksThroughRepeatedFieldsWithHas) {
  EXPECT_TRUE(Holds("tags:red"));
  EXPECT_FALSE(Holds("tags:re"));
  EXPECT_TRUE(Holds("parts.label:lef"));
  EXPECT_FALSE(Holds("parts.label:right"));
  EXPECT_TRUE(Holds("parts:*"));
  EXPECT_TRUE(Holds("tags:*"));
}

TEST(FilterMatch, LetsAnAbsentValueFulfilNothingButInequality) {
  EXPECT_FALSE(Holds("note = \"\""));
  EXPECT_TRUE(Holds("note != x"));
  EXPECT_TRUE(Holds("-note = x"));
  EXPECT_FALSE(Holds("note:*"));
  EXPECT_FALSE(Holds("owner.deputy.code = \"\""));
  EXPECT_TRUE(Holds("owner.deputy.code != A001"));
  EXPECT_FALSE(Holds("due_time > \"2000-01-01T00:00:00Z\""));
  EXPECT_FALSE(Holds("owner.deputy:*"));
  EXPECT_TRUE(Holds("owner:* score:* state:* display_name:*"));
}

TEST(FilterMatch, JoinsAndNegates) {
  EXPECT_TRUE(Holds("size = 1 OR size = 30 AND state = ACTIVE"));
  EXPECT_FALSE(Holds("size = 30 state = PUT_AWAY"));
  EXPECT_TRUE(Holds("-(size = 1 OR size = 2)"));
}

std::string Refused(std::string_view text) {
  const absl::Status status =
      CheckFor(Parse(text).value(), *sample::v1::Thing::descriptor(), "rule.condition");
  EXPECT_EQ(base::ReasonOf(status), "FILTER_INVALID") << text;
  // What was not accepted is at least not fulfilled.
  EXPECT_FALSE(Matches(Parse(text).value(), SomeThing())) << text;
  return std::string(status.message());
}

TEST(FilterMatch, RefusesWhatTheTypeDoesNotHave) {
  EXPECT_THAT(Refused("colour = red"), HasSubstr("rule.condition: there is no field colour"));
  EXPECT_THAT(Refused("owner.size = 1"), HasSubstr("no field owner.size; there are: code, deputy"));
  EXPECT_THAT(Refused("size.value = 1"), HasSubstr("no field size.value"));
  EXPECT_THAT(Refused("owner = x"), HasSubstr("by one of its fields"));
  EXPECT_THAT(Refused("size = big"), HasSubstr("size is compared with"));
  EXPECT_THAT(Refused("state > ACTIVE"), HasSubstr("=, != and :*"));
  EXPECT_THAT(Refused("state = LOST"), HasSubstr("compared with"));
  EXPECT_THAT(Refused("tags = red"), HasSubstr("only be used with :"));
  EXPECT_THAT(Refused("parts.weight = 7"), HasSubstr("only be used with :"));
  EXPECT_THAT(Refused("picture = x"), HasSubstr("compared with"));
  EXPECT_THAT(Refused("working:true"), HasSubstr("= and its like"));
}

}  // namespace
}  // namespace ieum::filter
