#include "platform/broker/publisher.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/nats_event.h"
#include "platform/broker/nats_status.h"
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

// {"stream":"EV_REGISTRY","seq":17}, with spaces or without.
std::optional<PublishAnswer> ParsePlainAnswer(std::string_view body) {
  constexpr std::string_view kBegin = "{\"stream\":\"", kSeq = "\"seq\":";
  if (!body.starts_with(kBegin) || !body.ends_with('}')) return std::nullopt;
  const size_t name_end = body.find('"', kBegin.size());
  if (name_end == std::string_view::npos) return std::nullopt;
  std::string_view rest = body.substr(name_end + 1, body.size() - name_end - 2);
  const auto skip_spaces = [&rest] {
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  };
  if (!rest.starts_with(',')) return std::nullopt;
  rest.remove_prefix(1);
  skip_spaces();
  if (!rest.starts_with(kSeq)) return std::nullopt;
  rest.remove_prefix(kSeq.size());
  skip_spaces();
  PublishAnswer answer;
  if (!ParseNumber(rest, &answer.seq)) return std::nullopt;
  answer.kind = Kind::kStored;
  return answer;
}

Publisher::Publisher(Connection& connection, std::function<void()> on_answer)
    : connection_(connection), on_answer_(std::move(on_answer)) {
  route_ = connection.impl().inbox->AddRoute([this](natsMsg* raw) {
    uint64_t round = 0, token = 0;
    if (!ReadToken(natsMsg_GetSubject(raw), &round, &token)) return;
    const std::string_view body(natsMsg_GetData(raw),
                                static_cast<size_t>(natsMsg_GetDataLength(raw)));
    std::optional<PublishAnswer> answer = ParsePlainAnswer(body);
    if (!answer) answer = ParsePublishAnswer(FromNatsMessage(raw));
    answer->token = token;
    Take(round, *std::move(answer));
  });
}

Publisher::~Publisher() { connection_.impl().inbox->RemoveRoute(route_); }

std::string Publisher::ReplyFor(uint64_t token) {
  std::lock_guard<std::mutex> lock(mutex_);
  return absl::StrCat(route_, ".", round_, ".", token);
}

absl::Status Publisher::Publish(uint64_t token, Message* message) {
  message->reply = ReplyFor(token);
  return connection_.Publish(*message);
}

absl::Status Publisher::PublishEvent(uint64_t token, const platform::v1::LedgerEvent& event,
                                     const Origin& origin, const Chain& chain) {
  const std::shared_ptr<Link> link = connection_.impl().link();
  if (!link->up()) return absl::UnavailableError("the broker's connection is down");
  ASSIGN_OR_RETURN(const MessageHandle message,
                   EncodeNatsEvent(event, origin, chain, ReplyFor(token)));
  return FromNats(natsConnection_PublishMsg(link->handle.get(), message.get()), "publish");
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

bool Publisher::ReadToken(std::string_view subject, uint64_t* round, uint64_t* token) const {
  const size_t from = route_.size() + 1;
  const size_t dot = subject.find('.', from);
  return dot != std::string_view::npos && ParseNumber(subject.substr(from, dot - from), round) &&
         ParseNumber(subject.substr(dot + 1), token);
}

// Who takes the answers is told of the first only: the others are there when he looks.
void Publisher::Take(uint64_t round, PublishAnswer answer) {
  bool first = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (round != round_) return;
    first = answers_.empty();
    answers_.push_back(std::move(answer));
  }
  if (first) on_answer_();
}

}  // namespace ieum::broker
