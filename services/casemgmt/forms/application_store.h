// The rows of forms, their receipt numbers and those of other bodies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/forms/application.h"

namespace ieum::casemgmt {

// A form of a centre that the scope does not hold is as if it were not there.
std::optional<Application> FindApplication(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id);
// False when the firm has a living form for this campaign.
bool InsertApplication(db::Tx& tx, const Application& application);
// Everything that can change.
void SaveApplication(db::Tx& tx, const base::Scope& scope, const Application& application);

// Forms of an engagement that are neither decided nor handed on (DRAFT, SUBMITTED, RECEIVED), in
// order of their ids.
std::vector<base::Uuid> UnfinishedFormsOf(db::Tx& tx, const base::Scope& scope,
                                          const base::Uuid& engagement_id);
// Drafts of a campaign, in order of their ids.
std::vector<base::Uuid> DraftsOf(db::Tx& tx, const base::Uuid& campaign_id);

// The next number of the campaign: 1, 2, 3 …, without a gap.
int64_t NextReceiptNumber(db::Tx& tx, const base::Uuid& campaign_id);
// False when another form of the campaign has the number.
bool InsertExternalReceipt(db::Tx& tx, const base::Uuid& campaign_id, const std::string& number,
                           const base::Uuid& application_id);

// A form as it is shown.
struct ApplicationView {
  Application application;
  int64_t version = 0;
};
std::optional<ApplicationView> ReadApplication(db::Tx& tx, const base::Scope& scope,
                                               const base::Uuid& id);

const filter::ListSpec& ApplicationList();
filter::Cursor ListApplications(db::Tx& tx, const filter::ListQuery& query,
                                std::vector<ApplicationView>* views);

}  // namespace ieum::casemgmt
