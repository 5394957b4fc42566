#include "tests/faults/client.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/play/call_shape.h"

namespace ieum::faults {
namespace {

constexpr int kFirms = 12;              // at once
constexpr double kAbandonShare = 0.03;  // of unknown outcomes
constexpr double kRepeatShare = 0.03;   // of done commands
constexpr double kHastyShare = 0.02;    // of calls
constexpr absl::Duration kDeadline = absl::Seconds(4);

std::string WordOf(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

journal::Certainty CertaintyOf(const absl::Status& status) {
  return journal::CertaintyOf(WordOf(status));
}

}  // namespace

void Tallies::Add(const Tallies& other) {
  calls += other.calls;
  commands += other.commands;
  done += other.done;
  refused += other.refused;
  unknown += other.unknown;
  abandoned += other.abandoned;
  repeated += other.repeated;
  for (const auto& [key, n] : other.codes) codes[key] += n;
  for (const auto& [key, n] : other.reasons) reasons[key] += n;
  for (const auto& [key, n] : other.methods) methods[key] += n;
}

Client::Client(World& world, journal::Writer& writer, std::string name, int index, Dice dice,
               absl::Duration think)
    : world_(world),
      writer_(writer),
      name_(std::move(name)),
      index_(index),
      dice_(std::move(dice)),
      think_(think),
      slots_(kFirms) {
  writer_.Mark({MarkOf(kFirmsOfAClient * (index_ + 1)), name_});
}

FirmCase Client::NewFirm() {
  return FirmCase(world_.campaigns(), dice_.Fork(), kFirmsOfAClient * (index_ + 1) + ++firms_);
}

void Client::Work(Stop& stop) {
  const int64_t most = absl::ToInt64Microseconds(2 * think_);
  while (!stop.Wait(absl::Microseconds(dice_.Between(0, most)))) {
    Step(slots_[static_cast<size_t>(dice_.Between(0, kFirms - 1))]);
  }
}

void Client::Step(Slot& slot) {
  if (slot.waiting) {
    if (absl::Now() >= slot.again) (void)Send(slot);
    return;
  }
  if (!slot.firm || slot.firm->finished()) slot.firm.emplace(NewFirm());
  auto command = slot.firm->Next(world_.business_now());
  if (command) Give(slot, *std::move(command));
}

void Client::Give(Slot& slot, Command command) {
  play::SetRequestId(*command.request, dice_.Id().ToString());
  slot.waiting = std::move(command);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ++tallies_.commands;
  }
  if (Send(slot) || !dice_.Chance(kAbandonShare)) return;
  slot.waiting.reset();
  slot.firm->Abandon();
  std::lock_guard<std::mutex> lock(mutex_);
  ++tallies_.abandoned;
}

bool Client::Send(Slot& slot) {
  const absl::Duration timeout = dice_.Chance(kHastyShare) ? dice_.Millis(1, 30) : kDeadline;
  std::string name;
  const journal::Reply reply = Call(*slot.waiting, timeout, &name);
  const journal::Certainty certainty = CertaintyOf(reply.status);
  if (certainty == journal::Certainty::kUnknown) {
    slot.again = absl::Now() + dice_.Millis(50, 2000);
    return false;
  }
  const bool done = certainty == journal::Certainty::kDone;
  if (done && dice_.Chance(kRepeatShare)) Repeat(*slot.waiting);
  slot.waiting.reset();
  slot.firm->OnOutcome(done, name);
  return true;
}

// As a client whose answer was lost: the auditor compares what comes now with the first answer.
void Client::Repeat(const Command& command) {
  (void)Call(command, kDeadline, nullptr);
  std::lock_guard<std::mutex> lock(mutex_);
  ++tallies_.repeated;
}

journal::Reply Client::Call(const Command& command, absl::Duration timeout, std::string* name) {
  const std::unique_ptr<google::protobuf::Message> response(command.response->New());
  journal::Reply reply =
      PeerFor(command.service)
          .Call(command.method, *command.request, response.get(),
                {.aggregate = command.aggregate, .events = std::nullopt}, timeout);
  if (name != nullptr) *name = play::NameOf(*response);
  std::lock_guard<std::mutex> lock(mutex_);
  ++tallies_.calls;
  ++tallies_.codes[WordOf(reply.status)];
  switch (CertaintyOf(reply.status)) {
    case journal::Certainty::kDone:
      ++tallies_.done;
      ++tallies_.methods[command.method.substr(command.method.rfind('/') + 1)];
      break;
    case journal::Certainty::kRefused:
      ++tallies_.refused;
      ++tallies_.reasons[base::ReasonOf(reply.status)];
      break;
    case journal::Certainty::kUnknown:
      ++tallies_.unknown;
  }
  return reply;
}

// Any process of the service does.
journal::RecordedPeer& Client::PeerFor(const std::string& service) {
  const std::vector<std::string> processes = world_.ProcessesOf(service);
  const std::string process = processes.empty() ? service : dice_.Pick(processes);
  auto& peer = peers_[process];
  if (!peer) {
    peer = std::make_unique<journal::RecordedPeer>(
        journal::RecordedPeerOptions{.client = name_,
                                     .service = service,
                                     .address = world_.AddressOf(process),
                                     .token = world_.token(),
                                     .scope = name_},
        &writer_);
  }
  return *peer;
}

int Client::Settle(absl::Time until) {
  int unknown = 0;
  for (Slot& slot : slots_) {
    while (slot.waiting && absl::Now() < until) {
      if (!Send(slot) && !world_.Pass(absl::Milliseconds(50))) break;
    }
    unknown += slot.waiting ? 1 : 0;
  }
  return unknown;
}

Tallies Client::tallies() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return tallies_;
}

}  // namespace ieum::faults
