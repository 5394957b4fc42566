// What was done with her record: merges, holds, imports, requests.
#include "ieum/registry/v1/change_service.pb.h"
#include "ieum/registry/v1/data_export_types.pb.h"
#include "ieum/registry/v1/duplicate_service.pb.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "ieum/registry/v1/move_types.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/personal_data/accesses.h"
#include "services/registry/exports/held_columns.h"
#include "services/registry/exports/holdings.h"

namespace ieum::registry {
namespace {

using personal_data::Held;
using personal_data::Role;
using personal_data::Sealed;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "개인정보의 정확성, 보존 및 열람 관리",
                                       .basis = "개인정보 보호법 제21조, 제29조, 제35조",
                                       .retention = "기록된 날부터 5년"};

// Of the two records of a merge each is told its own part.
const db::Statement kMerges(
    "held_merges",
    HELD(ORDERED("m.seq"), "m.centre_id", "m.created_at", "m.created_at", "m.undone_at")
        R"(CASE WHEN m.survivor_id = $1 THEN '남은 기록' ELSE '합쳐진 기록' END,
         m.state, array_to_string(m.taken_fields, ', '), m.reason, m.undo_reason, m.merger
  FROM person_merge m WHERE $1 IN (m.survivor_id, m.duplicate_id))");

const db::Statement kPairs("held_duplicate_pairs",
                           HELD("d.id", "p.centre_id", "d.created_at", "d.created_at",
                                "d.decided_at") R"(d.score, d.matched, d.state, d.decider
  FROM duplicate_pair d JOIN person p ON p.id = $1
  WHERE $1 IN (d.person_id, d.other_person_id))");

const db::Statement kHolds("held_legal_holds",
                           HELD("h.id", "h.centre_id", "h.placed_at", "h.placed_at",
                                "h.released_at")
                               R"(h.reason, h.end_date, h.release_reason, h.placer
  FROM legal_hold h WHERE h.person_id = $1)");

const db::Statement kImports("held_imports",
                             HELD("r.import_id || '/' || " ORDERED("r.number"), "j.centre_id",
                                  "j.created_at", "j.created_at", "NULL")
                                 R"(j.source, r.number, r.outcome, r.field, r.error_reason
  FROM import_row r JOIN import_job j ON j.id = r.import_id WHERE r.person_id = $1)");

const db::Statement kRequests(
    "held_data_exports",
    HELD("x.id", "p.centre_id", "x.created_at", DAY("x.received_date"), "x.settled_at")
        R"(x.applicant, x.channel, x.received_date, x.due_date, x.outcome, x.file_hash
  FROM data_export x JOIN person p ON p.id = x.person_id WHERE x.person_id = $1)");

// What was wanted changed stands sealed beside what it was.
const db::Statement kChanges(
    "held_changes",
    HELD("c.id", "c.centre_id", "c.created_at", "c.created_at", "c.decided_at")
        R"(array_to_string(c.fields, ', '), c.state, c.reason, c.before_box, c.after_box,
         c.requester, c.decider, c.decide_reason
  FROM change_request c WHERE c.person_id = $1)");

const db::Statement kMoves(
    "held_moves", HELD("v.id", "p.centre_id", "v.created_at", "v.created_at", "v.decided_at")
                      R"(v.kind, f.display_name, t.display_name, v.state, v.basis, v.reason,
         array_to_string(v.items, ', '), v.decision_reason, v.requester, v.decider
  FROM ownership_move v JOIN person p ON p.id = v.person_id
  LEFT JOIN organization f ON f.id = v.from_centre_id
  JOIN organization t ON t.id = v.to_centre_id WHERE v.person_id = $1)");

}  // namespace

std::vector<Held> HeldOfRecords() {
  return {
      kGround.Of("merges", "기록 병합", &kMerges,
                 {Text("side", "구분"), Word<v1::MergeState>("state", "상태"),
                  Text("taken_fields", "옮겨진 항목"), Text("reason", "사유"),
                  Text("undo_reason", "취소 사유"), Role("merger", "처리한 사람의 역할")},
                 {"person_merge.duplicate_id"}),
      kGround.Of(
          "duplicate_pairs", "중복 의심 검토", &kPairs,
          {Text("score", "유사도"), Word<v1::MatchField>("matched", "일치 항목"),
           Word<v1::DuplicatePairState>("state", "상태"), Role("decider", "판단한 사람의 역할")},
          {"duplicate_pair.person_id", "duplicate_pair.other_person_id"}),
      kGround.Of("legal_holds", "파기 보류", &kHolds,
                 {Text("reason", "사유"), Text("end_date", "종료일"),
                  Text("release_reason", "해제 사유"), Role("placer", "처리한 사람의 역할")},
                 {"legal_hold.person_id"}),
      kGround.Of(
          "imports", "일괄 등록", &kImports,
          {Text("source", "출처"), Text("row", "행"), Word<v1::ImportOutcome>("outcome", "결과"),
           Text("field", "항목"), Text("error_reason", "거절 사유")},
          {"import_row.person_id"}),
      kGround.Of("data_exports", "열람 요구", &kRequests,
                 {Word<v1::DataExportApplicant>("applicant", "요구한 사람"),
                  Word<v1::DataExportChannel>("channel", "방법"), Text("received_date", "접수일"),
                  Text("due_date", "기한"), Word<v1::DataExportOutcome>("outcome", "결과"),
                  Text("file_hash", "제공 파일 해시")},
                 {"data_export.person_id"}),
      kGround.Of("changes", "변경 요청", &kChanges,
                 {Text("fields", "항목"), Word<v1::ChangeState>("state", "상태"),
                  Text("reason", "사유"), Sealed("change_before", "변경 전"),
                  Sealed("change_after", "변경 후"), Role("requester", "요청한 사람의 역할"),
                  Role("decider", "결정한 사람의 역할"), Text("decide_reason", "결정 사유")},
                 {"change_request.person_id"}),
      kGround.Of(
          "moves", "다른 센터로의 이관", &kMoves,
          {Word<v1::MoveKind>("kind", "종류"), Text("from", "보내는 센터"), Text("to", "받는 센터"),
           Word<v1::MoveState>("state", "상태"), Word<v1::MoveBasis>("basis", "근거"),
           Text("reason", "사유"), Text("items", "항목"), Text("decision_reason", "결정 사유"),
           Role("requester", "요청한 사람의 역할"), Role("decider", "결정한 사람의 역할")},
          {"ownership_move.person_id"}),
      personal_data::AccessesOfWhomTheServiceKeeps(),
  };
}

}  // namespace ieum::registry
