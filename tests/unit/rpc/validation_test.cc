// Goal: a request is refused for every annotation it breaks, with all fields at once, and a rule
// that cannot be checked stops the process. Method: a valid message, broken in one place.
#include "platform/rpc/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "ieum/platform/v1/ops.pb.h"
#include "ieum/sample/v1/broken_service.pb.h"
#include "ieum/sample/v1/sample_service.pb.h"
#include "platform/base/status.h"

namespace ieum::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

template <class M>
absl::Status Check(const M& message) {
  Validator validator;
  EXPECT_TRUE(validator.Learn(M::descriptor()).ok());
  return validator.Check(message);
}

template <class M>
std::vector<std::string> Blamed(const M& message) {
  const absl::Status status = Check(message);
  if (!status.ok()) {
    EXPECT_EQ(base::ReasonOf(status), "INVALID_FIELD");
  }
  return base::FieldsOf(status);
}

sample::v1::CreateThingRequest GoodRequest() {
  sample::v1::CreateThingRequest request;
  auto* thing = request.mutable_thing();
  thing->set_display_name("나사");
  thing->set_size(10);
  thing->add_tags("red");
  thing->add_parts()->set_label("left");
  thing->mutable_owner()->set_code("A001");
  return request;
}

TEST(Validator, AcceptsWhatTheContractAllows) {
  EXPECT_TRUE(Check(GoodRequest()).ok());
  sample::v1::CreateThingRequest least;
  least.mutable_thing()->set_display_name("나사");
  EXPECT_TRUE(Check(least).ok());
}

TEST(Validator, NamesTheFieldThatBreaksItsRule) {
  using Break = std::function<void(sample::v1::Thing*)>;
  const std::vector<std::pair<std::string, Break>> table = {
      {"thing.display_name", [](auto* t) { t->clear_display_name(); }},
      {"thing.display_name", [](auto* t) { t->set_display_name("가"); }},
      {"thing.display_name",
       [](auto* t) { t->set_display_name("가나다라마바사아자차카타파하가나다라마바사"); }},
      {"thing.note", [](auto* t) { t->set_note(std::string(201, 'x')); }},
      {"thing.size", [](auto* t) { t->set_size(-1); }},
      {"thing.size", [](auto* t) { t->set_size(1001); }},
      {"thing.score", [](auto* t) { t->set_score(10); }},
      {"thing.state", [](auto* t) { t->set_state(static_cast<sample::v1::ThingState>(9)); }},
      {"thing.tags", [](auto* t) { t->add_tags("red"); }},
      {"thing.tags[1]", [](auto* t) { t->add_tags("elevenchars"); }},
      {"thing.tags[1]", [](auto* t) { t->add_tags(""); }},
      {"thing.tags",
       [](auto* t) {
         for (const char* tag : {"a", "b", "c", "d", "e"}) t->add_tags(tag);
       }},
      {"thing.parts[1].label", [](auto* t) { t->add_parts()->set_weight(1); }},
      {"thing.parts[0].weight", [](auto* t) { t->mutable_parts(0)->set_weight(-1); }},
      {"thing.owner.code", [](auto* t) { t->mutable_owner()->set_code("a1"); }},
      {"thing.owner.deputy.deputy.code",
       [](auto* t) { t->mutable_owner()->mutable_deputy()->mutable_deputy()->set_code("x"); }},
      {"thing.picture", [](auto* t) { t->set_picture(std::string(101, '\0')); }},
      {"thing.name", [](auto* t) { t->set_name("things/1"); }}};
  for (const auto& [field, breaks] : table) {
    sample::v1::CreateThingRequest request = GoodRequest();
    breaks(request.mutable_thing());
    EXPECT_THAT(Blamed(request), ElementsAre(field)) << request.ShortDebugString();
  }
}

TEST(Validator, NamesAllFieldsAtOnceAndNoValue) {
  sample::v1::CreateThingRequest request = GoodRequest();
  request.set_request_id("my-secret");
  request.mutable_thing()->set_size(-77);
  request.mutable_thing()->mutable_owner()->set_code("hidden");
  const absl::Status status = Check(request);
  EXPECT_THAT(base::FieldsOf(status), ElementsAre("thing.size", "thing.owner.code", "request_id"));
  for (const char* value : {"my-secret", "-77", "hidden"}) {
    EXPECT_EQ(std::string(status.message()).find(value), std::string::npos) << status;
  }
}

TEST(Validator, WantsWhatIsRequired) {
  EXPECT_THAT(Blamed(sample::v1::CreateThingRequest()), ElementsAre("thing"));
  EXPECT_THAT(Blamed(sample::v1::GetThingRequest()), ElementsAre("name"));
  EXPECT_THAT(Blamed(platform::v1::ReadLogRequest()), ElementsAre("from_position"));
  EXPECT_THAT(Blamed(platform::v1::SetClockRequest()), ElementsAre("time"));
}

