#include "platform/broker/stream.h"

#include <array>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/broker/connection_impl.h"
#include "platform/broker/nats_status.h"

namespace ieum::broker {
namespace {

StreamState StateOf(const jsStreamInfo& info) {
  StreamState state;
  // To the microsecond, as the database keeps it: whoever compares after a restart must not take
  // the same stream for another one.
  state.created = absl::FromUnixMicros(info.Created / 1000);
  state.first_seq = info.State.FirstSeq;
  state.bytes = info.State.Bytes;
  state.last_seq = info.State.LastSeq;
  return state;
}

StoredMessage StoredOf(natsMsg* message) {
  StoredMessage stored;
  stored.seq = natsMsg_GetSequence(message);
  stored.stored = absl::FromUnixNanos(natsMsg_GetTime(message));
  stored.message = FromNatsMessage(message);
  return stored;
}

// The strings that a stream configuration points into.
struct StreamWords {
  explicit StreamWords(std::string_view service) : name(StreamName(service)) {
    for (int shard = 0; shard < kStreamShards; ++shard) {
      subjects[shard] = EventSubject(service, shard);
      pointers[shard] = subjects[shard].c_str();
    }
  }
  std::string name;
  std::array<std::string, kStreamShards> subjects;
  std::array<const char*, kStreamShards> pointers;
};

jsStreamConfig ConfigOf(StreamWords& words, int64_t max_bytes) {
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = words.name.c_str();
  config.Subjects = words.pointers.data();
  config.SubjectsLen = kStreamShards;
  config.Retention = js_LimitsPolicy;
  config.Discard = js_DiscardOld;
  config.Storage = js_FileStorage;
  config.Replicas = kStreamReplicas;
  config.MaxBytes = max_bytes;
  config.MaxAge = absl::ToInt64Nanoseconds(kStreamMaxAge);
  config.MaxMsgSize = kStreamMaxMessageBytes;
  config.Duplicates = absl::ToInt64Nanoseconds(kDuplicateWindow);
  config.DenyDelete = true;
  config.DenyPurge = true;
  config.AllowDirect = true;
  return config;
}

absl::StatusOr<StreamInfoHandle> Info(Connection& connection, std::string_view service) {
  ApiOptions api(connection, service);
  jsStreamInfo* raw = nullptr;
  jsErrCode code = static_cast<jsErrCode>(0);
  const natsStatus s = js_GetStreamInfo(&raw, connection.impl().link()->js.get(),
                                        StreamName(service).c_str(), &api.options, &code);
  StreamInfoHandle info(raw);
  RETURN_IF_ERROR(FromNats(s, "stream info", code));
  return info;
}

}  // namespace

std::string StreamName(std::string_view service) {
  return "EV_" + absl::AsciiStrToUpper(std::string(service));
}

std::string EventSubject(std::string_view service, int shard) {
  return fmt::format("ev.{}.s{:02}", service, shard);
}

std::string WakeSubject(std::string_view service) { return fmt::format("wake.{}.now", service); }

std::string MarkSubject(std::string_view service) { return fmt::format("mark.{}.now", service); }

std::string WakeSubjects(std::string_view service) { return fmt::format("wake.{}.*", service); }

std::string MarkSubjects(std::string_view service) { return fmt::format("mark.{}.*", service); }

absl::StatusOr<StreamState> EnsureStream(Connection& connection, std::string_view service,
                                         int64_t max_bytes) {
  StreamWords words(service);
  jsStreamConfig config = ConfigOf(words, max_bytes);
  absl::StatusOr<StreamInfoHandle> found = Info(connection, service);
  if (found.ok() && (*found)->Config->MaxBytes == max_bytes) return StateOf(**found);
  if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
  jsStreamInfo* raw = nullptr;
  jsErrCode code = static_cast<jsErrCode>(0);
  ApiOptions api(connection, service);
  const std::shared_ptr<Link> link = connection.impl().link();
  jsCtx* js = link->js.get();
  const natsStatus s = found.ok() ? js_UpdateStream(&raw, js, &config, &api.options, &code)
                                  : js_AddStream(&raw, js, &config, &api.options, &code);
  const StreamInfoHandle made(raw);
  RETURN_IF_ERROR(FromNats(s, "stream", code));
  return StateOf(*made);
}

absl::StatusOr<StreamState> GetStreamState(Connection& connection, std::string_view service) {
  ASSIGN_OR_RETURN(const StreamInfoHandle info, Info(connection, service));
  return StateOf(*info);
}

absl::StatusOr<std::optional<StoredMessage>> LastOnSubject(Connection& connection,
                                                           std::string_view service,
                                                           const std::string& subject) {
  natsMsg* raw = nullptr;
  jsErrCode code = static_cast<jsErrCode>(0);
  ApiOptions api(connection, service);
  const natsStatus s =
      js_GetLastMsg(&raw, connection.impl().link()->js.get(), StreamName(service).c_str(),
                    subject.c_str(), &api.options, &code);
  const MessageHandle message(raw);
  if (code == JSNoMessageFoundErr) return std::optional<StoredMessage>();
  RETURN_IF_ERROR(FromNats(s, "last message", code));
  return std::optional<StoredMessage>(StoredOf(message.get()));
}

absl::StatusOr<StoredMessage> MessageAt(Connection& connection, std::string_view service,
                                        uint64_t seq) {
  natsMsg* raw = nullptr;
  ApiOptions api(connection, service);
  jsErrCode code = static_cast<jsErrCode>(0);
  const natsStatus s = js_GetMsg(&raw, connection.impl().link()->js.get(),
                                 StreamName(service).c_str(), seq, &api.options, &code);
  const MessageHandle message(raw);
  RETURN_IF_ERROR(FromNats(s, "message", code));
  return StoredOf(message.get());
}

}  // namespace ieum::broker
