// The tables `label_kind`, `organization_label` and `council_term`. Rows are never changed, only
// ended, and what replaces one is a new row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ieum/registry/v1/types.pb.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/dates.h"
#include "services/registry/organizations/organization_rows.h"

namespace ieum::registry {

// The days on which a label is given out; nullopt = there is none of this code.
std::optional<Validity> FindLabelKind(db::Tx& tx, const std::string& code);

// In place of the record of the same code and day, if there is one.
void PutLabel(db::Tx& tx, const base::Uuid& organization, const v1::OrganizationLabel& label,
              const Writing& writing);
// The record of this code and first day that is known now; the empty message when there is none.
v1::OrganizationLabel FindLabel(db::Tx& tx, const base::Uuid& organization, const std::string& code,
                                const std::string& valid_from);
// In place of the term of the same first day, if there is one.
void PutTerm(db::Tx& tx, const base::Uuid& organization, const v1::CouncilTerm& term,
             const Writing& writing);
// Those that are known now, by first day.
std::vector<v1::CouncilTerm> FindTerms(db::Tx& tx, const base::Uuid& organization);

#define LABEL_COLUMNS(t) \
  t "code, " t "valid_from, " t "valid_until, " t "certificate_number, " t "revoked_date"
#define TERM_COLUMNS(t) t "sector, " t "start_date, " t "end_date, " t "representative"
// From the column `at` on; the empty message when an outer join found none.
v1::OrganizationLabel ReadLabel(const db::Row& row, int at = 0);
v1::CouncilTerm ReadTerm(const db::Row& row, int at = 0);

// Of all organizations, now or as known at an instant; the door narrows it to one.
filter::ListSpec LabelList(std::optional<absl::Time> instant);
filter::ListSpec TermList(std::optional<absl::Time> instant);

}  // namespace ieum::registry
