#include "absl/strings/str_cat.h"
#include "tests/faults/asking.h"
#include "tests/faults/fault.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kParkedWithin = absl::Seconds(30);
constexpr char kReplay[] = "/ieum.platform.v1.OpsService/ReplayDeadLetters";
constexpr char kOurs[] = "SELECT count(*) FROM dead_letter WHERE aggregate_id = '";

int64_t DeadLetters(World& world, const std::string& service, const std::string& aggregate) {
  return std::atoll(world.suite().Ask(service, absl::StrCat(kOurs, aggregate, "'")).c_str());
}

// A firm whose events the service cannot digest, and changes of it that must wait behind them.
absl::Status MakePoison(Scene& scene, const base::Uuid& firm, const base::Uuid& seed, int changes) {
  const auto peer = PeerOf(scene, "registry", "poison");
  registry::v1::Organization organization;
  absl::Status status = Surely(scene, *peer, kCreateOrganization, NewFirm(firm, "독약", seed),
                               &organization, firm.ToString());
  for (int i = 0; i < changes && status.ok(); ++i) {
    registry::v1::UpdateOrganizationRequest request;
    request.set_request_id(base::Uuid::Derive(seed, absl::StrCat("change/", i)).ToString());
    request.mutable_organization()->set_name("organizations/" + firm.ToString());
    request.mutable_organization()->set_display_name(absl::StrCat("독약 ", i));
    request.mutable_update_mask()->add_paths("display_name");
    status = Surely(scene, *peer, kUpdateOrganization, request, &organization, firm.ToString());
  }
  return status;
}

absl::Status Replay(Scene& scene, const std::string& service, const std::string& aggregate) {
  platform::v1::ReplayDeadLettersRequest request;
  request.set_producer("registry");
  request.set_aggregate_id(aggregate);
  platform::v1::ReplayDeadLettersResponse response;
  return scene.world.suite().driver(service).Call(kReplay, request, &response);
}

absl::Status Run(Scene& scene, const std::string& service, const base::Uuid& firm,
                 const base::Uuid& seed, int changes, bool kill) {
  World& world = scene.world;
  const std::string aggregate = firm.ToString();
  world.SetFailpoints(service, absl::StrCat("effect.apply[", aggregate, "]:error",
                                            kill ? ";park.before_commit:kill9" : ""));
  const absl::Status made = MakePoison(scene, firm, seed, changes);
  if (!made.ok()) return made;
  const bool parked = world.WaitFor(
      [&] { return DeadLetters(world, service, aggregate) == 1 + changes; }, kParkedWithin);
  world.SetFailpoints(service, "");
  if (!parked) {
    return absl::DeadlineExceededError(absl::StrCat(DeadLetters(world, service, aggregate), " of ",
                                                    1 + changes, " events of a firm are parked"));
  }
  if (const absl::Status replayed = Replay(scene, service, aggregate); !replayed.ok()) {
    return replayed;
  }
  const int64_t left = DeadLetters(world, service, aggregate);
  if (left == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(left, " dead letters stay after a replay"));
}

Strike Draw(Dice& dice) {
  const std::string service = dice.Pick(std::vector<std::string>{"casemgmt", "reporting"});
  const base::Uuid firm = dice.Id(), seed = dice.Id();
  const int changes = static_cast<int>(dice.Between(0, 4));
  const bool kill = dice.Chance(0.3);
  return {absl::StrCat(service, " cannot digest a firm of ", 1 + changes, " events",
                       kill ? "; killed while it parks one" : ""),
          absl::Seconds(4),
          [=](Scene& scene) { return Run(scene, service, firm, seed, changes, kill); }};
}

}  // namespace

Fault Poison() {
  return {"T15", "events of one aggregate that a consumer cannot apply",
          "they are parked in order, others pass, and a replay restores them", Draw};
}

}  // namespace ieum::faults
