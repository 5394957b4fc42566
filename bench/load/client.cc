#include "bench/load/client.h"

#include <chrono>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/alarm.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "platform/rpc/peer_channel.h"

namespace ieum::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCallsPerChannel = 100;  // a server takes 128 at once on one connection

struct Slot {
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  Clock::time_point due;
};

class Loader {
 public:
  Loader(const LoadPlan& plan, CallMaker& calls) : plan_(plan), calls_(calls) {
    for (int at = 0; at * kCallsPerChannel < plan.clients; ++at) {
      grpc::ChannelArguments arguments;
      arguments.SetInt("ieum.bench.channel", at);
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
      stubs_.push_back(std::make_unique<grpc::GenericStub>(
          grpc::CreateCustomChannel(plan.target, rpc::PeerCredentials("registry"), arguments)));
    }
    slots_.resize(static_cast<size_t>(plan.clients));
    for (Slot& slot : slots_) free_.push_back(&slot);
  }

  LoadCounts Run() {
    const auto begin = Clock::now();
    measure_from_ = begin + absl::ToChronoNanoseconds(plan_.warm);
    end_ = measure_from_ + absl::ToChronoNanoseconds(plan_.measured);
    counts_.started_unix = absl::ToUnixMicros(absl::Now() + plan_.warm) / 1e6;
    next_due_ = begin;
    while (Clock::now() < end_) {
      StartDue();
      TakeOne();
    }
    counts_.seconds = absl::ToDoubleSeconds(plan_.measured);
    FinishRest();
    return std::move(counts_);
  }

 private:
  void StartDue() {
    if (plan_.rate <= 0) {
      while (!free_.empty()) Start(Clock::now());
      return;
    }
    const auto step = std::chrono::nanoseconds(static_cast<int64_t>(1e9 / plan_.rate));
    while (!free_.empty() && next_due_ <= Clock::now()) {
      Start(next_due_);
      next_due_ += step;
    }
  }

  void Start(Clock::time_point due) {
    Slot* slot = free_.back();
    free_.pop_back();
    slot->context = std::make_unique<grpc::ClientContext>();
    slot->context->set_deadline(absl::ToChronoTime(absl::Now() + plan_.deadline));
    if (!plan_.token.empty()) {
      slot->context->AddMetadata("authorization", absl::StrCat("Bearer ", plan_.token));
    }
    slot->due = due;
    slot->response.Clear();
    auto& stub = stubs_[started_++ % stubs_.size()];
    slot->reader =
        stub->PrepareUnaryCall(slot->context.get(), calls_.method(), calls_.Next(), &queue_);
    slot->reader->StartCall();
    slot->reader->Finish(&slot->response, &slot->status, slot);
  }

  void TakeOne() {
    const auto until = plan_.rate > 0 && !free_.empty() ? std::min(next_due_, end_) : end_;
    const auto wait = until - Clock::now();
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + wait) ==
        grpc::CompletionQueue::GOT_EVENT) {
      Count(*static_cast<Slot*>(tag));
      free_.push_back(static_cast<Slot*>(tag));
    }
  }

  void Count(Slot& slot) {
    const auto now = Clock::now();
    if (now < measure_from_ || now >= end_) return;
    if (!slot.status.ok()) {
      ++counts_.failed[std::to_string(slot.status.error_code())];
      return;
    }
    ++counts_.ok;
    counts_.micros.push_back(static_cast<uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now - slot.due).count()));
  }

  // Calls that are under way are answered, not cancelled: what they wrote is in the ledger.
  void FinishRest() {
    void* tag = nullptr;
    bool ok = false;
    while (free_.size() < slots_.size() && queue_.Next(&tag, &ok)) {
      free_.push_back(static_cast<Slot*>(tag));
    }
    queue_.Shutdown();
    while (queue_.Next(&tag, &ok)) {
    }
  }

  const LoadPlan& plan_;
  CallMaker& calls_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  grpc::CompletionQueue queue_;
  std::vector<Slot> slots_;
  std::vector<Slot*> free_;
  size_t started_ = 0;
  Clock::time_point measure_from_, end_, next_due_;
  LoadCounts counts_;
};

}  // namespace

LoadCounts RunLoad(const LoadPlan& plan, CallMaker& calls) { return Loader(plan, calls).Run(); }

}  // namespace ieum::bench
