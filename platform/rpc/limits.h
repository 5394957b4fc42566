// Every limit of a gRPC connection and of a call, for servers and for our clients alike: keepalive
// has to be agreed by both sides.
#pragma once

#include "absl/time/time.h"

namespace ieum::rpc {

// A call.
inline constexpr absl::Duration kMaxDeadline = absl::Seconds(30);
// More than there are database connections: commands that wait together are written together.
inline constexpr int kExecutorThreads = 48;
inline constexpr int kQueueLimit = 256;  // calls that wait for a thread
inline constexpr absl::Duration kRetryAfterOverload = absl::Milliseconds(200);
inline constexpr int kMaxRequestBytes = 512 * 1024;
inline constexpr int kMaxResponseBytes = 4 * 1024 * 1024;  // what our clients accept
inline constexpr int kMaxMetadataBytes = 16 * 1024;
inline constexpr int kMaxMessageDepth = 32;  // messages within each other

// A connection.
inline constexpr int kMaxConcurrentStreams = 128;
inline constexpr absl::Duration kHandshakeTimeout = absl::Seconds(5);
inline constexpr absl::Duration kMaxConnectionIdle = absl::Minutes(5);
inline constexpr absl::Duration kMaxConnectionAge = absl::Minutes(30);
inline constexpr absl::Duration kMaxConnectionAgeGrace = absl::Seconds(30);
inline constexpr absl::Duration kKeepaliveTime = absl::Seconds(20);
inline constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(5);
inline constexpr absl::Duration kMinReceivedPingInterval = absl::Seconds(10);

// A server.
inline constexpr size_t kResourceQuotaBytes = 64 * 1024 * 1024;
inline constexpr int kMaxReflectionThreads = 8;  // the only calls that hold a gRPC thread
inline constexpr absl::Duration kDrainTimeout = absl::Seconds(5);

// Our clients.
inline constexpr absl::Duration kReconnectMin = absl::Milliseconds(100);
inline constexpr absl::Duration kReconnectMax = absl::Seconds(2);

}  // namespace ieum::rpc
