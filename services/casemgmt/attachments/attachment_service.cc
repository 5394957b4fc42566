#include "services/casemgmt/attachments/attachment_service.h"

#include <algorithm>

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "services/casemgmt/attachments/attachment_commands.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

// By role and not by permission: whoever may do everything else here does not read what is
// infected.
constexpr char kScannerRole[] = "attachment_scanner";

base::Scope ScansOf(const rpc::Call& call) {
  std::vector<std::string> centres;
  for (const rpc::Grant& grant : call.identity().grants) {
    if (grant.role != kScannerRole) continue;
    if (grant.centre == rpc::kEverywhere) return base::Scope::Everywhere();
    if (const auto id = base::Uuid::Parse(grant.centre)) centres.push_back(id->ToString());
  }
  return base::Scope::Of(std::move(centres));
}

AttachmentReach AttachmentReachOf(const rpc::Call& call) {
  return {.cases = ReachOf(call), .firms = call.scope(), .scans = ScansOf(call)};
}

template <class Request>
absl::StatusOr<AttachmentInput> InputOf(const rpc::Call& call, const Request& request) {
  AttachmentInput input{
      .attachment_id = {}, .etag = request.etag(), .reach = AttachmentReachOf(call)};
  ASSIGN_OR_RETURN(input.attachment_id, IdIn("attachments", request.name(), "name"));
  return input;
}

absl::StatusOr<BeginAttachmentInput> BeginIn(const rpc::Call& call,
                                             const v1::CreateAttachmentRequest& request,
                                             int64_t max_bytes) {
  const v1::Attachment& wire = request.attachment();
  BeginAttachmentInput input{
      .attachment_id = {},
      .parent = {},
      .reach = AttachmentReachOf(call),
      .file_name = wire.file_name(),
      .content = {.sha256 = wire.sha256(), .size_bytes = wire.size_bytes(), .type = wire.type()}};
  ASSIGN_OR_RETURN(input.attachment_id, ChosenId(request.attachment_id(), "attachment_id"));
  ASSIGN_OR_RETURN(input.parent, ParentIn(wire.parent(), "attachment.parent"));
  RETURN_IF_ERROR(CheckFileName(wire.file_name(), "attachment.file_name"));
  RETURN_IF_ERROR(CheckSize(wire.size_bytes(), max_bytes, "attachment.size_bytes"));
  return input;
}

bool IsUploading(const Attachment& attachment) {
  return attachment.state == v1::ATTACHMENT_STATE_UPLOADING;
}

std::vector<int> NumbersOf(const std::vector<AttachmentPiece>& pieces) {
  std::vector<int> numbers;
  for (const AttachmentPiece& piece : pieces) numbers.push_back(piece.number);
  return numbers;
}

bool Has(const std::vector<AttachmentPiece>& pieces, int number) {
  return std::any_of(pieces.begin(), pieces.end(),
                     [&](const AttachmentPiece& piece) { return piece.number == number; });
}

}  // namespace

AttachmentContent AttachmentDoor::Readable::content() const {
  const Attachment& attachment = opened.view.attachment;
  return {.sha256 = opened.sha256, .size_bytes = attachment.size_bytes, .type = attachment.type};
}

void AttachmentDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.AttachmentService");
  routes.Unary("CreateAttachment", this, &AttachmentDoor::Create);
  routes.Unary("UploadAttachmentChunk", this, &AttachmentDoor::Upload);
  routes.Unary("FinishAttachment", this, &AttachmentDoor::Finish);
  routes.Unary("GetAttachment", this, &AttachmentDoor::Get);
  routes.Unary("ListAttachments", this, &AttachmentDoor::List);
  routes.Unary("DownloadAttachment", this, &AttachmentDoor::Download);
  routes.Unary("RecordAttachmentScan", this, &AttachmentDoor::Scan);
  routes.Unary("RemoveAttachment", this, &AttachmentDoor::Remove);
}

