// Goal: one command can be followed from the call through ledger, stream and consumers to the mail,
// and a collector that is away, slow or broken holds nobody up. Method: the four services send
// their spans to a real collector; each span is looked for in its trace, under its parent.
#include "platform/telemetry/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "tests/faults/business_number.h"
#include "tests/flows/suite.h"
#include "tests/flows/trace_collector.h"
#include "tests/flows/welcome.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kCreateOrganization[] = "ieum.registry.v1.OrganizationService/CreateOrganization";
constexpr char kCreatePerson[] = "ieum.registry.v1.PersonService/CreatePerson";
constexpr char kResolve[] = "ieum.registry.v1.PersonService/BatchResolveContacts";
constexpr size_t kLinksMax = 64;  // of one span
constexpr int kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5, kInternal = 1;

telemetry::TraceContext CallersTrace() {
  telemetry::TraceContext trace = telemetry::TraceContext::New();
  trace.sampled = true;
  return trace;
}

class Traced {
 public:
  explicit Traced(const std::vector<std::string>& services = kServices) {
    for (const std::string& service : services) {
      suite.SetEnvironment(service, "IEUM_OTLP_ENDPOINT", collector.endpoint());
      EXPECT_EQ(suite.StopService(service), 0);
      suite.StartService(service);
    }
    SetClocks(suite);
  }

  absl::Status CreateOrganization(const std::string& name, const telemetry::TraceContext& trace) {
    registry::v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_display_name(name);
    request.mutable_organization()->set_kind(registry::v1::ORGANIZATION_KIND_FIRM);
    request.mutable_organization()->set_business_registration_number(
        faults::BusinessNumber(999, ++firms_));
    const telemetry::TraceScope scope(trace);
    registry::v1::Organization response;
    return suite.driver("registry")
        .Call(absl::StrCat("/", kCreateOrganization), request, &response);
  }

  // The span of that service and name in that trace; waits for it.
  CollectedSpan Find(const std::string& service, const std::string& name,
                     const telemetry::TraceContext& trace) {
    CollectedSpan found;
    const bool came = WaitFor([&] {
      for (const CollectedSpan& span : collector.Spans()) {
        if (span.trace != trace.trace_id || span.service != service || span.name != name) continue;
        found = span;
        return true;
      }
      return false;
    });
    EXPECT_TRUE(came) << "no span " << name << " of " << service << "\n" << Trace(trace);
    return found;
  }

  std::string Trace(const telemetry::TraceContext& trace) {
    std::string text;
    for (const CollectedSpan& span : collector.Spans()) {
      if (span.trace != trace.trace_id) continue;
      absl::StrAppend(&text, span.service, " ", span.name, " ", span.span, " of ", span.parent,
                      "\n");
    }
    return text;
  }

  TraceCollector collector;
  Suite suite;

 private:
  std::atomic<int> firms_{0};
};

#define EXPECT_UNDER(child, its_parent, its_kind)                                         \
  EXPECT_EQ((child).parent, (its_parent).span) << (child).service << " " << (child).name; \
  EXPECT_EQ((child).kind, its_kind) << (child).name

TEST(Trace, LeadsFromACallThroughLedgerAndStreamToEveryService) {
  Traced traced;
  const telemetry::TraceContext trace = CallersTrace();
  ASSERT_EQ(traced.CreateOrganization("비밀상회", trace), absl::OkStatus());
  const CollectedSpan call = traced.Find("registry", kCreateOrganization, trace);
  EXPECT_EQ(call.kind, kServer);
  EXPECT_FALSE(call.parent.empty()) << "the caller's span";
  EXPECT_EQ(call.attributes.at("rpc.response.status_code"), "OK");
  EXPECT_UNDER(traced.Find("registry", "command transaction", trace), call, kInternal);
  EXPECT_UNDER(traced.Find("registry", "publish ev.registry.s*", trace), call, kProducer);
  for (const char* listener : {"casemgmt", "reporting", "notify"}) {
    const CollectedSpan effect = traced.Find(listener, "process ev.registry.s*", trace);
    EXPECT_UNDER(effect, call, kConsumer);
    EXPECT_EQ(effect.attributes.at("messaging.message.type"),
              "ieum.registry.v1.OrganizationRegistered");
  }
  EXPECT_THAT(traced.suite.LogOf("registry"), HasSubstr(trace.trace_id)) << "logs lead here, too";
  EXPECT_EQ(traced.collector.Faults(), "");
}

