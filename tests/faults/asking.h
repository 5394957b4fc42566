// Calls that a fault makes itself, beside the load and in the same journal.
#pragma once

#include <memory>
#include <string>

#include "ieum/registry/v1/organization_service.pb.h"
#include "tests/faults/fault.h"
#include "tools/journal/recorded_peer.h"

namespace ieum::faults {

inline constexpr char kCreateOrganization[] =
    "/ieum.registry.v1.OrganizationService/CreateOrganization";
inline constexpr char kUpdateOrganization[] =
    "/ieum.registry.v1.OrganizationService/UpdateOrganization";
inline constexpr char kGetOrganization[] = "/ieum.registry.v1.OrganizationService/GetOrganization";

std::unique_ptr<journal::RecordedPeer> PeerOf(Scene& scene, const std::string& service,
                                              const std::string& client);

// A firm with this id and name, and a business number that the load never uses.
registry::v1::CreateOrganizationRequest NewFirm(const base::Uuid& id, const std::string& name,
                                                const base::Uuid& request_id);

// Sends it until its outcome is known, for at most half a minute.
absl::Status Surely(Scene& scene, journal::RecordedPeer& peer, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response,
                    const std::string& aggregate);

}  // namespace ieum::faults
