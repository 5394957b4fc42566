// Goal: reads that come together share a statement, nobody is told what is older than his question,
// and a failure is everybody's who shared it. Method: a read that a test holds up.
#include "platform/db/gathered_read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "absl/status/status.h"
#include "tests/support/wait.h"

namespace ieum::db {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Reads = GatheredRead<int, std::string>;

// Answers odd keys only; the first read waits until it is let go.
class Held {
 public:
  absl::StatusOr<Reads::Found> Read(const std::vector<int>& keys) {
    bool first = false;
    {
      std::lock_guard lock(mutex_);
      first = asked_.empty();
      asked_.push_back(keys);
    }
    if (first) let_go_.get_future().wait();
    if (fails_) return absl::UnavailableError("away");
    Reads::Found found;
    for (const int key : keys) {
      if (key % 2 == 1) found[key] = std::to_string(key);
    }
    return found;
  }
  void LetGo() { let_go_.set_value(); }
  void Fail() { fails_ = true; }
  std::vector<std::vector<int>> asked() {
    std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::vector<int>> asked_;
  std::promise<void> let_go_;
  std::atomic<bool> fails_{false};
};

class GatheredReads : public ::testing::Test {
 protected:
  using Answer = std::future<absl::StatusOr<std::optional<std::string>>>;
  Answer Asking(int key) {
    return std::async(std::launch::async, [this, key] {
      ++came_;
      return reads_.Find(key);
    });
  }
  // One read is held, and these wait behind it.
  std::vector<Answer> Behind(const std::vector<int>& keys) {
    std::vector<Answer> answers;
    answers.push_back(Asking(1));
    EXPECT_TRUE(testing::WaitFor([&] { return held_.asked().size() == 1; }));
    for (const int key : keys) answers.push_back(Asking(key));
    EXPECT_TRUE(testing::WaitFor([&] { return reads_.waiting() == keys.size(); }));
    return answers;
  }

  Held held_;
  std::atomic<int> came_ = 0;
  Reads reads_{[this](const std::vector<int>& keys) { return held_.Read(keys); }, 1, 4};
};

TEST_F(GatheredReads, ShareAStatementAndAskForEachOnce) {
  auto answers = Behind({3, 4, 3});
  held_.LetGo();
  EXPECT_EQ(answers[0].get()->value(), "1");
  EXPECT_EQ(answers[1].get()->value(), "3");
  EXPECT_EQ(*answers[2].get(), std::nullopt);
  EXPECT_EQ(answers[3].get()->value(), "3");
  ASSERT_EQ(held_.asked().size(), 2u);
  EXPECT_THAT(held_.asked()[0], ElementsAre(1));
  EXPECT_THAT(held_.asked()[1], UnorderedElementsAre(3, 4));
}

TEST_F(GatheredReads, AreNeverAnsweredByAReadThatBeganBeforeThem) {
  auto answers = Behind({1});
  held_.LetGo();
  for (auto& answer : answers) EXPECT_EQ(answer.get()->value(), "1");
  EXPECT_EQ(held_.asked().size(), 2u) << "the same key, asked for again";
}

TEST_F(GatheredReads, TakeNoMoreThanTheyMayAtOnce) {
  auto answers = Behind({3, 5, 7, 9, 11, 13});
  held_.LetGo();
  for (auto& answer : answers) EXPECT_TRUE(answer.get()->has_value());
  ASSERT_EQ(held_.asked().size(), 3u);
  EXPECT_EQ(held_.asked()[1].size(), 4u);
  EXPECT_EQ(held_.asked()[2].size(), 2u);
}

TEST_F(GatheredReads, FailTogether) {
  auto answers = Behind({3, 5});
  held_.Fail();
  held_.LetGo();
  for (auto& answer : answers) EXPECT_TRUE(absl::IsUnavailable(answer.get().status()));
}

TEST(GatheredRead, LosesNobodyAmongManyThreads) {
  std::atomic<int> under_way = 0, most = 0;
  Reads reads([&](const std::vector<int>& keys) -> absl::StatusOr<Reads::Found> {
    const int now = ++under_way;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    Reads::Found found;
    for (const int key : keys) found[key] = std::to_string(key);
    --under_way;
    return found;
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        const int key = t * 1000 + i;
        EXPECT_EQ(reads.Find(key)->value(), std::to_string(key));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace ieum::db
