// Goal: a text that lacks what the law asks for asks for nothing, and a consent covers what its own
// text says and nothing more. Method: tables over purposes and parts.
#include "services/registry/consents/consent_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using base::FieldsOf;
using base::ReasonOf;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr char kRecipient[] = "organizations/0190c0de-0000-7000-8000-0000000000a0";

v1::ConsentText Whole(v1::ConsentPurpose purpose) {
  v1::ConsentText text;
  text.set_code("TEXT");
  text.set_version(1);
  text.set_language(v1::LANGUAGE_KO);
  text.set_purpose(purpose);
  text.set_stated_purpose("경력단절예방 지원사업 참여");
  text.add_items("성명");
  text.add_items("연락처");
  text.set_retention("사업 종료 후 3년");
  text.set_refusal_right("동의를 거부할 권리가 있습니다.");
  text.set_refusal_disadvantage("거부하면 안내를 받을 수 없습니다.");
  if (purpose == v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION) text.set_recipient(kRecipient);
  if (purpose == v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION) {
    text.add_publication_kinds(v1::PUBLICATION_KIND_PHOTO);
  }
  return text;
}

absl::Status Take(const v1::ConsentText& wanted) {
  ConsentText text;
  return TakeWording(wanted, &text);
}

ConsentText Read(const v1::ConsentText& wanted) {
  ConsentText text;
  const absl::Status taken = TakeWording(wanted, &text);
  EXPECT_TRUE(taken.ok()) << taken;
  return text;
}

std::vector<v1::ConsentPurpose> Purposes() {
  std::vector<v1::ConsentPurpose> purposes;
  for (int purpose = v1::ConsentPurpose_MIN + 1; purpose <= v1::ConsentPurpose_MAX; ++purpose) {
    purposes.push_back(static_cast<v1::ConsentPurpose>(purpose));
  }
  return purposes;
}

// law:L01 law:L09
TEST(ConsentText, OfEveryPurposeNamesEveryPartThatTheLawAsksFor) {
  const std::vector<std::pair<std::string, std::function<void(v1::ConsentText*)>>> parts = {
      {"stated_purpose", [](v1::ConsentText* text) { text->clear_stated_purpose(); }},
      {"items", [](v1::ConsentText* text) { text->clear_items(); }},
      {"retention", [](v1::ConsentText* text) { text->clear_retention(); }},
      {"refusal_right", [](v1::ConsentText* text) { text->clear_refusal_right(); }},
      {"refusal_disadvantage", [](v1::ConsentText* text) { text->clear_refusal_disadvantage(); }}};
  for (const auto purpose : Purposes()) {
    EXPECT_TRUE(Take(Whole(purpose)).ok()) << v1::ConsentPurpose_Name(purpose);
    for (const auto& [part, remove] : parts) {
      v1::ConsentText text = Whole(purpose);
      remove(&text);
      const absl::Status refused = Take(text);
      EXPECT_EQ(ReasonOf(refused), "CONSENT_INCOMPLETE") << part;
      EXPECT_THAT(FieldsOf(refused), ElementsAre("consent_text." + part));
    }
  }
}

TEST(ConsentText, TellsOfAllThatIsMissingAtOnce) {
  v1::ConsentText text = Whole(v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION);
  text.clear_recipient();
  text.set_retention("  ");
  EXPECT_THAT(FieldsOf(Take(text)),
              UnorderedElementsAre("consent_text.retention", "consent_text.recipient"));
}

// law:L02
TEST(ConsentText, OfAProvisionNamesTheRecipientAndNoOtherDoes) {
  for (const auto purpose : Purposes()) {
    const bool provision = purpose == v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION;
    v1::ConsentText text = Whole(purpose);
    text.clear_recipient();
    EXPECT_EQ(ReasonOf(Take(text)), provision ? "CONSENT_INCOMPLETE" : "");
    text.set_recipient(kRecipient);
    EXPECT_EQ(ReasonOf(Take(text)), provision ? "" : "INVALID_FIELD");
  }
}

// law:L44
TEST(ConsentText, OfAPublicationNamesWhatIsPublishedAndNoOtherDoes) {
  for (const auto purpose : Purposes()) {
    const bool publication = purpose == v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION;
    v1::ConsentText text = Whole(purpose);
    text.clear_publication_kinds();
    EXPECT_EQ(ReasonOf(Take(text)), publication ? "CONSENT_INCOMPLETE" : "");
    text.add_publication_kinds(v1::PUBLICATION_KIND_STORY);
    EXPECT_EQ(ReasonOf(Take(text)), publication ? "" : "INVALID_FIELD");
  }
}

