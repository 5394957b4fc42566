// Goal: whatever comes at the same moment, is sent twice or is answered late, a case has one owner
// at any instant and one writer for each epoch. Method: a model of who may write beside the real
// thing, over random commands with repeats and with what was read before; then real threads.
// row:C12 row:X13
#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <thread>

#include "services/casemgmt/cases/case_events.h"
#include "tests/integration/casemgmt/referral_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::AnyOf;

class OneOwner : public ReferralWorld {
 public:
  void TestBody() override {}

  // A write of staff of that centre who read the case at that epoch (0 = they do not say).
  std::string Write(const base::Uuid& id, const std::string& centre, int64_t epoch,
                    const base::Uuid& request = base::Uuid::NewV7()) {
    const CaseInput input{
        .case_id = id, .etag = "", .reach = TeamOf(centre), .ownership_epoch = epoch};
    return Reason(
        world_.ledger().Run({.name = "Test",
                             .request_id = request,
                             .request_hash = "body",
                             .caller = {.actor = "staff/" + centre, .scope = ScopeOf(centre)}},
                            [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
                              work.Lock({id});
                              ASSIGN_OR_RETURN(Case c, LoadCase(work, input));
                              // Names its writer, and raises the version as any step does.
                              v1::CaseReassigned event;
                              FillFacts(c, event.mutable_case_());
                              event.set_event_date("2024-03-05");
                              event.set_reassignment_id(centre);
                              AppendToCase(work, c, event);
                              return DoneWith(c);
                            }));
  }
  base::Uuid Asked(const base::Uuid& id, const std::string& from, const std::string& to) {
    AskTransferInput input = TransferToB(id);
    input.of.reach = TeamOf(from);
    input.to_centre = *base::Uuid::Parse(to);
    const auto answer = As(from, "staff/asks", [&](auto& work) {
      return AskTransfer(work, cases_.keys(), Holidays(), input);
    });
    if (!answer.ok()) return base::Uuid();
    return IdOf(answer);
  }
  std::string Accepted(const base::Uuid& id, const base::Uuid& transfer, const std::string& at) {
    AcceptTransferInput input = Acceptance(id, transfer);
    input.at = Of(id, transfer, at);
    return Reason(As(at, "staff/takes", [&](auto& work) { return AcceptTransfer(work, input); }));
  }
  std::string Withdrawn(const base::Uuid& id, const base::Uuid& transfer, const std::string& at) {
    return Reason(As(at, "staff/asks", [&](auto& work) {
      return WithdrawTransfer(work, cases_.keys(), Of(id, transfer, at), "");
    }));
  }

  // What the ledger says: each event of an epoch is of that epoch's centre, epochs rise by one, and
  // only with CaseTransferred.
  std::string Breach(const base::Uuid& id) {
    int64_t epoch = 1;
    std::string centre = kCentreA;
    for (const Told& told : world_.EventsOf(id)) {
      if (told.type == "CaseTransferred") {
        const auto moved = told.As<v1::CaseTransferred>();
        if (moved.previous_ownership_epoch() != epoch || moved.previous_centre_id() != centre ||
            moved.case_().ownership_epoch() != epoch + 1) {
          return "an epoch was left out";
        }
        centre = moved.case_().centre_id();
        ++epoch;
      }
      if (told.type != "CaseReassigned") continue;
      const auto written = told.As<v1::CaseReassigned>();
      if (written.case_().ownership_epoch() != epoch) return "a write of another epoch";
      if (written.reassignment_id() != centre) return "a write of another centre's";
    }
    const Case c = cases_.Read(id);
    if (c.ownership_epoch != epoch || c.centre->ToString() != centre) return "another owner";
    const std::string owners =
        world_.Ask("SELECT count(*) FROM case_ownership WHERE case_id = '" + id.ToString() + "'");
    return owners == std::to_string(epoch) ? "" : "an owner too many or too few";
  }
};

// What the model knows of a case: whose it is, its epoch, and the open transfer.
struct Model {
  std::string owner = kCentreA;
  int64_t epoch = 1;
  std::string asked_of;  // "" = no open transfer
};

