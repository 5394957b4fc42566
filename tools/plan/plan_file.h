// A plan of one edition as a file that people write (scenarios/README.md tells its words): the
// programme, the edition with its lines, and the campaigns that lines open.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/programme_service.pb.h"

namespace ieum::plan {

// Bytes of a file; a larger one is refused unread.
inline constexpr size_t kFileMax = 1u << 20;

struct PlannedCampaign {
  registry::v1::Campaign campaign;  // with programme and edition
  int line = 0;                     // of the file
};

struct Plan {
  std::string programme_code;
  registry::v1::Programme programme;
  std::string edition_code;
  registry::v1::Edition edition;  // without lead and manager
  std::string lead;               // external code of the leading centre; "" = none
  std::string manager;            // persons/{uuid}; "" = nobody
  std::vector<PlannedCampaign> campaigns;
  // Line of the file for paths of the contract: "edition.lines[3].dates[0].start".
  std::map<std::string, int> lines;

  std::string programme_name() const;
  std::string edition_name() const;
  // The line of the path, or of the nearest thing around it; 0 = nothing is known.
  int LineOf(const std::string& path) const;
};

// What is wrong, and where.
struct Fault {
  int line = 0;  // from 1; 0 = of the file as a whole
  std::string what;
};

// Reads the whole file; every fault goes to `faults`, in the order of their lines.
Plan ReadPlan(const std::string& text, std::vector<Fault>* faults);

// "FILE:12: what is wrong", a line each.
std::string FaultText(const std::string& file, const std::vector<Fault>& faults);

}  // namespace ieum::plan
