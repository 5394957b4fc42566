// Goal: what stands in a file, a scan and a merge leave alone whose data are kept apart, and tell
// no more of her than of who was erased. Method: chunks, a scan and merges over gRPC. law:L13
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "ieum/registry/v1/merge_service.pb.h"
#include "tests/integration/registry/erasure_world.h"
#include "tests/integration/registry/import_world.h"

namespace ieum::registry {
namespace {

class KeptApartPeople : public Imports {
 protected:
  std::string Imported(char file, std::vector<v1::RowToImport> rows) {
    last_ = Begun(People(v1::DUPLICATE_POLICY_LINK, file));
    Uploaded(last_, 1, rows);
    return absl::StrJoin(Words(Rows(last_)), ", ");
  }
  absl::StatusOr<v1::Merge> Merge(const std::string& survivor, const std::string& duplicate) {
    v1::MergePersonsRequest request;
    request.set_survivor(survivor);
    request.set_duplicate(duplicate);
    request.set_reason("양식 하나로 왔음");
    return world_.Call<v1::Merge>("MergeService/MergePersons", request);
  }
  absl::StatusOr<v1::Merge> Undo(const std::string& merge) {
    v1::UndoMergeRequest request;
    request.set_name(merge);
    request.set_reason("두 사람임");
    return world_.Call<v1::Merge>("MergeService/UndoMerge", request);
  }
  void Keep(const std::string& person) {
    v1::CreateLegalHoldRequest hold;
    hold.mutable_legal_hold()->set_person(person);
    hold.mutable_legal_hold()->set_reason("감사 2024-17");
    ASSERT_TRUE(world_.Call<v1::LegalHold>("ErasureService/CreateLegalHold", hold).ok());
    v1::KeepPersonApartRequest keep;
    keep.set_name(person);
    keep.set_reason(v1::ERASURE_REASON_REQUEST);
    ASSERT_EQ(Why(world_.Call<v1::PersonApart>("ErasureService/KeepPersonApart", keep)), "OK");
  }
  void PutBack(const std::string& person) {
    v1::PutPersonBackRequest back;
    back.set_name(person);
    back.set_reason("착오");
    ASSERT_EQ(Why(world_.Call<v1::PutPersonBackResponse>("ErasureService/PutPersonBack", back)),
              "OK");
  }

  std::string last_;  // import
};

TEST_F(KeptApartPeople, AreNeitherMergedNorPartedNorTouchedByAFileOrAScan) {
  const v1::RowToImport row = PersonRow(1, "심은지");
  ASSERT_EQ(Imported('a', {row, PersonRow(2, "심 은지")}), "CREATED, CREATED");
  const std::string survivor = Rows(last_)[0].person(), duplicate = Rows(last_)[1].person(),
                    third = Register(Wanted("심은지"));
  const auto merged = Merge(survivor, duplicate);
  ASSERT_TRUE(merged.ok()) << merged.status();
  // Her keys were made by older rules, and the rules change while she is apart.
  world_.Ask("UPDATE person SET match_form = 0 RETURNING 1");
  const std::string before = world_.Ask(kPeopleRows);
  Keep(survivor);
  EXPECT_EQ(Why(Undo(merged->name())), "PERSON_KEPT_APART");
  EXPECT_EQ(Why(Merge(survivor, third)), "PERSON_KEPT_APART");
  EXPECT_EQ(Why(Merge(third, survivor)), "PERSON_KEPT_APART");
  EXPECT_EQ(Imported('b', {row}), "REFUSED person PERSON_ERASED");
  EXPECT_EQ(Rows(last_)[0].person(), "");
  ScanAll();
  PutBack(survivor);
  world_.Ask("UPDATE person SET match_form = 0 WHERE id = '" + IdOf(third) + "' RETURNING 1");
  EXPECT_EQ(world_.Ask(kPeopleRows), before) << "the next scan makes her keys anew";
  EXPECT_EQ(Imported('c', {row}), "UNCHANGED");
  EXPECT_EQ(Rows(last_)[0].person(), survivor);
  EXPECT_EQ(Why(Undo(merged->name())), "OK");
  v1::GetPersonRequest get;
  get.set_name(duplicate);
  EXPECT_EQ(world_.Call<v1::Person>("PersonService/GetPerson", get)->full_name(), "심 은지");
}

}  // namespace
}  // namespace ieum::registry
