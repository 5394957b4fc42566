#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/faults/asking.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

struct Storm {
  int threads = 0, calls = 0;
  uint64_t seed = 0;
};

constexpr absl::Duration kPatient = absl::Seconds(5);

// A call whose deadline passes at once, or whose caller cancels it at once.
journal::Reply HaveEnough(journal::RecordedPeer& peer,
                          const registry::v1::CreateOrganizationRequest& request,
                          registry::v1::Organization* answer, Dice& dice) {
  const journal::Known known{.aggregate = request.organization_id(), .events = std::nullopt};
  const absl::Duration enough = absl::Microseconds(dice.Between(500, 4000));
  if (dice.Chance(0.5)) return peer.Call(kCreateOrganization, request, answer, known, enough);
  return peer.Call(kCreateOrganization, request, answer, known, kPatient, enough);
}

// Most give up at once; each of those comes again until it is answered.
absl::Status OneThread(Scene& scene, const Storm& storm, int thread) {
  Dice dice(storm.seed + static_cast<uint64_t>(thread));
  const auto peer = PeerOf(scene, "registry", absl::StrCat("storm-", thread));
  for (int i = 0; i < storm.calls; ++i) {
    const base::Uuid firm = dice.Id();
    const auto request = NewFirm(firm, "폭풍", dice.Id());
    registry::v1::Organization organization;
    if (dice.Chance(0.9)) {
      const journal::Reply reply = HaveEnough(*peer, request, &organization, dice);
      if (reply.status.ok() || dice.Chance(0.5)) continue;  // some never hear what became of it
    }
    const absl::Status status =
        Surely(scene, *peer, kCreateOrganization, request, &organization, firm.ToString());
    if (!status.ok() && !absl::IsAlreadyExists(status)) return status;
  }
  return absl::OkStatus();
}

absl::Status Run(Scene& scene, const Storm& storm) {
  std::vector<absl::Status> outcomes(static_cast<size_t>(storm.threads));
  std::vector<std::thread> threads;
  for (int i = 0; i < storm.threads; ++i) {
    threads.emplace_back([&scene, &storm, &outcomes, i] {
      outcomes[static_cast<size_t>(i)] = OneThread(scene, storm, i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : outcomes) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

Strike Draw(Dice& dice) {
  const Storm storm{static_cast<int>(dice.Between(4, 12)), static_cast<int>(dice.Between(20, 60)),
                    static_cast<uint64_t>(dice.Between(1, 1'000'000'000))};
  return {absl::StrCat(
              storm.threads, " clients send ", storm.calls,
              " commands each; nine of ten have a deadline of 0.5 to 4 ms or are cancelled then"),
          absl::Seconds(3), [storm](Scene& scene) { return Run(scene, storm); }};
}

}  // namespace

Fault DeadlineStorm() {
  return {"T25", "a storm of calls whose deadlines pass or that are cancelled at once",
          "those that come again are answered", Draw};
}

}  // namespace ieum::faults
