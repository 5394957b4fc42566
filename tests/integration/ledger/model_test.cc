// Goal: any sequence of commands leaves the ledger where a small model says, and is answered as the
// model says. Method: random sequences over few counters and few request ids, so that creations,
// changes, stale etags, refusals, repeats and reused ids meet often; the model is twenty lines.
#include <rapidcheck.h>

#include <map>
#include <optional>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {
namespace {

constexpr int kCounters = 5;
constexpr int kRequests = 8;

const db::Statement kFail("test_model_fail", "SELECT 1 / $1::int");

enum Kind {
  kMake,
  kRaise,
  kRaiseOnEtag,
  kRaiseOnStaleEtag,
  kMove,
  kTouch,
  kRefuse,
  kBreak,
  kKinds
};

// kind, counter, another counter, request, events
using Step = std::tuple<int, int, int, int, int>;

// What is expected of a step: a reason or code word for a refusal, or an answer.
struct Expected {
  std::string refusal;
  Answer answer;
};

class Model {
 public:
  explicit Model(std::vector<Uuid> ids, std::vector<int64_t> positions)
      : ids_(std::move(ids)), positions_(std::move(positions)), versions_(kCounters, 0) {}

  Expected Apply(const Step& step) {
    const auto [kind, counter, other, request, events] = step;
    const auto known = answers_.find(request);
    if (known != answers_.end()) {
      if (known->second.first != step) return {"REQUEST_ID_REUSED", {}};
      known->second.second.replayed = true;
      return {"", known->second.second};
    }
    const int64_t version = versions_[static_cast<size_t>(counter)];
    if (kind == kMake && version > 0) return {"ID_TAKEN", {}};
    if (kind != kMake && kind != kRefuse && kind != kBreak && version == 0)
      return {"NOT_FOUND", {}};
    if (kind == kRaiseOnStaleEtag) return {"STALE_ETAG", {}};
    if (kind == kRefuse) return {"NOT_NOW", {}};
    if (kind == kBreak) return {"INTERNAL", {}};
    Answer answer;
    const Uuid& id = ids_[static_cast<size_t>(counter)];
    answer.name = NameOf(id);
    answer.position = {id.shard(), 0};
    if (kind != kTouch) {
      Count(counter, events);
      if (kind == kMove && other != counter) Count(other, 1);
      if (kind == kMove) Count(counter, 1);
      answer.position.pos = positions_[static_cast<size_t>(id.shard())];
      // What stands behind the counter's own last event does not change the answer.
    }
    answer.etag = versions_[static_cast<size_t>(counter)];
    answers_[request] = {step, answer};
    return {"", answer};
  }
  const std::vector<int64_t>& versions() const { return versions_; }
  const std::vector<int64_t>& positions() const { return positions_; }
  size_t answers() const { return answers_.size(); }

 private:
  void Count(int counter, int events) {
    versions_[static_cast<size_t>(counter)] += events;
    positions_[static_cast<size_t>(ids_[static_cast<size_t>(counter)].shard())] += events;
  }
  std::vector<Uuid> ids_;
  std::vector<int64_t> positions_, versions_;
  std::map<int, std::pair<Step, Answer>> answers_;
};

class ModelTest : public LedgerTest {
 protected:
  absl::StatusOr<Done> UseCase(UnitOfWork& work, const Step& step) {
    const auto [kind, counter, other, request, events] = step;
    const Uuid& id = ids_[static_cast<size_t>(counter)];
    const Uuid& second = ids_[static_cast<size_t>(other)];
    if (kind == kMake) return Make(work, id, events);
    work.Lock({id, second});
    if (kind == kRefuse || kind == kBreak) {
      ledger::Count(work, id, events);
      if (kind == kBreak) work.tx().Exec(kFail, 0);
      return base::Forbidden("NOT_NOW", "refused after writing");
    }
    if (work.Version(id) == 0) return base::NotFound(NameOf(id));
    const int64_t named = work.Version(id) + (kind == kRaiseOnStaleEtag ? 1 : 0);
    if (kind == kRaiseOnEtag || kind == kRaiseOnStaleEtag) {
      RETURN_IF_ERROR(work.ExpectEtag(id, FormatEtag(named)));
    }
    if (kind != kTouch) ledger::Count(work, id, events);
    if (kind == kMove && second != id) ledger::Count(work, second, 1);
    if (kind == kMove) ledger::Count(work, id, 1);
    return Done{id, NameOf(id)};
  }

  absl::StatusOr<Answer> Run(const Step& step) {
    Command command = NewCommand(absl::StrCat(std::get<0>(step), "/", std::get<1>(step), "/",
                                              std::get<2>(step), "/", std::get<4>(step)));
    command.request_id = requests_[static_cast<size_t>(std::get<3>(step))];
    return ledger_.Run(command, [&](UnitOfWork& work) { return UseCase(work, step); });
  }

  void NewIds() {
    ids_.clear();
    requests_.clear();
    for (const int shard : {0, 0, 7, 15, 15}) ids_.push_back(NewIdOn(shard));
    for (int i = 0; i < kRequests; ++i) requests_.push_back(Uuid::NewV7());
  }

  void Compare(const std::vector<Step>& steps) {
    NewIds();
    const int64_t answers_before = Answers();
    Model model(ids_, ledger_.Positions().value());
    for (const Step& step : steps) {
      const Expected expected = model.Apply(step);
      const auto answer = Run(step);
      if (!answer.ok()) {
        const std::string reason = base::ReasonOf(answer.status());
        RC_ASSERT((reason.empty() ? "INTERNAL" : reason) == expected.refusal);
        continue;
      }
      RC_ASSERT(expected.refusal == "");
      RC_ASSERT(answer->name == expected.answer.name);
      RC_ASSERT(answer->etag == expected.answer.etag);
      RC_ASSERT(answer->position == expected.answer.position);
      RC_ASSERT(answer->replayed == expected.answer.replayed);
    }
    RC_ASSERT(ledger_.Positions().value() == model.positions());
    RC_ASSERT(Answers() - answers_before == static_cast<int64_t>(model.answers()));
    for (size_t i = 0; i < ids_.size(); ++i) {
      const std::string id = "'" + ids_[i].ToString() + "'";
      RC_ASSERT(Number("SELECT coalesce(max(version), 0) FROM aggregate WHERE id = " + id) ==
                model.versions()[i]);
      RC_ASSERT(Number("SELECT coalesce(max(value), 0) FROM counter WHERE id = " + id) ==
                model.versions()[i]);
    }
  }

  std::vector<Uuid> ids_, requests_;
};

TEST_F(ModelTest, AgreesWithTheLedgerOnRandomCommands) {
  EXPECT_TRUE(rc::check([this] {
    const auto step = rc::gen::tuple(rc::gen::inRange<int>(0, kKinds),
                                     rc::gen::inRange(0, kCounters), rc::gen::inRange(0, kCounters),
                                     rc::gen::inRange(0, kRequests), rc::gen::inRange(1, 4));
    const auto size = *rc::gen::inRange(1, 25);
    const auto steps = *rc::gen::container<std::vector<Step>>(
        static_cast<size_t>(size), rc::gen::resize(rc::kNominalSize, step));
    Compare(steps);
  }));
}

}  // namespace
}  // namespace ieum::ledger
