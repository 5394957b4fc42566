// What four services hold of one person, gathered into one document: all of it or nothing.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/personal_data.pb.h"
#include "tools/ctl/doors.h"

namespace ieum::ctl {

// The answer of one service about one record of the person, its pages put together.
struct HeldPart {
  std::string service;
  std::string record;  // "persons/…"
  platform::v1::ExportPersonalDataResponse held;
};

struct PersonExport {
  std::string asked_for;             // as the caller named her
  std::string person;                // the record that stands for her
  std::vector<std::string> records;  // all of hers, that one first
  std::vector<HeldPart> parts;       // record by record, each in the order of the services
};

// Asks every service for every record of hers. A service that is not named or does not answer ends
// it, as does one that still has what was erased, and the status says which: half an answer would
// look like a whole one.
absl::StatusOr<PersonExport> GatherPerson(Doors& doors, const std::string& person);

// Records that were told, and those that other centres hold and that were not.
int64_t RecordsIn(const PersonExport& gathered);
int64_t LeftOutOf(const PersonExport& gathered);
// The proof that registry holds of the erasure; "" = she was not erased.
std::string ErasureOf(const PersonExport& gathered);

struct ExportNote {
  std::string reason;   // as the caller gave it
  std::string made_at;  // ISO 8601
};
nlohmann::ordered_json JsonOf(const PersonExport& gathered, const ExportNote& note);
// The same for a reader, in Korean: a page of its own without anything from outside.
std::string PageOf(const PersonExport& gathered, const ExportNote& note);

}  // namespace ieum::ctl
