#include "services/casemgmt/attachments/attachment_commands.h"

#include "ieum/casemgmt/v1/errors.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/attachments/attachment_events.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/forms/application_store.h"
#include "services/casemgmt/plans/plan_store.h"
#include "services/casemgmt/sessions/session_store.h"

namespace ieum::casemgmt {
namespace {

using ledger::Done;
using ledger::UnitOfWork;

Done DoneWith(const Attachment& attachment) {
  return {attachment.id, AttachmentName(attachment.id)};
}

absl::Status Erased() {
  return base::Forbidden(platform::v1::ERROR_REASON_PERSON_ERASED,
                         "the person's data were erased; nothing of hers is kept any more");
}

template <class Event>
Event Tell(UnitOfWork& work, const AttachmentView& view) {
  return EventOf<Event>(view.attachment, view.centre, work.now());
}

void Append(UnitOfWork& work, const Attachment& attachment,
            const google::protobuf::Message& event) {
  work.Append(attachment.id, kAttachmentKind, AttachmentName(attachment.id), event);
}

// Whose it will be: the parent as it stands, locked.
struct Belonging {
  AttachmentParent parent;
  std::optional<base::Uuid> person, centre;
};

absl::Status CheckPart(UnitOfWork& work, const AttachmentParent& parent) {
  const bool there =
      (!parent.session || FindSession(work.tx(), *parent.case_id, *parent.session)) &&
      (!parent.plan || FindPlan(work.tx(), *parent.case_id, *parent.plan));
  return there ? absl::OkStatus() : base::NotFound(ParentName(parent));
}

absl::StatusOr<Belonging> OfCase(UnitOfWork& work, const BeginAttachmentInput& input) {
  ASSIGN_OR_RETURN(const Case c, LoadCase(work, {.case_id = *input.parent.case_id,
                                                 .etag = {},
                                                 .reach = input.reach.cases,
                                                 .day = {}}));
  RETURN_IF_ERROR(NextState(c, CaseStep::kAttach).status());
  RETURN_IF_ERROR(CheckPart(work, input.parent));
  if (!c.person || WasErased(work.tx(), *c.person)) return Erased();
  return Belonging{.parent = input.parent, .person = c.person, .centre = c.centre};
}

absl::StatusOr<Belonging> OfFirm(UnitOfWork& work, const BeginAttachmentInput& input) {
  Belonging belonging{.parent = input.parent, .person = {}, .centre = {}};
  if (input.parent.application) {
    const auto form = FindApplication(work.tx(), input.reach.firms, *input.parent.application);
    if (!form) return base::NotFound(ParentName(input.parent));
    belonging.parent.engagement = form->engagement_id;
    belonging.centre = form->centre;
    return belonging;
  }
  const auto engagement = FindEngagement(work.tx(), input.reach.firms, *input.parent.engagement);
  if (!engagement) return base::NotFound(ParentName(input.parent));
  if (engagement->state == v1::ENGAGEMENT_STATE_DECLINED ||
      engagement->state == v1::ENGAGEMENT_STATE_DROPPED) {
    return base::Forbidden(v1::ERROR_REASON_ENGAGEMENT_STATE,
                           "the engagement was declined or dropped and takes no papers any more");
  }
  belonging.centre = engagement->centre;
  return belonging;
}

absl::Status CheckRoom(UnitOfWork& work, const AttachmentParent& parent) {
  if (CountAttachments(work.tx(), parent) < kAttachmentLimit) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ATTACHMENT_LIMIT,
                         "it has as many attachments as it can have; remove some");
}

absl::Status Seal(UnitOfWork& work, const db::PersonKeys& keys, const BeginAttachmentInput& input,
                  Attachment* attachment) {
  ASSIGN_OR_RETURN(const crypto::Key key, keys.GetOrCreate(work.tx(), attachment->key_id()));
  attachment->file_id = FileIdOf(AttachmentKeysOf(key), input.content.sha256);
  attachment->name_box = keys.vault().SealValue(key, kFileNameBox, input.file_name);
  attachment->hash_box = keys.vault().SealValue(key, kFileHashBox, input.content.sha256);
  return absl::OkStatus();
}

// Locks it and asks whether the step may be taken.
absl::StatusOr<AttachmentView> Load(UnitOfWork& work, const AttachmentInput& input,
                                    AttachmentStep step) {
  work.Lock({input.attachment_id});
  auto view = FindAttachment(work.tx(), input.reach, input.attachment_id);
  if (!view) return base::NotFound(AttachmentName(input.attachment_id));
  ASSIGN_OR_RETURN(view->attachment.state, NextState(view->attachment.state, step));
  RETURN_IF_ERROR(work.ExpectEtag(input.attachment_id, input.etag));
  return *std::move(view);
}

void Save(UnitOfWork& work, Attachment& attachment) {
  attachment.update_time = work.now();
  SaveAttachment(work.tx(), attachment);
}

// It is no upload any more: its pieces go, and its content unless it is kept.
void EndUpload(UnitOfWork& work, const Attachment& attachment) {
  DeletePieces(work.tx(), attachment.id);
  AskCleanup(work.tx(), {.attachment = attachment.id,
                         .file = attachment.file_id,
                         .version = work.Version(attachment.id),
                         .asked = work.now()});
}

}  // namespace

