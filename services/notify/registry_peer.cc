#include "services/notify/registry_peer.h"

#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/erasure/telling.h"

namespace ieum::notify {

ContactResolver ContactsOf(rpc::Peer& registry) {
  return [&registry](const registry::v1::BatchResolveContactsRequest& request) -> ContactAnswers {
    registry::v1::BatchResolveContactsResponse response;
    const absl::Status called =
        registry.Call("/ieum.registry.v1.PersonService/BatchResolveContacts", request, &response);
    if (!called.ok()) return called;
    return response;
  };
}

flow::DueWork TellingErasures(db::Database& database, rpc::Peer& registry) {
  return erasure::Telling<registry::v1::ConfirmErasureRequest,
                          registry::v1::ConfirmErasureResponse>(
      database, registry, "/ieum.registry.v1.ErasureService/ConfirmErasure");
}

}  // namespace ieum::notify
