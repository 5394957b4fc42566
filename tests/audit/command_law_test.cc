// Goal: INV1 is judged as it is written. Method: stories of one request, one fault in each.
// law:INV1
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/audit/commands.h"

namespace ieum::audit {
namespace {

using ::testing::HasSubstr;

Told Heard(const std::string& code, int64_t begin, int64_t end, const std::string& etag = "",
           const std::string& position = "") {
  Told told;
  told.attempt.body_hash = "body";
  told.attempt.begin.ns = begin;
  told.answer = journal::Answer{.code = code, .etag = etag, .position = position};
  told.answer->end.ns = end;
  return told;
}

Told Nothing(int64_t begin) {
  Told told = Heard("", begin, begin);
  told.answer.reset();
  return told;
}

FoundEvent EventAt(int64_t pos, int64_t version) {
  return {.shard = 3, .pos = pos, .version = version};
}

// Done, kept and told alike, with two events.
CommandStory Done() {
  CommandStory story{.service = "registry"};
  story.told = {Heard("OK", 1, 2, "\"2\"", "registry/3/8")};
  story.told[0].attempt.events = 2;
  story.stored = StoredAnswer{"body", 2, 3, 8};
  story.events = {{0, EventAt(7, 1)}, {1, EventAt(8, 2)}};
  return story;
}

CommandStory Refused() {
  CommandStory story{.service = "registry"};
  story.told = {Heard("FAILED_PRECONDITION", 1, 2)};
  return story;
}

std::string Breach(const CommandStory& story) {
  Tally tally;
  JudgeCommand(story, tally);
  EXPECT_EQ(tally.checked(), 1);
  return tally.first() ? tally.first()->what : "";
}

TEST(CommandLaw, HoldsForWhatWasDoneOnceAndToldAlike) {
  EXPECT_EQ(Breach(Done()), "");
  EXPECT_EQ(Breach(Refused()), "");
  CommandStory retried = Done();
  retried.told.insert(retried.told.begin(), Nothing(0));
  retried.told.push_back(Heard("OK", 5, 6, "\"2\"", "registry/3/8"));
  EXPECT_EQ(Breach(retried), "");
}

TEST(CommandLaw, LetsAnOpenOutcomeBeAllOrNothing) {
  CommandStory nothing = Refused();
  nothing.told = {Heard("UNAVAILABLE", 1, 2)};
  EXPECT_EQ(Breach(nothing), "");
  CommandStory all = Done();
  all.told = {Heard("DEADLINE_EXCEEDED", 1, 2)};
  all.told[0].attempt.events = 2;
  EXPECT_EQ(Breach(all), "");
  all.events.erase(0);
  EXPECT_THAT(Breach(all), HasSubstr("number 0 is missing"));
}

TEST(CommandLaw, SeesAnAnswerThatNothingStandsBehind) {
  CommandStory story = Done();
  story.stored.reset();
  story.events.clear();
  EXPECT_THAT(Breach(story), HasSubstr("keeps no answer"));
  story.may_be_pruned = true;
  EXPECT_THAT(Breach(story), HasSubstr("must have made 2 events and made 0"));
}

TEST(CommandLaw, SeesEventsThatAreMissingTooManyOrDoubled) {
  CommandStory missing = Done();
  missing.events.erase(1);
  EXPECT_THAT(Breach(missing), HasSubstr("names a place that holds no event"));
  CommandStory many = Done();
  many.events.emplace(2, EventAt(9, 3));
  EXPECT_THAT(Breach(many), HasSubstr("must have made 2 events and made 3"));
  CommandStory doubled = Done();
  doubled.events.emplace(1, EventAt(9, 3));
  EXPECT_THAT(Breach(doubled), HasSubstr("number 1 is there twice"));
}

TEST(CommandLaw, SeesAnswersThatDiffer) {
  CommandStory other = Done();
  other.told.push_back(Heard("OK", 5, 6, "\"3\"", "registry/3/9"));
  EXPECT_THAT(Breach(other), HasSubstr("and then registry/3/9"));
  CommandStory kept = Done();
  kept.stored->etag = 5;
  EXPECT_THAT(Breach(kept), HasSubstr("keeps version 5"));
  CommandStory moved = Done();
  moved.stored->pos = 7;
  EXPECT_THAT(Breach(moved), HasSubstr("keeps 'registry/3/7'"));
  CommandStory body = Done();
  body.told.push_back(Heard("OK", 5, 6, "\"2\"", "registry/3/8"));
  body.told.back().attempt.body_hash = "another";
  EXPECT_THAT(Breach(body), HasSubstr("two different requests"));
}

TEST(CommandLaw, SeesARefusalOfWhatHappened) {
  CommandStory story = Done();
  story.told = {Heard("ABORTED", 1, 2)};
  EXPECT_THAT(Breach(story), HasSubstr("was refused (ABORTED), yet it happened"));
  CommandStory after = Done();
  after.told.push_back(Heard("ALREADY_EXISTS", 3, 4));
  EXPECT_THAT(Breach(after), HasSubstr("afterwards refused with ALREADY_EXISTS"));
  CommandStory before = Done();
  before.told.insert(before.told.begin(), Heard("ABORTED", 0, 1));
  EXPECT_EQ(Breach(before), "");
}

}  // namespace
}  // namespace ieum::audit
