// Goal: words that are kept in clear text do not say by which numbers somebody is reached. Method:
// examples of what people write, and of what only looks like it.
#include "services/registry/access/spoken_reason.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SpokenReason, HoldsNoEmailAddress) {
  for (const char* words :
       {"asked by kim@firm.test today", "kim.lee+1@firm.co.kr", "메일은 kim@회사.한국 으로",
        "kim @ firm.test", "kim＠firm.test", "kim@firm．test"}) {
    const absl::Status refused = CheckSaysNobody(words);
    EXPECT_THAT(base::FieldsOf(refused), ElementsAre("reason")) << words;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("e-mail")) << words;
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("kim"))) << words;
  }
}

TEST(SpokenReason, HoldsNoPhoneNumber) {
  for (const char* words :
       {"010-0000-0001", "전화 01000000001로 왔음", "(02)123-4567", "02 123 4567", "051.123.4567",
        "０１０-００００-０００１", "010–0000–0001", "+82 10-0000-0001", "call +44 20 7946 0018",
        "0505-123-4567", "070-1234-5678.", "010 - 0000 - 0001", "010/0000/0001", "010_0000_0001",
        "010\u00a00000\u00a00001", "010\u30000000\u30000001", "+82–10–0000–0001"}) {
    const absl::Status refused = CheckSaysNobody(words);
    EXPECT_THAT(base::FieldsOf(refused), ElementsAre("reason")) << words;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("phone")) << words;
  }
}

TEST(SpokenReason, MayHoldOtherNumbersAndWords) {
  for (const char* words :
       {"works there from today on", "담당자 부재, 방문이 한 시간 뒤", "2023-05-02 14:30부터 4시간",
        "visit 3 of 12, room 402", "campaigns/0190b0c0-0000-7000-8000-000000000001",
        "subjects/01912345-6789-7abc-8def-0123456789ab", "사업자등록번호 999-81-00015",
        "예산 1,200,000원", "meet @ the centre", "5.18 and 10.10", "order 2023/117",
        "in 2023, 0.5 hours"}) {
    EXPECT_TRUE(CheckSaysNobody(words).ok()) << words;
  }
}

}  // namespace
}  // namespace ieum::registry
