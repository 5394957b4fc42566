#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/faults/asking.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr int kAtOnce = 20;

struct Heard {
  absl::Status status;
  std::string answer, etag, position;
};

Heard AskOnce(Scene& scene, const registry::v1::CreateOrganizationRequest& request, int thread) {
  const auto peer = PeerOf(scene, "registry", absl::StrCat("retry-", thread));
  registry::v1::Organization organization;
  Heard heard;
  (void)scene.world.WaitFor(
      [&] {
        const journal::Reply reply = peer->Call(kCreateOrganization, request, &organization,
                                                {.aggregate = request.organization_id()});
        heard = {reply.status, organization.SerializeAsString(), reply.etag, reply.position};
        // Too much at once is a refusal too, and it may come again.
        return !absl::IsUnavailable(reply.status) && !absl::IsDeadlineExceeded(reply.status) &&
               !absl::IsResourceExhausted(reply.status);
      },
      absl::Seconds(30));
  return heard;
}

absl::Status Run(Scene& scene, const base::Uuid& firm, const base::Uuid& request_id) {
  const auto request = NewFirm(firm, "되풀이", request_id);
  std::vector<Heard> heard(kAtOnce);
  std::vector<std::thread> threads;
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&, i] { heard[static_cast<size_t>(i)] = AskOnce(scene, request, i); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> different;
  for (const Heard& one : heard) {
    if (!one.status.ok()) return one.status;
    different.insert(absl::StrCat(one.answer, one.etag, one.position));
  }
  if (different.size() == 1) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(different.size(), " different answers to one command"));
}

Strike Draw(Dice& dice) {
  const base::Uuid firm = dice.Id(), request_id = dice.Id();
  return {absl::StrCat("one command sent by ", kAtOnce, " clients at once"), absl::Seconds(1),
          [=](Scene& scene) { return Run(scene, firm, request_id); }};
}

}  // namespace

Fault RetryStorm() {
  return {"T26", "the same command from twenty clients at once",
          "it is done once, and all hear the same answer", Draw};
}

}  // namespace ieum::faults
