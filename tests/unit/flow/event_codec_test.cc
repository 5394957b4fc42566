// Goal: an event that travels as headers and payload arrives as it was written.
// Method: a round trip over random events, and the words of the contract looked at one by one.
#include "platform/broker/event_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "google/protobuf/util/message_differencer.h"
#include "platform/base/text.h"
#include "platform/base/uuid.h"

namespace ieum::broker {
namespace {

using google::protobuf::util::MessageDifferencer;
using platform::v1::LedgerEvent;

constexpr char kAggregate[] = "0191d2f0-7c1a-7b3e-9f00-0000000000a7";  // shard 7

LedgerEvent SampleEvent() {
  LedgerEvent event;
  event.set_shard(7);
  event.set_position(123);
  event.set_event_id("0191d2f0-7c1a-7b3e-9f00-00000000e001");
  event.set_type("ieum.sample.v1.Counted");
  event.set_subject("counters/0191d2f0-7c1a-7b3e-9f00-0000000000a7");
  event.set_aggregate_id(kAggregate);
  event.set_aggregate_version(4);
  event.mutable_time()->set_seconds(1'678'752'000);
  event.mutable_time()->set_nanos(250'000'000);
  event.set_actor("staff/kim");
  event.set_correlation_id("process-1");
  event.set_causation_id("0191d2f0-7c1a-7b3e-9f00-00000000e000");
  event.set_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  event.set_payload(std::string("\x08\x01\0\xff", 4));
  return event;
}

const Origin kOrigin{"sample", 3, 5, 2};

// Any text that a value may be: bytes of every kind, made valid UTF-8.
rc::Gen<std::string> AnyText() {
  return rc::gen::map(rc::gen::arbitrary<std::string>(),
                      [](const std::string& bytes) { return base::Nfc(bytes); });
}

LedgerEvent AnyEvent() {
  LedgerEvent event = SampleEvent();
  std::array<uint8_t, 16> id;
  for (uint8_t& byte : id) byte = *rc::gen::arbitrary<uint8_t>();
  event.set_aggregate_id(base::Uuid(id).ToString());
  event.set_shard(base::Uuid(id).shard());
  event.set_position(*rc::gen::inRange<int64_t>(1, INT64_MAX));
  event.set_aggregate_version(*rc::gen::inRange<int64_t>(1, INT64_MAX));
  event.set_subject(*AnyText());
  event.set_actor(*AnyText());
  event.set_correlation_id(*AnyText());
  event.set_causation_id(*AnyText());
  event.mutable_time()->set_seconds(*rc::gen::inRange<int64_t>(-62'135'596'800, 253'402'300'799));
  event.mutable_time()->set_nanos(*rc::gen::inRange(0, 1'000'000'000));
  event.set_payload(*rc::gen::arbitrary<std::string>());
  event.set_required(*rc::gen::arbitrary<bool>());
  return event;
}

TEST(EventCodec, BringsBackEveryEvent) {
  rc::check([] {
    const LedgerEvent event = AnyEvent();
    const auto back = DecodeEvent(EncodeEvent(event, kOrigin, {}));
    RC_ASSERT(back.ok());
    RC_ASSERT(MessageDifferencer::Equals(back->event, event));
    RC_ASSERT(back->origin.service == kOrigin.service);
    RC_ASSERT(back->origin.epoch == kOrigin.epoch);
    RC_ASSERT(back->origin.term == kOrigin.term);
    RC_ASSERT(back->origin.incarnation == kOrigin.incarnation);
  });
}

TEST(EventCodec, WritesHeadersThatNoProtocolCanStumbleOver) {
  rc::check([] {
    for (const auto& [name, value] : EncodeEvent(AnyEvent(), kOrigin, {}).headers) {
      RC_ASSERT(!value.empty());
      for (const char c : value) RC_ASSERT(c > 0x20 && c < 0x7f && c != '"');
    }
  });
}

TEST(EventCodec, WritesTheAttributesOfCloudEvents) {
  const Message message = EncodeEvent(SampleEvent(), kOrigin, {});
  EXPECT_EQ(message.subject, "ev.sample.s07");
  EXPECT_EQ(message.Header("ce-specversion"), "1.0");
  EXPECT_EQ(message.Header("ce-id"), "0191d2f0-7c1a-7b3e-9f00-00000000e001");
  EXPECT_EQ(message.Header("ce-source"), "//sample.ieum/shards/07");
  EXPECT_EQ(message.Header("ce-type"), "ieum.sample.v1.Counted");
  EXPECT_EQ(message.Header("ce-subject"), "counters/0191d2f0-7c1a-7b3e-9f00-0000000000a7");
  EXPECT_EQ(message.Header("ce-time"), "2023-03-14T00:00:00.25+00:00");
  EXPECT_EQ(message.Header("ce-datacontenttype"), "application/protobuf");
  EXPECT_EQ(message.Header("ce-dataschema"), "urn:ieum:proto:ieum.sample.v1.Counted");
  EXPECT_EQ(message.Header("ce-sequence"), "0000000000000000123");
  EXPECT_EQ(message.Header("ce-partitionkey"), kAggregate);
  EXPECT_EQ(message.Header("ce-correlationid"), "process-1");
  EXPECT_EQ(message.Header("ce-causationid"), "0191d2f0-7c1a-7b3e-9f00-00000000e000");
  EXPECT_EQ(message.Header("ce-authtype"), "user");
  EXPECT_EQ(message.Header("ce-authid"), "staff/kim");
  EXPECT_EQ(message.Header("ce-traceparent"), message.Header("traceparent"));
  EXPECT_EQ(message.Header("Content-Type"), "") << "it would mean structured mode";
}

TEST(EventCodec, WritesWhatTheLedgerAndTheRelayAdd) {
  const Message message = EncodeEvent(SampleEvent(), kOrigin, {});
  EXPECT_EQ(message.Header("Ev-Pos"), "123");
  EXPECT_EQ(message.Header("Ev-Version"), "4");
  EXPECT_EQ(message.Header("Ev-Epoch"), "3");
  EXPECT_EQ(message.Header("Ev-Term"), "5");
  EXPECT_EQ(message.Header("Ev-Inc"), "2");
  EXPECT_EQ(message.Header("Ev-Required"), "");
  EXPECT_EQ(message.Header("Nats-Expected-Stream"), "EV_SAMPLE");
}

TEST(EventCodec, WritesTheChain) {
  const Message first = EncodeEvent(SampleEvent(), kOrigin, {"a.1.7.123.r", 0, ""});
  EXPECT_EQ(first.Header("Nats-Msg-Id"), "a.1.7.123.r");
  EXPECT_EQ(first.Header("Nats-Expected-Last-Sequence"), "0") << "an empty stream is expected too";
  EXPECT_EQ(first.Header("Nats-Expected-Last-Msg-Id"), "");
  const Message later = EncodeEvent(SampleEvent(), kOrigin, {"b", std::nullopt, "a"});
  EXPECT_EQ(later.Header("Nats-Expected-Last-Sequence"), "");
  EXPECT_EQ(later.Header("Nats-Expected-Last-Msg-Id"), "a");
}

TEST(EventCodec, NamesTheRunInEveryMessageId) {
  EXPECT_EQ(MessageId("sample", 1, 7, 123, "5-1f"), "sample.1.7.123.5-1f");
}

TEST(EventCodec, TellsServicesAndTheSystemFromPeople) {
  LedgerEvent event = SampleEvent();
  event.set_actor("service/sample");
  EXPECT_EQ(EncodeEvent(event, kOrigin, {}).Header("ce-authtype"), "service_account");
  event.clear_actor();
  EXPECT_EQ(EncodeEvent(event, kOrigin, {}).Header("ce-authtype"), "system");
}

TEST(EventCodec, ReadsHeadersInAnyCase) {
  Message message = EncodeEvent(SampleEvent(), kOrigin, {});
  for (auto& [name, value] : message.headers) {
    for (char& c : name) c = static_cast<char>(toupper(c));
  }
  const auto back = DecodeEvent(message);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_TRUE(MessageDifferencer::Equals(back->event, SampleEvent()));
}

void SetHeader(Message& message, std::string_view name, std::string value) {
  for (auto& [key, present] : message.headers) {
    if (key == name) present = std::move(value);
  }
}

TEST(EventCodec, RefusesWhatIsNoEvent) {
  struct Case {
    const char* header;
    const char* value;
  };
  for (const Case& bad : std::initializer_list<Case>{{"ce-source", "//elsewhere/7"},
                                                     {"ce-source", "//sample.ieum/shards/16"},
                                                     {"ce-source", "//sample.ieum/shards/06"},
                                                     {"ce-partitionkey", "not-a-uuid"},
                                                     {"ce-id", "1"},
                                                     {"ce-time", "yesterday"},
                                                     {"ce-subject", "%E3%81"},
                                                     {"ce-subject", "%2"},
                                                     {"Ev-Pos", "0"},
                                                     {"Ev-Pos", "1x"},
                                                     {"Ev-Epoch", ""}}) {
    Message message = EncodeEvent(SampleEvent(), kOrigin, {});
    SetHeader(message, bad.header, bad.value);
    EXPECT_FALSE(DecodeEvent(message).ok()) << bad.header << ": " << bad.value;
  }
  EXPECT_FALSE(DecodeEvent(Message{}).ok());
}

TEST(PercentCoding, DecodesExactlyOnce) {
  EXPECT_EQ(PercentEncode("50% \"가\""), "50%25%20%22%EA%B0%80%22");
  EXPECT_EQ(PercentDecode("50%25%20%22%EA%B0%80%22"), "50% \"가\"");
  EXPECT_EQ(PercentDecode("%2541"), "%41");
  EXPECT_EQ(PercentDecode("%zz"), std::nullopt);
  EXPECT_EQ(PercentDecode("%FF"), std::nullopt);
}

}  // namespace
}  // namespace ieum::broker
