// Goal: INV7, INV8 and INV9 are judged as they are written, as far as no server is needed. Method:
// mails, processes and texts as values.
// law:INV7 law:INV8 law:INV9
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "platform/base/korea_time.h"
#include "services/notify/reminders/reminder.h"
#include "tests/support/process.h"
#include "tools/audit/disclosures.h"
#include "tools/audit/mail_folder.h"
#include "tools/audit/messages.h"
#include "tools/audit/plan_replay.h"
#include "tools/audit/recovery.h"

namespace ieum::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string What(const Tally& tally) { return tally.first() ? tally.first()->what : ""; }

std::string Mails(const std::map<std::string, int>& mails, MailState state) {
  Tally tally;
  JudgeMails(mails, {{"m", state}}, tally);
  return What(tally);
}

TEST(MailLaw, WantsOneMailOfEachMessageThatWasHandedOver) {
  EXPECT_EQ(Mails({{"m", 1}}, MailState::kMustBeThere), "");
  EXPECT_EQ(Mails({}, MailState::kNone), "");
  EXPECT_EQ(Mails({}, MailState::kMayBeThere), "");
  EXPECT_EQ(Mails({{"m", 1}}, MailState::kMayBeThere), "");
  EXPECT_THAT(Mails({}, MailState::kMustBeThere), HasSubstr("has no mail"));
  EXPECT_THAT(Mails({{"m", 2}}, MailState::kMustBeThere), HasSubstr("has 2 mails"));
  EXPECT_THAT(Mails({{"m", 2}}, MailState::kMayBeThere), HasSubstr("has 2 mails"));
  EXPECT_THAT(Mails({{"m", 1}}, MailState::kNone), HasSubstr("never handed over"));
  EXPECT_THAT(Mails({{"x", 1}}, MailState::kNone), HasSubstr("no message intended"));
}

TEST(MailFolder, ReadsTheLocalPartOfMessageIds) {
  testing::TempDir dir;
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(dir.path() + "/" + name) << text;
  };
  write("1.eml", "X: a\r\nMessage-ID: <one@localhost>\r\n\r\nMessage-Id: <no@x>\r\n");
  write("2.eml", "message-id:\r\n <one@localhost>\r\n\r\n");
  write("3.eml", "Subject: none\r\n\r\n");
  write("other.txt", "Message-ID: <two@localhost>\r\n");
  const auto mails = MailsById(dir.path());
  ASSERT_TRUE(mails.ok()) << mails.status();
  EXPECT_THAT(*mails, ElementsAre(Pair("", 1), Pair("one", 2)));
  EXPECT_FALSE(MailsById(dir.path() + "/none").ok());
}

// A rule that reminds at nine, three days before a visit.
notify::Rule ThreeDaysBefore() {
  notify::Rule rule{.code = "VISIT", .version = 1};
  rule.terms.mutable_timing()->set_anchor_field("visit_date");
  rule.terms.mutable_timing()->set_offset_days(-3);
  rule.terms.mutable_timing()->set_time_of_day("09:00");
  rule.terms.set_useful_hours(24);
  return rule;
}

