// Goal: the largest paper costs the process no more memory than a small one. Method: 20 MiB through
// the door and back, a piece at a time, while the kernel keeps the most that the process had.
// row:Y7
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/numbers.h"
#include "platform/crypto/sha256.h"
#include "tests/integration/casemgmt/attachment_world.h"
#include "tests/integration/casemgmt/session_world.h"

namespace ieum::casemgmt::testing {
namespace {

constexpr int64_t kSize = 20 * 1024 * 1024;
constexpr int64_t kGrowthMaxKib = 10 * 1024;  // half of it

// "VmHWM", "VmRSS" in KiB.
int64_t Kib(const std::string& word) {
  std::ifstream status("/proc/self/status");
  std::string name;
  while (status >> name) {
    int64_t kib = 0;
    if (name == word + ":" && status >> kib) return kib;
    status.ignore(1000, '\n');
  }
  return 0;
}

// The piece with this number: the first one begins a PDF.
std::string Piece(int64_t number) {
  std::string piece(kChunkBytes, static_cast<char>('a' + number % 26));
  if (number == 0) piece.replace(0, 9, "%PDF-1.7\n");
  return piece;
}

TEST(AttachmentMemory, DoesNotGrowWithThePaper) {
  Served served("2024-05-13 09:30");
  Attachments papers(served);
  const base::Uuid of_case = Sessions(served.world()).InCase({});
  crypto::Sha256 hash;
  for (int64_t at = 0; at < kSize; at += kChunkBytes) hash.Add(Piece(at / kChunkBytes));
  v1::Attachment said = Attachments::Said(CaseName(of_case), "x");
  said.set_size_bytes(kSize);
  said.set_sha256(hash.Finish());
  papers.Stored(CaseName(of_case), Piece(0));  // what the first one costs is not asked
  const auto begun = papers.Begin(said);
  ASSERT_TRUE(begun.ok()) << begun.status();
  std::ofstream("/proc/self/clear_refs") << "5";  // the most counts from now on
  const int64_t before = Kib("VmRSS");
  for (int64_t at = 0; at < kSize; at += kChunkBytes) {
    const auto sent = papers.Send(begun->name(), at, Piece(at / kChunkBytes));
    ASSERT_TRUE(sent.ok()) << sent.status();
  }
  const auto stored = papers.Finish(begun->name());
  ASSERT_TRUE(stored.ok()) << stored.status();
  Attachments scanner(served, kScannerToken);
  for (int64_t at = 0; at < kSize; at += kChunkBytes) {
    const auto read = scanner.Range(begun->name(), at, kChunkBytes);
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_EQ(*read, Piece(at / kChunkBytes));
  }
  const int64_t grown = Kib("VmHWM") - before;
  std::printf("20 MiB up and down: the process grew by %ld KiB at the most\n",
              static_cast<long>(grown));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(grown, kGrowthMaxKib);
#endif
}

}  // namespace
}  // namespace ieum::casemgmt::testing
