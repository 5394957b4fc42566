#include "services/casemgmt/attachments/attachment_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace ieum::casemgmt {
namespace {

#define CENTRE                                        \
  "CASE WHEN t.case_id IS NOT NULL THEN c.centre_id " \
  "WHEN t.application_id IS NOT NULL THEN p.centre_id ELSE e.centre_id END"

// Pieces from the first one on without a gap: those whose number is their place.
constexpr char kColumns[] =
    "t.id, t.case_id, t.session_id, t.plan_id, t.engagement_id, t.application_id, t.person_id, "
    "t.file_id, t.file_name, t.sha256, t.type, t.size_bytes, t.state, t.scan_state, t.scanner, "
    "t.removal_reason, t.created_at, t.updated_at, t.stored_at, t.scanned_at, a.version, " CENTRE
    ", (SELECT count(*) FROM (SELECT k.number, row_number() OVER (ORDER BY k.number) - 1 AS place "
    "FROM attachment_chunk k WHERE k.attachment_id = t.id) come WHERE come.number = come.place)";
constexpr char kFrom[] =
    "attachment t JOIN aggregate a ON a.id = t.id LEFT JOIN casefile c ON c.id = t.case_id "
    "LEFT JOIN engagement e ON e.id = t.engagement_id "
    "LEFT JOIN application p ON p.id = t.application_id";
constexpr int kVersionColumn = 20, kCentreColumn = 21, kPiecesColumn = 22;

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

std::string BytesOrNone(const pqxx::field& field) {
  return field.is_null() ? std::string() : db::AsBytes(field);
}

db::Param BytesOrNull(const std::string& bytes) {
  return bytes.empty() ? db::Param(std::nullopt) : db::Bytes(bytes);
}

Attachment AttachmentFrom(const db::Row& row) {
  Attachment t;
  t.id = db::AsUuid(row[0]);
  t.parent = {.case_id = db::AsOptionalUuid(row[1]),
              .session = db::AsOptionalUuid(row[2]),
              .plan = db::AsOptionalUuid(row[3]),
              .engagement = db::AsOptionalUuid(row[4]),
              .application = db::AsOptionalUuid(row[5])};
  t.person = db::AsOptionalUuid(row[6]);
  t.file_id = db::AsUuid(row[7]);
  t.name_box = BytesOrNone(row[8]);
  t.hash_box = BytesOrNone(row[9]);
  t.type = AsEnum<v1::AttachmentType>(row[10]);
  t.size_bytes = row[11].as<int64_t>();
  t.state = AsEnum<v1::AttachmentState>(row[12]);
  t.scan_state = AsEnum<v1::AttachmentScanState>(row[13]);
  t.scanner = db::AsText(row[14]);
  t.removal_reason = AsEnum<v1::AttachmentRemovalReason>(row[15]);
  t.create_time = db::AsTime(row[16]);
  t.update_time = db::AsTime(row[17]);
  t.store_time = db::AsOptionalTime(row[18]);
  t.scan_time = db::AsOptionalTime(row[19]);
  return t;
}

int64_t Received(const Attachment& t, int64_t pieces) {
  if (t.state == v1::ATTACHMENT_STATE_STORED) return t.size_bytes;
  return std::min(t.size_bytes, pieces * kChunkBytes);
}

AttachmentView ViewFrom(const db::Row& row) {
  AttachmentView view{.attachment = AttachmentFrom(row),
                      .centre = db::AsOptionalUuid(row[kCentreColumn]),
                      .version = row[kVersionColumn].as<int64_t>()};
  view.received_bytes = Received(view.attachment, row[kPiecesColumn].as<int64_t>());
  return view;
}

std::vector<base::Uuid> IdsIn(const db::Rows& rows) {
  std::vector<base::Uuid> ids;
  for (const auto& row : rows) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

std::string CentreOf(const AttachmentView& view) {
  return view.centre ? view.centre->ToString() : "";
}

}  // namespace

AttachmentReach AttachmentReach::Everything() {
  return {.cases = Reach::Everything(),
          .firms = base::Scope::Everywhere(),
          .scans = base::Scope::Everywhere()};
}

// $1: the id; $2 … $6: the reach over cases; then firms and scans.
const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE t.id = $1 AND ((t.case_id IS NOT NULL AND ", ReachSql("c", 2),
                 ") OR (t.case_id IS NULL AND ($7::boolean OR " CENTRE
                 " = ANY($8::uuid[]))) OR ($9::boolean OR " CENTRE " = ANY($10::uuid[])))");
const db::Statement kFind("attachment_find", kFindSql.c_str());

std::optional<AttachmentView> FindAttachment(db::Tx& tx, const AttachmentReach& reach,
                                             const base::Uuid& id) {
  std::vector<db::Param> params = WithReach({id}, reach.cases);
  params.insert(params.end(), {reach.firms.everywhere(), reach.firms.AsArray(),
                               reach.scans.everywhere(), reach.scans.AsArray()});
  const db::Rows rows = tx.Run(kFind, params);
  if (rows.empty()) return std::nullopt;
  AttachmentView view = ViewFrom(rows[0]);
  view.scanner_reaches = reach.scans.Holds(CentreOf(view));
  return view;
}

const db::Statement kInsert("attachment_insert", R"(
  INSERT INTO attachment
    (id, case_id, session_id, plan_id, engagement_id, application_id, person_id, file_id,
     file_name, sha256, type, size_bytes, state, scan_state, scanner, removal_reason, created_at,
     updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', 0, $15, $15)
  ON CONFLICT DO NOTHING)");

bool InsertAttachment(db::Tx& tx, const Attachment& t) {
  const AttachmentParent& parent = t.parent;
  return tx.ExecOne(kInsert, t.id, parent.case_id, parent.session, parent.plan, parent.engagement,
                    parent.application, t.person, t.file_id, BytesOrNull(t.name_box),
                    BytesOrNull(t.hash_box), t.type, t.size_bytes, t.state, t.scan_state,
                    t.create_time);
}

const db::Statement kSave("attachment_save", R"(
  UPDATE attachment
  SET person_id = $2, file_name = $3, sha256 = $4, state = $5, scan_state = $6, scanner = $7,
      removal_reason = $8, stored_at = $9, scanned_at = $10, updated_at = $11
  WHERE id = $1)");

void SaveAttachment(db::Tx& tx, const Attachment& t) {
  tx.Exec(kSave, t.id, t.person, BytesOrNull(t.name_box), BytesOrNull(t.hash_box), t.state,
          t.scan_state, t.scanner, t.removal_reason, t.store_time, t.scan_time, t.update_time);
}

// UPLOADING and STORED.
const db::Statement kCount("attachment_count", R"(
  SELECT count(*) FROM attachment
  WHERE state IN (1, 2) AND CASE WHEN $1::uuid IS NOT NULL THEN case_id = $1::uuid
                                 ELSE engagement_id = $2::uuid END)");

int CountAttachments(db::Tx& tx, const AttachmentParent& parent) {
  return tx.Exec(kCount, parent.case_id, parent.engagement)[0][0].as<int>();
}

const filter::ListSpec& AttachmentList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("t.id", "attachments/{}").NotNull()},
                 {"type", filter::Enum<v1::AttachmentType>("t.type").NotNull()},
                 {"state", filter::Enum<v1::AttachmentState>("t.state").NotNull()},
                 {"scan_state", filter::Enum<v1::AttachmentScanState>("t.scan_state").NotNull()},
                 {"size_bytes", filter::Int("t.size_bytes").NotNull()},
                 {"create_time", filter::Timestamp("t.created_at").NotNull()},
                 {"store_time", filter::Timestamp("t.stored_at")}},
      .key = "name"};
  return *spec;
}

