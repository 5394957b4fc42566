#include "platform/base/uuid.h"

#include <sodium.h>

#include <cstring>
#include <mutex>
#include <vector>

#include "absl/strings/str_split.h"
#include "platform/base/status.h"

namespace ieum::base {
namespace {

constexpr std::array<int8_t, 256> MakeHexValues() {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    values['a' + i] = values['A' + i] = static_cast<int8_t>(10 + i);
  }
  return values;
}

// A table: ids are read by the ten thousand a second.
constexpr std::array<int8_t, 256> kHexValues = MakeHexValues();

int HexValue(char c) { return kHexValues[static_cast<unsigned char>(c)]; }

void PutTime(std::array<uint8_t, 16>& bytes, uint64_t ms) {
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(ms >> (40 - 8 * i));
}

void Mark(std::array<uint8_t, 16>& bytes, uint8_t version) {
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
}

// 12 bits of sequence after the millisecond keep the ids of one process in the order of making
// (RFC 9562 §6.2, method 1); when they run out, the next millisecond is borrowed.
struct Sequence {
  std::mutex mutex;
  uint64_t last_ms = 0;
  uint32_t count = 0;
};

std::pair<uint64_t, uint32_t> NextTick(uint64_t now_ms) {
  static Sequence sequence;
  std::lock_guard lock(sequence.mutex);
  if (now_ms > sequence.last_ms) {
    sequence.last_ms = now_ms;
    sequence.count = randombytes_uniform(1024);
  } else if (++sequence.count > 0x0fff) {
    ++sequence.last_ms;
    sequence.count = 0;
  }
  return {sequence.last_ms, sequence.count};
}

}  // namespace

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::array<uint8_t, 16> bytes{};
  size_t at = 0;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      if (text[at++] != '-') return std::nullopt;
    }
    const int high = HexValue(text[at]);
    const int low = HexValue(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<uint8_t>(high << 4 | low);
    at += 2;
  }
  return Uuid(bytes);
}

Uuid Uuid::NewV7() {
  const auto [ms, count] = NextTick(static_cast<uint64_t>(absl::ToUnixMillis(absl::Now())));
  std::array<uint8_t, 16> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  PutTime(bytes, ms);
  bytes[6] = static_cast<uint8_t>(count >> 8);
  bytes[7] = static_cast<uint8_t>(count);
  Mark(bytes, 7);
  return Uuid(bytes);
}

Uuid Uuid::NewV7At(absl::Time at) {
  std::array<uint8_t, 16> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  PutTime(bytes, static_cast<uint64_t>(absl::ToUnixMillis(at)));
  Mark(bytes, 7);
  return Uuid(bytes);
}

Uuid Uuid::Derive(const Uuid& seed, std::string_view label) {
  std::array<uint8_t, 16> bytes;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, bytes.size());
  crypto_generichash_update(&state, seed.bytes_.data(), seed.bytes_.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(label.data()),
                            label.size());
  crypto_generichash_final(&state, bytes.data(), bytes.size());
  const bool timed = (seed.bytes_[6] >> 4) == 7;
  if (timed) std::memcpy(bytes.data(), seed.bytes_.data(), 6);
  Mark(bytes, timed ? 7 : 8);
  return Uuid(bytes);
}

std::string Uuid::ToString() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kHex[bytes_[i] >> 4]);
    text.push_back(kHex[bytes_[i] & 15]);
  }
  return text;
}

absl::StatusOr<Uuid> ParseUuid(std::string_view text, std::string_view field) {
  if (auto id = Uuid::Parse(text)) return *id;
  return InvalidField("INVALID_FIELD", field,
                      "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057");
}

absl::StatusOr<std::vector<Uuid>> IdsIn(std::string_view pattern, std::string_view name,
                                        std::string_view field) {
  const auto refuse = [&] {
    return InvalidField(
        "INVALID_FIELD", field,
        "must be a resource name of the form " + std::string(pattern) + " with a UUID in each {}");
  };
  const std::vector<std::string> want = absl::StrSplit(std::string(pattern), '/');
  const std::vector<std::string> have = absl::StrSplit(std::string(name), '/');
  if (want.size() != have.size()) return refuse();
  std::vector<Uuid> ids;
  for (size_t i = 0; i < want.size(); ++i) {
    if (want[i] == "{}") {
      auto id = Uuid::Parse(have[i]);
      if (!id) return refuse();
      ids.push_back(*id);
    } else if (want[i] != have[i]) {
      return refuse();
    }
  }
  return ids;
}

}  // namespace ieum::base