absl::StatusOr<std::vector<OpenedAttachment>> AttachmentDoor::Open(
    db::Tx& tx, std::vector<AttachmentView> views) const {
  std::vector<base::Uuid> owners;
  for (const AttachmentView& view : views) {
    if (view.attachment.sealed()) owners.push_back(view.attachment.key_id());
  }
  const auto keys = keys_.GetAll(tx, owners);
  std::vector<OpenedAttachment> all;
  for (AttachmentView& view : views) {
    OpenedAttachment opened{.view = std::move(view), .file_name = {}, .sha256 = {}};
    const Attachment& attachment = opened.view.attachment;
    if (attachment.sealed()) {
      ASSIGN_OR_RETURN(const crypto::Key key, keys.at(attachment.key_id()));
      ASSIGN_OR_RETURN(opened.file_name,
                       keys_.vault().OpenValue(key, kFileNameBox, attachment.name_box));
      ASSIGN_OR_RETURN(opened.sha256,
                       keys_.vault().OpenValue(key, kFileHashBox, attachment.hash_box));
    }
    all.push_back(std::move(opened));
  }
  return all;
}

absl::StatusOr<v1::Attachment> AttachmentDoor::Read(const Call& call, const base::Uuid& id) {
  v1::Attachment wire;
  RETURN_IF_ERROR(database_.Read("attachment_get", [&](db::Tx& tx) -> absl::Status {
    const auto view = FindAttachment(tx, AttachmentReachOf(call), id);
    if (!view) return base::NotFound(AttachmentName(id));
    ASSIGN_OR_RETURN(const auto opened, Open(tx, {*view}));
    wire = ToWire(opened.front());
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<AttachmentDoor::Readable> AttachmentDoor::ReadToOpen(const Call& call,
                                                                    const base::Uuid& id) {
  Readable readable;
  RETURN_IF_ERROR(database_.Read("attachment_open", [&](db::Tx& tx) -> absl::Status {
    const auto view = FindAttachment(tx, AttachmentReachOf(call), id);
    if (!view) return base::NotFound(AttachmentName(id));
    ASSIGN_OR_RETURN(const auto opened, Open(tx, {*view}));
    readable.opened = opened.front();
    readable.pieces = PiecesOf(tx, id);
    if (!view->attachment.sealed()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const crypto::Key key, keys_.Get(tx, view->attachment.key_id()));
    readable.keys = AttachmentKeysOf(key);
    return absl::OkStatus();
  }));
  return readable;
}

absl::StatusOr<v1::Attachment> AttachmentDoor::Write(Call& call,
                                                     const google::protobuf::Message& request,
                                                     const base::Uuid& id,
                                                     ledger::Ledger::UseCase use_case) {
  RETURN_IF_ERROR(call.Write(ledger_, request, use_case).status());
  return Read(call, id);
}

absl::StatusOr<v1::Attachment> AttachmentDoor::Create(Call& call,
                                                      const v1::CreateAttachmentRequest& request) {
  ASSIGN_OR_RETURN(const BeginAttachmentInput input, BeginIn(call, request, settings_.max_bytes));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return BeginAttachment(work, keys_, input);
  }));
  if (request.validate_only()) {
    v1::Attachment rehearsed = request.attachment();
    rehearsed.set_name(answer.name);
    rehearsed.set_state(v1::ATTACHMENT_STATE_UPLOADING);
    rehearsed.set_scan_state(v1::ATTACHMENT_SCAN_STATE_UNSCANNED);
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("attachments", answer.name, "name"));
  return Read(call, id);
}

// The bytes go to the disk before the row; what an upload that ended has to say, its row says.
absl::StatusOr<v1::Attachment> AttachmentDoor::Upload(
    Call& call, const v1::UploadAttachmentChunkRequest& request) {
  ASSIGN_OR_RETURN(const AttachmentInput input, InputOf(call, request));
  ASSIGN_OR_RETURN(const Readable readable, ReadToOpen(call, input.attachment_id));
  const AttachmentContent content = readable.content();
  AttachmentPiece piece;
  if (IsUploading(readable.opened.view.attachment)) {
    ASSIGN_OR_RETURN(piece.number, ChunkAt(content.size_bytes, request.offset(),
                                           static_cast<int64_t>(request.content().size())));
    piece.digest = DigestOf(readable.keys, request.content());
    // One that came is on the disk, whether it is the same or another one.
    if (!Has(readable.pieces, piece.number)) {
      RETURN_IF_ERROR(
          KeepPiece(files_, readable.keys, input.attachment_id, content, piece, request.content()));
    }
  }
  return Write(call, request, input.attachment_id,
               [&](UnitOfWork& work) { return RecordPiece(work, input, piece); });
}

absl::StatusOr<v1::Attachment> AttachmentDoor::Finish(Call& call,
                                                      const v1::FinishAttachmentRequest& request) {
  ASSIGN_OR_RETURN(const AttachmentInput input, InputOf(call, request));
  ASSIGN_OR_RETURN(const Readable readable, ReadToOpen(call, input.attachment_id));
  if (IsUploading(readable.opened.view.attachment)) {
    const AttachmentContent content = readable.content();
    RETURN_IF_ERROR(CheckComplete(content.size_bytes, NumbersOf(readable.pieces)));
    RETURN_IF_ERROR(
        KeepWhole(files_, readable.keys, input.attachment_id, content, readable.pieces));
  }
  return Write(call, request, input.attachment_id,
               [&](UnitOfWork& work) { return FinishAttachment(work, input); });
}

absl::StatusOr<v1::Attachment> AttachmentDoor::Get(Call& call,
                                                   const v1::GetAttachmentRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("attachments", request.name(), "name"));
  return Read(call, id);
}

