#include "services/registry/reference/reference_service.h"

#include <optional>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/registry/dates.h"
#include "services/registry/reference/reference_store.h"

namespace ieum::registry {
namespace {

constexpr int kOne = 1;

// "K01" of "industrialComplexes/K01"; the contract has checked the shape.
std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// The rows that hold on a day, in whichever table of reference data.
constexpr char kHoldsOn[] =
    "coalesce(valid_from, '-infinity') <= {}::date AND {}::date <= coalesce(valid_to, 'infinity')";

}  // namespace

template <class Item, class ReadRow>
absl::StatusOr<Item> ReferenceDoor::One(const filter::ListSpec& spec, const char* condition,
                                        const std::string& value, const std::string& name,
                                        ReadRow read) {
  ASSIGN_OR_RETURN(filter::ListQuery query, filter::ListQuery::Make(spec, "", "", kOne, {}));
  query.Where(condition, {value});
  std::optional<Item> item;
  RETURN_IF_ERROR(database_.Read("reference_get", [&](db::Tx& tx) {
    item.reset();
    query.Read(tx, [&](const db::Row& row) { item = read(row); });
    return absl::OkStatus();
  }));
  if (!item) return base::NotFound(name);
  return *std::move(item);
}

template <class Response, class Item, class Request, class ReadRow>
absl::StatusOr<Response> ReferenceDoor::Page(const Request& request, const std::string& valid_on,
                                             const filter::ListSpec& spec, Item* (Response::*add)(),
                                             ReadRow read) {
  ASSIGN_OR_RETURN(filter::ListQuery query, rpc::OpenList(request, spec, page_key_));
  if (!valid_on.empty()) {
    ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDate(valid_on, "valid_on"));
    query.Where(kHoldsOn, {base::FormatDay(day), base::FormatDay(day)});
  }
  Response response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("reference_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) { *(response.*add)() = read(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

void ReferenceDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.ReferenceService");
  routes.Unary("GetRegion", this, &ReferenceDoor::GetRegion);
  routes.Unary("ListRegions", this, &ReferenceDoor::ListRegions);
  routes.Unary("GetKsicCode", this, &ReferenceDoor::GetKsicCode);
  routes.Unary("ListKsicCodes", this, &ReferenceDoor::ListKsicCodes);
  routes.Unary("GetIndustrialComplex", this, &ReferenceDoor::GetIndustrialComplex);
  routes.Unary("ListIndustrialComplexes", this, &ReferenceDoor::ListIndustrialComplexes);
  routes.Unary("GetScheme", this, &ReferenceDoor::GetScheme);
  routes.Unary("ListSchemes", this, &ReferenceDoor::ListSchemes);
  routes.Unary("GetHoliday", this, &ReferenceDoor::GetHoliday);
  routes.Unary("ListHolidays", this, &ReferenceDoor::ListHolidays);
}

absl::StatusOr<v1::Region> ReferenceDoor::GetRegion(rpc::Call&,
                                                    const v1::GetRegionRequest& request) {
  return One<v1::Region>(RegionList(), "r.code = {}", RegionKey(LastPart(request.name())),
                         request.name(), ReadRegion);
}

absl::StatusOr<v1::ListRegionsResponse> ReferenceDoor::ListRegions(
    rpc::Call&, const v1::ListRegionsRequest& request) {
  return Page<v1::ListRegionsResponse, v1::Region>(
      request, request.valid_on(), RegionList(), &v1::ListRegionsResponse::add_regions, ReadRegion);
}

absl::StatusOr<v1::KsicCode> ReferenceDoor::GetKsicCode(rpc::Call&,
                                                        const v1::GetKsicCodeRequest& request) {
  return One<v1::KsicCode>(KsicList(), "k.revision || '-' || k.code = {}", LastPart(request.name()),
                           request.name(), ReadKsic);
}

absl::StatusOr<v1::ListKsicCodesResponse> ReferenceDoor::ListKsicCodes(
    rpc::Call&, const v1::ListKsicCodesRequest& request) {
  return Page<v1::ListKsicCodesResponse, v1::KsicCode>(request, request.valid_on(), KsicList(),
                                                       &v1::ListKsicCodesResponse::add_ksic_codes,
                                                       ReadKsic);
}

absl::StatusOr<v1::IndustrialComplex> ReferenceDoor::GetIndustrialComplex(
    rpc::Call&, const v1::GetIndustrialComplexRequest& request) {
  return One<v1::IndustrialComplex>(ComplexList(), "c.code = {}", LastPart(request.name()),
                                    request.name(), ReadComplex);
}

absl::StatusOr<v1::ListIndustrialComplexesResponse> ReferenceDoor::ListIndustrialComplexes(
    rpc::Call&, const v1::ListIndustrialComplexesRequest& request) {
  return Page<v1::ListIndustrialComplexesResponse, v1::IndustrialComplex>(
      request, request.valid_on(), ComplexList(),
      &v1::ListIndustrialComplexesResponse::add_industrial_complexes, ReadComplex);
}

absl::StatusOr<v1::Scheme> ReferenceDoor::GetScheme(rpc::Call&,
                                                    const v1::GetSchemeRequest& request) {
  return One<v1::Scheme>(SchemeList(), "s.code = {}", LastPart(request.name()), request.name(),
                         ReadScheme);
}

absl::StatusOr<v1::ListSchemesResponse> ReferenceDoor::ListSchemes(
    rpc::Call&, const v1::ListSchemesRequest& request) {
  return Page<v1::ListSchemesResponse, v1::Scheme>(
      request, request.valid_on(), SchemeList(), &v1::ListSchemesResponse::add_schemes, ReadScheme);
}

absl::StatusOr<v1::Holiday> ReferenceDoor::GetHoliday(rpc::Call&,
                                                      const v1::GetHolidayRequest& request) {
  ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDate(LastPart(request.name()), "name"));
  return One<v1::Holiday>(HolidayList(), "h.day = {}::date", base::FormatDay(day), request.name(),
                          ReadHoliday);
}

absl::StatusOr<v1::ListHolidaysResponse> ReferenceDoor::ListHolidays(
    rpc::Call&, const v1::ListHolidaysRequest& request) {
  return Page<v1::ListHolidaysResponse, v1::Holiday>(
      request, "", HolidayList(), &v1::ListHolidaysResponse::add_holidays, ReadHoliday);
}

}  // namespace ieum::registry
