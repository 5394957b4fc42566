#include "absl/strings/str_cat.h"
#include "ieum/reporting/v1/rebuild_service.pb.h"
#include "tests/faults/asking.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

using namespace reporting::v1;  // NOLINT: one contract only

constexpr char kCreate[] = "/ieum.reporting.v1.RebuildService/CreateRebuild";
constexpr char kGet[] = "/ieum.reporting.v1.RebuildService/GetRebuild";
constexpr absl::Duration kDoneWithin = absl::Minutes(2);

absl::Status Judge(const Rebuild& rebuild) {
  if (rebuild.state() != REBUILD_STATE_DONE) {
    return absl::DeadlineExceededError(absl::StrCat(
        "the rebuild is ", RebuildState_Name(rebuild.state()), " ", rebuild.failure_reason()));
  }
  if (rebuild.equal() && rebuild.swapped()) return absl::OkStatus();
  std::string words = "what was built anew is not what was there";
  for (const auto& table : rebuild.tables()) {
    absl::StrAppend(&words, "; ", table.projection(), " ", table.live_rows(), "/",
                    table.rebuilt_rows(), " ", table.first_difference());
  }
  return absl::DataLossError(words);
}

absl::Status Run(Scene& scene, const base::Uuid& id, const std::vector<absl::Duration>& kills) {
  const auto peer = PeerOf(scene, "reporting", "rebuild");
  CreateRebuildRequest create;
  create.set_rebuild_id(id.ToString());
  create.set_request_id(id.ToString());
  create.mutable_rebuild()->set_mode(REBUILD_MODE_SWAP);
  Rebuild rebuild;
  const absl::Status made = Surely(scene, *peer, kCreate, create, &rebuild, id.ToString());
  if (!made.ok()) return made;
  for (const absl::Duration kill : kills) {
    (void)scene.world.Pass(kill);
    scene.world.Kill("reporting");
  }
  GetRebuildRequest get;
  get.set_name("rebuilds/" + id.ToString());
  (void)scene.world.WaitFor(
      [&] {
        (void)Surely(scene, *peer, kGet, get, &rebuild, "");
        return rebuild.state() == REBUILD_STATE_DONE || rebuild.state() == REBUILD_STATE_FAILED;
      },
      kDoneWithin);
  return Judge(rebuild);
}

Strike Draw(Dice& dice) {
  const base::Uuid id = dice.Id();
  std::vector<absl::Duration> kills;
  std::string words;
  for (int64_t i = dice.Between(0, 2); i > 0; --i) {
    kills.push_back(dice.Millis(50, 1500));
    absl::StrAppend(&words, ", killed after ", absl::FormatDuration(kills.back()));
  }
  return {absl::StrCat("reporting builds its facts anew", words), absl::Seconds(5),
          [=](Scene& scene) { return Run(scene, id, kills); }};
}

}  // namespace

Fault RebuildAndKill() {
  return {"T18", "a rebuild under load, with kill -9 in the middle",
          "it ends, equals what was there, and takes its place", Draw};
}

}  // namespace ieum::faults
