#include "tests/faults/asking.h"

#include "absl/strings/str_cat.h"
#include "tests/faults/business_number.h"

namespace ieum::faults {
namespace {

constexpr absl::Duration kOutcomeWithin = absl::Seconds(30);
constexpr absl::Duration kAgain = absl::Milliseconds(100);

}  // namespace

std::unique_ptr<journal::RecordedPeer> PeerOf(Scene& scene, const std::string& service,
                                              const std::string& client) {
  return std::make_unique<journal::RecordedPeer>(
      journal::RecordedPeerOptions{.client = client,
                                   .service = service,
                                   .address = scene.world.AddressOf(service),
                                   .token = scene.world.token(),
                                   .scope = ""},
      &scene.writer);
}

registry::v1::CreateOrganizationRequest NewFirm(const base::Uuid& id, const std::string& name,
                                                const base::Uuid& request_id) {
  registry::v1::CreateOrganizationRequest request;
  request.set_organization_id(id.ToString());
  request.set_request_id(request_id.ToString());
  auto* organization = request.mutable_organization();
  organization->set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
  organization->set_display_name(name);
  const int64_t number = id.bytes()[0] * 65536 + id.bytes()[1] * 256 + id.bytes()[2];
  organization->set_business_registration_number(BusinessNumber(888, number));
  return request;
}

absl::Status Surely(Scene& scene, journal::RecordedPeer& peer, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response,
                    const std::string& aggregate) {
  absl::Status status = absl::UnknownError("not asked");
  (void)scene.world.WaitFor(
      [&] {
        status = peer.Call(method, request, response, {.aggregate = aggregate}).status;
        const auto certainty = journal::CertaintyOf(absl::StatusCodeToString(status.code()));
        return certainty != journal::Certainty::kUnknown || !scene.world.Pass(kAgain);
      },
      kOutcomeWithin);
  return status;
}

}  // namespace ieum::faults
