// The table `consent_text`. Rows are only ever added; they are everybody's.
#pragma once

#include <optional>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/consents/consent_text.h"

namespace ieum::registry {

// False when there is one of this code, version and language, or with this id.
bool InsertConsentText(db::Tx& tx, const ConsentText& text);
std::optional<ConsentText> FindConsentText(db::Tx& tx, const base::Uuid& id);

const filter::ListSpec& ConsentTextList();
ConsentText ReadConsentText(const db::Row& row);

}  // namespace ieum::registry
