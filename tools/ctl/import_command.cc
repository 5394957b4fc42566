// `ieumctl import`: firms or people out of a CSV or XLSX file into the registry.
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "tools/ctl/doors.h"
#include "tools/ctl/output.h"
#include "tools/ctl/subcommand.h"
#include "tools/import/importer.h"

namespace ieum::ctl {
namespace {

namespace v1 = registry::v1;

constexpr int kBarWidth = 30;
constexpr absl::Duration kBarStep = absl::Milliseconds(200);

struct Arguments {
  Reach reach;
  std::string kind, policy = "queue", encoding = "auto";
  std::vector<std::string> columns, defaults;
  import::Order order;
};

// Doors for calls that are on their way at once.
class DoorPool {
 public:
  static absl::StatusOr<std::shared_ptr<DoorPool>> Open(const Reach& reach, int count) {
    auto pool = std::make_shared<DoorPool>();
    for (int at = 0; at < count; ++at) {
      ASSIGN_OR_RETURN(Doors doors, Doors::Open(reach));
      RETURN_IF_ERROR(doors.Need("registry"));
      pool->free_.push_back(std::move(doors));
    }
    return pool;
  }
  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response) {
    Doors doors = Take();
    const absl::Status status = doors.Call("registry", method, request, response);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(doors));
    return status;
  }

 private:
  // There are as many as calls at once.
  Doors Take() {
    const std::lock_guard lock(mutex_);
    Doors doors = std::move(free_.back());
    free_.pop_back();
    return doors;
  }
  std::mutex mutex_;
  std::vector<Doors> free_;
};

// One line on a terminal that is written anew; nothing elsewhere.
class Bar {
 public:
  Bar() : terminal_(isatty(STDERR_FILENO) != 0), began_(absl::Now()) {}
  ~Bar() {
    if (drawn_) std::fprintf(stderr, "\n");
  }
  void Show(const import::Progress& progress) {
    const absl::Time now = absl::Now();
    if (!terminal_ || (now - shown_ < kBarStep && progress.share < 1)) return;
    shown_ = now;
    drawn_ = true;
    const int full = static_cast<int>(progress.share * kBarWidth);
    const double seconds = std::max(0.001, absl::ToDoubleSeconds(now - began_));
    std::fprintf(
        stderr, "\r[%s%s] %3d%%  %s rows  %s a second ", std::string(full, '#').c_str(),
        std::string(kBarWidth - full, ' ').c_str(), static_cast<int>(progress.share * 100),
        ctl::Count(progress.rows).c_str(),
        ctl::Count(static_cast<int64_t>(static_cast<double>(progress.rows) / seconds)).c_str());
  }

 private:
  const bool terminal_;
  const absl::Time began_;
  absl::Time shown_ = absl::InfinitePast();
  bool drawn_ = false;
};

