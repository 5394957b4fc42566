// Goal: whatever commands meet in shared transactions, each is answered as it might have been
// alone, and the ledger's laws hold (INV1–INV3). Method: random commands over few counters, names
// and request ids from eight threads at once, so that makers, stale etags, refusals before and
// after writing, faults, wrong assumptions, questions before the lock and repeated requests meet in
// one transaction; then every answer is held against the tables. row:R27 row:R29
#include <rapidcheck.h>

#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {
namespace {

constexpr size_t kThreads = 8;
constexpr int kCounters = 4;
constexpr int kNames = 3;
constexpr int kRequests = 40;

const db::Statement kFail("test_sharing_laws_fail", "SELECT 1 / $1::int");
const db::Statement kLook("test_sharing_laws_look", "SELECT value FROM counter WHERE id = $1");
const db::Statement kName("test_sharing_laws_name", R"(
  INSERT INTO counter_name (name, id) VALUES ($1, $2) ON CONFLICT DO NOTHING)");

enum Kind {
  kMake,
  kRaise,
  kRaiseTwo,
  kRaiseByReading,
  kStale,
  kRefuse,
  kRefuseLate,
  kBreak,
  kTakeName,
  kLookFirst,
  kConflict,
  kKinds
};

// kind, counter, another counter or name, request
using Step = std::tuple<int, int, int, int>;

struct Asked {
  Step step;
  absl::StatusOr<Answer> answer = absl::UnknownError("not run");
};

class SharingLawsTest : public LedgerTest {
 protected:
  absl::StatusOr<Done> UseCase(UnitOfWork& work, const Step& step) {
    const auto [kind, counter, other, request] = step;
    const Uuid id = ids_[static_cast<size_t>(counter)];
    const Uuid second = ids_[static_cast<size_t>(other % kCounters)];
    if (kind == kLookFirst) work.tx().Exec(kLook, id);
    if (kind == kMake) return Make(work, id);
    if (kind == kTakeName) {
      const Uuid named = work.DeriveId("named");
      work.Lock({named});
      AppendTo(work, named);
      const std::string name = absl::StrCat(prefix_, "/", other % kNames);
      if (!work.tx().ExecOne(kName, name, named)) return base::AlreadyExists("NAME_TAKEN", "taken");
      return Done{named, NameOf(named)};
    }
    if (kind == kRaiseByReading) {
      return RaiseByReading(work, second == id ? std::vector{id} : std::vector{id, second});
    }
    work.Lock({id, second});
    if (kind == kStale) RETURN_IF_ERROR(work.ExpectEtag(id, "\"1000000\""));
    if (kind == kRefuse) return base::Forbidden("NOT_NOW", "not now");
    Count(work, id);
    if (kind == kRaiseTwo && second != id) Count(work, second);
    if (kind == kRefuseLate) return base::Forbidden("NOT_NOW", "not now");
    if (kind == kBreak) work.tx().Exec(kFail, 0);
    if (kind == kConflict) db::Conflict();
    return Done{id, NameOf(id)};
  }

  void RunOne(Asked* run) {
    const auto [kind, counter, other, request] = run->step;
    Command command = NewCommand(absl::StrCat(kind, "/", counter, "/", other),
                                 kind == kLookFirst ? "LookFirst" : "CountUp");
    command.request_id = requests_[static_cast<size_t>(request)];
    run->answer = ledger_.Run(command, [&](UnitOfWork& work) { return UseCase(work, run->step); });
  }

  static std::string Word(const absl::Status& status) {
    const std::string reason = base::ReasonOf(status);
    return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
  }

  // What a step of this kind may be answered, by anybody, ever.
  static bool MayEndAs(int kind, const absl::Status& status) {
    const std::string word = status.ok() ? "" : Word(status);
    if (word == "REQUEST_ID_REUSED") return true;
    switch (kind) {
      case kMake:
        return word.empty() || word == "ID_TAKEN";
      case kStale:
        return word == "STALE_ETAG";
      case kRefuse:
      case kRefuseLate:
        return word == "NOT_NOW";
      case kBreak:
        return word == "INTERNAL";
      case kTakeName:
        return word.empty() || word == "NAME_TAKEN";
      case kConflict:
        return word == "UNAVAILABLE";
      default:
        return word.empty();
    }
  }

