// The table `sensitive_field_set`.
#pragma once

#include <optional>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/changes/sensitive_fields.h"

namespace ieum::registry {

// What is sensitive of what `centre` keeps; nullopt: of what is everybody's.
Sensitive FindSensitive(db::Tx& tx, const std::optional<base::Uuid>& centre);

// Inserts or replaces.
void PutFieldSet(db::Tx& tx, const SensitiveFieldSet& set);

// As answered, with its version. Everybody may know what needs a review.
struct SensitiveFieldSetView {
  SensitiveFieldSet set;
  int64_t version = 0;
};
std::optional<SensitiveFieldSetView> FindFieldSet(db::Tx& tx, const base::Uuid& id);
const filter::ListSpec& FieldSetList();
SensitiveFieldSetView ReadFieldSetView(const db::Row& row);

}  // namespace ieum::registry
