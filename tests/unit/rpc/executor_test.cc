// Goal: the queue is bounded, what is withdrawn never runs, a drain runs the rest. Method: a task
// that holds the only thread until the test lets it go.
#include "platform/rpc/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace ieum::rpc {
namespace {

class Counting final : public Executor::Task {
 public:
  explicit Counting(std::atomic<int>& runs) : runs_(runs) {}
  void Run() override { ++runs_; }

 private:
  std::atomic<int>& runs_;
};

class Holding final : public Executor::Task {
 public:
  void Run() override {
    running.set_value();
    release.get_future().wait();
  }
  std::promise<void> running, release;
};

struct HeldExecutor {
  explicit HeldExecutor(size_t limit) : executor(1, limit), holder(std::make_shared<Holding>()) {
    EXPECT_TRUE(executor.Submit(holder));
    holder->running.get_future().wait();
  }
  Executor executor;
  std::shared_ptr<Holding> holder;
  std::atomic<int> runs = 0;
};

TEST(Executor, RefusesMoreThanItsLimit) {
  HeldExecutor held(2);
  EXPECT_TRUE(held.executor.Submit(std::make_shared<Counting>(held.runs)));
  EXPECT_TRUE(held.executor.Submit(std::make_shared<Counting>(held.runs)));
  EXPECT_FALSE(held.executor.Submit(std::make_shared<Counting>(held.runs)));
  EXPECT_EQ(held.executor.waiting(), 2u);
  held.holder->release.set_value();
  held.executor.Drain();
  EXPECT_EQ(held.runs, 2);
}

TEST(Executor, NeverRunsWhatWasWithdrawnAndGivesItsPlaceAway) {
  HeldExecutor held(1);
  const auto task = std::make_shared<Counting>(held.runs);
  EXPECT_TRUE(held.executor.Submit(task));
  EXPECT_TRUE(held.executor.Withdraw(*task));
  EXPECT_FALSE(held.executor.Withdraw(*task));
  EXPECT_FALSE(held.executor.Withdraw(*held.holder)) << "it runs already";
  EXPECT_TRUE(held.executor.Submit(std::make_shared<Counting>(held.runs)));
  held.holder->release.set_value();
  held.executor.Drain();
  EXPECT_EQ(held.runs, 1);
}

TEST(Executor, TakesNothingAfterADrain) {
  std::atomic<int> runs = 0;
  Executor executor(4, 10);
  for (int i = 0; i < 10; ++i) executor.Submit(std::make_shared<Counting>(runs));
  executor.Drain();
  EXPECT_FALSE(executor.Submit(std::make_shared<Counting>(runs)));
  EXPECT_EQ(executor.waiting(), 0u);
}

}  // namespace
}  // namespace ieum::rpc
