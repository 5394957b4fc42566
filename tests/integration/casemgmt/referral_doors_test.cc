// Goal: the doors of referrals show each side what is its own, field by field, and
// only as long as it is. Method: real calls to a real server over a real database, by role and
// centre. row:C11 row:C13 row:C36 row:X13 law:L02
#include "tests/integration/casemgmt/referral_doors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Which fields of the record are of which part.
const std::map<v1::SharedPart, std::set<std::string>>& FieldsOfParts() {
  static const auto* fields = new std::map<v1::SharedPart, std::set<std::string>>{
      {v1::SHARED_PART_IDENTITY, {"person", "full_name", "phone"}},
      {v1::SHARED_PART_NEEDS, {"risk_level", "primary_factor", "classification"}},
      {v1::SHARED_PART_PLAN, {"plan_version", "plan_signed_date", "goals", "actions"}},
      {v1::SHARED_PART_SESSIONS, {"sessions"}}};
  return *fields;
}

std::set<std::string> FieldsSet(const google::protobuf::Message& message) {
  std::vector<const google::protobuf::FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  std::set<std::string> names;
  for (const auto* field : set) names.insert(field->name());
  return names;
}

// Every set of parts: what is shared is there, and nothing else is.
TEST_F(ReferralDoors, ShareTheFieldsOfTheirPartsAndNoOthers) {
  const std::set<std::string> always = {"name", "parts", "end_date"};
  for (unsigned set = 1; set < 16; ++set) {
    std::vector<v1::SharedPart> parts;
    std::set<std::string> allowed = always;
    for (int part = 1; part <= 4; ++part) {
      if ((set >> (part - 1) & 1) == 0) continue;
      parts.push_back(static_cast<v1::SharedPart>(part));
      const auto& fields = FieldsOfParts().at(parts.back());
      allowed.insert(fields.begin(), fields.end());
    }
    const std::string name = Sent(parts).name();
    ASSERT_EQ(Accepted(name), "");
    v1::SharedRecord record;
    ASSERT_EQ(Record(name, &record), "");
    for (const std::string& field : FieldsSet(record)) {
      EXPECT_TRUE(allowed.contains(field)) << field << " is shared with parts " << set;
    }
    EXPECT_EQ(record.full_name(), (set & 1) != 0 ? kFullName : "");
    EXPECT_EQ(record.phone(), (set & 1) != 0 ? kPhone : "");
    EXPECT_EQ(record.primary_factor(), (set & 2) != 0 ? "RF02" : "");
    EXPECT_EQ(record.sessions_size(), (set & 8) != 0 ? 1 : 0);
    ASSERT_EQ(Revoked(name), "");
  }
  // A new field of the record has to be thought about.
  std::set<std::string> known = always;
  for (const auto& [part, fields] : FieldsOfParts()) known.insert(fields.begin(), fields.end());
  for (int at = 0; at < v1::SharedRecord::descriptor()->field_count(); ++at) {
    EXPECT_TRUE(known.contains(v1::SharedRecord::descriptor()->field(at)->name()));
  }
}

// row:C12
TEST_F(ReferralDoors, OpenTheRecordWithTheAcceptanceAndCloseItAtOnce) {
  const std::string name = Sent({v1::SHARED_PART_IDENTITY}).name();
  EXPECT_EQ(Record(name), "REFERRAL_SHARING_ENDED");
  EXPECT_EQ(Seen(kAtB, name).person(), "") << "whose it is, is not known before";
  ASSERT_EQ(Accepted(name), "");
  EXPECT_EQ(Record(name), "");
  EXPECT_NE(Seen(kAtB, name).person(), "");
  EXPECT_EQ(Record(name, nullptr, kCaseManagerToken), "PERMISSION_DENIED");
  EXPECT_EQ(Record(name, nullptr, kAuditorToken), "PERMISSION_DENIED");
  EXPECT_EQ(Record(name, nullptr, kOtherCaseManagerToken), "NOT_FOUND");
  EXPECT_EQ(Record(name, nullptr, kCentreHeadToken), "PERMISSION_DENIED");
  ASSERT_EQ(Revoked(name), "");
  EXPECT_EQ(Record(name), "REFERRAL_SHARING_ENDED");
  EXPECT_EQ(Seen(kAtB, name).person(), "");
  EXPECT_EQ(Seen(kAtB, name).request_text(), "");
  EXPECT_EQ(Seen(kCaseManagerToken, name).request_text(), kRequest);
}

