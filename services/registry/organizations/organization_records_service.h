// What is read of an organization beside its own entry: facts, labels, terms, and its changes. A
// part of the door of organizations.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/filter/list_query.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// What a caller looks back to.
struct Moment {
  std::optional<absl::Time> instant;  // what was known then; nullopt = what is known now
  absl::CivilDay day;                 // whose facts
};
// `read_time`: null when the request says none. INVALID_FIELD for an instant after `now`,
// DATE_INVALID.
absl::StatusOr<Moment> MomentAsked(const google::protobuf::Timestamp* read_time,
                                   const std::string& facts_date, absl::Time now);

// For requests with `read_time` and `facts_date`.
template <class Request>
absl::StatusOr<Moment> MomentAskedBy(const Request& request, absl::Time now) {
  return MomentAsked(request.has_read_time() ? &request.read_time() : nullptr, request.facts_date(),
                     now);
}

// Thread-safe; what it is given outlives it.
class OrganizationRecordsDoor {
 public:
  OrganizationRecordsDoor(db::Database& database, ledger::Ledger& ledger,
                          const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::ServiceRoutes& routes);

  absl::StatusOr<v1::ListOrganizationFactsResponse> ListFacts(
      rpc::Call& call, const v1::ListOrganizationFactsRequest& request);
  absl::StatusOr<v1::ListOrganizationLabelsResponse> ListLabels(
      rpc::Call& call, const v1::ListOrganizationLabelsRequest& request);
  absl::StatusOr<v1::ListCouncilTermsResponse> ListTerms(
      rpc::Call& call, const v1::ListCouncilTermsRequest& request);
  absl::StatusOr<v1::ListOrganizationChangesResponse> ListChanges(
      rpc::Call& call, const v1::ListOrganizationChangesRequest& request);

 private:
  // A page of the records of `request.parent()`; NOT_FOUND when there is no such organization.
  template <class Response, class Request, class Read>
  absl::StatusOr<Response> List(const Request& request, const filter::ListSpec& spec,
                                const char* narrowed, const Read& read);
  // When the request looks back to, if it does.
  template <class Request>
  absl::StatusOr<std::optional<absl::Time>> InstantOf(const Request& request);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
