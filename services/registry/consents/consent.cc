#include "services/registry/consents/consent.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/instants.h"

namespace ieum::registry {
namespace {

constexpr int kResultDays = 14;
constexpr int kReconfirmYears = 2;
constexpr int kNoticeHour = 9;
constexpr int kFirstYear = 1900, kLastYear = 2999;

bool Concerns(const Withdrawal& withdrawal, const ConsentMatter& matter) {
  if (withdrawal.purpose == v1::CONSENT_PURPOSE_UNSPECIFIED) return true;
  if (withdrawal.purpose == v1::CONSENT_PURPOSE_ADVERTISING &&
      matter.purpose == v1::CONSENT_PURPOSE_NIGHT_ADVERTISING) {
    return true;
  }
  if (withdrawal.purpose != matter.purpose) return false;
  return !withdrawal.recipient || withdrawal.recipient == matter.recipient;
}

int64_t YearOf(absl::Time instant) {
  return absl::ToCivilYear(instant, absl::UTCTimeZone()).year();
}

void TakeExpiry(const v1::Consent& wanted, base::FieldErrors* errors, Consent* entry) {
  if (!wanted.has_expire_time()) return;
  entry->expires_at = FromTimestamp(wanted.expire_time());
  if (entry->state != v1::CONSENT_STATE_GIVEN) {
    errors->Add("INVALID_FIELD", "consent.expire_time", "only a consent that is given has an end");
  } else if (YearOf(*entry->expires_at) > kLastYear) {
    errors->Add(v1::ERROR_REASON_DATE_INVALID, "consent.expire_time",
                "must not lie after the year 2999; leave it out for no end");
  } else if (wanted.has_decide_time() && *entry->expires_at <= entry->decided_at) {
    errors->Add(v1::ERROR_REASON_DATE_ORDER, "consent.expire_time",
                "must lie after the instant at which it was given");
  }
}

}  // namespace

std::string ConsentName(const base::Uuid& person, const base::Uuid& id) {
  return absl::StrCat("persons/", person.ToString(), "/consents/", id.ToString());
}

ConsentHead HeadOf(const Consent& entry) {
  return {.person_id = entry.person_id,
          .matter = entry.matter,
          .consent_id = entry.id,
          .revision = entry.revision,
          .state = entry.state,
          .text_id = entry.text_id,
          .decided_at = entry.decided_at,
          .expires_at = entry.expires_at};
}

const ConsentHead* HeadFor(const std::vector<ConsentHead>& heads, const ConsentMatter& matter) {
  const auto found = std::find_if(heads.begin(), heads.end(),
                                  [&](const ConsentHead& head) { return head.matter == matter; });
  return found == heads.end() ? nullptr : &*found;
}

bool CountsOver(const ConsentHead& one, const ConsentHead& other, absl::Time now) {
  const auto rank = [&](const ConsentHead& head) {
    const v1::ConsentState state = StateAt(head, now);
    const bool ran_out = state == v1::CONSENT_STATE_EXPIRED && head.expires_at;
    const int strictness = state == v1::CONSENT_STATE_WITHDRAWN ? 3
                           : state == v1::CONSENT_STATE_REFUSED ? 2
                           : state == v1::CONSENT_STATE_EXPIRED ? 1
                                                                : 0;
    return std::pair(ran_out ? *head.expires_at : head.decided_at, strictness);
  };
  return rank(one) > rank(other);
}

v1::ConsentState StateAt(const ConsentHead& head, absl::Time at) {
  const bool over = head.expires_at && *head.expires_at <= at;
  return head.state == v1::CONSENT_STATE_GIVEN && over ? v1::CONSENT_STATE_EXPIRED : head.state;
}

v1::ConsentRefusal RefusalOf(v1::ConsentState state) {
  switch (state) {
    case v1::CONSENT_STATE_GIVEN:
      return v1::CONSENT_REFUSAL_UNSPECIFIED;
    case v1::CONSENT_STATE_REFUSED:
      return v1::CONSENT_REFUSAL_REFUSED;
    case v1::CONSENT_STATE_WITHDRAWN:
      return v1::CONSENT_REFUSAL_WITHDRAWN;
    case v1::CONSENT_STATE_EXPIRED:
      return v1::CONSENT_REFUSAL_EXPIRED;
    default:
      return v1::CONSENT_REFUSAL_MISSING;
  }
}

bool IsAdvertising(v1::ConsentPurpose purpose) {
  return purpose == v1::CONSENT_PURPOSE_ADVERTISING ||
         purpose == v1::CONSENT_PURPOSE_NIGHT_ADVERTISING;
}

absl::CivilDay ResultDueDay(absl::CivilDay decided) { return decided + kResultDays; }

absl::CivilDay ReconfirmDay(absl::CivilDay given, int round) {
  const absl::CivilMonth month(given.year() + kReconfirmYears * round, given.month());
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month.year(), month.month(), 1) + (given.day() - 1), last);
}

