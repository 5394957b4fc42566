#include "platform/personal_data/accesses.h"
#include "services/reporting/exports/holdings.h"

namespace ieum::reporting {
namespace {

using personal_data::Text;

// No index leads from a person to facts, because no figure asks so: all of them are read. It is
// done for one person at a time, a few times a month.
const db::Statement kFacts("held_facts", R"(
  SELECT f.type || '/' || coalesce(f.centre_id::text, '') AS key, f.centre_id,
         ($2::boolean OR f.centre_id = ANY($3::uuid[])) AS seen,
         max(f.occurred_at) AS recorded_at, min(f.occurred_at) AS from_at,
         max(f.occurred_at) AS until_at, f.type, count(*),
         '값 없음: 식별번호만 통계에 쓰입니다'
  FROM fact f
  WHERE f.generation = (SELECT l.generation FROM projection_live l)
    AND strpos(f.fields::text, $1::uuid::text) > 0
  GROUP BY f.type, f.centre_id)");

}  // namespace

personal_data::Holdings HeldByReporting() {
  return {.kinds = {{.code = "facts",
                     .label = "통계에 쓰인 사실",
                     .purpose = "성과 지표의 집계와 설명",
                     .basis = "개인정보 보호법 제15조 제1항, 제28조의2",
                     .retention = "사업 종료 후 5년",
                     .statement = &kFacts,
                     .columns = {Text("type", "사실의 종류"), Text("count", "건수"),
                                 Text("value", "값")},
                     .places = {"fact.fields"}},
                    personal_data::AccessesForTheSuite()},
          .silences = {{"person_erasure.person_id",
                        "of who was erased; the proof is told instead of records"},
                       {"person_key.person_id", "a key, under which nothing is sealed here"},
                       {"person_key_apart.person_id", "a key, of which there is none here"}}};
}

}  // namespace ieum::reporting