TEST_F(ReferralDoors, CloseTheRecordWithItsLastDay) {
  v1::SendReferralRequest request = Wanted({v1::SHARED_PART_NEEDS});
  request.set_end_date("2024-05-12");
  const std::string name = Sent(request).name();
  ASSERT_EQ(Accepted(name), "");
  world().SetClock("2024-05-12 23:59");
  EXPECT_EQ(Record(name), "");
  world().SetClock("2024-05-13 00:00");
  EXPECT_EQ(Record(name), "REFERRAL_SHARING_ENDED");
}

TEST_F(ReferralDoors, ShowEachSideWhatIsItsOwn) {
  v1::SendReferralRequest request = Wanted({v1::SHARED_PART_NEEDS});
  const v1::Referral sent = Sent(request);
  EXPECT_EQ(sent.from_centre(), absl::StrCat("organizations/", kCentreA));
  EXPECT_EQ(sent.answer_due_date(), "2024-05-16") << "15 May is a holiday";
  EXPECT_EQ(sent.end_date(), "2024-08-08");
  EXPECT_THAT(sent.consent_receipt(), HasSubstr("/consentReceipts/"));
  EXPECT_EQ(sent.person(), "persons/" + sessions_.PersonOf(case_).ToString());
  const v1::Referral received = Seen(kAtB, sent.name());
  EXPECT_EQ(received.request_text(), kRequest);
  EXPECT_EQ(received.consent_receipt(), "");
  EXPECT_EQ(received.person(), "");
  EXPECT_THAT(received.SerializeAsString(), Not(HasSubstr(sessions_.PersonOf(case_).ToString())));
  v1::ListReferralsRequest list;
  list.set_parent("cases/-");
  for (const auto& [token, rows] : std::map<std::string, int>{
           {kAtB, 1}, {kCaseManagerToken, 1}, {kSupervisorToken, 1}, {kOtherCaseManagerToken, 0}}) {
    v1::ListReferralsResponse page;
    EXPECT_EQ(Call(token, "ReferralService/ListReferrals", list, &page), "") << token;
    EXPECT_EQ(page.referrals_size(), rows) << token;
    EXPECT_THAT(page.SerializeAsString(), Not(HasSubstr(kRequest)));
    EXPECT_THAT(page.SerializeAsString(), Not(HasSubstr(sessions_.PersonOf(case_).ToString())));
  }
  v1::ListReferralsResponse none;
  EXPECT_EQ(Call(kAuditorToken, "ReferralService/ListReferrals", list, &none), "PERMISSION_DENIED");
  list.set_filter("state = REFERRAL_STATE_DONE");
  EXPECT_EQ(Call(kAtB, "ReferralService/ListReferrals", list, &none), "");
  EXPECT_EQ(none.referrals_size(), 0);
}

TEST_F(ReferralDoors, SendNothingThatHerConsentRefusesAndKeepThatItDid) {
  served_.AnswerProvisions(registry::v1::CONSENT_REFUSAL_MISSING);
  v1::SendReferralRequest request = Wanted({v1::SHARED_PART_PLAN});
  request.set_request_id(base::Uuid::NewV7().ToString());
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_EQ(Call(kCaseManagerToken, "ReferralService/SendReferral", request), "CONSENT_MISSING");
  }
  EXPECT_EQ(world().Ask("SELECT count(*) FROM referral"), "0");
  v1::ListProvisionsRequest list;
  list.set_parent("cases/" + case_.ToString());
  v1::ListProvisionsResponse page;
  ASSERT_EQ(Call(kCaseManagerToken, "ReferralService/ListProvisions", list, &page), "");
  ASSERT_EQ(page.provisions_size(), 1);
  EXPECT_FALSE(page.provisions(0).allowed());
  EXPECT_EQ(page.provisions(0).refusal(), registry::v1::CONSENT_REFUSAL_MISSING);
  EXPECT_EQ(page.provisions(0).subject(), "");
  served_.AnswerProvisions(registry::v1::CONSENT_REFUSAL_UNSPECIFIED);
  request.set_request_id(base::Uuid::NewV7().ToString());
  const v1::Referral sent = Sent(request);
  EXPECT_EQ(Sent(request).name(), sent.name()) << "the same command, answered again";
  ASSERT_EQ(Call(kCaseManagerToken, "ReferralService/ListProvisions", list, &page), "");
  EXPECT_EQ(page.provisions_size(), 2);
  EXPECT_EQ(Call(kAtB, "ReferralService/ListProvisions", list, &page), "NOT_FOUND");
}

