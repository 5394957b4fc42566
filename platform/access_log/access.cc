#include "platform/access_log/access.h"

#include "absl/strings/str_cat.h"
#include "platform/crypto/seal.h"

namespace ieum::access_log {
namespace {

// Fields one behind the other, each with its length before it, so that none can run into the next.
class Canonical {
 public:
  void Add(std::string_view text) { absl::StrAppend(&bytes_, text.size(), ":", View(text)); }
  void Add(int64_t number) { Add(absl::StrCat(number)); }
  void Add(absl::Time instant) { Add(absl::ToUnixMicros(instant)); }
  const std::string& bytes() const { return bytes_; }

 private:
  static absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }
  std::string bytes_;
};

}  // namespace

std::string RowId::ToString() const { return absl::StrCat(writer.ToString(), "/", number); }

std::string HashOf(const Row& row) {
  const Access& access = row.access;
  Canonical fields;
  fields.Add(row.id.writer.ToString());
  fields.Add(row.id.number);
  fields.Add(access.at);
  fields.Add(row.recorded_at);
  for (const std::string* text : {&access.account, &access.source, &access.action, &access.method,
                                  &access.outcome, &access.query, &access.reason}) {
    fields.Add(*text);
  }
  fields.Add(access.emergency ? "1" : "0");
  fields.Add(access.trace_id);
  for (const std::string& subject : access.subjects) fields.Add(subject);
  return crypto::Hash(fields.bytes());
}

std::string HashOf(const Seal& seal) {
  Canonical fields;
  fields.Add(seal.number);
  fields.Add(seal.writer.ToString());
  fields.Add(seal.first_row);
  fields.Add(seal.last_row);
  fields.Add(seal.newest);
  fields.Add(seal.sealed_at);
  fields.Add(seal.row_hashes);
  fields.Add(seal.previous_hash);
  return crypto::Hash(fields.bytes());
}

std::string NoSeal() { return std::string(kHashBytes, '\0'); }

}  // namespace ieum::access_log
