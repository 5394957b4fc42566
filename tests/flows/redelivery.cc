#include "tests/flows/redelivery.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/broker/stream.h"

namespace ieum::testing {
namespace {

constexpr char kMessageId[] = "Nats-Msg-Id";
constexpr char kExpected[] = "Nats-Expected-";
constexpr char kOurs[] = "again-";
constexpr size_t kKept = 8;  // so that a copy comes long behind its event

// A copy that no duplicate window knows and that expects nothing of the stream.
broker::Message CopyOf(const broker::Message& message, const std::string& id) {
  broker::Message copy{.subject = message.subject, .payload = message.payload};
  for (const auto& [name, value] : message.headers) {
    if (name != kMessageId && name.rfind(kExpected, 0) != 0) copy.headers.emplace_back(name, value);
  }
  copy.headers.emplace_back(kMessageId, id);
  return copy;
}

}  // namespace

Redelivery::Redelivery(const Suite& suite, double share, uint64_t seed)
    : share_(share), random_(seed) {
  for (const std::string& producer : kServices) {
    auto connection = broker::Connection::Open(suite.BrokerAs(producer));
    if (connection.ok()) {
      connections_[producer] = *std::move(connection);
    } else {
      ADD_FAILURE() << connection.status();
    }
  }
}

void Redelivery::Step() {
  for (const auto& [producer, connection] : connections_) {
    if (!connection->connected()) return;
  }
  for (const auto& [producer, connection] : connections_) Pick(producer, *connection);
  Publish(kKept);
}

void Redelivery::Finish() { Publish(0); }

void Redelivery::Pick(const std::string& producer, broker::Connection& connection) {
  const auto state = broker::GetStreamState(connection, producer);
  if (!state.ok()) return;
  for (uint64_t& seq = read_[producer]; seq < state->last_seq; ++seq) {
    const auto stored = broker::MessageAt(connection, producer, seq + 1);
    if (absl::IsNotFound(stored.status())) continue;
    if (!stored.ok()) return;
    const std::string id(stored->message.Header(kMessageId));
    if (id.rfind(kOurs, 0) == 0) continue;
    ++seen_;
    if (std::bernoulli_distribution(share_)(random_)) {
      picked_.emplace_back(producer, CopyOf(stored->message, absl::StrCat(kOurs, id)));
    }
  }
}

void Redelivery::Publish(size_t keep) {
  std::shuffle(picked_.begin(), picked_.end(), random_);
  while (picked_.size() > keep) {
    const auto& [producer, message] = picked_.back();
    if (!connections_.at(producer)->Publish(message).ok()) return;
    picked_.pop_back();
    ++redelivered_;
  }
}

}  // namespace ieum::testing
