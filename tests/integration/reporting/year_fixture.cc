#include "tests/integration/reporting/year_fixture.h"

#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "services/reporting/facts/fact_commands.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/indicators/indicator_commands.h"

namespace ieum::reporting {
namespace {

const db::Statement kCursor("test_cursor", R"(
  INSERT INTO inbox_cursor (producer, shard, epoch, pos) VALUES ($1, $2::smallint, 1, $3::bigint)
  ON CONFLICT (producer, shard) DO UPDATE SET pos = greatest(inbox_cursor.pos, EXCLUDED.pos))");

void FillFacts(registry::v1::EnrolmentFacts* facts, const std::string& firm) {
  facts->set_enrolment_id(TestId("enrolment/" + firm).ToString());
  facts->set_organization_id(TestId("firm/" + firm).ToString());
  facts->set_programme("BSN");
  facts->set_edition(firm == "G099" ? "2022" : "2023");
  facts->set_task(registry::v1::TASK_KIND_CAMPAIGN);
}

}  // namespace

base::Uuid TestId(const std::string& name) {
  return base::Uuid::Derive(*base::Uuid::Parse("0190a000-0000-7000-8000-000000000000"), name);
}

registry::v1::EnrolmentConfirmed Confirmed(const std::string& firm, const std::string& day) {
  registry::v1::EnrolmentConfirmed event;
  FillFacts(event.mutable_enrolment(), firm);
  event.set_confirmed_date(day);
  return event;
}

registry::v1::EnrolmentWithdrawn Withdrawn(const std::string& firm, const std::string& day) {
  registry::v1::EnrolmentWithdrawn event;
  FillFacts(event.mutable_enrolment(), firm);
  event.set_withdrawn_date(day);
  return event;
}

void EventMaker::Add(const base::Uuid& aggregate, const google::protobuf::Message& event) {
  flow::ReceivedEvent received;
  received.producer = producer_;
  received.epoch = 1;
  auto& envelope = received.envelope;
  envelope.set_shard(aggregate.shard());
  envelope.set_position(++positions_[aggregate.shard()]);
  envelope.set_event_id(base::Uuid::Derive(aggregate, std::to_string(events_.size())).ToString());
  envelope.set_type(event.GetDescriptor()->full_name());
  envelope.set_subject("tests/" + aggregate.ToString());
  envelope.set_aggregate_id(aggregate.ToString());
  envelope.set_aggregate_version(++versions_[aggregate]);
  envelope.mutable_time()->set_seconds(1680000000 + static_cast<int64_t>(events_.size()));
  envelope.set_payload(event.SerializeAsString());
  std::shared_ptr<google::protobuf::Message> copy(event.New());
  copy->CopyFrom(event);
  received.message = std::move(copy);
  events_.push_back(std::move(received));
}

std::vector<flow::ReceivedEvent> SmallYear() {
  EventMaker maker("registry");
  const std::pair<const char*, const char*> days[] = {{"G001", "2023-04-03"},
                                                      {"G002", "2023-04-04"},
                                                      {"G003", "2023-06-01"},
                                                      {"G026", "2023-06-02"},
                                                      {"G099", "2023-06-02"}};
  for (const auto& [firm, day] : days) maker.Add(TestId(firm), Confirmed(firm, day));
  maker.Add(TestId("G026"), Withdrawn("G026", "2023-09-01"));
  return maker.events();
}

v1::Indicator CampaignFirms() {
  v1::Indicator indicator;
  indicator.set_label_ko("캠페인 참여 기업");
  indicator.set_unit("firm");
  indicator.set_counting_unit("organization id");
  indicator.set_direction(v1::DIRECTION_HIGHER);
  indicator.set_aggregation(v1::AGGREGATION_COUNT_DISTINCT);
  v1::SourceRule& source = *indicator.add_sources();
  source.set_event_type("ieum.registry.v1.EnrolmentConfirmed");
  source.set_filter("enrolment.task = TASK_KIND_CAMPAIGN");
  source.set_distinct_key("enrolment.organization_id");
  source.set_date_field("confirmed_date");
  source.set_programme_field("enrolment.programme");
  source.set_edition_field("enrolment.edition");
  source.set_instance_key("enrolment.enrolment_id");
  v1::RetractionRule& retraction = *source.add_retractions();
  retraction.set_event_type("ieum.registry.v1.EnrolmentWithdrawn");
  retraction.set_instance_key("enrolment.enrolment_id");
  retraction.set_date_field("withdrawn_date");
  return indicator;
}

ReportingDatabase::ReportingDatabase()
    : db(reporting_migrations()), ledger(db.database(), clock, "reporting") {}

void ReportingDatabase::Consume(const std::vector<flow::ReceivedEvent>& events) {
  const absl::Status status = db.database().Write("test_consume", [&](db::Tx& tx) -> absl::Status {
    RETURN_IF_ERROR(KeepFacts(tx, HoldLiveGeneration(tx), events));
    for (const auto& event : events) {
      tx.Exec(kCursor, event.producer, event.envelope.shard(), event.envelope.position());
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
}

absl::StatusOr<ledger::Answer> ReportingDatabase::Run(ledger::Ledger::UseCase use_case) {
  ledger::Command command;
  command.name = "test";
  command.request_id = base::Uuid::NewV7();
  command.request_hash = "h";
  command.caller.actor = "staff/test";
  return ledger.Run(command, use_case);
}

void ReportingDatabase::DefineCampaignFirms() {
  auto defined =
      Run([](ledger::UnitOfWork& work) { return DefineIndicator(work, "B04", CampaignFirms()); });
  ASSERT_TRUE(defined.ok()) << defined.status();
}

}  // namespace ieum::reporting
