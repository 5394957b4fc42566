#include "ieum/casemgmt/v1/types.pb.h"
#include "services/casemgmt/exports/held_attachments.h"
#include "services/casemgmt/exports/held_columns.h"

namespace ieum::casemgmt {
namespace {

using personal_data::Held;
using personal_data::Sealed;
using personal_data::Text;
using personal_data::Word;

const personal_data::Ground kGround = {.purpose = "통합사례관리 첨부 서류",
                                       .basis = "개인정보 보호법 제15조 제1항, 제23조 제1항",
                                       .retention = "종결 후 5년(공공기록물법 시행령 제26조)"};

// Their contents are handed over as files: DownloadAttachment, by the key of the row.
const db::Statement kAttachments("held_attachments",
                                 HELD("t.id", "c.", "t.created_at", "t.created_at")
                                     R"(t.file_name, t.type, t.size_bytes, t.state, t.scan_state,
         t.stored_at
  FROM attachment t JOIN casefile c ON c.id = t.case_id WHERE t.person_id = $1)");

}  // namespace

std::vector<Held> HeldOfAttachments() {
  return {
      kGround.Of("attachments", "첨부 서류", &kAttachments,
                 {Sealed("file_name", "파일 이름"), Word<v1::AttachmentType>("type", "종류"),
                  Text("size_bytes", "크기(바이트)"), Word<v1::AttachmentState>("state", "상태"),
                  Word<v1::AttachmentScanState>("scan_state", "악성코드 검사"),
                  Text("stored_at", "보관 시각")},
                 {"attachment.person_id"})};
}

}  // namespace ieum::casemgmt
