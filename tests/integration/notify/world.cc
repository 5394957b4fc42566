#include "tests/integration/notify/world.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/timestamp.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/sending_store.h"
#include "services/notify/reactions.h"
#include "tests/support/centres.h"
#include "tests/support/wait.h"

namespace ieum::notify::testing {
namespace {

constexpr char kTokens[] = R"(
  {"token": "manager", "subject": "staff/manager", "roles": ["programme_manager", "supervisor"],
   "centres": ["*"]},
  {"token": "nobody", "subject": "staff/nobody", "roles": []},
  {"token": "programme", "subject": "staff/programme", "roles": ["programme_manager"]},
  {"token": "auditor", "subject": "staff/auditor", "roles": ["auditor"]},
  {"token": "operator", "subject": "staff/operator", "roles": ["operator"]}, )";

// Staff of centre A, by role.
std::string OfCentreA(const char* role) {
  return absl::StrCat(R"({"token": ")", role, R"(", "subject": "staff/)", role, R"(", "roles": [")",
                      role, R"("], "centres": [")", ieum::testing::kCentreA, R"("]}, )");
}

rpc::Authenticator KnownCallers() {
  return rpc::Authenticator::FromTokens(absl::StrCat("[", kTokens, OfCentreA("centre_head"),
                                                     OfCentreA("supervisor"),
                                                     ieum::testing::CentreTokens(), "]"))
      .value();
}

}  // namespace

World::World(const std::string& korea_time) : database(notify_migrations()) { Open(korea_time); }

World::World(const std::string& cluster, const std::string& korea_time)
    : database(cluster, notify_migrations()) {
  Open(korea_time);
}

void World::Open(const std::string& korea_time) {
  if (!korea_time.empty()) SetClock(korea_time);
  people[kContact] = {"김철수", "kim@hanbit.test"};
  people[kConsultant] = {"Ann Lee", "ann@ieum.test", registry::v1::LANGUAGE_EN};
  templates_.Serve(router_);
  rules_.Serve(router_);
  messages_.Serve(router_);
  personal_data_.Serve(router_);
  messages_.Watch(metrics_);
  Listen(subscriptions_);
  rpc::ServerOptions options;
  options.service = "notify";
  options.access_log = &access_log_;
  server_ = std::make_unique<rpc::Server>(options, router_, KnownCallers(), rpc::Roles::Shipped(),
                                          metrics_);
  const absl::Status started = server_->Start();
  EXPECT_TRUE(started.ok()) << started;
  server_->SetServing(true);
  manager = PeerWith("manager");
  nobody = PeerWith("nobody");
}

std::unique_ptr<rpc::Peer> World::PeerWith(const std::string& token) const {
  return std::make_unique<rpc::Peer>(
      rpc::PeerOptions{"notify", absl::StrCat("127.0.0.1:", server_->grpc_port()), token});
}

World::~World() { server_->Drain(); }

void World::SetClock(const std::string& korea_time) {
  const absl::Status set = clock.Set(At(korea_time));
  EXPECT_TRUE(set.ok()) << set;
}

void World::EnterScenario() {
  for (const auto& [code, wanted] : ScenarioTemplates()) {
    v1::CreateTemplateRequest request;
    request.set_template_id(code);
    *request.mutable_template_() = wanted;
    const auto made = Call<v1::Template>("TemplateService/CreateTemplate", request);
    EXPECT_TRUE(made.ok()) << code << ": " << made.status();
  }
  for (const auto& [code, terms] : ScenarioRules()) {
    v1::CreateRuleRequest request;
    request.set_rule_id(code);
    *request.mutable_rule() = terms;
    const auto made = Call<v1::Rule>("RuleService/CreateRule", request);
    EXPECT_TRUE(made.ok()) << code << ": " << made.status();
  }
}

absl::Status World::Deliver(const google::protobuf::Message& event, absl::Time at,
                            std::optional<base::Uuid> id) {
  const base::Uuid event_id = id.value_or(base::Uuid::NewV7());
  flow::ReceivedEvent received;
  received.envelope.set_type(event.GetDescriptor()->full_name());
  received.producer = flow::ProducerOf(received.envelope.type());
  received.envelope.set_event_id(event_id.ToString());
  received.envelope.set_position(++delivered_);
  *received.envelope.mutable_time() = base::ToTimestamp(at);
  std::shared_ptr<google::protobuf::Message> copy(event.New());
  copy->CopyFrom(event);
  received.message = copy;
  const auto* effect = subscriptions_.Find(received.envelope.type());
  if (effect == nullptr) return absl::NotFoundError("not listened to");
  return database.database().Write("deliver", [&](db::Tx& tx) {
    if (effect->glance) RETURN_IF_ERROR((*effect->glance)(tx, {&received, 1}).status());
    ledger::Caller caller{kActor, "", event_id.ToString(), ""};
    return ledger.RunWithin(
        tx, caller, event_id,
        [&](ledger::UnitOfWork& work) { return effect->reaction(work, received); }, nullptr);
  });
}

void World::Happen(const google::protobuf::Message& event) {
  const absl::Status delivered = Deliver(event, clock.Now().value());
  EXPECT_TRUE(delivered.ok()) << delivered;
}

