#include "tests/integration/rpc/thing_door.h"

#include "absl/strings/str_cat.h"
#include "ieum/sample/v1/events.pb.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/paging.h"

namespace ieum::rpc {
namespace {

using sample::v1::Thing;

const db::Statement kInsert("thing_insert", R"(
  INSERT INTO thing (id, display_name, note, size, score, state, working, tags, owner_code,
                     due_time, create_time)
  VALUES ($1, $2, $3, $4, $5::float8, $6, $7, $8::text[], $9, $10, $11)
  ON CONFLICT (id) DO NOTHING)");

const db::Statement kUpdate("thing_update", R"(
  UPDATE thing SET display_name = $2, note = $3, size = $4 WHERE id = $1)");

const db::Statement kSelect("thing_select", R"(
  SELECT t.id, t.display_name, t.note, t.size, t.state, t.create_time, a.version
  FROM thing t LEFT JOIN aggregate a ON a.id = t.id WHERE t.id = $1)");

std::optional<std::string> Note(const Thing& thing) {
  return thing.has_note() ? std::optional(thing.note()) : std::nullopt;
}

std::optional<absl::Time> Due(const Thing& thing) {
  if (!thing.has_due_time()) return std::nullopt;
  return base::InstantOf(thing.due_time());
}

Thing FromRow(const db::Row& row) {
  Thing thing;
  thing.set_name(absl::StrCat("things/", db::AsText(row[0])));
  thing.set_display_name(db::AsText(row[1]));
  if (!row[2].is_null()) thing.set_note(db::AsText(row[2]));
  thing.set_size(row[3].as<int>());
  thing.set_state(static_cast<sample::v1::ThingState>(row[4].as<int>()));
  thing.mutable_create_time()->set_seconds(absl::ToUnixSeconds(db::AsTime(row[5])));
  if (!row[6].is_null()) thing.set_etag(ledger::FormatEtag(row[6].as<int64_t>()));
  return thing;
}

sample::v1::Renamed Event(const base::Uuid& id, const Thing& thing) {
  sample::v1::Renamed event;
  event.set_counter_id(id.ToString());
  event.set_name(thing.display_name());
  return event;
}

}  // namespace

db::MigrationSet ThingMigrations() {
  return {{"0001_thing", R"(
    CREATE TABLE thing (
      id           uuid PRIMARY KEY,
      display_name text NOT NULL,
      note         text,
      size         integer NOT NULL,
      score        double precision,
      state        smallint NOT NULL,
      working      boolean NOT NULL,
      tags         text[] NOT NULL,
      owner_code   text,
      due_time     timestamptz,
      create_time  timestamptz NOT NULL
    );)"}};
}

const filter::ListSpec& ThingList() {
  static const auto* spec = new filter::ListSpec{
      .columns = "t.id, t.display_name, t.note, t.size, t.state, t.create_time, a.version",
      .from = "thing t LEFT JOIN aggregate a ON a.id = t.id",
      .fields = {{"name", filter::Resource("t.id", "things/{}").NotNull()},
                 {"display_name", filter::Text("t.display_name").NotNull()},
                 {"note", filter::Text("t.note")},
                 {"size", filter::Int("t.size").NotNull()},
                 {"score", filter::Decimal("t.score")},
                 {"state", filter::Enum<sample::v1::ThingState>("t.state").NotNull()},
                 {"working", filter::Bool("t.working").NotNull()},
                 {"tags", filter::TextArray("t.tags").NotNull()},
                 {"owner.code", filter::Text("t.owner_code")},
                 {"due_time", filter::Timestamp("t.due_time")},
                 {"create_time", filter::Timestamp("t.create_time").NotNull()}},
      .key = "name",
      .default_order = "create_time desc"};
  return *spec;
}

bool InsertThing(db::Tx& tx, const base::Uuid& id, const Thing& thing, absl::Time now) {
  const std::vector<std::string> tags(thing.tags().begin(), thing.tags().end());
  const std::optional<std::string> score =
      thing.has_score() ? std::optional(absl::StrCat(thing.score())) : std::nullopt;
  const std::optional<std::string> owner =
      thing.has_owner() ? std::optional(thing.owner().code()) : std::nullopt;
  return 1 == tx.ExecCount(kInsert, id, thing.display_name(), Note(thing), thing.size(), score,
                           thing.state(), thing.working(), db::ArrayOf(tags), owner, Due(thing),
                           now);
}

void ThingDoor::Serve(Router& router) {
  ServiceRoutes routes = router.Service("ieum.sample.v1.SampleService");
  routes.Unary("CreateThing", this, &ThingDoor::Create);
  routes.Unary("GetThing", this, &ThingDoor::Get);
  routes.Unary("ListThings", this, &ThingDoor::List);
  routes.Unary("UpdateThing", this, &ThingDoor::Update);
  routes.Unary("HoldThing", this, &ThingDoor::Hold);
}

absl::StatusOr<Thing> ThingDoor::Create(Call& call, const sample::v1::CreateThingRequest& request) {
  const auto use_case = [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    const base::Uuid id = work.DeriveId("thing");
    const std::string name = absl::StrCat("things/", id.ToString());
    work.Lock({id});
    if (!InsertThing(work.tx(), id, request.thing(), work.now())) {
      return base::AlreadyExists("ID_TAKEN", "there is such a thing", {{"resource_name", name}});
    }
    work.Append(id, "thing", name, Event(id, request.thing()));
    return ledger::Done{id, name};
  };
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  if (!request.validate_only()) return Read(answer.name);
  Thing thing = request.thing();
  thing.set_name(answer.name);
  return thing;
}

absl::StatusOr<Thing> ThingDoor::Get(Call&, const sample::v1::GetThingRequest& request) {
  return Read(request.name());
}

absl::StatusOr<Thing> ThingDoor::Read(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("things/{}", name, "name"));
  Thing thing;
  RETURN_IF_ERROR(database_.Read("thing_get", [&](db::Tx& tx) -> absl::Status {
    const auto row = tx.ExecOptional(kSelect, ids[0]);
    if (!row) return base::NotFound(name);
    thing = FromRow(*row);
    return absl::OkStatus();
  }));
  return thing;
}

absl::StatusOr<sample::v1::ListThingsResponse> ThingDoor::List(
    Call&, const sample::v1::ListThingsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query, OpenList(request, ThingList(), page_key_));
  if (!request.show_put_away()) {
    query.Where("t.state <> {}::int", {absl::StrCat(sample::v1::THING_STATE_PUT_AWAY)});
  }
  sample::v1::ListThingsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("thing_list", [&](db::Tx& tx) {
    response.clear_things();
    next = query.Read(tx, [&](const db::Row& row) { *response.add_things() = FromRow(row); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(NextPageToken(request, next, page_key_));
  return response;
}

absl::StatusOr<Thing> ThingDoor::Update(Call& call, const sample::v1::UpdateThingRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("things/{}", request.thing().name(), "thing.name"));
  const base::Uuid id = ids[0];
  const auto use_case = [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
    work.Lock({id});
    if (work.Version(id) == 0) return base::NotFound(request.thing().name());
    RETURN_IF_ERROR(work.ExpectEtag(id, request.thing().etag()));
    Thing thing = FromRow(*work.tx().ExecOptional(kSelect, id));
    RETURN_IF_ERROR(ApplyUpdate(request.update_mask(), request.thing(), &thing,
                                {"display_name", "note", "size"}));
    work.tx().Exec(kUpdate, id, thing.display_name(), Note(thing), thing.size());
    work.Append(id, "thing", thing.name(), Event(id, thing));
    return ledger::Done{id, thing.name()};
  };
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  return Read(answer.name);
}

absl::StatusOr<sample::v1::HoldThingResponse> ThingDoor::Hold(
    Call& call, const sample::v1::HoldThingRequest& request) {
  RETURN_IF_ERROR(on_hold(call, request.word()));
  return sample::v1::HoldThingResponse();
}

}  // namespace ieum::rpc
