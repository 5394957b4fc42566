// The tables `subject` and `subject_grant`: the history. What holds now stands in the book of
// grants as well (platform/access/book_store.h).
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/access/access.h"

namespace ieum::registry {

std::optional<Subject> FindSubject(db::Tx& tx, const base::Uuid& id);
// Inserts or replaces.
void PutSubject(db::Tx& tx, const Subject& subject);

// Of the caller's centres only.
std::optional<SubjectGrant> FindGrant(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// Of every centre, in their order.
std::vector<SubjectGrant> LivingGrants(db::Tx& tx, const base::Uuid& subject);
void InsertGrant(db::Tx& tx, const SubjectGrant& grant);
void SaveEnd(db::Tx& tx, const SubjectGrant& grant);

// Persons behind the open accounts that supervise the centre (nullopt: everywhere); neither by the
// account of `except` nor the person behind it.
std::vector<base::Uuid> Supervisors(db::Tx& tx, const std::optional<base::Uuid>& centre,
                                    const Subject& except);

// Living grants whose time ran out at `now` or before, the oldest `limit`.
std::vector<SubjectGrant> ExpiredGrants(db::Tx& tx, absl::Time now, int limit);
int64_t CountExpiredGrants(db::Tx& tx, absl::Time now);

// As answered.
struct SubjectView {
  Subject subject;
  int64_t version = 0;
};
// Of one that holds something in the caller's centres. Its person, and who closed or reopened it
// why, are empty when it holds, or held, something elsewhere, too.
std::optional<SubjectView> FindSubjectView(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id);
struct GrantView {
  SubjectGrant grant;
  std::string account;
  int64_t version = 0;
};
std::optional<GrantView> FindGrantView(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
const filter::ListSpec& GrantList();
GrantView ReadGrantView(const db::Row& row);

}  // namespace ieum::registry
