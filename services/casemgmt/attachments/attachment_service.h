// The gRPC door of attachments.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/attachment_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/vault.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/attachments/attachment_files.h"
#include "services/casemgmt/attachments/attachment_settings.h"
#include "services/casemgmt/attachments/attachment_wire.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class AttachmentDoor {
 public:
  AttachmentDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key,
                 const crypto::Vault& vault, const AttachmentFiles& files,
                 const AttachmentSettings& settings)
      : database_(database),
        ledger_(ledger),
        page_key_(page_key),
        keys_(vault),
        files_(files),
        settings_(settings) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  // With what its bytes are opened.
  struct Readable {
    OpenedAttachment opened;
    AttachmentKeys keys;
    std::vector<AttachmentPiece> pieces;

    AttachmentContent content() const;
  };

  absl::StatusOr<v1::Attachment> Create(Call&, const v1::CreateAttachmentRequest&);
  absl::StatusOr<v1::Attachment> Upload(Call&, const v1::UploadAttachmentChunkRequest&);
  absl::StatusOr<v1::Attachment> Finish(Call&, const v1::FinishAttachmentRequest&);
  absl::StatusOr<v1::Attachment> Get(Call&, const v1::GetAttachmentRequest&);
  absl::StatusOr<v1::ListAttachmentsResponse> List(Call&, const v1::ListAttachmentsRequest&);
  absl::StatusOr<v1::DownloadAttachmentResponse> Download(Call&,
                                                          const v1::DownloadAttachmentRequest&);
  absl::StatusOr<v1::Attachment> Scan(Call&, const v1::RecordAttachmentScanRequest&);
  absl::StatusOr<v1::Attachment> Remove(Call&, const v1::RemoveAttachmentRequest&);

  absl::StatusOr<std::vector<OpenedAttachment>> Open(db::Tx& tx,
                                                     std::vector<AttachmentView> views) const;
  absl::StatusOr<v1::Attachment> Read(const Call& call, const base::Uuid& id);
  // NOT_FOUND; PERSON_ERASED when the key was destroyed.
  absl::StatusOr<Readable> ReadToOpen(const Call& call, const base::Uuid& id);
  // Runs the use case and answers with what it made.
  absl::StatusOr<v1::Attachment> Write(Call& call, const google::protobuf::Message& request,
                                       const base::Uuid& id, ledger::Ledger::UseCase use_case);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
  const db::PersonKeys keys_;
  const AttachmentFiles& files_;
  const AttachmentSettings settings_;
};

}  // namespace ieum::casemgmt
