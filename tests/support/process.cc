#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace ieum::testing {
namespace {

void BecomeUser(const std::string& user) {
  if (user.empty() || geteuid() != 0) return;
  const passwd* entry = getpwnam(user.c_str());
  if (entry == nullptr || initgroups(user.c_str(), entry->pw_gid) != 0 ||
      setgid(entry->pw_gid) != 0 || setuid(entry->pw_uid) != 0) {
    _exit(126);
  }
}

void RedirectOutput(const std::string& file) {
  if (file.empty()) return;
  const int out = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (out < 0) _exit(126);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
}

[[noreturn]] void BecomeChild(const ProcessOptions& options) {
  setpgid(0, 0);
  RedirectOutput(options.output_file);
  for (const auto& [key, value] : options.environment) setenv(key.c_str(), value.c_str(), 1);
  BecomeUser(options.user);
  std::vector<char*> argv;
  for (const std::string& word : options.argv) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
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
  const pid_t pid = fork();
  if (pid < 0) return absl::InternalError("fork failed");
  if (pid == 0) BecomeChild(options);
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
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

}  // namespace ieum::testing
