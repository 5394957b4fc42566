#include "tools/import/importer.h"

#include <deque>
#include <future>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"
#include "platform/crypto/seal.h"
#include "platform/rpc/validation.h"

namespace ieum::import {
namespace {

namespace v1 = registry::v1;

constexpr char kService[] = "/ieum.registry.v1.ImportService/";
constexpr size_t kChunkBytes = 256 * 1024;  // half of what a service takes
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);
constexpr absl::Duration kLongestPause = absl::Seconds(5);
constexpr char kNotThere[] = "imports/-";

bool Passes(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsAborted(status);
}

// Asks until there is an answer, as long as there is patience.
absl::Status Insist(const Caller& caller, absl::Duration patience, const std::string& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response) {
  const absl::Time end = absl::Now() + patience;
  for (absl::Duration pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    const absl::Status status = caller(kService + method, request, response);
    if (!Passes(status) || absl::Now() + pause > end) return status;
    absl::SleepFor(pause);
  }
}

// The row that a refusal blames: "rows[17].person.phone" → 17, and the field is cut to
// "person.phone".
bool RowBlamed(std::string* field, int* row) {
  const size_t close = field->find(']');
  if (!absl::StartsWith(*field, "rows[") || close == std::string::npos) return false;
  if (!absl::SimpleAtoi(field->substr(5, close - 5), row)) return false;
  *field = close + 2 <= field->size() ? field->substr(close + 2) : "";
  return true;
}

void MakeUnreadable(v1::RowToImport* row, std::string field, const std::string& reason) {
  const int64_t number = row->number();
  row->Clear();
  row->set_number(number);
  if (field.find('[') != std::string::npos) field = field.substr(0, field.find('['));
  row->mutable_unreadable()->set_field(field);
  row->mutable_unreadable()->set_error_reason(reason.empty() ? "INVALID_FIELD" : reason);
}

// Takes the rows that the registry blames out of the chunk; false when it blames none.
bool TakeOut(const absl::Status& refusal, v1::UploadImportRowsRequest* chunk) {
  bool taken = false;
  for (std::string field : base::FieldsOf(refusal)) {
    int row = 0;
    if (!RowBlamed(&field, &row) || row >= chunk->rows_size()) return false;
    if (chunk->rows(row).has_unreadable()) continue;
    MakeUnreadable(chunk->mutable_rows(row), field, base::ReasonOf(refusal));
    taken = true;
  }
  return taken;
}

class Run {
 public:
  Run(const Order& order, const Caller& caller, const std::function<void(const Progress&)>& tell)
      : order_(order), caller_(caller), tell_(tell) {}

  absl::StatusOr<Result> Go();

 private:
  struct OnItsWay {
    std::future<absl::StatusOr<v1::UploadImportRowsResponse>> answer;
    int64_t rows = 0;
    double share = 0;
  };

  absl::Status Open();
  absl::Status Begin();
  absl::StatusOr<v1::Import> Running();
  absl::StatusOr<std::optional<v1::Import>> Completed();
  absl::Status SendAll();
  void Send(v1::UploadImportRowsRequest chunk);
  absl::Status Await();
  absl::StatusOr<v1::UploadImportRowsResponse> Upload(v1::UploadImportRowsRequest chunk) const;
  absl::StatusOr<bool> ReadChunk(v1::UploadImportRowsRequest* chunk);
  void Count(const v1::UploadImportRowsResponse& answer);
  absl::Status Finish();
  absl::Status ReadRefused();
  v1::Import Wanted() const;

