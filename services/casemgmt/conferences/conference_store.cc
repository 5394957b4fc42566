#include "services/casemgmt/conferences/conference_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

// State 3 of an agenda item is WITHDRAWN.
constexpr char kColumns[] =
    "f.id, f.state, f.centre_id, f.conference_date, f.created_at, f.updated_at, (SELECT count(*) "
    "FROM agenda_item g WHERE g.conference_id = f.id AND g.state <> 3), a.version";
constexpr char kFrom[] = "conference f JOIN aggregate a ON a.id = f.id";

ConferenceView ViewFrom(const db::Row& row) {
  ConferenceView view;
  Conference& conference = view.conference;
  conference.id = db::AsUuid(row[0]);
  conference.state = static_cast<v1::ConferenceState>(row[1].as<int>());
  conference.centre = db::AsOptionalUuid(row[2]);
  conference.day = db::AsDay(row[3]);
  conference.create_time = db::AsTime(row[4]);
  conference.update_time = db::AsTime(row[5]);
  view.agenda_items = row[6].as<int>();
  view.version = row[7].as<int64_t>();
  return view;
}

const db::Statement kSeats("conference_seats", R"(
  SELECT conference_id, subject FROM conference_seat
  WHERE conference_id = ANY($1::uuid[]) ORDER BY conference_id, subject)");

void AddSeats(db::Tx& tx, std::vector<ConferenceView>* views) {
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, ConferenceView*> by_id;
  for (ConferenceView& view : *views) {
    ids.push_back(view.conference.id);
    by_id[view.conference.id] = &view;
  }
  if (ids.empty()) return;
  for (const auto& row : tx.Exec(kSeats, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->conference.members.push_back(db::AsUuid(row[1]));
  }
}

const db::Statement kEmptySeats("conference_empty_seats",
                                "DELETE FROM conference_seat WHERE conference_id = $1");
const db::Statement kFillSeats("conference_fill_seats", R"(
  INSERT INTO conference_seat (conference_id, subject) SELECT $1, unnest($2::uuid[]))");

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE f.id = $1 AND ($2::boolean OR f.centre_id = ANY($3::uuid[]))");
const db::Statement kFind("conference_find", kFindSql.c_str());

std::optional<ConferenceView> ReadConference(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  std::vector<ConferenceView> views = {ViewFrom(*row)};
  AddSeats(tx, &views);
  return std::move(views.front());
}

std::optional<Conference> FindConference(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  auto view = ReadConference(tx, scope, id);
  if (!view) return std::nullopt;
  return std::move(view->conference);
}

const db::Statement kInsert("conference_insert", R"(
  INSERT INTO conference (id, state, centre_id, conference_date, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING)");

bool InsertConference(db::Tx& tx, const Conference& f) {
  if (!tx.ExecOne(kInsert, f.id, f.state, f.centre, f.day, f.create_time)) return false;
  tx.ExecLater(kFillSeats, f.id, db::ArrayOf(f.members));
  return true;
}

const db::Statement kSave("conference_save", R"(
  UPDATE conference SET state = $2, conference_date = $3, updated_at = $4
  WHERE id = $1 AND ($5::boolean OR centre_id = ANY($6::uuid[])))");

void SaveConference(db::Tx& tx, const base::Scope& scope, const Conference& f) {
  tx.Exec(kSave, f.id, f.state, f.day, f.update_time, scope.everywhere(), scope.AsArray());
  tx.Exec(kEmptySeats, f.id);
  tx.ExecLater(kFillSeats, f.id, db::ArrayOf(f.members));
}

const filter::ListSpec& ConferenceList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("f.id", "conferences/{}").NotNull()},
                 {"state", filter::Enum<v1::ConferenceState>("f.state").NotNull()},
                 {"centre", filter::Resource("f.centre_id", "organizations/{}")},
                 {"conference_date", filter::Date("f.conference_date").NotNull()},
                 {"create_time", filter::Timestamp("f.created_at").NotNull()}},
      .key = "name",
      .centres = {"f.centre_id"}};
  return *spec;
}

filter::Cursor ListConferences(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<ConferenceView>* views) {
  views->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
  AddSeats(tx, views);
  return next;
}

}  // namespace ieum::casemgmt