TEST(Trace, LeadsFromARegistrationToTheMailAndItsReport) {
  Traced traced;
  WelcomeEverybody(traced.suite);
  const telemetry::TraceContext trace = CallersTrace();
  {
    const telemetry::TraceScope scope(trace);
    RegisterPerson(traced.suite, "sky.planted@example.com");
  }
  ASSERT_TRUE(WaitFor([&] { return traced.suite.Mails() == 1; }));

  const CollectedSpan call = traced.Find("registry", kCreatePerson, trace);
  const CollectedSpan plan = traced.Find("notify", "process ev.registry.s*", trace);
  EXPECT_UNDER(plan, call, kConsumer);
  const CollectedSpan ask = traced.Find("notify", "ask contacts", trace);
  EXPECT_UNDER(ask, plan, kInternal);
  const CollectedSpan question = traced.Find("notify", kResolve, trace);
  EXPECT_UNDER(question, ask, kClient);
  EXPECT_UNDER(traced.Find("registry", kResolve, trace), question, kServer);
  const CollectedSpan hand_over = traced.Find("notify", "hand over", trace);
  EXPECT_UNDER(hand_over, plan, kClient);
  EXPECT_EQ(hand_over.attributes.at("ieum.result"), "handed_over");
  EXPECT_EQ(hand_over.attributes.at("ieum.channel"), "email");
  // Planned and released under the plan, handed over under the hand-over; all of it reported.
  const auto reported = [&] {
    std::set<std::string> types;
    for (const CollectedSpan& span : traced.collector.Spans()) {
      if (span.trace != trace.trace_id || span.service != "reporting" ||
          span.name != "process ev.notify.s*") {
        continue;
      }
      const std::string& type = span.attributes.at("messaging.message.type");
      const bool last = type == "ieum.notify.v1.MessageHandedOver";
      EXPECT_EQ(span.parent, (last ? hand_over : plan).span) << type;
      types.insert(type);
    }
    return types.size() == 3;
  };
  EXPECT_TRUE(WaitFor(reported)) << traced.Trace(trace);
  EXPECT_EQ(traced.collector.Faults(), "");
  for (const char* planted : {"김하늘", "sky.planted", "example.com"}) {
    EXPECT_THAT(traced.collector.Raw(), Not(HasSubstr(planted)));
  }
}

TEST(Trace, LinksThoseWhoShareATransaction) {
  Traced traced;
  std::vector<std::thread> callers;
  std::vector<telemetry::TraceContext> traces;
  for (int i = 0; i < 16; ++i) traces.push_back(CallersTrace());
  for (const telemetry::TraceContext& trace : traces) {
    callers.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        EXPECT_EQ(traced.CreateOrganization("함께", trace), absl::OkStatus());
    });
  }
  for (std::thread& caller : callers) caller.join();
  ASSERT_TRUE(traced.suite.WaitSettled());
  std::map<std::string, CollectedSpan> by_id;
  const auto all_told = [&] {
    by_id.clear();
    int calls = 0, effects = 0;
    for (const CollectedSpan& span : traced.collector.Spans()) {
      calls += span.name == kCreateOrganization;
      effects += span.service == "reporting" && span.name == "process ev.registry.s*";
      by_id.emplace(span.span, span);
    }
    return calls == 320 && effects == 320;
  };
  ASSERT_TRUE(WaitFor(all_told));
  std::map<std::string, int> shared;
  for (const auto& [id, span] : by_id) {
    if (span.links.empty()) continue;
    ++shared[span.name];
    for (const std::string& link : span.links) {
      ASSERT_TRUE(by_id.contains(link));
      if (by_id[link].links.size() < kLinksMax) {
        EXPECT_THAT(by_id[link].links, ::testing::Contains(id)) << "both ways";
      }
      EXPECT_EQ(by_id[link].name, span.name);
    }
  }
  EXPECT_GT(shared["command transaction"], 1);
  EXPECT_GT(shared["process ev.registry.s*"], 1);
  EXPECT_EQ(traced.collector.Faults(), "");
}

