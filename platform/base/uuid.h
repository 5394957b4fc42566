// UUIDs: 16 bytes, compared as PostgreSQL compares them (big-endian bytes).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace ieum::base {

class Uuid {
 public:
  static constexpr int kShards = 16;

  constexpr Uuid() = default;  // nil
  explicit constexpr Uuid(const std::array<uint8_t, 16>& bytes) : bytes_(bytes) {}

  // Canonical text, 36 characters, any case. nullopt otherwise.
  static std::optional<Uuid> Parse(std::string_view text);
  // A new UUIDv7 (RFC 9562): real time, monotone within the process. Thread-safe.
  static Uuid NewV7();
  // A UUIDv7 for a given instant: used where event ids follow business time in tests.
  static Uuid NewV7At(absl::Time at);
  // The same inputs give the same id: how a server-chosen id follows from the request id, and an
  // event id of a reaction from its cause. Keeps the time of a v7 `seed`; otherwise version 8.
  static Uuid Derive(const Uuid& seed, std::string_view label);

  std::string ToString() const;  // lower case
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  bool nil() const { return *this == Uuid(); }
  // Ledger shard of the aggregate with this id: the last byte modulo 16.
  int shard() const { return bytes_[15] % kShards; }

  auto operator<=>(const Uuid&) const = default;

  template <class H>
  friend H AbslHashValue(H h, const Uuid& id) {
    return H::combine(std::move(h), id.bytes_);
  }

 private:
  std::array<uint8_t, 16> bytes_{};
};

// Parses or refuses with `field` blamed.
absl::StatusOr<Uuid> ParseUuid(std::string_view text, std::string_view field);

// The id in a resource name made of literal and `{}` parts: IdIn("campaigns/{}/enrolments/{}",
// name, field) gives both ids. INVALID_ARGUMENT with `field` blamed otherwise.
absl::StatusOr<std::vector<Uuid>> IdsIn(std::string_view pattern, std::string_view name,
                                        std::string_view field);

}  // namespace ieum::base
