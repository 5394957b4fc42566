// G7: messages that wait in notify, handed over to a mail server: to the suite's own sink, which
// writes each into a file, and to a stub that takes everything at once. Each asks the registry for
// the address of its recipient, as in life.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "bench/rows/rows.h"
#include "bench/rows/smtp_stub.h"
#include "fmt/format.h"
#include "ieum/registry/v1/person_service.pb.h"

namespace ieum::bench {
namespace {

namespace registry = ieum::registry::v1;

constexpr int kRoundsMax = 3;

constexpr char kTemplate[] = R"(
  INSERT INTO template (code, id, version) VALUES ('BENCH', gen_random_uuid(), 1);
  INSERT INTO template_version (code, version, event_type, ko_subject, ko_body, en_subject, en_body,
                                variables, created_at)
  VALUES ('BENCH', 1, 'ieum.casemgmt.v1.ApplicationReceived', '[부산 일·생활균형] 신청서 접수 안내',
          '{{person}} 님, 안녕하세요. 신청서를 접수하였습니다.', 'Your form',
          'Dear {{person}}, we have your form.', '{person}', now());
  INSERT INTO rule (code, id, version) VALUES ('BENCH', gen_random_uuid(), 1);
  INSERT INTO rule_version (code, version, event_type, event_types, template_codes, terms, created_at)
  VALUES ('BENCH', 1, 'ieum.casemgmt.v1.ApplicationReceived', '{}', '{BENCH}', '{}', now());)";

// Released reminders with a message to each of their persons, as a release writes them.
constexpr char kMessages[] = R"(
  WITH row AS (
    INSERT INTO reminder (id, rule_code, rule_version, subject_id, occurrence, state, skip_reason,
      persons, template_code, template_version, notice_template, channel, law_class, due_date, due_at,
      expires_at, opened_at, cause_event_id, cause_at, correlation_id, facts, message_count,
      released_at, created_at, updated_at)
    SELECT gen_random_uuid(), 'BENCH', 1, gen_random_uuid()::text, 1, 2, 0, '{0}', 'BENCH', 1, '', 1,
      1, current_date, now(), now() + interval '10 d', now(), gen_random_uuid(), now(), 'bench', '{{}}',
      array_length('{0}'::uuid[], 1), now(), now(), now()
    FROM generate_series(1, {1})
    RETURNING *)
  INSERT INTO message (id, reminder_id, rule_code, rule_version, subject_id, kind, person_id, channel,
    law_class, template_code, template_version, due_date, due_at, expires_at, cause_event_id,
    correlation_id, facts, state, created_at, updated_at)
  SELECT gen_random_uuid(), id, rule_code, rule_version, subject_id, 1, person, channel, law_class,
         template_code, template_version, due_date, due_at, expires_at, cause_event_id,
         correlation_id, facts, 1, now(), now()
  FROM row, unnest(persons) person)";

std::string MakePersons(Suite& suite, int count) {
  std::string ids;
  for (int at = 0; at < count; ++at) {
    registry::CreatePersonRequest request;
    request.mutable_person()->set_full_name("김하늘");
    request.mutable_person()->set_email(fmt::format("person{}@example.com", at));
    request.mutable_person()->set_basis(registry::LEGAL_BASIS_CONTRACT);
    registry::Person made;
    const absl::Status done =
        suite.peer("registry").Call("/ieum.registry.v1.PersonService/CreatePerson", request, &made);
    if (!done.ok()) Die(absl::StrCat("the registry refuses a person: ", done.message()));
    absl::StrAppend(&ids, ids.empty() ? "" : ",", made.name().substr(made.name().find('/') + 1));
  }
  return "{" + ids + "}";
}

// So many people, and a message to each of them from so many reminders.
struct Post {
  std::string persons;  // as an array of ids
  int people;
  int reminders;

  int count() const { return people * reminders; }
};

// From the first claim to the record of the last hand-over, a second.
double HandOver(Suite& suite, const Post& post) {
  const std::string before = suite.Ask("notify", "SELECT clock_timestamp()");
  suite.Ask("notify", fmt::format(kMessages, post.persons, post.reminders));
  const auto rest = [&] {
    return suite.Ask("notify", "SELECT count(*) FROM message WHERE state IN (1, 2)") == "0";
  };
  if (!WaitFor(rest, 120, 0.3)) Die("notify does not hand its messages over");
  const std::string steps = fmt::format("FROM message_step WHERE recorded_at > '{}'", before);
  if (suite.Ask("notify", fmt::format("SELECT count(*) {} AND state = 3", steps)) !=
      std::to_string(post.count())) {
    Die("not every message was handed over");
  }
  const std::string seconds = suite.Ask(
      "notify", fmt::format("SELECT extract(epoch FROM max(recorded_at) FILTER (WHERE state = 3) - "
                            "min(recorded_at) FILTER (WHERE state = 2)) {}",
                            steps));
  return post.count() / std::stod(seconds);
}

Line Measure(Bench& bench, Suite& suite, const Post& post, const std::string& what,
             const Goal& goal) {
  Rounds rounds;
  const CpuMeter meter(suite.Pids());
  const int count_of_rounds = std::min(kRoundsMax, bench.options().rounds);
  for (int round = 0; round < count_of_rounds; ++round) {
    rounds.ours.push_back(HandOver(suite, post));
    bench.Say(fmt::format("{}: {:.0f} /s", what, rounds.ours.back()));
  }
  const auto cpu = meter.Read();
  const double thousands = post.count() * count_of_rounds / 1000.0;
  Line line{.row = "G7",
            .what = fmt::format("{} messages handed over to {}", post.count(), what),
            .unit = "/s",
            .goal = goal,
            .cpu = fmt::format("postgres {:.3f}, notify {:.3f}, registry {:.3f}",
                               cpu.at("postgres") / thousands, cpu.at("notify") / thousands,
                               cpu.at("registry") / thousands)};
  SetRounds(rounds, &line);
  return line;
}

}  // namespace

std::vector<Line> RunMessages(Bench& bench) {
  Suite suite;
  suite.Start(kServices);
  suite.Ask("notify", kTemplate);
  const int people = bench.options().quick ? 100 : 200;
  bench.Say(fmt::format("making {} persons", people));
  const std::string persons = MakePersons(suite, people);
  std::vector<Line> lines;
  lines.push_back(Measure(bench, suite, {persons, people, 2}, "the local mail sink", Goal{}));
  const SmtpStub stub;
  suite.Stop("notify");
  suite.SetMailPort(stub.port());
  suite.Start({"notify"});
  lines.push_back(Measure(bench, suite, {persons, people, 50}, "a stub that takes all at once",
                          Goal{Goal::Of::kAtLeast, 3000, 10'000}));
  suite.Stop("notify");
  return lines;
}

}  // namespace ieum::bench
