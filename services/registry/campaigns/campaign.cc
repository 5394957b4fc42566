#include "services/registry/campaigns/campaign.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/message_differencer.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "services/registry/instants.h"
#include "services/registry/printed_name.h"

namespace ieum::registry {
namespace {

absl::Status WrongState(const Campaign& campaign, std::string_view what) {
  const std::string state = v1::CampaignState_Name(campaign.state);
  return base::Forbidden(v1::ERROR_REASON_CAMPAIGN_STATE,
                         absl::StrCat("the campaign is in ", state, "; ", std::string(what)),
                         {{"campaign", CampaignName(campaign.id)}, {"state", state}});
}

absl::Status RequireWindow(const Campaign& campaign) {
  if (campaign.window || campaign.admission == v1::ADMISSION_MODE_NONE) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_WINDOW_MISSING,
                         "a campaign that takes forms needs a window before it opens",
                         {{"campaign", CampaignName(campaign.id)}});
}

// Whoever hears of a campaign refuses other years, and would never learn of it.
bool OfOurTimes(absl::Time instant) {
  const auto year = absl::ToCivilYear(instant, absl::UTCTimeZone()).year();
  return year >= 1900 && year < 3000;
}

std::optional<TimeWindow> TakeWindow(const v1::Campaign& wanted, base::FieldErrors* errors) {
  if (!wanted.has_window()) return std::nullopt;
  const TimeWindow window{FromTimestamp(wanted.window().start_time()),
                          FromTimestamp(wanted.window().end_time())};
  if (!wanted.window().has_start_time() || !wanted.window().has_end_time()) {
    errors->Add("INVALID_FIELD", "campaign.window", "needs a start_time and an end_time");
  } else if (!OfOurTimes(window.start) || !OfOurTimes(window.end)) {
    errors->Add("INVALID_FIELD", "campaign.window", "must lie within the years 1900 to 2999");
  } else if (window.end <= window.start) {
    errors->Add(v1::ERROR_REASON_DATE_ORDER, "campaign.window.end_time",
                "must be later than start_time");
  }
  return window;
}

template <class Values>
bool HasUnspecified(const Values& values) {
  return std::find(values.begin(), values.end(), 0) != values.end();
}

}  // namespace

absl::CivilDay TimeWindow::FirstDay() const { return base::KoreaDay(start); }
absl::CivilDay TimeWindow::LastDay() const { return base::KoreaDay(end - absl::Microseconds(1)); }

bool Campaign::TookFormsDuring(absl::Time first, absl::Time last) const {
  if (state == v1::CAMPAIGN_STATE_PLANNED || !window || !window->Meets(first, last)) return false;
  return !closed_at || first < *closed_at;
}

std::string CampaignName(const base::Uuid& id) { return "campaigns/" + id.ToString(); }

void TakeTerms(const v1::Campaign& wanted, Campaign* campaign, base::FieldErrors* errors) {
  campaign->display_name =
      CheckPrintedName(wanted.display_name(), "campaign.display_name", kTitleMax, errors);
  campaign->window = TakeWindow(wanted, errors);
  campaign->capacity = wanted.capacity();
  campaign->waiting_list = wanted.waiting_list();
  campaign->offer_hours = wanted.offer_hours();
  campaign->eligibility = wanted.eligibility();
  if (wanted.capacity() < 0) {
    errors->Add("INVALID_FIELD", "campaign.capacity", "must not be negative; 0 is no limit");
  }
  if (wanted.offer_hours() < 0) {
    errors->Add("INVALID_FIELD", "campaign.offer_hours",
                "must not be negative; 0 gives the seat at once");
  }
  if (HasUnspecified(wanted.eligibility().organization_kinds())) {
    errors->Add("INVALID_FIELD", "campaign.eligibility.organization_kinds", "must name kinds");
  }
  if (HasUnspecified(wanted.eligibility().size_bands())) {
    errors->Add("INVALID_FIELD", "campaign.eligibility.size_bands", "must name bands");
  }
}

v1::Campaign TermsOf(const Campaign& campaign) {
  v1::Campaign terms;
  terms.set_display_name(campaign.display_name);
  if (campaign.window) {
    *terms.mutable_window()->mutable_start_time() = ToTimestamp(campaign.window->start);
    *terms.mutable_window()->mutable_end_time() = ToTimestamp(campaign.window->end);
  }
  terms.set_capacity(campaign.capacity);
  terms.set_waiting_list(campaign.waiting_list);
  terms.set_offer_hours(campaign.offer_hours);
  *terms.mutable_eligibility() = campaign.eligibility;
  return terms;
}

