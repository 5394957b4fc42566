// Goal: nobody's request for her own data is forgotten: it has a last day, somebody is told in
// time, and how it ended stays. Method: requests over gRPC, a clock that goes from day to day, and
// everything that is to be refused.
// row:Y5
#include <gmock/gmock.h>

#include "absl/strings/str_join.h"
#include "services/registry/exports/export_dues.h"
#include "tests/integration/registry/erasure_world.h"
#include "tests/support/centres.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string& Hash() {
  static const auto* hash = new std::string(64, 'a');
  return *hash;
}

class DataExports : public Erasures {
 protected:
  static v1::CreateDataExportRequest Asking(const std::string& person,
                                            const std::string& received = "2024-08-12") {
    v1::CreateDataExportRequest request;
    request.mutable_data_export()->set_person(person);
    request.mutable_data_export()->set_applicant(v1::DATA_EXPORT_APPLICANT_SELF);
    request.mutable_data_export()->set_channel(v1::DATA_EXPORT_CHANNEL_VISIT);
    request.mutable_data_export()->set_received_date(received);
    return request;
  }
  template <class Response>
  absl::StatusOr<Response> Call(const std::string& method, const google::protobuf::Message& request,
                                rpc::Peer* as = nullptr) {
    return world_.world.Call<Response>("DataExportService/" + method, request, as);
  }
  absl::StatusOr<v1::DataExport> Create(const v1::CreateDataExportRequest& request,
                                        rpc::Peer* as = nullptr) {
    return Call<v1::DataExport>("CreateDataExport", request, as);
  }
  absl::StatusOr<v1::DataExport> Settle(const std::string& name, v1::DataExportOutcome outcome,
                                        const std::string& hash = "",
                                        const std::string& etag = "") {
    v1::SettleDataExportRequest request;
    request.set_name(name);
    request.set_outcome(outcome);
    request.set_file_hash(hash);
    request.set_etag(etag);
    return Call<v1::DataExport>("SettleDataExport", request);
  }
  void DoDue() { world_.world.DoDue(DataExportDues(world_.world.ledger)); }
  std::string Events() { return absl::StrJoin(world_.world.EventTypes("dataExports/"), " "); }

  const std::string person_ = world_.world.Person("심은지");
};

// law:L16
TEST_F(DataExports, AreDueOnTheTenthDayAndToldOfThreeDaysBefore) {
  const auto asked = Create(Asking(person_));
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->due_date(), "2024-08-22");
  EXPECT_EQ(asked->outcome(), v1::DATA_EXPORT_OUTCOME_UNSPECIFIED);
  world_.world.SetClock("2024-08-18 23:00");
  DoDue();
  EXPECT_EQ(Events(), "DataExportRequested");
  world_.world.SetClock("2024-08-19 00:10");
  DoDue();
  DoDue();
  EXPECT_EQ(Events(), "DataExportRequested DataExportDue") << "once";
  const auto events = world_.world.Events("dataExports/");
  EXPECT_EQ(events[1].As<v1::DataExportDue>().due_date(), "2024-08-22");
  for (const Told& told : events) EXPECT_THAT(told.payload, Not(HasSubstr("심은지")));
}

TEST_F(DataExports, EndOnceAndSayWhatWasHandedOver) {
  const std::string name = Create(Asking(person_))->name();
  EXPECT_EQ(Why(Settle(name, v1::DATA_EXPORT_OUTCOME_HANDED_OVER)), "INVALID_FIELD");
  EXPECT_EQ(Why(Settle(name, v1::DATA_EXPORT_OUTCOME_REFUSED, Hash())), "INVALID_FIELD");
  EXPECT_EQ(Why(Settle(name, v1::DATA_EXPORT_OUTCOME_HANDED_OVER, "no hash")), "INVALID_FIELD");
  EXPECT_EQ(Why(Settle(name, v1::DATA_EXPORT_OUTCOME_HANDED_OVER, Hash(), "\"77\"")), "STALE_ETAG");
  EXPECT_EQ(Events(), "DataExportRequested") << "what is refused changes nothing";
  const auto settled = Settle(name, v1::DATA_EXPORT_OUTCOME_HANDED_OVER, Hash());
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_EQ(settled->file_hash(), Hash());
  EXPECT_TRUE(settled->has_settle_time());
  EXPECT_EQ(Why(Settle(name, v1::DATA_EXPORT_OUTCOME_TAKEN_BACK)), "DATA_EXPORT_SETTLED");
  world_.world.SetClock("2024-08-22 09:00");
  DoDue();
  EXPECT_EQ(Events(), "DataExportRequested DataExportSettled") << "nobody is told of it any more";
}

