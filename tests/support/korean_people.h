// Made-up people whose names are as common as names in Korea are: ten family names hold about 64 of
// a hundred people (census of 2015), and a few given names a large part of each year.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace ieum::testing {

struct MadePerson {
  std::string full_name;
  int birth_year = 0;
  std::string phone;  // of a block that belongs to nobody: 010-0XXX-XXXX; each person has another
  std::string email;  // each person has another
};

class KoreanPeople {
 public:
  explicit KoreanPeople(uint32_t seed) : random_(seed) {}
  MadePerson Next();

 private:
  std::mt19937 random_;
  int64_t made_ = 0;
};

}  // namespace ieum::testing
