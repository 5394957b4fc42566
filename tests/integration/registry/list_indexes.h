// Pages of lists over many rows, and how many rows PostgreSQL looked at for each. The suite of the
// tests whose names begin with ListIndexes; its tables are filled once.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "platform/filter/list_query.h"
#include "tests/support/postgres.h"

namespace ieum::registry {

// A field and what is asked of it.
using Asked = std::vector<std::pair<std::string, std::string>>;

struct List {
  std::string title;  // the method, "ListGrants", and which of its lists
  const filter::ListSpec* spec;
  Asked asked;  // each field at least once
  // What the door adds of its own, `{}` for each value: the lists of one parent.
  std::string of = "TRUE";
  std::vector<std::string> parent = {};
  // Fields that no index answers, each with its reason.
  std::map<std::string, std::string> walks = {};
};

class ListIndexes : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  // Each field of the list, alone and for everybody; a field that `list.asked` and `list.walks` do
  // not know fails.
  static void ExpectIndexes(const List& list);
  // A list that is data of the release: it is read whole, and stays that small. Each of its fields
  // is asked for once.
  static void ExpectSmall(const List& list);

 private:
  static void ExpectFewTouched(const List& list, const std::string& filter);
};

// `field = "pattern id"`.
std::string Named(const std::string& field, const std::string& pattern, const std::string& id);

// The instant after which this many of the rows that were made follow.
std::string After(const std::string& field, int rows, int last = 20);

// Ids of the rows with n = 77, and of a centre.
inline constexpr char kOrganization[] = "\"organizations/dbe6f205-3432-e7bb-ad00-02735339d7be\"";
inline constexpr char kPerson[] = "202fe858-fe2e-c8fb-4e01-c873f9b731d2";
inline constexpr char kCentre[] = "\"organizations/0190c0de-0000-7000-8000-0000000000a0\"";

}  // namespace ieum::registry
