#include "platform/broker/publisher.h"

#include <nlohmann/json.hpp>

#include "fmt/format.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/number.h"

namespace ieum::broker {
namespace {

using Kind = PublishAnswer::Kind;

constexpr int kWrongLastMessageId = 10070;
constexpr int kWrongLastSequence = 10071;

// A number of the object, 0 when there is none.
uint64_t NumberIn(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0;
}

PublishAnswer ErrorAnswer(const nlohmann::json& error) {
  PublishAnswer answer;
  const uint64_t code = error.is_object() ? NumberIn(error, "err_code") : 0;
  const bool wrong_last = code == kWrongLastMessageId || code == kWrongLastSequence;
  answer.kind = wrong_last ? Kind::kWrongLast : Kind::kRefused;
  answer.error = fmt::format("refused with {}", code);
  return answer;
}

}  // namespace

PublishAnswer ParsePublishAnswer(const Message& answer) {
  PublishAnswer out;
  if (const std::string_view status = answer.Header("Status"); !status.empty()) {
    out.error = fmt::format("no stream listens ({})", status);
    return out;
  }
  const auto body = nlohmann::json::parse(answer.payload, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) {
    out.error = "an answer that cannot be read";
    return out;
  }
  if (body.contains("error")) return ErrorAnswer(body["error"]);
  out.kind = Kind::kStored;
  out.seq = NumberIn(body, "seq");
  out.duplicate = body.contains("duplicate") && body["duplicate"] == true;
  return out;
}

Publisher::Publisher(Connection& connection, std::function<void()> on_answer)
    : connection_(connection), on_answer_(std::move(on_answer)) {
  route_ = connection.impl().inbox->AddRoute(
      [this](natsMsg* message) { Receive(FromNatsMessage(message)); });
}

Publisher::~Publisher() { connection_.impl().inbox->RemoveRoute(route_); }

absl::Status Publisher::Publish(uint64_t token, Message* message) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    message->reply = fmt::format("{}.{}.{}", route_, round_, token);
  }
  return connection_.Publish(*message);
}

std::vector<PublishAnswer> Publisher::TakeAnswers() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(answers_, {});
}

void Publisher::Forget() {
  std::lock_guard<std::mutex> lock(mutex_);
  ++round_;
  answers_.clear();
}

void Publisher::Receive(const Message& answer) {
  const std::string_view subject = answer.subject;
  const size_t from = route_.size() + 1;
  const size_t dot = subject.find('.', from);
  uint64_t round = 0, token = 0;
  if (dot == std::string_view::npos || !ParseNumber(subject.substr(from, dot - from), &round) ||
      !ParseNumber(subject.substr(dot + 1), &token)) {
    return;
  }
  PublishAnswer parsed = ParsePublishAnswer(answer);
  parsed.token = token;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (round != round_) return;
    answers_.push_back(std::move(parsed));
  }
  on_answer_();
}

}  // namespace ieum::broker
