// What a firm asks of registry for its contact, and with a file of further firms.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "tests/faults/business_number.h"
#include "tests/faults/firm_case.h"

namespace ieum::faults {
namespace {

namespace r = registry::v1;

constexpr double kFileShare = 0.15;  // of firms with a file
constexpr int kFirmsOfAFile = 4;     // a command that makes more events is not judged whole

template <class Response, class Request>
Command Registry(std::string_view method, Request request, std::string aggregate) {
  return CommandOf<Response>("registry", method, std::move(request), std::move(aggregate));
}

}  // namespace

Command FirmCase::Beside() {
  switch (phase_) {
    case Phase::kSayYes:
      return SayYes();
    case Phase::kTakeBack:
      return TakeBack();
    case Phase::kDouble:
      return Double();
    case Phase::kMerge:
      return Merge();
    case Phase::kUndo:
      return Undo();
    case Phase::kFile:
      return File();
    case Phase::kRows:
      return Rows();
    case Phase::kFileEnd:
      return FileEnd();
    default:
      return Erase();
  }
}

FirmCase::Phase FirmCase::AfterMerges() {
  if (dice_.Chance(kFileShare)) return Phase::kFile;
  return way_ == Way::kHand ? Phase::kEnrol : Phase::kOpen;
}

Command FirmCase::SayYes() {
  next_ = dice_.Chance(0.4) ? Phase::kTakeBack : Phase::kDouble;
  r::RecordConsentRequest request;
  request.set_parent("persons/" + person_);
  r::Consent& consent = *request.mutable_consent();
  consent.set_purpose(r::CONSENT_PURPOSE_ADVERTISING);
  consent.set_state(r::CONSENT_STATE_GIVEN);
  consent.set_consent_text(paper_);
  consent.set_channel(r::CONSENT_CHANNEL_WEB);
  consent.mutable_decide_time()->set_seconds(1675645200);  // when the load begins, at the earliest
  return Registry<r::Consent>("ConsentService/RecordConsent", request, person_);
}

Command FirmCase::TakeBack() {
  next_ = else_ = Phase::kDouble;
  r::WithdrawConsentsRequest request;
  request.set_parent("persons/" + person_);
  request.set_channel(r::CONSENT_CHANNEL_PHONE);
  return Registry<r::WithdrawConsentsResponse>("ConsentService/WithdrawConsents", request, person_);
}

// The same person entered once more.
Command FirmCase::Double() {
  next_ = Phase::kMerge;
  r::CreatePersonRequest request;
  request.set_person_id(double_);
  auto* person = request.mutable_person();
  person->set_full_name(absl::StrCat("담당자 ", MarkOf(number_), " ", number_));
  person->set_basis(r::LEGAL_BASIS_CONTRACT);
  person->set_email(absl::StrCat("other@f", number_, ".firms.test"));
  return Registry<r::Person>("PersonService/CreatePerson", request, double_);
}

Command FirmCase::Merge() {
  else_ = AfterMerges();
  next_ = dice_.Chance(0.5) ? Phase::kUndo : else_;
  r::MergePersonsRequest request;
  request.set_survivor("persons/" + person_);
  request.set_duplicate("persons/" + double_);
  request.set_reason("같은 담당자");
  if (dice_.Chance(0.5)) request.add_taken_fields("email");
  return Registry<r::Merge>("MergeService/MergePersons", request, person_);
}

Command FirmCase::Undo() {
  next_ = else_ = AfterMerges();
  r::UndoMergeRequest request;
  request.set_name(merge_);
  request.set_reason("다른 사람");
  return Registry<r::Merge>("MergeService/UndoMerge", request, person_);
}

Command FirmCase::File() {
  next_ = Phase::kRows;
  r::CreateImportRequest request;
  request.set_import_id(file_);
  r::Import& import = *request.mutable_import();
  import.set_kind(r::IMPORT_KIND_FIRMS);
  import.set_duplicate_policy(r::DUPLICATE_POLICY_LINK);
  import.set_source(absl::StrCat(MarkOf(number_), ".csv"));
  import.set_content_hash(absl::StrFormat("%064x", number_));
  return Registry<r::Import>("ImportService/CreateImport", request, file_);
}

Command FirmCase::Rows() {
  next_ = Phase::kFileEnd;
  r::UploadImportRowsRequest request;
  request.set_parent("imports/" + file_);
  request.set_chunk(1);
  for (int row = 1; row <= kFirmsOfAFile; ++row) {
    r::RowToImport& wanted = *request.add_rows();
    wanted.set_number(row);
    r::Organization& organization = *wanted.mutable_organization();
    organization.set_kind(r::ORGANIZATION_KIND_FIRM);
    organization.set_display_name(absl::StrCat(MarkOf(number_), " 명단 ", row));
    // The first is this firm itself.
    organization.set_business_registration_number(BusinessNumber(1000 - row, number_));
    wanted.mutable_facts()->set_valid_from("2023-01-01");
    wanted.mutable_facts()->set_region_code("26110");
  }
  return Registry<r::UploadImportRowsResponse>("ImportService/UploadImportRows", request, file_);
}

Command FirmCase::FileEnd() {
  next_ = else_ = way_ == Way::kHand ? Phase::kEnrol : Phase::kOpen;
  r::CompleteImportRequest request;
  request.set_name("imports/" + file_);
  request.set_chunk_count(1);
  return Registry<r::Import>("ImportService/CompleteImport", request, file_);
}

Command FirmCase::Erase() {
  next_ = else_ = Phase::kEnd;
  r::ErasePersonRequest request;
  request.set_name("persons/" + person_);
  request.set_reason(r::ERASURE_REASON_REQUEST);
  return Registry<r::Erasure>("ErasureService/ErasePerson", request, person_);
}

}  // namespace ieum::faults
