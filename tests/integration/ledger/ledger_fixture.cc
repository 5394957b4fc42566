#include "tests/integration/ledger/ledger_fixture.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "google/protobuf/wrappers.pb.h"
#include "platform/crypto/seal.h"

namespace ieum::ledger {
namespace {

const db::MigrationSet kTables{{"0001_counter", R"(
  CREATE TABLE counter (id uuid PRIMARY KEY, value bigint NOT NULL);
  CREATE TABLE counter_name (name text PRIMARY KEY, id uuid NOT NULL))"}};

const db::Statement kCount("test_counter_count", R"(
  INSERT INTO counter (id, value) VALUES ($1, $2)
  ON CONFLICT (id) DO UPDATE SET value = counter.value + EXCLUDED.value)");

const db::Statement kReadOwn("test_counter_own", R"(
  SELECT id, value FROM counter WHERE id = ANY($1::uuid[]))");
const db::Statement kSetValue("test_counter_set", R"(
  INSERT INTO counter (id, value) VALUES ($1, $2)
  ON CONFLICT (id) DO UPDATE SET value = EXCLUDED.value)");

std::atomic<int> own_reads_made = 0, counters_of_last = 0;

OwnRead<int64_t>::Found ReadValues(db::Tx& tx, const std::vector<Uuid>& ids) {
  OwnRead<int64_t>::Found values;
  for (const auto& row : tx.Exec(kReadOwn, db::ArrayOf(ids))) {
    values.emplace(db::AsUuid(row[0]), row[1].as<int64_t>());
  }
  ++own_reads_made;
  counters_of_last = static_cast<int>(ids.size());
  return values;
}

constexpr OwnRead<int64_t> kOwnValue{ReadValues};

const db::Statement kTakeName("test_counter_name", R"(
  INSERT INTO counter_name (name, id) VALUES ($1, $2) ON CONFLICT DO NOTHING)");

}  // namespace

Uuid NewIdOn(int shard) {
  auto bytes = Uuid::NewV7().bytes();
  bytes[15] = static_cast<uint8_t>((bytes[15] & 0xf0) | shard);
  return Uuid(bytes);
}

std::string NameOf(const Uuid& counter) { return "counters/" + counter.ToString(); }

Command NewCommand(std::string_view request, const char* name) {
  Command command;
  command.name = name;
  command.request_id = Uuid::NewV7();
  command.request_hash = crypto::Hash(request);
  command.caller = {"staff/kim", Uuid::NewV7().ToString(), "", ""};
  return command;
}

void Count(UnitOfWork& work, const Uuid& id, int events) {
  work.tx().Exec(kCount, id, events);
  AppendTo(work, id, events);
}

void CountByReading(UnitOfWork& work, const Uuid& id) {
  work.tx().ExecLater(kSetValue, id, work.Own(kOwnValue, id).value_or(0) + 1);
  AppendTo(work, id);
}

absl::StatusOr<Done> RaiseByReading(UnitOfWork& work, const std::vector<Uuid>& ids) {
  work.Lock(ids);
  for (const Uuid& id : ids) CountByReading(work, id);
  return Done{ids.front(), NameOf(ids.front())};
}

int OwnReadsMade() { return own_reads_made; }
int CountersOfLastOwnRead() { return counters_of_last; }

void AppendTo(UnitOfWork& work, const Uuid& id, int events) {
  for (int i = 0; i < events; ++i) {
    google::protobuf::StringValue event;
    event.set_value(absl::StrCat("counted ", work.Version(id) + 1));
    work.Append(id, "counter", NameOf(id), event);
  }
}

absl::StatusOr<Done> Make(UnitOfWork& work, const Uuid& id, int events) {
  work.Lock({id});
  if (work.Version(id) > 0) return base::AlreadyExists("ID_TAKEN", "there is such a counter");
  Count(work, id, events);
  return Done{id, NameOf(id)};
}

absl::StatusOr<Done> Raise(UnitOfWork& work, const Uuid& id, int events) {
  work.Lock({id});
  Count(work, id, events);
  return Done{id, NameOf(id)};
}

absl::Status TakeName(UnitOfWork& work, const Uuid& id, const std::string& name) {
  if (work.tx().ExecCount(kTakeName, name, id) == 1) return absl::OkStatus();
  return base::AlreadyExists("NAME_TAKEN", "another counter has this name");
}

std::string PayloadOf(std::string_view text) {
  google::protobuf::StringValue event;
  event.set_value(std::string(text));
  return event.SerializeAsString();
}

LedgerTest::LedgerTest() : test_(kTables), ledger_(test_.database(), clock_, "sample") {
  EXPECT_TRUE(clock_.Set(absl::FromUnixSeconds(1'678'086'000)).ok());
}

LedgerTest::~LedgerTest() { EXPECT_THAT(BrokenLaws(test_), ::testing::IsEmpty()); }

void LedgerTest::ExpectUntouched() {
  EXPECT_EQ(Events(), 0);
  EXPECT_EQ(Answers(), 0);
  EXPECT_EQ(Aggregates(), 0);
  EXPECT_EQ(Counters(), 0);
  EXPECT_EQ(Number("SELECT sum(last_pos) FROM outbox_shard"), 0);
}

::testing::AssertionResult SameAnswer(const Answer& a, const Answer& b) {
  if (a.name == b.name && a.etag == b.etag && a.position == b.position) {
    return ::testing::AssertionSuccess();
  }
  const auto words = [](const Answer& answer) {
    return absl::StrCat(answer.name, " etag ", answer.etag, " at ", answer.position.shard, "/",
                        answer.position.pos);
  };
  return ::testing::AssertionFailure() << words(a) << " and " << words(b);
}

}  // namespace ieum::ledger