// As in kFind. A list has its values in braces.
void WhereReach(filter::ListQuery& query, const AttachmentReach& reach) {
  std::string cases = ReachSql("c", 1);
  for (int n = 1; n <= kReachParams; ++n) {
    cases = absl::StrReplaceAll(cases, {{absl::StrCat("$", n), "{}"}});
  }
  const auto word = [](bool value) { return std::string(value ? "t" : "f"); };
  std::vector<std::string> values;
  for (const db::Param& value : WithReach({}, reach.cases)) values.push_back(*value.text());
  values.insert(values.end(), {word(reach.firms.everywhere()), reach.firms.AsArray(),
                               word(reach.scans.everywhere()), reach.scans.AsArray()});
  query.Where(
      absl::StrCat("((t.case_id IS NOT NULL AND ", cases,
                   ") OR (t.case_id IS NULL AND ({}::boolean OR " CENTRE
                   " = ANY({}::uuid[]))) OR ({}::boolean OR " CENTRE " = ANY({}::uuid[])))"),
      values);
}

void WhereParent(filter::ListQuery& query, const AttachmentParent& parent) {
  const auto is = [&](const char* column, const std::optional<base::Uuid>& id) {
    if (id) query.Where(absl::StrCat(column, " = {}::uuid"), {id->ToString()});
  };
  is("t.case_id", parent.case_id);
  is("t.session_id", parent.session);
  is("t.plan_id", parent.plan);
  is("t.engagement_id", parent.engagement);
  is("t.application_id", parent.application);
}

filter::Cursor ListAttachments(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<AttachmentView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

const std::string kOfPersonSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE t.person_id = $1 ORDER BY t.id");
const db::Statement kOfPerson("attachment_of_person", kOfPersonSql.c_str());

std::vector<AttachmentView> AttachmentsOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<AttachmentView> views;
  for (const auto& row : tx.Exec(kOfPerson, person)) views.push_back(ViewFrom(row));
  return views;
}

const db::Statement kStale("attachment_stale", R"(
  SELECT id FROM attachment WHERE state = 1 AND created_at <= $1
  ORDER BY created_at, id LIMIT $2)");

std::vector<base::Uuid> StaleUploads(db::Tx& tx, absl::Time before, int limit) {
  return IdsIn(tx.Exec(kStale, before, limit));
}

const db::Statement kCountStale(
    "attachment_count_stale",
    "SELECT count(*) FROM attachment WHERE state = 1 AND created_at <= $1");

int64_t CountStaleUploads(db::Tx& tx, absl::Time before) {
  return tx.Exec(kCountStale, before)[0][0].as<int64_t>();
}

}  // namespace ieum::casemgmt