absl::StatusOr<Done> BeginAttachment(UnitOfWork& work, const db::PersonKeys& keys,
                                     const BeginAttachmentInput& input) {
  Attachment attachment;
  attachment.id = input.attachment_id.value_or(work.DeriveId("attachment"));
  const AttachmentParent& parent = input.parent;
  work.Lock({attachment.id, parent.case_id       ? *parent.case_id
                            : parent.application ? *parent.application
                                                 : *parent.engagement});
  ASSIGN_OR_RETURN(const Belonging belonging,
                   parent.case_id ? OfCase(work, input) : OfFirm(work, input));
  RETURN_IF_ERROR(CheckRoom(work, belonging.parent));
  attachment.parent = belonging.parent;
  attachment.person = belonging.person;
  attachment.type = input.content.type;
  attachment.size_bytes = input.content.size_bytes;
  attachment.create_time = work.now();
  if (work.Version(attachment.id) > 0) {
    return base::AlreadyExists("ID_TAKEN", "there is something with this id; choose another");
  }
  RETURN_IF_ERROR(Seal(work, keys, input, &attachment));
  // A file of the same content may be about to be deleted: from here on it is needed.
  HoldFile(work.tx(), attachment.file_id);
  if (!InsertAttachment(work.tx(), attachment)) {
    return base::AlreadyExists("ID_TAKEN", "there is an attachment with this id; choose another");
  }
  Append(work, attachment, EventOf<v1::AttachmentBegun>(attachment, belonging.centre, work.now()));
  return DoneWith(attachment);
}

absl::StatusOr<Done> RecordPiece(UnitOfWork& work, const AttachmentInput& input,
                                 const AttachmentPiece& piece) {
  ASSIGN_OR_RETURN(const AttachmentView view, Load(work, input, AttachmentStep::kUpload));
  for (const AttachmentPiece& known : PiecesOf(work.tx(), view.attachment.id)) {
    if (known.number != piece.number) continue;
    if (known.digest == piece.digest) return DoneWith(view.attachment);
    return base::AlreadyExists(v1::ERROR_REASON_ATTACHMENT_CHUNK_DIFFERS,
                               "other bytes came there before; remove the attachment and upload "
                               "the file anew");
  }
  // The attachment is locked, so nobody comes between the look and this.
  InsertPiece(work.tx(), view.attachment.id, piece);
  return DoneWith(view.attachment);
}

absl::StatusOr<Done> FinishAttachment(UnitOfWork& work, const AttachmentInput& input) {
  ASSIGN_OR_RETURN(AttachmentView view, Load(work, input, AttachmentStep::kFinish));
  view.attachment.store_time = work.now();
  Save(work, view.attachment);
  EndUpload(work, view.attachment);
  Append(work, view.attachment, Tell<v1::AttachmentStored>(work, view));
  return DoneWith(view.attachment);
}

