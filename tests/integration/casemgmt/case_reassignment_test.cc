// Goal: all cases of one manager go to another one, however many, each once. Method: ten thousand
// of them, in pieces, with a kill between, and with somebody who changes some meanwhile. row:C17
#include "services/casemgmt/cases/case_reassignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/casemgmt/case_world.h"

namespace ieum::casemgmt::testing {
namespace {

class CaseReassignments : public ::testing::Test {
 protected:
  absl::StatusOr<ledger::Answer> Begin(const std::optional<base::Uuid>& centre = {}) {
    return world_.Do([&](auto& work) {
      return BeginReassignment(
          work,
          {.centre = centre, .from = cases_.manager.subject, .to = to_, .to_person = person_});
    });
  }
  bool StepOnce() {
    const auto more = Reassigning(world_.ledger()).step(*world_.clock().Now());
    EXPECT_TRUE(more.ok()) << more.status();
    return more.ok() && *more;
  }
  void Finish() {
    for (int turn = 0; turn < 1000; ++turn) {
      StepOnce();
      if (world_.Ask("SELECT count(*) FROM case_reassignment WHERE finished_at IS NULL") == "0") {
        return;
      }
    }
    ADD_FAILURE() << "not finished";
  }
  // Copies of one case, each an aggregate of its own.
  void Copy(const base::Uuid& id, int count) {
    world_.Ask(absl::StrCat(
        "WITH ids AS (SELECT gen_random_uuid() AS id FROM generate_series(1, ", count,
        ")), a AS (INSERT INTO aggregate (id, kind, version) SELECT id, 'case', 1 FROM ids), "
        "c AS (INSERT INTO casefile SELECT (x.r).* FROM (SELECT jsonb_populate_record(c, "
        "jsonb_build_object('id', ids.id, 'person_id', gen_random_uuid(), 'case_number', NULL)) "
        "AS r FROM ids, casefile c WHERE c.id = '",
        id.ToString(), "') x RETURNING 1) SELECT count(*) FROM c"));
  }
  std::string With(const base::Uuid& subject) {
    return world_.Ask(absl::StrCat("SELECT count(*) FROM casefile WHERE manager_subject = '",
                                   subject.ToString(), "'"));
  }

  World world_{"2024-03-04 10:00"};
  Cases cases_{world_};
  const base::Uuid to_ = base::Uuid::NewV7(), person_ = base::Uuid::NewV7();
};

TEST_F(CaseReassignments, GiveTenThousandCasesEachOnce) {
  const base::Uuid first = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  Copy(first, 9999);
  const base::Uuid id = IdOf(Begin());
  StepOnce();  // a piece, then the process ends; another one goes on
  Finish();
  EXPECT_EQ(With(to_), "10000");
  EXPECT_EQ(With(cases_.manager.subject), "0");
  EXPECT_EQ(world_.Ask("SELECT case_count || ' ' || given_count || ' ' || left_count FROM "
                       "case_reassignment"),
            "10000 10000 0");
  EXPECT_EQ(world_.Ask("SELECT count(*) || ' ' || count(DISTINCT aggregate_id) FROM event_log "
                       "WHERE type LIKE '%CaseReassigned'"),
            "10000 10000");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM case_reassignment_item"), "0");
  const auto finished = world_.LastOf(id).As<v1::CaseReassignmentFinished>();
  EXPECT_EQ(finished.given_count(), 10000);
}

TEST_F(CaseReassignments, LeaveWhatEndedOrWasGivenAwayMeanwhile) {
  const base::Uuid stays = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid ends = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid given = cases_.CaseIn(v1::CASE_STATE_INTAKE);
  const base::Uuid ended_before = cases_.CaseIn(v1::CASE_STATE_CLOSED);
  IdOf(Begin());
  cases_.Close(ends);
  const base::Uuid third = base::Uuid::NewV7();
  IdOf(world_.Do([&](auto& work) {
    return ReassignCase(work, cases_.Of(given), {.subject = third, .manager = third});
  }));
  Finish();
  EXPECT_EQ(world_.Ask("SELECT case_count || ' ' || given_count || ' ' || left_count FROM "
                       "case_reassignment"),
            "3 1 2");
  EXPECT_EQ(cases_.Read(stays).manager_subject, to_);
  EXPECT_EQ(cases_.Read(given).manager_subject, third);
  EXPECT_EQ(cases_.Read(ends).manager_subject, cases_.manager.subject);
  EXPECT_EQ(cases_.Read(ended_before).manager_subject, cases_.manager.subject);
}

TEST_F(CaseReassignments, AreRefusedWhereThereIsNothingToGive) {
  EXPECT_EQ(Reason(Begin()), "NOTHING_TO_REASSIGN");
  const base::Uuid centre = base::Uuid::NewV7();
  cases_.CaseIn(v1::CASE_STATE_INTAKE, {.centre = centre.ToString()});
  EXPECT_EQ(Reason(Begin(base::Uuid::NewV7())), "NOTHING_TO_REASSIGN");
  EXPECT_EQ(Reason(Begin(centre)), "");
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              return BeginReassignment(work, {.from = to_, .to = to_, .to_person = person_});
            })),
            "INVALID_FIELD");
}

// Somebody writes with the etag that they have read while the cases change hands: their write comes
// before, or is turned away; it is never lost.
TEST_F(CaseReassignments, NeverLoseAWriteOfSomebodyElse) {
  std::vector<base::Uuid> ids;
  for (int at = 0; at < 30; ++at) ids.push_back(cases_.CaseIn(v1::CASE_STATE_REFERRED));
  IdOf(Begin());
  std::vector<std::string> reasons(ids.size());
  std::thread writer([&] {
    for (size_t at = 0; at < ids.size(); ++at) {
      CaseInput input = cases_.Of(ids[at]);
      input.etag = "\"2\"";
      reasons[at] = Reason(
          world_.Do([&](auto& work) { return ContactCase(work, cases_.keys(), input, ""); }));
    }
  });
  Finish();
  writer.join();
  for (size_t at = 0; at < ids.size(); ++at) {
    const Case c = cases_.Read(ids[at]);
    EXPECT_THAT(reasons[at], ::testing::AnyOf("", "STALE_ETAG"));
    EXPECT_EQ(c.state == v1::CASE_STATE_INITIAL_CONSULT, reasons[at].empty());
    EXPECT_EQ(c.manager_subject, to_);
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
