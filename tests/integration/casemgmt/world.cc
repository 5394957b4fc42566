#include "tests/integration/casemgmt/world.h"

#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"

namespace ieum {
db::MigrationSet casemgmt_migrations();
}

namespace ieum::casemgmt::testing {
namespace {

std::optional<absl::CivilDay> OptionalDay(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return *base::ParseDay(text, "day");
}

}  // namespace

absl::Time Korea(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, base::Korea(), &time, &error)) << text;
  return time;
}

World::World(const std::string& now) : database_(casemgmt_migrations()) {
  ledger_ = std::make_unique<ledger::Ledger>(database_.database(), clock_, "casemgmt");
  Reactions().Listen(subscriptions_);
  SetClock(now);
}

void World::SetClock(const std::string& korea_time) {
  EXPECT_TRUE(clock_.Set(Korea(korea_time)).ok());
}

absl::Status World::Hear(const google::protobuf::Message& event, const base::Uuid& aggregate,
                         int64_t version) {
  flow::ReceivedEvent received{.producer = "registry"};
  received.envelope.set_type(event.GetDescriptor()->full_name());
  received.envelope.set_aggregate_id(aggregate.ToString());
  received.envelope.set_aggregate_version(version);
  received.message.reset(event.New());
  const_cast<google::protobuf::Message*>(received.message.get())->CopyFrom(event);
  const auto* effect = subscriptions_.Find(received.envelope.type());
  EXPECT_NE(effect, nullptr) << "nobody listens to " << received.envelope.type();
  if (effect->wanted && !effect->wanted(received)) return absl::OkStatus();
  return database().Write("hear", [&](db::Tx& tx) -> absl::Status {
    if (effect->sink) return (*effect->sink)(tx, {&received, 1});
    return ledger_->RunWithin(
        tx, {.actor = "service/casemgmt"}, base::Uuid::NewV7(),
        [&](ledger::UnitOfWork& work) { return effect->reaction(work, received); }, nullptr);
  });
}

base::Uuid World::HearFirm() {
  const base::Uuid id = base::Uuid::NewV7();
  registry::v1::OrganizationRegistered event;
  event.set_organization_id(id.ToString());
  event.set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
  EXPECT_TRUE(Hear(event, id).ok());
  return id;
}

registry::v1::CampaignFacts World::Facts(const base::Uuid& id, const CampaignWish& wish) {
  registry::v1::CampaignFacts facts;
  facts.set_campaign_id(id.ToString());
  facts.set_campaign_code("C-" + id.ToString().substr(24));
  facts.set_programme("BSN");
  facts.set_edition(wish.edition);
  facts.set_task(wish.task);
  facts.set_admission(wish.admission);
  facts.set_state(wish.state);
  facts.set_centre_id(wish.centre);
  if (wish.window_end.empty()) return facts;
  *facts.mutable_window_start_time() = ToTimestamp(Korea(wish.window_start));
  *facts.mutable_window_end_time() = ToTimestamp(Korea(wish.window_end));
  facts.set_window_start_date(wish.window_start.substr(0, 10));
  facts.set_window_end_date(wish.window_end.substr(0, 10));
  return facts;
}

base::Uuid World::HearCampaign(const CampaignWish& wish) {
  const base::Uuid id = base::Uuid::NewV7();
  registry::v1::CampaignOpened event;
  *event.mutable_campaign() = Facts(id, wish);
  EXPECT_TRUE(Hear(event, id, 2).ok());
  return id;
}

absl::StatusOr<ledger::Answer> World::DoAs(const base::Uuid& request, const std::string& body,
                                           ledger::Ledger::UseCase use_case) {
  return ledger_->Run({.name = "Test",
                       .request_id = request,
                       .request_hash = body,
                       .caller = {.actor = "staff/test"}},
                      use_case);
}

absl::StatusOr<ledger::Answer> World::Do(ledger::Ledger::UseCase use_case) {
  return DoAs(base::Uuid::NewV7(), "body", use_case);
}

base::Uuid World::Open(const base::Uuid& campaign, const base::Uuid& firm,
                       const base::Uuid& consultant) {
  const auto answer = Do([&](auto& work) {
    return OpenEngagement(work, {.organization_id = firm,
                                 .campaign_id = campaign,
                                 .consultant = consultant,
                                 .manager = base::Uuid::NewV7(),
                                 .contact_person = base::Uuid::NewV7(),
                                 .lead_source = v1::LEAD_SOURCE_DISCOVERY});
  });
  return IdOf(answer);
}

void World::Contact(const base::Uuid& engagement) {
  IdOf(Do([&](auto& work) { return ContactFirm(work, StepOf(engagement)); }));
}

