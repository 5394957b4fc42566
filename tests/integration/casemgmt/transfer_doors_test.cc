// Goal: the doors of transfers give a case to another centre, and show each side what is its own.
// Method: real calls to a real server over a real database, by role and centre. row:C12 row:X13
// law:L02
#include <gmock/gmock.h>

#include "tests/integration/casemgmt/referral_doors.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TransferDoors : public ReferralDoors {
 protected:
  v1::AskTransferRequest Asking() {
    v1::AskTransferRequest request;
    request.set_parent("cases/" + case_.ToString());
    request.set_to_centre(absl::StrCat("organizations/", kCentreB));
    request.set_reason(v1::TRANSFER_REASON_CLIENT_MOVED);
    request.set_reason_text(kRequest);
    request.add_items("성명");
    return request;
  }
  std::string Get(const std::string& token, const std::string& name, v1::Transfer* transfer) {
    v1::GetTransferRequest request;
    request.set_name(name);
    return Call(token, "TransferService/GetTransfer", request, transfer);
  }
};

TEST_F(TransferDoors, GiveACaseToAnotherCentre) {
  v1::Transfer asked, seen, accepted;
  ASSERT_EQ(Call(kCaseManagerToken, "TransferService/AskTransfer", Asking(), &asked), "");
  EXPECT_EQ(asked.requester(), kCaseManager);
  EXPECT_EQ(asked.answer_due_date(), "2024-05-16");
  ASSERT_EQ(Get(kAtB, asked.name(), &seen), "");
  EXPECT_EQ(seen.reason_text(), kRequest);
  EXPECT_EQ(seen.person(), "") << "until it is accepted";
  EXPECT_EQ(seen.consent_receipt(), "");
  EXPECT_EQ(Get(kOtherCaseManagerToken, asked.name(), &seen), "NOT_FOUND");
  EXPECT_EQ(Get(kAuditorToken, asked.name(), &seen), "PERMISSION_DENIED");

  v1::AcceptTransferRequest accept;
  accept.set_name(asked.name());
  accept.set_etag(asked.etag());
  EXPECT_EQ(Call(kSupervisorToken, "TransferService/AcceptTransfer", accept), "PERMISSION_DENIED");
  served_.AnswerProvisions(registry::v1::CONSENT_REFUSAL_WITHDRAWN);
  EXPECT_EQ(Call(kAtB, "TransferService/AcceptTransfer", accept), "CONSENT_MISSING");
  served_.AnswerProvisions(registry::v1::CONSENT_REFUSAL_UNSPECIFIED);
  accept.set_request_id(base::Uuid::NewV7().ToString());
  ASSERT_EQ(Call(kAtB, "TransferService/AcceptTransfer", accept, &accepted), "");
  EXPECT_EQ(accepted.state(), v1::TRANSFER_STATE_ACCEPTED);
  EXPECT_EQ(accepted.ownership_epoch(), 2);
  EXPECT_EQ(accepted.person(), "persons/" + sessions_.PersonOf(case_).ToString());
  EXPECT_EQ(Call(kAtB, "TransferService/AcceptTransfer", accept, &accepted), "")
      << "the same command, answered again";
  EXPECT_EQ(world().Ask("SELECT centre_id || ' ' || ownership_epoch FROM casefile"),
            absl::StrCat(kCentreB, " 2"));
  // Who led it reads what it gave, and of her nothing.
  v1::Transfer given;
  ASSERT_EQ(Get(kSupervisorToken, asked.name(), &given), "");
  EXPECT_EQ(given.person(), "");
  EXPECT_EQ(given.consent_receipt(), "");
  v1::ListTransfersRequest list;
  list.set_parent("cases/-");
  v1::ListTransfersResponse page;
  for (const char* token : {kAtB, kSupervisorToken}) {
    EXPECT_EQ(Call(token, "TransferService/ListTransfers", list, &page), "");
    EXPECT_EQ(page.transfers_size(), 1) << token;
    EXPECT_THAT(page.SerializeAsString(), Not(HasSubstr(kRequest)));
  }
  EXPECT_EQ(Call(kAuditorToken, "TransferService/ListTransfers", list, &page), "PERMISSION_DENIED");
}

TEST_F(TransferDoors, AskNothingThatHerConsentRefuses) {
  served_.AnswerProvisions(registry::v1::CONSENT_REFUSAL_NOT_COVERED);
  EXPECT_EQ(Call(kCaseManagerToken, "TransferService/AskTransfer", Asking()), "CONSENT_MISSING");
  EXPECT_EQ(world().Ask("SELECT count(*) FROM case_transfer"), "0");
  EXPECT_EQ(world().Ask("SELECT count(*) FROM provision WHERE NOT allowed AND kind = 2"), "1");
}

TEST_F(TransferDoors, LetEitherSideEndIt) {
  v1::Transfer asked;
  ASSERT_EQ(Call(kCaseManagerToken, "TransferService/AskTransfer", Asking(), &asked), "");
  v1::RejectTransferRequest reject;
  reject.set_name(asked.name());
  reject.set_reason(v1::TRANSFER_REJECT_REASON_OUT_OF_AREA);
  reject.set_text("저희 지역이 아닙니다");
  EXPECT_EQ(Call(kAtB, "TransferService/RejectTransfer", reject, &asked), "");
  EXPECT_EQ(asked.decision_text(), "저희 지역이 아닙니다");
  ASSERT_EQ(Call(kCaseManagerToken, "TransferService/AskTransfer", Asking(), &asked), "");
  v1::WithdrawTransferRequest withdraw;
  withdraw.set_name(asked.name());
  EXPECT_EQ(Call(kCaseManagerToken, "TransferService/WithdrawTransfer", withdraw, &asked), "");
  EXPECT_EQ(asked.withdraw_cause(), v1::TRANSFER_WITHDRAW_CAUSE_GIVER);
  EXPECT_EQ(Call(kCaseManagerToken, "TransferService/WithdrawTransfer", withdraw),
            "TRANSFER_STATE");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
