#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/broker/stream.h"
#include "tests/faults/fault.h"
#include "tests/faults/patience.h"

namespace ieum::faults {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kNoticedWithin = absl::Seconds(1);  // of the broker's return
constexpr absl::Duration kLookedFor = absl::Seconds(10);
constexpr char kIncarnation[] = "SELECT coalesce(max(incarnation), 0) FROM relay_belief";

// The last block of the stream; empty when there is none.
fs::path LastBlock(const fs::path& folder) {
  fs::path last;
  int64_t most = -1;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder, missing)) {
    if (entry.path().extension() != ".blk") continue;
    const int64_t number = std::atoll(entry.path().stem().c_str());
    if (number > most) {
      most = number;
      last = entry.path();
    }
  }
  return last;
}

// As a machine without power leaves it: the end of the newest block is not there, and the broker
// has no index that says how long it was.
absl::StatusOr<uint64_t> Cut(World& world, const std::string& service, uint64_t bytes) {
  const fs::path folder = fs::path(world.suite().nats().store()) / "jetstream" /
                          absl::AsciiStrToUpper(service) / "streams" / broker::StreamName(service) /
                          "msgs";
  const fs::path block = LastBlock(folder);
  if (block.empty()) return absl::NotFoundError(folder.string() + " holds no block");
  const uint64_t size = fs::file_size(block), cut = std::min(bytes, size);
  fs::resize_file(block, size - cut);
  fs::remove(fs::path(block).replace_extension(".idx"));
  return cut;
}

absl::Status Run(Scene& scene, const std::string& service, uint64_t bytes) {
  testing::Suite& suite = scene.world.suite();
  const std::string before = suite.Ask(service, kIncarnation);
  suite.nats().KillNine();
  const auto cut = Cut(scene.world, service, bytes);
  suite.nats().Start();
  if (!cut.ok()) return cut.status();
  if (*cut == 0) return absl::OkStatus();
  const absl::Time back = absl::Now();
  const bool noticed =
      scene.world.WaitFor([&] { return suite.Ask(service, kIncarnation) != before; }, kLookedFor);
  const absl::Duration took = absl::Now() - back;
  if (noticed && took <= Patient(kNoticedWithin)) return absl::OkStatus();
  if (noticed) {
    return absl::DeadlineExceededError(absl::StrCat("it took ", absl::FormatDuration(took),
                                                    " until ", service, " noticed the loss"));
  }
  return absl::DataLossError(absl::StrCat("nobody noticed that ", *cut, " bytes of the stream of ",
                                          service, " were gone; incarnation ", before));
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(std::vector<std::string>{"registry", "casemgmt", "notify"});
  const uint64_t bytes = static_cast<uint64_t>(dice.Between(1, 100)) * 1000;
  return {
      absl::StrCat("kill -9 of the broker, ", bytes / 1000, " kB cut off the stream of ", service),
      absl::Seconds(3), [=](Scene& scene) { return Run(scene, service, bytes); }};
}

}  // namespace

Fault CutBrokersTail() {
  return {"T4", "the broker loses what it had acknowledged: its last block is cut, its index gone",
          "the loss is noticed within 1 s of the broker's return: the incarnation goes up", Draw};
}

}  // namespace ieum::faults
