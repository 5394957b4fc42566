// What may be a chunk, when an import ends, and what is told of a refused row. row:R7
#include "services/registry/imports/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

v1::UploadImportRowsRequest ChunkOf(const std::vector<int64_t>& numbers) {
  v1::UploadImportRowsRequest chunk;
  for (const int64_t number : numbers) {
    v1::RowToImport& row = *chunk.add_rows();
    row.set_number(number);
    row.mutable_organization();
  }
  return chunk;
}

TEST(Import, TakesRowsOfItsKindInTheirOrder) {
  v1::UploadImportRowsRequest chunk = ChunkOf({3, 7});
  EXPECT_TRUE(CheckRows(v1::IMPORT_KIND_FIRMS, chunk).ok());
  EXPECT_EQ(base::ReasonOf(CheckRows(v1::IMPORT_KIND_PEOPLE, chunk)), "IMPORT_ROW_KIND");
  EXPECT_EQ(base::FieldsOf(CheckRows(v1::IMPORT_KIND_FIRMS, ChunkOf({3, 3}))),
            (std::vector<std::string>{"rows[1].number"}));
  chunk.mutable_rows(1)->mutable_person();
  EXPECT_THAT(base::FieldsOf(CheckRows(v1::IMPORT_KIND_FIRMS, chunk)), ElementsAre("rows[1]"));
  chunk.mutable_rows(1)->clear_person();
  chunk.mutable_rows(1)->clear_organization();
  EXPECT_FALSE(CheckRows(v1::IMPORT_KIND_FIRMS, chunk).ok()) << "a row without anything";
  chunk.mutable_rows(1)->mutable_unreadable();
  EXPECT_TRUE(CheckRows(v1::IMPORT_KIND_FIRMS, chunk).ok());
  chunk.mutable_rows(1)->mutable_facts();
  EXPECT_FALSE(CheckRows(v1::IMPORT_KIND_FIRMS, chunk).ok()) << "facts of nobody";
}

TEST(Import, EndsWhenItsChunksHaveComeAndNoOther) {
  const absl::Time now = absl::FromUnixSeconds(1683025200);
  ImportJob job;
  EXPECT_EQ(base::ReasonOf(Complete(&job, 3, 2, 2, now)), "IMPORT_INCOMPLETE");
  EXPECT_EQ(base::ReasonOf(Complete(&job, 2, 3, 4, now)), "IMPORT_INCOMPLETE");
  EXPECT_EQ(job.state, v1::IMPORT_STATE_RUNNING);
  EXPECT_TRUE(Complete(&job, 3, 3, 4, now).ok());
  EXPECT_EQ(job.completed_at, now);
  EXPECT_EQ(base::ReasonOf(Complete(&job, 3, 3, 4, now)), "IMPORT_COMPLETED");
}

TEST(Import, TellsOfARefusedRowTheFirstFieldAndNoValue) {
  base::FieldErrors errors;
  errors.Add("DATE_INVALID", "person.birth_year", "must not lie in the future");
  errors.Add("PHONE_INVALID", "person.phone", "must be a number");
  const RowResult row = Refused(9, errors.ToStatus());
  EXPECT_EQ(row.number, 9);
  EXPECT_EQ(row.field, "person.birth_year");
  EXPECT_EQ(row.error_reason, "DATE_INVALID");
  EXPECT_EQ(TallyOf({row, row}), (Tally{.rows = 2, .refused = 2}));
}

TEST(Import, GivesARowTheSameIdHoweverOftenItComes) {
  const base::Uuid import = base::Uuid::NewV7(), other = base::Uuid::NewV7();
  EXPECT_EQ(RowId(import, 7), RowId(import, 7));
  EXPECT_NE(RowId(import, 7), RowId(import, 8));
  EXPECT_NE(RowId(import, 7), RowId(other, 7));
  EXPECT_NE(RowId(import, 7), ChunkId(import, 7));
  EXPECT_EQ(HexOf(BytesOfHex("00ff10")), "00ff10");
}

}  // namespace
}  // namespace ieum::registry
