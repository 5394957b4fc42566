// Goal: text and bytes are stored byte for byte or refused, whatever is in them (law:T29). Method:
// a table of what has broken other systems and random text, sent alone and in arrays, and compared
// inside the server by its length in bytes as well.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "platform/db/database.h"
#include "tests/support/postgres.h"

namespace ieum::db {
namespace {

using testing::TestDatabase;

const Statement kText("test_hostile_text", "SELECT $1::text, octet_length($1::text)");
const Statement kBytes("test_hostile_bytes", "SELECT $1::bytea, octet_length($1::bytea)");
const Statement kTexts("test_hostile_texts", R"(
  SELECT e FROM unnest($1::text[]) WITH ORDINALITY AS u(e, i) ORDER BY i)");
const Statement kManyBytes("test_hostile_many_bytes", R"(
  SELECT e FROM unnest($1::bytea[]) WITH ORDINALITY AS u(e, i) ORDER BY i)");

std::vector<std::string> HostileTexts() {
  return {"",
          " ",
          "\"",
          "\\",
          "\\\\\"",
          "{}",
          "{\"a\",NULL}",
          "NULL",
          "null",
          ",",
          "'",
          "'; DROP TABLE thing; --",
          "$1",
          "%",
          "\\x41",
          "\\000",
          "E'\\n'",
          "\r\n\t\v\x01\x1f\x7f",
          "이음 가족친화",
          "\u1100\u1161\u11a8",
          "🙂👩‍👩‍👧",
          "\u202eright to left\u202c",
          "\uFEFF\u200b\u00a0",
          "\U0010FFFF",
          std::string(1 << 20, 'x'),
          "e" + std::string(3, '\xcc').replace(1, 1, "\x81\xcc\x81").append("\x81")};
}

class HostileText : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    test_ =
        std::make_unique<TestDatabase>(testing::SharedCluster(), MigrationSet{}, /*migrate=*/false);
  }
  static void TearDownTestSuite() { test_.reset(); }
  absl::Status InTransaction(const std::function<void(Tx&)>& body) {
    return test_->database().Write("values", [&](Tx& tx) {
      body(tx);
      return absl::OkStatus();
    });
  }
  // One for the whole suite: nothing here is kept.
  static inline std::unique_ptr<TestDatabase> test_;
};

// What comes back of these texts when they are sent as one array.
std::vector<std::string> Echo(Tx& tx, const std::vector<std::string>& texts) {
  std::vector<std::string> back;
  for (const auto& row : tx.Exec(kTexts, ArrayOf(texts))) {
    EXPECT_FALSE(row[0].is_null());
    back.push_back(AsText(row[0]));
  }
  return back;
}

TEST_F(HostileText, ComesBackByteForByte) {
  EXPECT_TRUE(InTransaction([](Tx& tx) {
                for (const std::string& text : HostileTexts()) {
                  const Row row = tx.Exec(kText, text)[0];
                  EXPECT_FALSE(row[0].is_null());
                  EXPECT_EQ(AsText(row[0]), text);
                  EXPECT_EQ(row[1].as<size_t>(), text.size());
                }
              }).ok());
}

TEST_F(HostileText, ComesBackFromArraysByteForByte) {
  EXPECT_TRUE(
      InTransaction([](Tx& tx) { EXPECT_EQ(Echo(tx, HostileTexts()), HostileTexts()); }).ok());
}

TEST_F(HostileText, IsNotNullAndNullIsNoText) {
  EXPECT_TRUE(
      InTransaction([](Tx& tx) {
        const Rows rows = tx.Exec(kTexts, Array({Param("NULL"), Param(std::nullopt), Param("")}));
        ASSERT_EQ(rows.size(), 3u);
        EXPECT_EQ(AsText(rows[0][0]), "NULL");
        EXPECT_TRUE(rows[1][0].is_null());
        EXPECT_FALSE(rows[2][0].is_null());
      }).ok());
}

TEST_F(HostileText, OfAnyKindComesBackFromArrays) {
  const auto piece = rc::gen::elementOf(std::vector<std::string>{
      "\"", "\\", "{", "}", ",", "NULL", "'", " ", "a", "가", "🙂", "\n", "\x01", "\u0301"});
  EXPECT_TRUE(InTransaction([&](Tx& tx) {
                EXPECT_TRUE(rc::check([&] {
                  const auto pieces = *rc::gen::container<std::vector<std::vector<std::string>>>(
                      rc::gen::container<std::vector<std::string>>(piece));
                  std::vector<std::string> texts;
                  for (const auto& some : pieces) {
                    std::string& text = texts.emplace_back();
                    for (const std::string& one : some) text += one;
                  }
                  RC_ASSERT(Echo(tx, texts) == texts);
                }));
              }).ok());
}

TEST_F(HostileText, OfBytesComesBackByteForByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_TRUE(InTransaction([&](Tx& tx) {
                const auto echo = [&](const std::string& bytes) {
                  const Row row = tx.Exec(kBytes, Bytes(bytes))[0];
                  EXPECT_EQ(row[1].as<size_t>(), bytes.size());
                  return AsBytes(row[0]);
                };
                for (const std::string& bytes : {std::string(), all, std::string(1 << 20, '\0')}) {
                  EXPECT_EQ(echo(bytes), bytes);
                }
                EXPECT_TRUE(rc::check([&](const std::vector<std::string>& many) {
                  std::vector<Param> params;
                  for (const std::string& bytes : many) {
                    RC_ASSERT(echo(bytes) == bytes);
                    params.push_back(Bytes(bytes));
                  }
                  const Rows rows = tx.Exec(kManyBytes, Array(params));
                  RC_ASSERT(rows.size() == many.size());
                  for (size_t i = 0; i < many.size(); ++i) {
                    RC_ASSERT(AsBytes(rows[static_cast<int>(i)][0]) == many[i]);
                  }
                }));
              }).ok());
}

// The protocol ends a text at its first U+0000; half a text must never be stored.
TEST_F(HostileText, WithAZeroIsRefusedNotCutOff) {
  const std::string text("before\0after", 12);
  bool stored = false;
  EXPECT_EQ(InTransaction([&](Tx& tx) {
              tx.Exec(kText, text);
              stored = true;
            }).code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(InTransaction([&](Tx& tx) {
              tx.Exec(kTexts, Array({Param("good"), Param(text)}));
              stored = true;
            }).code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(InTransaction([&](Tx& tx) {
              tx.RunDynamic("SELECT $1::text", {Param(text)});
              stored = true;
            }).code(),
            absl::StatusCode::kInternal);
  EXPECT_FALSE(stored);
}

TEST_F(HostileText, ThatIsNotUtf8IsRefused) {
  for (const char* text : {"\xff", "\xc0\xaf", "\xed\xa0\x80"}) {
    EXPECT_FALSE(InTransaction([&](Tx& tx) { tx.Exec(kText, text); }).ok());
  }
}

}  // namespace
}  // namespace ieum::db
