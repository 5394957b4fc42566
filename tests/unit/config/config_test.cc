// Goal: a start with a bad environment names every fault at once, and a secret is never shown.
// Method: a made-up environment; the secret is planted in real files and looked for everywhere.
#include "platform/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace ieum::config {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

using Environment = std::map<std::string, std::string>;

Reader Reading(const Environment& environment) {
  return Reader([environment](const std::string& variable) -> std::optional<std::string> {
    auto found = environment.find(variable);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  });
}

std::string FaultsOf(const Reader& reader) { return std::string(reader.Finish().message()); }

// A file with this content, gone with the object.
class File {
 public:
  explicit File(const std::string& content) {
    char pattern[] = "/tmp/ieum.XXXXXX";
    folder_ = mkdtemp(pattern);
    std::ofstream(path(), std::ios::binary) << content;
  }
  ~File() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path() const { return folder_ + "/secret"; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

struct Everything {
  std::string text = "127.0.0.1", needed, word = "system", secret;
  int number = 8;
  bool flag = true;
  absl::Duration wait = absl::Seconds(5);
};

void ReadAll(Reader& reader, Everything* all) {
  reader.Text("IEUM_LISTEN", "address to listen on", &all->text);
  reader.Required("IEUM_DB", "where the database is", &all->needed);
  reader.Number("IEUM_POOL", "connections", 1, 64, &all->number);
  reader.Flag("IEUM_FLAG", "whether", &all->flag);
  reader.Duration("IEUM_WAIT", "how long", &all->wait);
  reader.OneOf("IEUM_CLOCK", "which clock", {"system", "simulated"}, &all->word);
  reader.SecretFile("IEUM_KEY_FILE", "the key", true, &all->secret);
}

TEST(Config, FillsFieldsFromTheEnvironment) {
  const File key("s3cret\n");
  Reader reader = Reading({{"IEUM_LISTEN", "0.0.0.0"},
                           {"IEUM_DB", "host=/run dbname=x"},
                           {"IEUM_POOL", "64"},
                           {"IEUM_FLAG", "false"},
                           {"IEUM_WAIT", "500ms"},
                           {"IEUM_CLOCK", "simulated"},
                           {"IEUM_KEY_FILE", key.path()}});
  Everything all;
  ReadAll(reader, &all);
  ASSERT_TRUE(reader.Finish().ok()) << reader.Finish();
  EXPECT_EQ(all.text, "0.0.0.0");
  EXPECT_EQ(all.needed, "host=/run dbname=x");
  EXPECT_EQ(all.number, 64);
  EXPECT_FALSE(all.flag);
  EXPECT_EQ(all.wait, absl::Milliseconds(500));
  EXPECT_EQ(all.word, "simulated");
  EXPECT_EQ(all.secret, "s3cret");
}

TEST(Config, KeepsDefaultsOfWhatIsUnsetOrEmpty) {
  for (const char* value : {static_cast<const char*>(nullptr), ""}) {
    Environment environment{{"IEUM_DB", "x"}};
    for (const char* variable : {"IEUM_LISTEN", "IEUM_POOL", "IEUM_FLAG", "IEUM_WAIT", "IEUM_CLOCK",
                                 "IEUM_OPTIONAL_FILE"}) {
      if (value != nullptr) environment[variable] = value;
    }
    Reader reader = Reading(environment);
    Everything all;
    reader.Text("IEUM_LISTEN", "", &all.text);
    reader.Number("IEUM_POOL", "", 1, 64, &all.number);
    reader.Flag("IEUM_FLAG", "", &all.flag);
    reader.Duration("IEUM_WAIT", "", &all.wait);
    reader.OneOf("IEUM_CLOCK", "", {"system"}, &all.word);
    reader.SecretFile("IEUM_OPTIONAL_FILE", "", false, &all.secret);
    EXPECT_TRUE(reader.Finish().ok()) << reader.Finish();
    EXPECT_EQ(all.text, "127.0.0.1");
    EXPECT_EQ(all.number, 8);
    EXPECT_TRUE(all.flag);
    EXPECT_EQ(all.wait, absl::Seconds(5));
    EXPECT_EQ(all.word, "system");
    EXPECT_EQ(all.secret, "");
  }
}

TEST(Config, NamesEveryFaultAtOnceOneALine) {
  Reader reader = Reading({{"IEUM_POOL", "0"},
                           {"IEUM_FLAG", "yes"},
                           {"IEUM_WAIT", "soon"},
                           {"IEUM_CLOCK", "sundial"},
                           {"IEUM_KEY_FILE", "/nowhere/key"}});
  Everything all;
  ReadAll(reader, &all);
  reader.Fault("IEUM_GRPC_PORT and IEUM_ADMIN_PORT must differ");
  const absl::Status status = reader.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::string faults(status.message());
  for (const char* variable : {"IEUM_DB", "IEUM_POOL", "IEUM_FLAG", "IEUM_WAIT", "IEUM_CLOCK",
                               "IEUM_KEY_FILE", "IEUM_GRPC_PORT"}) {
    EXPECT_THAT(faults, HasSubstr(variable));
  }
  EXPECT_EQ(std::count(faults.begin(), faults.end(), '\n'), 6);
  EXPECT_THAT(faults, HasSubstr("sundial"));
  EXPECT_THAT(faults, HasSubstr("simulated"));
  EXPECT_EQ(all.number, 8) << "a faulty value does not reach its field";
  EXPECT_TRUE(all.flag);
}

TEST(Config, TakesNumbersWithinTheirBoundsOnly) {
  for (const char* good : {"1", "64", "007"}) {
    Reader reader = Reading({{"N", good}});
    int number = 5;
    reader.Number("N", "", 1, 64, &number);
    EXPECT_TRUE(reader.Finish().ok()) << good;
    EXPECT_EQ(number, std::stoi(good));
  }
  for (const char* bad :
       {"0", "65", "-1", "1.5", "8 ", " 8", "+8", "0x8", "99999999999", "eight"}) {
    Reader reader = Reading({{"N", bad}});
    int number = 5;
    reader.Number("N", "", 1, 64, &number);
    EXPECT_FALSE(reader.Finish().ok()) << bad;
    EXPECT_EQ(number, 5) << bad;
  }
}

TEST(Config, TakesMoreBytesThanFitIntoAnInt) {
  Reader reader = Reading({{"B", "4294967297"}});
  int64_t bytes = 5;
  reader.Bytes("B", "", 1, int64_t{1} << 40, &bytes);
  EXPECT_TRUE(reader.Finish().ok());
  EXPECT_EQ(bytes, 4294967297);
}

TEST(Config, TakesDurationsThatEnd) {
  for (const char* bad : {"5", "-1s", "s", "5 s", "inf", "-inf", "1d"}) {
    Reader reader = Reading({{"D", bad}});
    absl::Duration wait = absl::Seconds(3);
    reader.Duration("D", "", &wait);
    EXPECT_FALSE(reader.Finish().ok()) << bad;
    EXPECT_EQ(wait, absl::Seconds(3)) << bad;
  }
  Reader reader = Reading({{"D", "1m30s"}});
  absl::Duration wait;
  reader.Duration("D", "", &wait);
  EXPECT_EQ(wait, absl::Seconds(90));
}

TEST(Config, PrintsATableOfAllVariables) {
  Reader reader = Reading({{"IEUM_LISTEN", "0.0.0.0"}});
  Everything all;
  ReadAll(reader, &all);
  const std::string table = reader.HelpTable();
  EXPECT_THAT(table, ContainsRegex("variable +default +meaning"));
  EXPECT_THAT(table, ContainsRegex("IEUM_LISTEN +127.0.0.1 +address to listen on"));
  EXPECT_THAT(table, ContainsRegex("IEUM_DB +.required. +where the database is"));
  EXPECT_THAT(table, ContainsRegex("IEUM_POOL +8 +connections"));
  EXPECT_THAT(table, ContainsRegex("IEUM_FLAG +true +whether"));
  EXPECT_THAT(table, ContainsRegex("IEUM_WAIT +5s +how long"));
  EXPECT_THAT(table, ContainsRegex("IEUM_CLOCK +system +which clock"));
  EXPECT_THAT(table, ContainsRegex("IEUM_KEY_FILE +.required. +the key"));
  EXPECT_THAT(table, Not(HasSubstr("0.0.0.0"))) << "the table shows defaults, not this start";
}

TEST(SecretFile, IsReadWithoutTheFinalNewlineOnly) {
  for (const auto& [content, value] : std::vector<std::pair<std::string, std::string>>{
           {"a b\n", "a b"},
           {"a b\r\n", "a b"},
           {"a b", "a b"},
           {"a b\n\n", "a b\n"},
           {" a\nb \n", " a\nb "},
           {std::string("a\0b\n", 4), std::string("a\0b", 3)}}) {
    const File file(content);
    Reader reader = Reading({{"IEUM_KEY_FILE", file.path()}});
    std::string secret;
    reader.SecretFile("IEUM_KEY_FILE", "the key", true, &secret);
    EXPECT_TRUE(reader.Finish().ok());
    EXPECT_EQ(secret, value);
  }
}

TEST(SecretFile, ThatHoldsNothingIsAFault) {
  const File empty(""), blank("\n");
  for (const std::string& path : {empty.path(), blank.path(), empty.folder(), empty.path() + "x"}) {
    Reader reader = Reading({{"IEUM_KEY_FILE", path}});
    std::string secret = "before";
    reader.SecretFile("IEUM_KEY_FILE", "the key", false, &secret);
    EXPECT_THAT(FaultsOf(reader), HasSubstr("IEUM_KEY_FILE")) << path;
  }
}

TEST(SecretFile, IsNeverPrinted) {
  const File file("hunter2\n");
  Reader reader = Reading({{"IEUM_KEY_FILE", file.path()}});
  std::string secret;
  reader.SecretFile("IEUM_KEY_FILE", "the key", true, &secret);
  reader.SecretFile("IEUM_KEY_FILE", "the key", true, &secret);  // a default is a secret too
  reader.Fault("something else is wrong");
  ASSERT_EQ(secret, "hunter2");
  EXPECT_THAT(FaultsOf(reader) + reader.HelpTable(),
              AllOf(HasSubstr("IEUM_KEY_FILE"), Not(HasSubstr("hunter2"))));
}

TEST(Reader, LooksIntoTheProcessEnvironmentByDefault) {
  ASSERT_EQ(setenv("IEUM_CONFIG_TEST_VARIABLE", "from outside", 1), 0);
  Reader reader;
  std::string value;
  reader.Text("IEUM_CONFIG_TEST_VARIABLE", "", &value);
  reader.Text("IEUM_CONFIG_TEST_UNSET", "", &value);
  EXPECT_EQ(value, "from outside");
}

}  // namespace
}  // namespace ieum::config