registry::v1::ContactAnswer World::AnswerTo(const registry::v1::ContactQuestion& question) {
  registry::v1::ContactAnswer answer;
  if (!question.organization().empty()) answer.set_organization_display_name(organization_name);
  auto* resolution = answer.mutable_resolution();
  resolution->set_person(question.person());
  resolution->set_receipt_id(base::Uuid::NewV7().ToString());
  const auto known = people.find(question.person().substr(question.person().find('/') + 1));
  if (known == people.end()) {
    resolution->set_refusal(registry::v1::CONTACT_REFUSAL_PERSON_UNKNOWN);
  } else if (known->second.refused) {
    resolution->set_refusal(registry::v1::CONTACT_REFUSAL_PURPOSE_NOT_COVERED);
  } else {
    resolution->mutable_contact()->set_full_name(known->second.full_name);
    resolution->mutable_contact()->set_email(known->second.email);
    resolution->mutable_contact()->set_preferred_language(known->second.language);
  }
  return answer;
}

ContactAnswers World::Resolve(const registry::v1::BatchResolveContactsRequest& request) {
  const std::lock_guard<std::mutex> lock(registry_mutex_);
  asked.push_back(request);
  registry::v1::BatchResolveContactsResponse response;
  for (const auto& question : request.questions()) *response.add_answers() = AnswerTo(question);
  if (when_asked) when_asked();  // the answer is given; what changes now comes after it
  if (!registry.ok()) return registry;
  return response;
}

std::unique_ptr<Sender> World::NewSender(const std::string& smtp_url) {
  return std::make_unique<Sender>(
      ledger, metrics_,
      SenderOptions{
          .smtp_url = smtp_url,
          .mail_from = "notice@ieum.test",
          .resolver = [this](const auto& request) { return Resolve(request); },
          .elapsed =
              [this] { return flow::MonotonicNow() + absl::Seconds(seconds_later.load()); }});
}

void World::MakeOneDue() { MakeDue(1); }

void World::MakeDue(int visits) {
  EnterScenario();
  SetClock("2023-04-08 10:00");
  Happen(VisitPlanned("2023-04-10"));
  for (int visit = 1; visit < visits; ++visit) {
    Happen(VisitPlanned("2023-04-10", base::Uuid::NewV7().ToString()));
  }
  SetClock("2023-04-09 09:00");
}

void World::ReleaseOnly() {
  registry = absl::UnavailableError("away");
  RunOnce(*NewSender("smtp://127.0.0.1:1"));
  registry = absl::OkStatus();
}

Message World::LeaveSending(const base::Uuid& dead) {
  std::vector<Message> waiting;
  const absl::Status read = database.database().Read("waiting", [&](db::Tx& tx) {
    waiting = FindSendable(tx, clock.Now().value(), 1);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  const auto claimed = RecordAndClaim(ledger, dead, {}, waiting);
  EXPECT_TRUE(claimed.ok() && claimed->size() == 1);
  ++waiting.at(0).attempt_count;
  return waiting.at(0);
}

void World::Record(const base::Uuid& sender, const Message& message, Outcome outcome) {
  const std::vector<Attempted> done = {{message, std::move(outcome)}};
  const auto recorded = RecordAndClaim(ledger, sender, done, {});
  EXPECT_TRUE(recorded.ok()) << recorded.status();
}

void World::RunOnce(Sender& sender) {
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) more = sender.Step(clock.Now().value());
  EXPECT_TRUE(more.ok()) << more.status();
}

void World::Settle(Sender& sender) {
  const bool settled = ieum::testing::WaitFor([&] {
    const absl::Time now = clock.Now().value();
    const auto more = sender.Step(now);
    if (!more.ok() || *more) return false;
    const auto due = sender.CountDue(now);
    return due.ok() && *due == 0;
  });
  EXPECT_TRUE(settled);
}

std::vector<v1::Message> World::Messages(const std::string& filter) {
  std::vector<v1::Message> messages;
  v1::ListMessagesRequest request;
  request.set_filter(filter);
  request.set_page_size(100);
  do {
    const auto page = Call<v1::ListMessagesResponse>("MessageService/ListMessages", request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) break;
    messages.insert(messages.end(), page->messages().begin(), page->messages().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return messages;
}

std::vector<v1::Reminder> World::Reminders(const std::string& filter) {
  v1::ListRemindersRequest request;
  request.set_filter(filter);
  request.set_page_size(500);
  const auto page = Call<v1::ListRemindersResponse>("MessageService/ListReminders", request);
  EXPECT_TRUE(page.ok()) << page.status();
  if (!page.ok()) return {};
  return {page->reminders().begin(), page->reminders().end()};
}

std::string World::OnlyState() {
  const auto messages = Messages();
  if (messages.size() != 1) return absl::StrCat(messages.size(), " messages");
  return v1::MessageState_Name(messages[0].state());
}

void World::ExpectBalanced() {
  EXPECT_EQ(Count("balance WHERE NOT balanced"), 0);
  v1::ListBalancesRequest request;
  request.set_filter("balanced = false");
  const auto page = Call<v1::ListBalancesResponse>("MessageService/ListBalances", request);
  EXPECT_TRUE(page.ok() && page->balances().empty());
}

std::vector<std::string> World::EventTypes(const std::string& prefix) {
  const std::string types = Ask(absl::StrCat(
      "SELECT string_agg(name, ',' ORDER BY name) FROM (SELECT split_part(type, '.', 4) AS name "
      "FROM event_log) e WHERE starts_with(name, '",
      prefix, "')"));
  return absl::StrSplit(types, ',', absl::SkipEmpty());
}

}  // namespace ieum::notify::testing
