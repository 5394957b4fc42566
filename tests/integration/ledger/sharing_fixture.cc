#include "tests/integration/ledger/sharing_fixture.h"

#include <future>
#include <utility>

#include "tests/support/wait.h"

namespace ieum::ledger {
namespace {

using testing::WaitFor;

const db::Statement kAssumedName("test_sharing_name", R"(
  INSERT INTO counter_name (name, id) VALUES ($1, $2) ON CONFLICT DO NOTHING)");

absl::Status AssumeName(UnitOfWork& work, const Uuid& id, const std::string& name) {
  if (work.tx().ExecOne(kAssumedName, name, id)) return absl::OkStatus();
  return base::AlreadyExists("NAME_TAKEN", "another counter has this name");
}

}  // namespace

Asked Making(const Uuid& id) {
  return {[id](UnitOfWork& work) { return Make(work, id); }};
}
Asked Raising(const Uuid& id) {
  return {[id](UnitOfWork& work) { return Raise(work, id); }};
}
Asked Naming(const std::string& name) {
  return {[name, id = Uuid::NewV7()](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    RETURN_IF_ERROR(AssumeName(work, id, name));
    AppendTo(work, id);
    return Done{id, NameOf(id)};
  }};
}
Asked Refusing(bool after_writing) {
  return {[after_writing, id = Uuid::NewV7()](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    if (after_writing) Count(work, id);
    return base::Forbidden("NOT_NOW", "not now");
  }};
}

std::thread SharingTest::HoldPlace(Ledger& ledger, const std::atomic<bool>& go) {
  std::promise<void> holds;
  std::future<void> held = holds.get_future();
  std::thread holder([&ledger, &go, holds = std::move(holds)]() mutable {
    const Uuid id = Uuid::NewV7();
    bool begun = false;
    const auto end = ledger.Run(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
      if (!std::exchange(begun, true)) holds.set_value();
      EXPECT_TRUE(WaitFor([&] { return go.load(); }));
      work.Lock({id});
      return base::Forbidden("HELD", "it only keeps the place");
    });
    EXPECT_EQ(base::ReasonOf(end.status()), "HELD");
  });
  held.wait();
  return holder;
}

SharingTest::Answers SharingTest::RunTogether(Ledger& ledger, const std::vector<Asked>& all,
                                              const std::function<void()>& ready) {
  std::atomic<bool> go = false;
  std::thread holder = HoldPlace(ledger, go);
  Answers answers(all.size(), absl::UnknownError(""));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < all.size(); ++i) {
    threads.emplace_back([&, i] { answers[i] = ledger.Run(all[i].command, all[i].use_case); });
    EXPECT_TRUE(WaitFor([&] { return ledger.waiting() == i + 1; }));
  }
  ready();
  go = true;
  holder.join();
  for (auto& thread : threads) thread.join();
  return answers;
}

}  // namespace ieum::ledger