  int64_t EventsOf(const Step& step) const {
    const auto [kind, counter, other, request] = step;
    const bool two = kind == kRaiseTwo || kind == kRaiseByReading;
    return two && other % kCounters != counter ? 2 : 1;
  }

  void CheckAnswers(const std::vector<Asked>& runs, int64_t events_before, int64_t answers_before) {
    std::map<int, const Asked*> done;                     // by request
    std::map<std::pair<std::string, int64_t>, int> made;  // by name and etag: the request
    int64_t events = 0, executions = 0;
    for (const Asked& run : runs) {
      RC_ASSERT(MayEndAs(std::get<0>(run.step), run.answer.status()));
      if (!run.answer.ok()) continue;
      const int request = std::get<3>(run.step);
      const auto [known, first] = done.emplace(request, &run);
      RC_ASSERT(SameAnswer(*run.answer, *known->second->answer));
      if (!run.answer->replayed) {
        ++executions;
        events += EventsOf(run.step);
      }
      const auto [maker, fresh] =
          made.emplace(std::pair(run.answer->name, run.answer->etag), request);
      RC_ASSERT(fresh || maker->second == request);
    }
    RC_ASSERT(executions == static_cast<int64_t>(done.size()));
    RC_ASSERT(Events() - events_before == events);
    RC_ASSERT(Answers() - answers_before == executions);
    RC_ASSERT(Number("SELECT count(*) FROM counter JOIN aggregate USING (id) "
                     "WHERE value <> version") == 0);
    RC_ASSERT(Number("SELECT count(*) FROM counter_name n LEFT JOIN aggregate a USING (id) "
                     "WHERE a.id IS NULL") == 0);
    RC_ASSERT(BrokenLaws(test_).empty());
  }

  void Check(const std::vector<Step>& steps) {
    ids_.clear();
    requests_.clear();
    prefix_ = Uuid::NewV7().ToString();
    for (int i = 0; i < kCounters; ++i) ids_.push_back(NewIdOn(i % 2 == 0 ? 3 : 15 - i));
    for (int i = 0; i < kRequests; ++i) requests_.push_back(Uuid::NewV7());
    const int64_t events = Events(), answers = Answers();
    std::vector<Asked> runs;
    for (const Step& step : steps) runs.push_back({step});
    std::vector<std::thread> threads;
    for (size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (size_t i = t; i < runs.size(); i += kThreads) RunOne(&runs[i]);
      });
    }
    for (auto& thread : threads) thread.join();
    CheckAnswers(runs, events, answers);
  }

  std::vector<Uuid> ids_, requests_;
  std::string prefix_;
};

// law:INV1 law:INV2 law:INV3
TEST_F(SharingLawsTest, HoldForRandomCommandsOfEightThreads) {
  EXPECT_TRUE(rc::check([this] {
    // Mostly commands that go well: transactions are shared by more before one of them breaks it.
    const auto kind = rc::gen::weightedOneOf<int>(
        {{3, rc::gen::elementOf(
                 std::vector<int>{kMake, kRaise, kRaiseTwo, kRaiseByReading, kTakeName})},
         {1, rc::gen::inRange<int>(0, kKinds)}});
    const auto step = rc::gen::tuple(kind, rc::gen::inRange(0, kCounters), rc::gen::inRange(0, 12),
                                     rc::gen::inRange(0, kRequests));
    const auto size = *rc::gen::inRange(1, 64);
    Check(*rc::gen::container<std::vector<Step>>(static_cast<size_t>(size),
                                                 rc::gen::resize(rc::kNominalSize, step)));
  }));
}

}  // namespace
}  // namespace ieum::ledger
