// The rules and templates of the scenarios, and events to try them with.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/rule_service.pb.h"
#include "ieum/notify/v1/template_service.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify::testing {

inline constexpr char kBusan[] = "bsn-2023";
inline constexpr char kIncheon[] = "inc-2024";

// Code and resource, in the order of the file.
std::vector<std::pair<std::string, v1::Template>> ScenarioTemplates(
    const std::string& year = kBusan);
std::vector<std::pair<std::string, v1::Rule>> ScenarioRules(const std::string& year = kBusan);

// Busan's rules as versions 1 in force since `since`; `codes` empty = all.
std::vector<Rule> RulesInForce(absl::Time since, const std::vector<std::string>& codes = {});

// "2023-04-10 14:00" in Korea.
absl::Time At(const std::string& korea_time);

inline constexpr char kContact[] = "018c0000-0000-7000-8000-00000000c001";
inline constexpr char kConsultant[] = "018c0000-0000-7000-8000-00000000c002";
inline constexpr char kVisit[] = "018c0000-0000-7000-8000-0000000000a1";
inline constexpr char kForm[] = "018c0000-0000-7000-8000-0000000000b1";
inline constexpr char kFirm[] = "018c0000-0000-7000-8000-0000000000f1";

// Events of one visit that begins at 10:00 on `day`.
casemgmt::v1::VisitPlanned VisitPlanned(const std::string& day, const std::string& visit = kVisit);
casemgmt::v1::VisitRescheduled VisitMoved(const std::string& from, const std::string& day,
                                          const std::string& visit = kVisit);
casemgmt::v1::VisitCancelled VisitCancelled(const std::string& day,
                                            const std::string& visit = kVisit);
casemgmt::v1::VisitHeld VisitHeld(const std::string& day, bool with_minutes,
                                  const std::string& visit = kVisit);
casemgmt::v1::VisitReportRecorded MinutesRecorded(const std::string& day,
                                                  const std::string& visit = kVisit);
// Events of one form whose window ends on `last_day`.
casemgmt::v1::ApplicationDrafted FormDrafted(const std::string& last_day,
                                             const std::string& form = kForm);
casemgmt::v1::ApplicationSubmitted FormSubmitted(const std::string& last_day,
                                                 const std::string& form = kForm);
casemgmt::v1::ApplicationWindowChanged WindowMoved(const std::string& last_day,
                                                   const std::string& form = kForm);
registry::v1::EnrolmentConfirmed Confirmed(const std::string& day, const std::string& enrolment);

}  // namespace ieum::notify::testing