// "HEAD=FIELD" into the map.
absl::Status TakePairs(const std::vector<std::string>& words, const char* option,
                       std::map<std::string, std::string>* pairs) {
  for (const std::string& word : words) {
    const size_t equals = word.rfind('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError(absl::StrCat(option, " ", word, ": wants A=B"));
    }
    (*pairs)[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return absl::OkStatus();
}

absl::Status TakeWords(Arguments* arguments) {
  import::Order& order = arguments->order;
  order.kind = arguments->kind == "firms" ? v1::IMPORT_KIND_FIRMS : v1::IMPORT_KIND_PEOPLE;
  order.policy = arguments->policy == "block"   ? v1::DUPLICATE_POLICY_BLOCK
                 : arguments->policy == "queue" ? v1::DUPLICATE_POLICY_QUEUE
                                                : v1::DUPLICATE_POLICY_LINK;
  order.encoding = arguments->encoding == "utf-8"   ? import::Encoding::kUtf8
                   : arguments->encoding == "cp949" ? import::Encoding::kCp949
                                                    : import::Encoding::kGuess;
  RETURN_IF_ERROR(TakePairs(arguments->columns, "--column", &order.wishes.fields));
  return TakePairs(arguments->defaults, "--default", &order.wishes.defaults);
}

void PrintJson(const import::Result& result, bool dry_run) {
  const v1::Import& import = result.import;
  nlohmann::json refused = nlohmann::json::array();
  for (const v1::ImportRow& row : result.refused) {
    refused.push_back(
        {{"row", row.number()}, {"field", row.field()}, {"reason", row.error_reason()}});
  }
  const nlohmann::json out = {
      {"import", import.name()},         {"written", !dry_run && !result.was_there},
      {"rows", import.row_count()},      {"created", import.created_count()},
      {"linked", import.linked_count()}, {"unchanged", import.unchanged_count()},
      {"review", import.review_count()}, {"refused", import.refused_count()},
      {"refused_rows", refused}};
  std::printf("%s\n", out.dump(2).c_str());
}

void PrintTable(const import::Result& result, bool dry_run) {
  const v1::Import& import = result.import;
  Table sums({"ROWS", "CREATED", "LINKED", "UNCHANGED", "REVIEW", "REFUSED"});
  sums.Add({Count(import.row_count()), Count(import.created_count()), Count(import.linked_count()),
            Count(import.unchanged_count()), Count(import.review_count()),
            Count(import.refused_count())});
  std::printf("%s", sums.Text().c_str());
  if (!result.refused.empty()) {
    Table refused({"ROW", "FIELD", "REASON"});
    for (const v1::ImportRow& row : result.refused) {
      refused.Add(
          {Count(row.number()), row.field().empty() ? "-" : row.field(), row.error_reason()});
    }
    std::printf("\n%s", refused.Text().c_str());
    const int64_t more = import.refused_count() - static_cast<int64_t>(result.refused.size());
    if (more > 0) std::printf("and %s more\n", Count(more).c_str());
  }
  if (result.was_there) {
    std::printf("\nthis file was imported on %s; nothing was done (--again imports it once more)\n",
                KoreaTime(import.complete_time()).c_str());
  } else if (dry_run) {
    std::printf("\nnothing was written\n");
  } else {
    std::printf("\n%s\n", import.name().c_str());
  }
}

absl::StatusOr<int> Import(Arguments& arguments) {
  RETURN_IF_ERROR(TakeWords(&arguments));
  ASSIGN_OR_RETURN(const auto doors,
                   DoorPool::Open(arguments.reach, arguments.order.on_their_way + 1));
  Bar bar;
  const auto result = import::ImportFile(
      arguments.order,
      [&](const std::string& method, const auto& request, google::protobuf::Message* response) {
        return doors->Call(method, request, response);
      },
      [&](const import::Progress& progress) { bar.Show(progress); });
  RETURN_IF_ERROR(result.status());
  if (arguments.reach.Json()) {
    PrintJson(*result, arguments.order.dry_run);
  } else {
    PrintTable(*result, arguments.order.dry_run);
  }
  return result->import.refused_count() == 0 ? kGood : kBad;
}

}  // namespace

Run AddImport(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  import::Order& order = arguments->order;
  CLI::App* command = app.add_subcommand(
      "import", "Registers firms or people out of a CSV or XLSX file; again, it changes nothing.");
  AddReach(*command, arguments->reach);
  command->add_option("kind", arguments->kind, "firms or people")
      ->required()
      ->check(CLI::IsMember({"firms", "people"}));
  command
      ->add_option("file", order.file, "CSV (RFC 4180) or XLSX (first sheet), with a row of heads")
      ->required();
  command
      ->add_option(
          "--duplicates", arguments->policy,
          "who is registered already: block refuses, queue asks for a review, link adds to")
      ->check(CLI::IsMember({"block", "queue", "link"}))
      ->capture_default_str();
  command->add_option("--centre", order.centre, "organizations/… that it is for");
  command->add_option("--encoding", arguments->encoding, "of a CSV file: auto, utf-8 or cp949")
      ->check(CLI::IsMember({"auto", "utf-8", "cp949"}))
      ->capture_default_str();
  command->add_option("--column", arguments->columns,
                      "HEAD=FIELD: what a column is; HEAD= passes it over; may be repeated");
  command->add_option("--default", arguments->defaults,
                      "FIELD=VALUE: for cells that are empty or not there; may be repeated");
  command->add_flag("--dry-run", order.dry_run, "says what would become of each row");
  command->add_flag("--resume", order.resume, "goes on with what is half done of the same file");
  command->add_flag("--again", order.again, "though the same file was imported before");
  command->add_option("--parallel", order.on_their_way, "chunks on their way at once")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  return [arguments] {
    const auto code = Import(*arguments);
    return code.ok() ? *code : Refuse("import", code.status());
  };
}

}  // namespace ieum::ctl
