#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tests/faults/asking.h"
#include "tests/faults/fault.h"
#include "tests/faults/poison.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kParkedWithin = absl::Seconds(30);
constexpr char kReplay[] = "/ieum.platform.v1.OpsService/ReplayDeadLetters";
constexpr char kParking[] = "park.before_commit";
constexpr char kConstraint[] = "faults_poison";

enum class Kind {
  kRefused,    // the effect returns an error
  kForbidden,  // the database refuses the row
};

struct Dose {
  Kind kind = Kind::kRefused;
  std::string service;
  base::Uuid firm, seed;
  int changes = 0;
  bool kill = false;  // while it parks one
};

// Where the service keeps what it hears of organizations, and their ids.
std::pair<const char*, const char*> TableOf(const std::string& service) {
  return service == "casemgmt" ? std::pair{"organization_reference", "id"}
                               : std::pair{"fact", "aggregate_id"};
}

void Forbid(World& world, const Dose& dose) {
  const auto [table, column] = TableOf(dose.service);
  (void)world.suite().Ask(
      dose.service, absl::StrCat("ALTER TABLE ", table, " ADD CONSTRAINT ", kConstraint, " CHECK (",
                                 column, " <> '", dose.firm.ToString(), "')"));
}

void Allow(World& world, const Dose& dose) {
  (void)world.suite().Ask(dose.service, absl::StrCat("ALTER TABLE ", TableOf(dose.service).first,
                                                     " DROP CONSTRAINT ", kConstraint));
}

void Give(World& world, const Dose& dose) {
  const std::string kill = dose.kill ? absl::StrCat(kParking, ":kill9") : "";
  const std::string refuse = absl::StrCat("effect.apply[", dose.firm.ToString(), "]:error;");
  if (dose.kind == Kind::kForbidden) Forbid(world, dose);
  world.SetFailpoints(dose.service, (dose.kind == Kind::kRefused ? refuse : "") + kill);
}

void Antidote(World& world, const Dose& dose) {
  world.SetFailpoints(dose.service, "");
  if (dose.kind == Kind::kForbidden) Allow(world, dose);
}

// A firm whose events the service cannot digest, and changes of it that must wait behind them.
absl::Status Enter(Scene& scene, const Dose& dose) {
  const auto peer = PeerOf(scene, "registry", "poison");
  registry::v1::Organization organization;
  absl::Status status =
      Surely(scene, *peer, kCreateOrganization, NewFirm(dose.firm, "독약", dose.seed),
             &organization, dose.firm.ToString());
  for (int i = 0; i < dose.changes && status.ok(); ++i) {
    registry::v1::UpdateOrganizationRequest request;
    request.set_request_id(base::Uuid::Derive(dose.seed, absl::StrCat("change/", i)).ToString());
    request.mutable_organization()->set_name("organizations/" + dose.firm.ToString());
    request.mutable_organization()->set_display_name(absl::StrCat("독약 ", i));
    request.mutable_update_mask()->add_paths("display_name");
    status =
        Surely(scene, *peer, kUpdateOrganization, request, &organization, dose.firm.ToString());
  }
  return status;
}

absl::Status Replay(Scene& scene, const Dose& dose) {
  platform::v1::ReplayDeadLettersRequest request;
  request.set_producer("registry");
  request.set_aggregate_id(dose.firm.ToString());
  platform::v1::ReplayDeadLettersResponse response;
  RETURN_IF_ERROR(scene.world.suite().driver(dose.service).Call(kReplay, request, &response));
  const int64_t left = DeadLetters(scene.world, dose.service, dose.firm);
  if (left == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(left, " dead letters stay after a replay"));
}

absl::Status Run(Scene& scene, const Dose& dose) {
  World& world = scene.world;
  const int starts = world.Starts(dose.service);
  Give(world, dose);
  const absl::Status entered = Enter(scene, dose);
  const bool parked =
      entered.ok() &&
      world.WaitFor([&] { return DeadLetters(world, dose.service, dose.firm) == 1 + dose.changes; },
                    kParkedWithin);
  Antidote(world, dose);
  RETURN_IF_ERROR(entered);
  if (!parked) {
    return absl::DeadlineExceededError(absl::StrCat(DeadLetters(world, dose.service, dose.firm),
                                                    " of ", 1 + dose.changes,
                                                    " events of a firm are parked"));
  }
  if (dose.kill && world.Starts(dose.service) > starts) world.Struck(kParking);
  return Replay(scene, dose);
}

Dose DrawDose(Dice& dice) {
  Dose dose;
  dose.service = dice.Pick(std::vector<std::string>{"casemgmt", "reporting"});
  dose.kind = dice.Chance(0.5) ? Kind::kRefused : Kind::kForbidden;
  dose.firm = dice.Id();
  dose.seed = dice.Id();
  dose.changes = static_cast<int>(dice.Between(0, 4));
  dose.kill = dice.Chance(0.3);
  return dose;
}

Strike StrikeOf(const Dose& dose) {
  const char* why =
      dose.kind == Kind::kRefused ? " cannot digest a firm of " : "'s database refuses a firm of ";
  return {absl::StrCat(dose.service, why, 1 + dose.changes, " events",
                       dose.kill ? "; killed while it parks one" : ""),
          absl::Seconds(4), [dose](Scene& scene) { return Run(scene, dose); }};
}

Strike Draw(Dice& dice) {
  return dice.Chance(0.3) ? DrawUndecodable(dice) : StrikeOf(DrawDose(dice));
}

}  // namespace

int64_t DeadLetters(World& world, const std::string& service, const base::Uuid& aggregate) {
  return std::atoll(
      world.suite()
          .Ask(service, absl::StrCat("SELECT count(*) FROM dead_letter WHERE aggregate_id = '",
                                     aggregate.ToString(), "'"))
          .c_str());
}

Strike DrawKillWhileParking(Dice& dice) {
  Dose dose = DrawDose(dice);
  dose.kill = true;
  return StrikeOf(dose);
}

Fault Poison() {
  return {"T15", "events that a consumer refuses, its database refuses, or nobody can read",
          "they are parked in order, others pass, and a replay restores them; what cannot be read "
          "is discarded by an operator",
          Draw};
}

}  // namespace ieum::faults
