// Goal: a vault gets a new wrapping key while services work, whoever is killed on the way; a lost
// key is said and nothing else breaks, and the key's copy mends it. Method: real services, a few
// thousand persons' keys, ieumctl killed in the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/timestamp.h"
#include "platform/crypto/vault.h"
#include "tests/flows/operator.h"
#include "tests/support/wait.h"
#include "tools/backup/rotation.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kStoredPersons = 3000;
constexpr char kPersons[] = "/ieum.registry.v1.PersonService/";

std::string Whole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class VaultRotation : public ::testing::Test {
 protected:
  void SetUp() override {
    platform::v1::SetClockRequest request;
    absl::Time time;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2023-03-18T09:00:00+09:00", &time, nullptr));
    *request.mutable_time() = base::ToTimestamp(time);
    clock_ = request;
    SetClock();
  }
  void SetClock() {
    platform::v1::SetClockResponse response;
    EXPECT_TRUE(WaitFor([&] {
      return suite_.driver("registry")
          .Call("/ieum.platform.v1.OpsService/SetClock", clock_, &response)
          .ok();
    }));
  }

  std::string KeyFile() { return suite_.keyring().Files().at("vault-registry"); }
  absl::StatusOr<std::string> Register(const std::string& name) {
    registry::v1::CreatePersonRequest request;
    request.mutable_person()->set_full_name(name);
    request.mutable_person()->set_email(absl::StrCat("p", ++registered_, "@example.com"));
    request.mutable_person()->set_basis(registry::v1::LEGAL_BASIS_CONTRACT);
    registry::v1::Person person;
    const absl::Status made =
        suite_.driver("registry").Call(absl::StrCat(kPersons, "CreatePerson"), request, &person);
    if (!made.ok()) return made;
    return person.name();
  }
  absl::StatusOr<std::string> NameOf(const std::string& resource) {
    registry::v1::GetPersonRequest request;
    request.set_name(resource);
    registry::v1::Person person;
    const absl::Status got =
        suite_.driver("registry").Call(absl::StrCat(kPersons, "GetPerson"), request, &person);
    if (!got.ok()) return got;
    return person.full_name();
  }
  // Persons of long ago, whose keys are wrapped by the key as it is now, without its id.
  void StoreMany() {
    const crypto::Vault vault(*backup::ReadRing(KeyFile()));
    pqxx::connection connection(suite_.DatabaseOf("registry"));
    pqxx::work work(connection);
    connection.prepare("store", "INSERT INTO person_key (person_id, wrapped) VALUES ($1, $2)");
    for (int at = 0; at < kStoredPersons; ++at) {
      const base::Uuid person = base::Uuid::NewV7();
      work.exec_prepared("store", person.ToString(),
                         pqxx::binarystring(vault.NewWrappedKey(person)));
    }
    // One of them is kept apart.
    work.exec(
        "SELECT person_key_keep_apart(max(person_id::text)::uuid, NULL, NULL) FROM person_key");
    work.commit();
  }

  Suite suite_;
  platform::v1::SetClockRequest clock_;
  std::atomic<int> registered_{0};
};

