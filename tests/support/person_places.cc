#include "tests/support/person_places.h"

#include <map>
#include <pqxx/pqxx>
#include <set>

#include "fmt/format.h"

namespace ieum::testing {
namespace {

constexpr char kPlaces[] = R"(
  SELECT r.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = r.relnamespace
  WHERE n.nspname = 'public' AND r.relkind IN ('r', 'p') AND NOT r.relispartition
    AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid IN ('uuid'::regtype, 'uuid[]'::regtype)
    AND (a.attname ~ '(^|_)(person|persons|guardian|consultant|manager|approver|survivor|duplicate)(_id|_ids)?$'
      OR EXISTS (SELECT 1 FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = r.oid
                 AND c.confrelid = to_regclass('public.person') AND a.attnum = ANY(c.conkey))))";

constexpr char kColumns[] =
    "SELECT table_name || '.' || column_name FROM information_schema.columns "
    "WHERE table_schema = 'public'";

std::set<std::string> Names(pqxx::work& work, const std::string& sql) {
  std::set<std::string> names;
  for (const auto& row : work.exec(sql)) names.insert(row[0].c_str());
  return names;
}

// By place who says something about it: kinds, and "silence".
std::map<std::string, std::vector<std::string>> Said(const personal_data::Holdings& holdings) {
  std::map<std::string, std::vector<std::string>> said;
  for (const auto& held : holdings.kinds) {
    for (const std::string& place : held.places) said[place].push_back(held.code);
  }
  for (const auto& silence : holdings.silences) said[silence.place].push_back("silence");
  return said;
}

void CheckPlaces(pqxx::work& work, const personal_data::Holdings& holdings,
                 std::vector<std::string>* faults) {
  const auto said = Said(holdings);
  for (const std::string& place : Names(work, kPlaces)) {
    if (!said.contains(place))
      faults->push_back(place + " names a person: tell it, or say why not");
  }
  const auto columns = Names(work, kColumns);
  for (const auto& [place, by] : said) {
    if (!columns.contains(place)) faults->push_back(place + " is no column");
    if (by.size() > 1) faults->push_back(place + " is told twice");
  }
}

void CheckKind(pqxx::work& work, const personal_data::Held& held,
               std::vector<std::string>* faults) {
  if (held.label.empty() || held.purpose.empty() || held.basis.empty() || held.retention.empty()) {
    faults->push_back(held.code + " does not say why it is held");
  }
  static const std::vector<std::string> fixed = {"key",         "centre_id", "seen",
                                                 "recorded_at", "from_at",   "until_at"};
  try {
    const pqxx::result rows =
        work.exec_params(held.statement->sql(), "0190c0de-0000-7000-8000-00000000dead", "t", "{}");
    for (size_t at = 0; at < fixed.size(); ++at) {
      const auto column = static_cast<pqxx::row_size_type>(at);
      if (rows.columns() <= column || fixed[at] != rows.column_name(column)) {
        faults->push_back(fmt::format("{} does not answer {}", held.code, fixed[at]));
      }
    }
    const size_t wanted = fixed.size() + held.columns.size();
    if (static_cast<size_t>(rows.columns()) != wanted) {
      faults->push_back(
          fmt::format("{} answers {} columns, not {}", held.code, rows.columns(), wanted));
    }
  } catch (const std::exception& failure) {
    faults->push_back(held.code + ": " + failure.what());
  }
}

}  // namespace

std::vector<std::string> HoldingsFaults(const TestDatabase& database,
                                        const personal_data::Holdings& holdings) {
  pqxx::connection connection(database.conninfo());
  std::vector<std::string> faults;
  {
    pqxx::work work(connection);
    CheckPlaces(work, holdings, &faults);
  }
  for (const auto& held : holdings.kinds) {
    pqxx::work work(connection);  // of its own: a statement that fails ends it
    CheckKind(work, held, &faults);
  }
  return faults;
}

}  // namespace ieum::testing
