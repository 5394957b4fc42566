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

class AttachmentMemory : public ::testing::Test {
 protected:
  // Up and down, a piece at a time.
  void Carry(int64_t size) {
    crypto::Sha256 hash;
    for (int64_t at = 0; at < size; at += kChunkBytes) hash.Add(Piece(at / kChunkBytes));
    v1::Attachment said = Attachments::Said(CaseName(case_), "x");
    said.set_size_bytes(size);
    said.set_sha256(hash.Finish());
    const auto begun = papers_.Begin(said);
    ASSERT_TRUE(begun.ok()) << begun.status();
    for (int64_t at = 0; at < size; at += kChunkBytes) {
      const auto sent = papers_.Send(begun->name(), at, Piece(at / kChunkBytes));
      ASSERT_TRUE(sent.ok()) << sent.status();
    }
    const auto stored = papers_.Finish(begun->name());
    ASSERT_TRUE(stored.ok()) << stored.status();
    Attachments scanner(served_, kScannerToken);
    for (int64_t at = 0; at < size; at += kChunkBytes) {
      const auto read = scanner.Range(begun->name(), at, kChunkBytes);
      ASSERT_TRUE(read.ok()) << read.status();
      ASSERT_EQ(*read, Piece(at / kChunkBytes));
    }
  }

  Served served_{"2024-05-13 09:30"};
  Attachments papers_{served_};
  const base::Uuid case_ = Sessions(served_.world()).InCase({});
};

TEST_F(AttachmentMemory, DoesNotGrowWithThePaper) {
  Carry(kSize / 5);  // what threads and connections have for good is not asked
  std::ofstream("/proc/self/clear_refs") << "5";  // the most counts from now on
  const int64_t before = Kib("VmRSS");
  Carry(kSize);
  const int64_t grown = Kib("VmHWM") - before;
  std::printf("20 MiB up and down: the process grew by %ld KiB at the most\n",
              static_cast<long>(grown));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(grown, kGrowthMaxKib);
#endif
}

}  // namespace
}  // namespace ieum::casemgmt::testing
