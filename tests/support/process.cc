#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace ieum::testing {
namespace {

// Below 32768, where the kernel begins to give ports to connections that go out.
constexpr int kFirstPort = 20000;
constexpr int kLastPort = 32000;

// The name of a socket without a file is a reservation among all processes of this machine that
// ends with the process; the descriptor stays open for that.
bool Reserve(int port) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string text = absl::StrCat("ieum-port-", port);
  text.copy(name.sun_path + 1, sizeof(name.sun_path) - 1);
  const socklen_t size = offsetof(sockaddr_un, sun_path) + 1 + text.size();
  if (bind(fd, reinterpret_cast<sockaddr*>(&name), size) == 0) return true;
  close(fd);
  return false;
}

bool NobodyListensOn(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool ours = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return ours;
}

// Everything that a child needs, made before the fork: between fork and exec a child of a process
// with several threads may not allocate, for another thread may have held the allocator's lock.
struct Launch {
  std::vector<std::string> environment;  // "KEY=value"
  std::vector<char*> argv, envp;         // point into the options and `environment`
  const char* output_file = nullptr;
  bool switch_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [key, value] : added) all.push_back(absl::StrCat(key, "=", value));
  return all;
}

bool FindUser(const std::string& user, Launch* launch) {
  const passwd* entry = getpwnam(user.c_str());
  if (entry == nullptr) return false;
  launch->switch_user = true;
  launch->uid = entry->pw_uid;
  launch->gid = entry->pw_gid;
  int count = 64;
  launch->groups.resize(count);
  if (getgrouplist(user.c_str(), entry->pw_gid, launch->groups.data(), &count) < 0) return false;
  launch->groups.resize(count);
  return true;
}

[[noreturn]] void BecomeChild(const Launch& launch) {
  setpgid(0, 0);
  if (launch.output_file != nullptr) {
    const int out = open(launch.output_file, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (out < 0) _exit(126);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
  }
  if (launch.switch_user && (setgroups(launch.groups.size(), launch.groups.data()) != 0 ||
                             setgid(launch.gid) != 0 || setuid(launch.uid) != 0)) {
    _exit(126);
  }
  execvpe(launch.argv[0], launch.argv.data(), launch.envp.data());
  _exit(127);
}

std::string Slurp(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

absl::StatusOr<Process> Process::Start(const ProcessOptions& options) {
  Launch launch;
  launch.environment = EnvironmentWith(options.environment);
  launch.argv = Pointers(options.argv);
  launch.envp = Pointers(launch.environment);
  if (!options.output_file.empty()) launch.output_file = options.output_file.c_str();
  if (!options.user.empty() && geteuid() == 0 && !FindUser(options.user, &launch)) {
    return absl::NotFoundError(absl::StrCat("no user '", options.user, "' to run as"));
  }
  const pid_t pid = fork();
  if (pid < 0) return absl::InternalError("fork failed");
  if (pid == 0) BecomeChild(launch);
  setpgid(pid, pid);  // also here, so that the group exists before we return
  return Process(pid);
}

Process::Process(Process&& other) noexcept : pid_(other.pid_), exit_(other.exit_) {
  other.pid_ = -1;
}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    Kill();
    pid_ = std::exchange(other.pid_, -1);
    exit_ = other.exit_;
  }
  return *this;
}

Process::~Process() { Kill(); }

bool Process::Running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
  return false;
}

void Process::Signal(int signal) {
  if (pid_ > 0) kill(-pid_, signal);
}

int Process::Wait() {
  if (pid_ > 0) {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = -1;
  }
  return exit_;
}

void Process::Kill() {
  if (pid_ <= 0) return;
  Signal(SIGKILL);
  Wait();
}

absl::StatusOr<std::string> RunToEnd(const ProcessOptions& options) {
  TempDir dir;
  ProcessOptions with_output = options;
  with_output.output_file = dir.path() + "/output";
  auto process = Process::Start(with_output);
  if (!process.ok()) return process.status();
  const int code = process->Wait();
  const std::string output = Slurp(with_output.output_file);
  if (code == 0) return output;
  return absl::InternalError(absl::StrCat(options.argv[0], " ended with ", code, ": ", output));
}

TempDir::TempDir() {
  // Inside the folder of a `./ieum test` run, which goes as a whole even when a test is killed.
  const char* run = std::getenv("IEUM_TEST_RUN");
  path_ = run != nullptr ? absl::StrCat(run, "/tmp/ieum.XXXXXX") : "/tmp/ieum.XXXXXX";
  if (mkdtemp(path_.data()) == nullptr) path_.clear();
  chmod(path_.c_str(), 0755);
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int FreePort() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  static std::mt19937 any{std::random_device{}()};
  std::uniform_int_distribution<int> among(kFirstPort, kLastPort);
  for (int tries = 0; tries < kLastPort - kFirstPort; ++tries) {
    const int port = among(any);
    if (Reserve(port) && NobodyListensOn(port)) return port;
  }
  std::fprintf(stderr, "no port between %d and %d is free\n", kFirstPort, kLastPort);
  std::abort();
}

}  // namespace ieum::testing
