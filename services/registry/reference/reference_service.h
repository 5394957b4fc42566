// The gRPC door of reference data: reads only.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/reference_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/filter/list_query.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class ReferenceDoor {
 public:
  ReferenceDoor(db::Database& database, const crypto::Key& page_key)
      : database_(database), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Region> GetRegion(rpc::Call&, const v1::GetRegionRequest& request);
  absl::StatusOr<v1::ListRegionsResponse> ListRegions(rpc::Call&,
                                                      const v1::ListRegionsRequest& request);
  absl::StatusOr<v1::KsicCode> GetKsicCode(rpc::Call&, const v1::GetKsicCodeRequest& request);
  absl::StatusOr<v1::ListKsicCodesResponse> ListKsicCodes(rpc::Call&,
                                                          const v1::ListKsicCodesRequest& request);
  absl::StatusOr<v1::IndustrialComplex> GetIndustrialComplex(
      rpc::Call&, const v1::GetIndustrialComplexRequest& request);
  absl::StatusOr<v1::ListIndustrialComplexesResponse> ListIndustrialComplexes(
      rpc::Call&, const v1::ListIndustrialComplexesRequest& request);
  absl::StatusOr<v1::Scheme> GetScheme(rpc::Call&, const v1::GetSchemeRequest& request);
  absl::StatusOr<v1::ListSchemesResponse> ListSchemes(rpc::Call&,
                                                      const v1::ListSchemesRequest& request);
  absl::StatusOr<v1::Holiday> GetHoliday(rpc::Call&, const v1::GetHolidayRequest& request);
  absl::StatusOr<v1::ListHolidaysResponse> ListHolidays(rpc::Call&,
                                                        const v1::ListHolidaysRequest& request);

 private:
  template <class Item, class ReadRow>
  absl::StatusOr<Item> One(const filter::ListSpec& spec, const char* condition,
                           const std::string& value, const std::string& name, ReadRow read);
  template <class Response, class Item, class Request, class ReadRow>
  absl::StatusOr<Response> Page(const Request& request, const std::string& valid_on,
                                const filter::ListSpec& spec, Item* (Response::*add)(),
                                ReadRow read);

  db::Database& database_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
