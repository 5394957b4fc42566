#include "services/casemgmt/sealed_words.h"

#include "platform/base/status.h"

namespace ieum::casemgmt {

absl::StatusOr<SealedWords> SealedWords::ToWrite(db::Tx& tx, const db::PersonKeys& keys,
                                                 const std::optional<base::Uuid>& person,
                                                 bool any) {
  if (!any) {
    // What is kept apart reads as "", and who writes that back would destroy it.
    if (person && db::PersonKeys::IsApart(tx, *person)) {
      return base::Forbidden("PERSON_ERASED",
                             "the person's data is kept apart; nothing is written");
    }
    return SealedWords(keys.vault(), std::nullopt);
  }
  if (!person) {
    return base::Forbidden("PERSON_ERASED", "the person's data was erased; write no words of her");
  }
  ASSIGN_OR_RETURN(crypto::Key key, keys.GetOrCreate(tx, *person));
  return SealedWords(keys.vault(), std::move(key));
}

absl::StatusOr<SealedWords> SealedWords::ToRead(db::Tx& tx, const db::PersonKeys& keys,
                                                const std::optional<base::Uuid>& person) {
  if (!person) return SealedWords(keys.vault(), std::nullopt);
  auto key = keys.Get(tx, *person);
  if (key.ok()) return SealedWords(keys.vault(), *std::move(key));
  const bool gone =
      absl::IsNotFound(key.status()) || base::ReasonOf(key.status()) == "PERSON_ERASED";
  if (gone) return SealedWords(keys.vault(), std::nullopt);
  return key.status();
}

db::Param SealedWords::Box(std::string_view field, std::string_view words) const {
  if (words.empty() || !key_) return std::nullopt;
  return db::Bytes(vault_->SealValue(*key_, field, words));
}

absl::StatusOr<std::string> SealedWords::Words(std::string_view field,
                                               const std::string& box) const {
  if (box.empty() || !key_) return "";
  return vault_->OpenValue(*key_, field, box);
}

}  // namespace ieum::casemgmt
