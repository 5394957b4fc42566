#include "bench/harness/waiting.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

namespace ieum::bench {

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void Pause(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

bool WaitFor(const std::function<bool()>& condition, double limit, double every) {
  const double end = Now() + limit;
  while (!condition()) {
    if (Now() > end) return false;
    Pause(every);
  }
  return true;
}

namespace {

// Sends `question` to a loopback port and takes what comes first; empty when nothing does.
std::string Ask(int port, const std::string& question) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  char answer[64] = {};
  ssize_t size = -1;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      send(fd, question.data(), question.size(), MSG_NOSIGNAL) >= 0) {
    size = recv(fd, answer, sizeof(answer), 0);
  }
  close(fd);
  return size > 0 ? std::string(answer, static_cast<size_t>(size)) : std::string();
}

}  // namespace

bool PortAnswers(int port) { return !Ask(port, "").empty(); }

bool HttpSaysOk(int port, const char* path) {
  const std::string answer =
      Ask(port, std::string("GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return answer.starts_with("HTTP/1.1 200");
}

}  // namespace ieum::bench