absl::Time Second(int at) { return absl::FromUnixSeconds(1'680'000'000 + at); }

Asked AskedAt(int at, notify::Role role, std::optional<int> day) {
  Asked asked{.role = role, .version = 1, .in_force = true, .at = Second(at)};
  if (day) asked.anchor = absl::CivilDay(2023, 5, *day);
  std::array<uint8_t, 16> id{};
  id[0] = static_cast<uint8_t>(at);
  asked.event_id = base::Uuid(id);
  asked.producer = "casemgmt";
  return asked;
}

// As the planner makes it of this event.
PlanRow RowOf(const Asked& cause, int occurrence, int state) {
  PlanRow row{.version = 1, .occurrence = occurrence, .state = state, .anchor = cause.anchor};
  row.id = notify::ReminderId("VISIT", "visit", occurrence);
  row.due_day = *cause.anchor - 3;
  row.due_at = base::KoreaInstant(row.due_day, 9);
  row.expires_at = row.due_at + absl::Hours(24);
  row.opened_at = row.cause_at = cause.at;
  row.cause = cause.event_id;
  return row;
}

std::string Plan(std::vector<Asked> asked, std::vector<PlanRow> rows) {
  Tally tally;
  JudgeRows({"VISIT", "visit", {{1, ThreeDaysBefore()}}, std::move(asked), std::move(rows)}, tally);
  return What(tally);
}

constexpr int kPending = 1, kReleased = 2, kCancelled = 4;

TEST(PlanLaw, WantsWhatTheLastEventAskedFor) {
  using notify::Role;
  const Asked planned = AskedAt(1, Role::kTrigger, 10), moved = AskedAt(2, Role::kMove, 12);
  const Asked kept = AskedAt(2, Role::kMove, 10), gone = AskedAt(3, Role::kCancel, std::nullopt);
  PlanRow after = RowOf(moved, 1, kPending);
  after.opened_at = planned.at;
  EXPECT_EQ(Plan({planned}, {RowOf(planned, 1, kPending)}), "");
  EXPECT_EQ(Plan({moved, planned}, {after}), "");
  EXPECT_EQ(Plan({planned, kept}, {RowOf(planned, 1, kReleased)}), "");
  EXPECT_EQ(Plan({planned, moved}, {RowOf(planned, 1, kReleased), RowOf(moved, 2, kPending)}), "");
  EXPECT_EQ(Plan({planned, gone}, {RowOf(planned, 1, kCancelled)}), "");
  EXPECT_EQ(Plan({planned, gone}, {RowOf(planned, 1, kReleased)}), "");
}

TEST(PlanLaw, SeesWhatWasOverlookedOrInvented) {
  using notify::Role;
  const Asked planned = AskedAt(1, Role::kTrigger, 10), moved = AskedAt(2, Role::kMove, 12);
  const Asked gone = AskedAt(3, Role::kCancel, std::nullopt);
  EXPECT_THAT(Plan({planned, moved}, {RowOf(planned, 1, kPending)}), HasSubstr("something else"));
  EXPECT_THAT(Plan({planned, moved}, {RowOf(planned, 1, kReleased)}), HasSubstr("something else"));
  EXPECT_THAT(Plan({planned, gone}, {RowOf(planned, 1, kPending)}), HasSubstr("something else"));
  EXPECT_THAT(Plan({planned}, {RowOf(planned, 1, kCancelled)}), HasSubstr("cancelled by no event"));
  EXPECT_THAT(Plan({moved}, {RowOf(moved, 1, kPending)}), HasSubstr("planned by no event"));
  PlanRow late = RowOf(planned, 1, kPending);
  late.due_at += absl::Hours(1);
  EXPECT_THAT(Plan({planned}, {late}), HasSubstr("due at another time"));
  PlanRow stranger = RowOf(planned, 1, kPending);
  stranger.id = base::Uuid::NewV7();
  EXPECT_THAT(Plan({planned}, {stranger}), HasSubstr("not the next of its subject"));
}

TEST(PlanLaw, WantsARowForATriggerWithADate) {
  using notify::Role;
  const auto asks = [](const Asked& asked) {
    return Unanswered({"VISIT", "visit", {{1, ThreeDaysBefore()}}, {asked}, {}}) != nullptr;
  };
  EXPECT_TRUE(asks(AskedAt(1, Role::kTrigger, 10)));
  EXPECT_FALSE(asks(AskedAt(1, Role::kTrigger, std::nullopt)));
  EXPECT_FALSE(asks(AskedAt(1, Role::kMove, 10)));
}

std::string Processes(const std::vector<ProcessNote>& notes) {
  Tally tally;
  JudgeProcesses(notes, tally);
  return What(tally);
}

ProcessNote Note(const std::string& event, int64_t pid = 7) {
  return {.service = "registry", .pid = pid, .event = event};
}
ProcessNote Sample(const std::string& label, int64_t rss, int64_t fds, int64_t warm_s = 900) {
  return {"registry", 7, "sample", 0, label, rss, fds, warm_s};
}

TEST(ProcessLaw, WantsEveryEndToBeAskedFor) {
  EXPECT_EQ(Processes({Note("started"), Note("asked"), Note("exited")}), "");
  EXPECT_EQ(Processes({Note("started"), Note("killed"), Note("exited")}), "");
  EXPECT_THAT(Processes({Note("started"), Note("exited")}), HasSubstr("ended unasked"));
  EXPECT_THAT(
      Processes({Note("asked", 7), Note("exited", 7), Note("started", 7), Note("exited", 7)}),
      HasSubstr("ended unasked"));
}

TEST(ProcessLaw, WantsMemoryAndFilesBack) {
  EXPECT_EQ(Processes({Sample("before", 50000, 40), Sample("after", 54500, 42)}), "");
  EXPECT_EQ(Processes({Sample("before", 30000, 40), Sample("after", 34000, 42)}), "");
  EXPECT_THAT(Processes({Sample("before", 50000, 40), Sample("after", 56000, 40)}),
              HasSubstr("memory grew from 50000 to 56000"));
  EXPECT_THAT(Processes({Sample("before", 50000, 40), Sample("after", 50000, 60)}),
              HasSubstr("open files grew"));
}

TEST(ProcessLaw, AllowsAYoungSuiteWhatItsFirstMinutesTake) {
  EXPECT_EQ(Processes({Sample("before", 40000, 40, 60), Sample("after", 46000, 40)}), "");
  EXPECT_THAT(Processes({Sample("before", 40000, 40, 60), Sample("after", 49000, 40)}),
              HasSubstr("memory grew from 40000 to 49000"));
}

TEST(DisclosureLaw, SeesTheInsideOfTheHouse) {
  for (const char* text :
       {"SELECT a FROM b", "insert into t values", "duplicate key value violates",
        "ERROR: relation \"event_log\" does not exist", "#3 0x55d0 in main", "at tx.cc:41",
        "std::bad_alloc", "cannot open /var/lib/ieum/x", "see /tmp/a",
        "nats://registry:secret@127.0.0.1", "host=a dbname=ieum_registry"}) {
    EXPECT_NE(Disclosed(text), std::nullopt) << text;
  }
}

TEST(DisclosureLaw, LeavesWordsForPeopleAlone) {
  for (const char* text :
       {"the organization was deactivated; only an active one can take part",
        "please select a firm from the list",
        "there is no such resource organizations/0191d2c3-0000-7000-8000-00000000000a",
        "reason: \"STALE_ETAG\" domain: \"registry.ieum\"", "date must be on or before 2023/04/01",
        "update the form; set the field again",
        "type_url: \"type.googleapis.com/google.rpc.ErrorInfo\"",
        "something failed on our side; the operator finds it in the log by its trace id",
        "trace_id 4bf92f3577b34da6a3ce929d0e0e4736", "사업자등록번호를 확인하세요"}) {
    EXPECT_EQ(Disclosed(text), std::nullopt) << text;
  }
}

TEST(DisclosureLaw, SeesWhatBelongsToSomebodyElse) {
  const std::vector<journal::Marker> markers = {{"planted-seoul", "seoul"},
                                                {"planted-busan", "busan"}};
  EXPECT_EQ(ForeignMarker("planted-seoul", "seoul", markers), nullptr);
  EXPECT_EQ(ForeignMarker("planted-seoul", "", markers), nullptr);
  EXPECT_EQ(ForeignMarker("nothing", "seoul", markers), nullptr);
  const auto* foreign = ForeignMarker("a planted-busan b", "seoul", markers);
  ASSERT_NE(foreign, nullptr);
  EXPECT_THAT(foreign->scope, Eq("busan"));
}

}  // namespace
}  // namespace ieum::audit
