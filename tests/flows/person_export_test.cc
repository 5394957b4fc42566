// Goal: a person is told what four services hold of her, each value once and nobody else's, in a
// file that its owner alone reads; who looked is written down everywhere; with one service away
// nothing is written; and of who was erased there is the proof.
// Method: real services and the operator's command; a person with values that stand nowhere else.
// row:Y5
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "tests/flows/operator.h"
#include "tests/flows/suite.h"
#include "tests/flows/welcome.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kEmail[] = "planted-for-export@example.com";
constexpr char kOthers[] = "planted-for-nobody@example.com";

std::string Whole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

int Occurrences(const std::string& text, const std::string& word) {
  int count = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

class PersonExport : public ::testing::Test {
 protected:
  PersonExport() { SetClocks(suite_); }

  std::string File(const std::string& name) { return absl::StrCat(suite_.folder(), "/", name); }
  Said Export(const std::string& person, const std::string& name,
              const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"persons",  "export",    "--person", person,
                                      "--reason", "열람 요구", "--to",     File(name)};
    words.insert(words.end(), more.begin(), more.end());
    return Ieumctl(suite_, words);
  }
  // The id of a person with this address.
  std::string Registered(const std::string& email) {
    RegisterPerson(suite_, email);
    return suite_.Ask("registry", "SELECT id FROM person ORDER BY id DESC LIMIT 1");
  }
  nlohmann::json PartOf(const nlohmann::json& document, const std::string& service) {
    for (const auto& part : document["services"]) {
      if (part["service"] == service) return part;
    }
    return nullptr;
  }
  std::vector<std::string> KindsOf(const nlohmann::json& part) {
    std::vector<std::string> kinds;
    for (const auto& kind : part["kinds"]) kinds.push_back(kind["code"]);
    return kinds;
  }

  Suite suite_;
};

TEST_F(PersonExport, TellsHerAllAndNobodyElsesAndIsWrittenDownEverywhere) {
  WelcomeEverybody(suite_);
  ASSERT_TRUE(suite_.WaitSettled());
  const std::string person = Registered(kEmail), other = Registered(kOthers);
  ASSERT_NE(person, other);
  ASSERT_TRUE(suite_.WaitSettled());
  const Said said = Export(person, "hers.json", {"--page", File("hers.html")});
  ASSERT_EQ(said.code, 0) << said.out;
  const std::string text = Whole(File("hers.json"));
  const auto document = nlohmann::json::parse(text, nullptr, false);
  ASSERT_TRUE(document.is_object()) << text;
  EXPECT_EQ(document["person"], "persons/" + person);
  EXPECT_EQ(document["services"].size(), 4u);
  EXPECT_EQ(Occurrences(text, kEmail), 1) << "each value once";
  EXPECT_THAT(text, Not(HasSubstr(kOthers)));
  EXPECT_THAT(text, Not(HasSubstr(other)));
  EXPECT_THAT(KindsOf(PartOf(document, "registry")), ::testing::Contains("identity"));
  EXPECT_THAT(KindsOf(PartOf(document, "registry")), ::testing::Contains("contacts"));
  EXPECT_THAT(KindsOf(PartOf(document, "notify")), ::testing::Contains("messages"));
  EXPECT_THAT(KindsOf(PartOf(document, "reporting")), ::testing::Contains("facts"));
  EXPECT_THAT(Whole(File("hers.html")), HasSubstr(kEmail));
  EXPECT_THAT(said.out, Not(HasSubstr(kEmail))) << "nothing of hers on the screen";
  for (const char* name : {"hers.json", "hers.html"}) {
    struct stat file {};
    ASSERT_EQ(stat(File(name).c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600u) << name;
  }
  for (const std::string& service : kServices) {
    EXPECT_EQ(suite_.Ask(service, absl::StrCat("SELECT DISTINCT reason FROM access_log WHERE "
                                               "action = 'platform.personal_data.export' AND "
                                               "'persons/",
                                               person, "' = ANY(subjects)")),
              "열람 요구")
        << service;
  }
  const Said again = Export(person, "hers.json");
  EXPECT_EQ(again.code, 2) << "nothing is written over";
  EXPECT_THAT(again.out, HasSubstr("is there already"));
}

TEST_F(PersonExport, WritesNothingWhileOneServiceIsAway) {
  const std::string person = Registered(kEmail);
  suite_.KillService("casemgmt");
  const Said said = Export(person, "half.json");
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("casemgmt does not answer"));
  EXPECT_FALSE(std::filesystem::exists(File("half.json")));
  const Said unknown =
      Ieumctl(suite_,
              {"persons", "export", "--person", person, "--reason", "x", "--to", File("half.json"),
               "--at", "registry=" + suite_.Address("registry")},
              /*bare=*/true);
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.out, HasSubstr("the address of casemgmt, reporting, notify is not known"));
  const Said nobody = Export("0190c0de-0000-7000-8000-00000000dead", "nobody.json");
  EXPECT_EQ(nobody.code, 2);
  EXPECT_FALSE(std::filesystem::exists(File("nobody.json")));
}

TEST_F(PersonExport, IsOfWhoWasErasedTheProof) {
  const std::string person = Registered(kEmail);
  registry::v1::ErasePersonRequest request;
  request.set_name("persons/" + person);
  request.set_reason(registry::v1::ERASURE_REASON_REQUEST);
  registry::v1::Erasure erasure;
  CallSuite(suite_, "registry", "/ieum.registry.v1.ErasureService/ErasePerson", request, &erasure);
  ASSERT_TRUE(suite_.WaitSettled());
  ASSERT_TRUE(WaitFor(
      [&] {
        return Ieumctl(suite_, {"erasures", "list"}).code == 0;
      },
      std::chrono::seconds(60)));
  const Said said = Export(person, "gone.json");
  ASSERT_EQ(said.code, 0) << said.out;
  EXPECT_THAT(said.out, HasSubstr(erasure.name() + " proves it"));
  const auto document = nlohmann::json::parse(Whole(File("gone.json")), nullptr, false);
  EXPECT_EQ(document["records"], 0);
  for (const auto& part : document["services"]) {
    EXPECT_EQ(part["erasure"]["proof"], erasure.name()) << part["service"];
  }
  EXPECT_THAT(Whole(File("gone.json")), Not(HasSubstr(kEmail)));
  // As a service whose dead letters hold the erasure.
  suite_.Ask("notify", "DELETE FROM person_erasure RETURNING 1");
  const Said late = Export(person, "late.json");
  EXPECT_EQ(late.code, 2);
  EXPECT_THAT(late.out, HasSubstr("notify has not destroyed yet what " + erasure.name()));
  EXPECT_FALSE(std::filesystem::exists(File("late.json")));
}

}  // namespace
}  // namespace ieum::testing