std::optional<absl::Time> DueAt(const ConsentHead& head) {
  if (head.state != v1::CONSENT_STATE_GIVEN) return std::nullopt;
  if (!IsAdvertising(head.matter.purpose)) return head.expires_at;
  const absl::CivilDay day =
      ReconfirmDay(base::KoreaDay(head.decided_at), head.confirmations + 1) - kReconfirmNoticeDays;
  const absl::Time called = base::KoreaInstant(day, kNoticeHour);
  return head.expires_at ? std::min(called, *head.expires_at) : called;
}

absl::Status CheckDecideTime(absl::Time decided_at, absl::Time now, std::string_view field) {
  if (decided_at <= now && YearOf(decided_at) >= kFirstYear) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, field,
                            "must not lie in the future or before the year 1900");
}

absl::Status TakeDecision(const v1::Consent& wanted, absl::Time now, Consent* entry) {
  base::FieldErrors errors;
  entry->state = wanted.state();
  entry->channel = wanted.channel();
  if (wanted.state() != v1::CONSENT_STATE_GIVEN && wanted.state() != v1::CONSENT_STATE_REFUSED) {
    errors.Add("INVALID_FIELD", "consent.state", "must be GIVEN or REFUSED");
  }
  if (wanted.consent_text().empty()) {
    errors.Add(v1::ERROR_REASON_CONSENT_INCOMPLETE, "consent.consent_text",
               "must name the text that the person was asked with");
  }
  if (wanted.channel() == v1::CONSENT_CHANNEL_UNSPECIFIED) {
    errors.Add(v1::ERROR_REASON_CONSENT_INCOMPLETE, "consent.channel",
               "must tell by which way it was said");
  }
  if (wanted.channel() == v1::CONSENT_CHANNEL_ERASURE) {
    errors.Add("INVALID_FIELD", "consent.channel",
               "must be a way by which somebody says something");
  }
  if (!wanted.has_decide_time()) {
    errors.Add(v1::ERROR_REASON_CONSENT_INCOMPLETE, "consent.decide_time",
               "must tell when it was said");
  } else {
    entry->decided_at = FromTimestamp(wanted.decide_time());
    errors.Add(CheckDecideTime(entry->decided_at, now, "consent.decide_time"));
  }
  TakeExpiry(wanted, &errors, entry);
  return errors.ToStatus();
}

absl::Status Succeed(const ConsentHead* before, Consent* entry) {
  entry->revision = 1;
  if (before == nullptr) return absl::OkStatus();
  entry->revision = before->revision + 1;
  if (entry->decided_at >= before->decided_at) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, "consent.decide_time",
                            "must not lie before what the person said last to the same matter");
}

std::vector<ConsentHead> TakenBack(const std::vector<ConsentHead>& heads,
                                   const Withdrawal& withdrawal) {
  std::vector<ConsentHead> taken;
  for (const ConsentHead& head : heads) {
    const bool given = head.decided_at <= withdrawal.decided_at &&
                       StateAt(head, withdrawal.decided_at) == v1::CONSENT_STATE_GIVEN;
    if (given && Concerns(withdrawal, head.matter)) taken.push_back(head);
  }
  return taken;
}

}  // namespace ieum::registry
