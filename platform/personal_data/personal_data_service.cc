#include "platform/personal_data/personal_data_service.h"

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/personal_data/held_store.h"
#include "platform/rpc/paging.h"

namespace ieum::personal_data {
namespace {

using platform::v1::ExportPersonalDataRequest;
using platform::v1::ExportPersonalDataResponse;

constexpr size_t kPageBytes = 2 * 1024 * 1024;  // a record of 1 MiB more still fits an answer

absl::StatusOr<Place> PlaceOf(const filter::Cursor& cursor, size_t kinds) {
  Place place{.kind = 0, .key = "", .began = absl::Now()};
  if (cursor.empty()) return place;
  int64_t began = 0;
  if (cursor.size() != 3 || !cursor[0] || !cursor[1] || !cursor[2] ||
      !absl::SimpleAtoi(*cursor[0], &place.kind) || place.kind >= kinds ||
      !absl::SimpleAtoi(*cursor[2], &began)) {
    return base::InvalidField("PAGE_TOKEN_INVALID", "page_token", "must be of the page before");
  }
  place.key = *cursor[1];
  place.began = absl::FromUnixMicros(began);
  return place;
}

filter::Cursor CursorOf(const std::optional<Place>& place) {
  if (!place) return {};
  return {std::to_string(place->kind), place->key,
          std::to_string(absl::ToUnixMicros(place->began))};
}

}  // namespace

PersonalDataDoor::PersonalDataDoor(db::Database& database, DoorOptions options,
                                   const crypto::Key& page_key)
    : database_(database), options_(std::move(options)), page_key_(page_key) {}

void PersonalDataDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.platform.v1.PersonalDataService");
  routes.Unary("ExportPersonalData", this, &PersonalDataDoor::Export);
}

void PersonalDataDoor::AddKinds(ExportPersonalDataResponse* response) const {
  for (const Held& held : options_.holdings.kinds) {
    auto& kind = *response->add_kinds();
    kind.set_code(held.code);
    kind.set_label(held.label);
    kind.set_purpose(held.purpose);
    kind.set_basis(held.basis);
    kind.set_retention(held.retention);
  }
}

// What is left of somebody who was erased leads to nobody: it is told to nobody either.
absl::StatusOr<ExportPersonalDataResponse> PersonalDataDoor::Export(
    rpc::Call& call, const ExportPersonalDataRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("persons/{}", request.person(), "person"));
  ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const filter::Cursor after,
                   rpc::OpenPageToken(call.scope(), request, page_key_));
  ASSIGN_OR_RETURN(const Place from, PlaceOf(after, options_.holdings.kinds.size()));
  const Whose whose{ids[0], call.scope()};
  ExportPersonalDataResponse response;
  std::optional<Place> next;
  RETURN_IF_ERROR(database_.Read("personal_data_export", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    next.reset();
    response.set_service(options_.service);
    if (options_.identify) {
      RETURN_IF_ERROR(options_.identify(tx, whose.scope, whose.person, &response));
      if (!after.empty()) response.clear_merged_persons();  // told with the first page
    }
    if (auto erasure = FindErasure(tx, whose.person)) {
      *response.mutable_erasure() = *std::move(erasure);
      return absl::OkStatus();
    }
    if (after.empty()) AddKinds(&response);
    ASSIGN_OR_RETURN(Reading reading, Reading::Of(tx, options_.vault, whose.person));
    ASSIGN_OR_RETURN(next, ReadHeld(tx, options_.holdings, whose, reading, from, page_size,
                                    kPageBytes, &response));
    return absl::OkStatus();
  }));
  response.set_next_page_token(
      rpc::NextPageToken(call.scope(), request, CursorOf(next), page_key_));
  return response;
}

}  // namespace ieum::personal_data
