#include "platform/personal_data/held_store.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"

namespace ieum::personal_data {
namespace {

using platform::v1::ExportPersonalDataResponse;
using platform::v1::PersonalDataRecord;

// What every statement answers before its own columns.
enum Fixed { kKey, kCentre, kSeen, kRecorded, kFrom, kUntil, kColumns };

constexpr int kAtOnce = 200;  // rows

const db::Statement kErasure("personal_data_erasure", R"(
  SELECT erasure_id, erased_at, destroyed_at FROM person_erasure WHERE person_id = $1)");

// The kind's own statement within one that pages. Its text is a literal of the code.
std::string PageOf(const Held& held) {
  return absl::StrCat("SELECT held.* FROM (", held.statement->sql(),
                      ") held WHERE held.key > $4::text COLLATE \"C\" "
                      "ORDER BY held.key COLLATE \"C\" LIMIT $5::bigint");
}

// With every parameter of the page's, so that both are called alike.
std::string LeftOutOf(const Held& held) {
  return absl::StrCat("SELECT count(*), count(DISTINCT coalesce(held.centre_id::text, '')) FROM (",
                      held.statement->sql(), ") held WHERE held.seen IS NOT TRUE");
}

void AddLeftOut(db::Tx& tx, const Held& held, const Whose& whose,
                ExportPersonalDataResponse* response) {
  if (whose.scope.everywhere()) return;
  const db::Rows rows = tx.RunDynamic(
      LeftOutOf(held), {whose.person, whose.scope.everywhere(), whose.scope.AsArray()});
  const auto records = rows[0][0].as<int64_t>();
  if (records == 0) return;
  auto& left_out = *response->add_left_out();
  left_out.set_kind(held.code);
  left_out.set_records(records);
  left_out.set_centres(rows[0][1].as<int>());
}

absl::Status AddFields(const Held& held, const db::Row& row, Reading& reading,
                       PersonalDataRecord* record) {
  for (size_t at = 0; at < held.columns.size(); ++at) {
    const Column& column = held.columns[at];
    const auto field = row[static_cast<int>(kColumns + at)];
    if (field.is_null()) continue;
    std::string value = column.sealed ? db::AsBytes(field) : db::AsText(field);
    if (column.tell) {
      ASSIGN_OR_RETURN(value, column.tell(value, reading));
    }
    if (value.empty()) continue;
    auto& told = *record->add_fields();
    told.set_code(column.code);
    told.set_label(column.label);
    told.set_value(std::move(value));
  }
  return absl::OkStatus();
}

absl::StatusOr<PersonalDataRecord> RecordOf(const Held& held, const db::Row& row,
                                            Reading& reading) {
  PersonalDataRecord record;
  record.set_kind(held.code);
  record.set_record_id(db::AsText(row[kKey]));
  if (const auto centre = db::AsOptionalUuid(row[kCentre])) {
    record.set_centre("organizations/" + centre->ToString());
  }
  if (const auto at = db::AsOptionalTime(row[kRecorded])) {
    *record.mutable_record_time() = base::ToTimestamp(*at);
  }
  if (const auto at = db::AsOptionalTime(row[kFrom])) {
    *record.mutable_from_time() = base::ToTimestamp(*at);
  }
  if (const auto at = db::AsOptionalTime(row[kUntil])) {
    *record.mutable_until_time() = base::ToTimestamp(*at);
  }
  RETURN_IF_ERROR(AddFields(held, row, reading, &record));
  return record;
}

// Of one kind, behind `place->key`, which moves on; true when the kind is told to its end.
absl::StatusOr<bool> ReadKind(db::Tx& tx, const Held& held, const Whose& whose, Reading& reading,
                              int records_max, size_t bytes_max, Place* place,
                              ExportPersonalDataResponse* response) {
  while (true) {
    const db::Rows rows = tx.RunDynamic(PageOf(held), {whose.person, whose.scope.everywhere(),
                                                       whose.scope.AsArray(), place->key, kAtOnce});
    for (const auto& row : rows) {
      if (response->records_size() >= records_max || response->ByteSizeLong() >= bytes_max) {
        return false;
      }
      if (held.grows_when_asked && db::AsTime(row[kRecorded]) > place->began) return true;
      place->key = db::AsText(row[kKey]);
      if (!db::AsText(row[kSeen]).starts_with('t')) continue;
      ASSIGN_OR_RETURN(*response->add_records(), RecordOf(held, row, reading));
    }
    if (rows.size() < kAtOnce) return true;
  }
}

}  // namespace

absl::StatusOr<std::optional<Place>> ReadHeld(db::Tx& tx, const Holdings& holdings,
                                              const Whose& whose, Reading& reading, Place from,
                                              int records_max, size_t bytes_max,
                                              ExportPersonalDataResponse* response) {
  Place place = std::move(from);
  for (; place.kind < holdings.kinds.size(); ++place.kind, place.key.clear()) {
    const Held& held = holdings.kinds[place.kind];
    // A kind is begun, and what is left out of it is told, where there is room for a record of it.
    if (response->records_size() >= records_max || response->ByteSizeLong() >= bytes_max) {
      return std::make_optional(std::move(place));
    }
    if (place.key.empty()) AddLeftOut(tx, held, whose, response);
    ASSIGN_OR_RETURN(const bool ended,
                     ReadKind(tx, held, whose, reading, records_max, bytes_max, &place, response));
    if (!ended) return std::make_optional(std::move(place));
  }
  return std::nullopt;
}

std::optional<platform::v1::PersonalDataErasure> FindErasure(db::Tx& tx, const base::Uuid& person) {
  const auto row = tx.ExecOptional(kErasure, person);
  if (!row) return std::nullopt;
  platform::v1::PersonalDataErasure erasure;
  erasure.set_erasure("erasures/" + db::AsUuid((*row)[0]).ToString());
  *erasure.mutable_erase_time() = base::ToTimestamp(db::AsTime((*row)[1]));
  *erasure.mutable_destroy_time() = base::ToTimestamp(db::AsTime((*row)[2]));
  return erasure;
}

}  // namespace ieum::personal_data
