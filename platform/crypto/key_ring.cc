#include "platform/crypto/key_ring.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/status.h"

namespace ieum::crypto {
namespace {

constexpr size_t kIdBytes = 8;
constexpr char kIndexWord[] = "index ";

// The key of the blind indexes follows from the first wrapping key, so that a new vault has one
// secret to keep.
Key IndexKey(const Key& wrapping) {
  return *Key::FromBytes(KeyedHash(wrapping, "ieum blind index v1"));
}

}  // namespace

std::string KeyId(const Key& key) {
  return absl::BytesToHexString(KeyedHash(key, "ieum key id v1").substr(0, kIdBytes));
}

KeyRing::KeyRing(Key only) : keys_{only}, index_(IndexKey(only)) {}
KeyRing::KeyRing(std::vector<Key> keys, Key index)
    : keys_(std::move(keys)), index_(std::move(index)) {}

absl::StatusOr<KeyRing> KeyRing::FromText(std::string_view text) {
  std::vector<Key> keys;
  std::optional<Key> index;
  int number = 0;
  const std::vector<std::string> lines = absl::StrSplit(std::string(text), '\n');
  for (const std::string& line : lines) {
    ++number;
    const std::string word(absl::StripAsciiWhitespace(line));
    if (word.empty()) continue;
    const bool is_index = word.starts_with(kIndexWord);
    auto key = Key::FromBase64(is_index ? word.substr(sizeof(kIndexWord) - 1) : word);
    if (!key.ok() || (is_index && index)) {
      if (lines.size() == 1) return key.status();
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " is neither a key nor the only 'index'"));
    }
    if (is_index) {
      index.emplace(*std::move(key));
    } else {
      keys.push_back(*std::move(key));
    }
  }
  if (keys.empty()) return absl::InvalidArgumentError("a key must be base64 text of 32 bytes");
  if (!index && keys.size() > 1) {
    return absl::InvalidArgumentError("several wrapping keys need the line 'index …' beside them");
  }
  Key of_index = index ? *index : IndexKey(keys.front());
  return KeyRing(std::move(keys), std::move(of_index));
}

std::string KeyRing::ToText() const {
  std::string text;
  for (const Key& key : keys_) absl::StrAppend(&text, key.ToBase64(), "\n");
  const bool follows = keys_.size() == 1 && IndexKey(newest()).bytes() == index_.bytes();
  if (!follows) absl::StrAppend(&text, kIndexWord, index_.ToBase64(), "\n");
  return text;
}

bool KeyRing::Has(std::string_view key_id) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const Key& key) { return KeyId(key) == key_id; });
}

KeyRing KeyRing::With(Key newest) const {
  std::vector<Key> keys = {std::move(newest)};
  keys.insert(keys.end(), keys_.begin(), keys_.end());
  return KeyRing(std::move(keys), index_);
}

KeyRing KeyRing::AlsoOpening(const KeyRing& other) const {
  std::vector<Key> keys = keys_;
  for (const Key& key : other.keys_) {
    if (!Has(KeyId(key))) keys.push_back(key);
  }
  return KeyRing(std::move(keys), index_);
}

absl::StatusOr<KeyRing> KeyRing::Without(std::string_view key_id) const {
  if (KeyId(newest()) == key_id) {
    return absl::FailedPreconditionError("the newest wrapping key is the one in use");
  }
  std::vector<Key> keys;
  for (const Key& key : keys_) {
    if (KeyId(key) != key_id) keys.push_back(key);
  }
  if (keys.size() == keys_.size()) return absl::NotFoundError("no such wrapping key");
  return KeyRing(std::move(keys), index_);
}

}  // namespace ieum::crypto