  const Order& order_;
  const Caller& caller_;
  const std::function<void(const Progress&)>& tell_;
  rpc::Validator validator_;
  std::string hash_;    // hexadecimal
  std::string centre_;  // whose rows they will be, as the registry says; "" = the suite's
  std::unique_ptr<TableReader> table_;
  std::optional<Columns> columns_;
  std::optional<TableRow> left_;  // was read, and belongs to the next chunk
  std::deque<OnItsWay> on_their_way_;
  int chunks_ = 0;
  int64_t rows_ = 0;
  Result result_;
};

absl::Status Run::Open() {
  ASSIGN_OR_RETURN(const Source source, LookAt(order_.file));
  ASSIGN_OR_RETURN(table_, OpenTable(order_.file, source, order_.encoding));
  TableRow head;
  ASSIGN_OR_RETURN(const bool more, table_->Next(&head));
  if (!more) return absl::InvalidArgumentError("the file has no row, not even of heads");
  ASSIGN_OR_RETURN(columns_, Columns::Of(order_.kind, head, order_.wishes, table_->CountsDays()));
  RETURN_IF_ERROR(validator_.Learn(v1::RowToImport::descriptor()));
  // How it is read belongs to what is imported.
  std::string way = absl::StrCat(static_cast<int>(order_.encoding));
  for (const auto& [head_word, field] : order_.wishes.fields) {
    absl::StrAppend(&way, "\n", head_word, "=", field);
  }
  for (const auto& [field, value] : order_.wishes.defaults) {
    absl::StrAppend(&way, "\n", field, ":", value);
  }
  hash_ = absl::BytesToHexString(crypto::Hash(absl::StrCat(source.hash, way)));
  return absl::OkStatus();
}

v1::Import Run::Wanted() const {
  v1::Import import;
  import.set_kind(order_.kind);
  import.set_duplicate_policy(order_.policy);
  import.set_centre(order_.centre);
  import.set_content_hash(hash_);
  const size_t slash = order_.file.rfind('/');
  const std::string name = slash == std::string::npos ? order_.file : order_.file.substr(slash + 1);
  if (name.size() <= 200) import.set_source(name);
  return import;
}

// Of the same file, in the same way and for the same centre. Which centre that is the registry
// says: who names none means the one that he acts for, and who acts for all means none.
absl::StatusOr<v1::Import> Run::Running() {
  v1::CreateImportRequest rehearsal;
  *rehearsal.mutable_import() = Wanted();
  rehearsal.set_validate_only(true);
  v1::Import would_be;
  const absl::Status status =
      Insist(caller_, order_.patience, "CreateImport", rehearsal, &would_be);
  if (status.ok()) {
    centre_ = would_be.centre();
    return v1::Import();
  }
  v1::GetImportRequest request;
  request.set_name(base::MetadataOf(status, "import"));
  if (request.name().empty()) return status;
  v1::Import running;
  RETURN_IF_ERROR(Insist(caller_, order_.patience, "GetImport", request, &running));
  return running;
}

absl::StatusOr<std::optional<v1::Import>> Run::Completed() {
  v1::ListImportsRequest request;
  request.set_page_size(500);
  request.set_order_by("create_time desc");
  request.set_filter(absl::StrCat("content_hash = \"", hash_,
                                  "\" AND kind = ", v1::ImportKind_Name(order_.kind),
                                  " AND state = IMPORT_STATE_COMPLETED"));
  v1::ListImportsResponse response;
  RETURN_IF_ERROR(Insist(caller_, order_.patience, "ListImports", request, &response));
  for (const v1::Import& import : response.imports()) {
    if (import.duplicate_policy() == order_.policy && import.centre() == centre_) return import;
  }
  return std::nullopt;
}

absl::Status Run::Begin() {
  ASSIGN_OR_RETURN(result_.import, Running());
  if (!result_.import.name().empty()) {
    if (order_.resume) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("an import of this file is half done (", result_.import.name(), ", ",
                     result_.import.row_count(), " rows); go on with it by --resume"));
  }
  if (!order_.again) {
    ASSIGN_OR_RETURN(const auto completed, Completed());
    result_.was_there = completed.has_value();
    if (completed) result_.import = *completed;
    if (completed) return absl::OkStatus();
  }
  v1::CreateImportRequest request;
  *request.mutable_import() = Wanted();
  request.set_request_id(base::Uuid::NewV7().ToString());
  return Insist(caller_, order_.patience, "CreateImport", request, &result_.import);
}

absl::StatusOr<bool> Run::ReadChunk(v1::UploadImportRowsRequest* chunk) {
  chunk->set_parent(order_.dry_run ? kNotThere : result_.import.name());
  chunk->set_chunk(++chunks_);
  size_t bytes = 0;
  while (chunk->rows_size() < kChunkRows) {
    if (!left_) {
      left_.emplace();
      ASSIGN_OR_RETURN(const bool more, table_->Next(&*left_));
      if (!more) {
        left_.reset();
        break;
      }
    }
    v1::RowToImport row = columns_->Read(*left_);
    if (const absl::Status fit = validator_.Check(row); !fit.ok()) {
      const std::vector<std::string> fields = base::FieldsOf(fit);
      MakeUnreadable(&row, fields.empty() ? "" : fields[0], base::ReasonOf(fit));
    }
    bytes += row.ByteSizeLong();
    if (bytes > kChunkBytes && chunk->rows_size() > 0) break;
    *chunk->add_rows() = std::move(row);
    left_.reset();
  }
  if (chunk->rows_size() == 0) --chunks_;
  return chunk->rows_size() > 0;
}

