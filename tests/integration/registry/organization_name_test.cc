// Goal: a firm is found by a part of its name, however it was written, and by an index. Method: a
// table of names and words; the plan and the answers over 10,000 names. row:Y4
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/registry/organizations/organization_search_store.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Names : public ::testing::Test {
 protected:
  void Firm(const std::string& display_name) {
    v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_FIRM);
    request.mutable_organization()->set_display_name(display_name);
    request.mutable_organization()->set_business_registration_number(BusinessNumber(++number_));
    last_ =
        world_.Call<v1::Organization>("OrganizationService/CreateOrganization", request)->name();
  }
  absl::StatusOr<v1::SearchOrganizationsResponse> Search(const std::string& query,
                                                         int max_results = 0,
                                                         bool show_deactivated = false) {
    v1::SearchOrganizationsRequest request;
    request.set_query(query);
    request.set_max_results(max_results);
    request.set_show_deactivated(show_deactivated);
    return world_.Call<v1::SearchOrganizationsResponse>("OrganizationService/SearchOrganizations",
                                                        request);
  }
  std::vector<std::string> Found(const std::string& query, bool show_deactivated = false) {
    const auto answer = Search(query, 0, show_deactivated);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> names;
    if (!answer.ok()) return names;
    for (const auto& found : answer->organizations()) names.push_back(found.display_name());
    return names;
  }

  World world_;
  std::string last_;
  int number_ = 0;
};

TEST_F(Names, AreFoundWhateverTheSpacingTheSignsAndTheFormOfTheCompany) {
  const char* kName = "㈜ 동백 어묵·식품";
  Firm(kName);
  for (const char* query :
       {"동백어묵식품", "동백 어묵", "어묵 식품", "주식회사 동백", "(주)동백어묵",
        "동백어묵식품(주)", "백어", "묵", "　동백", "ㆍ어묵ㆍ식품"}) {
    EXPECT_THAT(Found(query), ElementsAre(kName)) << query;
  }
  for (const char* query : {"동백식품", "어묵동백", "동박", "주식회사 식품어묵"}) {
    EXPECT_THAT(Found(query), IsEmpty()) << query;
  }
}

TEST_F(Names, InLatinLettersAreFoundWhateverTheCaseAndTheWidth) {
  Firm("Dongbaek FOODS Co., Ltd.");
  for (const char* query : {"dongbaek foods", "DONGBAEKFOODS", "ＤＯＮＧＢＡＥＫ", "baek food",
                            "Dongbaek Foods Inc."}) {
    EXPECT_THAT(Found(query), ElementsAre("Dongbaek FOODS Co., Ltd.")) << query;
  }
  EXPECT_THAT(Found("companion"), IsEmpty());
  Firm("Companion 컨설팅");
  EXPECT_THAT(Found("companion"), ElementsAre("Companion 컨설팅")) << "no word of it is the form";
}

TEST_F(Names, ComeWithTheSameNameFirstThenThoseThatBeginSo) {
  for (const char* name : {"새동백", "동백정밀공업", "주식회사 동백", "동백전자"}) Firm(name);
  EXPECT_THAT(Found("(주)동백"),
              ElementsAre("주식회사 동백", "동백전자", "동백정밀공업", "새동백"));
  const auto two = Search("동백", 2);
  EXPECT_EQ(two->organizations_size(), 2);
  EXPECT_TRUE(two->incomplete());
  EXPECT_FALSE(Search("동백", 4)->incomplete());
}

TEST_F(Names, OfDeactivatedOnesAreShownWhenAskedFor) {
  Firm("동백정밀");
  v1::DeactivateOrganizationRequest end;
  end.set_name(last_);
  end.set_reason(v1::DEACTIVATION_REASON_CLOSED_DOWN);
  ASSERT_TRUE(
      world_.Call<v1::Organization>("OrganizationService/DeactivateOrganization", end).ok());
  EXPECT_THAT(Found("동백"), IsEmpty());
  EXPECT_THAT(Found("동백", true), ElementsAre("동백정밀"));
}

TEST_F(Names, AreNotSearchedByNothing) {
  for (const char* query : {" ", "(주)", "주식회사", "·", "Co., Ltd."}) {
    EXPECT_THAT(base::FieldsOf(Search(query).status()), ElementsAre("query")) << query;
  }
  // Signs of patterns stand for themselves.
  Firm("동백");
  EXPECT_THAT(Found("동백"), ElementsAre("동백"));
  EXPECT_THAT(base::FieldsOf(Search("%").status()), ElementsAre("query"));
}

TEST_F(Names, FollowAChangeOfName) {
  Firm("동백정밀");
  v1::UpdateOrganizationRequest rename;
  rename.mutable_organization()->set_name(last_);
  rename.mutable_organization()->set_display_name("누리전자");
  rename.mutable_update_mask()->add_paths("display_name");
  ASSERT_TRUE(world_.Call<v1::Organization>("OrganizationService/UpdateOrganization", rename).ok());
  EXPECT_THAT(Found("동백"), IsEmpty());
  EXPECT_THAT(Found("누리"), ElementsAre("누리전자"));
}

TEST(NamePlans, AreFoundByAnIndexAmongTenThousand) {
  testing::TestDatabase database(registry_migrations());
  database.Ask(R"(WITH made AS (INSERT INTO organization (id, kind, display_name, business_number,
      state, created_at, updated_at)
    SELECT gen_random_uuid(), 1, '주식회사 ' || (ARRAY['동백', '누리', '가람', '한빛', '새봄'])[1 + n % 5]
      || (ARRAY['어묵', '전자', '기계', '식품', '물산', '산업', '정밀'])[1 + n / 5 % 7] || n,
      lpad(n::text, 10, '0'), 1, now(), now()
    FROM generate_series(1, 10000) n RETURNING 1) SELECT count(*) FROM made)");
  database.Ask("ANALYZE organization");
  const std::string sql = absl::StrReplaceAll(
      NameSearchSql(),
      {{"$1", "'어묵777'"}, {"$2", "false"}, {"$3", "20"}, {"$4", "'2023-05-02'"}});
  std::string plan;
  ASSERT_TRUE(database.database()
                  .Read("plan",
                        [&](db::Tx& tx) {
                          plan.clear();
                          for (const auto& row : tx.RunDynamic("EXPLAIN (COSTS OFF) " + sql, {})) {
                            plan += std::string(row[0].c_str()) + "\n";
                          }
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_THAT(plan, HasSubstr("organization_name_part"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on organization "))) << plan;
}

}  // namespace
}  // namespace ieum::registry
