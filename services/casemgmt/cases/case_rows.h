// How a case stands in a row of `casefile`: one list of columns for reading and writing it.
#pragma once

#include <string>
#include <vector>

#include "platform/db/tx.h"
#include "services/casemgmt/cases/case_store.h"

namespace ieum::casemgmt {

// Of `casefile c JOIN aggregate a … LEFT JOIN case_template_version p`.
const std::string& CaseColumns();
CaseView CaseViewFrom(const db::Row& row);

// $1 is the id, the rest in the order of CaseParams.
std::string InsertCaseSql();
std::string UpdateCaseSql();
std::vector<db::Param> CaseParams(const Case& c);

// The columns of a pace in `case_template_version p`, and a pace out of a row where they begin
// there; NULLs are the standard one. The params are the values of those columns.
const char* PaceColumns();
CasePace PaceFrom(const db::Row& row, int first);
std::vector<db::Param> PaceParams(const CasePace& pace);

}  // namespace ieum::casemgmt
