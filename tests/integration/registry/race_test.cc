// Goal: of several that choose one id at the same moment, one wins and the others hear the reason
// that they would have heard later. Method: real concurrency over gRPC, several rounds, each with a
// fresh id and a request_id of its own for every caller.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr int kCallers = 4;
constexpr int kRounds = 8;

std::string FreshId() { return base::Uuid::NewV7().ToString(); }

// How often each answer was heard, by reason; "OK" for none, the code's name where none is given.
using Heard = std::map<std::string, int>;

std::string WordOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const std::string reason = base::ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

// `call(caller)` by all callers at once.
template <class F>
Heard AllAtOnce(F call) {
  std::vector<std::string> words(kCallers);
  std::barrier gate(kCallers);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < kCallers; ++caller) {
    threads.emplace_back([&, caller] {
      gate.arrive_and_wait();
      words[caller] = WordOf(call(caller));
    });
  }
  for (std::thread& thread : threads) thread.join();
  Heard heard;
  for (const std::string& word : words) ++heard[word];
  return heard;
}

class Race : public ::testing::Test {
 protected:
  // Rounds of callers; `make(id, round, caller)` asks for the new thing. Each round one wins.
  template <class F>
  void ExpectOneWinner(F make) {
    for (int round = 1; round <= kRounds; ++round) {
      const std::string id = FreshId();
      EXPECT_THAT(AllAtOnce([&](int caller) { return make(id, round, caller); }),
                  ElementsAre(Pair("ID_TAKEN", kCallers - 1), Pair("OK", 1)));
    }
  }

  absl::Status CreateFirm(const std::string& id, int number) {
    v1::CreateOrganizationRequest request;
    request.set_organization_id(id);
    request.set_request_id(FreshId());
    request.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_FIRM);
    request.mutable_organization()->set_display_name("동백어묵식품(주)");
    request.mutable_organization()->set_business_registration_number(BusinessNumber(number));
    return world_.Call<v1::Organization>("OrganizationService/CreateOrganization", request)
        .status();
  }
  absl::Status CreateCampaign(const std::string& id, const std::string& code) {
    v1::CreateCampaignRequest request;
    request.set_campaign_id(id);
    request.set_request_id(FreshId());
    v1::Campaign& campaign = *request.mutable_campaign();
    campaign.set_programme("BSN");
    campaign.set_edition("2023");
    campaign.set_code(code);
    campaign.set_display_name("일·생활균형 캠페인");
    campaign.set_task(v1::TASK_KIND_INCENTIVE);
    campaign.set_admission(v1::ADMISSION_MODE_NONE);
    return world_.Call<v1::Campaign>("CampaignService/CreateCampaign", request).status();
  }
  absl::Status CreatePerson(const std::string& id) {
    v1::CreatePersonRequest request;
    request.set_person_id(id);
    request.set_request_id(FreshId());
    request.mutable_person()->set_full_name("표은비");
    request.mutable_person()->set_basis(v1::LEGAL_BASIS_CONTRACT);
    return world_.Call<v1::Person>("PersonService/CreatePerson", request).status();
  }

  World world_;
};

TEST_F(Race, ForAnOrganizationsIdHasOneWinner) {
  ExpectOneWinner([&](const std::string& id, int round, int caller) {
    // The number of one firm, or a number for each caller.
    return CreateFirm(id, round % 2 == 0 ? round : 100 * round + caller);
  });
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM organization"), absl::StrCat(kRounds));
}

TEST_F(Race, ForABusinessNumberHasOneWinner) {
  for (int round = 1; round <= kRounds; ++round) {
    EXPECT_THAT(AllAtOnce([&](int) { return CreateFirm(FreshId(), round); }),
                ElementsAre(Pair("BUSINESS_NUMBER_TAKEN", kCallers - 1), Pair("OK", 1)));
  }
}

TEST_F(Race, ForACampaignsIdHasOneWinner) {
  ExpectOneWinner([&](const std::string& id, int round, int caller) {
    return CreateCampaign(id, absl::StrCat("C", round, "-", round % 2 == 0 ? 0 : caller));
  });
}

TEST_F(Race, ForACampaignsCodeHasOneWinner) {
  for (int round = 1; round <= kRounds; ++round) {
    EXPECT_THAT(AllAtOnce([&](int) { return CreateCampaign(FreshId(), absl::StrCat("C", round)); }),
                ElementsAre(Pair("CAMPAIGN_CODE_TAKEN", kCallers - 1), Pair("OK", 1)));
  }
}

TEST_F(Race, ForAPersonsIdHasOneWinner) {
  ExpectOneWinner([&](const std::string& id, int, int) { return CreatePerson(id); });
}

// The receipts of a question follow from its request_id: asked several times at once, it is
// answered to everybody with the same receipts.
TEST_F(Race, OfOneQuestionForContactsIsAnsweredOnce) {
  const std::string contact = world_.Person("표은비");
  for (int round = 1; round <= kRounds; ++round) {
    v1::ResolveContactsRequest request;
    request.add_persons(contact);
    request.set_purpose(v1::CONTACT_PURPOSE_SERVICE_NOTICE);
    request.set_message_reference("messages/0190b0c0-0000-7000-8000-000000000001");
    request.set_request_id(FreshId());
    std::vector<std::string> receipts(kCallers);
    const auto ask = [&](int caller) {
      const auto answer = world_.Call<v1::ResolveContactsResponse>("PersonService/ResolveContacts",
                                                                   request, world_.service.get());
      if (answer.ok()) receipts[caller] = answer->resolutions(0).receipt_id();
      return answer.status();
    };
    EXPECT_THAT(AllAtOnce(ask), ElementsAre(Pair("OK", kCallers)));
    EXPECT_THAT(receipts, ::testing::Each(receipts[0]));
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM contact_receipt"), absl::StrCat(kRounds));
}

}  // namespace
}  // namespace ieum::registry
