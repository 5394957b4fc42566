#include "services/reporting/rebuilds/log_ahead.h"

#include <utility>

#include "platform/base/status.h"
#include "services/reporting/facts/fact_commands.h"
#include "services/reporting/indicators/definition.h"

namespace ieum::reporting {
namespace {

constexpr int kPieceEventsMax = 1000;  // the producer also cuts at about 256 KiB
constexpr size_t kPiecesAhead = 4;

// As the live consumer would hand it over; a type unknown to this program has no message.
flow::ReceivedEvent Receive(const std::string& producer, int64_t epoch,
                            platform::v1::LedgerEvent envelope) {
  flow::ReceivedEvent event{producer, epoch, std::move(envelope), nullptr};
  if (const auto* type = EventType(event.envelope.type())) {
    std::shared_ptr<google::protobuf::Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    if (message->ParseFromString(event.envelope.payload())) event.message = std::move(message);
  }
  return event;
}

std::unique_ptr<LogPiece> PieceOf(const std::string& producer, int shard, int64_t from,
                                  platform::v1::ReadLogResponse* read) {
  auto piece = std::make_unique<LogPiece>();
  piece->producer = producer;
  piece->epoch = read->epoch();
  piece->shard = shard;
  piece->from = from;
  piece->to = read->events(read->events_size() - 1).position();
  piece->events.reserve(static_cast<size_t>(read->events_size()));
  for (platform::v1::LedgerEvent& event : *read->mutable_events()) {
    piece->events.push_back(Receive(producer, read->epoch(), std::move(event)));
  }
  piece->facts = FactsOf(piece->events);
  return piece;
}

}  // namespace

LogAhead::LogAhead(flow::LogReader reader, std::vector<v1::ProducerPosition> positions)
    : reader_(std::move(reader)), positions_(std::move(positions)), thread_([this] { Run(); }) {}

LogAhead::~LogAhead() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    unwanted_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

absl::StatusOr<std::unique_ptr<LogPiece>> LogAhead::Next() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !pieces_.empty(); });
  if (pieces_.empty()) {
    RETURN_IF_ERROR(status_);
    return nullptr;
  }
  std::unique_ptr<LogPiece> piece = std::move(pieces_.front());
  pieces_.pop_front();
  changed_.notify_all();
  return piece;
}

void LogAhead::Run() {
  absl::Status status;
  for (const v1::ProducerPosition& producer : positions_) {
    for (int shard = 0; shard < producer.positions_size() && status.ok(); ++shard) {
      status = ReadShard(producer.producer(), shard, producer.positions(shard));
    }
  }
  std::lock_guard<std::mutex> lock(mutex_);
  status_ = std::move(status);
  ended_ = true;
  changed_.notify_all();
}

absl::Status LogAhead::ReadShard(const std::string& producer, int shard, int64_t from) {
  while (true) {
    ASSIGN_OR_RETURN(auto read, reader_(producer, shard, from + 1, kPieceEventsMax));
    if (read.events_size() == 0) return absl::OkStatus();
    auto piece = PieceOf(producer, shard, from, &read);
    from = piece->to;
    if (!Give(std::move(piece))) return absl::CancelledError("nobody keeps what is read");
    if (from == read.last_position()) return absl::OkStatus();
  }
}

bool LogAhead::Give(std::unique_ptr<LogPiece> piece) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return unwanted_ || pieces_.size() < kPiecesAhead; });
  if (unwanted_) return false;
  pieces_.push_back(std::move(piece));
  changed_.notify_all();
  return true;
}

}  // namespace ieum::reporting
