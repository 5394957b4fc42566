// The threads on which handlers run. The queue before them is bounded, so that overload is said at
// once instead of being waited out; what is withdrawn while it waits is never run.
#pragma once

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ieum::rpc {

// Thread-safe.
class Executor {
 public:
  class Task {
   public:
    virtual ~Task() = default;
    virtual void Run() = 0;

   private:
    friend class Executor;
    // Where it waits; guarded by the executor's mutex.
    std::list<std::shared_ptr<Task>>::iterator place_;
    bool waits_ = false;
  };

  Executor(int threads, size_t queue_limit);
  ~Executor();

  // False when the queue is full or the executor was drained: the task will not run.
  bool Submit(std::shared_ptr<Task> task);
  // True when the task still waited: it will not run.
  bool Withdraw(Task& task);
  // Runs what waits, takes nothing more, returns when no task runs any longer.
  void Drain();
  size_t waiting() const;

 private:
  void Work();

  const size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::shared_ptr<Task>> queue_;
  bool drained_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace ieum::rpc
