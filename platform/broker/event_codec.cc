#include "platform/broker/event_codec.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "platform/base/instant_text.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "platform/base/timestamp.h"
#include "platform/base/uuid.h"
#include "platform/broker/event_headers.h"
#include "platform/broker/number.h"
#include "platform/broker/stream.h"

namespace ieum::broker {
namespace {

using platform::v1::LedgerEvent;

constexpr char kSpecVersion[] = "1.0";
constexpr char kContentType[] = "application/protobuf";
constexpr char kSuite[] = "ieum";
constexpr char kHex[] = "0123456789ABCDEF";

bool NeedsEscape(unsigned char c) { return c < 0x21 || c > 0x7e || c == '"' || c == '%'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string SourceOf(std::string_view service, int shard) {
  return fmt::format("//{}.{}/shards/{:02}", service, kSuite, shard);
}

// "//registry.ieum/shards/07" → service and shard.
bool ParseSource(std::string_view source, std::string* service, int* shard) {
  const std::string_view middle = ".ieum/shards/";
  const size_t dot = source.find(middle);
  if (!source.starts_with("//") || dot == std::string_view::npos || dot <= 2) return false;
  *service = std::string(source.substr(2, dot - 2));
  return ParseNumber(source.substr(dot + middle.size()), shard) && *shard >= 0 &&
         *shard < kStreamShards;
}

const char* AuthTypeOf(std::string_view actor) {
  if (actor.empty()) return "system";
  return actor.starts_with("service/") ? "service_account" : "user";
}

// Says each header to a sink; empty attributes are left out.
class HeaderWriter {
 public:
  explicit HeaderWriter(HeaderSink& sink) : sink_(sink) {}
  void Text(const char* name, const std::string& value) {
    if (value.empty()) return;
    // Nearly every value is clean already.
    if (std::none_of(value.begin(), value.end(), NeedsEscape)) return sink_.Add(name, value);
    sink_.Add(name, PercentEncode(value));
  }
  void Number(const char* name, int64_t value) { sink_.Add(name, absl::StrCat(value)); }

 private:
  HeaderSink& sink_;
};

std::string WireTime(absl::Time time) {
  auto text = base::InstantText(time, base::kWireInstant);
  return text ? *std::move(text) : absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
}

void WriteCloudEvent(const LedgerEvent& event, const Origin& origin, HeaderWriter& out) {
  out.Text("ce-specversion", kSpecVersion);
  out.Text("ce-id", event.event_id());
  out.Text("ce-source", SourceOf(origin.service, event.shard()));
  out.Text("ce-type", event.type());
  out.Text("ce-subject", event.subject());
  out.Text("ce-time", WireTime(base::InstantOf(event.time())));
  out.Text("ce-datacontenttype", kContentType);
  out.Text("ce-dataschema", absl::StrCat("urn:ieum:proto:", event.type()));
  out.Text("ce-sequence", fmt::format("{:019}", event.position()));
  out.Text("ce-partitionkey", event.aggregate_id());
  out.Text("ce-correlationid", event.correlation_id());
  out.Text("ce-causationid", event.causation_id());
  out.Text("ce-authtype", AuthTypeOf(event.actor()));
  out.Text("ce-authid", event.actor());
  out.Text("ce-traceparent", event.traceparent());
}

void WriteChain(const Origin& origin, const Chain& chain, HeaderWriter& out) {
  out.Text("Nats-Msg-Id", chain.message_id);
  out.Text("Nats-Expected-Stream", StreamName(origin.service));
  if (chain.last_seq) {
    out.Number("Nats-Expected-Last-Sequence", static_cast<int64_t>(*chain.last_seq));
  }
  out.Text("Nats-Expected-Last-Msg-Id", chain.last_message_id);
}

// One known header into its field; false when the value is not what it must be.
using Setter = bool (*)(std::string_view value, DecodedEvent* out);

// The text field of LedgerEvent that a header fills.
using TextField = std::string* (LedgerEvent::*)();

template <TextField Mutable>
bool SetText(std::string_view value, DecodedEvent* out) {
  (out->event.*Mutable)()->assign(value);
  return true;
}

bool SetEventTime(std::string_view value, DecodedEvent* out) {
  if (const auto quick = base::InstantOf(value, base::kWireInstant)) {
    *out->event.mutable_time() = base::ToTimestamp(*quick);
    return true;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, std::string(value), &time, &error)) return false;
  *out->event.mutable_time() = base::ToTimestamp(time);
  return true;
}

bool SetSource(std::string_view value, DecodedEvent* out) {
  int shard = -1;
  if (!ParseSource(value, &out->origin.service, &shard)) return false;
  out->event.set_shard(shard);
  return true;
}

template <int64_t Origin::*Field>
bool SetOrigin(std::string_view value, DecodedEvent* out) {
  return ParseNumber(value, &(out->origin.*Field));
}

bool SetPosition(std::string_view value, DecodedEvent* out) {
  int64_t position = 0;
  if (!ParseNumber(value, &position) || position < 1) return false;
  out->event.set_position(position);
  return true;
}

bool SetVersion(std::string_view value, DecodedEvent* out) {
  int64_t version = 0;
  if (!ParseNumber(value, &version)) return false;
  out->event.set_aggregate_version(version);
  return true;
}

bool SetRequired(std::string_view value, DecodedEvent* out) {
  out->event.set_required(value == "1");
  return true;
}

using SetterMap = absl::flat_hash_map<std::string, Setter>;

const SetterMap& Setters() {
  static const auto* setters =
      new SetterMap{{"ce-id", SetText<&LedgerEvent::mutable_event_id>},
                    {"ce-type", SetText<&LedgerEvent::mutable_type>},
                    {"ce-subject", SetText<&LedgerEvent::mutable_subject>},
                    {"ce-partitionkey", SetText<&LedgerEvent::mutable_aggregate_id>},
                    {"ce-correlationid", SetText<&LedgerEvent::mutable_correlation_id>},
                    {"ce-causationid", SetText<&LedgerEvent::mutable_causation_id>},
                    {"ce-authid", SetText<&LedgerEvent::mutable_actor>},
                    {"ce-traceparent", SetText<&LedgerEvent::mutable_traceparent>},
                    {"ce-time", SetEventTime},
                    {"ce-source", SetSource},
                    {"ev-pos", SetPosition},
                    {"ev-version", SetVersion},
                    {"ev-required", SetRequired},
                    {"ev-epoch", SetOrigin<&Origin::epoch>},
                    {"ev-term", SetOrigin<&Origin::term>},
                    {"ev-inc", SetOrigin<&Origin::incarnation>}};
  return *setters;
}

// The same by the names that our relay writes, so that none of them has to be made small.
SetterMap SettersAsWritten() {
  SetterMap setters = Setters();
  for (const char* name :
       {"Ev-Pos", "Ev-Version", "Ev-Required", "Ev-Epoch", "Ev-Term", "Ev-Inc"}) {
    setters.emplace(name, Setters().at(absl::AsciiStrToLower(name)));
  }
  for (const char* name : {"ce-specversion", "ce-datacontenttype", "ce-dataschema", "ce-sequence",
                           "ce-authtype", "traceparent", "Nats-Msg-Id", "Nats-Expected-Stream",
                           "Nats-Expected-Last-Sequence", "Nats-Expected-Last-Msg-Id"}) {
    setters.emplace(name, nullptr);
  }
  return setters;
}

// Null for a header that says nothing to us.
Setter SetterOf(std::string_view of) {
  const absl::string_view name(of.data(), of.size());
  static const auto* as_written = new SetterMap(SettersAsWritten());
  const auto known = as_written->find(name);
  if (known != as_written->end()) return known->second;
  const auto found = Setters().find(absl::AsciiStrToLower(name));
  return found == Setters().end() ? nullptr : found->second;
}

absl::Status Unreadable(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("not an event of ours: {}", what));
}

}  // namespace

