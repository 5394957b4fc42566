// `ieumctl completion bash|zsh`: words that a shell offers, from the same tree that is parsed.
#include <cstdio>
#include <functional>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/ctl/subcommand.h"

namespace ieum::ctl {
namespace {

// Each command by its path ("deadletters list"; "" = ieumctl itself), with what may come next.
void EachCommand(
    const CLI::App& app, const std::string& path,
    const std::function<void(const std::string&, const std::vector<std::string>&)>& each) {
  std::vector<std::string> words;
  for (const CLI::App* command : app.get_subcommands({})) words.push_back(command->get_name());
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  each(path, words);
  for (const CLI::App* command : app.get_subcommands({})) {
    EachCommand(*command, path.empty() ? command->get_name() : path + " " + command->get_name(),
                each);
  }
}

// Options that take a file or a folder, by their names.
constexpr char kFiles[] =
    "--suite|--journal|--mails|--processes|--token-file|--cert|--key|--ca|--keys|--to|--from|"
    "--passphrase-file|--key-file|--ids|--page";

std::string Cases(const CLI::App& app) {
  std::string cases;
  EachCommand(app, "", [&](const std::string& path, const std::vector<std::string>& words) {
    absl::StrAppend(&cases, "    '", path, "') words='", absl::StrJoin(words, " "), "' ;;\n");
  });
  return cases;
}

std::string Bash(const CLI::App& app) {
  return absl::StrReplaceAll(
      R"(# bash completion of ieumctl:  source <(ieumctl completion bash)
_ieumctl() {
  local word path='' words='' index cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    [[ $word == -* ]] && break
    path+=${path:+ }$word
  done
  case $prev in
    @FILES@) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    --service|--producer) COMPREPLY=($(compgen -W 'registry casemgmt reporting notify' -- "$cur")); return ;;
    --output) COMPREPLY=($(compgen -W 'table json' -- "$cur")); return ;;
  esac
  case $path in
@CASES@  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o filenames -F _ieumctl ieumctl
)",
      {{"@FILES@", kFiles}, {"@CASES@", Cases(app)}});
}

// zsh understands bash's completions.
std::string Zsh(const CLI::App& app) {
  return "#compdef ieumctl\n# zsh completion of ieumctl:  source <(ieumctl completion zsh)\n"
         "autoload -Uz compinit bashcompinit && compinit -u && bashcompinit\n" +
         Bash(app);
}

}  // namespace

Run AddCompletion(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completion", "Prints what a shell needs to complete these words.");
  command->add_option("shell", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  return [&app, shell] {
    std::printf("%s", (*shell == "zsh" ? Zsh(app) : Bash(app)).c_str());
    return kGood;
  };
}

}  // namespace ieum::ctl