TEST_F(DataExports, AreRefusedForADayToComeAndForWhoIsNotThere) {
  EXPECT_EQ(Why(Create(Asking(person_, "2024-08-13"))), "DATE_INVALID");
  EXPECT_EQ(Why(Create(Asking(person_, "2024-02-30"))), "DATE_INVALID");
  EXPECT_EQ(Why(Create(Asking("persons/0190c0de-0000-7000-8000-00000000dead"))), "NOT_FOUND");
  v1::CreateDataExportRequest vague = Asking(person_);
  vague.mutable_data_export()->clear_applicant();
  vague.mutable_data_export()->clear_channel();
  EXPECT_THAT(base::FieldsOf(Create(vague).status()),
              ElementsAre("data_export.applicant", "data_export.channel"));
  v1::CreateDataExportRequest chosen = Asking(person_);
  chosen.set_data_export_id("0190c0de-0000-7000-8000-0000000000e1");
  ASSERT_TRUE(Create(chosen).ok());
  EXPECT_EQ(Why(Create(chosen)), "ID_TAKEN");
  EXPECT_EQ(Events(), "DataExportRequested");
}

// She may ask what is left of her, and is told within the same days that nothing is.
TEST_F(DataExports, AreTakenOfWhoWasErased) {
  ASSERT_TRUE(world_.Erase(person_).ok());
  EXPECT_TRUE(Create(Asking(person_)).ok());
}

TEST_F(DataExports, BelongToTheCentreThatKeepsThePerson) {
  world_.world.Centre(ieum::testing::kCentreA, 90);
  world_.world.Centre(ieum::testing::kCentreB, 91);
  v1::CreatePersonRequest made;
  made.mutable_person()->set_full_name("하늘봄");
  made.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
  const auto a = world_.world.PeerWith("centre-a"), b = world_.world.PeerWith("centre-b");
  const auto hers = world_.world.Call<v1::Person>("PersonService/CreatePerson", made, a.get());
  ASSERT_TRUE(hers.ok()) << hers.status();
  EXPECT_EQ(Why(Create(Asking(hers->name()), b.get())), "NOT_FOUND");
  const auto asked = Create(Asking(hers->name()), a.get());
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->centre(), absl::StrCat("organizations/", ieum::testing::kCentreA));
  v1::GetDataExportRequest get;
  get.set_name(asked->name());
  EXPECT_TRUE(Call<v1::DataExport>("GetDataExport", get, a.get()).ok());
  EXPECT_EQ(Why(Call<v1::DataExport>("GetDataExport", get, b.get())), "NOT_FOUND");
  v1::ListDataExportsRequest list;
  list.set_filter("outcome = DATA_EXPORT_OUTCOME_UNSPECIFIED");
  list.set_order_by("due_date");
  EXPECT_EQ(
      Call<v1::ListDataExportsResponse>("ListDataExports", list, a.get())->data_exports_size(), 1);
  EXPECT_THAT(Call<v1::ListDataExportsResponse>("ListDataExports", list, b.get())->data_exports(),
              IsEmpty());
  EXPECT_EQ(
      world_.Ask("SELECT count(*) FROM access_log WHERE action LIKE 'registry.data_exports.%' "
                 "AND '" +
                 hers->name() + "' = ANY(subjects)"),
      "4")
      << "who asked for her, and who was refused";
}

}  // namespace
}  // namespace ieum::registry