absl::Status CheckIdentity(const LedgerEvent& event) {
  const auto aggregate = base::Uuid::Parse(event.aggregate_id());
  if (!aggregate) return Unreadable("no ce-partitionkey");
  if (event.shard() != aggregate->shard()) return Unreadable("ce-source of another shard");
  if (event.position() < 1) return Unreadable("no Ev-Pos");
  if (!base::Uuid::Parse(event.event_id())) return Unreadable("no ce-id");
  return event.type().empty() ? Unreadable("no ce-type") : absl::OkStatus();
}

std::string PercentEncode(std::string_view value) {
  // Nearly every value is clean already.
  if (std::none_of(value.begin(), value.end(), NeedsEscape)) return std::string(value);
  std::string out;
  out.reserve(value.size());
  for (const char raw : value) {
    const auto c = static_cast<unsigned char>(raw);
    if (!NeedsEscape(c)) {
      out.push_back(raw);
      continue;
    }
    out.push_back('%');
    out.push_back(kHex[c >> 4]);
    out.push_back(kHex[c & 15]);
  }
  return out;
}

std::optional<std::string> PercentDecode(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      out.push_back(value[i]);
      continue;
    }
    if (i + 2 >= value.size()) return std::nullopt;
    const int high = HexValue(value[i + 1]), low = HexValue(value[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  if (!base::IsValidUtf8(out)) return std::nullopt;
  return out;
}

std::string MessageId(std::string_view service, int64_t epoch, int shard, int64_t pos,
                      std::string_view run) {
  return fmt::format("{}.{}.{}.{}.{}", service, epoch, shard, pos, run);
}

void WriteHeaders(const LedgerEvent& event, const Origin& origin, const Chain& chain,
                  HeaderSink& sink) {
  HeaderWriter out(sink);
  WriteCloudEvent(event, origin, out);
  out.Text("traceparent", event.traceparent());
  WriteChain(origin, chain, out);
  out.Number("Ev-Pos", event.position());
  out.Number("Ev-Version", event.aggregate_version());
  out.Number("Ev-Epoch", origin.epoch);
  out.Number("Ev-Term", origin.term);
  out.Number("Ev-Inc", origin.incarnation);
  if (event.required()) out.Text("Ev-Required", "1");
}

// Nearly every value is as it was written.
absl::Status ReadHeader(std::string_view name, std::string_view value, DecodedEvent* out) {
  const Setter setter = SetterOf(name);
  if (setter == nullptr) return absl::OkStatus();
  if (value.find('%') == std::string_view::npos) {
    if (base::IsValidUtf8(value) && setter(value, out)) return absl::OkStatus();
    return Unreadable(name);
  }
  const std::optional<std::string> decoded = PercentDecode(value);
  return decoded && setter(*decoded, out) ? absl::OkStatus() : Unreadable(name);
}

namespace {

class MessageSink final : public HeaderSink {
 public:
  explicit MessageSink(Headers* headers) : headers_(*headers) {}
  void Add(const char* name, const std::string& value) override {
    headers_.emplace_back(name, value);
  }

 private:
  Headers& headers_;
};

}  // namespace

Message EncodeEvent(const LedgerEvent& event, const Origin& origin, const Chain& chain) {
  Message message;
  message.subject = EventSubject(origin.service, event.shard());
  message.payload = event.payload();
  message.headers.reserve(26);
  MessageSink sink(&message.headers);
  WriteHeaders(event, origin, chain, sink);
  return message;
}

DecodedEvent NothingDecoded() {
  DecodedEvent nothing;
  nothing.event.set_shard(-1);
  return nothing;
}

absl::StatusOr<DecodedEvent> DecodeEvent(Message message) {
  DecodedEvent out = NothingDecoded();
  for (const auto& [name, value] : message.headers) RETURN_IF_ERROR(ReadHeader(name, value, &out));
  RETURN_IF_ERROR(CheckIdentity(out.event));
  out.event.set_payload(std::move(message.payload));
  return out;
}

}  // namespace ieum::broker
