// The tables of reference data; nothing here writes.
#pragma once

#include <string>
#include <vector>

#include "ieum/registry/v1/reference_service.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/reference/reference.h"

namespace ieum::registry {

// Codes of `facts`, for `day` where a revision must be found.
CodeFindings FindCodes(db::Tx& tx, const v1::OrganizationFacts& facts, absl::CivilDay day);

// The same of many records, each with its day, in their order.
struct CodesAsked {
  const v1::OrganizationFacts* facts = nullptr;
  absl::CivilDay day;
};
std::vector<CodeFindings> FindCodes(db::Tx& tx, const std::vector<CodesAsked>& asked);

// Those of the region prefixes that no code of any period begins with.
std::vector<std::string> UnknownRegionPrefixes(db::Tx& tx,
                                               const std::vector<std::string>& prefixes);
// Those of the KSIC words (section letters, beginnings of codes) that no revision has.
std::vector<std::string> UnknownKsic(db::Tx& tx, const std::vector<std::string>& words);

// Every public holiday that is known.
std::vector<absl::CivilDay> HolidayDays(db::Tx& tx);

// Lists, each with the function that reads one of its rows.
const filter::ListSpec& RegionList();
v1::Region ReadRegion(const db::Row& row);
const filter::ListSpec& KsicList();
v1::KsicCode ReadKsic(const db::Row& row);
const filter::ListSpec& ComplexList();
v1::IndustrialComplex ReadComplex(const db::Row& row);
const filter::ListSpec& SchemeList();
v1::Scheme ReadScheme(const db::Row& row);
const filter::ListSpec& HolidayList();
v1::Holiday ReadHoliday(const db::Row& row);

}  // namespace ieum::registry
