// Goal: what a centre shares of a case rests on what the client says to registry, whatever dies
// meanwhile: nothing leaves without her consent, everything closes with its withdrawal, and a case
// that goes over to another centre has one owner. Method: the four services as real processes,
// staff of two centres, kill -9 of case management in the middle. row:C11 row:C12 row:X13 law:L02
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ieum/casemgmt/v1/case_service.pb.h"
#include "ieum/casemgmt/v1/referral_service.pb.h"
#include "ieum/casemgmt/v1/transfer_service.pb.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/status.h"
#include "tests/flows/accounts.h"
#include "tests/support/centres.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

constexpr char kNow[] = "2024-03-05T11:00:00+09:00";

class ReferralFlow : public ::testing::Test {
 protected:
  void SetUp() override {
    // Named, so that its contract is linked: requests are found by name below.
    ASSERT_NE(casemgmt::v1::AskTransferRequest::descriptor(), nullptr);
    SetClocks(suite_, kNow);
  }

  // "registry", "ConsentService/RecordConsent" and a request in text form; what was answered, or
  // the reason of a refusal in `*reason`.
  std::unique_ptr<google::protobuf::Message> Ask(const std::string& token,
                                                 const std::string& service,
                                                 const std::string& method, const std::string& text,
                                                 std::string* reason) {
    const std::string package = absl::StrCat("ieum.", service, ".v1");
    const auto request = RequestOf(package, {method, text}, ids_);
    const auto* type = google::protobuf::DescriptorPool::generated_pool()
                           ->FindMethodByName(absl::StrCat(
                               package, ".", absl::StrReplaceAll(method, {{"/", "."}})))
                           ->output_type();
    std::unique_ptr<google::protobuf::Message> response(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    const absl::Status called =
        accounts_.Call(token, absl::StrCat("/", package, ".", method), *request, response.get());
    *reason = base::ReasonOf(called);
    return response;
  }
  std::string Reason(const std::string& token, const std::string& service,
                     const std::string& method, const std::string& text) {
    std::string reason;
    Ask(token, service, method, text, &reason);
    return reason;
  }
  // The id of what was made.
  std::string Make(const std::string& token, const std::string& service, const std::string& method,
                   const std::string& text) {
    std::string reason;
    const auto made = Ask(token, service, method, text, &reason);
    EXPECT_EQ(reason, "") << method;
    const auto* field = made->GetDescriptor()->FindFieldByName("name");
    const std::string name = field == nullptr ? "" : made->GetReflection()->GetString(*made, field);
    return name.substr(name.rfind('/') + 1);
  }

  void Centre(const std::string& number, const std::string& id) {
    Make("everywhere", "registry", "OrganizationService/CreateOrganization",
         absl::StrCat("organization_id: '", id, "' organization { kind: ORGANIZATION_KIND_CENTRE ",
                      "display_name: '동백' business_registration_number: '", number, "' }"));
  }
  // A text that asks for the purpose, and that she said yes to it.
  void Consents(const std::string& purpose, const std::string& recipient = "") {
    ids_["text"] =
        Make("everywhere", "registry", "ConsentService/CreateConsentText",
             absl::StrCat("consent_text { code: '", purpose, "' version: 1 language: LANGUAGE_KO ",
                          "purpose: CONSENT_PURPOSE_", purpose,
                          " stated_purpose: '상담' items: '성명' items: '연락처' retention: '1년' ",
                          "refusal_right: '거부할 수 있습니다' refusal_disadvantage: '없음' ",
                          recipient.empty() ? "" : "recipient: 'organizations/" + recipient + "'",
                          " }"));
    Make("at-a", "registry", "ConsentService/RecordConsent",
         absl::StrCat("parent: 'persons/{person}' consent { purpose: CONSENT_PURPOSE_", purpose,
                      " state: CONSENT_STATE_GIVEN consent_text: 'consentTexts/{text}' channel: ",
                      "CONSENT_CHANNEL_PAPER decide_time { seconds: 1709600400 } }"));
  }
  // A case of centre A that was taken in.
  void TakeInAtA() {
    Centre("999-81-09016", kCentreA);
    Centre("999-81-09020", kCentreB);
    ids_["a"] = kCentreA;
    ids_["b"] = kCentreB;
    ids_["person"] = Make("at-a", "registry", "PersonService/CreatePerson",
                          "person { full_name: '표은비' phone: '010-0000-1234' basis: "
                          "LEGAL_BASIS_CONTRACT }");
    Consents("COLLECTION");
    ASSERT_TRUE(suite_.WaitSettled());
    ids_["case"] =
        Make("at-a", "casemgmt", "CaseService/CreateCase",
             "case { person: 'persons/{person}' programme: 'INC' edition: '2024' source: "
             "CASE_SOURCE_SELF centre: 'organizations/{a}' }");
    Make("at-a", "casemgmt", "CaseService/ContactCase", "name: 'cases/{case}'");
    Make("at-a", "casemgmt", "CaseService/TakeInCase", "name: 'cases/{case}'");
    ASSERT_TRUE(suite_.WaitSettled());
  }
  std::string State(const std::string& table) {
    return suite_.Ask("casemgmt", "SELECT string_agg(state::text, ' ' ORDER BY id) FROM " + table);
  }

  Ids ids_;
  Suite suite_;
  Accounts accounts_{
      suite_,
      {{"everywhere", "staff/everywhere", {"programme_manager", "supervisor"}, {"*"}},
       {"at-a", "staff/at-a", {"programme_manager", "supervisor"}, {kCentreA}},
       {"at-b", "staff/at-b", {"programme_manager", "supervisor"}, {kCentreB}}}};
};

constexpr char kSend[] =
    "parent: 'cases/{case}' service: REFERRAL_SERVICE_KIND_PSYCHOLOGICAL recipient: "
    "'organizations/{b}' request_text: 'please' parts: SHARED_PART_IDENTITY items: '성명'";
constexpr char kReferral[] = "name: 'cases/{case}/referrals/{referral}'";
constexpr char kRecord[] = "name: 'cases/{case}/sharedRecords/{referral}'";

TEST_F(ReferralFlow, SharesWhatSheConsentsToAndNoLonger) {
  ASSERT_NO_FATAL_FAILURE(TakeInAtA());
  EXPECT_EQ(Reason("at-a", "casemgmt", "ReferralService/SendReferral", kSend), "CONSENT_MISSING");
  EXPECT_EQ(suite_.Ask("registry", "SELECT count(*) FROM consent_receipt"), "1")
      << "registry keeps that it refused";
  Consents("THIRD_PARTY_PROVISION", kCentreB);
  ids_["referral"] = Make("at-a", "casemgmt", "ReferralService/SendReferral", kSend);
  Make("at-b", "casemgmt", "ReferralService/AcceptReferral", kReferral);
  std::string reason;
  const auto shared = Ask("at-b", "casemgmt", "ReferralService/GetSharedRecord", kRecord, &reason);
  ASSERT_EQ(reason, "");
  const auto& record = dynamic_cast<const casemgmt::v1::SharedRecord&>(*shared);
  EXPECT_EQ(record.full_name(), "표은비");
  EXPECT_EQ(record.phone(), "+821000001234");

  // Who dies while she withdraws hears of it when he is back.
  suite_.KillService("casemgmt");
  Make("at-a", "registry", "ConsentService/WithdrawConsents",
       "parent: 'persons/{person}' purpose: CONSENT_PURPOSE_THIRD_PARTY_PROVISION channel: "
       "CONSENT_CHANNEL_PHONE");
  suite_.StartService("casemgmt");
  SetClocks(suite_, kNow);
  ASSERT_TRUE(suite_.WaitSettled());
  EXPECT_EQ(Reason("at-b", "casemgmt", "ReferralService/GetSharedRecord", kRecord),
            "REFERRAL_SHARING_ENDED");
  EXPECT_EQ(State("referral"), "5") << "REVOKED";
  EXPECT_EQ(
      suite_.Ask("casemgmt", "SELECT count(*) FROM event_log WHERE type LIKE '%.ReferralRevoked'"),
      "1");
}

TEST_F(ReferralFlow, TellsOnceOfWhatNobodyAnsweredThroughAKill) {
  ASSERT_NO_FATAL_FAILURE(TakeInAtA());
  Consents("THIRD_PARTY_PROVISION", kCentreB);
  ids_["referral"] = Make("at-a", "casemgmt", "ReferralService/SendReferral", kSend);
  ids_["transfer"] = Make("at-a", "casemgmt", "TransferService/AskTransfer",
                          "parent: 'cases/{case}' to_centre: 'organizations/{b}' reason: "
                          "TRANSFER_REASON_CLIENT_MOVED items: '성명'");
  constexpr char kLater[] = "2024-03-09T09:00:00+09:00";
  SetClocks(suite_, kLater);
  suite_.KillService("casemgmt");
  suite_.StartService("casemgmt");
  SetClocks(suite_, kLater);
  ASSERT_TRUE(suite_.WaitSettled());
  for (const char* type : {"ReferralAnswerOverdue", "TransferAnswerOverdue"}) {
    EXPECT_EQ(suite_.Ask("casemgmt", absl::StrCat("SELECT count(*) FROM event_log WHERE type LIKE ",
                                                  "'%.", type, "'")),
              "1");
  }
}

TEST_F(ReferralFlow, GivesACaseToAnotherCentreThroughAKill) {
  ASSERT_NO_FATAL_FAILURE(TakeInAtA());
  constexpr char kAsk[] =
      "parent: 'cases/{case}' to_centre: 'organizations/{b}' reason: TRANSFER_REASON_CLIENT_MOVED "
      "items: '성명'";
  EXPECT_EQ(Reason("at-a", "casemgmt", "TransferService/AskTransfer", kAsk), "CONSENT_MISSING");
  Consents("THIRD_PARTY_PROVISION", kCentreB);
  ids_["transfer"] = Make("at-a", "casemgmt", "TransferService/AskTransfer", kAsk);
  constexpr char kTransfer[] = "name: 'cases/{case}/transfers/{transfer}'";
  EXPECT_EQ(Reason("at-a", "casemgmt", "TransferService/AcceptTransfer", kTransfer),
            "PERMISSION_DENIED");
  const std::string accept =
      absl::StrCat(kTransfer, " request_id: '", base::Uuid::NewV7().ToString(), "'");
  Make("at-b", "casemgmt", "TransferService/AcceptTransfer", accept);
  suite_.KillService("casemgmt");
  suite_.StartService("casemgmt");
  SetClocks(suite_, kNow);
  Make("at-b", "casemgmt", "TransferService/AcceptTransfer", accept);
  ASSERT_TRUE(suite_.WaitSettled());
  EXPECT_EQ(suite_.Ask("casemgmt", "SELECT centre_id || ' ' || ownership_epoch FROM casefile"),
            absl::StrCat(kCentreB, " 2"));
  EXPECT_EQ(
      suite_.Ask("casemgmt", "SELECT count(*) FROM event_log WHERE type LIKE '%.CaseTransferred'"),
      "1");
  EXPECT_EQ(Reason("at-a", "casemgmt", "TransferService/AskTransfer", kAsk), "OWNERSHIP_MOVED");
  EXPECT_EQ(Reason("at-a", "casemgmt", "CaseService/HoldCase",
                   "name: 'cases/{case}' reason: CASE_HOLD_REASON_AWAY hold_until_date: "
                   "'2024-03-20'"),
            "OWNERSHIP_MOVED");
  Make("at-b", "casemgmt", "CaseService/GetCase", "name: 'cases/{case}'");
  // Figures count for who led it then.
  EXPECT_EQ(suite_.Ask("reporting",
                       "SELECT string_agg(DISTINCT centre_id::text, ' ') FROM fact JOIN "
                       "projection_live USING (generation) WHERE type LIKE '%.CaseTakenIn'"),
            kCentreA);
  EXPECT_EQ(suite_.Ask("reporting",
                       "SELECT string_agg(DISTINCT centre_id::text, ' ') FROM fact JOIN "
                       "projection_live USING (generation) WHERE type LIKE '%.CaseTransferred'"),
            kCentreB);
}

}  // namespace
}  // namespace ieum::testing
