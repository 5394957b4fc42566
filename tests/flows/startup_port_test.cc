// Goal: a port that somebody else has is named with the variable that moves it. Method: a real
// process whose ports are taken one after the other, by a stranger and by a process like itself.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/flows/newcomer.h"
#include "tests/flows/suite.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kFailed = 1;
constexpr const char* kPorts[] = {"IEUM_GRPC_PORT", "IEUM_HEALTH_PORT", "IEUM_ADMIN_PORT"};

// Listens on a loopback port.
class Stranger {
 public:
  explicit Stranger(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int yes = 1;  // connections of the one who had the port before may not be gone yet
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
  }
  ~Stranger() { close(socket_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

 private:
  const int socket_;
};

class StartupPort : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(newcomer_.Run("migrate"), 0) << newcomer_.Output(); }

  NatsServer nats_;
  TestDatabase database_{SharedCluster(), {}, /*migrate=*/false};
  Newcomer newcomer_{"registry", database_.conninfo(), nats_.url()};
};

TEST_F(StartupPort, InUseIsNamedWithItsVariable) {
  for (const char* variable : kPorts) {
    const int port = newcomer_.port(variable);
    {
      const Stranger stranger(port);
      EXPECT_EQ(newcomer_.Run(), kFailed);
      EXPECT_THAT(newcomer_.Reasons(),
                  ElementsAre(AllOf(HasSubstr("cannot listen on 127.0.0.1:" + std::to_string(port)),
                                    HasSubstr("in use"), HasSubstr(variable))));
    }
    newcomer_.Start();
    EXPECT_TRUE(newcomer_.BecomesReady()) << newcomer_.Output();
    newcomer_.Terminate();
    EXPECT_EQ(newcomer_.ExitCode(), 0);
  }
}

// One of the two would be called in the other's name.
TEST_F(StartupPort, IsNotSharedByTwoProcessesOfAService) {
  newcomer_.Start();
  ASSERT_TRUE(newcomer_.BecomesReady()) << newcomer_.Output();
  for (const char* variable : kPorts) {
    Newcomer second("registry", database_.conninfo(), nats_.url());
    second.Set(variable, std::to_string(newcomer_.port(variable)));
    EXPECT_EQ(second.Run(), kFailed);
    EXPECT_THAT(second.Reasons(), ElementsAre(HasSubstr(variable)));
  }
  EXPECT_EQ(newcomer_.Admin("/readyz").status, 200);
}

}  // namespace
}  // namespace ieum::testing
