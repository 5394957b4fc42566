#include "absl/strings/str_cat.h"
#include "services/casemgmt/groups/group_session_store.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] = "l.group_id, l.session_id, l.revision, l.words, l.recorded_at";
constexpr char kFrom[] = "group_log l JOIN peer_group g ON g.id = l.group_id";

GroupLogRow RowFrom(const db::Row& row) {
  GroupLogRow read;
  read.log.group_id = db::AsUuid(row[0]);
  read.log.session_id = db::AsUuid(row[1]);
  read.log.revision = row[2].as<int>();
  if (!row[3].is_null()) read.box = db::AsBytes(row[3]);
  read.log.record_time = db::AsTime(row[4]);
  return read;
}

}  // namespace

const db::Statement kInsert("group_log_insert", R"(
  INSERT INTO group_log (session_id, revision, group_id, words, recorded_at)
  VALUES ($1, $2, $3, $4, $5))");

void InsertGroupLog(db::Tx& tx, const GroupLog& log, const db::Param& box) {
  tx.ExecLater(kInsert, log.session_id, log.revision, log.group_id, box, log.record_time);
}

const db::Statement kTakeOut("group_log_take_out",
                             "UPDATE group_log SET words = NULL WHERE session_id = $1");

void TakeOutGroupLogs(db::Tx& tx, const base::Uuid& session_id) {
  tx.ExecLater(kTakeOut, session_id);
}

const filter::ListSpec& GroupLogList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"revision", filter::Int("l.revision").NotNull()},
                 {"create_time", filter::Timestamp("l.recorded_at").NotNull()}},
      .key = "revision",  // of one session
      .centres = {"g.centre_id"}};
  return *spec;
}

filter::Cursor ListGroupLogs(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<GroupLogRow>* rows) {
  rows->clear();
  return query.Read(tx, [&](const db::Row& row) { rows->push_back(RowFrom(row)); });
}

const std::string kFindSql = absl::StrCat("SELECT ", kColumns,
                                          " FROM group_log l WHERE l.session_id = $1"
                                          " AND l.revision = $2");
const db::Statement kFind("group_log_find", kFindSql.c_str());

std::optional<GroupLogRow> FindGroupLog(db::Tx& tx, const base::Uuid& session_id, int revision) {
  const auto row = tx.ExecOptional(kFind, session_id, revision);
  if (!row) return std::nullopt;
  return RowFrom(*row);
}

}  // namespace ieum::casemgmt
