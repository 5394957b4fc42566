// Goal: a journal tells what was written to it, whatever happened to its writers. Method: files
// written by one and by several writers, and cut as a killed client would leave them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/process.h"
#include "tools/journal/reader.h"

namespace ieum::journal {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  std::unique_ptr<Writer> Open() {
    auto writer = Writer::Open(path_);
    EXPECT_TRUE(writer.ok()) << writer.status();
    return *std::move(writer);
  }
  std::vector<Entry> Read(ReadCounts* counts = nullptr) {
    std::vector<Entry> entries;
    const auto read = ReadJournal(path_, [&](const Entry& entry) { entries.push_back(entry); });
    EXPECT_TRUE(read.ok()) << read.status();
    if (counts != nullptr && read.ok()) *counts = *read;
    return entries;
  }

  testing::TempDir dir_;
  const std::string path_ = dir_.path() + "/journal.jsonl";
};

TEST_F(JournalTest, TellsWhatWasWritten) {
  const auto writer = Open();
  const std::string id = writer->Begin({.client = "load-3",
                                        .service = "registry",
                                        .method = "/a.B/C",
                                        .request_id = "r",
                                        .body_hash = "ab",
                                        .aggregate = "x",
                                        .scope = "seoul",
                                        .events = 2});
  writer->End({.attempt = id, .code = "ABORTED", .reason = "STALE_ETAG", .text = "김 \xff \n"});
  writer->Mark({"planted", "busan"});
  ASSERT_TRUE(writer->status().ok());
  const auto entries = Read();
  ASSERT_EQ(entries.size(), 3u);
  const auto& attempt = std::get<Attempt>(entries[0]);
  EXPECT_EQ(attempt.id, id);
  EXPECT_EQ(attempt.client, "load-3");
  EXPECT_EQ(attempt.method, "/a.B/C");
  EXPECT_EQ(attempt.scope, "seoul");
  EXPECT_EQ(attempt.events, 2);
  const auto& answer = std::get<Answer>(entries[1]);
  EXPECT_EQ(answer.attempt, id);
  EXPECT_EQ(answer.reason, "STALE_ETAG");
  EXPECT_EQ(answer.text, "김 \xEF\xBF\xBD \n");
  EXPECT_GE(answer.end.ns, attempt.begin.ns);
  EXPECT_EQ(std::get<Marker>(entries[2]).scope, "busan");
}

TEST_F(JournalTest, LosesOnlyTheLineThatItsWriterWasKilledIn) {
  Open()->Begin({.id = "1"});
  Open()->Begin({.id = "2"});
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 5);
  Open()->Begin({.id = "3"});
  ReadCounts counts;
  const auto entries = Read(&counts);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(std::get<Attempt>(entries[1]).id, "3");
  EXPECT_EQ(counts.torn, 1);
}

TEST_F(JournalTest, KeepsTheLinesOfManyWritersApart) {
  constexpr int kWriters = 4, kLines = 200;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([this] {
      const auto writer = Open();
      for (int line = 0; line < kLines; ++line) {
        writer->End({.attempt = writer->Begin({.client = "c"}), .code = "OK"});
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ReadCounts counts;
  std::set<std::string> ids;
  for (const Entry& entry : Read(&counts)) {
    if (const auto* attempt = std::get_if<Attempt>(&entry)) ids.insert(attempt->id);
  }
  EXPECT_EQ(ids.size(), static_cast<size_t>(kWriters * kLines));
  EXPECT_EQ(counts.lines, 2 * kWriters * kLines);
  EXPECT_EQ(counts.torn, 0);
}

TEST(Certainty, SaysOfEveryCodeWhetherSomethingHappened) {
  EXPECT_EQ(CertaintyOf("OK"), Certainty::kDone);
  for (const char* open :
       {"", "UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN", "INTERNAL"}) {
    EXPECT_EQ(CertaintyOf(open), Certainty::kUnknown) << open;
  }
  for (const char* refused : {"INVALID_ARGUMENT", "ABORTED", "ALREADY_EXISTS", "NOT_FOUND",
                              "FAILED_PRECONDITION", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED"}) {
    EXPECT_EQ(CertaintyOf(refused), Certainty::kRefused) << refused;
  }
}

}  // namespace
}  // namespace ieum::journal
