// Goal: INV7, INV8 and INV9 are judged as they are written, as far as no server is needed. Method:
// mails, processes and texts as values.
// law:INV7 law:INV8 law:INV9
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/process.h"
#include "tools/audit/disclosures.h"
#include "tools/audit/mail_folder.h"
#include "tools/audit/messages.h"
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

std::string Processes(const std::vector<ProcessNote>& notes) {
  Tally tally;
  JudgeProcesses(notes, tally);
  return What(tally);
}

ProcessNote Note(const std::string& event, int64_t pid = 7) {
  return {.service = "registry", .pid = pid, .event = event};
}
ProcessNote Sample(const std::string& label, int64_t rss, int64_t fds) {
  return {"registry", 7, "sample", 0, label, rss, fds};
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
  EXPECT_EQ(Processes({Sample("before", 50000, 40), Sample("after", 54000, 42)}), "");
  EXPECT_THAT(Processes({Sample("before", 50000, 40), Sample("after", 56000, 40)}),
              HasSubstr("memory grew from 50000 to 56000"));
  EXPECT_THAT(Processes({Sample("before", 50000, 40), Sample("after", 50000, 60)}),
              HasSubstr("open files grew"));
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