TEST(Validator, DoesNotLookAtWhatCallersCannotSet) {
  sample::v1::CreateThingRequest request = GoodRequest();
  request.mutable_thing()->mutable_create_time()->set_seconds(-5);
  EXPECT_TRUE(Check(request).ok());
}

TEST(Validator, LooksOnlyAtWhatAnUpdateTouches) {
  sample::v1::UpdateThingRequest request;
  request.mutable_thing()->set_name("things/01912345-6789-7abc-8def-0123456789ab");
  request.mutable_thing()->set_size(-1);
  EXPECT_THAT(Blamed(request), ElementsAre("thing.size")) << "no mask: what is set";
  request.mutable_update_mask()->add_paths("note");
  EXPECT_THAT(Blamed(request), IsEmpty());
  request.mutable_update_mask()->add_paths("display_name");
  EXPECT_THAT(Blamed(request), ElementsAre("thing.display_name"));
  request.mutable_update_mask()->clear_paths();
  request.mutable_update_mask()->add_paths("*");
  EXPECT_THAT(Blamed(request), ElementsAre("thing.display_name", "thing.size"));
  request.mutable_update_mask()->set_paths(0, "owner.code");
  request.mutable_thing()->mutable_owner()->set_code("x");
  request.mutable_thing()->mutable_owner()->mutable_deputy()->set_code("x");
  EXPECT_THAT(Blamed(request), ElementsAre("thing.owner.code"));
  request.mutable_thing()->set_name("things/1");
  EXPECT_THAT(Blamed(request), ElementsAre("thing.name", "thing.owner.code"));
}

TEST(Validator, LooksOnlyAtWhatAnUpdateWithinARequestTouches) {
  sample::v1::UpdateThingRequest update;
  update.mutable_thing()->set_name("things/01912345-6789-7abc-8def-0123456789ab");
  update.mutable_thing()->set_size(-1);
  update.mutable_update_mask()->add_paths("note");
  sample::v1::HandOnUpdatesRequest request;
  *request.mutable_update() = update;
  *request.add_updates() = update;
  *request.add_updates() = update;
  EXPECT_THAT(Blamed(request), IsEmpty());
  request.mutable_updates(1)->mutable_update_mask()->add_paths("size");
  EXPECT_THAT(Blamed(request), ElementsAre("updates[1].thing.size"))
      << "each mask speaks of its own resource";
  request.mutable_updates(0)->mutable_thing()->set_name("things/1");
  request.mutable_update()->set_request_id("7");
  EXPECT_THAT(Blamed(request),
              ElementsAre("update.request_id", "updates[0].thing.name", "updates[1].thing.size"));
}

TEST(Validator, KnowsEveryRuleOfItsList) {
  sample::v1::Ruled good;
  good.set_exact("가나다");
  good.set_agreed(true);
  good.set_needed(0);
  good.set_sea("Busan");
  good.add_numbers(1);
  EXPECT_TRUE(Check(good).ok()) << Check(good);
  sample::v1::Ruled bad;
  bad.set_exact("ab");
  bad.set_bytes_max("가나다");
  bad.set_prefixed("ba");
  bad.set_one_of("blue");
  bad.set_none_of("black");
  bad.set_email("kim@");
  bad.set_choice(8);
  bad.set_large(5);
  bad.set_finite(NAN);
  EXPECT_THAT(Blamed(bad), UnorderedElementsAre("exact", "bytes_max", "prefixed", "one_of",
                                                "none_of", "email", "agreed", "choice", "large",
                                                "finite", "needed", "land", "numbers"));
  bad = good;
  bad.set_email("kim@ieum.example");
  bad.set_one_of("green");
  bad.set_choice(9);
  bad.set_large(9223372036854775809ull);
  EXPECT_TRUE(Check(bad).ok()) << Check(bad);
}

TEST(Validator, RefusesToLearnWhatItCannotCheck) {
  const std::vector<std::pair<const google::protobuf::Descriptor*, std::string>> table = {
      {sample::v1::UnruleRequest::descriptor(), "WithHostname.host has a validation rule"},
      {sample::v1::WithWrongType::descriptor(), "StringRules"},
      {sample::v1::WithCel::descriptor(), "cel"},
      {sample::v1::WithMessageRule::descriptor(), "rule on the whole message"},
      {sample::v1::WithDuration::descriptor(), "DurationRules"},
      {sample::v1::WithInvertedRange::descriptor(), "range outside"},
      {sample::v1::WithBadPattern::descriptor(), "pattern"},
      {sample::v1::WithMap::descriptor(), "map of messages"}};
  for (const auto& [type, said] : table) {
    Validator validator;
    const absl::Status status = validator.Learn(type);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << type->name();
    EXPECT_THAT(std::string(status.message()), HasSubstr(said));
  }
}

}  // namespace
}  // namespace ieum::rpc