base::Uuid World::Plan(const base::Uuid& engagement, const std::string& start) {
  return IdOf(Do([&](auto& work) {
    return PlanVisit(
        work,
        {.engagement_id = engagement, .start = Korea(start), .end = Korea(start) + absl::Hours(2)});
  }));
}

void World::Hold(const base::Uuid& engagement, const base::Uuid& visit,
                 const std::string& minutes) {
  IdOf(Do([&](auto& work) {
    return RecordVisit(work, {.engagement_id = engagement, .visit_id = visit},
                       {.minutes = minutes});
  }));
}

base::Uuid World::Visited(const base::Uuid& campaign) {
  const base::Uuid engagement = Open(campaign);
  Contact(engagement);
  const absl::Time now = *clock_.Now();
  const auto visit = IdOf(Do([&](auto& work) {
    return PlanVisit(work,
                     {.engagement_id = engagement, .start = now, .end = now + absl::Hours(2)});
  }));
  Hold(engagement, visit);
  return engagement;
}

base::Uuid World::Draft(const base::Uuid& engagement, bool signed_by_representative) {
  return IdOf(Do([&](auto& work) {
    return BeginDraft(work, {.engagement_id = engagement,
                             .form_version = "2023-1",
                             .answers = {{"PLEDGE-01", "정시 퇴근"}},
                             .signed_by_representative = signed_by_representative});
  }));
}

base::Uuid World::Submitted(const base::Uuid& engagement) {
  const base::Uuid form = Draft(engagement);
  IdOf(Do([&](auto& work) { return Submit(work, FormStepOf(form), std::nullopt); }));
  return form;
}

base::Uuid World::Received(const base::Uuid& engagement) {
  const base::Uuid form = Submitted(engagement);
  IdOf(Do([&](auto& work) { return Receive(work, FormStepOf(form)); }));
  return form;
}

namespace {

template <class View, class ReadView>
View MustRead(db::Database& database, ReadView read) {
  std::optional<View> view;
  EXPECT_TRUE(database
                  .Read("test_read",
                        [&](db::Tx& tx) {
                          view = read(tx);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_TRUE(view.has_value());
  return view.value_or(View());
}

}  // namespace

EngagementView World::Engagement(const base::Uuid& id) {
  return MustRead<EngagementView>(
      database(), [&](db::Tx& tx) { return ReadEngagement(tx, base::Scope::Everywhere(), id); });
}

VisitView World::Visit(const base::Uuid& engagement, const base::Uuid& id) {
  return MustRead<VisitView>(database(), [&](db::Tx& tx) {
    return ReadVisit(tx, base::Scope::Everywhere(), engagement, id);
  });
}

ApplicationView World::Form(const base::Uuid& id) {
  return MustRead<ApplicationView>(
      database(), [&](db::Tx& tx) { return ReadApplication(tx, base::Scope::Everywhere(), id); });
}

std::vector<Told> World::EventsOf(const base::Uuid& aggregate) {
  std::vector<Told> told;
  EXPECT_TRUE(database()
                  .Read("test_events",
                        [&](db::Tx& tx) {
                          told.clear();
                          for (const auto& row : tx.RunDynamic(
                                   "SELECT type, payload FROM event_log WHERE aggregate_id = $1 "
                                   "ORDER BY version",
                                   {aggregate})) {
                            const std::string type = db::AsText(row[0]);
                            told.push_back({type.substr(type.rfind('.') + 1), db::AsBytes(row[1])});
                          }
                          return absl::OkStatus();
                        })
                  .ok());
  return told;
}

int64_t World::EventCount() {
  int64_t count = 0;
  EXPECT_TRUE(
      database()
          .Read("test_count",
                [&](db::Tx& tx) {
                  count = tx.RunDynamic("SELECT count(*) FROM event_log", {})[0][0].as<int64_t>();
                  return absl::OkStatus();
                })
          .ok());
  return count;
}

base::Uuid IdOf(const absl::StatusOr<ledger::Answer>& answer) {
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return base::Uuid();
  const auto id = base::Uuid::Parse(answer->name.substr(answer->name.rfind('/') + 1));
  EXPECT_TRUE(id.has_value()) << answer->name;
  return id.value_or(base::Uuid());
}

std::string Reason(const absl::StatusOr<ledger::Answer>& answer) {
  return answer.ok() ? "" : base::ReasonOf(answer.status());
}

StepInput StepOf(const base::Uuid& engagement, const std::string& day) {
  return {.engagement_id = engagement, .day = OptionalDay(day)};
}

FormStepInput FormStepOf(const base::Uuid& application, const std::string& day) {
  return {.application_id = application, .day = OptionalDay(day)};
}

}  // namespace ieum::casemgmt::testing
