#include "platform/personal_data/accesses.h"

namespace ieum::personal_data {
namespace {

// In the order of time: an export's own calls come last.
#define ACCESSES(seen)                                                                           \
  "SELECT to_char(l.at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || '/' || l.writer || '/' || "  \
  "l.number AS key, NULL::uuid AS centre_id, " seen                                              \
  " AS seen, l.at AS recorded_at, NULL::timestamptz AS from_at, NULL::timestamptz AS until_at, " \
  "l.account, l.action, l.outcome, l.reason, l.emergency "                                       \
  "FROM access_log l WHERE l.subjects @> ARRAY['persons/' || $1::uuid]"

const db::Statement kOfKept("held_accesses_kept",
                            ACCESSES("($2::boolean OR $3::uuid[] IS NOT NULL)"));
const db::Statement kOfSuite("held_accesses_suite",
                             ACCESSES("($2::boolean AND $3::uuid[] IS NOT NULL)"));

Held Accesses(const db::Statement* statement) {
  return {.code = "accesses",
          .label = "개인정보 접속기록",
          .purpose = "누가 언제 개인정보를 처리하였는지 확인",
          .basis = "개인정보의 안전성 확보조치 기준 제8조",
          .retention = "2년 이상",
          .statement = statement,
          .columns = {Role("role", "처리한 사람의 역할"), Text("action", "수행한 업무"),
                      Text("outcome", "결과"), Text("reason", "사유"),
                      Text("emergency", "긴급 열람 여부")},
          .places = {},
          .grows_when_asked = true};
}

}  // namespace

Held AccessesOfWhomTheServiceKeeps() { return Accesses(&kOfKept); }

Held AccessesForTheSuite() { return Accesses(&kOfSuite); }

}  // namespace ieum::personal_data