// law:L03
TEST(ConsentText, GrantsItsOwnPurposeAndNoOther) {
  for (const auto asked : Purposes()) {
    for (const auto claimed : Purposes()) {
      const absl::Status outcome = RequirePurpose(Read(Whole(asked)), claimed);
      EXPECT_EQ(ReasonOf(outcome), asked == claimed ? "" : "CONSENT_PURPOSE_MISMATCH");
    }
  }
}

class Provision : public ::testing::Test {
 protected:
  v1::ConsentRefusal Judge(const std::vector<std::string>& items) const {
    return JudgeProvision(&head_, &text_, items, now_);
  }

  const absl::Time now_ = base::KoreaInstant(absl::CivilDay(2024, 9, 5), 12);
  const ConsentText text_ = Read(Whole(v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION));
  ConsentHead head_{.matter = text_.matter(),
                    .state = v1::CONSENT_STATE_GIVEN,
                    .decided_at = now_ - absl::Hours(1)};
};

// law:L02 row:R18
TEST_F(Provision, IsCoveredForTheItemsThatTheTextNames) {
  EXPECT_EQ(Judge({"성명"}), v1::CONSENT_REFUSAL_UNSPECIFIED);
  EXPECT_EQ(Judge({"연락처", "성명"}), v1::CONSENT_REFUSAL_UNSPECIFIED);
  EXPECT_EQ(Judge({"성명", "건강 상태"}), v1::CONSENT_REFUSAL_NOT_COVERED);
  EXPECT_EQ(Judge({" 성명 "}), v1::CONSENT_REFUSAL_UNSPECIFIED);
}

TEST_F(Provision, IsRefusedWithoutAConsentThatHolds) {
  EXPECT_EQ(JudgeProvision(nullptr, nullptr, {"성명"}, now_), v1::CONSENT_REFUSAL_MISSING);
  head_.expires_at = now_;
  EXPECT_EQ(Judge({"성명"}), v1::CONSENT_REFUSAL_EXPIRED);
  head_.state = v1::CONSENT_STATE_WITHDRAWN;
  EXPECT_EQ(Judge({"건강 상태"}), v1::CONSENT_REFUSAL_WITHDRAWN) << "the consent comes first";
  head_.state = v1::CONSENT_STATE_REFUSED;
  EXPECT_EQ(Judge({"성명"}), v1::CONSENT_REFUSAL_REFUSED);
}

// law:L05
TEST_F(Provision, IsNotWidenedByALaterTextThatNobodyWasAskedWith) {
  v1::ConsentText later = Whole(v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION);
  later.set_version(2);
  later.add_items("경력");
  EXPECT_EQ(JudgeProvision(&head_, &text_, {"경력"}, now_), v1::CONSENT_REFUSAL_NOT_COVERED);
  const ConsentText second = Read(later);
  EXPECT_EQ(JudgeProvision(&head_, &second, {"경력"}, now_), v1::CONSENT_REFUSAL_UNSPECIFIED)
      << "once she was asked with it";
}

// law:L44
TEST(Publication, IsCoveredForTheKindsThatTheTextNames) {
  const absl::Time now = base::KoreaInstant(absl::CivilDay(2024, 9, 5), 12);
  const ConsentText text = Read(Whole(v1::CONSENT_PURPOSE_PORTRAIT_PUBLICATION));
  const ConsentHead head{
      .matter = text.matter(), .state = v1::CONSENT_STATE_GIVEN, .decided_at = now};
  EXPECT_EQ(JudgePublication(&head, &text, v1::PUBLICATION_KIND_PHOTO, now),
            v1::CONSENT_REFUSAL_UNSPECIFIED);
  EXPECT_EQ(JudgePublication(&head, &text, v1::PUBLICATION_KIND_WORK, now),
            v1::CONSENT_REFUSAL_NOT_COVERED);
  EXPECT_EQ(JudgePublication(nullptr, nullptr, v1::PUBLICATION_KIND_PHOTO, now),
            v1::CONSENT_REFUSAL_MISSING);
}

}  // namespace
}  // namespace ieum::registry