TEST(TransferProperties, NeverShowTwoWriters) {
  OneOwner world;
  const std::vector<std::string> centres = {kCentreA, kCentreB, kCentreC};
  EXPECT_TRUE(rc::check([&] {
    const base::Uuid id = world.CaseOfA();
    Model model;
    base::Uuid transfer;
    const int steps = *rc::gen::inRange(3, 14);
    for (int step = 0; step < steps; ++step) {
      const std::string centre = *rc::gen::elementOf(centres);
      switch (*rc::gen::inRange(0, 4)) {
        case 0: {  // a write, perhaps with an epoch read before, perhaps sent twice
          const int64_t epoch = *rc::gen::inRange<int64_t>(0, model.epoch + 1);
          const base::Uuid request = base::Uuid::NewV7();
          const std::string reason = world.Write(id, centre, epoch, request);
          const bool may = centre == model.owner && (epoch == 0 || epoch == model.epoch);
          RC_ASSERT(reason.empty() == may);
          if (centre == model.owner && !may) RC_ASSERT(reason == "OWNERSHIP_MOVED");
          if (may) RC_ASSERT(world.Write(id, centre, epoch, request).empty());
          break;
        }
        case 1: {
          const std::string to = *rc::gen::elementOf(centres);
          const base::Uuid asked = world.Asked(id, centre, to);
          const bool may = centre == model.owner && to != centre && model.asked_of.empty();
          RC_ASSERT(!asked.nil() == may);
          if (!may) break;
          transfer = asked;
          model.asked_of = to;
          break;
        }
        case 2: {
          if (transfer.nil()) break;
          const std::string reason = world.Accepted(id, transfer, centre);
          const bool may = centre == model.asked_of;
          RC_ASSERT(reason.empty() == may);
          if (!may) break;
          model = {.owner = centre, .epoch = model.epoch + 1, .asked_of = ""};
          break;
        }
        default: {
          if (transfer.nil()) break;
          const std::string reason = world.Withdrawn(id, transfer, centre);
          const bool may = centre == model.owner && !model.asked_of.empty();
          RC_ASSERT(reason.empty() == may);
          if (may) model.asked_of.clear();
        }
      }
      RC_ASSERT(world.Breach(id) == "");
    }
  }));
}

// The giving centre writes and takes back while the receiving one accepts, each several times.
TEST(TransferRace, OfAcceptWithdrawAndWritesLeavesOneOwnerAndNoWriteOfAnother) {
  OneOwner world;
  for (int round = 0; round < 8; ++round) {
    const base::Uuid id = world.CaseOfA();
    const base::Uuid transfer = world.Asked(id, kCentreA, kCentreB);
    ASSERT_FALSE(transfer.nil());
    std::barrier gate(4);
    std::atomic<int> accepted = 0, withdrawn = 0;
    std::vector<std::thread> threads;
    threads.emplace_back([&] {
      gate.arrive_and_wait();
      for (int turn = 0; turn < 3; ++turn) {
        const std::string reason = world.Accepted(id, transfer, kCentreB);
        EXPECT_THAT(reason, AnyOf("", "TRANSFER_STATE"));
        accepted += reason.empty();
      }
    });
    threads.emplace_back([&] {
      gate.arrive_and_wait();
      for (int turn = 0; turn < 3; ++turn) {
        const std::string reason = world.Withdrawn(id, transfer, kCentreA);
        EXPECT_THAT(reason, AnyOf("", "TRANSFER_STATE", "OWNERSHIP_MOVED"));
        withdrawn += reason.empty();
      }
    });
    for (const char* centre : {kCentreA, kCentreB}) {
      threads.emplace_back([&, centre] {
        gate.arrive_and_wait();
        for (int turn = 0; turn < 8; ++turn) {
          EXPECT_THAT(world.Write(id, centre, 0), AnyOf("", "OWNERSHIP_MOVED", "NOT_FOUND"));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(accepted + withdrawn, 1);
    EXPECT_EQ(world.Breach(id), "");
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