TEST_F(ReferralDoors, TakeAResultByALinkOnceAndSayNothingElse) {
  v1::SendReferralRequest request = Wanted({});
  request.set_recipient("organizations/" + agency_.ToString());
  const std::string name = Sent(request).name();
  v1::IssueReferralLinkRequest make;
  make.set_name(name);
  make.set_request_id(base::Uuid::NewV7().ToString());
  v1::ReferralLink link, again;
  ASSERT_EQ(Call(kCaseManagerToken, "ReferralService/IssueReferralLink", make, &link), "");
  ASSERT_EQ(Call(kCaseManagerToken, "ReferralService/IssueReferralLink", make, &again), "");
  EXPECT_EQ(link.token().size(), 64u);
  EXPECT_EQ(again.token(), "") << "it is answered once";
  EXPECT_EQ(world().Ask("SELECT count(*) FROM command_dedup AS kept WHERE kept::text LIKE '%" +
                        link.token() + "%'"),
            "0");

  v1::RecordReferralResultByLinkRequest use;
  use.set_outcome(v1::REFERRAL_OUTCOME_PROVIDED);
  use.set_text("두 번 만났습니다");
  const auto hand_in = [&](const std::string& token, const std::string& who = kPortalToken) {
    use.set_token(token);
    v1::RecordReferralResultByLinkResponse taken;
    return Call(who, "ReferralService/RecordReferralResultByLink", use, &taken);
  };
  std::string wrong = link.token();
  wrong.back() = wrong.back() == 'A' ? 'Q' : 'A';
  EXPECT_EQ(hand_in("nothing"), "REFERRAL_LINK_INVALID");
  EXPECT_EQ(hand_in(wrong), "REFERRAL_LINK_INVALID");
  EXPECT_EQ(world().Ask("SELECT wrong_count FROM referral_link"), "1");
  EXPECT_EQ(hand_in(link.token(), kAuditorToken), "PERMISSION_DENIED");
  EXPECT_EQ(hand_in(link.token()), "");
  EXPECT_EQ(hand_in(link.token()), "REFERRAL_LINK_INVALID");
  const v1::Referral done = Seen(kCaseManagerToken, name);
  EXPECT_EQ(done.state(), v1::REFERRAL_STATE_DONE);
  EXPECT_EQ(done.result_text(), "두 번 만났습니다");
  EXPECT_EQ(done.result_way(), v1::REFERRAL_ANSWER_WAY_LINK);
  // The portal reads nothing.
  v1::GetReferralRequest get;
  get.set_name(name);
  EXPECT_EQ(Call(kPortalToken, "ReferralService/GetReferral", get), "PERMISSION_DENIED");
}

TEST_F(ReferralDoors, RefuseWhatIsBadWithNothingHalfDone) {
  const int64_t before = world().EventCount();
  const auto refused = [&](auto change) {
    v1::SendReferralRequest request = Wanted({v1::SHARED_PART_NEEDS});
    change(request);
    return Call(kCaseManagerToken, "ReferralService/SendReferral", request);
  };
  EXPECT_EQ(refused([](auto& r) { r.clear_service(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto& r) { r.clear_items(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto& r) { r.clear_recipient(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto& r) { r.set_request_text("900101-1234567 번"); }), "RESIDENT_NUMBER");
  EXPECT_EQ(refused([](auto& r) { r.set_end_date("2024-02-30"); }), "DATE_INVALID");
  EXPECT_EQ(refused([](auto& r) { r.set_end_date("2024-05-09"); }), "DATE_INVALID");
  EXPECT_EQ(refused([](auto& r) { r.set_etag("\"77\""); }), "STALE_ETAG");
  EXPECT_EQ(refused([](auto& r) { r.set_ownership_epoch(2); }), "OWNERSHIP_MOVED");
  EXPECT_EQ(world().EventCount(), before);
  const std::string name = Sent(Wanted({})).name();
  v1::RevokeReferralRequest revoke;
  revoke.set_reason(v1::REFERRAL_REVOKE_REASON_PERSON_ERASED);
  EXPECT_EQ(Step(kCaseManagerToken, "RevokeReferral", name, revoke), "INVALID_FIELD");
}

// law:L17
TEST_F(ReferralDoors, LeaveEachReadInTheAccessLog) {
  const std::string name = Sent({v1::SHARED_PART_IDENTITY}).name();
  EXPECT_EQ(Record(name), "REFERRAL_SHARING_ENDED");
  ASSERT_EQ(Accepted(name), "");
  EXPECT_EQ(Record(name), "");
  EXPECT_EQ(world().Ask("SELECT string_agg(outcome, ' ' ORDER BY number) FROM access_log WHERE "
                        "method LIKE '%GetSharedRecord'"),
            "REFERRAL_SHARING_ENDED OK");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
