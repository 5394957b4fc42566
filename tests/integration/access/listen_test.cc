// Goal: grants are heard whatever the service does with registry's events otherwise, and nothing of
// that is lost. Method: registry's events through the effects of a subscription on a real
// PostgreSQL.
#include "platform/access/listen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/registry/v1/events.pb.h"
#include "platform/access/subject_id.h"
#include "platform/base/clock.h"
#include "platform/flow/task.h"
#include "tests/support/postgres.h"

namespace ieum::access {
namespace {

using flow::ReceivedEvent;
using flow::Subscriptions;
using registry::v1::CentrePlaced;
using registry::v1::GrantEnded;
using registry::v1::GrantGiven;
using registry::v1::SubjectClosed;
using registry::v1::SubjectReopened;
using ::testing::ElementsAre;

const base::Uuid kSubject = SubjectId("staff/kim");
const base::Uuid kGrant = *base::Uuid::Parse("0190b0c0-0000-7000-8000-000000000001");

class Listening : public ::testing::Test {
 protected:
  Listening() { EXPECT_TRUE(clock_.Set(absl::FromUnixSeconds(1'700'000'000)).ok()); }

  void Listen() { access::Listen<GrantGiven, GrantEnded, SubjectClosed, SubjectReopened>(on_); }

  absl::Status Deliver(const google::protobuf::Message& event) {
    ReceivedEvent received;
    received.producer = "registry";
    received.envelope.set_shard(kSubject.shard());
    received.envelope.set_position(++position_);
    received.envelope.set_event_id(base::Uuid::NewV7().ToString());
    received.envelope.set_aggregate_id(kSubject.ToString());
    received.envelope.set_type(event.GetDescriptor()->full_name());
    received.envelope.set_payload(event.SerializeAsString());
    const flow::Task task = flow::TaskFor(on_, &received);
    if (task.kind == flow::Task::Kind::kSkip) return absl::NotFoundError("not listened to");
    return database_.database().Write("deliver", [&](db::Tx& tx) {
      bool appended = false;
      return flow::ApplyAll({task}, {received}, ledger_, tx, &appended);
    });
  }
  static GrantGiven Given() {
    GrantGiven event;
    event.set_subject_id(kSubject.ToString());
    event.set_grant_id(kGrant.ToString());
    event.set_role("judge");
    return event;
  }
  std::string Role() { return database_.Ask("SELECT max(role) FROM access_grant"); }

  testing::TestDatabase database_;
  base::SimulatedClock clock_;
  ledger::Ledger ledger_{database_.database(), clock_, "notify"};
  Subscriptions on_;
  int64_t position_ = 0;
  std::vector<std::string> heard_;
};

TEST_F(Listening, KeepsTheBookByItself) {
  Listen();
  ASSERT_TRUE(Deliver(Given()).ok());
  EXPECT_EQ(database_.Ask("SELECT concat_ws(' ', role, centre, pos) FROM access_grant"),
            "judge * 1");
  GrantEnded ended;
  ended.set_grant_id(kGrant.ToString());
  ASSERT_TRUE(Deliver(ended).ok());
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM access_grant"), "0");
  ASSERT_TRUE(Deliver(SubjectClosed()).ok());
  EXPECT_EQ(database_.Ask("SELECT closed FROM access_subject"), "t");
  ASSERT_TRUE(Deliver(SubjectReopened()).ok());
  EXPECT_EQ(database_.Ask("SELECT closed FROM access_subject"), "f");
  EXPECT_EQ(database_.Ask("SELECT revision FROM access_revision"), "4");
}

TEST_F(Listening, HearsBesideASinkThatIsToldToo) {
  Listen();
  on_.Sink<GrantGiven>([&](db::Tx&, absl::Span<const ReceivedEvent> events) {
    for (const ReceivedEvent& event : events) heard_.push_back(event.As<GrantGiven>().role());
    return absl::OkStatus();
  });
  ASSERT_TRUE(Deliver(Given()).ok());
  EXPECT_EQ(Role(), "judge");
  EXPECT_THAT(heard_, ElementsAre("judge"));
}

TEST_F(Listening, HearsWhatAReactionDoesNotWant) {
  on_.ReactIf<GrantGiven>([](const GrantGiven& event) { return event.role() == "auditor"; },
                          [&](ledger::UnitOfWork&, const GrantGiven& event, const ReceivedEvent&) {
                            heard_.push_back(event.role());
                            return absl::OkStatus();
                          });
  Listen();  // whichever comes first
  ASSERT_TRUE(Deliver(Given()).ok());
  EXPECT_EQ(Role(), "judge");
  EXPECT_THAT(heard_, ElementsAre());
  GrantGiven wanted = Given();
  wanted.set_role("auditor");
  wanted.set_grant_id(base::Uuid::NewV7().ToString());
  ASSERT_TRUE(Deliver(wanted).ok());
  EXPECT_THAT(heard_, ElementsAre("auditor"));
}

TEST_F(Listening, HearsWhatAGlanceLeavesOut) {
  Listen();
  on_.ReactAll(
      GrantGiven::descriptor()->file(),
      [&](ledger::UnitOfWork&, const ReceivedEvent&) {
        heard_.push_back("reacted");
        return absl::OkStatus();
      },
      [&](db::Tx&, absl::Span<const ReceivedEvent> run) {
        heard_.push_back("glanced");
        return std::vector<bool>(run.size(), false);
      });
  ASSERT_TRUE(Deliver(Given()).ok());
  EXPECT_EQ(Role(), "judge");
  EXPECT_THAT(heard_, ElementsAre("glanced"));
}

// row:R11
TEST_F(Listening, HearsWhereCentresStandAndWhatWasTakenBack) {
  access::ListenToCentres<CentrePlaced>(on_);
  const auto parents = [&] {
    return database_.Ask(
        "SELECT coalesce(string_agg(pos || ' ' || coalesce(parent_id::text, '-'), ', ' ORDER BY "
        "pos), '') FROM access_centre WHERE id = '" +
        kSubject.ToString() + "'");
  };
  CentrePlaced placed;
  placed.set_parent_id(kGrant.ToString());
  ASSERT_TRUE(Deliver(placed).ok());
  ASSERT_TRUE(Deliver(CentrePlaced()).ok());
  EXPECT_EQ(parents(), "1 " + kGrant.ToString() + ", 2 -");
  EXPECT_EQ(database_.Ask("SELECT revision FROM access_revision"), "2");
  placed.set_parent_id("incheon");
  EXPECT_FALSE(Deliver(placed).ok());

  flow::Rewind rewind;
  rewind.producer = "registry";
  rewind.kept[kSubject.shard()] = 1;
  ASSERT_TRUE(
      database_.database().Write("undo", [&](db::Tx& tx) { return on_.undo()(tx, rewind); }).ok());
  EXPECT_EQ(parents(), "1 " + kGrant.ToString());
}

TEST_F(Listening, RefusesAnEventThatBreaksItsContract) {
  Listen();
  GrantGiven event = Given();
  event.set_centre_id("incheon");
  EXPECT_FALSE(Deliver(event).ok());
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM access_grant"), "0");
}

TEST_F(Listening, TakesBackGrantsOfALedgerThatLostItsEnd) {
  Listen();
  bool own = false;
  on_.OnRewind([&](db::Tx&, const flow::Rewind&) {
    own = true;
    return absl::OkStatus();
  });
  ASSERT_TRUE(Deliver(Given()).ok());
  flow::Rewind rewind;
  rewind.producer = "casemgmt";
  const auto undo = [&] {
    return database_.database().Write("undo", [&](db::Tx& tx) { return on_.undo()(tx, rewind); });
  };
  ASSERT_TRUE(undo().ok());
  EXPECT_EQ(Role(), "judge") << "another's ledger";
  rewind.producer = "registry";
  ASSERT_TRUE(undo().ok());
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM access_grant"), "0");
  EXPECT_TRUE(own);
}

}  // namespace
}  // namespace ieum::access
