// Two centres side by side: their staff, and doors tried with what is another's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace ieum::testing {

inline constexpr char kCentreA[] = "0190c0de-0000-7000-8000-0000000000a0";
inline constexpr char kCentreB[] = "0190c0de-0000-7000-8000-0000000000b0";
inline constexpr char kCentreC[] = "0190c0de-0000-7000-8000-0000000000c0";

// Entries of a tokens file: "centre-a", "centre-b", "centre-ab" run programmes and supervise
// there.
std::string CentreTokens();

// A method and a request of it in text form. `{word}` stands for an id: of what is another
// centre's, or of what everybody shares.
struct Door {
  std::string method;  // "CampaignService/GetCampaign"
  std::string request;
  std::string reason = "NOT_FOUND";  // of the refusal
};
using Ids = std::map<std::string, std::string>;
using Calls =
    std::function<absl::Status(const std::string& method, const google::protobuf::Message& request,
                               google::protobuf::Message* response)>;

// The request of "ieum.registry.v1" and "CampaignService/GetCampaign" with its words filled in.
std::unique_ptr<google::protobuf::Message> RequestOf(const std::string& package, const Door& door,
                                                     const Ids& ids);

// Doors that tell another centre's rows from rows that do not exist: each is tried with `others`,
// and with ids that nobody has in their places; code, text, reason and fields must be the same.
std::vector<std::string> DoorsThatTell(const std::string& package, const std::vector<Door>& doors,
                                       const Ids& others, const Ids& shared, const Calls& calls);

// Lists that show one of `hidden`, or not all of `seen` on their pages of one row each.
std::vector<std::string> ListsThatShow(const std::string& package, const std::vector<Door>& lists,
                                       const Ids& shared, const std::vector<std::string>& hidden,
                                       const Calls& calls);

// Methods of the package's services that are in none of these; a new one has to be thought about.
std::vector<std::string> Forgotten(const std::vector<std::string>& services,
                                   const std::vector<Door>& doors, const std::vector<Door>& lists,
                                   const std::map<std::string, std::string>& everybodys);

}  // namespace ieum::testing