std::vector<std::string> ChangedTerms(const Campaign& before, const Campaign& after) {
  std::vector<std::string> paths;
  if (before.display_name != after.display_name) paths.push_back("display_name");
  if (before.window != after.window) paths.push_back("window");
  if (before.capacity != after.capacity) paths.push_back("capacity");
  if (before.waiting_list != after.waiting_list) paths.push_back("waiting_list");
  if (before.offer_hours != after.offer_hours) paths.push_back("offer_hours");
  if (!google::protobuf::util::MessageDifferencer::Equals(before.eligibility, after.eligibility)) {
    paths.push_back("eligibility");
  }
  return paths;
}

void CheckRuleCodes(const std::vector<std::string>& unknown_regions,
                    const std::vector<std::string>& unknown_ksic, base::FieldErrors* errors) {
  if (!unknown_regions.empty()) {
    errors->Add(v1::ERROR_REASON_REGION_UNKNOWN, "campaign.eligibility.region_prefixes",
                absl::StrCat("begin no region code: ", absl::StrJoin(unknown_regions, ", ")));
  }
  if (!unknown_ksic.empty()) {
    errors->Add(v1::ERROR_REASON_KSIC_UNKNOWN, "campaign.eligibility.excluded_ksic",
                absl::StrCat("no revision of KSIC has: ", absl::StrJoin(unknown_ksic, ", ")));
  }
}

absl::Status CheckChange(const Campaign& before, const Campaign& after) {
  if (before.state == v1::CAMPAIGN_STATE_CLOSED) {
    return WrongState(before, "its terms cannot change any more");
  }
  if (before.state == v1::CAMPAIGN_STATE_OPEN) RETURN_IF_ERROR(RequireWindow(after));
  if (after.capacity == 0 || after.capacity >= before.seats_taken) return absl::OkStatus();
  const std::string taken = absl::StrCat(before.seats_taken);
  return base::Forbidden(
      v1::ERROR_REASON_CAPACITY_BELOW_ENROLLED,
      absl::StrCat(taken,
                   " seats are taken or held by an offer; the capacity must be at least that, or 0 "
                   "for no limit"),
      {{"campaign", CampaignName(before.id)}, {"seats_taken", taken}});
}

absl::Status Open(Campaign* campaign) {
  if (campaign->state != v1::CAMPAIGN_STATE_PLANNED) {
    return WrongState(*campaign, "only a planned one can be opened");
  }
  RETURN_IF_ERROR(RequireWindow(*campaign));
  campaign->state = v1::CAMPAIGN_STATE_OPEN;
  return absl::OkStatus();
}

absl::Status Close(Campaign* campaign, absl::Time now) {
  if (campaign->state != v1::CAMPAIGN_STATE_OPEN) {
    return WrongState(*campaign, "only an open one can be closed");
  }
  campaign->state = v1::CAMPAIGN_STATE_CLOSED;
  campaign->closed_at = now;
  return absl::OkStatus();
}

v1::CampaignFacts CampaignFactsOf(const Campaign& campaign) {
  v1::CampaignFacts facts;
  facts.set_campaign_id(campaign.id.ToString());
  facts.set_campaign_code(campaign.code);
  facts.set_programme(campaign.programme);
  facts.set_edition(campaign.edition);
  facts.set_task(campaign.task);
  facts.set_admission(campaign.admission);
  facts.set_state(campaign.state);
  if (campaign.window) {
    *facts.mutable_window_start_time() = ToTimestamp(campaign.window->start);
    *facts.mutable_window_end_time() = ToTimestamp(campaign.window->end);
    facts.set_window_start_date(base::FormatDay(campaign.window->FirstDay()));
    facts.set_window_end_date(base::FormatDay(campaign.window->LastDay()));
  }
  facts.set_capacity(campaign.capacity);
  facts.set_waiting_list(campaign.waiting_list);
  facts.set_offer_hours(campaign.offer_hours);
  *facts.mutable_eligibility() = campaign.eligibility;
  facts.set_centre_id(base::CentreText(campaign.centre));
  return facts;
}

}  // namespace ieum::registry