// row:Y1
TEST_F(VaultRotation, GoesOnWhereItWasKilledWhileServicesWork) {
  const auto before = Register("김하늘");
  ASSERT_TRUE(before.ok()) << before.status();
  StoreMany();
  const std::string old_id = crypto::KeyId(backup::ReadRing(KeyFile())->newest());
  std::atomic<bool> stop{false};
  std::atomic<int> made{0};
  std::vector<std::string> failures;
  std::thread load([&] {
    while (!stop) {
      const auto person = Register("이바다");
      if (!person.ok()) {
        failures.push_back(person.status().ToString());
        continue;
      }
      ++made;
      if (!NameOf(*person).ok()) failures.push_back(*person);
    }
  });
  // Killed with some of the persons done: ten batches, and whoever is kept apart beside the first.
  const std::string said_file = suite_.folder() + "/rotate.log";
  Process rotating = BeginIeumctl(suite_, {"vault", "rotate", "--batch", "20"}, said_file);
  EXPECT_TRUE(
      WaitFor([&] { return Whole(said_file).find("201 wrapped anew") != std::string::npos; }));
  rotating.Kill();
  const Said between = Ieumctl(suite_, {"vault", "status", "--output", "json"});
  EXPECT_EQ(between.code, 0) << between.out;
  EXPECT_EQ(NameOf(*before).value_or("nothing"), "김하늘");
  const Said rest = Ieumctl(suite_, {"vault", "rotate"});
  EXPECT_EQ(rest.code, 0) << rest.out;
  EXPECT_THAT(rest.out, HasSubstr("1 older keys retired"));
  const int until = made + 5;
  EXPECT_TRUE(WaitFor([&] { return made >= until || !failures.empty(); }));
  stop = true;
  load.join();
  EXPECT_THAT(failures, ::testing::IsEmpty());
  const auto ring = backup::ReadRing(KeyFile());
  ASSERT_TRUE(ring.ok());
  EXPECT_EQ(ring->keys().size(), 1u);
  EXPECT_FALSE(ring->Has(old_id));
  EXPECT_EQ(suite_.Ask("registry", absl::StrCat("SELECT count(*) FROM person_key WHERE wrapped <> "
                                                "'' AND key_id IS DISTINCT FROM '",
                                                crypto::KeyId(ring->newest()), "'")),
            "0");
  EXPECT_EQ(suite_.Ask("registry", "SELECT key_id FROM person_key_apart"),
            crypto::KeyId(ring->newest()));
  EXPECT_EQ(suite_.Ask("registry", absl::StrCat("SELECT retired_at IS NOT NULL FROM wrapping_key "
                                                "WHERE id = '",
                                                old_id, "'")),
            "t");
  // A process that only ever had the new file, and who is found by e-mail as before.
  suite_.StopService("registry");
  suite_.StartService("registry");
  SetClock();
  EXPECT_EQ(NameOf(*before).value_or("nothing"), "김하늘");
  std::printf("%d persons registered meanwhile, none refused\n", made.load());
}

TEST_F(VaultRotation, ALostKeyIsSaidAndItsCopyMendsIt) {
  const auto person = Register("김하늘");
  ASSERT_TRUE(person.ok()) << person.status();
  std::ofstream(suite_.folder() + "/passphrase") << "a passphrase of some length\n";
  const std::vector<std::string> kept = {"--from", suite_.folder() + "/backup", "--passphrase-file",
                                         suite_.folder() + "/passphrase"};
  Said said = Ieumctl(suite_, {"backup", "make", "--to", kept[1], kept[2], kept[3]});
  ASSERT_EQ(said.code, 0) << said.out;
  // Nobody can open it with another key, and a backup with that key is refused.
  suite_.StopService("registry");
  std::ofstream(KeyFile()) << crypto::Key().ToBase64() << "\n";
  suite_.StartService("registry");
  SetClock();
  EXPECT_FALSE(NameOf(*person).ok());
  const auto later = Register("이바다");
  EXPECT_TRUE(later.ok()) << "new persons have keys of the new one";
  said = Ieumctl(suite_, {"vault", "status"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, HasSubstr("not in file"));
  said = Ieumctl(suite_, {"vault", "rotate"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, AllOf(HasSubstr("opens that of person"), Not(HasSubstr("김하늘"))));
  said = Ieumctl(suite_, {"backup", "make", "--to", suite_.folder() + "/other", kept[2], kept[3]});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("does not open what is in the database"));
  // The copy comes back; the other key is kept beside it.
  said =
      Ieumctl(suite_, {"restore", "--only-keys", "--replace", kept[0], kept[1], kept[2], kept[3]});
  EXPECT_EQ(said.code, 0) << said.out;
  EXPECT_THAT(said.out, HasSubstr("kept aside: "));
  EXPECT_EQ(NameOf(*person).value_or("nothing"), "김하늘") << "without a restart: it reads again";
  // Those of the time between: the other key comes beside it, and a rotation brings all under one.
  EXPECT_FALSE(NameOf(*later).ok());
  const size_t aside = said.out.find("kept aside: ") + 12;
  const std::string other = said.out.substr(aside, said.out.find('\n', aside) - aside);
  EXPECT_EQ(Ieumctl(suite_, {"vault", "join", "--with", other}).code, 0);
  EXPECT_EQ(Ieumctl(suite_, {"vault", "rotate"}).code, 0);
  EXPECT_EQ(NameOf(*later).value_or("nothing"), "이바다");
  EXPECT_EQ(NameOf(*person).value_or("nothing"), "김하늘");
  EXPECT_EQ(Ieumctl(suite_, {"vault", "status"}).code, 0);
}

}  // namespace
}  // namespace ieum::testing