// A counter of registry's /metrics, 0 when it is not there.
double Counted(Suite& suite, const std::string& series) {
  const std::string text = suite.Metrics("registry");
  const size_t at = text.find("\n" + series + " ");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
}

TEST(Trace, HoldsNobodyUpWhenTheCollectorIsBrokenSlowOrAway) {
  Traced traced({"registry"});
  const std::string dropped = "ieum_trace_spans_dropped_total{reason=\"";
  const auto calls_go_on = [&](const std::string& until) {
    const double before = Counted(traced.suite, until);
    for (int i = 0; i < 50; ++i) {
      const absl::Time began = absl::Now();
      EXPECT_EQ(traced.CreateOrganization("멈추지 않는 곳", CallersTrace()), absl::OkStatus());
      EXPECT_LT(absl::Now() - began, absl::Seconds(4)) << "less than a collector is waited for";
    }
    return WaitFor([&] { return Counted(traced.suite, until) >= before + 50; },
                   std::chrono::seconds(60));
  };
  EXPECT_TRUE(calls_go_on("ieum_trace_spans_exported_total"));
  traced.collector.Answer("500");
  EXPECT_TRUE(calls_go_on(dropped + "refused\"}")) << "a broken one";
  traced.collector.Answer("slow");
  EXPECT_TRUE(calls_go_on(dropped + "unreachable\"}")) << "a slow one";
  traced.collector.Kill();
  EXPECT_TRUE(calls_go_on(dropped + "unreachable\"}")) << "one that is away";
  const absl::Time began = absl::Now();
  EXPECT_EQ(traced.CreateOrganization("bis zuletzt", CallersTrace()), absl::OkStatus());
  EXPECT_EQ(traced.suite.StopService("registry"), 0) << "and it ends, spans or not";
  EXPECT_LT(absl::Now() - began, absl::Seconds(15));
}

TEST(Trace, BeginsAnewWhereTheCallersWordsAreWrong) {
  Traced traced({"registry"});
  const auto begun = [&] {
    size_t roots = 0;
    for (const CollectedSpan& span : traced.collector.Spans()) {
      roots += span.name == kCreateOrganization && span.parent.empty();
    }
    return roots;
  };
  telemetry::TraceContext wrong = CallersTrace();
  wrong.trace_id = std::string(32, '0');
  EXPECT_EQ(traced.CreateOrganization("영", wrong), absl::OkStatus());
  wrong.trace_id = "<script>alert(1)</script>aaaaaaa";
  EXPECT_EQ(traced.CreateOrganization("글", wrong), absl::OkStatus());
  EXPECT_TRUE(WaitFor([&] { return begun() == 2; }));
  telemetry::TraceContext unsampled = CallersTrace();
  unsampled.sampled = false;
  EXPECT_EQ(traced.CreateOrganization("조용히", unsampled), absl::OkStatus());
  const telemetry::TraceContext after = CallersTrace();
  EXPECT_EQ(traced.CreateOrganization("다음", after), absl::OkStatus());
  (void)traced.Find("registry", kCreateOrganization, after);
  EXPECT_THAT(traced.collector.Raw(), Not(HasSubstr(unsampled.trace_id)));
  EXPECT_THAT(traced.collector.Raw(), Not(HasSubstr("script")));
}

}  // namespace
}  // namespace ieum::testing