absl::StatusOr<v1::UploadImportRowsResponse> Run::Upload(v1::UploadImportRowsRequest chunk) const {
  while (true) {
    chunk.set_request_id(base::Uuid::NewV7().ToString());
    v1::UploadImportRowsResponse response;
    const absl::Status status =
        Insist(caller_, order_.patience, "UploadImportRows", chunk, &response);
    if (status.ok()) return response;
    if (!absl::IsInvalidArgument(status) || !TakeOut(status, &chunk)) return status;
  }
}

void Run::Send(v1::UploadImportRowsRequest chunk) {
  if (order_.dry_run) {
    chunk.set_validate_only(true);
    *chunk.mutable_import() = Wanted();
  }
  OnItsWay& way = on_their_way_.emplace_back();
  way.rows = chunk.rows_size();
  way.share = table_->Share();
  way.answer =
      std::async(std::launch::async, [this, chunk = std::move(chunk)] { return Upload(chunk); });
}

absl::Status Run::Await() {
  OnItsWay way = std::move(on_their_way_.front());
  on_their_way_.pop_front();
  ASSIGN_OR_RETURN(const v1::UploadImportRowsResponse answer, way.answer.get());
  if (order_.dry_run) Count(answer);
  rows_ += way.rows;
  tell_({rows_, way.share});
  return absl::OkStatus();
}

void Run::Count(const v1::UploadImportRowsResponse& answer) {
  v1::Import& sum = result_.import;
  sum.set_row_count(sum.row_count() + answer.row_count());
  sum.set_created_count(sum.created_count() + answer.created_count());
  sum.set_linked_count(sum.linked_count() + answer.linked_count());
  sum.set_unchanged_count(sum.unchanged_count() + answer.unchanged_count());
  sum.set_review_count(sum.review_count() + answer.review_count());
  sum.set_refused_count(sum.refused_count() + answer.refused_count());
  for (const v1::ImportRow& row : answer.import_rows()) {
    if (row.outcome() != v1::IMPORT_OUTCOME_REFUSED) continue;
    if (result_.refused.size() < kRefusedTold) result_.refused.push_back(row);
  }
}

absl::Status Run::SendAll() {
  const int have_come = order_.dry_run ? 0 : result_.import.next_chunk() - 1;
  while (true) {
    v1::UploadImportRowsRequest chunk;
    ASSIGN_OR_RETURN(const bool more, ReadChunk(&chunk));
    if (!more) break;
    if (chunk.chunk() <= have_come) {
      rows_ += chunk.rows_size();
      continue;
    }
    if (static_cast<int>(on_their_way_.size()) >= order_.on_their_way) RETURN_IF_ERROR(Await());
    Send(std::move(chunk));
  }
  while (!on_their_way_.empty()) RETURN_IF_ERROR(Await());
  return absl::OkStatus();
}

absl::Status Run::ReadRefused() {
  v1::ListImportRowsRequest request;
  request.set_parent(result_.import.name());
  request.set_page_size(kRefusedTold);
  request.set_filter("outcome = IMPORT_OUTCOME_REFUSED");
  v1::ListImportRowsResponse response;
  RETURN_IF_ERROR(Insist(caller_, order_.patience, "ListImportRows", request, &response));
  result_.refused.assign(response.import_rows().begin(), response.import_rows().end());
  return absl::OkStatus();
}

absl::Status Run::Finish() {
  v1::CompleteImportRequest request;
  request.set_name(result_.import.name());
  request.set_chunk_count(chunks_);
  request.set_request_id(base::Uuid::NewV7().ToString());
  return Insist(caller_, order_.patience, "CompleteImport", request, &result_.import);
}

absl::StatusOr<Result> Run::Go() {
  RETURN_IF_ERROR(Open());
  if (!order_.dry_run) RETURN_IF_ERROR(Begin());
  if (!result_.was_there) {
    const absl::Status sent = SendAll();
    for (OnItsWay& way : on_their_way_) way.answer.wait();
    RETURN_IF_ERROR(sent);
    if (!order_.dry_run) RETURN_IF_ERROR(Finish());
  }
  if (!order_.dry_run && result_.import.refused_count() > 0) RETURN_IF_ERROR(ReadRefused());
  return std::move(result_);
}

}  // namespace

absl::StatusOr<Result> ImportFile(const Order& order, const Caller& caller,
                                  const std::function<void(const Progress&)>& tell) {
  return Run(order, caller, tell).Go();
}

}  // namespace ieum::import