absl::StatusOr<v1::ListAttachmentsResponse> AttachmentDoor::List(
    Call& call, const v1::ListAttachmentsRequest& request) {
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, AttachmentList(), page_key_));
  WhereReach(query, AttachmentReachOf(call));
  if (!request.parent().empty()) {
    ASSIGN_OR_RETURN(const AttachmentParent parent, ParentIn(request.parent(), "parent"));
    WhereParent(query, parent);
  }
  v1::ListAttachmentsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("attachment_list", [&](db::Tx& tx) -> absl::Status {
    response.Clear();
    std::vector<AttachmentView> views;
    next = casemgmt::ListAttachments(tx, query, &views);
    ASSIGN_OR_RETURN(const auto opened, Open(tx, std::move(views)));
    for (const OpenedAttachment& each : opened) *response.add_attachments() = ToWire(each);
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::DownloadAttachmentResponse> AttachmentDoor::Download(
    Call& call, const v1::DownloadAttachmentRequest& request) {
  RETURN_IF_ERROR(CheckAccessReason(request.access_reason(), "access_reason"));
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("attachments", request.name(), "name"));
  ASSIGN_OR_RETURN(const Readable readable, ReadToOpen(call, id));
  const AttachmentView& view = readable.opened.view;
  RETURN_IF_ERROR(NextState(view.attachment.state, AttachmentStep::kRead).status());
  RETURN_IF_ERROR(
      CheckClean(view.attachment.scan_state, view.scanner_reaches, settings_.read_unscanned));
  const int64_t wanted = request.max_bytes() == 0 ? kMaxRangeBytes : request.max_bytes();
  v1::DownloadAttachmentResponse response;
  ASSIGN_OR_RETURN(*response.mutable_content(),
                   ReadRange(files_, readable.keys, view.attachment.file_id, readable.content(),
                             request.offset(), std::min(wanted, kMaxRangeBytes)));
  response.set_size_bytes(view.attachment.size_bytes);
  response.set_sha256(readable.opened.sha256);
  response.set_type(view.attachment.type);
  response.set_person(NameIn("persons", view.attachment.person));
  return response;
}

absl::StatusOr<v1::Attachment> AttachmentDoor::Scan(
    Call& call, const v1::RecordAttachmentScanRequest& request) {
  ASSIGN_OR_RETURN(const AttachmentInput input, InputOf(call, request));
  const ScanInput scan{
      .result = request.result(), .sha256 = request.sha256(), .scanner = request.scanner()};
  return Write(call, request, input.attachment_id,
               [&](UnitOfWork& work) { return RecordScan(work, keys_, input, scan); });
}

absl::StatusOr<v1::Attachment> AttachmentDoor::Remove(Call& call,
                                                      const v1::RemoveAttachmentRequest& request) {
  ASSIGN_OR_RETURN(const AttachmentInput input, InputOf(call, request));
  return Write(call, request, input.attachment_id,
               [&](UnitOfWork& work) { return RemoveAttachment(work, input, request.reason()); });
}

}  // namespace ieum::casemgmt