absl::StatusOr<Done> RecordScan(UnitOfWork& work, const db::PersonKeys& keys,
                                const AttachmentInput& input, const ScanInput& scan) {
  if (scan.result != v1::ATTACHMENT_SCAN_STATE_CLEAN &&
      scan.result != v1::ATTACHMENT_SCAN_STATE_INFECTED) {
    return base::InvalidField("INVALID_FIELD", "result", "must be CLEAN or INFECTED");
  }
  ASSIGN_OR_RETURN(AttachmentView view, Load(work, input, AttachmentStep::kScan));
  Attachment& attachment = view.attachment;
  ASSIGN_OR_RETURN(const crypto::Key key, keys.Get(work.tx(), attachment.key_id()));
  ASSIGN_OR_RETURN(const std::string sha256,
                   keys.vault().OpenValue(key, kFileHashBox, attachment.hash_box));
  if (sha256 != scan.sha256) {
    return base::Forbidden(v1::ERROR_REASON_ATTACHMENT_HASH,
                           "something else was scanned; download the attachment and scan that");
  }
  attachment.scan_state = scan.result;
  attachment.scanner = scan.scanner;
  attachment.scan_time = work.now();
  Save(work, attachment);
  Append(work, attachment, Tell<v1::AttachmentScanned>(work, view));
  return DoneWith(attachment);
}

absl::StatusOr<Done> RemoveAttachment(UnitOfWork& work, const AttachmentInput& input,
                                      v1::AttachmentRemovalReason reason) {
  ASSIGN_OR_RETURN(AttachmentView view, Load(work, input, AttachmentStep::kRemove));
  view.attachment.removal_reason = reason;
  Save(work, view.attachment);
  EndUpload(work, view.attachment);
  auto event = Tell<v1::AttachmentRemoved>(work, view);
  event.set_reason(reason);
  Append(work, view.attachment, event);
  return DoneWith(view.attachment);
}

absl::StatusOr<Done> AbandonUpload(UnitOfWork& work, const base::Uuid& id) {
  work.Lock({id});
  auto view = FindAttachment(work.tx(), AttachmentReach::Everything(), id);
  if (!view) return base::NotFound(AttachmentName(id));
  if (view->attachment.state != v1::ATTACHMENT_STATE_UPLOADING) return DoneWith(view->attachment);
  ASSIGN_OR_RETURN(view->attachment.state,
                   NextState(view->attachment.state, AttachmentStep::kAbandon));
  Save(work, view->attachment);
  EndUpload(work, view->attachment);
  Append(work, view->attachment, Tell<v1::AttachmentAbandoned>(work, *view));
  return DoneWith(view->attachment);
}

std::vector<base::Uuid> AttachmentsTouched(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const AttachmentView& view : AttachmentsOf(tx, person)) ids.push_back(view.attachment.id);
  return ids;
}

absl::Status ForgetAttachmentsOf(UnitOfWork& work, const base::Uuid& person) {
  for (AttachmentView& view : AttachmentsOf(work.tx(), person)) {
    Attachment& attachment = view.attachment;
    ASSIGN_OR_RETURN(attachment.state, NextState(attachment.state, AttachmentStep::kErase));
    attachment.person.reset();
    attachment.name_box.clear();
    attachment.hash_box.clear();
    Save(work, attachment);
    EndUpload(work, attachment);
    Append(work, attachment, Tell<v1::AttachmentErased>(work, view));
  }
  return absl::OkStatus();
}

absl::StatusOr<Done> CleanUp(UnitOfWork& work, const AttachmentFiles& files,
                             const Cleanup& cleanup) {
  work.Lock({cleanup.attachment});
  TakeFile(work.tx(), cleanup.file);
  if (!Unneeded(work.tx(), {cleanup.file}).empty()) {
    RETURN_IF_ERROR(files.DeleteFile(cleanup.file));
    IEUM_FAILPOINT("attachment.cleanup_deleted");
  }
  RETURN_IF_ERROR(files.DeletePieces(cleanup.attachment));
  DeleteCleanup(work.tx(), cleanup.attachment);
  return Done{cleanup.attachment, AttachmentName(cleanup.attachment)};
}

absl::StatusOr<Done> SweepFile(UnitOfWork& work, const AttachmentFiles& files,
                               const base::Uuid& file) {
  work.Lock({file});  // an answer is about something that was locked
  TakeFile(work.tx(), file);
  if (!Unneeded(work.tx(), {file}).empty()) RETURN_IF_ERROR(files.DeleteFile(file));
  return Done{file, AttachmentName(file)};
}

}  // namespace ieum::casemgmt
