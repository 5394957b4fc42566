// The people of 2024 over four real services: entered, asked for consent, taken in month by month,
// and one of them destroyed.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "tests/flows/suite.h"
#include "tools/play/services.h"

namespace ieum::testing {

struct Said {
  registry::v1::ConsentPurpose purpose;
  int first, last;  // of the people who consent
};
// Collection 96, sensitive 58, provision 41, marketing 52, and at night 7 of those who want it.
inline const std::vector<Said>& Papers() {
  static const auto* papers =
      new std::vector<Said>{{registry::v1::CONSENT_PURPOSE_COLLECTION, 1, 96},
                            {registry::v1::CONSENT_PURPOSE_SENSITIVE, 1, 58},
                            {registry::v1::CONSENT_PURPOSE_THIRD_PARTY_PROVISION, 1, 41},
                            {registry::v1::CONSENT_PURPOSE_ADVERTISING, 1, 52},
                            {registry::v1::CONSENT_PURPOSE_NIGHT_ADVERTISING, 20, 26}};
  return *papers;
}

// A month of intakes, taken on one day of it, and how many there have been by its end.
struct Month {
  const char* day;
  const char* last_day;
  int intakes;
};
inline constexpr Month kMonths[] = {
    {"2024-02-05", "2024-02-29", 5}, {"2024-03-04", "2024-03-31", 9},
    {"2024-04-01", "2024-04-30", 9}, {"2024-05-02", "2024-05-31", 8},
    {"2024-06-24", "2024-06-30", 7}, {"2024-07-29", "2024-07-31", 6},
    {"2024-08-20", "2024-08-31", 6}, {"2024-09-05", "2024-09-30", 6},
    {"2024-10-02", "2024-10-31", 4}, {"2024-11-04", "2024-11-30", 3}};

class People2024 : public ::testing::Test {
 protected:
  void SetUp() override {
    auto services = play::Services::Open(suite_.file());
    ASSERT_TRUE(services.ok()) << services.status();
    services_.emplace(*std::move(services));
  }

  static absl::Time KoreaTime(const std::string& text) {
    absl::Time time;
    EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M%Ez", text + "+09:00", &time, nullptr)) << text;
    return time;
  }
  void SetClock(const std::string& korea_time) {
    now_ = KoreaTime(korea_time);
    const absl::Status set = services_->SetClock(now_);
    ASSERT_TRUE(set.ok()) << set;
  }
  template <class Response>
  Response Ask(const std::string& method, const google::protobuf::Message& request,
               const std::string& service = "registry") {
    Response response;
    const absl::Status asked = services_->Call(
        service, absl::StrCat("/ieum.", service, ".v1.", method), request, &response);
    EXPECT_TRUE(asked.ok()) << method << ": " << asked;
    return response;
  }
  std::string Count(const std::string& sql) {
    return suite_.Ask("registry", "SELECT count(*) FROM " + sql);
  }

  void EnterMasters();
  void EnterPeople();
  void RecordConsents();
  std::string OpenCampaign(const std::string& code, const std::string& name);
  std::string Enrol(const std::string& campaign, int number);
  void DefineFigures(const std::map<std::string, std::string>& filters);
  int Figure(const std::string& indicator, const std::string& cut_off = "");
  int Given(registry::v1::ConsentPurpose purpose);
  void WithdrawAdvertising(int number);
  void TakeIn(const Month& month);
  void LeaveAndBeDestroyed();
  // What of her own stands in tables, streams, logs or metrics of any service; "" = nothing.
  std::string FindHerAnywhere();

  const std::string& Person(int number) const { return people_.at(number - 1); }

  Suite suite_;
  std::optional<play::Services> services_;
  absl::Time now_;
  std::vector<std::string> people_;
  std::string lead_centre_, link_, groups_;
  std::string her_enrolment_;  // of P0017
  int next_ = 1;               // who is taken in next; P0017 is not in that line
};

}  // namespace ieum::testing
