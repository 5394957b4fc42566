// Goal: codes of every period can be read, each with the days on which it holds and its names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

class Reference : public ::testing::Test {
 protected:
  std::vector<std::string> Regions(const std::string& filter, const std::string& valid_on) {
    v1::ListRegionsRequest request;
    request.set_page_size(7);  // several pages
    request.set_filter(filter);
    request.set_valid_on(valid_on);
    std::vector<std::string> codes;
    do {
      const auto page =
          world_.Call<v1::ListRegionsResponse>("ReferenceService/ListRegions", request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const auto& region : page->regions()) codes.push_back(region.code());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return codes;
  }
  v1::Region Region(const std::string& code) {
    v1::GetRegionRequest request;
    request.set_name("regions/" + code);
    return world_.Call<v1::Region>("ReferenceService/GetRegion", request).value_or(v1::Region());
  }

  World world_;
};

// row:R30
TEST_F(Reference, HasTheDistrictsOfBusanAndIncheonWithTheirDays) {
  EXPECT_EQ(Regions("province_code = \"26\"", "2023-01-01").size(), 16u);
  EXPECT_EQ(Regions("province_code = \"28\"", "2026-06-30").size(), 10u);
  EXPECT_THAT(Regions("province_code = \"28\"", "2026-07-01"),
              ElementsAre("28125", "28155", "28177", "28185", "28200", "28237", "28245", "28275",
                          "28290", "28710", "28720"));
}

TEST_F(Reference, HasTheProvincesOfEachDay) {
  EXPECT_EQ(Regions("-province_code:*", "2023-01-01").size(), 17u);
  const auto changed = [&](const char* day) {
    return Regions(
        "code = \"12\" OR code = \"29\" OR code = \"42\" OR code = \"45\" OR code = \"46\" OR "
        "code = \"51\" OR code = \"52\"",
        day);
  };
  EXPECT_THAT(changed("2023-06-10"), ElementsAre("29", "42", "45", "46"));
  EXPECT_THAT(changed("2023-06-11"), ElementsAre("29", "45", "46", "51"));
  EXPECT_THAT(changed("2024-01-18"), ElementsAre("29", "46", "51", "52"));
  EXPECT_THAT(changed("2026-07-01"), ElementsAre("12", "51", "52"));
}

TEST_F(Reference, KeepsAnOldCodeReadableWithItsLastDay) {
  const v1::Region old = Region("28110");
  EXPECT_EQ(old.display_name(), "중구");
  EXPECT_EQ(old.display_name_en(), "Jung-gu");
  EXPECT_EQ(old.province_code(), "28");
  EXPECT_EQ(old.valid_from(), "");
  EXPECT_EQ(old.valid_to(), "2026-06-30");
  EXPECT_EQ(Region("28125").valid_from(), "2026-07-01");
}

TEST_F(Reference, TakesAProvinceCodeWithZerosForTheProvince) {
  EXPECT_EQ(Region("26000").name(), "regions/26");
  v1::GetRegionRequest request;
  request.set_name("regions/99999");
  EXPECT_EQ(base::ReasonOf(world_.Call<v1::Region>("ReferenceService/GetRegion", request).status()),
            "NOT_FOUND");
}

TEST_F(Reference, HasSectionsAndDivisionsOfBothRevisionsOfKsic) {
  const auto count = [&](const std::string& filter, const std::string& valid_on) {
    v1::ListKsicCodesRequest request;
    request.set_page_size(500);
    request.set_filter(filter);
    request.set_valid_on(valid_on);
    const auto page =
        world_.Call<v1::ListKsicCodesResponse>("ReferenceService/ListKsicCodes", request);
    return page.ok() ? page->ksic_codes_size() : -1;
  };
  EXPECT_EQ(count("", ""), 2 * (21 + 77));
  EXPECT_EQ(count("", "2024-06-30"), 98);
  EXPECT_EQ(count("revision = 11 AND section = \"C\"", "2024-07-01"), 26);
  v1::GetKsicCodeRequest request;
  request.set_name("ksicCodes/10-28");
  const auto code = world_.Call<v1::KsicCode>("ReferenceService/GetKsicCode", request);
  ASSERT_TRUE(code.ok()) << code.status();
  EXPECT_EQ(code->section(), "C");
  EXPECT_EQ(code->display_name(), "전기장비 제조업");
  EXPECT_EQ(code->valid_to(), "2024-06-30");
}

TEST_F(Reference, HasComplexesAndSchemes) {
  v1::ListIndustrialComplexesRequest complexes;
  complexes.set_filter("kind = INDUSTRIAL_COMPLEX_KIND_NATIONAL AND region_code = \"26*\"");
  const auto page = world_.Call<v1::ListIndustrialComplexesResponse>(
      "ReferenceService/ListIndustrialComplexes", complexes);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->industrial_complexes_size(), 1);
  EXPECT_EQ(page->industrial_complexes(0).name(), "industrialComplexes/K01");
  v1::ListSchemesRequest schemes;
  const auto all = world_.Call<v1::ListSchemesResponse>("ReferenceService/ListSchemes", schemes);
  ASSERT_TRUE(all.ok()) << all.status();
  std::vector<std::string> codes;
  for (const auto& scheme : all->schemes()) codes.push_back(scheme.code());
  EXPECT_THAT(codes, ElementsAre("ENV", "FLEX", "REMOTE", "WI10", "WLBA"));
  v1::GetSchemeRequest one;
  one.set_name("schemes/FLEX");
  EXPECT_EQ(world_.Call<v1::Scheme>("ReferenceService/GetScheme", one)->display_name(),
            "유연근무 간접노무비");
}

