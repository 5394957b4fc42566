// Imports over gRPC, for tests of what becomes of rows.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/import_service.pb.h"
#include "tests/integration/registry/duplicate_world.h"

namespace ieum::registry {

// Calls without `as` are those of a manager of the whole suite.
class Imports : public Duplicates {
 protected:
  static v1::CreateImportRequest Job(v1::ImportKind kind, v1::DuplicatePolicy policy,
                                     char content = 'a') {
    v1::CreateImportRequest request;
    request.mutable_import()->set_kind(kind);
    request.mutable_import()->set_duplicate_policy(policy);
    request.mutable_import()->set_source("firms.csv");
    request.mutable_import()->set_content_hash(std::string(64, content));
    return request;
  }
  static v1::CreateImportRequest Firms(v1::DuplicatePolicy policy = v1::DUPLICATE_POLICY_LINK,
                                       char content = 'a') {
    return Job(v1::IMPORT_KIND_FIRMS, policy, content);
  }
  static v1::CreateImportRequest People(v1::DuplicatePolicy policy = v1::DUPLICATE_POLICY_LINK,
                                        char content = 'a') {
    return Job(v1::IMPORT_KIND_PEOPLE, policy, content);
  }
  absl::StatusOr<v1::Import> Begin(const v1::CreateImportRequest& request,
                                   rpc::Peer* as = nullptr) {
    return world_.Call<v1::Import>("ImportService/CreateImport", request, as);
  }
  std::string Begun(const v1::CreateImportRequest& request, rpc::Peer* as = nullptr) {
    const auto import = Begin(request, as);
    EXPECT_TRUE(import.ok()) << import.status() << base::ReasonOf(import.status());
    return import.ok() ? import->name() : "";
  }

  static v1::RowToImport FirmRow(int64_t number, int n, const std::string& region = "26440") {
    v1::RowToImport row;
    row.set_number(number);
    row.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_FIRM);
    row.mutable_organization()->set_display_name(absl::StrCat("(주)가상산업 ", n));
    row.mutable_organization()->set_business_registration_number(BusinessNumber(n));
    row.mutable_facts()->set_valid_from("2023-03-14");
    row.mutable_facts()->set_total_headcount(40);
    row.mutable_facts()->set_regular_headcount(30);
    row.mutable_facts()->set_ksic_code("28");
    row.mutable_facts()->set_region_code(region);
    return row;
  }
  static v1::RowToImport PersonRow(int64_t number, const std::string& full_name,
                                   const std::string& phone = "", int birth_year = 0) {
    v1::RowToImport row;
    row.set_number(number);
    *row.mutable_person() = Wanted(full_name, phone, birth_year).person();
    return row;
  }
  static v1::RowToImport Unreadable(int64_t number) {
    v1::RowToImport row;
    row.set_number(number);
    row.mutable_unreadable()->set_field("facts.total_headcount");
    row.mutable_unreadable()->set_error_reason("INVALID_FIELD");
    return row;
  }

  static v1::UploadImportRowsRequest Chunk(const std::string& import, int number,
                                           const std::vector<v1::RowToImport>& rows) {
    v1::UploadImportRowsRequest request;
    request.set_parent(import);
    request.set_chunk(number);
    for (const v1::RowToImport& row : rows) *request.add_rows() = row;
    return request;
  }
  absl::StatusOr<v1::UploadImportRowsResponse> Upload(const v1::UploadImportRowsRequest& request,
                                                      rpc::Peer* as = nullptr) {
    return world_.Call<v1::UploadImportRowsResponse>("ImportService/UploadImportRows", request, as);
  }
  v1::UploadImportRowsResponse Uploaded(const std::string& import, int number,
                                        const std::vector<v1::RowToImport>& rows) {
    const auto response = Upload(Chunk(import, number, rows));
    EXPECT_TRUE(response.ok()) << response.status() << base::ReasonOf(response.status());
    return response.value_or(v1::UploadImportRowsResponse());
  }
  absl::StatusOr<v1::Import> Complete(const std::string& import, int chunks,
                                      const std::string& etag = "") {
    v1::CompleteImportRequest request;
    request.set_name(import);
    request.set_chunk_count(chunks);
    request.set_etag(etag);
    return world_.Call<v1::Import>("ImportService/CompleteImport", request);
  }
  absl::StatusOr<v1::Import> Get(const std::string& import, rpc::Peer* as = nullptr) {
    v1::GetImportRequest request;
    request.set_name(import);
    return world_.Call<v1::Import>("ImportService/GetImport", request, as);
  }
  // By number.
  std::vector<v1::ImportRow> Rows(const std::string& import, const std::string& filter = "") {
    v1::ListImportRowsRequest request;
    request.set_parent(import);
    request.set_filter(filter);
    request.set_page_size(500);
    const auto page =
        world_.Call<v1::ListImportRowsResponse>("ImportService/ListImportRows", request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return {};
    return {page->import_rows().begin(), page->import_rows().end()};
  }
  // "CREATED", or "REFUSED facts.region_code REGION_UNKNOWN", one for each row.
  static std::vector<std::string> Words(const std::vector<v1::ImportRow>& rows) {
    std::vector<std::string> words;
    for (const v1::ImportRow& row : rows) {
      words.push_back(v1::ImportOutcome_Name(row.outcome()).substr(sizeof("IMPORT_OUTCOME_") - 1));
      if (row.outcome() != v1::IMPORT_OUTCOME_REFUSED) continue;
      absl::StrAppend(&words.back(), " ", row.field(), " ", row.error_reason());
    }
    return words;
  }
  // All that was told but of the imports themselves.
  std::string Told() {
    return world_.Ask("SELECT count(*) FROM event_log WHERE type NOT LIKE '%.Import%'");
  }
};

}  // namespace ieum::registry
