#include "platform/rpc/executor.h"

namespace ieum::rpc {

Executor::Executor(int threads, size_t queue_limit) : queue_limit_(queue_limit) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

Executor::~Executor() { Drain(); }

bool Executor::Submit(std::shared_ptr<Task> task) {
  {
    std::lock_guard lock(mutex_);
    if (drained_ || queue_.size() >= queue_limit_) return false;
    Task& entry = *task;
    entry.place_ = queue_.insert(queue_.end(), std::move(task));
    entry.waits_ = true;
  }
  changed_.notify_one();
  return true;
}

bool Executor::Withdraw(Task& task) {
  std::shared_ptr<Task> withdrawn;  // destroyed after the lock is gone
  std::lock_guard lock(mutex_);
  if (!task.waits_) return false;
  task.waits_ = false;
  withdrawn = std::move(*task.place_);
  queue_.erase(task.place_);
  return true;
}

void Executor::Work() {
  while (true) {
    std::shared_ptr<Task> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return drained_ || !queue_.empty(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
      task->waits_ = false;
    }
    task->Run();
  }
}

void Executor::Drain() {
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(mutex_);
    drained_ = true;
    threads.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

size_t Executor::waiting() const {
  std::lock_guard lock(mutex_);
  return queue_.size();
}

}  // namespace ieum::rpc
