// The stream of one service: a fast, replayable copy of its ledger. Every value that the broker is
// told stands here, with its reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/broker/connection.h"

namespace ieum::broker {

inline constexpr int kStreamShards = 16;
inline constexpr int kStreamReplicas = 1;  // this broker's replication is no safer than one file
inline constexpr absl::Duration kStreamMaxAge = absl::Hours(7 * 24);  // laggards read the ledger
inline constexpr int64_t kStreamMaxBytes = int64_t{4} << 30;
inline constexpr int32_t kStreamMaxMessageBytes = 256 * 1024;
// Longest time after which a publish that was given up may still arrive and be known for what it
// is. The chain does the real work.
inline constexpr absl::Duration kDuplicateWindow = absl::Minutes(2);

std::string StreamName(std::string_view service);               // EV_REGISTRY
std::string EventSubject(std::string_view service, int shard);  // ev.registry.s07
std::string WakeSubject(std::string_view service);              // wake.registry.now
std::string MarkSubject(std::string_view service);              // mark.registry.now
// What listeners listen to. By a wildcard, because the broker lets a consumer deliver only where a
// subject is listened to letter by letter: whoever may read a stream cannot have it said here.
std::string WakeSubjects(std::string_view service);  // wake.registry.*
std::string MarkSubjects(std::string_view service);  // mark.registry.*

struct StreamState {
  absl::Time created;
  uint64_t first_seq = 0;  // of the oldest message kept
  uint64_t last_seq = 0;
  uint64_t bytes = 0;  // on the broker's disk
};

// All block for at most kApiTimeout a question. UNAVAILABLE when the broker does not answer.

// Makes the stream when it is missing, and brings its size limit up to date when it is there.
absl::StatusOr<StreamState> EnsureStream(Connection& connection, std::string_view service,
                                         int64_t max_bytes = kStreamMaxBytes);
// NOT_FOUND when there is no such stream.
absl::StatusOr<StreamState> GetStreamState(Connection& connection, std::string_view service);

struct StoredMessage {
  uint64_t seq = 0;
  absl::Time stored;
  Message message;
};
// The last message of a subject; nullopt when none is kept.
absl::StatusOr<std::optional<StoredMessage>> LastOnSubject(Connection& connection,
                                                           std::string_view service,
                                                           const std::string& subject);
// NOT_FOUND when that sequence is not kept.
absl::StatusOr<StoredMessage> MessageAt(Connection& connection, std::string_view service,
                                        uint64_t seq);

}  // namespace ieum::broker