// law:L42
TEST_F(Reference, HasTheHolidaysOfFiveYearsTemporaryOnesToo) {
  const struct {
    const char* year;
    int holidays;
  } years[] = {{"2023", 18}, {"2024", 19}, {"2025", 19}, {"2026", 22}, {"2027", 24}};
  for (const auto& one : years) {
    v1::ListHolidaysRequest request;
    request.set_page_size(100);
    request.set_filter(std::string("date >= \"") + one.year + "-01-01\" AND date <= \"" + one.year +
                       "-12-31\"");
    const auto page =
        world_.Call<v1::ListHolidaysResponse>("ReferenceService/ListHolidays", request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->holidays_size(), one.holidays) << one.year;
  }
  v1::GetHolidayRequest request;
  for (const char* day : {"2023-10-02", "2024-04-10", "2024-10-01", "2026-06-03"}) {
    request.set_name(std::string("holidays/") + day);
    EXPECT_TRUE(world_.Call<v1::Holiday>("ReferenceService/GetHoliday", request).ok()) << day;
  }
  request.set_name("holidays/2023-10-04");
  EXPECT_EQ(
      base::ReasonOf(world_.Call<v1::Holiday>("ReferenceService/GetHoliday", request).status()),
      "NOT_FOUND");
}

TEST_F(Reference, RefusesAFilterOrATokenThatDoesNotFit) {
  v1::ListRegionsRequest request;
  request.set_filter("population > 3");
  EXPECT_EQ(
      base::ReasonOf(
          world_.Call<v1::ListRegionsResponse>("ReferenceService/ListRegions", request).status()),
      "FILTER_INVALID");
  request.set_filter("");
  request.set_page_size(3);
  const auto first = world_.Call<v1::ListRegionsResponse>("ReferenceService/ListRegions", request);
  ASSERT_TRUE(first.ok());
  request.set_page_token(first->next_page_token());
  request.set_valid_on("2023-01-01");
  EXPECT_EQ(
      base::ReasonOf(
          world_.Call<v1::ListRegionsResponse>("ReferenceService/ListRegions", request).status()),
      "PAGE_TOKEN_INVALID");
  request.clear_page_token();
  request.set_valid_on("2023-02-30");
  EXPECT_EQ(
      base::ReasonOf(
          world_.Call<v1::ListRegionsResponse>("ReferenceService/ListRegions", request).status()),
      "DATE_INVALID");
}

}  // namespace
}  // namespace ieum::registry
