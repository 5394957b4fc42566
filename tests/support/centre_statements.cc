#include "tests/support/centre_statements.h"

#include <regex>
#include <set>

#include "platform/db/statement.h"

namespace ieum::testing {
namespace {

// Columns that name what belongs to a centre.
constexpr char kOwning[] =
    "'campaign_id', 'engagement_id', 'enrolment_id', 'application_id', 'person_id', 'reminder_id', "
    "'message_id'";

// The platform's own: found by the id of a person whose row was found in scope, or a service's
// memory of what it has destroyed.
constexpr char kKeys[] = "unnest(ARRAY['person_key', 'person_key_apart', 'person_erasure'])";

std::set<std::string> Names(pqxx::work& work, const std::string& sql) {
  std::set<std::string> names;
  for (const auto& row : work.exec(sql)) names.insert(row[0].c_str());
  return names;
}

struct Schema {
  std::set<std::string> owned;    // tables and views with a centre
  std::set<std::string> derived;  // of them, those where the database makes it
  std::set<std::string> silent;   // tables that name what is owned, without a centre
};

Schema Look(const TestDatabase& database) {
  pqxx::connection connection(database.conninfo());
  pqxx::work work(connection);
  Schema schema;
  const std::string with = " FROM information_schema.columns WHERE table_schema = 'public'";
  schema.owned = Names(work, "SELECT table_name" + with + " AND column_name = 'centre_id'");
  schema.derived = Names(work, "SELECT table_name" + with +
                                   " AND column_name = 'centre_id' AND is_generated = 'ALWAYS'");
  schema.silent =
      Names(work, "SELECT DISTINCT table_name" + with + " AND column_name IN (" + kOwning +
                      ") EXCEPT SELECT table_name" + with +
                      " AND column_name = 'centre_id' EXCEPT SELECT table_name FROM "
                      "information_schema.views WHERE table_schema = 'public' EXCEPT SELECT " +
                      kKeys);
  return schema;
}

std::set<std::string> TablesOf(const std::string& sql) {
  static const std::regex named(
      R"re(\b(?:FROM|JOIN|UPDATE|USING|INTO|TABLE|TRUNCATE)\s+(?:ONLY\s+)?(\w+))re");
  std::set<std::string> tables;
  for (std::sregex_iterator at(sql.begin(), sql.end(), named), end; at != end; ++at) {
    tables.insert((*at)[1]);
  }
  return tables;
}

bool AsksWhose(const std::string& sql) {
  static const std::regex asked(
      R"re(\$\d+::boolean\s+OR\s+(?:\w+\.)?centre_id\s*=\s*ANY\(\$\d+::uuid\[\]\))re");
  return std::regex_search(sql, asked);
}

// An INSERT that can only make new rows.
bool OnlyInserts(const std::string& sql, const std::string& table) {
  static const std::regex changes(R"(\bDO UPDATE\b|\bUPDATE\b|\bDELETE\b)");
  const std::regex into("INSERT INTO\\s+" + table + "\\b");
  return std::regex_search(sql, into) && !std::regex_search(sql, changes) &&
         !std::regex_search(sql, std::regex("(?:FROM|JOIN)\\s+" + table + "\\b"));
}

bool GivesTheCentre(const std::string& sql) {
  static const std::regex column(R"(INSERT INTO[^()]*\([^()]*\bcentre_id\b)");
  return std::regex_search(sql, column);
}

bool Fits(const std::string& sql, const std::string& table, const Schema& schema) {
  if (OnlyInserts(sql, table)) return schema.derived.contains(table) || GivesTheCentre(sql);
  return AsksWhose(sql);
}

}  // namespace

std::vector<std::string> CentreFaults(const TestDatabase& database,
                                      const CentreExceptions& exceptions) {
  const Schema schema = Look(database);
  std::vector<std::string> faults;
  std::set<std::string> needed;
  for (const db::Statement* statement : db::Statement::All()) {
    for (const std::string& table : TablesOf(statement->sql())) {
      if (!schema.owned.contains(table) || exceptions.other_meaning.contains(table)) continue;
      if (Fits(statement->sql(), table, schema)) continue;
      needed.insert(statement->name());
      if (exceptions.statements.contains(statement->name())) continue;
      faults.push_back(std::string(statement->name()) + " touches rows of centres in " + table +
                       " and does not ask whose");
    }
  }
  for (const std::string& table : schema.silent) {
    if (!exceptions.tables.contains(table)) faults.push_back(table + " says no centre");
  }
  for (const auto& [name, why] : exceptions.statements) {
    if (!needed.contains(name)) faults.push_back(name + " needs no exception");
  }
  for (const auto& [table, why] : exceptions.tables) {
    if (!schema.silent.contains(table)) faults.push_back(table + " needs no exception");
  }
  for (const auto& [table, why] : exceptions.other_meaning) {
    if (!schema.owned.contains(table)) faults.push_back(table + " has no centre to explain");
  }
  return faults;
}

}  // namespace ieum::testing
