// Goal: doctor's verdicts follow from what services answer, at the limits that it promises. Method:
// made-up answers, each with one thing wrong.
#include "tools/ctl/doctor_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "tools/ctl/output.h"

namespace ieum::ctl {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Answers Healthy(const std::string& service = "registry") {
  Answers answers;
  answers.progress.set_service(service);
  answers.diagnosis.set_service(service);
  answers.diagnosis.set_relay_leader("registry/1/x");
  answers.diagnosis.mutable_process_time()->set_seconds(absl::ToUnixSeconds(kNow));
  answers.diagnosis.mutable_database_time()->set_seconds(absl::ToUnixSeconds(kNow));
  for (int shard = 0; shard < 16; ++shard) {
    answers.progress.add_ledger_positions(100);
    answers.progress.add_published_positions(100);
  }
  return answers;
}

void SetCertificateDays(Answers* answers, int days) {
  answers->diagnosis.mutable_certificate_end_time()->set_seconds(
      absl::ToUnixSeconds(kNow + absl::Hours(24) * days + absl::Hours(1)));
}

TEST(Doctor, FindsNothingWrongWithTheHealthy) {
  EXPECT_EQ(Worst(JudgeService(Healthy(), {}, kNow)), Verdict::kOk);
}

TEST(Doctor, WarnsOfCertificatesTwoWeeksBeforeTheirEnd) {
  Answers answers = Healthy();
  EXPECT_EQ(JudgeCertificate(answers, kNow).verdict, Verdict::kOk) << "plaintext has none";
  const std::pair<int, Verdict> days[] = {{14, Verdict::kOk},
                                          {13, Verdict::kWarn},
                                          {3, Verdict::kWarn},
                                          {2, Verdict::kFail},
                                          {-5, Verdict::kFail}};
  for (const auto& [left, verdict] : days) {
    SetCertificateDays(&answers, left);
    EXPECT_EQ(JudgeCertificate(answers, kNow).verdict, verdict) << left << " days";
  }
}

TEST(Doctor, SeesClocksThatDiffer) {
  Answers answers = Healthy();
  answers.lead = absl::Milliseconds(-900);
  EXPECT_EQ(JudgeClocks(answers).verdict, Verdict::kOk);
  answers.lead = absl::Seconds(-2);
  EXPECT_EQ(JudgeClocks(answers).verdict, Verdict::kWarn);
  answers.lead = absl::ZeroDuration();
  answers.diagnosis.mutable_database_time()->set_seconds(absl::ToUnixSeconds(kNow) + 60);
  EXPECT_EQ(JudgeClocks(answers).verdict, Verdict::kFail);
}

TEST(Doctor, SeesABrokerThatStoresEventsBeforeTheyWereWritten) {
  Answers answers = Healthy();
  answers.diagnosis.mutable_broker_lead()->set_seconds(600);
  EXPECT_EQ(JudgeClocks(answers).verdict, Verdict::kOk) << "the event may have waited";
  answers.diagnosis.mutable_broker_lead()->set_seconds(-2);
  EXPECT_EQ(JudgeClocks(answers).verdict, Verdict::kWarn);
}

TEST(Doctor, FailsWhereNobodyLeadsOrTheSchemaDoesNotFit) {
  Answers answers = Healthy();
  answers.diagnosis.clear_relay_leader();
  EXPECT_EQ(JudgeRelay(answers).verdict, Verdict::kFail);
  auto* state = answers.diagnosis.add_schemas();
  state->set_set_name("platform");
  EXPECT_EQ(Worst(JudgeSchema(answers)), Verdict::kOk);
  state->set_problem("older");
  EXPECT_EQ(Worst(JudgeSchema(answers)), Verdict::kFail);
}

TEST(Doctor, MeasuresLagAgainstTheProducersLedger) {
  Answers reader = Healthy("notify");
  auto* consumer = reader.progress.add_consumers();
  consumer->set_producer("registry");
  for (int shard = 0; shard < 16; ++shard) consumer->add_positions(100);
  EXPECT_EQ(Worst(JudgeConsumers(reader, {})), Verdict::kOk) << "unknown is no worse than good";
  std::map<std::string, Answers> all = {{"registry", Healthy()}};
  EXPECT_EQ(Worst(JudgeConsumers(reader, all)), Verdict::kOk);
  all["registry"].progress.set_ledger_positions(3, 1100);
  EXPECT_EQ(Worst(JudgeConsumers(reader, all)), Verdict::kWarn);
  all["registry"].progress.set_ledger_positions(3, 200'000);
  EXPECT_EQ(Worst(JudgeConsumers(reader, all)), Verdict::kFail);
  all["registry"] = Healthy();
  consumer->set_parked_aggregates(1);
  EXPECT_EQ(Worst(JudgeConsumers(reader, all)), Verdict::kWarn);
}

TEST(Doctor, SaysWhatToDoWheneverSomethingIsNotWell) {
  Answers answers = Healthy();
  answers.progress.set_dead_letters(2);
  answers.diagnosis.add_epochs_to_accept("registry");
  answers.diagnosis.set_broker_problem("the broker does not answer");
  answers.diagnosis.clear_relay_leader();
  SetCertificateDays(&answers, 1);
  std::vector<Finding> findings = JudgeService(answers, {}, kNow);
  findings.push_back(JudgeDoubts(1, false));
  findings.push_back(JudgeDisk("broker", 1, 100));
  findings.push_back(JudgeDisk("broker", 10, 100));
  int bad = 0;
  for (const Finding& finding : findings) {
    if (finding.verdict <= Verdict::kOk) continue;
    ++bad;
    EXPECT_NE(finding.todo, "") << finding.check;
  }
  EXPECT_EQ(bad, 8);
}

TEST(Table, AlignsColumnsWithHangul) {
  EXPECT_EQ(WidthOf("가나 a"), 6);
  Table table({"A", "B"});
  table.Add({"가", "x"});
  table.Add({"bb", "y"});
  EXPECT_EQ(table.Text(), "A   B\n가  x\nbb  y\n");
}

TEST(Words, NumbersAndSizesAreReadable) {
  EXPECT_EQ(Count(1234567), "1,234,567");
  EXPECT_EQ(Count(-999), "-999");
  EXPECT_EQ(Count(12), "12");
  EXPECT_EQ(Size(1536), "1.5 KiB");
  EXPECT_EQ(Size(7), "7 B");
}

}  // namespace
}  // namespace ieum::ctl
