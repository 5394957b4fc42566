// Goal: a filter means the same as SQL and over a message. Method: random filters over random
// things; PostgreSQL and the evaluator must choose the same ones.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/filter/match.h"
#include "tests/integration/rpc/thing_door.h"
#include "tests/support/postgres.h"

namespace ieum::rpc {
namespace {

using sample::v1::Thing;
using Words = std::vector<std::string>;

const Words& Texts() {
  static const auto* texts = new Words{"",     "a",    "A",  "ab", "b%",   "a_b", "100%", "\\",
                                       "가위", "나사", "가", "'",  "a\"b", "*",   "B001", "a*"};
  return *texts;
}

const Words& Instants() {
  static const auto* instants =
      new Words{"2023-03-14T09:00:00+09:00", "2023-03-14T00:00:00Z", "2023-03-14T00:00:00.000001Z",
                "1999-12-31T23:59:59Z", "2024-02-29T12:00:00.5-03:00"};
  return *instants;
}

absl::Time Instant(const std::string& text) {
  absl::Time instant;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &instant, &error)) << error;
  return instant;
}

rc::Gen<std::string> AnyOf(const Words& words) { return rc::gen::elementOf(words); }

Thing RandomThing() {
  Thing thing;
  thing.set_display_name(*AnyOf(Texts()));
  if (*rc::gen::arbitrary<bool>()) thing.set_note(*AnyOf(Texts()));
  thing.set_size(*rc::gen::inRange(-3, 4));
  if (*rc::gen::arbitrary<bool>()) thing.set_score(*rc::gen::inRange(-8, 9) / 4.0);
  thing.set_state(static_cast<sample::v1::ThingState>(*rc::gen::inRange(0, 3)));
  thing.set_working(*rc::gen::arbitrary<bool>());
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) thing.add_tags(*AnyOf(Texts()));
  if (*rc::gen::arbitrary<bool>()) thing.mutable_owner()->set_code(*AnyOf(Texts()));
  if (*rc::gen::arbitrary<bool>()) {
    *thing.mutable_due_time() = base::ToTimestamp(Instant(*AnyOf(Instants())));
  }
  return thing;
}

std::string Quoted(const std::string& text) {
  std::string quoted = *rc::gen::element("", "*") + std::string();
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '*') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return absl::StrCat("\"", quoted, *rc::gen::element("", "*"), "\"");
}

std::string Plain(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '*') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return absl::StrCat("\"", quoted, "\"");
}

std::string RandomTextComparison(const std::string& field) {
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return absl::StrCat(field, *rc::gen::element(" = ", " != "), Quoted(*AnyOf(Texts())));
    case 1:
      return absl::StrCat(field, *rc::gen::element(" < ", " <= ", " > ", " >= "),
                          Plain(*AnyOf(Texts())));
    case 2:
      return absl::StrCat(field, ":", Plain(*AnyOf(Texts())));
    default:
      return absl::StrCat(field, ":*");
  }
}

const char* AnyOrder() { return *rc::gen::element(" = ", " != ", " < ", " <= ", " > ", " >= "); }

std::string RandomComparison() {
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
      return RandomTextComparison("display_name");
    case 1:
      return RandomTextComparison("note");
    case 2:
      return RandomTextComparison("owner.code");
    case 3:
      return absl::StrCat("size", AnyOrder(), *rc::gen::inRange(-3, 4));
    case 4:
      return absl::StrCat("score", AnyOrder(), *rc::gen::inRange(-8, 9) / 4.0);
    case 5:
      return absl::StrCat("state", *rc::gen::element(" = ", " != "),
                          *rc::gen::element("ACTIVE", "THING_STATE_PUT_AWAY", "UNSPECIFIED"));
    case 6:
      return absl::StrCat("working = ", *rc::gen::element("true", "false"));
    case 7:
      return absl::StrCat("due_time", AnyOrder(), Plain(*AnyOf(Instants())));
    default:
      return *rc::gen::element<std::string>("score:*", "state:*", "due_time:*", "tags:*", "size:*",
                                            "tags:" + Plain(*AnyOf(Texts())));
  }
}

std::string RandomFilter(int depth) {
  if (depth == 0 || *rc::gen::inRange(0, 4) == 0) return RandomComparison();
  if (*rc::gen::inRange(0, 3) == 0) {
    return absl::StrCat(*rc::gen::element("NOT ", "-"), "(", RandomFilter(depth - 1), ")");
  }
  Words parts;
  for (int i = *rc::gen::inRange(2, 4); i > 0; --i) {
    parts.push_back(absl::StrCat("(", RandomFilter(depth - 1), ")"));
  }
  return absl::StrJoin(parts, *rc::gen::element(" AND ", " OR ", " "));
}

class Things {
 public:
  Things() {
    const absl::Status filled = database_.database().Write("fill", [&](db::Tx& tx) -> absl::Status {
      for (const auto& [id, thing] : things_) InsertThing(tx, id, thing, absl::UnixEpoch());
      return absl::OkStatus();
    });
    EXPECT_TRUE(filled.ok()) << filled;
  }

  static std::map<base::Uuid, Thing> Random() {
    std::map<base::Uuid, Thing> things;
    for (int i = 0; i < 150; ++i) things[base::Uuid::NewV7()] = RandomThing();
    return things;
  }

  std::set<base::Uuid> BySql(const filter::Expression& expression) {
    std::set<base::Uuid> chosen;
    const filter::Sql sql = filter::ToSql(expression, ThingList().fields).value();
    const absl::Status status = database_.database().Read("ask", [&](db::Tx& tx) -> absl::Status {
      const auto rows = tx.RunDynamic("SELECT id FROM thing t WHERE " + sql.text,
                                      {sql.params.begin(), sql.params.end()});
      for (const auto& row : rows) chosen.insert(db::AsUuid(row[0]));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status << " in " << sql.text;
    return chosen;
  }

  std::set<base::Uuid> ByMessage(const filter::Expression& expression) const {
    std::set<base::Uuid> chosen;
    for (const auto& [id, thing] : things_) {
      if (filter::Matches(expression, thing)) chosen.insert(id);
    }
    return chosen;
  }

 private:
  std::map<base::Uuid, Thing> things_ = *rc::gen::exec([] { return Random(); });
  testing::TestDatabase database_{ThingMigrations()};
};

TEST(FilterAgreement, SqlAndMessagesChooseTheSame) {
  std::unique_ptr<Things> things;
  size_t chosen = 0;
  const bool agreed = rc::check([&] {
    if (things == nullptr) things = std::make_unique<Things>();
    const std::string text = RandomFilter(3);
    const absl::StatusOr<filter::Expression> expression = filter::Parse(text);
    if (!expression.ok()) {  // only for passing a limit
      RC_DISCARD(std::string(expression.status().message()));
    }
    RC_LOG() << text << "\n";
    const absl::Status fits = filter::CheckFor(*expression, *Thing::descriptor());
    RC_ASSERT(fits.ok());
    const std::set<base::Uuid> by_message = things->ByMessage(*expression);
    chosen += by_message.size();
    RC_ASSERT(things->BySql(*expression) == by_message);
    const absl::StatusOr<filter::Expression> again = filter::Parse(filter::ToText(*expression));
    RC_ASSERT(again.ok());
    RC_ASSERT(things->ByMessage(*again) == by_message);
  });
  EXPECT_TRUE(agreed);
  EXPECT_GT(chosen, 100u) << "the filters must choose something";
}

}  // namespace
}  // namespace ieum::rpc
